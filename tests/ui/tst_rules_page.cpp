// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Rules page: live hits, new rules, order, what is shadowed, from the filter to a rule.
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/actions/action_registry.h"
#include "ui/pages/rules/rules_page.h"
#include "ui/widgets/text_list.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestRulesPage : public WindowTest
{
    Q_OBJECT
private slots:
    void hitsWhileTyping_data();
    void hitsWhileTyping();
    void addAndUndo();
    void conditionBecomesRulesOfLayers();
    void orderDecides();
    void removed();
    void fromFilter();
};

namespace {

RulesPage *pageOf(WindowUnderTest &t)
{
    t.window->showTab("rules");
    showChanges();
    return t.find<RulesPage>("rules");
}

void add(RulesPage *page, const QString &pattern, const QString &action)
{
    page->line()->setText(pattern);
    choose(page->action(), action);
    QTest::keyClick(page->line(), Qt::Key_Return);
    showChanges();
}

} // namespace

void TestRulesPage::hitsWhileTyping_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("said");
    QTest::addColumn<bool>("canAdd");
    QTest::newRow("glob") << "fc?" << "4 of 4 layers: fc1, fc2, fc3, fc4" << true;
    QTest::newRow("regular expression") << "re:fc[12]" << "2 of 4 layers: fc1, fc2" << true;
    QTest::newRow("tensor name") << "fc3.weight" << "1 of 4 layers: fc3" << true;
    QTest::newRow("size") << "out>=200" << "1 of 4 layers: fc2. Recipes" << true;
    QTest::newRow("near name") << "fx1" << "Near names: fc1" << false;
    QTest::newRow("damaged") << "re:(" << "missing" << false;
    QTest::newRow("unknown field") << "foo>1" << "Unknown field" << false;
    QTest::newRow("empty") << "" << "last one that says something wins" << false;
}

void TestRulesPage::hitsWhileTyping()
{
    QFETCH(const QString, text);
    QFETCH(const QString, said);
    QFETCH(const bool, canAdd);
    WindowUnderTest t("demo:digits");
    RulesPage *page = pageOf(t);
    page->line()->setText(text);
    QVERIFY2(page->hits()->text().contains(said), qPrintable(page->hits()->text()));
    QCOMPARE(page->addButton()->isEnabled(), canAdd);
    QVERIFY(t.setup->recipe().rules.empty());
}

void TestRulesPage::addAndUndo()
{
    WindowUnderTest t("demo:digits");
    RulesPage *page = pageOf(t);
    add(page, "fc[12]", "exclude"); // brackets are letters in a glob: nothing is added
    QVERIFY(t.setup->recipe().rules.empty());
    add(page, "fc?", "4 bits");
    QCOMPARE(t.setup->recipe().rules.size(), std::size_t{1});
    for (const Decision &decision : t.setup->decisions())
        QCOMPARE(decision.scheme.bits, 4);
    QCOMPARE(page->rules()->topLevelItemCount(), 1);
    QVERIFY(page->line()->text().isEmpty());
    t.document->undoStack().undo();
    showChanges();
    QVERIFY(t.setup->recipe().rules.empty());
    QCOMPARE(page->rules()->topLevelItemCount(), 0);
    QVERIFY(t.settle());
}

void TestRulesPage::conditionBecomesRulesOfLayers()
{
    WindowUnderTest t("demo:digits");
    RulesPage *page = pageOf(t);
    add(page, "in<100", "exclude");
    QVERIFY(!t.setup->isQuantized(0) && t.setup->isQuantized(1));
    QCOMPARE(t.document->undoStack().count(), 1);
    QVERIFY(t.settle());
}

void TestRulesPage::orderDecides()
{
    WindowUnderTest t("demo:digits");
    RulesPage *page = pageOf(t);
    add(page, "fc1", "exclude");
    add(page, "*", "quantize");
    QVERIFY(t.setup->isQuantized(0));
    QVERIFY(page->effects().rules[0].isShadowed());
    const QTreeWidgetItem *first = page->rules()->topLevelItem(0);
    QVERIFY2(first->text(5).contains("shadowed"), qPrintable(first->text(5)));
    page->rules()->setCurrentItem(page->rules()->topLevelItem(0));
    QTest::keyClick(page->rules(), Qt::Key_Down, Qt::AltModifier);
    showChanges();
    QCOMPARE(t.setup->recipe().rules.back().match, "fc1");
    QVERIFY(!t.setup->isQuantized(0) && t.setup->isQuantized(1));
    QCOMPARE(page->rules()->currentRule(), 1);
    QCOMPARE(page->layers()->view()->model()->rowCount(), 1);
    t.document->undoStack().undo();
    QVERIFY(t.setup->isQuantized(0));
    QVERIFY(t.settle());
}

void TestRulesPage::removed()
{
    WindowUnderTest t("demo:digits");
    RulesPage *page = pageOf(t);
    add(page, "fc1", "exclude");
    page->rules()->setCurrentItem(page->rules()->topLevelItem(0));
    QTest::keyClick(page->rules(), Qt::Key_Delete);
    showChanges();
    QVERIFY(t.setup->recipe().rules.empty() && t.setup->isQuantized(0));
    QVERIFY(t.settle());
}

void TestRulesPage::fromFilter()
{
    WindowUnderTest t("demo:digits");
    t.find<LayersPanel>("layers")->setFilter("c2");
    QCOMPARE(t.names(), QStringList{"fc2"});
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("rules.fromFilter"));
    showChanges();
    const RulesPage *page = t.find<RulesPage>("rules");
    QVERIFY(page->isVisible());
    QCOMPARE(page->line()->text(), "*c2*");
    QVERIFY(page->hits()->text().startsWith("1 of 4"));
}

QTEST_MAIN(TestRulesPage)
#include "tst_rules_page.moc"
