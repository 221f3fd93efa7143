// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Files beside an ONNX model that hold its weights: where they may be, and what is refused.
#include "tests/support/protobuf_writer.h"
#include "tests/support/tensor_content.h"
#include "tests/support/test_model.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace qs;
using namespace qs::test;
using namespace qs::test::onnx;

namespace {

QByteArray entry(const QByteArray &key, const QByteArray &value)
{
    return bytesField(13, bytesField(1, key) + bytesField(2, value));
}

/// FLOAT [2, 2] whose values are elsewhere.
QByteArray external(const QByteArray &entries, const QByteArray &name = "w")
{
    return tensor(name, 1, {2, 2}, entries + number(14, 1));
}

QByteArray at(const QByteArray &location)
{
    return entry("location", location);
}

} // namespace

class TestOnnxExternal : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void readable_data();
    void readable();
    void refused_data();
    void refused();
    void oneFileForManyTensors();
    void longLocation();

private:
    Result<std::shared_ptr<const Model>> open(const QByteArrayList &tensors) const
    {
        return openModel(writeFile(*m_folder, "model/m.onnx", modelOf(tensors)), {});
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    const QByteArray m_values = raw<float>({1.F, 2.F, 3.F, 4.F});
};

/// model/m.onnx, model/data.bin, model/sub/data.bin, outside.bin, and things that are no plain files.
void TestOnnxExternal::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QDir root(m_folder->path());
    QVERIFY(root.mkpath("model/sub") && root.mkpath("model/folder") && root.mkpath("elsewhere"));
    for (const char *name : {"model/data.bin", "model/sub/data.bin", "outside.bin", "elsewhere/data.bin"})
        writeFile(*m_folder, name, m_values + "more");
    writeFile(*m_folder, "model/linked.bin", m_values);
    const auto path = [&](const char *name) { return m_folder->filePath(name).toLocal8Bit(); };
    QCOMPARE(::symlink("../outside.bin", path("model/link.bin")), 0);
    QCOMPARE(::symlink("data.bin", path("model/inner_link.bin")), 0);
    QCOMPARE(::symlink("../elsewhere", path("model/link_folder")), 0);
    QCOMPARE(::symlink("nothing", path("model/dangling")), 0);
    QCOMPARE(::mkfifo(path("model/pipe"), 0600), 0);
    QCOMPARE(::link(path("model/linked.bin"), path("second_name.bin")), 0);
}

void TestOnnxExternal::readable_data()
{
    QTest::addColumn<QByteArray>("entries");
    QTest::addColumn<int>("offset");
    QTest::addColumn<QString>("warning");
    QTest::newRow("location") << at("data.bin") << 0 << "";
    QTest::newRow("location in a folder") << at("sub/data.bin") << 0 << "";
    QTest::newRow("doubled slash") << at("sub//data.bin") << 0 << "";
    QTest::newRow("./data.bin") << at("./data.bin") << 0
                                << "a location of external data starts with './': './data.bin'";
    QTest::newRow("offset") << at("data.bin") + entry("offset", "4") << 4 << "";
    QTest::newRow("length") << at("data.bin") + entry("length", "16") << 0 << "";
    QTest::newRow("all keys") << at("data.bin") + entry("offset", "0000000000000000003") + entry("length", "16") +
                                     entry("checksum", "x") + entry("basepath", "/")
                              << 3 << "";
    QTest::newRow("two names of one file") << at("linked.bin") << 0 << "has more than one name: 'linked.bin'";
}

void TestOnnxExternal::readable()
{
    QFETCH(QByteArray, entries);
    QFETCH(int, offset);
    QFETCH(QString, warning);
    const auto model = open({external(entries)});
    QS_VERIFY(model);
    QCOMPARE(test::contentOf((*model)->view(0)), (m_values + "more").mid(offset, 16));
    QCOMPARE((*model)->warnings.size(), warning.isEmpty() ? std::size_t(0) : std::size_t(1));
    if (!warning.isEmpty())
        QVERIFY2((*model)->warnings[0].str().find(warning.toStdString()) != std::string::npos,
                 (*model)->warnings[0].str().c_str());
}

void TestOnnxExternal::refused_data()
{
    QTest::addColumn<QByteArray>("entries");
    QTest::addColumn<QString>("message");
    QTest::newRow("no location") << entry("offset", "0") << "there is no key 'location'";
    QTest::newRow("no entries") << QByteArray() << "there is no key 'location'";
    QTest::newRow("empty") << at("") << "is empty";
    QTest::newRow("absolute") << at("/etc/hostname") << "is absolute";
    QTest::newRow("..") << at("../outside.bin") << "goes up with '..'";
    QTest::newRow("a/../../b") << at("sub/../../outside.bin") << "goes up with '..'";
    QTest::newRow("a/../b") << at("sub/../data.bin") << "goes up with '..'";
    QTest::newRow("../ alone") << at("..") << "goes up with '..'";
    QTest::newRow(". alone") << at(".") << "names no file";
    QTest::newRow("zero byte") << at(QByteArray("data.bin\0x", 10)) << "holds a zero byte";
    QTest::newRow("URL") << at("https://example.org/data.bin") << "is a URL or names a drive";
    QTest::newRow("drive") << at("C:data.bin") << "is a URL or names a drive";
    QTest::newRow("backslash") << at("sub\\data.bin") << "holds a backslash";
    QTest::newRow("trailing slash") << at("data.bin/") << "names no file";
    QTest::newRow("missing") << at("none.bin") << "does not exist beside the model";
    QTest::newRow("missing folder") << at("none/data.bin") << "does not exist beside the model";
    QTest::newRow("link that leads out") << at("link.bin") << "is or goes through a link";
    QTest::newRow("link inside") << at("inner_link.bin") << "is or goes through a link";
    QTest::newRow("link to a folder") << at("link_folder/data.bin") << "is or goes through a link";
    QTest::newRow("dangling link") << at("dangling") << "is or goes through a link";
    QTest::newRow("file as folder") << at("data.bin/x") << "is or goes through a link";
    QTest::newRow("folder") << at("folder") << "not a file but a folder";
    QTest::newRow("pipe") << at("pipe") << "not a regular file";
    for (const char *text : {"-1", "1e3", "0x10", "", " 1", "1 ", "+1", "18446744073709551616", "00000000000000000001"})
        QTest::addRow("offset '%s'", text)
            << at("data.bin") + entry("offset", text) << QString("the offset '%1' is no decimal number").arg(text);
    QTest::newRow("offset at the end") << at("data.bin") + entry("offset", "20")
                                       << "the 16 bytes from byte 20 on, but the file 'data.bin' has 20 bytes";
    QTest::newRow("offset beyond the end")
        << at("data.bin") + entry("offset", "9000000000000000000") << "from byte 9000000000000000000 on";
    QTest::newRow("values beyond the end") << at("data.bin") + entry("offset", "5") << "from byte 5 on";
    QTest::newRow("length too small") << at("data.bin") + entry("length", "15")
                                      << "the length is 15, but the shape [2, 2] of FLOAT needs 16";
    QTest::newRow("length too large") << at("data.bin") + entry("length", "17") << "the length is 17";
    QTest::newRow("length -1") << at("data.bin") + entry("length", "-1") << "the length '-1' is no decimal number";
    QTest::newRow("location twice") << at("data.bin") + at("data.bin") << "the key 'location' stands there twice";
    QTest::newRow("raw_data, too") << at("data.bin") + rawData(QByteArray(16, 'x'))
                                   << "has values here and in an external file";
    QTest::newRow("data_location 2") << at("data.bin") + number(14, 2) << "the value is 2, expected 0 or 1";
}

void TestOnnxExternal::refused()
{
    QFETCH(QByteArray, entries);
    QFETCH(QString, message);
    const auto model = open({external(entries)});
    QVERIFY(!model);
    QCOMPARE(model.error().code, ErrorCode::Input);
    const QString text = QString::fromStdString(model.error().text());
    QVERIFY2(text.contains(message), qPrintable(text));
    QVERIFY2(text.contains("ONNX") && text.contains("byte") && !text.contains('\n'), qPrintable(text));
}

void TestOnnxExternal::oneFileForManyTensors()
{
    const auto model = open({external(at("data.bin"), "a"), external(at("data.bin"), "b"), floats("c", {1}),
                             tensor("d", 7, {1}, bytesField(7, varint(5)))});
    QS_VERIFY(model);
    QCOMPARE((*model)->files.size(), std::size_t(3)); // the model, data.bin, what was unpacked
    QCOMPARE((*model)->tensors[0].file, (*model)->tensors[1].file);
    QCOMPARE(test::contentOf((*model)->view(3)).size(), 8);
    QVERIFY((*model)->readsFrom(m_folder->filePath("model/data.bin").toStdString()));
}

void TestOnnxExternal::longLocation()
{
    const auto model = open({external(at(QByteArray(4097, 'x')))});
    QVERIFY(!model);
    QVERIFY(model.error().text().find("has 4097 bytes, the limit is 4096") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestOnnxExternal)
#include "tst_formats_onnx_external.moc"
