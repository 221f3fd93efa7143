// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reports/json_parts.h"
#include "core/reports/report_json.h"

namespace qs {

using reports::Json;

std::string comparisonJson(const Model &reference, const Model &candidate, const Comparison &comparison)
{
    Json tensors = Json::array();
    for (const TensorComparison &tensor : comparison.tensors)
        tensors.push_back({{"name", tensor.name},
                           {"shape", tensor.shape},
                           {"metrics", reports::metricsJson(tensor.metrics)},
                           {"candidate", tensor.candidate},
                           {"matched_by", textOf(tensor.matchedBy)},
                           {"match_reason", reports::textOrNull(tensor.matchReason)},
                           {"layer", tensor.layer}});
    Json unmatched = Json::array();
    for (const UnmatchedTensor &tensor : comparison.unmatched)
        unmatched.push_back({{"name", tensor.name},
                             {"side", tensor.side == ModelSide::Reference ? "reference" : "candidate"},
                             {"reason", tensor.reason.str()},
                             {"counts", tensor.counts}});
    return reports::dump({{"schema", reports::kSchemaVersion},
                          {"reference", reports::modelJson(reference)},
                          {"candidate", reports::modelJson(candidate)},
                          {"tensors", std::move(tensors)},
                          {"shape_mismatch", comparison.shapeMismatch},
                          {"total", {{"metrics", reports::metricsJson(comparison.total)}}},
                          {"only_in_reference", comparison.onlyInReference},
                          {"only_in_candidate", comparison.onlyInCandidate},
                          {"not_compared", reports::textsJson(comparison.notCompared)},
                          {"others", {{"metrics", reports::metricsJson(comparison.others)}}},
                          {"coverage", comparison.coverage()},
                          {"incomplete", comparison.incomplete()},
                          {"unmatched", std::move(unmatched)}});
}

} // namespace qs
