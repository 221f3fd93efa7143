// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/report_table.h"

#include "core/analysis/compare.h"
#include "core/formats/open_model.h"
#include "core/reports/report_csv.h"
#include "core/reports/report_json.h"

#include <memory>

namespace qs::cli {
namespace {

struct CompareOptions {
    std::string reference;
    std::string candidate;
    bool json = false;
    bool csv = false;
    std::string part;          ///< of the reference
    std::string candidatePart; ///< may be another one of the same file
};

Result<Outcome> run(const CompareOptions &options, const TaskContext &context)
{
    QS_ASSIGN(const auto reference, openModel(options.reference, context, options.part));
    QS_ASSIGN(const auto candidate, openModel(options.candidate, context, options.candidatePart));
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

Command compareCommand()
{
    auto options = std::make_shared<CompareOptions>();
    return {.name = "compare",
            .help = "Show the errors between two model files, tensor by tensor",
            .options =
                {{.name = "REFERENCE", .target = &options->reference, .help = "The original model", .required = true},
                 {.name = "CANDIDATE",
                  .target = &options->candidate,
                  .help = "The model to judge; quantized tensors are decoded",
                  .required = true},
                 {.name = "--json", .target = &options->json, .help = "JSON on standard output"},
                 {.name = "--csv", .target = &options->csv, .help = "One row per tensor", .excludes = "--json"},
                 partOption(options->part),
                 {.name = "--candidate-part",
                  .target = &options->candidatePart,
                  .help = "The same of the candidate: two parts of one file can be compared",
                  .valueName = "NAME"}},
            .run = [options](const TaskContext &context) { return run(*options, context); }};
}

} // namespace qs::cli
