// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Strict reader for NPY arrays (formats.md §3.4): inputs and labels for network runs.
#pragma once

#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <filesystem>
#include <memory>
#include <span>

namespace qs {

class InputFile;

/// Header of an NPY array.
struct NpyArray {
    DType dtype = DType::F32;
    std::vector<std::uint64_t> shape;
    bool fortranOrder = false;
    bool bigEndian = false;
    std::uint64_t byteOffset = 0; ///< of the data
    std::uint64_t byteSize = 0;
    std::vector<std::string> warnings; ///< trailing bytes
};

/// Error{Input} with field and byte offset. Object, structured, string and long double arrays are refused.
Result<NpyArray> parseNpy(std::span<const std::byte> bytes, const std::string &where);

/// [samples, in] as float32, row-major (f4 or f8; one-dimensional arrays are one sample).
struct NpyMatrix {
    std::uint64_t rows = 0;
    std::uint64_t cols = 0;
    std::vector<float> values;
    std::vector<std::string> warnings;
};
Result<NpyMatrix> loadNpyMatrix(const std::filesystem::path &path);

/// One-dimensional integers.
Result<std::vector<std::int64_t>> loadNpyLabels(const std::filesystem::path &path);

} // namespace qs
