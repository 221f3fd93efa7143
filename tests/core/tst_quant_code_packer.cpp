// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Layouts of codes against bits counted one by one, and blocks against the decoders that read GGUF files.
#include "core/kernels/block_decoders.h"
#include "core/quant/code_packer.h"
#include "tests/support/test_model.h"

#include <random>

using namespace qs;

namespace {

std::vector<std::int8_t> randomCodes(int bits, std::size_t count)
{
    std::mt19937 random(static_cast<unsigned>(bits * 1000) + static_cast<unsigned>(count));
    std::uniform_int_distribution<int> code(-(1 << (bits - 1)), (1 << (bits - 1)) - 1);
    std::vector<std::int8_t> codes(count);
    for (std::int8_t &each : codes)
        each = static_cast<std::int8_t>(code(random));
    return codes;
}

/// The stream written as a string of '0' and '1', first bit first, and cut into bytes afterwards.
std::vector<std::byte> bitByBit(const std::vector<std::int8_t> &codes, int bits, bool offset)
{
    std::string text;
    for (const std::int8_t code : codes) {
        // Two's complement is the remainder by 2^bits.
        const int number = offset ? code + (1 << (bits - 1)) : (code + (1 << bits)) % (1 << bits);
        for (int i = 0; i < bits; ++i)
            text += number / (1 << i) % 2 != 0 ? '1' : '0';
    }
    text.resize((text.size() + 7) / 8 * 8, '0');
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < text.size(); i += 8) {
        int value = 0;
        for (std::size_t bit = 0; bit < 8; ++bit)
            value += text[i + bit] == '1' ? 1 << bit : 0;
        bytes.push_back(static_cast<std::byte>(value));
    }
    return bytes;
}

} // namespace

class TestCodePacker : public QObject
{
    Q_OBJECT

private slots:
    void streams_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("bits");
        QTest::addColumn<bool>("offset");
        QTest::addColumn<std::size_t>("count");
        for (int bits = 2; bits <= 8; ++bits)
            for (const bool offset : {false, true})
                for (const std::size_t count : {0, 1, 2, 3, 5, 7, 8, 9, 31, 32, 1001}) {
                    const QString name = QString(offset ? "uint%1" : "int%1").arg(bits);
                    QTest::addRow("%s, %d codes", qPrintable(name), static_cast<int>(count))
                        << name << bits << offset << count;
                }
    }

    void streams()
    {
        QFETCH(const QString, name);
        QFETCH(const int, bits);
        QFETCH(const bool, offset);
        QFETCH(const std::size_t, count);
        const CodePacker *packer = findCodePacker(name.toStdString());
        QVERIFY(packer && packer->bits == bits && packer->holds(count) && !packer->holdsScales());
        const auto codes = randomCodes(bits, count);
        const auto expected = bitByBit(codes, bits, offset);
        QCOMPARE(packer->bytes(count), static_cast<std::uint64_t>(expected.size()));
        std::vector<std::byte> bytes(expected.size(), std::byte{0xaa});
        packer->pack({codes}, bytes.data());
        QVERIFY(bytes == expected);
        std::vector<std::int8_t> back(count);
        packer->unpack(bytes.data(), {back});
        QVERIFY(back == codes);
    }

    void knownBytes()
    {
        // 1, -1, -8, 7, 2 in four bits: as NumPy's packbits(bitorder="little") of the codes' low bits gives them.
        const std::vector<std::int8_t> codes{1, -1, -8, 7, 2};
        std::vector<std::byte> bytes(3);
        findCodePacker("int4")->pack({codes}, bytes.data());
        QVERIFY((bytes == std::vector{std::byte{0xf1}, std::byte{0x78}, std::byte{0x02}}));
        findCodePacker("uint4")->pack({codes}, bytes.data());
        QVERIFY((bytes == std::vector{std::byte{0x79}, std::byte{0xf0}, std::byte{0x0a}}));
    }

    void piecesJoin_data()
    {
        QTest::addColumn<QString>("name");
        for (const CodePacker &packer : codePackers())
            QTest::addRow("%s", packer.name.data()) << QString::fromUtf8(packer.name.data());
    }

    void piecesJoin()
    {
        QFETCH(const QString, name);
        const CodePacker &packer = *findCodePacker(name.toStdString());
        const std::size_t size = std::max<std::size_t>(packer.unit(), 32);
        const std::size_t groups = size == 256 ? 256 / (packer.bits == 6 ? 16 : 32) : 1; // of a piece
        const auto codes = randomCodes(packer.bits, 3 * size);
        std::vector<float> scales;
        std::vector<float> offsets;
        for (std::size_t i = 0; i < 3 * groups; ++i) {
            scales.push_back(0.5F + static_cast<float>(i % 5));
            offsets.push_back(-1 - static_cast<float>(i % 3));
        }
        std::vector<std::byte> whole(packer.bytes(3 * size));
        packer.pack({codes, scales, offsets}, whole.data());
        std::vector<std::byte> pieces(whole.size());
        for (std::size_t piece = 0; piece < 3; ++piece) {
            const CodeRow row{std::span(codes).subspan(piece * size, size), std::span(scales).subspan(piece * groups),
                              std::span(offsets).subspan(piece * groups)};
            QCOMPARE(piece * size % packer.unit(), std::size_t(0));
            packer.pack(row, pieces.data() + packer.bytes(piece * size));
        }
        QVERIFY(pieces == whole);
    }

    void blocks_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("coding");
        QTest::newRow("q8_0") << "q8_0" << static_cast<int>(BlockCoding::Q8_0);
        QTest::newRow("q4_0") << "q4_0" << static_cast<int>(BlockCoding::Q4_0);
        QTest::newRow("q4_1") << "q4_1" << static_cast<int>(BlockCoding::Q4_1);
        QTest::newRow("q5_0") << "q5_0" << static_cast<int>(BlockCoding::Q5_0);
        QTest::newRow("q5_1") << "q5_1" << static_cast<int>(BlockCoding::Q5_1);
    }

    /// Groups of 256 codes with multiples of a common scale, as the decoder reads them and back.
    void superBlocks_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("coding");
        QTest::newRow("q4_k") << "q4_k" << static_cast<int>(BlockCoding::Q4K);
        QTest::newRow("q5_k") << "q5_k" << static_cast<int>(BlockCoding::Q5K);
        QTest::newRow("q6_k") << "q6_k" << static_cast<int>(BlockCoding::Q6K);
    }

    void superBlocks()
    {
        QFETCH(const QString, name);
        QFETCH(const int, coding);
        const CodePacker &packer = *findCodePacker(name.toStdString());
        QVERIFY(packer.holds(512) && !packer.holds(128) && packer.holdsScales());
        const auto codes = randomCodes(packer.bits, 512);
        const std::size_t size = packer.bits == 6 ? 16 : 32;
        std::vector<float> scales;
        std::vector<float> offsets;
        for (int i = 0; i < static_cast<int>(512 / size); ++i) { // the largest of each block as they must be
            const int step = i % static_cast<int>(256 / size);
            scales.push_back(0.125F * static_cast<float>(packer.bits == 6 ? -128 + 16 * step : 63 - 8 * step));
            offsets.push_back(-0.5F * static_cast<float>(63 - 9 * step));
        }
        std::vector<std::byte> bytes(packer.bytes(512));
        packer.pack({codes, scales, offsets}, bytes.data());
        std::vector<float> values(512);
        blockDecoder(static_cast<BlockCoding>(coding))(bytes.data(), 2, false, values.data());
        for (std::size_t i = 0; i < 512; ++i) {
            const int lowest = packer.hasOffsets ? -(1 << (packer.bits - 1)) : 0;
            const float least = packer.hasOffsets ? offsets[i / size] : 0;
            QCOMPARE(values[i], static_cast<float>(codes[i] - lowest) * scales[i / size] + least);
        }
        std::vector<std::int8_t> codesBack(512);
        std::vector<float> scalesBack(scales.size());
        std::vector<float> offsetsBack(scales.size());
        packer.unpack(bytes.data(), {codesBack, scalesBack, offsetsBack});
        QVERIFY(codesBack == codes);
        QVERIFY(scalesBack == scales);
        QVERIFY(!packer.hasOffsets || offsetsBack == offsets);
    }

    void blocks()
    {
        QFETCH(const QString, name);
        QFETCH(const int, coding);
        const CodePacker &packer = *findCodePacker(name.toStdString());
        QVERIFY(packer.holds(64) && !packer.holds(33) && packer.holdsScales());
        const auto codes = randomCodes(packer.bits, 64);
        const std::vector<float> scales{0.125F, -0.75F};
        const std::vector<float> offsets{-1.5F, 2};
        std::vector<std::byte> bytes(packer.bytes(64));
        packer.pack({codes, scales, offsets}, bytes.data());
        std::vector<float> values(64);
        blockDecoder(static_cast<BlockCoding>(coding))(bytes.data(), 2, false, values.data());
        for (std::size_t i = 0; i < 64; ++i) {
            const int lowest = packer.hasOffsets ? -(1 << (packer.bits - 1)) : 0;
            const float least = packer.hasOffsets ? offsets[i / 32] : 0;
            QCOMPARE(values[i], static_cast<float>(codes[i] - lowest) * scales[i / 32] + least);
        }
        std::vector<std::int8_t> codesBack(64);
        std::vector<float> scalesBack(2);
        std::vector<float> offsetsBack(2);
        packer.unpack(bytes.data(), {codesBack, scalesBack, offsetsBack});
        QVERIFY(codesBack == codes);
        QVERIFY(scalesBack == scales);
        QVERIFY(!packer.hasOffsets || offsetsBack == offsets);
    }
};

QTEST_GUILESS_MAIN(TestCodePacker)
#include "tst_quant_code_packer.moc"
