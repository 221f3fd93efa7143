// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The header of one GGUF file: key-value pairs and tensor infos (FORMATS.md §3.3.1).
#pragma once

#include "core/base/task_context.h"
#include "core/base/text.h"
#include "core/tensor/tensor.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace qs {

class InputFile;

struct GgufTensor {
    TensorInfo info;            ///< shape in row-major order; without encoding
    std::uint32_t type = 0;     ///< ggml's id
    std::uint64_t infoByte = 0; ///< where in the file its entry begins
};

/// A key with its value, bytes [begin, end) of the file.
struct GgufKey {
    std::string name;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

struct GgufHeader {
    unsigned version = 0;
    bool bigEndian = false;
    std::uint64_t alignment = 32;                ///< of the tensors, in bytes
    std::vector<GgufKey> keys;                   ///< in file order
    std::map<std::string, std::string> metadata; ///< long arrays and texts shortened
    std::vector<GgufTensor> tensors;             ///< in file order; byteOffset counts from the start of the file
    std::optional<std::uint64_t> splitNumber;    ///< split.no, from 0
    std::optional<std::uint64_t> splitCount;
    std::vector<Text> warnings;
};

/// Reads and checks the header of a file, and where its tensors lie. Error{Input} with the field, its
/// byte, the value and the limit at the first rule that is broken. `where` names the file.
Result<GgufHeader> readGgufHeader(const InputFile &file, const std::string &where, const TaskContext &context);

} // namespace qs
