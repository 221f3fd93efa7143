// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_filter.h"

#include "ui/models/layer_model.h"

namespace qs::ui {

namespace {

QRegularExpression wordExpression(const QString &word)
{
    QString pattern = QRegularExpression::escape(word);
    pattern.replace(QLatin1String("\\*"), QLatin1String(".*"));
    pattern.replace(QLatin1String("\\?"), QLatin1String("."));
    return QRegularExpression(pattern, QRegularExpression::CaseInsensitiveOption);
}

} // namespace

LayerFilter::LayerFilter(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    // Rows must not move while results arrive.
    setDynamicSortFilter(false);
}

void LayerFilter::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    m_words.clear();
    for (const QString &word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        m_words << wordExpression(word);
    invalidateFilter();
    // Rows that come back are appended: bring them to their places.
    QSortFilterProxyModel::sort(sortColumn(), sortOrder());
}

void LayerFilter::sort(int column, Qt::SortOrder order)
{
    m_order = order;
    QSortFilterProxyModel::sort(column, order);
}

bool LayerFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QString name = sourceModel()->index(row, LayerModel::NameColumn, parent).data().toString();
    return std::ranges::all_of(m_words, [&](const auto &word) { return word.match(name).hasMatch(); });
}

bool LayerFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const QVariant a = left.data(LayerModel::SortRole);
    const QVariant b = right.data(LayerModel::SortRole);
    // Cells without a number come last in both directions.
    if (a.isValid() != b.isValid())
        return a.isValid() == (m_order == Qt::AscendingOrder);
    if (!a.isValid())
        return false;
    if (a.userType() == QMetaType::QString)
        return a.toString().localeAwareCompare(b.toString()) < 0;
    return a.toDouble() < b.toDouble();
}

} // namespace qs::ui
