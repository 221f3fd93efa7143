// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reports/rules_json.h"

#include "core/reports/json_parts.h"
#include "core/version.h"

namespace qs {

std::string rulesJson(const RuleTool &tool, const Model &model, const ToolRules &rules, const std::string &output)
{
    using reports::Json;
    Json json;
    json["schema"] = reports::kSchemaVersion;
    json["quantoscope"] = kVersion;
    json["model"] = reports::modelJson(model);
    json["tool"] = tool.name;
    json["output"] = reports::textOrNull(output);
    Json &quantized = json["quantized"] = Json::array();
    for (const std::size_t layer : rules.quantized)
        quantized.push_back(model.layers[layer].name);
    Json &remarks = json["remarks"] = Json::array();
    for (const RulesRemark &remark : rules.remarks)
        remarks.push_back(
            {{"name", model.layers[remark.layer].name}, {"kept", remark.kept}, {"reason", remark.reason.str()}});
    json["notes"] = reports::textsJson(rules.notes);
    json["text"] = rules.text;
    return reports::dump(json);
}

} // namespace qs
