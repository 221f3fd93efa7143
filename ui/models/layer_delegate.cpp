// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_delegate.h"

#include "ui/models/layer_model.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QAbstractProxyModel>
#include <QApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

constexpr int kBarHeight = 7;
constexpr int kPadding = 7;
constexpr int kShortBar = 20;
constexpr int kLargeText = 24; // pixels of a line
constexpr int kComfort = 60;
constexpr int kAboveAndBelow = 10;
const QString kWidestNumber = QStringLiteral("0.00000 %");
const QString kUsualNumber = QStringLiteral("0.0000 %");
constexpr double kStaleOpacity = 0.5;

/// −1 for the row of a group.
int sourceRow(const QModelIndex &index)
{
    const auto *proxy = qobject_cast<const QAbstractProxyModel *>(index.model());
    return proxy ? proxy->mapToSource(index).row() : index.row();
}

} // namespace

double LayerDelegate::barLength(double share, double smallest, double largest)
{
    if (!(share > 0) || !(smallest > 0) || !(largest >= smallest))
        return 0;
    return std::clamp((std::log10(share / smallest) + 1) / (std::log10(largest / smallest) + 1), 0.0, 1.0);
}

int LayerDelegate::smallestErrorWidth(const QFontMetrics &metrics)
{
    // In the large text of presentations names need the room of bars.
    if (metrics.height() >= kLargeText)
        return metrics.horizontalAdvance(kUsualNumber) + 2 * kPadding;
    return metrics.horizontalAdvance(kWidestNumber) + 3 * kPadding + kShortBar;
}

void LayerDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    // Fusion's frame around the focused cell would cover the row's colour; see paintFocus().
    item.state &= ~QStyle::State_HasFocus;
    const QString text = item.text;
    const QStyle *style = item.widget ? item.widget->style() : QApplication::style();

    if (m_hoveredLayer >= 0 && sourceRow(index) == m_hoveredLayer && !(item.state & QStyle::State_Selected))
        painter->fillRect(item.rect, theme().selectedBand);
    if (index.column() < LayerModel::ErrorColumn) {
        // A box that is ticked for good, as that of a layer whose codes are in the file, looks like it.
        if (index.column() == LayerModel::NameColumn && !(index.flags() & Qt::ItemIsUserCheckable))
            item.state &= ~QStyle::State_Enabled;
        if (index.column() == LayerModel::NameColumn)
            shortenName(item, index);
        style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
        paintFocus(painter, item, index);
        return;
    }
    item.text.clear();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);

    painter->save();
    if (index.data(LayerModel::StaleRole).toBool())
        painter->setOpacity(kStaleOpacity);
    QRect area = item.rect.adjusted(kPadding, 0, -kPadding, 0);
    if (index.column() == LayerModel::ErrorColumn) {
        const int number = item.fontMetrics.horizontalAdvance(kWidestNumber);
        if (const QVariant length = index.data(LayerModel::BarRole); length.isValid())
            paintBar(painter, area.adjusted(0, 0, -number - kPadding, 0), length.toDouble());
    }
    painter->setFont(item.font);
    painter->setPen(
        item.palette.color(item.state & QStyle::State_Enabled ? QPalette::Active : QPalette::Disabled, QPalette::Text));
    painter->drawText(area, static_cast<int>(item.displayAlignment),
                      item.fontMetrics.elidedText(text, Qt::ElideRight, area.width()));
    painter->restore();
    paintFocus(painter, item, index);
}

/// Leaves out what neighbouring names have, too, where the whole name has no room.
void LayerDelegate::shortenName(QStyleOptionViewItem &item, const QModelIndex &index)
{
    const QVariant span = index.data(LayerModel::SpanRole);
    if (!span.isValid())
        return;
    const QStyle *style = item.widget ? item.widget->style() : QApplication::style();
    const int room = style->subElementRect(QStyle::SE_ItemViewItemText, &item, item.widget).width() - kPadding;
    const auto widthOf = [&item](const QString &name) { return item.fontMetrics.horizontalAdvance(name); };
    if (widthOf(item.text) <= room)
        return;
    // What all names end with says nothing.
    if (const QVariant name = index.data(LayerModel::ShortNameRole);
        name.isValid() && widthOf(name.toString()) <= room) {
        item.text = name.toString();
        return;
    }
    const QString whole = item.text;
    // In a group, the name begins behind that of the group.
    const int cut = index.data(LayerModel::CutRole).toInt();
    auto [begin, end] = span.value<NameSpan>();
    begin = std::clamp<int>(begin - cut, 0, static_cast<int>(whole.size()));
    end = std::clamp<int>(end - cut, begin, static_cast<int>(whole.size()));
    item.text = shortenedAround(whole, {begin, end}, room, widthOf);
}

/// Lines above and below the current row, where the selected row alone does not show it.
void LayerDelegate::paintFocus(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index)
{
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    if (!view || !view->hasFocus() || index.siblingAtColumn(0) != view->currentIndex().siblingAtColumn(0))
        return;
    const bool alone = view->selectionModel()->selectedRows().size() == 1;
    if (alone && (option.state & QStyle::State_Selected))
        return;
    painter->fillRect(QRect(option.rect.left(), option.rect.top(), option.rect.width(), 1), theme().accent);
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), theme().accent);
}

void LayerDelegate::paintBar(QPainter *painter, const QRect &area, double length) const
{
    QRectF track(area.left(), area.center().y() - kBarHeight / 2.0 + 0.5, area.width(), kBarHeight);
    if (track.width() < 2 * kBarHeight)
        return;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme().grid);
    painter->drawRoundedRect(track, kBarHeight / 2.0, kBarHeight / 2.0);
    track.setWidth(std::max<double>(kBarHeight, track.width() * length));
    painter->setBrush(theme().schemeA);
    painter->drawRoundedRect(track, kBarHeight / 2.0, kBarHeight / 2.0);
}

QSize LayerDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    // The more rows the better: no more than the text and its check box need.
    size.setHeight(option.fontMetrics.height() + kAboveAndBelow);
    if (index.column() == LayerModel::NameColumn && option.fontMetrics.height() >= kLargeText) {
        // The style does not count the box that the style sheet has made larger: what stands beside the words of a row.
        constexpr int kWide = 1000;
        QStyleOptionViewItem item = option;
        initStyleOption(&item, index);
        item.rect = QRect(0, 0, kWide, size.height());
        const QStyle *style = item.widget ? item.widget->style() : QApplication::style();
        const int beside = kWide - style->subElementRect(QStyle::SE_ItemViewItemText, &item, item.widget).width();
        size.setWidth(beside + item.fontMetrics.horizontalAdvance(item.text) + 2 * kPadding);
    }
    if (index.column() == LayerModel::ErrorColumn)
        size.setWidth(smallestErrorWidth(option.fontMetrics) + kComfort);
    else
        size.rwidth() += kPadding;
    return size;
}

} // namespace qs::ui
