// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// TensorElements: elements of any tensor in row-major order, whatever its strides, byte order, type or encoding.
#pragma once

#include "core/tensor/tensor.h"

#include <optional>

namespace qs {

struct AxisLayout;
struct BlockRange;

/// True when the elements stand in the file in row-major order, little-endian, without gaps and encoding.
bool isPacked(const TensorInfo &info);
/// i8, u8, i4, u4, i2, u2: what integer codes are stored as.
bool holdsCodes(DType type);
/// Bytes from the first element to the end of the last one, as `shape`, `strides` and `dtype` of `info` say; empty when
/// that does not fit 64 bits. Readers compare it with what the file has.
std::optional<std::uint64_t> bytesToLastElement(const TensorInfo &info);

/// Reads elements [first, first + count) in row-major order. The view must outlive this object; whoever reads calls
/// InputFile::check() afterwards.
class TensorElements
{
public:
    explicit TensorElements(const TensorView &view);

    /// Float32 values. Only where TensorInfo::hasFloatValues().
    void floats(std::uint64_t first, std::uint64_t count, float *values) const;
    /// Codes in signed form: those of unsigned types minus 2^(bits − 1). Only where holdsCodes().
    void codes(std::uint64_t first, std::uint64_t count, std::int8_t *values) const;
    /// Whole numbers, rounded to double. Only where isInteger().
    void wholeNumbers(std::uint64_t first, std::uint64_t count, double *values) const;
    /// The elements as little-endian bytes, one behind the other. Only for types of whole bytes.
    void bytes(std::uint64_t first, std::uint64_t count, std::byte *target) const;

private:
    struct Stretch;

    Stretch stretchAt(std::uint64_t first, std::uint64_t count) const;
    void decodeBlocks(std::uint64_t first, std::uint64_t count, float *values) const;

    TensorView m_view;
    std::size_t m_elementSize = 0; ///< 0 for types below a byte and encodings
    // Axes of one element are left out and axes that follow each other without a gap are one; empty when packed.
    std::vector<std::uint64_t> m_shape;
    std::vector<std::uint64_t> m_strides;
};

/// Fills a row-major block of the matrix form that `axis` describes.
void readFloatBlock(const TensorElements &elements, const AxisLayout &axis, const BlockRange &range, float *values);
void readCodeBlock(const TensorElements &elements, const AxisLayout &axis, const BlockRange &range,
                   std::int8_t *values);

} // namespace qs
