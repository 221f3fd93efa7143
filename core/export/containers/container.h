// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Containers: how tensors are laid out in a file.
#pragma once

#include "core/export/payload.h"

#include <map>

namespace qs {

/// A piece of the file that is no tensor.
struct FixedBytes {
    std::uint64_t byteOffset = 0;
    std::string bytes;
};

/// Layout of a whole file: tensors have got their offsets.
struct FileLayout {
    std::vector<OutputTensor> tensors;
    std::vector<FixedBytes> fixed;
    std::uint64_t bytes = 0;
};

/// FORMATS.md §6.1: tensors by type rank, then name; header padded to 8 bytes. Error{Work} for a header above 100 MB.
Result<FileLayout> layoutSafetensors(std::vector<OutputTensor> tensors,
                                     const std::map<std::string, std::string> &metadata);

/// FORMATS.md §6.2: a PyTorch archive with a state dict in order of names. Error{Work} for types it cannot hold.
/// Headers hold a checksum of each payload: finishTorchArchive() fills them in once the payload is written.
Result<FileLayout> layoutTorchArchive(std::vector<OutputTensor> tensors, const std::string &root);
Result<void> finishTorchArchive(const FileLayout &layout, const std::string &root, AtomicFile &file,
                                const TaskContext &context);

} // namespace qs
