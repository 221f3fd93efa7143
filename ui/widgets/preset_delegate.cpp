// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/preset_delegate.h"

#include "ui/theme/theme.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace qs::ui {

namespace {

constexpr int kPaddingX = 8;
constexpr int kPaddingY = 4;

} // namespace

void PresetDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    item.text.clear();
    const QStyle *style = item.widget ? item.widget->style() : QApplication::style();
    if (item.state & QStyle::State_Selected)
        painter->fillRect(item.rect, theme().selectedRow);
    else
        style->drawPrimitive(QStyle::PE_PanelItemViewItem, &item, painter, item.widget);
    const QRect area = item.rect.adjusted(kPaddingX, kPaddingY, -kPaddingX, -kPaddingY);
    const int line = item.fontMetrics.height();
    const auto draw = [&](const QRect &rect, const QColor &colour, const QString &text) {
        painter->setPen(colour);
        painter->drawText(rect, Qt::AlignLeft | Qt::AlignVCenter,
                          item.fontMetrics.elidedText(text, Qt::ElideRight, rect.width()));
    };
    painter->save();
    painter->setFont(item.font);
    draw(QRect(area.left(), area.top(), area.width(), line), theme().text, index.data().toString());
    draw(QRect(area.left(), area.top() + line, area.width(), line), theme().secondaryText,
         index.data(Qt::ToolTipRole).toString());
    painter->restore();
}

QSize PresetDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const int width = std::max(item.fontMetrics.horizontalAdvance(index.data().toString()),
                               item.fontMetrics.horizontalAdvance(index.data(Qt::ToolTipRole).toString()));
    return {width + 2 * kPaddingX, 2 * item.fontMetrics.height() + 2 * kPaddingY};
}

} // namespace qs::ui
