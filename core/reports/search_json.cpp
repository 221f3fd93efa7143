// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reports/search_json.h"

#include "core/recipe/scheme_json.h"
#include "core/reports/json_parts.h"
#include "core/version.h"

namespace qs {
namespace {

using reports::Json;
using reports::number;

Json pointJson(const SearchPoint &point)
{
    Json json = {{"bytes", point.bytes}, {"predicted_error", number(point.predicted)}};
    if (!point.label.empty()) {
        json["measured_error"] = number(point.measured);
        json["scheme"] = point.label.str();
    }
    return json;
}

} // namespace

std::string searchJson(const Model &model, const SearchResult &result, std::string_view format)
{
    Json json;
    json["schema"] = reports::kSchemaVersion;
    json["quantoscope"] = kVersion;
    json["model"] = reports::modelJson(model);
    json["format"] = format;
    json["metric"] = result.metric == SearchMetric::Output ? "output" : "weight";
    json["inputs"] = reports::textOrNull(result.inputs);
    json["found"] = {{"bytes", result.found.bytes},
                     {"bits_per_weight", number(result.bitsPerWeight)},
                     {"predicted_error", number(result.found.predicted)},
                     {"measured_error", number(result.found.measured)},
                     {"error_bound", number(result.bound)},
                     {"exact", result.exact},
                     {"measured_runs", result.measuredRuns},
                     {"stopped_by_time", result.stoppedByTime}};
    Json &layers = json["layers"] = Json::array();
    for (const SearchLayer &layer : result.layers) {
        Json entry = {{"name", model.layers[layer.layer].name},
                      {"action", layer.quantize ? "quantize" : "keep"},
                      {"scheme", nullptr},
                      {"predicted_error", number(layer.error)},
                      {"bytes", layer.bytes}};
        if (layer.quantize)
            entry["scheme"] = fieldsJson<Json>(layer.scheme);
        layers.push_back(std::move(entry));
    }
    Json &uniform = json["uniform"] = Json::array();
    for (const SearchPoint &point : result.uniform)
        uniform.push_back(pointJson(point));
    Json &frontier = json["frontier"] = Json::array();
    for (const SearchPoint &point : result.frontier)
        frontier.push_back(pointJson(point));
    json["warnings"] = reports::textsJson(result.warnings);
    json["recipe"] = Json::parse(toJson(result.recipe, true));
    return reports::dump(json);
}

} // namespace qs
