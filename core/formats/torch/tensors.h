// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// From the records of a pickle to tensors with a place in the file (FORMATS.md §3.6.4).
#pragma once

#include "core/formats/torch/globals.h"
#include "core/formats/torch/state_dict.h"
#include "core/model/model.h"

#include <functional>
#include <map>

namespace qs::torch {

/// What a persistent id says of a storage.
struct Storage {
    std::string_view key;
    StorageType type;
    std::uint64_t count = 0;    ///< elements; bytes when the type does not say which
    std::uint64_t offset = 0;   ///< of a view into it, in elements
    std::uint64_t position = 0; ///< byte of its id, for messages

    std::uint64_t elementBytes() const { return type.element ? type.element->bytes() : 1; }
};

/// Where the bytes of a storage are.
struct Record {
    std::size_t file = 0; ///< index into Model::files
    std::uint64_t byteOffset = 0;
    std::uint64_t byteSize = 0;
};

/// What the reader of a file lends.
struct Parts {
    bool bigEndian = false;
    std::span<const std::byte> bytes; ///< of file 0
    /// Puts bytes into a file of their own: scales that stand in the pickle.
    std::function<Result<Record>(std::span<const std::byte>)> store;
};

/// All storages that the pickle names, by the value that stands for them.
using Storages = std::map<pickle::Index, Storage>;

/// Error{Input} when an id is none of a storage, its type is unknown, its size makes no sense, or one storage is said
/// to have two types. Ids of the source code of modules are passed over.
Result<Storages> readStorages(const pickle::Content &content, const std::string &where);

/// Adds the tensors to the model: type, shape, strides, place. Weights that are the same memory become aliases,
/// sparse and other tensors without plain values are listed with the reason, quantized ones get their scales beside
/// them. `records` has a place for each storage key. Error{Input} with the tensor, its byte in the pickle, the value
/// and the limit.
Result<void> addTensors(const pickle::Content &content, const StateDict &dict, const Storages &storages,
                        const std::map<std::string_view, Record> &records, const Parts &parts, Model &model,
                        const std::string &where, const TaskContext &context);

} // namespace qs::torch
