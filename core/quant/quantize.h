// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Quantizes a layer in bounded memory: blocks of float rows → kernels → scales, zero points, codes, error sums.
#pragma once

#include "core/base/task_context.h"
#include "core/metrics/error_metrics.h"
#include "core/model/model.h"
#include "core/quant/input_moments.h"
#include "core/quant/quantizer.h"
#include "core/quant/statistics.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace qs {

/// A layer's scales, zero points and errors. `scales` are the stored ones: 1, N or N·groups values, row-major.
struct LayerQuantization {
    Scheme scheme;
    int channelAxis = 0;
    MatrixShape shape;
    std::uint64_t groupsPerChannel = 1;
    std::vector<float> scales;
    std::vector<std::int8_t> zeroPoints; ///< empty when symmetric or with offsets
    std::vector<float> offsets;          ///< as stored, of schemes with offsets, one per scale; else empty
    std::vector<float> channelMin;       ///< range of each channel's weights
    std::vector<float> channelMax;
    std::vector<float> channelRmsePerScale; ///< √mean(e²)/scale of each channel
    // What follows is there even where the vectors above were not kept.
    std::vector<double> matrixErrors; ///< ‖e‖/‖x‖ of each matrix of a stack, NaN where x is 0; empty for no stack
    ErrorSums sums;
    float rmsePerScaleMedian = 0; ///< lower middle over channels
    float rmsePerScaleMax = 0;
    float scaleMin = 0;    ///< this and the next three are magnitudes
    float scaleMedian = 0; ///< lower middle
    float scaleMax = 0;
    float wholeLayerScale = 0; ///< what one scale for the whole layer would be
    std::uint64_t raisedScales = 0;
    std::uint64_t underflownScales = 0; ///< stored scales that are subnormal in their type, or became 0 in it
    std::uint64_t lostWeights = 0;      ///< of type f64, not 0, but 0 in float32; the sums know their energies
    std::uint64_t zeroScales = 0;       ///< of codes that the file holds
    std::uint64_t negativeScales = 0;   ///< the same
    bool scalesFinite = true;
    bool valuesFinite = true; ///< false: some code·scale overflows float32
};

/// Codes of some consecutive weights of one channel, handed out while a layer is quantized.
struct CodeBlock {
    std::uint64_t channel = 0; ///< first channel
    std::uint64_t channels = 0;
    std::uint64_t weight = 0; ///< first weight inside each channel
    std::uint64_t weights = 0;
    const std::int8_t *codes = nullptr;       ///< [channels, weights], row-major
    const float *values = nullptr;            ///< dequantized, same shape; null when not asked for
    const LayerQuantization *known = nullptr; ///< scales and offsets of these weights are there, others may not be yet
};
/// Called from several threads at once, each weight exactly once.
using CodeSink = std::function<Result<void>(const CodeBlock &)>;

/// How much of a LayerQuantization is wanted; the less, the less memory it takes per channel.
enum class Keep : std::uint8_t {
    Everything, ///< all vectors
    Scales,     ///< scales and zero points, no summary of them; errors are not measured
    Summary,    ///< no vectors
};

/// More scales than this in a layer are not handled, so that memory stays bounded (256 MiB of scales).
inline constexpr std::uint64_t kMostScales = std::uint64_t{1} << 26U;
/// Whether it is the number of scales or channels that stands against a scheme.
bool hasTooManyScales(const TensorInfo &tensor, int channelAxis, const Scheme &scheme);
/// Why a scheme cannot be used on a weight along that axis, as in "layer 'x' …"; empty when it can.
Text schemeProblem(const TensorInfo &tensor, int channelAxis, const Scheme &scheme);

/// What a sink looks at.
enum class SinkWants : std::uint8_t { Codes, CodesAndValues };

/// What quantizeLayer() is asked for. All that it refers to must outlive the call.
struct QuantizeRequest {
    const Model &model;
    const Layer &layer; ///< of finite weights, unless `statistics` are asked for
    int channelAxis = 0;
    const Scheme &scheme; ///< without a schemeProblem()
    Keep keep = Keep::Everything;
    CodeSink sink = {}; ///< gets the codes; results do not depend on it
    SinkWants wants = SinkWants::CodesAndValues;
    std::optional<DType> valuesAs = {}; ///< values are rounded to f16 or bf16 before they are measured and handed out
    const InputMoments *moments = nullptr; ///< of a scheme that needsInputs(); they must fit()
    bool statistics = false;               ///< found out, too, in the same pass where that is possible
    bool kurtosis = true;                  ///< with them; else their signal energy is that of the errors' sums
};

struct QuantizeResult {
    LayerQuantization quantization;             ///< means nothing when the statistics are not finite
    std::optional<WeightStatistics> statistics; ///< when they were asked for
};

/// Quantizes a layer. Bits do not depend on the number of threads.
Result<QuantizeResult> quantizeLayer(const QuantizeRequest &request, const TaskContext &context);

/// Fills in the smallest, median and largest scale, how many underflow, and what one for the whole layer would be,
/// whose weights, of type `source`, lie in [min, max]. By magnitude: scales of some conventions are negative.
void summariseScales(LayerQuantization &quantization, float min, float max, DType source);
/// Fills in median and largest of the channels' RMSE / scale.
void summariseSteps(LayerQuantization &quantization, std::vector<float> channelRmsePerScale);
/// Empties the vectors that `keep` does not ask for.
void dropVectors(LayerQuantization &quantization, Keep keep);

/// Metrics of a quantized layer, with the per-channel ones and the kurtosis; all empty when something overflowed.
Metrics layerMetrics(const LayerQuantization &quantization, const WeightStatistics &statistics);

/// Bytes of a layer under a scheme (NUMERICS.md §3, Size): packed codes, rows padded to whole bytes, scales, zero
/// points.
std::uint64_t quantizedBytes(const MatrixShape &shape, const Scheme &scheme);

} // namespace qs
