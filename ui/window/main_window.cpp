// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/main_window.h"

#include "core/formats/model_location.h"
#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/pages/budget/budget_page.h"
#include "ui/pages/export/export_panel.h"
#include "ui/pages/file/file_page.h"
#include "ui/pages/layers/layers_panel.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/pages/rules/rules_page.h"
#include "ui/pages/scheme/scheme_bar.h"
#include "ui/pages/welcome/error_page.h"
#include "ui/pages/welcome/first_hints.h"
#include "ui/pages/welcome/welcome_page.h"
#include "ui/plots/error_plot.h"
#include "ui/plots/plot_actions.h"
#include "ui/plots/plot_panel.h"
#include "ui/selection/selection_history.h"
#include "ui/settings/settings.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/file_chooser.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/page_tabs.h"
#include "ui/window/actions.h"
#include "ui/window/command_palette.h"
#include "ui/window/comparisons.h"
#include "ui/window/file_sessions.h"
#include "ui/window/layout.h"
#include "ui/window/menus.h"
#include "ui/window/model_files.h"
#include "ui/window/notifications.h"
#include "ui/window/panes.h"
#include "ui/window/presentation.h"
#include "ui/window/recipe_files.h"
#include "ui/window/report_files.h"
#include "ui/window/snapshots.h"
#include "ui/window/status_line.h"

#include <QBoxLayout>
#include <QCloseEvent>
#include <QDockWidget>
#include <QFileInfo>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeView>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

constexpr int kLowestPage = 260;
constexpr int kMostDigits = 9; // 0 shows everything in plots

} // namespace

MainWindow::MainWindow(Document *document, Settings *settings, FileChooser *chooser, QWidget *parent)
    : QMainWindow(parent)
    , m_document(document)
    , m_setup(document->setups().front())
    , m_settings(settings)
    , m_chooser(chooser)
    , m_selection(this)
{
    setObjectName(QStringLiteral("mainWindow"));
    m_selection.setObjectName(QStringLiteral("selection"));
    setAcceptDrops(true);
    build();
    m_layout->restore();
    m_layout->setDocksAway(!m_document->model());
    page<LayersPanel>(QStringLiteral("layers"))->restoreColumns(settings->data().layerColumns);
    page<WelcomePage>(QStringLiteral("welcome"))->demoButton()->setFocus();
}

MainWindow::~MainWindow()
{
    m_document->tasks().stopAll();
    clear();
}

void MainWindow::build()
{
    m_actions = new ActionRegistry(this);
    m_messages = new MessageBar;
    m_codeBanner = new MessageBar;
    m_tabs = new PageTabs;
    m_covers = new QStackedWidget;
    m_sheets = new QWidget;
    buildBars();
    buildCentre();
    buildPages();
    buildMenuBar(*this, *m_actions);
    buildToolBar(*this, *m_actions, m_schemeBar);
    connectPages();
    connectPlots();
    connectDocument();
    updateTitle();
}

void MainWindow::buildBars()
{
    m_messages->setObjectName(QStringLiteral("messages"));
    m_codeBanner->setObjectName(QStringLiteral("codeBanner"));
    m_status = new StatusLine(m_setup);
    m_status->setObjectName(QStringLiteral("statusLine"));
    setStatusBar(m_status);
    m_schemeBar = new SchemeBar(m_setup);
    m_schemeBar->setObjectName(QStringLiteral("schemeBar"));
}

void MainWindow::buildCentre()
{
    m_tabs->setObjectName(QStringLiteral("tabs"));
    // A sheet and a message above it must not make the window higher.
    m_covers->setMinimumHeight(kLowestPage);
    // A sheet has a margin of its own, so that its frame does not touch the docks.
    auto *sheets = new QVBoxLayout(m_sheets);
    sheets->setContentsMargins(10, 0, 10, 0);
    auto *centre = new QWidget;
    auto *layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (QWidget *widget : {static_cast<QWidget *>(m_codeBanner), static_cast<QWidget *>(m_messages), m_sheets})
        layout->addWidget(widget);
    layout->addWidget(m_covers, 1);
    setCentralWidget(centre);
}

/// In the order in which lists of actions show them.
void MainWindow::buildPages()
{
    m_recipes = new RecipeFiles(m_setup, m_settings, m_chooser, m_messages, m_actions, this);
    m_models = new ModelFiles(m_document, m_settings, m_chooser, m_recipes, m_actions, this);
    new ReportFiles(m_setup, m_settings, m_chooser, m_messages, m_actions, this);
    m_comparisons = new Comparisons(m_setup, m_settings, m_chooser, m_actions, this);
    addWindowActions(*m_actions, this, m_setup, m_settings, m_messages, m_status);
    addHistory();
    addSessions();
    new CommandPalette(m_setup, &m_selection, m_actions, this);
    auto *presentation = new Presentation(this, m_setup, m_settings, m_actions);
    m_panes = new Panes(m_actions);
    m_layout = new WindowLayout(this, m_settings, presentation);
    m_layout->addActions(*m_actions);
    m_actions->addPlace(ActionPlace::Centre, m_tabs);
    const PageContext context{m_setup, &m_selection, m_settings, m_chooser, m_actions};
    for (const PageInfo &info : pages()) {
        QWidget *page = info.make(context);
        page->setObjectName(info.id);
        m_pages.insert(info.id, page);
        showPage(info, page);
    }
    addLessonPapers(context);
    addPlotActions(*m_actions);
    addStepActions(*m_actions, &m_selection);
    addPanes();
}

void MainWindow::addHistory()
{
    auto *history = new SelectionHistory(&m_selection);
    connect(m_document, &Document::modelAboutToChange, history, &SelectionHistory::forget);
    connect(m_document, &Document::rolesAboutToChange, history, &SelectionHistory::forget);
    m_actions->add({.id = QStringLiteral("history.back"),
                    .text = tr("&Back"),
                    .tip = tr("To the layer or channel before"),
                    .keys = {QKeySequence(tr("Alt+Left"))},
                    .work = [history] { history->goBack(); },
                    .enabledWhen = [history] { return history->canGoBack(); }});
    m_actions->add({.id = QStringLiteral("history.forward"),
                    .text = tr("For&ward"),
                    .tip = tr("To the layer or channel that was left"),
                    .keys = {QKeySequence(tr("Alt+Right"))},
                    .work = [history] { history->goForward(); },
                    .enabledWhen = [history] { return history->canGoForward(); }});
}

/// Snapshots, and what is remembered of each file.
void MainWindow::addSessions()
{
    auto *snapshots = new Snapshots(
        m_setup, m_actions,
        [this] {
            auto *overview = page<OverviewPage>(QStringLiteral("overview"));
            return overview->isVisible() ? overview->errorPlot()->plotWidget()->grab() : QPixmap();
        },
        this);
    connect(snapshots, &Snapshots::taken, this, [this](const QString &name) {
        m_actions->refresh();
        m_messages->show(MessageBar::Kind::Good, tr("Kept as a snapshot: %1").arg(name));
    });
    connect(snapshots, &Snapshots::compared, m_comparisons, &Comparisons::started);
    m_sessions = new FileSessions(
        m_settings->folder() + QStringLiteral("/sessions"),
        {m_setup, &m_selection, snapshots, m_messages,
         [this] { return m_tabs->currentWidget() ? m_tabs->currentWidget()->objectName() : QString(); },
         [this](const QString &id) { showTab(id); },
         [this] { return page<LayersPanel>(QStringLiteral("layers"))->filter(); },
         [this](const QString &filter) { page<LayersPanel>(QStringLiteral("layers"))->setFilter(filter); },
         [this] { return zoomablePlots(); }},
        this);
}

void MainWindow::showPage(const PageInfo &info, QWidget *page)
{
    switch (info.place) {
    case PagePlace::LeftDock:
    case PagePlace::RightDock:
        m_layout->addDock(info, page, *m_actions);
        break;
    case PagePlace::Tab:
        addTab(info, page);
        break;
    case PagePlace::Sheet:
        m_sheets->layout()->addWidget(page);
        break;
    case PagePlace::Cover:
        m_covers->addWidget(page);
        break;
    }
}

/// 1, 2 … are keys of the plots, lists and the table, not of fields that take digits.
void MainWindow::addTab(const PageInfo &info, QWidget *page)
{
    const int index = m_tabs->addTab(page, themedIcon(info.icon), plainTitle(info));
    m_tabs->setTabToolTip(index, index < kMostDigits ? tr("%1 (key %2)").arg(info.tip).arg(index + 1) : info.tip);
    if (info.beginsGroup)
        m_tabs->beginGroup(index);
    m_actions->add({.id = QStringLiteral("tab.") + info.id,
                    .text = info.title,
                    .tip = tr("%1: %2").arg(plainTitle(info), info.tip),
                    .keys = index < kMostDigits ? QList{QKeySequence(Qt::Key_1 + index)} : QList<QKeySequence>(),
                    .places = ActionPlace::Plot | ActionPlace::Table | ActionPlace::Centre,
                    .work = [this, page] { m_tabs->setCurrentWidget(page); },
                    .enabledWhen = [this] { return bool(m_document->model()); }});
}

/// Round the window: left docks, scheme, centre, right docks.
void MainWindow::addPanes()
{
    const auto add = [this](const QList<PagePlace> &places) {
        for (const PageInfo &info : pages()) {
            QWidget *page = m_pages.value(info.id);
            if (places.contains(info.place))
                m_panes->add([page, panes = info.panes] { return panes(page); });
        }
    };
    add({PagePlace::LeftDock});
    m_panes->add([this] { return QList<QWidget *>{m_schemeBar}; });
    add({PagePlace::Tab});
    add({PagePlace::RightDock});
}

void MainWindow::connectPages()
{
    auto *layers = page<LayersPanel>(QStringLiteral("layers"));
    auto *exporting = page<ExportPanel>(QStringLiteral("export"));
    auto *welcome = page<WelcomePage>(QStringLiteral("welcome"));
    auto *error = page<ErrorPage>(QStringLiteral("error"));
    m_covers->addWidget(m_tabs);
    m_covers->setCurrentWidget(welcome);
    m_notifications =
        new Notifications(m_setup, &m_selection, m_actions,
                          {m_messages, m_codeBanner, layers, page<FilePage>(QStringLiteral("file"))}, this);
    m_hints = new FirstHints(m_setup, &m_selection, m_messages, m_settings, this);
    connect(m_comparisons, &Comparisons::started, this, [this] { showTab(QStringLiteral("compare")); });
    connect(layers, &LayersPanel::ruleWanted, this, [this](const QString &text) {
        showTab(QStringLiteral("rules"));
        page<RulesPage>(QStringLiteral("rules"))->propose(text);
    });
    connect(page<BudgetPage>(QStringLiteral("budget")), &BudgetPage::wanted, this,
            [this] { showTab(QStringLiteral("budget")); });
    connect(m_layout, &WindowLayout::defaultRestored, layers, &LayersPanel::resetColumns);
    connect(m_notifications, &Notifications::openRequested, this, &MainWindow::openModel);
    connect(exporting, &ExportPanel::opened, m_messages, &MessageBar::dismiss);
    connect(exporting, &ExportPanel::failed, m_notifications, &Notifications::showError);
    connect(exporting, &ExportPanel::commandWanted, m_notifications, &Notifications::copyExportCommand);
    connect(exporting, &ExportPanel::exported, m_notifications, &Notifications::reportExport);
    connect(welcome, &WelcomePage::openRequested, this, [this](const QString &location) {
        if (ModelLocation::parse(location.toStdString()).isDemo())
            m_hints->startWithNextModel();
        openModel(location);
    });
    connect(page<FilePage>(QStringLiteral("file")), &FilePage::partRequested, m_models, &ModelFiles::openPart);
    connect(welcome, &WelcomePage::chooseRequested, m_models, &ModelFiles::choose);
    connect(welcome, &WelcomePage::chooseFolderRequested, m_models, &ModelFiles::chooseFolder);
    connect(error, &ErrorPage::chooseRequested, m_models, &ModelFiles::choose);
    connect(error, &ErrorPage::backRequested, this, &MainWindow::showWelcome);
    connect(error, &ErrorPage::openRequested, m_models, &ModelFiles::open);
}

void MainWindow::connectPlots()
{
    for (PlotPanel *plot : findChildren<PlotPanel *>()) {
        m_actions->addPlace(ActionPlace::Plot, plot->plotWidget());
        plot->setSaveFileChooser(
            [this](QWidget *parent, const QString &title, const QString &proposal, const QString &filter) {
                const QString folder = m_settings->data().lastFolder;
                const QString path = m_chooser->fileToSave(
                    parent, title, folder.isEmpty() ? proposal : folder + QLatin1Char('/') + proposal, filter);
                if (!path.isEmpty())
                    m_settings->setLastFolderOf(path);
                return path;
            });
        connect(plot, &PlotPanel::readoutChanged, m_status, &StatusLine::showReadout);
        connect(plot, &PlotPanel::figureSaved, this,
                [this](const QString &path) { m_messages->show(MessageBar::Kind::Good, tr("Saved %1.").arg(path)); });
        connect(plot, &PlotPanel::figureFailed, this,
                [this](const QString &sentence) { m_messages->show(MessageBar::Kind::Error, sentence); });
    }
}

void MainWindow::connectDocument()
{
    // Connected after the panels, so that they know the new model before something is selected in it.
    connect(m_document, &Document::modelAboutToChange, this, [this] {
        m_sessions->save();
        m_selection.setShape({});
    });
    connect(m_document, &Document::modelChanged, this, &MainWindow::modelChanged);
    connect(m_document, &Document::rolesAboutToChange, this, &MainWindow::rolesAboutToChange);
    connect(m_document, &Document::rolesChanged, this, &MainWindow::rolesChanged);
    connect(m_document, &Document::openFailed, this, &MainWindow::openFailed);
    // While a model opens the docks show what they will hold.
    connect(m_document, &Document::openStarted, this, [this] { m_layout->setDocksAway(false); });
    connect(m_document, &Document::openEnded, this, [this] { m_layout->setDocksAway(!m_document->model()); });
    connect(m_setup, &Setup::changed, this, [this](Changes changes) {
        // A new model tells all views first.
        if ((changes & Change::Recipe) && !(changes & Change::Model))
            updateShape();
        if (changes & Change::RecipePath)
            updateTitle();
    });
    connect(&m_document->undoStack(), &QUndoStack::indexChanged, this, &MainWindow::updateTitle);
    connect(&m_document->undoStack(), &QUndoStack::cleanChanged, this, &MainWindow::updateTitle);
    refreshActions();
}

/// What actions are enabled by.
void MainWindow::refreshActions()
{
    connect(m_setup, &Setup::changed, m_actions, &ActionRegistry::refresh);
    connect(m_settings, &Settings::changed, m_actions, &ActionRegistry::refresh);
    connect(&m_selection, &Selection::currentChanged, m_actions, &ActionRegistry::refresh);
    connect(&m_selection, &Selection::layersChanged, m_actions, &ActionRegistry::refresh);
    connect(&ThemeManager::instance(), &ThemeManager::changed, m_actions, &ActionRegistry::refresh);
    for (const auto signal : {&TaskRunner::started, &TaskRunner::ended})
        connect(&m_document->tasks(), signal, m_actions, &ActionRegistry::refresh);
}

void MainWindow::modelChanged()
{
    m_problem.reset();
    showModel();
    m_selection.setCurrent(m_document->model()->layers.empty() ? -1 : 0);
    m_sessions->restore();
    if (!ModelLocation::parse(m_document->location().toStdString()).isDemo())
        m_settings->addRecentFile(QFileInfo(m_document->location()).absoluteFilePath());
    m_actions->refresh();
}

void MainWindow::showModel()
{
    m_notifications->modelChanged();
    m_layout->setDocksAway(false);
    m_covers->setCurrentWidget(m_tabs);
    updateShape();
    if (QWidget *table = page<LayersPanel>(QStringLiteral("layers"))->view(); table->isVisible())
        table->setFocus();
    updateTitle();
}

void MainWindow::rolesAboutToChange()
{
    const int layer = m_selection.layer();
    const auto &layers = m_document->model()->layers;
    m_selectedTensor = layer < 0 ? std::nullopt : std::optional(layers[static_cast<std::size_t>(layer)].tensor);
    m_selection.setShape({});
}

/// The same layer is selected as before, if it still is one.
void MainWindow::rolesChanged()
{
    updateShape();
    const Model &model = *m_document->model();
    const auto layer = m_selectedTensor ? model.layerOf(*m_selectedTensor) : std::nullopt;
    m_selection.setCurrent(layer ? static_cast<int>(*layer) : model.layers.empty() ? -1 : 0);
    m_actions->refresh();
}

void MainWindow::showWelcome()
{
    m_problem.reset();
    auto *welcome = page<WelcomePage>(QStringLiteral("welcome"));
    m_covers->setCurrentWidget(welcome);
    welcome->demoButton()->setFocus();
}

/// On a page of its own while there is nothing else to look at; above the model that stays open otherwise.
void MainWindow::openFailed(const OpenProblem &problem)
{
    auto *error = page<ErrorPage>(QStringLiteral("error"));
    error->showProblem(problem);
    if (m_document->model()) {
        m_notifications->openFailed(problem, error->text());
        return;
    }
    m_problem = problem;
    m_messages->dismiss();
    m_covers->setCurrentWidget(error);
    error->chooseButton()->setFocus();
}

void MainWindow::updateShape()
{
    const Model &model = *m_document->model();
    std::vector<qint64> channels;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const MatrixShape shape = matrixShape(model.tensorOf(model.layers[i]), m_setup->decision(i).channelAxis);
        channels.push_back(static_cast<qint64>(shape.channels));
    }
    m_selection.setShape(std::move(channels));
}

void MainWindow::updateTitle()
{
    if (!m_document->model()) {
        setWindowTitle(QStringLiteral("Quantoscope"));
        return;
    }
    setWindowTitle(tr("%1[*] – Quantoscope").arg(text::oneLine(m_document->model()->title)));
    setWindowModified(m_document->hasUnsavedEdits());
}

void MainWindow::openModel(const QString &location)
{
    m_models->open(location);
}

void MainWindow::compareWithNext(const QString &location)
{
    connect(
        m_document, &Document::modelChanged, this, [this, location] { m_document->sideB().openFile(location); },
        Qt::SingleShotConnection);
}

bool MainWindow::showTab(const QString &name)
{
    QWidget *tab = m_pages.value(name);
    if (m_tabs->indexOf(tab) < 0)
        return false;
    m_tabs->setCurrentWidget(tab);
    return true;
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!m_recipes->mayLose()) {
        event->ignore();
        return;
    }
    m_sessions->save();
    m_layout->save();
    SettingsData changed = m_settings->data();
    changed.layerColumns = page<LayersPanel>(QStringLiteral("layers"))->columnState();
    m_settings->set(changed);
    event->accept();
}

} // namespace qs::ui
