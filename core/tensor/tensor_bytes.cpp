// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/tensor_bytes.h"

#include "core/base/checked_math.h"
#include "core/kernels/kernels.h"
#include "core/tensor/coded_values.h"
#include "core/tensor/float_blocks.h"
#include "core/tensor/integers.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace qs {

/// Rows of elements at a regular distance.
struct TensorElements::Stretch {
    std::uint64_t source = 0; ///< element where the first row starts
    std::uint64_t rows = 1;
    std::uint64_t rowStride = 0;
    std::uint64_t columns = 0;
    std::uint64_t columnStride = 1;

    std::uint64_t size() const { return rows * columns; }
};

namespace {

/// Calls copy(source element, target index) in the order in which the source lies best.
template <class Stretch, class Copy> void forEachElement(const Stretch &stretch, Copy copy)
{
    if (stretch.rowStride < stretch.columnStride)
        for (std::uint64_t c = 0; c < stretch.columns; ++c)
            for (std::uint64_t r = 0; r < stretch.rows; ++r)
                copy(stretch.source + r * stretch.rowStride + c * stretch.columnStride, r * stretch.columns + c);
    else
        for (std::uint64_t r = 0; r < stretch.rows; ++r)
            for (std::uint64_t c = 0; c < stretch.columns; ++c)
                copy(stretch.source + r * stretch.rowStride + c * stretch.columnStride, r * stretch.columns + c);
}

template <std::size_t Size, class Stretch>
void copyElements(const Stretch &stretch, const std::byte *source, std::byte *target)
{
    forEachElement(stretch, [&](std::uint64_t from, std::uint64_t to) {
        std::memcpy(target + to * Size, source + from * Size, Size);
    });
}

template <std::size_t Size> void swapBytes(std::byte *bytes, std::uint64_t count)
{
    for (std::uint64_t i = 0; i < count; ++i)
        std::reverse(bytes + i * Size, bytes + (i + 1) * Size);
}

void toLittleEndian(DType type, std::byte *bytes, std::uint64_t count)
{
    switch (bitsOf(type)) {
    case 16:
        return swapBytes<2>(bytes, count);
    case 32:
        return swapBytes<4>(bytes, count);
    case 64:
        return type == DType::C64 ? swapBytes<4>(bytes, 2 * count) : swapBytes<8>(bytes, count);
    default:
        return;
    }
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
        const std::span<const float, 256> table = smallFloatTable(type);
        for (std::uint64_t i = 0; i < count; ++i)
            values[i] = table[std::to_integer<std::size_t>(source[i])];
    }
}

/// Code `index` of packed data of less than a byte each, low bits first, in signed form.
template <unsigned Bits> std::int8_t codeAt(const std::byte *data, std::uint64_t index, unsigned flip)
{
    constexpr unsigned kPerByte = 8 / Bits;
    constexpr unsigned kSign = 1U << (Bits - 1);
    const unsigned raw = std::to_integer<unsigned>(data[index / kPerByte]) >> (index % kPerByte * Bits);
    // Flipping the top bit subtracts 2^(bits − 1) from an unsigned code; what is left is two's complement.
    const unsigned code = (raw ^ flip) & ((1U << Bits) - 1);
    return static_cast<std::int8_t>(static_cast<int>(code ^ kSign) - static_cast<int>(kSign));
}

bool isUnsignedCode(DType type)
{
    return type == DType::U8 || type == DType::U4 || type == DType::U2;
}

template <class T, class Read> void readBlock(const AxisLayout &axis, const BlockRange &range, T *values, Read read)
{
    if (axis.contiguous()) { // whole channels, or a piece of one
        read(range.channel * axis.inner + range.weight, range.size(), values);
    } else if (axis.inner == 1) { // channels are neighbours: read them as they lie and turn them round
        thread_local std::vector<T> run;
        run.resize(range.channels);
        for (std::uint64_t k = 0; k < range.weights; ++k) {
            read((range.weight + k) * axis.channels + range.channel, range.channels, run.data());
            for (std::uint64_t c = 0; c < range.channels; ++c)
                values[c * range.weights + k] = run[c];
        }
    } else {
        forEachRun(axis, range, [&](std::uint64_t source, std::uint64_t target, std::uint64_t length) {
            read(source, length, values + target);
        });
    }
}

} // namespace

bool isPacked(const TensorInfo &info)
{
    return info.strides.empty() && !info.bigEndian && info.encoding == nullptr;
}

bool holdsCodes(DType type)
{
    return isUnsignedCode(type) || type == DType::I8 || type == DType::I4 || type == DType::I2;
}

std::optional<std::uint64_t> bytesToLastElement(const TensorInfo &info)
{
    if (std::ranges::find(info.shape, 0U) != info.shape.end())
        return 0;
    std::optional<std::uint64_t> elements = 1;
    for (std::size_t i = 0; i < info.shape.size() && elements; ++i) {
        if (info.strides.empty()) {
            elements = checkedMul(*elements, info.shape[i]);
        } else {
            const auto reach = checkedMul(info.shape[i] - 1, info.strides[i]);
            elements = reach ? checkedAdd(*elements, *reach) : std::nullopt;
        }
    }
    const auto bits = elements ? checkedMul(*elements, bitsOf(info.dtype)) : std::nullopt;
    return bits ? std::optional(ceilDiv(*bits, 8)) : std::nullopt;
}

TensorElements::TensorElements(const TensorView &view)
    : m_view(view)
    , m_elementSize(bitsOf(view.info->dtype) / 8)
{
    const std::vector<std::uint64_t> &strides = view.info->strides;
    for (std::size_t i = strides.size(); i-- > 0;) { // from the last axis to the first
        const std::uint64_t size = view.info->shape[i];
        if (size == 1)
            continue;
        if (!m_shape.empty() && strides[i] == m_shape.back() * m_strides.back()) {
            m_shape.back() *= size;
        } else {
            m_shape.push_back(size);
            m_strides.push_back(strides[i]);
        }
    }
    std::ranges::reverse(m_shape);
    std::ranges::reverse(m_strides);
    if (m_shape.size() == 1 && m_strides[0] == 1) {
        m_shape.clear();
        m_strides.clear();
    }
}

/// As many elements from `first` on as lie on one line or, where it starts, on several lines of the last two axes.
TensorElements::Stretch TensorElements::stretchAt(std::uint64_t first, std::uint64_t count) const
{
    if (m_shape.empty())
        return {.source = first, .columns = count};
    const std::uint64_t columns = m_shape.back();
    const std::uint64_t column = first % columns;
    Stretch stretch{.source = column * m_strides.back(),
                    .columns = std::min(count, columns - column),
                    .columnStride = m_strides.back()};
    std::uint64_t rest = first / columns;
    for (std::size_t i = m_shape.size() - 1; i-- > 0;) {
        const std::uint64_t at = rest % m_shape[i];
        if (i + 2 == m_shape.size() && column == 0 && count >= columns) {
            stretch.rows = std::min(m_shape[i] - at, count / columns);
            stretch.rowStride = m_strides[i];
        }
        stretch.source += at * m_strides[i];
        rest /= m_shape[i];
    }
    return stretch;
}

void TensorElements::bytes(std::uint64_t first, std::uint64_t count, std::byte *target) const
{
    assert(m_elementSize > 0);
    std::byte *begin = target;
    for (std::uint64_t left = count; left > 0;) {
        const Stretch stretch = stretchAt(first, left);
        const std::byte *source = m_view.bytes.data();
        if (stretch.columnStride == 1 || stretch.columns == 1) {
            for (std::uint64_t r = 0; r < stretch.rows; ++r)
                std::memcpy(target + r * stretch.columns * m_elementSize,
                            source + (stretch.source + r * stretch.rowStride) * m_elementSize,
                            stretch.columns * m_elementSize);
        } else if (m_elementSize == 1) {
            copyElements<1>(stretch, source, target);
        } else if (m_elementSize == 2) {
            copyElements<2>(stretch, source, target);
        } else if (m_elementSize == 4) {
            copyElements<4>(stretch, source, target);
        } else {
            copyElements<8>(stretch, source, target);
        }
        first += stretch.size();
        left -= stretch.size();
        target += stretch.size() * m_elementSize;
    }
    if (m_view.info->bigEndian)
        toLittleEndian(m_view.info->dtype, begin, count);
}

void TensorElements::floats(std::uint64_t first, std::uint64_t count, float *values) const
{
    const TensorInfo &info = *m_view.info;
    if (info.encoding != nullptr && info.encoding->values)
        return (void)info.encoding->values->floats(first, count, values); // an error is met again by check()
    if (info.encoding != nullptr)
        return decodeBlocks(first, count, values);
    if (m_shape.empty() && !info.bigEndian)
        return toFloats(info.dtype, m_view.bytes.data() + first * m_elementSize, count, values);
    thread_local std::vector<std::byte> gathered;
    gathered.resize(count * m_elementSize);
    bytes(first, count, gathered.data());
    toFloats(info.dtype, gathered.data(), count, values);
}

/// Whole blocks go where they belong; of the first and the last one perhaps only a part.
void TensorElements::decodeBlocks(std::uint64_t first, std::uint64_t count, float *values) const
{
    const Encoding &encoding = *m_view.info->encoding;
    const auto decode = [&](std::uint64_t block, std::uint64_t blocks, float *target) {
        encoding.decode(m_view.bytes.data() + block * encoding.blockBytes, blocks, m_view.info->bigEndian, target);
    };
    while (count > 0) {
        const std::uint64_t block = first / encoding.blockElements;
        const std::uint64_t skip = first % encoding.blockElements;
        std::uint64_t length = count / encoding.blockElements * encoding.blockElements;
        if (skip == 0 && length > 0) {
            decode(block, length / encoding.blockElements, values);
        } else {
            thread_local std::vector<float> part;
            part.resize(encoding.blockElements);
            decode(block, 1, part.data());
            length = std::min<std::uint64_t>(count, encoding.blockElements - skip);
            std::copy_n(part.data() + skip, length, values);
        }
        first += length;
        count -= length;
        values += length;
    }
}

void TensorElements::codes(std::uint64_t first, std::uint64_t count, std::int8_t *values) const
{
    const DType type = m_view.info->dtype;
    assert(holdsCodes(type));
    if (m_elementSize == 1) {
        bytes(first, count, reinterpret_cast<std::byte *>(values));
        if (type == DType::U8)
            for (std::uint64_t i = 0; i < count; ++i)
                values[i] = static_cast<std::int8_t>(static_cast<std::uint8_t>(values[i]) ^ 0x80U);
        return;
    }
    const std::byte *data = m_view.bytes.data();
    const unsigned bits = bitsOf(type);
    const unsigned flip = isUnsignedCode(type) ? 1U << (bits - 1) : 0;
    while (count > 0) {
        const Stretch stretch = stretchAt(first, count);
        if (bits == 4)
            forEachElement(stretch, [&](auto from, auto to) { values[to] = codeAt<4>(data, from, flip); });
        else
            forEachElement(stretch, [&](auto from, auto to) { values[to] = codeAt<2>(data, from, flip); });
        first += stretch.size();
        count -= stretch.size();
        values += stretch.size();
    }
}

void TensorElements::wholeNumbers(std::uint64_t first, std::uint64_t count, double *values) const
{
    const DType type = m_view.info->dtype;
    assert(isInteger(type));
    if (m_elementSize == 0) {
        thread_local std::vector<std::int8_t> small;
        small.resize(count);
        codes(first, count, small.data());
        const int shift = isUnsignedCode(type) ? 1 << (bitsOf(type) - 1) : 0;
        std::ranges::transform(small, values, [shift](std::int8_t code) { return double(code + shift); });
        return;
    }
    thread_local std::vector<std::byte> gathered;
    gathered.resize(count * m_elementSize);
    bytes(first, count, gathered.data());
    const IntegerLoader load = integerLoader(type);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto value = load(gathered.data(), i, false);
        values[i] = value ? static_cast<double>(*value)
                          : static_cast<double>(loadElement<std::uint64_t>(gathered.data() + i * 8, false));
    }
}

void readFloatBlock(const TensorElements &elements, const AxisLayout &axis, const BlockRange &range, float *values)
{
    readBlock(axis, range, values,
              [&](std::uint64_t first, std::uint64_t count, float *target) { elements.floats(first, count, target); });
}

void readCodeBlock(const TensorElements &elements, const AxisLayout &axis, const BlockRange &range, std::int8_t *values)
{
    readBlock(axis, range, values, [&](std::uint64_t first, std::uint64_t count, std::int8_t *target) {
        elements.codes(first, count, target);
    });
}

} // namespace qs
