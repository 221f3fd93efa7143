// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX files as the onnx package reads them (tests/data/golden/onnx_judge.py), and real models.
#include "core/base/input_file.h"
#include "core/quant/stored.h"
#include "core/tensor/small_floats.h"
#include "tests/support/tensor_content.h"
#include "tests/support/test_model.h"

#include <QCryptographicHash>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>

using namespace qs;
using namespace qs::test;

namespace {

const std::map<std::string, std::string> kTypes{
    {"FLOAT", "f32"},     {"UINT8", "u8"},   {"INT8", "i8"},    {"UINT16", "u16"},    {"INT16", "i16"},
    {"INT32", "i32"},     {"INT64", "i64"},  {"BOOL", "bool"},  {"FLOAT16", "f16"},   {"DOUBLE", "f64"},
    {"BFLOAT16", "bf16"}, {"UINT32", "u32"}, {"UINT64", "u64"}, {"COMPLEX64", "c64"},
};

nlohmann::json judge(const QStringList &arguments)
{
    QProcess python;
    python.start("/usr/bin/python3",
                 QStringList{QUANTOSCOPE_SOURCE_DIR "/tests/data/golden/onnx_judge.py"} + arguments);
    if (!python.waitForFinished(120'000) || python.exitCode() != 0)
        qFatal("the judge failed: %s", python.readAllStandardError().constData());
    const QByteArray out = python.readAllStandardOutput();
    return nlohmann::json::parse(out.constData(), out.constData() + out.size());
}

/// Hash of the bytes of a tensor, of bf16 as float32.
std::string hashOf(const TensorView &view)
{
    QByteArray bytes = test::contentOf(view);
    if (view.info->dtype == DType::BF16) {
        std::vector<float> values;
        for (qsizetype i = 0; i + 1 < bytes.size(); i += 2) {
            std::uint16_t code = 0;
            std::memcpy(&code, bytes.constData() + i, sizeof code);
            values.push_back(fromBf16(code));
        }
        bytes = floatBytes(values);
    }
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().toStdString();
}

/// True when `name` is the judge's name, perhaps behind the path of a subgraph or with a number.
bool isNamed(const std::string &name, const std::string &expected)
{
    return name == expected || name.ends_with("/" + expected) || name.find("/" + expected + "#") != std::string::npos;
}

/// Every tensor of the judge is there once, with the same type, shape and values. Strings are ours alone.
void compareFile(const nlohmann::json &file)
{
    const auto opened = openModel(file.at("path"), {});
    QS_VERIFY(opened);
    const Model &model = **opened;
    std::vector<bool> taken(model.tensors.size());
    for (const auto &expected : file.at("tensors")) {
        bool found = false;
        for (std::size_t i = 0; i < model.tensors.size() && !found; ++i) {
            const TensorInfo &info = model.tensors[i];
            found =
                !taken[i] && isNamed(info.name, expected.at("name")) &&
                info.shape == expected.at("shape").get<std::vector<std::uint64_t>>() &&
                (expected.at("type") == "COMPLEX128" ? "c128" : kTypes.at(expected.at("type"))) == info.typeName() &&
                hashOf(model.view(i)) == expected.at("sha256").get<std::string>();
            if (found)
                taken[i] = true;
        }
        QVERIFY2(found, expected.dump().c_str());
    }
    for (std::size_t i = 0; i < model.tensors.size(); ++i)
        QVERIFY2(taken[i] || model.tensors[i].typeName() == "string", model.tensors[i].name.c_str());
    QCOMPARE(model.metadata.at("onnx.ir_version"), std::to_string(file.at("ir_version").get<int>()));
    const auto producer = model.metadata.find("onnx.producer_name");
    QCOMPARE(producer == model.metadata.end() ? std::string() : producer->second,
             file.at("producer").get<std::string>());
}

/// A file of the folder that QUANTOSCOPE_MODELS names; empty (and one printed line) when it is not there.
QString realModel(const QString &name)
{
    const QString folder = qEnvironmentVariable("QUANTOSCOPE_MODELS");
    const QString path = folder + "/" + name;
    if (!folder.isEmpty() && QFile::exists(path))
        return path;
    qInfo("%s was not tried: QUANTOSCOPE_MODELS names no folder that holds it", qPrintable(name));
    return {};
}

} // namespace

class TestOnnxJudge : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void generatedFiles();
    void codes();
    void realModels_data();
    void realModels();
    void sameWeightsInTwoFormats();

private:
    QTemporaryDir m_folder;
    nlohmann::json m_made;
};

void TestOnnxJudge::initTestCase()
{
    m_made = judge({"--make", m_folder.path()});
}

void TestOnnxJudge::generatedFiles()
{
    QCOMPARE(m_made.at("files").size(), std::size_t(4));
    std::size_t tensors = 0;
    for (const auto &file : m_made.at("files")) {
        tensors += file.at("tensors").size();
        compareFile(file);
        if (QTest::currentTestFailed())
            return;
    }
    QVERIFY(tensors > 200);
}

void TestOnnxJudge::codes()
{
    const auto &expected = m_made.at("codes");
    const auto opened = openModel(expected.at("path"), {});
    QS_VERIFY(opened);
    const Model &model = **opened;
    QCOMPARE(model.layers.size(), expected.at("layers").size());
    for (const auto &entry : expected.at("layers")) {
        const std::string name = entry.at("name");
        const auto layer = std::ranges::find(model.layers, name, &Layer::name);
        QVERIFY2(layer != model.layers.end() && layer->stored, name.c_str());
        QCOMPARE(layer->channelAxis, entry.at("axis").get<int>());
        const auto stored = storedQuantization(model, *layer, {});
        QS_VERIFY(stored);
        const LayerValues values(model, *layer, layer->channelAxis, &*stored);
        const MatrixShape shape = values.blocks().shape();
        std::vector<float> rows;
        QS_VERIFY(values.read({0, shape.channels, 0, shape.weights}, rows));
        QVERIFY2(rows == entry.at("values").get<std::vector<float>>(), layer->name.c_str());
    }
}

void TestOnnxJudge::realModels_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QStringList>("layers"); // the first ones: name, op, axis
    QTest::addColumn<int>("count");
    QTest::newRow("mnist_cntk") << "mnist_cntk.onnx"
                                << QStringList{"Parameter5 conv 0", "Parameter87 conv 0", "Parameter193 matmul 3"} << 3;
    QTest::newRow("dtln_model_1") << "dtln_model_1.onnx"
                                  << QStringList{"dense_2/kernel:0 matmul 1", "lstm_4_R recurrent 1",
                                                 "lstm_4_W recurrent 1", "lstm_5_R recurrent 1", "lstm_5_W recurrent 1"}
                                  << 5;
    QTest::newRow("super_resolution_opset18")
        << "super_resolution_opset18.onnx"
        << QStringList{"_ppp3_kWeights matmul 1", "_ppp12_kWeights matmul 1", "conv1.weight conv 0",
                       "conv2.weight conv 0",     "conv3.weight conv 0",      "conv4.weight conv 0"}
        << 6;
    QTest::newRow("face_slim_320") << "face_slim_320.onnx" << QStringList{"base_net.0.0.weight conv 0"} << 42;
}

void TestOnnxJudge::realModels()
{
    QFETCH(QString, name);
    QFETCH(QStringList, layers);
    QFETCH(int, count);
    const QString path = realModel(name);
    if (path.isEmpty())
        return;
    compareFile(judge({path}).at("files").at(0));
    const auto opened = openModel(path.toStdString(), {});
    QS_VERIFY(opened);
    QStringList found;
    for (const Layer &layer : (*opened)->layers)
        found << QString("%1 %2 %3")
                     .arg(QString::fromStdString(layer.name))
                     .arg(QString::fromStdString(std::string(textOf(layer.op))))
                     .arg(layer.channelAxis);
    QCOMPARE(found.size(), count);
    QCOMPARE(found.mid(0, layers.size()), layers);
    for (const Layer &layer : (*opened)->layers)
        QCOMPARE(layer.keptReason.str(), std::string());
}

void TestOnnxJudge::sameWeightsInTwoFormats()
{
    const QString onnxPath = realModel("face_slim_320.onnx");
    const QString torchPath = realModel("face_slim_320_legacy.pth");
    if (onnxPath.isEmpty() || torchPath.isEmpty())
        return;
    const auto onnx = openModel(onnxPath.toStdString(), {});
    const auto torch = openModel(torchPath.toStdString(), {});
    QS_VERIFY(onnx);
    QS_VERIFY(torch);
    std::size_t same = 0;
    for (std::size_t i = 0; i < (*torch)->tensors.size(); ++i) {
        const auto other = (*onnx)->findTensor((*torch)->tensors[i].name);
        if (!other)
            continue;
        const TensorView a = (*torch)->view(i);
        const TensorView b = (*onnx)->view(*other);
        QCOMPARE(a.info->shape, b.info->shape);
        QVERIFY2(test::contentOf(a) == test::contentOf(b), a.info->name.c_str());
        ++same;
    }
    QVERIFY2(same >= 100, qPrintable(QString::number(same)));
}

QTEST_GUILESS_MAIN(TestOnnxJudge)
#include "tst_formats_onnx_judge.moc"
