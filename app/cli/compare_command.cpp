// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/report_table.h"

#include "core/analysis/compare.h"
#include "core/formats/reader.h"
#include "core/reports/report_json.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace qs::cli {
namespace {

struct CompareOptions {
    std::string reference;
    std::string candidate;
    bool json = false;
    bool csv = false;
};

Result<Outcome> run(const CompareOptions &options, const TaskContext &context)
{
    QS_ASSIGN(const auto reference, openModel(options.reference, context));
    QS_ASSIGN(const auto candidate, openModel(options.candidate, context));
    QS_CHECK(requireComplete(*reference));
    QS_CHECK(requireComplete(*candidate));
    QS_ASSIGN(const Comparison comparison, compare(*reference, *candidate, context));
    if (options.json)
        return Outcome{comparisonJson(*reference, *candidate, comparison), {}};
    if (options.csv)
        return Outcome{comparisonCsv(comparison), {}};
    return Outcome{comparisonText(*reference, *candidate, comparison), {}};
}

} // namespace

void addCompareCommand(CLI::App &app, Command &chosen)
{
    auto options = std::make_shared<CompareOptions>();
    CLI::App *command = app.add_subcommand("compare", "Show the errors between two model files, tensor by tensor");
    command->add_option("REFERENCE", options->reference, "The original model")->required();
    command->add_option("CANDIDATE", options->candidate, "The model to judge; quantized tensors are decoded")
        ->required();
    CLI::Option *json = command->add_flag("--json", options->json, "JSON on standard output");
    command->add_flag("--csv", options->csv, "One row per tensor")->excludes(json);
    command->callback(
        [options, &chosen] { chosen = [options](const TaskContext &context) { return run(*options, context); }; });
}

} // namespace qs::cli
