// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerFilter: sorts and filters the layer table; nothing moves unless the user asks for it.
#pragma once

#include "ui/models/layer_query.h"

#include <QSortFilterProxyModel>

namespace qs::ui {

class LayerFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit LayerFilter(QObject *parent = nullptr);

    /// Of the language of layer_query.h. Returns what is wrong with it; the last filter that was right stays then.
    QString setText(const QString &text);
    QString text() const { return m_text; }
    /// Looks at all layers anew: some words are about results.
    void refresh();

    void sort(int column, Qt::SortOrder order) override;

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    QString m_text;
    LayerTest m_test; ///< empty: every layer stays
    Qt::SortOrder m_order = Qt::AscendingOrder;
};

} // namespace qs::ui
