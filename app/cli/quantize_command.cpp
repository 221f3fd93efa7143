// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/format_option.h"
#include "app/cli/options.h"
#include "app/cli/report_table.h"

#include "core/base/text.h"
#include "core/export/writer.h"
#include "core/formats/open_model.h"
#include "core/layers/recipe_roles.h"
#include "core/reports/number_text.h"
#include "core/reports/report_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace qs::cli {
namespace {

struct QuantizeOptions {
    std::string model;
    std::string part;
    std::string output;
    RecipeOptions recipe;
    std::string format;
    bool force = false;
    bool dryRun = false;
    bool verify = false;
    bool keepNonFinite = false;
    bool unpacked = false;
    bool json = false;
};

// Of the time: the plan looks at the weights, the report finds them in the cache, the rest writes.
constexpr double kPlanShare = 0.45;
constexpr double kReportShare = 0.5;

Result<Outcome> run(const QuantizeOptions &options, const TaskContext &context)
{
    QS_CHECK(options.recipe.check());
    QS_ASSIGN(const ExportFormat *format, formatNamed(options.format, options.output));
    QS_ASSIGN(auto model, openModel(options.model, context, options.part));
    QS_CHECK(requireComplete(*model));
    QS_ASSIGN(const Recipe recipe, options.recipe.recipe(*model));
    QS_ASSIGN(model, withRoles(std::move(model), recipe));
    QS_ASSIGN(const AnalyzeOptions analyzeOptions, options.recipe.analyzeOptions(context));
    const ExportOptions exportOptions{.overwrite = options.force,
                                      .verifyAll = options.verify,
                                      .keepNonFinite = options.keepNonFinite,
                                      .allowUnmatched = options.recipe.allowUnmatched(),
                                      .unpacked = options.unpacked};
    AnalysisCache cache;
    QS_ASSIGN(ExportPlan plan,
              planExport(*format, *model, recipe, options.output, exportOptions, cache, context.part(0, kPlanShare)));
    // What speaks against writing it, although it could be written.
    std::vector<Text> others = targetRefusals(*format, *model, options.output, exportOptions);
    if (plan.refusals.empty()) {
        QS_ASSIGN(const auto wanted, resolve(recipe, *model, exportOptions.allowUnmatched));
        if (std::string reason = nothingQuantized(*model, *format, plan, wanted); !reason.empty())
            others.push_back(Text::asIs(std::move(reason)));
    }
    if (!options.dryRun && (!plan.refusals.empty() || !others.empty())) {
        for (const Text &other : others)
            plan.refuse({other});
        return std::unexpected(refusalError(plan));
    }
    QS_ASSIGN(Preview file, previewPlan(*format, std::move(plan), *model, recipe, cache, analyzeOptions,
                                        context.part(kPlanShare, kReportShare)));
    for (const Text &other : others)
        file.plan.refuse({other});
    if (!options.dryRun) {
        QS_ASSIGN(file.plan, writeExport(*format, *model, recipe, options.output, exportOptions, cache,
                                         context.part(kReportShare, 1)));
    }

    Outcome outcome;
    outcome.wroteFile = !options.dryRun;
    if (options.json) {
        outcome.write = jsonWriter(model, file, false, options.output);
    } else {
        outcome.text = reportText(*model, *file.report, file.plan, format->name, false);
        if (!options.dryRun)
            outcome.text +=
                fmt::format("Wrote          {}, {} bytes\n", printable(options.output), countText(file.plan.bytes));
    }
    if (!file.plan.refusals.empty())
        outcome.error = refusalError(file.plan);
    return outcome;
}

} // namespace

Command quantizeCommand()
{
    auto options = std::make_shared<QuantizeOptions>();
    Command command{.name = "quantize",
                    .help = "Write the quantized model",
                    .options = {modelArgument(options->model),
                                partOption(options->part),
                                {.name = "-o,--output",
                                 .target = &options->output,
                                 .help = "File to write",
                                 .valueName = "OUT",
                                 .required = true}},
                    .run = [options](const TaskContext &context) { return run(*options, context); }};
    std::ranges::move(options->recipe.options(), std::back_inserter(command.options));
    std::ranges::move(
        std::vector<Option>{
            {.name = "--format", .target = &options->format, .help = formatNames()},
            {.name = "--force", .target = &options->force, .help = "Replace an existing file"},
            {.name = "--dry-run",
             .target = &options->dryRun,
             .help = "Tell the exact size and every refusal, write nothing"},
            {.name = "--verify",
             .target = &options->verify,
             .help = "Compare everything after writing, not only samples"},
            {.name = "--keep-nonfinite",
             .target = &options->keepNonFinite,
             .help = "Keep layers with NaN or infinity in float"},
            {.name = "--unpacked",
             .target = &options->unpacked,
             .help = "A byte for each code below 8 bits, where the format would pack them"},
            {.name = "--json", .target = &options->json, .help = "JSON on standard output"},
        },
        std::back_inserter(command.options));
    return command;
}

} // namespace qs::cli
