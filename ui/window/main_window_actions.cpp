// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MainWindow that builds menus and tool bar, and the small works behind them.
#include "ui/document/document.h"
#include "ui/pages/clipping/clipping_page.h"
#include "ui/pages/details/details_panel.h"
#include "ui/pages/details/override_field.h"
#include "ui/pages/distribution/distribution_panel.h"
#include "ui/pages/export/export_panel.h"
#include "ui/pages/file/file_page.h"
#include "ui/pages/layers/layer_actions.h"
#include "ui/pages/layers/layers_panel.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/pages/scheme/scheme_bar.h"
#include "ui/pages/welcome/readable_formats.h"
#include "ui/plots/clipping_plot.h"
#include "ui/plots/error_plot.h"
#include "ui/plots/rounding_histogram.h"
#include "ui/plots/scale_plot.h"
#include "ui/plots/weight_histogram.h"
#include "ui/settings/settings.h"
#include "ui/text/format.h"
#include "ui/widgets/field_combo.h"
#include "ui/widgets/file_chooser.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/help_dialogs.h"
#include "ui/window/main_window.h"

#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QFileInfo>
#include <QMenuBar>
#include <QToolBar>
#include <QToolButton>
#include <QTreeView>

namespace qs::ui {

namespace {

/// Larger than life, so that the last row can read it.
constexpr double kPresentationText = 1.35;

} // namespace

QAction *MainWindow::addAction(QMenu *menu, const QString &text, const QString &icon, const QKeySequence &key,
                               std::function<void()> work)
{
    QAction *action = menu->addAction(text);
    if (!icon.isEmpty())
        action->setIcon(themedIcon(icon));
    action->setShortcut(key);
    if (work)
        connect(action, &QAction::triggered, this, std::move(work));
    return action;
}

void MainWindow::buildActions()
{
    buildFileMenu();
    buildEditMenu();
    buildViewMenu();
    buildQuantizeMenu();
    buildHelpMenu();
    buildToolBar();
    for (QAction *action : std::as_const(m_needModel))
        action->setEnabled(false);
}

void MainWindow::buildFileMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&File"));
    m_openAction = addAction(menu, tr("&Open…"), QStringLiteral("open"), QKeySequence::Open, [this] { chooseModel(); });
    m_openAction->setToolTip(tr("Open a model file (Ctrl+O)"));
    addAction(menu, tr("Open &folder…"), QStringLiteral("folder"), QKeySequence(tr("Ctrl+Shift+O")),
              [this] { chooseFolder(); });
    m_recentMenu = menu->addMenu(tr("Open &recent"));
    connect(m_recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
    connect(m_settings, &Settings::changed, this, &MainWindow::fillRecent);
    fillRecent();
    QMenu *demos = menu->addMenu(tr("Open &demo"));
    addAction(demos, tr("&Digits: a trained network for handwritten digits"), {}, {},
              [this] { openModel(QStringLiteral("demo:digits")); });
    addAction(demos, tr("&Notebook: the network of the lecture"), {}, {},
              [this] { openModel(QStringLiteral("demo:notebook")); });
    menu->addSeparator();
    m_exportAction = addAction(menu, tr("&Export…"), QStringLiteral("export"), QKeySequence(tr("Ctrl+E")), [this] {
        m_messages->dismiss();
        m_export->open();
    });
    m_exportAction->setToolTip(tr("Write the quantized weights to a file (Ctrl+E)"));
    menu->addSeparator();
    m_needModel << m_exportAction;
    m_needModel << addAction(menu, tr("Open re&cipe…"), {}, {}, [this] { chooseRecipe(); });
    m_needModel << addAction(menu, tr("&Save recipe"), QStringLiteral("save"), QKeySequence::Save,
                             [this] { saveRecipe(); });
    m_needModel << addAction(menu, tr("Save recipe &as…"), {}, QKeySequence(tr("Ctrl+Shift+S")),
                             [this] { saveRecipeAs(); });
    menu->addSeparator();
    addAction(menu, tr("&Quit"), {}, QKeySequence(tr("Ctrl+Q")), [this] { close(); });
}

void MainWindow::buildEditMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&Edit"));
    QUndoStack &stack = m_document->undoStack();
    m_undoAction = stack.createUndoAction(this, tr("Undo"));
    m_undoAction->setIcon(themedIcon(QStringLiteral("undo")));
    m_undoAction->setShortcut(QKeySequence::Undo);
    m_redoAction = stack.createRedoAction(this, tr("Redo"));
    m_redoAction->setIcon(themedIcon(QStringLiteral("redo")));
    m_redoAction->setShortcut(QKeySequence(tr("Ctrl+Shift+Z")));
    menu->addActions({m_undoAction, m_redoAction});
    menu->addSeparator();
    m_needModel << addAction(menu, tr("&Find layer"), QStringLiteral("search"), QKeySequence::Find, [this] {
        m_docks[0]->show();
        m_layers->focusFilter();
    });
    m_needModel << addAction(
        menu, tr("&Copy figure"), QStringLiteral("image"), QKeySequence(tr("Ctrl+Shift+C")), [this] {
            for (QWidget *widget = QApplication::focusWidget(); widget; widget = widget->parentWidget())
                if (auto *plot = qobject_cast<PlotPanel *>(widget))
                    return plot->copyImage();
            m_messages->show(MessageBar::Kind::Info, tr("Click a plot first: its figure is copied then."));
        });
}

void MainWindow::buildViewMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&View"));
    for (QDockWidget *dock : std::as_const(m_docks))
        menu->addAction(dock->toggleViewAction());
    const auto toggle = [](const QList<QDockWidget *> &docks) {
        const bool show = std::ranges::any_of(docks, [](const auto *dock) { return dock->isHidden(); });
        for (QDockWidget *dock : docks)
            dock->setVisible(show);
    };
    addAction(menu, tr("Hide or show the &left panels"), {}, QKeySequence(Qt::Key_F8), [this, toggle] {
        toggle({m_docks[0], m_docks[1]});
    });
    addAction(menu, tr("Hide or show the &right panel"), {}, QKeySequence(Qt::Key_F9),
              [this, toggle] { toggle({m_docks[2]}); });
    addAction(menu, tr("Restore &default layout"), {}, {}, [this] { restoreDefaultLayout(); });
    QMenu *columns = menu->addMenu(tr("&Columns of the layer table"));
    connect(columns, &QMenu::aboutToShow, this, [this, columns] {
        columns->clear();
        m_layers->fillColumnMenu(columns);
    });
    menu->addSeparator();
    QMenu *themes = menu->addMenu(tr("&Theme"));
    m_themeActions = new QActionGroup(this);
    for (const auto &[choice, name] :
         {std::pair{ThemeChoice::Light, tr("&Light")}, std::pair{ThemeChoice::Dark, tr("&Dark")},
          std::pair{ThemeChoice::System, tr("As the &system")}}) {
        QAction *action = addAction(themes, name, {}, {}, [this, choice = choice] { setTheme(choice); });
        action->setCheckable(true);
        action->setData(static_cast<int>(choice));
        action->setChecked(ThemeManager::instance().choice() == choice);
        m_themeActions->addAction(action);
    }
    m_nextTheme = addAction(menu, tr("Light &or dark"), QStringLiteral("theme"), QKeySequence(tr("Ctrl+Shift+T")),
                            [this] { cycleTheme(); });
    menu->addSeparator();
    addTabKeys(menu);
    m_present = addAction(menu, tr("Presen&tation"), {}, QKeySequence(Qt::Key_F11), {});
    m_present->setCheckable(true);
    connect(m_present, &QAction::toggled, this, &MainWindow::setPresenting);
    menu->addSeparator();
    addAction(menu, tr("Next &pane"), {}, QKeySequence(Qt::Key_F6), [this] { cyclePane(1); });
    addAction(menu, tr("Pre&vious pane"), {}, QKeySequence(Qt::SHIFT | Qt::Key_F6), [this] { cyclePane(-1); });
}

/// 1, 2 … for the tabs of the centre: keys of the plots, lists and the table, not of fields that take digits.
void MainWindow::addTabKeys(QMenu *menu)
{
    for (int i = 0; i < m_tabs->count(); ++i) {
        QAction *action = addAction(menu, m_tabs->tabText(i), {}, QKeySequence(Qt::Key_1 + i),
                                    [this, i] { m_tabs->setCurrentIndex(i); });
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        m_needModel << action;
        for (QWidget *place : {static_cast<QWidget *>(m_tabs), static_cast<QWidget *>(m_layers->view()),
                               static_cast<QWidget *>(m_distribution)})
            place->addAction(action);
    }
}

/// Docks hidden and larger text, for a projector.
void MainWindow::setPresenting(bool on)
{
    QFont font = QApplication::font();
    if (on) {
        m_stateBefore = saveState(kLayoutVersion);
        m_textSize = font.pointSizeF();
        m_focusBefore = QApplication::focusWidget();
        for (QDockWidget *dock : std::as_const(m_docks))
            dock->hide();
        // Not on whatever comes next in the order: the keys of plots work at once.
        if (m_overview->isVisible())
            m_overview->scalePlot()->plotWidget()->setFocus();
    } else {
        restoreState(m_stateBefore, kLayoutVersion);
        if (m_focusBefore)
            m_focusBefore->setFocus();
    }
    font.setPointSizeF(on ? m_textSize * kPresentationText : m_textSize);
    QApplication::setFont(font);
    // Style sheet, fonts of its own and plots follow a renewed theme.
    ThemeManager::instance().setChoice(ThemeManager::instance().choice());
}

void MainWindow::buildQuantizeMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&Quantize"));
    m_layers->actions()->fillQuantizeMenu(menu);
    menu->addSeparator();
    QAction *again = addAction(menu, tr("Continue the anal&ysis"), QStringLiteral("run"), QKeySequence(Qt::Key_F5),
                               [this] { m_setup->analysisJob().start(); });
    again->setEnabled(false);
    connect(m_setup, &Setup::changed, again, [this, again] {
        const Setup::Analysis state = m_setup->analysis();
        again->setEnabled(state == Setup::Analysis::Cancelled || state == Setup::Analysis::Failed);
    });
}

void MainWindow::buildHelpMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&Help"));
    addAction(menu, tr("&Keys"), QStringLiteral("info"), QKeySequence(tr("?")), [this] { showKeys(); });
    addAction(menu, tr("&About Quantoscope"), {}, {}, [this] { showAbout(); });
}

void MainWindow::buildToolBar()
{
    QToolBar *bar = addToolBar(tr("Tools"));
    bar->setObjectName(QStringLiteral("toolBar"));
    bar->setMovable(false);
    bar->setFloatable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->toggleViewAction()->setVisible(false);
    bar->setIconSize(QSize(20, 20));
    bar->addAction(m_openAction);
    bar->addAction(m_exportAction);
    bar->addSeparator();
    bar->addAction(m_undoAction);
    bar->addAction(m_redoAction);
    for (QAction *action : {m_openAction, m_exportAction})
        static_cast<QToolButton *>(bar->widgetForAction(action))->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->addSeparator();
    bar->addWidget(m_schemeBar);
    auto *space = new QWidget;
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    bar->addAction(m_nextTheme);
    // The menu's dots would promise a dialog on a button that is one click.
    m_openAction->setIconText(tr("Open"));
    m_exportAction->setIconText(tr("Export"));
    m_nextTheme->setToolTip(tr("Light or dark (Ctrl+Shift+T)"));
}

void MainWindow::fillRecent()
{
    m_recentMenu->clear();
    for (const QString &path : m_settings->data().recentFiles) {
        QAction *action = addAction(m_recentMenu, text::buttonText(QFileInfo(path).fileName()), {}, {},
                                    [this, path] { openModel(path); });
        action->setToolTip(text::plainToolTip(path));
        action->setEnabled(QFileInfo::exists(path));
    }
    m_recentMenu->setToolTipsVisible(true);
    m_recentMenu->menuAction()->setEnabled(!m_settings->data().recentFiles.isEmpty());
}

void MainWindow::chooseModel()
{
    const QString path =
        m_chooser->fileToOpen(this, tr("Open a model"), m_settings->data().lastFolder, modelFileFilters());
    if (!path.isEmpty())
        openModel(path);
}

void MainWindow::chooseFolder()
{
    const QString path = m_chooser->folderToOpen(this, tr("Open the folder of a model"), m_settings->data().lastFolder);
    if (!path.isEmpty())
        openModel(path);
}

void MainWindow::chooseRecipe()
{
    const QString path = m_chooser->fileToOpen(this, tr("Open a recipe"), m_settings->data().lastFolder,
                                               tr("Recipes (*.json);;All files (*)"));
    if (path.isEmpty())
        return;
    m_settings->setLastFolderOf(path);
    m_setup->openRecipe(path);
}

bool MainWindow::saveRecipe()
{
    if (m_setup->recipePath().isEmpty())
        return saveRecipeAs();
    if (const auto saved = m_setup->saveRecipe(m_setup->recipePath()); !saved) {
        m_messages->show(MessageBar::Kind::Error, QString::fromStdString(saved.error().text()));
        return false;
    }
    m_messages->show(MessageBar::Kind::Good, tr("Saved %1.").arg(QFileInfo(m_setup->recipePath()).fileName()));
    return true;
}

bool MainWindow::saveRecipeAs()
{
    const QString name =
        m_setup->recipePath().isEmpty() ? QStringLiteral("recipe.json") : QFileInfo(m_setup->recipePath()).fileName();
    const QString folder = m_settings->data().lastFolder;
    const QString path =
        m_chooser->fileToSave(this, tr("Save the recipe"), folder.isEmpty() ? name : folder + QLatin1Char('/') + name,
                              tr("Recipes (*.json)"));
    if (path.isEmpty())
        return false;
    m_settings->setLastFolderOf(path);
    if (const auto saved = m_setup->saveRecipe(path); !saved) {
        m_messages->show(MessageBar::Kind::Error, QString::fromStdString(saved.error().text()));
        return false;
    }
    m_messages->show(MessageBar::Kind::Good, tr("Saved %1.").arg(QFileInfo(path).fileName()));
    return true;
}

void MainWindow::setTheme(ThemeChoice choice)
{
    ThemeManager::instance().setChoice(choice);
    for (QAction *action : m_themeActions->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(choice));
    SettingsData changed = m_settings->data();
    changed.theme = choice;
    m_settings->set(changed);
}

void MainWindow::cycleTheme()
{
    // Always a change that is seen; "as the system" is in the View menu.
    setTheme(theme().dark ? ThemeChoice::Light : ThemeChoice::Dark);
}

void MainWindow::cyclePane(int step)
{
    const QList<QWidget *> panes{m_layers->view(),
                                 m_details,
                                 m_schemeBar,
                                 m_overview->scalePlot()->plotWidget(),
                                 m_overview->errorPlot()->plotWidget(),
                                 m_clipping->plot()->plotWidget(),
                                 m_file->pane(),
                                 m_distribution->weights()->plotWidget(),
                                 m_distribution->roundingErrors()->plotWidget()};
    QList<QWidget *> visible;
    for (QWidget *pane : panes)
        if (pane->isVisible() && pane->isEnabled())
            visible << pane;
    if (visible.isEmpty())
        return;
    qsizetype current = -1;
    for (qsizetype i = 0; i < visible.size(); ++i)
        if (const QWidget *focus = QApplication::focusWidget();
            focus && (focus == visible[i] || visible[i]->isAncestorOf(focus)))
            current = i;
    const qsizetype count = visible.size();
    QWidget *next = visible[current < 0 ? 0 : (current + step + count) % count];
    if (next == m_details)
        next = m_details->field(SchemeField::Mode)->combo();
    else if (next == m_schemeBar)
        next = m_schemeBar->combo(SchemeField::Mode);
    next->setFocus(Qt::TabFocusReason);
}

void MainWindow::showKeys()
{
    showKeyList(this);
}

void MainWindow::showAbout()
{
    showAboutBox(this);
}

} // namespace qs::ui
