// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MainWindow that answers the mouse, the keyboard and its own size.
#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/pages/lesson/lesson_panel.h"
#include "ui/plots/plot_panel.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/comparisons.h"
#include "ui/window/drop_sign.h"
#include "ui/window/layout.h"
#include "ui/window/main_window.h"

#include <QDropEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QUrl>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

bool isLesson(const QString &path)
{
    // One that is called a lesson is told what is wrong with it.
    return path.endsWith(QLatin1String(".lesson.json")) ||
           (path.endsWith(QLatin1String(".json")) && readLesson(path).has_value());
}

} // namespace

/// Of the pages in the centre; named by page and place, since titles change with the language.
QMap<QString, PlotPanel *> MainWindow::zoomablePlots() const
{
    QMap<QString, PlotPanel *> result;
    for (const PageInfo &info : pages()) {
        if (info.place != PagePlace::Tab)
            continue;
        const QList<PlotPanel *> plots = m_pages.value(info.id)->findChildren<PlotPanel *>();
        for (qsizetype i = 0; i < plots.size(); ++i)
            result.insert(QStringLiteral("%1/%2").arg(info.id).arg(i), plots[i]);
    }
    return result;
}

void MainWindow::restoreDefaultLayout()
{
    m_layout->restoreDefault();
}

void MainWindow::setDefaultSize(const QSize &size)
{
    resize(size);
    restoreDefaultLayout();
}

bool MainWindow::event(QEvent *event)
{
    const bool handled = QMainWindow::event(event);
    // Some events come while the window is being made.
    if (m_layout)
        m_layout->follow(*event);
    // Later: whoever has chosen the language is in one of the parts.
    if (event->type() == QEvent::LanguageChange && !std::exchange(m_renewalQueued, true))
        QMetaObject::invokeMethod(this, &MainWindow::renew, Qt::QueuedConnection);
    return handled;
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (std::ranges::any_of(event->mimeData()->urls(), &QUrl::isLocalFile))
        event->acceptProposedAction();
    if (!event->isAccepted())
        return;
    if (!m_dropSign)
        m_dropSign = new DropSign(this);
    m_dropSign->begin(bool(m_document->model()));
    m_dropSign->moveTo(event->position().toPoint());
}

void MainWindow::dragMoveEvent(QDragMoveEvent *event)
{
    event->acceptProposedAction();
    if (m_dropSign)
        m_dropSign->moveTo(event->position().toPoint());
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent *)
{
    if (m_dropSign)
        m_dropSign->end();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    if (m_dropSign)
        m_dropSign->end();
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
    const QString path = urls.front().toLocalFile();
    if (m_dropSign && m_dropSign->isForB(event->position().toPoint()) && !isLesson(path))
        m_comparisons->openAsB(path);
    else
        openFile(path);
}

void MainWindow::openFile(const QString &path)
{
    if (isLesson(path))
        page<LessonPanel>(QStringLiteral("lesson"))->openLesson(path);
    else
        openModel(path);
}

void MainWindow::keyPressEvent(QKeyEvent *event)
{
    if (!m_actions->triggerLeftover(QKeySequence(event->keyCombination())))
        QMainWindow::keyPressEvent(event);
}

} // namespace qs::ui
