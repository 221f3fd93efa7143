// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/planned_report.h"
#include "app/cli/report_table.h"
#include "app/cli/text.h"

#include "core/base/text.h"
#include "core/formats/reader.h"
#include "core/reports/report_json.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

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

void addQuantizeCommand(CLI::App &app, Command &chosen)
{
    auto options = std::make_shared<QuantizeOptions>();
    CLI::App *command = app.add_subcommand("quantize", "Write the quantized model");
    command->add_option("MODEL", options->model, "File, shard index, folder, demo:digits or demo:notebook")->required();
    command->add_option("-o,--output", options->output, "File to write")->required()->type_name("OUT");
    options->recipe.addTo(*command);
    command->add_option("--format", options->format, "safetensors (default), gpt-fast or float");
    command->add_flag("--force", options->force, "Replace an existing file");
    command->add_flag("--dry-run", options->dryRun, "Tell the exact size and every refusal, write nothing");
    command->add_flag("--verify", options->verify, "Compare everything after writing, not only samples");
    command->add_flag("--keep-nonfinite", options->keepNonFinite, "Keep layers with NaN or infinity in float");
    command->add_flag("--json", options->json, "JSON on standard output");
    command->callback(
        [options, &chosen] { chosen = [options](const TaskContext &context) { return run(*options, context); }; });
}

} // namespace qs::cli
