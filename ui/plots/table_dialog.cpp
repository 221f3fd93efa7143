// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/table_dialog.h"

#include "ui/text/format.h"

#include <QAbstractTableModel>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPushButton>
#include <QScreen>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

namespace qs::ui {

namespace {

constexpr int kMostCharacters = 60; // of a column, when the dialog opens

class TableModel final : public QAbstractTableModel
{
public:
    TableModel(PlotTable table, QObject *parent)
        : QAbstractTableModel(parent)
        , m_table(std::move(table))
    {}

    int rowCount(const QModelIndex &parent) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(std::min<qsizetype>(m_table.rows, INT_MAX));
    }
    int columnCount(const QModelIndex &parent) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_table.headers.size());
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation == Qt::Horizontal && role == Qt::DisplayRole)
            return m_table.headers.value(section);
        return {};
    }
    QVariant data(const QModelIndex &index, int role) const override
    {
        if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::TextAlignmentRole))
            return {};
        const QVariant value = m_table.cell(index.row(), index.column());
        const bool isText = value.typeId() == QMetaType::QString;
        if (role == Qt::TextAlignmentRole)
            return QVariant::fromValue<int>((isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
        const bool isReal = value.typeId() == QMetaType::Double || value.typeId() == QMetaType::Float;
        return isReal ? QVariant(text::shortNumber(value.toDouble(), 6)) : value;
    }

private:
    PlotTable m_table;
};

} // namespace

TableDialog::TableDialog(const QString &title, PlotTable table, QWidget *parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("%1 — data").arg(title));
    auto *view = new QTableView;
    view->setModel(new TableModel(table, view));
    view->setAccessibleName(windowTitle());
    view->setAlternatingRowColors(true);
    view->verticalHeader()->hide();
    view->verticalHeader()->setDefaultSectionSize(view->fontMetrics().height() + 8);
    view->resizeColumnsToContents();
    // As wide as the columns, so that nothing has to be scrolled sideways; a long sentence may be cut.
    const int widest = fontMetrics().averageCharWidth() * kMostCharacters;
    int width = view->verticalScrollBar()->sizeHint().width() + 4 * view->frameWidth();
    for (int column = 0; column < view->model()->columnCount(); ++column) {
        view->setColumnWidth(column, std::min(view->columnWidth(column), widest));
        width += view->columnWidth(column);
    }
    view->horizontalHeader()->setStretchLastSection(true);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QPushButton *copy = buttons->addButton(tr("Copy as CSV"), QDialogButtonBox::ActionRole);
    connect(copy, &QPushButton::clicked, this,
            [table = std::move(table)] { QGuiApplication::clipboard()->setText(QString::fromUtf8(table.toCsv())); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);

    auto *layout = new QVBoxLayout(this);
    layout->addWidget(view);
    layout->addWidget(buttons);
    const QMargins margins = layout->contentsMargins();
    width += margins.left() + margins.right() + 2;
    const int smallest = fontMetrics().averageCharWidth() * 50;
    const int largest = std::max(smallest, screen()->availableGeometry().width() - 40);
    resize(std::clamp(width, smallest, largest), fontMetrics().height() * 28);
}

} // namespace qs::ui
