// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reader of llama.cpp's importance files ("imatrix"): GGUF with the type "imatrix", and the older binary form.
#pragma once

#include "core/base/task_context.h"
#include "core/layers/importance.h"

#include <filesystem>
#include <memory>

namespace qs {

/// GGUF: tensors "NAME.in_sum2" [matrices, inputs], sums of squares, and "NAME.counts" [matrices, 1], how many rows
/// were summed. Older form, little-endian: i32 entries; for each i32 length, name, i32 calls, i32 numbers, f32 numbers,
/// which divided by the calls are means; what follows is optional. Matrices of experts that saw nothing count as 1, as
/// in llama.cpp. Error{Input} with the byte for damaged files, numbers that are negative or not finite, and files
/// without entries.
Result<std::shared_ptr<const ImportanceFile>> loadImatrix(const std::filesystem::path &path,
                                                          const TaskContext &context);

} // namespace qs
