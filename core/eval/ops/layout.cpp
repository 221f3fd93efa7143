// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/layout.h"

#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"

#include <array>
#include <cmath>
#include <numeric>

namespace qs {
namespace {

Result<Values> shape(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Shape &sizes = inputs[0]->shape();
    const auto rank = static_cast<std::int64_t>(sizes.size());
    const auto bound = [rank](std::int64_t axis) {
        return std::clamp<std::int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
    };
    const std::int64_t start = bound(intAttribute(node, "start", 0));
    const std::int64_t end = std::max(start, bound(intAttribute(node, "end", rank)));
    return one(listValue(
        std::span(sizes).subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start)), context));
}

Result<Values> size(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(const auto result, makeValue(ElementKind::Int, {}, context));
    result->ints()[0] = static_cast<std::int64_t>(inputs[0]->size());
    return Values{result};
}

Result<Values> reshape(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext & /*context*/)
{
    QS_ASSIGN(const auto list, listOf(node, inputs, 1, "shape"));
    if (!list)
        return wrong(Text::of("the new shape is missing"));
    const Shape &from = inputs[0]->shape();
    const bool keepsZero = intAttribute(node, "allowzero", 0) != 0;
    Shape to = *list;
    std::optional<std::size_t> rest;
    for (std::size_t k = 0; k < to.size(); ++k) {
        if (to[k] == 0 && !keepsZero && k < from.size()) {
            to[k] = from[k];
        } else if (to[k] == -1) {
            if (rest)
                return wrong(Text::of("the new shape {} leaves two sizes open", shapeText(*list)));
            rest = k;
            to[k] = 1;
        }
    }
    if (rest) {
        const auto known = elementCount(to);
        const auto all = static_cast<std::int64_t>(inputs[0]->size());
        if (!known || (*known == 0 ? all != 0 : all % *known != 0))
            return wrong(Text::of("the shape {} does not become {}", shapeText(from), shapeText(*list)));
        to[*rest] = *known == 0 ? 0 : all / *known;
    }
    return one(Value::view(inputs[0], std::move(to)));
}

Result<Values> flatten(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext & /*context*/)
{
    const Shape &from = inputs[0]->shape();
    const auto rank = static_cast<std::int64_t>(from.size());
    const std::int64_t wanted = intAttribute(node, "axis", 1);
    if (wanted < -rank || wanted > rank)
        return wrong(Text::of("there is no axis {} among {}", wanted, rank));
    const auto axis = static_cast<std::size_t>(wanted < 0 ? wanted + rank : wanted);
    return one(Value::view(inputs[0], {sizeBetween(from, 0, axis), sizeBetween(from, axis, from.size())}));
}

Result<Values> squeeze(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext & /*context*/)
{
    const Shape &from = inputs[0]->shape();
    QS_ASSIGN(const auto list, listOf(node, inputs, 1, "axes"));
    std::vector<bool> goes(from.size(), false);
    if (list) {
        QS_ASSIGN(const auto axes, axesIn(*list, from.size()));
        for (const std::size_t axis : axes)
            goes[axis] = true;
    } else {
        for (std::size_t k = 0; k < from.size(); ++k)
            goes[k] = from[k] == 1;
    }
    Shape to;
    for (std::size_t k = 0; k < from.size(); ++k)
        if (!goes[k])
            to.push_back(from[k]);
    return one(Value::view(inputs[0], std::move(to)));
}

Result<Values> unsqueeze(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext & /*context*/)
{
    QS_ASSIGN(const auto list, listOf(node, inputs, 1, "axes"));
    if (!list)
        return wrong(Text::of("the axes are missing"));
    const Shape &from = inputs[0]->shape();
    QS_ASSIGN(const auto axes, axesIn(*list, from.size() + list->size()));
    Shape to(from.size() + axes.size(), 0);
    for (const std::size_t axis : axes)
        to[axis] = 1;
    auto next = from.begin();
    std::vector<bool> isNew(to.size(), false);
    for (const std::size_t axis : axes)
        isNew[axis] = true;
    for (std::size_t k = 0; k < to.size(); ++k)
        if (!isNew[k])
            to[k] = *next++;
    return one(Value::view(inputs[0], std::move(to)));
}

Result<Values> transpose(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const std::size_t rank = inputs[0]->rank();
    std::vector<std::size_t> order(rank);
    if (const auto *list = intsAttribute(node, "perm")) {
        QS_ASSIGN(order, axesIn(*list, rank));
        if (order.size() != rank)
            return wrong(Text::of("the order names {} axes of {}", order.size(), rank));
    } else {
        std::iota(order.rbegin(), order.rend(), std::size_t{0});
    }
    return one(transposed(inputs[0], order, context));
}

/// Copies `rows` stretches of `length` elements.
template <class T> struct Stretches {
    const T *from;
    std::int64_t fromStep;
    T *to;
    std::int64_t toStep;
};

template <class T>
Result<void> copyStretches(const Stretches<T> &what, std::int64_t rows, std::int64_t length, const TaskContext &task)
{
    std::int64_t sinceCheck = 0;
    for (std::int64_t row = 0; row < rows; ++row) {
        std::copy_n(what.from + row * what.fromStep, length, what.to + row * what.toStep);
        sinceCheck += length + 1;
        if (sinceCheck > 16 * kElementsPerStep) {
            QS_CHECK(task.check());
            sinceCheck = 0;
        }
    }
    return {};
}

Result<void> copyInto(const Value &from, std::int64_t fromAt, std::int64_t fromStep, Value &to, std::int64_t toAt,
                      std::int64_t toStep, std::int64_t rows, std::int64_t length, const TaskContext &task)
{
    if (from.isFloat())
        return copyStretches<float>({from.floats().data() + fromAt, fromStep, to.floats().data() + toAt, toStep}, rows,
                                    length, task);
    return copyStretches<std::int64_t>({from.ints().data() + fromAt, fromStep, to.ints().data() + toAt, toStep}, rows,
                                       length, task);
}

Result<Values> concat(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    for (const ValuePtr &part : inputs)
        if (!part)
            return wrong(Text::of("an input is missing"));
    Shape to = inputs[0]->shape();
    QS_ASSIGN(const std::size_t axis, axisIn(intAttribute(node, "axis", 0), to.size()));
    std::int64_t length = 0;
    for (const ValuePtr &part : inputs) {
        Shape same = part->shape();
        if (part->kind() != inputs[0]->kind() || same.size() != to.size() ||
            __builtin_add_overflow(length, same[axis], &length))
            return wrong(Text::of("parts of shapes {} and {} cannot be put together", shapeText(to), shapeText(same)));
        same[axis] = to[axis];
        if (same != to)
            return wrong(
                Text::of("parts of shapes {} and {} cannot be put together", shapeText(to), shapeText(part->shape())));
    }
    if (inputs.size() == 1)
        return Values{inputs[0]};
    to[axis] = length;
    QS_ASSIGN(const auto result, makeValue(inputs[0]->kind(), to, context));
    const std::int64_t rows = sizeBetween(to, 0, axis);
    const std::int64_t inner = sizeBetween(to, axis + 1, to.size());
    std::int64_t at = 0;
    for (const ValuePtr &part : inputs) {
        const std::int64_t width = part->shape()[axis] * inner;
        QS_CHECK(copyInto(*part, 0, width, *result, at, length * inner, rows, width, context.task));
        at += width;
    }
    return Values{result};
}

/// Equal parts; the last one is smaller where the axis does not divide.
std::vector<std::int64_t> equalParts(std::int64_t length, std::int64_t count)
{
    std::vector<std::int64_t> parts;
    const std::int64_t each = (length + count - 1) / count;
    for (std::int64_t i = 0; i < count; ++i) {
        parts.push_back(std::min(each, length));
        length -= parts.back();
    }
    return parts;
}

Result<Values> split(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Shape &from = inputs[0]->shape();
    QS_ASSIGN(const std::size_t axis, axisIn(intAttribute(node, "axis", 0), from.size()));
    QS_ASSIGN(auto list, listOf(node, inputs, 1, "split"));
    if (!list && node.outputs.empty())
        return Values();
    const std::vector<std::int64_t> parts =
        list ? *list : equalParts(from[axis], static_cast<std::int64_t>(node.outputs.size()));
    std::int64_t sum = 0;
    for (const std::int64_t part : parts)
        if (part < 0 || __builtin_add_overflow(sum, part, &sum))
            return wrong(Text::of("the parts {} do not make {}", shapeText(parts), from[axis]));
    if (sum != from[axis] || parts.size() < node.outputs.size())
        return wrong(Text::of("the parts {} do not make {}", shapeText(parts), from[axis]));
    const std::int64_t rows = sizeBetween(from, 0, axis);
    const std::int64_t inner = sizeBetween(from, axis + 1, from.size());
    Values results;
    std::int64_t at = 0;
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
        Shape to = from;
        to[axis] = parts[i];
        QS_ASSIGN(const auto result, makeValue(inputs[0]->kind(), std::move(to), context));
        const std::int64_t width = parts[i] * inner;
        QS_CHECK(copyInto(*inputs[0], at, from[axis] * inner, *result, 0, width, rows, width, context.task));
        at += width;
        results.push_back(result);
    }
    return results;
}

/// Where an axis is cut.
struct Cut {
    std::int64_t start = 0;
    std::int64_t step = 1;
    std::int64_t length = 0;
};

Result<Cut> cutOf(std::int64_t size, std::int64_t start, std::int64_t end, std::int64_t step)
{
    if (step == 0 || step == std::numeric_limits<std::int64_t>::min())
        return wrong(Text::of("the step of a slice is {}", step));
    const auto bound = [size](std::int64_t place, std::int64_t least, std::int64_t most) {
        return std::clamp(place < 0 ? place + size : place, least, most); // a negative one and a size fit together
    };
    if (step > 0) {
        const std::int64_t first = bound(start, 0, size);
        const std::int64_t last = bound(end, 0, size);
        return Cut{first, step, last > first ? (last - first - 1) / step + 1 : 0};
    }
    const std::int64_t first = bound(start, -1, size - 1);
    const std::int64_t last = bound(end, -1, size - 1);
    return Cut{first, step, first > last ? (first - last - 1) / -step + 1 : 0};
}

Result<Values> slice(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    Shape to = inputs[0]->shape();
    QS_ASSIGN(const auto starts, listOf(node, inputs, 1, "starts"));
    QS_ASSIGN(const auto ends, listOf(node, inputs, 2, "ends"));
    QS_ASSIGN(const auto listed, listOf(node, inputs, 3, "axes"));
    QS_ASSIGN(const auto steps, listOf(node, inputs, 4, "steps"));
    if (!starts || !ends || starts->size() != ends->size() || (steps && steps->size() != starts->size()))
        return wrong(Text::of("starts, ends and steps of the slice differ in number"));
    std::vector<std::int64_t> wanted(starts->size());
    std::iota(wanted.begin(), wanted.end(), std::int64_t{0});
    QS_ASSIGN(const auto axes, axesIn(listed ? *listed : wanted, to.size()));
    if (axes.size() != starts->size())
        return wrong(Text::of("starts, ends and steps of the slice differ in number"));
    Shape strides = stridesOf(to);
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        QS_ASSIGN(const Cut cut, cutOf(to[axes[i]], (*starts)[i], (*ends)[i], steps ? (*steps)[i] : 1));
        offset += cut.length == 0 ? 0 : cut.start * strides[axes[i]];
        strides[axes[i]] = cut.length <= 1 ? 0 : strides[axes[i]] * cut.step; // else it may not fit
        to[axes[i]] = cut.length;
    }
    if (to == inputs[0]->shape() && strides == stridesOf(to))
        return Values{inputs[0]};
    return one(gatherStrided(*inputs[0], std::move(to), strides, offset, context));
}

Result<Values> expand(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(const Shape wanted, intList(*inputs[1]));
    if (!elementCount(wanted))
        return wrong(Text::of("the shape {} is not possible", shapeText(wanted)));
    QS_ASSIGN(const Shape to, broadcastShape(inputs[0]->shape(), wanted));
    return one(broadcastTo(inputs[0], to, context));
}

/// Each axis becomes two: repetitions, which step by 0, and the axis itself.
Result<Values> tile(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Shape &from = inputs[0]->shape();
    QS_ASSIGN(const Shape repeats, intList(*inputs[1]));
    if (repeats.size() != from.size())
        return wrong(Text::of("{} repetitions are given for {} axes", repeats.size(), from.size()));
    Shape to;
    Shape split;
    Shape strides;
    const Shape steps = stridesOf(from);
    for (std::size_t k = 0; k < from.size(); ++k) {
        std::int64_t length = 0;
        if (repeats[k] < 0 || __builtin_mul_overflow(from[k], repeats[k], &length))
            return wrong(Text::of("an axis of {} cannot be repeated {} times", from[k], repeats[k]));
        to.push_back(length);
        split.insert(split.end(), {repeats[k], from[k]});
        strides.insert(strides.end(), {0, steps[k]});
    }
    QS_ASSIGN(const ValuePtr result, gatherStrided(*inputs[0], std::move(split), strides, 0, context));
    return one(Value::view(result, std::move(to)));
}

Result<Values> depthToSpace(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Shape &s = inputs[0]->shape();
    const std::int64_t block = intAttribute(node, "blocksize", 0);
    if (s.size() != 4 || block < 1 || block > 1024 || s[1] % (block * block) != 0)
        return wrong(Text::of("a block of {} does not fit the shape", block));
    const std::int64_t channels = s[1] / (block * block);
    const bool columnsFirst = textAttribute(node, "mode", "DCR") == "CRD";
    QS_ASSIGN(const ValuePtr parts,
              Value::view(inputs[0], columnsFirst ? Shape{s[0], channels, block, block, s[2], s[3]}
                                                  : Shape{s[0], block, block, channels, s[2], s[3]}));
    constexpr std::array<std::size_t, 6> kColumnsFirst{0, 1, 4, 2, 5, 3};
    constexpr std::array<std::size_t, 6> kDepthFirst{0, 3, 4, 1, 5, 2};
    QS_ASSIGN(const ValuePtr moved, transposed(parts, columnsFirst ? kColumnsFirst : kDepthFirst, context));
    return one(Value::view(moved, {s[0], channels, s[2] * block, s[3] * block}));
}

Result<Values> spaceToDepth(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Shape &s = inputs[0]->shape();
    const std::int64_t block = intAttribute(node, "blocksize", 0);
    if (s.size() != 4 || block < 1 || block > 1024 || s[2] % block != 0 || s[3] % block != 0)
        return wrong(Text::of("a block of {} does not fit the shape", block));
    QS_ASSIGN(const ValuePtr parts, Value::view(inputs[0], {s[0], s[1], s[2] / block, block, s[3] / block, block}));
    constexpr std::array<std::size_t, 6> kOrder{0, 3, 5, 1, 2, 4};
    QS_ASSIGN(const ValuePtr moved, transposed(parts, kOrder, context));
    return one(Value::view(moved, {s[0], s[1] * block * block, s[2] / block, s[3] / block}));
}

} // namespace

std::span<const Operator> layoutOperators()
{
    static constexpr std::array kRows{
        Operator{"Shape", 1, kNewestOpset, "a", "start:i end:i", shape},
        Operator{"Size", 1, kNewestOpset, "a", "", size},
        Operator{"Reshape", 1, 4, "a", "shape:I", reshape},
        Operator{"Reshape", 5, kNewestOpset, "ai", "allowzero:i", reshape},
        Operator{"Flatten", 1, kNewestOpset, "a", "axis:i", flatten},
        Operator{"Squeeze", 1, 12, "a", "axes:I", squeeze},
        Operator{"Squeeze", 13, kNewestOpset, "a?i", "", squeeze},
        Operator{"Unsqueeze", 1, 12, "a", "axes:I", unsqueeze},
        Operator{"Unsqueeze", 13, kNewestOpset, "ai", "", unsqueeze},
        Operator{"Transpose", 1, kNewestOpset, "a", "perm:I", transpose},
        Operator{"Concat", 4, kNewestOpset, "a*", "axis:i", concat},
        Operator{"Split", 2, 12, "a", "axis:i split:I", split},
        Operator{"Split", 13, kNewestOpset, "a?i", "axis:i num_outputs:i", split},
        Operator{"Slice", 1, 9, "a", "axes:I ends:I starts:I", slice},
        Operator{"Slice", 10, kNewestOpset, "aii?ii", "", slice},
        Operator{"Expand", 8, kNewestOpset, "ai", "", expand},
        Operator{"Tile", 6, kNewestOpset, "ai", "", tile},
        Operator{"DepthToSpace", 1, kNewestOpset, "a", "blocksize:i mode:s", depthToSpace},
        Operator{"SpaceToDepth", 1, kNewestOpset, "a", "blocksize:i", spaceToDepth},
    };
    return kRows;
}

} // namespace qs
