// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/safetensors/tensor_entry.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"

#include <algorithm>
#include <optional>

namespace qs {
namespace {

constexpr std::size_t kMaxNameBytes = std::size_t{64} << 10;
constexpr std::size_t kMaxDims = 32;

} // namespace

Text tensorPlace(const std::string &where, std::string_view tensor, std::size_t offset)
{
    return Text::of("{}, safetensors header, tensor {}, byte {}", where, inQuotes(tensor), offset);
}

std::unexpected<Error> TensorEntry::wrong(Text message, std::size_t offset) const
{
    return fail(ErrorCode::Input, std::move(message), tensorPlace(m_where, m_tensor.name, offset));
}

std::string_view TensorEntry::fieldName() const
{
    return m_field == Field::DType ? "dtype" : m_field == Field::Shape ? "shape" : "data_offsets";
}

Result<void> TensorEntry::begin(const std::string &name, std::size_t offset)
{
    m_tensor = {};
    m_seen = 0;
    if (name.empty())
        return wrong(Text::of("a tensor has an empty name"), offset);
    if (name.size() > kMaxNameBytes)
        return wrong(Text::of("a tensor name has {} bytes, the limit is {}", name.size(), kMaxNameBytes), offset);
    m_tensor.name = name; // a copy takes no more than it needs
    return {};
}

Result<void> TensorEntry::key(const std::string &name, std::size_t offset)
{
    m_field = name == "dtype"          ? Field::DType
              : name == "shape"        ? Field::Shape
              : name == "data_offsets" ? Field::Offsets
                                       : Field::Other;
    if (m_field == Field::Other)
        return {};
    const unsigned bit = 1U << static_cast<unsigned>(m_field);
    if ((m_seen & bit) != 0)
        return wrong(Text::of("the key '{}' stands there twice", name), offset);
    m_seen |= bit;
    if (m_field == Field::Offsets)
        m_offsets.clear();
    return {};
}

Result<void> TensorEntry::scalar(const json::Scalar &value, std::size_t offset)
{
    switch (m_field) {
    case Field::DType:
        return setDType(value, offset);
    case Field::Shape:
    case Field::Offsets:
        return m_inArray ? addNumber(value, offset)
                         : wrong(Text::of("'{}' must be an array of whole numbers, not {}", fieldName(),
                                          json::describe(value.kind)),
                                 offset);
    case Field::Other:
        break;
    }
    return {};
}

Result<void> TensorEntry::beginArray(json::Kind kind, std::size_t offset)
{
    if (m_inArray)
        return wrong(Text::of("'{}' must hold whole numbers, not {}", fieldName(), json::describe(kind)), offset);
    if (m_field == Field::DType || kind != json::Kind::Array)
        return wrong(Text::of("'{}' must be {}, not {}", fieldName(),
                              m_field == Field::DType ? Text::of("a string") : Text::of("an array of whole numbers"),
                              json::describe(kind)),
                     offset);
    m_inArray = true;
    return {};
}

Result<void> TensorEntry::endArray(std::size_t offset)
{
    m_inArray = false;
    if (m_field == Field::Offsets && m_offsets.size() != 2)
        return wrong(Text::of("'data_offsets' must hold 2 numbers, not {}", m_offsets.size()), offset);
    return {};
}

Result<void> TensorEntry::setDType(const json::Scalar &value, std::size_t offset)
{
    if (value.kind != json::Kind::String)
        return wrong(Text::of("'dtype' must be a string, not {}", json::describe(value.kind)), offset);
    const std::optional<DType> type = dtypeFromSafetensors(value.text);
    if (!type)
        return wrong(Text::of("unknown dtype {}, expected one like F32, F16, BF16, I8", inQuotes(value.text)), offset);
    m_tensor.dtype = *type;
    return {};
}

Result<void> TensorEntry::addNumber(const json::Scalar &value, std::size_t offset)
{
    if (value.kind != json::Kind::Unsigned)
        return wrong(Text::of("'{}' must hold whole numbers from 0 to 2^64 - 1, not {}", fieldName(),
                              json::describe(value.kind)),
                     offset);
    std::vector<std::uint64_t> &numbers = m_field == Field::Shape ? m_tensor.shape : m_offsets;
    numbers.push_back(value.number);
    if (m_tensor.shape.size() > kMaxDims)
        return wrong(Text::of("'shape' has more than {} dimensions, the limit", kMaxDims), offset);
    if (m_offsets.size() > 2)
        return wrong(Text::of("'data_offsets' must hold 2 numbers, not more"), offset);
    return {};
}

Result<TensorInfo> TensorEntry::finish(std::size_t offset)
{
    for (const Field field : {Field::DType, Field::Shape, Field::Offsets}) {
        m_field = field;
        if ((m_seen & 1U << static_cast<unsigned>(field)) == 0)
            return wrong(Text::of("the key '{}' is missing", fieldName()), offset);
    }
    if (m_offsets[1] < m_offsets[0])
        return wrong(Text::of("'data_offsets' begins at {} and ends before, at {}", m_offsets[0], m_offsets[1]),
                     offset);
    m_tensor.byteOffset = m_offsets[0];
    m_tensor.byteSize = m_offsets[1] - m_offsets[0];
    QS_CHECK(checkSize(offset));
    return std::move(m_tensor);
}

Result<void> TensorEntry::checkSize(std::size_t offset) const
{
    const auto shape = [this] { return shapeText(m_tensor.shape); }; // formed only for errors
    // Dimensions beside a zero are multiplied, too: later arithmetic leaves out single dimensions.
    std::optional<std::uint64_t> product = 1;
    for (std::uint64_t dim : m_tensor.shape)
        if (product && dim != 0)
            product = checkedMul(*product, dim);
    if (!product)
        return wrong(Text::of("the shape {} has more than 2^64 - 1 elements", shape()), offset);
    const std::uint64_t elements = std::ranges::count(m_tensor.shape, 0U) > 0 ? 0 : *product;
    const std::optional<std::uint64_t> bits = checkedMul(elements, bitsOf(m_tensor.dtype));
    if (!bits)
        return wrong(
            Text::of("the shape {} of {} has more than 2^64 - 1 bits", shape(), safetensorsNameOf(m_tensor.dtype)),
            offset);
    if (*bits % 8 != 0)
        return wrong(
            Text::of("the shape {} of {} is not a whole number of bytes", shape(), safetensorsNameOf(m_tensor.dtype)),
            offset);
    if (*bits / 8 != m_tensor.byteSize)
        return wrong(Text::of("'data_offsets' spans {} bytes, but the shape {} of {} needs {}", m_tensor.byteSize,
                              shape(), safetensorsNameOf(m_tensor.dtype), *bits / 8),
                     offset);
    return {};
}

} // namespace qs
