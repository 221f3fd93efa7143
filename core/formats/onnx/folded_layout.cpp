// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/folded_layout.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/formats/onnx/axis_trace.h"

#include <algorithm>
#include <array>

namespace qs::onnx {
namespace {

std::unexpected<Error> cannotFollow(const FoldCall &call)
{
    return notComputed(Text::of("{} cannot be followed", inQuotes(call.view.node().label())));
}

/// Whole numbers that are an input, or an attribute in old versions; empty where they are left out.
Result<std::optional<std::vector<std::int64_t>>> list(const FoldCall &call, std::size_t input, std::string_view name)
{
    if (!call.has(input))
        return call.view.integers(name);
    auto numbers = call.numbers(input);
    if (!numbers)
        return notComputed(Text::of("the {} of {} are not known", name, call.op()));
    return numbers;
}

Result<FoldedValue> identity(FoldCall &call)
{
    return call.has(0) ? Result<FoldedValue>(std::move(*call.inputs[0])) : call.wrongInputs();
}

Result<FoldedValue> transpose(FoldCall &call)
{
    if (!call.has(0))
        return call.wrongInputs();
    const FoldedValue &value = call[0];
    const std::size_t rank = value.shape.size();
    std::vector<std::int64_t> order = call.view.integers("perm").value_or(std::vector<std::int64_t>());
    if (order.empty())
        for (std::size_t i = rank; i-- > 0;)
            order.push_back(static_cast<std::int64_t>(i));
    std::vector<std::int64_t> sorted = order;
    std::ranges::sort(sorted);
    for (std::size_t i = 0; i < std::max(sorted.size(), rank); ++i)
        if (sorted.size() != rank || sorted[i] != static_cast<std::int64_t>(i))
            return notComputed(Text::of("{} is no order of axes", inQuotes(call.view.node().label())));
    const Shape steps = stepsOf(value.shape);
    Shape shape;
    Shape turned;
    for (const std::int64_t axis : order) {
        shape.push_back(value.shape[static_cast<std::size_t>(axis)]);
        turned.push_back(steps[static_cast<std::size_t>(axis)]);
    }
    QS_CHECK(call.take(shape));
    return gathered(value, shape, turned);
}

/// What Reshape makes of `shape`: 0 copies a size unless `allowZero`, one -1 takes what is left. Row-major elements
/// keep their places, however axes are cut. Empty where it does not fit.
std::optional<Shape> reshaped(const FoldedValue &value, const std::vector<std::int64_t> &given, bool allowZero)
{
    Shape shape;
    std::optional<std::size_t> open;
    std::uint64_t product = 1;
    if (given.size() > kMaxDims)
        return std::nullopt;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const bool copies = given[i] == 0 && i < value.shape.size() && !allowZero;
        if (given[i] < -1 || (given[i] == 0 && !copies) || (given[i] == -1 && open))
            return std::nullopt;
        if (given[i] == -1)
            open = i;
        shape.push_back(given[i] == -1 ? 1 : copies ? value.shape[i] : static_cast<std::uint64_t>(given[i]));
        const auto next = checkedMul(product, shape.back());
        if (!next || *next == 0)
            return std::nullopt;
        product = *next;
    }
    if (open) {
        shape[*open] = value.count() / product;
        product *= shape[*open];
    }
    return product == value.count() ? std::optional(std::move(shape)) : std::nullopt;
}

/// Reshape, Flatten, Squeeze and Unsqueeze: the same elements under another shape.
Result<FoldedValue> reshape(FoldCall &call)
{
    if (!call.has(0))
        return call.wrongInputs();
    FoldedValue &value = *call.inputs[0];
    if (std::ranges::find(value.shape, 0) != value.shape.end())
        return notComputed(Text::of("it has no elements"));
    const std::string_view op = call.op();
    QS_ASSIGN(const auto numbers, list(call, 1, op == "Reshape" ? "shape" : "axes"));
    if (!numbers && (op == "Reshape" || op == "Unsqueeze"))
        return cannotFollow(call);
    const std::vector<std::int64_t> given = numbers.value_or(std::vector<std::int64_t>());
    AxisTrace trace(value.shape);
    std::optional<Shape> shape;
    if (op == "Reshape")
        shape = reshaped(value, given, call.view.integer("allowzero", 0) != 0);
    else if (op == "Flatten"   ? trace.flatten(call.view.integer("axis", 1))
             : op == "Squeeze" ? trace.squeeze(given)
                               : trace.unsqueeze(given))
        shape = trace.shape();
    if (!shape)
        return cannotFollow(call);
    value.shape = std::move(*shape);
    return std::move(value);
}

Result<FoldedValue> concat(FoldCall &call)
{
    if (!call.has(0))
        return call.wrongInputs();
    const auto axis = normalizedAxis(call.view.integer("axis", 0), call[0].shape.size());
    FoldedValue result{.dtype = call[0].dtype, .shape = call[0].shape, .known = call.allKnown()};
    if (!axis)
        return cannotFollow(call);
    result.shape[*axis] = 0;
    for (std::size_t i = 0; i < call.inputs.size(); ++i) {
        if (!call.has(i) || call[i].dtype != result.dtype || call[i].shape.size() != result.shape.size())
            return cannotFollow(call);
        Shape other = call[i].shape; // they may differ along the axis alone
        other[*axis] = result.shape[*axis];
        if (other != result.shape)
            return cannotFollow(call);
        result.shape[*axis] += call[i].shape[*axis];
    }
    QS_CHECK(call.take(result.shape));
    if (!result.known || result.count() == 0)
        return result;
    std::uint64_t outer = 1;
    for (std::size_t i = 0; i < *axis; ++i)
        outer *= result.shape[i];
    const auto append = [&](auto &target, const auto &source, std::uint64_t row) {
        const std::uint64_t run = source.size() / outer;
        target.insert(target.end(), source.begin() + static_cast<std::ptrdiff_t>(row * run),
                      source.begin() + static_cast<std::ptrdiff_t>((row + 1) * run));
    };
    for (std::uint64_t row = 0; row < outer; ++row)
        for (const auto &part : call.inputs) {
            append(result.floats, part->floats, row);
            append(result.integers, part->integers, row);
        }
    return result;
}

/// Where a slice of an axis begins and how many entries it has, by the rules of the operator.
struct Cut {
    std::uint64_t start = 0;
    std::uint64_t count = 0;
};

Cut cut(std::int64_t start, std::int64_t end, std::int64_t step, std::uint64_t size)
{
    const auto length = static_cast<std::int64_t>(size);
    const auto inside = [&](std::int64_t index, std::int64_t low, std::int64_t high) {
        index = index < -length ? -length : index;
        return std::clamp(index < 0 ? index + length : index, low, high);
    };
    const bool down = step < 0;
    const std::int64_t first = down ? inside(start, 0, length - 1) : inside(start, 0, length);
    // Downwards the end is what is not reached: an index before the first one stands for "all".
    const std::int64_t last = down ? (end < -length ? -1 : inside(end, -1, length - 1)) : inside(end, 0, length);
    const std::int64_t distance = down ? first - last : last - first;
    const std::uint64_t stride = down ? -static_cast<std::uint64_t>(step) : static_cast<std::uint64_t>(step);
    if (distance <= 0 || size == 0)
        return {};
    return {static_cast<std::uint64_t>(first), ceilDiv(static_cast<std::uint64_t>(distance), stride)};
}

Result<FoldedValue> slice(FoldCall &call)
{
    if (!call.has(0))
        return call.wrongInputs();
    const FoldedValue &value = call[0];
    QS_ASSIGN(const auto starts, list(call, 1, "starts"));
    QS_ASSIGN(const auto ends, list(call, 2, "ends"));
    QS_ASSIGN(const auto axes, list(call, 3, "axes"));
    QS_ASSIGN(const auto strides, list(call, 4, "steps"));
    if (!starts || !ends || starts->size() != ends->size() || (axes && axes->size() != starts->size()) ||
        (strides && strides->size() != starts->size()))
        return cannotFollow(call);
    Shape shape = value.shape;
    Shape steps = stepsOf(shape);
    std::uint64_t offset = 0;
    std::vector<bool> isCut(shape.size());
    for (std::size_t i = 0; i < starts->size(); ++i) {
        const auto axis = normalizedAxis(axes ? (*axes)[i] : static_cast<std::int64_t>(i), shape.size());
        const std::int64_t stride = strides ? (*strides)[i] : 1;
        if (!axis || stride == 0 || isCut[*axis])
            return cannotFollow(call);
        isCut[*axis] = true;
        const Cut part = cut((*starts)[i], (*ends)[i], stride, shape[*axis]);
        shape[*axis] = part.count;
        offset += part.start * steps[*axis];
        steps[*axis] *= static_cast<std::uint64_t>(stride);
    }
    QS_CHECK(call.take(shape));
    return gathered(value, shape, steps, offset);
}

/// Sizes of the outputs: as they are given, else equal ones of which the last may be smaller.
std::optional<Shape> partSizes(const std::optional<std::vector<std::int64_t>> &given, std::uint64_t size,
                               std::size_t outputs)
{
    Shape sizes;
    std::uint64_t left = size;
    for (std::size_t i = 0; i < outputs; ++i) {
        const std::uint64_t equal = std::min(ceilDiv(size, outputs), left);
        const std::int64_t wanted = !given ? static_cast<std::int64_t>(equal) : i < given->size() ? (*given)[i] : -1;
        if (wanted < 0 || static_cast<std::uint64_t>(wanted) > left)
            return std::nullopt;
        sizes.push_back(static_cast<std::uint64_t>(wanted));
        left -= sizes.back();
    }
    return left == 0 && (!given || given->size() == outputs) ? std::optional(sizes) : std::nullopt;
}

Result<FoldedValue> split(FoldCall &call)
{
    if (!call.has(0))
        return call.wrongInputs();
    const FoldedValue &value = call[0];
    QS_ASSIGN(const auto given, list(call, 1, "split"));
    const auto axis = normalizedAxis(call.view.integer("axis", 0), value.shape.size());
    const auto sizes = axis ? partSizes(given, value.shape[*axis], call.view.node().outputs.size()) : std::nullopt;
    if (!sizes)
        return cannotFollow(call);
    Shape shape = value.shape;
    shape[*axis] = (*sizes)[call.output];
    const Shape steps = stepsOf(value.shape);
    std::uint64_t first = 0;
    for (std::size_t i = 0; i < call.output; ++i)
        first += (*sizes)[i];
    QS_CHECK(call.take(shape));
    return gathered(value, shape, steps, first * steps[*axis]);
}

Result<FoldedValue> gather(FoldCall &call)
{
    if (!call.has(0) || !call.has(1) || !call[1].isWhole())
        return call.wrongInputs();
    const FoldedValue &value = call[0];
    const FoldedValue &indices = call[1];
    const auto axis = normalizedAxis(call.view.integer("axis", 0), value.shape.size());
    if (!axis)
        return cannotFollow(call);
    Shape shape(value.shape.begin(), value.shape.begin() + static_cast<std::ptrdiff_t>(*axis));
    std::uint64_t outer = 1;
    for (const std::uint64_t size : shape)
        outer *= size;
    shape.insert(shape.end(), indices.shape.begin(), indices.shape.end());
    shape.insert(shape.end(), value.shape.begin() + static_cast<std::ptrdiff_t>(*axis) + 1, value.shape.end());
    if (shape.size() > kMaxDims)
        return cannotFollow(call);
    QS_CHECK(call.take(shape));
    const auto size = static_cast<std::int64_t>(value.shape[*axis]);
    for (const std::int64_t index : indices.integers)
        if (index < -size || index >= size)
            return cannotFollow(call);
    FoldedValue result{.dtype = value.dtype, .shape = std::move(shape), .known = call.allKnown()};
    if (!result.known || result.count() == 0)
        return result;
    const std::uint64_t run = stepsOf(value.shape)[*axis];
    const auto copy = [&](const auto &source, auto &target) {
        for (std::uint64_t row = 0; row < outer && !source.empty(); ++row)
            for (const std::int64_t index : indices.integers) {
                const auto entry = static_cast<std::uint64_t>(index < 0 ? index + size : index);
                const auto first = source.begin() +
                                   static_cast<std::ptrdiff_t>((row * static_cast<std::uint64_t>(size) + entry) * run);
                target.insert(target.end(), first, first + static_cast<std::ptrdiff_t>(run));
            }
    };
    copy(value.floats, result.floats);
    copy(value.integers, result.integers);
    return result;
}

/// Sizes from an input of whole numbers that are not negative.
std::optional<Shape> shapeInput(const FoldCall &call, std::size_t input)
{
    const auto numbers = call.numbers(input);
    if (!numbers || numbers->size() > kMaxDims)
        return std::nullopt;
    Shape shape;
    for (const std::int64_t number : *numbers) {
        if (number < 0)
            return std::nullopt;
        shape.push_back(static_cast<std::uint64_t>(number));
    }
    return shape;
}

Result<FoldedValue> expand(FoldCall &call)
{
    const auto wanted = shapeInput(call, 1);
    const auto shape = call.has(0) && wanted ? broadcast(call[0].shape, *wanted) : std::nullopt;
    if (!shape)
        return cannotFollow(call);
    QS_CHECK(call.take(*shape));
    return gathered(call[0], *shape, stretchedSteps(call[0].shape, *shape));
}

Result<FoldedValue> tile(FoldCall &call)
{
    const auto repeats = shapeInput(call, 1);
    if (!call.has(0) || !repeats || repeats->size() != call[0].shape.size())
        return cannotFollow(call);
    const Shape steps = stepsOf(call[0].shape);
    Shape split; // each axis as how often, and itself
    Shape walk;
    Shape shape;
    for (std::size_t i = 0; i < repeats->size(); ++i) {
        const auto size = checkedMul((*repeats)[i], call[0].shape[i]);
        if (!size)
            return cannotFollow(call);
        shape.push_back(*size);
        split.insert(split.end(), {(*repeats)[i], call[0].shape[i]});
        walk.insert(walk.end(), {0, steps[i]});
    }
    QS_CHECK(call.take(shape));
    FoldedValue result = gathered(call[0], split, walk);
    result.shape = std::move(shape);
    return result;
}

Result<FoldedValue> shapeOf(FoldCall &call)
{
    if (!call.has(0))
        return call.wrongInputs();
    const auto rank = static_cast<std::int64_t>(call[0].shape.size());
    const auto bound = [&](std::string_view name, std::int64_t otherwise) {
        const std::int64_t given = call.view.integer(name, otherwise);
        return std::clamp<std::int64_t>(given < 0 ? given + rank : given, 0, rank);
    };
    FoldedValue result{.dtype = DType::I64};
    for (std::int64_t i = bound("start", 0); i < bound("end", rank); ++i)
        result.integers.push_back(static_cast<std::int64_t>(call[0].shape[static_cast<std::size_t>(i)]));
    result.shape = {result.integers.size()};
    return result;
}

struct Row {
    std::string_view name;
    FoldOperator compute;
};
constexpr std::array kRows{
    Row{"Identity", identity}, Row{"Transpose", transpose}, Row{"Reshape", reshape}, Row{"Flatten", reshape},
    Row{"Squeeze", reshape},   Row{"Unsqueeze", reshape},   Row{"Concat", concat},   Row{"Slice", slice},
    Row{"Split", split},       Row{"Gather", gather},       Row{"Expand", expand},   Row{"Tile", tile},
    Row{"Shape", shapeOf},
};

} // namespace

FoldOperator layoutOperator(std::string_view name)
{
    const Row *row = findOperator(kRows, name);
    return row == nullptr ? nullptr : row->compute;
}

} // namespace qs::onnx
