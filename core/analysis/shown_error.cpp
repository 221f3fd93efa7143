// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/shown_error.h"

#include <algorithm>

namespace qs {

namespace {

/// Weights that are all zero have no relative error, but an error of zero.
std::optional<double> weightError(const Metrics &metrics)
{
    return metrics.exact ? 0.0 : metrics.relativeError;
}

std::optional<double> valueOf(const LayerReport &layer, ShownErrorKind kind)
{
    switch (kind) {
    case ShownErrorKind::Alone:
        return layer.outputError.alone;
    case ShownErrorKind::Layer:
        return layer.outputError.layerOutput;
    case ShownErrorKind::Weights:
        return weightError(layer.metrics);
    case ShownErrorKind::Pending:
        break;
    }
    return std::nullopt;
}

void take(ShownError &shown, std::optional<double> value)
{
    shown.value = value;
    shown.state = *value == 0 ? ShownError::State::Exact : ShownError::State::Value;
}

Text whyNotAvailable(const Report &report, std::size_t layer, ShownErrorKind kind)
{
    const OutputErrorReport &output = report.outputError;
    if (kind != ShownErrorKind::Weights && !output.notAvailable.empty())
        return output.notAvailable;
    if (kind == ShownErrorKind::Alone && !output.reason.empty())
        return output.reason; // why layers were not run alone
    if (kind == ShownErrorKind::Alone && std::ranges::find(output.order, layer) == output.order.end())
        return Text::of("the layer is not part of the network that was run");
    Text all;
    for (const Text &note : report.layers[layer]->notes)
        all = all.empty() ? note : Text::of("{}; {}", all, note);
    return all.empty() ? Text::of("there is nothing to compare the error with") : all;
}

} // namespace

ShownErrorKind shownErrorKind(const Report &report)
{
    switch (report.outputError.kind) {
    case OutputErrorKind::Network:
        return ShownErrorKind::Alone;
    case OutputErrorKind::Layer:
        return ShownErrorKind::Layer;
    case OutputErrorKind::None:
        break;
    }
    // Without a reason nobody has looked yet whether there is a network, or it is running.
    return report.complete || !report.outputError.reason.empty() ? ShownErrorKind::Weights : ShownErrorKind::Pending;
}

ShownError shownError(const Report &report, std::size_t layer)
{
    return shownError(report, layer, shownErrorKind(report));
}

ShownError shownError(const Report &report, std::size_t layer, ShownErrorKind kind)
{
    ShownError shown;
    shown.kind = kind;
    const LayerReport *known = report.layers[layer].get();
    if (!known)
        return shown;
    if (shown.kind == ShownErrorKind::Alone) {
        const OutputErrorReport &output = report.outputError;
        shown.upToHere = known->outputError.upToHere;
        if (!shown.upToHere && output.endsWithLayer && !output.order.empty() && output.order.back() == layer)
            shown.upToHere = output.relativeError;
    }
    if (!known->decision.quantize) {
        shown.state = ShownError::State::Kept;
    } else if (const std::optional<double> value = valueOf(*known, shown.kind)) {
        take(shown, value);
    } else if (report.complete && shown.kind != ShownErrorKind::Pending) {
        shown.state = ShownError::State::NotAvailable;
        shown.reason = whyNotAvailable(report, layer, shown.kind);
    }
    return shown;
}

ShownError totalShownError(const Report &report)
{
    ShownError shown;
    const OutputErrorReport &output = report.outputError;
    const bool network = output.kind == OutputErrorKind::Network;
    shown.kind = network ? ShownErrorKind::Alone : ShownErrorKind::Weights;
    if (report.total.quantized == 0) {
        shown.state = ShownError::State::Kept;
        return shown;
    }
    const std::optional<double> value = !network       ? weightError(report.total.metrics)
                                        : output.exact ? std::optional(0.0)
                                                       : output.relativeError;
    if (value) {
        take(shown, value);
    } else {
        shown.state = ShownError::State::NotAvailable;
        shown.reason = network ? output.notAvailable : Text::of("the weights have no error that is a finite number");
    }
    return shown;
}

bool showsMeanError(const Model &model)
{
    const auto unit = model.metadata.find("quantoscope.error_unit");
    return unit != model.metadata.end() && unit->second == "mean_abs_x1000";
}

std::optional<std::size_t> worstLayer(const Report &report)
{
    const bool network = report.outputError.kind == OutputErrorKind::Network;
    std::optional<std::size_t> worst;
    double largest = -1;
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const LayerReport *layer = report.layers[i].get();
        if (!layer || !layer->decision.quantize)
            continue;
        const double error = (network ? layer->outputError.alone : layer->metrics.relativeError).value_or(-1);
        if (error > largest) {
            largest = error;
            worst = i;
        }
    }
    return worst;
}

} // namespace qs
