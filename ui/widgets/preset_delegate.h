// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PresetDelegate: entries of a list with a grey line below each that says what it is.
#pragma once

#include <QStyledItemDelegate>

namespace qs::ui {

/// The second line comes from Qt::ToolTipRole.
class PresetDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace qs::ui
