// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_filter.h"

#include "ui/models/layer_model.h"

namespace qs::ui {

LayerFilter::LayerFilter(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    // Rows must not move while results arrive.
    setDynamicSortFilter(false);
}

QString LayerFilter::setText(const QString &text)
{
    if (text == m_text)
        return {};
    auto test = parseLayerQuery(text);
    if (!test)
        return test.error();
    m_text = text;
    m_test = std::move(*test);
    refresh();
    return {};
}

void LayerFilter::refresh()
{
    invalidateFilter();
    // Rows that come back are appended: bring them to their places.
    QSortFilterProxyModel::sort(sortColumn(), sortOrder());
}

void LayerFilter::sort(int column, Qt::SortOrder order)
{
    m_order = order;
    QSortFilterProxyModel::sort(column, order);
}

bool LayerFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    const auto *layers = qobject_cast<const LayerModel *>(sourceModel());
    return !m_test || (layers && m_test(*layers, static_cast<std::size_t>(row)));
}

bool LayerFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const QVariant a = left.data(LayerModel::SortRole);
    const QVariant b = right.data(LayerModel::SortRole);
    // Cells without a number come last in both directions.
    if (a.isValid() != b.isValid())
        return a.isValid() == (m_order == Qt::AscendingOrder);
    if (!a.isValid())
        return false;
    if (a.userType() == QMetaType::QString)
        return a.toString().localeAwareCompare(b.toString()) < 0;
    return a.toDouble() < b.toDouble();
}

} // namespace qs::ui
