// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/pad.h"

#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"

#include <array>

namespace qs {
namespace {

/// Where element `at` of a padded axis comes from; empty: from nowhere.
std::optional<std::int64_t> paddedFrom(std::int64_t at, std::int64_t before, std::int64_t size, std::string_view mode)
{
    const std::int64_t place = at - before;
    if (place >= 0 && place < size)
        return place;
    if (mode == "edge")
        return std::clamp<std::int64_t>(place, 0, size - 1);
    if (mode == "wrap")
        return (place % size + size) % size;
    if (mode == "reflect") {
        const std::int64_t period = std::max<std::int64_t>(2 * (size - 1), 1);
        const std::int64_t inside = (place % period + period) % period;
        return inside < size ? inside : period - inside;
    }
    return std::nullopt;
}

/// Elements that stand in for the axes of a padded value, and how many of them.
struct Padding {
    Shape before;
    Shape to;
};

Result<Padding> paddingOf(const NetworkNode &node, std::span<const ValuePtr> inputs)
{
    const Shape &from = inputs[0]->shape();
    QS_ASSIGN(const auto listed, listOf(node, inputs, 1, "pads"));
    std::vector<std::size_t> axes;
    if (const Value *list = inputAt(inputs, 3)) {
        QS_ASSIGN(const auto wanted, intList(*list));
        QS_ASSIGN(axes, axesIn(wanted, from.size()));
    } else {
        for (std::size_t k = 0; k < from.size(); ++k)
            axes.push_back(k);
    }
    if (!listed || listed->size() != 2 * axes.size())
        return wrong(Text::of("{} paddings are given for {} axes", listed ? listed->size() : 0, axes.size()));
    Padding padding{Shape(from.size(), 0), from};
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const std::size_t axis = axes[i];
        padding.before[axis] = (*listed)[i];
        if (__builtin_add_overflow(from[axis], (*listed)[i], &padding.to[axis]) ||
            __builtin_add_overflow(padding.to[axis], (*listed)[i + axes.size()], &padding.to[axis]) ||
            padding.to[axis] < 0)
            return wrong(Text::of("paddings {} do not fit the shape", shapeText(*listed)));
    }
    return padding;
}

/// Copies row after row of the last axis; `filler` stands where nothing else does.
template <class T>
Result<void> pad(const Value &from, Value &to, const Padding &padding, std::string_view mode, T filler,
                 const TaskContext &task)
{
    const std::size_t rank = from.rank();
    const Shape &sizes = from.shape();
    const Shape strides = stridesOf(sizes);
    const std::int64_t width = padding.to.back();
    std::vector<std::int64_t> at(rank, 0);
    const T *const x = elementsOf<T>(from).data();
    T *y = elementsOf<T>(to).data();
    const std::int64_t rows = width == 0 ? 0 : static_cast<std::int64_t>(to.size()) / width;
    for (std::int64_t row = 0; row < rows; ++row, y += width) {
        if (row % 1024 == 0)
            QS_CHECK(task.check());
        bool inside = true;
        std::int64_t start = 0;
        for (std::size_t k = 0; k + 1 < rank; ++k) {
            const auto source = paddedFrom(at[k], padding.before[k], sizes[k], mode);
            inside = inside && source;
            start += source.value_or(0) * strides[k];
        }
        for (std::int64_t i = 0; i < width; ++i) {
            const auto source = paddedFrom(i, padding.before.back(), sizes.back(), mode);
            y[i] = inside && source ? x[start + *source] : filler;
        }
        for (std::size_t k = rank - 1; k-- > 0;) {
            if (++at[k] < padding.to[k])
                break;
            at[k] = 0;
        }
    }
    return {};
}

Result<Values> padded(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const std::string_view mode = textAttribute(node, "mode", "constant");
    if (mode != "constant" && mode != "edge" && mode != "reflect" && mode != "wrap")
        return wrong(Text::of("the mode {} of padding is not supported", inQuotes(mode)));
    if (inputs[0]->rank() == 0)
        return Values{inputs[0]};
    QS_ASSIGN(Padding padding, paddingOf(node, inputs));
    for (std::size_t k = 0; k < padding.to.size(); ++k)
        if (mode != "constant" && inputs[0]->shape()[k] == 0 && padding.to[k] != 0)
            return wrong(Text::of("an empty axis has no elements to pad with"));
    QS_ASSIGN(const auto result, makeValue(inputs[0]->kind(), padding.to, context));
    const Value *filler = inputAt(inputs, 2);
    if (result->isFloat()) {
        float number = floatAttribute(node, "value", 0);
        if (filler != nullptr && filler->size() != 0) {
            QS_ASSIGN(number, onlyFloat(*filler));
        }
        QS_CHECK(pad<float>(*inputs[0], *result, padding, mode, number, context.task));
    } else {
        std::int64_t number = 0;
        if (filler != nullptr && filler->size() != 0) {
            QS_ASSIGN(number, onlyInt(*filler));
        }
        QS_CHECK(pad<std::int64_t>(*inputs[0], *result, padding, mode, number, context.task));
    }
    return Values{result};
}

} // namespace

std::span<const Operator> padOperators()
{
    static constexpr std::array kRows{
        Operator{"Pad", 2, 10, "a", "mode:s pads:I value:f", padded},
        Operator{"Pad", 11, kNewestOpset, "ai?ai", "mode:s", padded},
    };
    return kRows;
}

} // namespace qs
