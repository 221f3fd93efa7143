// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analyze.h"

#include "core/analysis/layer_analysis.h"
#include "core/eval/graph.h"

#include <algorithm>
#include <fmt/format.h>

namespace qs {

namespace {

// Above this a network runs on request only (numerics.md §3).
constexpr double kAutomaticGigaFlop = 2;
// Weights of one layer that a network run may hold in memory, float and quantized: 128 MiB each.
constexpr std::uint64_t kMostNetworkWeights = std::uint64_t{32} << 20U;

class Analysis
{
public:
    Analysis(const Model &model, const Recipe &recipe, const AnalyzeOptions &options, AnalysisCache &cache,
             const LayerCallback &onLayer)
        : m_model(model)
        , m_recipe(recipe)
        , m_options(options)
        , m_cache(cache)
        , m_onLayer(onLayer)
    {}

    Result<std::shared_ptr<const Report>> run(const TaskContext &context)
    {
        QS_ASSIGN(m_decisions, resolve(m_recipe, m_model, m_options.allowUnmatched));
        m_layers.resize(m_decisions.size());
        std::uint64_t done = 0;
        std::uint64_t all = 1;
        for (const Layer &layer : m_model.layers)
            all += m_model.tensorOf(layer).byteSize;
        for (std::size_t i = 0; i < m_decisions.size(); ++i) {
            QS_CHECK(context.check());
            context.report(0.9 * static_cast<double>(done) / static_cast<double>(all), m_model.layers[i].module);
            QS_CHECK(weightResults(i, context));
            done += m_model.tensorOf(m_model.layers[i]).byteSize;
        }
        QS_CHECK(outputErrors(context.part(0.9, 1)));
        auto report = std::make_shared<Report>();
        report->outputError = std::move(m_outputError);
        for (std::shared_ptr<LayerReport> &layer : m_layers)
            report->layers.push_back(std::move(layer));
        addUp(*report);
        report->complete = true;
        return report;
    }

private:
    Result<void> weightResults(std::size_t index, const TaskContext &context)
    {
        const Keep keep = m_options.keepChannels ? Keep::Everything : Keep::Summary;
        QS_ASSIGN(LayerOutcome outcome, analyseLayer(m_model, index, m_decisions[index], m_options.previewKept, keep,
                                                     m_cache.data(), context));
        const Layer &layer = m_model.layers[index];
        const TensorInfo &tensor = m_model.tensorOf(layer);
        auto report = std::make_shared<LayerReport>();
        report->name = layer.name;
        report->module = layer.module;
        report->op = layer.op;
        report->shape = tensor.shape;
        report->dtype = tensor.dtype;
        report->matrix = matrixShape(tensor, outcome.decision.channelAxis);
        report->alreadyQuantized = layer.stored.has_value();
        report->canQuantize = outcome.canQuantize;
        report->decision = outcome.decision;
        report->statistics = outcome.statistics;
        report->bytesBefore = report->alreadyQuantized ? tensor.elements() * bitsOf(layer.stored->sourceDType) / 8
                                                       : tensor.byteSize;
        report->bytesAfter = outcome.decision.quantize || report->alreadyQuantized
                                 ? quantizedBytes(report->matrix, outcome.decision.scheme)
                                 : tensor.byteSize;
        if (outcome.decision.quantize) {
            report->metrics = layerMetrics(*outcome.quantization, *outcome.statistics);
            report->notes = notesOf(*outcome.quantization);
            m_sums.add(outcome.quantization->sums);
        }
        report->quantization = outcome.quantization;
        m_decisions[index] = outcome.decision;
        m_layers[index] = std::move(report);
        if (m_onLayer)
            m_onLayer(index, m_layers[index]);
        return {};
    }

    static std::vector<std::string> notesOf(const LayerQuantization &quantization)
    {
        std::vector<std::string> notes;
        if (quantization.raisedScales > 0)
            notes.push_back(fmt::format("{} scale{} raised to 2^-23", quantization.raisedScales,
                                        quantization.raisedScales == 1 ? " was" : "s were"));
        if (quantization.underflownScales > 0)
            notes.push_back(fmt::format("{} scale{} in {}", quantization.underflownScales,
                                        quantization.underflownScales == 1 ? " underflows" : "s underflow",
                                        textOf(quantization.scheme.scaleType)));
        if (!quantization.valuesFinite)
            notes.emplace_back("a dequantized value overflows float32, so there are no error metrics");
        return notes;
    }

    Result<std::shared_ptr<const NetworkInputs>> inputsFor(std::uint64_t features) const
    {
        if (m_options.inputs)
            return m_options.inputs;
        if (m_model.network && m_model.network->samples)
            return samplesOf(m_model);
        return gaussianInputs(features, m_options.seed);
    }

    Result<void> outputErrors(const TaskContext &context)
    {
        if (m_options.outputError == OutputErrorRequest::None) {
            m_outputError.reason = "not asked for";
            return {};
        }
        const std::optional<Activation> activation =
            m_options.activation ? m_options.activation : m_recipe.activation;
        ChainSearch search = findChain(m_model, activation);
        if (!search.chain) {
            m_outputError.reason = search.reason;
            return m_options.inputs ? layerErrors(context) : Result<void>{};
        }
        const Chain &chain = *search.chain;
        for (const ChainLayer &layer : chain.layers)
            m_outputError.order.push_back(layer.layer);
        m_outputError.assumed = chain.assumed;
        if (std::string problem = whyNever(chain); !problem.empty()) {
            m_outputError.reason = std::move(problem);
            return {};
        }
        QS_ASSIGN(const auto inputs, inputsFor(chain.layers.front().inputs));
        if (inputs->features != chain.layers.front().inputs)
            return fail(ErrorCode::Input,
                        fmt::format("inputs have {} features, but the first layer '{}' takes {}", inputs->features,
                                    m_model.layers[chain.layers.front().layer].module, chain.layers.front().inputs));
        QS_CHECK(checkLabels(*inputs, chain.layers.back().outputs));
        m_outputError.inputs = inputs->about;
        m_outputError.gigaFlop = networkGigaFlop(chain, inputs->samples);
        if (m_options.outputError == OutputErrorRequest::Auto && m_outputError.gigaFlop > kAutomaticGigaFlop) {
            m_outputError.onRequest = true;
            m_outputError.estimatedSeconds = m_outputError.gigaFlop / productSpeed();
            m_outputError.reason = fmt::format(
                "running the network takes about {:.0f} GFLOP, more than is run without being asked",
                m_outputError.gigaFlop);
            return {};
        }
        return runChain(chain, *inputs, context);
    }

    static Result<void> checkLabels(const NetworkInputs &inputs, std::uint64_t outputs)
    {
        for (std::size_t i = 0; i < inputs.labels.size(); ++i) {
            const std::int64_t label = inputs.labels[i];
            if (label < 0 || static_cast<std::uint64_t>(label) >= outputs)
                return fail(ErrorCode::Input, fmt::format("label {} of sample {} is outside 0…{} (the network has {} "
                                                          "outputs)",
                                                          label, i, outputs - 1, outputs));
        }
        return {};
    }

    /// Why the chain cannot be run at all; empty when it can.
    std::string whyNever(const Chain &chain) const
    {
        for (const ChainLayer &layer : chain.layers) {
            if (layer.inputs * layer.outputs > kMostNetworkWeights)
                return fmt::format("layer '{}' has {} weights; networks are run with at most {} weights in a layer",
                                   m_model.layers[layer.layer].module, layer.inputs * layer.outputs,
                                   kMostNetworkWeights);
            if (const auto &statistics = m_layers[layer.layer]->statistics; statistics && !statistics->finite())
                return fmt::format("layer '{}' {}, so the network's output would not be finite",
                                   m_model.layers[layer.layer].module, m_decisions[layer.layer].reason);
        }
        return {};
    }

    Result<void> runChain(const Chain &chain, const NetworkInputs &inputs, const TaskContext &context)
    {
        AnalysisCache::Data &cache = m_cache.data();
        const auto weights = [&](std::size_t layer, bool quantized, const TaskContext &inner) {
            return layerWeights(m_model, layer, m_decisions[layer], quantized, cache, inner);
        };
        const auto onProduct = [&cache] { cache.productCount.fetch_add(1, std::memory_order_relaxed); };
        const NetworkRun run{m_model, chain, inputs, m_decisions, weights, cache.outputs, onProduct};
        QS_ASSIGN(NetworkResult result, runNetwork(run, context));
        OutputErrorReport total = std::move(result.total);
        total.kind = OutputErrorKind::Network;
        total.inputs = m_outputError.inputs;
        total.assumed = m_outputError.assumed;
        total.gigaFlop = m_outputError.gigaFlop;
        total.order = m_outputError.order;
        m_outputError = std::move(total);
        for (const ChainLayer &layer : chain.layers)
            setOutputError(layer.layer, result.layers[layer.layer]);
        return {};
    }

    void setOutputError(std::size_t index, const LayerOutputError &error)
    {
        auto updated = std::make_shared<LayerReport>(*m_layers[index]); // the callback may hold the earlier one
        updated->outputError = error;
        m_layers[index] = std::move(updated);
        if (m_onLayer)
            m_onLayer(index, m_layers[index]);
    }

    /// No graph, but inputs: layers that take that many features.
    Result<void> layerErrors(const TaskContext &context)
    {
        const NetworkInputs &inputs = *m_options.inputs;
        bool any = false;
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            QS_CHECK(context.check());
            const std::vector<std::uint64_t> &shape = m_layers[i]->shape;
            const bool fits = m_layers[i]->op == Op::Linear && shape.size() == 2 && shape[1] == inputs.features &&
                              shape[0] * shape[1] <= kMostNetworkWeights;
            if (!fits || !m_decisions[i].quantize)
                continue;
            QS_ASSIGN(const WeightValues before, layerWeights(m_model, i, m_decisions[i], false, m_cache.data(), context));
            QS_ASSIGN(const WeightValues after, layerWeights(m_model, i, m_decisions[i], true, m_cache.data(), context));
            LayerOutputError error;
            QS_ASSIGN(error.layerOutput, layerOutputError(*before, *after, {i, shape[1], shape[0], {}, {}}, inputs, context));
            setOutputError(i, error);
            any = true;
        }
        if (any) {
            m_outputError.kind = OutputErrorKind::Layer;
            m_outputError.inputs = inputs.about;
            m_outputError.samples = inputs.samples;
        } else {
            m_outputError.reason += fmt::format("; no quantized layer takes the {} features of the inputs",
                                                inputs.features);
        }
        return {};
    }

    void addUp(Report &report) const
    {
        ReportTotal &total = report.total;
        total.layers = report.layers.size();
        std::uint64_t layerBytes = 0;
        std::uint64_t quantizedAfter = 0;
        std::uint64_t quantizedWeights = 0;
        double worst = -1;
        for (std::size_t i = 0; i < report.layers.size(); ++i) {
            const LayerReport &layer = *report.layers[i];
            total.bytesBefore += layer.bytesBefore;
            total.bytesAfter += layer.bytesAfter;
            layerBytes += m_model.tensorOf(m_model.layers[i]).byteSize;
            if (const auto &stored = m_model.layers[i].stored) {
                layerBytes += m_model.tensors[stored->scales].byteSize;
                layerBytes += stored->zeroPoints ? m_model.tensors[*stored->zeroPoints].byteSize : 0;
            }
            if (!layer.decision.quantize)
                continue;
            ++total.quantized;
            quantizedAfter += layer.bytesAfter;
            quantizedWeights += layer.matrix.channels * layer.matrix.weights;
            const bool network = report.outputError.kind == OutputErrorKind::Network;
            const double error = (network ? layer.outputError.alone : layer.metrics.relativeError).value_or(-1);
            if (error > worst) {
                worst = error;
                total.worstLayer = i;
            }
        }
        total.kept = total.layers - total.quantized;
        total.bytesBefore += m_model.bytes() - layerBytes;
        total.bytesAfter += m_model.bytes() - layerBytes;
        if (total.quantized > 0)
            total.metrics = metricsFrom(m_sums);
        if (quantizedWeights > 0)
            total.bitsPerWeight = 8.0 * static_cast<double>(quantizedAfter) / static_cast<double>(quantizedWeights);
    }

    const Model &m_model;
    const Recipe &m_recipe;
    const AnalyzeOptions &m_options;
    AnalysisCache &m_cache;
    const LayerCallback &m_onLayer;
    std::vector<Decision> m_decisions;
    std::vector<std::shared_ptr<LayerReport>> m_layers;
    ErrorSums m_sums;
    OutputErrorReport m_outputError;
};

} // namespace

AnalysisCache::AnalysisCache() : m_data(std::make_unique<Data>()) {}
AnalysisCache::~AnalysisCache() = default;

std::uint64_t AnalysisCache::quantizations() const
{
    return m_data->quantizationCount.load(std::memory_order_relaxed);
}

std::uint64_t AnalysisCache::products() const
{
    return m_data->productCount.load(std::memory_order_relaxed);
}

Result<std::shared_ptr<const Report>> analyze(const Model &model, const Recipe &recipe, const AnalyzeOptions &options,
                                              AnalysisCache &cache, const TaskContext &context,
                                              const LayerCallback &onLayer)
{
    return Analysis(model, recipe, options, cache, onLayer).run(context);
}

} // namespace qs
