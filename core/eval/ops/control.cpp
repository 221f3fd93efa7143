// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/control.h"

#include "core/eval/ops/registry.h"

#include <array>

namespace qs {
namespace {

Result<Values> runIf(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    if (inputs[0]->size() != 1)
        return fail(ErrorCode::Work, Text::of("the condition has {} elements; one is expected", inputs[0]->size()));
    const std::string_view branch = inputs[0]->ints()[0] != 0 ? "then_branch" : "else_branch";
    for (const NetworkAttribute &attribute : node.attributes)
        if (const auto *body = std::get_if<GraphRef>(&attribute.value); body != nullptr && attribute.name == branch)
            return context.runBody(body->index, {});
    return fail(ErrorCode::Work, Text::of("the node has no {}", branch));
}

Result<Values> identity(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext & /*context*/)
{
    return Values{inputs[0]};
}

} // namespace

std::span<const Operator> controlOperators()
{
    static constexpr std::array kRows{
        Operator{"If", 1, kNewestOpset, "b", "then_branch:g else_branch:g", runIf},
        Operator{"Identity", 1, kNewestOpset, "a", "", identity},
    };
    return kRows;
}

} // namespace qs
