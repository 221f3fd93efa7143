// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/text_list.h"

#include "ui/widgets/wrapped_text.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeView>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

/// Room inside a cell beside its text.
constexpr int kCellRoom = 4;
constexpr int kShareOfText = 4; // of the height, one part in so many
/// Rows that decide how wide a column is: more would take long for a list of a million.
constexpr int kMeasuredRows = 500;
constexpr int kNarrowestFirst = 14; // characters of the first column

} // namespace

TextList::TextList(const QString &name, const QString &empty, QWidget *parent)
    : QWidget(parent)
    , m_model(new TextTable(this))
    , m_sorted(new QSortFilterProxyModel(this))
    , m_stack(new QStackedWidget)
    , m_view(new QTreeView)
    , m_whole(new WrappedText(false))
{
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(TextTable::SortRole);
    m_sorted->setSortCaseSensitivity(Qt::CaseInsensitive);
    m_view->setModel(m_sorted);
    m_view->setAccessibleName(name);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    // Long names begin alike and differ at their end, long values not: the middle goes.
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->header()->setSortIndicatorClearable(true);
    m_view->header()->setSortIndicator(-1, Qt::AscendingOrder);
    m_view->header()->setSectionsMovable(false);
    m_view->setSortingEnabled(true);
    m_view->header()->setResizeContentsPrecision(kMeasuredRows);
    m_view->viewport()->installEventFilter(this);

    auto *copy = new QAction(tr("Copy"), m_view);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &TextList::copySelected);
    m_view->addAction(copy);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);

    m_whole->setObjectName(QStringLiteral("wholeText"));
    m_whole->setAccessibleName(tr("Whole text of the selected row"));
    m_whole->setPlaceholderText(tr("Select a row to read all of it."));
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(m_view);
    splitter->addWidget(m_whole);
    splitter->setStretchFactor(0, 1);
    auto *sentence = new QLabel(empty);
    sentence->setObjectName(QStringLiteral("secondary"));
    sentence->setAlignment(Qt::AlignCenter);
    sentence->setWordWrap(true);
    m_stack->addWidget(splitter);
    m_stack->addWidget(sentence);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &TextList::showCurrent);
    setRows({}, 0);
}

TextList::~TextList()
{
    m_view->setModel(nullptr);
}

void TextList::setRows(TextRows rows, int firstWidth)
{
    m_view->header()->setSortIndicator(-1, Qt::AscendingOrder);
    m_model->setRows(std::move(rows));
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 0 : 1);
    m_whole->clear();
    const int most = m_view->fontMetrics().averageCharWidth() * firstWidth;
    m_wanted.clear();
    // A hidden column has no width to measure, and the last one in sight is stretched.
    for (int column = 0; column < m_model->columnCount(); ++column)
        m_view->setColumnHidden(column, false);
    for (int column = 0; column + 1 < m_model->columnCount(); ++column) {
        m_view->resizeColumnToContents(column);
        m_wanted << std::min(m_view->columnWidth(column) + kCellRoom, column == 0 ? most : INT_MAX);
    }
    if (m_model->columnCount() > 0) // the last one needs room for its title
        m_wanted << m_view->header()->sectionSizeHint(m_model->columnCount() - 1);
    fitColumns();
}

void TextList::setGivingWay(QList<int> columns)
{
    m_givingWay = std::move(columns);
}

/// The table is not to be scrolled sideways: first columns that may go, then the first column gets narrower. What is
/// left out stands in the whole text of each row.
void TextList::fitColumns()
{
    if (m_wanted.isEmpty())
        return;
    int all = 0;
    for (int column = 0; column < m_wanted.size(); ++column) {
        m_view->setColumnHidden(column, false);
        m_view->setColumnWidth(column, m_wanted[column]);
        all += m_wanted[column];
    }
    const int room = m_view->viewport()->width();
    for (const int column : std::as_const(m_givingWay)) {
        if (all <= room || column >= m_wanted.size())
            break;
        m_view->setColumnHidden(column, true);
        all -= m_wanted[column];
    }
    // The last one in sight takes what is left, and no less than it was given.
    for (qsizetype column = m_wanted.size(); column-- > 0;) {
        if (m_view->isColumnHidden(static_cast<int>(column)))
            continue;
        m_view->setColumnWidth(static_cast<int>(column), m_wanted[column]);
        break;
    }
    const int narrowest = m_view->fontMetrics().averageCharWidth() * kNarrowestFirst;
    if (all > room)
        m_view->setColumnWidth(0, std::max(std::min(narrowest, m_wanted[0]), m_wanted[0] - (all - room)));
}

/// Rows go before the text of one of them.
void TextList::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_whole->setMaximumHeight(std::max(m_whole->minimumSizeHint().height(), height() / kShareOfText));
}

bool TextList::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        fitColumns();
    return QWidget::eventFilter(watched, event);
}

void TextList::showCurrent()
{
    const QModelIndex current = m_view->currentIndex();
    m_whole->setPlainText(current.isValid() ? current.data(TextTable::WholeRole).toString() : QString());
}

QString TextList::wholeText() const
{
    return m_whole->toPlainText();
}

QList<int> TextList::selectedRows() const
{
    QList<int> rows;
    for (const QModelIndex &index : m_view->selectionModel()->selectedRows())
        rows << m_sorted->mapToSource(index).row();
    return rows;
}

void TextList::copySelected() const
{
    QStringList texts;
    for (const QModelIndex &index : m_view->selectionModel()->selectedRows())
        texts << index.data(TextTable::WholeRole).toString();
    if (!texts.isEmpty())
        QGuiApplication::clipboard()->setText(texts.join(u'\n'));
}

} // namespace qs::ui
