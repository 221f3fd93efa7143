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
#include "core/shards/merge.h"
#include "core/shards/resumed.h"

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
    std::string tokenizer;
    bool resume = false;
    bool json = false;
};

// Of the time: a plan that looks at no weights.
constexpr double kFirstShare = 0.02;
// Else the plan looks at the weights, the report finds them in the cache, the rest writes.
constexpr double kPlanShare = 0.45;
constexpr double kReportShare = 0.5;

/// A model that is to be quantized, and how.
struct Job {
    const ExportFormat *format = nullptr;
    std::shared_ptr<const Model> model;
    Recipe recipe;
    AnalyzeOptions analyzeOptions;
    ExportOptions exportOptions;
};

Result<Job> jobOf(const QuantizeOptions &options, const TaskContext &context)
{
    QS_CHECK(options.recipe.check());
    Job job;
    QS_ASSIGN(job.format, formatNamed(options.format, options.output));
    QS_ASSIGN(job.model, openModel(options.model, context, options.part));
    QS_CHECK(requireComplete(*job.model));
    QS_ASSIGN(job.recipe, options.recipe.recipe(*job.model));
    QS_ASSIGN(job.model, withRoles(std::move(job.model), job.recipe));
    QS_ASSIGN(job.analyzeOptions, options.recipe.analyzeOptions(context));
    job.exportOptions = {.overwrite = options.force,
                         .verifyAll = options.verify,
                         .keepNonFinite = options.keepNonFinite,
                         .allowUnmatched = options.recipe.allowUnmatched(),
                         .unpacked = options.unpacked,
                         .tokenizer = options.tokenizer,
                         .feed = job.analyzeOptions};
    return job;
}

Outcome outcomeOf(const QuantizeOptions &options, const Job &job, Preview file)
{
    Outcome outcome;
    outcome.wroteFile = !options.dryRun;
    if (!file.plan.refusals.empty())
        outcome.error = refusalError(*job.format, *job.model, file.plan);
    if (options.json) {
        outcome.write = jsonWriter(job.model, std::move(file), false, options.output);
        return outcome;
    }
    outcome.text = reportText(*job.model, *file.report, file.plan, job.format->name, false);
    if (!options.dryRun)
        outcome.text +=
            fmt::format("Wrote          {}, {} bytes\n", printable(options.output), countText(file.plan.bytes));
    return outcome;
}

/// In one look at the weights, where nothing speaks against the file; else nothing is written, and whoever wants to
/// know all that speaks against it has to look at the weights first.
Result<std::optional<Preview>> writtenAtOnce(const QuantizeOptions &options, const Job &job, AnalysisCache &cache,
                                             const TaskContext &context)
{
    ExportOptions unseen = job.exportOptions;
    unseen.unseen.emplace();
    QS_ASSIGN(const ExportPlan plan, planExport(*job.format, *job.model, job.recipe, options.output, unseen, cache,
                                                context.part(0, kFirstShare)));
    QS_ASSIGN(const std::vector<Text> others,
              otherRefusals(*job.model, *job.format, plan, job.recipe, options.output, job.exportOptions));
    if (!plan.refusals.empty() || !others.empty())
        return std::nullopt;
    std::optional<Preview> file;
    const PlanReport report = [&](const ExportPlan &written, const TaskContext &inner) -> Result<void> {
        QS_ASSIGN(file, previewPlan(*job.format, written, *job.model, job.recipe, cache, job.analyzeOptions, inner));
        return {};
    };
    QS_ASSIGN(auto written, writeAtOnce(*job.format, *job.model, job.recipe, options.output, job.exportOptions, report,
                                        cache, context.part(kFirstShare, 1)));
    if (!written || !file)
        return std::nullopt;
    file->plan = std::move(*written);
    return file;
}

Result<Outcome> runAtOnce(const QuantizeOptions &options, const TaskContext &context)
{
    QS_ASSIGN(const Job job, jobOf(options, context));
    AnalysisCache cache(options.json);
    if (!options.dryRun) {
        QS_ASSIGN(std::optional<Preview> file, writtenAtOnce(options, job, cache, context));
        if (file)
            return outcomeOf(options, job, std::move(*file));
    }
    QS_ASSIGN(ExportPlan plan, planExport(*job.format, *job.model, job.recipe, options.output, job.exportOptions, cache,
                                          context.part(0, kPlanShare)));
    // What speaks against writing it, although it could be written.
    QS_ASSIGN(const std::vector<Text> others,
              otherRefusals(*job.model, *job.format, plan, job.recipe, options.output, job.exportOptions));
    if (!options.dryRun && (!plan.refusals.empty() || !others.empty())) {
        for (const Text &other : others)
            plan.refuse({other});
        return std::unexpected(refusalError(*job.format, *job.model, plan));
    }
    QS_ASSIGN(Preview file, previewPlan(*job.format, std::move(plan), *job.model, job.recipe, cache, job.analyzeOptions,
                                        context.part(kPlanShare, kReportShare)));
    for (const Text &other : others)
        file.plan.refuse({other});
    if (!options.dryRun) {
        QS_ASSIGN(file.plan, writeExport(*job.format, *job.model, job.recipe, options.output, job.exportOptions, cache,
                                         context.part(kReportShare, 1)));
    }
    return outcomeOf(options, job, std::move(file));
}

Outcome doneBefore(const QuantizeOptions &options, const MergedOutput &output)
{
    return {.text = options.json ? output.report
                                 : fmt::format("Done before    {}, {} bytes\n", printable(options.output),
                                               countText(output.bytes)),
            .wroteFile = true,
            .forPrograms = options.json};
}

/// In units, whose parts stay where they are when the work is stopped.
Result<Outcome> runInUnits(const QuantizeOptions &options, const TaskContext &context)
{
    QS_ASSIGN(const Job job, jobOf(options, context));
    QS_CHECK(checkSource(*job.format, *job.model));
    AnalysisCache cache;
    QS_ASSIGN(const Work work, planWork({.model = job.model,
                                         .location = options.model,
                                         .part = options.part,
                                         .format = *job.format,
                                         .recipe = job.recipe,
                                         .output = options.output,
                                         .options = job.exportOptions,
                                         .units = unitsFor(*job.model)},
                                        cache, context.part(0, 0.1)));
    const std::filesystem::path folder = resumeFolder(options.output);
    QS_ASSIGN(const auto before, findMerged(work, folder, context));
    if (before) { // it was stopped while it tidied up
        discardParts(options.output);
        return doneBefore(options, *before);
    }
    QS_ASSIGN(const std::vector<Text> others,
              otherRefusals(*job.model, *job.format, work.file.plan, job.recipe, options.output, job.exportOptions));
    if (!others.empty())
        return fail(ErrorCode::Work, others.front());
    QS_CHECK(doUnits(work, cache, context.part(0.1, 0.8)));
    QS_ASSIGN(Preview file, previewWork(work, job.analyzeOptions, cache, context.part(0.8, 0.9)));
    const KeptReport report = [&](const ExportPlan &written) -> Result<std::string> {
        file.plan = written;
        return reportJson(job.model, file, options.output);
    };
    QS_CHECK(mergeParts(work, folder, options.verify, report, cache, context.part(0.9, 1)));
    discardParts(options.output);
    return outcomeOf(options, job, std::move(file));
}

Result<Outcome> run(const QuantizeOptions &options, const TaskContext &context)
{
    return options.resume ? runInUnits(options, context) : runAtOnce(options, context);
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
                                 .required = true,
                                 .writesFile = true}},
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
            {.name = "--resume",
             .target = &options->resume,
             .help = "Work in units that stay in OUT.parts when the work is stopped, and go on from there",
             .excludes = "--dry-run"},
            {.name = "--tokenizer",
             .target = &options->tokenizer,
             .help = "For GGUF of other formats: none, or a GGUF file with as many tokens whose tokenizer is taken",
             .valueName = "FILE",
             .excludes = "--resume"},
            {.name = "--json", .target = &options->json, .help = "JSON on standard output"},
        },
        std::back_inserter(command.options));
    return command;
}

} // namespace qs::cli
