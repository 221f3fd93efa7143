// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Strict reader for NPY arrays (FORMATS.md §3.4): inputs and labels for network runs, tensors of models.
#pragma once

#include "core/base/text.h"
#include "core/formats/npy_header.h"

#include <filesystem>
#include <memory>
#include <span>

namespace qs {

class InputFile;

/// Header of an NPY array, and where its data is.
struct NpyArray {
    NpyHeader header;
    std::uint64_t byteSize = 0;
    std::vector<Text> warnings; ///< trailing bytes
};

/// `head` holds the first bytes of an array of `size` bytes, header included: all, or at least kMaxNpyHeaderBytes.
/// Error{Input} with field and byte offset. Object, structured, string and long double arrays are refused.
Result<NpyArray> parseNpy(std::span<const std::byte> head, std::uint64_t size, const std::string &where);

/// The array as a tensor of a model; its offset counts from the start of the array.
TensorInfo tensorFrom(const NpyArray &array, std::string name);

/// [samples, in] as float32, row-major (f4 or f8; one-dimensional arrays are one sample).
struct NpyMatrix {
    std::uint64_t rows = 0;
    std::uint64_t cols = 0;
    std::vector<float> values;
    std::vector<Text> warnings;
};
Result<NpyMatrix> loadNpyMatrix(const std::filesystem::path &path);

/// One-dimensional integers.
Result<std::vector<std::int64_t>> loadNpyLabels(const std::filesystem::path &path);

} // namespace qs
