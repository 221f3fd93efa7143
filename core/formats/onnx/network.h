// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The graphs of an ONNX file as a Network, with the calls of functions written out.
#pragma once

#include "core/base/task_context.h"
#include "core/model/model.h"
#include "core/network/network.h"

namespace qs::onnx {

/// Reads the graphs of the model's first file once more; payloads of tensors stay where they are. Error{Input} with the
/// place when a node takes what nothing makes, and beyond the limits of nodes in calls, calls in calls and memory.
Result<Network> makeNetwork(const Model &model, const TaskContext &context);

} // namespace qs::onnx
