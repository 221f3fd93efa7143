// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that other tools have quantized: each folder of tests/data/coded holds what a tool writes, and its values.
#include "core/analysis/compare.h"
#include "core/formats/open_model.h"
#include "core/quant/stored.h"
#include "core/recipe/recipe.h"

#include <QDir>
#include <QTest>

#include <bit>
#include <cmath>

using namespace qs;

namespace {

constexpr const char *kFolder = QUANTOSCOPE_SOURCE_DIR "/tests/data/coded";

std::shared_ptr<const Model> open(const QString &folder, const char *file)
{
    auto model = openModel((folder + QLatin1Char('/') + QLatin1String(file)).toStdString(), {});
    if (!model)
        qFatal("%s", model.error().text().c_str());
    return *model;
}

/// Elements [first, first + count) in the tensor's own order.
std::vector<float> elements(const Model &model, std::size_t tensor, std::uint64_t first, std::uint64_t count)
{
    const TensorView view = model.view(tensor);
    std::vector<float> values(count);
    if (!TensorElements(view).floats(first, count, values.data()))
        qFatal("cannot read");
    return values;
}

/// Values in the tensor's own order, read by channels as all measurements do.
std::vector<float> byChannels(const Model &model, const Layer &layer)
{
    LayerQuantization stored;
    if (layer.hasCodes()) {
        auto read = storedQuantization(model, layer, {});
        if (!read)
            qFatal("%s", read.error().text().c_str());
        stored = std::move(*read);
    }
    const LayerValues source(model, layer, layer.channelAxis, &stored);
    const FloatBlocks &blocks = source.blocks();
    std::vector<float> values(model.tensorOf(layer).elements());
    std::vector<float> block;
    const BlockRange all{0, blocks.shape().channels, 0, blocks.shape().weights};
    if (!source.read(all, block))
        qFatal("cannot read");
    forEachRun(blocks.axis(), all, [&](std::uint64_t from, std::uint64_t target, std::uint64_t length) {
        std::copy_n(block.data() + target, length, values.data() + from);
    });
    return values;
}

/// Index of the first value of other bits, NaN being equal to NaN; −1 when there is none.
qsizetype firstOther(const std::vector<float> &actual, const std::vector<float> &expected)
{
    if (actual.size() != expected.size())
        return 0;
    for (std::size_t i = 0; i < actual.size(); ++i)
        if (std::bit_cast<std::uint32_t>(actual[i]) != std::bit_cast<std::uint32_t>(expected[i]) &&
            !(std::isnan(actual[i]) && std::isnan(expected[i])) && !(actual[i] == 0 && expected[i] == 0))
            return static_cast<qsizetype>(i);
    return -1;
}

class TestDecoders : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void valuesAreThoseOfTheTool_data();
    void valuesAreThoseOfTheTool();
};

void TestDecoders::valuesAreThoseOfTheTool_data()
{
    QTest::addColumn<QString>("folder");
    for (const QFileInfo &folder : QDir(QLatin1String(kFolder)).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot))
        QTest::newRow(qPrintable(folder.fileName())) << folder.filePath();
}

void TestDecoders::valuesAreThoseOfTheTool()
{
    QFETCH(QString, folder);
    const QStringList files = QDir(folder).entryList({QStringLiteral("model.*")}, QDir::Files);
    QCOMPARE(files.size(), 1);
    const auto model = open(folder, qPrintable(files.front()));
    const auto expected = open(folder, "values.safetensors");
    // Companions are no layers; of other tensors there are biases.
    QCOMPARE(model->layers.size(), expected->layers.size());
    QCOMPARE(model->parameters(), expected->parameters());
    QVERIFY2(model->warnings.empty(), model->warnings.empty() ? "" : model->warnings.front().str().c_str());
    for (std::size_t i = 0; i < expected->tensors.size(); ++i) {
        const TensorInfo &info = expected->tensors[i];
        if (info.shape.size() < 2)
            continue;
        const auto tensor = model->findTensor(info.name);
        QVERIFY2(tensor, info.name.c_str());
        const auto index = model->layerOf(*tensor);
        QVERIFY2(index, info.name.c_str());
        const Layer &layer = model->layers[*index];
        QVERIFY(layer.stored);
        QCOMPARE(model->tensorOf(layer).shape, info.shape);
        const std::vector<float> values = elements(*expected, i, 0, info.elements());
        QCOMPARE(firstOther(byChannels(*model, layer), values), -1);
        if (layer.hasCodes()) // read as codes of our own
            continue;
        QVERIFY(!layer.stored->tool.empty());
        QCOMPARE(firstOther(elements(*model, *tensor, 0, info.elements()), values), -1);
        // Any stretch, beginning and ending in the middle of a row and of a block.
        for (const std::uint64_t first : {std::uint64_t{1}, info.elements() / 3, info.elements() / 2 + 7}) {
            const std::uint64_t count = (info.elements() - first) / 2 + 1;
            const std::vector<float> part(values.begin() + static_cast<std::ptrdiff_t>(first),
                                          values.begin() + static_cast<std::ptrdiff_t>(first + count));
            QCOMPARE(firstOther(elements(*model, *tensor, first, count), part), -1);
        }
    }
    const auto compared = compare(*expected, *model, {});
    QVERIFY2(compared, compared ? "" : compared.error().text().c_str());
    QCOMPARE(compared->tensors.size(), expected->tensors.size());
    QVERIFY(compared->onlyInCandidate.empty());
}

} // namespace

QTEST_GUILESS_MAIN(TestDecoders)
#include "tst_quant_decoders.moc"
