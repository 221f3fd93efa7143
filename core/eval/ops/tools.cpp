// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/tools.h"

#include <cmath>
#include <numeric>

namespace qs {
namespace {

template <class T> const T *attribute(const NetworkNode &node, std::string_view name)
{
    for (const NetworkAttribute &entry : node.attributes)
        if (entry.name == name)
            return std::get_if<T>(&entry.value);
    return nullptr;
}

} // namespace

std::int64_t intAttribute(const NetworkNode &node, std::string_view name, std::int64_t otherwise)
{
    const auto *value = attribute<std::int64_t>(node, name);
    return value != nullptr ? *value : otherwise;
}

float floatAttribute(const NetworkNode &node, std::string_view name, float otherwise)
{
    const auto *value = attribute<float>(node, name);
    return value != nullptr ? *value : otherwise;
}

std::string_view textAttribute(const NetworkNode &node, std::string_view name, std::string_view otherwise)
{
    const auto *value = attribute<std::string>(node, name);
    return value != nullptr ? std::string_view(*value) : otherwise;
}

const std::vector<std::int64_t> *intsAttribute(const NetworkNode &node, std::string_view name)
{
    return attribute<std::vector<std::int64_t>>(node, name);
}

const std::vector<float> *floatsAttribute(const NetworkNode &node, std::string_view name)
{
    return attribute<std::vector<float>>(node, name);
}

const std::vector<std::string> *textsAttribute(const NetworkNode &node, std::string_view name)
{
    return attribute<std::vector<std::string>>(node, name);
}

Result<ValuePtr> listValue(std::span<const std::int64_t> values, const RunContext &context)
{
    QS_ASSIGN(const auto result, makeValue(ElementKind::Int, {static_cast<std::int64_t>(values.size())}, context));
    std::ranges::copy(values, result->ints().begin());
    return result;
}

std::unexpected<Error> wrong(Text message)
{
    return fail(ErrorCode::Work, std::move(message));
}

Result<std::size_t> axisIn(std::int64_t axis, std::size_t rank)
{
    const auto count = static_cast<std::int64_t>(rank);
    if (axis < -count || axis >= count)
        return wrong(Text::of("there is no axis {} among {}", axis, rank));
    return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

Result<std::vector<std::size_t>> axesIn(std::span<const std::int64_t> axes, std::size_t rank)
{
    std::vector<std::size_t> result;
    std::vector<bool> seen(rank, false);
    for (const std::int64_t entry : axes) {
        QS_ASSIGN(const std::size_t axis, axisIn(entry, rank));
        if (seen[axis])
            return wrong(Text::of("axis {} stands there twice", entry));
        seen[axis] = true;
        result.push_back(axis);
    }
    return result;
}

Result<std::int64_t> onlyInt(const Value &value)
{
    if (value.size() != 1)
        return wrong(Text::of("a value has shape {}; a single number is expected", shapeText(value.shape())));
    if (!value.isFloat())
        return value.ints()[0];
    const float number = value.floats()[0];
    if (!(std::abs(number) < 0x1p62F))
        return wrong(Text::of("{} is no whole number in 63 bits", static_cast<double>(number)));
    return static_cast<std::int64_t>(number);
}

Result<float> onlyFloat(const Value &value)
{
    if (value.size() != 1)
        return wrong(Text::of("a value has shape {}; a single number is expected", shapeText(value.shape())));
    return value.isFloat() ? value.floats()[0] : static_cast<float>(value.ints()[0]);
}

Result<std::vector<std::int64_t>> intList(const Value &value)
{
    if (value.kind() != ElementKind::Int || value.rank() > 1)
        return wrong(Text::of("a value has shape {}; a list of integers is expected", shapeText(value.shape())));
    return std::vector<std::int64_t>(value.ints().begin(), value.ints().end());
}

Result<std::optional<std::vector<std::int64_t>>> listOf(const NetworkNode &node, std::span<const ValuePtr> inputs,
                                                        std::size_t index, std::string_view attribute)
{
    std::optional<std::vector<std::int64_t>> result;
    if (const Value *value = inputAt(inputs, index)) {
        QS_ASSIGN(result, intList(*value));
    } else if (const auto *list = intsAttribute(node, attribute)) {
        result = *list;
    }
    return result;
}

std::int64_t sizeBetween(const Shape &shape, std::size_t from, std::size_t to)
{
    return std::accumulate(shape.begin() + static_cast<std::ptrdiff_t>(from),
                           shape.begin() + static_cast<std::ptrdiff_t>(to), std::int64_t{1}, std::multiplies<>());
}

Shape stridesOf(const Shape &shape)
{
    Shape result(shape.size(), 1);
    for (std::size_t k = shape.size(); k-- > 1;)
        result[k - 1] = result[k] * std::max<std::int64_t>(shape[k], 1);
    return result;
}

Result<Shape> broadcastShape(const Shape &a, const Shape &b)
{
    Shape result(std::max(a.size(), b.size()), 1);
    for (std::size_t k = 0; k < result.size(); ++k) { // from the last axis
        const std::int64_t x = k < a.size() ? a[a.size() - 1 - k] : 1;
        const std::int64_t y = k < b.size() ? b[b.size() - 1 - k] : 1;
        if (x != y && x != 1 && y != 1)
            return wrong(Text::of("shapes {} and {} do not fit each other", shapeText(a), shapeText(b)));
        result[result.size() - 1 - k] = x == 1 ? y : x;
    }
    return result;
}

Shape broadcastStrides(const Shape &shape, const Shape &to)
{
    const Shape strides = stridesOf(shape);
    Shape result(to.size(), 0);
    const std::size_t more = to.size() - shape.size();
    for (std::size_t k = 0; k < shape.size(); ++k)
        result[more + k] = shape[k] == 1 ? 0 : strides[k];
    return result;
}

Result<ValuePtr> gatherStrided(const Value &source, Shape shape, const Shape &strides, std::int64_t offset,
                               const RunContext &context)
{
    QS_ASSIGN(const auto result, makeValue(source.kind(), std::move(shape), context));
    const StridedWalk<1> walk(result->shape(), {strides});
    const std::int64_t step = walk.steps()[0];
    const auto copy = [&](auto from, auto to) {
        return walk.forEachStretch(context.task, [&](std::int64_t first, const auto &at, std::int64_t length) {
            const auto *source0 = from.data() + offset + at[0];
            auto *target = to.data() + first;
            if (step == 1) {
                std::copy_n(source0, length, target);
            } else {
                for (std::int64_t i = 0; i < length; ++i)
                    target[i] = source0[i * step];
            }
        });
    };
    QS_CHECK(source.isFloat() ? copy(source.floats(), result->floats()) : copy(source.ints(), result->ints()));
    return result;
}

Result<ValuePtr> broadcastTo(const ValuePtr &value, const Shape &shape, const RunContext &context)
{
    if (value->shape() == shape)
        return value;
    return gatherStrided(*value, shape, broadcastStrides(value->shape(), shape), 0, context);
}

Result<ValuePtr> transposed(const ValuePtr &value, std::span<const std::size_t> order, const RunContext &context)
{
    const Shape from = stridesOf(value->shape());
    Shape shape;
    Shape strides;
    bool moves = false; // axes of one element may go anywhere
    std::size_t last = 0;
    for (const std::size_t axis : order) {
        shape.push_back(value->shape()[axis]);
        strides.push_back(from[axis]);
        if (value->shape()[axis] != 1) {
            moves = moves || axis < last;
            last = axis;
        }
    }
    if (!moves)
        return Value::view(value, std::move(shape));
    return gatherStrided(*value, std::move(shape), strides, 0, context);
}

} // namespace qs
