// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// TextTable: rows of text that are made when they are looked at; each row has a long form beside its cells.
#pragma once

#include <QAbstractTableModel>
#include <QIcon>

#include <functional>

namespace qs::ui {

/// What a TextTable shows. Texts come from files: they are made harmless by whoever makes them (text::oneLine).
struct TextRows {
    QStringList headers;
    int count = 0;
    std::function<QString(int row, int column)> cell;
    /// What a column is sorted by; without it, or where it is invalid, by the text.
    std::function<QVariant(int row, int column)> sortKey;
    /// The whole of what the row says, possibly of many lines.
    std::function<QString(int row)> whole;
    /// In the first column; may be empty.
    std::function<QIcon(int row)> icon;
};

class TextTable : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role { SortRole = Qt::UserRole, WholeRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(TextRows rows);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    TextRows m_rows;
};

} // namespace qs::ui
