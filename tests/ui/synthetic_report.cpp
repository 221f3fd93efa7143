// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/synthetic_report.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace qs::test {

std::shared_ptr<LayerReport> syntheticLayer(const std::string &module, std::uint64_t channels, std::uint64_t weights,
                                            const Granularity &granularity)
{
    std::mt19937 random(static_cast<unsigned>(channels * 7919 + weights));
    std::normal_distribution<float> spread(-5.7f, 0.55f);
    auto quantization = std::make_shared<LayerQuantization>();
    quantization->scheme.granularity = granularity;
    quantization->shape = {channels, weights};
    if (granularity.kind == Granularity::Kind::Group)
        quantization->groupsPerChannel = (weights + granularity.groupSize - 1) / granularity.groupSize;
    const std::uint64_t scales =
        granularity.kind == Granularity::Kind::Tensor ? 1 : channels * quantization->groupsPerChannel;
    for (std::uint64_t i = 0; i < scales; ++i)
        quantization->scales.push_back(std::exp(spread(random)));
    for (std::uint64_t i = 0; i < channels; ++i) {
        const float scale = quantization->scales[std::min<std::size_t>(i, quantization->scales.size() - 1)];
        quantization->channelMin.push_back(-100 * scale);
        quantization->channelMax.push_back(127.5f * scale);
        quantization->channelRmsePerScale.push_back(0.29f);
    }
    std::vector<float> sorted = quantization->scales;
    std::ranges::sort(sorted);
    quantization->scaleMin = sorted.front();
    quantization->scaleMedian = sorted[(sorted.size() - 1) / 2];
    quantization->scaleMax = sorted.back();
    quantization->wholeLayerScale = sorted.back();

    auto layer = std::make_shared<LayerReport>();
    layer->name = module + ".weight";
    layer->module = module;
    layer->shape = {channels, weights};
    layer->matrix = {channels, weights};
    layer->decision.scheme = quantization->scheme;
    auto statistics = std::make_shared<WeightStatistics>();
    statistics->count = channels * weights;
    layer->statistics = statistics;
    layer->quantization = quantization;
    layer->metrics.relativeError = 0.004;
    layer->metrics.clippedShare = 0.0039;
    layer->bytesBefore = channels * weights * 4;
    layer->bytesAfter = channels * weights + channels * 4;
    return layer;
}

void keepInFloat(LayerReport &layer, const std::string &reason)
{
    layer.decision.quantize = false;
    layer.decision.reason = Text::asIs(reason);
    layer.metrics = {};
    layer.outputError.alone.reset();
    layer.outputError.upToHere.reset();
    layer.bytesAfter = layer.bytesBefore;
}

std::shared_ptr<Report> syntheticReport()
{
    struct Row {
        const char *name;
        std::uint64_t channels, weights;
        double alone, upToHere;
    };
    constexpr Row kRows[] = {{"fc1", 128, 64, 0.0087, 0.0071},
                             {"fc2", 256, 128, 0.0090, 0.0104},
                             {"fc3", 128, 256, 0.0134, 0.0030},
                             {"fc4", 1, 128, 0, 0.0176},
                             {"fc5", 9, 1, 0, 0.0176}};
    auto report = std::make_shared<Report>();
    for (const Row &row : kRows) {
        auto layer = syntheticLayer(row.name, row.channels, row.weights);
        layer->outputError = {row.alone, row.upToHere, {}};
        if (row.channels == 1)
            keepInFloat(*layer, "excluded by rule 'fc4'");
        report->outputError.order.push_back(report->layers.size());
        report->layers.push_back(std::move(layer));
    }
    report->outputError.kind = OutputErrorKind::Network;
    report->outputError.inputs = Text::asIs("360 held-out images");
    report->outputError.relativeError = 0.0176;
    report->complete = true;
    return report;
}

std::shared_ptr<Report> syntheticReport(std::size_t layers, std::uint64_t channels)
{
    auto report = std::make_shared<Report>();
    for (std::size_t i = 0; i < layers; ++i) {
        const std::string name =
            "model.layers." + std::to_string(i / 4) + ".self_attention.projection_" + std::to_string(i % 4);
        auto layer = syntheticLayer(name, channels + i % 5, 64);
        layer->metrics.relativeError = 0.001 * static_cast<double>(1 + i % 17);
        report->layers.push_back(std::move(layer));
    }
    report->outputError.reason = Text::asIs("No chain of layers recognised, so the network cannot be run.");
    report->complete = true;
    return report;
}

std::shared_ptr<const Distribution> syntheticDistribution(int bits)
{
    auto distribution = std::make_shared<Distribution>();
    std::mt19937 random(7);
    std::normal_distribution<double> weights(0, 0.25);
    std::uniform_real_distribution<double> errors(-0.5, 0.5);
    Histogram &values = distribution->weights;
    values = {-0.92, 0.92, std::vector<std::uint64_t>(61), 0, 0, 4096};
    Histogram &rounding = distribution->roundingErrors;
    rounding = {-0.75, 0.75, std::vector<std::uint64_t>(30), 0, 0, 4096};
    for (int i = 0; i < 4096; ++i) {
        const double value = std::clamp(weights(random), -0.919, 0.919);
        ++values.counts[static_cast<std::size_t>((value + 0.92) / 1.84 * 61)];
        ++rounding.counts[static_cast<std::size_t>((errors(random) + 0.75) / 1.5 * 30)];
    }
    const int codes = 1 << (bits - 1);
    const double scale = 0.85 / codes;
    distribution->min = -0.9;
    distribution->max = 0.91;
    distribution->clipLow = -codes * scale;
    distribution->clipHigh = (codes - 1) * scale;
    distribution->clippedShare = 0.004;
    ScaleAndZeroPoint step;
    step.scale = step.stored = static_cast<float>(scale);
    distribution->grid = codeGrid(step, {CodeRule::Divide, Arithmetic::F32, -codes, codes - 1});
    distribution->codeMin = -codes;
    distribution->codeCounts.resize(distribution->grid.size());
    for (std::size_t bin = 0; bin < values.counts.size(); ++bin) {
        const double middle = -0.92 + (static_cast<double>(bin) + 0.5) * 1.84 / 61;
        const double code = std::clamp(std::nearbyint(middle / scale), -1.0 * codes, codes - 1.0);
        distribution->codeCounts[static_cast<std::size_t>(code + codes)] += values.counts[bin];
    }
    return distribution;
}

} // namespace qs::test
