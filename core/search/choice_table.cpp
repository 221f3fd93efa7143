// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/choice_table.h"

#include "core/export/planner.h"
#include "core/recipe/pattern.h"
#include "core/scheme/scheme_fields.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

namespace qs {
namespace {

constexpr double kHeavyTails = 3; // excess kurtosis
constexpr double kUnused = 1e-12; // of the weight error of layers that no output depends on: only to tell choices apart

/// Which layer a tensor of the file belongs to: the one whose name or module it has, with something behind it.
class FileTensors
{
public:
    explicit FileTensors(const Model &model)
    {
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            m_layers.emplace(model.layers[i].name, i);
            m_layers.emplace(model.layers[i].module, i);
        }
        for (const TensorInfo &tensor : model.tensors)
            m_others.emplace(tensor.name, true);
        for (const Layer &layer : model.layers)
            m_others.erase(layer.name);
    }

    std::optional<std::size_t> layerOf(std::string_view name) const
    {
        if (m_others.contains(std::string(name)))
            return std::nullopt;
        for (std::string_view stem = name; !stem.empty();) {
            if (const auto found = m_layers.find(std::string(stem)); found != m_layers.end())
                return found->second;
            const std::size_t end = stem.find_last_of("._:/");
            stem = end == std::string_view::npos ? std::string_view() : stem.substr(0, end);
        }
        return std::nullopt;
    }

private:
    std::unordered_map<std::string, std::size_t> m_layers;
    std::unordered_map<std::string, bool> m_others; ///< tensors of the model that are no layers
};

std::string parentOf(const std::string &module)
{
    const std::size_t end = module.find_last_of("./");
    return end == std::string::npos ? std::string() : module.substr(0, end);
}

/// The base recipe with rules that give each free layer its choice; the most frequent one is the default.
Recipe recipeFor(const Model &model, const Recipe &base, const std::vector<Decision> &locked,
                 const std::vector<bool> &free, const std::vector<Scheme> &schemes,
                 const std::vector<std::size_t> &choiceOfLayer)
{
    std::vector<std::size_t> uses(schemes.size() + 1);
    for (std::size_t i = 0; i < free.size(); ++i)
        if (free[i])
            ++uses[choiceOfLayer[i]];
    uses.back() = 0; // staying in float is no scheme
    const auto most = static_cast<std::size_t>(std::ranges::max_element(uses) - uses.begin());
    Recipe result = base;
    result.chosenOn.clear();
    if (most < schemes.size())
        result.scheme = schemes[most];
    const auto now = resolve(result, model, true).value_or(locked); // it could be resolved before
    for (std::size_t i = 0; i < free.size(); ++i) {
        const Layer &layer = model.layers[i];
        const bool quantize = free[i] ? choiceOfLayer[i] < schemes.size() : locked[i].quantize;
        const Scheme &wanted = free[i] && quantize ? schemes[choiceOfLayer[i]] : locked[i].scheme;
        Rule rule{.match = exactPattern(layer.name)}; // at the end, where it wins
        if (now[i].quantize != quantize)
            rule.action = quantize ? Rule::Action::Include : Rule::Action::Exclude;
        if (quantize && now[i].scheme != wanted)
            rule.scheme = difference(now[i].scheme, wanted);
        if (rule.action != Rule::Action::None || !rule.scheme.empty())
            result.rules.push_back(std::move(rule));
    }
    return result;
}

} // namespace

class ChoiceTable::Maker
{
public:
    Maker(const Model &model, const Recipe &recipe, const ExportFormat &format, const SearchOptions &options,
          AnalysisCache &cache, const TaskContext &context)
        : m_model(model)
        , m_format(format)
        , m_options(options)
        , m_cache(cache)
        , m_context(context)
        , m_names(model)
    {
        m_table.m_model = &model;
        m_table.m_base = recipe;
    }

    Result<ChoiceTable> make()
    {
        QS_CHECK(findFree());
        QS_CHECK(findSchemes());
        for (std::size_t choice = 0; choice < m_table.m_schemes.size(); ++choice)
            QS_CHECK(measure(choice));
        QS_CHECK(chooseMetric());
        addKept();
        fillCosts();
        QS_CHECK(makeGroups());
        addUniform();
        addWarnings();
        return std::move(m_table);
    }

private:
    std::size_t layers() const { return m_model.layers.size(); }

    Result<void> findFree()
    {
        QS_ASSIGN(m_table.m_locked, resolve(m_table.m_base, m_model, m_options.analysis.allowUnmatched));
        m_table.m_free.resize(layers());
        for (std::size_t i = 0; i < layers(); ++i) {
            const Decision &decision = m_table.m_locked[i];
            const Layer &layer = m_model.layers[i];
            m_table.m_free[i] = decision.quantize && layer.keptReason.empty() && !layer.stored &&
                                decision.scheme == m_table.m_base.scheme && m_model.tensorOf(layer).elements() > 0;
        }
        if (std::ranges::none_of(m_table.m_free, [](bool free) { return free; }))
            return fail(ErrorCode::Usage, Text::of("no layer is left to be decided: all are kept, or have a scheme of "
                                                   "their own"));
        return {};
    }

    Result<void> findSchemes()
    {
        const auto orOwn = [](auto values, auto own) { return values.empty() ? decltype(values){own} : values; };
        std::optional<Error> problem;
        for (const int bits : m_options.bits)
            for (const Granularity &granularity : orOwn(m_options.granularities, m_table.m_base.scheme.granularity))
                for (const RangeMethod &range : orOwn(m_options.ranges, m_table.m_base.scheme.range)) {
                    SchemePatch patch;
                    patch.bits = bits;
                    patch.granularity = granularity;
                    patch.range = range;
                    Scheme scheme = m_table.m_base.scheme;
                    patch.applyTo(scheme);
                    if (auto valid = scheme.validate(); !valid)
                        problem = std::move(valid).error();
                    else if (std::ranges::find(m_table.m_schemes, scheme) == m_table.m_schemes.end())
                        m_table.m_schemes.push_back(scheme);
                }
        if (m_table.m_schemes.empty() && problem)
            return std::unexpected(*problem);
        if (m_table.m_schemes.empty())
            return fail(ErrorCode::Usage, Text::of("there is nothing to choose from, expected some numbers of bits"));
        return {};
    }

    /// All free layers under one choice, those that cannot have it in float.
    Result<void> measure(std::size_t choice)
    {
        const double count = static_cast<double>(m_table.m_schemes.size());
        const TaskContext context =
            m_context.part(static_cast<double>(choice) / count, static_cast<double>(choice + 1) / count);
        std::vector<std::size_t> wanted(layers(), choice);
        ExportOptions exportOptions{.overwrite = true, .keepNonFinite = true, .allowUnmatched = true};
        exportOptions.feed = analysis();
        PlannedFile planned;
        for (bool again = true; again;) {
            QS_ASSIGN(planned, planFile(m_format, m_model, recipeWith(wanted), fmt::format("model{}", m_format.suffix),
                                        exportOptions, m_cache, context.part(0, 0.3)));
            again = keepRefused(planned.plan, choice, wanted);
        }
        AnalyzeOptions options = analysis();
        // Once it is known that nothing is run, nobody tries again.
        if (!m_reports.empty() && m_reports.front()->outputError.kind != OutputErrorKind::Network)
            options.outputError = OutputErrorRequest::None;
        QS_ASSIGN(auto report, analyzeDecisions(m_model, m_table.m_base, planned.plan.decisions, options, m_cache,
                                                context.part(0.3, 1)));
        addBytes(planned, *report);
        m_planBytes.push_back(planned.plan.bytes);
        m_table.m_decisions.push_back(std::move(planned.plan.decisions));
        m_reports.push_back(std::move(report));
        return {};
    }

    AnalyzeOptions analysis() const
    {
        AnalyzeOptions options = m_options.analysis;
        options.keepChannels = false;
        options.previewKept = false;
        options.allowUnmatched = true;
        if (m_options.metric == SearchMetric::Weight)
            options.outputError = OutputErrorRequest::None;
        else if (m_options.metric == SearchMetric::Output)
            options.outputError = OutputErrorRequest::Network;
        options.heldOut = std::ranges::any_of(m_table.m_schemes, &Scheme::needsInputs);
        return options;
    }

    /// True when layers were found that stand against a file, and are kept from now on.
    bool keepRefused(const ExportPlan &plan, std::size_t choice, std::vector<std::size_t> &wanted)
    {
        bool found = false;
        std::unordered_set<std::string> refused; // an empty name stands for all layers
        for (const PreflightLine &line : plan.preflight) {
            if (line.level != PreflightLine::Level::Refused)
                continue;
            m_refusal = line.reason;
            refused.insert(line.tensor);
        }
        for (std::size_t i = 0; i < layers() && !refused.empty(); ++i) {
            if (wanted[i] != choice || (!refused.contains(std::string()) && !refused.contains(m_model.layers[i].name)))
                continue;
            wanted[i] = m_table.keptChoice();
            found = true;
        }
        return found;
    }

    void addBytes(const PlannedFile &planned, const Report &report)
    {
        auto &file = m_table.m_fileBytes.emplace_back(layers(), 0);
        auto &plain = m_table.m_plainBytes.emplace_back(layers(), 0);
        for (const OutputTensor &tensor : planned.layout.tensors)
            if (const auto layer = m_names.layerOf(tensor.name))
                file[*layer] += tensor.byteSize();
        for (std::size_t i = 0; i < layers(); ++i) {
            plain[i] = report.layers[i]->bytesAfter;
            if (file[i] == 0)
                file[i] = plain[i];
        }
    }

    Result<void> chooseMetric()
    {
        const OutputErrorReport &output = m_reports.front()->outputError;
        const bool alone = std::ranges::any_of(m_reports.front()->layers,
                                               [](const auto &layer) { return layer->outputError.alone.has_value(); });
        const bool runs = output.kind == OutputErrorKind::Network && output.relativeError && alone;
        const Text reason = !output.reason.empty() ? output.reason : output.notAvailable;
        if (m_options.metric == SearchMetric::Output && !runs)
            return fail(ErrorCode::Usage, Text::of("choices cannot be compared by the network's output: {}", reason));
        m_table.m_metric = runs ? SearchMetric::Output : SearchMetric::Weight;
        m_table.m_inputs = runs ? output.inputs : reason;
        return {};
    }

    void addKept()
    {
        auto &decisions = m_table.m_decisions.emplace_back(m_table.m_locked);
        auto &bytes = m_table.m_fileBytes.emplace_back(layers(), 0);
        for (std::size_t i = 0; i < layers(); ++i) {
            bytes[i] = m_model.tensorOf(m_model.layers[i]).byteSize;
            if (m_table.m_free[i])
                decisions[i].quantize = false;
            else // as the format holds it
                decisions[i] = m_table.m_decisions.front()[i];
        }
        m_table.m_plainBytes.push_back(bytes);
    }

    double costOf(const LayerReport &layer) const
    {
        if (!layer.decision.quantize || !layer.quantization)
            return 0;
        const double weightError = m_signal > 0 ? layer.quantization->sums.errorEnergy / m_signal : 0;
        if (m_table.m_metric == SearchMetric::Weight)
            return weightError;
        const auto &alone = layer.outputError.alone;
        return alone ? *alone * *alone : kUnused * weightError;
    }

    void fillCosts()
    {
        for (const auto &layer : m_reports.front()->layers)
            if (layer->statistics && layer->statistics->finite())
                m_signal += layer->statistics->signalEnergy;
        for (const auto &report : m_reports) {
            auto &costs = m_table.m_costs.emplace_back();
            for (const auto &layer : report->layers)
                costs.push_back(costOf(*layer));
        }
        m_table.m_costs.emplace_back(layers(), 0.0);
        for (std::size_t i = 0; i < layers(); ++i) {
            const Layer &layer = m_model.layers[i];
            if (layer.keptReason.empty() && !layer.stored)
                m_table.m_weights += m_model.tensorOf(layer).elements();
            if (m_table.m_free[i])
                continue;
            m_table.m_lockedCost += m_table.m_costs.front()[i];
            if (layer.keptReason.empty() && !layer.stored)
                m_table.m_lockedPlainBytes += m_table.m_plainBytes.front()[i];
        }
    }

    std::vector<std::size_t> allowedFor(std::size_t layer, const std::vector<Pattern> &least) const
    {
        int fewest = kMinBits;
        for (std::size_t p = 0; p < least.size(); ++p)
            if (least[p].matches(m_model.layers[layer]))
                fewest = m_options.least[p].bits;
        std::vector<std::size_t> allowed;
        for (std::size_t c = 0; c < m_table.m_schemes.size(); ++c)
            if (m_reports[c]->layers[layer]->decision.quantize && m_table.m_schemes[c].bits >= fewest)
                allowed.push_back(c);
        if (m_options.keep || allowed.empty())
            allowed.push_back(m_table.keptChoice());
        return allowed;
    }

    Result<void> makeGroups()
    {
        std::vector<Pattern> together;
        for (const std::string &text : m_options.together) {
            QS_ASSIGN(together.emplace_back(), Pattern::compile(text));
        }
        std::vector<Pattern> least;
        for (const LeastBits &rule : m_options.least) {
            QS_ASSIGN(least.emplace_back(), Pattern::compile(rule.pattern));
        }
        std::map<std::pair<std::size_t, std::string>, std::size_t> known;
        bool anyQuantized = false;
        for (std::size_t i = 0; i < layers(); ++i) {
            if (!m_table.m_free[i])
                continue;
            std::vector<std::size_t> allowed = allowedFor(i, least);
            anyQuantized = anyQuantized || allowed.front() != m_table.keptChoice();
            const auto pattern =
                std::ranges::find_if(together, [&](const Pattern &each) { return each.matches(m_model.layers[i]); });
            const std::pair key{static_cast<std::size_t>(pattern - together.begin()),
                                parentOf(m_model.layers[i].module)};
            if (pattern != together.end() && known.contains(key)) {
                ChoiceGroup &group = m_table.m_groups[known[key]];
                group.layers.push_back(i);
                std::erase_if(group.allowed, [&](std::size_t c) {
                    return c != m_table.keptChoice() && std::ranges::find(allowed, c) == allowed.end();
                });
                continue;
            }
            if (pattern != together.end())
                known.emplace(key, m_table.m_groups.size());
            m_table.m_groups.push_back({{i}, std::move(allowed)});
        }
        for (ChoiceGroup &group : m_table.m_groups)
            if (group.allowed.empty())
                group.allowed.push_back(m_table.keptChoice());
        if (!anyQuantized)
            return fail(ErrorCode::Usage, Text::of("no layer can have any of the choices: {}",
                                                   m_refusal.empty() ? Text::of("the format holds none") : m_refusal));
        return {};
    }

    void addUniform()
    {
        for (std::size_t c = 0; c < m_table.m_schemes.size(); ++c) {
            double cost = m_table.m_lockedCost;
            auto &choices = m_table.m_uniformChoices.emplace_back();
            for (const ChoiceGroup &group : m_table.m_groups) {
                const bool fits = std::ranges::find(group.allowed, c) != group.allowed.end();
                choices.push_back(fits ? c : group.allowed.back());
                for (const std::size_t layer : group.layers)
                    cost += m_table.cost(c, layer);
            }
            SearchPoint &point = m_table.m_uniform.emplace_back();
            point.bytes = m_planBytes[c];
            point.predicted = std::sqrt(cost);
            if (m_table.m_metric == SearchMetric::Output)
                point.measured = m_reports[c]->outputError.relativeError;
            point.label = m_table.m_schemes[c].summary();
            point.bits = m_table.m_schemes[c].bits;
        }
    }

    void addWarnings()
    {
        if (m_table.m_metric == SearchMetric::Output)
            return;
        m_table.m_warnings.push_back(
            Text::of("errors are those of the weights: what they do to the output of the network is not known"));
        const auto heavy = std::ranges::count_if(m_reports.front()->layers, [](const auto &layer) {
            return layer->statistics && layer->statistics->excessKurtosis.value_or(0) > kHeavyTails;
        });
        if (heavy > 0)
            m_table.m_warnings.push_back(Text::of("layers with an excess kurtosis above {}: {}; a few large weights "
                                                  "decide their error",
                                                  kHeavyTails, heavy));
    }

    Recipe recipeWith(const std::vector<std::size_t> &choiceOfLayer) const
    {
        return recipeFor(m_model, m_table.m_base, m_table.m_locked, m_table.m_free, m_table.m_schemes, choiceOfLayer);
    }

    const Model &m_model;
    const ExportFormat &m_format;
    const SearchOptions &m_options;
    AnalysisCache &m_cache;
    const TaskContext &m_context;
    FileTensors m_names;
    ChoiceTable m_table;
    std::vector<std::shared_ptr<const Report>> m_reports; ///< by choice
    std::vector<std::uint64_t> m_planBytes;
    double m_signal = 0;
    Text m_refusal;
};

Result<ChoiceTable> ChoiceTable::make(const Model &model, const Recipe &recipe, const ExportFormat &format,
                                      const SearchOptions &options, AnalysisCache &cache, const TaskContext &context)
{
    return Maker(model, recipe, format, options, cache, context).make();
}

Recipe ChoiceTable::recipeOf(const std::vector<std::size_t> &choices) const
{
    std::vector<std::size_t> ofLayer(m_free.size(), keptChoice());
    for (std::size_t g = 0; g < m_groups.size(); ++g)
        for (const std::size_t layer : m_groups[g].layers)
            ofLayer[layer] = choices[g];
    return recipeFor(*m_model, m_base, m_locked, m_free, m_schemes, ofLayer);
}

std::vector<Decision> ChoiceTable::decisionsOf(const std::vector<std::size_t> &choices) const
{
    std::vector<Decision> result = m_decisions.back();
    for (std::size_t g = 0; g < m_groups.size(); ++g)
        for (const std::size_t layer : m_groups[g].layers)
            result[layer] = m_decisions[choices[g]][layer];
    return result;
}

} // namespace qs
