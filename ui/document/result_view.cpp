// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/result_view.h"

#include "ui/document/setup.h"
#include "ui/selection/selection.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QWidget>

#include <utility>

namespace qs::ui {

ResultView::ResultView(QWidget *widget, Refresh refresh)
    : QObject(widget)
    , m_widget(widget)
    , m_refresh(std::move(refresh))
{
    widget->installEventFilter(this);
}

ResultView::ResultView(QObject *owner, Refresh refresh)
    : QObject(owner)
    , m_refresh(std::move(refresh))
{}

void ResultView::follow(Setup *setup, Changes wanted)
{
    connect(setup, &Setup::changed, this, [this, wanted](Changes changes) { add(changes & wanted); });
}

void ResultView::follow(Selection *selection)
{
    connect(selection, &Selection::currentChanged, this, [this] { add(Change::Selection); });
    connect(selection, &Selection::layersChanged, this, [this] { add(Change::Selection); });
    connect(selection, &Selection::followedChanged, this, [this] { add(Change::Selection); });
}

void ResultView::followTheme()
{
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, [this] { add(Change::Theme); });
}

bool ResultView::isHidden() const
{
    return m_widget && !m_widget->isVisible();
}

void ResultView::add(Changes changes)
{
    m_pending |= changes;
    if (!m_pending || isHidden())
        return;
    if (changes & Change::Model) {
        flush();
        return;
    }
    if (!std::exchange(m_queued, true))
        QMetaObject::invokeMethod(this, &ResultView::flush, Qt::QueuedConnection);
}

void ResultView::flush()
{
    m_queued = false;
    if (m_pending && !isHidden())
        m_refresh(std::exchange(m_pending, {}));
}

bool ResultView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_widget && event->type() == QEvent::Show)
        flush();
    return QObject::eventFilter(watched, event);
}

} // namespace qs::ui
