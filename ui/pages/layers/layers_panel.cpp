// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/layers/layers_panel.h"

#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/models/layer_delegate.h"
#include "ui/models/layer_filter.h"
#include "ui/pages/layers/layer_actions.h"
#include "ui/pages/layers/layer_heat.h"
#include "ui/selection/selection.h"
#include "ui/theme/theme.h"
#include "ui/widgets/skeleton_rows.h"

#include <QAction>
#include <QBoxLayout>
#include <QDockWidget>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QStackedWidget>
#include <QStyle>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

/// Type-ahead search would fight with the single-letter keys; "/" replaces it.
class LayerTree final : public QTreeView
{
public:
    void keyboardSearch(const QString &) override {}

    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles) override
    {
        // Qt looks up the place of each row, also of thousands that are not on show.
        const bool few = bottomRight.row() - topLeft.row() < kFewRows;
        QTreeView::dataChanged(topLeft, few ? bottomRight : topLeft, roles);
        if (!few)
            viewport()->update();
    }

private:
    static constexpr int kFewRows = 64;
};

constexpr int kNarrowest = 280; ///< the values of a layer, which stand below, need as much

/// Stands in place of the table when the filter lets no layer through.
void fillNoMatch(QWidget *page, QLineEdit *line)
{
    auto *clear = new QPushButton(LayersPanel::tr("Clear filter"));
    QObject::connect(clear, &QPushButton::clicked, line, &QLineEdit::clear);
    auto *text = new QLabel(LayersPanel::tr("No layer matches."));
    text->setObjectName(QStringLiteral("secondary"));
    auto *layout = new QVBoxLayout(page);
    layout->addStretch();
    layout->addWidget(text, 0, Qt::AlignHCenter);
    layout->addWidget(clear, 0, Qt::AlignHCenter);
    layout->addStretch();
}

} // namespace

PageInfo LayersPanel::page()
{
    return {.id = QStringLiteral("layers"),
            .title = tr("La&yers"),
            .tip = tr("All layers, one per row"),
            .place = PagePlace::LeftDock,
            .make = [](const PageContext &context) -> QWidget * {
                return new LayersPanel(context.setup, context.selection, context.actions);
            },
            .panes = [](QWidget *page) -> QList<QWidget *> { return {static_cast<LayersPanel *>(page)->view()}; },
            .state =
                [](QWidget *page) {
                    const auto *panel = static_cast<LayersPanel *>(page);
                    return QVariant(QVariantList{panel->columnState(), panel->filter()});
                },
            .restore =
                [](QWidget *page, const QVariant &state) {
                    auto *panel = static_cast<LayersPanel *>(page);
                    panel->restoreColumns(state.toList().value(0).toByteArray());
                    panel->setFilter(state.toList().value(1).toString());
                }};
}

LayersPanel::LayersPanel(Setup *setup, Selection *selection, ActionRegistry *actions, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_selection(selection)
    , m_model(new LayerModel(setup, this))
    , m_filter(new LayerFilter(this))
    , m_delegate(new LayerDelegate(this))
    , m_actions(new LayerActions(setup, selection, m_model, actions, this))
    , m_line(new QLineEdit)
    , m_problem(new QLabel)
    , m_counter(new QLabel)
    , m_stack(new QStackedWidget)
    , m_view(new LayerTree)
    , m_sentence(new QLabel)
    , m_noMatch(new QWidget)
    , m_skeleton(new SkeletonRows)
    , m_heat(new LayerHeat(m_model, selection))
{
    m_line->setPlaceholderText(tr("Filter: fc  is:warning  err>1%"));
    m_line->setAccessibleName(tr("Filter layers"));
    m_line->setToolTip(layerQueryHelp());
    m_line->addAction(themedIcon(QStringLiteral("filter"), &Theme::secondaryText), QLineEdit::LeadingPosition);
    m_problemIcon =
        m_line->addAction(themedIcon(QStringLiteral("warning"), &Theme::error), QLineEdit::TrailingPosition);
    m_line->setClearButtonEnabled(true);
    m_problem->setObjectName(QStringLiteral("errorText"));
    m_problem->setContentsMargins(10, 0, 8, 6);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_line->installEventFilter(this);
    m_counter->setObjectName(QStringLiteral("secondary"));
    m_counter->setProperty("explains", QStringLiteral("layers.counter"));
    m_heat->setProperty("explains", QStringLiteral("layers.heat"));
    m_sentence->setObjectName(QStringLiteral("secondary"));
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setWordWrap(true);

    fillNoMatch(m_noMatch, m_line);
    buildView();
    for (QWidget *page : {static_cast<QWidget *>(m_view), m_noMatch, static_cast<QWidget *>(m_sentence), m_skeleton})
        m_stack->addWidget(page);
    for (QWidget *page : {m_noMatch, static_cast<QWidget *>(m_sentence)}) {
        page->setBackgroundRole(QPalette::Base);
        page->setAutoFillBackground(true);
    }
    setMinimumWidth(kNarrowest);

    auto *head = new QWidget;
    setProperty("answersCovered", false);
    head->setProperty("deskOnly", true);
    m_heat->setProperty("deskOnly", true);
    auto *top = new QHBoxLayout(head);
    top->setContentsMargins(8, 8, 8, 8);
    top->setSpacing(10);
    top->addWidget(m_line, 1);
    top->addWidget(m_counter);
    auto *groups = new QToolButton;
    top->addWidget(groups);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(head);
    layout->addWidget(m_problem);
    layout->addWidget(m_heat);
    layout->addWidget(m_stack, 1);

    m_actions->setVisibleColumns([this] { return visibleColumns(); });
    addActions(*actions);
    groups->setDefaultAction(actions->action(QStringLiteral("layers.groups")));
    groups->setIconSize(QSize(16, 16));
    connectSelection();
    filterChanged({});
}

LayersPanel::~LayersPanel()
{
    m_view->setModel(nullptr);
}

void LayersPanel::buildView()
{
    m_filter->setSourceModel(m_model);
    m_view->setModel(m_filter);
    showGroups(false);
    m_view->setItemDelegate(m_delegate);
    m_view->setAccessibleName(tr("Layers"));
    m_view->setUniformRowHeights(true);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setMouseTracking(true);
    // Names come shortened; see LayerDelegate.
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->viewport()->installEventFilter(this);

    QHeaderView *header = m_view->header();
    header->setTextElideMode(Qt::ElideRight);
    header->setSortIndicatorClearable(true);
    header->setSortIndicator(-1, Qt::AscendingOrder);
    m_view->setSortingEnabled(true);
    header->setStretchLastSection(true);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    header->setFirstSectionMovable(false);
    resetColumns();

    // Of errors and sizes the largest are wanted first.
    connect(header, &QHeaderView::sortIndicatorChanged, this, [this, header](int column, Qt::SortOrder order) {
        const bool isNew = std::exchange(m_sorted, column) != column;
        if (isNew && column >= LayerModel::ErrorColumn && order == Qt::AscendingOrder)
            header->setSortIndicator(column, Qt::DescendingOrder);
    });
    connect(header, &QHeaderView::sectionResized, this, [this, header] {
        // Only what the mouse did on the header is the user's choice.
        m_ownColumns = m_ownColumns || header->underMouse();
    });
}

void LayersPanel::addActions(ActionRegistry &actions)
{
    const auto isOpen = [this] { return bool(m_setup->model()); };
    actions.add({.id = QStringLiteral("layers.find"),
                 .text = tr("&Find layer"),
                 .tip = tr("Filter layers by name, state or number; Esc clears, then leaves"),
                 .icon = QStringLiteral("search"),
                 .keys = {QKeySequence::Find, Qt::Key_Slash},
                 .work = [this] { focusFilter(); },
                 .enabledWhen = isOpen});
    actions.add({.id = QStringLiteral("rules.fromFilter"),
                 .text = tr("&Rule from the filter"),
                 .tip = tr("Make a rule of the recipe out of what the filter says"),
                 .work = [this] { emit ruleWanted(m_line->text()); },
                 .enabledWhen = isOpen});
    actions.add({.id = QStringLiteral("layers.columns"),
                 .text = tr("&Columns of the layer table"),
                 .tip = tr("Choose what the table of layers shows"),
                 .fill = [this](QMenu *menu) { fillColumnMenu(menu); }});
    actions.add({.id = QStringLiteral("layers.groups"),
                 .text = tr("&Group layers by name"),
                 .tip = tr("Layers of a block below one row, which can be closed"),
                 .icon = QStringLiteral("groups"),
                 .keys = {Qt::Key_G},
                 .places = ActionPlace::Table,
                 .work = [this] { setGrouped(!m_filter->isGrouped()); },
                 .enabledWhen = isOpen,
                 .checkedWhen = [this] { return m_filter->isGrouped(); }});
    actions.add({.id = QStringLiteral("layers.centre"),
                 .text = tr("Go to the current layer"),
                 .tip = tr("Current layer into the middle of the table"),
                 .keys = {Qt::Key_F},
                 .places = ActionPlace::Table,
                 .work = [this] { m_view->scrollTo(m_view->currentIndex(), QAbstractItemView::PositionAtCenter); },
                 .enabledWhen = isOpen});
    actions.addPlace(ActionPlace::Table, m_view);
    connect(m_view, &QWidget::customContextMenuRequested, this, [this, &actions](const QPoint &position) {
        showMenu(
            [&actions](QMenu *menu) {
                std::vector<MenuItem> items = LayerActions::itemsForSelection();
                items.push_back({});
                items.push_back({QStringLiteral("layers.groups")});
                items.push_back({QStringLiteral("learn.explain")});
                fillMenu(menu, actions, items);
            },
            m_view->viewport()->mapToGlobal(position));
    });
    connect(m_view->header(), &QWidget::customContextMenuRequested, this, [this](const QPoint &position) {
        showMenu([this](QMenu *menu) { fillColumnMenu(menu); }, m_view->header()->mapToGlobal(position));
    });
}

void LayersPanel::showMenu(const std::function<void(QMenu *)> &fill, const QPoint &position)
{
    auto *menu = new QMenu(m_view);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fill(menu);
    menu->popup(position);
}

void LayersPanel::connectSelection()
{
    connect(m_line, &QLineEdit::textChanged, this, &LayersPanel::filterChanged);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &LayersPanel::selectionFromView);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &LayersPanel::selectionFromView);
    connect(m_selection, &Selection::currentChanged, this, &LayersPanel::selectionToView);
    connect(m_selection, &Selection::layersChanged, this, &LayersPanel::selectionToView);
    connect(m_selection, &Selection::hoverChanged, this, [this] {
        m_delegate->setHoveredLayer(m_selection->hoverLayer());
        m_view->viewport()->update();
    });
    connect(m_view, &QTreeView::collapsed, this, [this](const QModelIndex &index) { groupTurned(index, false); });
    connect(m_view, &QTreeView::expanded, this, [this](const QModelIndex &index) { groupTurned(index, true); });
    connect(m_view, &QAbstractItemView::entered, this,
            [this](const QModelIndex &index) { m_selection->setHover(layerAt(index)); });
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, this, &LayersPanel::tellWhatIsOnShow);
    connect(m_filter, &QAbstractItemModel::layoutChanged, this, &LayersPanel::tellWhatIsOnShow);
    // A warning sign that comes later needs room; on a desk there is some.
    connect(m_model, &QAbstractItemModel::dataChanged, this, [this] {
        if (window()->property("presenting").toBool())
            QMetaObject::invokeMethod(this, &LayersPanel::fitColumns, Qt::QueuedConnection);
    });
    connect(&m_setup->document(), &Document::openStarted, this, &LayersPanel::updateState);
    connect(&m_setup->document(), &Document::openEnded, this, &LayersPanel::updateState);
    auto *view = new ResultView(static_cast<QObject *>(this), [this](Changes changes) {
        if (changes & Change::Model)
            modelChanged();
        if ((changes & Change::Analysis) && m_setup->analysis() == Setup::Analysis::Done)
            resultsComplete();
        if ((changes & Change::SideB) &&
            m_view->isColumnHidden(LayerModel::RatioColumn) == m_setup->document().sideB().isOpen()) {
            showComparison();
            fitColumns();
        }
        if (std::exchange(m_kind, m_model->errorKind()) != m_model->errorKind())
            fitColumns();
    });
    view->follow(m_setup, Change::Model | Change::Analysis | Change::Results | Change::SideB);
}

void LayersPanel::modelChanged()
{
    m_line->clear();
    const bool many = m_model->rowCount() >= LayerHeat::kFewestLayers;
    m_heat->setVisible(many);
    m_closed.clear();
    showGroups(m_filter->areGroupsUseful());
    fitColumns();
    updateState();
    tellWhatIsOnShow();
}

void LayersPanel::resultsComplete()
{
    // The filter has judged layers whose results were not there yet. Later on, rows stay where the user works.
    if (std::exchange(m_filteredEarly, false))
        applyFilter([this] { m_filter->refresh(); });
    // Rows stay while numbers are coming, and go where the arrow in the header says when all are there.
    if (m_view->header()->sortIndicatorSection() >= 0)
        m_filter->sort(m_view->header()->sortIndicatorSection(), m_view->header()->sortIndicatorOrder());
}

QString LayersPanel::filterProblem() const
{
    return m_problem->text();
}

void LayersPanel::filterChanged(const QString &text)
{
    QString problem;
    applyFilter([&] { problem = m_filter->setText(text); });
    m_filteredEarly = m_setup->analysis() != Setup::Analysis::Done;
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_problemIcon->setVisible(!problem.isEmpty());
    m_problemIcon->setToolTip(problem);
    m_line->setAccessibleDescription(problem);
    m_line->setProperty("invalid", !problem.isEmpty());
    m_line->style()->unpolish(m_line);
    m_line->style()->polish(m_line);
}

void LayersPanel::applyFilter(const std::function<void()> &change)
{
    {
        // Rows that go away must not change the selection one by one.
        const QScopedValueRollback guard(m_syncing, true);
        change();
    }
    QList<int> visible;
    for (const int layer : m_selection->layers())
        if (m_filter->mapFromSource(m_model->index(layer, 0)).isValid())
            visible << layer;
    // An edit must never hit a row that nobody sees.
    m_selection->setLayers(visible);
    openGroups();
    selectionToView();
    updateState();
    tellWhatIsOnShow();
}

void LayersPanel::updateState()
{
    const int total = m_model->rowCount();
    const int shown = m_filter->shownLayers();
    m_counter->setText(m_setup->model() ? tr("%1 of %2").arg(shown).arg(total) : QString());
    m_line->setEnabled(total > 0);
    const bool opening = m_setup->document().isOpening() && !m_setup->model();
    m_sentence->setText(m_setup->model() ? tr("This file holds no layer that can be quantized.")
                                         : tr("The layers of the model that you open appear here."));
    if (total == 0)
        m_stack->setCurrentWidget(opening ? m_skeleton : m_sentence);
    else
        m_stack->setCurrentWidget(shown == 0 ? m_noMatch : m_view);
}

void LayersPanel::focusFilter()
{
    if (auto *dock = qobject_cast<QDockWidget *>(parentWidget()))
        dock->show();
    m_line->setFocus(Qt::ShortcutFocusReason);
    m_line->selectAll();
}

void LayersPanel::setFilter(const QString &text)
{
    m_line->setText(text);
}

QString LayersPanel::filter() const
{
    return m_line->text();
}

bool LayersPanel::event(QEvent *event)
{
    if (event->type() == QEvent::DynamicPropertyChange)
        m_model->setCovered(property("answersCovered").toBool());
    return QWidget::event(event);
}

bool LayersPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view->viewport() && event->type() == QEvent::Leave)
        m_selection->setHover(-1);
    if (watched == m_view->viewport() && event->type() == QEvent::Resize) {
        fitColumns();
        tellWhatIsOnShow();
    }
    // Larger text, or a panel that was away while the text grew: the views measure it later.
    if (watched == m_view->viewport() && (event->type() == QEvent::FontChange || event->type() == QEvent::Show))
        QMetaObject::invokeMethod(this, &LayersPanel::fitColumns, Qt::QueuedConnection);
    if (watched != m_line || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent *>(event)->key();
    if (key == Qt::Key_Escape) {
        if (m_line->text().isEmpty())
            m_view->setFocus();
        m_line->clear();
        return true;
    }
    if (key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) {
        m_view->setFocus();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace qs::ui
