// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/report_table.h"

#include "app/cli/table.h"
#include "app/cli/text.h"

#include "core/analysis/shown_error.h"
#include "core/base/text.h"
#include "core/eval/value.h"
#include "core/model/structure.h"
#include "core/reports/number_text.h"
#include "core/scheme/scheme_fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace qs::cli {
namespace {

/// "sym 8 b/channel": what of a scheme fits into a column.
std::string schemeColumn(const Scheme &scheme)
{
    std::string text = fmt::format("{} {} {}", scheme.mode == Mode::Symmetric ? "sym" : "asym", scheme.bits,
                                   textOf(scheme.granularity));
    const SchemePatch unusual = difference(Scheme{}, scheme);
    for (const char *key : {"range", "code_range", "scale_type"})
        if (const auto value = fieldText(unusual, key))
            text += fmt::format(" {}", *value);
    if (!scheme.convention.empty() && scheme.convention != kDefaultConvention)
        text += fmt::format(" {}", scheme.convention);
    return text;
}

std::string scaleColumn(const LayerReport &layer)
{
    if (!layer.hasScales())
        return std::string(kNone);
    return rangeText(double(layer.quantization->scaleMin), double(layer.quantization->scaleMax));
}

/// "exact" for an error of zero.
std::string errorText(std::optional<double> error)
{
    return percentText(error, error == 0.0);
}

Table layerTable(const Report &report)
{
    const bool network = report.outputError.kind == OutputErrorKind::Network;
    const bool single = report.outputError.kind == OutputErrorKind::Layer;
    std::vector<Table::Column> columns = {{"Layer"},
                                          {.title = "Shape", .leave = 6},
                                          {.title = "Type", .leave = 7},
                                          {.title = "Scheme", .leave = 2},
                                          {.title = "Scale min … max", .leave = 8},
                                          {.title = "SQNR dB", .right = true, .leave = 4},
                                          {.title = "Rel. error", .right = true}};
    if (network)
        columns.insert(columns.end(),
                       {{.title = "Alone", .right = true}, {.title = "Up to here", .right = true, .leave = 3}});
    if (single)
        columns.push_back({"Layer output", true});
    columns.push_back({.title = "Size", .right = true, .leave = 5});
    const std::size_t last = columns.size() - 1;

    Table table(std::move(columns));
    for (const auto &layer : report.layers) {
        const bool quantized = layer->decision.quantize;
        std::vector<std::string> cells = {printable(layer->name),
                                          dimensionsText(layer->shape),
                                          printable(layer->typeName),
                                          schemeColumn(layer->decision.scheme),
                                          scaleColumn(*layer),
                                          decibelNumber(layer->metrics.sqnrDb, layer->metrics.exact),
                                          percentText(layer->metrics.relativeError, layer->metrics.exact)};
        if (network) {
            cells.push_back(errorText(layer->outputError.alone));
            cells.push_back(errorText(layer->outputError.upToHere));
        }
        if (single)
            cells.push_back(errorText(layer->outputError.layerOutput));
        cells.push_back(quantized ? bytesChangeText(layer->bytesBefore, layer->bytesAfter)
                                  : bytesText(layer->bytesBefore));
        if (quantized)
            table.addRow(std::move(cells));
        else
            table.addRow(std::move(cells), 3, last - 1, "kept: " + printable(layer->decision.reason.str()));
    }
    return table;
}

std::string sizeChangeText(std::uint64_t before, std::uint64_t after)
{
    const SizeChange change = sizeChange(before, after);
    if (change.kind == SizeChange::Kind::Same)
        return "same size";
    return fmt::format("{} {}", timesText(change.factor),
                       change.kind == SizeChange::Kind::Smaller ? "smaller" : "larger");
}

std::string totalText(const Report &report)
{
    const ReportTotal &total = report.total;
    const bool anyStored =
        std::ranges::any_of(report.layers, [](const auto &layer) { return layer->alreadyQuantized; });
    std::string text = fmt::format("Layers         {} quantized, {} kept\n", total.quantized, total.kept);
    if (total.metrics.relativeError) {
        text += fmt::format("Weight error   {}, SQNR {}, all layers",
                            percentText(total.metrics.relativeError, total.metrics.exact),
                            decibelText(total.metrics.sqnrDb, total.metrics.exact));
        if (total.worstLayer) {
            const LayerReport &worst = *report.layers[*total.worstLayer];
            text += worst.outputError.alone
                        ? fmt::format("; largest error alone: {} ({})", printable(worst.name),
                                      errorText(worst.outputError.alone))
                        : fmt::format("; largest weight error: {} ({})", printable(worst.name),
                                      percentText(worst.metrics.relativeError, worst.metrics.exact));
        }
        text += '\n';
        if (total.kept > 0)
            text += fmt::format("               {} over the quantized layers only\n",
                                percentText(total.quantizedMetrics.relativeError, total.quantizedMetrics.exact));
    } else if (total.quantized == 0 && anyStored) {
        text += "Weight error   unknown: the file holds no float weights\n";
    }
    text += fmt::format("{:<15}{}, {}", total.quantized > 0 || anyStored ? "Size, packed" : "Size",
                        bytesChangeText(total.bytesBefore, total.bytesAfter),
                        sizeChangeText(total.bytesBefore, total.bytesAfter));
    if (total.bitsPerWeight)
        text += fmt::format(", {} bits per quantized weight", numberText(*total.bitsPerWeight));
    return text + "\n";
}

/// What can be run on request, and how long that takes.
std::string onRequestText(const OutputErrorReport &output)
{
    if (!output.onRequest)
        return {};
    const std::string work = output.gigaFlop > 0 ? fmt::format(" ({} GFLOP)", numberText(output.gigaFlop)) : "";
    return fmt::format("               expected time about {}{}, memory up to {}; run it with --output-error network\n",
                       durationText(output.estimatedSeconds), work, bytesText(output.estimatedBytes));
}

/// One line per output, where there are several, or where the error in front of a softmax is known.
std::string networkOutputsText(const OutputErrorReport &output)
{
    std::string text;
    for (const NetworkOutputError &one : output.networkOutputs) {
        if (output.fed.empty() || (output.networkOutputs.size() == 1 && !one.errorBefore))
            continue;
        text += fmt::format("               {} {}: ", printable(one.name), shapeText(one.shape));
        text += one.relativeError || one.exact ? errorText(one.exact ? std::optional(0.0) : one.relativeError)
                                               : fmt::format("n/a: {}", printable(one.notAvailable.str()));
        if (one.errorBefore)
            text += fmt::format("; before {} {}", printable(one.squashedBy), errorText(one.errorBefore));
        text += '\n';
    }
    return text;
}

/// The error of the network's output, in one line.
std::string totalErrorText(const OutputErrorReport &output, bool withMeanError)
{
    if (!output.relativeError && !output.exact)
        return fmt::format("Output error   n/a: {}\n", printable(output.notAvailable.str()));
    std::string text =
        output.exact ? "Output error   exact"
                     : fmt::format("Output error   {} of the network's output", percentText(output.relativeError));
    if (output.sqnrDb)
        text += fmt::format(", SQNR {}", decibelText(output.sqnrDb, output.exact));
    if (output.maxAbsError)
        text += fmt::format(", max error {}", numberText(output.maxAbsError));
    if (output.meanAbsErrorX1000 && withMeanError)
        text += fmt::format(", mean |error| × 1000 = {}", numberText(output.meanAbsErrorX1000));
    return text + '\n';
}

std::string outputErrorText(const OutputErrorReport &output, bool withMeanError)
{
    if (output.kind == OutputErrorKind::None)
        return fmt::format("Output error   not run: {}\n", printable(output.reason.str())) + onRequestText(output);
    std::string text = fmt::format("Fed            {}\n", printable(output.inputs.str()));
    if (!output.assumed.empty())
        text += fmt::format("Assumed        {}\n", printable(output.assumed.str()));
    if (output.kind == OutputErrorKind::Layer)
        text += fmt::format("Output error   of single layers for these inputs; no network was run: {}\n",
                            printable(output.reason.str()));
    else
        text += totalErrorText(output, withMeanError) + networkOutputsText(output);
    if (output.kind == OutputErrorKind::Network && !output.reason.empty())
        text += fmt::format("Alone          not run: {}\n", printable(output.reason.str())) + onRequestText(output);
    if (output.klMean)
        text += fmt::format("KL             {} nats per token, {} at the worst\n", numberText(output.klMean),
                            numberText(output.klMax));
    if (output.perplexityBefore && output.perplexityAfter)
        text += fmt::format("Perplexity     {} → {}\n", numberText(output.perplexityBefore),
                            numberText(output.perplexityAfter));
    if (output.top1Agreement)
        text += fmt::format("Top-1          {} agree with the float network\n", accuracyText(*output.top1Agreement));
    if (output.accuracyBefore && output.accuracyAfter)
        text += fmt::format("Accuracy       {}\n", accuracyChangeText(*output.accuracyBefore, *output.accuracyAfter));
    return text;
}

/// One line per scale; a scale of the whole tensor stands once.
std::string scaleTable(const Report &report)
{
    const bool offsets = std::ranges::any_of(
        report.layers, [](const auto &layer) { return layer->hasScales() && !layer->quantization->offsets.empty(); });
    Table table({{"Layer"},
                 {"Channel", true},
                 {"Group", true},
                 {"Scale", true},
                 {offsets ? "Zero point or offset" : "Zero point", true}});
    for (const auto &layer : report.layers) {
        if (!layer->hasScales())
            continue;
        const LayerQuantization &quantization = *layer->quantization;
        const bool whole = quantization.scheme.granularity.kind == Granularity::Kind::Tensor;
        const std::uint64_t groups = std::max<std::uint64_t>(quantization.groupsPerChannel, 1);
        for (std::size_t i = 0; i < quantization.scales.size(); ++i)
            table.addRow({printable(layer->name), whole ? "all" : countText(i / groups),
                          groups > 1 ? countText(i % groups) : std::string(kNone),
                          fmt::format("{}", quantization.scales[i]),
                          !quantization.offsets.empty()
                              ? fmt::format("{}", quantization.offsets[i])
                              : fmt::format("{}", quantization.zeroPoints.empty() ? 0 : quantization.zeroPoints[i])});
    }
    std::string text;
    if (!table.empty())
        table.appendTo(text += '\n');
    return text;
}

std::string nameList(std::string_view title, const std::vector<std::string> &names)
{
    std::string text;
    for (const std::string &name : names)
        text += fmt::format("{}  {}\n", title, printable(name));
    return text;
}

std::string textList(std::string_view title, const std::vector<Text> &texts)
{
    std::string list;
    for (const Text &text : texts)
        list += fmt::format("{}  {}\n", title, printable(text.str()));
    return list;
}

/// "99.9 %" for all shares below 1, however near.
std::string coverageText(double coverage)
{
    const double shown = std::floor(coverage * 1000) / 10;
    return coverage == 1 ? "100 %" : fmt::format("{:.1f} %", shown);
}

std::string comparisonTotals(const Comparison &comparison)
{
    const auto errors = [](const Metrics &metrics) {
        return fmt::format("relative error {}, SQNR {}", percentText(metrics.relativeError, metrics.exact),
                           decibelText(metrics.sqnrDb, metrics.exact));
    };
    std::string text = fmt::format("Total          {}, all layers\n", errors(comparison.total));
    if (comparison.others.mse)
        text += fmt::format("Other tensors  {}\n", errors(comparison.others));
    const std::string covered = coverageText(comparison.coverage());
    if (!comparison.incomplete())
        return text;
    const auto left = std::ranges::count_if(comparison.unmatched, [](const auto &tensor) { return tensor.counts; });
    if (comparison.coverage() == 0)
        return text + "Coverage       incomplete: nothing could be compared\n";
    return text + fmt::format("Coverage       incomplete: {} of the weights, {} left out\n", covered,
                              left == 1 ? "1 tensor is" : fmt::format("{} tensors are", left));
}

} // namespace

std::string modelText(const Model &model)
{
    const std::string title = printable(model.title);
    const std::string path = printable(model.path.string());
    std::string text = fmt::format("{}: {}, {} layers, {} parameters, {}{}\n", title, model.format,
                                   countText(model.layers.size()), countText(model.parameters()),
                                   bytesText(model.bytes()), path == title ? "" : fmt::format(" ({})", path));
    if (model.parts.size() > 1)
        text += fmt::format("Parts  {}; shown: {}\n", listInQuotes(model.parts),
                            model.part.empty() ? "all" : inQuotes(model.part));
    text += textList("warning:", model.warnings);
    if (!model.foreignGlobals.empty())
        text += fmt::format("warning:  an ordinary loader of this file would run code: it names {}\n",
                            listInQuotes(model.foreignGlobals));
    return text;
}

std::string summaryLine(const Model &model)
{
    return fmt::format("path={}\tformat={}\tlayers={}\tparameters={}\tbytes={}\tcodes={}\tstructure={}\n",
                       printable(model.path.string()), model.format, model.layers.size(), model.parameters(),
                       model.bytes(), printable(fmt::format("{}", fmt::join(codesOf(model), "; "))),
                       structureChecksum(model));
}

std::string listText(const Model &model, std::vector<Decision> decisions, const ListedNetwork *network)
{
    std::string text = modelText(model);
    if (network != nullptr) {
        const NetworkSearch &search = network->search;
        text += search.network ? fmt::format("Network  {}\n", summaryOf(*search.network).str())
                               : fmt::format("Network  none: {}\n", printable(search.reason.str()));
        if (search.network)
            text += network->problem.empty() ? fmt::format("Can run  yes, with {}\n", printable(network->feed.str()))
                                             : fmt::format("Can run  no: {}\n", printable(network->problem.str()));
    }
    std::vector<bool> isLayer(model.tensors.size());
    if (!model.layers.empty()) {
        constexpr std::size_t kMostReason = 36;
        Table table({{"Layer"},
                     {"Shape"},
                     {.title = "Type", .leave = 1},
                     {.title = "Op", .leave = 2},
                     {.title = "Axis", .right = true, .leave = 4},
                     {.title = "Why", .leave = 5, .most = kMostReason},
                     {.title = "Size", .right = true, .leave = 3},
                     {.title = "Kept", .most = kMostReason}});
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            const Layer &layer = model.layers[i];
            const TensorInfo &tensor = model.tensorOf(layer);
            isLayer[layer.tensor] = true;
            table.addRow({printable(layer.name), dimensionsText(tensor.shape), printable(tensor.typeName()),
                          std::string(textOf(layer.op)), fmt::format("{}", decisions[i].channelAxis),
                          printable(decisions[i].channelAxisReason.str()), bytesText(tensor.byteSize),
                          printable(decisions[i].reason.str())});
        }
        decisions = std::vector<Decision>(); // in a file of a million layers the table and its text are large enough
        text += '\n';
        table.appendTo(text);
    }
    Table others({{"Other tensor"},
                  {"Shape"},
                  {.title = "Type", .leave = 1},
                  {.title = "Size", .right = true, .leave = 2},
                  {"Role"},
                  {.title = "Why", .leave = 3}});
    for (std::size_t i = 0; i < model.tensors.size(); ++i) {
        const TensorInfo &tensor = model.tensors[i];
        if (!isLayer[i])
            others.addRow({printable(tensor.name), dimensionsText(tensor.shape), printable(tensor.typeName()),
                           bytesText(tensor.byteSize),
                           model.isSample(i) ? "samples" : std::string(textOf(model.roleOf(i).role)),
                           model.isSample(i) ? "not part of the size" : printable(model.roleReason(i).str())});
    }
    if (!others.empty()) {
        text += '\n';
        others.appendTo(text);
    }
    return text;
}

std::string equalTensorsText(const Model &model, const EqualTensors &groups)
{
    if (groups.empty())
        return "\nNo two weights are equal.\n";
    std::string text = "\nEqual weights, which --tie makes one layer:\n";
    for (const std::vector<std::size_t> &group : groups)
        for (std::size_t i = 1; i < group.size(); ++i)
            text += fmt::format("  {}={}\n", printable(model.tensors[group[i]].name),
                                printable(model.tensors[group.front()].name));
    return text;
}

std::string reportText(const Model &model, const Report &report, const ExportPlan &plan, std::string_view format,
                       bool full)
{
    std::string text = modelText(model) + '\n';
    if (!report.layers.empty()) {
        layerTable(report).appendTo(text);
        text += '\n';
    }
    text += totalText(report);
    if (plan.bytes > 0)
        text += fmt::format("Export         {} bytes as {}\n", countText(plan.bytes), format);
    if (!report.chosenOn.empty())
        text += fmt::format("Chosen on      {}\n", printable(report.chosenOn.str()));
    text += outputErrorText(report.outputError, showsMeanError(model));
    for (const auto &layer : report.layers) {
        for (const Text &note : layer->notes)
            text += fmt::format("note:  {}: {}\n", printable(layer->name), printable(note.str()));
    }
    text += textList("note:", plan.notes);
    text += textList("refused:", plan.refusals);
    return full ? text + scaleTable(report) : text;
}

std::string troublesText(const Model &model, const std::vector<Trouble> &troubles)
{
    std::string text;
    for (const Trouble &trouble : troubles)
        text += fmt::format("trouble: {}: {}\n", printable(model.layers[trouble.layer].name),
                            printable(trouble.sentence.str()));
    return text.empty() ? std::string("trouble: none was found\n") : text;
}

std::string comparisonText(const Model &reference, const Model &candidate, const Comparison &comparison)
{
    Table table({{"Tensor"},
                 {.title = "Shape", .leave = 3},
                 {.title = "SQNR dB", .right = true, .leave = 1},
                 {.title = "Rel. error", .right = true},
                 {.title = "RMSE", .right = true, .leave = 5},
                 {.title = "Max error", .right = true, .leave = 2},
                 {.title = "1 − cosine", .right = true, .leave = 4}});
    std::string matched;
    for (const TensorComparison &tensor : comparison.tensors) {
        const Metrics &metrics = tensor.metrics;
        table.addRow({printable(tensor.name), dimensionsText(tensor.shape),
                      decibelNumber(metrics.sqnrDb, metrics.exact), percentText(metrics.relativeError, metrics.exact),
                      numberText(metrics.rmse), numberText(metrics.maxAbsError), numberText(metrics.oneMinusCosine)});
        if (!tensor.matchReason.empty())
            matched += fmt::format("matched:  {} = {} ({})\n", printable(tensor.name), printable(tensor.candidate),
                                   printable(tensor.matchReason.str()));
    }
    std::string text = modelText(reference) + modelText(candidate) + "\n";
    table.appendTo(text);
    return text + '\n' + comparisonTotals(comparison) + matched + nameList("shape differs:", comparison.shapeMismatch) +
           nameList("only in reference:", comparison.onlyInReference) +
           nameList("only in candidate:", comparison.onlyInCandidate) +
           textList("not compared:", comparison.notCompared);
}

} // namespace qs::cli
