// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/clipping_outputs.h"

#include "core/analysis/calibration.h"
#include "core/quant/output_search.h"
#include "core/quant/unit_search.h"
#include "core/scheme/scale_table.h"

#include <algorithm>
#include <cmath>

namespace qs {

std::size_t OutputClipping::best() const
{
    return static_cast<std::size_t>(std::ranges::min_element(relativeErrors) - relativeErrors.begin());
}

Result<OutputClipping> clippingOutputs(const Model &model, const Layer &layer, const LayerQuantization &quantization,
                                       std::uint64_t channel, std::uint64_t group, const ClippingCurve &curve,
                                       const InputMoments &moments, const TaskContext &context)
{
    const FloatBlocks blocks(model.view(layer.tensor), quantization.channelAxis);
    const MatrixShape shape = blocks.shape();
    const ScaleGeometry geometry{quantization.scheme.granularity, shape};
    if (!moments.full || !moments.fits(shape) || shape.weights > kLongestOutputRow || channel >= shape.channels ||
        group >= geometry.groupsPerChannel())
        return fail(ErrorCode::Usage, Text::of("the inputs of this layer are not known well enough"), layer.name);
    std::vector<float> weights;
    QS_CHECK(blocks.read({channel, 1, 0, shape.weights}, weights));
    const std::size_t first = group * geometry.groupSize();
    const std::size_t size = std::min<std::size_t>(geometry.groupSize(), weights.size() - first);
    const std::span<const float> unit = std::span<const float>(weights).subspan(first, size);
    WeightRange range = rangeOf(unit);
    if (quantization.scheme.granularity.kind == Granularity::Kind::Tensor && !quantization.channelMin.empty())
        range = {std::ranges::min(quantization.channelMin), std::ranges::max(quantization.channelMax), false};

    const auto matrix = moments.matrixOf(channel, shape);
    const double signal = outputError(std::vector<double>(weights.begin(), weights.end()), moments, matrix);
    const UnitSearch search{Quantizer(quantization.scheme, model.tensorOf(layer).dtype)};
    OutputClipping result{{}, moments.about};
    std::vector<double> errors(weights.size(), 0.0);
    for (const ClippingPoint &point : curve.points) {
        QS_CHECK(context.check());
        const auto step = static_cast<std::size_t>(std::lround((1 - point.share) * 100));
        const ScaleAndZeroPoint with = search.quantizer().scaleFor(search.shrunkBy(range, step));
        double noise = 0;
        if (unitErrors(search, unit, with, std::span(errors).subspan(first, size)))
            noise = outputError(errors, moments, matrix);
        result.relativeErrors.push_back(signal > 0 ? std::sqrt(std::max(noise, 0.0) / signal) : 0);
    }
    return result;
}

Result<std::shared_ptr<const InputMoments>> momentsOfLayer(const Model &model, std::size_t layer,
                                                           std::optional<Activation> activation,
                                                           const AnalyzeOptions &options, AnalysisCache &cache,
                                                           const TaskContext &context)
{
    std::vector<Decision> decisions(model.layers.size());
    for (Decision &decision : decisions)
        decision.quantize = false;
    // A layer whose range is chosen by its inputs is one that they are found for.
    decisions[layer].quantize = true;
    decisions[layer].scheme.range = RangeMethod::output();
    decisions[layer].channelAxis = model.layers[layer].channelAxis;
    QS_CHECK(addInputMoments(model, activation, decisions, options, cache, context));
    return decisions[layer].moments;
}

} // namespace qs
