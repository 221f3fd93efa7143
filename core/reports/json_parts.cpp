// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reports/json_parts.h"

#include "core/model/structure.h"

#include <cmath>

namespace qs::reports {

Json number(std::optional<double> value)
{
    return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

Json textOrNull(const std::string &text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

Json textOrNull(const Text &text)
{
    return textOrNull(text.str());
}

Json textsJson(const std::vector<Text> &texts)
{
    Json json = Json::array();
    for (const Text &text : texts)
        json.push_back(text.str());
    return json;
}

std::string dump(const Json &json)
{
    // Names come from files and paths: bytes that are not UTF-8 are replaced instead of ending the program.
    // All but ASCII escaped: names from files cannot speak to the terminal.
    return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string dumpLine(const Json &json)
{
    return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Json metricsJson(const Metrics &metrics)
{
    return {{"sqnr_db", number(metrics.sqnrDb)},
            {"exact", metrics.exact},
            {"relative_error", number(metrics.relativeError)},
            {"mse", number(metrics.mse)},
            {"rmse", number(metrics.rmse)},
            {"max_abs_error", number(metrics.maxAbsError)},
            {"rmse_per_scale_median", number(metrics.rmsePerScaleMedian)},
            {"rmse_per_scale_max", number(metrics.rmsePerScaleMax)},
            {"zero_share", number(metrics.zeroShare)},
            {"one_minus_cosine", number(metrics.oneMinusCosine)},
            {"clipped_share", number(metrics.clippedShare)},
            {"excess_kurtosis", number(metrics.excessKurtosis)}};
}

Json modelJson(const Model &model)
{
    std::size_t tensors = 0;
    for (std::size_t i = 0; i < model.tensors.size(); ++i)
        tensors += !model.isSample(i);
    return {{"path", model.path.string()},
            {"format", model.format},
            {"tensors", tensors},
            {"parameters", model.parameters()},
            {"bytes", model.bytes()},
            {"warnings", textsJson(model.warnings)},
            {"foreign_globals", model.foreignGlobals},
            {"part", textOrNull(model.part)},
            {"parts", model.parts},
            {"structure_xxh128", structureChecksum(model)},
            {"codes", codesOf(model)}};
}

} // namespace qs::reports
