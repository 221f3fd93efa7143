// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/number_grid.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/kernels/kernels.h"
#include "core/tensor/gather.h"
#include "core/tensor/integers.h"
#include "core/tensor/small_floats.h"
#include "core/tensor/tensor_bytes.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace qs {
namespace {

constexpr std::uint64_t kMostNumbers = std::uint64_t{1} << 48U; // of one grid, so that bits of it can be counted

std::uint32_t elementAt(const std::byte *elements, unsigned bits, std::uint64_t index)
{
    return bits == 8 ? std::to_integer<std::uint32_t>(elements[index])
                     : loadElement<std::uint32_t>(elements + index * 4, false);
}

void toFloats(DType type, const std::byte *source, std::uint64_t count, float *values)
{
    switch (type) {
    case DType::F64:
        return kernels().fromF64(source, count, values);
    case DType::F16:
        return kernels().fromF16(source, count, values);
    case DType::BF16:
        return kernels().fromBf16(source, count, values);
    case DType::F32:
        std::memcpy(values, source, count * sizeof(float));
        return;
    default:
        break;
    }
    if (isDecodedFloat(type)) {
        const std::span<const float, 256> table = smallFloatTable(type);
        for (std::uint64_t i = 0; i < count; ++i)
            values[i] = table[std::to_integer<std::size_t>(source[i])];
        return;
    }
    const IntegerLoader load = integerLoader(type);
    for (std::uint64_t i = 0; i < count; ++i)
        values[i] = static_cast<float>(load(source, i, false).value_or(std::numeric_limits<std::int64_t>::max()));
}

std::uint8_t maskOf(unsigned bits)
{
    return static_cast<std::uint8_t>((1U << bits) - 1);
}

bool holdsNumbers(const TensorInfo &info, const Packing &packing)
{
    const unsigned bits = bitsOf(info.dtype);
    if (info.encoding != nullptr)
        return false;
    if (packing.kind == Packing::Kind::Plain && packing.meaning.empty())
        return info.hasFloatValues() || (isInteger(info.dtype) && bits >= 8);
    if (packing.kind == Packing::Kind::Plain)
        return bits == 8;
    return isInteger(info.dtype) && (bits == 8 || bits == 32);
}

} // namespace

TensorView TensorPart::view() const
{
    return {&info, file.get()};
}

Result<std::vector<std::byte>> TensorPart::bytes(std::uint64_t first, std::uint64_t stride, std::uint64_t lines,
                                                 std::uint64_t count) const
{
    const TensorView source = view();
    const std::size_t size = bitsOf(info.dtype) / 8;
    std::vector<std::byte> result(lines * count * size);
    if (isPacked(info)) {
        Gather pattern;
        pattern.axes[1] = {lines, stride, count};
        pattern.axes[2] = {count, 1, 1};
        pattern.source = first;
        QS_CHECK(gatherBytes(source, size, pattern, result.data()));
        return result;
    }
    const TensorElements elements(source);
    for (std::uint64_t i = 0; i < lines; ++i)
        QS_CHECK(elements.bytes(first + i * stride, count, result.data() + i * count * size));
    return result;
}

Result<void> TensorPart::wholeNumbers(std::uint64_t first, std::uint64_t count, double *values) const
{
    const TensorView source = view();
    return TensorElements(source).wholeNumbers(first, count, values);
}

std::uint64_t Packing::elements(std::uint64_t rows, std::uint64_t columns, unsigned elementBits) const
{
    switch (kind) {
    case Kind::Plain:
        break;
    case Kind::Units:
        return rows * ceilDiv(columns, shifts.size());
    case Kind::Stream:
        return rows * ceilDiv(columns * bits, elementBits);
    case Kind::Down:
        return ceilDiv(rows * bits, elementBits) * columns;
    case Kind::Planes:
        return ceilDiv(rows * columns, shifts.size());
    }
    return rows * columns;
}

void codes::fromUnits(const Packing &packing, unsigned elementBits, const std::byte *elements, std::uint64_t first,
                      std::uint64_t count, std::uint8_t *codes)
{
    const std::uint64_t perUnit = packing.shifts.size();
    const std::uint8_t mask = maskOf(packing.bits);
    std::uint64_t within = first % perUnit;
    for (std::uint64_t done = 0, unit = 0; done < count; ++unit, within = 0) {
        const std::uint32_t word = elementAt(elements, elementBits, unit);
        for (; within < perUnit && done < count; ++within)
            codes[done++] = static_cast<std::uint8_t>(word >> packing.shifts[within] & mask);
    }
}

void codes::fromStream(const std::byte *bytes, std::size_t size, std::uint64_t firstBit, unsigned bits,
                       std::uint64_t count, std::uint8_t *codes)
{
    const std::uint8_t mask = maskOf(bits);
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t bit = firstBit + i * bits;
        const std::uint64_t at = bit / 8;
        std::uint32_t pair = std::to_integer<std::uint32_t>(bytes[at]);
        if (at + 1 < size)
            pair |= std::to_integer<std::uint32_t>(bytes[at + 1]) << 8U;
        codes[i] = static_cast<std::uint8_t>(pair >> bit % 8 & mask);
    }
}

Result<NumberGrid> NumberGrid::make(TensorPart part, Packing packing, std::uint64_t matrices, std::uint64_t rows,
                                    std::uint64_t columns)
{
    const TensorInfo &info = part.info;
    const auto wrong = [&](const Text &expected) {
        return fail(ErrorCode::Input, Text::of("{} is {} {}, expected {}", inQuotes(info.name), info.typeName(),
                                               shapeText(info.shape), expected));
    };
    const auto one = checkedMul(rows, columns);
    const auto all = one ? checkedMul(*one, matrices) : std::nullopt;
    if (!all || *all == 0 || *all > kMostNumbers)
        return wrong(Text::of("{} × {} × {} numbers", matrices, rows, columns));
    if (!part.file || !holdsNumbers(info, packing))
        return wrong(packing.kind == Packing::Kind::Plain ? Text::of("numbers")
                                                          : Text::of("whole numbers of 8 or 32 bits"));
    const unsigned elementBits = bitsOf(info.dtype);
    const std::uint64_t expected = matrices * packing.elements(rows, columns, elementBits);
    const std::uint64_t elements = info.elements();
    const bool fits =
        packing.kind == Packing::Kind::Planes ? elements >= expected && elements % matrices == 0 : elements == expected;
    if (!fits)
        return wrong(Text::of("{} elements for {} × {} × {} numbers", expected, matrices, rows, columns));
    NumberGrid grid;
    grid.m_part = std::move(part);
    grid.m_packing = std::move(packing);
    grid.m_matrices = matrices;
    grid.m_rows = rows;
    grid.m_columns = columns;
    return grid;
}

Result<void> NumberGrid::read(const GridRange &range, float *numbers) const
{
    if (m_packing.kind == Packing::Kind::Plain && m_packing.meaning.empty())
        return readPlain(range, numbers);
    std::vector<std::uint8_t> codes(range.size());
    QS_CHECK(readCodes(range, codes.data()));
    for (std::size_t i = 0; i < codes.size(); ++i)
        numbers[i] = m_packing.meaning[codes[i]];
    return {};
}

Result<void> NumberGrid::readPlain(const GridRange &range, float *numbers) const
{
    const std::uint64_t first = (range.matrix * m_rows + range.row) * m_columns + range.column;
    QS_ASSIGN(const std::vector<std::byte> bytes, m_part.bytes(first, m_columns, range.rows, range.columns));
    toFloats(m_part.info.dtype, bytes.data(), range.size(), numbers);
    return {};
}

Result<void> NumberGrid::readCodes(const GridRange &range, std::uint8_t *codes) const
{
    if (m_packing.kind == Packing::Kind::Down)
        return readDown(range, codes);
    if (m_packing.kind == Packing::Kind::Planes)
        return readPlanes(range, codes);
    // Elements of a row, and those that hold the range.
    const unsigned elementBits = bitsOf(m_part.info.dtype);
    const std::uint64_t end = range.column + range.columns;
    std::uint64_t perRow = m_columns;
    std::uint64_t first = range.column;
    std::uint64_t last = end;
    if (m_packing.kind == Packing::Kind::Units) {
        perRow = ceilDiv(m_columns, m_packing.shifts.size());
        first = range.column / m_packing.shifts.size();
        last = ceilDiv(end, m_packing.shifts.size());
    } else if (m_packing.kind == Packing::Kind::Stream) {
        perRow = ceilDiv(m_columns * m_packing.bits, elementBits);
        first = range.column * m_packing.bits / elementBits;
        last = ceilDiv(end * m_packing.bits, elementBits);
    }
    QS_ASSIGN(const std::vector<std::byte> bytes,
              m_part.bytes((range.matrix * m_rows + range.row) * perRow + first, perRow, range.rows, last - first));
    const std::uint64_t lineBytes = (last - first) * elementBits / 8;
    for (std::uint64_t i = 0; i < range.rows; ++i) {
        const std::byte *line = bytes.data() + i * lineBytes;
        std::uint8_t *target = codes + i * range.columns;
        if (m_packing.kind == Packing::Kind::Units)
            codes::fromUnits(m_packing, elementBits, line, range.column, range.columns, target);
        else if (m_packing.kind == Packing::Kind::Stream)
            codes::fromStream(line, lineBytes, range.column * m_packing.bits - first * elementBits, m_packing.bits,
                              range.columns, target);
        else
            std::memcpy(target, line, lineBytes);
    }
    return {};
}

/// A code may begin in one row of elements and end in the next.
Result<void> NumberGrid::readDown(const GridRange &range, std::uint8_t *codes) const
{
    const unsigned elementBits = bitsOf(m_part.info.dtype);
    const std::uint64_t bits = m_packing.bits;
    const std::uint64_t elementRows = ceilDiv(m_rows * bits, elementBits);
    const std::uint64_t first = range.row * bits / elementBits;
    const std::uint64_t last = ceilDiv((range.row + range.rows) * bits, elementBits);
    QS_ASSIGN(const std::vector<std::byte> bytes,
              m_part.bytes((range.matrix * elementRows + first) * m_columns + range.column, m_columns, last - first,
                           range.columns));
    const std::uint8_t mask = maskOf(m_packing.bits);
    for (std::uint64_t i = 0; i < range.rows; ++i) {
        const std::uint64_t bit = (range.row + i) * bits - first * elementBits;
        const std::uint64_t at = bit / elementBits * range.columns;
        const std::uint64_t shift = bit % elementBits;
        const bool isSplit = shift + bits > elementBits;
        for (std::uint64_t c = 0; c < range.columns; ++c) {
            std::uint64_t word = elementAt(bytes.data(), elementBits, at + c);
            if (isSplit)
                word |= static_cast<std::uint64_t>(elementAt(bytes.data(), elementBits, at + range.columns + c))
                        << elementBits;
            codes[i * range.columns + c] = static_cast<std::uint8_t>(word >> shift & mask);
        }
    }
    return {};
}

Result<void> NumberGrid::readPlanes(const GridRange &range, std::uint8_t *codes) const
{
    const unsigned elementBits = bitsOf(m_part.info.dtype);
    const std::uint64_t plane = m_part.info.elements() / m_matrices;
    const std::uint8_t mask = maskOf(m_packing.bits);
    const bool isWhole = range.columns == m_columns; // rows lie one behind the other
    const std::uint64_t lines = isWhole ? 1 : range.rows;
    for (std::uint64_t i = 0; i < lines; ++i) {
        std::uint64_t at = (range.row + i) * m_columns + range.column;
        std::uint8_t *target = codes + i * range.columns;
        for (std::uint64_t left = range.size() / lines; left > 0;) {
            const std::uint64_t count = std::min(left, plane - at % plane);
            QS_ASSIGN(const std::vector<std::byte> bytes,
                      m_part.bytes(range.matrix * plane + at % plane, count, 1, count));
            const unsigned shift = m_packing.shifts[at / plane];
            for (std::uint64_t k = 0; k < count; ++k)
                target[k] = static_cast<std::uint8_t>(elementAt(bytes.data(), elementBits, k) >> shift & mask);
            at += count;
            target += count;
            left -= count;
        }
    }
    return {};
}

} // namespace qs
