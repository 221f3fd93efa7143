// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of ErrorPlot that turns a report into columns, words and titles.
#include "ui/plots/error_plot.h"

#include "ui/text/format.h"

#include <QAction>

#include <algorithm>

namespace qs::ui {

void ErrorPlot::rebuild()
{
    const Kind kind = report() ? shownErrorKind(*report()) : Kind::Pending;
    if (!report() || (kind != Kind::Pending && kind != m_ghostKind)) { // other numbers: nothing to compare them with
        m_ghost.clear();
        m_grown.reset();
        m_ghostKind = kind;
    }
    m_kind = kind;
    m_columns.clear();
    for (int layer = 0; layer < layerCount(); ++layer)
        m_columns.push_back(columnFor(layer));
    sortColumns();
    m_position.assign(m_columns.size(), 0);
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        m_position[static_cast<std::size_t>(m_columns[i].layer)] = static_cast<int>(i);
    if (std::ranges::any_of(m_columns, [](const Column &column) { return column.state == State::Value; })) {
        const AxisRange now = decades();
        const AxisRange grown = m_grown.value_or(now);
        m_grown = AxisRange{std::min(now.lower, grown.lower), std::max(now.upper, grown.upper)};
    }
    updateTexts();
    refresh();
}

ErrorPlot::Column ErrorPlot::columnFor(int layer) const
{
    Column column;
    column.layer = layer;
    column.word = text::pending();
    const LayerReport *known = layerReport(layer);
    if (!known)
        return column;
    const ShownError shown = shownError(*report(), static_cast<std::size_t>(layer));
    column.state = shown.state;
    column.value = shown.value.value_or(0);
    if (hasOther() && static_cast<std::size_t>(layer) < other()->layers.size()) {
        const ShownError beside = shownError(*other(), static_cast<std::size_t>(layer));
        column.other = beside.value;
        column.otherUpToHere = beside.upToHere;
    }
    column.upToHere = shown.upToHere;
    // An excluded layer adds nothing, but behind the last one stands what the whole network costs.
    const std::vector<std::size_t> &order = report()->outputError.order;
    column.isTotal = m_kind == Kind::Alone && report()->outputError.endsWithLayer && !order.empty() &&
                     order.back() == static_cast<std::size_t>(layer);
    switch (shown.state) {
    case State::Kept:
        column.word = keptWord(*known);
        column.reason = text::words(known->decision.reason);
        break;
    case State::Exact:
        column.word = text::exact();
        break;
    case State::Value:
        column.word.clear();
        break;
    case State::NotAvailable:
        column.word = text::notAvailable();
        column.reason = text::words(shown.reason);
        break;
    case State::Pending:
        break;
    }
    if (!showsError())
        measureInstead(column, *known);
    return column;
}

void ErrorPlot::sortColumns()
{
    if (m_order == Order::LargestFirst) {
        // The fewer decibels, the larger the error.
        const double sign = m_measure == Measure::Sqnr ? -1 : 1;
        const auto key = [sign](const Column &c) {
            const bool known = c.state == State::Value;
            return std::pair(known ? -1 : static_cast<int>(c.state), known ? -sign * c.value : 0.0);
        };
        std::ranges::stable_sort(m_columns, {}, key);
        return;
    }
    if (m_kind != Kind::Alone)
        return;
    // The network's own order first, then what is not part of it.
    std::vector<std::size_t> rank(m_columns.size(), m_columns.size());
    const std::vector<std::size_t> &order = report()->outputError.order;
    for (std::size_t i = 0; i < order.size(); ++i)
        if (order[i] < rank.size())
            rank[order[i]] = i;
    std::ranges::stable_sort(m_columns, {}, [&](const Column &c) { return rank[static_cast<std::size_t>(c.layer)]; });
}

void ErrorPlot::updateTexts()
{
    const OutputErrorReport *output = report() ? &report()->outputError : nullptr;
    setNote({});
    switch (m_kind) {
    case Kind::Pending:
    case Kind::Alone:
        setTitle(tr("Output error"));
        break;
    case Kind::Layer:
        setTitle(tr("Layer output error"));
        break;
    case Kind::Weights:
        setTitle(tr("Weight error"));
        setNote(text::sentence(output->reason));
        break;
    }
    if (auto *action = findChild<QAction *>(QStringLiteral("measure.top1")))
        action->setEnabled(hasClasses() || m_measure == Measure::ChangedTop1);
    if (!showsError()) {
        setTitle(measureName());
        setNote({});
        setSubtitle(m_measure == Measure::ChangedTop1 ? tr("of the network, with each layer alone")
                                                      : tr("of the weights of each layer"));
        return;
    }
    if (other() && !hasOther() && m_kind != Kind::Pending && shownErrorKind(*other()) != Kind::Pending)
        setNote(tr("B is a file, whose weights are compared: see B / A in the table of layers, and the page Compare."));
    if (m_kind == Kind::Weights)
        setSubtitle(tr("of the weights alone: a screening number"));
    else if (output && !output->inputs.empty())
        setSubtitle(tr("against float, %1").arg(text::words(output->inputs)));
    else
        setSubtitle(tr("against float"));
}

QString ErrorPlot::barName() const
{
    if (m_measure == Measure::ChangedTop1)
        return tr("alone");
    if (!showsError())
        return tr("weights");
    switch (m_kind) {
    case Kind::Layer:
        return tr("output of the layer");
    case Kind::Weights:
        return tr("weights");
    default:
        return tr("alone");
    }
}

QString ErrorPlot::message() const
{
    if (!report())
        return layerCount() == 0 ? tr("Open a model to see what each layer's quantization costs.") : text::pending();
    if (layerCount() == 0)
        return tr("This file has no weights that can be quantized.");
    const auto is = [](State state) { return [state](const Column &c) { return c.state == state; }; };
    const auto stored = [](const auto &known) { return known && known->alreadyQuantized; };
    const bool excluded = std::ranges::all_of(m_columns, is(State::Kept));
    if (excluded && std::ranges::any_of(report()->layers, stored))
        return tr("The file holds codes and no float weights to compare them with, so the error is unknown.");
    if (excluded)
        return tr("Nothing is quantized, so there is no error.");
    if (std::ranges::all_of(m_columns, is(State::Pending)))
        return text::pending();
    if (m_measure == Measure::ChangedTop1 && !std::ranges::any_of(m_columns, is(State::Value)))
        return hasClasses() ? tr("The network was not run with each layer alone.")
                            : tr("Known only of a network that is run and gives scores of classes.");
    return {};
}

QString ErrorPlot::summary() const
{
    const Column *largest = nullptr;
    int excluded = 0;
    for (const Column &column : m_columns) {
        excluded += column.state == State::Kept;
        const bool worse =
            largest && (m_measure == Measure::Sqnr ? column.value < largest->value : column.value > largest->value);
        if (column.state == State::Value && (!largest || worse))
            largest = &column;
    }
    if (!largest)
        return tr("%n layers, %1 excluded", nullptr, text::plural(m_columns.size())).arg(excluded);
    return tr("%n layers, largest error %1 %2, %3 excluded", nullptr, text::plural(m_columns.size()))
        .arg(layerName(largest->layer), valueText(largest->value))
        .arg(excluded);
}

PlotTable ErrorPlot::table() const
{
    auto columns = std::make_shared<std::vector<Column>>(m_columns);
    auto names = std::make_shared<QStringList>();
    for (const Column &column : m_columns)
        names->append(layerName(column.layer));
    PlotTable table;
    const QString number = showsError() ? tr("Relative error, %1").arg(barName()) : measureName();
    table.headers = {tr("Layer"), number, tr("State"), tr("Reason")};
    const bool network = showsError() && m_kind == Kind::Alone;
    if (network)
        table.headers.insert(2, tr("Relative error, up to here"));
    if (hasOther())
        table.headers << (showsError() ? tr("Relative error of B") : tr("%1 of B").arg(measureName()));
    table.rows = static_cast<qsizetype>(columns->size());
    table.cell = [columns, names, network](qsizetype row, int column) -> QVariant {
        const Column &at = (*columns)[static_cast<std::size_t>(row)];
        const int field = network || column < 2 ? column : column + 1;
        switch (field) {
        case 0:
            return names->value(row);
        case 1:
            return at.state == State::Value   ? QVariant(at.value)
                   : at.state == State::Exact ? QVariant(0.0)
                                              : QVariant();
        case 2:
            return at.upToHere ? QVariant(*at.upToHere) : QVariant();
        case 3:
            return at.word;
        case 4:
            return at.reason;
        default:
            return at.other ? QVariant(*at.other) : QVariant();
        }
    };
    return table;
}

} // namespace qs::ui
