// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of ErrorPlot that chooses what the bars show, and in which order.
#include "ui/plots/error_plot.h"

#include "ui/text/format.h"

#include <QAction>
#include <QActionGroup>

namespace qs::ui {

void ErrorPlot::addMenu()
{
    const auto add = [this](QActionGroup *group, const QString &name, const char *id, bool checked, auto work) {
        QAction *action = group->addAction(name);
        action->setObjectName(QLatin1String(id));
        action->setCheckable(true);
        action->setChecked(checked);
        addToolsAction(action);
        connect(action, &QAction::triggered, this, work);
    };
    auto *orders = new QActionGroup(this);
    const auto order = [&](const QString &name, const char *id, Order which) {
        add(orders, name, id, which == m_order, [this, which] { setOrder(which); });
    };
    order(tr("In the order of the network"), "order.network", Order::Network);
    order(tr("Largest error first"), "order.largest", Order::LargestFirst);
    auto *separator = new QAction(this);
    separator->setSeparator(true);
    addToolsAction(separator);
    auto *measures = new QActionGroup(this);
    const auto measure = [&](const QString &name, const char *id, Measure which) {
        add(measures, name, id, which == m_measure, [this, which] { setMeasure(which); });
    };
    measure(tr("Error of outputs, or of weights"), "measure.error", Measure::Error);
    measure(tr("Relative error of weights"), "measure.weights", Measure::WeightError);
    measure(tr("SQNR of weights"), "measure.sqnr", Measure::Sqnr);
    measure(tr("Largest error of a weight"), "measure.largest", Measure::LargestError);
    measure(tr("1 − cosine of weights"), "measure.cosine", Measure::OneMinusCosine);
    measure(tr("Changed top-1 answers, each layer alone"), "measure.top1", Measure::ChangedTop1);
}

void ErrorPlot::setOrder(Order order)
{
    if (m_order == order)
        return;
    m_order = order;
    const QString id = order == Order::Network ? QStringLiteral("order.network") : QStringLiteral("order.largest");
    if (auto *action = findChild<QAction *>(id))
        action->setChecked(true);
    rebuild();
}

void ErrorPlot::setMeasure(Measure measure)
{
    if (m_measure == measure)
        return;
    m_measure = measure;
    // Numbers of another kind: nothing to compare them with, and no axis to keep.
    m_ghost.clear();
    m_grown.reset();
    setLogarithmic(canBeLogarithmic());
    rebuild();
    resetZoom();
}

std::optional<double> ErrorPlot::measured(const LayerReport &known) const
{
    const Metrics &metrics = known.metrics;
    switch (m_measure) {
    case Measure::WeightError:
        return metrics.relativeError;
    case Measure::Sqnr:
        return metrics.sqnrDb;
    case Measure::LargestError:
        return metrics.maxAbsError;
    case Measure::OneMinusCosine:
        return metrics.oneMinusCosine;
    case Measure::ChangedTop1:
        return known.outputError.top1Changed;
    case Measure::Error:
        break;
    }
    return std::nullopt;
}

void ErrorPlot::measureInstead(Column &column, const LayerReport &known) const
{
    column.upToHere.reset();
    column.otherUpToHere.reset();
    column.other.reset();
    column.isTotal = false;
    if (other() && static_cast<std::size_t>(column.layer) < other()->layers.size())
        if (const auto &beside = other()->layers[static_cast<std::size_t>(column.layer)])
            column.other = measured(*beside);
    if (column.state == State::Kept)
        return;
    const auto value = measured(known);
    column.reason.clear();
    column.word.clear();
    column.value = value.value_or(0);
    column.state = State::Value;
    if (m_measure == Measure::ChangedTop1) {
        // No changed answer is a number like any other, and says nothing of the outputs themselves.
        if (!value) {
            column.state = hasClasses() && !report()->outputError.onRequest && !report()->complete
                               ? State::Pending
                               : State::NotAvailable;
            column.word = column.state == State::Pending ? text::pending() : text::notAvailable();
        }
        return;
    }
    if (known.metrics.exact || (value && *value == 0 && m_measure != Measure::Sqnr)) {
        column.state = State::Exact;
        column.word = text::exact();
    } else if (!value) {
        column.state = State::NotAvailable;
        column.word = text::notAvailable();
    }
}

double ErrorPlot::factor() const
{
    const bool isShare =
        m_measure == Measure::Error || m_measure == Measure::WeightError || m_measure == Measure::ChangedTop1;
    return isShare ? 100 : 1;
}

QString ErrorPlot::valueText(double value) const
{
    if (factor() != 1)
        return text::percent(value);
    return m_measure == Measure::Sqnr ? text::decibel(value) : text::number(value, kResultDigits);
}

QString ErrorPlot::measureName() const
{
    switch (m_measure) {
    case Measure::Error:
        break;
    case Measure::WeightError:
        return tr("Weight error");
    case Measure::Sqnr:
        return tr("Weight SQNR");
    case Measure::LargestError:
        return tr("Largest error of a weight");
    case Measure::OneMinusCosine:
        return tr("1 − cosine of weights");
    case Measure::ChangedTop1:
        return tr("Changed top-1 answers");
    }
    return tr("Output error");
}

PlotAxes ErrorPlot::axes() const
{
    switch (m_measure) {
    case Measure::Sqnr:
        return {tr("layers"), tr("SQNR of weights, dB"), false};
    case Measure::LargestError:
        return {tr("layers"), tr("largest |y − x|"), false};
    case Measure::OneMinusCosine:
        return {tr("layers"), tr("1 − cosine"), false};
    case Measure::ChangedTop1:
        return {tr("layers"), tr("answers that change"), false};
    default:
        return {tr("layers"), tr("relative error"), false};
    }
}

} // namespace qs::ui
