// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerDelegate: paints the layer table's cells, with data bars, faded stale values and the shared hover.
#pragma once

#include <QStyledItemDelegate>

namespace qs::ui {

class LayerDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    /// Row of the source model that another view is hovering; −1: none.
    void setHoveredLayer(int layer) { m_hoveredLayer = layer; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    /// Length of the bar of an error, 0..1: logarithmic from a tenth of the smallest error on show to the largest one,
    /// so that even the smallest one has a bar and two that differ look different.
    static double barLength(double share, double smallest, double largest);
    /// Room for the widest number and a short bar.
    static int smallestErrorWidth(const QFontMetrics &metrics);

private:
    static void paintFocus(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index);
    /// Cuts what all names end with where the whole name has no room.
    static void shortenName(QStyleOptionViewItem &item, const QModelIndex &index);
    void paintBar(QPainter *painter, const QRect &area, double length) const;

    int m_hoveredLayer = -1;
};

} // namespace qs::ui
