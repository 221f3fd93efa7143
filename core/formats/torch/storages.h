// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The storages that the pickle of a PyTorch file names (FORMATS.md §3.6.4).
#pragma once

#include "core/base/result.h"
#include "core/formats/torch/globals.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

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

/// All storages that the pickle names, by the value that stands for them.
using Storages = std::map<pickle::Index, Storage>;

/// Error{Input} when an id is none of a storage, its type is unknown, its size makes no sense, or one storage is said
/// to have two types. Ids of the source code of modules are passed over.
Result<Storages> readStorages(const pickle::Content &content, const std::string &where);

} // namespace qs::torch
