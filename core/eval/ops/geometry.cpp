// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/geometry.h"

#include "core/eval/ops/tools.h"

namespace qs {
namespace {

constexpr std::int64_t kMostSize = std::int64_t{1} << 31U;
constexpr std::int64_t kMostTaps = std::int64_t{1} << 16U; // of a window along one axis

Result<std::vector<std::int64_t>> numbersOf(const NetworkNode &node, std::string_view name, std::size_t count,
                                            std::int64_t otherwise, std::int64_t least)
{
    const auto *list = intsAttribute(node, name);
    if (list == nullptr || list->empty())
        return std::vector<std::int64_t>(count, otherwise);
    if (list->size() != count)
        return wrong(Text::of("{} has {} numbers; {} are expected", name, list->size(), count));
    for (const std::int64_t number : *list)
        if (number < least || number >= kMostSize)
            return wrong(Text::of("{} has the number {}", name, number));
    return *list;
}

/// Sizes, steps and explicit pads of all axes.
Result<Windows> axesOf(const NetworkNode &node, const Shape &input, std::span<const std::int64_t> kernel)
{
    const std::size_t count = kernel.size();
    if (count < 1 || count > 3 || input.size() != count + 2)
        return wrong(Text::of("windows of {} axes over the shape {} are not supported", count, shapeText(input)));
    QS_ASSIGN(const auto strides, numbersOf(node, "strides", count, 1, 1));
    QS_ASSIGN(const auto dilations, numbersOf(node, "dilations", count, 1, 1));
    QS_ASSIGN(const auto pads, numbersOf(node, "pads", 2 * count, 0, -kMostSize));
    const bool padded = textAttribute(node, "auto_pad", "NOTSET") == "NOTSET";
    Windows windows;
    for (std::size_t k = 0; k < count; ++k) {
        WindowAxis &axis = windows[3 - count + k];
        axis.input = input[k + 2];
        axis.kernel = kernel[k];
        if (axis.kernel < 1 || axis.kernel > kMostTaps || axis.input >= kMostSize)
            return wrong(Text::of("a window of {} over {} elements is not supported", axis.kernel, axis.input));
        axis.stride = strides[k];
        axis.dilation = dilations[k];
        axis.before = padded ? pads[k] : 0;
        axis.after = padded ? pads[k + count] : 0;
        if (axis.before < 0 || axis.after < 0)
            return wrong(Text::of("paddings {} are not supported", shapeText(pads)));
        if (axis.extent() >= kMostSize)
            return wrong(Text::of("a window of {} over {} elements is not supported", axis.kernel, axis.input));
    }
    return windows;
}

bool sameSize(const NetworkNode &node)
{
    return textAttribute(node, "auto_pad", "NOTSET").starts_with("SAME");
}

/// Padding that is left over goes to the end, or for SAME_LOWER to the beginning.
void share(WindowAxis &axis, std::int64_t padding, const NetworkNode &node)
{
    const bool lower = textAttribute(node, "auto_pad", "NOTSET") == "SAME_LOWER";
    axis.before = lower ? padding - padding / 2 : padding / 2;
    axis.after = padding - axis.before;
}

} // namespace

std::array<std::int64_t, 2> WindowAxis::inside(std::int64_t tap) const
{
    const std::int64_t shift = tap * dilation - before; // element of output 0
    const std::int64_t first = shift >= 0 ? 0 : (-shift + stride - 1) / stride;
    const std::int64_t last = shift >= input ? 0 : (input - 1 - shift) / stride + 1;
    const std::int64_t from = std::min(first, output);
    return {from, std::clamp(last, from, output)};
}

Result<Windows> windowsOf(const NetworkNode &node, const Shape &input, std::span<const std::int64_t> kernel)
{
    QS_ASSIGN(Windows windows, axesOf(node, input, kernel));
    const bool up = intAttribute(node, "ceil_mode", 0) != 0;
    for (WindowAxis &axis : windows) {
        if (sameSize(node)) {
            axis.output = (axis.input + axis.stride - 1) / axis.stride;
            share(axis, std::max<std::int64_t>(0, (axis.output - 1) * axis.stride + axis.extent() - axis.input), node);
            continue;
        }
        const std::int64_t room = axis.input + axis.before + axis.after - axis.extent();
        if (room < 0)
            return wrong(Text::of("a window of {} does not fit {} elements", axis.extent(),
                                  axis.input + axis.before + axis.after));
        axis.output = room / axis.stride + 1;
        // Another window only where it begins inside the input or the padding before it.
        if (up && room % axis.stride != 0 && axis.output * axis.stride < axis.input + axis.before)
            ++axis.output;
    }
    return windows;
}

Result<Windows> transposedWindowsOf(const NetworkNode &node, const Shape &input, std::span<const std::int64_t> kernel)
{
    QS_ASSIGN(Windows windows, axesOf(node, input, kernel));
    const std::size_t count = kernel.size();
    QS_ASSIGN(const auto more, numbersOf(node, "output_padding", count, 0, 0));
    const auto *asked = intsAttribute(node, "output_shape");
    if (asked != nullptr && asked->size() != count)
        return wrong(Text::of("output_shape has {} numbers; {} are expected", asked->size(), count));
    for (std::size_t k = 0; k < count; ++k) {
        WindowAxis &axis = windows[3 - count + k];
        const std::int64_t whole = (axis.input - 1) * axis.stride + more[k] + axis.extent();
        if (asked != nullptr || sameSize(node)) {
            const std::int64_t wanted = asked != nullptr ? (*asked)[k] : axis.input * axis.stride;
            if (wanted < 1 || wanted >= kMostSize)
                return wrong(Text::of("an output of {} elements is not possible", wanted));
            share(axis, std::max<std::int64_t>(0, whole - wanted), node);
            axis.output = wanted;
        } else {
            axis.output = whole - axis.before - axis.after;
        }
        if (axis.output < 0 || axis.output >= kMostSize)
            return wrong(Text::of("an output of {} elements is not possible", axis.output));
    }
    return windows;
}

Shape outputShape(const Windows &windows, std::size_t axes, std::int64_t batch, std::int64_t channels)
{
    Shape shape{batch, channels};
    for (std::size_t k = 3 - axes; k < 3; ++k)
        shape.push_back(windows[k].output);
    return shape;
}

} // namespace qs
