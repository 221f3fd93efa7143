// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors that hold equal values under several names although the file has them several times: candidates for ties.
#pragma once

#include "core/base/task_context.h"
#include "core/model/model.h"

namespace qs {

/// Groups of tensor indices.
using EqualTensors = std::vector<std::vector<std::size_t>>;

/// Weights of two or more axes with equal type, shape and bytes, each group in natural order of the names. Reads every
/// weight that another one could be equal to, so it is done on request only. Tensors that are ties already, samples,
/// codes with their parts, and tensors of one value throughout are none.
Result<EqualTensors> findEqualTensors(const Model &model, const TaskContext &context);

/// Adds the ties of a recipe (tensor → another one with equal values) to Model::aliases; names that the model does not
/// have are left alone. True when there is a new one: the layers have to be listed again. Error{Usage} for tensors that
/// differ in type, shape or values, or hold codes.
Result<bool> addTies(Model &model, const std::map<std::string, std::string> &ties, const TaskContext &context);

} // namespace qs
