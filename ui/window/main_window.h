// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// MainWindow: docks, menus and wiring; no logic.
#pragma once

#include "ui/selection/selection.h"
#include "ui/theme/theme.h"

#include <QMainWindow>
#include <QPointer>

#include <functional>

class QActionGroup;
class QDockWidget;
class QMenu;
class QStackedWidget;
class QTabWidget;
class QToolButton;

namespace qs::ui {

class ClippingPage;
class DetailsPanel;
class DistributionPanel;
class Document;
class ExportPanel;
class ErrorPage;
class FileChooser;
class FilePage;
class FirstHints;
class LayersPanel;
class MessageBar;
class OverviewPage;
class SchemeBar;
class Setup;
class Settings;
class StatusLine;
class WelcomePage;
struct Exported;
struct OpenProblem;

/// Document, settings and chooser belong to the caller and outlive the window.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    MainWindow(Document *document, Settings *settings, FileChooser *chooser, QWidget *parent = nullptr);
    /// Stops all jobs first: their results go to views that are about to disappear.
    ~MainWindow() override;

    /// A path or "demo:NAME". Asks first when the recipe has unsaved changes.
    void openModel(const QString &location);
    /// Brings a tab of the centre to the front by its name ("overview"); false when there is none of that name.
    bool showTab(const QString &name);
    void restoreDefaultLayout();
    /// Default layout and that size, whatever was remembered.
    void setDefaultSize(const QSize &size);

    Selection *selection() { return &m_selection; }
    LayersPanel *layersPanel() const { return m_layers; }
    DetailsPanel *detailsPanel() const { return m_details; }
    OverviewPage *overview() const { return m_overview; }
    DistributionPanel *distributionPanel() const { return m_distribution; }
    SchemeBar *schemeBar() const { return m_schemeBar; }
    ExportPanel *exportPanel() const { return m_export; }
    MessageBar *messageBar() const { return m_messages; }
    /// What the open file would run elsewhere; hidden for files that would run nothing.
    MessageBar *codeBanner() const { return m_codeBanner; }
    ClippingPage *clippingPage() const { return m_clipping; }
    FilePage *filePage() const { return m_file; }
    WelcomePage *welcomePage() const { return m_welcome; }
    ErrorPage *errorPage() const { return m_error; }
    StatusLine *statusLine() const { return m_status; }

protected:
    void closeEvent(QCloseEvent *event) override;
    bool event(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    static constexpr int kLayoutVersion = 1;

    // main_window.cpp
    void buildCentre();
    void buildDocks();
    QDockWidget *addPanelDock(const QString &title, const QString &objectName, QWidget *panel, Qt::DockWidgetArea area);
    void connectDocument();
    void connectMessages();
    void modelChanged();
    void updateShape();
    void updateTitle();
    void sizeDocks();
    bool mayLoseRecipe();
    void openFailed(const OpenProblem &problem);
    void showFileRemarks();
    void showWarnings(int first);
    void warnOfCode();
    void reportOdds();
    void reportExport(const Exported &done);
    void copyExportCommand(const Exported &done);
    void saveLayout();

    // main_window_actions.cpp
    void buildActions();
    void buildFileMenu();
    void buildEditMenu();
    void buildViewMenu();
    void buildQuantizeMenu();
    void buildHelpMenu();
    void buildToolBar();
    QAction *addAction(QMenu *menu, const QString &text, const QString &icon, const QKeySequence &key,
                       std::function<void()> work);
    void fillRecent();
    void chooseModel();
    void chooseFolder();
    void addTabKeys(QMenu *menu);
    void setPresenting(bool on);
    void chooseRecipe();
    bool saveRecipe();
    bool saveRecipeAs();
    void setTheme(ThemeChoice choice);
    void cycleTheme();
    void cyclePane(int step);
    void showKeys();
    void showAbout();

    Document *m_document;
    Setup *m_setup; ///< on show
    Settings *m_settings;
    FileChooser *m_chooser;
    Selection m_selection;
    LayersPanel *m_layers = nullptr;
    DetailsPanel *m_details = nullptr;
    OverviewPage *m_overview = nullptr;
    DistributionPanel *m_distribution = nullptr;
    SchemeBar *m_schemeBar = nullptr;
    ExportPanel *m_export = nullptr;
    MessageBar *m_messages = nullptr;
    MessageBar *m_codeBanner = nullptr;
    ClippingPage *m_clipping = nullptr;
    FilePage *m_file = nullptr;
    ErrorPage *m_error = nullptr;
    WelcomePage *m_welcome = nullptr;
    StatusLine *m_status = nullptr;
    FirstHints *m_hints = nullptr;
    QStackedWidget *m_pages = nullptr;
    QTabWidget *m_tabs = nullptr;
    QList<QDockWidget *> m_docks;
    QMenu *m_recentMenu = nullptr;
    QActionGroup *m_themeActions = nullptr;
    QAction *m_openAction = nullptr;
    QAction *m_exportAction = nullptr;
    QAction *m_undoAction = nullptr;
    QAction *m_redoAction = nullptr;
    QAction *m_nextTheme = nullptr;
    QList<QAction *> m_needModel;
    QAction *m_present = nullptr;
    QByteArray m_defaultState;
    QByteArray m_stateBefore; ///< of the docks, while presenting
    QPointer<QWidget> m_focusBefore;
    double m_textSize = 0; ///< of the program, in points, before presenting
    bool m_docksSized = false;
    bool m_ownDockSizes = false; ///< of the user, which stay whatever becomes of the window
    bool m_oddsReported = false; ///< of the open model
};

} // namespace qs::ui
