// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// analyze(): decisions, output errors against a plain forward pass, and the caches.
#include "core/analysis/analyze.h"
#include "core/base/parallel.h"
#include "core/network/chain.h"
#include "core/reports/report_json.h"
#include "tests/core/quantized_tensor.h"
#include "tests/support/test_model.h"

#include <QScopeGuard>

#include <cmath>

using namespace qs;
using qs::test::FloatTensor;

namespace {

constexpr int kSizes[] = {12, 20, 16, 5};

std::vector<FloatTensor> chainTensors(bool biases = true)
{
    std::vector<FloatTensor> tensors;
    for (std::uint32_t i = 0; i < 3; ++i) {
        const auto in = static_cast<std::uint64_t>(kSizes[i]);
        const auto out = static_cast<std::uint64_t>(kSizes[i + 1]);
        const std::string name = "net." + std::to_string(9 + i); // 9, 10, 11: natural order matters
        tensors.push_back({name + ".weight", {out, in}, test::randomValues(out * in, i, 0.5F)});
        if (biases)
            tensors.push_back({name + ".bias", {out}, test::randomValues(out, 40 + i, 0.2F)});
    }
    return tensors;
}

using Matrix = std::vector<double>;

/// One Linear layer in double: y = x·wᵀ + b.
Matrix linear(const Matrix &x, const std::vector<float> &w, const std::vector<float> &b, std::size_t in,
              std::size_t out)
{
    const std::size_t samples = x.size() / in;
    Matrix y(samples * out);
    for (std::size_t s = 0; s < samples; ++s) {
        for (std::size_t o = 0; o < out; ++o) {
            double sum = b.empty() ? 0 : static_cast<double>(b[o]);
            for (std::size_t i = 0; i < in; ++i)
                sum += x[s * in + i] * static_cast<double>(w[o * in + i]);
            y[s * out + o] = sum;
        }
    }
    return y;
}

double activate(Activation activation, double x)
{
    switch (activation) {
    case Activation::Relu:
        return std::max(x, 0.0);
    case Activation::Gelu:
        return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
    case Activation::Silu:
        return x / (1 + std::exp(-x));
    case Activation::Tanh:
        return std::tanh(x);
    case Activation::None:
        break;
    }
    return x;
}

double relative(const Matrix &reference, const Matrix &candidate)
{
    double error = 0;
    double signal = 0;
    for (std::size_t i = 0; i < reference.size(); ++i) {
        error += std::pow(candidate[i] - reference[i], 2);
        signal += std::pow(reference[i], 2);
    }
    return std::sqrt(error / signal);
}

/// All layer outputs before their activations; `quantized[k]` picks the weights of layer k.
std::vector<Matrix> forward(const Matrix &x, const std::vector<std::vector<float>> &weights,
                            const std::vector<FloatTensor> &tensors, Activation activation)
{
    std::vector<Matrix> outputs;
    Matrix input = x;
    for (std::size_t k = 0; k < 3; ++k) {
        outputs.push_back(linear(input, weights[k], tensors[2 * k + 1].values, static_cast<std::size_t>(kSizes[k]),
                                 static_cast<std::size_t>(kSizes[k + 1])));
        input = outputs.back();
        for (double &value : input)
            value = activate(activation, value);
    }
    return outputs;
}

std::vector<float> quantizedValues(const Model &model, const Layer &layer, const Scheme &scheme)
{
    std::vector<float> values(model.tensorOf(layer).elements());
    const std::uint64_t columns = model.tensorOf(layer).shape[1];
    const auto result = test::quantizeWhole(model, layer, 0, scheme, [&](const CodeBlock &block) -> Result<void> {
        std::copy_n(block.values, block.channels * block.weights,
                    values.begin() + static_cast<std::ptrdiff_t>(block.channel * columns));
        return {};
    });
    if (!result)
        qFatal("%s", result.error().text().c_str());
    return values;
}

bool close(double a, double b)
{
    return std::abs(a - b) <= 1e-5 * std::abs(b) + 1e-7;
}

} // namespace

class TestAnalyze : public QObject
{
    Q_OBJECT

private slots:
    void outputErrors_data()
    {
        QTest::addColumn<int>("activation");
        QTest::newRow("ReLU") << static_cast<int>(Activation::Relu);
        QTest::newRow("GELU") << static_cast<int>(Activation::Gelu);
        QTest::newRow("SiLU") << static_cast<int>(Activation::Silu);
        QTest::newRow("tanh") << static_cast<int>(Activation::Tanh);
        QTest::newRow("none") << static_cast<int>(Activation::None);
    }

    void outputErrors()
    {
        QFETCH(int, activation);
        const std::vector<FloatTensor> tensors = chainTensors();
        const auto model = test::openBytes(m_folder, "chain.safetensors", test::safetensorsBytes(tensors));
        QCOMPARE(model->layers.at(0).module, std::string("net.9"));
        QCOMPARE(model->layers.at(1).module, std::string("net.10"));
        Recipe recipe;
        recipe.scheme.bits = 4;
        setQuantized(recipe, model->layers[1], false);
        AnalyzeOptions options;
        options.activation = static_cast<Activation>(activation);
        const auto inputs = gaussianInputs(12, 3, {}, 45).value(); // no multiple of a block of samples
        options.inputs = inputs;
        AnalysisCache cache;
        const auto report = analyze(*model, recipe, options, cache, {});
        QS_VERIFY(report);
        checkErrors(*model, **report, tensors, *inputs, recipe.scheme, *options.activation);
    }

    void wantedLayersGoFirst()
    {
        const auto model = test::openBytes(m_folder, "wanted.safetensors", test::safetensorsBytes(chainTensors()));
        AnalyzeOptions options;
        options.outputError = OutputErrorRequest::None;
        const auto orderOf = [&](std::shared_ptr<const Report> &report) {
            AnalysisCache cache;
            std::vector<std::size_t> order;
            auto result = analyze(*model, {}, options, cache, {},
                                  [&](std::size_t layer, const auto &) { order.push_back(layer); });
            if (!result)
                qFatal("%s", result.error().text().c_str());
            report = *result;
            return order;
        };
        setThreadCount(1); // of several threads the quicker one tells first
        const auto allThreads = qScopeGuard([] { setThreadCount(0); });
        std::shared_ptr<const Report> plain;
        QCOMPARE(orderOf(plain), (std::vector<std::size_t>{0, 1, 2}));
        // One of them does not exist, and one is asked for again when it is there already.
        options.wanted = [] { return std::vector<std::size_t>{9, 2, 1}; };
        std::shared_ptr<const Report> wanted;
        QCOMPARE(orderOf(wanted), (std::vector<std::size_t>{2, 1, 0}));
        int asked = 0;
        options.wanted = [&asked] { return std::vector<std::size_t>(++asked == 2 ? 1 : 0, 2); };
        std::shared_ptr<const Report> changing;
        QCOMPARE(orderOf(changing), (std::vector<std::size_t>{0, 2, 1}));
        for (const auto &other : {wanted, changing}) {
            QCOMPARE(other->total.metrics.relativeError, plain->total.metrics.relativeError);
            QCOMPARE(other->total.bytesAfter, plain->total.bytesAfter);
        }
    }

    void stories()
    {
        const auto model = openModel("demo:digits", {});
        QS_VERIFY(model);
        const auto accuracy = [&](int bits, int excluded) {
            Recipe recipe;
            recipe.scheme.bits = bits;
            if (excluded >= 0)
                setQuantized(recipe, (*model)->layers.at(static_cast<std::size_t>(excluded)), false);
            AnalysisCache cache;
            const auto report = analyze(**model, recipe, {}, cache, {});
            if (!report)
                qFatal("%s", report.error().text().c_str());
            m_last = *report;
            return m_last->outputError.accuracyAfter.value();
        };
        const double eight = accuracy(8, -1);
        const double before = m_last->outputError.accuracyBefore.value();
        QVERIFY(before >= 0.97);
        QVERIFY(m_last->outputError.samples >= 300);
        QVERIFY(before - eight < 0.01);
        const double two = accuracy(2, -1);
        QVERIFY(before - two > 0.02);
        std::size_t worst = 0;
        for (std::size_t i = 0; i < m_last->layers.size(); ++i) {
            if (*m_last->layers[i]->outputError.alone > *m_last->layers[worst]->outputError.alone)
                worst = i;
        }
        QCOMPARE(m_last->total.worstLayer.value(), worst);
        QVERIFY(accuracy(2, static_cast<int>(worst)) > two);
    }

    void cacheKeepsWorkFromBeingDoneTwice()
    {
        const auto model = openModel("demo:digits", {});
        QS_VERIFY(model);
        AnalysisCache cache;
        AnalyzeOptions options;
        options.keepChannels = true;
        Recipe recipe;
        const auto run = [&] {
            const auto report = analyze(**model, recipe, options, cache, {});
            if (!report)
                qFatal("%s", report.error().text().c_str());
            return *report;
        };
        const auto first = run();
        const std::uint64_t quantizations = cache.quantizations();
        setQuantized(recipe, (*model)->layers[2], false);
        const auto without = run();
        QCOMPARE(cache.quantizations(), quantizations); // excluding quantizes nothing
        const std::uint64_t nodes = cache.nodesRun();
        setQuantized(recipe, (*model)->layers[2], true);
        QCOMPARE(recipe, Recipe{});
        const auto again = run();
        QCOMPARE(cache.quantizations(), quantizations);
        QCOMPARE(cache.nodesRun(), nodes);
        QCOMPARE(*again->outputError.relativeError, *first->outputError.relativeError);
        QVERIFY(*without->outputError.relativeError != *first->outputError.relativeError);
        QVERIFY(!without->layers[2]->outputError.alone && !without->layers[2]->outputError.upToHere);
        QCOMPARE(without->layers[2]->decision.reason.str(), std::string("excluded by rule 'fc3.weight'"));
        QCOMPARE(again->layers[3]->outputError.upToHere, again->outputError.relativeError);
    }

    void sameOutputsOnAnyThreadCount()
    {
        const auto model = openModel("demo:digits", {});
        QS_VERIFY(model);
        Recipe recipe;
        recipe.scheme.bits = 3;
        std::optional<double> first;
        for (int threads : {1, 2, 5}) {
            setThreadCount(threads);
            AnalysisCache cache;
            const auto report = analyze(**model, recipe, {}, cache, {});
            QS_VERIFY(report);
            if (!first)
                first = (*report)->outputError.relativeError;
            QCOMPARE((*report)->outputError.relativeError, first);
        }
        setThreadCount(0);
    }

    void manyLayersOnAnyThreadCount()
    {
        std::vector<FloatTensor> tensors;
        for (int i = 0; i < 60; ++i) {
            const bool large = i == 20 || i == 21; // for two threads
            const std::uint64_t rows = large ? 21'000 : 3U + static_cast<unsigned>(i) % 7U;
            tensors.push_back({"l" + std::to_string(i) + ".weight",
                               {rows, 100},
                               test::randomValues(rows * 100, 1U + static_cast<unsigned>(i))});
        }
        const auto model = test::openBytes(m_folder, "many.safetensors", test::safetensorsBytes(tensors));
        AnalyzeOptions options;
        options.keepChannels = true;
        options.outputError = OutputErrorRequest::None;
        std::string first;
        for (const int threads : {1, 2}) {
            setThreadCount(threads);
            for (const bool someWanted : {false, true}) {
                if (someWanted)
                    options.wanted = [] { return std::vector<std::size_t>{59, 7, 21, 3}; };
                std::vector<int> calls(model->layers.size());
                double last = 0;
                bool rising = true;
                const TaskContext context{{}, [&](double fraction, const Text &) {
                                              rising = rising && fraction >= last && fraction <= 1;
                                              last = fraction;
                                          }};
                AnalysisCache cache;
                const auto report =
                    analyze(*model, {}, options, cache, context, [&](std::size_t layer, const auto &result) {
                        calls[layer] += result->name == model->layers[layer].name ? 1 : 100;
                    });
                QS_VERIFY(report);
                QVERIFY(std::ranges::all_of(calls, [](int count) { return count == 1; }));
                QVERIFY(rising && last > 0.89);
                const std::string text = reportJson(*model, **report, {});
                if (first.empty())
                    first = text;
                QVERIFY(text == first);
            }
            options.wanted = {};
        }
        setThreadCount(0);
    }

    void noChain_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("reason");
        const std::vector<float> w = test::randomValues(60, 1);
        const auto bytes = [](const std::vector<FloatTensor> &tensors) { return test::safetensorsBytes(tensors); };
        QTest::newRow("sizes do not fit") << bytes({{"l1.weight", {6, 10}, w},
                                                    {"l2.weight", {10, 6}, w},
                                                    {"l3.weight", {6, 5}, test::randomValues(30, 1)}})
                                          << "'l3.weight' takes 5 inputs";
        QTest::newRow("names differ") << bytes({{"enc.weight", {6, 10}, w}, {"dec.weight", {10, 6}, w}})
                                      << "differ in more than numbers";
        QTest::newRow("a convolution") << bytes({{"l1.weight", {6, 10}, w}, {"l2.weight", {2, 5, 6}, w}})
                                       << "is no Linear layer";
        QTest::newRow("a norm between") << bytes({{"l1.weight", {6, 10}, w},
                                                  {"l2.weight", {10, 6}, w},
                                                  {"norm.weight", {6}, {1, 1, 1, 1, 1, 1}}})
                                        << "nobody knows where 'norm.weight' belongs";
        QTest::newRow("no layers") << bytes({{"b", {3}, {1, 2, 3}}}) << "holds no layers";
    }

    void noChain()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, reason);
        const auto model = test::openBytes(m_folder, "nochain.safetensors", bytes);
        AnalysisCache cache;
        const auto report = analyze(*model, {}, {}, cache, {});
        QS_VERIFY(report);
        QVERIFY((*report)->outputError.kind == OutputErrorKind::None);
        QVERIFY2((*report)->outputError.reason.str().find(reason.toStdString()) != std::string::npos,
                 (*report)->outputError.reason.str().c_str());
        QVERIFY(!(*report)->outputError.relativeError);
    }

    void layerErrorsForGivenInputs()
    {
        const std::vector<float> w = test::randomValues(60, 1);
        const auto model = test::openBytes(
            m_folder, "layers.safetensors",
            test::safetensorsBytes(std::vector<FloatTensor>{{"enc.weight", {6, 10}, w}, {"other.weight", {4, 15}, w}}));
        AnalyzeOptions options;
        const auto inputs = gaussianInputs(10, 1, {}, 40).value();
        options.inputs = inputs;
        AnalysisCache cache;
        Recipe recipe;
        recipe.scheme.bits = 3;
        const auto report = analyze(*model, recipe, options, cache, {});
        QS_VERIFY(report);
        QVERIFY((*report)->outputError.kind == OutputErrorKind::Layer);
        QVERIFY(!(*report)->layers[1]->outputError.layerOutput);
        const Matrix x(inputs->values.begin(), inputs->values.end());
        const double wanted = relative(linear(x, w, {}, 10, 6),
                                       linear(x, quantizedValues(*model, model->layers[0], recipe.scheme), {}, 10, 6));
        QVERIFY(close(*(*report)->layers[0]->outputError.layerOutput, wanted));
    }

    void deadOutput()
    {
        const auto model =
            test::openBytes(m_folder, "dead.safetensors",
                            test::safetensorsBytes(std::vector<FloatTensor>{{"l1.weight", {2, 2}, {0, 0, 0, 0}}}));
        AnalysisCache cache;
        const auto report = analyze(*model, {}, {}, cache, {});
        QS_VERIFY(report);
        QVERIFY((*report)->outputError.kind == OutputErrorKind::Network);
        QVERIFY(!(*report)->outputError.relativeError);
        QVERIFY(!(*report)->outputError.notAvailable.empty());
    }

    void oddDataIsKept()
    {
        std::vector<float> w = test::randomValues(60, 1);
        w[13] = NAN;
        const auto model = test::openBytes(
            m_folder, "odd.safetensors",
            test::safetensorsBytes(std::vector<FloatTensor>{{"l1.weight", {6, 10}, w}, {"empty.weight", {0, 4}, {}}}));
        AnalysisCache cache;
        const auto report = analyze(*model, {}, {}, cache, {});
        QS_VERIFY(report);
        QCOMPARE((*report)->layers[0]->decision.reason.str(), std::string("is empty"));
        QCOMPARE((*report)->layers[1]->decision.reason.str(), std::string("contains 1 NaN, first at [1, 3]"));
        QCOMPARE((*report)->total.quantized, 0U);
        QVERIFY(!(*report)->layers[1]->metrics.mse);
    }

    /// Half the square of the depth in products: deep chains of small layers must not take forever.
    void deepChain()
    {
        std::vector<FloatTensor> tensors;
        for (int i = 0; i < 300; ++i)
            tensors.push_back({"l" + std::to_string(i) + ".weight", {2, 2}, {0.7F, 0.6F, -0.5F, 0.8F}});
        const auto model = test::openBytes(m_folder, "deep.safetensors", test::safetensorsBytes(tensors));
        AnalysisCache cache;
        AnalyzeOptions options;
        options.outputError = OutputErrorRequest::Network;
        options.activation = Activation::None;
        const auto report = analyze(*model, {}, options, cache, {});
        QS_VERIFY(report);
        QVERIFY((*report)->layers[299]->outputError.alone > 0.0);
        QVERIFY(cache.nodesRun() < 300 * 302);
    }

    void stopsOnRequest()
    {
        const auto model = openModel("demo:digits", {});
        std::stop_source stop;
        TaskContext context{stop.get_token(), {}};
        AnalysisCache cache;
        const auto report =
            analyze(**model, {}, {}, cache, context, [&](std::size_t, const auto &) { stop.request_stop(); });
        QVERIFY(!report);
        QVERIFY(report.error().code == ErrorCode::Cancelled);
    }

private:
    static void checkErrors(const Model &model, const Report &report, const std::vector<FloatTensor> &tensors,
                            const NetworkInputs &inputs, const Scheme &scheme, Activation activation)
    {
        const Matrix x(inputs.values.begin(), inputs.values.end());
        std::vector<std::vector<float>> plain;
        std::vector<std::vector<float>> rounded;
        for (std::size_t k = 0; k < 3; ++k) {
            plain.push_back(tensors[2 * k].values);
            rounded.push_back(quantizedValues(model, model.layers[k], scheme));
        }
        const auto reference = forward(x, plain, tensors, activation);
        const auto all = forward(x, {rounded[0], plain[1], rounded[2]}, tensors, activation);
        const auto onlyFirst = forward(x, {rounded[0], plain[1], plain[2]}, tensors, activation);
        const auto onlyLast = forward(x, {plain[0], plain[1], rounded[2]}, tensors, activation);
        QVERIFY(report.outputError.kind == OutputErrorKind::Network);
        QVERIFY(close(*report.layers[0]->outputError.alone, relative(reference[2], onlyFirst[2])));
        QVERIFY(close(*report.layers[2]->outputError.alone, relative(reference[2], onlyLast[2])));
        QVERIFY(!report.layers[1]->outputError.alone);
        QVERIFY(close(*report.layers[0]->outputError.upToHere, relative(reference[0], all[0])));
        QVERIFY(!report.layers[1]->outputError.upToHere);
        QVERIFY(close(*report.layers[2]->outputError.upToHere, relative(reference[2], all[2])));
        QCOMPARE(report.outputError.relativeError, report.layers[2]->outputError.upToHere);
        double absolute = 0;
        for (std::size_t i = 0; i < reference[2].size(); ++i)
            absolute += std::abs(all[2][i] - reference[2][i]);
        QVERIFY(
            close(*report.outputError.meanAbsErrorX1000, 1000 * absolute / static_cast<double>(reference[2].size())));
    }

    QTemporaryDir m_folder;
    std::shared_ptr<const Report> m_last;
};

QTEST_GUILESS_MAIN(TestAnalyze)
#include "tst_analysis_analyze.moc"
