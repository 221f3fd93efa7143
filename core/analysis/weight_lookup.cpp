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
                                  const LayerPart &part, double value, const TaskContext &context)
{
    const LayerValues values(model, layer, quantization.channelAxis, &quantization);
    const ScaleGeometry geometry{quantization.scheme.granularity, values.blocks().shape()};
    if (!part.isOf(geometry))
        return fail(ErrorCode::Usage, Text::of("channel or group does not belong to this layer"), layer.name);
    const BlockRange asked = part.range(geometry);
    const BlockLayout layout = values.blocks().layout();
    FoundWeight found;
    double nearest = std::numeric_limits<double>::infinity();
    std::vector<float> x;
    for (std::uint64_t index = 0; index < layout.count(); ++index) {
        QS_CHECK(context.check());
        const BlockRange range = commonRange(layout.block(index), asked);
        if (range.size() == 0)
            continue;
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
