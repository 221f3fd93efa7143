// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// From the records of a pickle to tensors with a place in the file (FORMATS.md §3.6.4).
#pragma once

#include "core/formats/torch/state_dict.h"
#include "core/formats/torch/storages.h"
#include "core/model/model.h"

#include <functional>
#include <map>

namespace qs {
class InputFile;
}

namespace qs::torch {

/// What the reader of a file lends.
struct Parts {
    bool bigEndian = false;
    const InputFile &file; ///< file 0
    /// Puts bytes into a file of their own: scales that stand in the pickle.
    std::function<Result<Record>(std::span<const std::byte>)> store;
};

/// Adds the tensors to the model: type, shape, strides, place. Weights that are the same memory become aliases,
/// sparse and other tensors without plain values are listed with the reason, quantized ones get their scales beside
/// them. `records` has a place for each storage key. Error{Input} with the tensor, its byte in the pickle, the value
/// and the limit.
Result<void> addTensors(const pickle::Content &content, const StateDict &dict, const Storages &storages,
                        const std::map<std::string_view, Record> &records, const Parts &parts, Model &model,
                        const std::string &where, const TaskContext &context);

} // namespace qs::torch
