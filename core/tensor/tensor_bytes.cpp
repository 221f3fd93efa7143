// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/tensor_bytes.h"

#include "core/base/checked_math.h"
#include "core/base/read_buffer.h"
#include "core/kernels/kernels.h"
#include "core/tensor/coded_values.h"
#include "core/tensor/float_blocks.h"
#include "core/tensor/integers.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

namespace qs {

namespace {

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

/// Of elements one behind the other; no product overflows that the elements of a file can have.
std::uint64_t streamBytes(std::uint64_t elements, unsigned bits)
{
    return elements / 8 * bits + ceilDiv(elements % 8 * bits, 8);
}

bool isUnsignedCode(DType type)
{
    switch (type) {
    case DType::U2:
    case DType::U3:
    case DType::U4:
    case DType::U5:
    case DType::U6:
    case DType::U7:
    case DType::U8:
        return true;
    default:
        return false;
    }
}

/// Reads what lies together at a time: of all channels of the block as many weights as are neighbours, then spreads
/// them over the channels.
template <class T, class Read>
Result<void> readMatrix(const AxisLayout &axis, const BlockRange &range, std::uint64_t matrix, T *values, Read &read)
{
    thread_local std::vector<T> run;
    for (std::uint64_t done = 0; done < range.weights;) {
        const std::uint64_t weight = range.weight + done;
        const std::uint64_t length = std::min(axis.inner - weight % axis.inner, range.weights - done);
        const std::uint64_t first =
            matrix + (weight / axis.inner * axis.channels + range.channel) * axis.inner + weight % axis.inner;
        run.resize((range.channels - 1) * axis.inner + length);
        QS_CHECK(read(first, run.size(), run.data()));
        for (std::uint64_t c = 0; c < range.channels; ++c)
            std::copy_n(run.data() + c * axis.inner, length, values + c * range.weights + done);
        done += length;
    }
    return {};
}

template <class T, class Read>
Result<void> readBlock(const AxisLayout &axis, const BlockRange &range, T *values, Read read)
{
    if (axis.contiguous()) // whole channels, or a piece of one
        return read(range.channel * axis.inner + range.weight, range.size(), values);
    Result<void> result;
    forEachMatrix(axis, range, [&](std::uint64_t matrix, std::uint64_t first, std::uint64_t count, std::uint64_t row) {
        if (result)
            result = readMatrix(axis, {first, count, range.weight, range.weights}, matrix, values + row * range.weights,
                                read);
    });
    return result;
}

} // namespace

bool isPacked(const TensorInfo &info)
{
    return info.strides.empty() && !info.bigEndian && info.encoding == nullptr && info.rowElements == 0;
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
Gather TensorElements::stretchAt(std::uint64_t first, std::uint64_t count) const
{
    Gather stretch;
    auto &[unused, rows, line] = stretch.axes;
    if (m_shape.empty()) {
        stretch.source = first;
        line = {count, 1, 1};
        return stretch;
    }
    const std::uint64_t columns = m_shape.back();
    const std::uint64_t column = first % columns;
    stretch.source = column * m_strides.back();
    line = {std::min(count, columns - column), m_strides.back(), 1};
    std::uint64_t rest = first / columns;
    for (std::size_t i = m_shape.size() - 1; i-- > 0;) {
        const std::uint64_t at = rest % m_shape[i];
        if (i + 2 == m_shape.size() && column == 0 && count >= columns)
            rows = {std::min(m_shape[i] - at, count / columns), m_strides[i], columns};
        stretch.source += at * m_strides[i];
        rest /= m_shape[i];
    }
    return stretch;
}

template <class Use>
Result<void> TensorElements::forEachStretch(std::uint64_t first, std::uint64_t count, Use use) const
{
    for (std::uint64_t done = 0; done < count;) {
        Gather stretch = stretchAt(first + done, count - done);
        stretch.target = done;
        QS_CHECK(use(std::as_const(stretch)));
        done += stretch.axes[1].count * stretch.axes[2].count;
    }
    return {};
}

Result<void> TensorElements::bytes(std::uint64_t first, std::uint64_t count, std::byte *target) const
{
    assert(m_elementSize > 0);
    if (m_shape.empty()) {
        QS_CHECK(m_view.read(first * m_elementSize, {target, count * m_elementSize}));
    } else {
        QS_CHECK(forEachStretch(
            first, count, [&](const Gather &stretch) { return gatherBytes(m_view, m_elementSize, stretch, target); }));
    }
    if (m_view.info->bigEndian)
        toLittleEndian(m_view.info->dtype, target, count);
    return {};
}

Result<void> TensorElements::floats(std::uint64_t first, std::uint64_t count, float *values) const
{
    if (const Encoding *encoding = m_view.info->encoding)
        return encoding->values ? encoding->values->floats(first, count, values) : decodeBlocks(first, count, values);
    if (m_view.info->dtype == DType::F32)
        return bytes(first, count, reinterpret_cast<std::byte *>(values));
    thread_local ReadBuffer buffer;
    const std::span<std::byte> gathered = buffer.bytes(count * m_elementSize);
    QS_CHECK(bytes(first, count, gathered.data()));
    toFloats(m_view.info->dtype, gathered.data(), count, values);
    return {};
}

/// Whole blocks go where they belong; of the first and the last one perhaps only a part.
Result<void> TensorElements::decodeBlocks(std::uint64_t first, std::uint64_t count, float *values) const
{
    if (count == 0)
        return {};
    const Encoding &encoding = *m_view.info->encoding;
    const std::uint64_t firstBlock = first / encoding.blockElements;
    const std::uint64_t blocks = (first + count - 1) / encoding.blockElements + 1 - firstBlock;
    thread_local ReadBuffer buffer;
    const std::span<std::byte> read = buffer.bytes(blocks * encoding.blockBytes);
    QS_CHECK(m_view.read(firstBlock * encoding.blockBytes, read));
    const std::byte *source = read.data();
    const auto decode = [&](std::uint64_t number, float *target) {
        encoding.decode(source, number, m_view.info->bigEndian, target);
        source += number * encoding.blockBytes;
    };
    for (std::uint64_t skip = first % encoding.blockElements; count > 0; skip = 0) {
        std::uint64_t length = count / encoding.blockElements * encoding.blockElements;
        if (skip == 0 && length > 0) {
            decode(length / encoding.blockElements, values);
        } else {
            thread_local std::vector<float> part;
            part.resize(encoding.blockElements);
            decode(1, part.data());
            length = std::min<std::uint64_t>(count, encoding.blockElements - skip);
            std::copy_n(part.data() + skip, length, values);
        }
        count -= length;
        values += length;
    }
    return {};
}

Result<void> TensorElements::codes(std::uint64_t first, std::uint64_t count, std::int8_t *values) const
{
    const DType type = m_view.info->dtype;
    assert(holdsCodes(type));
    if (m_elementSize == 1) {
        QS_CHECK(bytes(first, count, reinterpret_cast<std::byte *>(values)));
        if (type == DType::U8)
            for (std::uint64_t i = 0; i < count; ++i)
                values[i] = static_cast<std::int8_t>(static_cast<std::uint8_t>(values[i]) ^ 0x80U);
        return {};
    }
    const unsigned bits = bitsOf(type);
    if (m_view.info->rowElements != 0 || 8 % bits != 0)
        return streamCodes(first, count, values);
    const unsigned flip = isUnsignedCode(type) ? 1U << (bits - 1) : 0;
    return forEachStretch(first, count, [&](const Gather &stretch) {
        return readPieces(m_view, bits, stretch, [&](const std::byte *data, const Gather &piece) {
            if (bits == 4)
                forEachElement(piece, [&](auto from, auto to) { values[to] = codeAt<4>(data, from, flip); });
            else
                forEachElement(piece, [&](auto from, auto to) { values[to] = codeAt<2>(data, from, flip); });
        });
    });
}

/// Unsigned codes of any width in rows of streams; of tensors without strides.
Result<void> TensorElements::streamCodes(std::uint64_t first, std::uint64_t count, std::int8_t *values) const
{
    if (count == 0)
        return {};
    const unsigned bits = bitsOf(m_view.info->dtype);
    const std::uint64_t row = m_view.info->rowElements != 0 ? m_view.info->rowElements : m_view.info->elements();
    const std::uint64_t rowBytes = streamBytes(row, bits);
    const auto byteOf = [&](std::uint64_t element) { return element / row * rowBytes + element % row / 8 * bits; };
    const std::uint64_t begin = byteOf(first); // of eight codes that begin with a byte
    const std::uint64_t last = first + count - 1;
    const std::uint64_t end = last / row * rowBytes + streamBytes(last % row + 1, bits);
    thread_local ReadBuffer buffer;
    const std::span<std::byte> bytes = buffer.bytes(end - begin);
    QS_CHECK(m_view.read(begin, bytes));
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t element = first + i;
        const std::uint64_t bit = element % row % 8 * bits;
        const std::byte *at = bytes.data() + (byteOf(element) - begin) + bit / 8;
        unsigned word = std::to_integer<unsigned>(at[0]);
        if (bit % 8 + bits > 8)
            word |= std::to_integer<unsigned>(at[1]) << 8U;
        const unsigned code = word >> (bit % 8) & ((1U << bits) - 1);
        values[i] = static_cast<std::int8_t>(static_cast<int>(code) - (1 << (bits - 1)));
    }
    return {};
}

template <class Number>
Result<void> TensorElements::integers(std::uint64_t first, std::uint64_t count, Number *values) const
{
    const DType type = m_view.info->dtype;
    assert(isInteger(type));
    if (m_elementSize == 0) {
        thread_local std::vector<std::int8_t> small;
        small.resize(count);
        QS_CHECK(codes(first, count, small.data()));
        const int shift = isUnsignedCode(type) ? 1 << (bitsOf(type) - 1) : 0;
        std::ranges::transform(small, values, [shift](std::int8_t code) { return static_cast<Number>(code + shift); });
        return {};
    }
    thread_local ReadBuffer buffer;
    const std::span<std::byte> gathered = buffer.bytes(count * m_elementSize);
    QS_CHECK(bytes(first, count, gathered.data()));
    const IntegerLoader load = integerLoader(type);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto value = load(gathered.data(), i, false);
        values[i] = value ? static_cast<Number>(*value)
                          : static_cast<Number>(loadElement<std::uint64_t>(gathered.data() + i * 8, false));
    }
    return {};
}

Result<void> TensorElements::wholeNumbers(std::uint64_t first, std::uint64_t count, double *values) const
{
    return integers(first, count, values);
}

Result<void> TensorElements::numbers(std::uint64_t first, std::uint64_t count, long double *values) const
{
    static_assert(std::numeric_limits<long double>::digits >= 64, "u64 and i64 must fit");
    const DType type = m_view.info->dtype;
    if (isInteger(type))
        return integers(first, count, values);
    if (type == DType::F64) {
        thread_local ReadBuffer buffer;
        const std::span<std::byte> gathered = buffer.bytes(count * m_elementSize);
        QS_CHECK(bytes(first, count, gathered.data()));
        for (std::uint64_t i = 0; i < count; ++i)
            values[i] = loadElement<double>(gathered.data() + i * m_elementSize, false);
        return {};
    }
    thread_local std::vector<float> narrow;
    narrow.resize(count);
    QS_CHECK(floats(first, count, narrow.data()));
    std::ranges::copy(narrow, values);
    return {};
}

Result<void> readFloatBlock(const TensorElements &elements, const AxisLayout &axis, const BlockRange &range,
                            float *values)
{
    return readBlock(axis, range, values, [&](std::uint64_t first, std::uint64_t count, float *target) {
        return elements.floats(first, count, target);
    });
}

Result<void> readNumberBlock(const TensorElements &elements, const AxisLayout &axis, const BlockRange &range,
                             long double *values)
{
    return readBlock(axis, range, values, [&](std::uint64_t first, std::uint64_t count, long double *target) {
        return elements.numbers(first, count, target);
    });
}

Result<void> readCodeBlock(const TensorElements &elements, const AxisLayout &axis, const BlockRange &range,
                           std::int8_t *values)
{
    return readBlock(axis, range, values, [&](std::uint64_t first, std::uint64_t count, std::int8_t *target) {
        return elements.codes(first, count, target);
    });
}

} // namespace qs
