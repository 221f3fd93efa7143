// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Keys that lead through the window: tabs, panes, the selected layer, presentation.
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/pages/file/file_page.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/plots/scale_plot.h"
#include "ui/selection/selection.h"
#include "ui/widgets/text_list.h"

#include <QDockWidget>
#include <QLineEdit>
#include <QTabBar>
#include <QTabWidget>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestWindowKeys : public WindowTest
{
    Q_OBJECT
private slots:
    void tabKeys();
    void paneOfTheListOnShow();
    void selectedLayerIntoTheMiddle();
    void presentation();
};

void TestWindowKeys::tabKeys()
{
    WindowUnderTest t("demo:digits");
    t.table()->setFocus();
    QTest::keyClick(t.table(), Qt::Key_8);
    QVERIFY(t.find<QWidget>("compare")->isVisible());
    QVERIFY(t.window->showTab("file"));
    t.find<FilePage>("file")->tensors()->view()->setFocus();
    QTest::keyClick(t.find<FilePage>("file")->tensors()->view(), Qt::Key_1);
    QVERIFY(t.find<OverviewPage>("overview")->isVisible());
    QWidget *plot = t.find<OverviewPage>("overview")->scalePlot()->plotWidget();
    plot->setFocus();
    QTest::keyClick(plot, Qt::Key_9);
    QVERIFY(t.find<QWidget>("budget")->isVisible());
    // Text in a field, not a command.
    auto *line = t.find<LayersPanel>("layers")->findChild<QLineEdit *>();
    line->setFocus();
    QTest::keyClick(line, Qt::Key_1);
    QCOMPARE(line->text(), "1");
    QVERIFY(t.find<QWidget>("budget")->isVisible());
}

void TestWindowKeys::paneOfTheListOnShow()
{
    WindowUnderTest t("demo:digits");
    FilePage *page = t.find<FilePage>("file");
    QVERIFY(t.window->showTab("file"));
    auto *lists = page->findChild<QTabWidget *>();
    const auto paneIsReached = [&](QWidget *pane) {
        t.table()->setFocus();
        for (int i = 0; i < 8 && !pane->hasFocus(); ++i)
            QTest::keyClick(t.window.get(), Qt::Key_F6);
        return pane->hasFocus();
    };
    for (TextList *list : {page->tensors(), page->metadata()}) {
        lists->setCurrentWidget(list);
        QVERIFY2(paneIsReached(list->view()), qPrintable(list->view()->accessibleName()));
    }
    // A list without rows has no view to go to, but its tab.
    lists->setCurrentWidget(page->remarks());
    QVERIFY(paneIsReached(lists->tabBar()));
    QTest::keyClick(lists->tabBar(), Qt::Key_Left);
    QVERIFY(page->metadata()->isVisible());
}

void TestWindowKeys::selectedLayerIntoTheMiddle()
{
    WindowUnderTest t("demo:digits");
    ScalePlot *plot = t.find<OverviewPage>("overview")->scalePlot();
    t.find<Selection>("selection")->setCurrent(1);
    const AxisRange all = plot->xRange();
    plot->zoomBy(4);
    plot->setXRange({all.lower, all.lower + (all.upper - all.lower) / 4});
    plot->plotWidget()->setFocus();
    QTest::keyClick(plot->plotWidget(), Qt::Key_F);
    const AxisRange centred = plot->xRange();
    QVERIFY(qFuzzyCompare(centred.upper - centred.lower, (all.upper - all.lower) / 4));
    const auto middle = plot->positionOf(1);
    QVERIFY(middle.has_value());
    QVERIFY(std::abs(plot->pixelOf((centred.lower + centred.upper) / 2, 1).x() - middle->x()) < 2);
    QTest::keyClick(plot->plotWidget(), Qt::Key_F);
    const AxisRange fitted = plot->xRange();
    QVERIFY(fitted.lower != centred.lower);
    // Nothing but the layer: its neighbours' middles are outside.
    QVERIFY(plot->positionOf(0)->x() < plot->pixelOf(fitted.lower, 1).x());
    QVERIFY(plot->positionOf(2)->x() > plot->pixelOf(fitted.upper, 1).x());
    QTest::keyClick(plot->plotWidget(), Qt::Key_0);
    QCOMPARE(plot->xRange(), all);
}

void TestWindowKeys::presentation()
{
    WindowUnderTest t("demo:digits");
    const double size = QApplication::font().pointSizeF();
    QTest::keyClick(t.window.get(), Qt::Key_F11);
    for (const QDockWidget *dock : t.window->findChildren<QDockWidget *>())
        QVERIFY(!dock->isVisible());
    QVERIFY(QApplication::font().pointSizeF() > size * 1.3);
    QVERIFY(t.find<OverviewPage>("overview")->scalePlot()->plotWidget()->hasFocus());
    // Closing ends it: what is remembered is the window of every day.
    t.window->close();
    QCOMPARE(QApplication::font().pointSizeF(), size);
    Settings settings(t.folder.filePath("settings.ini"));
    MainWindow second(t.document.get(), &settings, &t.chooser);
    second.show();
    QVERIFY(second.findChild<LayersPanel *>("layers")->isVisible());
}

QTEST_MAIN(TestWindowKeys)
#include "tst_window_keys.moc"
