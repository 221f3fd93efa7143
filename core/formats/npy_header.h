// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The text header of an NPY array, without any evaluation of Python.
#pragma once

#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <span>

namespace qs {

/// Bytes that a header, with all that stands before the data, has at most.
inline constexpr std::size_t kMaxNpyHeaderBytes = 10'012;

struct NpyHeader {
    DType dtype = DType::F32;
    const Encoding *encoding = nullptr; ///< for elements that can be listed only; dtype is Encoded then
    bool bigEndian = false;
    bool fortranOrder = false;
    std::vector<std::uint64_t> shape;
    std::uint64_t byteOffset = 0; ///< of the data
};

/// `head` holds the first bytes of an array of `size` bytes: all, or at least kMaxNpyHeaderBytes.
/// Error{Input} with the field and its byte. The shape is not yet compared with the size of the data.
Result<NpyHeader> readNpyHeader(std::span<const std::byte> head, std::uint64_t size, const std::string &where);

} // namespace qs
