// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/recipe.h"

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/model/names.h"
#include "core/recipe/near_names.h"
#include "core/recipe/pattern.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

namespace qs {
namespace {

constexpr std::uint64_t kMostTries =
    1'000'000;                              // patterns × layers of a recipe that a file brings along: about a second
constexpr std::size_t kMostPatterns = 1000; // rules that are no plain names
constexpr std::size_t kMostInstructions = 200'000; // of all patterns together: a second of compiling
constexpr const char *kMetadataKey = "quantoscope.recipe";
constexpr std::uint64_t kMaxRecipeBytes = std::uint64_t{64} << 20;

/// The message about a pattern that matches tensors, none of which is a layer; empty when it matches no tensor.
Text matchesOtherTensors(const std::string &pattern, const Model &model)
{
    const auto compiled = Pattern::compile(pattern);
    std::size_t count = 0;
    std::optional<std::size_t> first;
    for (std::size_t i = 0; compiled && i < model.tensors.size(); ++i) {
        const std::string &name = model.tensors[i].name;
        if (!compiled->matches(name) && !compiled->matches(moduleName(name)))
            continue;
        if (count++ == 0)
            first = i;
    }
    if (!first)
        return {};
    return Text::of(
        "pattern {} matches tensors, but no layer, so there is nothing to change: of {}, {} is not one ({}: {})",
        briefInQuotes(pattern), count, briefInQuotes(model.tensors[*first].name), textOf(model.roleOf(*first).role),
        model.roleReason(*first));
}

std::unexpected<Error> unmatched(const std::string &pattern, const Model &model)
{
    if (Text others = matchesOtherTensors(pattern, model); !others.empty())
        return fail(ErrorCode::Usage, std::move(others));
    if (model.layers.empty())
        return fail(ErrorCode::Usage,
                    Text::of("pattern {} matches no layer: the model has none", briefInQuotes(pattern)));
    const std::vector<std::string> near = nearNames(pattern, model.layers);
    const auto plain = [](const std::vector<std::string> &names) {
        constexpr std::size_t kLongest = 200;
        std::string list;
        for (const std::string &name : names) {
            if (list.size() > kLongest)
                break;
            const std::string safe = briefInQuotes(name);
            list += (list.empty() ? "" : ", ") + safe.substr(1, safe.size() - 2);
        }
        return list;
    };
    if (!near.empty())
        return fail(ErrorCode::Usage,
                    Text::of("pattern {} matches no layer; near names: {}", briefInQuotes(pattern), plain(near)));
    std::vector<std::string> some;
    for (std::size_t i = 0; i < std::min<std::size_t>(5, model.layers.size()); ++i)
        some.push_back(model.layers[i].module);
    return fail(ErrorCode::Usage, Text::of("pattern {} matches no layer; the layers are named like: {}",
                                           briefInQuotes(pattern), plain(some)));
}

Result<void> setAxisByRule(Decision &decision, const Rule &rule, const Layer &layer, const TensorInfo &tensor)
{
    if (*rule.axis < 0 || static_cast<std::size_t>(*rule.axis) >= tensor.shape.size())
        return fail(ErrorCode::Usage,
                    Text::of("axis {} does not exist: layer {} has the shape {}, so axes are 0 to {}", *rule.axis,
                             inQuotes(layer.name), shapeText(tensor.shape), tensor.shape.size() - 1),
                    Text::of("rule {}", inQuotes(rule.match)));
    if (*rule.axis != decision.channelAxis)
        decision.channelAxisReason = Text::of("set by rule {}", inQuotes(rule.match));
    decision.channelAxis = *rule.axis;
    return {};
}

/// The rules of a recipe, ready to be asked about many layers. Rules with a plain name, of which a recipe may have one
/// per layer, are looked up and not tried one by one.
class CompiledRules
{
public:
    static Result<CompiledRules> compile(const Recipe &recipe)
    {
        CompiledRules result(recipe);
        std::size_t size = 0;
        for (std::size_t i = 0; i < recipe.rules.size(); ++i) {
            QS_ASSIGN(Pattern pattern, Pattern::compile(recipe.rules[i].match));
            size += pattern.size();
            if (size > kMostInstructions)
                return fail(ErrorCode::Usage,
                            Text::of("the patterns of the recipe are too large together, from rule {} on",
                                     briefInQuotes(recipe.rules[i].match)));
            if (pattern.isPlainName())
                result.m_plain[pattern.plainName()].push_back(i);
            else if (result.m_patterns.size() == kMostPatterns)
                return fail(ErrorCode::Usage,
                            Text::of("the recipe has more than {} rules with patterns, the limit", kMostPatterns));
            else
                result.m_patterns.emplace_back(i, std::move(pattern));
        }
        return result;
    }

    const Rule &rule(std::size_t index) const { return m_rules[index]; }
    /// Rules that are no plain names.
    std::size_t patterns() const { return m_patterns.size(); }

    /// Indices of the rules that match, in order.
    std::vector<std::size_t> matching(const Layer &layer)
    {
        std::vector<std::size_t> result;
        for (const auto &[index, pattern] : m_patterns) {
            if (pattern.matches(layer))
                result.push_back(index);
        }
        const auto lookUp = [&](const std::string &name) {
            if (const auto found = m_plain.find(name); found != m_plain.end())
                result.insert(result.end(), found->second.begin(), found->second.end());
        };
        lookUp(layer.name);
        lookUp(layer.module);
        for (const std::string &name : layer.otherNames) {
            lookUp(name);
            lookUp(std::string(moduleName(name)));
        }
        std::ranges::sort(result);
        result.erase(std::ranges::unique(result).begin(), result.end());
        for (std::size_t index : result)
            m_matched[index] = true;
        return result;
    }

    bool matched(std::size_t index) const { return m_matched[index]; }

    /// Why a layer that the rule excludes is kept: one text for all of them.
    const Text &reason(std::size_t index)
    {
        Text &reason = m_reasons[index];
        const std::string &why = m_rules[index].why;
        const std::string match = inQuotes(m_rules[index].match);
        if (reason.empty())
            reason = why.empty() ? Text::of("excluded by rule {}", match) : Text::of("{} (rule {})", why, match);
        return reason;
    }

private:
    explicit CompiledRules(const Recipe &recipe)
        : m_rules(recipe.rules)
        , m_matched(recipe.rules.size())
        , m_reasons(recipe.rules.size())
    {}

    const std::vector<Rule> &m_rules;
    std::unordered_map<std::string, std::vector<std::size_t>> m_plain;
    std::vector<std::pair<std::size_t, Pattern>> m_patterns;
    std::vector<bool> m_matched;
    std::vector<Text> m_reasons;
};

void excludeByRule(Decision &decision, CompiledRules &rules, std::size_t index, const Layer &layer)
{
    const Rule &rule = rules.rule(index);
    const bool ofLayer = rule.match == exactPattern(layer.name) || rule.match == exactPattern(layer.module);
    decision.by = ofLayer && rule.why.empty() ? DecidedBy::User : DecidedBy::Rule;
    decision.rule = static_cast<std::uint32_t>(index);
    decision.reason = rules.reason(index);
}

/// One text for all layers of a model that are stored in the same way.
class StoredReasons
{
public:
    /// "already quantized by GPTQ: 4 bits, asymmetric, per group:128", or as the tensor's encoding says.
    Text reasonOf(const Model &model, const Layer &layer)
    {
        const StoredQuantization &stored = *layer.stored;
        const Scheme &scheme = stored.scheme;
        const std::string_view type = model.tensorOf(layer).typeName();
        if (const Text undecoded = withoutValues(model, layer); !undecoded.empty() && !stored.tool.empty())
            return Text::of("already quantized by {}: {} bits, {}", stored.tool, scheme.bits, undecoded);
        const bool isKnown = stored.scales || !stored.tool.empty();
        const std::string key = isKnown ? fmt::format("{}, {}, {}, {}", stored.tool, scheme.bits, textOf(scheme.mode),
                                                      textOf(scheme.granularity))
                                        : std::string(type);
        Text &reason = m_reasons[key];
        if (!reason.empty())
            return reason;
        if (!isKnown)
            reason = Text::of("already quantized: {}", type);
        else if (stored.tool.empty())
            reason = Text::of("already quantized: {} bits, {}, per {}", scheme.bits, textOf(scheme.mode),
                              textOf(scheme.granularity));
        else
            reason = Text::of("already quantized by {}: {} bits, {}, per {}", stored.tool, scheme.bits,
                              textOf(scheme.mode), textOf(scheme.granularity));
        return reason;
    }

private:
    std::unordered_map<std::string, Text> m_reasons;
};

Result<Decision> decide(CompiledRules &rules, StoredReasons &storedReasons, const Recipe &recipe, const Model &model,
                        const Layer &layer)
{
    Decision decision;
    decision.scheme = recipe.scheme;
    decision.channelAxis = layer.channelAxis;
    decision.channelAxisReason = layer.channelAxisReason;
    for (std::size_t index : rules.matching(layer)) {
        const Rule &rule = recipe.rules[index];
        rule.scheme.applyTo(decision.scheme);
        const Rule::Action action = actionOf(rule);
        if (action == Rule::Action::Exclude) {
            excludeByRule(decision, rules, index, layer);
        } else if (action == Rule::Action::Include) {
            decision.by = DecidedBy::Nobody;
            decision.reason = {};
        }
        if (rule.axis && !layer.stored)
            QS_CHECK(setAxisByRule(decision, rule, layer, model.tensorOf(layer)));
    }
    if (layer.stored) {
        decision.scheme = layer.stored->scheme;
        if (decision.by == DecidedBy::Nobody) {
            decision.by = DecidedBy::File;
            decision.reason = storedReasons.reasonOf(model, layer);
        }
    } else if (!layer.keptReason.empty()) {
        decision.by = DecidedBy::File;
        decision.reason = layer.keptReason;
    } else if (auto valid = decision.scheme.validate(); !valid) {
        return fail(ErrorCode::Usage, valid.error().message, Text::of("layer {}", inQuotes(layer.name)));
    }
    decision.quantize = decision.by == DecidedBy::Nobody;
    return decision;
}

std::string_view lastSegment(std::string_view module)
{
    return module.substr(module.rfind('.') + 1); // npos + 1 is 0: the whole name
}

/// Why a layer is excluded by default; empty when it is not.
std::string defaultWhy(const Layer &layer, const NamedRole &role)
{
    if (layer.stored || !layer.keptReason.empty())
        return {};
    if (layer.op == Op::Embedding)
        return "embedding, excluded by default";
    return role.keptByDefault ? fmt::format("{}, excluded by default", role.reason.text) : std::string();
}

/// One rule per kind of name, "*.wte", where no layer that stays is named like that; else one per layer.
std::vector<Rule> defaultRules(const Model &model)
{
    std::vector<std::pair<const Layer *, std::string>> excluded;
    std::unordered_set<std::string_view> kinds; // last segments of excluded layers that no other layer has
    for (const Layer &layer : model.layers) {
        std::string why = defaultWhy(layer, model.roleOf(layer.tensor));
        if (why.empty())
            continue;
        kinds.insert(lastSegment(layer.module));
        excluded.emplace_back(&layer, std::move(why));
    }
    for (const Layer &layer : model.layers)
        if (!kinds.empty() && defaultWhy(layer, model.roleOf(layer.tensor)).empty())
            kinds.erase(lastSegment(layer.module));
    std::vector<Rule> rules;
    for (auto &[layer, why] : excluded) {
        const std::string_view segment = lastSegment(layer->module);
        const bool byKind =
            segment.size() < layer->module.size() && kinds.contains(segment) && exactPattern(segment) == segment;
        Rule rule;
        rule.match = byKind ? fmt::format("*.{}", segment) : exactPattern(layer->module);
        rule.action = Rule::Action::Exclude;
        rule.why = std::move(why);
        // Exact names are there once; patterns of names are few.
        if (!byKind || std::ranges::find(rules, rule) == rules.end())
            rules.push_back(std::move(rule));
    }
    return rules;
}

/// Rules about roles are for all tensors; whether one of them matches.
Result<bool> matchesTensor(const Rule &rule, const Model &model)
{
    QS_ASSIGN(const Pattern pattern, Pattern::compile(rule.match));
    return std::ranges::any_of(model.tensors, [&](const TensorInfo &tensor) {
        return pattern.matches(tensor.name) || pattern.matches(moduleName(tensor.name));
    });
}

} // namespace

Rule::Action actionOf(const Rule &rule)
{
    if (rule.action != Rule::Action::None || !rule.role)
        return rule.action;
    return isQuantizedByDefault(*rule.role) ? Rule::Action::Include : Rule::Action::Exclude;
}

Result<std::optional<Recipe>> recipeOfMetadata(const Model &model)
{
    const auto found = model.metadata.find(kMetadataKey);
    if (found == model.metadata.end())
        return std::optional<Recipe>();
    QS_ASSIGN(Recipe recipe, recipeFromJson(found->second, kMetadataKey));
    QS_ASSIGN(const CompiledRules rules, CompiledRules::compile(recipe));
    if (const std::size_t wild = rules.patterns(); wild * model.layers.size() > kMostTries)
        return fail(ErrorCode::Input,
                    Text::of("{} rules with patterns on {} layers are too many to try, the limit is {} tries", wild,
                             model.layers.size(), kMostTries),
                    kMetadataKey);
    QS_CHECK(resolve(recipe, model, false));
    recipe.ties.clear(); // an export has its ties in a way of its own
    return recipe;
}

void checkDeclaredRecipe(Model &model)
{
    if (const auto recipe = recipeOfMetadata(model); !recipe)
        model.warnings.push_back(
            Text::of("the recipe in the file's metadata is not used: {}", recipe.error().sentence()));
}

std::uint64_t momentsId(const Decision &decision)
{
    return decision.moments && decision.scheme.needsInputs() ? decision.moments->id : 0;
}

Recipe defaultRecipe(const Model &model)
{
    if (auto declared = recipeOfMetadata(model); declared && *declared)
        return std::move(**declared);
    Recipe recipe;
    recipe.rules = defaultRules(model);
    return recipe;
}

Result<std::vector<Decision>> resolve(const Recipe &recipe, const Model &model, bool allowUnmatched)
{
    QS_CHECK(recipe.scheme.validate());
    QS_ASSIGN(CompiledRules rules, CompiledRules::compile(recipe));
    StoredReasons storedReasons;
    std::vector<Decision> decisions;
    decisions.reserve(model.layers.size());
    for (const Layer &layer : model.layers) {
        QS_ASSIGN(Decision decision, decide(rules, storedReasons, recipe, model, layer));
        decisions.push_back(std::move(decision));
    }
    for (std::size_t i = 0; i < recipe.rules.size() && !allowUnmatched; ++i) {
        if (rules.matched(i))
            continue;
        bool matched = false;
        if (recipe.rules[i].role) {
            QS_ASSIGN(matched, matchesTensor(recipe.rules[i], model));
        }
        if (!matched)
            return unmatched(recipe.rules[i].match, model);
    }
    return decisions;
}

Result<std::vector<bool>> matchedRules(const Recipe &recipe, const Model &model)
{
    QS_ASSIGN(CompiledRules rules, CompiledRules::compile(recipe));
    for (const Layer &layer : model.layers)
        rules.matching(layer);
    std::vector<bool> result(recipe.rules.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
        result[i] = rules.matched(i);
        if (!result[i] && recipe.rules[i].role) {
            QS_ASSIGN(const bool matched, matchesTensor(recipe.rules[i], model));
            result[i] = matched;
        }
    }
    return result;
}

std::vector<Text> unmatchedRules(const Recipe &recipe, const Model &model)
{
    std::vector<Text> sentences;
    const auto matched = matchedRules(recipe, model);
    for (std::size_t i = 0; matched && i < recipe.rules.size(); ++i)
        if (!(*matched)[i])
            sentences.push_back(unmatched(recipe.rules[i].match, model).error().message);
    return sentences;
}

Result<Recipe> loadRecipe(const std::filesystem::path &path, const Model &model)
{
    QS_ASSIGN(const std::shared_ptr<const InputFile> file, InputFile::open(path));
    const std::string where = inQuotes(path.native());
    if (file->size() > kMaxRecipeBytes)
        return fail(ErrorCode::Input,
                    Text::of("a recipe has at most {} bytes, this file has {}", kMaxRecipeBytes, file->size()), where);
    QS_ASSIGN(const std::string text, file->text());
    bool hasRules = false;
    QS_ASSIGN(Recipe recipe, recipeFromJson(text, where, &hasRules));
    if (!hasRules)
        recipe.rules = defaultRules(model);
    return recipe;
}

} // namespace qs
