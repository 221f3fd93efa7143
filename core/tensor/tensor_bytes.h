// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// TensorElements: elements of any tensor in row-major order, whatever its strides, byte order, type or encoding.
#pragma once

#include "core/base/result.h"
#include "core/tensor/gather.h"
#include "core/tensor/tensor.h"

#include <optional>

namespace qs {

struct AxisLayout;
struct BlockRange;

/// True when the elements stand in the file in row-major order, little-endian, without gaps and encoding.
bool isPacked(const TensorInfo &info);
/// i8, u8, i4, u4, i2, u2, u3, u5, u6, u7: what integer codes are stored as.
bool holdsCodes(DType type);
/// Bytes from the first element to the end of the last one, as `shape`, `strides` and `dtype` of `info` say; empty when
/// that does not fit 64 bits. Readers compare it with what the file has.
std::optional<std::uint64_t> bytesToLastElement(const TensorInfo &info);

/// Reads elements [first, first + count) in row-major order. What the view names must outlive this object. Errors as
/// InputFile::read().
class TensorElements
{
public:
    explicit TensorElements(const TensorView &view);

    /// Float32 values. Only where TensorInfo::hasFloatValues().
    Result<void> floats(std::uint64_t first, std::uint64_t count, float *values) const;
    /// Codes in signed form: those of unsigned types minus 2^(bits − 1). Only where holdsCodes().
    Result<void> codes(std::uint64_t first, std::uint64_t count, std::int8_t *values) const;
    /// Whole numbers, rounded to double. Only where isInteger().
    Result<void> wholeNumbers(std::uint64_t first, std::uint64_t count, double *values) const;
    /// Whole numbers and f64 without rounding, of other types what floats() gives.
    Result<void> numbers(std::uint64_t first, std::uint64_t count, long double *values) const;
    /// The elements as little-endian bytes, one behind the other. Only for types of whole bytes.
    Result<void> bytes(std::uint64_t first, std::uint64_t count, std::byte *target) const;

private:
    /// Calls use(stretch) → Result<void> for patterns that together are the elements; targets count from 0.
    template <class Use> Result<void> forEachStretch(std::uint64_t first, std::uint64_t count, Use use) const;
    Gather stretchAt(std::uint64_t first, std::uint64_t count) const;
    template <class Number> Result<void> integers(std::uint64_t first, std::uint64_t count, Number *values) const;
    Result<void> streamCodes(std::uint64_t first, std::uint64_t count, std::int8_t *values) const;
    Result<void> decodeBlocks(std::uint64_t first, std::uint64_t count, float *values) const;

    TensorView m_view;
    std::size_t m_elementSize = 0; ///< 0 for types below a byte and encodings
    // Axes of one element are left out and axes that follow each other without a gap are one; empty when packed.
    std::vector<std::uint64_t> m_shape;
    std::vector<std::uint64_t> m_strides;
};

/// Fills a row-major block of the matrix form that `axis` describes.
Result<void> readFloatBlock(const TensorElements &elements, const AxisLayout &axis, const BlockRange &range,
                            float *values);
Result<void> readCodeBlock(const TensorElements &elements, const AxisLayout &axis, const BlockRange &range,
                           std::int8_t *values);
Result<void> readNumberBlock(const TensorElements &elements, const AxisLayout &axis, const BlockRange &range,
                             long double *values);

} // namespace qs
