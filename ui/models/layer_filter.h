// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerFilter: sorts and filters the layer table; nothing moves unless the user asks for it.
#pragma once

#include <QRegularExpression>
#include <QSortFilterProxyModel>

namespace qs::ui {

class LayerFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit LayerFilter(QObject *parent = nullptr);

    /// Words separated by blanks; a layer stays when each is part of its name, case ignored, `*` and `?` as wildcards.
    void setText(const QString &text);
    QString text() const { return m_text; }

    void sort(int column, Qt::SortOrder order) override;

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    QString m_text;
    QList<QRegularExpression> m_words;
    Qt::SortOrder m_order = Qt::AscendingOrder;
};

} // namespace qs::ui
