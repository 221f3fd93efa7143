// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/format_option.h"
#include "app/cli/options.h"
#include "app/cli/report_table.h"

#include "core/reports/number_text.h"
#include "core/shards/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace qs::cli {
namespace {

struct MergeOptions {
    std::string plan;
    RecipeOptions feed;
    bool verify = false;
    bool removeParts = false;
    bool json = false;
};

std::string writtenLine(const Work &work, const MergedOutput &output, const char *what)
{
    return fmt::format("{}{}, {} bytes, XXH128 {}\n", what, printable(work.plan.output), countText(output.bytes),
                       output.checksum);
}

Result<Outcome> run(const MergeOptions &options, const TaskContext &context)
{
    QS_CHECK(options.feed.check());
    QS_ASSIGN(WorkPlan plan, loadWorkPlan(options.plan));
    QS_ASSIGN(const Work work, openWork(std::move(plan), context));
    const std::filesystem::path folder = partsFolder(options.plan);
    QS_ASSIGN(const auto before, findMerged(work, folder, context));
    if (before) {
        if (options.removeParts)
            removeParts(work, folder);
        return Outcome{.text = options.json ? before->report : writtenLine(work, *before, "Done before    "),
                       .wroteFile = true,
                       .forPrograms = options.json};
    }
    AnalysisCache cache;
    QS_CHECK(takeReports(work, folder, cache, context));
    if (const auto refusals = targetRefusals(*work.format, *work.model, work.plan.output, work.options());
        !refusals.empty())
        return fail(ErrorCode::Work, refusals.front());
    QS_ASSIGN(AnalyzeOptions analyzeOptions, options.feed.analyzeOptions(context));
    analyzeOptions.allowUnmatched = work.plan.allowUnmatched;
    QS_ASSIGN(Preview file, previewWork(work, analyzeOptions, cache, context.part(0, 0.3)));
    const KeptReport report = [&](const ExportPlan &written) -> Result<std::string> {
        file.plan = written;
        return reportJson(work.model, file, work.plan.output);
    };
    QS_ASSIGN(const Merged merged, mergeParts(work, folder, options.verify, report, cache, context.part(0.3, 1)));
    const MergedOutput &output = merged.output;
    std::string table;
    if (!options.json)
        table = reportText(*work.model, *file.report, merged.plan, work.format->name, false);
    if (options.removeParts)
        removeParts(work, folder);
    return Outcome{.text = options.json ? output.report : table + writtenLine(work, output, "Wrote          "),
                   .wroteFile = true,
                   .forPrograms = options.json};
}

} // namespace

Command mergeCommand()
{
    auto options = std::make_shared<MergeOptions>();
    Command command{
        .name = "merge",
        .help = "Write the output of a plan whose units are done",
        .options = {{.name = "PLAN", .target = &options->plan, .help = "File that plan wrote", .required = true}},
        .run = [options](const TaskContext &context) { return run(*options, context); }};
    std::ranges::move(options->feed.feedOptions(), std::back_inserter(command.options));
    std::ranges::move(
        std::vector<Option>{
            {.name = "--verify",
             .target = &options->verify,
             .help = "Compare everything after writing, not only samples"},
            {.name = "--remove-parts",
             .target = &options->removeParts,
             .help = "Remove the parts once the output is complete"},
            {.name = "--json", .target = &options->json, .help = "The report of quantize as JSON on standard output"},
        },
        std::back_inserter(command.options));
    return command;
}

} // namespace qs::cli
