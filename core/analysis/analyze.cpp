// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analyze.h"

#include "core/analysis/layer_report.h"
#include "core/analysis/output_errors.h"
#include "core/analysis/report_total.h"
#include "core/base/guarded.h"
#include "core/network/chain.h"

#include <algorithm>

namespace qs {

namespace {

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
        auto report = std::make_shared<Report>();
        report->chain = std::make_shared<const ChainSearch>(findChain(m_model, activation));
        OutputErrors errors(m_model, m_decisions, m_options, m_cache, m_layers, m_onLayer);
        QS_ASSIGN(report->outputError, errors.measure(*report->chain, context.part(0.9, 1)));
        for (std::shared_ptr<LayerReport> &layer : m_layers)
            report->layers.push_back(std::move(layer));
        report->total = totalOf(*report, m_model);
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
        m_layers[index] = std::make_shared<LayerReport>(layerReport(m_model, m_model.layers[index], outcome));
        m_decisions[index] = std::move(outcome.decision);
        if (m_onLayer)
            m_onLayer(index, m_layers[index]);
        return {};
    }

    const Model &m_model;
    const Recipe &m_recipe;
    const AnalyzeOptions &m_options;
    AnalysisCache &m_cache;
    const LayerCallback &m_onLayer;
    std::vector<Decision> m_decisions;
    std::vector<std::shared_ptr<LayerReport>> m_layers;
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
