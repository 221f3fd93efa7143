// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/planned_report.h"
#include "app/cli/report_table.h"
#include "app/cli/text.h"

#include "core/base/text.h"
#include "core/formats/reader.h"
#include "core/reports/report_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace qs::cli {
namespace {

struct QuantizeOptions {
    std::string model;
    std::string output;
    RecipeOptions recipe;
    std::string format = "safetensors";
    bool force = false;
    bool dryRun = false;
    bool verify = false;
    bool keepNonFinite = false;
    bool json = false;
};

constexpr double kAnalyzeShare = 0.5; // of the time; the other half writes

Result<Outcome> run(const QuantizeOptions &options, const TaskContext &context)
{
    QS_CHECK(options.recipe.check());
    QS_ASSIGN(const Exporter *exporter, exporterFor(options.format));
    QS_ASSIGN(const auto model, openModel(options.model, context));
    QS_CHECK(requireComplete(*model));
    AnalysisCache cache;
    const PlanRequest request{.exporter = exporter,
                              .target = options.output,
                              .exportOptions = {.overwrite = options.force,
                                                .verifyAll = options.verify,
                                                .keepNonFinite = options.keepNonFinite,
                                                .allowUnmatched = options.recipe.allowUnmatched(),
                                                .cache = &cache},
                              .writesTarget = true,
                              .stopWhenRefused = !options.dryRun};
    QS_ASSIGN(PlannedReport planned,
              planAndAnalyze(*model, options.recipe, request, cache, context.part(0, kAnalyzeShare)));
    if (!options.dryRun) {
        QS_ASSIGN(planned.plan, writeExport(*exporter, *model, planned.recipe, request.target, request.exportOptions,
                                            context.part(kAnalyzeShare, 1)));
    }

    Outcome outcome;
    outcome.wroteFile = !options.dryRun;
    if (options.json) {
        const JsonOptions json{
            .full = false, .plan = &planned.plan, .planFormat = exporter->name, .output = options.output};
        outcome.text = reportJson(*model, planned.report, json);
    } else {
        outcome.text = reportText(*model, planned.report, planned.plan, exporter->name, false);
        if (!options.dryRun)
            outcome.text +=
                fmt::format("Wrote          {}, {} bytes\n", printable(options.output), thousands(planned.plan.bytes));
    }
    if (!planned.plan.refusals.empty())
        outcome.error = refusalError(planned.plan);
    return outcome;
}

} // namespace

Command quantizeCommand()
{
    auto options = std::make_shared<QuantizeOptions>();
    Command command{.name = "quantize",
                    .help = "Write the quantized model",
                    .options = {modelArgument(options->model),
                                {.name = "-o,--output",
                                 .target = &options->output,
                                 .help = "File to write",
                                 .valueName = "OUT",
                                 .required = true}},
                    .run = [options](const TaskContext &context) { return run(*options, context); }};
    std::ranges::move(options->recipe.options(), std::back_inserter(command.options));
    std::ranges::move(
        std::vector<Option>{
            {.name = "--format", .target = &options->format, .help = "safetensors (default), gpt-fast or float"},
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
            {.name = "--json", .target = &options->json, .help = "JSON on standard output"},
        },
        std::back_inserter(command.options));
    return command;
}

} // namespace qs::cli
