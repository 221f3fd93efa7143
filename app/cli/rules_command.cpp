// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/options.h"
#include "app/cli/text.h"

#include "core/base/atomic_file.h"
#include "core/formats/open_model.h"
#include "core/layers/recipe_roles.h"
#include "core/reports/rules_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace qs::cli {
namespace {

struct RulesCommandOptions {
    std::string model;
    std::string part;
    RecipeOptions recipe;
    std::string tool;
    std::string output;
    bool force = false;
    bool json = false;
};

Result<const RuleTool *> toolNamed(const std::string &name)
{
    if (const RuleTool *tool = findRuleTool(name))
        return tool;
    return fail(ErrorCode::Usage,
                Text::asIs(fmt::format("there are no rules for '{}', expected {}", printable(name), ruleToolNames())),
                "--for");
}

/// What to say of a file that was written.
std::string writtenText(const RulesCommandOptions &options, const RuleTool &tool, const Model &model,
                        const ToolRules &rules)
{
    std::string text = fmt::format("Wrote {}: rules for {}, {} of {} layers quantized\n", printable(options.output),
                                   tool.name, rules.quantized.size(), model.layers.size());
    for (const RulesRemark &remark : rules.remarks)
        text += fmt::format("{}{}: {}\n", printable(model.layers[remark.layer].module),
                            remark.kept ? " is kept in float" : "", printable(remark.reason.str()));
    for (const Text &note : rules.notes)
        text += fmt::format("note: {}\n", printable(note.str()));
    return text;
}

Result<Outcome> run(const RulesCommandOptions &options, const TaskContext &context)
{
    QS_CHECK(options.recipe.check());
    QS_ASSIGN(const RuleTool *tool, toolNamed(options.tool));
    QS_ASSIGN(auto model, openModel(options.model, context, options.part));
    QS_CHECK(requireComplete(*model));
    QS_ASSIGN(const Recipe recipe, options.recipe.recipe(*model));
    QS_ASSIGN(model, withRoles(std::move(model), recipe));
    QS_ASSIGN(const std::vector<Decision> decisions, resolve(recipe, *model, options.recipe.allowUnmatched()));
    QS_ASSIGN(const ToolRules rules, rulesFor(*tool, *model, decisions, context));
    Outcome outcome{.forPrograms = true};
    if (!options.output.empty()) {
        QS_CHECK(context.check());
        QS_CHECK(writeWholeFile(options.output, rules.text, options.force));
        outcome.wroteFile = true;
    }
    if (options.json)
        outcome.text = rulesJson(*tool, *model, rules, options.output);
    else
        outcome.text = options.output.empty() ? rules.text : writtenText(options, *tool, *model, rules);
    return outcome;
}

} // namespace

Command rulesCommand()
{
    auto options = std::make_shared<RulesCommandOptions>();
    Command command{.name = "rules",
                    .help = "Say the recipe to another tool: which layers it quantizes, and how",
                    .options = {modelArgument(options->model), partOption(options->part)},
                    .run = [options](const TaskContext &context) { return run(*options, context); }};
    command.options.push_back({.name = "--for",
                               .target = &options->tool,
                               .help = fmt::format("The tool: {}", ruleToolNames()),
                               .valueName = "TOOL",
                               .required = true});
    std::ranges::move(options->recipe.recipeOptions(), std::back_inserter(command.options));
    std::ranges::move(
        std::vector<Option>{
            {.name = "-o,--output",
             .target = &options->output,
             .help = "File to write (default: standard output)",
             .valueName = "OUT",
             .writesFile = true},
            {"--force", &options->force, "Replace an existing file"},
            {"--json", &options->json, "JSON on standard output, with the text in it"},
        },
        std::back_inserter(command.options));
    return command;
}

} // namespace qs::cli
