// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Models, reports and comparisons as text for people.
#pragma once

#include "core/analysis/compare.h"
#include "core/analysis/listed_network.h"
#include "core/analysis/report.h"
#include "core/analysis/screening.h"
#include "core/export/planner.h"
#include "core/layers/equal_tensors.h"

#include <string>
#include <vector>

namespace qs::cli {

/// Name, counts and warnings of a model: what every human output starts with.
std::string modelText(const Model &model);
/// For scripts: path, format, layers, parameters, bytes, codes and structure as "KEY=VALUE", separated by tabs.
std::string summaryLine(const Model &model);
/// Layers with their axis, then the other tensors. `network` of a model that carries a graph; null for others.
std::string listText(const Model &model, std::vector<Decision> decisions, const ListedNetwork *network);
/// Tensors with equal values, and how they are tied.
std::string equalTensorsText(const Model &model, const EqualTensors &groups);
/// One line per layer, totals, output error, size of an export in `format`. With `full` also one line per scale.
std::string reportText(const Model &model, const Report &report, const ExportPlan &plan, std::string_view format,
                       bool full);
/// One line per trouble, or that there is none.
std::string troublesText(const Model &model, const std::vector<Trouble> &troubles);
std::string comparisonText(const Model &reference, const Model &candidate, const Comparison &comparison);

} // namespace qs::cli
