// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/integers.h"

#include <utility>

namespace qs {

namespace {

template <class T> std::optional<std::int64_t> integerAt(const std::byte *data, std::uint64_t index, bool bigEndian)
{
    const T value = loadElement<T>(data + index * sizeof(T), bigEndian);
    if (!std::in_range<std::int64_t>(value))
        return std::nullopt;
    return static_cast<std::int64_t>(value);
}

} // namespace

IntegerLoader integerLoader(DType type)
{
    switch (type) {
    case DType::I8:
        return integerAt<std::int8_t>;
    case DType::Bool:
    case DType::U8:
        return integerAt<std::uint8_t>;
    case DType::I16:
        return integerAt<std::int16_t>;
    case DType::U16:
        return integerAt<std::uint16_t>;
    case DType::I32:
        return integerAt<std::int32_t>;
    case DType::U32:
        return integerAt<std::uint32_t>;
    case DType::I64:
        return integerAt<std::int64_t>;
    case DType::U64:
        return integerAt<std::uint64_t>;
    default: // types below a byte are read by TensorElements
        return nullptr;
    }
}

} // namespace qs
