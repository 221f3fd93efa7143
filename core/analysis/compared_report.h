// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// comparedReport: another model, weight by weight beside the layers of the open one, as a report of these layers.
#pragma once

#include "core/analysis/compare.h"
#include "core/analysis/report.h"

#include <memory>
#include <optional>
#include <vector>

namespace qs {

struct ComparedReport {
    /// One entry per layer of the reference. Matched layers count as quantized, with the errors of the comparison and
    /// the scales that the candidate has for them; the others are kept, with the reason.
    std::shared_ptr<const Report> report;
    /// Of each layer of the reference the candidate's layer; empty where it has none of its own.
    std::vector<std::optional<std::size_t>> layers;
};

/// `comparison` is that of both models, `candidateReport` the analysis of the candidate's own layers. The errors are
/// those of the weights: no network is run (compared_network.h does).
ComparedReport comparedReport(const Model &reference, const Model &candidate, const Comparison &comparison,
                              const Report &candidateReport);

/// Of the pairs of a comparison, the one with the largest relative error first; equal ones and those without an error
/// stay in natural order at the end. Indices into Comparison::tensors.
std::vector<std::size_t> mostAffected(const Comparison &comparison);

} // namespace qs
