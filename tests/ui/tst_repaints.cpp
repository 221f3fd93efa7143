// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How often plots are painted: once per change, and never while nobody sees them.
#include "tests/ui/plot_window.h"

#include <QSignalSpy>

#include <functional>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestRepaints : public QObject
{
    Q_OBJECT
private slots:
    void oncePerChange_data();
    void oncePerChange();
    void neverWhileHidden();
};

namespace {

constexpr std::size_t kLayers = 2000;

void fillWithMany(PlotWindow &window)
{
    const auto report = syntheticReport(kLayers, 4);
    window.selection.setShape(std::vector<qint64>(kLayers, 4));
    window.scale->setReport(report);
    window.error->setReport(report);
    QCoreApplication::processEvents();
}

} // namespace

void TestRepaints::oncePerChange_data()
{
    using Change = std::function<void(PlotWindow &)>;
    QTest::addColumn<Change>("change");
    const auto row = [](const char *name, Change change) { QTest::newRow(name) << change; };
    row("another layer", [](PlotWindow &w) { w.selection.stepLayer(1); });
    row("a channel of another layer", [](PlotWindow &w) { w.selection.setCurrent(7, 2); });
    row("results", [](PlotWindow &w) {
        for (LayerPlot *plot : {static_cast<LayerPlot *>(w.scale), static_cast<LayerPlot *>(w.error)})
            plot->setReport(syntheticReport(kLayers, 4));
    });
    row("results, selection, hover and zoom", [](PlotWindow &w) {
        for (LayerPlot *plot : {static_cast<LayerPlot *>(w.scale), static_cast<LayerPlot *>(w.error)}) {
            plot->setReport(syntheticReport(kLayers, 4));
            plot->setStale(true);
            plot->zoomBy(2);
        }
        w.selection.setCurrent(9);
        w.selection.setHover(11, 1);
    });
}

void TestRepaints::oncePerChange()
{
    QFETCH(std::function<void(PlotWindow &)>, change);
    PlotWindow window;
    fillWithMany(window);
    // Hover has been seen: the overlay has something to repaint.
    window.selection.setHover(3, 1);
    QCoreApplication::processEvents();
    QSignalSpy scale(window.scale->plotWidget(), SIGNAL(afterReplot()));
    QSignalSpy error(window.error->plotWidget(), SIGNAL(afterReplot()));
    change(window);
    QCoreApplication::processEvents();
    QCoreApplication::processEvents();
    QCOMPARE(scale.count(), 1);
    QCOMPARE(error.count(), 1);
}

void TestRepaints::neverWhileHidden()
{
    PlotWindow window;
    fillWithMany(window);
    window.error->hide();
    QCoreApplication::processEvents();
    QSignalSpy replots(window.error->plotWidget(), SIGNAL(afterReplot()));
    window.selection.stepLayer(1);
    window.error->setReport(syntheticReport(kLayers, 4));
    QCoreApplication::processEvents();
    QCOMPARE(replots.count(), 0);
    window.error->show();
    QTRY_VERIFY(replots.count() > 0);
    QVERIFY(window.error->positionOf(1).has_value());
}

QTEST_MAIN(TestRepaints)
#include "tst_repaints.moc"
