// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a file says of one tensor, and where its bytes are.
#pragma once

#include "core/base/result.h"
#include "core/tensor/dtype.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qs {

class CodedValues;
class InputFile;

/// How a file packs elements in blocks that hold their own scales. Blocks run along the last axis.
struct Encoding {
    std::string name;                ///< on screen and in JSON: "q4_k"
    std::uint32_t blockElements = 0; ///< elements of one block; 0 when the size of a block is not known
    std::uint32_t blockBytes = 0;
    /// Float values of `blocks` consecutive blocks; null when they cannot be shown.
    void (*decode)(const std::byte *source, std::size_t blocks, bool bigEndian, float *values) = nullptr;
    Text withoutValues; ///< why not, for people; empty when there is a decoder
    /// In place of `decode` where the values stand in several tensors; size of blocks 0 then.
    std::shared_ptr<const CodedValues> values = {};

    bool hasValues() const { return decode != nullptr || values != nullptr; }
};

/// One tensor of a model file; row-major, little-endian and packed unless its last members say otherwise.
struct TensorInfo {
    std::string name;
    DType dtype = DType::F32;
    std::vector<std::uint64_t> shape;
    std::size_t file = 0;         ///< index into Model::files
    std::uint64_t byteOffset = 0; ///< from the start of that file
    std::uint64_t byteSize = 0;   ///< up to the end of the last element; with strides not always the sum of elements
    bool bigEndian = false;
    std::vector<std::uint64_t> strides; ///< in elements, one per axis; empty: row-major and packed
    /// Of types below a byte, row-major: behind so many elements the next one has a byte of its own; 0: they are one
    /// stream of bits.
    std::uint64_t rowElements = 0;
    const Encoding *encoding = nullptr; ///< set when dtype is DType::Encoded; lives as long as the model
    /// What the file itself says, where name, type and shape are those of the weight that its codes stand for.
    std::shared_ptr<const TensorInfo> inFile = {};
    /// Leading axes that count matrices on top of each other, as the role of the tensor says: each of their outputs is
    /// a channel of its own. 0 for everything that is no stack.
    std::uint8_t stackAxes = 0;

    std::uint64_t elements() const
    {
        std::uint64_t count = 1;
        for (std::uint64_t dim : shape)
            count *= dim; // readers have checked that this fits
        return count;
    }
    /// True when its elements are floats that can be decoded to float32 exactly.
    bool hasFloatValues() const { return encoding ? encoding->hasValues() : isDecodedFloat(dtype); }
    /// "q4_k", "f32": the encoding's name, or the element type's.
    std::string_view typeName() const { return encoding ? std::string_view(encoding->name) : nameOf(dtype); }
};

/// "[128, 64]".
std::string shapeText(const std::vector<std::uint64_t> &shape);

/// One tensor and the file that its bytes are in.
struct TensorView {
    const TensorInfo *info = nullptr;
    const InputFile *file = nullptr;

    /// Fills `target` with the tensor's bytes from `first` on, as they are in the file. Errors as InputFile::read().
    Result<void> read(std::uint64_t first, std::span<std::byte> target) const;
    /// All bytes, of a tensor that is known to be small.
    Result<std::vector<std::byte>> bytes() const;
};

} // namespace qs
