// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reports/json_parts.h"
#include "core/reports/object_writer.h"
#include "core/reports/report_json.h"

namespace qs {

using reports::Json;

namespace {

Json comparedJson(const TensorComparison &tensor)
{
    return {{"name", tensor.name},
            {"shape", tensor.shape},
            {"metrics", reports::metricsJson(tensor.metrics)},
            {"candidate", tensor.candidate},
            {"matched_by", textOf(tensor.matchedBy)},
            {"match_reason", reports::textOrNull(tensor.matchReason)},
            {"layer", tensor.layer}};
}

Json unmatchedJson(const UnmatchedTensor &tensor)
{
    return {{"name", tensor.name},
            {"side", tensor.side == ModelSide::Reference ? "reference" : "candidate"},
            {"reason", tensor.reason.str()},
            {"counts", tensor.counts}};
}

} // namespace

void writeComparisonJson(const Model &reference, const Model &candidate, const Comparison &comparison,
                         const TextSink &sink)
{
    reports::ObjectWriter writer(sink);
    writer.add("schema", reports::kSchemaVersion);
    writer.add("reference", reports::modelJson(reference));
    writer.add("candidate", reports::modelJson(candidate));
    writer.addList("tensors", comparison.tensors.size(),
                   [&](std::size_t i) { return comparedJson(comparison.tensors[i]); });
    writer.add("shape_mismatch", comparison.shapeMismatch);
    writer.add("total", {{"metrics", reports::metricsJson(comparison.total)}});
    writer.add("only_in_reference", comparison.onlyInReference);
    writer.add("only_in_candidate", comparison.onlyInCandidate);
    writer.add("not_compared", reports::textsJson(comparison.notCompared));
    writer.add("others", {{"metrics", reports::metricsJson(comparison.others)}});
    writer.add("coverage", comparison.coverage());
    writer.add("incomplete", comparison.incomplete());
    writer.addList("unmatched", comparison.unmatched.size(),
                   [&](std::size_t i) { return unmatchedJson(comparison.unmatched[i]); });
    writer.finish();
}

std::string comparisonJson(const Model &reference, const Model &candidate, const Comparison &comparison)
{
    std::string text;
    writeComparisonJson(reference, candidate, comparison, [&](std::string_view piece) { text += piece; });
    return text;
}

} // namespace qs
