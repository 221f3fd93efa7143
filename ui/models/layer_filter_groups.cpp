// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the rows of groups show.
#include "ui/models/layer_filter.h"

#include "ui/text/format.h"

#include <QFont>

namespace qs::ui {

namespace {

/// What a group shows of its layers.
enum class Gathered { Nothing, Common, Sum, Largest, Smallest };

Gathered gatheredOf(int column)
{
    switch (column) {
    case LayerModel::ModeColumn:
    case LayerModel::BitsColumn:
    case LayerModel::ScalesColumn:
        return Gathered::Common;
    case LayerModel::ParametersColumn:
    case LayerModel::BytesBeforeColumn:
    case LayerModel::BytesAfterColumn:
        return Gathered::Sum;
    case LayerModel::ErrorColumn:
    case LayerModel::ScaleMaxColumn:
    case LayerModel::SpreadColumn:
    case LayerModel::ClippedColumn:
    case LayerModel::OtherErrorColumn:
    case LayerModel::RatioColumn:
        return Gathered::Largest;
    case LayerModel::ScaleMinColumn:
    case LayerModel::SqnrColumn:
        return Gathered::Smallest;
    default:
        return Gathered::Nothing;
    }
}

} // namespace

int LayerFilter::speakerOf(const Group &group, int column) const
{
    int &speaker = group.speaker[static_cast<std::size_t>(column)];
    if (speaker != Group::kToBeFound)
        return speaker;
    speaker = Group::kNobody;
    const Gathered gathered = gatheredOf(column);
    if (gathered == Gathered::Nothing || gathered == Gathered::Sum)
        return speaker;
    QVariant best;
    for (const int layer : group.layers) {
        const QVariant key = cellOf(layer, column).data(LayerModel::SortRole);
        if (gathered == Gathered::Common) {
            if (speaker != Group::kNobody && key != best)
                return speaker = Group::kNobody;
            best = key;
            speaker = layer;
        } else if (key.isValid() &&
                   (speaker == Group::kNobody || (gathered == Gathered::Largest ? key.toDouble() > best.toDouble()
                                                                                : key.toDouble() < best.toDouble()))) {
            best = key;
            speaker = layer;
        }
    }
    // Of layers that have no number at all, one says why.
    if (speaker == Group::kNobody && gathered != Gathered::Common)
        speaker = group.layers.front();
    return speaker;
}

QVariant LayerFilter::keyOf(const Group &group) const
{
    if (gatheredOf(m_column) == Gathered::Sum) {
        qulonglong sum = 0;
        for (const int layer : group.layers)
            sum += cellOf(layer, m_column).data(LayerModel::SortRole).toULongLong();
        return sum;
    }
    const int speaker = speakerOf(group, m_column);
    // Whose layers have nothing in common stands where the first of them would.
    return cellOf(speaker >= 0 ? speaker : group.layers.front(), m_column).data(LayerModel::SortRole);
}

QString LayerFilter::sumText(const Group &group, int column) const
{
    qulonglong sum = 0;
    for (const int layer : group.layers) {
        const QVariant part = cellOf(layer, column).data(LayerModel::SortRole);
        if (!part.isValid())
            return text::pending();
        sum += part.toULongLong();
    }
    return column == LayerModel::ParametersColumn ? text::count(sum) : text::bytes(sum);
}

QVariant LayerFilter::groupText(const Group &group, int column) const
{
    if (column == LayerModel::NameColumn)
        return tr("%1 · %2").arg(group.name).arg(group.layers.size());
    switch (gatheredOf(column)) {
    case Gathered::Nothing:
        return QString();
    case Gathered::Sum:
        return sumText(group, column);
    case Gathered::Common:
        if (speakerOf(group, column) < 0)
            return tr("mixed");
        break;
    default:
        break;
    }
    return cellOf(speakerOf(group, column), column).data();
}

/// Mixed where some are quantized and others kept.
QVariant LayerFilter::groupCheck(const Group &group) const
{
    bool any = false;
    bool all = true;
    for (const int layer : group.layers) {
        const bool on = cellOf(layer, 0).data(Qt::CheckStateRole).toInt() == Qt::Checked;
        any = any || on;
        all = all && on;
    }
    return all ? Qt::Checked : any ? Qt::PartiallyChecked : Qt::Unchecked;
}

QVariant LayerFilter::groupData(const Group &group, int column, int role) const
{
    const int speaker = column == LayerModel::NameColumn ? Group::kNobody : speakerOf(group, column);
    switch (role) {
    case Qt::DisplayRole:
        return groupText(group, column);
    case Qt::CheckStateRole:
        return column == LayerModel::NameColumn ? groupCheck(group) : QVariant();
    case Qt::FontRole: {
        QFont font;
        font.setBold(column == LayerModel::NameColumn);
        return font;
    }
    case Qt::TextAlignmentRole:
        return cellOf(group.layers.front(), column).data(role);
    case Qt::ToolTipRole:
        if (column == LayerModel::NameColumn)
            return text::plainToolTip(tr("All layers whose names begin with %1").arg(group.name));
        if (speaker >= 0 && gatheredOf(column) != Gathered::Common)
            return text::plainToolTip(
                tr("The worst of its layers: %1").arg(cellOf(speaker, LayerModel::NameColumn).data().toString()));
        return {};
    case Qt::AccessibleTextRole:
        if (column == LayerModel::NameColumn)
            return tr("Group %1").arg(groupText(group, column).toString());
        return QVariant(headerData(column, Qt::Horizontal, Qt::DisplayRole).toString() + QLatin1Char(' ') +
                        groupText(group, column).toString());
    case LayerModel::ShareRole:
    case LayerModel::BarRole:
    case LayerModel::StaleRole:
        return speaker >= 0 ? cellOf(speaker, column).data(role) : QVariant();
    default:
        return {};
    }
}

} // namespace qs::ui
