// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Safetensors files: well-formed, malformed, truncated.
#include "core/base/input_file.h"
#include "core/formats/open_model.h"
#include "core/formats/safetensors/header.h"
#include "tests/support/safetensors_bytes.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

#include <sys/stat.h>
#include <unistd.h>

using namespace qs;
using qs::test::safetensorsBytes;

namespace {

/// A file whose header length says `length`, whatever follows.
QByteArray withLength(std::uint64_t length, const QByteArray &rest)
{
    return QByteArray(reinterpret_cast<const char *>(&length), sizeof length) + rest;
}

QByteArray file(const QByteArray &header, qsizetype dataBytes = 0)
{
    return safetensorsBytes(header.toStdString(), QByteArray(dataBytes, '\0'));
}

/// One tensor "t" with this entry text.
QByteArray entry(const QByteArray &text, qsizetype dataBytes = 0)
{
    return file(R"({"t":{)" + text + "}}", dataBytes);
}

QByteArray shaped(const QByteArray &shape, const QByteArray &type = "F32", const QByteArray &offsets = "0,0",
                  qsizetype dataBytes = 0)
{
    return entry(R"("dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":[)" + offsets + "]", dataBytes);
}

/// A member of the header: U8 tensor with `size` elements at these offsets.
QByteArray bytesEntry(const QByteArray &name, const QByteArray &offsets, int size)
{
    // No raw strings: the compiler for meta-objects stumbles over some of them.
    return "\"" + name + "\":{\"dtype\":\"U8\",\"shape\":[" + QByteArray::number(size) + "],\"data_offsets\":[" +
           offsets + "]}";
}

QByteArray pair(const QByteArray &first, int firstSize, const QByteArray &second, int secondSize, qsizetype dataBytes)
{
    return file("{" + bytesEntry("a", first, firstSize) + "," + bytesEntry("b", second, secondSize) + "}", dataBytes);
}

const QByteArray kGood = R"("dtype":"F32","shape":[2],"data_offsets":[0,8])";

Result<SafetensorsHeader> header(const QByteArray &bytes)
{
    const auto file =
        InputFile::fromMemory(std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))), "x");
    return readSafetensorsHeader(*file, "'x'", {});
}

} // namespace

class TestSafetensors : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_path = m_folder.filePath("model.safetensors"); }

    void wellFormed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("tensors");
        QTest::addColumn<QString>("warning");
        QTest::newRow("empty object, no data") << withLength(2, "{}") << 0 << "";
        QTest::newRow("trailing spaces and newlines") << file("{} \t\r\n ") << 0 << "";
        QTest::newRow("one tensor") << entry(kGood, 8) << 1 << "";
        QTest::newRow("metadata") << file(R"({"__metadata__":{"format":"pt"},"t":{)" + kGood + "}}", 8) << 1 << "";
        QTest::newRow("metadata of MLX") << file(R"({"__metadata__":null,"t":{)" + kGood + "}}", 8) << 1 << "";
        QTest::newRow("metadata last") << file(R"({"t":{)" + kGood + R"(},"__metadata__":{}})", 8) << 1 << "";
        QTest::newRow("scalar") << shaped("[]", "F32", "0,4", 4) << 1 << "";
        QTest::newRow("zero-size tensor in the middle")
            << file(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                    R"("m":{"dtype":"F32","shape":[0,9],"data_offsets":[2,2]},)"
                    R"("z":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})",
                    4)
            << 3 << "";
        QTest::newRow("zero-size tensor before one at the same byte") << pair("0,4", 4, "0,0", 0, 4) << 2 << "";
        QTest::newRow("entries in another order than their bytes") << pair("2,4", 2, "0,2", 2, 4) << 2 << "";
        QTest::newRow("unaligned header") << file("{}   ") << 0 << "";
        QTest::newRow("F4, even count") << shaped("[4]", "F4", "0,2", 2) << 1 << "";
        QTest::newRow("F6, whole bytes") << shaped("[4]", "F6_E2M3", "0,3", 3) << 1 << "";
        QTest::newRow("32 dimensions") << shaped("[" + QByteArray("1,").repeated(31) + "1]", "U8", "0,1", 1) << 1 << "";
        QTest::newRow("unknown key") << entry(kGood + R"(,"x":{"y":[1,{"z":null}]})", 8) << 1
                                     << "1 unknown keys in the header were ignored, the first is 'x' of tensor 't'";
        QTest::newRow("escaped name") << file(R"({"\u0000\u202e<b>":{)" + kGood + "}}", 8) << 1 << "";
        QTest::newRow("name of 64 KiB") << file(R"({")" + QByteArray(65536, 'n') + R"(":{)" + kGood + "}}", 8) << 1
                                        << "";
    }

    void wellFormed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, tensors);
        QFETCH(QString, warning);
        write(bytes);
        const auto model = open();
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QCOMPARE((*model)->tensors.size(), static_cast<std::size_t>(tensors));
        QCOMPARE((*model)->format, std::string("safetensors"));
        QCOMPARE((*model)->warnings.size(), std::size_t(warning.isEmpty() ? 0 : 1));
        if (!warning.isEmpty())
            QCOMPARE(QString::fromStdString((*model)->warnings[0].str()), warning);
        std::uint64_t end = 0;
        for (std::size_t i = 0; i < (*model)->tensors.size(); ++i) {
            const TensorView view = (*model)->view(i);
            QVERIFY(view.info->byteOffset >= end);
            end = view.info->byteOffset + view.info->byteSize;
        }
        QVERIFY(tensors == 0 || end == static_cast<std::uint64_t>(bytes.size()));
    }

    void malformed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        lengthRows();
        textRows();
        entryRows();
        shapeRows();
        offsetRows();
    }

    void malformed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        write(bytes);
        const auto model = open();
        QVERIFY(!model);
        QCOMPARE(model.error().code, ErrorCode::Input);
        const QString text = QString::fromStdString(model.error().text());
        QVERIFY2(text.contains(message), qPrintable(text));
        QVERIFY2(text.contains("safetensors") && text.contains("byte"), qPrintable(text));
        QVERIFY2(!text.contains('\n') && text.size() < 1000, qPrintable(text));
    }

    void everyPrefixIsAnError()
    {
        const QByteArray whole = file(R"({"__metadata__":{"a":"b"},"t":{)" + kGood + R"(},"u":{"dtype":"I8",)" +
                                          R"("shape":[3],"data_offsets":[8,11]}})",
                                      11);
        QVERIFY(header(whole));
        for (qsizetype size = 0; size < whole.size(); ++size) {
            const auto result = header(whole.left(size));
            QVERIFY2(!result, qPrintable(QString::number(size)));
            QCOMPARE(result.error().code, ErrorCode::Input);
            QVERIFY(!result.error().where.empty());
        }
        QVERIFY(!header(whole + "x"));
    }

    void everyFlippedByteEnds()
    {
        // Whatever a byte becomes, the reader ends with an error or with tensors inside the file.
        const QByteArray whole = file(R"({"t":{)" + kGood + R"(},"__metadata__":{"a":"b"}})", 8);
        for (qsizetype i = 0; i < whole.size(); ++i) {
            for (int value = 0; value < 256; ++value) {
                QByteArray changed = whole;
                changed[i] = static_cast<char>(value);
                if (const auto result = header(changed))
                    for (const TensorInfo &tensor : result->tensors)
                        QVERIFY(tensor.byteOffset + tensor.byteSize <= static_cast<std::uint64_t>(changed.size()));
            }
        }
    }

    void payloadIsNotInspected()
    {
        const std::vector<float> values{std::numeric_limits<float>::quiet_NaN(),
                                        std::numeric_limits<float>::infinity()};
        write(safetensorsBytes({{"fc.weight", {1, 2}, values}}));
        const auto model = open();
        QVERIFY(model);
        QCOMPARE((*model)->layers.size(), std::size_t(1));
    }

    void truncatedAfterOpening()
    {
        write(safetensorsBytes({{"fc.weight", {100, 100}, std::vector<float>(10'000, 1.F)}}));
        const auto model = open();
        QVERIFY(model);
        QCOMPARE(::truncate(m_path.toLocal8Bit().constData(), 5000), 0);
        const TensorView view = (*model)->view(0);
        const auto bytes = view.bytes();
        QVERIFY(!bytes);
        QCOMPARE(bytes.error().code, ErrorCode::Input);
        QVERIFY(bytes.error().message.str().starts_with("file changed while it was read"));
    }

    void manyTensors()
    {
        constexpr int kCount = 200'000;
        QByteArray text = "{";
        text.reserve(kCount * 80);
        for (int i = 0; i < kCount; ++i) {
            const QByteArray number = QByteArray::number(i);
            text += i == 0 ? "" : ",";
            text += bytesEntry("t" + number, number + "," + QByteArray::number(i + 1), 1);
        }
        write(file(text + "}", kCount));
        const auto model = open();
        QVERIFY(model);
        QCOMPARE((*model)->tensors.size(), static_cast<std::size_t>(kCount));
    }

    void stops()
    {
        std::stop_source source;
        source.request_stop();
        write(entry(kGood, 8));
        const auto model = openModel(m_path.toStdString(), TaskContext{source.get_token(), {}});
        QVERIFY(!model);
        QCOMPARE(model.error().code, ErrorCode::Cancelled);
    }

private:
    void lengthRows()
    {
        QTest::newRow("0 bytes") << QByteArray() << "the file has 0 bytes";
        QTest::newRow("7 bytes") << QByteArray(7, 'x') << "the file has 7 bytes";
        QTest::newRow("N = 0") << withLength(0, "{}") << "the header length is 0";
        QTest::newRow("N = 1") << withLength(1, "{") << "the header length is 1";
        QTest::newRow("N = 10^8 + 1") << withLength(100'000'001, "{}") << "the limit is 100000000";
        QTest::newRow("N = 2^63") << withLength(1ULL << 63, "{}") << "9223372036854775808, the limit is";
        QTest::newRow("N = 2^64 - 1") << withLength(~0ULL, "{}") << "18446744073709551615, the limit is";
        QTest::newRow("one more than there is") << withLength(3, "{}") << "only 2 bytes follow";
    }

    void textRows()
    {
        QTest::newRow("not UTF-8") << file("{\"\xFF\":{" + kGood + "}}", 8) << "not valid JSON";
        QTest::newRow("lone surrogate") << file(R"({"\ud800":{)" + kGood + "}}", 8) << "not valid JSON";
        QTest::newRow("array") << file("[{}]") << "starts with the byte 0x5B instead of '{'";
        QTest::newRow("null") << file("null") << "starts with the byte 0x6E";
        QTest::newRow("BOM") << file("\xEF\xBB\xBF{}") << "starts with the byte 0xEF";
        QTest::newRow("leading space") << file(" {}") << "starts with the byte 0x20";
        QTest::newRow("truncated JSON") << file(R"({"t":{"dtype")") << "not valid JSON";
        QTest::newRow("followed by a brace") << file("{}}") << "not valid JSON";
        QTest::newRow("followed by a zero byte") << file(QByteArray("{}\0x", 4)) << "zero byte";
        QTest::newRow("comment") << file("{/**/}") << "not valid JSON";
        QTest::newRow("trailing comma") << entry(kGood + ",", 8) << "not valid JSON";
        QTest::newRow("depth 100 000") << entry("\"x\":" + QByteArray("[").repeated(100'000)) << "deeper than 64";
        QTest::newRow("depth 100 000, objects") << file(QByteArray("{\"a\":").repeated(100'000)) << "safetensors";
    }

    void entryRows()
    {
        QTest::newRow("tensor twice") << file(R"({"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                                              R"("t":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
                                              2)
                                      << "two tensors have the same name";
        QTest::newRow("dtype twice") << entry(R"("dtype":"F32",)" + kGood, 8) << "the key 'dtype' stands there twice";
        QTest::newRow("metadata twice") << file(R"({"__metadata__":{},"__metadata__":{}})")
                                        << "'__metadata__' stands there twice";
        QTest::newRow("metadata key twice")
            << file(R"({"__metadata__":{"a":"b","a":"c"}})") << "'a' stands there twice";
        QTest::newRow("metadata with a number")
            << file(R"({"__metadata__":{"a":1}})") << "the value of 'a' must be a string, not a whole number";
        QTest::newRow("metadata with an object") << file(R"({"__metadata__":{"a":{}}})") << "not an object";
        QTest::newRow("metadata as array") << file(R"({"__metadata__":[]})") << "must be an object, not an array";
        QTest::newRow("metadata as text") << file(R"({"__metadata__":"x"})") << "must be an object, not a string";
        QTest::newRow("entry as number") << file(R"({"t":1})") << "must be an object, not a whole number";
        QTest::newRow("entry as array") << file(R"({"t":[]})") << "must be an object, not an array";
        for (const char *type : {"F128", "f32", "", "F32 ", "float32"})
            QTest::addRow("dtype '%s'", type) << shaped("[0]", type) << QString("unknown dtype '%1'").arg(type);
        QTest::newRow("dtype as number") << entry(R"("dtype":4,"shape":[0],"data_offsets":[0,0])")
                                         << "'dtype' must be a string";
        QTest::newRow("dtype as array") << entry(R"("dtype":["F32"],"shape":[0],"data_offsets":[0,0])")
                                        << "'dtype' must be a string, not an array";
        QTest::newRow("no dtype") << entry(R"("shape":[0],"data_offsets":[0,0])") << "the key 'dtype' is missing";
        QTest::newRow("no shape") << entry(R"("dtype":"F32","data_offsets":[0,0])") << "the key 'shape' is missing";
        QTest::newRow("no offsets") << entry(R"("dtype":"F32","shape":[0])") << "the key 'data_offsets' is missing";
        QTest::newRow("empty entry") << file(R"({"t":{}})") << "the key 'dtype' is missing";
        QTest::newRow("empty name") << file(R"({"":{)" + kGood + "}}", 8) << "an empty name";
        QTest::newRow("name of 1 MB") << file("{\"" + QByteArray(1'000'000, 'n') + "\":{" + kGood + "}}", 8)
                                      << "has 1000000 bytes, the limit is 65536";
        QTest::newRow("name with newline") << file(R"({"a\nb":{"dtype":"F32"}})") << "'a\\x0Ab'";
    }

    void shapeRows()
    {
        QTest::newRow("shape is a number") << shaped("4") << "'shape' must be an array of whole numbers";
        QTest::newRow("shape is an object") << shaped("{}") << "'shape' must be an array of whole numbers";
        QTest::newRow("shape in shape") << shaped("[[1]]") << "'shape' must hold whole numbers, not an array";
        for (const char *dim : {"-1", "-0", "1.5", "1e3", "\"3\"", "null", "true", "18446744073709551616"})
            QTest::addRow("dimension %s", dim)
                << shaped("[" + QByteArray(dim) + "]") << "'shape' must hold whole numbers";
        QTest::newRow("product over 2^64") << shaped("[4294967296,4294967296]") << "more than 2^64 - 1 elements";
        QTest::newRow("product over 2^64, with a zero")
            << shaped("[0,9223372036854775808,2]") << "more than 2^64 - 1 elements";
        QTest::newRow("bits over 2^64") << shaped("[1152921504606846976]") << "more than 2^64 - 1 bits";
        QTest::newRow("2 x (2^64 - 2) of I32") << shaped("[2,18446744073709551614]", "I32") << "more than 2^64 - 1";
        QTest::newRow("33 dimensions") << shaped("[" + QByteArray("1,").repeated(32) + "1]", "U8", "0,1", 1)
                                       << "more than 32 dimensions";
        QTest::newRow("F4, odd count") << shaped("[3]", "F4", "0,1", 1) << "not a whole number of bytes";
        QTest::newRow("F6, odd count") << shaped("[3]", "F6_E3M2", "0,2", 2) << "not a whole number of bytes";
    }

    void offsetRows()
    {
        QTest::newRow("one offset") << shaped("[0]", "F32", "0") << "must hold 2 numbers, not 1";
        QTest::newRow("no offset") << shaped("[0]", "F32", "") << "must hold 2 numbers, not 0";
        QTest::newRow("three offsets") << shaped("[0]", "F32", "0,0,0") << "must hold 2 numbers";
        QTest::newRow("negative offset") << shaped("[0]", "F32", "-4,0") << "must hold whole numbers";
        QTest::newRow("fractional offset") << shaped("[0]", "F32", "0.0,0") << "must hold whole numbers";
        QTest::newRow("offsets is a number")
            << entry(R"("dtype":"F32","shape":[0],"data_offsets":0)") << "'data_offsets' must be an array";
        QTest::newRow("begin after end") << shaped("[1]", "F32", "4,0", 4) << "begins at 4 and ends before, at 0";
        QTest::newRow("size does not fit") << shaped("[3]", "F32", "0,8", 8)
                                           << "spans 8 bytes, but the shape [3] of F32 "
                                              "needs 12";
        QTest::newRow("first not at 0") << shaped("[1]", "F32", "4,8", 8) << "leaves a hole";
        QTest::newRow("hole") << pair("0,2", 2, "3,5", 2, 5) << "begins at 3 and leaves a hole";
        QTest::newRow("overlap") << pair("0,2", 2, "1,3", 2, 3) << "inside the tensor before it";
        QTest::newRow("identical ranges") << pair("0,2", 2, "0,2", 2, 2) << "inside the tensor before it";
        QTest::newRow("end past the file") << shaped("[2]", "F32", "0,8", 4) << "the file has only 4 bytes of data";
        QTest::newRow("end far past the file")
            << shaped("[18446744073709551615]", "U8", "0,18446744073709551615", 4) << "more than 2^64 - 1 bits";
        QTest::newRow("one trailing byte")
            << entry(kGood, 9) << "the file has 9 bytes of data, but its tensors end at 8";
        QTest::newRow("one byte short") << entry(kGood, 7) << "the file has only 7 bytes of data";
        QTest::newRow("data without tensors") << file("{}", 1) << "its tensors end at 0";
    }

    void write(const QByteArray &bytes)
    {
        QFile target(m_path);
        if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size())
            qFatal("cannot write");
    }
    Result<std::shared_ptr<const Model>> open() const { return openModel(m_path.toStdString(), {}); }

    QTemporaryDir m_folder;
    QString m_path;
};

QTEST_GUILESS_MAIN(TestSafetensors)
#include "tst_formats_safetensors.moc"
