// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The wire format of protobuf: fields, varints, and everything that must not be there.
#include "core/parse/protobuf.h"
#include "tests/support/protobuf_writer.h"

#include <QTest>

using namespace qs;
using namespace qs::test;
using qs::protobuf::Field;
using qs::protobuf::Walker;
using qs::protobuf::Wire;

namespace {

const std::string kWhere = "'x', TEST";

std::span<const std::byte> spanOf(const QByteArray &bytes)
{
    return std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

Walker walkerOf(const QByteArray &bytes)
{
    return {spanOf(bytes), {0, static_cast<std::uint64_t>(bytes.size())}, kWhere, "Message"};
}

/// All fields, or the first error.
Result<std::vector<Field>> fieldsOf(const QByteArray &bytes)
{
    Walker walker = walkerOf(bytes);
    std::vector<Field> fields;
    Field field;
    while (true) {
        QS_ASSIGN(const bool more, walker.next(field));
        if (!more)
            return fields;
        fields.push_back(field);
    }
}

} // namespace

class TestProtobufWire : public QObject
{
    Q_OBJECT

private slots:
    void fields();
    void varints_data();
    void varints();
    void malformed_data();
    void malformed();
    void everyPrefix();
    void repeatedNumbers_data();
    void repeatedNumbers();
    void wrongWireType();
};

void TestProtobufWire::fields()
{
    const QByteArray bytes = number(1, 300) + bytesField(2, "abc") + tag(3, 1) + raw<double>({1.5}) + tag(4, 5) +
                             raw<float>({-2.F}) + bytesField(536870911, "");
    const auto fields = fieldsOf(bytes);
    QVERIFY(fields);
    QCOMPARE(fields->size(), std::size_t(5));
    const Field &first = (*fields)[0];
    QCOMPARE(first.number, 1U);
    QCOMPARE(first.number64, std::uint64_t(300));
    QCOMPARE(first.byteOffset, std::uint64_t(0));
    const Field &text = (*fields)[1];
    QCOMPARE(text.wire, Wire::Bytes);
    QCOMPARE(bytes.mid(static_cast<qsizetype>(text.payload.begin), static_cast<qsizetype>(text.payload.size())),
             QByteArray("abc"));
    QCOMPARE((*fields)[2].wire, Wire::Fixed64);
    QCOMPARE((*fields)[2].number64, std::uint64_t(0x3FF8000000000000));
    QCOMPARE((*fields)[3].number64, std::uint64_t(0xC0000000));
    QCOMPARE((*fields)[4].number, 536870911U); // the highest there is
    QCOMPARE((*fields)[4].payload.end, static_cast<std::uint64_t>(bytes.size()));
}

void TestProtobufWire::varints_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<qulonglong>("value");
    QTest::newRow("0") << QByteArray("\x00", 1) << 0ULL;
    QTest::newRow("127") << QByteArray("\x7F") << 127ULL;
    QTest::newRow("128") << QByteArray("\x80\x01") << 128ULL;
    QTest::newRow("2^63") << QByteArray("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01") << (1ULL << 63);
    QTest::newRow("-1") << QByteArray("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01") << ~0ULL;
    QTest::newRow("0 in three bytes") << QByteArray("\x80\x80\x00", 3) << 0ULL;
}

void TestProtobufWire::varints()
{
    QFETCH(QByteArray, bytes);
    QFETCH(qulonglong, value);
    const auto fields = fieldsOf(tag(1, 0) + bytes);
    QVERIFY(fields);
    QCOMPARE(fields->at(0).number64, static_cast<std::uint64_t>(value));
}

void TestProtobufWire::malformed_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("message");
    const QByteArray ten = QByteArray("\xFF").repeated(9);
    QTest::newRow("varint of 11 bytes") << tag(1, 0) + ten + "\xFF\x01" << "has more than 64 bits";
    QTest::newRow("varint of 65 bits") << tag(1, 0) + ten + "\x02" << "has more than 64 bits";
    QTest::newRow("varint ends early") << tag(1, 0) + "\x80" << "goes beyond the end";
    QTest::newRow("tag ends early") << QByteArray("\x80") << "goes beyond the end";
    QTest::newRow("field number 0") << QByteArray("\x02\x00", 2) << "the field number is 0";
    QTest::newRow("field number 2^29") << tag(1U << 29, 0) + varint(0) << "the field number is 536870912";
    for (unsigned wire : {3U, 4U, 6U, 7U})
        QTest::addRow("wire type %u", wire) << tag(5, wire) + varint(0) << QString("the wire type is %1").arg(wire);
    QTest::newRow("length past the end") << tag(1, 2) + varint(4) + "abc" << "has 4 bytes from byte 2 on";
    QTest::newRow("length 2^63") << tag(1, 2) + varint(1ULL << 63) << "has 9223372036854775808 bytes";
    QTest::newRow("length 2^64 - 1") << tag(1, 2) + varint(~0ULL) << "has 18446744073709551615 bytes";
    QTest::newRow("no length") << tag(1, 2) << "goes beyond the end";
    QTest::newRow("4 bytes of 8") << tag(1, 1) + QByteArray(7, 'x') << "has 8 bytes from byte 1 on";
    QTest::newRow("3 bytes of 4") << tag(1, 5) + QByteArray(3, 'x') << "has 4 bytes from byte 1 on";
}

void TestProtobufWire::malformed()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, message);
    const auto fields = fieldsOf(bytes);
    QVERIFY(!fields);
    QCOMPARE(fields.error().code, ErrorCode::Input);
    const QString text = QString::fromStdString(fields.error().text());
    QVERIFY2(text.contains(message), qPrintable(text));
    QVERIFY2(text.contains("'x', TEST Message") && text.contains("byte 0"), qPrintable(text));
}

void TestProtobufWire::everyPrefix()
{
    const QByteArray one = bytesField(300, "text of some length");
    const QByteArray whole = one + number(7, 1 << 20);
    for (qsizetype size = 1; size < whole.size(); ++size)
        QVERIFY2(size == one.size() || !fieldsOf(whole.left(size)), qPrintable(QString::number(size)));
    QCOMPARE(fieldsOf(one)->size(), std::size_t(1));
    QCOMPARE(fieldsOf({})->size(), std::size_t(0));
}

void TestProtobufWire::repeatedNumbers_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    QTest::newRow("packed") << bytesField(1, packedVarints({1, 300, -1})) << "1 300 -1";
    QTest::newRow("unpacked") << number(1, 1) + number(1, 300) << "1 300";
    QTest::newRow("mixed") << number(1, 5) + bytesField(1, packedVarints({6})) << "5 6";
    QTest::newRow("packed, empty") << bytesField(1, "") << "";
    QTest::newRow("packed, cut") << bytesField(1, "\x80") << "error";
    // The bytes behind the field must not complete the number.
    QTest::newRow("packed, cut before another field") << bytesField(1, "\x01\x80") + number(2, 1) << "1 error";
    QTest::newRow("of another width") << tag(1, 5) + "abcd" << "error";
}

void TestProtobufWire::repeatedNumbers()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    Walker walker = walkerOf(bytes);
    Field field;
    QStringList seen;
    while (true) {
        const auto more = walker.next(field);
        QVERIFY(more);
        if (!*more)
            break;
        if (field.number != 1)
            continue;
        const auto done = walker.forEachVarint(field, "list", [&](std::uint64_t value) -> Result<void> {
            seen << QString::number(static_cast<std::int64_t>(value));
            return {};
        });
        if (!done) {
            seen << "error";
            QVERIFY(QString::fromStdString(done.error().where.str()).contains("field 1 (list)"));
        }
    }
    QCOMPARE(seen.join(' '), expected);
}

void TestProtobufWire::wrongWireType()
{
    const QByteArray bytes = number(3, 1);
    const auto fields = fieldsOf(bytes);
    const auto text = walkerOf(bytes).text(fields->at(0), "name");
    QVERIFY(!text);
    QCOMPARE(text.error().text(), std::string("the field is written as a varint, expected a length and bytes "
                                              "('x', TEST Message, field 3 (name), byte 0)"));
}

QTEST_GUILESS_MAIN(TestProtobufWire)
#include "tst_parse_protobuf.moc"
