// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/options.h"

#include "core/formats/imatrix.h"
#include "core/scheme/scheme_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <utility>

namespace qs::cli {
namespace {

constexpr std::pair<std::string_view, OutputErrorRequest> kOutputErrorRequests[] = {
    {"auto", OutputErrorRequest::Auto},
    {"network", OutputErrorRequest::Network},
    {"none", OutputErrorRequest::None},
};

/// "--code-range" of "code_range".
std::string optionOf(std::string_view key)
{
    std::string option = fmt::format("--{}", key);
    std::ranges::replace(option, '_', '-');
    return option;
}

std::optional<OutputErrorRequest> outputErrorRequest(std::string_view text)
{
    for (const auto &[name, request] : kOutputErrorRequests) {
        if (name == text)
            return request;
    }
    return std::nullopt;
}

/// key=value, key=value …; empty when `text` is something else.
std::vector<std::pair<std::string, std::string_view>> fieldList(std::string_view text)
{
    std::vector<std::pair<std::string, std::string_view>> fields;
    while (true) {
        const std::string_view field = text.substr(0, text.find(','));
        const std::size_t equals = field.find('=');
        if (equals == 0 || equals == std::string_view::npos)
            return {};
        std::string key(field.substr(0, equals));
        if (!std::ranges::all_of(key, [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '-'; }))
            return {};
        std::ranges::replace(key, '-', '_'); // the names of the options are good, too
        fields.emplace_back(std::move(key), field.substr(equals + 1));
        if (field.size() == text.size())
            return fields;
        text.remove_prefix(field.size() + 1);
    }
}

Result<int> parseAxis(std::string_view text)
{
    int axis = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), axis);
    if (error != std::errc() || end != text.data() + text.size() || axis < 0)
        return fail(ErrorCode::Usage, Text::asIs(fmt::format("'{}' is no axis, expected 0, 1, 2 …", text)), "axis");
    return axis;
}

Result<Role> parseRole(std::string_view text)
{
    if (const auto role = roleFromText(text))
        return *role;
    return fail(ErrorCode::Usage, Text::asIs(fmt::format("'{}' is no role, expected one of {}", text, roleNames())),
                "role");
}

} // namespace

Result<Rule> parseSetOption(std::string_view text)
{
    for (std::size_t colon = text.rfind(':'); colon != std::string_view::npos && colon > 0;
         colon = text.rfind(':', colon - 1)) {
        const auto fields = fieldList(text.substr(colon + 1));
        if (fields.empty())
            continue;
        Rule rule;
        rule.match = text.substr(0, colon);
        for (const auto &[key, value] : fields) {
            if (key == "axis") {
                QS_ASSIGN(rule.axis, parseAxis(value));
            } else if (key == "role") {
                QS_ASSIGN(rule.role, parseRole(value));
            } else {
                QS_CHECK(rule.scheme.set(key, value));
            }
        }
        return rule;
    }
    return fail(ErrorCode::Usage,
                Text::asIs(fmt::format("'{}' sets nothing, expected PATTERN:bits=4,mode=asymmetric,axis=1", text)),
                "--set");
}

InputFileName parseInputsOption(const std::string &text)
{
    const std::size_t equals = text.find('=');
    std::error_code ignored;
    if (equals == 0 || equals == std::string::npos || std::filesystem::exists(text, ignored))
        return {{}, text};
    return {text.substr(0, equals), text.substr(equals + 1)};
}

Result<std::pair<std::string, std::uint64_t>> parseDimOption(const std::string &text)
{
    const std::size_t equals = text.rfind('=');
    std::uint64_t size = 0;
    const char *const end = text.data() + text.size();
    const char *const number = equals == std::string::npos ? end : text.data() + equals + 1;
    const auto [stop, error] = std::from_chars(number, end, size);
    if (equals == 0 || error != std::errc() || stop != end || size == 0)
        return fail(ErrorCode::Usage, Text::asIs(fmt::format("'{}' sets no dimension, expected NAME=N", text)),
                    "--dim");
    return std::pair(text.substr(0, equals), size);
}

Result<std::pair<std::string, std::string>> parseTieOption(const std::string &text, const Model &model)
{
    for (std::size_t equals = text.find('='); equals != std::string::npos; equals = text.find('=', equals + 1)) {
        std::pair<std::string, std::string> names(text.substr(0, equals), text.substr(equals + 1));
        if (model.findTensor(names.first) && model.findTensor(names.second))
            return names;
    }
    return fail(ErrorCode::Usage,
                Text::asIs(fmt::format("'{}' are no two tensors of the model, expected NAME=NAME", text)), "--tie");
}

Option modelArgument(std::string &target)
{
    return {.name = "MODEL",
            .target = &target,
            .help = "File, shard index, folder, demo:digits, demo:lesson or demo:notebook",
            .required = true};
}

Option partOption(std::string &target)
{
    return {.name = "--part",
            .target = &target,
            .help = "Of a checkpoint with several models the one that is meant: model, ema, optimizer …",
            .valueName = "NAME"};
}

std::vector<Option> RecipeOptions::options()
{
    std::vector<Option> all = recipeOptions();
    std::ranges::move(feedOptions(), std::back_inserter(all));
    return all;
}

std::vector<Option> RecipeOptions::recipeOptions()
{
    std::vector<Option> all;
    forEachField([&](const auto &field) {
        all.push_back({optionOf(field.key), &m_scheme[all.size()], field.help(), "VALUE", "Scheme"});
    });
    all.push_back({"--recipe", &m_recipeFile, "Recipe file, read before all other options", "FILE", "Scheme"});
    const auto select = [&](const char *name, Select kind, const char *help) {
        // In the order of the line, across the four options.
        all.push_back({name,
                       [this, kind](const std::string &text) {
                           m_selections.push_back({kind, text});
                       },
                       help, kind == Select::Set ? "PATTERN:FIELD=VALUE,…" : "PATTERN", "Select"});
    };
    select("--exclude", Select::Exclude, "Keep layers in float; a glob (*, ?) or re:REGEX; repeatable");
    select("--include", Select::Include, "Quantize layers that an earlier rule excludes; repeatable");
    select("--only", Select::Only, "Quantize these layers and no others; repeatable");
    select("--set", Select::Set, "Change fields for some layers, as in 'fc*:bits=4,mode=asymmetric'; repeatable");
    all.push_back({"--tie", [this](const std::string &text) { m_ties.push_back(text); },
                   "Make one layer of two tensors with equal values, which list --equal finds; repeatable", "NAME=NAME",
                   "Select"});
    all.push_back({"--allow-unmatched", &m_allowUnmatched, "Patterns may match nothing", {}, "Select"});
    all.push_back({"--activation", &m_activation, "Between layers: relu, gelu, silu, tanh or none", "NAME", "Network"});
    return all;
}

std::vector<Option> RecipeOptions::feedOptions()
{
    std::vector<Option> all;
    all.push_back({"--output-error", &m_outputError, "auto (when cheap), network or none", "WHEN", "Network"});
    const auto collect = [](std::vector<std::string> &list) {
        return [&list](const std::string &text) { list.push_back(text); };
    };
    all.push_back({"--inputs", collect(m_inputs),
                   "Samples to feed: .npy or .npz, of the input NAME or of the first one; repeatable", "[NAME=]FILE",
                   "Network"});
    all.push_back(
        {"--dim", collect(m_dims), "Size of a free dimension of the network; repeatable", "NAME=N", "Network"});
    all.push_back({"--samples", &m_samples, "How many random samples are fed to a graph", "N", "Network"});
    all.push_back({"--labels", &m_labels, "Class of each sample, for the accuracy", "Y.npy", "Network"});
    all.push_back({"--imatrix", &m_importance,
                   "Importance file of llama.cpp, by which --range output chooses in place of samples", "FILE",
                   "Network"});
    all.push_back(
        {"--seed", &m_seed, "Seed of the random inputs that are fed when there are no others", "N", "Network"});
    return all;
}

Result<SchemePatch> RecipeOptions::schemePatch() const
{
    SchemePatch patch;
    Result<void> done;
    auto text = m_scheme.begin();
    forEachField([&](const auto &field) {
        if (done && !text->empty())
            done = patch.set(field.key, *text);
        ++text;
    });
    QS_CHECK(done);
    return patch;
}

Result<std::vector<Rule>> RecipeOptions::rules() const
{
    std::vector<Rule> rules;
    bool onlySeen = false;
    for (const Selection &selection : m_selections) {
        Rule rule;
        rule.match = selection.text;
        switch (selection.kind) {
        case Select::Exclude:
            rule.action = Rule::Action::Exclude;
            break;
        case Select::Only:
            // One "exclude all" for any number of --only, so that the second does not take back the first.
            if (!std::exchange(onlySeen, true)) {
                Rule all;
                all.match = "*";
                all.action = Rule::Action::Exclude;
                all.why = "not named by --only";
                rules.push_back(all);
            }
            rule.action = Rule::Action::Include;
            break;
        case Select::Include:
            rule.action = Rule::Action::Include;
            break;
        case Select::Set: {
            QS_ASSIGN(rule, parseSetOption(selection.text));
            break;
        }
        }
        rules.push_back(std::move(rule));
    }
    return rules;
}

Result<void> RecipeOptions::check() const
{
    QS_CHECK(schemePatch());
    QS_CHECK(rules());
    if (!outputErrorRequest(m_outputError))
        return fail(ErrorCode::Usage,
                    Text::asIs(fmt::format("'{}' is unknown, expected auto, network or none", m_outputError)),
                    "--output-error");
    if (!m_activation.empty() && !activationFromText(m_activation))
        return fail(ErrorCode::Usage,
                    Text::asIs(fmt::format("'{}' is unknown, expected relu, gelu, silu, tanh or none", m_activation)),
                    "--activation");
    for (const std::string &dim : m_dims)
        QS_CHECK(parseDimOption(dim));
    if (!m_labels.empty() && m_inputs.empty())
        return fail(ErrorCode::Usage, Text::asIs("labels belong to samples, expected --inputs beside it"), "--labels");
    return {};
}

Result<Recipe> RecipeOptions::recipe(const Model &model) const
{
    Recipe recipe;
    if (m_recipeFile.empty()) {
        recipe = defaultRecipe(model);
    } else {
        QS_ASSIGN(recipe, loadRecipe(m_recipeFile, model));
    }
    QS_ASSIGN(const SchemePatch patch, schemePatch());
    patch.applyTo(recipe.scheme);
    QS_ASSIGN(std::vector<Rule> added, rules());
    recipe.rules.insert(recipe.rules.end(), std::make_move_iterator(added.begin()),
                        std::make_move_iterator(added.end()));
    for (const std::string &text : m_ties) {
        QS_ASSIGN(auto tie, parseTieOption(text, model));
        recipe.ties.insert_or_assign(std::move(tie.first), std::move(tie.second));
    }
    if (!m_activation.empty())
        recipe.activation = activationFromText(m_activation);
    return recipe;
}

Result<AnalyzeOptions> RecipeOptions::analyzeOptions(const TaskContext &context) const
{
    AnalyzeOptions options;
    options.outputError = outputErrorRequest(m_outputError).value_or(OutputErrorRequest::Auto);
    options.seed = m_seed;
    options.allowUnmatched = m_allowUnmatched;
    if (!m_inputs.empty()) {
        std::vector<InputFileName> files;
        std::ranges::transform(m_inputs, std::back_inserter(files), parseInputsOption);
        QS_ASSIGN(options.inputs, loadInputs(files, m_labels, context));
    }
    if (!m_importance.empty()) {
        QS_ASSIGN(options.importance, loadImatrix(m_importance, context));
    }
    for (const std::string &text : m_dims) {
        QS_ASSIGN(auto dim, parseDimOption(text));
        options.dims.insert_or_assign(std::move(dim.first), dim.second);
    }
    if (m_samples > 0)
        options.samples = m_samples;
    return options;
}

} // namespace qs::cli
