// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/format_option.h"
#include "app/cli/options.h"

#include "core/export/folder.h"
#include "core/formats/open_model.h"
#include "core/layers/recipe_roles.h"
#include "core/reports/number_text.h"
#include "core/shards/unit_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace qs::cli {
namespace {

struct PlanOptions {
    std::string model;
    std::string part;
    std::string output;
    std::string plan;
    RecipeOptions recipe;
    std::string format;
    std::uint64_t units = 0;
    bool force = false;
    bool keepNonFinite = false;
    bool unpacked = false;
    bool json = false;
};

std::string planText(const Work &work, const std::string &path)
{
    const auto [least, most] = std::ranges::minmax(work.plan.units, {}, &PlannedUnit::bytes);
    return fmt::format("Plan           {}\n"
                       "Output         {}, {}, {} bytes\n"
                       "Units          0 to {}, {} to {} of the output each\n"
                       "Next           quantoscope-cli part {} --unit 0 … {}, in any order; then merge\n",
                       printable(path), printable(work.plan.output), work.plan.format, countText(work.plan.bytes),
                       work.plan.units.size() - 1, bytesText(least.bytes), bytesText(most.bytes), printable(path),
                       work.plan.units.size() - 1);
}

Result<Outcome> run(const PlanOptions &options, const TaskContext &context)
{
    QS_CHECK(options.recipe.check());
    QS_ASSIGN(const ExportFormat *format, formatNamed(options.format, options.output));
    QS_ASSIGN(auto model, openModel(options.model, context, options.part));
    QS_CHECK(checkSource(*format, *model));
    QS_ASSIGN(const Recipe recipe, options.recipe.recipe(*model));
    QS_ASSIGN(model, withRoles(std::move(model), recipe));
    const ExportOptions exportOptions{.overwrite = options.force,
                                      .keepNonFinite = options.keepNonFinite,
                                      .allowUnmatched = options.recipe.allowUnmatched(),
                                      .unpacked = options.unpacked};
    AnalysisCache cache;
    QS_ASSIGN(Work work, planWork({.model = model,
                                   .location = options.model,
                                   .part = options.part,
                                   .format = *format,
                                   .recipe = recipe,
                                   .output = options.output,
                                   .options = exportOptions,
                                   .units = options.units},
                                  cache, context));
    QS_ASSIGN(const std::vector<Text> others,
              otherRefusals(*model, *format, work.file.plan, recipe, options.output, exportOptions));
    if (!others.empty())
        return fail(ErrorCode::Work, others.front());
    const std::string path = options.plan.empty() ? withoutSlash(options.output).string() + ".plan" : options.plan;
    QS_CHECK(saveWork(work, path, options.force));
    return Outcome{.text = options.json ? toJson(work.plan) : planText(work, path),
                   .wroteFile = true,
                   .forPrograms = options.json};
}

} // namespace

Command planCommand()
{
    auto options = std::make_shared<PlanOptions>();
    Command command{.name = "plan",
                    .help = "Plan the work of quantize for several machines",
                    .options = {modelArgument(options->model),
                                partOption(options->part),
                                {.name = "-o,--output",
                                 .target = &options->output,
                                 .help = "File or folder that the merge writes",
                                 .valueName = "OUT",
                                 .required = true,
                                 .writesFile = true},
                                {.name = "--units",
                                 .target = &options->units,
                                 .help = "How many units the work is cut into",
                                 .valueName = "N",
                                 .required = true},
                                {.name = "--plan",
                                 .target = &options->plan,
                                 .help = "File to write the plan to (default: OUT.plan); parts go to PLAN.parts",
                                 .valueName = "PLAN"}},
                    .run = [options](const TaskContext &context) { return run(*options, context); }};
    std::ranges::move(options->recipe.recipeOptions(), std::back_inserter(command.options));
    std::ranges::move(
        std::vector<Option>{
            {.name = "--format", .target = &options->format, .help = formatNames()},
            {.name = "--force", .target = &options->force, .help = "Replace an existing plan, and OUT when merging"},
            {.name = "--keep-nonfinite",
             .target = &options->keepNonFinite,
             .help = "Keep layers with NaN or infinity in float; planning then reads all weights"},
            {.name = "--unpacked",
             .target = &options->unpacked,
             .help = "A byte for each code below 8 bits, where the format would pack them"},
            {.name = "--json", .target = &options->json, .help = "The plan on standard output, too"},
        },
        std::back_inserter(command.options));
    return command;
}

} // namespace qs::cli
