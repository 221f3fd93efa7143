// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Code grid" and "Number line": from a bar to a weight, to its code, and back.
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/pages/codes/codes_page.h"
#include "ui/pages/number_line/number_line_page.h"
#include "ui/pages/number_line/number_line_view.h"
#include "ui/pages/scheme/scheme_bar.h"
#include "ui/plots/code_grid_plot.h"
#include "ui/selection/selection.h"
#include "ui/widgets/field_combo.h"

#include <QDoubleSpinBox>
#include <QPushButton>
#include <QSpinBox>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestCodesPage : public WindowTest
{
    Q_OBJECT
private slots:
    void countsWhatFallsToACode();
    void wholeLayerCountsCodes();
    void groupHasAGrid();
    void barIsFollowed();
    void hiddenPageAsksForNothing();
    void stepsOfTheNumberLine();
    void ownNumbers();
};

namespace {

/// fc2 of the digits with 2 bits, on one channel.
void selectChannel(WindowUnderTest &t, qint64 channel, qint64 group = -1)
{
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), "2 bits");
    t.find<Selection>("selection")->setCurrent(1, channel, group);
    QVERIFY(t.settle());
}

QVariant cellOf(const CodeGridPlot *plot, int row, int column)
{
    return plot->table().cell(row, column);
}

} // namespace

void TestCodesPage::countsWhatFallsToACode()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("codes");
    selectChannel(t, 58);
    const CodeGridPlot *plot = t.find<CodesPage>("codes")->plot();
    QVERIFY(plot->isVisible());
    QVERIFY2(plot->subtitle().startsWith("fc2, channel 58"), qPrintable(plot->subtitle()));
    // Of 128 weights 102 are near zero, and the lowest code is never used.
    QCOMPARE(plot->table().rows, qsizetype{4});
    QCOMPARE(cellOf(plot, 0, 0).toInt(), -2);
    QCOMPARE(cellOf(plot, 0, 1).toInt(), 0);
    QCOMPARE(cellOf(plot, 2, 1).toInt(), 102);
    int all = 0;
    for (int row = 0; row < 4; ++row)
        all += cellOf(plot, row, 1).toInt();
    QCOMPARE(all, 128);
    QVERIFY2(plot->note().startsWith("3 of 4 codes are used; 79.7"), qPrintable(plot->note()));
    QCOMPARE(plot->placeOf(0)->code, 0);
}

void TestCodesPage::wholeLayerCountsCodes()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("codes");
    selectChannel(t, -1);
    const CodeGridPlot *plot = t.find<CodesPage>("codes")->plot();
    QVERIFY2(plot->note().startsWith("These weights have several scales"), qPrintable(plot->note()));
    QCOMPARE(plot->placeOf(0), nullptr);
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Scales), "Whole layer");
    QVERIFY(t.settle());
    QVERIFY2(plot->note().contains("codes are used"), qPrintable(plot->note()));
    QCOMPARE(plot->placeOf(0)->code, 0);
}

/// A channel of groups has no grid, but each of its groups has.
void TestCodesPage::groupHasAGrid()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("codes");
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Scales), "Groups of 32");
    selectChannel(t, 5);
    const CodesPage *page = t.find<CodesPage>("codes");
    const CodeGridPlot *plot = page->plot();
    auto *group = page->findChild<QSpinBox *>("group");
    QTRY_VERIFY(group->isVisible());
    QCOMPARE(group->maximum(), 4);
    QCOMPARE(group->text(), "all");
    QVERIFY2(plot->note().startsWith("These weights have several scales"), qPrintable(plot->note()));
    QCOMPARE(plot->placeOf(0), nullptr);
    group->setFocus();
    QTest::keyClick(group, Qt::Key_Up);
    QTRY_VERIFY2(plot->note().contains("codes are used"), qPrintable(plot->note()));
    QCOMPARE(t.find<Selection>("selection")->group(), 0);
    QCOMPARE(plot->placeOf(0)->code, 0);
    QCOMPARE(t.setup->distribution().shown().values->weights.total, std::uint64_t{32});
    // The next channel is looked at in the same group; without groups there is nothing to choose.
    selectChannel(t, 6, 0);
    QCOMPARE(t.setup->distribution().shown().values->weights.total, std::uint64_t{32});
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Scales), "Per channel");
    QTRY_VERIFY(!group->isVisible());
    QTRY_COMPARE(t.setup->distribution().shown().values->weights.total, std::uint64_t{128});
}

void TestCodesPage::barIsFollowed()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("codes");
    selectChannel(t, 58);
    const CodeGridPlot *plot = t.find<CodesPage>("codes")->plot();
    const auto *selection = t.find<Selection>("selection");
    QTest::mouseClick(plot->plotWidget(), Qt::LeftButton, {}, plot->pegOf(1).toPoint());
    QTRY_VERIFY(selection->followed());
    QCOMPARE(selection->followed()->channel, 58);
    const float value = selection->followed()->value;
    QCOMPARE(plot->placeOf(static_cast<double>(value))->code, 1);
    // The number line takes it up, with the same code.
    t.window->showTab("numberLine");
    showChanges();
    const NumberLinePage *line = t.find<NumberLinePage>("numberLine");
    QVERIFY(line->isFromModel());
    QCOMPARE(line->view()->walk().value, static_cast<double>(value));
    QCOMPARE(line->view()->walk().code, 1);
    // Another channel ends it.
    t.find<Selection>("selection")->setCurrent(1, 57);
    QVERIFY(!selection->followed());
    showChanges();
    QVERIFY(line->view()->walk().value != static_cast<double>(value));
}

void TestCodesPage::hiddenPageAsksForNothing()
{
    WindowUnderTest t("demo:digits");
    t.find<QWidget>("distributionDock")->hide();
    QVERIFY(t.settle());
    const auto before = t.setup->distribution().shown().values;
    t.find<Selection>("selection")->setCurrent(1, 3);
    QVERIFY(t.settle());
    QCOMPARE(t.setup->distribution().shown().values, before);
    t.window->showTab("codes");
    QTRY_VERIFY(t.setup->distribution().shown().target.part.channel == std::uint64_t{3});
}

void TestCodesPage::stepsOfTheNumberLine()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("numberLine");
    selectChannel(t, 58);
    NumberLineView *view = t.find<NumberLinePage>("numberLine")->view();
    QVERIFY(view->isVisible());
    view->setFocus();
    QTest::keyClick(view, Qt::Key_Home);
    QCOMPARE(view->step(), 1);
    for (int step = 2; step <= NumberLineView::kSteps; ++step) {
        QTest::keyClick(view, Qt::Key_Right);
        QCOMPARE(view->step(), step);
        QVERIFY(view->accessibleDescription().contains(view->sentence(step)));
    }
    // The largest weight of the channel lies beyond the largest code.
    QVERIFY(view->walk().clipped);
    QVERIFY2(view->sentence(5).startsWith("The weight was clipped"), qPrintable(view->sentence(5)));
    // Where it comes back to is where the dot of its code stands.
    QCOMPARE(view->pointOf(5, view->walk().back).x(), view->pointOf(4, view->walk().back).x());
    const double before = view->walk().value;
    QTest::keyClick(view, Qt::Key_Down);
    QVERIFY(view->walk().value < before);
    QVERIFY(!t.find<NumberLinePage>("numberLine")->isFromModel());
}

void TestCodesPage::ownNumbers()
{
    WindowUnderTest t;
    t.window->showTab("numberLine");
    auto *page = t.find<NumberLinePage>("numberLine");
    QCOMPARE(page->view()->walk().code, 4); // 0.437 with steps of 0.1
    page->view()->setStep(3);
    QVERIFY2(page->view()->sentence(3).contains("0.37"), qPrintable(page->view()->sentence(3)));
    emit page->view()->valueWanted(2.0);
    QCOMPARE(page->view()->walk().code, 7);
    QVERIFY(page->view()->walk().clipped);
    QVERIFY(!page->isFromModel());
}

QTEST_MAIN(TestCodesPage)
#include "tst_codes_page.moc"
