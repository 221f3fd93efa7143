// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NPY arrays: inputs and labels, well-formed and malformed.
#include "core/formats/npy.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <QtEndian>

#include <bit>

using namespace qs;

namespace {

QByteArray version1(const QByteArray &header, const QByteArray &data = {})
{
    const auto size = static_cast<quint16>(header.size());
    return QByteArray("\x93NUMPY\1\0", 8) + QByteArray(1, static_cast<char>(size & 0xFF)) +
           QByteArray(1, static_cast<char>(size >> 8)) + header + data;
}

QByteArray withLength32(char major, quint32 length, const QByteArray &rest)
{
    const quint32 little = qToLittleEndian(length);
    return QByteArray("\x93NUMPY", 6) + QByteArray(1, major) + QByteArray(1, '\0') +
           QByteArray(reinterpret_cast<const char *>(&little), 4) + rest;
}

QByteArray dict(const QByteArray &descr, const QByteArray &shape, const QByteArray &order = "False")
{
    return "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
}

template <class T> QByteArray raw(const std::vector<T> &values, bool bigEndian = false)
{
    QByteArray bytes;
    for (T value : values) {
        QByteArray one(reinterpret_cast<const char *>(&value), sizeof value);
        if (bigEndian)
            std::reverse(one.begin(), one.end());
        bytes += one;
    }
    return bytes;
}

Result<NpyArray> parse(const QByteArray &bytes)
{
    const auto size = static_cast<std::size_t>(bytes.size());
    return parseNpy(std::as_bytes(std::span(bytes.constData(), size)), size, "'x'");
}

} // namespace

class TestNpy : public QObject
{
    Q_OBJECT

private slots:
    void wellFormed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("shape");
        QTest::addColumn<int>("warnings");
        const QByteArray data(24, '\0');
        QTest::newRow("version 1") << version1(dict("'<f4'", "(2, 3)"), data) << "f32"
                                   << "[2, 3]" << 0;
        const QByteArray header = dict("'<f4'", "(2, 3)");
        const auto size = static_cast<quint32>(header.size());
        QTest::newRow("version 2") << withLength32(2, size, header + data) << "f32"
                                   << "[2, 3]" << 0;
        QTest::newRow("version 3") << withLength32(3, size, header + data) << "f32"
                                   << "[2, 3]" << 0;
        QTest::newRow("big-endian") << version1(dict("'>f4'", "(6,)"), data) << "f32"
                                    << "[6]" << 0;
        QTest::newRow("native") << version1(dict("'=f8'", "(3,)"), data) << "f64"
                                << "[3]" << 0;
        QTest::newRow("bytes") << version1(dict("'|u1'", "(24,)"), data) << "u8"
                               << "[24]" << 0;
        QTest::newRow("bool") << version1(dict("'|b1'", "(24,)"), data) << "bool"
                              << "[24]" << 0;
        QTest::newRow("complex") << version1(dict("'<c8'", "(3,)"), data) << "c64"
                                 << "[3]" << 0;
        QTest::newRow("wide complex") << version1(dict("'<c16'", "(1,)"), data.left(16)) << "c128"
                                      << "[1]" << 0;
        QTest::newRow("perhaps bfloat16") << version1(dict("'<V2'", "(12,)"), data) << "v2"
                                          << "[12]" << 0;
        QTest::newRow("perhaps an 8-bit float") << version1(dict("'|V1'", "(24,)"), data) << "v1"
                                                << "[24]" << 0;
        QTest::newRow("one element") << version1(dict("'<i4'", "()"), data.left(4)) << "i32"
                                     << "[]" << 0;
        QTest::newRow("empty") << version1(dict("'<f4'", "(0, 5)")) << "f32"
                               << "[0, 5]" << 0;
        QTest::newRow("Fortran order") << version1(dict("'<f4'", "(2, 3)", "True"), data) << "f32"
                                       << "[2, 3]" << 0;
        QTest::newRow("Python 2") << version1(dict("'<f4'", "(2L, 3L)"), data) << "f32"
                                  << "[2, 3]" << 0;
        QTest::newRow("no newline") << version1(dict("'<f4'", "(6,)").trimmed(), data) << "f32"
                                    << "[6]" << 0;
        QTest::newRow("padding") << version1("  " + dict("'<f4'", "(6,)").trimmed() + QByteArray(20, ' ') + "\n", data)
                                 << "f32"
                                 << "[6]" << 0;
        QTest::newRow("other order of keys")
            << version1("{\"shape\":(6,),\"fortran_order\":False,\"descr\":\"<f4\"}", data) << "f32"
            << "[6]" << 0;
        QTest::newRow("trailing data") << version1(dict("'<f4'", "(5,)"), data) << "f32"
                                       << "[5]" << 1;
    }

    void wellFormed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, type);
        QFETCH(QString, shape);
        QFETCH(int, warnings);
        const auto array = parse(bytes);
        QVERIFY2(array, array ? "" : array.error().text().c_str());
        QCOMPARE(QString::fromUtf8(tensorFrom(*array, "x").typeName().data()), type);
        QCOMPARE(QString::fromStdString(shapeText(array->header.shape)), shape);
        QCOMPARE(array->warnings.size(), static_cast<std::size_t>(warnings));
        QVERIFY(array->header.byteOffset + array->byteSize <= static_cast<std::uint64_t>(bytes.size()));
    }

    void malformed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        const QByteArray data(64, '\0');
        QTest::newRow("empty file") << QByteArray() << "not an NPY array";
        QTest::newRow("short magic") << QByteArray("\x93NUMP") << "not an NPY array";
        QTest::newRow("magic only") << QByteArray("\x93NUMPY") << "ends inside its version";
        QTest::newRow("no length") << QByteArray("\x93NUMPY\1\0\5", 9) << "ends inside its header length";
        QTest::newRow("version 0.0") << QByteArray("\x93NUMPY\0\0\2\0{}", 12) << "version 0.0 is unknown";
        QTest::newRow("version 4.0") << QByteArray("\x93NUMPY\4\0\2\0\0\0{}", 14) << "version 4.0 is unknown";
        QTest::newRow("version 1.1") << QByteArray("\x93NUMPY\1\1\2\0{}", 12) << "version 1.1 is unknown";
        QTest::newRow("header past the end") << withLength32(2, 100, "{}") << "header length is 100";
        QTest::newRow("header length 2^32 - 1") << withLength32(2, 0xFFFFFFFF, "{}") << "header length is 4294967295";
        QTest::newRow("header length 0") << version1("", data) << "header length is 0";
        QTest::newRow("header of 1 MiB") << withLength32(2, 1 << 20, QByteArray(1 << 20, ' ')) << "expected 1 to 10000";
        QTest::newRow("no dictionary") << version1("descr\n", data) << "'{' was expected";
        QTest::newRow("open brace") << version1(dict("'<f4'", "(2,)").replace("}", ""), data) << "was expected";
        QTest::newRow("text behind") << version1(dict("'<f4'", "(2,)") + "x", data) << "text follows";
        QTest::newRow("extra key") << version1("{'x': 1, " + dict("'<f4'", "(2,)").mid(1), data) << "unknown key 'x'";
        QTest::newRow("missing key") << version1("{'descr': '<f4', 'shape': (2,)}", data)
                                     << "the key 'fortran_order' is missing";
        QTest::newRow("no keys") << version1("{}", data) << "the key 'descr' is missing";
        QTest::newRow("key twice") << version1("{'shape': (2,), " + dict("'<f4'", "(2,)").mid(1), data)
                                   << "'shape' stands there twice";
        for (const char *shape : {"[2]", "2", "(-1,)", "(+1,)", "(1_0,)", "(0x2,)", "(0, 2**63)", "(2 3)", "(,)",
                                  "(2,,3)", "((2,),)", "(18446744073709551616,)", "(2.0,)", "None", "(2,", "(True,)"})
            QTest::addRow("shape %s", shape) << version1(dict("'<f4'", shape), data) << "NPY header";
        QTest::newRow("shape (3)") << version1(dict("'<f4'", "(3)"), data) << "must be a tuple";
        QTest::newRow("shape with 2^63") << version1(dict("'<f4'", "(9223372036854775808,)"), data) << "2^64 - 1 bytes";
        QTest::newRow("product overflow")
            << version1(dict("'<f4'", "(4294967296, 4294967296)"), data) << "2^64 - 1 bytes";
        QTest::newRow("overflow beside zero")
            << version1(dict("'<f4'", "(0, 9223372036854775807)"), data) << "2^64 - 1 bytes";
        QTest::newRow("33 dimensions") << version1(dict("'<f4'", "(" + QByteArray("1,").repeated(33) + ")"), data)
                                       << "more than 32 dimensions";
        for (const char *order : {"1", "0", "'True'", "true", "None"})
            QTest::addRow("fortran_order %s", order)
                << version1(dict("'<f4'", "(2,)", order), data) << "must be True or False";
        QTest::newRow("objects") << version1(dict("'|O'", "(2,)"), data) << "object arrays are refused";
        QTest::newRow("structure") << version1(dict("[('a', '<f4')]", "(2,)"), data) << "structured arrays";
        for (const char *descr :
             {"<U5", "|S3", "<f3", "<f16", "|c16", "|V0", "|V3", "", "<", "f4", "<m8", "|f4", "<f4 "})
            QTest::addRow("descr '%s'", descr)
                << version1(dict("'" + QByteArray(descr) + "'", "(2,)"), data) << "is not supported";
        QTest::newRow("descr is a number") << version1(dict("4", "(2,)"), data) << "a string in quotes was expected";
        QTest::newRow("escapes") << version1(dict("'\\x3cf4'", "(2,)"), data) << "escapes in strings";
        QTest::newRow("open string") << version1("{'descr", data) << "not closed";
        QTest::newRow("zero byte") << version1(QByteArray("{\0}", 3), data) << "NPY header";
        QTest::newRow("data short by 1") << version1(dict("'<f4'", "(4, 4)"), QByteArray(63, '\0'))
                                         << "needs 64 bytes of data, but only 63 follow";
        QTest::newRow("far more than there is")
            << version1(dict("'<f4'", "(1000000000000,)"), data) << "only 64 follow";
        QTest::newRow("nested braces") << version1(QByteArray("{").repeated(9000), data) << "a string in quotes";
    }

    void malformed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        const auto array = parse(bytes);
        QVERIFY(!array);
        QCOMPARE(array.error().code, ErrorCode::Input);
        const QString text = QString::fromStdString(array.error().text());
        QVERIFY2(text.contains(message), qPrintable(text));
        QVERIFY2(text.contains("NPY") && text.contains("'x'"), qPrintable(text));
        QVERIFY2(!text.contains('\n') && text.size() < 500, qPrintable(text));
    }

    void everyPrefixIsAnError()
    {
        const QByteArray whole = version1(dict("'<f4'", "(2, 3)"), QByteArray(24, '\0'));
        QVERIFY(parse(whole));
        for (qsizetype size = 0; size < whole.size(); ++size)
            QVERIFY2(!parse(whole.left(size)), qPrintable(QString::number(size)));
    }

    void matrices_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("rows");
        const std::vector<float> rowMajor{1, 2, 3, 4, 5, 6};
        const std::vector<float> columnMajor{1, 4, 2, 5, 3, 6};
        const std::vector<double> doubles{1, 2, 3, 4, 5, 6};
        QTest::newRow("f4") << version1(dict("'<f4'", "(2, 3)"), raw(rowMajor)) << 2;
        QTest::newRow("f4, big-endian") << version1(dict("'>f4'", "(2, 3)"), raw(rowMajor, true)) << 2;
        QTest::newRow("f4, Fortran") << version1(dict("'<f4'", "(2, 3)", "True"), raw(columnMajor)) << 2;
        QTest::newRow("f8") << version1(dict("'<f8'", "(2, 3)"), raw(doubles)) << 2;
        QTest::newRow("f8, unaligned") << version1(" " + dict("'<f8'", "(2, 3)"), raw(doubles)) << 2;
        QTest::newRow("one sample") << version1(dict("'<f4'", "(6,)"), raw(rowMajor)) << 1;
        QTest::newRow("one sample, Fortran") << version1(dict("'<f4'", "(6,)", "True"), raw(rowMajor)) << 1;
    }

    void matrices()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, rows);
        const auto matrix = loadNpyMatrix(write(bytes));
        QVERIFY2(matrix, matrix ? "" : matrix.error().text().c_str());
        QCOMPARE(matrix->rows, static_cast<std::uint64_t>(rows));
        QCOMPARE(matrix->cols, static_cast<std::uint64_t>(6 / rows));
        QCOMPARE(matrix->values, (std::vector<float>{1, 2, 3, 4, 5, 6}));
    }

    void wrongMatrices_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        QTest::newRow("integers") << version1(dict("'<i4'", "(2, 3)"), QByteArray(24, '\0')) << "not i32";
        QTest::newRow("f2") << version1(dict("'<f2'", "(2, 3)"), QByteArray(12, '\0')) << "not f16";
        QTest::newRow("3 axes") << version1(dict("'<f4'", "(2, 3, 1)"), QByteArray(24, '\0')) << "not [2, 3, 1]";
        QTest::newRow("one number") << version1(dict("'<f4'", "()"), QByteArray(4, '\0')) << "not []";
    }

    void wrongMatrices()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        const auto matrix = loadNpyMatrix(write(bytes));
        QVERIFY(!matrix);
        QCOMPARE(matrix.error().code, ErrorCode::Input);
        QVERIFY2(QString::fromStdString(matrix.error().text()).contains(message), matrix.error().text().c_str());
    }

    void emptyMatrix()
    {
        const auto matrix = loadNpyMatrix(write(version1(dict("'<f4'", "(0, 3)"))));
        QVERIFY(matrix);
        QCOMPARE(matrix->rows, std::uint64_t(0));
        QVERIFY(matrix->values.empty());
    }

    void labels_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("i8") << version1(dict("'<i8'", "(3,)"), raw<qint64>({1, 0, 7}));
        QTest::newRow("i4, big-endian") << version1(dict("'>i4'", "(3,)"), raw<qint32>({1, 0, 7}, true));
        QTest::newRow("u8") << version1(dict("'<u8'", "(3,)"), raw<quint64>({1, 0, 7}));
        QTest::newRow("u1") << version1(dict("'|u1'", "(3,)"), raw<quint8>({1, 0, 7}));
        QTest::newRow("i2") << version1(dict("'<i2'", "(3,)"), raw<qint16>({1, 0, 7}));
    }

    void labels()
    {
        QFETCH(QByteArray, bytes);
        const auto labels = loadNpyLabels(write(bytes));
        QVERIFY2(labels, labels ? "" : labels.error().text().c_str());
        QCOMPARE(*labels, (std::vector<std::int64_t>{1, 0, 7}));
    }

    void wrongLabels()
    {
        QVERIFY(!loadNpyLabels(write(version1(dict("'<f4'", "(3,)"), QByteArray(12, '\0')))));
        QVERIFY(!loadNpyLabels(write(version1(dict("'<i4'", "(3, 1)"), QByteArray(12, '\0')))));
        QVERIFY(!loadNpyLabels(write(version1(dict("'<u8'", "(1,)"), QByteArray(8, '\xFF')))));
        QVERIFY(!loadNpyLabels(m_folder.filePath("missing.npy").toStdString()));
    }

private:
    std::string write(const QByteArray &bytes)
    {
        QFile target(m_folder.filePath("x.npy"));
        if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size())
            qFatal("cannot write");
        return target.fileName().toStdString();
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestNpy)
#include "tst_formats_npy.moc"
