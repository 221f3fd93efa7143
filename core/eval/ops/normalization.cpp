// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/normalization.h"

#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"
#include "core/kernels/kernels.h"

#include <array>
#include <cmath>
#include <numeric>

namespace qs {
namespace {

template <class Function> double sumOf(const float *x, std::int64_t count, Function function)
{
    constexpr std::int64_t kSums = 8;
    double sums[kSums] = {};
    std::int64_t i = 0;
    for (; i + kSums <= count; i += kSums)
        for (std::int64_t lane = 0; lane < kSums; ++lane)
            sums[lane] += function(static_cast<double>(x[i + lane]));
    for (; i < count; ++i)
        sums[0] += function(static_cast<double>(x[i]));
    return std::accumulate(sums, sums + kSums, 0.0);
}

struct Moments {
    double mean = 0;
    double variance = 0;
};

Moments momentsOf(const float *x, std::int64_t count)
{
    Moments result;
    result.mean = sumOf(x, count, [](double v) { return v; }) / static_cast<double>(count);
    result.variance = sumOf(x, count, [mean = result.mean](double v) { return (v - mean) * (v - mean); }) /
                      static_cast<double>(count);
    return result;
}

/// Calls use(row, source, target) for rows of `length` elements.
template <class Use>
Result<void> forEachRow(const Value &from, Value &to, std::int64_t length, const RunContext &context, Use use)
{
    const std::int64_t rows = length == 0 ? 0 : static_cast<std::int64_t>(from.size()) / length;
    std::int64_t sinceCheck = 0;
    for (std::int64_t row = 0; row < rows; ++row) {
        use(row, from.floats().data() + row * length, to.floats().data() + row * length);
        sinceCheck += length;
        if (sinceCheck > 4 * kElementsPerStep) {
            QS_CHECK(context.task.check());
            sinceCheck = 0;
        }
    }
    return {};
}

Result<std::shared_ptr<Value>> alike(const Value &value, const RunContext &context)
{
    return makeValue(ElementKind::Float, value.shape(), context);
}

/// [batch, channels, …] with at least two axes.
Result<void> checkChannels(const Value &x, std::initializer_list<const Value *> perChannel)
{
    if (x.rank() < 2)
        return wrong(Text::of("a shape [batch, channels, …] is expected"));
    for (const Value *value : perChannel)
        if (static_cast<std::int64_t>(value->size()) != x.shape()[1])
            return wrong(Text::of("{} numbers are given for {} channels", value->size(), x.shape()[1]));
    return {};
}

template <bool logarithm> Result<ValuePtr> softmaxOf(const Value &value, std::int64_t length, const RunContext &context)
{
    QS_ASSIGN(const auto result, alike(value, context));
    QS_CHECK(forEachRow(value, *result, length, context, [length](std::int64_t, const float *x, float *y) {
        kernels().softmax(x, static_cast<std::size_t>(length), logarithm, y);
    }));
    return result;
}

/// Before version 13 all axes from the one named on count as one.
template <bool logarithm>
Result<Values> flatSoftmax(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Shape &shape = inputs[0]->shape();
    QS_ASSIGN(const std::size_t axis, axisIn(intAttribute(node, "axis", 1), std::max<std::size_t>(shape.size(), 1)));
    return one(
        softmaxOf<logarithm>(*inputs[0], sizeBetween(shape, std::min(axis, shape.size()), shape.size()), context));
}

template <bool logarithm>
Result<Values> softmax(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const std::size_t rank = inputs[0]->rank();
    QS_ASSIGN(const std::size_t axis, axisIn(intAttribute(node, "axis", -1), rank));
    std::vector<std::size_t> order(rank);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::swap(order[axis], order[rank - 1]);
    QS_ASSIGN(const ValuePtr rows, transposed(inputs[0], order, context));
    QS_ASSIGN(const ValuePtr result, softmaxOf<logarithm>(*rows, rows->shape().back(), context));
    return one(transposed(result, order, context));
}

Result<Values> batchNormalization(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Value &x = *inputs[0];
    if (intAttribute(node, "training_mode", 0) != 0)
        return wrong(Text::of("the node is set to training"));
    QS_CHECK(checkChannels(x, {inputs[1].get(), inputs[2].get(), inputs[3].get(), inputs[4].get()}));
    const float epsilon = floatAttribute(node, "epsilon", 1e-5F);
    QS_ASSIGN(const auto result, alike(x, context));
    const std::int64_t channels = x.shape()[1];
    const std::int64_t length = sizeBetween(x.shape(), 2, x.rank());
    QS_CHECK(forEachRow(x, *result, length, context, [&](std::int64_t row, const float *from, float *to) {
        const auto channel = static_cast<std::size_t>(row % channels);
        const float factor = inputs[1]->floats()[channel] / std::sqrt(inputs[4]->floats()[channel] + epsilon);
        const float shift = inputs[2]->floats()[channel] - factor * inputs[3]->floats()[channel];
        for (std::int64_t i = 0; i < length; ++i)
            to[i] = factor * from[i] + shift;
    }));
    return Values{result};
}

Result<Values> instanceNormalization(const NetworkNode &node, std::span<const ValuePtr> inputs,
                                     const RunContext &context)
{
    const Value &x = *inputs[0];
    QS_CHECK(checkChannels(x, {inputs[1].get(), inputs[2].get()}));
    const float epsilon = floatAttribute(node, "epsilon", 1e-5F);
    QS_ASSIGN(const auto result, alike(x, context));
    const std::int64_t channels = x.shape()[1];
    const std::int64_t length = sizeBetween(x.shape(), 2, x.rank());
    QS_CHECK(forEachRow(x, *result, length, context, [&](std::int64_t row, const float *from, float *to) {
        const auto channel = static_cast<std::size_t>(row % channels);
        const Moments moments = momentsOf(from, length);
        const auto factor = static_cast<float>(inputs[1]->floats()[channel] / std::sqrt(moments.variance + epsilon));
        const auto shift =
            static_cast<float>(inputs[2]->floats()[channel] - static_cast<double>(factor) * moments.mean);
        for (std::int64_t i = 0; i < length; ++i)
            to[i] = factor * from[i] + shift;
    }));
    return Values{result};
}

/// Up to version 20 scale and bias are per group, from 21 on per channel.
Result<Values> groupNormalization(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Value &x = *inputs[0];
    const std::int64_t groups = intAttribute(node, "num_groups", 0);
    QS_CHECK(checkChannels(x, {}));
    const std::int64_t channels = x.shape()[1];
    const auto given = static_cast<std::int64_t>(inputs[1]->size());
    if (groups < 1 || channels % groups != 0 || (given != groups && given != channels) ||
        inputs[2]->size() != inputs[1]->size())
        return wrong(Text::of("{} groups do not fit {} channels", groups, channels));
    const float epsilon = floatAttribute(node, "epsilon", 1e-5F);
    QS_ASSIGN(const auto result, alike(x, context));
    const std::int64_t size = sizeBetween(x.shape(), 2, x.rank());
    const std::int64_t perGroup = channels / groups;
    QS_CHECK(forEachRow(x, *result, perGroup * size, context, [&](std::int64_t row, const float *from, float *to) {
        const Moments moments = momentsOf(from, perGroup * size);
        const double inverse = 1 / std::sqrt(moments.variance + epsilon);
        for (std::int64_t c = 0; c < perGroup; ++c) {
            const std::int64_t channel = row % groups * perGroup + c;
            const auto at = static_cast<std::size_t>(given == channels ? channel : row % groups);
            const auto factor = static_cast<float>(inputs[1]->floats()[at] * inverse);
            const auto shift = static_cast<float>(inputs[2]->floats()[at] - static_cast<double>(factor) * moments.mean);
            for (std::int64_t i = c * size; i < (c + 1) * size; ++i)
                to[i] = factor * from[i] + shift;
        }
    }));
    return Values{result};
}

/// Elements of the normalized axes, and that the factors are as many.
Result<std::int64_t> normalizedLength(const NetworkNode &node, std::span<const ValuePtr> inputs)
{
    const Shape &shape = inputs[0]->shape();
    QS_ASSIGN(const std::size_t axis, axisIn(intAttribute(node, "axis", -1), shape.size()));
    const std::int64_t length = sizeBetween(shape, axis, shape.size());
    for (std::size_t i = 1; i < 3; ++i)
        if (const Value *factors = inputAt(inputs, i);
            factors != nullptr && static_cast<std::int64_t>(factors->size()) != length)
            return wrong(Text::of("{} numbers are given for {} elements", factors->size(), length));
    return length;
}

Result<Values> layerNormalization(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(const std::int64_t length, normalizedLength(node, inputs));
    const float epsilon = floatAttribute(node, "epsilon", 1e-5F);
    const Shape &shape = inputs[0]->shape();
    QS_ASSIGN(const std::size_t axis, axisIn(intAttribute(node, "axis", -1), shape.size()));
    Shape perRow(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(axis));
    perRow.resize(shape.size(), 1);
    QS_ASSIGN(const auto result, alike(*inputs[0], context));
    QS_ASSIGN(const auto means, makeValue(ElementKind::Float, perRow, context));
    QS_ASSIGN(const auto inverses, makeValue(ElementKind::Float, perRow, context));
    const float *const scale = inputs[1]->floats().data();
    const Value *const bias = inputAt(inputs, 2);
    QS_CHECK(forEachRow(*inputs[0], *result, length, context, [&](std::int64_t row, const float *x, float *y) {
        const Moments moments = momentsOf(x, length);
        const auto mean = static_cast<float>(moments.mean);
        const auto inverse = static_cast<float>(1 / std::sqrt(moments.variance + epsilon));
        for (std::int64_t i = 0; i < length; ++i)
            y[i] = (x[i] - mean) * inverse * scale[i];
        for (std::int64_t i = 0; bias != nullptr && i < length; ++i)
            y[i] += bias->floats()[static_cast<std::size_t>(i)];
        means->floats()[static_cast<std::size_t>(row)] = mean;
        inverses->floats()[static_cast<std::size_t>(row)] = inverse;
    }));
    return Values{result, means, inverses};
}

Result<Values> rmsNormalization(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(const std::int64_t length, normalizedLength(node, inputs));
    const float epsilon = floatAttribute(node, "epsilon", 1e-5F);
    QS_ASSIGN(const auto result, alike(*inputs[0], context));
    const float *const scale = inputs[1]->floats().data();
    QS_CHECK(forEachRow(*inputs[0], *result, length, context, [&](std::int64_t, const float *x, float *y) {
        const double squares = sumOf(x, length, [](double v) { return v * v; });
        const auto inverse = static_cast<float>(1 / std::sqrt(squares / static_cast<double>(length) + epsilon));
        for (std::int64_t i = 0; i < length; ++i)
            y[i] = x[i] * inverse * scale[i];
    }));
    return Values{result};
}

/// Divides each element by a power of the squares of `size` neighbouring channels.
Result<Values> localResponse(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Value &x = *inputs[0];
    QS_CHECK(checkChannels(x, {}));
    const std::int64_t size = intAttribute(node, "size", 0);
    const std::int64_t channels = x.shape()[1];
    if (size < 1)
        return wrong(Text::of("the size {} of the neighbourhood is not possible", size));
    const float alpha = floatAttribute(node, "alpha", 1e-4F);
    const float beta = floatAttribute(node, "beta", 0.75F);
    const float bias = floatAttribute(node, "bias", 1);
    const std::int64_t length = sizeBetween(x.shape(), 2, x.rank());
    QS_ASSIGN(const auto result, alike(x, context));
    QS_CHECK(forEachRow(x, *result, length, context, [&](std::int64_t row, const float *from, float *to) {
        const std::int64_t channel = row % channels;
        const std::int64_t first = std::max<std::int64_t>(0, channel - (size - 1) / 2) - channel;
        const std::int64_t last = std::min(channels - 1, channel + size / 2) - channel;
        for (std::int64_t i = 0; i < length; ++i) {
            float squares = 0;
            for (std::int64_t k = first; k <= last; ++k)
                squares += from[i + k * length] * from[i + k * length];
            to[i] = from[i] / std::pow(bias + alpha / static_cast<float>(size) * squares, beta);
        }
    }));
    return Values{result};
}

} // namespace

std::span<const Operator> normalizationOperators()
{
    static constexpr std::array kRows{
        Operator{"Softmax", 1, 12, "f", "axis:i", flatSoftmax<false>},
        Operator{"Softmax", 13, kNewestOpset, "f", "axis:i", softmax<false>},
        Operator{"LogSoftmax", 1, 12, "f", "axis:i", flatSoftmax<true>},
        Operator{"LogSoftmax", 13, kNewestOpset, "f", "axis:i", softmax<true>},
        Operator{"BatchNormalization", 7, kNewestOpset, "fffff", "epsilon:f momentum:f training_mode:i",
                 batchNormalization},
        Operator{"InstanceNormalization", 6, kNewestOpset, "fff", "epsilon:f", instanceNormalization},
        Operator{"GroupNormalization", 18, kNewestOpset, "fff", "epsilon:f num_groups:i stash_type:i",
                 groupNormalization},
        Operator{"LayerNormalization", 1, kNewestOpset, "ff?f", "axis:i epsilon:f stash_type:i", layerNormalization},
        Operator{"RMSNormalization", 23, kNewestOpset, "ff", "axis:i epsilon:f stash_type:i", rmsNormalization},
        Operator{"LRN", 1, kNewestOpset, "f", "alpha:f beta:f bias:f size:i", localResponse},
    };
    return kRows;
}

} // namespace qs
