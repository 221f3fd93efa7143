// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analyze.h"

#include "core/analysis/layer_analysis.h"
#include "core/analysis/shown_error.h"
#include "core/base/guarded.h"
#include "core/network/chain.h"
#include "core/scheme/convention.h"

#include <algorithm>
#include <fmt/format.h>

namespace qs {

namespace {

// Above this a network runs on request only (NUMERICS.md §3).
constexpr double kAutomaticGigaFlop = 2;
// Weights of one layer that a network run may hold in memory, float and quantized: 128 MiB each.
constexpr std::uint64_t kMostNetworkWeights = std::uint64_t{32} << 20U;
// Activations that a network run may hold in memory.
constexpr std::uint64_t kMostActivationBytes = std::uint64_t{320} << 20U;

class Analysis
{
public:
    Analysis(const Model &model, const Recipe &recipe, std::vector<Decision> decisions, const AnalyzeOptions &options,
             AnalysisCache &cache, const LayerCallback &onLayer)
        : m_model(model)
        , m_recipe(recipe)
        , m_options(options)
        , m_cache(cache)
        , m_onLayer(onLayer)
        , m_decisions(std::move(decisions))
    {}

    Result<std::shared_ptr<const Report>> run(const TaskContext &context)
    {
        m_layers.resize(m_decisions.size());
        std::uint64_t done = 0;
        std::uint64_t all = 1;
        for (const Layer &layer : m_model.layers)
            all += m_model.tensorOf(layer).byteSize;
        std::size_t first = 0;
        for (std::size_t count = 0; count < m_decisions.size(); ++count) {
            QS_CHECK(context.check());
            const std::size_t i = nextLayer(first);
            context.report(0.9 * static_cast<double>(done) / static_cast<double>(all), m_model.layers[i].module);
            QS_CHECK(weightResults(i, context));
            done += m_model.tensorOf(m_model.layers[i]).byteSize;
        }
        const std::optional<Activation> activation = m_options.activation ? m_options.activation : m_recipe.activation;
        m_chain = std::make_shared<const ChainSearch>(findChain(m_model, activation));
        QS_CHECK(outputErrors(context.part(0.9, 1)));
        auto report = std::make_shared<Report>();
        report->outputError = std::move(m_outputError);
        report->chain = std::move(m_chain);
        for (std::shared_ptr<LayerReport> &layer : m_layers)
            report->layers.push_back(std::move(layer));
        addUp(*report);
        report->complete = true;
        return report;
    }

private:
    /// A wanted layer, else the first one that is not done; all before `first` are.
    std::size_t nextLayer(std::size_t &first) const
    {
        const auto open = [this](std::size_t layer) { return layer < m_layers.size() && !m_layers[layer]; };
        if (m_options.wanted) {
            const std::vector<std::size_t> wanted = m_options.wanted();
            if (const auto found = std::ranges::find_if(wanted, open); found != wanted.end())
                return *found;
        }
        while (!open(first))
            ++first;
        return first;
    }

    Result<void> weightResults(std::size_t index, const TaskContext &context)
    {
        const Keep keep = m_options.keepChannels ? Keep::Everything : Keep::Summary;
        QS_ASSIGN(LayerOutcome outcome,
                  analyseLayer(m_model, index, m_decisions[index], m_options.previewKept, keep, m_cache, context));
        const Layer &layer = m_model.layers[index];
        const TensorInfo &tensor = m_model.tensorOf(layer);
        auto report = std::make_shared<LayerReport>();
        report->name = layer.name;
        report->module = layer.module;
        report->op = layer.op;
        report->shape = tensor.shape;
        report->dtype = tensor.dtype;
        report->typeName = tensor.typeName();
        report->matrix = matrixShape(tensor, outcome.decision.channelAxis);
        report->alreadyQuantized = layer.stored != nullptr;
        report->canQuantize = outcome.canQuantize;
        report->decision = outcome.decision;
        report->statistics = outcome.statistics;
        report->bytesBefore = floatBytes(m_model, layer);
        report->bytesAfter = outcome.decision.quantize || report->alreadyQuantized
                                 ? quantizedBytes(report->matrix, outcome.decision.scheme)
                                 : tensor.byteSize;
        if (tensor.encoding) {
            report->bytesAfter = tensor.byteSize;
            for (const std::size_t part : layer.stored ? layer.stored->parts() : std::vector<std::size_t>())
                report->bytesAfter += m_model.tensors[part].byteSize;
        }
        if (outcome.decision.quantize) {
            report->metrics = layerMetrics(*outcome.quantization, *outcome.statistics);
            report->notes = notesOf(*outcome.quantization);
        }
        report->quantization = outcome.quantization;
        m_decisions[index] = outcome.decision;
        m_layers[index] = std::move(report);
        if (m_onLayer)
            m_onLayer(index, m_layers[index]);
        return {};
    }

    /// What became of scales too small to divide by.
    static std::string_view replacementText(SmallScale rule)
    {
        switch (rule) {
        case SmallScale::Epsilon:
            return "0 and became the epsilon of the weights' type";
        case SmallScale::One:
            return "too small and became 1";
        case SmallScale::Width:
            return "that of the range ±5e-7";
        case SmallScale::Raised:
        case SmallScale::Kept:
            break;
        }
        return "raised to 2^-23";
    }

    static std::vector<std::string> notesOf(const LayerQuantization &quantization)
    {
        std::vector<std::string> notes;
        if (quantization.raisedScales > 0)
            notes.push_back(fmt::format("{} scale{} {}", quantization.raisedScales,
                                        quantization.raisedScales == 1 ? " was" : "s were",
                                        replacementText(formulaOf(quantization.scheme).small)));
        if (quantization.underflownScales > 0)
            notes.push_back(fmt::format("{} scale{} in {}", quantization.underflownScales,
                                        quantization.underflownScales == 1 ? " underflows" : "s underflow",
                                        textOf(quantization.scheme.scaleType)));
        if (!quantization.valuesFinite)
            notes.emplace_back("a dequantized value overflows float32, so there are no error metrics");
        return notes;
    }

    const ModelSamples *ownSamples() const
    {
        return m_model.network && m_model.network->samples ? &*m_model.network->samples : nullptr;
    }

    /// How many samples would be fed, known before any are read or made.
    std::uint64_t sampleCount() const
    {
        if (m_options.inputs)
            return m_options.inputs->samples;
        return ownSamples() ? m_model.tensors[ownSamples()->inputs].shape[0] : kDefaultSamples;
    }

    std::string describeInputs() const
    {
        if (m_options.inputs)
            return m_options.inputs->about;
        if (ownSamples())
            return ownSamples()->about.empty() ? fmt::format("{} samples from the file", sampleCount())
                                               : ownSamples()->about;
        return fmt::format("{} samples N(0, 1), seed {}", kDefaultSamples, m_options.seed);
    }

    /// The inputs, which must fit the chain. The last ones that were read or made are kept.
    Result<std::shared_ptr<const NetworkInputs>> inputsFor(const Chain &chain, const TaskContext &context)
    {
        std::shared_ptr<const NetworkInputs> inputs = m_options.inputs;
        const std::uint64_t features = chain.layers.front().inputs;
        if (!inputs) {
            const Fingerprint key =
                ownSamples() ? Fingerprint().add("own") : Fingerprint().add(features).add(m_options.seed);
            QS_ASSIGN(inputs, m_cache.inputs(key, [&] {
                return ownSamples() ? samplesOf(m_model) : gaussianInputs(features, m_options.seed, context);
            }));
        }
        if (inputs->features != features)
            return fail(ErrorCode::Input,
                        fmt::format("inputs have {} features, but the first layer '{}' takes {}", inputs->features,
                                    m_model.layers[chain.layers.front().layer].module, features));
        QS_CHECK(checkLabels(*inputs, chain.layers.back().outputs));
        return inputs;
    }

    Result<void> outputErrors(const TaskContext &context)
    {
        if (m_options.outputError == OutputErrorRequest::None) {
            m_outputError.reason = "not asked for";
            return {};
        }
        if (!m_chain->chain) {
            m_outputError.reason = m_chain->reason;
            return m_options.inputs ? layerErrors(context) : Result<void>{};
        }
        const Chain &chain = *m_chain->chain;
        for (const ChainLayer &layer : chain.layers)
            m_outputError.order.push_back(layer.layer);
        m_outputError.assumed = chain.assumed;
        if (std::string problem = whyNever(chain); !problem.empty()) {
            m_outputError.reason = std::move(problem);
            return {};
        }
        m_outputError.inputs = describeInputs();
        if (askFirst(networkGigaFlop(chain, sampleCount()), "running the network"))
            return {};
        auto inputs = inputsFor(chain, context);
        if (!inputs && inputs.error().code == ErrorCode::Input && !m_options.inputs) {
            // The file's own samples are wrong: no reason to say nothing about its weights.
            m_outputError.reason = "the file's own samples cannot be fed: " + inputs.error().text();
            return {};
        }
        if (!inputs)
            return std::unexpected(std::move(inputs).error());
        return runChain(chain, **inputs, context);
    }

    /// True when the work is too much to start by itself; says so with the expected time.
    bool askFirst(double gigaFlop, std::string_view what)
    {
        m_outputError.gigaFlop = gigaFlop;
        if (m_options.outputError != OutputErrorRequest::Auto || gigaFlop <= kAutomaticGigaFlop)
            return false;
        m_outputError.onRequest = true;
        m_outputError.estimatedSeconds = gigaFlop / productSpeed();
        m_outputError.reason =
            fmt::format("{} takes about {:.0f} GFLOP, more than is run without being asked", what, gigaFlop);
        return true;
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
                                   m_model.layers[layer.layer].module, m_decisions[layer.layer].reason.text());
        }
        if (const std::uint64_t bytes = activationBytes(chain, sampleCount()); bytes > kMostActivationBytes)
            return fmt::format("running the network with {} samples would hold {} MiB of activations; at most {} MiB "
                               "are held",
                               sampleCount(), bytes >> 20U, kMostActivationBytes >> 20U);
        return {};
    }

    Result<void> runChain(const Chain &chain, const NetworkInputs &inputs, const TaskContext &context)
    {
        const auto weights = [&](std::size_t layer, bool quantized, const TaskContext &inner) {
            return layerWeights(m_model, layer, m_decisions[layer], quantized, m_cache, inner);
        };
        const auto onProduct = [this] { m_cache.countProduct(); };
        const NetworkRun run{m_model, chain, inputs, m_decisions, weights, m_cache.outputs(), onProduct};
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

    /// A quantized Linear layer that takes the features of the given inputs.
    std::optional<ChainLayer> layerFor(std::size_t index, const NetworkInputs &inputs) const
    {
        const std::vector<std::uint64_t> &shape = m_layers[index]->shape;
        if (m_layers[index]->op != Op::Linear || shape.size() != 2 || shape[1] != inputs.features ||
            !m_decisions[index].quantize || shape[0] * shape[1] > kMostNetworkWeights)
            return std::nullopt;
        return ChainLayer{index, shape[1], shape[0], {}, {}};
    }

    /// No graph, but inputs: the output error of each layer that takes that many features.
    Result<void> layerErrors(const TaskContext &context)
    {
        const NetworkInputs &inputs = *m_options.inputs;
        std::vector<ChainLayer> fitting;
        double work = 0;
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            if (const auto layer = layerFor(i, inputs)) {
                fitting.push_back(*layer);
                work += 2 * gigaFlop(*layer, inputs.samples);
            }
        }
        if (fitting.empty()) {
            m_outputError.reason +=
                fmt::format("; no quantized layer takes the {} features of the inputs", inputs.features);
            return {};
        }
        if (askFirst(work, "feeding the layers"))
            return {};
        for (const ChainLayer &layer : fitting) {
            QS_CHECK(context.check());
            const Decision &decision = m_decisions[layer.layer];
            QS_ASSIGN(const WeightValues before, layerWeights(m_model, layer.layer, decision, false, m_cache, context));
            QS_ASSIGN(const WeightValues after, layerWeights(m_model, layer.layer, decision, true, m_cache, context));
            LayerOutputError error;
            QS_ASSIGN(error.layerOutput, layerOutputError(*before, *after, layer, inputs, context));
            setOutputError(layer.layer, error);
        }
        m_outputError.kind = OutputErrorKind::Layer;
        m_outputError.inputs = inputs.about;
        m_outputError.samples = inputs.samples;
        return {};
    }

    static Metrics totalMetrics(const ErrorSums &quantized, const ErrorSums &kept)
    {
        ErrorSums all = quantized;
        all.add(kept);
        Metrics metrics = metricsFrom(all);
        const Metrics codes = metricsFrom(quantized);
        metrics.zeroShare = codes.zeroShare;
        metrics.clippedShare = codes.clippedShare;
        return metrics;
    }

    void addUp(Report &report) const
    {
        ReportTotal &total = report.total;
        total.layers = report.layers.size();
        std::uint64_t layerBytes = 0;
        std::uint64_t quantizedAfter = 0;
        std::uint64_t quantizedWeights = 0;
        // In the order of the layers, whatever the order in which they were analysed: sums depend on it.
        ErrorSums sums;
        ErrorSums kept;
        for (std::size_t i = 0; i < report.layers.size(); ++i) {
            const LayerReport &layer = *report.layers[i];
            total.bytesBefore += layer.bytesBefore;
            total.bytesAfter += layer.bytesAfter;
            layerBytes += m_model.tensorOf(m_model.layers[i]).byteSize;
            if (const auto &stored = m_model.layers[i].stored) {
                for (const std::size_t part : stored->parts())
                    layerBytes += m_model.tensors[part].byteSize;
            }
            if (!layer.decision.quantize) {
                if (layer.statistics && layer.statistics->finite()) {
                    kept.signalEnergy += layer.statistics->signalEnergy;
                    kept.count += layer.statistics->count;
                }
                continue;
            }
            ++total.quantized;
            sums.add(layer.quantization->sums);
            quantizedAfter += layer.bytesAfter;
            quantizedWeights += layer.matrix.channels * layer.matrix.weights;
        }
        total.worstLayer = worstLayer(report);
        total.kept = total.layers - total.quantized;
        total.bytesBefore += m_model.bytes() - layerBytes;
        total.bytesAfter += m_model.bytes() - layerBytes;
        if (total.quantized > 0)
            total.metrics = totalMetrics(sums, kept);
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
    OutputErrorReport m_outputError;
    std::shared_ptr<const ChainSearch> m_chain;
};

} // namespace

Result<std::shared_ptr<const Report>> analyze(const Model &model, const Recipe &recipe, const AnalyzeOptions &options,
                                              AnalysisCache &cache, const TaskContext &context,
                                              const LayerCallback &onLayer)
{
    return guarded([&]() -> Result<std::shared_ptr<const Report>> {
        QS_ASSIGN(std::vector<Decision> decisions, resolve(recipe, model, options.allowUnmatched));
        return Analysis(model, recipe, std::move(decisions), options, cache, onLayer).run(context);
    });
}

Result<std::shared_ptr<const Report>> analyzeDecisions(const Model &model, const Recipe &recipe,
                                                       std::vector<Decision> decisions, const AnalyzeOptions &options,
                                                       AnalysisCache &cache, const TaskContext &context,
                                                       const LayerCallback &onLayer)
{
    return guarded([&] { return Analysis(model, recipe, std::move(decisions), options, cache, onLayer).run(context); });
}

} // namespace qs
