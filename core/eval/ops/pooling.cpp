// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/pooling.h"

#include "core/eval/ops/geometry.h"
#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"

#include <array>
#include <limits>

namespace qs {
namespace {

/// Calls use(row of the output, row of the input) for windows of one channel, for each tap whose row is inside.
template <class Use> Result<void> forEachRow(const Windows &windows, const TaskContext &task, Use use)
{
    const auto &[depth, height, width] = windows;
    for (std::int64_t z = 0; z < depth.output; ++z) {
        for (std::int64_t y = 0; y < height.output; ++y) {
            for (std::int64_t tz = 0; tz < depth.kernel; ++tz) {
                const std::int64_t fromZ = z * depth.stride + tz * depth.dilation - depth.before;
                if (fromZ < 0 || fromZ >= depth.input)
                    continue;
                for (std::int64_t ty = 0; ty < height.kernel; ++ty) {
                    const std::int64_t fromY = y * height.stride + ty * height.dilation - height.before;
                    if (fromY < 0 || fromY >= height.input)
                        continue;
                    QS_CHECK(task.check());
                    use(z * height.output + y, fromZ * height.input + fromY);
                }
            }
        }
    }
    return {};
}

/// fold(a, b) over the elements of each window.
template <class Fold>
Result<void> pool(const Windows &windows, const float *x, float *y, const TaskContext &task, Fold fold)
{
    const WindowAxis &width = windows[2];
    return forEachRow(windows, task, [&](std::int64_t to, std::int64_t from) {
        float *const target = y + to * width.output;
        for (std::int64_t tap = 0; tap < width.kernel; ++tap) {
            const auto [first, last] = width.inside(tap);
            const float *const source = x + from * width.input + tap * width.dilation - width.before;
            if (width.stride == 1) {
                for (std::int64_t i = first; i < last; ++i)
                    target[i] = fold(target[i], source[i]);
            } else {
                for (std::int64_t i = first; i < last; ++i)
                    target[i] = fold(target[i], source[i * width.stride]);
            }
        }
    });
}

/// Elements of the window of output `at` that are inside the input, or inside it and its padding.
std::int64_t tapsInside(const WindowAxis &axis, std::int64_t at, bool withPadding)
{
    const std::int64_t low = withPadding ? -axis.before : 0;
    const std::int64_t high = axis.input + (withPadding ? axis.after : 0);
    std::int64_t count = 0;
    for (std::int64_t tap = 0; tap < axis.kernel; ++tap) {
        const std::int64_t place = at * axis.stride + tap * axis.dilation - axis.before;
        count += place >= low && place < high ? 1 : 0;
    }
    return count;
}

/// Elements of each window of one channel.
std::vector<float> windowSizes(const Windows &windows, bool withPadding)
{
    std::vector<float> sizes;
    for (std::int64_t z = 0; z < windows[0].output; ++z)
        for (std::int64_t y = 0; y < windows[1].output; ++y)
            for (std::int64_t x = 0; x < windows[2].output; ++x)
                sizes.push_back(
                    static_cast<float>(tapsInside(windows[0], z, withPadding) * tapsInside(windows[1], y, withPadding) *
                                       tapsInside(windows[2], x, withPadding)));
    return sizes;
}

Result<Windows> poolWindows(const NetworkNode &node, const Value &input)
{
    const auto *kernel = intsAttribute(node, "kernel_shape");
    if (kernel == nullptr)
        return wrong(Text::of("kernel_shape is missing"));
    return windowsOf(node, input.shape(), *kernel);
}

/// Calls use(channel's input, channel's output) for all channels of all samples.
template <class Use>
Result<void> forEachChannel(const Windows &windows, const Value &from, Value &to, const RunContext &context, Use use)
{
    const std::int64_t in = windows[0].input * windows[1].input * windows[2].input;
    const std::int64_t out = windows[0].output * windows[1].output * windows[2].output;
    const std::int64_t channels = from.shape()[0] * from.shape()[1];
    for (std::int64_t channel = 0; channel < channels; ++channel) {
        QS_CHECK(context.task.check());
        QS_CHECK(use(from.floats().data() + channel * in, to.floats().data() + channel * out));
    }
    return {};
}

Result<Values> maxPool(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(const Windows windows, poolWindows(node, *inputs[0]));
    const Shape &from = inputs[0]->shape();
    QS_ASSIGN(const auto result,
              makeValue(ElementKind::Float, outputShape(windows, from.size() - 2, from[0], from[1]), context));
    std::ranges::fill(result->floats(), -std::numeric_limits<float>::infinity());
    QS_CHECK(forEachChannel(windows, *inputs[0], *result, context, [&](const float *x, float *y) {
        return pool(windows, x, y, context.task, [](float a, float b) { return b > a || b != b ? b : a; });
    }));
    return Values{result};
}

Result<Values> averagePool(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(const Windows windows, poolWindows(node, *inputs[0]));
    const Shape &from = inputs[0]->shape();
    QS_ASSIGN(const auto result,
              makeValue(ElementKind::Float, outputShape(windows, from.size() - 2, from[0], from[1]), context));
    std::ranges::fill(result->floats(), 0.0F);
    if (result->size() == 0)
        return Values{result};
    const std::vector<float> sizes = windowSizes(windows, intAttribute(node, "count_include_pad", 0) != 0);
    QS_CHECK(forEachChannel(windows, *inputs[0], *result, context, [&](const float *x, float *y) -> Result<void> {
        QS_CHECK(pool(windows, x, y, context.task, [](float a, float b) { return a + b; }));
        for (std::size_t i = 0; i < sizes.size(); ++i)
            y[i] /= sizes[i];
        return {};
    }));
    return Values{result};
}

} // namespace

std::span<const Operator> poolingOperators()
{
    static constexpr std::string_view kMax =
        "auto_pad:s ceil_mode:i dilations:I kernel_shape:I pads:I storage_order:i strides:I";
    static constexpr std::string_view kAverage =
        "auto_pad:s ceil_mode:i count_include_pad:i dilations:I kernel_shape:I pads:I strides:I";
    static constexpr std::array kRows{
        Operator{"MaxPool", 1, kNewestOpset, "f", kMax, maxPool},
        Operator{"AveragePool", 1, kNewestOpset, "f", kAverage, averagePool},
    };
    return kRows;
}

} // namespace qs
