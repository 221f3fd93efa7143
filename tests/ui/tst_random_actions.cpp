// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Anything in any order, over the whole window, with two files: nothing breaks, and undo and redo lead all the way back
// and forth. QUANTOSCOPE_RANDOM_ACTIONS says how many (300), QUANTOSCOPE_RANDOM_SEED where they begin (1).
#include "core/recipe/recipe.h"
#include "tests/support/test_model.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/actions/action_registry.h"
#include "ui/pages/page.h"
#include "ui/pages/rules/rule_list.h"
#include "ui/pages/rules/rules_page.h"
#include "ui/pages/scheme/scheme_bar.h"
#include "ui/plots/plot_panel.h"
#include "ui/selection/selection.h"
#include "ui/widgets/field_combo.h"
#include "ui/window/snapshots.h"

#include <QDialog>
#include <QLineEdit>

#include <random>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

namespace {

/// One person at the window.
class Hands
{
public:
    Hands(WindowUnderTest &window, QStringList files, unsigned seed)
        : t(window)
        , m_files(std::move(files))
        , m_random(seed)
    {}

    /// Does something, and says what it was.
    QString act()
    {
        using Deed = QString (Hands::*)();
        static constexpr Deed deeds[] = {&Hands::trigger, &Hands::trigger, &Hands::tick,   &Hands::scheme,
                                         &Hands::field,   &Hands::tab,     &Hands::select, &Hands::plotMouse,
                                         &Hands::plotKey, &Hands::undo,    &Hands::rules,  &Hands::filter,
                                         &Hands::compare, &Hands::resize,  &Hands::wait,   &Hands::snapshot};
        const QString done = (this->*deeds[number(std::size(deeds))])();
        while (QWidget *popup = QApplication::activePopupWidget())
            popup->close();
        for (QWidget *top : QApplication::topLevelWidgets())
            if (qobject_cast<QDialog *>(top) && top->isVisible())
                top->close();
        QCoreApplication::processEvents();
        return done;
    }

private:
    std::size_t number(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(m_random); }
    template <class List> auto one(const List &list) { return list[static_cast<qsizetype>(number(list.size()))]; }

    /// Every action but those that leave the file or the language, or wait for a person.
    QString trigger()
    {
        static const QStringList left{"window.",  "model.",  "demo.",       "learn.",       "lesson.",   "language.",
                                      "palette.", "recipe.", "dock.lesson", "view.present", "help.about"};
        QStringList ids;
        for (const auto &[info, action] : t.find<ActionRegistry>("actions")->entries())
            if (std::ranges::none_of(left, [&](const QString &begin) { return info.id.startsWith(begin); }) &&
                !info.fill)
                ids << info.id;
        const QString id = one(ids);
        t.find<ActionRegistry>("actions")->trigger(id);
        return "action " + id;
    }

    QString tick()
    {
        if (t.table()->model()->rowCount() == 0 || !t.table()->isVisible())
            return {};
        const int row = static_cast<int>(number(static_cast<std::size_t>(t.table()->model()->rowCount())));
        t.clickCheckBox(row);
        return QString("tick row %1").arg(row);
    }

    QString change(QComboBox *combo)
    {
        const int index = static_cast<int>(number(static_cast<std::size_t>(std::max(combo->count(), 1))));
        combo->setCurrentIndex(index);
        return QString("%1: %2").arg(combo->accessibleName(), combo->currentText());
    }

    QString scheme() { return change(one(t.find<QWidget>("schemeBar")->findChildren<FieldCombo *>())); }
    QString field() { return change(one(t.find<QWidget>("details")->findChildren<FieldCombo *>())); }

    QString tab()
    {
        QStringList ids;
        for (const PageInfo &info : pages())
            if (info.place == PagePlace::Tab)
                ids << info.id;
        const QString id = one(ids);
        t.window->showTab(id);
        return "tab " + id;
    }

    QString select()
    {
        auto *selection = t.find<Selection>("selection");
        const int layer = static_cast<int>(number(static_cast<std::size_t>(selection->layerCount())));
        const auto channels = static_cast<std::size_t>(selection->channelCount(layer));
        selection->setCurrent(layer, number(3) == 0 ? -1 : static_cast<qint64>(number(channels)));
        if (number(4) == 0)
            selection->setLayers({0, layer}, layer);
        return QString("layer %1, channel %2").arg(layer).arg(selection->channel());
    }

    PlotPanel *plot()
    {
        QList<PlotPanel *> plots = t.window->findChildren<PlotPanel *>();
        plots.removeIf([](const PlotPanel *each) { return !each->isVisible(); });
        return plots.isEmpty() ? nullptr : one(plots);
    }

    QPoint pointIn(const QWidget *widget)
    {
        return {static_cast<int>(number(static_cast<std::size_t>(std::max(widget->width(), 1)))),
                static_cast<int>(number(static_cast<std::size_t>(std::max(widget->height(), 1))))};
    }

    QString plotMouse()
    {
        PlotPanel *where = plot();
        if (!where)
            return {};
        QWidget *widget = where->plotWidget();
        const QPoint from = pointIn(widget);
        switch (number(4)) {
        case 0:
            QTest::mouseClick(widget, Qt::LeftButton, {}, from);
            break;
        case 1:
            QTest::mouseDClick(widget, Qt::LeftButton, {}, from);
            break;
        case 2:
            QTest::mousePress(widget, number(2) ? Qt::LeftButton : Qt::RightButton, {}, from);
            QTest::mouseMove(widget, pointIn(widget));
            QTest::mouseRelease(widget, Qt::LeftButton, {}, pointIn(widget));
            break;
        default:
            where->zoomBy(number(2) ? 2 : 0.5);
        }
        return "mouse in " + where->title();
    }

    QString plotKey()
    {
        PlotPanel *where = plot();
        if (!where)
            return {};
        static const QList<Qt::Key> keys{Qt::Key_F,        Qt::Key_0,      Qt::Key_L,      Qt::Key_BracketLeft,
                                         Qt::Key_Left,     Qt::Key_Right,  Qt::Key_Plus,   Qt::Key_Escape,
                                         Qt::Key_Comma,    Qt::Key_Period, Qt::Key_Return, Qt::Key_X,
                                         Qt::Key_QuoteLeft};
        where->plotWidget()->setFocus();
        const Qt::Key key = one(keys);
        QTest::keyClick(where->plotWidget(), key);
        return QString("key %1 in %2").arg(QKeySequence(key).toString(), where->title());
    }

    QString undo()
    {
        QUndoStack &stack = t.document->undoStack();
        const std::size_t steps = 1 + number(4);
        const bool back = number(2) == 0;
        for (std::size_t i = 0; i < steps; ++i)
            back ? stack.undo() : stack.redo();
        return back ? "undo" : "redo";
    }

    QString rules()
    {
        t.window->showTab("rules"); // nobody works on a page that is not in sight
        showChanges();
        auto *page = t.find<RulesPage>("rules");
        const auto &rules = t.setup->recipe().rules;
        if (number(2) == 0 || rules.empty()) {
            static const QStringList patterns{"*0*", "re:.*[12].*", "*", "nothing.at.all", "err>1%", "["};
            auto *line = page->findChild<QLineEdit *>();
            line->setText(one(patterns));
            QTest::keyClick(line, Qt::Key_Return);
            return "rule " + line->text();
        }
        auto *list = page->findChild<RuleList *>();
        list->setCurrentItem(list->topLevelItem(
            static_cast<int>(number(static_cast<std::size_t>(std::max(list->topLevelItemCount(), 1))))));
        QTest::keyClick(list, number(2) ? Qt::Key_Delete : Qt::Key_Up, number(2) ? Qt::NoModifier : Qt::AltModifier);
        return "rule moved or removed";
    }

    QString filter()
    {
        static const QStringList filters{"", "0", "err>", "is:excluded", "bits<8", "(("};
        const QString text = one(filters);
        t.find<LayersPanel>("layers")->setFilter(text);
        return "filter " + text;
    }

    QString compare()
    {
        SideB &b = t.document->sideB();
        switch (number(4)) {
        case 0:
            b.openFile(one(m_files));
            return "file as B";
        case 1:
            b.compareWithFloats();
            return "floats as B";
        case 2:
            b.swap();
            return "swap";
        default:
            b.close();
            return "no B";
        }
    }

    QString resize()
    {
        static const QList<QSize> sizes{{1024, 700}, {1366, 768}, {1440, 900}};
        t.window->resize(one(sizes));
        return "resize";
    }

    QString wait()
    {
        QTest::qWait(static_cast<int>(number(60)));
        return "wait";
    }

    QString snapshot()
    {
        auto *snapshots = t.window->findChild<Snapshots *>();
        if (snapshots->all().empty() || number(2) == 0) {
            snapshots->take();
            return "snapshot";
        }
        const std::size_t which = number(snapshots->all().size());
        switch (number(3)) {
        case 0:
            snapshots->restore(which);
            return "snapshot restored";
        case 1:
            snapshots->compareWith(which);
            return "snapshot as B";
        default:
            snapshots->remove(which);
            return "snapshot removed";
        }
    }

    WindowUnderTest &t;
    QStringList m_files;
    std::mt19937 m_random;
};

int setting(const char *name, int usual)
{
    bool isNumber = false;
    const int value = qEnvironmentVariableIntValue(name, &isNumber);
    return isNumber ? value : usual;
}

} // namespace

class TestRandomActions : public WindowTest
{
    Q_OBJECT
private slots:
    void thereAndBack();
};

void TestRandomActions::thereAndBack()
{
    const int count = setting("QUANTOSCOPE_RANDOM_ACTIONS", 300);
    const auto seed = static_cast<unsigned>(setting("QUANTOSCOPE_RANDOM_SEED", 1));
    QTemporaryDir folder;
    const QByteArray one = safetensorsBytes({{"l0.weight", {24, 16}, randomValues(24 * 16, 1)},
                                             {"l1.weight", {12, 24}, randomValues(12 * 24, 2)},
                                             {"l2.weight", {10, 12}, randomValues(10 * 12, 3)}});
    const QByteArray two = safetensorsBytes({{"l0.weight", {24, 16}, randomValues(24 * 16, 4)},
                                             {"l1.weight", {12, 24}, randomValues(12 * 24, 5)},
                                             {"x.weight", {6, 4, 3, 3}, randomValues(216, 6)}});
    const QStringList files{QString::fromStdString(writeFile(folder, "one.safetensors", one)),
                            QString::fromStdString(writeFile(folder, "two.safetensors", two))};
    WindowUnderTest t;
    Hands hands(t, files, seed);
    QUndoStack &stack = t.document->undoStack();
    QStringList done;
    for (const QString &file : files) {
        QVERIFY(t.open(file));
        while (stack.canUndo())
            stack.undo();
        const Recipe first = t.setup->recipe();
        for (int i = 0; i < count / 2; ++i) {
            done << hands.act();
            QVERIFY2(t.document->model() && t.setup->decisions().size() == t.document->model()->layers.size(),
                     qPrintable(done.mid(std::max<qsizetype>(0, done.size() - 12)).join("; ")));
        }
        t.setup->dropTried();
        while (stack.canRedo())
            stack.redo();
        const Recipe last = t.setup->recipe();
        const int steps = stack.count();
        while (stack.canUndo())
            stack.undo();
        QVERIFY2(t.setup->recipe() == first, qPrintable(QString::fromStdString(toJson(t.setup->recipe()))));
        while (stack.canRedo())
            stack.redo();
        QVERIFY2(t.setup->recipe() == last, qPrintable(QString::fromStdString(toJson(t.setup->recipe()))));
        QCOMPARE(stack.count(), steps);
        // It may have failed, as for codes that need samples; but it must have ended.
        QTRY_VERIFY_WITH_TIMEOUT(t.setup->analysis() > Setup::Analysis::Running, 20000);
        stack.setClean();
    }
}

QTEST_MAIN(TestRandomActions)
#include "tst_random_actions.moc"
