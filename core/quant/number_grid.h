// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NumberGrid: a tensor as rows of numbers, however a tool has packed them into its elements.
#pragma once

#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <memory>
#include <vector>

namespace qs {

/// A tensor together with the file that its bytes are in.
struct TensorPart {
    TensorInfo info;
    std::shared_ptr<const InputFile> file;

    /// `lines` × `count` elements as little-endian bytes; `stride` elements from one line to the next. Only of types of
    /// whole bytes. Errors as InputFile::read().
    Result<std::vector<std::byte>> bytes(std::uint64_t first, std::uint64_t stride, std::uint64_t lines,
                                         std::uint64_t count) const;
    /// Elements [first, first + count) of an integer type. Errors as InputFile::read().
    Result<void> wholeNumbers(std::uint64_t first, std::uint64_t count, double *values) const;

private:
    TensorView view() const;
};

/// How numbers lie in the elements of a tensor.
struct Packing {
    enum class Kind : std::uint8_t {
        Plain,  ///< one element each: floats, or whole numbers
        Units,  ///< several in each element along a row, number i of an element at bit shifts[i]
        Stream, ///< a stream of bits along each row, low bits first; a row begins with an element of its own
        Down,   ///< a stream of bits down each column, through rows of elements
        Planes, ///< all numbers in order: the first part of them at bit shifts[0] of the elements, the next at
                ///< shifts[1] …
    };
    Kind kind = Kind::Plain;
    unsigned bits = 8;
    std::vector<std::uint8_t> shifts = {};
    /// What each code means, 2^bits entries. Empty for Plain: the element's own value.
    std::vector<float> meaning = {};

    /// Elements that `rows` × `columns` numbers take, the least number of them for Planes.
    std::uint64_t elements(std::uint64_t rows, std::uint64_t columns, unsigned elementBits) const;
};

/// A rectangle of one matrix of a grid.
struct GridRange {
    std::uint64_t matrix = 0;
    std::uint64_t row = 0;
    std::uint64_t rows = 0;
    std::uint64_t column = 0;
    std::uint64_t columns = 0;

    std::uint64_t size() const { return rows * columns; }
};

/// Codes in elements of 8 or 32 bits, pure functions over bytes: little-endian elements in, one byte per code out.
namespace codes {

/// `count` codes from code `first` of a row on; `elements` begins with the row's first element that holds one of them.
void fromUnits(const Packing &packing, unsigned elementBits, const std::byte *elements, std::uint64_t first,
               std::uint64_t count, std::uint8_t *codes);
/// `count` codes of `bits` bits each from bit `firstBit` of a stream on.
void fromStream(const std::byte *bytes, std::size_t size, std::uint64_t firstBit, unsigned bits, std::uint64_t count,
                std::uint8_t *codes);

} // namespace codes

/// `matrices` × `rows` × `columns` numbers. Cheap to copy; safe to use from several threads.
class NumberGrid
{
public:
    /// Error{Input} when the tensor is not of the size or type that the packing asks for.
    static Result<NumberGrid> make(TensorPart part, Packing packing, std::uint64_t matrices, std::uint64_t rows,
                                   std::uint64_t columns);

    std::uint64_t matrices() const { return m_matrices; }
    std::uint64_t rows() const { return m_rows; }
    std::uint64_t columns() const { return m_columns; }
    const TensorPart &part() const { return m_part; }

    /// Row-major. Errors as InputFile::read().
    Result<void> read(const GridRange &range, float *numbers) const;

private:
    NumberGrid() = default;

    Result<void> readPlain(const GridRange &range, float *numbers) const;
    Result<void> readCodes(const GridRange &range, std::uint8_t *codes) const;
    Result<void> readDown(const GridRange &range, std::uint8_t *codes) const;
    Result<void> readPlanes(const GridRange &range, std::uint8_t *codes) const;

    TensorPart m_part;
    Packing m_packing;
    std::uint64_t m_matrices = 1;
    std::uint64_t m_rows = 0;
    std::uint64_t m_columns = 0;
};

} // namespace qs
