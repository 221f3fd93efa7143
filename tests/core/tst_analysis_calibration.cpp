// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What layers are fed, as runs of networks and importance files tell it, and what is chosen by it.
#include "core/analysis/analyze.h"
#include "core/analysis/calibration.h"
#include "core/base/parallel.h"
#include "core/formats/imatrix.h"
#include "core/quant/output_search.h"
#include "tests/core/quantized_tensor.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/onnx_networks.h"

#include <QScopeGuard>
#include <QtEndian>

using namespace qs;
using namespace qs::test;

namespace {

/// A network of one node with the weights "w" and the input "x".
QByteArray oneNode(const QByteArray &node, const std::vector<std::int64_t> &weights,
                   const std::vector<std::int64_t> &input)
{
    return onnx::model(onnx::typedGraph({node}, {onnx::randomTensor("w", weights, 4)}, {onnx::port("x", input)},
                                        {onnx::port("y", {-1})}));
}

std::shared_ptr<const NetworkInputs> arrayOf(std::vector<std::int64_t> shape, std::uint64_t id)
{
    MemoryBudget budget(std::uint64_t{1} << 20U);
    std::int64_t count = 1;
    for (const std::int64_t axis : shape)
        count *= axis;
    auto value = *Value::make(ElementKind::Float, shape, budget);
    std::ranges::copy(randomValues(static_cast<std::size_t>(count), 77, 1.0F), value->floats().begin());
    auto inputs = std::make_shared<NetworkInputs>();
    inputs->arrays.push_back({"x", value, "x.npy"});
    inputs->about = Text::of("x.npy");
    inputs->id = id;
    return inputs;
}

Recipe recipeOf(const QString &fields)
{
    Recipe recipe;
    recipe.scheme = schemeOf(fields);
    return recipe;
}

QByteArray int32(std::int32_t value)
{
    QByteArray bytes(4, 0);
    qToLittleEndian(value, bytes.data());
    return bytes;
}

} // namespace

class TestAnalysisCalibration : public QObject
{
    Q_OBJECT

private slots:
    void momentsPredictTheOutput_data()
    {
        using onnx::attribute;
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<std::vector<std::int64_t>>("input");
        const auto row = [](const char *name, const QByteArray &node, const std::vector<std::int64_t> &weights,
                            const std::vector<std::int64_t> &input) {
            QTest::newRow(name) << oneNode(node, weights, input) << input;
        };
        row("MatMul", onnx::node("MatMul", {"x", "w"}, {"y"}), {7, 5}, {3, 4, 7});
        row("MatMul, weights first", onnx::node("MatMul", {"w", "x"}, {"y"}), {5, 7}, {7, 6});
        row("Gemm", onnx::node("Gemm", {"x", "w"}, {"y"}), {7, 5}, {6, 7});
        row("Gemm, transB", onnx::node("Gemm", {"x", "w"}, {"y"}, attribute("transB", 1)), {5, 7}, {6, 7});
        row("Gemm, transA", onnx::node("Gemm", {"x", "w"}, {"y"}, attribute("transA", 1)), {7, 5}, {7, 6});
        row("Conv", onnx::node("Conv", {"x", "w"}, {"y"}), {4, 3, 3, 3}, {1, 3, 6, 7});
        row("Conv, strides, pads and dilations",
            onnx::node("Conv", {"x", "w"}, {"y"},
                       onnx::attribute("strides", std::vector<std::int64_t>{2, 1}) +
                           onnx::attribute("dilations", std::vector<std::int64_t>{1, 2}) +
                           onnx::attribute("pads", std::vector<std::int64_t>{1, 2, 0, 1})),
            {4, 3, 3, 2}, {1, 3, 7, 6});
        row("Conv, groups", onnx::node("Conv", {"x", "w"}, {"y"}, attribute("group", 2)), {4, 2, 3, 3}, {1, 4, 6, 6});
        row("Conv, depthwise", onnx::node("Conv", {"x", "w"}, {"y"}, attribute("group", 3)), {3, 1, 3, 3},
            {1, 3, 6, 6});
        row("Conv, 1 axis", onnx::node("Conv", {"x", "w"}, {"y"}), {4, 3, 5}, {1, 3, 20});
    }

    /// Of a network of one node without bias the relative error of the output is √(Σ eᵀHe / Σ wᵀHw).
    void momentsPredictTheOutput()
    {
        QFETCH(QByteArray, file);
        QFETCH(std::vector<std::int64_t>, input);
        QTemporaryDir folder;
        const auto model = openBytes(folder, "model.onnx", file);
        QCOMPARE(model->layers.size(), std::size_t{1});
        for (const QString fields :
             {"bits=3 range=output", "bits=3 codes=compensated", "bits=2 range=output granularity=group:3"}) {
            AnalyzeOptions options;
            options.inputs = arrayOf(input, 5);
            AnalysisCache cache;
            const auto report = analyze(*model, recipeOf(fields), options, cache, {});
            QS_VERIFY(report);
            const LayerReport &layer = *(*report)->layers[0];
            QVERIFY(layer.decision.moments);
            const InputMoments &moments = *layer.decision.moments;
            QVERIFY(moments.full && moments.fits(layer.matrix));
            const FloatBlocks blocks(model->view(model->layers[0].tensor), layer.decision.channelAxis);
            double errors = 0;
            double signal = 0;
            const CodeSink sink = [&](const CodeBlock &block) -> Result<void> {
                std::vector<float> weights;
                QS_CHECK(blocks.read({block.channel, block.channels, block.weight, block.weights}, weights));
                for (std::uint64_t c = 0; c < block.channels; ++c) {
                    std::vector<double> e;
                    std::vector<double> w;
                    for (std::uint64_t k = 0; k < block.weights; ++k) {
                        w.push_back(double(weights[c * block.weights + k]));
                        e.push_back(double(block.values[c * block.weights + k]) - w.back());
                    }
                    const auto matrix = moments.matrixOf(block.channel + c, layer.matrix);
                    errors += qs::outputError(e, moments, matrix);
                    signal += qs::outputError(w, moments, matrix);
                }
                return {};
            };
            QS_VERIFY(quantizeLayer({.model = *model,
                                     .layer = model->layers[0],
                                     .channelAxis = layer.decision.channelAxis,
                                     .scheme = layer.decision.scheme,
                                     .sink = sink,
                                     .moments = &moments},
                                    {}));
            const double predicted = std::sqrt(errors / signal);
            QVERIFY((*report)->outputError.relativeError);
            const double measured = *(*report)->outputError.relativeError;
            QVERIFY2(predicted > 0.01 && std::abs(measured / predicted - 1) < 1e-4,
                     qPrintable(QString("%1: %2 %3").arg(fields).arg(measured).arg(predicted)));
        }
    }

    /// On the samples that did not choose, each way is better than the one before it, at every width.
    void heldOutSamplesGain_data()
    {
        QTest::addColumn<int>("bits");
        for (const int bits : {2, 3, 4})
            QTest::addRow("%d bits", bits) << bits;
    }
    void heldOutSamplesGain()
    {
        QFETCH(int, bits);
        const auto model = openModel("demo:digits", {});
        QS_VERIFY(model);
        const auto all = samplesOf(**model);
        QS_VERIFY(all);
        const auto errorOf = [&](const char *fields, bool half) {
            AnalyzeOptions options;
            if (half)
                options.inputs = halfOf(*all, true); // those that are held out below
            AnalysisCache cache;
            const auto report =
                analyze(**model, recipeOf(QString("bits=%1 %2").arg(bits).arg(fields)), options, cache, {});
            if (!report)
                qFatal("%s", report.error().text().c_str());
            if ((*report)->outputError.samples != 180 || (*report)->chosenOn.empty() != half)
                qFatal("not the held-out samples");
            return *(*report)->outputError.relativeError;
        };
        const double plain = errorOf("", true);
        const double range = errorOf("range=output", false);
        const double codes = errorOf("codes=compensated", false);
        QVERIFY2(range < plain / 1.3 && codes < plain / 1.5,
                 qPrintable(QString("%1 %2 %3").arg(plain).arg(range).arg(codes)));
    }

    void refusedWithoutInputs()
    {
        QTemporaryDir folder;
        const auto model = openBytes(folder, "model.onnx", onnx::branchingNetwork());
        AnalysisCache cache;
        const auto report = analyze(*model, recipeOf("range=output"), {}, cache, {});
        QVERIFY(!report);
        QVERIFY(report.error().code == ErrorCode::Usage);
        QCOMPARE(
            report.error().text(),
            std::string("ranges or codes are to be chosen by what the layers are fed, but nothing is known of what "
                        "they are; give samples, or ask for random ones"));
        AnalyzeOptions random;
        random.samples = 4;
        QS_VERIFY(analyze(*model, recipeOf("range=output"), random, cache, {}));
    }

    void sameForAnyThreads()
    {
        const auto allThreads = qScopeGuard([] { setThreadCount(0); });
        const auto model = openModel("demo:digits", {});
        QS_VERIFY(model);
        std::vector<std::uint64_t> first;
        for (const int threads : {1, 2, 5}) {
            setThreadCount(threads);
            AnalysisCache cache;
            const auto report = analyze(**model, recipeOf("range=output bits=3"), {}, cache, {});
            QS_VERIFY(report);
            std::vector<std::uint64_t> ids;
            for (const auto &layer : (*report)->layers)
                ids.push_back(momentsId(layer->decision));
            if (first.empty())
                first = ids;
            QCOMPARE(ids, first);
        }
    }

    void importanceFiles()
    {
        const std::vector<float> weights = heavyValues(6 * 32, 3);
        QTemporaryDir folder;
        const auto model = openBytes(folder, "model.safetensors",
                                     safetensorsBytes({{"blk.0.attn_q.weight", {6, 32}, weights},
                                                       {"model.layers.0.mlp.up_proj.weight", {6, 32}, weights}}));
        std::vector<float> sums(32);
        for (std::size_t i = 0; i < sums.size(); ++i)
            sums[i] = static_cast<float>(i + 1) * 10;
        QByteArray bytes = int32(2);
        for (const QByteArray name : {"blk.0.attn_q.weight", "blk.0.ffn_up.weight"})
            bytes += int32(static_cast<std::int32_t>(name.size())) + name + int32(10) + int32(32) + floatBytes(sums);
        const auto file = loadImatrix(writeFile(folder, "old.dat", bytes), {});
        QS_VERIFY(file);
        QCOMPARE((*file)->entries.size(), std::size_t{2});
        const auto moments = momentsOf(*model, **file);
        for (const auto &each : moments) {
            QVERIFY(each && !each->full);
            QCOMPARE(each->values[4], 5.0);
        }
        AnalyzeOptions options;
        options.importance = *file;
        AnalysisCache cache;
        const auto report = analyze(*model, recipeOf("range=output bits=3"), options, cache, {});
        QS_VERIFY(report);
        QVERIFY((*report)->chosenOn.str().find("old.dat") != std::string::npos);
        GgufFile gguf;
        gguf.keys = {textKey("general.type", "imatrix")};
        gguf.tensors = {{"blk.0.attn_q.weight.in_sum2", {32, 1}, 0, 0}, {"blk.0.attn_q.weight.counts", {1, 1}, 0, 128}};
        gguf.data = floatBytes(sums) + floatBytes({10});
        const auto newer = loadImatrix(writeFile(folder, "new.gguf", gguf.bytes()), {});
        QS_VERIFY(newer);
        QCOMPARE((*newer)->entries.size(), std::size_t{1});
        QCOMPARE((*newer)->entries[0].means, (*file)->entries[0].means);
        QCOMPARE((*newer)->entries[0].rows, 10U);
        gguf.tensors.pop_back();
        const auto uncounted = loadImatrix(writeFile(folder, "uncounted.gguf", gguf.bytes()), {});
        QVERIFY(!uncounted && uncounted.error().text().find("counts") != std::string::npos);
        for (qsizetype size = 0; size < bytes.size(); ++size) {
            const auto cut = loadImatrix(writeFile(folder, "cut.dat", bytes.left(size)), {});
            QVERIFY2(!cut && cut.error().code == ErrorCode::Input, qPrintable(QString::number(size)));
        }
    }
};

QTEST_APPLESS_MAIN(TestAnalysisCalibration)
#include "tst_analysis_calibration.moc"
