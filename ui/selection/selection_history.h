// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// SelectionHistory: layers and channels that were looked at, to go back to.
#pragma once

#include <QObject>

#include <utility>
#include <vector>

namespace qs::ui {

class Selection;

class SelectionHistory : public QObject
{
    Q_OBJECT
public:
    explicit SelectionHistory(Selection *selection);

    bool canGoBack() const { return m_at > 0; }
    bool canGoForward() const { return m_at + 1 < m_places.size(); }
    void goBack();
    void goForward();
    /// Another model is open.
    void forget();

private:
    using Place = std::pair<int, qint64>; ///< layer, channel
    void remember();
    void show();

    Selection *m_selection;
    std::vector<Place> m_places;
    std::size_t m_at = 0;
    bool m_going = false;
};

} // namespace qs::ui
