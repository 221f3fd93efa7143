// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analyze.h"

#include "core/analysis/calibration.h"
#include "core/analysis/layer_queue.h"
#include "core/analysis/layer_report.h"
#include "core/analysis/output_errors.h"
#include "core/analysis/report_total.h"
#include "core/base/guarded.h"
#include "core/network/chain.h"

#include <mutex>

namespace qs {

namespace {

/// Of the progress, where a network is run, too: that takes longer.
constexpr double kWeightsShare = 0.2;

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
        const std::optional<Activation> activation = m_options.activation ? m_options.activation : m_recipe.activation;
        QS_CHECK(addInputMoments(m_model, activation, m_decisions, m_options, m_cache, context.part(0, 0)));
        const auto chain = std::make_shared<const ChainSearch>(findChain(m_model, activation));
        const bool runs = m_options.outputError != OutputErrorRequest::None && (chain->chain || m_model.graph);
        const double share = runs ? kWeightsShare : 1;
        QS_CHECK(allWeightResults(context.part(0, share)));
        OutputErrors errors(m_model, m_decisions, m_options, m_cache, m_layers, m_onLayer);
        const auto onTotal = [&](const OutputErrorReport &total) {
            if (m_options.onTotal)
                m_options.onTotal(report(chain, total, false));
        };
        QS_ASSIGN(const OutputErrorReport total, errors.measure(*chain, activation, onTotal, context.part(share, 1)));
        return report(chain, total, true);
    }

private:
    std::shared_ptr<const Report> report(const std::shared_ptr<const ChainSearch> &chain,
                                         const OutputErrorReport &total, bool complete) const
    {
        auto report = std::make_shared<Report>();
        report->chain = chain;
        report->outputError = total;
        report->layers.assign(m_layers.begin(), m_layers.end());
        report->chosenOn = chosenOn(m_decisions);
        report->total = totalOf(*report, m_model);
        report->complete = complete;
        return report;
    }

    Result<void> allWeightResults(const TaskContext &context)
    {
        for (const Layer &layer : m_model.layers)
            m_bytes += m_model.tensorOf(layer).byteSize;
        LayerQueue queue(m_model, m_options.wanted);
        return queue.forEach(context, [&](std::size_t layer) { return weightResults(layer, context); });
    }

    Result<void> weightResults(std::size_t index, const TaskContext &context)
    {
        const Keep keep = m_options.keepChannels ? Keep::Everything : Keep::Summary;
        tell(index, 0, context);
        QS_ASSIGN(LayerOutcome outcome,
                  analyseLayer(m_model, index, m_decisions[index], m_options.previewKept, keep, m_cache, context));
        m_layers[index] = std::make_shared<LayerReport>(layerReport(m_model, m_model.layers[index], outcome));
        m_decisions[index] = std::move(outcome.decision);
        tell(index, m_model.tensorOf(m_model.layers[index]).byteSize, context);
        return {};
    }

    /// Tells that so many bytes more are done of a layer, and its result when it is there.
    void tell(std::size_t index, std::uint64_t bytes, const TaskContext &context)
    {
        const std::lock_guard lock(m_reportMutex);
        m_bytesDone += bytes;
        context.report(static_cast<double>(m_bytesDone) / static_cast<double>(m_bytes),
                       Text::asIs(m_model.layers[index].module));
        if (m_onLayer && m_layers[index])
            m_onLayer(index, m_layers[index]);
    }

    const Model &m_model;
    const Recipe &m_recipe;
    const AnalyzeOptions &m_options;
    AnalysisCache &m_cache;
    const LayerCallback &m_onLayer;
    std::vector<Decision> m_decisions;
    std::vector<std::shared_ptr<LayerReport>> m_layers;
    std::uint64_t m_bytes = 1; ///< of all layers, and never 0
    std::mutex m_reportMutex;  ///< guards what follows, and callbacks
    std::uint64_t m_bytesDone = 0;
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
