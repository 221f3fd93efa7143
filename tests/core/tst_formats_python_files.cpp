// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Files that NumPy and PyTorch write read back equal; real files of other people, too.
#include "core/formats/open_model.h"
#include "core/quant/stored.h"
#include "tests/support/tensor_content.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cstring>

#include <nlohmann/json.hpp>

using namespace qs;

namespace {

constexpr const char *kPython = "/usr/bin/python3";

std::size_t elementBytes(const TensorInfo &tensor)
{
    return tensor.encoding ? tensor.encoding->blockBytes : bitsOf(tensor.dtype) / 8;
}

/// Bytes of one number: complex ones are two.
std::size_t numberBytes(const TensorInfo &tensor)
{
    const bool isComplex = tensor.dtype == DType::C64 || tensor.encoding;
    return elementBytes(tensor) / (isComplex ? 2 : 1);
}

/// All elements in order, packed and little-endian, by the plainest walk over all indices.
QByteArray valuesOf(const Model &model, std::size_t index)
{
    const TensorInfo &tensor = model.tensors[index];
    const QByteArray bytes = test::contentOf(model.view(index));
    const std::size_t size = elementBytes(tensor);
    QByteArray result;
    for (std::uint64_t element = 0; element < tensor.elements(); ++element) {
        std::uint64_t source = element;
        if (!tensor.strides.empty()) {
            source = 0;
            std::uint64_t rest = element;
            for (std::size_t axis = tensor.shape.size(); axis-- > 0;) {
                source += rest % tensor.shape[axis] * tensor.strides[axis];
                rest /= tensor.shape[axis];
            }
        }
        QByteArray value = bytes.mid(static_cast<qsizetype>(source * size), static_cast<qsizetype>(size));
        const auto step = static_cast<qsizetype>(numberBytes(tensor));
        for (qsizetype at = 0; tensor.bigEndian && at < value.size(); at += step)
            std::reverse(value.begin() + at, value.begin() + at + step);
        result += value;
    }
    return result;
}

QByteArray run(const QStringList &arguments)
{
    QProcess process;
    process.start(kPython, arguments);
    if (!process.waitForFinished(120'000) || process.exitCode() != 0)
        qFatal("python3 with numpy and torch is needed: %s", process.readAllStandardError().constData());
    return process.readAllStandardOutput();
}

} // namespace

class TestPythonFiles : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        run({QUANTOSCOPE_SOURCE_DIR "/tests/data/formats/make_files.py", m_folder.path()});
        QFile file(m_folder.filePath("expected.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_expected = nlohmann::json::parse(file.readAll().toStdString());
        QVERIFY(m_expected.size() > 40);
    }

    /// Nothing but the pickled tensors says what these codes mean, so other kinds of files get their values only.
    void codesOfPyTorchAreNotCopied()
    {
        const auto model = openModel(m_folder.filePath("quantized.pt").toStdString(), {});
        QS_VERIFY(model);
        const std::string target = m_folder.filePath("quantized.safetensors").toStdString();
        const auto written = test::writeAs("safetensors", **model, defaultRecipe(**model), target);
        QVERIFY(!written);
        QVERIFY(written.error().text().find("only a file of its own kind") != std::string::npos);
        QVERIFY(!QFile::exists(QString::fromStdString(target)));
        QS_VERIFY(test::writeAs("float", **model, defaultRecipe(**model), target));
        const auto again = openModel(target, {});
        QS_VERIFY(again);
        QCOMPARE((*again)->layers.size(), (*model)->layers.size());
        QVERIFY((*again)->warnings.empty());
    }

    void readBackEqual_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto &[name, content] : m_expected.items())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

    void readBackEqual()
    {
        QFETCH(QString, name);
        const auto model = openModel(m_folder.filePath(name).toStdString(), {});
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        const nlohmann::json &expected = m_expected[name.toStdString()];
        if (expected.contains("dequantized")) {
            compareCodes(**model, expected["dequantized"]);
            return;
        }
        compare(**model, expected["tensors"]);
        nlohmann::json aliases = nlohmann::json::object();
        for (const auto &[alias, original] : (*model)->aliases)
            aliases[(*model)->tensors[alias].name] = (*model)->tensors[original].name;
        QCOMPARE(aliases.dump(), expected.value("aliases", nlohmann::json::object()).dump());
        QCOMPARE((*model)->foreignGlobals, expected.value("foreign", std::vector<std::string>()));
    }

    void nothingWasRun() { QVERIFY(!QFile::exists(m_folder.filePath("was-run"))); }

    /// What torch.load makes of other people's files.
    void realFiles()
    {
        const QString folder = qEnvironmentVariable("QUANTOSCOPE_MODELS");
        if (folder.isEmpty()) {
            qInfo("QUANTOSCOPE_MODELS is not set");
            return;
        }
        const QStringList files = QDir(folder).entryList({"*.pth", "*.pt"});
        QVERIFY(!files.isEmpty());
        for (const QString &file : files) {
            const auto expected = nlohmann::json::parse(run({"-c", R"(
import json, sys, torch
state = torch.load(sys.argv[1], map_location="cpu")
names = {torch.float32: "f32", torch.int64: "i64"}
print(json.dumps({k: [names[v.dtype], list(v.shape), v.contiguous().numpy().tobytes().hex()] for k, v in state.items()})))",
                                                             folder + "/" + file})
                                                            .toStdString());
            const auto model = openModel((folder + "/" + file).toStdString(), {});
            QVERIFY2(model, model ? "" : model.error().text().c_str());
            QVERIFY((*model)->warnings.empty() && (*model)->foreignGlobals.empty());
            compare(**model, expected);
        }
    }

private:
    static void compare(const Model &model, const nlohmann::json &expected)
    {
        QCOMPARE(model.tensors.size(), expected.size());
        for (std::size_t i = 0; i < model.tensors.size(); ++i) {
            const TensorInfo &tensor = model.tensors[i];
            QVERIFY2(expected.contains(tensor.name), tensor.name.c_str());
            const nlohmann::json &entry = expected[tensor.name];
            QCOMPARE(std::string(tensor.typeName()), entry[0].get<std::string>());
            QCOMPARE(tensor.shape, entry[1].get<std::vector<std::uint64_t>>());
            QVERIFY2(valuesOf(model, i).toHex().toStdString() == entry[2].get<std::string>(), tensor.name.c_str());
        }
    }

    static void compareCodes(const Model &model, const nlohmann::json &expected)
    {
        QCOMPARE(model.layers.size(), expected.size());
        for (const Layer &layer : model.layers) {
            QVERIFY2(layer.stored, layer.keptReason.str().c_str());
            const auto stored = storedQuantization(model, layer, {});
            QVERIFY2(stored, stored ? "" : stored.error().text().c_str());
            const LayerValues values(model, layer, layer.channelAxis, &*stored);
            const MatrixShape shape = values.blocks().shape();
            std::vector<float> found;
            QVERIFY(values.read({0, shape.channels, 0, shape.weights}, found));
            const nlohmann::json &entry = expected[layer.name];
            QCOMPARE(model.tensorOf(layer).shape, entry[1].get<std::vector<std::uint64_t>>());
            const QByteArray bytes = QByteArray::fromHex(QByteArray::fromStdString(entry[2].get<std::string>()));
            std::vector<float> reference(found.size());
            QCOMPARE(bytes.size(), static_cast<qsizetype>(found.size() * sizeof(float)));
            std::memcpy(reference.data(), bytes.constData(), found.size() * sizeof(float));
            for (std::uint64_t c = 0; c < shape.channels; ++c) {
                for (std::uint64_t w = 0; w < shape.weights; ++w) {
                    const std::uint64_t at = layer.channelAxis == 0 ? c * shape.weights + w : w * shape.channels + c;
                    QVERIFY2(qFuzzyCompare(found[c * shape.weights + w] + 1, reference[at] + 1), layer.name.c_str());
                }
            }
        }
    }

    QTemporaryDir m_folder;
    nlohmann::json m_expected;
};

QTEST_GUILESS_MAIN(TestPythonFiles)
#include "tst_formats_python_files.moc"
