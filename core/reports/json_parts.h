// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What all reports as JSON share. For the sources of this room: JSON stays out of headers of others.
#pragma once

#include "core/base/text.h"
#include "core/metrics/error_metrics.h"
#include "core/model/model.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace qs::reports {

using Json = nlohmann::ordered_json;

/// First key of all that the command line gives as JSON. The schemas are in resources/schema; keys are only added.
inline constexpr int kSchemaVersion = 1;

/// Numbers that do not exist are null, never NaN or a string. A float becomes the double of the same value, whose
/// shortest decimal form reads back as the same float.
Json number(std::optional<double> value);
/// Null for an empty one.
Json textOrNull(const std::string &text);
Json textOrNull(const Text &text);
Json textsJson(const std::vector<Text> &texts);
Json metricsJson(const Metrics &metrics);
Json modelJson(const Model &model);
/// Two spaces per level, ASCII only.
std::string dump(const Json &json);
/// The same without a line feed or a space between its parts: what there may be a million of.
std::string dumpLine(const Json &json);

} // namespace qs::reports
