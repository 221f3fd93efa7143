// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "core/reports/number_text.h"
#include "core/shards/unit.h"
#include "core/shards/unit_index.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace qs::cli {
namespace {

struct PartOptions {
    std::string plan;
    std::uint64_t unit = 0;
    bool json = false;
};

std::string jsonText(const Work &work, std::uint64_t unit, const UnitResult &result)
{
    const nlohmann::ordered_json json{{"schema", 1},
                                      {"unit", unit},
                                      {"units", work.plan.units.size()},
                                      {"tensors", work.plan.units[unit].tensors},
                                      {"bytes", result.bytes},
                                      {"path", result.path.string()},
                                      {"xxh128", result.checksum},
                                      {"done_before", result.doneBefore}};
    return json.dump(2, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Result<Outcome> run(const PartOptions &options, const TaskContext &context)
{
    QS_ASSIGN(WorkPlan plan, loadWorkPlan(options.plan));
    QS_ASSIGN(const Work work, openUnit(std::move(plan), options.plan, options.unit, context));
    AnalysisCache cache;
    QS_ASSIGN(const UnitResult result, doUnit(work, options.unit, partsFolder(options.plan), cache, context));
    if (options.json)
        return Outcome{.text = jsonText(work, options.unit, result), .wroteFile = true, .forPrograms = true};
    return Outcome{.text = fmt::format(
                       "{}{}, {} bytes of unit {} of {}\n", result.doneBefore ? "Done before    " : "Wrote          ",
                       printable(result.path.string()), countText(result.bytes), options.unit, work.plan.units.size()),
                   .wroteFile = true};
}

} // namespace

Command partCommand()
{
    auto options = std::make_shared<PartOptions>();
    return {.name = "part",
            .help = "Do one unit of a plan, unless it is done",
            .options = {{.name = "PLAN", .target = &options->plan, .help = "File that plan wrote", .required = true},
                        {.name = "--unit",
                         .target = &options->unit,
                         .help = "Which one, from 0 on",
                         .valueName = "N",
                         .required = true},
                        {.name = "--json", .target = &options->json, .help = "JSON on standard output"}},
            .run = [options](const TaskContext &context) { return run(*options, context); }};
}

} // namespace qs::cli
