// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/budget/budget_page.h"

#include "core/export/registry.h"
#include "core/search/budget_text.h"
#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/plots/budget_plot.h"
#include "ui/text/format.h"
#include "ui/widgets/field_combo.h"

#include <QAction>
#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QStandardItemModel>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

// Entries of the combo box.
constexpr int kSize = 0;
constexpr int kBits = 1;
constexpr int kError = 2;
constexpr int kProgressSteps = 1000;

/// What somebody has typed; empty when it is no budget.
std::optional<SearchBudget> budgetOf(int kind, const QString &typed)
{
    std::string words = typed.trimmed().toStdString();
    if (kind == kSize)
        return sizeBudget(words);
    if (kind == kBits)
        return bitsBudget(words);
    // The field is about percent.
    if (!words.empty() && !words.ends_with('%'))
        words.push_back('%');
    return errorBudget(words);
}

} // namespace

PageInfo BudgetPage::page()
{
    return {.id = QStringLiteral("budget"),
            .icon = QStringLiteral("budget"),
            .title = tr("Si&ze budget"),
            .tip = tr("Size against error, and the best recipe for a size"),
            .place = PagePlace::Tab,
            .make = [](const PageContext &context) -> QWidget * { return new BudgetPage(context); },
            .panes = [](QWidget *page) -> QList<QWidget *> {
                const auto *made = static_cast<BudgetPage *>(page);
                return {made->m_limit, made->m_plot->plotWidget()};
            },
            .state = [](QWidget *page) -> QVariant {
                const auto *made = static_cast<BudgetPage *>(page);
                return QVariantList{made->m_kind->currentIndex(), made->m_limit->text()};
            },
            .restore =
                [](QWidget *page, const QVariant &state) {
                    const auto *made = static_cast<BudgetPage *>(page);
                    const QVariantList values = state.toList();
                    made->m_kind->setCurrentIndex(values.value(0).toInt());
                    made->m_limit->setText(values.value(1).toString());
                }};
}

BudgetPage::BudgetPage(const PageContext &context, QWidget *parent)
    : QWidget(parent)
    , m_setup(context.setup)
    , m_plot(new BudgetPlot(context.selection))
    , m_format(new FieldCombo)
    , m_bits(new QPushButton)
    , m_keepFloat(nullptr)
    , m_kind(new QComboBox)
    , m_limit(new QLineEdit)
    , m_find(new QPushButton(tr("Find")))
    , m_stop(new QPushButton(tr("Stop")))
    , m_progress(new QProgressBar)
    , m_state(new QLabel)
{
    build();
    fillBits();
    addActions(*context.actions);
    connect(m_format, &QComboBox::activated, this, &BudgetPage::offer);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &BudgetPage::showKind);
    connect(m_limit, &QLineEdit::returnPressed, this, &BudgetPage::find);
    connect(m_limit, &QLineEdit::textChanged, this, [this] {
        m_wrong.clear();
        showState();
    });
    connect(m_find, &QPushButton::clicked, this, &BudgetPage::find);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        BudgetJob &job = m_setup->budget();
        if (job.isMeasuring() || job.isFinding())
            job.stop();
        else
            job.measure();
    });
    connect(m_plot, &BudgetPlot::pointDragged, this, [this](std::size_t point) { m_setup->budget().tryPoint(point); });
    connect(m_plot, &BudgetPlot::dragEnded, this, [this](bool keep) {
        if (keep)
            m_setup->budget().keepTried();
        else
            m_setup->budget().dropTried();
    });
    showKind();
    auto *view = new ResultView(this, [this](Changes changes) { refresh(changes); });
    view->follow(m_setup, Change::Model | Change::Recipe | Change::Analysis | Change::Budget);
    view->add(Change::Model);
}

void BudgetPage::build()
{
    for (const ExportFormat *each : exportFormats())
        m_format->addItem(text::words(Text::of(each->description)), text::fromView(each->name));
    m_format->setAccessibleName(tr("Format that the size is counted in"));
    m_format->setToolTip(m_format->accessibleName());
    m_format->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_format->setMinimumContentsLength(12);
    m_bits->setObjectName(QStringLiteral("withMenu"));
    m_bits->setToolTip(tr("What layers may become. Those that are not ticked, or have a scheme of their own, stay."));
    m_bits->setAccessibleName(tr("Bits that layers may get"));
    m_kind->addItems({tr("Size ≤"), tr("Bits per weight ≤"), tr("Error ≤")});
    m_kind->setAccessibleName(tr("What is limited"));
    m_limit->setAccessibleName(tr("Limit"));
    m_find->setObjectName(QStringLiteral("primary"));
    m_progress->setRange(0, kProgressSteps);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress"));
    m_state->setObjectName(QStringLiteral("secondary"));
    m_state->setProperty("explains", QStringLiteral("budget.state"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto *choices = new QHBoxLayout;
    choices->addWidget(m_format, 1);
    choices->addWidget(m_bits);
    auto *limits = new QHBoxLayout;
    limits->addWidget(m_kind);
    limits->addWidget(m_limit, 1);
    limits->addWidget(m_find);
    auto *work = new QHBoxLayout;
    work->addWidget(m_progress, 1);
    work->addWidget(m_stop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 8);
    layout->setSpacing(8);
    layout->addLayout(choices);
    layout->addLayout(limits);
    layout->addWidget(m_plot, 1);
    layout->addLayout(work);
    layout->addWidget(m_state);
}

void BudgetPage::fillBits()
{
    auto *menu = new QMenu(m_bits);
    for (int bits = kMinBits; bits <= kMaxBits; ++bits) {
        QAction *action = menu->addAction(tr("%1 bits").arg(bits));
        action->setCheckable(true);
        action->setData(bits);
        m_bitChoices << action;
        connect(action, &QAction::triggered, this, &BudgetPage::offer);
    }
    menu->addSeparator();
    m_keepFloat = menu->addAction(tr("Layers may stay in float"));
    m_keepFloat->setCheckable(true);
    connect(m_keepFloat, &QAction::triggered, this, &BudgetPage::offer);
    m_bits->setMenu(menu);
}

void BudgetPage::addActions(ActionRegistry &actions)
{
    actions.add({.id = QStringLiteral("budget.excludeUntil"),
                 .text = tr("Exclude &until total error ≤ …"),
                 .tip = tr("Keep as few layers as an error allows in float"),
                 .work = [this] { excludeUntil(); },
                 .enabledWhen = [this] { return m_setup->model() != nullptr; }});
}

/// The only choices are the scheme of today and float.
void BudgetPage::excludeUntil()
{
    BudgetJob::Offer only = m_setup->budget().offer();
    only.bits = {m_setup->recipe().scheme.bits};
    only.keepFloat = true;
    m_setup->budget().setOffer(only);
    m_kind->setCurrentIndex(kError);
    emit wanted();
    showOffer();
    m_limit->setFocus();
    m_limit->selectAll();
}

void BudgetPage::offer()
{
    BudgetJob::Offer wanted;
    wanted.format = findExportFormat(m_format->currentData().toString().toStdString());
    wanted.bits.clear();
    for (const QAction *action : std::as_const(m_bitChoices))
        if (action->isChecked())
            wanted.bits.push_back(action->data().toInt());
    wanted.keepFloat = m_keepFloat->isChecked();
    // Without any bits there is nothing to choose from.
    if (!wanted.bits.empty())
        m_setup->budget().setOffer(wanted);
    showOffer();
}

void BudgetPage::showOffer()
{
    const BudgetJob::Offer &offer = m_setup->budget().offer();
    m_format->setCurrentIndex(m_format->findData(text::fromView(offer.format->name)));
    QStringList names;
    for (QAction *action : std::as_const(m_bitChoices)) {
        const bool isOffered = std::ranges::find(offer.bits, action->data().toInt()) != offer.bits.end();
        action->setChecked(isOffered);
        if (isOffered)
            names << QString::number(action->data().toInt());
    }
    m_keepFloat->setChecked(offer.keepFloat);
    const QString bits = tr("%1 bits").arg(text::listed(names));
    m_bits->setText(offer.keepFloat ? tr("%1, or float").arg(bits) : bits);
}

void BudgetPage::showKind()
{
    const QString examples[] = {tr("2.1 MiB, or 300000 bytes"), QStringLiteral("4.5"), QStringLiteral("1 %")};
    m_limit->setPlaceholderText(examples[m_kind->currentIndex()]);
    m_wrong.clear();
    showState();
}

void BudgetPage::find()
{
    if (!m_find->isEnabled())
        return;
    const auto budget = budgetOf(m_kind->currentIndex(), m_limit->text());
    m_wrong =
        budget ? QString() : tr("“%1” is no limit. Expected: %2.").arg(m_limit->text(), m_limit->placeholderText());
    if (budget)
        m_setup->budget().find(*budget);
    showState();
}

void BudgetPage::refresh(Changes changes)
{
    BudgetJob &job = m_setup->budget();
    job.update();
    if (changes & Change::Model) {
        auto *items = qobject_cast<QStandardItemModel *>(m_format->model());
        for (int i = 0; items && m_setup->model() && i < items->rowCount(); ++i) {
            const ExportFormat &each = *exportFormats()[static_cast<std::size_t>(i)];
            const Text reason = each.whyNot ? each.whyNot(*m_setup->model()) : Text();
            items->item(i)->setEnabled(reason.empty());
            items->item(i)->setToolTip(text::words(reason));
        }
        showOffer();
    }
    BudgetPlot::Points points;
    if (const auto &prepared = job.prepared()) {
        points = {job.frontier(), prepared->uniform(), job.today(), prepared->metric()};
    }
    m_plot->setPoints(std::move(points), job.prepared() && !job.isFinding());
    showState();
}

QString BudgetPage::foundText(const SearchResult &found) const
{
    const bool isOutput = found.metric == SearchMetric::Output;
    const QString error =
        isOutput ? tr("output error %1 measured, %2 predicted")
                       .arg(text::percent(found.found.measured, found.found.measured == 0.0),
                            text::percent(found.found.predicted, found.found.predicted == 0))
                 : tr("weight error %1").arg(text::percent(found.found.predicted, found.found.predicted == 0));
    const QString what = tr("Found: %1, %2 bits per weight, %3.")
                             .arg(text::exactBytes(found.found.bytes), text::number(found.bitsPerWeight, 3), error);
    return found.stoppedByTime ? tr("%1 It was stopped with the best so far.").arg(what) : what;
}

void BudgetPage::showState()
{
    const BudgetJob &job = m_setup->budget();
    const bool isBusy = job.isMeasuring() || job.isFinding();
    m_progress->setVisible(isBusy);
    m_progress->setValue(static_cast<int>(job.progress() * kProgressSteps));
    m_stop->setVisible(isBusy || job.wasStopped());
    m_stop->setText(isBusy ? tr("Stop") : tr("Measure"));
    m_find->setEnabled(job.prepared() && !isBusy && !m_limit->text().trimmed().isEmpty());
    QStringList lines;
    if (!m_wrong.isEmpty())
        lines << m_wrong;
    else if (m_limit->text().trimmed().isEmpty() && job.prepared() && !isBusy && !job.found())
        lines << tr("Type a limit, such as %1, and press Enter to find the best recipe within it.")
                     .arg(m_limit->placeholderText());
    m_find->setToolTip(m_find->isEnabled()                   ? tr("Find the best recipe within the limit")
                       : m_limit->text().trimmed().isEmpty() ? tr("Type a limit first")
                                                             : tr("The choices are still being measured"));
    const QString problem = job.wasStopped() ? tr("It was stopped.") : text::sentence(job.problem());
    if (!problem.isEmpty())
        lines << problem;
    if (job.found())
        lines << foundText(*job.found());
    if (const auto &prepared = job.prepared()) {
        const std::size_t all = m_setup->model()->layers.size();
        const std::size_t fixed = all - std::min(all, prepared->freeLayers());
        if (fixed > 0)
            lines << tr("%n layers stay as they are.", nullptr, text::plural(fixed));
        for (const Text &warning : prepared->warnings())
            lines << text::sentence(warning);
    }
    m_state->setText(lines.join(QLatin1Char(' ')));
    m_state->setVisible(!lines.isEmpty());
    m_plot->setEmptyMessage(job.isMeasuring()    ? tr("Measuring what each choice costs …")
                            : !problem.isEmpty() ? problem
                                                 : tr("Nothing has been measured yet."));
}

} // namespace qs::ui
