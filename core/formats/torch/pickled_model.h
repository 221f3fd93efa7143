// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What both forms of PyTorch files share: a pickle whose storages lie elsewhere in the file.
#pragma once

#include "core/formats/torch/tensors.h"

namespace qs::torch {

/// Bytes of memory that metadata of a file of this size may take: small files must not cost much.
std::uint64_t memoryFor(std::uint64_t fileBytes);

/// Finds the bytes of a storage; the number of bytes that it must have is given.
using FindRecord = std::function<Result<Record>(const Storage &storage, std::uint64_t bytes)>;

/// Lists the tensors of a parsed pickle into the model. A file that is one tensor gives it its name.
Result<void> listTensors(const pickle::Content &content, const FindRecord &findRecord, const Parts &parts,
                         bool isScript, Model &model, const std::string &where, const TaskContext &context);

} // namespace qs::torch
