// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare/compare_page.h"

#include "core/analysis/compared_report.h"

#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/pages/scheme/scheme_bar.h"
#include "ui/plots/ratio_plot.h"
#include "ui/plots/rounding_histogram.h"
#include "ui/plots/scale_plot.h"
#include "ui/plots/weight_histogram.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/text_list.h"

#include <QAction>
#include <QBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QTreeView>

#include <utility>

namespace qs::ui {

namespace {

constexpr int kNameWidth = 26; // characters
constexpr int kRoomForWords = 600;
constexpr int kRoomForButtons = 480;
constexpr int kRoomForScheme = 640;
constexpr int kLowestPlots = 150;

/// A button that does what the action does, with the action's words.
template <class Button> Button *buttonFor(QAction *action)
{
    auto *button = new Button;
    button->setText(text::withoutLetter(action->text()));
    button->setToolTip(action->toolTip());
    button->setEnabled(action->isEnabled());
    QObject::connect(button, &Button::clicked, action, &QAction::trigger);
    QObject::connect(action, &QAction::changed, button, [button, action] { button->setEnabled(action->isEnabled()); });
    return button;
}

} // namespace

PageInfo ComparePage::page()
{
    return {.id = QStringLiteral("compare"),
            .icon = QStringLiteral("compare"),
            .title = tr("Co&mpare"),
            .tip = tr("Two recipes, or this file and another one, side by side"),
            .place = PagePlace::Tab,
            .make = [](const PageContext &context) -> QWidget * {
                return new ComparePage(context.setup, context.selection, context.actions);
            },
            .panes = [](QWidget *page) -> QList<QWidget *> {
                auto *made = static_cast<ComparePage *>(page);
                return {made->m_scales[A]->plotWidget(), made->m_table->view()};
            }};
}

ComparePage::ComparePage(Setup *setup, Selection *selection, ActionRegistry *actions, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_selection(selection)
    , m_stack(new QStackedWidget)
    , m_content(new QWidget)
    , m_titleA(new ElidedLabel)
    , m_titleB(new ElidedLabel)
    , m_waiting(new QLabel)
    , m_buttons(new QHBoxLayout)
    , m_more(new QToolButton)
    , m_views(new QTabBar)
    , m_plots(new QStackedWidget)
    , m_scales{new ScalePlot(selection), new ScalePlot(selection)}
    , m_weights{new WeightHistogram(selection), new WeightHistogram(selection)}
    , m_rounding{new RoundingHistogram(selection), new RoundingHistogram(selection)}
    , m_ratios(new RatioPlot(selection))
    , m_table(new TextList(tr("All tensors, the most affected first"), tr("Nothing is compared yet.")))
    , m_rows(std::make_shared<const std::vector<ComparedRow>>())
{
    const std::pair<PlotPanel *, PlotPanel *> pairs[] = {
        {m_scales[A], m_scales[B]}, {m_weights[A], m_weights[B]}, {m_rounding[A], m_rounding[B]}};
    for (const auto &[a, b] : pairs) {
        b->setSideB();
        m_plots->addWidget(makePair(a, b));
    }
    m_plots->addWidget(m_ratios);
    m_plots->setMinimumHeight(kLowestPlots);
    for (const QString &name : {tr("Scales"), tr("Weights"), tr("Rounding"), tr("Difference")})
        m_views->addTab(name);
    m_views->setDrawBase(false);
    m_views->setExpanding(false);
    m_views->setAccessibleName(tr("What is compared"));
    connect(m_views, &QTabBar::currentChanged, m_plots, &QStackedWidget::setCurrentIndex);

    m_table->setProperty("explains", QStringLiteral("compare.tensors"));
    for (QWidget *title : {m_titleA, m_titleB})
        title->setProperty("explains", QStringLiteral("compare.title"));
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(10);
    splitter->addWidget(m_plots);
    splitter->addWidget(m_table);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    auto *content = new QVBoxLayout(m_content);
    content->setContentsMargins(10, 10, 10, 8);
    content->setSpacing(8);
    content->addWidget(makeHead(*actions));
    content->addWidget(splitter, 1);
    m_stack->addWidget(makeEmpty(*actions));
    m_stack->addWidget(m_content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    m_table->setGivingWay(columnsThatGiveWay());
    connect(m_table->view()->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ComparePage::rowChosen);
    auto *view = new ResultView(this, [this](Changes changes) { refresh(changes); });
    view->follow(setup, Change::Model | Change::Recipe | Change::Results | Change::Stale | Change::Distribution |
                            Change::SideB);
    view->add(Change::Model);
}

void ComparePage::setView(View view)
{
    m_views->setCurrentIndex(static_cast<int>(view));
}

QWidget *ComparePage::makeEmpty(const ActionRegistry &actions)
{
    auto *page = new QWidget;
    auto *layout = new QVBoxLayout(page);
    layout->setSpacing(12);
    auto *heading = new QLabel(tr("Compare two ways to quantize this model"));
    heading->setObjectName(QStringLiteral("heading"));
    auto *words = new QLabel(tr("A is the recipe that you edit. B stays beside it, as dotted orange squares, in the "
                                "table, the cards and every plot. What shall B be?"));
    words->setObjectName(QStringLiteral("secondary"));
    words->setWordWrap(true);
    words->setAlignment(Qt::AlignCenter);
    m_waiting->setObjectName(QStringLiteral("secondary"));
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    for (const char *id : {"compare.copy", "compare.floats", "compare.file"})
        buttons->addWidget(buttonFor<QPushButton>(actions.action(QLatin1String(id))));
    buttons->addStretch();
    layout->addStretch();
    layout->addWidget(heading, 0, Qt::AlignHCenter);
    layout->addWidget(words);
    layout->addLayout(buttons);
    layout->addWidget(m_waiting, 0, Qt::AlignHCenter);
    layout->addStretch();
    return page;
}

/// The four views go before the words of the buttons, and before the buttons.
void ComparePage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const auto style = width() < kRoomForWords ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextOnly;
    const bool narrow = width() < kRoomForButtons;
    for (int i = 0; i < m_buttons->count(); ++i)
        if (auto *button = qobject_cast<QToolButton *>(m_buttons->itemAt(i)->widget())) {
            button->setToolButtonStyle(style);
            button->setVisible((button == m_more) == narrow);
        }
    if (m_schemeB)
        m_schemeB->setBrief(width() < kRoomForScheme);
}

QWidget *ComparePage::makeHead(const ActionRegistry &actions)
{
    auto *head = new QWidget;
    m_head = new QVBoxLayout(head);
    m_head->setContentsMargins(0, 0, 0, 0);
    m_head->setSpacing(6);
    m_titleA->setObjectName(QStringLiteral("sideA"));
    m_titleB->setObjectName(QStringLiteral("sideB"));
    auto *titles = new QHBoxLayout;
    titles->setSpacing(10);
    titles->addWidget(m_titleA, 1);
    titles->addWidget(m_titleB, 1);
    m_head->addLayout(titles);
    m_buttons->addWidget(m_views, 1);
    // In short: four views have to fit beside them.
    struct Short {
        const char *id;
        const char *icon;
        QString words;
    };
    const Short buttons[] = {{"compare.swap", "swap", tr("Swap")},
                             {"compare.copy", "copy", tr("Copy A")},
                             {"compare.file", "open", tr("Open…")}};
    for (const auto &[id, icon, words] : buttons) {
        auto *button = buttonFor<QToolButton>(actions.action(QLatin1String(id)));
        button->setAccessibleName(button->text());
        button->setObjectName(QStringLiteral("button"));
        button->setText(words);
        button->setIcon(themedIcon(QLatin1String(icon)));
        m_buttons->addWidget(button);
    }
    auto *end = new QToolButton;
    end->setObjectName(QStringLiteral("button"));
    end->setText(tr("End"));
    end->setIcon(themedIcon(QStringLiteral("close")));
    end->setToolTip(tr("End the comparison"));
    end->setAccessibleName(end->toolTip());
    connect(end, &QToolButton::clicked, this, [this] { m_setup->document().sideB().close(); });
    m_buttons->addWidget(end);
    m_more->setObjectName(QStringLiteral("button"));
    m_more->setText(tr("More"));
    m_more->setIcon(themedIcon(QStringLiteral("more")));
    m_more->setToolTip(tr("What else can be done with B"));
    m_more->setAccessibleName(m_more->toolTip());
    m_more->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(m_more);
    for (const Short &each : buttons)
        menu->addAction(actions.action(QLatin1String(each.id)));
    menu->addAction(end->icon(), end->toolTip(), end, &QToolButton::click);
    m_more->setMenu(menu);
    m_buttons->addWidget(m_more);
    m_head->addLayout(m_buttons);
    return head;
}

QWidget *ComparePage::makePair(PlotPanel *a, PlotPanel *b)
{
    auto *pair = new QSplitter(Qt::Horizontal);
    pair->setChildrenCollapsible(false);
    pair->setHandleWidth(10);
    pair->addWidget(a);
    pair->addWidget(b);
    a->shareAxes(b);
    return pair;
}

void ComparePage::refresh(Changes changes)
{
    const SideB &sideB = m_setup->document().sideB();
    m_waiting->setText(sideB.isPending() ? tr("Reading and comparing …") : QString());
    m_stack->setCurrentIndex(m_setup->model() && sideB.isOpen() ? 1 : 0);
    if (changes & Change::Model)
        for (ScalePlot *plot : m_scales)
            plot->setModel(m_setup->model());
    if (changes & Change::Model)
        m_ratios->setModel(m_setup->model());
    if (!m_setup->model() || !sideB.isOpen()) {
        m_rows = std::make_shared<const std::vector<ComparedRow>>();
        m_table->setRows(textRows(m_rows, comparesWeights(*m_setup)), kNameWidth);
        return;
    }
    showHead();
    if (changes & (Change::Model | Change::Results | Change::SideB)) {
        m_scales[A]->setReport(m_setup->report());
        m_scales[B]->setReport(sideB.report());
        showTable();
        showRatios();
    }
    if (changes & (Change::Model | Change::Distribution | Change::SideB))
        showDistributions();
    m_scales[A]->setStale(m_setup->isShownStale());
}

void ComparePage::showHead()
{
    SideB &sideB = m_setup->document().sideB();
    m_titleA->setText(tr("A   %1").arg(text::words(m_setup->recipe().scheme.summary())));
    QString b = sideB.title();
    if (sideB.kind() == SideB::Kind::Recipe)
        b = tr("%1: %2").arg(b, text::words(sideB.setup()->recipe().scheme.summary()));
    else if (sideB.comparison())
        b = tr("%1: %2 compared, weight error %3")
                .arg(b, text::percent(sideB.comparison()->coverage()),
                     text::percent(sideB.comparison()->total.relativeError, sideB.comparison()->total.exact));
    m_titleB->setText(tr("B   %1").arg(b));
    if (sideB.setup() && !m_schemeB) {
        m_schemeB = new SchemeBar(sideB.setup());
        m_schemeB->setObjectName(QStringLiteral("schemeBarB"));
        m_schemeB->setBrief(width() < kRoomForScheme);
        m_head->insertWidget(1, m_schemeB, 0, Qt::AlignRight);
    }
    if (m_schemeB)
        m_schemeB->setVisible(sideB.setup() != nullptr);
}

void ComparePage::showTable()
{
    m_rows = std::make_shared<const std::vector<ComparedRow>>(comparedRows(*m_setup));
    m_table->view()->header()->setToolTip(comparesWeights(*m_setup)
                                              ? tr("Errors are relative errors of the weights")
                                              : tr("Errors are those of the network's output, each layer alone"));
    m_table->setRows(textRows(m_rows, comparesWeights(*m_setup)), kNameWidth);
}

void ComparePage::showRatios()
{
    m_ratios->setReport(m_setup->report());
    std::vector<std::optional<double>> ratios(m_setup->model()->layers.size());
    for (const ComparedRow &row : *m_rows)
        if (row.layer >= 0 && row.a && row.b && *row.a > 0 && *row.b > 0)
            ratios[static_cast<std::size_t>(row.layer)] = *row.b / *row.a;
    m_ratios->setRatios(std::move(ratios), tr("above 1 B is worse, below 1 A is"));
}

void ComparePage::showDistributions()
{
    const DistributionJob::Shown &a = m_setup->distribution().shown();
    const DistributionJob::Shown &b = m_setup->document().sideB().distribution();
    const bool fits = a.target == b.target;
    const QString subtitle = m_setup->model() ? a.target.name(*m_setup->model()) : QString();
    const auto other = fits ? b.values : nullptr;
    m_weights[A]->setDistribution(a.values, subtitle, a.scheme, true);
    m_weights[A]->setOther(other);
    m_rounding[A]->setDistribution(a.values, subtitle, a.scheme, true);
    m_rounding[A]->setOther(other);
    m_weights[B]->setDistribution(other, subtitle, {}, true);
    m_rounding[B]->setDistribution(other, subtitle, {}, true);
}

void ComparePage::rowChosen()
{
    const QList<int> rows = m_table->selectedRows();
    if (rows.size() != 1 || rows.front() >= static_cast<int>(m_rows->size()))
        return;
    const int layer = (*m_rows)[static_cast<std::size_t>(rows.front())].layer;
    if (layer >= 0 && layer != m_selection->layer())
        m_selection->setCurrent(layer);
}

} // namespace qs::ui
