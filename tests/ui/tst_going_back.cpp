// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Ways to come back: history, snapshots, the session of a file; and the palette that finds actions and layers.
#include "tests/support/test_model.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/actions/action_registry.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/plots/scale_plot.h"
#include "ui/selection/selection.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/command_palette.h"
#include "ui/window/session.h"
#include "ui/window/snapshots.h"

#include <QDockWidget>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QTabWidget>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestGoingBack : public WindowTest
{
    Q_OBJECT
private slots:
    void history();
    void historyEndsWithTheModel();
    void palette_data();
    void palette();
    void paletteByKeys();
    void snapshots();
    void sessionOfAFile();
    void sessionAfterARestart();
    void sessionOfAnotherFile();
    void damagedSession();
    void report();
    void reportWaitsForB();
};

void TestGoingBack::history()
{
    WindowUnderTest t("demo:digits");
    auto *selection = t.find<Selection>("selection");
    auto *actions = t.find<ActionRegistry>("actions");
    selection->setCurrent(1);
    selection->setCurrent(1, 7);
    selection->setCurrent(3);
    QVERIFY(!actions->trigger("history.forward"));
    QVERIFY(actions->trigger("history.back"));
    QCOMPARE(selection->channel(), 7);
    QVERIFY(actions->trigger("history.back"));
    QVERIFY(actions->trigger("history.back"));
    QCOMPARE(selection->layer(), 0);
    QVERIFY(!actions->trigger("history.back"));
    QVERIFY(actions->trigger("history.forward"));
    QCOMPARE(selection->layer(), 1);
    // Another way from here: what was ahead is forgotten.
    selection->setCurrent(2);
    QVERIFY(!actions->trigger("history.forward"));
    QVERIFY(t.settle());
}

void TestGoingBack::historyEndsWithTheModel()
{
    WindowUnderTest t("demo:digits");
    t.find<Selection>("selection")->setCurrent(3);
    QVERIFY(t.open("demo:notebook"));
    QVERIFY(!t.find<ActionRegistry>("actions")->trigger("history.back"));
}

void TestGoingBack::palette_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("first");
    QTest::newRow("action") << "export" << "Export";
    QTest::newRow("two words") << "scr first last" << "";
    QTest::newRow("words in any order") << "last first" << "Exclude first and last";
    QTest::newRow("layer") << "fc3" << "fc3   (layer)";
    QTest::newRow("channel") << "fc2 17" << "fc2, channel 17   (channel)";
    QTest::newRow("no such channel") << "fc4 17" << "";
    QTest::newRow("by its tip") << "other programs" << "As the system";
}

void TestGoingBack::palette()
{
    QFETCH(const QString, text);
    QFETCH(const QString, first);
    WindowUnderTest t("demo:digits");
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("palette.open"));
    const auto *palette = t.find<CommandPalette>("palette");
    QVERIFY(palette->isVisible() && palette->line()->hasFocus());
    palette->line()->setText(text);
    const QString found = palette->list()->count() > 0 ? palette->list()->item(0)->text() : QString();
    QVERIFY2(first.isEmpty() ? found.isEmpty() : found.startsWith(first), qPrintable(found));
}

void TestGoingBack::paletteByKeys()
{
    WindowUnderTest t("demo:digits");
    t.table()->setFocus();
    QTest::keyClick(t.window.get(), Qt::Key_K, Qt::ControlModifier);
    const auto *palette = t.find<CommandPalette>("palette");
    QVERIFY(palette->isVisible());
    QTest::keyClicks(palette->line(), "fc2 9");
    QTest::keyClick(palette->line(), Qt::Key_Return);
    QVERIFY(!palette->isVisible() && t.table()->hasFocus());
    QCOMPARE(t.find<Selection>("selection")->layer(), 1);
    QCOMPARE(t.find<Selection>("selection")->channel(), 9);
    QTest::keyClick(t.window.get(), Qt::Key_K, Qt::ControlModifier);
    QTest::keyClick(palette->line(), Qt::Key_Escape);
    QVERIFY(!palette->isVisible());
    QVERIFY(t.settle());
}

void TestGoingBack::snapshots()
{
    WindowUnderTest t("demo:digits");
    auto *snapshots = t.window->findChild<Snapshots *>();
    QVERIFY(snapshots);
    const Recipe before = t.setup->recipe();
    snapshots->take();
    QVERIFY2(snapshots->all().front().name.contains("8 bits"), qPrintable(snapshots->all().front().name));
    Scheme scheme = before.scheme;
    scheme.bits = 3;
    changeScheme(*t.setup, scheme);
    QVERIFY(t.settle());
    snapshots->compareWith(0);
    QTRY_VERIFY(!t.document->sideB().isPending());
    QVERIFY(t.document->sideB().setup()->recipe() == before);
    snapshots->restore(0);
    QVERIFY(t.setup->recipe() == before);
    t.document->undoStack().undo();
    QCOMPARE(t.setup->recipe().scheme.bits, 3);
    snapshots->remove(0);
    QVERIFY(snapshots->all().empty());
    QVERIFY(t.settle());
}

/// A saved recipe, snapshots, place and page are there again the next time.
void TestGoingBack::sessionOfAFile()
{
    QTemporaryDir folder;
    const QByteArray file =
        safetensorsBytes({{"a.weight", {4, 8}, randomValues(32, 1)}, {"b.weight", {4, 8}, randomValues(32, 2)}});
    const QString path = QString::fromStdString(writeFile(folder, "two.safetensors", file));
    WindowUnderTest t;
    QVERIFY(t.open(path));
    t.window->findChild<Snapshots *>()->take();
    quantizeLayers(*t.setup, {0}, false);
    QVERIFY(t.setup->saveRecipe(folder.filePath("r.json")));
    t.find<Selection>("selection")->setCurrent(1, 2);
    auto *scales = t.find<OverviewPage>("overview")->scalePlot();
    scales->setXRange({0.5, 3});
    const auto zoomed = scales->zoomedX();
    QVERIFY(zoomed.has_value());
    t.window->showTab("channels");
    QVERIFY(t.open("demo:digits"));
    QVERIFY(t.setup->isQuantized(0));
    scales->resetZoom();
    QVERIFY(t.window->findChild<Snapshots *>()->all().empty());
    QVERIFY(t.open(path));
    QVERIFY(!t.setup->isQuantized(0) && t.setup->isQuantized(1));
    QVERIFY(t.document->undoStack().isClean());
    QCOMPARE(t.find<Selection>("selection")->layer(), 1);
    QCOMPARE(t.find<Selection>("selection")->channel(), 2);
    QCOMPARE(t.find<QTabWidget>("tabs")->currentWidget()->objectName(), "channels");
    QCOMPARE(t.window->findChild<Snapshots *>()->all().size(), std::size_t{1});
    QCOMPARE(scales->zoomedX(), zoomed);
    t.document->undoStack().undo();
    QVERIFY(t.setup->isQuantized(0));
    QVERIFY(t.settle());
    t.document->undoStack().setClean();
}

/// Another program, the same settings: what was looked at is in view again.
void TestGoingBack::sessionAfterARestart()
{
    QTemporaryDir folder;
    const QByteArray file =
        safetensorsBytes({{"a.weight", {4, 8}, randomValues(32, 1)}, {"b.weight", {4, 8}, randomValues(32, 2)}});
    const QString path = QString::fromStdString(writeFile(folder, "two.safetensors", file));
    std::optional<AxisRange> zoomed;
    {
        Settings settings(folder.filePath("settings.ini"));
        ScriptedChooser chooser;
        Document document;
        MainWindow window(&document, &settings, &chooser);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QSignalSpy ended(&document, &Document::openEnded);
        window.openModel(path);
        QVERIFY(ended.wait(20000));
        QTRY_VERIFY(document.setups().front()->analysis() == Setup::Analysis::Done);
        window.findChild<Selection *>("selection")->setCurrent(1, 2);
        window.findChild<LayersPanel *>("layers")->setFilter("b");
        auto *scales = window.findChild<OverviewPage *>("overview")->scalePlot();
        scales->setXRange({0.5, 3});
        zoomed = scales->zoomedX();
        QTest::keyClick(&window, Qt::Key_F9);
        window.showTab("file");
        QVERIFY(window.close());
    }
    Settings settings(folder.filePath("settings.ini"));
    ScriptedChooser chooser;
    Document document;
    MainWindow window(&document, &settings, &chooser);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QSignalSpy ended(&document, &Document::openEnded);
    window.openModel(path);
    QVERIFY(ended.wait(20000));
    QTRY_VERIFY(document.setups().front()->analysis() == Setup::Analysis::Done);
    QCOMPARE(window.findChild<Selection *>("selection")->layer(), 1);
    QCOMPARE(window.findChild<Selection *>("selection")->channel(), 2);
    QCOMPARE(window.findChild<LayersPanel *>("layers")->filter(), "b");
    QCOMPARE(window.findChild<QTabWidget *>("tabs")->currentWidget()->objectName(), "file");
    QVERIFY(!window.findChild<QDockWidget *>("distributionDock")->isVisible());
    QTRY_COMPARE(window.findChild<OverviewPage *>("overview")->scalePlot()->zoomedX(), zoomed);
}

/// The same name with other content is another file.
void TestGoingBack::sessionOfAnotherFile()
{
    QTemporaryDir folder;
    const SessionStore store(folder.filePath("sessions"));
    const QString path = folder.filePath("x.bin");
    const auto write = [&](const QByteArray &content) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    };
    write("one");
    store.write(path, {{"tab", "file"}});
    QCOMPARE(store.read(path)["tab"].toString(), "file");
    write("another");
    QVERIFY(store.read(path).isEmpty());
    QVERIFY(store.read("demo:digits").isEmpty());
    QVERIFY(store.read(folder.filePath("nothing")).isEmpty());
}

void TestGoingBack::damagedSession()
{
    QTemporaryDir folder;
    const QByteArray file = safetensorsBytes({{"a.weight", {4, 8}, randomValues(32, 1)}});
    const QString path = QString::fromStdString(writeFile(folder, "one.safetensors", file));
    WindowUnderTest t;
    SessionStore(t.settings->folder() + "/sessions")
        .write(path, {{"recipe", "{ not json"}, {"layer", 99}, {"channel", -7}, {"tab", 3}, {"snapshots", "x"}});
    QVERIFY(t.open(path));
    QCOMPARE(t.find<Selection>("selection")->layer(), 0);
    QVERIFY(t.setup->isQuantized(0));
}

void TestGoingBack::report()
{
    WindowUnderTest t("demo:digits");
    t.document->sideB().copyFromA();
    QTRY_VERIFY(!t.document->sideB().isPending());
    t.chooser.path = t.folder.filePath("x.html");
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("model.report"));
    QTRY_VERIFY(QFileInfo::exists(t.chooser.path));
    QTRY_VERIFY(t.find<MessageBar>("messages")->sentence().startsWith("Saved x.html"));
    QFile file(t.chooser.path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString html = QString::fromUtf8(file.readAll());
    QVERIFY(html.contains("fc4") && html.contains("copy of A") && html.contains("Recipe of B"));
}

/// Asked for while B's network still runs, it is written when that is done, and not without B.
void TestGoingBack::reportWaitsForB()
{
    WindowUnderTest t("demo:digits");
    SideB &b = t.document->sideB();
    b.openFile("demo:digits");
    QTRY_VERIFY(!b.isPending());
    Scheme scheme = t.setup->recipe().scheme;
    scheme.bits = 4;
    changeScheme(*t.setup, scheme);
    QVERIFY(t.settle());
    t.document->inputs().set({}, {});
    b.openFile("demo:digits");
    QVERIFY(b.isPending());
    t.chooser.path = t.folder.filePath("x.html");
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("model.report"));
    QVERIFY(!QFileInfo::exists(t.chooser.path));
    QVERIFY(t.find<MessageBar>("messages")->sentence().contains("results of B"));
    QTRY_VERIFY_WITH_TIMEOUT(t.find<MessageBar>("messages")->sentence().startsWith("Saved x.html"), 20000);
    QVERIFY(!b.isPending());
    QFile file(t.chooser.path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString html = QString::fromUtf8(file.readAll());
    QVERIFY(html.contains(b.title()));
    // The error of B's network stands beside that of A's: the same kind of number, so nothing is said of it.
    QVERIFY(b.report()->outputError.kind == OutputErrorKind::Network);
    QVERIFY(html.contains("Output error") && !html.contains("(Weight error"));
    // A second report that nobody wants any more is not written.
    b.openFile("demo:notebook");
    t.chooser.path = t.folder.filePath("y.html");
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("model.report"));
    QTest::mouseClick(t.find<MessageBar>("messages")->button("Cancel"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!b.isPending(), 20000);
    QVERIFY(t.settle());
    QVERIFY(!QFileInfo::exists(t.chooser.path));
}

QTEST_MAIN(TestGoingBack)
#include "tst_going_back.moc"
