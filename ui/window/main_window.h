// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// MainWindow: puts pages, actions and bars together; no logic.
#pragma once

#include "ui/document/document.h"
#include "ui/pages/page.h"
#include "ui/selection/selection.h"

#include <QMainWindow>
#include <QMap>
#include <QPointer>

#include <optional>

class QStackedWidget;

namespace qs::ui {

class Comparisons;
class DropSign;
class FileSessions;
class FirstHints;
class MessageBar;
class ModelFiles;
class Notifications;
class PageTabs;
class PlotPanel;
class Panes;
class RecipeFiles;
class StatusLine;
class WindowLayout;

/// Document, settings and chooser belong to the caller and outlive the window. Its parts have object names: pages their
/// PageInfo::id, actions their ActionInfo::id, and "messages", "codeBanner", "schemeBar", "statusLine", "selection".
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    MainWindow(Document *document, Settings *settings, FileChooser *chooser, QWidget *parent = nullptr);
    /// Stops all jobs first: their results go to views that are about to disappear.
    ~MainWindow() override;

    /// As ModelLocation::parse() reads it. Asks first when the recipe has unsaved changes.
    void openModel(const QString &location);
    /// A lesson, or what openModel() takes.
    void openFile(const QString &path);
    /// Compares with that model as soon as the one that is being opened is there.
    void compareWithNext(const QString &location);
    /// Brings a tab of the centre to the front by its name ("overview"); false when there is none of that name.
    bool showTab(const QString &name);
    /// A lesson by its id, any case, or by its file, and a step from 0; false when there is no such lesson.
    bool startLesson(const QString &name, std::size_t step);
    static bool knowsLesson(const QString &name);
    /// Where lessons of the user lie.
    static QString ownLessonFolder();
    /// As the key F11 does, unless it is on.
    void present();
    void restoreDefaultLayout();
    /// Default layout and that size, whatever was remembered.
    void setDefaultSize(const QSize &size);

protected:
    void closeEvent(QCloseEvent *event) override;
    bool event(QEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    template <class Page> Page *page(const QString &id) const { return static_cast<Page *>(m_pages.value(id)); }
    void build();
    /// Takes everything out again that build() has put in.
    void clear();
    /// All parts anew, in the language that the program has now; what was looked at stays in view.
    void renew();
    void buildBars();
    void buildPages();
    void addHistory();
    void addSessions();
    QMap<QString, PlotPanel *> zoomablePlots() const;
    void addPanes();
    void addLessonPapers(const PageContext &context);
    void showPage(const PageInfo &info, QWidget *page);
    void addTab(const PageInfo &info, QWidget *page);
    void buildCentre();
    void connectPages();
    void connectPlots();
    void connectDocument();
    void refreshActions();
    void modelChanged();
    /// In place of the start page, or of another model.
    void showModel();
    void rolesAboutToChange();
    void rolesChanged();
    void showWelcome();
    void openFailed(const OpenProblem &problem);
    void updateShape();
    void updateTitle();

    Document *m_document;
    Setup *m_setup; ///< on show
    Settings *m_settings;
    FileChooser *m_chooser;
    QPointer<WindowLayout> m_layout; ///< children that are made before it, or go after it, send events to the window
    Selection m_selection;           ///< outlives all views
    std::optional<std::size_t> m_selectedTensor; ///< of the current layer, while roles change
    ActionRegistry *m_actions = nullptr;
    QMap<QString, QWidget *> m_pages; ///< by PageInfo::id
    MessageBar *m_messages = nullptr;
    MessageBar *m_codeBanner = nullptr;
    PageTabs *m_tabs = nullptr;
    QStackedWidget *m_covers = nullptr; ///< the tabs and what covers them
    QWidget *m_sheets = nullptr;
    StatusLine *m_status = nullptr;
    QWidget *m_schemeBar = nullptr;
    Panes *m_panes = nullptr;
    RecipeFiles *m_recipes = nullptr;
    ModelFiles *m_models = nullptr;
    Comparisons *m_comparisons = nullptr;
    FileSessions *m_sessions = nullptr;
    DropSign *m_dropSign = nullptr;
    Notifications *m_notifications = nullptr;
    FirstHints *m_hints = nullptr;
    std::optional<OpenProblem> m_problem; ///< that the error page tells of
    bool m_renewalQueued = false;
};

} // namespace qs::ui
