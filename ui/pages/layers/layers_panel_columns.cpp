// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of LayersPanel that decides which columns the table shows, and how wide.
#include "ui/document/document.h"
#include "ui/models/layer_delegate.h"
#include "ui/pages/layers/layers_panel.h"

#include <QHeaderView>
#include <QMenu>
#include <QTreeView>

#include <algorithm>

namespace qs::ui {

namespace {

constexpr int kNarrowestName = 76;
constexpr int kWantedName = 150;
constexpr int kReadableName = 110;
constexpr int kWidestShape = 110;
constexpr int kRatioRoom = 16;

} // namespace

QByteArray LayersPanel::columnState() const
{
    return m_ownColumns ? m_view->header()->saveState() : QByteArray();
}

void LayersPanel::restoreColumns(const QByteArray &state)
{
    if (state.isEmpty() || !m_view->header()->restoreState(state))
        return;
    m_ownColumns = true;
    // A sorting of the last time is not a wish of today.
    m_view->header()->setSortIndicator(-1, Qt::AscendingOrder);
}

void LayersPanel::resetColumns()
{
    m_ownColumns = false;
    for (int column = 0; column < LayerModel::ColumnCount; ++column) {
        m_view->setColumnHidden(column, column > LayerModel::ErrorColumn);
        m_view->header()->moveSection(m_view->header()->visualIndex(column), column);
    }
    // Weights and outputs side by side.
    m_view->header()->moveSection(m_view->header()->visualIndex(LayerModel::SqnrColumn), LayerModel::ErrorColumn);
    showComparison();
    fitColumns();
}

/// B / A is there as long as there is a B, whatever other columns somebody has chosen.
void LayersPanel::showComparison()
{
    m_view->setColumnHidden(LayerModel::RatioColumn, !m_setup->document().sideB().isOpen());
}

void LayersPanel::fitColumns()
{
    if (m_ownColumns)
        return;
    const auto fit = [this](int column, int narrowest, int widest) {
        m_view->resizeColumnToContents(column);
        const int width = std::clamp(m_view->columnWidth(column), narrowest, std::max(narrowest, widest));
        m_view->setColumnWidth(column, width);
        return width;
    };
    // The error column gets what is left, and always enough for its number and a short bar.
    const QFontMetrics metrics = m_view->fontMetrics();
    const int error = LayerDelegate::smallestErrorWidth(metrics);
    const int ratio = metrics.horizontalAdvance(QStringLiteral("0000.0×")) + kRatioRoom;
    int available = m_view->viewport()->width() - error;
    if (!m_view->isColumnHidden(LayerModel::RatioColumn)) { // the last one, which gets what is left
        available -= ratio;
    }
    const int mode = metrics.horizontalAdvance(QStringLiteral("asym 8 bit")) + 14;
    const int sqnr = metrics.horizontalAdvance(QStringLiteral("▲ 00.0 dB")) + kRatioRoom - 2;
    for (const int column :
         {LayerModel::ModeColumn, LayerModel::ShapeColumn}) // a hidden column has no width to measure
        m_view->setColumnHidden(column, false);
    fit(LayerModel::ModeColumn, mode, mode);
    m_view->resizeColumnToContents(LayerModel::ShapeColumn);
    const int shape = std::min(m_view->columnWidth(LayerModel::ShapeColumn), kWidestShape);
    m_view->resizeColumnToContents(LayerModel::NameColumn);
    const int whole = m_view->columnWidth(LayerModel::NameColumn);
    const int name = std::clamp(whole, kNarrowestName, kWantedName);
    // Beside B's number, where names stand below groups, or in large text, there may be no room for the mode either.
    const bool compares = !m_view->isColumnHidden(LayerModel::RatioColumn);
    const int readable = std::min(whole, kReadableName + m_view->indentation());
    const int shortName = std::min(whole, metrics.horizontalAdvance(QStringLiteral("layer")) + 3 * metrics.height());
    const int alone = shortName > kNarrowestName ? shortName : 0;
    const int least = std::max(alone, std::min(whole, kNarrowestName));
    const bool roomForMode = available - mode >= (compares ? kNarrowestName : isGrouped() ? readable : least);
    int left = available - (roomForMode ? mode : 0);
    // Beside an error of the network stands what the weights say, where names stay names.
    const bool network = m_model->errorKind() == ShownErrorKind::Alone || m_model->errorKind() == ShownErrorKind::Layer;
    const bool roomForSqnr = network && !compares && left - sqnr >= std::min(name, kReadableName);
    // With room for its title, if that can be.
    QFont bold = m_view->font(); // as the style sheet has it
    bold.setBold(true);
    const QString title = m_model->headerData(LayerModel::SqnrColumn, Qt::Horizontal, Qt::DisplayRole).toString();
    const int wanted = std::max(sqnr, QFontMetrics(bold).horizontalAdvance(title) + kRatioRoom);
    const int titled = std::clamp(left - std::min(name, kReadableName), sqnr, wanted);
    left -= roomForSqnr ? titled : 0;
    // A name that can be told from its neighbours is worth more than a shape, and half a shape is worth nothing.
    const bool roomForShape = left - shape >= name;
    left -= roomForShape ? shape : 0;
    m_view->setColumnHidden(LayerModel::ModeColumn, !roomForMode);
    m_view->setColumnHidden(LayerModel::SqnrColumn, !roomForSqnr);
    m_view->setColumnHidden(LayerModel::ShapeColumn, !roomForShape);
    if (roomForSqnr)
        m_view->setColumnWidth(LayerModel::SqnrColumn, titled);
    if (roomForShape)
        m_view->setColumnWidth(LayerModel::ShapeColumn, shape);
    const int used = fit(LayerModel::NameColumn, kNarrowestName, left);
    if (!compares)
        return;
    m_view->setColumnWidth(LayerModel::RatioColumn, ratio);
    m_view->setColumnWidth(LayerModel::ErrorColumn, error + std::max(left - used, 0));
}

void LayersPanel::fillColumnMenu(QMenu *menu)
{
    for (int column = LayerModel::NameColumn + 1; column < LayerModel::ColumnCount; ++column) {
        QAction *action = menu->addAction(m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!m_view->isColumnHidden(column));
        connect(action, &QAction::toggled, this, [this, column](bool shown) {
            m_ownColumns = true;
            m_view->setColumnHidden(column, !shown);
            if (shown)
                m_view->resizeColumnToContents(column);
        });
    }
    menu->addSeparator();
    QAction *groups = menu->addAction(tr("Group layers by name"));
    groups->setCheckable(true);
    groups->setChecked(isGrouped());
    connect(groups, &QAction::toggled, this, &LayersPanel::setGrouped);
    connect(menu->addAction(tr("Default columns")), &QAction::triggered, this, &LayersPanel::resetColumns);
}

std::vector<LayerModel::Column> LayersPanel::visibleColumns() const
{
    std::vector<LayerModel::Column> columns;
    for (int position = 0; position < LayerModel::ColumnCount; ++position) {
        const int column = m_view->header()->logicalIndex(position);
        if (!m_view->isColumnHidden(column))
            columns.push_back(static_cast<LayerModel::Column>(column));
    }
    return columns;
}

} // namespace qs::ui
