// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Opening models: shards, folders, content that is recognised or refused.
#include "core/formats/model_location.h"
#include "core/formats/open_model.h"
#include "tests/support/safetensors_bytes.h"
#include "tests/support/tensor_content.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cstring>
#include <memory>

using namespace qs;
using qs::test::safetensorsBytes;

class TestOpenModel : public QObject
{
    Q_OBJECT

private slots:
    void locations_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isDemo");
        QTest::addColumn<QString>("rest");
        QTest::newRow("file") << "a/b.safetensors" << false << "a/b.safetensors";
        QTest::newRow("built-in") << "demo:digits" << true << "digits";
        QTest::newRow("no name") << "demo:" << true << "";
        QTest::newRow("file that begins alike") << "demo.safetensors" << false << "demo.safetensors";
        QTest::newRow("file in a folder that begins alike") << "./demo:digits" << false << "./demo:digits";
        QTest::newRow("nothing") << "" << false << "";
    }

    void locations()
    {
        QFETCH(const QString, text);
        QFETCH(const bool, isDemo);
        QFETCH(const QString, rest);
        const ModelLocation location = ModelLocation::parse(text.toStdString());
        QCOMPARE(location.isDemo(), isDemo);
        QCOMPARE(isDemo ? *location.demo : location.path, rest.toStdString());
        QCOMPARE(location.text(), text.toStdString());
    }

    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void shards()
    {
        shard("one", "a.weight", 1.F);
        shard("two", "b.weight", 2.F);
        index(R"({"metadata":{"total_size":1.5e3},"weight_map":{"a.weight":"one","b.weight":"two"}})");
        const auto model = openModel(indexPath(), {});
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QVERIFY((*model)->warnings.empty() && (*model)->missingFiles.empty());
        QVERIFY(requireComplete(**model));
        QCOMPARE((*model)->layers.size(), std::size_t(2));
        QCOMPARE(test::elementsOf<float>((*model)->view(*(*model)->findTensor("b.weight"))).at(0), 2.F);
        QVERIFY((*model)->readsFrom(indexPath()));
        QVERIFY((*model)->readsFrom(m_folder->filePath("two").toStdString()));
        QVERIFY(!(*model)->readsFrom(m_folder->filePath("other").toStdString()));
        // The folder that holds the index is the model, too.
        QVERIFY(openModel(m_folder->path().toStdString(), {}));
    }

    /// A tree of values is bounded, however short their text is.
    void hugeIndex()
    {
        QByteArray text = R"({"weight_map":{},"x":[0)";
        text.reserve(40'000'000);
        for (int i = 0; i < 10'000'000; ++i)
            text += ",0";
        index(text + "]}");
        const auto model = openModel(indexPath(), {});
        QVERIFY(!model);
        QVERIFY2(model.error().message.str().find("limit") != std::string::npos, model.error().text().c_str());
    }

    void missingShard()
    {
        shard("one", "a.weight", 1.F);
        index(R"({"weight_map":{"a.weight":"one","b.weight":"gone"}})");
        const auto model = openModel(indexPath(), {});
        QVERIFY(model);
        QCOMPARE((*model)->missingFiles, std::vector<std::string>{"gone"});
        QCOMPARE((*model)->warnings.size(), std::size_t(1));
        const auto complete = requireComplete(**model);
        QVERIFY(!complete);
        QCOMPARE(complete.error().code, ErrorCode::Input);
        QVERIFY(complete.error().message.str().find("'gone'") != std::string::npos);
    }

    void shardWarnings()
    {
        shard("one", "a.weight", 1.F);
        shard("two", "a.weight", 2.F);
        shard("three", "b.weight", 3.F);
        index(R"({"weight_map":{"a.weight":"two","c.weight":"three","x":"one"}})");
        // "c.weight" and "x" are not where the index says: listed with a warning, but not complete.
        const auto partial = openModel(indexPath(), {});
        QVERIFY(partial);
        const auto complete = requireComplete(**partial);
        QVERIFY(!complete);
        QVERIFY(complete.error().message.str().find("'three (tensor c.weight)'") != std::string::npos);
        QVERIFY(complete.error().message.str().find("'one (tensor x)'") != std::string::npos);
        shard("three", "c.weight", 3.F);
        index(R"({"weight_map":{"a.weight":"two","c.weight":"three"}})");
        QVERIFY(openModel(indexPath(), {}));
        shard("three", "b.weight", 3.F);
        shard("two", "a.weight", 2.F);
        write("four", safetensorsBytes({{"a.weight", {1, 1}, {9.F}}, {"d.weight", {1, 1}, {4.F}}}));
        index(R"({"weight_map":{"a.weight":"two","d.weight":"four","b.weight":"three"}})");
        const auto model = openModel(indexPath(), {});
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QCOMPARE((*model)->tensors.size(), std::size_t(3));
        QCOMPARE((*model)->warnings.size(), std::size_t(1));
        QVERIFY((*model)->warnings[0].str().find("second shard") != std::string::npos);
        QCOMPARE(test::elementsOf<float>((*model)->view(*(*model)->findTensor("a.weight"))).at(0),
                 2.F); // the index wins
    }

    void wrongIndices_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        const QByteArray map = R"({"weight_map":{"a.weight":%1}})";
        const auto with = [&](const char *value) { return QByteArray(map).replace("%1", value); };
        QTest::newRow("no map") << QByteArray(R"({"metadata":"weight_map"})") << "no object 'weight_map'";
        QTest::newRow("map is a list") << QByteArray(R"({"weight_map":[]})") << "no object 'weight_map'";
        QTest::newRow("truncated") << QByteArray(R"({"weight_map":{"a.weight":"one")") << "not valid JSON";
        QTest::newRow("object as file") << with(R"({"file":"one"})") << "must be a file name, not an object";
        QTest::newRow("tensor twice") << QByteArray(R"({"weight_map":{"a":"one","a":"two"}})") << "stands twice";
        for (const char *name : {R"("")", R"(".")", R"("..")", R"("../one")", R"("/etc/passwd")", R"("sub/one")",
                                 R"("sub\\one")", R"("one\u0000")"})
            QTest::addRow("file %s", name) << with(name) << "must be a file name without a folder";
        QTest::newRow("damaged shard") << with(R"("bad")") << "header length";
        QTest::newRow("shard is a folder") << with(R"("sub")") << "not a file but a folder";
    }

    void wrongIndices()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, message);
        QVERIFY(QDir(m_folder->path()).mkpath("sub"));
        shard("one", "a.weight", 1.F);
        write("bad", "short");
        index(text);
        const auto model = openModel(indexPath(), {});
        QVERIFY(!model);
        QCOMPARE(model.error().code, ErrorCode::Input);
        const QString found = QString::fromStdString(model.error().text());
        QVERIFY2(found.contains(message), qPrintable(found));
    }

    void linkedShards()
    {
        QTemporaryDir elsewhere;
        const QString target = elsewhere.filePath("blob");
        shard("blob", "a.weight", 1.F);
        QVERIFY(QFile::rename(m_folder->filePath("blob"), target));
        QVERIFY(QFile::link(target, m_folder->filePath("one")));
        index(R"({"weight_map":{"a.weight":"one"}})");
        const auto model = openModel(indexPath(), {});
        QVERIFY(model);
        QCOMPARE((*model)->warnings.size(), std::size_t(1));
        QVERIFY((*model)->warnings[0].str().find(target.toStdString()) != std::string::npos);
    }

    void folders()
    {
        const std::string folder = m_folder->path().toStdString();
        auto model = openModel(folder, {});
        QVERIFY(!model);
        QCOMPARE(model.error().message.str(), std::string("the folder holds no model file"));
        write("one.safetensors", safetensorsBytes({{"a.weight", {1, 1}, {1.F}}}));
        QVERIFY(openModel(folder, {}));
        write("two.safetensors", safetensorsBytes({{"a.weight", {1, 1}, {1.F}}}));
        model = openModel(folder, {});
        QVERIFY(!model);
        QCOMPARE(model.error().code, ErrorCode::Input);
        QCOMPARE(model.error().message.str(), std::string("the folder holds 2 model files, name one of them: "
                                                          "'one.safetensors', 'two.safetensors'"));
        // Files of other formats beside the one model are not asked about.
        QVERIFY(QFile::remove(m_folder->filePath("two.safetensors")));
        for (const char *name : {"inputs.npy", "inputs.npz", "optimizer.bin"})
            write(name, "x");
        model = openModel(folder, {});
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QCOMPARE((*model)->format, std::string("safetensors"));
    }

    void otherContent_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        QTest::newRow("empty") << QByteArray() << "the file is empty";
        QTest::newRow("text") << QByteArray("hello, world") << "of no supported format";
        QTest::newRow("GGUF") << QByteArray("GGUF\3\0\0\0", 8) << "GGUF tensor count, byte 8";
        QTest::newRow("NPY") << QByteArray("\x93NUMPY\1\0", 8) << "ends inside its header length";
        QTest::newRow("PyTorch") << QByteArray("PK\3\4") + QByteArray(22, '\0') + QByteArray("\x0e\0\0\0", 4) +
                                        "model/data.pkl"
                                 << "ZIP end of central directory, byte 44";
        QTest::newRow("NPZ") << QByteArray("PK\3\4") + QByteArray(22, '\0') + QByteArray("\5\0\0\0", 4) + "a.npy"
                             << "ZIP end of central directory, byte 35";
        QTest::newRow("ZIP") << QByteArray("PK\3\4") << "ZIP end of central directory, byte 4";
        QTest::newRow("empty ZIP") << QByteArray("PK\5\6") + QByteArray(18, '\0') << "this is an empty ZIP archive";
        QTest::newRow("old PyTorch") << QByteArray("\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19\x2E")
                                     << "the pickle is empty";
        QTest::newRow("pickle") << QByteArray("\x80\x04}.") << "a Python pickle";
        QTest::newRow("tar") << QByteArray(257, 'x') + "ustar" << "a tar archive";
        QTest::newRow("LFS") << QByteArray("version https://git-lfs.github.com/spec/v1\n")
                             << "the real file was not downloaded";
        QTest::newRow("HDF5") << QByteArray("\x89HDF\r\n\x1a\n") << "an HDF5 file";
        QTest::newRow("TFLite") << QByteArray("\x1c\0\0\0TFL3", 8) << "a TensorFlow Lite model";
        QTest::newRow("ORT") << QByteArray("\x1c\0\0\0ORTM", 8) << "an ONNX Runtime model";
        QTest::newRow("ONNX") << QByteArray("\x08\x07\x12\x03"
                                            "abc"
                                            "\x3a\x05",
                                            9)
                              << "ONNX ModelProto, field 7, byte 7";
        QTest::newRow("no ONNX") << QByteArray("\x08\x07\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 12)
                                 << "of no supported format";
        QTest::newRow("JSON") << QByteArray("{}") << "of no supported format";
    }

    void otherContent()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        const QString path = m_folder->filePath("model.data");
        QFile target(path);
        QVERIFY(target.open(QIODevice::WriteOnly));
        target.write(bytes);
        target.close();
        const auto model = openModel(path.toStdString(), {});
        QVERIFY(!model);
        QCOMPARE(model.error().code, ErrorCode::Input);
        const QString text = QString::fromStdString(model.error().text());
        QVERIFY2(text.contains(message), qPrintable(text));
    }

    void contentBeatsTheName()
    {
        write("a.safetensors", "GGUF");
        const auto model = openModel(m_folder->filePath("a.safetensors").toStdString(), {});
        QVERIFY(!model);
        QVERIFY(QString::fromStdString(model.error().where.str()).contains("GGUF version, byte 4"));
        shard("model.gguf", "a.weight", 1.F);
        QVERIFY(openModel(m_folder->filePath("model.gguf").toStdString(), {}));
    }

private:
    void write(const QString &name, const QByteArray &bytes)
    {
        QFile target(m_folder->filePath(name));
        if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size())
            qFatal("cannot write");
    }
    void shard(const QString &name, const std::string &tensor, float value)
    {
        write(name, safetensorsBytes({{tensor, {1, 1}, {value}}}));
    }
    std::string indexPath() const { return m_folder->filePath("model.safetensors.index.json").toStdString(); }
    void index(const QByteArray &text) { write("model.safetensors.index.json", text); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestOpenModel)
#include "tst_formats_open_model.moc"
