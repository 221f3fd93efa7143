// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// analyze() with networks that files carry: totals, layers alone, edits, what is fed, and why nothing is run.
#include "core/analysis/analyze.h"
#include "core/base/parallel.h"
#include "core/reports/report_json.h"
#include "tests/support/onnx_networks.h"

#include <QScopeGuard>

#include <random>

using namespace qs;
using namespace qs::test;

namespace {

QByteArray npy(const std::vector<float> &values, const QByteArray &shape)
{
    QByteArray header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
    while ((10 + header.size() + 1) % 64 != 0)
        header += ' ';
    header += '\n';
    QByteArray bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(header.size() % 256);
    bytes += static_cast<char>(header.size() / 256);
    return bytes + header + floatBytes(values);
}

} // namespace

class TestAnalysisNetworks : public QObject
{
    Q_OBJECT

private slots:
    void reportOfANetwork()
    {
        const auto report = analyzed(Recipe(), {});
        const OutputErrorReport &output = report->outputError;
        QVERIFY(output.kind == OutputErrorKind::Network);
        QCOMPARE(output.samples, 8U);
        QVERIFY(output.reason.empty() && !output.onRequest);
        QCOMPARE(output.fed.size(), 1U);
        QCOMPARE(output.fed[0].source.str(), std::string("N(0, 1), seed 0"));
        QCOMPARE(output.fed[0].shape, (std::vector<std::int64_t>{1, 6}));
        QVERIFY2(output.inputs.str().starts_with("8 random samples, seed 0: 'x' [1, 6]"), output.inputs.str().c_str());
        QCOMPARE(output.networkOutputs.size(), 2U);
        QCOMPARE(output.networkOutputs[0].name, std::string("y"));
        QCOMPARE(output.networkOutputs[0].squashedBy, std::string("Softmax"));
        QVERIFY(*output.networkOutputs[0].errorBefore > *output.networkOutputs[0].relativeError);
        QCOMPARE(*output.relativeError,
                 std::max(*output.networkOutputs[0].relativeError, *output.networkOutputs[1].relativeError));
        QVERIFY(output.top1Agreement);
        QCOMPARE(output.order.size(), 5U);
        for (const auto &layer : report->layers)
            QVERIFY2(layer->outputError.alone && layer->outputError.upToHere, layer->name.c_str());
    }

    /// The error of a layer alone is the total when nothing else is quantized, to the bit.
    void aloneIsATotal()
    {
        const auto all = analyzed(recipeOf(4), {});
        for (std::size_t k = 0; k < m_model->layers.size(); ++k) {
            Recipe recipe = recipeOf(4);
            for (std::size_t other = 0; other < m_model->layers.size(); ++other)
                if (other != k)
                    setQuantized(recipe, m_model->layers[other], false);
            const auto one = analyzed(recipe, {});
            QCOMPARE(one->outputError.relativeError, all->layers[k]->outputError.alone);
            QCOMPARE(one->layers[k]->outputError.alone, all->layers[k]->outputError.alone);
            QVERIFY(one->outputError.top1Agreement && all->layers[k]->outputError.top1Changed);
            QVERIFY(std::abs(1 - *one->outputError.top1Agreement - *all->layers[k]->outputError.top1Changed) < 1e-12);
        }
    }

    void editsEqualFreshRuns()
    {
        const auto allThreads = qScopeGuard([] { setThreadCount(0); });
        std::mt19937 random(9);
        Recipe recipe = recipeOf(4);
        AnalysisCache kept;
        const int threads[] = {1, 2, 5};
        for (int edit = 0; edit < 200; ++edit) {
            setThreadCount(threads[edit % 3]);
            if (random() % 5 == 0)
                recipe.scheme.bits = 2 + static_cast<int>(random() % 7);
            const Layer &layer = m_model->layers[random() % m_model->layers.size()];
            setQuantized(recipe, layer, random() % 2 == 0);
            const auto edited = analyze(*m_model, recipe, {}, kept, {});
            QS_VERIFY(edited);
            const auto fresh = analyzed(recipe, {});
            QVERIFY2(reportJson(*m_model, **edited, {}) == reportJson(*m_model, *fresh, {}),
                     qPrintable(QString("edit %1").arg(edit)));
        }
    }

    void editsRunLittle()
    {
        AnalysisCache cache;
        Recipe recipe = recipeOf(4);
        QS_VERIFY(analyze(*m_model, recipe, {}, cache, {}));
        const std::uint64_t first = cache.nodesRun();
        setQuantized(recipe, m_model->layers[*m_model->findLayer("then")], false);
        QS_VERIFY(analyze(*m_model, recipe, {}, cache, {}));
        const std::uint64_t second = cache.nodesRun();
        QVERIFY(second - first <= 2 * 8); // the branch and the softmax, of each sample
        setQuantized(recipe, m_model->layers[*m_model->findLayer("then")], true);
        QS_VERIFY(analyze(*m_model, recipe, {}, cache, {}));
        QCOMPARE(cache.nodesRun(), second);
    }

    /// Those that somebody waits for come first, and each layer is told of on its own.
    void layersArriveOneByOne()
    {
        setThreadCount(1);
        const auto allThreads = qScopeGuard([] { setThreadCount(0); });
        AnalysisCache cache;
        AnalyzeOptions options;
        const std::size_t last = *m_model->findLayer("then");
        options.wanted = [last] { return std::vector<std::size_t>{last}; };
        std::vector<std::size_t> order;
        const auto report =
            analyze(*m_model, recipeOf(4), options, cache, {}, [&](std::size_t layer, const auto &result) {
                if (result->outputError.alone)
                    order.push_back(layer);
            });
        QS_VERIFY(report);
        QCOMPARE(order.size(), m_model->layers.size());
        QCOMPARE(order.front(), last);
    }

    void givenInputs()
    {
        const auto file = writeFile(m_folder, "x.npy", npy(randomValues(18, 4, 1), "(3, 1, 6)"));
        AnalyzeOptions options;
        options.inputs = loadInputs(std::vector<InputFileName>{{"x", file}}, {}, {}).value();
        const auto report = analyzed(recipeOf(4), options);
        QVERIFY(report->outputError.kind == OutputErrorKind::Network);
        QCOMPARE(report->outputError.samples, 3U);
        QCOMPARE(report->outputError.fed[0].source.str(), std::string("x.npy"));
        // A matrix of as many features is the same samples.
        const auto rows = writeFile(m_folder, "rows.npy", npy(randomValues(18, 4, 1), "(3, 6)"));
        options.inputs = loadInputs(std::vector<InputFileName>{{{}, rows}}, {}, {}).value();
        QCOMPARE(analyzed(recipeOf(4), options)->outputError.relativeError, report->outputError.relativeError);
    }

    void wrongInputs_data()
    {
        QTest::addColumn<QString>("input");
        QTest::addColumn<QByteArray>("shape");
        QTest::addColumn<QString>("error");
        QTest::newRow("shape") << "x" << QByteArray("(3, 5)")
                               << "input 'x' takes the shape [n0, 6], and the array has [3, 5]";
        QTest::newRow("name") << "z" << QByteArray("(3, 6)") << "the network has no input 'z'; it has 'x'";
    }

    void wrongInputs()
    {
        QFETCH(const QString, input);
        QFETCH(const QByteArray, shape);
        QFETCH(const QString, error);
        const auto file = writeFile(m_folder, "wrong.npy", npy(randomValues(shape == "(3, 5)" ? 15 : 18, 4, 1), shape));
        AnalyzeOptions options;
        options.inputs = loadInputs(std::vector<InputFileName>{{input.toStdString(), file}}, {}, {}).value();
        AnalysisCache cache;
        const auto report = analyze(*m_model, {}, options, cache, {});
        QVERIFY(!report && report.error().code == ErrorCode::Input);
        QVERIFY2(report.error().text().find(error.toStdString()) != std::string::npos, report.error().text().c_str());
    }

    void dimensionsAndSamples()
    {
        AnalyzeOptions options;
        options.dims["n0"] = 2;
        options.samples = 3;
        const auto report = analyzed(recipeOf(4), options);
        QCOMPARE(report->outputError.samples, 3U);
        QCOMPARE(report->outputError.fed[0].shape, (std::vector<std::int64_t>{2, 6}));
        options.dims["width"] = 7;
        AnalysisCache cache;
        const auto wrong = analyze(*m_model, {}, options, cache, {});
        QVERIFY(!wrong && wrong.error().code == ErrorCode::Usage);
        QVERIFY2(wrong.error().text().find("no free dimension 'width'; it has: n0") != std::string::npos,
                 wrong.error().text().c_str());
    }

    void whyNothingIsRun_data()
    {
        using namespace onnx;
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("reason");
        const QByteArrayList weights{randomTensor("w", {6, 4}, 1)};
        const auto network = [&](const QByteArrayList &nodes, const QByteArrayList &inputs) {
            return onnx::model(typedGraph(nodes, weights, inputs, {port("y", {1, 4})}));
        };
        QTest::newRow("operators") << network({node("MatMul", {"x", "w"}, {"a"}), node("Frobnicate", {"a"}, {"b"}),
                                               node("Wobble", {"b"}, {"y"})},
                                              {port("x", {1, 6})})
                                   << "uses operator Frobnicate (opset 17), which is not supported; 1 more: Wobble";
        QTest::newRow("a single whole number")
            << network({node("MatMul", {"x", "w"}, {"a"}), node("Cast", {"sr"}, {"f"}, attribute("to", 1)),
                        node("Mul", {"a", "f"}, {"y"})},
                       {port("x", {1, 6}), port("sr", {}, 7)})
            << "input 'sr' is a single whole number; say which";
        QTest::newRow("free dimensions") << network({node("MatMul", {"x", "w"}, {"y"})}, {port("x", {1, -1})})
                                         << "free dimensions were taken as n1 = 256; other sizes may fit";
        QTest::newRow("no layer") << network({node("Relu", {"x"}, {"y"})}, {port("x", {1, 6})})
                                  << "no layer is used by the network from the file";
    }

    void whyNothingIsRun()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, reason);
        const auto model = openBytes(m_folder, "not.onnx", bytes);
        AnalysisCache cache;
        const auto report = analyze(*model, {}, {}, cache, {});
        QS_VERIFY(report);
        QVERIFY((*report)->outputError.kind == OutputErrorKind::None);
        QVERIFY2((*report)->outputError.reason.str().find(reason.toStdString()) != std::string::npos,
                 (*report)->outputError.reason.str().c_str());
        QVERIFY((*report)->complete);
    }

    /// What the file multiplies by is a layer, whatever its name is.
    void namesThatSayNothing()
    {
        using namespace onnx;
        const auto model = openBytes(m_folder, "names.onnx",
                                     onnx::model(typedGraph({node("Conv", {"x", "Parameter5"}, {"y"})},
                                                            {randomTensor("Parameter5", {8, 2, 5, 5}, 1)},
                                                            {port("x", {1, 2, 9, 9})}, {port("y", {1, 8, 5, 5})})));
        QCOMPARE(model->layers.size(), 1U);
        QCOMPARE(std::string(model->namedRoles[0].reason.text), std::string("weights of a layer, as the file says"));
        QVERIFY(defaultRecipe(*model).rules.empty());
    }

    /// A table of words, and scores for the next one: KL and perplexity.
    void languageModel()
    {
        using namespace onnx;
        const auto model =
            openBytes(m_folder, "language.onnx",
                      onnx::model(typedGraph(
                          {node("Gather", {"table.weight", "ids"}, {"e"}), node("MatMul", {"e", "head.weight"}, {"y"})},
                          {randomTensor("table.weight", {50, 8}, 1, 3), randomTensor("head.weight", {8, 50}, 2, 3)},
                          {port("ids", {-1, -1}, 7)}, {port("y", {-1, -1, 50})})));
        AnalysisCache cache;
        const auto report = analyze(*model, recipeOf(4), {}, cache, {});
        QS_VERIFY(report);
        const OutputErrorReport &output = (*report)->outputError;
        QVERIFY2(output.kind == OutputErrorKind::Network, output.reason.str().c_str());
        QCOMPARE(output.samples, 4U);
        QCOMPARE(output.fed[0].source.str(), std::string("random tokens below 50, seed 0"));
        QCOMPARE(output.fed[0].shape, (std::vector<std::int64_t>{1, 128}));
        QVERIFY(*output.klMean > 0 && *output.klMax > *output.klMean);
        QVERIFY(*output.top1Agreement > 0.5 && *output.top1Agreement < 1);
        QVERIFY(!output.perplexityBefore); // random tokens say nothing of that
        for (const auto &layer : (*report)->layers)
            QVERIFY(*layer->outputError.top1Changed > 0 && *layer->outputError.top1Changed < 0.5);
    }

private:
    static Recipe recipeOf(int bits)
    {
        Recipe recipe;
        recipe.scheme.bits = bits;
        return recipe;
    }

    std::shared_ptr<const Report> analyzed(const Recipe &recipe, const AnalyzeOptions &options) const
    {
        AnalysisCache cache;
        const auto report = analyze(*m_model, recipe, options, cache, {});
        if (!report)
            qFatal("%s", report.error().text().c_str());
        return *report;
    }

    QTemporaryDir m_folder;
    std::shared_ptr<const Model> m_model = openBytes(m_folder, "network.onnx", onnx::branchingNetwork());
};

QTEST_GUILESS_MAIN(TestAnalysisNetworks)
#include "tst_analysis_networks.moc"
