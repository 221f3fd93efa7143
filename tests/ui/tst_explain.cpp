// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Explain this number": every value of the window has an explanation, and its formula with the numbers put in gives
// what is shown.
#include "tests/support/formula_reader.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/actions/action_registry.h"
#include "ui/models/layer_model.h"
#include "ui/pages/lesson/explainer.h"
#include "ui/pages/lesson/explanation_popup.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/pages/lesson/lesson_panel.h"
#include "ui/pages/overview/cards.h"
#include "ui/pages/page.h"
#include "ui/plots/plot_panel.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"
#include "ui/text/translation.h"
#include "ui/widgets/field_combo.h"

#include <QContextMenuEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QTreeView>

#include <algorithm>
#include <cmath>
#include <set>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

namespace {

/// Works a filled formula out: + − · / ^ √ log10 log2 round and brackets. The vectors of relative errors have length 1.
class Sum final : public FormulaReader
{
public:
    using FormulaReader::FormulaReader;

private:
    double operand() override
    {
        const double value = factor();
        return take("^") ? std::pow(value, factor()) : value;
    }

    double factor()
    {
        if (take("−"))
            return -factor();
        if (take("√"))
            return std::sqrt(factor());
        if (take("log10"))
            return std::log10(factor());
        if (take("log2"))
            return std::log2(factor());
        if (take("round"))
            return std::nearbyint(factor());
        if (take("‖y‖") || take("‖w‖"))
            return 1;
        if (take("(")) {
            const double value = sum();
            return take(")") ? value : std::nan("");
        }
        static const QRegularExpression number("^[0-9.]+(e[+-]?[0-9]+)?");
        const auto match = number.match(m_rest);
        m_rest.remove(0, match.capturedLength());
        return match.hasMatch() ? match.captured().toDouble() : std::nan("");
    }
};

QString withRawNumbers(const std::string &text, const ExplainedPlace &place)
{
    QString filled;
    for (const TemplatePart &part : templateParts(text)) {
        filled += QString::fromStdString(part.before);
        if (part.name.empty())
            continue;
        const double value = explainedValue(part.name, place).value();
        filled += value < 0 ? QStringLiteral("(−%1)").arg(-value, 0, 'g', 17) : QString::number(value, 'g', 17);
    }
    return filled;
}

/// What is wrong with the explanation of a value that is shown as `shown`; empty when nothing is.
QString problemOf(const QString &id, const ExplainedPlace &place, const QString &shown)
{
    const Explanation *explanation = findExplanation(id);
    if (!explanation)
        return QStringLiteral("there is no explanation '%1'").arg(id);
    // What is no number needs no formula; and a number that does not exist has none.
    const QStringList noNumbers{text::none(), text::notAvailable(), text::pending(), text::exact(), QString()};
    if (explanation->value.empty() || noNumbers.contains(shown))
        return {};
    const QString value = shownTemplate(explanation->value, place);
    if (!shown.contains(value))
        return QStringLiteral("%1: '%2' is explained as '%3'").arg(id, shown, value);
    const std::string *numbers = filledTemplate(*explanation, place);
    if (!numbers)
        return explanation->numbers.empty() ? QString() : QStringLiteral("%1: numbers are missing").arg(id);
    const double given = explainedValue(templateParts(explanation->value).front().name, place).value();
    const double found = Sum(withRawNumbers(*numbers, place)).result();
    // Scales are float32, and results of a search are rounded to their type.
    if (!(std::fabs(found - given) <= 1e-3 * std::fabs(given)))
        return QStringLiteral("%1: %2 is %3, not %4").arg(id, withRawNumbers(*numbers, place)).arg(found).arg(given);
    return {};
}

ExplainedPlace placeOf(const WindowUnderTest &t, const Report &report, const Report *other, int layer)
{
    ExplainedPlace place{*t.setup->model(), report, other};
    place.layer = static_cast<std::size_t>(layer);
    if (const qint64 channel = t.find<Selection>("selection")->channel(); channel >= 0)
        place.channel = static_cast<std::uint64_t>(channel);
    return place;
}

} // namespace

class TestExplain : public WindowTest
{
    Q_OBJECT
private slots:
    void sums();
    void everyEntry();
    void everyValue_data();
    void everyValue();
    void everyPage_data();
    void everyPage();
    void byKey();
    void byRightClick();
    void inChinese();
};

void TestExplain::sums()
{
    QCOMPARE(Sum("10 · log10(8 / 2) − (−3)").result(), 10 * std::log10(4) + 3);
    QCOMPARE(Sum("10^(−20 / 20)").result(), 0.1);
    QCOMPARE(Sum("√(16) / √(4) + 2 · 3").result(), 8.0);
    QCOMPARE(Sum("(−8) − round(2.5)").result(), -10.0);
    QVERIFY(std::isnan(Sum("2 · x").result()));
}

void TestExplain::everyEntry()
{
    QVERIFY(explanations().size() > 50);
    std::set<std::string> ids;
    for (const Explanation &one : explanations()) {
        const char *id = one.id.c_str();
        QVERIFY2(ids.insert(one.id).second, id);
        QVERIFY2(!one.name.chinese.empty() && !one.meaning.chinese.empty() && !one.meaning.english.empty(), id);
        const auto isTerm = [&](const GlossaryTerm &term) { return term.term.english == one.term; };
        QVERIFY2(one.term.empty() || std::ranges::any_of(glossary(), isTerm), id);
        QVERIFY2(!one.term.empty() || !one.lesson.empty(), id);
        const LessonFile *lesson = one.lesson.empty() ? nullptr : findLesson(QString::fromStdString(one.lesson));
        QVERIFY2(one.lesson.empty() || (lesson && one.step < lesson->lesson.steps.size()), id);
    }
}

void TestExplain::everyValue_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<Mode>("mode");
    QTest::addColumn<int>("bits");
    QTest::addColumn<Granularity>("granularity");
    QTest::newRow("lesson") << "demo:lesson" << Mode::Symmetric << 8 << Granularity::channel();
    QTest::newRow("asymmetric, 5 bits") << "demo:lesson" << Mode::Asymmetric << 5 << Granularity::channel();
    QTest::newRow("whole layers") << "demo:digits" << Mode::Asymmetric << 8 << Granularity::tensor();
    QTest::newRow("groups") << "demo:digits" << Mode::Symmetric << 4 << Granularity::group(32);
    QTest::newRow("notebook") << "demo:notebook" << Mode::Symmetric << 8 << Granularity::channel();
}

void TestExplain::everyValue()
{
    QFETCH(QString, model);
    QFETCH(Mode, mode);
    QFETCH(int, bits);
    QFETCH(Granularity, granularity);
    WindowUnderTest t(model);
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("compare.floats"));
    Scheme scheme = t.setup->recipe().scheme;
    scheme.mode = mode;
    scheme.bits = bits;
    scheme.granularity = granularity;
    changeScheme(*t.setup, scheme);
    quantizeLayers(*t.setup, {0}, false);
    QVERIFY(t.settle());
    t.find<Selection>("selection")->setCurrent(1, 2);
    QVERIFY(t.window->showTab("overview")); // views that are hidden do not follow
    QVERIFY(t.settle());
    const auto report = t.setup->shownReport();
    const auto other = t.document->sideB().report();

    QStringList problems;
    const auto check = [&](const QString &id, const ExplainedPlace &place, const QString &shown) {
        if (const QString problem = problemOf(id, place, shown); !problem.isEmpty())
            problems << problem;
    };
    const QAbstractItemModel &table = *t.table()->model();
    for (int row = 0; row < table.rowCount(); ++row)
        for (int column = 0; column < LayerModel::ColumnCount; ++column) {
            const QModelIndex cell = table.index(row, column);
            check(cell.data(LayerModel::ExplainRole).toString(), placeOf(t, *report, other.get(), row),
                  cell.data().toString());
        }
    const ExplainedPlace place = placeOf(t, *report, other.get(), 1);
    const auto cards = t.window->findChildren<Card *>();
    QCOMPARE(cards.size(), 4);
    for (const Card *card : cards)
        if (!card->isHidden())
            check(card->property("explains").toString(), place, card->value() + ' ' + card->remark());
    // Names and values of "Selected layer": one of the two is the number.
    QMap<QString, QString> details;
    for (const QLabel *label : t.find<QWidget>("details")->findChildren<QLabel *>())
        if (const QString id = label->property("explains").toString(); !label->isHidden() && !id.isEmpty())
            details[id] += label->text() + ' ';
    QVERIFY(details.size() > 8);
    for (auto value = details.begin(); value != details.end(); ++value)
        if (!value.value().contains(text::none()))
            check(value.key(), place, value.value());
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join('\n')));
    for (const FieldCombo *combo : t.window->findChildren<FieldCombo *>())
        if (combo->accessibleName().startsWith("Scheme"))
            QVERIFY2(findExplanation(combo->property("explains").toString()), qPrintable(combo->accessibleName()));
    for (const PlotPanel *plot : t.window->findChildren<PlotPanel *>())
        QVERIFY2(findExplanation(plot->property("explains").toString()), qPrintable(plot->title()));
}

void TestExplain::everyPage_data()
{
    QTest::addColumn<QStringList>("ids");
    const QMap<QString, QStringList> known{
        {"overview", {"inputs.fed", "plot.scales", "layer.error"}},
        {"channels", {"plot.channels", "channel.rmse"}},
        {"weights", {"plot.weights", "weights.range"}},
        {"codes", {"plot.codes"}},
        {"numberLine", {"numberLine.walk"}},
        {"clipping", {"plot.clipping"}},
        {"network", {"plot.network", "network.counts"}},
        {"compare", {"compare.tensors", "compare.title"}},
        {"budget", {"plot.budget", "budget.state"}},
        {"rules", {"rules.counts"}},
        {"file", {"file.format", "file.size", "file.tensors", "file.parameters", "file.layers"}},
    };
    for (const PageInfo &info : pages())
        if (info.place == PagePlace::Tab)
            QTest::newRow(qPrintable(info.id)) << known.value(info.id);
}

/// What a page shows can be explained, and so can what stands round all pages.
void TestExplain::everyPage()
{
    QFETCH(QStringList, ids);
    const QString page = QString::fromLatin1(QTest::currentDataTag());
    QVERIFY2(!ids.isEmpty(), "a page without an explanation");
    WindowUnderTest t("demo:lesson");
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("compare.floats"));
    QVERIFY(t.settle());
    QVERIFY(t.window->showTab(page));
    QVERIFY(t.settle());
    const QStringList roundAll{"status.model", "status.readout", "layers.counter", "layers.heat"};
    const auto *made = t.find<QWidget>(qPrintable(page));
    QStringList shown;
    for (const QWidget *widget : t.window->findChildren<QWidget *>()) {
        const QString id = widget->property("explains").toString();
        if (id.isEmpty() || !(made->isAncestorOf(widget) || roundAll.contains(id)))
            continue;
        QVERIFY2(findExplanation(id), qPrintable(id));
        shown << id;
    }
    ids << roundAll;
    for (const QString &id : std::as_const(ids))
        QVERIFY2(shown.contains(id), qPrintable(id));
}

void TestExplain::byKey()
{
    WindowUnderTest t("demo:lesson");
    auto *table = t.table();
    table->setColumnHidden(LayerModel::SqnrColumn, false);
    const QModelIndex cell = table->model()->index(3, LayerModel::SqnrColumn);
    table->setCurrentIndex(cell);
    table->setFocus();
    QVERIFY(t.settle());
    QTest::keyClick(table, Qt::Key_F1, Qt::ShiftModifier);
    auto *popup = t.window->findChild<ExplanationPopup *>();
    QVERIFY(popup && popup->isVisible());
    const QString numbers = popup->findChild<QLabel *>("explainNumbers")->text();
    QVERIFY2(numbers.startsWith("10 · log10(") && numbers.endsWith("= " + cell.data().toString()), qPrintable(numbers));
    QVERIFY(t.window->screen()->availableGeometry().contains(popup->geometry()));
    QTest::mouseClick(popup->findChild<QPushButton *>("explainLesson"), Qt::LeftButton);
    const LessonRun &run = t.find<LessonPanel>("lesson")->run();
    QVERIFY(run.isRunning());
    QCOMPARE(run.lesson().id, std::string("L2"));
    // Where nothing that has the focus shows a number, all that is in sight is offered.
    t.find<QWidget>("lesson")->setFocus();
    t.window->setFocus();
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("learn.explain"));
    auto *menu = t.window->findChild<QMenu *>("explainMenu");
    QVERIFY(menu && menu->actions().size() > 4);
    menu->close();
}

void TestExplain::byRightClick()
{
    WindowUnderTest t("demo:lesson");
    auto *card = t.window->findChildren<Card *>().first();
    QContextMenuEvent event(QContextMenuEvent::Mouse, {5, 5}, card->mapToGlobal(QPoint(5, 5)));
    QApplication::sendEvent(card, &event);
    auto *menu = card->findChild<QMenu *>("explainMenu");
    QVERIFY(menu);
    menu->actions().first()->trigger();
    menu->close();
    const auto *popup = t.window->findChild<ExplanationPopup *>();
    QVERIFY(popup);
    const QString numbers = popup->findChild<QLabel *>("explainNumbers")->text();
    QVERIFY2(card->remark().startsWith(numbers.section("= ", 1)), qPrintable(numbers));
    // The plot under the cards has the entry among its tools.
    for (const PlotPanel *plot : t.window->findChildren<PlotPanel *>())
        QVERIFY2(plot->toolsMenu()->findChild<QAction *>("explainPlot"), qPrintable(plot->title()));
}

void TestExplain::inChinese()
{
    text::setLanguage("zh_CN");
    {
        WindowUnderTest t("demo:digits");
        QVERIFY(t.find<LessonPanel>("lesson")->explainer().explain("layer.spread", QRect(10, 10, 10, 10)));
        const auto *popup = t.window->findChild<ExplanationPopup *>();
        QCOMPARE(popup->accessibleName(), QStringLiteral("通道间差异"));
        QVERIFY(popup->findChild<QLabel *>("explainMeaning")->text().contains(QStringLiteral("缩放因子")));
    }
    text::setLanguage("en");
}

QTEST_MAIN(TestExplain)
#include "tst_explain.moc"
