// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Networks built for transformer checkpoints against what transformers makes of them
// (tests/interop/make_transformers.py).
#include "core/network/families/families.h"
#include "core/network/makers.h"
#include "core/network/queries.h"
#include "tests/support/graph_runner.h"
#include "tests/support/test_model.h"

#include <QTest>

#include <cmath>
#include <cstring>

using namespace qs;
using namespace qs::test;

namespace {

const QString kFolder = QUANTOSCOPE_SOURCE_DIR "/tests/data/transformers/";

/// An array of float32 or int64 as numpy saves it.
ValuePtr arrayFrom(const QString &path, MemoryBudget &budget)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    const QByteArray bytes = file.readAll();
    const int headerSize = static_cast<unsigned char>(bytes[8]) + 256 * static_cast<unsigned char>(bytes[9]);
    const QByteArray header = bytes.mid(10, headerSize);
    Shape shape;
    const QByteArray sizes = header.mid(header.indexOf('(') + 1);
    for (const QByteArray &size : sizes.left(sizes.indexOf(')')).split(','))
        if (!size.trimmed().isEmpty())
            shape.push_back(size.trimmed().toLongLong());
    const bool integers = header.contains("'<i8'");
    const auto value = Value::make(integers ? ElementKind::Int : ElementKind::Float, shape, budget);
    if (!value)
        qFatal("%s", value.error().text().c_str());
    const char *const data = bytes.constData() + 10 + headerSize;
    if (integers)
        std::memcpy((*value)->ints().data(), data, (*value)->bytes());
    else
        std::memcpy((*value)->floats().data(), data, (*value)->bytes());
    return *value;
}

double relativeError(const Value &actual, const Value &expected)
{
    double error = 0;
    double signal = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double x = expected.floats()[i];
        error += (actual.floats()[i] - x) * (actual.floats()[i] - x);
        signal += x * x;
    }
    return std::sqrt(error / signal);
}

/// A copy of a checkpoint whose config.json says something else.
std::string withConfig(const QTemporaryDir &folder, const QString &family, const QByteArray &from, const QByteArray &to)
{
    QFile config(kFolder + family + "/config.json");
    if (!config.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(config.fileName()));
    QByteArray text = config.readAll();
    if (!text.contains(from))
        qFatal("config.json has no %s", from.constData());
    writeFile(folder, "config.json", text.replace(from, to));
    QFile::copy(kFolder + family + "/model.safetensors", folder.filePath("model.safetensors"));
    return folder.filePath("model.safetensors").toStdString();
}

} // namespace

class TestNetworkFamilies : public QObject
{
    Q_OBJECT

private slots:
    void equalsTransformers_data();
    void equalsTransformers();
    void layersAreRead_data() { equalsTransformers_data(); }
    void layersAreRead();
    void refusals_data();
    void refusals();
};

void TestNetworkFamilies::equalsTransformers_data()
{
    QTest::addColumn<QString>("family");
    for (const QString &name : QDir(kFolder).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        QTest::newRow(qPrintable(name)) << name;
}

void TestNetworkFamilies::equalsTransformers()
{
    QFETCH(QString, family);
    const auto model = openModel((kFolder + family + "/model.safetensors").toStdString(), {});
    QS_VERIFY(model);
    const auto search = findNetwork(**model, {}, {});
    QS_VERIFY(search);
    QVERIFY2(search->network, search->reason.str().c_str());
    QCOMPARE(search->source.str(), "built from config.json");
    const auto checked = checkOperators(*search->network);
    QS_VERIFY(checked);
    QVERIFY(!firstOutOfOrder(NetworkLinks(*search->network)));
    MemoryBudget budget(std::uint64_t{1} << 26U);
    const ValuePtr input = arrayFrom(kFolder + family + "/input.npy", budget);
    const ValuePtr expected = arrayFrom(kFolder + family + "/output.npy", budget);
    const auto outputs = GraphRunner(**model, *search->network, budget).run(0, std::span(&input, 1));
    QS_VERIFY(outputs);
    QCOMPARE(shapeText(outputs->front()->shape()), shapeText(expected->shape()));
    const double error = relativeError(*outputs->front(), *expected);
    QVERIFY2(error <= 1e-5, qPrintable(QString::number(error)));
}

/// A layer that no node reads would be told to have no error.
void TestNetworkFamilies::layersAreRead()
{
    QFETCH(QString, family);
    const auto model = openModel((kFolder + family + "/model.safetensors").toStdString(), {});
    QS_VERIFY(model);
    const auto network = familyNetwork(**model);
    QS_VERIFY(network);
    const NetworkLinks links(*network);
    for (const Layer &layer : (*model)->layers)
        QVERIFY2(!nodesReading(links, layer.tensor).empty() || layer.name.starts_with("pooler."), layer.name.c_str());
}

void TestNetworkFamilies::refusals_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("message");
    QTest::newRow("family") << QByteArray("\"model_type\": \"llama\"") << QByteArray("\"model_type\": \"mamba2\"")
                            << "config.json says model_type 'mamba2'; networks can be built for llama, mistral, qwen2, "
                               "qwen3, mixtral, qwen3_moe, gemma, phi3, gpt2, bert, roberta, vit";
    QTest::newRow("shape") << QByteArray("\"intermediate_size\": 48") << QByteArray("\"intermediate_size\": 64")
                           << "'model.layers.0.mlp.gate_proj.weight' is [48, 32]; config.json asks for [64, 32]";
    QTest::newRow("missing") << QByteArray("\"num_hidden_layers\": 2") << QByteArray("\"num_hidden_layers\": 3")
                             << "the tensor 'model.layers.2.input_layernorm.weight' is missing";
    QTest::newRow("number") << QByteArray("\"hidden_size\": 32") << QByteArray("\"hidden_size\": -1")
                            << "config.json has no usable number for 'hidden_size'";
    QTest::newRow("activation") << QByteArray("\"hidden_act\": \"silu\"") << QByteArray("\"hidden_act\": \"snake\"")
                                << "the activation 'snake' of config.json is not known";
    QTest::newRow("rope") << QByteArray("\"rope_type\": \"default\"") << QByteArray("\"rope_type\": \"yarn\"")
                          << "rope type 'yarn' is not supported";
}

void TestNetworkFamilies::refusals()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, message);
    const QTemporaryDir folder;
    const auto model = openModel(withConfig(folder, "llama", from, to), {});
    QS_VERIFY(model);
    const auto network = familyNetwork(**model);
    QVERIFY(!network);
    QCOMPARE(QString::fromStdString(network.error().message.str()), message);
}

QTEST_GUILESS_MAIN(TestNetworkFamilies)
#include "tst_network_families.moc"
