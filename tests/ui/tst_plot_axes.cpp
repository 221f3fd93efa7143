// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Axes that can be read: they grow in whole decades, what was before stays as an outline, outliers do not rule.
#include "tests/ui/plot_window.h"
#include "ui/theme/theme.h"

#include <cmath>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestPlotAxes : public QObject
{
    Q_OBJECT

private slots:
    void axisGrowsInDecades();
    void ghostOfTheLastState();
    void deadChannelsAndOutliers();
    void spikesCountLogarithmically();
    void barsOfBAreWhole();
};

namespace {

std::shared_ptr<Report> withErrors(double factor)
{
    const auto report = syntheticReport();
    for (auto &layer : report->layers) {
        auto other = std::make_shared<LayerReport>(*layer);
        if (other->outputError.alone)
            *other->outputError.alone *= factor;
        if (other->outputError.upToHere)
            *other->outputError.upToHere *= factor;
        layer = std::move(other);
    }
    return report;
}

bool isDecade(double value)
{
    return std::abs(std::log10(value) - std::round(std::log10(value))) < 1e-9;
}

bool hasGhost(const ErrorPlot *plot)
{
    return std::ranges::any_of(plot->series(), [](const PlotSeries &one) { return one.key == "before"; });
}

} // namespace

void TestPlotAxes::axisGrowsInDecades()
{
    PlotWindow window;
    window.fill();
    const AxisRange first = window.error->yRange();
    QVERIFY(isDecade(first.lower) && isDecade(first.upper));
    window.error->setReport(withErrors(20));
    QCoreApplication::processEvents();
    const AxisRange grown = window.error->yRange();
    QVERIFY(grown.upper > first.upper);
    QCOMPARE(grown.lower, first.lower);
    // It does not shrink by itself, only when somebody asks for it.
    window.error->setReport(withErrors(1));
    QCoreApplication::processEvents();
    QCOMPARE(window.error->yRange(), grown);
    window.error->resetZoom();
    QCOMPARE(window.error->yRange(), first);
}

void TestPlotAxes::ghostOfTheLastState()
{
    PlotWindow window;
    window.fill();
    QVERIFY(!hasGhost(window.error));
    window.error->keepGhost();
    window.error->setReport(withErrors(10));
    for (int round = 0; round < 3; ++round)
        QCoreApplication::processEvents();
    QVERIFY(hasGhost(window.error));
    QTest::mouseMove(window.error->plotWidget(), at(window.error, 1));
    QTRY_VERIFY2(window.error->readoutBox().contains("before: 0.900"), qPrintable(window.error->readoutBox()));
    // Another model: nothing to compare with.
    window.error->setModel(nullptr);
    QVERIFY(!hasGhost(window.error));
}

void TestPlotAxes::deadChannelsAndOutliers()
{
    PlotWindow window;
    window.fill();
    const auto report = syntheticReport();
    auto layer = std::make_shared<LayerReport>(*report->layers[1]);
    auto quantization = std::make_shared<LayerQuantization>(*layer->quantization);
    quantization->scales[3] = 1.2e-7F; // dead
    quantization->channelMin[3] = quantization->channelMax[3] = 0;
    quantization->scales[7] = 1e-9F; // alive, and far below all others
    layer->quantization = quantization;
    report->layers[1] = layer;
    window.scale->setReport(report);
    for (int round = 0; round < 3; ++round)
        QCoreApplication::processEvents();
    QVERIFY2(window.scale->yRange().lower >= 1e-5, qPrintable(QString::number(window.scale->yRange().lower)));
    // The dead one has a mark at the foot, and it can be clicked.
    const QPoint column = at(window.scale, 1, 3);
    const QPoint foot(column.x(), qRound(window.scale->pixelOf(0, window.scale->yRange().lower).y()) - 6);
    click(window.scale, foot);
    QCOMPARE(window.selection.channel(), 3);
    QTest::mouseMove(window.scale->plotWidget(), foot);
    QTRY_VERIFY2(window.scale->readoutBox().contains("dead"), qPrintable(window.scale->readoutBox()));
}

void TestPlotAxes::spikesCountLogarithmically()
{
    PlotWindow window;
    window.fill();
    QVERIFY(!window.weights->isLogarithmic());
    auto spike = std::make_shared<Distribution>(*syntheticDistribution(4));
    spike->weights.counts[30] += 20000;
    spike->weights.total += 20000;
    window.weights->setDistribution(spike, QStringLiteral("fc2"), Scheme{});
    QVERIFY(window.weights->isLogarithmic());
    window.weights->setDistribution(syntheticDistribution(4), QStringLiteral("fc2"), Scheme{});
    QVERIFY(!window.weights->isLogarithmic());
    // Who has chosen keeps his choice.
    window.weights->setLogarithmic(false);
    window.weights->setDistribution(spike, QStringLiteral("fc2"), Scheme{});
    QVERIFY(!window.weights->isLogarithmic());
}

/// The bars of B may be higher, and reach further, than those of A.
void TestPlotAxes::barsOfBAreWhole()
{
    PlotWindow window;
    window.fill();
    auto other = std::make_shared<Distribution>(*syntheticDistribution(4));
    Histogram &errors = other->roundingErrors;
    errors.low = -1.5;
    errors.high = 1.5;
    errors.counts[0] = 10;
    errors.counts[15] += 2000;
    errors.total += 2010;
    other->weights.counts[30] += 500;
    window.rounding->setOther(other);
    window.weights->setOther(other);
    for (int round = 0; round < 3; ++round)
        QCoreApplication::processEvents();
    const double share = 100 * static_cast<double>(errors.counts[15]) / static_cast<double>(errors.total);
    QVERIFY(window.rounding->yRange().upper > share);
    QVERIFY(window.rounding->xRange().lower <= -1.5);
    QVERIFY(window.weights->yRange().upper > static_cast<double>(other->weights.counts[30]));
    // Without B the axis is that of A again.
    window.rounding->setOther(nullptr);
    for (int round = 0; round < 3; ++round)
        QCoreApplication::processEvents();
    QVERIFY(window.rounding->yRange().upper < share);
}

QTEST_MAIN(TestPlotAxes)
#include "tst_plot_axes.moc"
