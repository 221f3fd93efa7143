// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Payload: the tensors of an export and where their bytes come from.
#pragma once

#include "core/base/atomic_file.h"
#include "core/base/task_context.h"
#include "core/recipe/recipe.h"

#include <string>
#include <vector>

namespace qs {

/// One tensor of the file to be written.
struct OutputTensor {
    enum class Source : std::uint8_t {
        Copy,       ///< bytes of a tensor of the model
        Codes,      ///< I8 codes of a layer
        Scales,     ///< of a layer
        ZeroPoints, ///< of a layer
        Offsets,    ///< of a layer
        Values,     ///< dequantized values of a layer
    };
    std::string name;
    DType dtype = DType::F32;
    std::vector<std::uint64_t> shape;
    Source source = Source::Copy;
    std::size_t index = 0;        ///< tensor or layer of the model
    std::uint64_t byteOffset = 0; ///< in the file, set by the container

    std::uint64_t byteSize() const;
};

/// Streams all tensors to their offsets in bounded memory.
Result<void> writePayload(const Model &model, const std::vector<Decision> &decisions,
                          const std::vector<OutputTensor> &tensors, AtomicFile &file, const TaskContext &context);

} // namespace qs
