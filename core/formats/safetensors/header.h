// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The header of a safetensors file (FORMATS.md §3.1).
#pragma once

#include "core/base/task_context.h"
#include "core/base/text.h"
#include "core/tensor/tensor.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace qs {

class InputFile;

/// Bytes of JSON that a safetensors file may start with, as in the reference reader.
inline constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;

struct SafetensorsHeader {
    std::vector<TensorInfo> tensors; ///< in the order of their bytes; byteOffset counts from the start of the file
    std::map<std::string, std::string> metadata;
    std::vector<Text> warnings;
};

/// Reads and checks the header of a file with these bytes. Error{Input} with the field, its byte, the value and the
/// limit at the first rule that is broken. `where` names the file.
Result<SafetensorsHeader> readSafetensorsHeader(const InputFile &file, const std::string &where,
                                                const TaskContext &context);

} // namespace qs
