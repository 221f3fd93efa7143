// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_model.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/pages/details/details_panel.h"
#include "ui/pages/details/override_field.h"
#include "ui/pages/distribution/distribution_panel.h"
#include "ui/pages/export/export_panel.h"
#include "ui/pages/overview/cards.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/pages/scheme/scheme_bar.h"
#include "ui/pages/welcome/error_page.h"
#include "ui/pages/welcome/welcome_page.h"
#include "ui/plots/error_plot.h"
#include "ui/plots/rounding_histogram.h"
#include "ui/plots/scale_plot.h"
#include "ui/plots/weight_histogram.h"
#include "ui/text/format.h"
#include "ui/widgets/field_combo.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/status_line.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QDockWidget>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestWindowState : public WindowTest
{
    Q_OBJECT
private slots:
    void loadErrorKeepsModel();
    void droppedFiles();
    void recentFiles();
    void recipeSaveAndLoad();
    void unsavedRecipe();
    void closeWhileLoading();
    void closeWhileAnalysing();
    void cancelWithEscape();
    void themes();
    void layoutIsRemembered();
    void panes();
    void alreadyQuantizedFile();
    void filterLimitsTheSelection();
    void popupsShowAllEntries();
    void excludeButtonOfTheCard();
    void smallWindowStaysSmall();
    void docksFollowTheWindow();
    void oddFileNames();
    void narrowErrorPage();
    void everyButtonHasAName();
};

void TestWindowState::loadErrorKeepsModel()
{
    WindowUnderTest t("demo:digits");
    const auto model = t.document->model();
    const QString bad = QString::fromStdString(writeFile(t.folder, "bad.safetensors", "no model"));
    QVERIFY(t.open(bad));
    QVERIFY(t.document->model() == model);
    MessageBar *bar = t.find<MessageBar>("messages");
    QVERIFY(bar->isVisible());
    QVERIFY(bar->sentence().contains("bad.safetensors"));
    QVERIFY(!bar->sentence().contains('\n'));
    for (const char *button : {"Details", "Copy", "Open another…"})
        QVERIFY2(bar->button(QString::fromUtf8(button)), button);
    bar->button("Copy")->click();
    QVERIFY(QApplication::clipboard()->text().startsWith(bar->sentence()));
    t.chooser.path.clear();
    bar->button(QString::fromUtf8("Open another…"))->click();
    QCOMPARE(t.chooser.fileQuestions, 1);
    QVERIFY(!bar->isVisible());
    QVERIFY(t.settings->data().recentFiles.isEmpty());
}

void TestWindowState::droppedFiles()
{
    WindowUnderTest t("demo:digits");
    const auto model = t.document->model();
    QSignalSpy ended(t.document.get(), &Document::openEnded);
    drop(t.window.get(), t.folder.filePath("missing.safetensors"));
    QVERIFY(ended.wait());
    QVERIFY(t.find<MessageBar>("messages")->sentence().contains("missing.safetensors"));
    QVERIFY(t.document->model() == model);
    const auto bytes = safetensorsBytes({{"fc.weight", {4, 4}, randomValues(16, 1)}});
    drop(t.window.get(), QString::fromStdString(writeFile(t.folder, "cut.safetensors", bytes.chopped(3))));
    QVERIFY(ended.wait());
    QVERIFY(t.find<MessageBar>("messages")->sentence().contains("cut.safetensors"));
    QVERIFY(t.document->model() == model);
    drop(t.window.get(), QString::fromStdString(writeFile(t.folder, "good.safetensors", bytes)));
    QVERIFY(ended.wait());
    QVERIFY(t.settle());
    QCOMPARE(t.names(), QStringList{"fc"});
    QVERIFY(!t.find<MessageBar>("messages")->isVisible());
}

void TestWindowState::recentFiles()
{
    QTemporaryDir folder;
    const auto bytes = safetensorsBytes({{"fc.weight", {4, 4}, randomValues(16, 1)}});
    QStringList paths;
    for (int i = 0; i < 12; ++i)
        paths << QString::fromStdString(writeFile(folder, QString("m%1.safetensors").arg(i), bytes));
    const QString settingsPath = folder.filePath("s.ini");
    {
        Settings settings(settingsPath);
        for (const QString &path : paths)
            settings.addRecentFile(path);
        settings.addRecentFile(paths[5]);
    }
    Settings settings(settingsPath);
    QCOMPARE(settings.data().recentFiles.size(), 10);
    QCOMPARE(settings.data().recentFiles.front(), paths[5]);
    QFile::remove(paths[11]);
    WelcomePage page(&settings);
    page.resize(800, 900);
    page.show();
    const auto named = [&](const QString &name) -> QAbstractButton * {
        for (auto *button : page.findChildren<QAbstractButton *>())
            if (button->accessibleName() == name && !button->isHidden())
                return button;
        return nullptr;
    };
    QVERIFY(named("Open " + paths[5])->isEnabled());
    QVERIFY(!named("Open " + paths[11])->isEnabled());
    QSignalSpy requested(&page, &WelcomePage::openRequested);
    named("Open " + paths[5])->click();
    QCOMPARE(requested[0][0].toString(), paths[5]);
    named("Remove m11.safetensors from this list")->click();
    QVERIFY(!settings.data().recentFiles.contains(paths[11]));

    WindowUnderTest t;
    QVERIFY(t.open(paths[0]));
    QCOMPARE(t.settings->data().recentFiles, QStringList{paths[0]});
    QCOMPARE(t.settings->data().lastFolder, folder.path());
    const auto *recent = t.find<QAction>("model.recent");
    QVERIFY(recent->isEnabled());
    emit recent->menu<QMenu *>()->aboutToShow();
    QCOMPARE(recent->menu<QMenu *>()->actions().value(0)->text(), "m0.safetensors");
}

void TestWindowState::recipeSaveAndLoad()
{
    WindowUnderTest t("demo:digits");
    t.clickCheckBox(3);
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), "5 bits");
    QVERIFY(t.window->isWindowModified());
    t.chooser.path = t.folder.filePath("mine.json");
    QTest::keyClick(t.window.get(), Qt::Key_S, Qt::ControlModifier);
    QVERIFY(QFile::exists(t.chooser.path));
    QVERIFY(!t.window->isWindowModified());
    const Recipe saved = t.setup->recipe();
    // The second time it knows where.
    t.clickCheckBox(2);
    QTest::keyClick(t.window.get(), Qt::Key_S, Qt::ControlModifier);
    QCOMPARE(t.chooser.fileQuestions, 1);
    t.document->undoStack().undo();
    t.document->undoStack().undo();
    const auto reread = loadRecipe(t.chooser.path.toStdString(), *t.document->model());
    QS_VERIFY(reread);
    QVERIFY(*reread != saved);
    t.setup->openRecipe(t.chooser.path);
    QTRY_VERIFY(t.setup->recipe() == *reread);
    QVERIFY(t.settle());
    QCOMPARE(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits)->currentText(), "5 bits");
    QVERIFY(!t.setup->isQuantized(2) && !t.setup->isQuantized(3));
}

void TestWindowState::unsavedRecipe()
{
    WindowUnderTest t("demo:digits");
    QVERIFY(t.window->close());
    QCOMPARE(t.chooser.unsavedQuestions, 0);
    t.window->show();
    t.clickCheckBox(0);
    t.chooser.unsaved = FileChooser::Unsaved::Cancel;
    QVERIFY(!t.window->close());
    QVERIFY(t.window->isVisible());
    t.window->openModel("demo:notebook");
    QTest::qWait(50);
    QCOMPARE(t.document->location(), "demo:digits");
    t.chooser.unsaved = FileChooser::Unsaved::Save;
    t.chooser.path = t.folder.filePath("saved.json");
    QVERIFY(t.window->close());
    QVERIFY(QFile::exists(t.chooser.path));
    QCOMPARE(t.chooser.unsavedQuestions, 3);
}

void TestWindowState::closeWhileLoading()
{
    for (int i = 0; i < 5; ++i) {
        WindowUnderTest t;
        t.window->openModel(i % 2 ? "demo:digits" : "demo:notebook");
        t.window->close();
    }
}

void TestWindowState::closeWhileAnalysing()
{
    for (int wait : {0, 1, 5, 20, 60}) {
        WindowUnderTest t;
        QVERIFY(t.open("demo:digits"));
        t.window->openModel("demo:notebook");
        t.clickCheckBox(0);
        t.setup->analysisJob().start();
        QTest::qWait(wait);
        t.window->close();
    }
    // The document may go on alone.
    WindowUnderTest t("demo:digits");
    t.window.reset();
    QVERIFY(t.document->model() != nullptr);
}

void TestWindowState::cancelWithEscape()
{
    WindowUnderTest t("demo:digits");
    // What comes after the results would be what is stopped.
    QTRY_VERIFY_WITH_TIMEOUT(!t.document->tasks().foremost(), 20000);
    t.clickCheckBox(0);
    // Before the next turn of the event loop a job is due but none runs yet: the one moment that a test can be sure of.
    QTest::keyClick(t.window.get(), Qt::Key_Escape);
    QCOMPARE(t.setup->analysis(), Setup::Analysis::Cancelled);
    showChanges();
    QCOMPARE(t.find<StatusLine>("statusLine")->jobText(), "Cancelled, 0 of 4 layers are up to date.");
    QTest::mouseClick(t.find<StatusLine>("statusLine")->continueButton(), Qt::LeftButton);
    QVERIFY(t.settle());
    QTRY_COMPARE(t.find<StatusLine>("statusLine")->jobText(), "Ready");
}

void TestWindowState::themes()
{
    WindowUnderTest t("demo:digits");
    const QColor light = pictureOf(t.window.get()).pixelColor(2, 2);
    QTest::keyClick(t.window.get(), Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(ThemeManager::instance().choice() == ThemeChoice::Dark);
    QVERIFY(pictureOf(t.window.get()).pixelColor(2, 2).lightness() < light.lightness() / 2);
    QVERIFY(t.settings->data().theme == ThemeChoice::Dark);
    QVERIFY(Settings(t.folder.filePath("settings.ini")).data().theme == ThemeChoice::Dark);
    QTest::keyClick(t.window.get(), Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(ThemeManager::instance().choice() == ThemeChoice::Light);
    QCOMPARE(pictureOf(t.window.get()).pixelColor(2, 2), light);
}

void TestWindowState::layoutIsRemembered()
{
    WindowUnderTest t("demo:digits");
    auto *dock = t.window->findChild<QDockWidget *>("distributionDock");
    QVERIFY(dock->isVisible());
    QTest::keyClick(t.window.get(), Qt::Key_F9);
    QVERIFY(!dock->isVisible());
    t.window->close();
    Settings settings(t.folder.filePath("settings.ini"));
    MainWindow second(t.document.get(), &settings, &t.chooser);
    second.show();
    QTest::qWait(20);
    auto *again = second.findChild<QDockWidget *>("distributionDock");
    QVERIFY(!again->isVisible());
    second.restoreDefaultLayout();
    QVERIFY(again->isVisible());
    QVERIFY(!again->features().testFlag(QDockWidget::DockWidgetFloatable));
}

void TestWindowState::panes()
{
    WindowUnderTest t("demo:digits");
    t.table()->setFocus();
    QWidgetList seen;
    for (int i = 0; i < 7; ++i) {
        seen << QApplication::focusWidget();
        QTest::keyClick(t.window.get(), Qt::Key_F6);
    }
    QCOMPARE(QSet<QWidget *>(seen.begin(), seen.end()).size(), 7);
    const auto *overview = t.find<OverviewPage>("overview");
    const auto *distribution = t.find<DistributionPanel>("distribution");
    QCOMPARE(seen.mid(3),
             QWidgetList({overview->scalePlot()->plotWidget(), overview->errorPlot()->plotWidget(),
                          distribution->weights()->plotWidget(), distribution->roundingErrors()->plotWidget()}));
    QVERIFY(t.table()->hasFocus());
    QTest::keyClick(t.window.get(), Qt::Key_F6, Qt::ShiftModifier);
    QVERIFY(t.find<DistributionPanel>("distribution")->isAncestorOf(QApplication::focusWidget()));
    QTest::keyClick(t.window.get(), Qt::Key_F8);
    QVERIFY(!t.find<LayersPanel>("layers")->isVisible());
    QTest::keyClick(t.window.get(), Qt::Key_F8);
    QVERIFY(t.find<LayersPanel>("layers")->isVisible());
}

void TestWindowState::alreadyQuantizedFile()
{
    WindowUnderTest t("demo:digits");
    ExportPanel *panel = t.find<ExportPanel>("export");
    panel->open();
    panel->setTarget(t.folder.filePath("q.safetensors"));
    QTRY_VERIFY(panel->exportButton()->isEnabled());
    // Enter in the line of the file does what the button does.
    QTest::keyClick(panel->findChild<QLineEdit *>(), Qt::Key_Return);
    QTRY_VERIFY(t.find<MessageBar>("messages")->sentence().startsWith("Saved"));
    QSignalSpy ended(t.document.get(), &Document::openEnded);
    t.find<MessageBar>("messages")->button("Open it")->click();
    QVERIFY(ended.wait());
    QVERIFY(t.settle());
    QVERIFY(t.find<MessageBar>("messages")->sentence().contains("4 of 4 layers"));
    // All places say the same: quantized, in the file, and not to be changed.
    const QModelIndex first = t.table()->model()->index(0, LayerModel::NameColumn);
    QCOMPARE(first.data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
    QVERIFY(!first.flags().testFlag(Qt::ItemIsUserCheckable));
    QVERIFY(!first.data(Qt::DecorationRole).isValid());
    QCOMPARE(t.table()->model()->index(0, LayerModel::ModeColumn).data().toString(), "sym 8 bit");
    QVERIFY(t.find<StatusLine>("statusLine")->countsText().endsWith("4 layers quantized in the file"));
    QCOMPARE(t.find<OverviewPage>("overview")->cards()->errorCard()->value(), "unknown");
    QVERIFY(!t.find<SchemeBar>("schemeBar")->isEnabled());
    QTest::keyClick(t.table(), Qt::Key_Space);
    QCOMPARE(t.document->undoStack().count(), 0);
}

void TestWindowState::filterLimitsTheSelection()
{
    WindowUnderTest t("demo:digits");
    t.find<Selection>("selection")->setLayers({0, 1, 3});
    t.find<LayersPanel>("layers")->setFilter(t.names().at(1));
    QCOMPARE(t.find<Selection>("selection")->layers(), QList<int>{1});
    t.find<Selection>("selection")->setCurrent(1);
    t.find<LayersPanel>("layers")->setFilter(t.names().at(0) + "x");
    QVERIFY(t.find<Selection>("selection")->layers().isEmpty());
}

void TestWindowState::popupsShowAllEntries()
{
    WindowUnderTest t("demo:digits");
    t.find<ExportPanel>("export")->open();
    for (QComboBox *combo : t.window->findChildren<QComboBox *>()) {
        if (!combo->isVisible())
            continue;
        combo->showPopup();
        QTest::qWait(20);
        const QAbstractItemView *list = combo->view();
        const QRect last = list->visualRect(list->model()->index(combo->count() - 1, 0));
        QVERIFY2(list->viewport()->rect().contains(last), qPrintable(combo->accessibleName()));
        combo->hidePopup();
    }
    t.find<ExportPanel>("export")->hide();
}

void TestWindowState::excludeButtonOfTheCard()
{
    WindowUnderTest t("demo:digits");
    Cards *cards = t.find<OverviewPage>("overview")->cards();
    const QString worst = cards->worstCard()->value();
    QCOMPARE(cards->excludeButton()->accessibleName(), "Exclude " + worst);
    cards->excludeButton()->click();
    QCOMPARE(t.document->undoStack().undoText(), "Exclude " + worst);
    QVERIFY(t.settle());
    QVERIFY(cards->worstCard()->value() != worst);
}

void TestWindowState::smallWindowStaysSmall()
{
    WindowUnderTest t("demo:digits");
    t.window->resize(1024, 700);
    QTest::qWait(20);
    QCOMPARE(t.window->size(), QSize(1024, 700));
    // Of a file that is there: the question whether to replace it stands beside the size.
    t.find<ExportPanel>("export")->open();
    t.find<ExportPanel>("export")->setTarget(QString::fromStdString(writeFile(t.folder, "there.safetensors", "mine")));
    QTRY_VERIFY(t.find<ExportPanel>("export")->planText().contains("4 of 4 layers"));
    QTest::qWait(20);
    QCOMPARE(t.window->size(), QSize(1024, 700));
    // No panel shows less than its whole width.
    for (const QScrollArea *area : t.window->findChildren<QScrollArea *>())
        if (area->isVisible() && area->widget())
            QVERIFY2(area->widget()->width() <= area->viewport()->width(), area->metaObject()->className());
    QVERIFY(t.open("/no/such/file"));
    QTest::qWait(20);
    QCOMPARE(t.window->size(), QSize(1024, 700));
}

void TestWindowState::docksFollowTheWindow()
{
    WindowUnderTest t("demo:digits");
    QCoreApplication::processEvents();
    const auto left = [&] { return t.find<LayersPanel>("layers")->width(); };
    const int wide = left();
    t.window->resize(1024, 700);
    QTRY_VERIFY(left() < wide * 4 / 5);
    t.window->resize(1440, 900);
    QTRY_COMPARE(left(), wide);
    // A width that the user has chosen stays.
    const QPoint line(t.window->centralWidget()->x() - 1, 500);
    QTest::mouseMove(t.window.get(), line);
    QTest::mousePress(t.window.get(), Qt::LeftButton, {}, line);
    QTest::mouseMove(t.window.get(), line - QPoint(20, 0));
    QTest::qWait(20);
    QTest::mouseRelease(t.window.get(), Qt::LeftButton, {}, line - QPoint(20, 0));
    QTRY_COMPARE(left(), wide - 20);
    t.window->resize(1200, 900);
    QTest::qWait(20);
    QCOMPARE(left(), wide - 20);
}

void TestWindowState::oddFileNames()
{
    QTemporaryDir folder;
    const QString name = "a & b <b>" + QString(120, 'x') + ".safetensors";
    const QString path =
        QString::fromStdString(writeFile(folder, name, safetensorsBytes({{"fc.weight", {4, 4}, randomValues(16, 1)}})));
    WindowUnderTest t;
    t.settings->addRecentFile(path);
    t.window->resize(1024, 700);
    QTest::qWait(20);
    // Neither its length nor its signs do anything to the page and the menu.
    const QScrollArea *page = t.find<WelcomePage>("welcome");
    QVERIFY(page->widget()->width() <= page->viewport()->width());
    QToolButton *button = nullptr;
    for (QToolButton *each : page->findChildren<QToolButton *>())
        if (each->accessibleName() == "Open " + path)
            button = each;
    QVERIFY(button);
    QVERIFY2(button->text().size() < 50, qPrintable(button->text()));
    QVERIFY(!Qt::mightBeRichText(button->toolTip()) || button->toolTip().contains("&lt;b&gt;"));
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY(t.document->model());
    QVERIFY(t.settle());
    QCOMPARE(t.window->size(), QSize(1024, 700));
    QCOMPARE(text::buttonText("a & b"), "a && b");
}

void TestWindowState::narrowErrorPage()
{
    WindowUnderTest t;
    t.window->resize(1024, 700);
    QVERIFY(t.open("/no/such/" + QString(200, 'x') + ".safetensors"));
    const QScrollArea *page = t.find<ErrorPage>("error");
    QTRY_VERIFY(page->isVisible());
    QVERIFY(page->widget()->width() <= page->viewport()->width());
}

void TestWindowState::everyButtonHasAName()
{
    const auto check = [](QWidget *window) {
        for (QAbstractButton *button : window->findChildren<QAbstractButton *>()) {
            // Qt's own button that clears a line edit and the one of a tab bar that scrolls have none.
            const bool ofQt = qobject_cast<QLineEdit *>(button->parentWidget()) ||
                              button->parentWidget()->inherits("QTabBar") || button->inherits("QToolBarExtension") ||
                              button->objectName() == "qt_toolbar_ext_button";
            if (!button->isVisible() || ofQt)
                continue;
            QVERIFY2(!button->accessibleName().isEmpty() || !button->text().isEmpty(),
                     qPrintable(button->toolTip() + ' ' + button->parentWidget()->objectName()));
        }
        for (QWidget *combo : window->findChildren<FieldCombo *>())
            QVERIFY(!combo->accessibleName().isEmpty());
    };
    WindowUnderTest empty;
    check(empty.window.get());
    WindowUnderTest t("demo:digits");
    t.find<ExportPanel>("export")->open();
    choose(t.find<DetailsPanel>("details")->field(SchemeField::Bits)->combo(), "3 bits");
    QVERIFY(t.open("/no/such/file"));
    check(t.window.get());
    QVERIFY(t.settle());
}

QTEST_MAIN(TestWindowState)
#include "tst_window_state.moc"
