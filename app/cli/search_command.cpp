// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/format_option.h"
#include "app/cli/options.h"
#include "app/cli/table.h"
#include "app/cli/text.h"

#include "core/base/atomic_file.h"
#include "core/formats/open_model.h"
#include "core/layers/recipe_roles.h"
#include "core/reports/number_text.h"
#include "core/reports/search_json.h"
#include "core/search/budget_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace qs::cli {
namespace {

constexpr std::size_t kCurveLines = 16;

struct SearchCommandOptions {
    std::string model;
    std::string part;
    RecipeOptions recipe;
    std::string format = defaultFormat();
    std::string size;
    std::string bitsPerWeight;
    std::string maxError;
    std::string bits = "2,3,4,8";
    std::string granularities;
    std::string ranges;
    std::vector<std::string> together;
    std::vector<std::string> least;
    bool noFloat = false;
    std::string metric;
    std::string time = "60s";
    std::string output;
    bool force = false;
    bool json = false;
};

std::unexpected<Error> wrong(const std::string &value, std::string_view expected, const char *option)
{
    return fail(ErrorCode::Usage, Text::asIs(fmt::format("'{}' is wrong, expected {}", value, expected)), option);
}

/// "60s", "2min", "60".
Result<double> parseSeconds(const std::string &text)
{
    if (text == "0" || text == "0s")
        return 0;
    if (const auto found = numberAndUnit(text)) {
        if (found->second.empty() || found->second == "s")
            return found->first;
        if (found->second == "min")
            return 60 * found->first;
    }
    return wrong(text, "seconds (60s) or minutes (2min)", "--time");
}

Result<SearchBudget> budgetOf(const SearchCommandOptions &options)
{
    const auto given = static_cast<int>(!options.size.empty()) + static_cast<int>(!options.bitsPerWeight.empty()) +
                       static_cast<int>(!options.maxError.empty());
    if (given != 1)
        return fail(ErrorCode::Usage, Text::asIs("expected one of --size, --bpw and --max-error"), "search");
    if (!options.size.empty()) {
        if (const auto size = sizeBudget(options.size))
            return *size;
        return wrong(options.size, "a number of bytes, or of KiB, MiB, GiB, kB, MB or GB", "--size");
    }
    if (!options.bitsPerWeight.empty()) {
        if (const auto bits = bitsBudget(options.bitsPerWeight))
            return *bits;
        return wrong(options.bitsPerWeight, "a number of bits, as in 4.5", "--bpw");
    }
    if (const auto error = errorBudget(options.maxError))
        return *error;
    return wrong(options.maxError, "a share, as in 1% or 0.01", "--max-error");
}

std::vector<std::string> listOf(const std::string &text)
{
    std::vector<std::string> items;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        items.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return items;
}

/// "PATTERN:BITS".
Result<LeastBits> parseLeast(const std::string &text)
{
    const std::size_t colon = text.rfind(':');
    SchemePatch patch;
    if (colon == std::string::npos || colon == 0 || !patch.set("bits", text.substr(colon + 1)))
        return wrong(text, "PATTERN:BITS", "--least");
    return LeastBits{text.substr(0, colon), patch.bits.value_or(kMinBits)};
}

Result<SearchOptions> searchOptions(const SearchCommandOptions &options, const TaskContext &context)
{
    SearchOptions result;
    QS_ASSIGN(result.budget, budgetOf(options));
    result.bits.clear();
    for (const std::string &text : listOf(options.bits)) {
        SchemePatch patch;
        QS_CHECK(patch.set("bits", text));
        result.bits.push_back(patch.bits.value_or(kMaxBits));
    }
    for (const std::string &text : listOf(options.granularities)) {
        SchemePatch patch;
        QS_CHECK(patch.set("granularity", text));
        result.granularities.push_back(patch.granularity.value_or(Granularity::channel()));
    }
    for (const std::string &text : listOf(options.ranges)) {
        SchemePatch patch;
        QS_CHECK(patch.set("range", text));
        result.ranges.push_back(patch.range.value_or(RangeMethod::minMax()));
    }
    for (const std::string &text : options.least) {
        QS_ASSIGN(result.least.emplace_back(), parseLeast(text));
    }
    result.together = options.together;
    result.keep = !options.noFloat;
    if (!options.metric.empty() && options.metric != "output" && options.metric != "weight")
        return wrong(options.metric, "output or weight", "--metric");
    if (!options.metric.empty())
        result.metric = options.metric == "output" ? SearchMetric::Output : SearchMetric::Weight;
    QS_ASSIGN(result.seconds, parseSeconds(options.time));
    QS_ASSIGN(result.analysis, options.recipe.analyzeOptions(context));
    return result;
}

void appendCurve(std::string &text, const SearchResult &result)
{
    text += "\nSize against error, the best of these choices\n";
    Table table({{"bytes"}, {"predicted", true}, {"measured", true}, {"scheme"}});
    const std::size_t count = std::min(result.frontier.size(), kCurveLines);
    for (std::size_t i = 0; i < count; ++i) {
        const SearchPoint &point = result.frontier[count < 2 ? 0 : i * (result.frontier.size() - 1) / (count - 1)];
        table.addRow({countText(point.bytes), percentText(point.predicted), "", "mixed"});
    }
    for (const SearchPoint &point : result.uniform)
        table.addRow({countText(point.bytes), percentText(point.predicted),
                      point.measured ? percentText(point.measured) : "", printable(point.label.str())});
    table.appendTo(text);
}

/// What was found, layer by layer with those first that lose most.
std::string searchText(const Model &model, const SearchResult &result, std::string_view format)
{
    std::string text;
    std::vector<SearchLayer> layers = result.layers;
    std::ranges::stable_sort(layers, std::ranges::greater(), &SearchLayer::error);
    Table table({{"layer"}, {"scheme"}, {"bytes", true}, {"own error", true}});
    for (const SearchLayer &layer : layers)
        table.addRow({printable(model.layers[layer.layer].module),
                      layer.quantize ? printable(layer.scheme.summary().str()) : "kept in float",
                      countText(layer.bytes), layer.quantize ? percentText(layer.error) : ""});
    table.appendTo(text);
    appendCurve(text, result);
    text += fmt::format("\nFound          {} bytes as {}, {:.3f} bits per weight\n", countText(result.found.bytes),
                        format, result.bitsPerWeight);
    if (result.metric == SearchMetric::Output) {
        text += fmt::format("Fed            {}\n", printable(result.inputs.str()));
        text += fmt::format("Output error   {} measured, {} predicted\n", percentText(result.found.measured),
                            percentText(result.found.predicted));
    } else {
        text += fmt::format("Weight error   {}\n", percentText(result.found.predicted));
        if (!result.inputs.empty())
            text += fmt::format("Network        not run: {}\n", printable(result.inputs.str()));
    }
    text += fmt::format("Bound          {} is the least that can be predicted for this budget{}\n",
                        percentText(result.bound), result.exact ? "" : "; more was not searched");
    if (result.measuredRuns > 0)
        text += fmt::format("Runs           {} candidates were measured{}\n", result.measuredRuns,
                            result.stoppedByTime ? " before the time was up" : "");
    for (const Text &warning : result.warnings)
        text += fmt::format("warning: {}\n", printable(warning.str()));
    return text;
}

Result<Outcome> run(const SearchCommandOptions &options, const TaskContext &context)
{
    QS_CHECK(options.recipe.check());
    QS_CHECK(budgetOf(options));
    QS_ASSIGN(const ExportFormat *format, formatNamed(options.format));
    QS_ASSIGN(auto model, openModel(options.model, context, options.part));
    QS_CHECK(requireComplete(*model));
    QS_ASSIGN(const Recipe recipe, options.recipe.recipe(*model));
    QS_ASSIGN(model, withRoles(std::move(model), recipe));
    QS_ASSIGN(const SearchOptions how, searchOptions(options, context));
    AnalysisCache cache;
    QS_ASSIGN(const SearchResult result, search(*model, recipe, *format, how, cache, context));
    Outcome outcome;
    outcome.text = options.json ? searchJson(*model, result, format->name) : searchText(*model, result, format->name);
    if (options.output.empty())
        return outcome;
    QS_CHECK(context.check());
    QS_CHECK(writeWholeFile(options.output, toJson(result.recipe), options.force));
    outcome.wroteFile = true;
    if (!options.json)
        outcome.text += fmt::format("Wrote          {}\n", printable(options.output));
    return outcome;
}

} // namespace

Command searchCommand()
{
    auto options = std::make_shared<SearchCommandOptions>();
    Command command{.name = "search",
                    .help = "Find the best scheme of each layer for a size or an error",
                    .options = {modelArgument(options->model), partOption(options->part)},
                    .run = [options](const TaskContext &context) { return run(*options, context); }};
    const auto collect = [](std::vector<std::string> &list) {
        return [&list](const std::string &text) { list.push_back(text); };
    };
    std::ranges::move(
        std::vector<Option>{
            {"--size", &options->size, "The file may have so many bytes: 2.1MiB, 300000", "SIZE", "Budget"},
            {"--bpw", &options->bitsPerWeight, "Or so many bits per weight, scales included", "N", "Budget"},
            {"--max-error", &options->maxError, "Or the smallest file that loses no more: 1%", "SHARE", "Budget"},
            {"--bits", &options->bits, "Bits to choose from (default: 2,3,4,8)", "N,…", "Choices"},
            {"--granularity", &options->granularities, "channel, group:N …; default: as the scheme", "VALUE,…",
             "Choices"},
            {"--range", &options->ranges, "minmax, mse, output …; default: as the scheme", "VALUE,…", "Choices"},
            {"--together", collect(options->together),
             "Layers that match and lie in the same module get the same choice; repeatable", "PATTERN", "Choices"},
            {"--least", collect(options->least), "Layers that match get no fewer bits; repeatable", "PATTERN:BITS",
             "Choices"},
            {"--no-float", &options->noFloat, "Every layer that can be quantized is", {}, "Choices"},
            {"--metric", &options->metric, "output (of the network, where it is run) or weight", "NAME", "Choices"},
            {"--time", &options->time, "How long candidates are measured at most (default: 60s)", "TIME", "Choices"},
        },
        std::back_inserter(command.options));
    for (Option &option : options->recipe.options())
        if (std::ranges::none_of(command.options, [&](const Option &own) { return own.name == option.name; }))
            command.options.push_back(std::move(option));
    std::ranges::move(
        std::vector<Option>{
            {"--format", &options->format, fmt::format("Format of the file (default: {})", defaultFormat()), "NAME"},
            {.name = "-o,--output",
             .target = &options->output,
             .help = "Recipe file to write",
             .valueName = "RECIPE",
             .writesFile = true},
            {"--force", &options->force, "Replace an existing recipe file"},
            {"--json", &options->json, "JSON on standard output"},
        },
        std::back_inserter(command.options));
    return command;
}

} // namespace qs::cli
