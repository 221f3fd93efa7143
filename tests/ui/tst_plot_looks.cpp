// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How plots look: what is tinted or faint, and what gives way where there is little room.
#include "tests/ui/plot_window.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QAction>
#include <QLabel>
#include <QMenu>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestPlotLooks : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void allSelectedAreTinted();
    void narrowHeaderKeepsTitle();
    void labelsOfANarrowAxis();
    void staleIsFainter();
    void manyLayers();
};

void TestPlotLooks::initTestCase()
{
    ThemeManager::instance().setDark(false);
    const QFontMetrics metrics(QApplication::font());
    QVERIFY2(metrics.inFont(u'W') && metrics.horizontalAdvance(u'i') < metrics.horizontalAdvance(u'W'),
             "no usable font is installed");
}

void TestPlotLooks::allSelectedAreTinted()
{
    PlotWindow window;
    window.fill();
    window.selection.setLayers({0, 2});
    QTest::qWait(10);
    for (PlotPanel *panel : {static_cast<PlotPanel *>(window.scale), static_cast<PlotPanel *>(window.error)}) {
        const QImage image = panel->plotWidget()->grab().toImage();
        const auto ground = [&](int layer) { return image.pixelColor(at(panel, layer).x(), 10); };
        QCOMPARE(ground(0), theme().selectedBand);
        QCOMPARE(ground(2), theme().selectedBand);
        QVERIFY(ground(1) != theme().selectedBand);
    }
}

void TestPlotLooks::narrowHeaderKeepsTitle()
{
    PlotWindow window;
    window.fill();
    QAbstractButton *tool = nullptr;
    for (auto *button : window.rounding->findChildren<QAbstractButton *>())
        if (button->accessibleName().startsWith(QStringLiteral("Logarithmic")))
            tool = button;
    QLabel *title = window.rounding->findChild<QLabel *>(QStringLiteral("panelTitle"));
    QVERIFY(tool && title && tool->isVisible());
    window.rounding->setFixedWidth(title->sizeHint().width() + 100);
    QTest::qWait(10);
    QVERIFY(!tool->isVisible());
    QVERIFY(title->width() >= title->sizeHint().width());
    for (QAction *action : window.rounding->toolsMenu()->actions())
        if (action->text().startsWith(QStringLiteral("Logarithmic")))
            action->trigger();
    QVERIFY(window.rounding->isLogarithmic());
}

/// Labels are chosen for the width that the axis has now, and there are at least two of them.
void TestPlotLooks::labelsOfANarrowAxis()
{
    PlotWindow window;
    window.fill();
    for (const int width : {500, 260, 230}) {
        window.weights->setDistribution(nullptr, QString());
        window.weights->setFixedWidth(width);
        QTest::qWait(20);
        // Counts so large that their labels take much of the width.
        auto many = std::make_shared<Distribution>(*syntheticDistribution(4));
        for (std::uint64_t &count : many->weights.counts)
            count *= 100'000;
        window.weights->setDistribution(many, QStringLiteral("fc2"), Scheme{});
        QTest::qWait(20);
        QWidget *plot = window.weights->plotWidget();
        const QImage first = plot->grab().toImage();
        window.weights->setEmptyMessage(QString::number(width)); // draws anew
        QTest::qWait(20);
        QVERIFY(plot->grab().toImage() == first);
        // The line of labels: its ink in runs with more than a letter's gap between them.
        const int bottom = plot->height() - 2 * plot->fontMetrics().height();
        const int top = bottom - plot->fontMetrics().height() / 2;
        int runs = 0;
        int lastInk = -100;
        for (int x = 0; x < first.width(); ++x)
            for (int y = top; y < bottom; ++y)
                if (first.pixelColor(x, y).lightness() < 150) {
                    runs += x - lastInk > 6 ? 1 : 0;
                    lastInk = x;
                    break;
                }
        QVERIFY2(runs >= 2, qPrintable(QString("%1 labels at %2 pixels").arg(runs).arg(width)));
    }
}

void TestPlotLooks::staleIsFainter()
{
    PlotWindow window;
    window.fill();
    const QPoint inBar = at(window.error, 2) + QPoint(0, 30);
    const QColor fresh = window.error->plotWidget()->grab().toImage().pixelColor(inBar);
    window.error->setStale(true);
    QTest::qWait(10);
    const QColor stale = window.error->plotWidget()->grab().toImage().pixelColor(inBar);
    QVERIFY(stale.lightness() > fresh.lightness() + 20);
}

/// A plottable or item per layer would take minutes and run into the test's time limit.
void TestPlotLooks::manyLayers()
{
    PlotWindow window;
    const auto report = syntheticReport(2000, 64);
    window.scale->setReport(report);
    window.error->setReport(report);
    QVERIFY(!window.widget.grab().isNull());
    for (int layer = 0; layer < 20; ++layer)
        window.selection.setCurrent(layer * 100);
    QVERIFY(!window.widget.grab().isNull());
    window.scale->setXRange({0, 640}); // few enough for dots again
    QTest::qWait(10);
    click(window.scale, at(window.scale, 1, 5));
    QCOMPARE(window.selection.channel(), 5);
}

QTEST_MAIN(TestPlotLooks)
#include "tst_plot_looks.moc"
