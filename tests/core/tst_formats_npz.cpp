// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NPY and NPZ files as models: places, orders, what is listed only, what is refused.
#include "core/base/input_file.h"
#include "core/formats/npz.h"
#include "core/formats/open_model.h"
#include "tests/support/tensor_content.h"
#include "tests/support/test_model.h"
#include "tests/support/zip_bytes.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace qs;
using namespace qs::test;

namespace {

QByteArray npy(const QByteArray &descr, const QByteArray &shape, const QByteArray &data, const char *fortran = "False")
{
    const QByteArray header = "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + "}\n";
    return QByteArray("\x93NUMPY\1\0", 8) + little(static_cast<std::uint64_t>(header.size()), 2) + header + data;
}

const QByteArray kData("abcdefghijklmnopqrstuvwx");
const QByteArray kArray = npy("<f4", "(2, 3)", kData);

std::string textOf(const Result<std::shared_ptr<const Model>> &model)
{
    return model ? std::string() : model.error().text();
}

} // namespace

class TestNpz : public QObject
{
    Q_OBJECT

private slots:
    void arrays_data()
    {
        QTest::addColumn<QByteArray>("array");
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("shape");
        QTest::addColumn<QString>("strides");
        QTest::addColumn<bool>("bigEndian");
        QTest::addColumn<QString>("warning");
        const auto row = [](const char *name, const QByteArray &array, const char *type, const char *shape,
                            const char *strides, bool big = false, const char *warning = "") {
            QTest::newRow(name) << array << type << shape << strides << big << warning;
        };
        row("f4", kArray, "f32", "[2, 3]", "[]");
        row("big-endian", npy(">f4", "(6,)", kData), "f32", "[6]", "[]", true);
        row("Fortran", npy("<f4", "(2, 3)", kData, "True"), "f32", "[2, 3]", "[1, 2]");
        row("Fortran, three axes", npy("<i2", "(2, 3, 2)", kData, "True"), "i16", "[2, 3, 2]", "[1, 2, 6]");
        row("Fortran, one axis", npy("<f4", "(6,)", kData, "True"), "f32", "[6]", "[]");
        row("Fortran, nothing", npy("<f4", "(0, 3)", "", "True"), "f32", "[0, 3]", "[]");
        row("scalar", npy("<f8", "()", kData.left(8)), "f64", "[]", "[]");
        row("perhaps bfloat16", npy("|V2", "(3, 4)", kData), "v2", "[3, 4]", "[]", false,
            "1 of 1 arrays have elements of type v2: NumPy says only that these elements have two bytes (often "
            "bfloat16); they are 'x'");
        row("wide complex", npy("<c16", "(1,)", kData.left(16)), "c128", "[1]", "[]", false, "complex numbers");
    }

    void arrays()
    {
        QFETCH(QByteArray, array);
        QFETCH(QString, type);
        QFETCH(QString, shape);
        QFETCH(QString, strides);
        QFETCH(bool, bigEndian);
        QFETCH(QString, warning);
        for (const QByteArray &bytes : {array, zipBytes({ZipEntry::stored("x.npy", array)}),
                                        zipBytes({ZipEntry::stored("y/", ""), ZipEntry::packed("x.npy", array)})}) {
            const auto model = open(bytes);
            QVERIFY2(model, textOf(model).c_str());
            QCOMPARE((*model)->tensors.size(), std::size_t(1));
            const TensorInfo &tensor = (*model)->tensors[0];
            QCOMPARE(tensor.name, std::string("x"));
            QCOMPARE(QString::fromStdString(std::string(tensor.typeName())), type);
            QCOMPARE(QString::fromStdString(shapeText(tensor.shape)), shape);
            QCOMPARE(QString::fromStdString(shapeText(tensor.strides)), strides);
            QCOMPARE(tensor.bigEndian, bigEndian);
            QCOMPARE(test::contentOf((*model)->view(0)), kData.left(static_cast<qsizetype>(tensor.byteSize)));
            QCOMPARE((*model)->warnings.size(), std::size_t(warning.isEmpty() ? 0 : 1));
            if (!warning.isEmpty())
                QVERIFY2((*model)->warnings[0].str().find(warning.toStdString()) != std::string::npos,
                         (*model)->warnings[0].str().c_str());
        }
    }

    void severalArrays()
    {
        const auto model = open(zipBytes({ZipEntry::packed("a/b.npy", kArray), ZipEntry::stored("c.npy", kArray),
                                          ZipEntry::packed("d.npy", npy("<f4", "(6,)", kData)),
                                          ZipEntry::stored("readme.txt", "x"), ZipEntry::stored("n.npz", "PK")}));
        QVERIFY2(model, textOf(model).c_str());
        QCOMPARE((*model)->format, std::string("npz"));
        std::vector<std::string> names;
        for (std::size_t i = 0; i < 3; ++i) {
            names.push_back((*model)->tensors[i].name);
            QCOMPARE(test::contentOf((*model)->view(i)), kData);
        }
        QCOMPARE(names, (std::vector<std::string>{"a/b", "c", "d"}));
        QCOMPARE((*model)->warnings.size(), std::size_t(1));
        QCOMPARE((*model)->warnings[0].str(),
                 std::string("2 entries are no arrays and were ignored: 'readme.txt', 'n.npz'"));
    }

    void malformed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        const auto stored = [](const QByteArray &array) { return zipBytes({ZipEntry::stored("x.npy", array)}); };
        QTest::newRow("objects") << stored(npy("|O", "(2,)", kData)) << "object arrays are refused";
        QTest::newRow("no array") << stored("abc") << "not an NPY array";
        QTest::newRow("data short") << stored(kArray.chopped(1)) << "needs 24 bytes of data, but only 23 follow";
        QTest::newRow("data behind the array") << stored(kArray + "x") << "the entry has";
        QTest::newRow("objects, packed") << zipBytes({ZipEntry::packed("x.npy", npy("|O", "(2,)", kData))})
                                         << "object arrays are refused";
        QTest::newRow("data behind the packed array")
            << zipBytes({ZipEntry::packed("x.npy", kArray + "x")}) << "the entry has";
        ZipEntry damaged = ZipEntry::packed("x.npy", kArray);
        damaged.crc ^= 1;
        QTest::newRow("checksum") << zipBytes({damaged}) << "it is damaged";
        QTest::newRow("claim without data")
            << zipBytes({ZipEntry::packed("x.npy", npy("|u1", "(1000000000000,)", QByteArray(1 << 20, '\0')))})
            << "needs 1000000000000 bytes of data";
    }

    /// Deflate packs zeros a thousand to one, and they are weights like others.
    void zerosOpen()
    {
        const QByteArray zeros = npy("|u1", "(100000000,)", QByteArray(100'000'000, '\0'));
        QTemporaryDir folder;
        const auto model =
            openModel(test::writeFile(folder, "zeros.npz", zipBytes({ZipEntry::packed("x.npy", zeros)})), {});
        QS_VERIFY(model);
        QCOMPARE((*model)->parameters(), 100'000'000U);
    }

    void malformed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        const auto model = open(bytes);
        QVERIFY(!model);
        QCOMPARE(model.error().code, ErrorCode::Input);
        const QString text = QString::fromStdString(model.error().text());
        QVERIFY2(text.contains(message), qPrintable(text));
        QVERIFY2(text.contains("ZIP entry 'x.npy'") && text.contains("byte "), qPrintable(text));
    }

    void everyPrefixIsAnError()
    {
        for (const QByteArray &whole :
             {zipBytes({ZipEntry::stored("x.npy", kArray)}), kArray, zipBytes({ZipEntry::packed("x.npy", kArray)})}) {
            const FormatReader &reader = whole == kArray ? kNpyReader : kNpzReader;
            QVERIFY(fromMemory(reader, whole));
            for (qsizetype size = 0; size < whole.size(); ++size)
                QVERIFY2(!fromMemory(reader, whole.left(size)), qPrintable(QString::number(size)));
        }
    }

private:
    Result<std::shared_ptr<const Model>> open(const QByteArray &bytes)
    {
        QFile target(m_folder.filePath("x.data"));
        if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size())
            qFatal("cannot write");
        target.close();
        return openModel(target.fileName().toStdString(), {});
    }

    static Result<Model> fromMemory(const FormatReader &reader, const QByteArray &bytes)
    {
        Model model;
        const auto size = static_cast<std::size_t>(bytes.size());
        QS_CHECK(reader.read(InputFile::fromMemory(std::as_bytes(std::span(bytes.constData(), size)), "x"), model, {}));
        return model;
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestNpz)
#include "tst_formats_npz.moc"
