// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/compare.h"

#include "core/analysis/layer_analysis.h"
#include "core/base/guarded.h"
#include "core/base/parallel.h"
#include "core/layers/layer_rules.h"
#include "core/metrics/error_tally.h"
#include "core/model/names.h"
#include "core/quant/recode.h"
#include "core/quant/stored.h"
#include "core/tensor/tensor_bytes.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>

namespace qs {

namespace {

/// A tensor as something that can be read as float rows; `stored` when it holds codes.
struct ReadableTensor {
    const Model &model;
    std::size_t tensor;
    const Layer *layer = nullptr;
    std::optional<LayerQuantization> stored;

    const TensorInfo &info() const { return model.tensors[tensor]; }
    bool quantized() const { return stored.has_value(); }
};

Result<ReadableTensor> readableTensor(const Model &model, std::size_t tensor, const TaskContext &context)
{
    ReadableTensor result{model, tensor, nullptr, std::nullopt};
    if (const std::optional<std::size_t> layer = model.layerOf(tensor))
        result.layer = &model.layers[*layer];
    if (result.layer && result.layer->hasCodes()) {
        QS_ASSIGN(result.stored, storedQuantization(model, *result.layer, context));
    }
    return result;
}

/// True when the stored scales are those that codes were formed with, so that the clamp's work can be seen again.
bool showsClamp(const Scheme &scheme)
{
    return scheme.scaleType == ScaleType::F32 || scheme.codes == Codes::Best;
}

/// Codes of the candidate that mean zero, and those that the clamp changed.
Result<void> countCodes(const FloatBlocks &blocks, const ScaleTable &table, const Coding &coding,
                        const std::vector<float> &x, ErrorTally::Block &block)
{
    thread_local std::vector<std::int8_t> codes;
    QS_CHECK(blocks.readCodes(block.range, codes));
    block.clipped = recode(table, coding, block.range, x, [&](const RecodedRow &row) {
        for (std::size_t k = 0; k < row.weights.size(); ++k) {
            const int zero = row.scale.zeroPoints ? row.scale.zeroPoints[row.unit(k)] : 0;
            const std::size_t i = row.first + k;
            const bool meansZero = coding.hasOffsets() ? block.y[i] == 0 : codes[i] == zero;
            block.zeroCodes += meansZero && row.weights[k] != 0;
        }
    });
    return {};
}

/// Stands for a tensor that is no layer.
Layer plainLayer(std::size_t tensor, const TensorInfo &info)
{
    Layer layer;
    layer.tensor = tensor;
    layer.name = info.name;
    return layer;
}

/// The same tensor of both models, as rows along the same axis.
struct TensorPair {
    const ReadableTensor &reference;
    const ReadableTensor &candidate;
    int axis = 0;
    LayerValues x;
    LayerValues y;
};

Result<float> largestOf(const TensorPair &pair, const BlockLayout &layout, std::uint64_t channel,
                        const TaskContext &context)
{
    // Only for channels that are spread over several blocks.
    float largest = 0;
    std::vector<float> values;
    for (std::uint64_t i = 0; i < layout.count(); ++i) {
        const BlockRange range = layout.block(i);
        if (range.channel != channel)
            continue;
        QS_CHECK(context.check());
        QS_CHECK(pair.x.read(range, values));
        RangeSums sums;
        kernels().range(values.data(), values.size(), &sums);
        largest = std::max({largest, -sums.min, sums.max});
    }
    return largest;
}

/// largestOf() all channels; empty unless channels are spread over several blocks.
Result<std::vector<float>> splitLargest(const TensorPair &pair, const BlockLayout &layout, const TaskContext &context)
{
    std::vector<float> result;
    if (!layout.splitsChannels())
        return result;
    const std::uint64_t channels = pair.x.blocks().shape().channels;
    for (std::uint64_t channel = 0; channel < channels; ++channel) {
        QS_ASSIGN(const float largest, largestOf(pair, layout, channel, context));
        result.push_back(largest);
    }
    return result;
}

/// Metrics of the sums in `tally`; `table` holds the candidate's scales, if it has codes.
Result<Metrics> metricsOf(const TensorPair &pair, ErrorTally &tally, const std::optional<ScaleTable> &table,
                          bool finite, const TaskContext &context)
{
    LayerQuantization sums;
    sums.sums = tally.sums();
    if (table)
        summariseSteps(sums, tally.takeRmsePerScale());
    WeightStatistics statistics;
    if (pair.reference.layer && !pair.reference.quantized() && finite) {
        QS_ASSIGN(statistics, weightStatistics(pair.reference.model, *pair.reference.layer, context));
    }
    Metrics metrics = layerMetrics(sums, statistics);
    if (!table) { // nothing was rounded to codes here
        metrics.zeroShare.reset();
        metrics.rmsePerScaleMedian.reset();
        metrics.rmsePerScaleMax.reset();
    }
    if (!table || !showsClamp(pair.candidate.stored->scheme))
        metrics.clippedShare.reset();
    return metrics;
}

struct FloatComparison {
    Metrics metrics;
    ErrorSums sums;
    bool finite = true;
};

Result<FloatComparison> compareFloats(const TensorPair &pair, const TaskContext &context)
{
    const BlockLayout layout = pair.x.blocks().layout();
    ErrorTally tally(pair.x.blocks().shape(), layout);
    std::optional<ScaleTable> table;
    Coding coding;
    if (pair.candidate.quantized()) {
        table = scaleTableOf(*pair.candidate.stored);
        coding = Quantizer(pair.candidate.stored->scheme, pair.candidate.layer->stored->sourceDType).storedCoding();
    }
    QS_ASSIGN(const std::vector<float> splits, splitLargest(pair, layout, context));
    std::atomic<bool> finite{true};
    QS_CHECK(parallelFor(layout.count(), context, [&](std::size_t index) -> Result<void> {
        thread_local std::vector<float> x;
        thread_local std::vector<float> y;
        thread_local std::vector<float> largest;
        const BlockRange range = layout.block(index);
        QS_CHECK(pair.x.read(range, x));
        QS_CHECK(pair.y.read(range, y));
        largest.resize(range.channels);
        for (std::uint64_t c = 0; c < range.channels; ++c) {
            RangeSums xs;
            RangeSums ys;
            kernels().range(x.data() + c * range.weights, range.weights, &xs);
            kernels().range(y.data() + c * range.weights, range.weights, &ys);
            if (!xs.finite() || !ys.finite())
                finite = false;
            largest[c] = splits.empty() ? std::max(-xs.min, xs.max) : splits[range.channel + c];
        }
        ErrorTally::Block block{index, range, x.data(), y.data(), table ? &*table : nullptr, largest.data(), 0, 0};
        if (table) {
            QS_CHECK(countCodes(pair.y.blocks(), *table, coding, x, block));
        }
        tally.add(block);
        return {};
    }));
    FloatComparison result;
    result.finite = finite;
    result.sums = tally.sums();
    QS_ASSIGN(result.metrics, metricsOf(pair, tally, table, finite, context));
    return result;
}

Result<FloatComparison> compareIntegers(const TensorView &x, const TensorView &y, const TaskContext &context)
{
    FloatComparison result;
    const std::uint64_t count = x.info->elements();
    constexpr std::uint64_t kPart = 65536;
    std::vector<double> as(std::min(count, kPart));
    std::vector<double> bs(as.size());
    for (std::uint64_t i = 0; i < count; ++i) {
        if (i % kPart == 0) {
            QS_CHECK(context.check());
            QS_CHECK(TensorElements(x).wholeNumbers(i, std::min(kPart, count - i), as.data()));
            QS_CHECK(TensorElements(y).wholeNumbers(i, std::min(kPart, count - i), bs.data()));
        }
        const double a = as[i % kPart];
        const double b = bs[i % kPart];
        result.sums.errorEnergy += (b - a) * (b - a);
        result.sums.signalEnergy += a * a;
        result.sums.energyGrowth += (b - a) * (a + b);
        result.sums.maxAbsError = std::max(result.sums.maxAbsError, std::abs(b - a));
        result.sums.nonZero += a != 0;
    }
    result.sums.count = count;
    result.metrics = metricsFrom(result.sums);
    result.metrics.zeroShare.reset();
    result.metrics.clippedShare.reset();
    return result;
}

class Comparer
{
public:
    Comparer(const Model &reference, const Model &candidate)
        : m_reference(reference)
        , m_candidate(candidate)
    {}

    Result<Comparison> run(const TaskContext &context)
    {
        const std::map<std::string, std::size_t> reference = comparable(m_reference);
        const std::map<std::string, std::size_t> candidate = comparable(m_candidate);
        std::vector<std::string> names;
        for (const auto &[name, index] : reference)
            (candidate.contains(name) ? names : m_result.onlyInReference).push_back(name);
        for (const auto &[name, index] : candidate) {
            if (!reference.contains(name))
                m_result.onlyInCandidate.push_back(name);
        }
        for (auto *list : {&names, &m_result.onlyInReference, &m_result.onlyInCandidate})
            std::sort(list->begin(), list->end(), naturalLess);
        for (std::size_t i = 0; i < names.size(); ++i) {
            QS_CHECK(context.check());
            context.report(static_cast<double>(i) / static_cast<double>(names.size()), Text::asIs(names[i]));
            QS_CHECK(compareTensor(reference.at(names[i]), candidate.at(names[i]), context));
        }
        m_result.total = metricsFrom(m_total);
        m_result.total.zeroShare.reset();
        m_result.total.clippedShare.reset();
        return std::move(m_result);
    }

private:
    /// Tensors by name, without scales, zero points and offsets of quantized layers.
    static std::map<std::string, std::size_t> comparable(const Model &model)
    {
        std::vector<bool> isPart(model.tensors.size());
        for (const Layer &layer : model.layers) {
            if (!layer.stored)
                continue;
            for (const std::size_t part : layer.stored->parts())
                isPart[part] = true;
        }
        std::map<std::string, std::size_t> result;
        for (std::size_t i = 0; i < model.tensors.size(); ++i) {
            if (!isPart[i])
                result.emplace(model.tensors[i].name, i);
        }
        return result;
    }

    Result<void> compareTensor(std::size_t x, std::size_t y, const TaskContext &context)
    {
        const TensorInfo &info = m_reference.tensors[x];
        if (info.shape != m_candidate.tensors[y].shape) {
            m_result.shapeMismatch.push_back(info.name);
            return {};
        }
        if (info.elements() == 0) {
            m_result.tensors.push_back({info.name, info.shape, {}});
            return {};
        }
        QS_ASSIGN(const ReadableTensor reference, readableTensor(m_reference, x, context));
        QS_ASSIGN(const ReadableTensor candidate, readableTensor(m_candidate, y, context));
        const auto readable = [](const ReadableTensor &result) {
            return result.quantized() || result.info().hasFloatValues();
        };
        Result<FloatComparison> compared;
        const bool weights = readable(reference) && readable(candidate);
        const bool otherAxis = reference.quantized() && candidate.quantized() &&
                               reference.layer->channelAxis != candidate.layer->channelAxis;
        if (otherAxis) {
            m_result.notCompared.push_back(Text::of("{}: codes on axis {} against codes on axis {}", info.name,
                                                    reference.layer->channelAxis, candidate.layer->channelAxis));
            return {};
        }
        if (weights) {
            compared = compareAsFloats(reference, candidate, context);
        } else if (info.dtype == candidate.info().dtype && isInteger(info.dtype)) {
            compared = compareIntegers(m_reference.view(x), m_candidate.view(y), context);
        } else {
            for (const Encoding *encoding : {reference.info().encoding, candidate.info().encoding})
                if (encoding && !encoding->withoutValues.empty()) {
                    m_result.notCompared.push_back(Text::of("{}: {}", info.name, encoding->withoutValues));
                    return {};
                }
            m_result.notCompared.push_back(
                Text::of("{}: {} against {}", info.name, info.typeName(), candidate.info().typeName()));
            return {};
        }
        if (!compared)
            return std::unexpected(std::move(compared).error());
        if (!compared->finite)
            m_result.notCompared.push_back(Text::of("{}: holds NaN or infinite values", info.name));
        else if (weights) // one large index would drown all weights
            m_total.add(compared->sums);
        m_result.tensors.push_back({info.name, info.shape, compared->finite ? compared->metrics : Metrics{}});
        return {};
    }

    static Result<FloatComparison> compareAsFloats(const ReadableTensor &reference, const ReadableTensor &candidate,
                                                   const TaskContext &context)
    {
        // The candidate's codes say on which axis they were made; rows must be the same for sums to be the same.
        const Layer *says =
            candidate.quantized() || (!reference.quantized() && !reference.layer) ? candidate.layer : reference.layer;
        const int axis = says ? says->channelAxis : kNoAxis;
        const Layer x = reference.layer ? *reference.layer : plainLayer(reference.tensor, reference.info());
        const Layer y = candidate.layer ? *candidate.layer : plainLayer(candidate.tensor, candidate.info());
        const TensorPair pair{reference, candidate, axis,
                              LayerValues(reference.model, x, axis, reference.stored ? &*reference.stored : nullptr),
                              LayerValues(candidate.model, y, axis, candidate.stored ? &*candidate.stored : nullptr)};
        return compareFloats(pair, context);
    }

    const Model &m_reference;
    const Model &m_candidate;
    Comparison m_result;
    ErrorSums m_total;
};

} // namespace

Result<Comparison> compare(const Model &reference, const Model &candidate, const TaskContext &context)
{
    return guarded([&] { return Comparer(reference, candidate).run(context); });
}

} // namespace qs
