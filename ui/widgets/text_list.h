// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// TextList: a table of texts, and below it the whole text of the current row.
#pragma once

#include "ui/models/text_table.h"

#include <QWidget>

class QLabel;
class QSortFilterProxyModel;
class QStackedWidget;
class QTreeView;

namespace qs::ui {

class WrappedText;

/// Sorted only when the user clicks a header. Ctrl+C copies the whole texts of the selected rows.
class TextList : public QWidget
{
    Q_OBJECT
public:
    /// `name` for people who cannot see it; `empty` is shown while there are no rows.
    TextList(const QString &name, const QString &empty, QWidget *parent = nullptr);
    ~TextList() override;

    /// `firstWidth`: of the first column, in characters; the last one takes what is left.
    void setRows(TextRows rows, int firstWidth);
    /// Columns that are left out where there is no room for all of them, the first one first.
    void setGivingWay(QList<int> columns);
    QTreeView *view() const { return m_view; }
    QString wholeText() const;
    /// Numbers of the selected rows as TextRows counts them.
    QList<int> selectedRows() const;

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fitColumns();
    void showCurrent();
    void copySelected() const;

    TextTable *m_model;
    QSortFilterProxyModel *m_sorted;
    QStackedWidget *m_stack;
    QTreeView *m_view;
    WrappedText *m_whole;
    QList<int> m_givingWay;
    QList<int> m_wanted; ///< widths of all columns
};

} // namespace qs::ui
