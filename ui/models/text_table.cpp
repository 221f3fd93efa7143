// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/text_table.h"

#include <utility>

namespace qs::ui {

void TextTable::setRows(TextRows rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int TextTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rows.count;
}

int TextTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.headers.size());
}

QVariant TextTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return m_rows.cell(index.row(), index.column());
    case Qt::DecorationRole:
        return index.column() == 0 && m_rows.icon ? m_rows.icon(index.row()) : QVariant();
    case WholeRole:
        return m_rows.whole(index.row());
    case SortRole: {
        const QVariant key = m_rows.sortKey ? m_rows.sortKey(index.row(), index.column()) : QVariant();
        return key.isValid() ? key : m_rows.cell(index.row(), index.column());
    }
    default:
        return {};
    }
}

QVariant TextTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    const bool known = orientation == Qt::Horizontal && role == Qt::DisplayRole && section < m_rows.headers.size();
    return known ? m_rows.headers[section] : QVariant();
}

} // namespace qs::ui
