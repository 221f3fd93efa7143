// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Names that pickles of PyTorch refer to, and what they mean (FORMATS.md §3.6.3).
#pragma once

#include "core/parse/pickle.h"
#include "core/tensor/tensor.h"

#include <optional>

namespace qs::torch {

/// Elements of a storage or tensor. Types that have no place among ours are listed by their size only.
struct ElementType {
    DType dtype = DType::F32;
    const Encoding *encoding = nullptr; ///< set when dtype is Encoded

    std::uint64_t bytes() const { return encoding ? encoding->blockBytes : bitsOf(dtype) / 8; }
    bool operator==(const ElementType &) const = default;
};

/// What a persistent id calls its storage: "torch.FloatStorage", "torch.cuda.HalfStorage",
/// "torch.storage.UntypedStorage".
struct StorageType {
    std::optional<ElementType> element; ///< empty: bytes, which a tensor gives its own type
    bool quantized = false;
};
std::optional<StorageType> storageTypeOf(std::string_view global);

/// "torch.bfloat16" …
std::optional<ElementType> elementTypeOf(std::string_view global);

/// How a tensor is made of its arguments.
enum class Rebuild : std::uint8_t {
    None,         ///< it is no tensor
    Strided,      ///< (storage, offset, size, stride, …)
    StridedTyped, ///< the same with the element type as argument 6
    Quantized,    ///< (storage, offset, size, stride, quantizer, …)
    Wrapped,      ///< argument 0 is the tensor
    FromType,     ///< (function, type, arguments, state)
    Sparse,       ///< (layout, (…, size))
    Meta,         ///< (type, size, …): no values
    Subclass,     ///< (class, type, size, …): no values here
    Foreign,      ///< values in a form that is not read
};
Rebuild rebuildOf(std::string_view global);

/// For the pickle machine: tensors take neither items nor a state.
bool isFixed(std::string_view global);

/// Names that an ordinary loader would look up and call, and that are not known to be harmless; sorted, each once.
/// `isScript`: in TorchScript archives names below "__torch__" are types of the archive itself.
void addForeignGlobals(const pickle::Content &content, bool isScript, std::vector<std::string> &names);

} // namespace qs::torch
