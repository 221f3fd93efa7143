// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the tensors of a pickle and gives them names: state dicts, checkpoints, whole modules, TorchScript.
#pragma once

#include "core/parse/pickle.h"

namespace qs::torch {

/// A tensor under its dotted name; empty when the file is this tensor.
struct NamedTensor {
    std::string name;
    pickle::Index value = pickle::kNone;
};

struct StateDict {
    std::vector<NamedTensor> tensors; ///< in the order of the file
    std::string key;                  ///< where in a checkpoint they stand: "state_dict"; empty: at the top
    std::vector<std::string> parts;   ///< keys of the checkpoint that hold tensors, `key` among them
};

/// `key` names the part of a checkpoint that is wanted; empty, or where there is none of that name: the usual one.
/// Error{Input} when values are nested deeper than 1000 levels or names take more than `nameBytes`.
Result<StateDict> findTensors(const pickle::Content &content, std::uint64_t nameBytes, std::string_view key,
                              const std::string &where, const TaskContext &context);

} // namespace qs::torch
