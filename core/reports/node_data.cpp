// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reports/node_data.h"

#include "core/analysis/shown_error.h"
#include "core/base/guarded.h"
#include "core/eval/run_plan.h"
#include "core/network/makers.h"
#include "core/reports/json_parts.h"

#include <algorithm>

namespace qs {

namespace {

using reports::Json;

// White to the orange of B: Model Explorer blends between both.
constexpr std::string_view kNone = "#ffffff";
constexpr std::string_view kLargest = "#d55e00";

} // namespace

Result<std::string> nodeDataJson(const Model &model, const Report &report, std::optional<Activation> activation,
                                 const TaskContext &context)
{
    return guarded([&]() -> Result<std::string> {
        if (!model.graph)
            return fail(ErrorCode::Work, Text::of("the file carries no graph, so there are no nodes to name"));
        QS_ASSIGN(const NetworkSearch search, findNetwork(model, activation, context));
        if (!search.network)
            return fail(ErrorCode::Work, search.reason);
        QS_ASSIGN(const auto plan, RunPlan::make(model, search.network));
        Json results = Json::object();
        // Where layers were not run alone, all have the errors of their weights: one kind, never a mixture.
        const bool known = std::ranges::any_of(plan->layerSlots(), [&](const LayerSlot &slot) {
            return shownError(report, slot.layer).value.has_value();
        });
        const ShownErrorKind kind = known ? shownErrorKind(report) : ShownErrorKind::Weights;
        for (const LayerSlot &slot : plan->layerSlots()) {
            const ShownError error = shownError(report, slot.layer, kind);
            const std::string &name = plan->network().values[slot.output].name;
            if (error.value && !name.empty())
                results[name] = {{"value", *error.value}};
        }
        const Json json{
            {"results", std::move(results)},
            {"gradient", Json::array({{{"stop", 0}, {"bgColor", kNone}}, {{"stop", 1}, {"bgColor", kLargest}}})}};
        return reports::dump(json);
    });
}

} // namespace qs
