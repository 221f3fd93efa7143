// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reports/report_json.h"

#include "core/network/queries.h"
#include "core/recipe/scheme_json.h"
#include "core/reports/json_parts.h"
#include "core/reports/object_writer.h"
#include "core/version.h"

namespace qs {
namespace {

using reports::Json;
using reports::kSchemaVersion;
using reports::metricsJson;
using reports::modelJson;
using reports::number;
using reports::ObjectWriter;
using reports::textOrNull;
using reports::textsJson;

Json schemeJson(const Scheme &scheme)
{
    Json json = fieldsJson<Json>(scheme);
    json["convention"] = textOrNull(scheme.convention);
    return json;
}

Json tensorJson(const Model &model, std::size_t tensor)
{
    const TensorInfo &info = model.tensors[tensor];
    return {{"name", info.name},
            {"shape", info.shape},
            {"dtype", info.typeName()},
            {"bytes", info.byteSize},
            {"role", textOf(model.roleOf(tensor).role)},
            {"role_reason", model.roleReason(tensor).str()}};
}

/// The tensors that are no layers and no samples, in file order.
std::vector<std::size_t> otherTensors(const Model &model)
{
    std::vector<bool> isLayer(model.tensors.size());
    for (const Layer &layer : model.layers)
        isLayer[layer.tensor] = true;
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < model.tensors.size(); ++i)
        if (!isLayer[i] && !model.isSample(i))
            result.push_back(i);
    return result;
}

/// Keys that every list of layers starts with.
Json layerHead(const std::string &name, const std::string &module, Op op, const std::vector<std::uint64_t> &shape,
               std::string_view typeName, const Decision &decision)
{
    return {{"name", name},
            {"module", module},
            {"op", textOf(op)},
            {"shape", shape},
            {"dtype", typeName},
            {"channel_axis", decision.channelAxis},
            {"channel_axis_reason", decision.channelAxisReason.str()},
            {"action", decision.quantize ? "quantize" : "keep"},
            {"reason", textOrNull(decision.reason)},
            {"scheme", schemeJson(decision.scheme)}};
}

Json scaleJson(const LayerQuantization *quantization)
{
    if (!quantization)
        return nullptr;
    return {{"min", number(quantization->scaleMin)},
            {"median", number(quantization->scaleMedian)},
            {"max", number(quantization->scaleMax)}};
}

/// The scales of a layer; null when it has none.
Json scalesJson(const LayerQuantization *quantization)
{
    if (!quantization)
        return nullptr;
    Json result = Json::array();
    for (float scale : quantization->scales)
        result.push_back(number(scale));
    return result;
}

/// One offset per scale; null for schemes without.
Json offsetsJson(const LayerQuantization *quantization)
{
    if (!quantization || quantization->offsets.empty())
        return nullptr;
    Json result = Json::array();
    for (float offset : quantization->offsets)
        result.push_back(number(offset));
    return result;
}

/// One zero point per scale: symmetric codes have zero point 0. Null where offsets stand in their place.
Json zeroPointsJson(const LayerQuantization *quantization)
{
    if (!quantization || !quantization->offsets.empty())
        return nullptr;
    if (quantization->zeroPoints.empty())
        return Json(std::vector<int>(quantization->scales.size(), 0));
    return Json(std::vector<int>(quantization->zeroPoints.begin(), quantization->zeroPoints.end()));
}

/// The error of each matrix of a stack.
Json expertsJson(const LayerQuantization &quantization)
{
    Json result = Json::array();
    for (const double error : quantization.matrixErrors)
        result.push_back({{"relative_error", number(error)}});
    return result;
}

Json layerJson(const LayerReport &layer, bool full)
{
    // What a kept layer's scales would be is for the window only; a layer that holds codes really has scales.
    const LayerQuantization *quantization = layer.hasScales() ? layer.quantization.get() : nullptr;
    Json json = layerHead(layer.name, layer.module, layer.op, layer.shape, layer.typeName, layer.decision);
    json["channels"] = layer.matrix.channels;
    json["scale"] = scaleJson(quantization);
    if (full) {
        json["scales"] = scalesJson(quantization);
        json["zero_points"] = zeroPointsJson(quantization);
        json["offsets"] = offsetsJson(quantization);
    }
    json["metrics"] = layer.decision.quantize ? metricsJson(layer.metrics) : Json(nullptr);
    json["output_error"] = {{"alone", number(layer.outputError.alone)},
                            {"up_to_here", number(layer.outputError.upToHere)},
                            {"layer_output", number(layer.outputError.layerOutput)}};
    json["bytes_before"] = layer.bytesBefore;
    json["bytes_after"] = layer.bytesAfter;
    json["notes"] = textsJson(layer.notes);
    if (quantization && !quantization->matrixErrors.empty())
        json["experts"] = expertsJson(*quantization);
    return json;
}

/// Null for a file that the format cannot hold.
Json exportBytes(const ExportPlan &plan)
{
    return plan.bytes > 0 ? Json(plan.bytes) : Json(nullptr);
}

Json totalJson(const Report &report, const JsonOptions &options)
{
    const ReportTotal &total = report.total;
    Json json = {{"layers", total.layers},
                 {"quantized", total.quantized},
                 {"kept", total.kept},
                 {"metrics", metricsJson(total.metrics)},
                 {"bytes_before", total.bytesBefore},
                 {"bytes_after", total.bytesAfter},
                 {"bits_per_weight", number(total.bitsPerWeight)},
                 {"export_bytes", nullptr},
                 {"worst_layer", nullptr},
                 {"metrics_quantized_only", metricsJson(total.quantizedMetrics)}};
    if (options.plan)
        json["export_bytes"] = {{"format", options.planFormat}, {"bytes", exportBytes(*options.plan)}};
    if (total.worstLayer)
        json["worst_layer"] = report.layers[*total.worstLayer]->name;
    return json;
}

Json fedJson(const OutputErrorReport &output)
{
    Json result = Json::array();
    for (const FedInput &input : output.fed)
        result.push_back({{"name", input.name}, {"shape", input.shape}, {"source", input.source.str()}});
    return result;
}

Json networkOutputsJson(const OutputErrorReport &output)
{
    Json result = Json::array();
    for (const NetworkOutputError &one : output.networkOutputs) {
        Json json = {{"name", one.name},
                     {"shape", one.shape},
                     {"relative_error", number(one.relativeError)},
                     {"sqnr_db", number(one.sqnrDb)},
                     {"exact", one.exact},
                     {"max_abs_error", number(one.maxAbsError)},
                     {"reason", textOrNull(one.notAvailable)}};
        if (!one.squashedBy.empty())
            json["before"] = {{"op", one.squashedBy}, {"relative_error", number(one.errorBefore)}};
        result.push_back(std::move(json));
    }
    return result;
}

/// Null where no language model was run.
Json divergenceJson(const OutputErrorReport &output)
{
    if (!output.klMean)
        return nullptr;
    return {{"mean", number(output.klMean)}, {"max", number(output.klMax)}};
}

Json outputErrorJson(const OutputErrorReport &output)
{
    constexpr const char *kKinds[] = {"none", "layer", "network"};
    const Text &reason = output.reason.empty() ? output.notAvailable : output.reason;
    return {{"kind", kKinds[static_cast<int>(output.kind)]},
            {"reason", textOrNull(reason)},
            {"inputs", textOrNull(output.inputs)},
            {"assumed", textOrNull(output.assumed)},
            {"relative_error", number(output.relativeError)},
            {"sqnr_db", number(output.sqnrDb)},
            {"exact", output.exact},
            {"max_abs_error", number(output.maxAbsError)},
            {"mean_abs_error_x1000", number(output.meanAbsErrorX1000)},
            {"top1_agreement", number(output.top1Agreement)},
            {"accuracy_before", number(output.accuracyBefore)},
            {"accuracy_after", number(output.accuracyAfter)},
            {"fed", fedJson(output)},
            {"outputs", networkOutputsJson(output)},
            {"kl", divergenceJson(output)},
            {"perplexity_before", number(output.perplexityBefore)},
            {"perplexity_after", number(output.perplexityAfter)},
            {"expected_seconds", output.onRequest ? number(output.estimatedSeconds) : Json(nullptr)},
            {"expected_bytes", output.onRequest ? Json(output.estimatedBytes) : Json(nullptr)}};
}

/// Axes without a number are the name of their free dimension, or null.
Json portsJson(const Network &network, const std::vector<std::uint32_t> &ports)
{
    Json result = Json::array();
    for (const std::uint32_t port : ports) {
        const NetworkValue &value = network.values[port];
        Json shape = nullptr;
        if (value.shape) {
            shape = Json::array();
            for (const NetworkDim &dim : *value.shape)
                shape.push_back(dim.size ? Json(*dim.size) : textOrNull(dim.name));
        }
        const std::string type(value.dtype ? nameOf(*value.dtype) : value.otherType);
        result.push_back({{"name", value.name}, {"dtype", textOrNull(type)}, {"shape", std::move(shape)}});
    }
    return result;
}

/// Nodes that work with the weights of each layer, by name.
Json layerNodesJson(const Model &model, const Network &network)
{
    const NetworkLinks links(network);
    Json result = Json::array();
    for (const Layer &layer : model.layers) {
        Json nodes = Json::array();
        for (const NodeRef &node : nodesReading(links, layer.tensor))
            nodes.push_back(links.nodeAt(node).name);
        result.push_back({{"name", layer.name}, {"nodes", std::move(nodes)}});
    }
    return result;
}

Json networkJson(const Model &model, const ListedNetwork &listed)
{
    const NetworkSearch &search = listed.search;
    if (!search.network)
        return {{"reason", search.reason.str()}};
    const Network &network = *search.network;
    std::size_t nodes = 0;
    for (const NetworkGraph &graph : network.graphs)
        nodes += graph.nodes.size();
    const auto opset = network.opsets.find("ai.onnx");
    return {{"source", search.source.str()},
            {"values", network.values.size()},
            {"nodes", nodes},
            {"inputs", portsJson(network, network.graphs[0].inputs)},
            {"outputs", portsJson(network, network.graphs[0].outputs)},
            {"opset", opset == network.opsets.end() ? Json(nullptr) : Json(opset->second)},
            {"opsets", network.opsets},
            {"operators", operatorCounts(network)},
            {"layers", layerNodesJson(model, network)},
            {"can_run", listed.problem.empty()},
            {"feed", textOrNull(listed.feed)},
            {"problem", textOrNull(listed.problem)}};
}

std::string_view levelName(PreflightLine::Level level)
{
    switch (level) {
    case PreflightLine::Level::Refused:
        return "refused";
    case PreflightLine::Level::Kept:
        return "kept in float";
    case PreflightLine::Level::Note:
        break;
    }
    return "note";
}

/// The layers that a remedy changes, and the fields of their scheme; none of these: they are left in float.
Json editJson(const RemedyEdit &edit, const Model &model)
{
    if (edit.layers.empty())
        return {};
    Json layers = Json::array();
    for (const std::size_t layer : edit.layers)
        layers.push_back(model.layers[layer].name);
    return {{"layers", std::move(layers)}, {"scheme", fieldsJson<Json>(edit.change)}};
}

Json preflightJson(const ExportPlan &plan, const Model &model)
{
    const auto orNull = [](const std::string &text) { return text.empty() ? Json() : Json(text); };
    Json lines = Json::array();
    for (const PreflightLine &line : plan.preflight)
        lines.push_back({{"level", levelName(line.level)},
                         {"tensor", orNull(line.tensor)},
                         {"reason", line.reason.str()},
                         {"remedy", orNull(line.remedy.str())},
                         {"edit", editJson(line.edit, model)}});
    return lines;
}

Json troubleJson(const Model &model, const Trouble &trouble)
{
    return {{"layer", model.layers[trouble.layer].name},
            {"kind", textOf(trouble.kind)},
            {"channels", trouble.channels},
            {"sentence", trouble.sentence.str()}};
}

} // namespace

void writeListJson(const Model &model, const std::vector<Decision> &decisions, const ListedNetwork *network,
                   const TextSink &sink, const EqualTensors *equal)
{
    ObjectWriter writer(sink);
    writer.add("schema", kSchemaVersion);
    writer.add("quantoscope", kVersion);
    writer.add("model", modelJson(model));
    writer.addList("layers", model.layers.size(), [&](std::size_t i) {
        const Layer &layer = model.layers[i];
        const TensorInfo &tensor = model.tensorOf(layer);
        Json json = layerHead(layer.name, layer.module, layer.op, tensor.shape, tensor.typeName(), decisions[i]);
        json["channels"] = matrixShape(tensor, decisions[i].channelAxis).channels;
        json["role"] = textOf(model.roleOf(layer.tensor).role);
        json["role_reason"] = model.roleReason(layer.tensor).str();
        json["bytes_before"] = floatBytes(model, layer);
        return json;
    });
    const std::vector<std::size_t> others = otherTensors(model);
    writer.addList("tensors", others.size(), [&](std::size_t i) { return tensorJson(model, others[i]); });
    if (network != nullptr)
        writer.add("network", networkJson(model, *network));
    if (equal != nullptr)
        writer.addList("equal", equal->size(), [&](std::size_t i) {
            Json names = Json::array();
            for (const std::size_t tensor : (*equal)[i])
                names.push_back(model.tensors[tensor].name);
            return names;
        });
    writer.finish();
}

void writeReportJson(const Model &model, const Report &report, const JsonOptions &options, const TextSink &sink)
{
    ObjectWriter writer(sink);
    writer.add("schema", kSchemaVersion);
    writer.add("quantoscope", kVersion);
    writer.add("model", modelJson(model));
    writer.addList("layers", report.layers.size(),
                   [&](std::size_t i) { return layerJson(*report.layers[i], options.full); });
    const std::vector<std::size_t> others = otherTensors(model);
    writer.addList("tensors", others.size(), [&](std::size_t i) { return tensorJson(model, others[i]); });
    writer.add("total", totalJson(report, options));
    writer.add("output_error", outputErrorJson(report.outputError));
    if (options.troubles)
        writer.addList("troubles", options.troubles->size(),
                       [&](std::size_t i) { return troubleJson(model, (*options.troubles)[i]); });
    if (!report.chosenOn.empty())
        writer.add("chosen_on", report.chosenOn.str());
    if (!options.output.empty() && options.plan)
        writer.add("output", {{"path", options.output},
                              {"format", options.planFormat},
                              {"bytes", exportBytes(*options.plan)},
                              {"notes", textsJson(options.plan->notes)},
                              {"refusals", textsJson(options.plan->refusals)},
                              {"preflight", preflightJson(*options.plan, model)}});
    writer.finish();
}

std::string listJson(const Model &model, const std::vector<Decision> &decisions, const ListedNetwork *network)
{
    std::string text;
    writeListJson(model, decisions, network, [&](std::string_view piece) { text += piece; });
    return text;
}

std::string reportJson(const Model &model, const Report &report, const JsonOptions &options)
{
    std::string text;
    writeReportJson(model, report, options, [&](std::string_view piece) { text += piece; });
    return text;
}

} // namespace qs
