// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// shownError: the one error of a layer, and of a model, that people are shown.
#pragma once

#include "core/analysis/report.h"
#include "core/base/text.h"

#include <optional>
#include <string>

namespace qs {

/// Which error a report shows: the best one that is known.
enum class ShownErrorKind : std::uint8_t {
    Pending, ///< nobody knows yet whether a network will be run
    Alone,   ///< of the network's output when only this layer is quantized; the total: when all of them are
    Layer,   ///< of the layer's own output for given inputs
    Weights, ///< of the weights: a screening number
};

struct ShownError {
    enum class State : std::uint8_t {
        Pending,      ///< not known yet
        Kept,         ///< not quantized, so there is no error; the decision says why
        Exact,        ///< the error is zero
        Value,        ///< `value` says it
        NotAvailable, ///< there is none, `reason` says why
    };
    ShownErrorKind kind = ShownErrorKind::Pending;
    State state = State::Pending;
    std::optional<double> value; ///< relative, 0…; for Exact (0) and Value
    /// Only with a network: of this layer's output when all layers up to it are quantized. Behind the last layer it is
    /// that of the whole network, also where that layer is kept.
    std::optional<double> upToHere;
    Text reason; ///< for NotAvailable
};

/// The kind of all layers alike. A report that is not complete says none (Pending) until it is decided whether a
/// network runs, so that a number of another kind does not stand there in the meantime.
ShownErrorKind shownErrorKind(const Report &report);

/// The error of `report.layers[layer]`; Pending while that is null.
ShownError shownError(const Report &report, std::size_t layer);

/// The error of that kind, whatever the report shows: for comparisons of reports of two kinds.
ShownError shownError(const Report &report, std::size_t layer, ShownErrorKind kind);

/// The error of the whole model: of the network's output (Alone), else of all weights (Weights, see
/// ReportTotal::metrics). Kept when nothing is quantized.
ShownError totalShownError(const Report &report);

/// Whether the file asks for its output error as 1000 · mean |y − ŷ|, beside the relative one: metadata
/// `quantoscope.error_unit`.
bool showsMeanError(const Model &model);

/// The layer with the largest error alone, or without a network with the largest relative error of its weights, which
/// may be zero; empty when no layer has one.
std::optional<std::size_t> worstLayer(const Report &report);

} // namespace qs
