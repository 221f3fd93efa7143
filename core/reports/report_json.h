// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reports, comparisons and lists of layers as JSON (CLI.md).
#pragma once

#include "core/analysis/compare.h"
#include "core/analysis/listed_network.h"
#include "core/analysis/report.h"
#include "core/analysis/screening.h"
#include "core/export/planner.h"
#include "core/layers/equal_tensors.h"

#include <functional>
#include <string>
#include <string_view>

namespace qs {

struct JsonOptions {
    bool full = false;                ///< scales and zero points per channel
    const ExportPlan *plan = nullptr; ///< fills total.export_bytes; a size of 0 is told as null
    std::string_view planFormat;
    const std::vector<Trouble> *troubles = nullptr; ///< what screening has found; null: nobody looked
    std::string output;                             ///< quantize: path of the written file, empty otherwise
};

/// Takes a text in pieces, in order.
using TextSink = std::function<void(std::string_view piece)>;

// A model may have a million layers: only one of them is JSON in memory at a time.

/// `network` of a model that carries a graph; null for others. `equal` when somebody asked for it.
void writeListJson(const Model &model, const std::vector<Decision> &decisions, const ListedNetwork *network,
                   const TextSink &sink, const EqualTensors *equal = nullptr);
void writeReportJson(const Model &model, const Report &report, const JsonOptions &options, const TextSink &sink);
// The whole text.
std::string listJson(const Model &model, const std::vector<Decision> &decisions, const ListedNetwork *network);
std::string reportJson(const Model &model, const Report &report, const JsonOptions &options);
void writeComparisonJson(const Model &reference, const Model &candidate, const Comparison &comparison,
                         const TextSink &sink);
std::string comparisonJson(const Model &reference, const Model &candidate, const Comparison &comparison);

} // namespace qs
