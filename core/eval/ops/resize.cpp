// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/resize.h"

#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"

#include <array>
#include <cmath>

namespace qs {
namespace {

/// How outputs of an axis come of inputs.
struct Manner {
    std::string_view mode;
    std::string_view place;   ///< coordinate_transformation_mode
    std::string_view nearest; ///< nearest_mode
    float cubic = -0.75F;
    bool excludesOutside = false;
};

struct Axis {
    std::int64_t from = 0;
    std::int64_t to = 0;
    double scale = 1;
};

constexpr std::size_t kMostTaps = 4;

/// Weighted inputs of one output.
struct Taps {
    std::size_t count = 0;
    std::array<std::int64_t, kMostTaps> index{};
    std::array<float, kMostTaps> weight{};
};

double placeOf(const Manner &manner, const Axis &axis, std::int64_t at)
{
    const auto x = static_cast<double>(at);
    if (manner.place == "asymmetric")
        return x / axis.scale;
    if (manner.place == "align_corners")
        return axis.to == 1 ? 0 : x * static_cast<double>(axis.from - 1) / static_cast<double>(axis.to - 1);
    if (manner.place == "pytorch_half_pixel" && axis.to == 1)
        return 0;
    if (manner.place == "tf_half_pixel_for_nn")
        return (x + 0.5) / axis.scale;
    const double place = (x + 0.5) / axis.scale - 0.5;
    if (manner.place == "half_pixel_symmetric") {
        const double adjustment = static_cast<double>(axis.to) / (axis.scale * static_cast<double>(axis.from));
        return static_cast<double>(axis.from) / 2 * (1 - adjustment) + place;
    }
    return place;
}

std::int64_t nearestOf(std::string_view mode, double place)
{
    if (mode == "floor")
        return static_cast<std::int64_t>(std::floor(place));
    if (mode == "ceil")
        return static_cast<std::int64_t>(std::ceil(place));
    if (mode == "round_prefer_ceil")
        return static_cast<std::int64_t>(std::floor(place + 0.5));
    return static_cast<std::int64_t>(std::ceil(place - 0.5));
}

/// Keys' cubic: weights of the elements −1, 0, 1, 2 around a place that is `rest` behind element 0.
std::array<float, kMostTaps> cubicWeights(double rest, double a)
{
    const auto near = [a](double d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
    const auto far = [a](double d) { return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a; };
    return {static_cast<float>(far(1 + rest)), static_cast<float>(near(rest)), static_cast<float>(near(1 - rest)),
            static_cast<float>(far(2 - rest))};
}

Taps tapsOf(const Manner &manner, const Axis &axis, std::int64_t at)
{
    const double place = placeOf(manner, axis, at);
    const auto bounded = [&axis](std::int64_t index) { return std::clamp<std::int64_t>(index, 0, axis.from - 1); };
    if (manner.mode == "nearest")
        return {1, {bounded(nearestOf(manner.nearest, place))}, {1}};
    const auto base = static_cast<std::int64_t>(std::floor(place));
    const double rest = place - static_cast<double>(base);
    Taps taps;
    if (manner.mode == "linear") {
        taps = {2, {base, base + 1}, {static_cast<float>(1 - rest), static_cast<float>(rest)}};
    } else {
        taps = {4, {base - 1, base, base + 1, base + 2}, cubicWeights(rest, static_cast<double>(manner.cubic))};
    }
    float sum = 0;
    for (std::size_t i = 0; i < taps.count; ++i) {
        if (manner.excludesOutside && taps.index[i] != bounded(taps.index[i]))
            taps.weight[i] = 0;
        taps.index[i] = bounded(taps.index[i]);
        sum += taps.weight[i];
    }
    for (std::size_t i = 0; manner.excludesOutside && i < taps.count; ++i)
        taps.weight[i] /= sum;
    return taps;
}

void combine(const Taps &taps, const float *rows, std::int64_t width, float *to)
{
    const float *source[kMostTaps] = {};
    for (std::size_t i = 0; i < taps.count; ++i)
        source[i] = rows + taps.index[i] * width;
    if (taps.count == 1) {
        std::copy_n(source[0], width, to);
    } else if (taps.count == 2) {
        for (std::int64_t i = 0; i < width; ++i)
            to[i] = source[0][i] * taps.weight[0] + source[1][i] * taps.weight[1];
    } else {
        for (std::int64_t i = 0; i < width; ++i)
            to[i] = source[0][i] * taps.weight[0] + source[1][i] * taps.weight[1] + source[2][i] * taps.weight[2] +
                    source[3][i] * taps.weight[3];
    }
}

Result<ValuePtr> resizeAxis(const Value &x, std::size_t which, const Axis &axis, const Manner &manner,
                            const RunContext &context)
{
    Shape shape = x.shape();
    shape[which] = axis.to;
    QS_ASSIGN(const auto result, makeValue(ElementKind::Float, shape, context));
    const std::int64_t inner = sizeBetween(shape, which + 1, shape.size());
    const std::int64_t outer = sizeBetween(shape, 0, which);
    if (result->size() == 0)
        return result;
    constexpr auto kWords = static_cast<std::int64_t>(sizeof(Taps) / sizeof(std::int64_t));
    QS_ASSIGN(const auto memory, makeValue(ElementKind::Int, {axis.to, kWords}, context)); // as much as the taps take
    std::vector<Taps> taps;
    for (std::int64_t at = 0; at < axis.to; ++at)
        taps.push_back(tapsOf(manner, axis, at));
    for (std::int64_t row = 0; row < outer; ++row) {
        QS_CHECK(context.task.check());
        const float *const from = x.floats().data() + row * axis.from * inner;
        float *const to = result->floats().data() + row * axis.to * inner;
        for (std::int64_t at = 0; at < axis.to; ++at)
            combine(taps[static_cast<std::size_t>(at)], from, inner, to + at * inner);
    }
    return result;
}

Result<Manner> mannerOf(const NetworkNode &node)
{
    const bool upsample = node.op == "Upsample";
    Manner manner;
    manner.mode = textAttribute(node, "mode", "nearest");
    // Version 10 had but one transformation.
    manner.place = textAttribute(node, "coordinate_transformation_mode",
                                 upsample || (node.version == 10) ? "asymmetric" : "half_pixel");
    manner.nearest =
        textAttribute(node, "nearest_mode", upsample || (node.version == 10) ? "floor" : "round_prefer_floor");
    manner.cubic = floatAttribute(node, "cubic_coeff_a", -0.75F);
    manner.excludesOutside = intAttribute(node, "exclude_outside", 0) != 0;
    if (manner.mode != "nearest" && manner.mode != "linear" && manner.mode != "cubic")
        return wrong(Text::of("the mode {} is not supported", inQuotes(manner.mode)));
    constexpr std::array<std::string_view, 6> kPlaces{"asymmetric",    "tf_half_pixel_for_nn",
                                                      "align_corners", "pytorch_half_pixel",
                                                      "half_pixel",    "half_pixel_symmetric"};
    if (std::ranges::find(kPlaces, manner.place) == kPlaces.end())
        return wrong(Text::of("the coordinates {} are not supported", inQuotes(manner.place)));
    if (intAttribute(node, "antialias", 0) != 0)
        return wrong(Text::of("antialiasing is not supported"));
    return manner;
}

/// Sizes that keep the ratio of the axes that change.
void keepRatio(std::string_view policy, std::vector<Axis> &axes, std::span<const std::size_t> which)
{
    const bool larger = policy == "not_smaller";
    if (policy == "stretch" || which.empty())
        return;
    double ratio = axes[which[0]].scale;
    for (const std::size_t k : which)
        ratio = larger ? std::max(ratio, axes[k].scale) : std::min(ratio, axes[k].scale);
    for (const std::size_t k : which)
        axes[k] = {axes[k].from, static_cast<std::int64_t>(std::floor(ratio * static_cast<double>(axes[k].from) + 0.5)),
                   ratio};
}

Result<void> setScales(std::span<const float> scales, std::vector<Axis> &axes, std::span<const std::size_t> which)
{
    if (scales.size() != which.size())
        return wrong(Text::of("{} scales are given for {} axes", scales.size(), which.size()));
    for (std::size_t i = 0; i < which.size(); ++i) {
        Axis &axis = axes[which[i]];
        axis.scale = static_cast<double>(scales[i]);
        const double to = std::floor(static_cast<double>(axis.from) * axis.scale);
        if (!(axis.scale > 0) || !(to < 0x1p40))
            return wrong(Text::of("the scale {} is not possible", axis.scale));
        axis.to = static_cast<std::int64_t>(to);
    }
    return {};
}

Result<void> setSizes(const NetworkNode &node, const Value &sizes, std::vector<Axis> &axes,
                      std::span<const std::size_t> which)
{
    QS_ASSIGN(const auto list, intList(sizes));
    if (list.size() != which.size())
        return wrong(Text::of("{} sizes are given for {} axes", list.size(), which.size()));
    for (std::size_t i = 0; i < which.size(); ++i) {
        Axis &axis = axes[which[i]];
        if (list[i] < 0 || list[i] > (std::int64_t{1} << 40U) || axis.from == 0)
            return wrong(Text::of("an axis of {} does not become {}", axis.from, list[i]));
        axis.to = list[i];
        axis.scale = static_cast<double>(list[i]) / static_cast<double>(axis.from);
    }
    keepRatio(textAttribute(node, "keep_aspect_ratio_policy", "stretch"), axes, which);
    return {};
}

/// What the inputs or attributes of the version say.
Result<std::vector<Axis>> axesOf(const NetworkNode &node, std::span<const ValuePtr> inputs)
{
    std::vector<Axis> axes;
    for (const std::int64_t size : inputs[0]->shape())
        axes.push_back({size, size, 1});
    std::vector<std::size_t> which;
    if (const auto *list = intsAttribute(node, "axes")) {
        QS_ASSIGN(which, axesIn(*list, axes.size()));
    } else {
        for (std::size_t k = 0; k < axes.size(); ++k)
            which.push_back(k);
    }
    const bool old = node.op == "Upsample" || node.version == 10;
    const Value *scales = inputAt(inputs, old ? 1 : 2);
    const Value *sizes = old ? nullptr : inputAt(inputs, 3);
    if (sizes != nullptr && sizes->size() != 0) {
        QS_CHECK(setSizes(node, *sizes, axes, which));
    } else if (scales != nullptr && scales->size() != 0) {
        QS_CHECK(setScales(scales->floats(), axes, which));
    } else if (const auto *list = floatsAttribute(node, "scales")) {
        QS_CHECK(setScales(*list, axes, which));
    } else {
        return wrong(Text::of("scales and sizes are missing"));
    }
    return axes;
}

Result<Values> resize(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(const Manner manner, mannerOf(node));
    QS_ASSIGN(const std::vector<Axis> axes, axesOf(node, inputs));
    ValuePtr result = inputs[0];
    for (std::size_t k = 0; k < axes.size(); ++k) {
        if (axes[k].to == axes[k].from && axes[k].scale == 1)
            continue;
        if (axes[k].from == 0)
            return wrong(Text::of("an axis of {} does not become {}", axes[k].from, axes[k].to));
        QS_ASSIGN(result, resizeAxis(*result, k, axes[k], manner, context));
    }
    return Values{std::move(result)};
}

} // namespace

std::span<const Operator> resizeOperators()
{
    static constexpr std::string_view kAttributes =
        "antialias:i axes:I coordinate_transformation_mode:s cubic_coeff_a:f exclude_outside:i extrapolation_value:f "
        "keep_aspect_ratio_policy:s mode:s nearest_mode:s";
    static constexpr std::array kRows{
        Operator{"Upsample", 7, 8, "f", "mode:s scales:F", resize},
        Operator{"Upsample", 9, 9, "ff", "mode:s", resize},
        Operator{"Resize", 10, 10, "ff", "mode:s", resize},
        Operator{"Resize", 11, kNewestOpset, "f?ffi", kAttributes, resize},
    };
    return kRows;
}

} // namespace qs
