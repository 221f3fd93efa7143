// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/number_grid.h"

#include "core/base/checked_math.h"
#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/tensor/integers.h"
#include "core/tensor/tensor_bytes.h"

#include <algorithm>

#include <fmt/format.h>

namespace qs {
namespace {

constexpr std::uint64_t kMostNumbers = std::uint64_t{1} << 48U; // of one grid, so that bits of it can be counted

std::uint32_t elementAt(const std::byte *elements, unsigned bits, std::uint64_t index)
{
    return bits == 8 ? std::to_integer<std::uint32_t>(elements[index])
                     : loadElement<std::uint32_t>(elements + index * 4, false);
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
        return info.hasFloatValues() || isInteger(info.dtype);
    if (packing.kind == Packing::Kind::Plain)
        return bits == 8;
    return isInteger(info.dtype) && (bits == 8 || bits == 32);
}

} // namespace

TensorView TensorPart::view() const
{
    return {&info, file.get(), file->bytes().subspan(info.byteOffset, info.byteSize)};
}

Result<std::vector<std::byte>> TensorPart::bytes(std::uint64_t first, std::uint64_t count) const
{
    std::vector<std::byte> result(count * (bitsOf(info.dtype) / 8));
    const TensorView source = view();
    TensorElements(source).bytes(first, count, result.data());
    return result;
}

Result<void> TensorPart::floats(std::uint64_t first, std::uint64_t count, float *values) const
{
    const TensorView source = view();
    TensorElements(source).floats(first, count, values);
    return {};
}

Result<void> TensorPart::wholeNumbers(std::uint64_t first, std::uint64_t count, double *values) const
{
    const TensorView source = view();
    TensorElements(source).wholeNumbers(first, count, values);
    return {};
}

Result<void> TensorPart::check() const
{
    return file->check();
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
    const auto wrong = [&](const std::string &expected) {
        return fail(ErrorCode::Input, fmt::format("{} is {} {}, expected {}", inQuotes(info.name), info.typeName(),
                                                  shapeText(info.shape), expected));
    };
    const auto one = checkedMul(rows, columns);
    const auto all = one ? checkedMul(*one, matrices) : std::nullopt;
    if (!all || *all == 0 || *all > kMostNumbers)
        return wrong(fmt::format("{} × {} × {} numbers", matrices, rows, columns));
    if (!part.file || !holdsNumbers(info, packing))
        return wrong(packing.kind == Packing::Kind::Plain ? "numbers" : "whole numbers of 8 or 32 bits");
    const unsigned elementBits = bitsOf(info.dtype);
    const std::uint64_t expected = matrices * packing.elements(rows, columns, elementBits);
    const std::uint64_t elements = info.elements();
    const bool fits =
        packing.kind == Packing::Kind::Planes ? elements >= expected && elements % matrices == 0 : elements == expected;
    if (!fits)
        return wrong(fmt::format("{} elements for {} × {} × {} numbers", expected, matrices, rows, columns));
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
    const bool whole = range.columns == m_columns;
    const std::uint64_t lines = whole ? 1 : range.rows; // whole rows lie one behind the other
    const std::uint64_t length = range.size() / lines;
    std::vector<double> wholeNumbers(isInteger(m_part.info.dtype) ? length : 0);
    for (std::uint64_t i = 0; i < lines; ++i) {
        const std::uint64_t first = (range.matrix * m_rows + range.row + i) * m_columns + range.column;
        float *target = numbers + i * length;
        if (wholeNumbers.empty()) {
            QS_CHECK(m_part.floats(first, length, target));
        } else {
            QS_CHECK(m_part.wholeNumbers(first, length, wholeNumbers.data()));
            std::ranges::transform(wholeNumbers, target, [](double number) { return static_cast<float>(number); });
        }
    }
    return {};
}

Result<void> NumberGrid::readCodes(const GridRange &range, std::uint8_t *codes) const
{
    if (m_packing.kind == Packing::Kind::Down)
        return readDown(range, codes);
    if (m_packing.kind == Packing::Kind::Planes)
        return readPlanes(range, codes);
    const unsigned elementBits = bitsOf(m_part.info.dtype);
    for (std::uint64_t i = 0; i < range.rows; ++i) {
        const std::uint64_t line = range.matrix * m_rows + range.row + i;
        std::uint8_t *target = codes + i * range.columns;
        if (m_packing.kind == Packing::Kind::Plain) {
            QS_ASSIGN(const std::vector<std::byte> bytes, m_part.bytes(line * m_columns + range.column, range.columns));
            std::ranges::transform(bytes, target, [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
        } else if (m_packing.kind == Packing::Kind::Units) {
            const std::uint64_t perUnit = m_packing.shifts.size();
            const std::uint64_t first = range.column / perUnit;
            const std::uint64_t units = ceilDiv(range.column + range.columns, perUnit) - first;
            QS_ASSIGN(const std::vector<std::byte> bytes,
                      m_part.bytes(line * ceilDiv(m_columns, perUnit) + first, units));
            codes::fromUnits(m_packing, elementBits, bytes.data(), range.column, range.columns, target);
        } else {
            const std::uint64_t bits = m_packing.bits;
            const std::uint64_t first = range.column * bits / elementBits;
            const std::uint64_t units = ceilDiv((range.column + range.columns) * bits, elementBits) - first;
            QS_ASSIGN(const std::vector<std::byte> bytes,
                      m_part.bytes(line * ceilDiv(m_columns * bits, elementBits) + first, units));
            codes::fromStream(bytes.data(), bytes.size(), range.column * bits - first * elementBits, m_packing.bits,
                              range.columns, target);
        }
    }
    return {};
}

/// A code may begin in one row of elements and end in the next.
Result<void> NumberGrid::readDown(const GridRange &range, std::uint8_t *codes) const
{
    const unsigned elementBits = bitsOf(m_part.info.dtype);
    const std::uint64_t bits = m_packing.bits;
    const std::uint64_t elementRows = ceilDiv(m_rows * bits, elementBits);
    const std::uint8_t mask = maskOf(m_packing.bits);
    const auto elementRow = [&](std::uint64_t row) {
        return m_part.bytes((range.matrix * elementRows + row) * m_columns + range.column, range.columns);
    };
    std::uint64_t held = range.row * bits / elementBits;
    QS_ASSIGN(std::vector<std::byte> low, elementRow(held));
    for (std::uint64_t i = 0; i < range.rows; ++i) {
        const std::uint64_t bit = (range.row + i) * bits;
        const std::uint64_t shift = bit % elementBits;
        std::vector<std::byte> high;
        if (bit / elementBits != held) {
            held = bit / elementBits;
            QS_ASSIGN(low, elementRow(held));
        }
        if (shift + bits > elementBits) {
            QS_ASSIGN(high, elementRow(held + 1));
        }
        for (std::uint64_t c = 0; c < range.columns; ++c) {
            std::uint64_t word = elementAt(low.data(), elementBits, c);
            if (!high.empty())
                word |= static_cast<std::uint64_t>(elementAt(high.data(), elementBits, c)) << elementBits;
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
    for (std::uint64_t i = 0; i < range.rows; ++i) {
        std::uint64_t at = (range.row + i) * m_columns + range.column;
        std::uint8_t *target = codes + i * range.columns;
        for (std::uint64_t left = range.columns; left > 0;) {
            const std::uint64_t count = std::min(left, plane - at % plane);
            QS_ASSIGN(const std::vector<std::byte> bytes, m_part.bytes(range.matrix * plane + at % plane, count));
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
