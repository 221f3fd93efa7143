// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a file says of one tensor, and where its bytes are.
#pragma once

#include "core/tensor/dtype.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace qs {

class InputFile;

/// One tensor of a model file: row-major, little-endian, packed.
struct TensorInfo {
    std::string name;
    DType dtype = DType::F32;
    std::vector<std::uint64_t> shape;
    std::size_t file = 0;         ///< index into Model::files
    std::uint64_t byteOffset = 0; ///< from the start of that file
    std::uint64_t byteSize = 0;

    std::uint64_t elements() const
    {
        std::uint64_t count = 1;
        for (std::uint64_t dim : shape)
            count *= dim; // readers have checked that this fits
        return count;
    }
};

/// "[128, 64]".
std::string shapeText(const std::vector<std::uint64_t> &shape);

/// The bytes of one tensor inside a mapped file. Possibly misaligned: load elements with memcpy.
struct TensorView {
    const TensorInfo *info = nullptr;
    const InputFile *file = nullptr;
    std::span<const std::byte> bytes;
};

} // namespace qs
