// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quantize.h"

#include "core/metrics/pair_sums.h"
#include "core/quant/layer_quantizer.h"
#include "core/quant/ranks.h"
#include "core/scheme/convention.h"
#include "core/scheme/formula.h"
#include "core/tensor/tensor_bytes.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <map>
#include <mutex>
#include <utility>

namespace qs {

namespace {

/// Gives the memory back, which assigning an empty vector does not.
template <class T> void release(std::vector<T> &values)
{
    std::vector<T>().swap(values);
}

/// Weights of f64 that are not 0 but become 0 where codes are formed, in float32: all of each is error.
Result<void> addLostWeights(const TensorView &view, LayerQuantization &result, const TaskContext &context)
{
    constexpr std::uint64_t kStep = std::uint64_t{1} << 15U;
    if (view.info->dtype != DType::F64)
        return {};
    const TensorElements elements(view);
    std::vector<double> values(std::min(kStep, view.info->elements()));
    double energy = 0;
    for (std::uint64_t done = 0; done < view.info->elements(); done += kStep) {
        QS_CHECK(context.check());
        const std::uint64_t count = std::min(kStep, view.info->elements() - done);
        QS_CHECK(elements.bytes(done, count, reinterpret_cast<std::byte *>(values.data())));
        for (std::uint64_t i = 0; i < count; ++i) {
            if (values[i] == 0 || static_cast<float>(values[i]) != 0)
                continue;
            ++result.lostWeights;
            energy += values[i] * values[i];
            result.sums.maxAbsError = std::max(result.sums.maxAbsError, std::fabs(values[i]));
        }
    }
    result.sums.errorEnergy += energy;
    result.sums.signalEnergy += energy;
    result.sums.angle.add(AngleSums::fromErrors(energy, energy, -energy));
    result.sums.nonZero += result.lostWeights;
    result.sums.zeroCodes += result.lostWeights;
    return {};
}

} // namespace

bool hasTooManyScales(const TensorInfo &tensor, int channelAxis, const Scheme &scheme)
{
    const MatrixShape shape = matrixShape(tensor, channelAxis);
    return ScaleGeometry{scheme.granularity, shape}.count() > kMostScales || shape.channels > kMostScales;
}

Text schemeProblem(const TensorInfo &tensor, int channelAxis, const Scheme &scheme)
{
    const MatrixShape shape = matrixShape(tensor, channelAxis);
    const std::uint64_t scales = ScaleGeometry{scheme.granularity, shape}.count();
    if (scales > kMostScales)
        return Text::of("would need {} scales, more than the {} that are handled", scales, kMostScales);
    if (shape.channels > kMostScales)
        return Text::of("has {} channels, more than the {} that are handled", shape.channels, kMostScales);
    const bool grouped = scheme.granularity.kind == Granularity::Kind::Group;
    if (!grouped || !formulaOf(scheme).wholeBlocks || tensor.shape.empty())
        return {};
    // The tool that the formula comes from knows blocks of rows only, and rows are along the last axis; a matrix that
    // has its outputs there is turned round for it.
    const bool outputsLast = static_cast<std::size_t>(channelAxis) + 1 == tensor.shape.size();
    const bool turned = outputsLast && tensor.shape.size() == 2;
    const std::uint64_t row = turned ? tensor.shape.front() : tensor.shape.back();
    const SuperBlock *superBlock = formulaOf(scheme).superBlock;
    const std::uint64_t block = superBlock ? superBlock->size() : scheme.granularity.groupSize;
    if (row % block != 0)
        return Text::of("has rows of {} weights along its last axis, but {} needs whole blocks of {}", row,
                        scheme.convention, block);
    if (outputsLast && !turned)
        return Text::of("has its outputs on the last axis, along which {} needs its blocks of {}", scheme.convention,
                        block);
    return {};
}

void summariseScales(LayerQuantization &result, float min, float max, DType source)
{
    if (result.scales.empty())
        return;
    // Without a branch, so that the loop becomes vectors: there may be millions of them.
    const float normal = result.scheme.scaleType == ScaleType::F16 ? 0x1p-14F : 0x1p-126F;
    float low = FLT_MAX;
    float high = 0;
    std::uint64_t below = 0; // its normal numbers; an all-zero row may have the scale 0
    for (const float scale : result.scales) {
        const float magnitude = std::fabs(scale);
        low = magnitude < low ? magnitude : low;
        high = magnitude > high ? magnitude : high;
        below += static_cast<std::uint64_t>(magnitude != 0) & static_cast<std::uint64_t>(magnitude < normal);
    }
    result.underflownScales += below;
    result.scaleMin = low;
    result.scaleMax = high;
    result.scaleMedian = magnitudeOfRank(result.scales, (result.scales.size() - 1) / 2 + 1);
    result.wholeLayerScale = std::fabs(Quantizer(result.scheme, source).scaleFor({min, max, false}).stored);
}

void summariseSteps(LayerQuantization &result, std::vector<float> channels)
{
    if (channels.empty())
        return;
    result.rmsePerScaleMax = *std::max_element(channels.begin(), channels.end());
    result.rmsePerScaleMedian = medianOf(channels);
}

void dropVectors(LayerQuantization &quantization, Keep keep)
{
    if (keep == Keep::Everything)
        return;
    release(quantization.channelMin);
    release(quantization.channelMax);
    release(quantization.channelRmsePerScale);
    if (keep == Keep::Scales)
        return;
    release(quantization.scales);
    release(quantization.zeroPoints);
    release(quantization.offsets);
}

namespace {

/// The angle between the weights and what their codes stand for, from a pass that rounds nothing.
Result<AngleSums> exactAngle(const QuantizeRequest &original, const TaskContext &context)
{
    const FloatBlocks blocks(original.model.view(original.layer.tensor), original.channelAxis);
    std::map<std::pair<std::uint64_t, std::uint64_t>, PairSums> sums; // by place, so that they are added in order
    std::mutex mutex;
    QuantizeRequest request{.model = original.model,
                            .layer = original.layer,
                            .channelAxis = original.channelAxis,
                            .scheme = original.scheme,
                            .keep = Keep::Scales,
                            .sink = {},
                            .wants = SinkWants::CodesAndValues,
                            .valuesAs = original.valuesAs,
                            .moments = original.moments};
    request.sink = [&](const CodeBlock &block) -> Result<void> {
        thread_local std::vector<float> x;
        QS_CHECK(blocks.read({block.channel, block.channels, block.weight, block.weights}, x));
        PairSums own;
        for (std::size_t i = 0; i < x.size(); ++i)
            own.add(static_cast<long double>(x[i]), static_cast<long double>(block.values[i]));
        const std::lock_guard lock(mutex);
        sums.emplace(std::pair(block.channel, block.weight), own);
        return {};
    };
    QS_CHECK(quantizeLayer(request, context));
    PairSums total;
    for (const auto &[place, block] : sums)
        total.add(block);
    return total.angle();
}

} // namespace

Result<QuantizeResult> quantizeLayer(const QuantizeRequest &request, const TaskContext &context)
{
    QuantizeResult all;
    LayerQuantization &result = all.quantization;
    LayerQuantizer quantizer(request, result);
    if (request.statistics && !quantizer.hasStatistics()) {
        QS_ASSIGN(all.statistics, weightStatistics(request.model, request.layer, context, request.kurtosis));
        if (!all.statistics->finite())
            return all;
    }
    QS_CHECK(quantizer.run(context));
    if (quantizer.hasStatistics()) {
        QS_ASSIGN(all.statistics, quantizer.statistics(context));
        if (!all.statistics->finite())
            return all;
    }
    if (all.statistics && !request.kurtosis && result.scalesFinite) {
        all.statistics->signalEnergy = result.sums.signalEnergy;
    } else if (all.statistics && !request.kurtosis) { // nothing was measured
        QS_ASSIGN(all.statistics, weightStatistics(request.model, request.layer, context));
    }
    if (request.keep != Keep::Scales && result.scalesFinite && cancels(result.sums.angle)) {
        QS_ASSIGN(result.sums.angle, exactAngle(request, context));
    }
    const ErrorSums &sums = result.sums;
    result.valuesFinite =
        std::isfinite(sums.errorEnergy) && std::isfinite(sums.angle.yy) && std::isfinite(sums.maxAbsError);
    if (request.keep == Keep::Everything)
        summariseSteps(result, result.channelRmsePerScale);
    else
        summariseSteps(result, std::move(result.channelRmsePerScale));
    if (result.scalesFinite && request.keep != Keep::Scales)
        summariseScales(result, quantizer.range().first, quantizer.range().second,
                        request.model.tensorOf(request.layer).dtype);
    result.underflownScales += quantizer.lostScales();
    if (request.keep != Keep::Scales)
        QS_CHECK(addLostWeights(request.model.view(request.layer.tensor), result, context));
    dropVectors(result, request.keep);
    return all;
}

Metrics layerMetrics(const LayerQuantization &quantization, const WeightStatistics &statistics)
{
    Metrics metrics = metricsFrom(quantization.sums);
    if (!metrics.mse)
        return metrics;
    metrics.exact = metrics.exact && quantization.lostWeights == 0; // squares of theirs may be 0 in double
    metrics.excessKurtosis = statistics.excessKurtosis;
    metrics.rmsePerScaleMedian = static_cast<double>(quantization.rmsePerScaleMedian);
    metrics.rmsePerScaleMax = static_cast<double>(quantization.rmsePerScaleMax);
    return metrics;
}

std::uint64_t quantizedBytes(const MatrixShape &shape, const Scheme &scheme)
{
    const auto bits = static_cast<std::uint64_t>(scheme.bits);
    const ScaleGeometry geometry{scheme.granularity, shape};
    const std::uint64_t codes = shape.channels * ceilDiv(shape.weights * bits, 8);
    if (const SuperBlock *superBlock = formulaOf(scheme).superBlock)
        return codes + geometry.count() / superBlock->units * superBlock->scaleBytes;
    const std::uint64_t scales = geometry.count() * (scheme.scaleType == ScaleType::F32 ? 4 : 2);
    // One row of zero points per tensor or channel list, or per channel for groups; rows are padded to whole bytes.
    const bool grouped = scheme.granularity.kind == Granularity::Kind::Group;
    const std::uint64_t zeroPointRows = grouped ? shape.channels : 1;
    const std::uint64_t perRow = grouped ? geometry.groupsPerChannel() : geometry.count();
    const std::uint64_t zeroPoints = scheme.hasZeroPoints() ? zeroPointRows * ceilDiv(perRow * bits, 8) : 0;
    return codes + scales * (scheme.hasOffsets() ? 2 : 1) + zeroPoints;
}

} // namespace qs
