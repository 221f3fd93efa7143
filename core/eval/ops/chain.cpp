// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/chain.h"

#include "core/base/parallel.h"
#include "core/eval/ops.h"
#include "core/eval/ops/registry.h"
#include "core/eval/products.h"
#include "core/kernels/kernels.h"
#include "core/network/chain.h"

#include <algorithm>
#include <array>

namespace qs {
namespace {

constexpr double kSmallGigaFlop = 1e-3;
constexpr std::size_t kElementsPerItem = std::size_t{1} << 14U; // of an activation

/// In parallel, unless handing it out would take longer.
template <class Body>
Result<void> forEach(std::size_t count, bool isSmall, const TaskContext &context, const Body &body)
{
    if (!isSmall)
        return parallelFor(count, context, body);
    QS_CHECK(context.check());
    for (std::size_t i = 0; i < count; ++i)
        QS_CHECK(body(i));
    return {};
}

/// y[samples, out] = x[samples, in] · w[out, in]ᵀ + b[out].
Result<Values> gemm(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Value &x = *inputs[0];
    const Value &w = *inputs[1];
    const Value *bias = inputs.size() > 2 ? inputs[2].get() : nullptr;
    if (x.rank() != 2 || w.rank() != 2 || x.shape()[1] != w.shape()[1] ||
        (bias != nullptr && bias->size() != static_cast<std::size_t>(w.shape()[0])))
        return fail(ErrorCode::Work, Text::of("the shapes do not fit each other"));
    const auto rows = static_cast<std::size_t>(x.shape()[0]);
    const auto depth = static_cast<std::size_t>(x.shape()[1]);
    const auto outputs = static_cast<std::size_t>(w.shape()[0]);
    QS_ASSIGN(const auto result, Value::make(ElementKind::Float, {x.shape()[0], w.shape()[0]}, context.budget));
    const std::size_t samples = samplesPerProduct(rows);
    const std::size_t slabs = ceilDiv(outputs, kOutputsPerProduct);
    const auto body = [&](std::size_t item) -> Result<void> {
        const std::size_t first = item / slabs * samples;
        const std::size_t count = std::min(samples, rows - first);
        const std::size_t output = item % slabs * kOutputsPerProduct;
        const std::size_t wide = std::min<std::size_t>(kOutputsPerProduct, outputs - output);
        float *y = result->floats().data() + first * outputs + output;
        kernels().product(x.floats().data() + first * depth, depth, w.floats().data() + output * depth, depth, y,
                          outputs, count, wide, depth);
        for (std::size_t i = 0; bias != nullptr && i < count; ++i)
            for (std::size_t n = 0; n < wide; ++n)
                y[i * outputs + n] += bias->floats()[output + n];
        return {};
    };
    const double work = gigaFlop({.inputs = depth, .outputs = outputs, .bias = {}}, rows);
    QS_CHECK(forEach(ceilDiv(rows, samples) * slabs, work < kSmallGigaFlop, context.task, body));
    return Values{result};
}

template <Activation kActivation>
Result<Values> activation(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(const auto result, Value::make(ElementKind::Float, inputs[0]->shape(), context.budget));
    const std::size_t items = ceilDiv(result->size(), kElementsPerItem);
    QS_CHECK(forEach(items, items < 4, context.task, [&](std::size_t item) -> Result<void> {
        const std::size_t first = item * kElementsPerItem;
        const std::size_t count = std::min(kElementsPerItem, result->size() - first);
        const std::span<float> values = result->floats().subspan(first, count);
        std::ranges::copy(inputs[0]->floats().subspan(first, count), values.begin());
        applyActivation(kActivation, values);
        return {};
    }));
    return Values{result};
}

} // namespace

std::span<const Operator> chainOperators()
{
    static constexpr std::array kRows{
        Operator{"Gemm", 1, kNewestOpset, "ff?f", "transB:i", gemm, kChainDomain},
        Operator{"Relu", 1, kNewestOpset, "f", "", activation<Activation::Relu>, kChainDomain},
        Operator{"Gelu", 1, kNewestOpset, "f", "", activation<Activation::Gelu>, kChainDomain},
        Operator{"Swish", 1, kNewestOpset, "f", "", activation<Activation::Silu>, kChainDomain},
        Operator{"Tanh", 1, kNewestOpset, "f", "", activation<Activation::Tanh>, kChainDomain},
    };
    return kRows;
}

} // namespace qs
