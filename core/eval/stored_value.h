// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Values that stand in the file: tensors of the model and constants of the network.
#pragma once

#include "core/base/task_context.h"
#include "core/eval/value.h"
#include "core/model/model.h"
#include "core/network/network.h"

namespace qs {

/// A tensor of the model as floats or integers, of its own shape. Error{Work} for strings and encodings without values;
/// errors as InputFile::read().
Result<ValuePtr> tensorValue(const Model &model, std::size_t tensor, MemoryBudget &budget, const TaskContext &context);

/// A constant of a network. Error{Work} for strings.
Result<ValuePtr> constantValue(const NetworkConstant &constant, MemoryBudget &budget);

} // namespace qs
