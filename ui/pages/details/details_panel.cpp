// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/details/details_panel.h"

#include "core/analysis/layer_difficulty.h"
#include "ui/document/layer_neighbours.h"
#include "ui/document/result_view.h"
#include "ui/document/screening.h"
#include "ui/models/layer_model.h"
#include "ui/models/layer_summary.h"
#include "ui/models/role_names.h"
#include "ui/pages/details/override_field.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"
#include "ui/widgets/field_combo.h"
#include "ui/widgets/wrapped_text.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QLabel>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

/// Characters that two columns of fields need.
constexpr int kWidthForTwo = 50;

QLabel *makeLabel(const char *objectName)
{
    auto *label = new QLabel;
    label->setObjectName(QLatin1String(objectName));
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setWordWrap(true);
    // A word that is wider than the panel is cut, and cuts nothing else off.
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    return label;
}

/// The value that all have, or nothing when they differ.
template <class Range, class Get> std::optional<QVariant> common(const Range &range, Get get)
{
    std::optional<QVariant> result;
    for (const auto &item : range) {
        const QVariant value = get(item);
        if (result && *result != value)
            return std::nullopt;
        result = value;
    }
    return result;
}

} // namespace

PageInfo DetailsPanel::page()
{
    return {.id = QStringLiteral("details"),
            .title = tr("&Selected layer"),
            .tip = tr("Overrides, scales and errors of the selected layer"),
            .place = PagePlace::LeftDock,
            .make = [](const PageContext &context) -> QWidget * {
                return new DetailsPanel(context.setup, context.selection);
            },
            .panes = [](QWidget *page) -> QList<QWidget *> { return {page}; }};
}

DetailsPanel::DetailsPanel(Setup *setup, Selection *selection, QWidget *parent)
    : QScrollArea(parent)
    , m_setup(setup)
    , m_selection(selection)
    , m_empty(makeLabel("secondary"))
    , m_content(new QWidget)
    , m_name(new WrappedText(true))
    , m_about(makeLabel("secondary"))
    , m_state(makeLabel("secondary"))
    , m_axis(new OverrideField(tr("Axis"), tr("Which axis of the tensor counts the output channels"), tr("From file"),
                               tr("Back to the file's axis")))
    , m_role(new OverrideField(tr("Role"), tr("What the tensor is: whether anything multiplies by it, and how"),
                               tr("From its name"), tr("Back to what its name says")))
    , m_axisReason(makeLabel("secondary"))
    , m_roleReason(makeLabel("secondary"))
    , m_why(makeLabel("whyHard"))
    , m_layerValues(new ValueRows)
    , m_note(makeLabel("secondary"))
    , m_channelHead(makeLabel("panelTitle"))
    , m_channelValues(new ValueRows)
{
    m_layerValues->setObjectName(QStringLiteral("layerValues"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *page = new QWidget;
    page->setBackgroundRole(QPalette::Base);
    page->setAutoFillBackground(true);
    auto *outer = new QVBoxLayout(page);
    outer->setContentsMargins(12, 10, 12, 10);
    m_empty->setText(tr("Select a layer to see its scales and errors."));
    m_empty->setAlignment(Qt::AlignCenter);
    outer->addWidget(m_empty);
    outer->addWidget(m_content);
    outer->addStretch();

    auto *layout = new QVBoxLayout(m_content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_name->setObjectName(QStringLiteral("panelTitle"));
    m_name->setAccessibleName(tr("Selected layer"));
    // Nothing to do there: the first stop of the Tab key is the first field.
    m_name->setFocusPolicy(Qt::ClickFocus);
    layout->addWidget(m_name);
    layout->addWidget(m_about);
    layout->addWidget(m_state);
    buildFields();
    layout->addWidget(m_axisReason);
    m_roleReason->setProperty("explains", QStringLiteral("layer.role"));
    layout->addWidget(m_roleReason);
    layout->addSpacing(4);
    layout->addWidget(m_why);
    layout->addWidget(m_layerValues);
    layout->addWidget(m_note);
    layout->addWidget(m_channelHead);
    layout->addWidget(m_channelValues);
    setWidget(page);
    setFocusProxy(field(SchemeField::Mode)->combo());

    auto *view = new ResultView(this, [this](Changes) { refresh(); });
    // A refused choice must not stay on display.
    view->follow(setup, Change::Model | Change::Recipe | Change::Results | Change::Refused | Change::Preview);
    view->follow(selection);
    connect(&Screening::of(*setup), &Screening::changed, view, [view] { view->add(Change::Results); });
    connect(&LayerNeighbours::of(*setup), &LayerNeighbours::changed, view, [view] { view->add(Change::Results); });
    refresh();
}

QSize DetailsPanel::sizeHint() const
{
    return {380, 340};
}

void DetailsPanel::buildFields()
{
    // A class looks at the values; all layers' scheme stands above.
    auto *fields = new QWidget;
    fields->setProperty("deskOnly", true);
    m_grid = new QGridLayout(fields);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(6);
    m_grid->setVerticalSpacing(3);
    m_grid->setColumnStretch(1, 1);
    for (const SchemeField which :
         {SchemeField::Mode, SchemeField::Bits, SchemeField::Scales, SchemeField::Range, SchemeField::CodeRange}) {
        auto *widget =
            new OverrideField(fieldName(which), fieldHelp(which), tr("From scheme"), tr("Back to the scheme"));
        for (const SchemeChoice &choice : fieldChoices(which))
            widget->addChoice(choice.name, choice.value);
        widget->setProperty("explains", fieldExplanation(which));
        m_fields.append({which, widget});
        connect(widget, &OverrideField::changed, this, [this, which](const QVariant &value, int gesture) {
            changeOverrides(
                *m_setup, selectedLayers(), [which, value](SchemePatch &patch) { setFieldValue(patch, which, value); },
                gesture);
        });
    }
    connect(m_axis, &OverrideField::changed, this, [this](const QVariant &value) {
        changeAxis(*m_setup, selectedLayers(), value.isValid() ? std::optional(value.toInt()) : std::nullopt);
    });
    for (const Role role : roleChoices())
        m_role->addChoice(roleName(role), roleNumber(role));
    connect(m_role, &OverrideField::changed, this, [this](const QVariant &value) {
        std::vector<std::size_t> tensors;
        for (const std::size_t layer : selectedLayers())
            tensors.push_back(m_setup->model()->layers[layer].tensor);
        changeRole(*m_setup, tensors, value.isValid() ? std::optional(roleOfNumber(value.toInt())) : std::nullopt);
    });
    m_content->layout()->addWidget(fields);
    arrangeFields();
}

void DetailsPanel::arrangeFields()
{
    const int columns = width() >= fontMetrics().averageCharWidth() * kWidthForTwo ? 2 : 1;
    if (columns == std::exchange(m_fieldColumns, columns))
        return;
    QList<OverrideField *> widgets;
    for (const Field &entry : std::as_const(m_fields))
        widgets << entry.widget;
    widgets << m_axis << m_role;
    m_grid->setColumnStretch(3, columns == 2 ? 1 : 0);
    for (int i = 0; i < widgets.size(); ++i) {
        for (QWidget *widget : {static_cast<QWidget *>(widgets[i]->label()), static_cast<QWidget *>(widgets[i])})
            m_grid->removeWidget(widget);
        m_grid->addWidget(widgets[i]->label(), i / columns, i % columns * 2);
        m_grid->addWidget(widgets[i], i / columns, i % columns * 2 + 1);
    }
}

void DetailsPanel::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    arrangeFields();
}

OverrideField *DetailsPanel::field(SchemeField which) const
{
    for (const Field &entry : m_fields)
        if (entry.field == which)
            return entry.widget;
    return nullptr;
}

LayerIndices DetailsPanel::selectedLayers() const
{
    LayerIndices layers;
    for (const int layer : m_selection->layers())
        layers.push_back(static_cast<std::size_t>(layer));
    return layers;
}

void DetailsPanel::refresh()
{
    const LayerIndices layers = selectedLayers();
    // While another model comes in, the selection may still be that of the old one.
    const bool any = m_setup->model() && !layers.empty() &&
                     std::ranges::all_of(layers, [this](auto i) { return i < m_setup->model()->layers.size(); });
    m_empty->setVisible(!any);
    m_content->setVisible(any);
    if (!any)
        return;
    showHead(layers);
    showOverrides(layers);
    showAxis(layers);
    showRole(layers);
    if (layers.size() == 1) {
        showLayer(layers.front());
        return;
    }
    m_layerValues->setRows({});
    m_channelValues->setRows({});
    m_channelHead->hide();
    m_note->hide();
    m_why->hide();
}

void DetailsPanel::showHead(const LayerIndices &layers)
{
    const Model &model = *m_setup->model();
    const std::size_t kept = static_cast<std::size_t>(
        std::ranges::count_if(layers, [this](std::size_t layer) { return !m_setup->isShownQuantized(layer); }));
    if (layers.size() > 1) {
        m_name->setPlainText(tr("%n layers", nullptr, text::plural(layers.size())));
        m_about->setText(tr("A change applies to all of them."));
        m_state->setText(tr("%1 quantized, %2 kept as they are").arg(layers.size() - kept).arg(kept));
        m_state->show();
        return;
    }
    const Layer &layer = model.layers[layers.front()];
    const TensorInfo &tensor = model.tensorOf(layer);
    m_name->setPlainText(text::oneLine(layer.module));
    m_about->setText(
        layerSummary(model, m_setup->chain(), layers.front(), m_setup->decision(layers.front()).channelAxis));
    if (m_setup->isKeptByFile(layers.front()))
        m_state->setText(
            tr("The file that is about to be written keeps it as %1: %2")
                .arg(floatTypeName(tensor), Setup::reasonOf(m_setup->preview()->plan.decisions[layers.front()])));
    else if (layer.stored && !isDamaged(*m_setup, layers.front()))
        m_state->setText(tr("Quantized in the file: %1").arg(text::words(layer.stored->scheme.summary())));
    else
        m_state->setText(tr("Kept as %1: %2").arg(floatTypeName(tensor), m_setup->keptReason(layers.front())));
    m_state->setVisible(kept > 0);
}

/// Each scheme once, of however many layers.
std::vector<Scheme> DetailsPanel::schemesOf(const LayerIndices &layers) const
{
    std::vector<Scheme> schemes;
    for (const std::size_t layer : layers)
        if (const Scheme &scheme = m_setup->decision(layer).scheme; std::ranges::find(schemes, scheme) == schemes.end())
            schemes.push_back(scheme);
    return schemes;
}

void DetailsPanel::showOverrides(const LayerIndices &layers)
{
    std::vector<SchemePatch> patches;
    for (const std::size_t layer : layers)
        patches.push_back(overridesOf(m_setup->recipe(), m_setup->model()->layers[layer]));
    const bool can = std::ranges::any_of(layers, [this](std::size_t layer) { return m_setup->canQuantize(layer); });
    const std::vector<Scheme> schemes = schemesOf(layers);
    for (const Field &entry : std::as_const(m_fields)) {
        for (const SchemeChoice &choice : fieldChoices(entry.field))
            entry.widget->combo()->setProblem(choice.value, fieldProblem(schemes, entry.field, choice.value));
        const auto value = common(patches, [&](const SchemePatch &patch) { return fieldValue(patch, entry.field); });
        entry.widget->showValue(value, value ? fieldValueName(entry.field, *value) : QString());
        const auto holding = common(schemes, [&](const Scheme &scheme) { return fieldValue(scheme, entry.field); });
        entry.widget->combo()->setHolding(holding ? fieldValueName(entry.field, *holding) : QString());
        entry.widget->setEnabled(can);
    }
    // A narrow code range exists for symmetric codes only.
    const bool symmetric = std::ranges::any_of(
        layers, [this](std::size_t layer) { return m_setup->decision(layer).scheme.mode == Mode::Symmetric; });
    field(SchemeField::CodeRange)->setEnabled(can && symmetric);
}

void DetailsPanel::showAxis(const LayerIndices &layers)
{
    const Model &model = *m_setup->model();
    const auto rank = common(layers, [&](std::size_t layer) {
        return QVariant(static_cast<int>(model.tensorOf(model.layers[layer]).shape.size()));
    });
    m_axis->clearChoices();
    const TensorInfo &tensor = model.tensorOf(model.layers[layers.front()]);
    for (int axis = 0; rank && axis < rank->toInt(); ++axis)
        m_axis->addChoice(layers.size() == 1
                              ? tr("Axis %1: %2 channels").arg(axis).arg(matrixShape(tensor, axis).channels)
                              : tr("Axis %1").arg(axis),
                          axis);
    const auto value = common(layers, [&](std::size_t layer) {
        const Rule *own = ownRule(m_setup->recipe(), model.layers[layer]);
        return own && own->axis ? QVariant(*own->axis) : QVariant();
    });
    m_axis->showValue(value, value ? value->toString() : QString());
    const bool any = std::ranges::any_of(layers, [this](std::size_t layer) { return !m_setup->isStored(layer); });
    m_axis->setEnabled(rank && any);
    showAxisReason(layers);
}

void DetailsPanel::showRole(const LayerIndices &layers)
{
    const Model &model = *m_setup->model();
    const auto value = common(layers, [&](std::size_t layer) {
        const Rule *own = ownRule(m_setup->recipe(), model.layers[layer]);
        return own && own->role ? QVariant(roleNumber(*own->role)) : QVariant();
    });
    m_role->showValue(value, value && value->isValid() ? roleName(roleOfNumber(value->toInt())) : QString());
    const auto holding = common(
        layers, [&](std::size_t layer) { return QVariant(roleNumber(model.roleOf(model.layers[layer].tensor).role)); });
    m_role->combo()->setHolding(holding ? roleName(roleOfNumber(holding->toInt())) : QString());
    const bool any = std::ranges::any_of(layers, [this](std::size_t layer) { return !m_setup->isStored(layer); });
    m_role->setEnabled(any);
    m_roleReason->setVisible(layers.size() == 1);
    if (layers.size() == 1)
        m_roleReason->setText(tr("Role: %1, because: %2")
                                  .arg(roleName(model.roleOf(model.layers[layers.front()].tensor).role),
                                       text::words(model.roleReason(model.layers[layers.front()].tensor))));
}

void DetailsPanel::showAxisReason(const LayerIndices &layers)
{
    m_axisReason->setVisible(layers.size() == 1);
    if (layers.size() != 1)
        return;
    const Layer &layer = m_setup->model()->layers[layers.front()];
    const Decision &decision = m_setup->decision(layers.front());
    const QString found = text::oneLine(layer.channelAxisReason);
    if (decision.channelAxis == layer.channelAxis)
        m_axisReason->setText(tr("Axis %1 counts the output channels: %2.").arg(decision.channelAxis).arg(found));
    else
        m_axisReason->setText(tr("Axis %1 counts the output channels, as the recipe says; axis %2 by the file: %3.")
                                  .arg(decision.channelAxis)
                                  .arg(layer.channelAxis)
                                  .arg(found));
}

void DetailsPanel::showLayer(std::size_t layer)
{
    const LayerReport *report = m_setup->shownReport()->layers[layer].get();
    m_layerValues->setRows(
        tieRows(layer) +
        (report ? scaleRows(*report) + errorRows(layer, *report) + matrixRows(layer, *report) : QList<ValueRow>()));
    QStringList reasons;
    if (report)
        for (const Difficulty &difficulty : difficultiesOf(*report))
            reasons << text::sentence(difficulty.sentence);
    m_why->setText(reasons.join(QLatin1Char('\n')));
    m_why->setVisible(!reasons.isEmpty());
    QStringList notes;
    if (report && report->matrix.channels == 1)
        notes << tr("One channel: one scale per channel and one scale for the whole layer are the same.");
    if (const QString hint = report && m_setup->isShownQuantized(layer)
                                 ? percentileHint(*m_setup->shownScheme(layer), report->matrix)
                                 : QString();
        !hint.isEmpty())
        notes << hint;
    for (std::size_t i = 0; report && i < report->notes.size(); ++i)
        notes << text::words(report->notes[i]);
    notes << Screening::of(*m_setup).sentencesOf(layer);
    m_note->setText(notes.join(QLatin1Char('\n')));
    m_note->setVisible(!notes.isEmpty());
    showChannel(report);
}

} // namespace qs::ui
