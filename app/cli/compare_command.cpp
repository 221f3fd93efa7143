// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/report_table.h"

#include "core/analysis/compare.h"
#include "core/base/input_file.h"
#include "core/formats/open_model.h"
#include "core/reports/report_csv.h"
#include "core/reports/report_json.h"

#include <memory>

namespace qs::cli {
namespace {

struct CompareOptions {
    std::string reference;
    std::string candidate;
    std::string map;
    bool json = false;
    bool csv = false;
    std::string part;          ///< of the reference
    std::string candidatePart; ///< may be another one of the same file
};

constexpr std::uint64_t kMostMapBytes = std::uint64_t{64} << 20U;

Result<NameMap> readMap(const std::string &path)
{
    if (path.empty())
        return NameMap();
    QS_ASSIGN(const std::shared_ptr<const InputFile> file, InputFile::open(path));
    if (file->size() > kMostMapBytes)
        return fail(ErrorCode::Input, Text::of("the map has {} bytes, the limit is {}", file->size(), kMostMapBytes),
                    path);
    QS_ASSIGN(const std::string text, file->text());
    return parseNameMap(text, path);
}

Result<Outcome> run(const CompareOptions &options, const TaskContext &context)
{
    QS_ASSIGN(const NameMap map, readMap(options.map));
    QS_ASSIGN(const auto reference, openModel(options.reference, context, options.part));
    QS_ASSIGN(const auto candidate, openModel(options.candidate, context, options.candidatePart));
    QS_CHECK(requireComplete(*reference));
    QS_CHECK(requireComplete(*candidate));
    QS_ASSIGN(Comparison comparison, compare(*reference, *candidate, context, map));
    Outcome outcome{.text = {}, .error = {}, .incomplete = comparison.incomplete()};
    outcome.forPrograms = options.json || options.csv;
    if (options.json)
        outcome.write = [=, comparison = std::move(comparison)](const TextSink &sink) {
            writeComparisonJson(*reference, *candidate, comparison, sink);
        };
    else if (options.csv)
        outcome.text = comparisonCsv(comparison);
    else
        outcome.text = comparisonText(*reference, *candidate, comparison);
    return outcome;
}

} // namespace

Command compareCommand()
{
    auto options = std::make_shared<CompareOptions>();
    return {.name = "compare",
            .help =
                "Show the errors between two model files, weight by weight; exit code 4 when some weights could not "
                "be compared",
            .options =
                {{.name = "REFERENCE", .target = &options->reference, .help = "The original model", .required = true},
                 {.name = "CANDIDATE",
                  .target = &options->candidate,
                  .help = "The model to judge; quantized tensors are decoded",
                  .required = true},
                 {.name = "--map",
                  .target = &options->map,
                  .help = "File of lines 'reference = candidate': names that mean the same weight",
                  .valueName = "FILE"},
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
