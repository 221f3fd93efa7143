// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Elements of tensors that are strided, big-endian, packed below a byte or eight-bit floats.
#include "core/tensor/float_blocks.h"
#include "core/tensor/small_floats.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

#include "core/base/input_file.h"
#include "core/layers/layer_rules.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

using namespace qs;

namespace {

using Dims = std::vector<std::uint64_t>;

/// One tensor on bytes in memory.
struct MemoryTensor {
    std::vector<std::byte> bytes;
    Model model;

    MemoryTensor(TensorInfo info, std::vector<std::byte> data)
        : bytes(std::move(data))
    {
        info.name = "w";
        info.byteSize = bytes.size();
        model.tensors.push_back(std::move(info));
        model.files.push_back(InputFile::fromMemory(bytes, "memory"));
    }
};

template <class T> std::vector<std::byte> bytesOf(const std::vector<T> &values, bool bigEndian = false)
{
    std::vector<std::byte> bytes(values.size() * sizeof(T));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    if (bigEndian)
        for (std::size_t i = 0; i < bytes.size(); i += sizeof(T))
            std::reverse(bytes.begin() + std::ptrdiff_t(i), bytes.begin() + std::ptrdiff_t(i + sizeof(T)));
    return bytes;
}

std::vector<float> counting(std::size_t count)
{
    std::vector<float> values(count);
    std::iota(values.begin(), values.end(), 1.0F);
    return values;
}

TensorInfo infoOf(DType type, Dims shape, Dims strides = {}, bool bigEndian = false)
{
    TensorInfo info;
    info.dtype = type;
    info.shape = std::move(shape);
    info.strides = std::move(strides);
    info.bigEndian = bigEndian;
    return info;
}

/// What stands at each place in row-major order, found element by element.
std::vector<float> plainly(const TensorInfo &info, const std::vector<float> &storage)
{
    std::vector<float> values;
    for (std::uint64_t i = 0; i < info.elements(); ++i) {
        std::uint64_t rest = i;
        std::uint64_t at = 0;
        for (std::size_t axis = info.shape.size(); axis-- > 0;) {
            at += rest % info.shape[axis] * info.strides[axis];
            rest /= info.shape[axis];
        }
        values.push_back(storage[at]);
    }
    return values;
}

} // namespace

class TestTensorElements : public QObject
{
    Q_OBJECT

private slots:
    void strides_data()
    {
        QTest::addColumn<QList<int>>("shape");
        QTest::addColumn<QList<int>>("strides");
        QTest::newRow("packed") << QList{4, 6} << QList{6, 1};
        QTest::newRow("Fortran") << QList{4, 6} << QList{1, 4};
        QTest::newRow("Fortran, 3 axes") << QList{3, 4, 5} << QList{1, 3, 12};
        QTest::newRow("middle axis first") << QList{3, 4, 5} << QList{5, 15, 1};
        QTest::newRow("channels last") << QList{4, 3, 2, 2} << QList{12, 1, 6, 3};
        QTest::newRow("rows with gaps") << QList{4, 6} << QList{8, 1};
        QTest::newRow("every other column") << QList{4, 6} << QList{12, 2};
        QTest::newRow("rows far apart") << QList{4, 6} << QList{5000, 1};
        QTest::newRow("columns far apart") << QList{4, 6} << QList{1, 3000};
        QTest::newRow("all far apart") << QList{3, 4} << QList{50'000, 2000};
        QTest::newRow("more than is read at a time") << QList{3, 4} << QList{300'000, 7};
        QTest::newRow("expanded") << QList{4, 6} << QList{0, 1};
        QTest::newRow("expanded, last axis") << QList{4, 6} << QList{1, 0};
        QTest::newRow("axes of one element") << QList{1, 4, 1, 6, 1} << QList{99, 1, 7, 4, 0};
        QTest::newRow("one element") << QList{1, 1} << QList{5, 5};
        QTest::newRow("scalar") << QList<int>{} << QList<int>{};
    }

    void strides()
    {
        QFETCH(QList<int>, shape);
        QFETCH(QList<int>, strides);
        const TensorInfo info =
            infoOf(DType::F32, Dims(shape.begin(), shape.end()), Dims(strides.begin(), strides.end()));
        const std::uint64_t bytes = bytesToLastElement(info).value();
        const std::vector<float> storage = counting(bytes / sizeof(float));
        const std::vector<float> expected = plainly(info, storage);
        for (const bool bigEndian : {false, true}) {
            TensorInfo either = info;
            either.bigEndian = bigEndian;
            const MemoryTensor tensor(either, bytesOf(storage, bigEndian));
            const TensorElements elements(tensor.model.view(0));
            for (std::uint64_t first = 0; first < expected.size(); ++first)
                for (std::uint64_t count : {std::uint64_t(1), std::uint64_t(7), expected.size() - first}) {
                    std::vector<float> values(std::min(count, expected.size() - first));
                    QVERIFY(elements.floats(first, values.size(), values.data()));
                    QVERIFY(std::equal(values.begin(), values.end(), expected.begin() + std::ptrdiff_t(first)));
                }
            for (int axis = 0; axis < static_cast<int>(shape.size()); ++axis) {
                TensorInfo packed = info;
                packed.strides.clear();
                const MemoryTensor other(packed, bytesOf(expected));
                const FloatBlocks a(tensor.model.view(0), axis);
                const FloatBlocks b(other.model.view(0), axis);
                std::vector<float> x;
                std::vector<float> y;
                const MatrixShape matrix = a.shape();
                for (std::uint64_t c = 0; c < matrix.channels; ++c)
                    for (std::uint64_t k = 0; k < matrix.weights; ++k) {
                        const BlockRange range{c, matrix.channels - c, 0, matrix.weights};
                        const BlockRange piece{c, 1, k, matrix.weights - k};
                        for (const BlockRange &part : {range, piece}) {
                            QS_VERIFY(a.read(part, x));
                            QS_VERIFY(b.read(part, y));
                            QCOMPARE(x, y);
                        }
                    }
            }
        }
    }

    /// Channels whose weights are far apart in the file.
    void channelsApart()
    {
        constexpr std::uint64_t kOuter = 5;
        constexpr std::uint64_t kChannels = 3000;
        constexpr std::uint64_t kInner = 2;
        const std::vector<float> values = counting(kOuter * kChannels * kInner);
        const MemoryTensor tensor(infoOf(DType::F32, {kOuter, kChannels, kInner}), bytesOf(values));
        const FloatBlocks blocks(tensor.model.view(0), 1);
        std::vector<float> x;
        for (const BlockRange &range : {BlockRange{0, kChannels, 0, kOuter * kInner}, BlockRange{1, 700, 0, 10},
                                        BlockRange{2999, 1, 0, 10}, BlockRange{17, 1, 3, 6}, BlockRange{17, 1, 4, 1}}) {
            QS_VERIFY(blocks.read(range, x));
            QCOMPARE(x.size(), range.size());
            for (std::uint64_t c = 0; c < range.channels; ++c)
                for (std::uint64_t k = 0; k < range.weights; ++k) {
                    const std::uint64_t weight = range.weight + k;
                    const std::uint64_t source =
                        (weight / kInner * kChannels + range.channel + c) * kInner + weight % kInner;
                    QCOMPARE(x[c * range.weights + k], values[source]);
                }
        }
    }

    void lastElements()
    {
        QCOMPARE(bytesToLastElement(infoOf(DType::F32, {4, 6})), std::uint64_t(96));
        QCOMPARE(bytesToLastElement(infoOf(DType::F16, {4, 6}, {8, 1})), std::uint64_t(2 * 30));
        QCOMPARE(bytesToLastElement(infoOf(DType::F32, {4, 0}, {~0ULL, ~0ULL})), std::uint64_t(0));
        QCOMPARE(bytesToLastElement(infoOf(DType::U4, {3}, {})), std::uint64_t(2));
        QVERIFY(!bytesToLastElement(infoOf(DType::F32, {2, 2}, {~0ULL, 1})));
        QVERIFY(!bytesToLastElement(infoOf(DType::F32, {3}, {1ULL << 63})));
        QVERIFY(!bytesToLastElement(infoOf(DType::F64, {1ULL << 61})));
    }

    void bigEndianTypes()
    {
        const auto read = [](DType type, const std::vector<std::byte> &bytes, std::uint64_t count) {
            const MemoryTensor tensor(infoOf(type, {count}, {}, true), bytes);
            std::vector<float> values(count);
            const bool done = TensorElements(tensor.model.view(0)).floats(0, count, values.data()).has_value();
            return done ? values : std::vector<float>();
        };
        QCOMPARE(read(DType::F64, bytesOf<double>({1.5, -2}, true), 2), (std::vector<float>{1.5F, -2}));
        QCOMPARE(read(DType::F16, bytesOf<std::uint16_t>({0x3E00, 0xC000}, true), 2), (std::vector<float>{1.5F, -2}));
        QCOMPARE(read(DType::BF16, bytesOf<std::uint16_t>({0x3FC0, 0xC000}, true), 2), (std::vector<float>{1.5F, -2}));
    }

    void wholeNumbers_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QList<double>>("expected");
        const auto row = [](DType type, const QByteArray &bytes, const QList<double> &expected) {
            QTest::newRow(nameOf(type).data()) << static_cast<int>(type) << bytes << expected;
        };
        row(DType::I4, QByteArray("\x80\x7f", 2), {0, -8, -1, 7});
        row(DType::U4, QByteArray("\x80\x7f", 2), {0, 8, 15, 7});
        row(DType::I2, QByteArray("\xE4", 1), {0, 1, -2, -1}); // 00 01 10 11 from the lowest bits up
        row(DType::U2, QByteArray("\xE4", 1), {0, 1, 2, 3});
        row(DType::I8, QByteArray("\x80\x7f", 2), {-128, 127});
        row(DType::U8, QByteArray("\x80\x7f", 2), {128, 127});
        row(DType::Bool, QByteArray("\0\1", 2), {0, 1});
        row(DType::I16, QByteArray("\0\x80", 2), {-32768});
        row(DType::U16, QByteArray("\0\x80", 2), {32768});
        row(DType::U64, QByteArray(8, '\xff'), {18446744073709551615.0});
        row(DType::I64, QByteArray(8, '\xff'), {-1});
    }

    void wholeNumbers()
    {
        QFETCH(int, type);
        QFETCH(QByteArray, bytes);
        QFETCH(QList<double>, expected);
        const auto *begin = reinterpret_cast<const std::byte *>(bytes.constData());
        const MemoryTensor tensor(infoOf(static_cast<DType>(type), {std::uint64_t(expected.size())}),
                                  {begin, begin + bytes.size()});
        QList<double> values(expected.size());
        const TensorElements elements(tensor.model.view(0));
        QVERIFY(elements.wholeNumbers(0, std::uint64_t(values.size()), values.data()));
        QCOMPARE(values, expected);
        if (!holdsCodes(static_cast<DType>(type)))
            return;
        std::vector<std::int8_t> codes(std::size_t(expected.size()));
        QVERIFY(elements.codes(0, codes.size(), codes.data()));
        const bool isUnsigned = nameOf(static_cast<DType>(type))[0] == 'u';
        const int shift = isUnsigned ? 1 << (bitsOf(static_cast<DType>(type)) - 1) : 0;
        for (qsizetype i = 0; i < expected.size(); ++i)
            QCOMPARE(double(codes[std::size_t(i)]), expected[i] - shift);
    }

    void packedCodesWithPaddedRows()
    {
        // Three rows of 5 codes in 8: what lies between is no code.
        std::vector<std::byte> bytes;
        for (int row = 0; row < 3; ++row)
            for (const int pair : {0x10, 0x32, 0xF4, 0xFF})
                bytes.push_back(static_cast<std::byte>(pair));
        const MemoryTensor tensor(infoOf(DType::U4, {3, 5}, {8, 1}), bytes);
        const FloatBlocks blocks(tensor.model.view(0), 0);
        std::vector<std::int8_t> codes;
        QS_VERIFY(blocks.readCodes({1, 2, 0, 5}, codes));
        QCOMPARE(codes, (std::vector<std::int8_t>{-8, -7, -6, -5, -4, -8, -7, -6, -5, -4}));
        const FloatBlocks columns(tensor.model.view(0), 1);
        QS_VERIFY(columns.readCodes({3, 2, 0, 3}, codes));
        QCOMPARE(codes, (std::vector<std::int8_t>{-5, -5, -5, -4, -4, -4}));
    }

    void eightBitFloats_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<QList<int>>("codes");
        QTest::addColumn<QList<float>>("expected");
        constexpr float kInf = std::numeric_limits<float>::infinity();
        constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
        // FORMATS.md §2.2: largest, smallest, one, special codes.
        QTest::newRow("e4m3fn") << static_cast<int>(DType::F8E4M3) << QList{0x7E, 0x01, 0x38, 0x7F, 0xFF, 0x80, 0xC4}
                                << QList{448.0F, 0x1p-9F, 1.0F, kNan, kNan, -0.0F, -3.0F};
        QTest::newRow("e5m2") << static_cast<int>(DType::F8E5M2) << QList{0x7B, 0x01, 0x3C, 0x7C, 0xFC, 0x7D, 0xFF}
                              << QList{57344.0F, 0x1p-16F, 1.0F, kInf, -kInf, kNan, kNan};
        QTest::newRow("e4m3fnuz") << static_cast<int>(DType::F8E4M3Fnuz) << QList{0x7F, 0x01, 0x40, 0x80, 0xFF}
                                  << QList{240.0F, 0x1p-10F, 1.0F, kNan, -240.0F};
        QTest::newRow("e5m2fnuz") << static_cast<int>(DType::F8E5M2Fnuz) << QList{0x7F, 0x01, 0x40, 0x80, 0xFF}
                                  << QList{57344.0F, 0x1p-17F, 1.0F, kNan, -57344.0F};
    }

    void eightBitFloats()
    {
        QFETCH(int, type);
        QFETCH(QList<int>, codes);
        QFETCH(QList<float>, expected);
        std::vector<std::byte> bytes;
        for (int code : codes)
            bytes.push_back(static_cast<std::byte>(code));
        const MemoryTensor tensor(infoOf(static_cast<DType>(type), {bytes.size()}), bytes);
        const FloatBlocks blocks(tensor.model.view(0), kNoAxis);
        std::vector<float> values;
        QS_VERIFY(blocks.read({0, 1, 0, bytes.size()}, values));
        for (qsizetype i = 0; i < expected.size(); ++i) {
            if (std::isnan(expected[i]))
                QVERIFY(std::isnan(values[std::size_t(i)]));
            else
                QCOMPARE(std::bit_cast<std::uint32_t>(values[std::size_t(i)]),
                         std::bit_cast<std::uint32_t>(expected[i]));
        }
    }

    /// In a file that is written they stand in row-major order and little-endian.
    void exportsStridedTensors()
    {
        QTemporaryDir folder;
        MemoryTensor tensor(infoOf(DType::I32, {3, 2}, {1, 3}, true), bytesOf<std::int32_t>({1, 2, 3, 4, 5, 6}, true));
        tensor.model.path = "memory";
        findLayers(tensor.model);
        const std::filesystem::path target = folder.filePath("out.safetensors").toStdString();
        QS_VERIFY(test::writeAs("safetensors", tensor.model, Recipe{}, target));
        const test::SafetensorsFile out(QString::fromStdString(target.string()));
        QCOMPARE(out.shape("w"), (Dims{3, 2}));
        const QByteArray raw = out.bytes("w");
        std::vector<std::int32_t> values(6);
        QCOMPARE(raw.size(), qsizetype(24));
        std::memcpy(values.data(), raw.constData(), 24);
        QCOMPARE(values, (std::vector<std::int32_t>{1, 4, 2, 5, 3, 6}));
    }
};

QTEST_GUILESS_MAIN(TestTensorElements)
#include "tst_tensor_elements.moc"
