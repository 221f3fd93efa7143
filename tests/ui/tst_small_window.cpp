// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The window on a small screen, and what can be read in a small window.
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/actions/action_registry.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/pages/overview/cards.h"
#include "ui/pages/overview/inputs_line.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/pages/rules/rule_list.h"
#include "ui/text/translation.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/page_tabs.h"
#include "ui/widgets/text_list.h"

#include <QHeaderView>
#include <QLabel>
#include <QScreen>
#include <QScrollBar>
#include <QTabBar>
#include <QTemporaryFile>
#include <QToolButton>
#include <QTreeView>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestSmallWindow : public WindowTest
{
    Q_OBJECT
public:
    /// Before there is an application: the only screen is as small as ours may be.
    static void initMain();

private slots:
    void opensInsideTheScreen();
    void geometryOfALargerScreen();
    void ownSizeStays();
    void smallestWindow();
    void allPagesInSight_data();
    void allPagesInSight();
    void tablesFit_data();
    void tablesFit();
    void chipsFit_data();
    void chipsFit();
    void cardsCanBeRead_data();
    void cardsCanBeRead();
};

namespace {

constexpr QSize kScreen(1024, 700);
/// Of a window manager: title bar and borders.
constexpr QSize kFrame(16, 40);

} // namespace

void TestSmallWindow::initMain()
{
    if (qgetenv("QT_QPA_PLATFORM") != "offscreen")
        return;
    static QTemporaryFile file;
    if (!file.open())
        qFatal("no temporary file");
    file.write(R"({"screens": [{"name": "small", "x": 0, "y": 0, "width": 1024, "height": 700, "logicalDpi": 96,
                   "dpr": 1}]})");
    file.close();
    qputenv("QT_QPA_PLATFORM", "offscreen:configfile=" + file.fileName().toUtf8());
}

void TestSmallWindow::opensInsideTheScreen()
{
    if (QGuiApplication::primaryScreen()->size() != kScreen)
        QSKIP("needs the offscreen platform");
    QTemporaryDir folder;
    Settings settings(folder.filePath("settings.ini"));
    ScriptedChooser chooser;
    Document document;
    MainWindow window(&document, &settings, &chooser);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    const QRect screen = window.screen()->availableGeometry();
    QTRY_VERIFY2(screen.contains(window.frameGeometry()), qPrintable(QDebug::toString(window.frameGeometry())));
    QVERIFY(window.width() > 1000 && window.height() > 600);
}

void TestSmallWindow::geometryOfALargerScreen()
{
    if (QGuiApplication::primaryScreen()->size() != kScreen)
        QSKIP("needs the offscreen platform");
    QTemporaryDir folder;
    Settings settings(folder.filePath("settings.ini"));
    ScriptedChooser chooser;
    Document document;
    {
        MainWindow large(&document, &settings, &chooser);
        large.resize(1900, 1000);
        large.move(1500, 400);
        large.show();
        QVERIFY(QTest::qWaitForWindowExposed(&large));
        QVERIFY(large.close());
    }
    MainWindow window(&document, &settings, &chooser);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTRY_VERIFY2(window.screen()->availableGeometry().contains(window.frameGeometry()),
                 qPrintable(QDebug::toString(window.frameGeometry())));
}

/// The size that was asked for before the window was shown, larger than the screen or not.
void TestSmallWindow::ownSizeStays()
{
    const WindowUnderTest t("demo:digits");
    QCOMPARE(t.window->size(), QSize(1440, 900));
}

void TestSmallWindow::smallestWindow()
{
    WindowUnderTest t("demo:digits");
    const QSize smallest = t.window->minimumSizeHint();
    const QSize room = kScreen - kFrame;
    QVERIFY2(smallest.width() <= room.width() && smallest.height() <= room.height(),
             qPrintable(QDebug::toString(smallest)));
}

void TestSmallWindow::allPagesInSight_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("icons");
    for (const text::Language &language : text::languages()) {
        for (const QSize size : {kScreen, QSize(1366, 768), QSize(1440, 900)})
            QTest::addRow("%s %d", qPrintable(language.name), size.width()) << language.name << size << true;
        QTest::addRow("%s, low", qPrintable(language.name)) << language.name << QSize(1024, 560) << false;
    }
}

/// Without arrows and without a cut name, also while a message stands above the pages.
void TestSmallWindow::allPagesInSight()
{
    QFETCH(const QString, language);
    QFETCH(const QSize, size);
    QFETCH(const bool, icons);
    text::setLanguage(language);
    WindowUnderTest t;
    t.window->setDefaultSize(size);
    QVERIFY(t.open("demo:digits"));
    t.find<MessageBar>("messages")->show(MessageBar::Kind::Info, "A sentence.");
    QTest::qWait(20);
    auto *tabs = t.find<PageTabs>("tabs");
    QVERIFY(tabs->allInSight());
    QCOMPARE(!tabs->tabBar()->iconSize().isEmpty(), icons);
    QFont bold = tabs->tabBar()->font();
    bold.setBold(true);
    for (int i = 0; i < tabs->count(); ++i) {
        const QRect area = tabs->tabBar()->tabRect(i);
        QVERIFY2(QFontMetrics(bold).horizontalAdvance(tabs->tabText(i)) <= area.width(), qPrintable(tabs->tabText(i)));
        // A click where the name stands brings the page to the front.
        QTest::mouseClick(tabs->tabBar(), Qt::LeftButton, {}, area.center());
        QCOMPARE(tabs->currentIndex(), i);
    }
    for (const QToolButton *arrow : tabs->tabBar()->findChildren<QToolButton *>())
        QVERIFY(!arrow->isVisible());
    text::setLanguage(QStringLiteral("en"));
}

void TestSmallWindow::tablesFit_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QSize>("size");
    for (const text::Language &language : text::languages())
        for (const QSize size : {kScreen, QSize(1366, 768), QSize(1440, 900)})
            QTest::addRow("%s %d", qPrintable(language.name), size.width()) << language.name << size;
}

/// Tables of pages are not scrolled sideways, and the titles of their columns are whole.
void TestSmallWindow::tablesFit()
{
    QFETCH(const QString, language);
    QFETCH(const QSize, size);
    text::setLanguage(language);
    WindowUnderTest t;
    t.window->setDefaultSize(size);
    QVERIFY(t.open("demo:digits"));
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("compare.copy"));
    QVERIFY(t.settle());
    const auto check = [&](const QString &page, QTreeView *view) {
        t.window->showTab(page);
        for (int round = 0; round < 3; ++round)
            showChanges();
        QVERIFY(view->isVisible());
        QStringList sizes;
        for (int column = 0; column < view->model()->columnCount(); ++column)
            sizes << QStringLiteral("%1 of %2")
                         .arg(view->header()->sectionSize(column))
                         .arg(view->header()->sectionSizeHint(column));
        QVERIFY2(view->horizontalScrollBar()->maximum() == 0, qPrintable(QStringLiteral("%1, %2 pixels: %3")
                                                                             .arg(page)
                                                                             .arg(view->viewport()->width())
                                                                             .arg(sizes.join(QStringLiteral(", ")))));
        int all = 0;
        for (int column = 0; column < view->model()->columnCount(); ++column) {
            all += view->header()->sectionSize(column);
            QVERIFY2(view->isColumnHidden(column) ||
                         view->header()->sectionSize(column) >= view->header()->sectionSizeHint(column),
                     qPrintable(view->model()->headerData(column, Qt::Horizontal).toString()));
        }
        QVERIFY(all <= view->viewport()->width());
    };
    check("compare", t.find<ComparePage>("compare")->table()->view());
    check("rules", t.find<RuleList>("ruleList"));
    text::setLanguage(QStringLiteral("en"));
}

void TestSmallWindow::chipsFit_data()
{
    QTest::addColumn<QSize>("size");
    for (const QSize size : {kScreen, QSize(1440, 900)})
        QTest::addRow("%d", size.width()) << size;
}

/// What is fed, in short: inside the line, one beside the other, and all of it somewhere.
void TestSmallWindow::chipsFit()
{
    QFETCH(const QSize, size);
    WindowUnderTest t;
    t.window->setDefaultSize(size);
    QVERIFY(t.open("demo:digits"));
    for (int round = 0; round < 3; ++round)
        showChanges();
    const ChipRow *row = t.find<OverviewPage>("overview")->feedLine()->chips();
    QCOMPARE(row->chips().size(), 2); // inputs and activation
    QVERIFY(row->chips()[0].text.contains("360"));
    QString tips;
    int end = 0;
    for (const QToolButton *chip : row->findChildren<QToolButton *>()) {
        if (!chip->isVisible())
            continue;
        QVERIFY(chip->x() >= end);
        end = chip->geometry().right();
        QVERIFY(chip->width() > 40 && end < row->width());
        tips += chip->toolTip();
    }
    for (const Chip &chip : row->chips())
        QVERIFY2(tips.contains(chip.tip), qPrintable(chip.tip));
}

void TestSmallWindow::cardsCanBeRead_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("dark");
    for (const char *model : {"demo:digits", "demo:notebook"})
        for (const QSize size : {kScreen, QSize(1440, 900)})
            for (const bool dark : {false, true})
                QTest::addRow("%s %d %s", model, size.width(), dark ? "dark" : "light")
                    << QString::fromLatin1(model) << size << dark;
}

void TestSmallWindow::cardsCanBeRead()
{
    QFETCH(const QString, model);
    QFETCH(const QSize, size);
    QFETCH(const bool, dark);
    ThemeManager::instance().setDark(dark);
    WindowUnderTest t;
    t.window->setDefaultSize(size);
    QVERIFY(t.open(model));
    const auto check = [&] {
        int cards = 0;
        for (const Card *card : t.find<OverviewPage>("overview")->findChildren<Card *>()) {
            if (!card->isVisible())
                continue;
            ++cards;
            for (const QLabel *label : card->findChildren<QLabel *>()) {
                // A remark goes as a whole where there is no room for it.
                const QString shown = label->text();
                if (shown == card->remark() || !label->isVisible())
                    continue;
                QVERIFY2(label->fontMetrics().horizontalAdvance(shown) <= label->contentsRect().width() &&
                             label->fontMetrics().height() <= label->height(),
                         qPrintable(shown));
                QVERIFY2(card->rect().contains(QRect(label->mapTo(card, QPoint()), label->size())), qPrintable(shown));
            }
            QVERIFY2(t.window->rect().contains(QRect(card->mapTo(t.window.get(), QPoint()), card->size())),
                     qPrintable(card->key()));
        }
        QVERIFY(cards >= 3);
    };
    check();
    // With the longest names: those of errors of weights.
    t.find<QWidget>("layers")->setFocus();
    t.table()->selectAll();
    QTest::keyClick(t.table(), Qt::Key_Space);
    QVERIFY(t.settle());
    check();
    ThemeManager::instance().setDark(false);
}

QTEST_MAIN(TestSmallWindow)
#include "tst_small_window.moc"
