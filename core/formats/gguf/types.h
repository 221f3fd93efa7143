// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Tensor types of GGUF (FORMATS.md §3.3.2).
#pragma once

#include "core/model/model.h"

namespace qs {

struct GgufType {
    std::uint32_t id = 0;
    DType dtype = DType::Encoded;
    Encoding encoding; ///< when dtype is Encoded
    // What the blocks hold, for people.
    int bits = 0;
    Mode mode = Mode::Symmetric;
    std::uint32_t groupSize = 0;
};

/// Null for ids that nobody uses, or that have been withdrawn.
const GgufType *ggufType(std::uint32_t id);
/// By the name of its encoding ("q8_0"), or of its element type ("f32"); null when there is none.
const GgufType *ggufTypeNamed(std::string_view name);
/// True for ids of types that ggml has removed.
bool isWithdrawnGgufType(std::uint32_t id);

} // namespace qs
