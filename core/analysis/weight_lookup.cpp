// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/weight_lookup.h"

#include "core/quant/stored.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qs {

std::vector<std::uint64_t> positionInTensor(const TensorInfo &tensor, int channelAxis, std::uint64_t channel,
                                            std::uint64_t weight)
{
    const AxisLayout axis = AxisLayout::of(tensor, channelAxis);
    const std::uint64_t matrix = channel / axis.channels * axis.matrixSize();
    const std::uint64_t row = weight / axis.inner * axis.channels + channel % axis.channels;
    std::uint64_t element = matrix + row * axis.inner + weight % axis.inner;
    std::vector<std::uint64_t> position(tensor.shape.size());
    for (std::size_t i = position.size(); i-- > 0;) {
        position[i] = element % tensor.shape[i];
        element /= tensor.shape[i];
    }
    return position;
}

Result<FoundWeight> nearestWeight(const Model &model, const Layer &layer, const LayerQuantization &quantization,
                                  std::optional<std::uint64_t> channel, double value, const TaskContext &context)
{
    const LayerValues values(model, layer, quantization.channelAxis, &quantization);
    const MatrixShape shape = values.blocks().shape();
    if (channel && *channel >= shape.channels)
        return fail(ErrorCode::Usage, Text::of("channel does not belong to this layer"), layer.name);
    const BlockLayout layout = values.blocks().layout();
    FoundWeight found;
    double nearest = std::numeric_limits<double>::infinity();
    std::vector<float> x;
    for (std::uint64_t index = 0; index < layout.count(); ++index) {
        QS_CHECK(context.check());
        BlockRange range = layout.block(index);
        if (channel && (*channel < range.channel || *channel >= range.channel + range.channels))
            continue;
        if (channel)
            range = {*channel, 1, range.weight, range.weights};
        QS_CHECK(values.read(range, x));
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double distance = std::abs(static_cast<double>(x[i]) - value);
            if (!(distance < nearest))
                continue;
            nearest = distance;
            found.channel = range.channel + i / range.weights;
            found.weight = range.weight + i % range.weights;
            found.value = x[i];
        }
    }
    found.position = positionInTensor(model.tensorOf(layer), quantization.channelAxis, found.channel, found.weight);
    return found;
}

} // namespace qs
