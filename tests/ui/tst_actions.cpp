// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the window registers: actions with their words and keys, menus, the list of keys, pages.
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/actions/action_registry.h"
#include "ui/pages/page.h"
#include "ui/plots/plot_panel.h"
#include "ui/text/translation.h"
#include "ui/window/status_line.h"

#include <QAction>
#include <QDialog>
#include <QDockWidget>
#include <QLabel>
#include <QMenuBar>
#include <QTabWidget>

#include <chrono>
#include <thread>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestActions : public WindowTest
{
    Q_OBJECT
private slots:
    void wordsOfActions();
    void keysOfActions();
    void idsFindActions();
    void init() { text::setLanguage(QStringLiteral("en")); }
    void mnemonics_data() { allLanguages(); }
    void mnemonics();
    void keySheet_data() { allLanguages(); }
    void keySheet();
    void withoutModel();
    void leftoverKey();
    void escapeStopsAnyJob();
    void clashingMnemonicIsFound();
    void allPages();
    void allPlots();

private:
    static void allLanguages()
    {
        QTest::addColumn<QString>("language");
        for (const text::Language &language : text::languages())
            QTest::newRow(qPrintable(language.name)) << language.name;
    }
};

namespace {

/// What is wrong with the letters that choose in a menu and in those below it.
QStringList mnemonicFaults(const QList<QAction *> &actions)
{
    QStringList faults;
    QHash<QChar, QString> taken;
    for (const QAction *action : actions) {
        if (action->isSeparator() || !action->isVisible())
            continue;
        const QKeySequence key = QKeySequence::mnemonic(action->text());
        const QChar letter = key.isEmpty() ? QChar() : key.toString(QKeySequence::PortableText).back();
        if (letter.isNull())
            faults << action->text() + " has no letter";
        else if (taken.contains(letter))
            faults << action->text() + " has the letter of " + taken.value(letter);
        taken.insert(letter, action->text());
        if (const auto *menu = action->menu<QMenu *>())
            faults += mnemonicFaults(menu->actions());
    }
    return faults;
}

} // namespace

void TestActions::wordsOfActions()
{
    const WindowUnderTest t;
    const auto &entries = t.find<ActionRegistry>("actions")->entries();
    QVERIFY(entries.size() > 50);
    QSet<QString> ids;
    for (const auto &[info, action] : entries) {
        QVERIFY2(!info.text.isEmpty() && !action->text().isEmpty(), qPrintable(info.id));
        QVERIFY2(!info.tip.isEmpty() && !action->toolTip().isEmpty(), qPrintable(info.id));
        QVERIFY2(info.id.contains('.') && !ids.contains(info.id), qPrintable(info.id));
        ids << info.id;
        // A key that is told is the key that works.
        for (const QKeySequence &key : info.keys)
            QVERIFY2(info.places == ActionPlace::Leftover || action->shortcuts().contains(key), qPrintable(info.id));
    }
}

void TestActions::keysOfActions()
{
    const WindowUnderTest t;
    const auto &entries = t.find<ActionRegistry>("actions")->entries();
    // Keys of the window work in each place, too.
    for (const ActionPlace place : {ActionPlace::Window, ActionPlace::Plot, ActionPlace::Table, ActionPlace::Centre}) {
        QHash<QString, QString> taken;
        for (const auto &[info, action] : entries) {
            if (!(info.places & (ActionPlace::Window | ActionPlace::Leftover | place)))
                continue;
            for (const QKeySequence &key : info.keys) {
                const QString name = key.toString();
                QVERIFY2(!name.isEmpty(), qPrintable(info.id));
                QVERIFY2(!taken.contains(name), qPrintable(name + ": " + info.id + ", " + taken.value(name)));
                taken.insert(name, info.id);
            }
        }
    }
}

void TestActions::idsFindActions()
{
    const WindowUnderTest t("demo:digits");
    auto *actions = t.find<ActionRegistry>("actions");
    QVERIFY(actions->trigger("tab.file"));
    QVERIFY(t.find<QWidget>("file")->isVisible());
    QVERIFY(!actions->trigger("analysis.continue"));
    QVERIFY(!actions->trigger("no.such"));
    QCOMPARE(actions->action("no.such"), nullptr);
    t.table()->setFocus();
    QVERIFY(actions->trigger("layers.exclude"));
    QVERIFY(!t.setup->isQuantized(0));
    QVERIFY(actions->trigger("edit.undo"));
    QVERIFY(t.setup->isQuantized(0));
}

void TestActions::mnemonics()
{
    QFETCH(QString, language);
    text::setLanguage(language);
    WindowUnderTest t("demo:digits");
    const auto check = [&] {
        const QStringList faults = mnemonicFaults(t.window->menuBar()->actions());
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join("; ")));
    };
    check();
    // "Undo" and "Redo" say what.
    t.clickCheckBox(0);
    check();
    t.document->undoStack().undo();
    check();
}

void TestActions::clashingMnemonicIsFound()
{
    QAction open("&Open");
    QAction other("&Other");
    QAction bare("Bare");
    QCOMPARE(mnemonicFaults({&open, &other, &bare}),
             QStringList({"&Other has the letter of &Open", "Bare has no letter"}));
}

void TestActions::keySheet()
{
    QFETCH(QString, language);
    text::setLanguage(language);
    const WindowUnderTest t;
    auto *actions = t.find<ActionRegistry>("actions");
    QTest::keyClick(t.window.get(), Qt::Key_Question);
    auto *sheet = t.find<QDialog>("keySheet");
    QStringList texts;
    for (const QLabel *label : sheet->findChildren<QLabel *>())
        texts << label->text();
    for (const auto &[info, action] : actions->entries()) {
        if (info.keys.isEmpty())
            continue;
        QVERIFY2(texts.contains(info.tip), qPrintable(info.id));
        for (const QKeySequence &key : info.keys)
            QVERIFY2(texts.filter(key.toString(QKeySequence::NativeText)).size() > 0, qPrintable(info.id));
    }
    QVERIFY2(sheet->sizeHint().width() <= 1000 && sheet->sizeHint().height() <= 660,
             qPrintable(QString("%1 x %2").arg(sheet->sizeHint().width()).arg(sheet->sizeHint().height())));
}

void TestActions::withoutModel()
{
    WindowUnderTest t;
    const auto enabled = [&](const char *id) { return t.find<QAction>(id)->isEnabled(); };
    const QList<const char *> needModel{"model.export", "recipe.open", "recipe.save",        "recipe.saveAs",
                                        "layers.find",  "figure.copy", "layers.quantizeAll", "layers.exclude",
                                        "tab.file",     "channel.next"};
    for (const char *id : needModel)
        QVERIFY2(!enabled(id), id);
    for (const char *id : {"model.open", "demo.digits", "theme.toggle", "help.keys", "dock.layers"})
        QVERIFY2(enabled(id), id);
    QVERIFY(t.open("demo:digits"));
    for (const char *id : needModel)
        QVERIFY2(enabled(id), id);
}

void TestActions::leftoverKey()
{
    WindowUnderTest t("demo:digits");
    QTRY_VERIFY(!t.document->tasks().foremost());
    auto *actions = t.find<ActionRegistry>("actions");
    QVERIFY(!actions->triggerLeftover(Qt::Key_Escape));
    t.clickCheckBox(0);
    QVERIFY(actions->triggerLeftover(Qt::Key_Escape));
    QCOMPARE(t.setup->analysis(), Setup::Analysis::Cancelled);
    QVERIFY(!actions->triggerLeftover(Qt::Key_F5));
}

/// Also one that only a single page waits for; its words are its own.
void TestActions::escapeStopsAnyJob()
{
    WindowUnderTest t("demo:digits");
    TaskRunner &tasks = t.document->tasks();
    QTRY_VERIFY(!tasks.foremost());
    bool stopped = false;
    tasks.run(
        {"test", "Looking around …", JobRank::View}, t.window.get(),
        [](const TaskContext &context) {
            while (context.check())
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            return true;
        },
        [&stopped](bool result) { stopped = result; });
    QTRY_COMPARE(t.find<StatusLine>("statusLine")->jobText(), "Looking around …");
    t.table()->setFocus();
    QTest::keyClick(t.table(), Qt::Key_Escape);
    QTRY_VERIFY(stopped);
    QTRY_COMPARE(t.find<StatusLine>("statusLine")->jobText(), "Ready");
}

void TestActions::allPages()
{
    WindowUnderTest t("demo:digits");
    auto *tabs = t.find<QTabWidget>("tabs");
    QStringList ids;
    int tab = 0;
    for (const PageInfo &info : pages()) {
        auto *page = t.window->findChild<QWidget *>(info.id);
        QVERIFY2(page, qPrintable(info.id));
        QVERIFY2(!ids.contains(info.id), qPrintable(info.id));
        ids << info.id;
        const bool inRound = info.place != PagePlace::Sheet && info.place != PagePlace::Cover;
        QVERIFY2(!inRound || (info.panes && !info.panes(page).isEmpty()), qPrintable(info.id));
        switch (info.place) {
        case PagePlace::LeftDock:
        case PagePlace::RightDock: {
            const auto *dock = t.window->findChild<QDockWidget *>(info.id + "Dock");
            QVERIFY2(dock && dock->widget() == page, qPrintable(info.id));
            QCOMPARE(dock->windowTitle(), plainTitle(info));
            QVERIFY(t.window->dockWidgetArea(const_cast<QDockWidget *>(dock)) ==
                    (info.place == PagePlace::LeftDock ? Qt::LeftDockWidgetArea : Qt::RightDockWidgetArea));
            break;
        }
        case PagePlace::Tab:
            QCOMPARE(tabs->widget(tab), page);
            QCOMPARE(tabs->tabText(tab), plainTitle(info));
            QVERIFY2(!tabs->tabIcon(tab).isNull() && !tabs->tabToolTip(tab).isEmpty(), qPrintable(info.id));
            QVERIFY(t.window->showTab(info.id));
            QVERIFY(page->isVisible());
            ++tab;
            break;
        case PagePlace::Sheet:
        case PagePlace::Cover:
            QVERIFY2(!page->isVisible(), qPrintable(info.id));
            break;
        }
    }
    QCOMPARE(tabs->count(), tab);
    QCOMPARE(ids, QStringList({"layers", "details", "lesson", "distribution", "overview", "network", "channels",
                               "weights", "codes", "numberLine", "clipping", "compare", "budget", "rules", "file",
                               "export", "welcome", "error"}));
}

/// Whatever page a plot is on: it has the keys.
void TestActions::allPlots()
{
    WindowUnderTest t("demo:digits");
    const auto plots = t.window->findChildren<PlotPanel *>();
    QCOMPARE(plots.size(), 19);
    const auto *logarithmic = t.find<QAction>("plot.logarithmic");
    for (PlotPanel *plot : plots) {
        QVERIFY2(plot->plotWidget()->actions().contains(logarithmic), qPrintable(plot->title()));
        if (!plot->isVisible())
            continue;
        const bool before = plot->isLogarithmic();
        plot->plotWidget()->setFocus();
        QTest::keyClick(plot->plotWidget(), Qt::Key_L);
        QVERIFY2(plot->isLogarithmic() != before, qPrintable(plot->title()));
    }
}

QTEST_MAIN(TestActions)
#include "tst_actions.moc"
