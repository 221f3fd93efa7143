// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/index.h"

#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"

#include <array>
#include <cmath>
#include <cstring>

namespace qs {
namespace {

Result<std::int64_t> indexIn(std::int64_t index, std::int64_t size)
{
    if (index < -size || index >= size)
        return wrong(Text::of("index {} is outside an axis of {}", index, size));
    return index < 0 ? index + size : index;
}

/// Copies `length` elements.
void copyElements(const Value &from, std::int64_t fromAt, Value &to, std::int64_t toAt, std::int64_t length)
{
    if (from.isFloat())
        std::copy_n(from.floats().data() + fromAt, length, to.floats().data() + toAt);
    else
        std::copy_n(from.ints().data() + fromAt, length, to.ints().data() + toAt);
}

Result<Values> gather(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Shape &from = inputs[0]->shape();
    const Value &indices = *inputs[1];
    QS_ASSIGN(const std::size_t axis, axisIn(intAttribute(node, "axis", 0), from.size()));
    Shape to(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(axis));
    to.insert(to.end(), indices.shape().begin(), indices.shape().end());
    to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(axis) + 1, from.end());
    QS_ASSIGN(const auto result, makeValue(inputs[0]->kind(), std::move(to), context));
    const std::int64_t rows = sizeBetween(from, 0, axis);
    const std::int64_t inner = sizeBetween(from, axis + 1, from.size());
    std::vector<std::int64_t> places;
    for (const std::int64_t index : indices.ints()) {
        QS_ASSIGN(const std::int64_t place, indexIn(index, from[axis]));
        places.push_back(place);
    }
    std::int64_t at = 0;
    for (std::int64_t row = 0; row < rows; ++row) {
        QS_CHECK(context.task.check());
        for (const std::int64_t place : places) {
            copyElements(*inputs[0], (row * from[axis] + place) * inner, *result, at, inner);
            at += inner;
        }
    }
    return Values{result};
}

/// Calls use(position in the indices, position in the other value, index along the axis).
template <class Use>
Result<void> alongAxis(const Value &indices, const Shape &other, std::size_t axis, const RunContext &context, Use use)
{
    Shape strides = stridesOf(other);
    const std::int64_t along = strides[axis];
    strides[axis] = 0;
    const StridedWalk<1> walk(indices.shape(), {strides});
    Result<void> state;
    QS_CHECK(walk.forEachStretch(context.task, [&](std::int64_t first, const auto &at, std::int64_t length) {
        for (std::int64_t i = 0; i < length && state; ++i) {
            const auto place = indexIn(indices.ints()[static_cast<std::size_t>(first + i)], other[axis]);
            if (place)
                use(first + i, at[0] + i * walk.steps()[0] + *place * along);
            else
                state = std::unexpected(place.error());
        }
    }));
    return state;
}

bool fitsBeside(const Shape &indices, const Shape &other, std::size_t axis)
{
    if (indices.size() != other.size())
        return false;
    for (std::size_t k = 0; k < indices.size(); ++k)
        if (k != axis && indices[k] > other[k])
            return false;
    return true;
}

Result<Values> gatherElements(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Shape &from = inputs[0]->shape();
    QS_ASSIGN(const std::size_t axis, axisIn(intAttribute(node, "axis", 0), from.size()));
    if (!fitsBeside(inputs[1]->shape(), from, axis))
        return wrong(Text::of("indices do not fit the shape {}", shapeText(from)));
    QS_ASSIGN(const auto result, makeValue(inputs[0]->kind(), inputs[1]->shape(), context));
    QS_CHECK(alongAxis(*inputs[1], from, axis, context,
                       [&](std::int64_t to, std::int64_t place) { copyElements(*inputs[0], place, *result, to, 1); }));
    return Values{result};
}

enum class Reduction : std::uint8_t { None, Add, Mul, Max, Min };

Result<Reduction> reductionOf(const NetworkNode &node)
{
    const std::string_view name = textAttribute(node, "reduction", "none");
    constexpr std::array<std::string_view, 5> kNames{"none", "add", "mul", "max", "min"};
    const auto found = std::ranges::find(kNames, name);
    if (found == kNames.end())
        return wrong(Text::of("the reduction {} is not supported", inQuotes(name)));
    return static_cast<Reduction>(found - kNames.begin());
}

template <class T> T reduced(T old, T next, Reduction reduction)
{
    switch (reduction) {
    case Reduction::Add:
        return old + next;
    case Reduction::Mul:
        return old * next;
    case Reduction::Max:
        return std::max(old, next);
    case Reduction::Min:
        return std::min(old, next);
    default:
        return next;
    }
}

/// Puts elements [from, from + length) of the updates onto the target.
Result<void> put(const Value &updates, std::int64_t from, Value &target, std::int64_t to, std::int64_t length,
                 Reduction reduction)
{
    for (std::int64_t i = 0; i < length; ++i) {
        const auto source = static_cast<std::size_t>(from + i);
        const auto place = static_cast<std::size_t>(to + i);
        if (target.isFloat())
            target.floats()[place] = reduced(target.floats()[place], updates.floats()[source], reduction);
        else if (reduction == Reduction::None)
            target.ints()[place] = updates.ints()[source];
        else if (reduction == Reduction::Max || reduction == Reduction::Min)
            target.ints()[place] = reduced(target.ints()[place], updates.ints()[source], reduction);
        else // wraps around
            target.ints()[place] =
                static_cast<std::int64_t>(reduced(static_cast<std::uint64_t>(target.ints()[place]),
                                                  static_cast<std::uint64_t>(updates.ints()[source]), reduction));
    }
    return {};
}

Result<std::shared_ptr<Value>> copyOf(const Value &value, const RunContext &context)
{
    QS_ASSIGN(auto result, makeValue(value.kind(), value.shape(), context));
    copyElements(value, 0, *result, 0, static_cast<std::int64_t>(value.size()));
    return result;
}

Result<Values> scatterElements(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Shape &to = inputs[0]->shape();
    QS_ASSIGN(const std::size_t axis, axisIn(intAttribute(node, "axis", 0), to.size()));
    QS_ASSIGN(const Reduction reduction, reductionOf(node));
    if (!fitsBeside(inputs[1]->shape(), to, axis) || inputs[2]->shape() != inputs[1]->shape() ||
        inputs[2]->kind() != inputs[0]->kind())
        return wrong(Text::of("indices and updates do not fit the shape {}", shapeText(to)));
    QS_ASSIGN(const auto result, copyOf(*inputs[0], context));
    QS_CHECK(alongAxis(*inputs[1], to, axis, context, [&](std::int64_t from, std::int64_t place) {
        (void)put(*inputs[2], from, *result, place, 1, reduction);
    }));
    return Values{result};
}

/// Positions that rows of indices name: their last axis counts the leading axes of the other value behind `batch`.
struct Tuples {
    std::int64_t count = 0;  ///< of each batch
    std::int64_t length = 0; ///< numbers of one tuple
    std::int64_t inner = 1;  ///< elements that a tuple names
};

Result<Tuples> tuplesOf(const Value &indices, const Shape &other, std::size_t batch)
{
    const Shape &shape = indices.shape();
    if (shape.size() <= batch || other.size() < batch || shape.back() < 0 ||
        static_cast<std::size_t>(shape.back()) > other.size() - batch)
        return wrong(Text::of("indices do not fit the shape {}", shapeText(other)));
    Tuples tuples;
    tuples.length = shape.back();
    tuples.count = sizeBetween(shape, batch, shape.size() - 1);
    tuples.inner = sizeBetween(other, batch + static_cast<std::size_t>(tuples.length), other.size());
    return tuples;
}

Result<std::int64_t> placeOf(const std::int64_t *tuple, const Tuples &tuples, const Shape &other, std::size_t batch)
{
    std::int64_t place = 0;
    for (std::int64_t k = 0; k < tuples.length; ++k) {
        const std::int64_t size = other[batch + static_cast<std::size_t>(k)];
        QS_ASSIGN(const std::int64_t index, indexIn(tuple[k], size));
        place = place * size + index;
    }
    return place * tuples.inner;
}

Result<Values> gatherNd(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Shape &from = inputs[0]->shape();
    const Value &indices = *inputs[1];
    const std::int64_t wanted = intAttribute(node, "batch_dims", 0);
    if (wanted < 0 || static_cast<std::size_t>(wanted) > std::min(from.size(), indices.rank()))
        return wrong(Text::of("there are no {} axes of batches", wanted));
    const auto batch = static_cast<std::size_t>(wanted);
    QS_ASSIGN(const Tuples tuples, tuplesOf(indices, from, batch));
    if (!std::equal(from.begin(), from.begin() + wanted, indices.shape().begin()))
        return wrong(Text::of("indices do not fit the shape {}", shapeText(from)));
    Shape to(indices.shape().begin(), indices.shape().end() - 1);
    to.insert(to.end(), from.begin() + wanted + tuples.length, from.end());
    QS_ASSIGN(const auto result, makeValue(inputs[0]->kind(), std::move(to), context));
    const std::int64_t batches = sizeBetween(from, 0, batch);
    const std::int64_t perBatch = sizeBetween(from, batch, from.size());
    for (std::int64_t i = 0; i < batches * tuples.count && tuples.inner != 0; ++i) {
        if (i % kElementsPerStep == 0)
            QS_CHECK(context.task.check());
        QS_ASSIGN(const std::int64_t place, placeOf(indices.ints().data() + i * tuples.length, tuples, from, batch));
        copyElements(*inputs[0], i / tuples.count * perBatch + place, *result, i * tuples.inner, tuples.inner);
    }
    return Values{result};
}

Result<Values> scatterNd(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Shape &to = inputs[0]->shape();
    const Value &indices = *inputs[1];
    QS_ASSIGN(const Reduction reduction, reductionOf(node));
    QS_ASSIGN(const Tuples tuples, tuplesOf(indices, to, 0));
    if (static_cast<std::int64_t>(inputs[2]->size()) != tuples.count * tuples.inner ||
        inputs[2]->kind() != inputs[0]->kind())
        return wrong(Text::of("updates do not fit the shape {}", shapeText(to)));
    QS_ASSIGN(const auto result, copyOf(*inputs[0], context));
    for (std::int64_t i = 0; i < tuples.count && tuples.inner != 0; ++i) {
        if (i % kElementsPerStep == 0)
            QS_CHECK(context.task.check());
        QS_ASSIGN(const std::int64_t place, placeOf(indices.ints().data() + i * tuples.length, tuples, to, 0));
        QS_CHECK(put(*inputs[2], i * tuples.inner, *result, place, tuples.inner, reduction));
    }
    return Values{result};
}

/// The number that an attribute holds as a tensor of one element; bytes as the file has them.
struct Filler {
    ElementKind kind = ElementKind::Float;
    float number = 0;
    std::int64_t integer = 0;
};

template <class T> T readAs(const NetworkConstant &constant)
{
    T value{};
    std::memcpy(&value, constant.bytes.data(), std::min(sizeof value, constant.bytes.size()));
    return value;
}

Result<Filler> fillerOf(const NetworkConstant &constant)
{
    const std::int64_t bits = bitsOf(constant.dtype);
    if (constant.bytes.empty() || static_cast<std::int64_t>(constant.bytes.size() * 8) < bits)
        return wrong(Text::of("the value to fill with is missing"));
    Filler filler;
    filler.kind = constant.dtype == DType::Bool ? ElementKind::Bool : ElementKind::Int;
    switch (constant.dtype) {
    case DType::F32:
        return Filler{ElementKind::Float, readAs<float>(constant), 0};
    case DType::F64:
        return Filler{ElementKind::Float, static_cast<float>(readAs<double>(constant)), 0};
    case DType::I64:
    case DType::U64:
        filler.integer = readAs<std::int64_t>(constant);
        return filler;
    case DType::I32:
        filler.integer = readAs<std::int32_t>(constant);
        return filler;
    case DType::U8:
    case DType::Bool:
        filler.integer = readAs<std::uint8_t>(constant);
        return filler;
    case DType::I8:
        filler.integer = readAs<std::int8_t>(constant);
        return filler;
    default:
        return wrong(Text::of("values of type {} cannot be computed with", nameOf(constant.dtype)));
    }
}

Result<Values> constantOfShape(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(Shape to, intList(*inputs[0]));
    Filler filler;
    for (const NetworkAttribute &attribute : node.attributes) {
        if (const auto *constant = std::get_if<ConstantRef>(&attribute.value)) {
            QS_ASSIGN(filler, fillerOf(context.network.constants[constant->index]));
        }
    }
    QS_ASSIGN(const auto result, makeValue(filler.kind, std::move(to), context));
    if (result->isFloat())
        std::ranges::fill(result->floats(), filler.number);
    else
        std::ranges::fill(result->ints(), filler.integer);
    return Values{result};
}

Result<Values> range(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    if (!inputs[0]->isFloat()) {
        QS_ASSIGN(const std::int64_t from, onlyInt(*inputs[0]));
        QS_ASSIGN(const std::int64_t to, onlyInt(*inputs[1]));
        QS_ASSIGN(const std::int64_t step, onlyInt(*inputs[2]));
        std::int64_t span = 0;
        if (step == 0 || step < -std::numeric_limits<std::int64_t>::max() || __builtin_sub_overflow(to, from, &span) ||
            span == std::numeric_limits<std::int64_t>::min())
            return wrong(Text::of("there is no range from {} to {} in steps of {}", from, to, step));
        const bool any = span != 0 && (span < 0) == (step < 0);
        const std::int64_t count = any ? (std::abs(span) - 1) / std::abs(step) + 1 : 0;
        QS_ASSIGN(const auto result, makeValue(ElementKind::Int, {count}, context));
        for (std::int64_t i = 0; i < count; ++i)
            result->ints()[static_cast<std::size_t>(i)] = from + i * step;
        return Values{result};
    }
    QS_ASSIGN(const float from, onlyFloat(*inputs[0]));
    QS_ASSIGN(const float to, onlyFloat(*inputs[1]));
    QS_ASSIGN(const float step, onlyFloat(*inputs[2]));
    const double count = std::ceil((static_cast<double>(to) - from) / step);
    if (!(count < 0x1p62))
        return wrong(Text::of("there is no range from {} to {} in steps of {}", static_cast<double>(from),
                              static_cast<double>(to), static_cast<double>(step)));
    QS_ASSIGN(const auto result,
              makeValue(ElementKind::Float, {static_cast<std::int64_t>(std::max(0.0, count))}, context));
    for (std::size_t i = 0; i < result->size(); ++i)
        result->floats()[i] = from + static_cast<float>(i) * step;
    return Values{result};
}

/// Keeps the triangle above or below a diagonal of the last two axes.
Result<Values> trilu(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Shape &shape = inputs[0]->shape();
    if (shape.size() < 2)
        return wrong(Text::of("a matrix is expected"));
    const bool upper = intAttribute(node, "upper", 1) != 0;
    std::int64_t diagonal = 0;
    if (const Value *k = inputAt(inputs, 1)) {
        QS_ASSIGN(diagonal, onlyInt(*k));
    }
    QS_ASSIGN(const auto result, copyOf(*inputs[0], context));
    const std::int64_t columns = shape.back();
    const std::int64_t rows = shape[shape.size() - 2];
    diagonal = std::clamp(diagonal, -rows, columns);
    for (std::size_t i = 0; i < result->size(); ++i) {
        const auto column = static_cast<std::int64_t>(i) % columns;
        const std::int64_t row = static_cast<std::int64_t>(i) / columns % rows;
        const bool keeps = upper ? column - row >= diagonal : column - row <= diagonal;
        if (keeps)
            continue;
        if (result->isFloat())
            result->floats()[i] = 0;
        else
            result->ints()[i] = 0;
    }
    return Values{result};
}

} // namespace

std::span<const Operator> indexOperators()
{
    static constexpr std::array kRows{
        Operator{"Gather", 1, kNewestOpset, "ai", "axis:i", gather},
        Operator{"GatherElements", 11, kNewestOpset, "ai", "axis:i", gatherElements},
        Operator{"GatherND", 11, kNewestOpset, "ai", "batch_dims:i", gatherNd},
        Operator{"ScatterElements", 11, kNewestOpset, "aia", "axis:i reduction:s", scatterElements},
        Operator{"Scatter", 9, 10, "aia", "axis:i", scatterElements},
        Operator{"ScatterND", 11, kNewestOpset, "aia", "reduction:s", scatterNd},
        Operator{"ConstantOfShape", 9, kNewestOpset, "i", "value:t", constantOfShape},
        Operator{"Range", 11, kNewestOpset, "nnn", "", range},
        Operator{"Trilu", 14, kNewestOpset, "a?i", "upper:i", trilu},
    };
    return kRows;
}

} // namespace qs
