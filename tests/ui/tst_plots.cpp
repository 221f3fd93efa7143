// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/plot_window.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QAction>
#include <QMenu>
#include <QSignalSpy>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestPlots : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void dotSelectsChannel();
    void bandSelectsLayer();
    void barSelectsLayer();
    void hoverIsShared();
    void zoomSurvives();
    void mouseZooms();
    void keys();
    void legendHidesSeries();
    void messages();
    void errorKinds();
    void pendingAndOddLayers();
    void sorts();
    void measures_data();
    void measures();
    void zeroPoints();
    void barsEndAtTheirValues_data();
    void barsEndAtTheirValues();
    void totalIsTheLastPoint();
    void emptyBandIsExplained();
    void clippedIsExplained();
};

void TestPlots::initTestCase()
{
    ThemeManager::instance().setDark(false);
    const QFontMetrics metrics(QApplication::font());
    QVERIFY2(metrics.inFont(u'W') && metrics.horizontalAdvance(u'i') < metrics.horizontalAdvance(u'W'),
             "no usable font is installed");
}

void TestPlots::dotSelectsChannel()
{
    PlotWindow window;
    window.fill();
    for (qint64 channel : {0, 100, 255}) {
        click(window.scale, at(window.scale, 1, channel));
        QCOMPARE(window.selection.layer(), 1);
        QCOMPARE(window.selection.channel(), channel);
    }
    click(window.scale, at(window.scale, 3, 0)); // an excluded layer's hollow dot
    QCOMPARE(window.selection.layer(), 3);
    QCOMPARE(window.selection.channel(), 0);
}

void TestPlots::bandSelectsLayer()
{
    PlotWindow window;
    window.fill();
    for (int layer : {4, 0, 3}) {
        // The names below the axis belong to the bands too, and no dot is there.
        const QPoint below(at(window.scale, layer).x(), window.scale->plotWidget()->height() - 8);
        click(window.scale, below);
        QCOMPARE(window.selection.layer(), layer);
        QCOMPARE(window.selection.channel(), -1);
    }
}

void TestPlots::barSelectsLayer()
{
    PlotWindow window;
    window.fill();
    for (int layer = 0; layer < 5; ++layer) {
        click(window.error, at(window.error, layer));
        QCOMPARE(window.selection.layer(), layer);
    }
    QTest::mouseClick(window.error->plotWidget(), Qt::RightButton, {}, at(window.error, 0));
    QCOMPARE(window.selection.layer(), 4);
    QVERIFY(window.error->toolsMenu()->isVisible());
    window.error->toolsMenu()->close();
}

void TestPlots::hoverIsShared()
{
    PlotWindow window;
    window.fill();
    QSignalSpy readout(window.scale, &PlotPanel::readoutChanged);
    const QPixmap before = window.error->grab();
    QTest::mouseMove(window.scale->plotWidget(), at(window.scale, 1, 60));
    QCOMPARE(window.selection.hoverLayer(), 1);
    QCOMPARE(window.selection.hoverChannel(), 60);
    QVERIFY(readout.last().first().toString().contains(QStringLiteral("fc2 · channel 60")));
    QVERIFY2(window.error->grab().toImage() != before.toImage(), "the other plot does not light up");
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(window.scale->plotWidget(), &leave);
    QCOMPARE(window.selection.hoverLayer(), -1);
    QVERIFY(readout.last().first().toString().isEmpty());
    QCOMPARE(window.error->grab().toImage(), before.toImage());
    QTest::mouseMove(window.error->plotWidget(), at(window.error, 2));
    QCOMPARE(window.selection.hoverLayer(), 2);
}

void TestPlots::zoomSurvives()
{
    PlotWindow window;
    window.fill();
    const AxisRange whole = window.scale->xRange();
    wheel(window.scale, QPointF(at(window.scale, 1)), 5);
    wheel(window.error, QPointF(at(window.error, 1)), 3);
    QTest::qWait(10);
    const AxisRange scale = window.scale->xRange();
    const AxisRange error = window.error->xRange();
    QVERIFY(scale.size() < whole.size() / 2);
    window.fill();
    window.selection.setCurrent(1, 3);
    window.scale->setStale(true);
    ThemeManager::instance().setDark(true);
    ThemeManager::instance().setDark(false);
    window.scale->setLogarithmic(false);
    QCOMPARE(window.scale->xRange(), scale);
    QCOMPARE(window.error->xRange(), error);
    window.scale->setReport(syntheticReport(), false);
    QCOMPARE(window.scale->xRange(), whole);
}

void TestPlots::mouseZooms()
{
    PlotWindow window;
    window.fill();
    const AxisRange x = window.error->xRange();
    const AxisRange y = window.error->yRange();
    QWidget *plot = window.error->plotWidget();
    wheel(window.error, QPointF(at(window.error, 2)), 2, Qt::ShiftModifier);
    QCOMPARE(window.error->xRange(), x);
    QVERIFY(window.error->yRange().size() < y.size());
    wheel(window.error, QPointF(4, plot->height() / 2), -8); // over the y axis
    QCOMPARE(window.error->yRange(), y);
    // Right drag from the first to the third column.
    QTest::mousePress(plot, Qt::RightButton, {}, at(window.error, 0) - QPoint(0, 40));
    QTest::mouseMove(plot, at(window.error, 1));
    QTest::mouseMove(plot, at(window.error, 2) + QPoint(0, 40));
    QTest::mouseRelease(plot, Qt::RightButton, {}, at(window.error, 2) + QPoint(0, 40));
    QVERIFY(std::abs(window.error->xRange().lower) < 0.1);
    QVERIFY(std::abs(window.error->xRange().upper - 2) < 0.1);
    QTest::qWait(10);
    // Drag to pan: nothing is selected by that.
    const AxisRange zoomed = window.error->xRange();
    QTest::mousePress(plot, Qt::LeftButton, {}, {300, 60});
    QTest::mouseMove(plot, {260, 60});
    QTest::mouseMove(plot, {200, 60});
    QTest::mouseRelease(plot, Qt::LeftButton, {}, {200, 60});
    QVERIFY(window.error->xRange().lower > zoomed.lower);
    QVERIFY(std::abs(window.error->xRange().size() - zoomed.size()) < 1e-9);
    QCOMPARE(window.selection.layer(), -1);
    QTest::mouseDClick(plot, Qt::LeftButton, {}, QPoint(plot->width() - 30, 12));
    QCOMPARE(window.error->xRange(), x);
}

void TestPlots::keys()
{
    PlotWindow window;
    window.fill();
    QWidget *plot = window.scale->plotWidget();
    const AxisRange whole = window.scale->xRange();
    plot->setFocus();
    QTest::keyClick(plot, Qt::Key_Plus);
    QVERIFY(window.scale->xRange().size() < whole.size());
    QTest::keyClick(plot, Qt::Key_Minus);
    QCOMPARE(window.scale->xRange(), whole);
    QTest::keyClick(plot, Qt::Key_Plus);
    QTest::keyClick(plot, Qt::Key_0);
    QCOMPARE(window.scale->xRange(), whole);
    QVERIFY(window.scale->isLogarithmic());
    QTest::keyClick(plot, Qt::Key_L);
    QVERIFY(!window.scale->isLogarithmic());
    QTest::keyClick(plot, Qt::Key_Period);
    QTest::keyClick(plot, Qt::Key_Period);
    QCOMPARE(window.selection.layer(), 1);
    QTest::keyClick(plot, Qt::Key_Comma);
    QCOMPARE(window.selection.layer(), 0);
    QTest::keyClick(plot, Qt::Key_BracketRight);
    QTest::keyClick(plot, Qt::Key_BracketRight);
    QTest::keyClick(plot, Qt::Key_BracketLeft);
    QCOMPARE(window.selection.channel(), 0);
    QTest::keyClick(plot, Qt::Key_Period, Qt::ControlModifier);
    QCOMPARE(window.selection.layer(), 0);
}

void TestPlots::legendHidesSeries()
{
    PlotWindow window;
    window.fill();
    QAbstractButton *chip = nullptr;
    for (auto *button : window.error->findChildren<QAbstractButton *>())
        if (button->accessibleName() == QStringLiteral("alone"))
            chip = button;
    QVERIFY(chip && chip->isVisible() && chip->isChecked());
    const QImage before = window.error->plotWidget()->grab().toImage();
    QTest::mouseClick(chip, Qt::LeftButton);
    QTest::qWait(10);
    QVERIFY(!window.error->isSeriesVisible(QStringLiteral("alone")));
    QVERIFY(window.error->plotWidget()->grab().toImage() != before);
    window.widget.resize(400, 1200);
    QTest::qWait(10);
    QVERIFY2(!chip->isVisible(), "the legend must leave narrow panels");
    QAction *inMenu = window.error->toolsMenu()->actions().value(0);
    QVERIFY(inMenu && inMenu->isCheckable() && !inMenu->isChecked());
    inMenu->trigger();
    QVERIFY(window.error->isSeriesVisible(QStringLiteral("alone")));
}

void TestPlots::messages()
{
    PlotWindow window;
    for (PlotPanel *panel : window.panels()) {
        QVERIFY(!panel->message().isEmpty());
        QCOMPARE(panel->plotWidget()->accessibleDescription().isEmpty(), false);
        QTest::mouseMove(panel->plotWidget(), {40, 40});
        click(panel, {60, 60});
        panel->table().toCsv();
    }
    const auto report = syntheticReport();
    for (auto &layer : report->layers) {
        auto copy = std::make_shared<LayerReport>(*layer);
        keepInFloat(*copy, "excluded by hand");
        layer = copy;
    }
    window.error->setReport(report);
    QCOMPARE(window.error->message(), QStringLiteral("Nothing is quantized, so there is no error."));
    auto pending = std::make_shared<Report>();
    pending->layers.resize(5);
    window.error->setReport(pending);
    window.scale->setReport(pending);
    QCOMPARE(window.error->message(), QStringLiteral("…"));
    window.weights->setEmptyMessage(QStringLiteral("Computing …"));
    QCOMPARE(window.weights->message(), QStringLiteral("Computing …"));
}

void TestPlots::errorKinds()
{
    PlotWindow window;
    const auto weights = syntheticReport(6, 8);
    window.error->setReport(weights);
    QCOMPARE(window.error->title(), QStringLiteral("Weight error"));
    QCOMPARE(window.error->note(), QString::fromStdString(weights->outputError.reason.str()));
    QCOMPARE(window.error->series().size(), 1);
    weights->outputError.kind = OutputErrorKind::Layer;
    auto first = std::make_shared<LayerReport>(*weights->layers[0]);
    first->outputError.layerOutput = 0.02;
    weights->layers[0] = first;
    window.error->setReport(weights);
    QCOMPARE(window.error->title(), QStringLiteral("Layer output error"));
    QCOMPARE(window.error->table().cell(0, 1).toDouble(), 0.02);
    QCOMPARE(window.error->table().cell(1, 2).toString(), QStringLiteral("n/a"));
    window.error->setReport(syntheticReport());
    QCOMPARE(window.error->title(), QStringLiteral("Output error"));
    QVERIFY(window.error->note().isEmpty());
}

void TestPlots::pendingAndOddLayers()
{
    PlotWindow window;
    auto report = std::make_shared<Report>();
    report->layers.push_back(syntheticLayer("tensor", 64, 64, Granularity::tensor()));
    report->layers.push_back(syntheticLayer("groups", 64, 256, Granularity::group(32)));
    auto broken = syntheticLayer("broken", 32, 4);
    keepInFloat(*broken, "2 NaN, first at [0, 1]");
    broken->quantization = nullptr;
    broken->canQuantize = false;
    auto statistics = std::make_shared<WeightStatistics>();
    statistics->nanCount = 2;
    broken->statistics = statistics;
    report->layers.push_back(broken);
    report->layers.push_back(nullptr);
    auto underflown = syntheticLayer("underflown", 16, 4);
    auto zeros = std::make_shared<LayerQuantization>(*underflown->quantization);
    zeros->scales.assign(16, 0.0f);
    zeros->scales[3] = INFINITY;
    underflown->quantization = zeros;
    report->layers.push_back(underflown);
    window.scale->setReport(report);
    window.error->setReport(report);
    QSignalSpy readout(window.scale, &PlotPanel::readoutChanged);
    for (bool logarithmic : {true, false}) {
        window.scale->setLogarithmic(logarithmic);
        QTest::qWait(10);
        QVERIFY(!window.widget.grab().isNull());
        for (int layer = 0; layer < 5; ++layer)
            QTest::mouseMove(window.scale->plotWidget(), at(window.scale, layer));
    }
    QTest::mouseMove(window.scale->plotWidget(), at(window.scale, 2));
    QVERIFY(readout.last().first().toString().contains(QStringLiteral("2 NaN")));
    QVERIFY(window.scale->subtitle().contains(QStringLiteral("median")));
    QVERIFY(!window.scale->table().toCsv().contains("broken"));
}

void TestPlots::sorts()
{
    PlotWindow window;
    window.fill();
    const int before = at(window.error, 2).x();
    window.error->setOrder(ErrorPlot::Order::LargestFirst);
    QTest::qWait(10);
    QVERIFY(at(window.error, 2).x() < before);
    QCOMPARE(window.error->table().cell(0, 0).toString(), QStringLiteral("fc3"));
    click(window.error, at(window.error, 2));
    QCOMPARE(window.selection.layer(), 2);
}

void TestPlots::measures_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("header");
    QTest::addColumn<double>("value"); // of fc1
    QTest::addColumn<bool>("logarithmic");
    QTest::newRow("weights") << "measure.weights" << "Weight error" << 0.02 << true;
    QTest::newRow("sqnr") << "measure.sqnr" << "Weight SQNR" << 34.0 << false;
    QTest::newRow("largest") << "measure.largest" << "Largest error of a weight" << 0.5 << true;
    QTest::newRow("cosine") << "measure.cosine" << "1 − cosine of weights" << 2e-4 << true;
    QTest::newRow("top-1") << "measure.top1" << "Changed top-1 answers" << 0.05 << false;
}

/// The bars show another number of the report, in its own unit; outputs have no part in it.
void TestPlots::measures()
{
    QFETCH(const QString, action);
    QFETCH(const QString, header);
    QFETCH(const double, value);
    QFETCH(const bool, logarithmic);
    PlotWindow window;
    window.fill();
    auto report = syntheticReport();
    for (std::size_t i = 0; i < report->layers.size(); ++i) {
        auto layer = std::make_shared<LayerReport>(*report->layers[i]);
        const double factor = i == 2 ? 4 : 1;
        layer->metrics = {};
        layer->metrics.sqnrDb = 34 / factor;
        layer->metrics.relativeError = 0.02 * factor;
        layer->metrics.maxAbsError = 0.5 * factor;
        layer->metrics.oneMinusCosine = 2e-4 * factor;
        layer->outputError.top1Changed = 0.05 * factor;
        report->layers[i] = layer;
    }
    auto *chosen = window.error->findChild<QAction *>(action);
    QVERIFY(chosen);
    // Answers can change only where the network gives some.
    QCOMPARE(chosen->isEnabled(), action != QLatin1String("measure.top1"));
    report->outputError.top1Agreement = 0.9;
    window.error->setReport(report);
    const QString outputs = window.error->table().headers[1];
    chosen->trigger();
    QTest::qWait(10);
    QCOMPARE(window.error->title(), header);
    QCOMPARE(window.error->table().headers[1], header);
    QCOMPARE(window.error->table().cell(0, 1).toDouble(), value);
    QCOMPARE(window.error->isLogarithmic(), logarithmic);
    for (const PlotSeries &series : window.error->series())
        QVERIFY2(series.key != QLatin1String("upToHere"), "outputs have no part in numbers of weights");
    QVERIFY(window.error->yRange().lower <= value * 100 && window.error->yRange().upper >= value);
    // The worst first, be it the largest or the smallest number.
    window.error->setOrder(ErrorPlot::Order::LargestFirst);
    QCOMPARE(window.error->table().cell(0, 0).toString(), QStringLiteral("fc3"));
    QVERIFY(!window.error->grab().isNull());
    window.error->setMeasure(ErrorPlot::Measure::Error);
    QCOMPARE(window.error->table().headers[1], outputs);
    QVERIFY(window.error->isLogarithmic());
}

void TestPlots::zeroPoints()
{
    PlotWindow window;
    window.fill();
    window.scale->findChild<QAction *>(QStringLiteral("quantity.zeroPoint"))->trigger();
    QVERIFY(window.scale->message().contains("symmetric"));
    auto report = syntheticReport();
    auto layer = std::make_shared<LayerReport>(*report->layers[1]);
    auto quantization = std::make_shared<LayerQuantization>(*layer->quantization);
    quantization->scheme.mode = Mode::Asymmetric;
    for (std::size_t i = 0; i < quantization->scales.size(); ++i)
        quantization->zeroPoints.push_back(static_cast<std::int8_t>(i % 100 - 60));
    layer->quantization = quantization;
    report->layers[1] = layer;
    window.scale->setReport(report);
    QTest::qWait(10);
    QVERIFY2(window.scale->message().isEmpty(), qPrintable(window.scale->message()));
    QVERIFY(!window.scale->isLogarithmic());
    QCOMPARE(window.scale->title(), QStringLiteral("Zero point per channel"));
    // All codes fit.
    QVERIFY(window.scale->yRange().lower < -128 && window.scale->yRange().upper > 127);
    QVERIFY(!window.scale->grab().isNull());
    window.scale->setQuantity(ScaleQuantity::Step);
    QVERIFY(window.scale->isLogarithmic());
    QVERIFY(window.scale->yRange().lower > 0);
}

void TestPlots::barsEndAtTheirValues_data()
{
    QTest::addColumn<bool>("logarithmic");
    QTest::newRow("logarithmic") << true;
    QTest::newRow("linear") << false;
}

void TestPlots::barsEndAtTheirValues()
{
    QFETCH(bool, logarithmic);
    PlotWindow window;
    window.fill();
    window.error->setSeriesVisible(QStringLiteral("upToHere"), false);
    window.error->setLogarithmic(logarithmic);
    auto distribution = std::make_shared<Distribution>();
    distribution->weights = {-1, 1, {1, 40, 200, 40, 3}, 0, 0, 284};
    distribution->roundingErrors = distribution->weights;
    window.weights->setDistribution(distribution, {}, {});
    window.weights->setLogarithmic(logarithmic);
    window.rounding->setDistribution(distribution, {}, {});
    window.rounding->setLogarithmic(logarithmic);
    QTest::qWait(20);

    const auto compare = [&](PlotPanel *panel, double x, double value) {
        const QImage image = panel->plotWidget()->grab().toImage();
        const QPointF tip = panel->pixelOf(x, value);
        const int foot = qRound(panel->pixelOf(x, panel->yRange().lower).y()) - 3;
        const int column = qRound(tip.x());
        int top = foot;
        const int limit = (theme().schemeA.red() + theme().panel.red()) / 2; // grid lines shine through
        while (top > 0 && image.pixelColor(column, top - 1).red() < limit)
            --top;
        QVERIFY2(std::abs(top - tip.y()) <= 2, qPrintable(QStringLiteral("%1: %2 is drawn at %3 instead of %4")
                                                              .arg(panel->title())
                                                              .arg(value)
                                                              .arg(top)
                                                              .arg(tip.y())));
    };
    compare(window.error, 0, 0.87);
    compare(window.error, 1, 0.90);
    compare(window.error, 2, 1.34);
    if (logarithmic) // too low for a pixel to be seen otherwise
        compare(window.weights, -0.8, 1);
    compare(window.weights, -0.4, 40);
    compare(window.weights, 0, 200);
    compare(window.rounding, -0.4, 40 * 100.0 / 284);
}

void TestPlots::totalIsTheLastPoint()
{
    PlotWindow window;
    const auto report = syntheticReport();
    report->outputError.order = {0, 1, 2, 3};
    report->outputError.relativeError = 0.00295;
    window.error->setReport(report);
    const PlotTable table = window.error->table();
    QCOMPARE(table.cell(3, 0).toString(), QStringLiteral("fc4"));
    QCOMPARE(table.cell(3, 3).toString(), QStringLiteral("excluded"));
    QCOMPARE(table.cell(3, 2).toDouble(), 0.00295);
    QSignalSpy readout(window.error, &PlotPanel::readoutChanged);
    QTest::qWait(10);
    QTest::mouseMove(window.error->plotWidget(), at(window.error, 3));
    const QString said = readout.last().first().toString();
    QVERIFY2(said.contains(QStringLiteral("up to here: ") + text::percent(0.00295)), qPrintable(said));
    for (double x : {3.5, 30.0}) { // the point near the right edge, and with room beside it
        window.error->setXRange({-0.5, x});
        QVERIFY(!window.error->grab().isNull());
    }
}

void TestPlots::emptyBandIsExplained()
{
    PlotWindow window;
    window.fill();
    QTest::mouseMove(window.scale->plotWidget(), QPoint(at(window.scale, 1).x(), 10));
    QVERIFY2(window.scale->readoutBox().startsWith(QStringLiteral("fc2\n256 channels\nscales ")),
             qPrintable(window.scale->readoutBox()));
}

void TestPlots::clippedIsExplained()
{
    PlotWindow window;
    window.fill();
    QSignalSpy readout(window.weights, &PlotPanel::readoutChanged);
    QTest::mouseMove(window.weights->plotWidget(), window.weights->plotWidget()->rect().center());
    QVERIFY(readout.last().first().toString().contains(QStringLiteral("weights")));
    QCOMPARE(window.weights->series().size(), 1); // 16 levels are drawn as ticks
    QVERIFY(window.weights->summary().contains(QStringLiteral("clipped")));
}

QTEST_MAIN(TestPlots)
#include "tst_plots.moc"
