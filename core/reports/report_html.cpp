// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reports/report_html.h"

#include "core/analysis/compared_report.h"
#include "core/analysis/shown_error.h"
#include "core/reports/number_text.h"
#include "core/reports/report_json.h"
#include "core/reports/svg_figure.h"
#include "core/version.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/format.h>

namespace qs {

using reports::escaped;

namespace {

constexpr std::string_view kStyle = R"(<style>
:root { --text: #1b2733; --grey: #5f6b78; --ground: #fff; --line: #d5dbe1; --band: #f5f7f9; --a: #0072b2; --b: #d55e00; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e9ee; --grey: #9aa6b2; --ground: #1b2027; --line: #323a44;
  --band: #20262e; --a: #56b4e9; --b: #f0a04b; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); max-width: 1080px;
  margin: 24px auto; padding: 0 20px; }
h1 { font-size: 24px; margin: 0; } h2 { font-size: 18px; margin: 32px 0 8px; }
.grey, .l, .n { color: var(--grey); } .cards { display: flex; flex-wrap: wrap; gap: 10px; margin: 18px 0; }
.card { border: 1px solid var(--line); border-radius: 6px; padding: 8px 14px; min-width: 150px; }
.card b { display: block; font-size: 18px; } .side-b { border-left: 3px dotted var(--b); padding-left: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 8px; border-bottom: 1px solid var(--line); vertical-align: top; }
td.r, th.r { text-align: right; white-space: nowrap; } tr:nth-child(even) td { background: var(--band); }
td:first-child { overflow-wrap: anywhere; } pre { background: var(--band); padding: 12px; overflow: auto; font-size: 13px; }
svg { width: 100%; height: auto; } .a { fill: var(--a); } .b { fill: var(--b); fill-opacity: .45; stroke: var(--b);
  stroke-dasharray: 2 2; } .m { fill: var(--text); } .g { stroke: var(--line); } svg text { fill: var(--text);
  font: 13px system-ui, sans-serif; } svg .l, svg .n { fill: var(--grey); font-size: 12px; }
svg .t, svg .v { font-weight: bold; }
</style>
)";
constexpr std::string_view kReportTag{R"(<script type="application/json" id="quantoscope-report">)"};
constexpr std::string_view kRecipeTag{R"(<script type="application/json" id="quantoscope-recipe">)"};
constexpr std::string_view kEndTag{"</script>"};

/// JSON inside of HTML: no text in it may end the element.
std::string inScript(std::string_view json)
{
    std::string result;
    result.reserve(json.size());
    for (const char letter : json) {
        if (letter == '<')
            result += "\\u003c";
        else
            result += letter;
    }
    return result;
}

std::string card(std::string_view key, const std::string &value, const std::string &other)
{
    return fmt::format(
        "<div class=\"card\"><span class=\"grey\">{}</span><b>{}</b>{}</div>\n", escaped(key), escaped(value),
        other.empty() ? std::string() : fmt::format("<span class=\"side-b\">B {}</span>", escaped(other)));
}

std::string totalErrorText(const Report &report)
{
    const ShownError total = totalShownError(report);
    if (total.state == ShownError::State::Kept)
        return "nothing is quantized";
    return percentText(total.value, total.value == 0.0);
}

std::string_view nameOfTotal(const Report &report)
{
    return totalShownError(report).kind == ShownErrorKind::Alone ? "Output error" : "Weight error, all layers";
}

std::string cards(const Report &report, const ComparedSide *other)
{
    std::string html = "<div class=\"cards\">\n";
    html += card("Size, packed", bytesChangeText(report.total.bytesBefore, report.total.bytesAfter),
                 other ? bytesText(other->report->total.bytesAfter) : std::string());
    std::string beside;
    if (other) {
        beside = totalErrorText(*other->report);
        if (nameOfTotal(report) != nameOfTotal(*other->report))
            beside += fmt::format(" ({})", nameOfTotal(*other->report));
    }
    html += card(nameOfTotal(report), totalErrorText(report), beside);
    const OutputErrorReport &output = report.outputError;
    if (output.accuracyBefore && output.accuracyAfter) {
        const auto accuracy = other ? other->report->outputError.accuracyAfter : std::nullopt;
        html += card("Accuracy", accuracyChangeText(*output.accuracyBefore, *output.accuracyAfter),
                     accuracy ? accuracyText(*accuracy) : std::string());
    } else if (output.top1Agreement) {
        const auto agreement = other ? other->report->outputError.top1Agreement : std::nullopt;
        html += card("Top-1 agreement", accuracyText(*output.top1Agreement),
                     agreement ? accuracyText(*agreement) : std::string());
    }
    html += card("Layers quantized", fmt::format("{} of {}", report.total.quantized, report.total.layers), {});
    return html + "</div>\n";
}

std::string_view whoDecided(const Decision &decision)
{
    switch (decision.by) {
    case DecidedBy::Nobody:
        return "scheme";
    case DecidedBy::User:
        return "user";
    case DecidedBy::Rule:
        return "rule";
    case DecidedBy::File:
        return "file";
    case DecidedBy::Format:
        return "format";
    case DecidedBy::Data:
        return "data";
    }
    return {};
}

std::string row(const std::vector<std::string> &cells, std::size_t firstNumber, std::string_view tag)
{
    std::string html = "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i)
        html += fmt::format("<{0}{1}>{2}</{0}>", tag, i >= firstNumber ? " class=\"r\"" : "", escaped(cells[i]));
    return html + "</tr>\n";
}

std::string layerTable(const Report &report, const ComparedSide *other)
{
    const bool network = report.outputError.kind == OutputErrorKind::Network;
    constexpr std::size_t kFirstNumber = 4;
    std::vector<std::string> head{"Layer", "Shape", "What happens", "Decided by", "Size", "Weight error", "SQNR"};
    if (network) {
        head.emplace_back("Error alone");
        head.emplace_back("Up to here");
    }
    if (other)
        head.emplace_back("B: error");
    std::string html = "<table>\n<thead>" + row(head, kFirstNumber, "th") + "</thead>\n<tbody>\n";
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        if (!report.layers[i])
            continue;
        const LayerReport &layer = *report.layers[i];
        const bool on = layer.decision.quantize;
        const Metrics &metrics = layer.metrics;
        std::vector<std::string> cells{layer.module,
                                       dimensionsText(layer.shape),
                                       on ? layer.decision.scheme.summary().str() : layer.decision.reason.str(),
                                       std::string(whoDecided(layer.decision)),
                                       bytesChangeText(layer.bytesBefore, layer.bytesAfter),
                                       on ? percentText(metrics.relativeError, metrics.exact) : std::string("–"),
                                       on ? decibelText(metrics.sqnrDb, metrics.exact) : std::string("–")};
        if (network) {
            const auto text = [](std::optional<double> value) {
                return value ? percentText(value, *value == 0) : std::string("–");
            };
            cells.push_back(text(layer.outputError.alone));
            cells.push_back(text(layer.outputError.upToHere));
        }
        if (other && i < other->report->layers.size() && other->report->layers[i]) {
            const auto beside = shownError(*other->report, i);
            cells.push_back(beside.value ? percentText(beside.value, *beside.value == 0) : std::string("–"));
        }
        html += row(cells, kFirstNumber, "td");
    }
    return html + "</tbody>\n</table>\n";
}

/// All tensors of both files, the most affected first, and those without a partner.
std::string comparisonTable(const Comparison &comparison)
{
    std::string html = fmt::format("<h2>All tensors of B against A</h2>\n<p>{} of the learned values could be "
                                   "compared.</p>\n<table>\n<thead>",
                                   percentText(comparison.coverage()));
    html += row({"Tensor", "Shape", "Matched by", "Error", "SQNR", "1 - cosine"}, 3, "th") + "</thead>\n<tbody>\n";
    for (const std::size_t index : mostAffected(comparison)) {
        const TensorComparison &pair = comparison.tensors[index];
        std::string how = pair.matchReason.empty() ? std::string(textOf(pair.matchedBy)) : pair.matchReason.str();
        if (pair.candidate != pair.name)
            how = fmt::format("{} ({})", pair.candidate, how);
        html += row({pair.name, dimensionsText(pair.shape), how,
                     percentText(pair.metrics.relativeError, pair.metrics.exact),
                     decibelText(pair.metrics.sqnrDb, pair.metrics.exact),
                     numberText(pair.metrics.oneMinusCosine, kResultDigits)},
                    3, "td");
    }
    for (const UnmatchedTensor &tensor : comparison.unmatched)
        html +=
            row({tensor.name, "",
                 fmt::format("only in {}: {}", tensor.side == ModelSide::Reference ? "A" : "B", tensor.reason.str()),
                 "–", "–", "–"},
                3, "td");
    return html + "</tbody>\n</table>\n";
}

std::string howMeasured(const Report &report)
{
    const OutputErrorReport &output = report.outputError;
    std::string html = "<h2>How it was measured</h2>\n<p>";
    if (output.kind == OutputErrorKind::None) {
        html += escaped(fmt::format("The network was not run, so errors are those of the weights: {}.",
                                    output.reason.empty() ? std::string("nobody asked for it") : output.reason.str()));
    } else {
        html += escaped(fmt::format("Fed: {}.", output.inputs.str()));
        if (!output.assumed.empty())
            html += fmt::format(" {}", escaped(fmt::format("Assumed: {}.", output.assumed.str())));
        html += fmt::format(" {} samples.", countText(output.samples));
    }
    html += "</p>\n<p class=\"grey\">";
    html += escaped(fmt::format("Quantoscope {}, instruction set {}", kVersion, instructionSet()));
    for (const std::string &library : libraryVersions())
        html += fmt::format(", {}", escaped(library));
    return html + ". Relative errors are ‖y − x‖ / ‖x‖.</p>\n";
}

} // namespace

std::string reportHtml(const Model &model, const Recipe &recipe, const Report &report, const ComparedSide *other)
{
    const Report *beside = other ? other->report : nullptr;
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width\">\n";
    html += fmt::format("<title>{} – Quantoscope</title>\n", escaped(model.title));
    html += kStyle;
    html += fmt::format("</head>\n<body>\n<h1>{}</h1>\n<p class=\"grey\">{} · {} parameters · {}</p>\n",
                        escaped(model.title), escaped(model.format), countText(model.parameters()),
                        escaped(recipe.scheme.summary().str()));
    if (other)
        html += fmt::format("<p><b>A</b> {}<br><span class=\"side-b\"><b>B</b> {}{}</span></p>\n",
                            escaped(recipe.scheme.summary().str()), escaped(other->title),
                            other->recipe ? ": " + escaped(other->recipe->scheme.summary().str()) : std::string());
    html += cards(report, other);
    html += reports::errorFigure(report, beside);
    html += reports::scaleFigure(report, beside);
    html += "<h2>Layers</h2>\n" + layerTable(report, other);
    if (other && other->comparison)
        html += comparisonTable(*other->comparison);
    html += howMeasured(report);
    html += "<h2>Recipe</h2>\n<pre>" + escaped(toJson(recipe)) + "</pre>\n";
    if (other && other->recipe)
        html += "<h2>Recipe of B</h2>\n<pre>" + escaped(toJson(*other->recipe)) + "</pre>\n";
    html += fmt::format("{}{}{}\n", kRecipeTag, inScript(toJson(recipe)), kEndTag);
    html += fmt::format("{}{}{}\n", kReportTag, inScript(reportJson(model, report, {})), kEndTag);
    return html + "</body>\n</html>\n";
}

Result<Recipe> recipeFromHtml(std::string_view html, const std::string &where)
{
    const std::size_t begin = html.find(kRecipeTag);
    const std::size_t end = begin == std::string_view::npos ? begin : html.find(kEndTag, begin);
    if (end == std::string_view::npos)
        return fail(ErrorCode::Input, Text::of("this is no report of Quantoscope: it holds no recipe"), where);
    return recipeFromJson(html.substr(begin + kRecipeTag.size(), end - begin - kRecipeTag.size()), where);
}

} // namespace qs
