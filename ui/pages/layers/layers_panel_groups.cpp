// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of LayersPanel that knows of rows: groups, and the selection that the table shares with all views.
#include "ui/document/document.h"
#include "ui/models/layer_filter.h"
#include "ui/pages/layers/layers_panel.h"
#include "ui/selection/selection.h"

#include <QScopedValueRollback>
#include <QTreeView>

#include <algorithm>

namespace qs::ui {

namespace {

/// Groups of so many layers are open at first, and those of so many that a filter finds.
constexpr int kFewLayers = 200;

} // namespace

void LayersPanel::setGrouped(bool grouped)
{
    m_closed.clear();
    {
        const QScopedValueRollback guard(m_syncing, true);
        showGroups(grouped);
    }
    selectionToView();
    tellWhatIsOnShow();
}

bool LayersPanel::isGrouped() const
{
    return m_filter->isGrouped();
}

void LayersPanel::showGroups(bool grouped)
{
    m_filter->setGrouped(grouped);
    m_view->setRootIsDecorated(grouped);
    m_view->setIndentation(grouped ? m_view->fontMetrics().height() : 0);
    if (grouped && m_filter->shownLayers() > kFewLayers)
        for (int row = 0; row < m_filter->rowCount(); ++row)
            if (const QModelIndex index = m_filter->index(row, 0); m_filter->isGroup(index))
                m_closed.insert(m_filter->groupName(index));
    openGroups();
}

/// All that nobody has closed; and what a filter has found has to be seen.
void LayersPanel::openGroups()
{
    if (!m_filter->isGrouped())
        return;
    const bool found = !m_filter->text().isEmpty() && m_filter->shownLayers() <= kFewLayers;
    const QScopedValueRollback guard(m_turning, true);
    for (int row = 0; row < m_filter->rowCount(); ++row) {
        const QModelIndex index = m_filter->index(row, 0);
        if (m_filter->isGroup(index))
            m_view->setExpanded(index, found || !m_closed.contains(m_filter->groupName(index)));
    }
}

void LayersPanel::groupTurned(const QModelIndex &index, bool open)
{
    if (m_turning)
        return;
    const QString name = m_filter->groupName(index);
    if (open)
        m_closed.remove(name);
    else
        m_closed.insert(name);
    tellWhatIsOnShow();
}

int LayersPanel::layerAt(const QModelIndex &index) const
{
    return index.isValid() ? m_filter->mapToSource(index).row() : -1;
}

/// A group's row stands for all its layers.
std::vector<int> LayersPanel::layersOf(const QModelIndexList &rows) const
{
    std::vector<int> layers;
    for (const QModelIndex &row : rows) {
        const std::vector<int> own = m_filter->layersOf(row);
        layers.insert(layers.end(), own.begin(), own.end());
    }
    std::ranges::sort(layers);
    layers.erase(std::ranges::unique(layers).begin(), layers.end());
    return layers;
}

void LayersPanel::selectionFromView()
{
    if (m_syncing)
        return;
    const QScopedValueRollback guard(m_syncing, true);
    const std::vector<int> layers = layersOf(m_view->selectionModel()->selectedRows());
    int current = layerAt(m_view->currentIndex());
    if (m_filter->isGroup(m_view->currentIndex()))
        current = m_filter->layersOf(m_view->currentIndex()).front();
    m_selection->setLayers(QList<int>(layers.begin(), layers.end()), current);
    tellWhatIsOnShow();
}

/// The selected rows say what is selected already, perhaps by the row of a group.
bool LayersPanel::showsSelectionByGroup() const
{
    if (!m_filter->isGroup(m_view->currentIndex()))
        return false;
    const std::vector<int> shown = layersOf(m_view->selectionModel()->selectedRows());
    return std::ranges::equal(shown, m_selection->layers()) &&
           std::ranges::binary_search(m_filter->layersOf(m_view->currentIndex()), m_selection->layer());
}

void LayersPanel::selectionToView()
{
    if (m_syncing || showsSelectionByGroup())
        return;
    const QScopedValueRollback guard(m_syncing, true);
    QItemSelection selected;
    for (const int layer : m_selection->layers())
        if (const QModelIndex index = m_filter->mapFromSource(m_model->index(layer, 0)); index.isValid())
            selected.select(index, index);
    auto *selectionModel = m_view->selectionModel();
    const QModelIndex current = m_filter->mapFromSource(m_model->index(m_selection->layer(), 0));
    if (current.isValid() && current != m_view->currentIndex().siblingAtColumn(0)) {
        selectionModel->setCurrentIndex(current, QItemSelectionModel::NoUpdate);
        m_view->scrollTo(current);
    }
    selectionModel->select(selected, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    tellWhatIsOnShow();
}

void LayersPanel::tellWhatIsOnShow()
{
    if (!m_setup->model())
        return;
    std::vector<std::size_t> layers;
    // What is selected is on show in the other panels.
    if (m_selection->layer() >= 0)
        layers.push_back(static_cast<std::size_t>(m_selection->layer()));
    const int bottom = m_view->viewport()->height();
    for (QModelIndex row = m_view->indexAt({0, 0}); row.isValid() && m_view->visualRect(row).top() < bottom;
         row = m_view->indexBelow(row)) {
        // An open group is followed by its layers.
        if (m_filter->isGroup(row) && m_view->isExpanded(row.siblingAtColumn(0)))
            continue;
        for (const int layer : m_filter->layersOf(row))
            layers.push_back(static_cast<std::size_t>(layer));
    }
    m_setup->analysisJob().setLayersOnShow(std::move(layers));
}

} // namespace qs::ui
