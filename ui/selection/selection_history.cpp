// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/selection/selection_history.h"

#include "ui/selection/selection.h"

namespace qs::ui {

namespace {

constexpr std::size_t kMostPlaces = 200;

} // namespace

SelectionHistory::SelectionHistory(Selection *selection)
    : QObject(selection)
    , m_selection(selection)
{
    connect(selection, &Selection::currentChanged, this, &SelectionHistory::remember);
}

void SelectionHistory::remember()
{
    const Place place(m_selection->layer(), m_selection->channel());
    if (m_going || place.first < 0 || (!m_places.empty() && m_places[m_at] == place))
        return;
    if (!m_places.empty())
        m_places.resize(m_at + 1); // what was ahead is another way now
    m_places.push_back(place);
    if (m_places.size() > kMostPlaces)
        m_places.erase(m_places.begin());
    m_at = m_places.size() - 1;
}

void SelectionHistory::goBack()
{
    if (!canGoBack())
        return;
    --m_at;
    show();
}

void SelectionHistory::goForward()
{
    if (!canGoForward())
        return;
    ++m_at;
    show();
}

void SelectionHistory::show()
{
    m_going = true;
    m_selection->setCurrent(m_places[m_at].first, m_places[m_at].second);
    m_going = false;
}

void SelectionHistory::forget()
{
    m_places.clear();
    m_at = 0;
}

} // namespace qs::ui
