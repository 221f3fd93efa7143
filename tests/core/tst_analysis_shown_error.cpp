// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which error people are shown, and that keeping a layer never makes the model look worse.
#include "core/analysis/analyze.h"
#include "core/analysis/shown_error.h"
#include "core/formats/open_model.h"
#include "tests/support/safetensors_bytes.h"
#include "tests/support/test_model.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace qs;

class TestShownError : public QObject
{
    Q_OBJECT

    using State = ShownError::State;

    static LayerReport layerWith(std::optional<double> weights)
    {
        LayerReport layer;
        layer.metrics.relativeError = weights;
        return layer;
    }

    static Report reportOf(const std::vector<LayerReport> &layers)
    {
        Report report;
        for (const LayerReport &layer : layers)
            report.layers.push_back(std::make_shared<const LayerReport>(layer));
        report.total.quantized = layers.size();
        report.complete = true;
        return report;
    }

private slots:
    void kinds_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<bool>("complete");
        QTest::addColumn<int>("shown");
        const auto row = [](const char *name, OutputErrorKind kind, const char *reason, bool complete,
                            ShownErrorKind shown) {
            QTest::newRow(name) << static_cast<int>(kind) << QString(reason) << complete << static_cast<int>(shown);
        };
        row("nobody looked yet", OutputErrorKind::None, "", false, ShownErrorKind::Pending);
        row("no network, still at work", OutputErrorKind::None, "no chain", false, ShownErrorKind::Weights);
        row("no network", OutputErrorKind::None, "no chain", true, ShownErrorKind::Weights);
        row("complete without a reason", OutputErrorKind::None, "", true, ShownErrorKind::Weights);
        row("single layers", OutputErrorKind::Layer, "no chain", true, ShownErrorKind::Layer);
        row("network", OutputErrorKind::Network, "", true, ShownErrorKind::Alone);
    }

    void kinds()
    {
        QFETCH(int, kind);
        QFETCH(QString, reason);
        QFETCH(bool, complete);
        QFETCH(int, shown);
        Report report = reportOf({layerWith(0.5)});
        report.outputError.kind = static_cast<OutputErrorKind>(kind);
        report.outputError.reason = Text::asIs(reason.toStdString());
        report.complete = complete;
        QCOMPARE(static_cast<int>(shownErrorKind(report)), shown);
        QCOMPARE(static_cast<int>(shownError(report, 0).kind), shown);
    }

    void statesOfWeights()
    {
        LayerReport kept = layerWith(std::nullopt);
        kept.decision.quantize = false;
        LayerReport zeros = layerWith(std::nullopt); // all weights are zero: no relative error, but none at all
        zeros.metrics.exact = true;
        LayerReport overflow = layerWith(std::nullopt);
        overflow.notes = {Text::asIs("one note"), Text::asIs("another")};
        Report report = reportOf({layerWith(0.5), kept, zeros, overflow, layerWith(std::nullopt)});
        report.layers.push_back(nullptr);
        const std::vector<State> expected{State::Value,        State::Kept,         State::Exact,
                                          State::NotAvailable, State::NotAvailable, State::Pending};
        for (std::size_t i = 0; i < expected.size(); ++i)
            QCOMPARE(static_cast<int>(shownError(report, i).state), static_cast<int>(expected[i]));
        QCOMPARE(shownError(report, 0).value.value(), 0.5);
        QCOMPARE(shownError(report, 2).value.value(), 0.0);
        QCOMPARE(shownError(report, 3).reason.str(), std::string("one note; another"));
        QCOMPARE(shownError(report, 4).reason.str(), std::string("there is nothing to compare the error with"));
        QCOMPARE(worstLayer(report).value(), std::size_t{0});
        report.complete = false;
        report.outputError.reason = Text::asIs("no chain");
        QCOMPARE(static_cast<int>(shownError(report, 4).state), static_cast<int>(State::Pending));
    }

    void networkNumbers()
    {
        LayerReport first = layerWith(0.1);
        first.outputError = {.alone = 0.2, .upToHere = 0.2, .layerOutput = {}};
        LayerReport last = layerWith(std::nullopt);
        last.decision.quantize = false;
        Report report = reportOf({layerWith(0.9), last, first});
        report.outputError.kind = OutputErrorKind::Network;
        report.outputError.order = {2, 1};
        report.outputError.relativeError = 0.3;
        QCOMPARE(shownError(report, 2).value.value(), 0.2);
        QCOMPARE(static_cast<int>(shownError(report, 1).state), static_cast<int>(State::Kept));
        QCOMPARE(shownError(report, 1).upToHere.value(), 0.3); // of the whole network
        QCOMPARE(shownError(report, 0).reason.str(), std::string("the layer is not part of the network that was run"));
        QCOMPARE(totalShownError(report).value.value(), 0.3);
        QCOMPARE(worstLayer(report).value(), std::size_t{2});
    }

    void keptLayersCountInTheTotal_data()
    {
        QTest::addColumn<QList<int>>("kept");
        QTest::newRow("none") << QList<int>{};
        QTest::newRow("the first") << QList<int>{0};
        QTest::newRow("the last two") << QList<int>{1, 2};
    }

    void keptLayersCountInTheTotal()
    {
        QFETCH(QList<int>, kept);
        const std::vector<test::FloatTensor> tensors{{"a.weight", {4, 6}, test::randomValues(24, 1)},
                                                     {"b.weight", {5, 8}, test::randomValues(40, 2)},
                                                     {"c.weight", {3, 7}, test::randomValues(21, 3)}};
        QTemporaryDir folder;
        const QString path = folder.filePath("m.safetensors");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(test::safetensorsBytes(tensors));
        file.close();
        const auto model = openModel(path.toStdString(), {});
        QS_VERIFY(model);
        Recipe recipe;
        recipe.scheme.bits = 4;
        for (int layer : kept)
            setQuantized(recipe, (*model)->layers[static_cast<std::size_t>(layer)], false);
        AnalysisCache cache;
        const auto report = analyze(**model, recipe, {}, cache, {});
        QS_VERIFY(report);
        // Signal of all weights by a plain loop; noise of quantized layers from their own relative error.
        double signal = 0;
        double noise = 0;
        std::size_t count = 0;
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            double own = 0;
            for (float value : tensors[i].values)
                own += static_cast<double>(value) * static_cast<double>(value);
            signal += own;
            count += tensors[i].values.size();
            if (!kept.contains(static_cast<int>(i)))
                noise += own * std::pow((*report)->layers[i]->metrics.relativeError.value(), 2);
        }
        const Metrics &total = (*report)->total.metrics;
        // Sums of kept layers are those of the statistics, which add up in single precision for a while.
        const auto near = [](double a, double b) { return std::abs(a - b) < 1e-6 * std::abs(b); };
        QVERIFY(near(*total.relativeError, std::sqrt(noise / signal)));
        QVERIFY(near(*total.sqnrDb, 10 * std::log10(signal / noise)));
        QVERIFY(near(*total.mse, noise / static_cast<double>(count)));
        QCOMPARE(totalShownError(**report).value, total.relativeError);
    }
};

QTEST_GUILESS_MAIN(TestShownError)
#include "tst_analysis_shown_error.moc"
