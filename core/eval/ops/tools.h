// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What operators share: attributes, axes, shapes that are broadcast, walks over strided elements.
#pragma once

#include "core/eval/operator.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace qs {

/// Elements that are worked on between two looks at the task: a few milliseconds of the slowest operators.
inline constexpr std::int64_t kElementsPerStep = std::int64_t{1} << 16U;

// Attributes; checkOperators() has seen to their kinds.
std::int64_t intAttribute(const NetworkNode &node, std::string_view name, std::int64_t otherwise);
float floatAttribute(const NetworkNode &node, std::string_view name, float otherwise);
std::string_view textAttribute(const NetworkNode &node, std::string_view name, std::string_view otherwise);
/// Null when the node has none of that name.
const std::vector<std::int64_t> *intsAttribute(const NetworkNode &node, std::string_view name);
const std::vector<float> *floatsAttribute(const NetworkNode &node, std::string_view name);
const std::vector<std::string> *textsAttribute(const NetworkNode &node, std::string_view name);

/// Input `index`; null where it is left out.
inline const Value *inputAt(std::span<const ValuePtr> inputs, std::size_t index)
{
    return index < inputs.size() ? inputs[index].get() : nullptr;
}

/// A value for the output of the node at hand.
inline Result<std::shared_ptr<Value>> makeValue(ElementKind kind, Shape shape, const RunContext &context)
{
    return Value::make(kind, std::move(shape), context.budget);
}

/// The outputs of a node that has a single one.
inline Result<Values> one(Result<ValuePtr> value)
{
    if (!value)
        return std::unexpected(std::move(value).error());
    return Values{std::move(*value)};
}

/// A list of integers as a value of rank 1.
Result<ValuePtr> listValue(std::span<const std::int64_t> values, const RunContext &context);

std::unexpected<Error> wrong(Text message);

/// 0 ≤ axis < rank, also of one that counts from the end.
Result<std::size_t> axisIn(std::int64_t axis, std::size_t rank);
/// The same of several, none twice.
Result<std::vector<std::size_t>> axesIn(std::span<const std::int64_t> axes, std::size_t rank);
/// The only element of an integer, float or bool value, as integer. Error for others.
Result<std::int64_t> onlyInt(const Value &value);
Result<float> onlyFloat(const Value &value);
/// Elements of an integer value of rank 0 or 1.
Result<std::vector<std::int64_t>> intList(const Value &value);
/// The list at input `index` or, in older versions, of the attribute; empty when there is neither.
Result<std::optional<std::vector<std::int64_t>>> listOf(const NetworkNode &node, std::span<const ValuePtr> inputs,
                                                        std::size_t index, std::string_view attribute);

/// Leaky rectifier; NaN stays NaN. Sums of two choices need no jumps, which signs of weights make hard to foresee.
inline float slopeBelowZero(float x, float slope)
{
    const float below = x < 0 ? x : 0;
    const float above = x < 0 ? 0 : x;
    return above + slope * below;
}

/// Product of sizes [from, to) of a shape that has a count.
std::int64_t sizeBetween(const Shape &shape, std::size_t from, std::size_t to);
/// In elements; row-major.
Shape stridesOf(const Shape &shape);
Result<Shape> broadcastShape(const Shape &a, const Shape &b);
/// Steps in `shape` for each axis of `to`: 0 along axes that it is broadcast on. `to` comes of broadcastShape().
Shape broadcastStrides(const Shape &shape, const Shape &to);

/// Walks over the elements of a shape in row-major order, with positions in `count` tensors of their own strides:
/// neighbouring axes are one where all strides allow it.
template <std::size_t count> class StridedWalk
{
public:
    using Positions = std::array<std::int64_t, count>;

    StridedWalk(const Shape &shape, const std::array<Shape, count> &strides)
        : m_elements(elementCount(shape).value_or(0))
    {
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            if (shape[axis] == 1)
                continue;
            Axis next{shape[axis], {}};
            bool joins = !m_axes.empty();
            for (std::size_t i = 0; i < count; ++i) {
                next.strides[i] = strides[i][axis];
                joins = joins && m_axes.back().strides[i] == next.strides[i] * next.size;
            }
            if (joins)
                m_axes.back() = {m_axes.back().size * next.size, next.strides};
            else
                m_axes.push_back(next);
        }
        if (m_axes.empty())
            m_axes.push_back({1, {}});
    }

    /// Steps along the elements of one call of `use`.
    const Positions &steps() const { return m_axes.back().strides; }

    /// Calls use(first element, positions, number of elements) for stretches of at most kElementsPerStep elements.
    template <class Use> Result<void> forEachStretch(const TaskContext &task, Use use) const
    {
        if (m_elements == 0)
            return {};
        const Axis &last = m_axes.back();
        const std::int64_t rows = m_elements / last.size;
        std::vector<std::int64_t> at(m_axes.size(), 0);
        Positions start{};
        std::int64_t sinceCheck = 0;
        for (std::int64_t row = 0; row < rows; ++row) {
            Positions positions = start;
            for (std::int64_t done = 0; done < last.size;) {
                const std::int64_t length = std::min(kElementsPerStep, last.size - done);
                use(row * last.size + done, positions, length);
                done += length;
                for (std::size_t i = 0; i < count; ++i)
                    positions[i] += length * last.strides[i];
                sinceCheck += length;
                if (sinceCheck >= 16 * kElementsPerStep) {
                    QS_CHECK(task.check());
                    sinceCheck = 0;
                }
            }
            advance(at, start);
        }
        return {};
    }

private:
    struct Axis {
        std::int64_t size = 1;
        Positions strides{};
    };

    void advance(std::vector<std::int64_t> &at, Positions &start) const
    {
        for (std::size_t k = m_axes.size() - 1; k-- > 0;) {
            for (std::size_t i = 0; i < count; ++i)
                start[i] += m_axes[k].strides[i];
            if (++at[k] < m_axes[k].size)
                return;
            for (std::size_t i = 0; i < count; ++i)
                start[i] -= m_axes[k].strides[i] * m_axes[k].size;
            at[k] = 0;
        }
    }

    std::int64_t m_elements;
    std::vector<Axis> m_axes;
};

/// Copies elements at `positions` = offset + strides · index into a new value of that shape.
Result<ValuePtr> gatherStrided(const Value &source, Shape shape, const Shape &strides, std::int64_t offset,
                               const RunContext &context);
/// The value as it is broadcast to `shape`; itself where it has that shape already.
Result<ValuePtr> broadcastTo(const ValuePtr &value, const Shape &shape, const RunContext &context);
/// Axes in another order: axis k of the result is axis order[k] of the value.
Result<ValuePtr> transposed(const ValuePtr &value, std::span<const std::size_t> order, const RunContext &context);

/// Calls use(elements) with the elements of the value as they are: std::span<const float> or of int64.
template <class Use> decltype(auto) withElements(const Value &value, Use use)
{
    return value.isFloat() ? use(value.floats()) : use(value.ints());
}
template <class T> std::span<const T> elementsOf(const Value &value)
{
    if constexpr (std::is_same_v<T, float>)
        return value.floats();
    else
        return value.ints();
}
template <class T> std::span<T> elementsOf(Value &value)
{
    if constexpr (std::is_same_v<T, float>)
        return value.floats();
    else
        return value.ints();
}

} // namespace qs
