// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch files that are archives (FORMATS.md §3.6.1).
#pragma once

#include "core/base/task_context.h"
#include "core/model/model.h"

namespace qs::torch {

/// Lists the tensors of an archive into `model`. Error{Input} with the entry, its byte and what was expected.
Result<void> readArchive(const std::shared_ptr<const InputFile> &file, Model &model, const TaskContext &context);

} // namespace qs::torch
