// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What quantization costs at the output of a network, or of its layers, for the inputs of an analysis.
#pragma once

#include "core/analysis/analyze.h"
#include "core/base/text.h"
#include "core/network/makers.h"

namespace qs {

/// Runs the network, a chain or a graph, when it is not too much to start by itself; without a network feeds given
/// inputs to the single layers that take them.
class OutputErrors
{
public:
    /// `layers` have their weight results, one per decision; they are replaced by ones that have output errors, too,
    /// and `onLayer` hears of each.
    OutputErrors(const Model &model, const std::vector<Decision> &decisions, const AnalyzeOptions &options,
                 AnalysisCache &cache, std::vector<std::shared_ptr<LayerReport>> &layers, const LayerCallback &onLayer)
        : m_model(model)
        , m_decisions(decisions)
        , m_options(options)
        , m_cache(cache)
        , m_layers(layers)
        , m_onLayer(onLayer)
    {}

    using TotalCallback = std::function<void(const OutputErrorReport &)>;

    /// The total, or why there is none. `activation` is what the search was made with. `onTotal` hears of the total
    /// when it is final and layers alone are still to come. Errors: wrong inputs, those of reading, Cancelled.
    Result<OutputErrorReport> measure(const ChainSearch &search, std::optional<Activation> activation,
                                      const TotalCallback &onTotal, const TaskContext &context);

private:
    const ModelSamples *ownSamples() const;
    std::uint64_t sampleCount() const;
    bool measuresHalf() const;
    Text describeInputs() const;
    Result<std::shared_ptr<const NetworkInputs>> inputsFor(const Chain &chain, const TaskContext &context);
    Result<void> chainErrors(const Chain &chain, const TaskContext &context);
    Result<void> graphErrors(const NetworkSearch &search, const TaskContext &context);
    Result<AnalysisCache::Session> graphSession(const NetworkSearch &search);
    bool givesNetworkInputs() const;
    Text whyNotRun(const Error &error, const NetworkSession *session) const;
    bool askFirst(double gigaFlop, std::uint64_t bytes, const Text &what);
    Text whyNever(const Chain &chain) const;
    Result<void> runChain(const Chain &chain, const NetworkInputs &inputs, const TaskContext &context);
    Result<ValuePtr> otherWeights(std::size_t layer, const TaskContext &context);
    Result<void> runSession(NetworkSession &session, bool whole, const TaskContext &context);
    OutputErrorReport withInputs(OutputErrorReport total) const;
    void setOutputError(std::size_t index, const LayerOutputError &error);
    std::optional<ChainLayer> layerFor(std::size_t index, const NetworkInputs &inputs) const;
    Result<void> layerErrors(const TaskContext &context);

    const Model &m_model;
    const std::vector<Decision> &m_decisions;
    const AnalyzeOptions &m_options;
    AnalysisCache &m_cache;
    std::vector<std::shared_ptr<LayerReport>> &m_layers;
    const LayerCallback &m_onLayer;
    OutputErrorReport m_total;
    TotalCallback m_onTotal;
};

} // namespace qs
