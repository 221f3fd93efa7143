// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Errors of layers as node data for Google's Model Explorer, which colours the nodes of its graph by them.
#pragma once

#include "core/analysis/report.h"
#include "core/base/task_context.h"
#include "core/model/model.h"

#include <optional>
#include <string>

namespace qs {

/// JSON of one graph (GraphNodeData of model_explorer's node_data_builder): `results` by the name of what the node of a
/// layer gives out, with the shown error of that layer as a share (0…), and a gradient from none to the largest.
/// Quantized layers that have an error only. Error{Work} when the model has no graph whose nodes could be named.
Result<std::string> nodeDataJson(const Model &model, const Report &report, std::optional<Activation> activation,
                                 const TaskContext &context);

} // namespace qs
