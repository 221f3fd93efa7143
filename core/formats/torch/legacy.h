// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch files of the form before archives (FORMATS.md §3.6.5).
#pragma once

#include "core/base/task_context.h"
#include "core/model/model.h"

#include <span>

namespace qs::torch {

/// True when a file that begins with `head` has this form.
bool isLegacy(std::span<const std::byte> head);

/// Lists the tensors of such a file into `model`. Error{Input} with the part, its byte and what was expected.
Result<void> readLegacy(const std::shared_ptr<const InputFile> &file, Model &model, const TaskContext &context);

} // namespace qs::torch
