// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/main_window.h"

#include "ui/document/document.h"
#include "ui/pages/clipping/clipping_page.h"
#include "ui/pages/details/details_panel.h"
#include "ui/pages/distribution/distribution_panel.h"
#include "ui/pages/export/export_panel.h"
#include "ui/pages/file/file_page.h"
#include "ui/pages/layers/layers_panel.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/pages/scheme/scheme_bar.h"
#include "ui/pages/welcome/error_page.h"
#include "ui/pages/welcome/first_hints.h"
#include "ui/pages/welcome/welcome_page.h"
#include "ui/plots/clipping_plot.h"
#include "ui/plots/error_plot.h"
#include "ui/plots/rounding_histogram.h"
#include "ui/plots/scale_plot.h"
#include "ui/plots/weight_histogram.h"
#include "ui/settings/settings.h"
#include "ui/text/format.h"
#include "ui/widgets/dock_title.h"
#include "ui/widgets/file_chooser.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/status_line.h"

#include <QBoxLayout>
#include <QCloseEvent>
#include <QDockWidget>
#include <QFileInfo>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTimer>
#include <QTreeView>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

constexpr QSize kDefaultSize(1440, 900);
constexpr int kLeftWidth = 390;
constexpr int kRightWidth = 300;
/// Below this width of the window the docks give way to the plots.
constexpr int kRoomyWidth = 1300;
constexpr int kLowestPage = 260;

} // namespace

MainWindow::MainWindow(Document *document, Settings *settings, FileChooser *chooser, QWidget *parent)
    : QMainWindow(parent)
    , m_document(document)
    , m_setup(document->setups().front())
    , m_settings(settings)
    , m_chooser(chooser)
{
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    buildCentre();
    buildDocks();
    m_status = new StatusLine(m_setup);
    setStatusBar(m_status);
    m_schemeBar = new SchemeBar(m_setup);
    buildActions();
    connectDocument();
    connectMessages();
    updateTitle();
    resize(kDefaultSize);
    m_defaultState = saveState(kLayoutVersion);
    restoreGeometry(settings->data().windowGeometry);
    if (restoreState(settings->data().windowState, kLayoutVersion))
        m_docksSized = m_ownDockSizes = true;
    m_layers->restoreColumns(settings->data().layerColumns);
    m_welcome->demoButton()->setFocus();
}

MainWindow::~MainWindow()
{
    m_document->tasks().stopAll();
    disconnect(m_document, nullptr, this, nullptr);
    disconnect(m_setup, nullptr, this, nullptr);
    // The views look at the selection until they are gone, and it is a member: it would die before them.
    delete takeCentralWidget();
    qDeleteAll(m_docks);
}

void MainWindow::buildCentre()
{
    m_messages = new MessageBar;
    m_codeBanner = new MessageBar;
    m_export = new ExportPanel(m_setup, m_chooser, m_settings);
    m_welcome = new WelcomePage(m_settings);
    m_overview = new OverviewPage(m_setup, &m_selection, m_chooser, m_settings);
    m_tabs = new QTabWidget;
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_overview, themedIcon(QStringLiteral("chart")), tr("Overview"));
    m_tabs->setTabToolTip(0, tr("Scales and output errors of all layers"));
    m_overview->setObjectName(QStringLiteral("overview"));
    m_clipping = new ClippingPage(m_setup, &m_selection);
    m_clipping->setObjectName(QStringLiteral("clipping"));
    m_tabs->addTab(m_clipping, themedIcon(QStringLiteral("log")), tr("Clipping"));
    m_tabs->setTabToolTip(1, tr("Error of one channel against its clipping point"));
    m_file = new FilePage(m_setup);
    m_file->setObjectName(QStringLiteral("file"));
    m_tabs->addTab(m_file, themedIcon(QStringLiteral("info")), tr("File"));
    m_tabs->setTabToolTip(2, tr("Format, metadata, tensors and what is odd about the file"));
    m_error = new ErrorPage;
    m_hints = new FirstHints(m_setup, &m_selection, m_messages, m_settings, this);
    m_pages = new QStackedWidget;
    m_pages->addWidget(m_welcome);
    m_pages->addWidget(m_tabs);
    m_pages->addWidget(m_error);
    // A sheet and a message above it must not make the window higher.
    m_pages->setMinimumHeight(kLowestPage);

    // The sheet has a margin of its own, so that its frame does not touch the docks.
    auto *sheet = new QVBoxLayout;
    sheet->setContentsMargins(10, 0, 10, 0);
    sheet->addWidget(m_export);
    auto *centre = new QWidget;
    auto *layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_codeBanner);
    layout->addWidget(m_messages);
    layout->addLayout(sheet);
    layout->addWidget(m_pages, 1);
    setCentralWidget(centre);

    connect(m_welcome, &WelcomePage::openRequested, this, [this](const QString &location) {
        if (location.startsWith(QLatin1String("demo:")))
            m_hints->startWithNextModel();
        openModel(location);
    });
    connect(m_welcome, &WelcomePage::chooseRequested, this, &MainWindow::chooseModel);
    connect(m_welcome, &WelcomePage::chooseFolderRequested, this, &MainWindow::chooseFolder);
    connect(m_error, &ErrorPage::chooseRequested, this, &MainWindow::chooseModel);
    connect(m_error, &ErrorPage::backRequested, this, [this] {
        m_pages->setCurrentWidget(m_welcome);
        m_welcome->demoButton()->setFocus();
    });
}

QDockWidget *MainWindow::addPanelDock(const QString &title, const QString &objectName, QWidget *panel,
                                      Qt::DockWidgetArea area)
{
    auto *dock = new QDockWidget(title);
    dock->setObjectName(objectName);
    dock->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
    dock->setAllowedAreas(Qt::LeftDockWidgetArea | Qt::RightDockWidgetArea);
    dock->setTitleBarWidget(new DockTitle(dock));
    dock->setWidget(panel);
    addDockWidget(area, dock);
    m_docks << dock;
    return dock;
}

void MainWindow::buildDocks()
{
    m_layers = new LayersPanel(m_setup, &m_selection);
    m_details = new DetailsPanel(m_setup, &m_selection);
    m_distribution = new DistributionPanel(m_setup, &m_selection);
    addPanelDock(tr("Layers"), QStringLiteral("layersDock"), m_layers, Qt::LeftDockWidgetArea);
    addPanelDock(tr("Selected layer"), QStringLiteral("detailsDock"), m_details, Qt::LeftDockWidgetArea);
    addPanelDock(tr("Distribution"), QStringLiteral("distributionDock"), m_distribution, Qt::RightDockWidgetArea);
}

void MainWindow::connectDocument()
{
    // Connected after the panels, so that they know the new model before something is selected in it.
    connect(m_document, &Document::modelAboutToChange, this, [this] { m_selection.setShape({}); });
    connect(m_document, &Document::modelChanged, this, &MainWindow::modelChanged);
    connect(m_setup, &Setup::changed, this, [this](Changes changes) {
        // A new model tells all views first.
        if ((changes & Change::Recipe) && !(changes & Change::Model))
            updateShape();
        if (changes & Change::RecipePath)
            updateTitle();
    });
    connect(&m_document->undoStack(), &QUndoStack::cleanChanged, this, &MainWindow::updateTitle);
    for (PlotPanel *plot :
         {static_cast<PlotPanel *>(m_overview->scalePlot()), static_cast<PlotPanel *>(m_overview->errorPlot()),
          static_cast<PlotPanel *>(m_clipping->plot()), static_cast<PlotPanel *>(m_distribution->weights()),
          static_cast<PlotPanel *>(m_distribution->roundingErrors())}) {
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

void MainWindow::modelChanged()
{
    m_messages->dismiss();
    warnOfCode();
    m_pages->setCurrentWidget(m_tabs);
    updateShape();
    m_selection.setCurrent(m_document->model()->layers.empty() ? -1 : 0);
    if (!m_document->location().startsWith(QLatin1String("demo:")))
        m_settings->addRecentFile(QFileInfo(m_document->location()).absoluteFilePath());
    for (QAction *action : std::as_const(m_needModel))
        action->setEnabled(true);
    if (m_layers->view()->isVisible())
        m_layers->view()->setFocus();
    m_oddsReported = false;
    updateTitle();
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
    setWindowModified(!m_document->undoStack().isClean());
}

void MainWindow::openModel(const QString &location)
{
    if (mayLoseRecipe())
        m_document->open(location);
}

bool MainWindow::showTab(const QString &name)
{
    for (int i = 0; i < m_tabs->count(); ++i)
        if (m_tabs->widget(i)->objectName() == name) {
            m_tabs->setCurrentIndex(i);
            return true;
        }
    return false;
}

bool MainWindow::mayLoseRecipe()
{
    if (m_document->undoStack().isClean())
        return true;
    switch (m_chooser->unsavedRecipe(this)) {
    case FileChooser::Unsaved::Save:
        return saveRecipe();
    case FileChooser::Unsaved::Discard:
        return true;
    case FileChooser::Unsaved::Cancel:
        break;
    }
    return false;
}

void MainWindow::setDefaultSize(const QSize &size)
{
    resize(size);
    restoreDefaultLayout();
}

void MainWindow::restoreDefaultLayout()
{
    m_present->setChecked(false);
    restoreState(m_defaultState, kLayoutVersion);
    m_layers->resetColumns();
    m_docksSized = m_ownDockSizes = false;
    // Before the first show, the show event does it.
    if (isVisible())
        sizeDocks();
}

void MainWindow::sizeDocks()
{
    if (std::exchange(m_docksSized, true))
        return;
    const bool roomy = width() >= kRoomyWidth;
    const int left = roomy ? kLeftWidth : kLeftWidth * 3 / 4;
    const int right = roomy ? kRightWidth : kRightWidth * 3 / 4;
    resizeDocks({m_docks[0], m_docks[2]}, {left, right}, Qt::Horizontal);
    resizeDocks({m_docks[0], m_docks[1]}, {height() * 3 / 8, height() * 5 / 8}, Qt::Vertical);
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    const bool roomy = width() >= kRoomyWidth;
    const bool wasRoomy = event->oldSize().width() >= kRoomyWidth;
    if (roomy == wasRoomy || m_ownDockSizes || !m_docksSized)
        return;
    m_docksSized = false;
    QTimer::singleShot(0, this, &MainWindow::sizeDocks);
}

bool MainWindow::event(QEvent *event)
{
    const bool handled = QMainWindow::event(event);
    // The lines between docks are no widgets, and nothing tells that one is moved; but only they take a press.
    if (event->type() == QEvent::MouseButtonPress && event->isAccepted())
        m_ownDockSizes = true;
    return handled;
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    // Docks can be resized only once the window has its layout.
    QTimer::singleShot(0, this, &MainWindow::sizeDocks);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!mayLoseRecipe()) {
        event->ignore();
        return;
    }
    // What is remembered is the window of every day.
    m_present->setChecked(false);
    saveLayout();
    event->accept();
}

void MainWindow::saveLayout()
{
    SettingsData changed = m_settings->data();
    changed.windowGeometry = saveGeometry();
    changed.windowState = saveState(kLayoutVersion);
    changed.layerColumns = m_layers->columnState();
    m_settings->set(changed);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (std::ranges::any_of(event->mimeData()->urls(), &QUrl::isLocalFile))
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.isEmpty())
        return;
    event->acceptProposedAction();
    if (urls.size() > 1) {
        m_messages->show(MessageBar::Kind::Info,
                         tr("One model is open at a time, so drop one file. Of a model in several "
                            "files drop the folder, or the index that names them."));
        return;
    }
    openModel(urls.front().toLocalFile());
}

void MainWindow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_status->cancelJob())
        return;
    QMainWindow::keyPressEvent(event);
}

} // namespace qs::ui
