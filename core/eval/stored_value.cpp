// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/stored_value.h"

#include "core/kernels/kernels.h"
#include "core/tensor/tensor_bytes.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace qs {
namespace {

constexpr std::uint64_t kElementsPerRead = std::uint64_t{1} << 20U;

Result<Shape> shapeOf(const std::vector<std::uint64_t> &sizes)
{
    Shape shape;
    for (const std::uint64_t size : sizes) {
        if (size > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return fail(ErrorCode::Work, Text::of("an axis of size {} is too long", size));
        shape.push_back(static_cast<std::int64_t>(size));
    }
    return shape;
}

template <class T> void widen(const std::byte *source, std::span<std::int64_t> target)
{
    for (std::size_t i = 0; i < target.size(); ++i) {
        T value{};
        std::memcpy(&value, source + i * sizeof(T), sizeof(T));
        target[i] = static_cast<std::int64_t>(value);
    }
}

/// Two elements per byte, the first in the low nibble.
void widenNibbles(const std::byte *source, bool isSigned, std::span<std::int64_t> target)
{
    for (std::size_t i = 0; i < target.size(); ++i) {
        const auto code = static_cast<std::int64_t>(std::to_integer<unsigned>(source[i / 2]) >> (4 * (i % 2)) & 15U);
        target[i] = isSigned && code > 7 ? code - 16 : code;
    }
}

/// False for types that are no integers.
bool decodeIntegers(DType type, const std::byte *source, std::span<std::int64_t> target)
{
    switch (type) {
    case DType::Bool:
    case DType::U8:
        widen<std::uint8_t>(source, target);
        return true;
    case DType::I8:
        widen<std::int8_t>(source, target);
        return true;
    case DType::I16:
        widen<std::int16_t>(source, target);
        return true;
    case DType::U16:
        widen<std::uint16_t>(source, target);
        return true;
    case DType::I32:
        widen<std::int32_t>(source, target);
        return true;
    case DType::U32:
        widen<std::uint32_t>(source, target);
        return true;
    case DType::I64:
    case DType::U64:
        widen<std::int64_t>(source, target);
        return true;
    case DType::I4:
    case DType::U4:
        widenNibbles(source, type == DType::I4, target);
        return true;
    default:
        return false;
    }
}

bool decodeFloats(DType type, const std::byte *source, std::span<float> target)
{
    switch (type) {
    case DType::F32:
        if (!target.empty())
            std::memcpy(target.data(), source, target.size_bytes());
        return true;
    case DType::F16:
        kernels().fromF16(source, target.size(), target.data());
        return true;
    case DType::BF16:
        kernels().fromBf16(source, target.size(), target.data());
        return true;
    case DType::F64:
        kernels().fromF64(source, target.size(), target.data());
        return true;
    default:
        return false;
    }
}

std::unexpected<Error> noNumbers(std::string_view type)
{
    return fail(ErrorCode::Work, Text::of("values of type {} cannot be computed with", type));
}

Result<void> readFloats(const TensorView &view, std::span<float> target, const TaskContext &context)
{
    const TensorElements elements(view);
    for (std::uint64_t first = 0; first < target.size(); first += kElementsPerRead) {
        QS_CHECK(context.check());
        const std::uint64_t count = std::min<std::uint64_t>(kElementsPerRead, target.size() - first);
        QS_CHECK(elements.floats(first, count, target.data() + first));
    }
    return {};
}

Result<void> readIntegers(const TensorView &view, std::span<std::int64_t> target, const TaskContext &context)
{
    const TensorElements elements(view);
    const DType type = view.info->dtype;
    if (bitsOf(type) % 8 != 0) {
        const TensorInfo &info = *view.info;
        if (!isPacked(info) || info.byteSize < (target.size() + 1) / 2)
            return noNumbers(info.typeName());
        std::vector<std::byte> bytes((target.size() + 1) / 2);
        QS_CHECK(view.read(0, bytes));
        return decodeIntegers(type, bytes.data(), target) ? Result<void>() : noNumbers(info.typeName());
    }
    std::vector<std::byte> bytes;
    for (std::uint64_t first = 0; first < target.size(); first += kElementsPerRead) {
        QS_CHECK(context.check());
        const std::uint64_t count = std::min<std::uint64_t>(kElementsPerRead, target.size() - first);
        bytes.resize(count * bitsOf(type) / 8);
        QS_CHECK(elements.bytes(first, count, bytes.data()));
        if (!decodeIntegers(type, bytes.data(), target.subspan(first, count)))
            return noNumbers(view.info->typeName());
    }
    return {};
}

} // namespace

Result<ValuePtr> tensorValue(const Model &model, std::size_t tensor, MemoryBudget &budget, const TaskContext &context)
{
    const TensorView view = model.view(tensor);
    const bool isFloat = view.info->hasFloatValues();
    if (!isFloat && !isInteger(view.info->dtype))
        return noNumbers(view.info->typeName());
    QS_ASSIGN(Shape shape, shapeOf(view.info->shape));
    const ElementKind kind = isFloat                           ? ElementKind::Float
                             : view.info->dtype == DType::Bool ? ElementKind::Bool
                                                               : ElementKind::Int;
    QS_ASSIGN(const auto value, Value::make(kind, std::move(shape), budget));
    QS_CHECK(isFloat ? readFloats(view, value->floats(), context) : readIntegers(view, value->ints(), context));
    return value;
}

Result<ValuePtr> constantValue(const NetworkConstant &constant, MemoryBudget &budget)
{
    const unsigned bits = bitsOf(constant.dtype);
    QS_ASSIGN(Shape shape, shapeOf(constant.shape));
    const auto count = elementCount(shape);
    const std::uint64_t available = bits == 0 ? 0 : constant.bytes.size() * 8 / bits;
    if (bits == 0 || !count || static_cast<std::uint64_t>(*count) > available)
        return noNumbers(nameOf(constant.dtype));
    const bool integers = isInteger(constant.dtype);
    const ElementKind kind = !integers                       ? ElementKind::Float
                             : constant.dtype == DType::Bool ? ElementKind::Bool
                                                             : ElementKind::Int;
    QS_ASSIGN(const auto value, Value::make(kind, std::move(shape), budget));
    if (integers ? decodeIntegers(constant.dtype, constant.bytes.data(), value->ints())
                 : decodeFloats(constant.dtype, constant.bytes.data(), value->floats()))
        return value;
    return noNumbers(nameOf(constant.dtype));
}

} // namespace qs
