// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/format_option.h"
#include "app/cli/options.h"
#include "app/cli/report_table.h"

#include "core/formats/open_model.h"
#include "core/layers/recipe_roles.h"
#include "core/reports/report_csv.h"
#include "core/reports/report_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace qs::cli {
namespace {

struct AnalyzeCommandOptions {
    std::string model;
    std::string part;
    RecipeOptions recipe;
    std::string format = defaultFormat();
    bool full = false;
    bool unpacked = false;
    bool screen = false;
    bool json = false;
    bool csv = false;
};

Result<Outcome> run(const AnalyzeCommandOptions &options, const TaskContext &context)
{
    QS_CHECK(options.recipe.check());
    QS_ASSIGN(const ExportFormat *format, formatNamed(options.format));
    QS_ASSIGN(auto model, openModel(options.model, context, options.part));
    QS_CHECK(requireComplete(*model));
    QS_ASSIGN(const Recipe recipe, options.recipe.recipe(*model));
    QS_ASSIGN(model, withRoles(std::move(model), recipe));
    QS_ASSIGN(AnalyzeOptions analyzeOptions, options.recipe.analyzeOptions(context));
    analyzeOptions.keepChannels = options.full;
    // Nothing is written: the plan is made for the exact size.
    const std::string target = fmt::format("model{}", format->suffix);
    const ExportOptions exportOptions{.keepNonFinite = true,
                                      .allowUnmatched = options.recipe.allowUnmatched(),
                                      .unpacked = options.unpacked,
                                      .feed = analyzeOptions};
    AnalysisCache cache(options.json || options.csv);
    QS_ASSIGN(Preview file, preview(*format, *model, recipe, target, exportOptions, cache, analyzeOptions, context));
    std::optional<std::vector<Trouble>> troubles;
    if (options.screen) {
        QS_ASSIGN(troubles, findTroubles(*model, cache, context));
    }
    if (options.csv)
        return Outcome{.text = reportCsv(*file.report, options.full), .forPrograms = true};
    if (options.json)
        return Outcome{.write = jsonWriter(model, std::move(file), options.full, {}, std::move(troubles))};
    std::string text = reportText(*model, *file.report, file.plan, format->name, options.full);
    if (troubles)
        text += troublesText(*model, *troubles);
    return Outcome{.text = std::move(text)};
}

} // namespace

Command analyzeCommand()
{
    auto options = std::make_shared<AnalyzeCommandOptions>();
    Command command{.name = "analyze",
                    .help = "Show what quantization does to each layer",
                    .options = {modelArgument(options->model), partOption(options->part)},
                    .run = [options](const TaskContext &context) { return run(*options, context); }};
    std::ranges::move(options->recipe.options(), std::back_inserter(command.options));
    std::ranges::move(
        std::vector<Option>{
            {.name = "--format",
             .target = &options->format,
             .help = fmt::format("Format whose exact size is told (default: {})", defaultFormat())},
            {.name = "--unpacked",
             .target = &options->unpacked,
             .help = "Size with a byte for each code, where the format would pack them"},
            {.name = "--full", .target = &options->full, .help = "Also all scales and zero points"},
            {.name = "--json", .target = &options->json, .help = "JSON on standard output"},
            {.name = "--csv",
             .target = &options->csv,
             .help = "One row per layer, with --full one per channel",
             .excludes = "--json"},
            {.name = "--screen",
             .target = &options->screen,
             .help = "Also what makes layers hard: dead, silent and loud channels, outliers, weights of one sign",
             .excludes = "--csv"},
        },
        std::back_inserter(command.options));
    return command;
}

} // namespace qs::cli
