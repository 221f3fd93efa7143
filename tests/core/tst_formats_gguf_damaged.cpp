// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged GGUF files are refused with the field, its byte, the value and the limit (FORMATS.md §3.3.5).
#include "core/base/input_file.h"
#include "core/formats/gguf/header.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/test_model.h"

using namespace qs;
using namespace qs::test;

namespace {

Result<GgufHeader> headerOf(const QByteArray &bytes)
{
    const auto file = InputFile::fromMemory(
        std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))), "file.gguf");
    return readGgufHeader(*file, "'file.gguf'", {});
}

} // namespace

class TestGgufDamaged : public QObject
{
    Q_OBJECT

private slots:
    void refusesDamagedFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("place");
        const QByteArray good = smallFile().bytes();
        const auto row = [](const char *name, const QByteArray &bytes, const char *message, const char *place) {
            QTest::newRow(name) << bytes << message << place;
        };
        row("empty", {}, "the file ends here", "GGUF magic, byte 0");
        row("3 bytes", "GGU", "the file ends here", "GGUF magic, byte 3");
        row("wrong magic", "GGML" + good.mid(4), "does not begin with GGUF", "GGUF magic, byte 0");
        for (std::uint32_t version : {0U, 1U, 4U, 0x03000000U})
            QTest::addRow("version %u", version)
                << changed([version](GgufFile &file) { file.version = version; })
                << (version < 5 ? QString("the version is %1, supported are 2 and 3").arg(version)
                                : QString("the limit is")) // big-endian: then the counts are absurd
                << (version < 5 ? "GGUF version, byte 4" : "GGUF tensor count, byte 8");
        for (std::uint64_t count : {std::uint64_t(1) << 63, UINT64_MAX - 2, std::uint64_t(1'000'000'000)}) {
            QTest::addRow("%llu tensors", static_cast<unsigned long long>(count))
                << changed([count](GgufFile &file) { file.extraTensors = count; }) << "the limit is 2000000"
                << "GGUF tensor count, byte 8";
            QTest::addRow("%llu keys", static_cast<unsigned long long>(count))
                << changed([count](GgufFile &file) { file.extraKeys = count; }) << "the limit is 65536"
                << "GGUF key count, byte 16";
        }
        row("more tensors than bytes", changed([](GgufFile &file) { file.extraTensors = 1000; }), "bytes follow",
            "GGUF tensor count, byte 8");
        QByteArray many = GgufBytes().raw("GGUF").u32(3).u64(0).u64(2'000'000).bytes();
        many += QByteArray(28'000'000, '\0');
        row("2 M keys", many, "the key count is 2000000, the limit is 65536", "GGUF key count, byte 16");

        row("empty key", withKey(numberKey("", 1)), "a key is empty", "GGUF key, byte 61");
        row("key of 65536 bytes", withKey(numberKey(std::string(65536, 'k'), 1)), "the limit is 65535", "GGUF key");
        row("key longer than the file", withKey(GgufBytes().u64(60000).bytes()), "bytes, but only", "GGUF key");
        row("key of 2^64 - 1 bytes", withKey(GgufBytes().u64(UINT64_MAX).bytes()), "the limit is 65535", "GGUF key");
        row("key twice", withKey(textKey("general.name", "x")), "stands there twice", "GGUF key 'general.name', byte");
        row("value type 13", withKey(GgufBytes().text("k").u32(13).u64(0).bytes()), "the value type is 13",
            "GGUF key 'k', byte");
        row("value type -1", withKey(GgufBytes().text("k").u32(UINT32_MAX).u64(0).bytes()), "expected 0 to 12",
            "GGUF key 'k', byte");
        row("bool 2", withKey(keyOf("k", 7, std::uint8_t(2))), "a bool is 2, expected 0 or 1", "GGUF key 'k', byte");
        row("arrays nested 5 deep", withKey(nestedKey(5)), "nested deeper than 4", "GGUF key 'nested', byte");
        row("array count wraps", withKey(GgufBytes().text("k").u32(9).u32(10).u64(1ULL << 61).bytes()),
            "claims 2305843009213693952 elements", "GGUF key 'k', byte");
        row("texts of an array too long",
            withKey(GgufBytes().text("k").u32(9).u32(8).u64(2).u64(1ULL << 62).u64(5).bytes()),
            "a text claims 4611686018427387904 bytes, the limit is 67108864", "GGUF key 'k', byte");
        row("text wraps", withKey(GgufBytes().text("k").u32(8).u64(UINT64_MAX - 3).bytes()), "a text claims",
            "GGUF key 'k', byte");
        row("text beyond the end", withKey(GgufBytes().text("k").u32(8).u64(100'000).bytes()), "bytes, but only",
            "GGUF key 'k', byte");
        for (std::uint32_t alignment : {0U, 3U, 12U, 4U, 1U << 31})
            QTest::addRow("alignment %u", alignment)
                << withKey(numberKey("general.alignment", alignment)) << "expected a power of two from 8 to 1048576"
                << "GGUF key 'general.alignment', byte";
        row("alignment as i32", withKey(keyOf("general.alignment", 5, 32)), "must be a u32", "'general.alignment'");
        row("alignment as u64", withKey(keyOf("general.alignment", 10, std::uint64_t(32))), "must be a u32",
            "GGUF key");
        row("alignment as text", withKey(textKey("general.alignment", "32")), "must be a u32", "GGUF key");
        row("split count as text", withKey(textKey("split.count", "2")), "expected a whole number", "'split.count'");
        row("split count -1", withKey(keyOf("split.count", 5, -1)), "expected a whole number", "GGUF key");

        row("two tensors of one name", withTensor(1, {"fc.weight", {32, 2}, 8, 96}), "the same name",
            "GGUF tensor 'fc.weight', byte");
        row("tensor without a name", withTensor(0, {"", {6, 4}, 0, 0}), "empty name", "GGUF tensor name, byte");
        row("name of 65537 bytes", withTensor(0, {std::string(65537, 'x'), {6, 4}, 0, 0}), "the limit is 65536",
            "GGUF tensor name, byte");
        row("5 dimensions", withTensor(0, {"x", {1, 1, 1, 1, 1}, 0, 0}), "it has 5 dimensions, the limit is 4",
            "GGUF tensor 'x', byte");
        QByteArray dims = good;
        dims.replace(dims.indexOf("fc.weight") + 9, 4, QByteArray(4, '\xff'));
        row("2^32 - 1 dimensions", dims, "4294967295 dimensions", "GGUF tensor 'fc.weight', byte");
        row("dimension 0", withTensor(0, {"x", {0, 4}, 0, 0}), "dimension 0 is 0, expected 1", "GGUF tensor 'x'");
        row("dimension 2^63", withTensor(0, {"x", {1ULL << 63}, 0, 0}), "dimension 0 is 9223372036854775808",
            "GGUF tensor 'x'");
        row("dimensions 2^63 - 1 and 2", withTensor(0, {"x", {(1ULL << 63) - 1, 2}, 0, 0}),
            "more than 9223372036854775807 elements", "GGUF tensor 'x'");
        row("product wraps to 4", withTensor(0, {"x", {(1ULL << 62) + 1, 4}, 0, 0}), "more than 9223372036854775807",
            "GGUF tensor 'x'");
        row("bytes wrap", withTensor(0, {"x", {1ULL << 62}, 0, 0}), "more than 2^64 - 1 bytes", "GGUF tensor 'x'");
        row("row is no whole block", withTensor(1, {"x", {33, 2}, 8, 96}), "q8_0 needs a multiple of 32",
            "GGUF tensor 'x'");
        for (std::uint32_t type : {4U, 5U, 31U, 36U})
            QTest::addRow("type %u", type) << withTensor(0, {"x", {32}, type, 0}) << "has been withdrawn"
                                           << "GGUF tensor 'x'";
        row("offset not aligned", withTensor(1, {"x", {32, 2}, 8, 97}), "97 is not a multiple of the alignment 32",
            "GGUF tensor 'x'");
        row("offset beyond the file", withTensor(1, {"x", {32, 2}, 8, 1 << 20}), "its offset is 1048576",
            "GGUF tensor 'x'");
        row("unknown type beyond the file", withTensor(1, {"x", {32, 2}, 99, 1 << 20}), "its offset is 1048576",
            "GGUF tensor 'x'");
        row("offset and size wrap", withTensor(1, {"x", {32, 2}, 8, UINT64_MAX - 31}), "bytes of data",
            "GGUF tensor 'x'");
        row("two tensors in one place", withTensor(1, {"x", {32, 2}, 8, 0}), "inside the tensor before it",
            "GGUF tensor");
        row("padding before the data is missing", changed([](GgufFile &file) { file.data.clear(); }), "bytes of data",
            "GGUF tensor");
        row("last tensor is cut", good.chopped(1), "it needs 68 bytes at the offset 96", "GGUF tensor 'q.weight'");
    }

    void refusesDamagedFiles()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        QFETCH(QString, place);
        const auto header = headerOf(bytes);
        QVERIFY(!header);
        QVERIFY(header.error().code == ErrorCode::Input);
        QVERIFY2(QString::fromStdString(header.error().message.str()).contains(message), header.error().text().c_str());
        QVERIFY2(QString::fromStdString(header.error().where.str()).contains(place), header.error().text().c_str());
        QVERIFY2(header.error().where.str().starts_with("'file.gguf', GGUF "), header.error().text().c_str());
    }

    void refusesEveryPrefix()
    {
        const QByteArray good = smallFile().bytes();
        QS_VERIFY(headerOf(good));
        for (qsizetype size = 0; size < good.size(); ++size) {
            const auto header = headerOf(good.first(size));
            QVERIFY2(!header, qPrintable(QString::number(size)));
            QVERIFY(QString::fromStdString(header.error().where.str()).contains("byte"));
        }
    }
};

QTEST_GUILESS_MAIN(TestGgufDamaged)
#include "tst_formats_gguf_damaged.moc"
