// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/product.h"

#include "core/eval/ops/products.h"
#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"

#include <array>

namespace qs {
namespace {

/// Whether a matrix that many rows of the other factor share is multiplied with all of them at once.
bool isOneMatrix(const Shape &batch)
{
    return std::ranges::all_of(batch, [](std::int64_t size) { return size == 1; });
}

/// a [batch …, m, k] · b [batch …, k, n], both with at least two axes.
Result<std::shared_ptr<Value>> multiplyBatches(const Value &a, Shape sa, const Value &b, Shape sb,
                                               const RunContext &context)
{
    const std::int64_t rows = sa[sa.size() - 2];
    const std::int64_t depth = sa.back();
    const std::int64_t columns = sb.back();
    if (sb[sb.size() - 2] != depth)
        return wrong(Text::of("{} columns cannot be multiplied with {} rows", depth, sb[sb.size() - 2]));
    const Shape batchA(sa.begin(), sa.end() - 2);
    const Shape batchB(sb.begin(), sb.end() - 2);
    QS_ASSIGN(const Shape batch, broadcastShape(batchA, batchB));
    Shape to = batch;
    to.insert(to.end(), {rows, columns});
    QS_ASSIGN(const auto result, makeValue(ElementKind::Float, std::move(to), context));
    if (result->size() == 0)
        return result;
    const auto size = [](std::int64_t value) { return static_cast<std::size_t>(value); };
    Multiplier multiplier(context);
    ProductPiece piece;
    piece.aRow = size(depth);
    piece.bRow = size(columns);
    piece.cRow = size(columns);
    piece.columns = size(columns);
    piece.depth = size(depth);
    if (isOneMatrix(batchB)) {
        piece.a = a.floats().data();
        piece.b = b.floats().data();
        piece.c = result->floats().data();
        piece.rows = result->size() / size(columns);
        QS_CHECK(multiplier.multiply(piece));
        return result;
    }
    piece.rows = size(rows);
    const Shape stepsA = broadcastStrides(batchA, batch);
    const Shape stepsB = broadcastStrides(batchB, batch);
    std::vector<std::int64_t> at(batch.size(), 0);
    for (std::size_t i = 0; i < result->size() / size(rows * columns); ++i) {
        std::int64_t fromA = 0;
        std::int64_t fromB = 0;
        for (std::size_t k = 0; k < batch.size(); ++k) {
            fromA += at[k] * stepsA[k];
            fromB += at[k] * stepsB[k];
        }
        piece.a = a.floats().data() + fromA * rows * depth;
        piece.b = b.floats().data() + fromB * depth * columns;
        piece.c = result->floats().data() + i * size(rows * columns);
        QS_CHECK(multiplier.multiply(piece));
        for (std::size_t k = batch.size(); k-- > 0;) {
            if (++at[k] < batch[k])
                break;
            at[k] = 0;
        }
    }
    return result;
}

/// A vector counts as a matrix of one row on the left, of one column on the right.
Result<Values> matMul(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    Shape sa = inputs[0]->shape();
    Shape sb = inputs[1]->shape();
    if (sa.empty() || sb.empty())
        return wrong(Text::of("single numbers cannot be multiplied as matrices"));
    const bool leftVector = sa.size() == 1;
    const bool rightVector = sb.size() == 1;
    if (leftVector)
        sa.insert(sa.begin(), 1);
    if (rightVector)
        sb.push_back(1);
    QS_ASSIGN(ValuePtr result, multiplyBatches(*inputs[0], std::move(sa), *inputs[1], std::move(sb), context));
    Shape to = result->shape();
    if (rightVector)
        to.pop_back();
    if (leftVector)
        to.erase(to.end() - (rightVector ? 1 : 2));
    return one(Value::view(result, std::move(to)));
}

/// y += beta · c, where c may be broadcast.
Result<void> addScaled(Value &y, const Value &c, float beta, const RunContext &context)
{
    QS_ASSIGN(const Shape shape, broadcastShape(y.shape(), c.shape()));
    if (shape != y.shape())
        return wrong(Text::of("shapes {} and {} do not fit each other", shapeText(y.shape()), shapeText(c.shape())));
    const StridedWalk<1> walk(shape, {broadcastStrides(c.shape(), shape)});
    const std::int64_t step = walk.steps()[0];
    return walk.forEachStretch(context.task, [&](std::int64_t first, const auto &at, std::int64_t length) {
        float *const target = y.floats().data() + first;
        const float *const source = c.floats().data() + at[0];
        for (std::int64_t i = 0; i < length; ++i)
            target[i] += beta * source[i * step];
    });
}

Result<Values> gemm(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Value &a = *inputs[0];
    const Value &b = *inputs[1];
    if (a.rank() != 2 || b.rank() != 2)
        return wrong(Text::of("matrices are expected"));
    const bool turnsA = intAttribute(node, "transA", 0) != 0;
    const bool turnsB = intAttribute(node, "transB", 0) != 0;
    const std::int64_t rows = a.shape()[turnsA ? 1 : 0];
    const std::int64_t depth = a.shape()[turnsA ? 0 : 1];
    const std::int64_t columns = b.shape()[turnsB ? 0 : 1];
    if (b.shape()[turnsB ? 1 : 0] != depth)
        return wrong(Text::of("{} columns cannot be multiplied with {} rows", depth, b.shape()[turnsB ? 1 : 0]));
    QS_ASSIGN(const auto result, makeValue(ElementKind::Float, {rows, columns}, context));
    const auto size = [](std::int64_t value) { return static_cast<std::size_t>(value); };
    const float *const x = a.floats().data();
    const float *const w = b.floats().data();
    float *const y = result->floats().data();
    if (result->size() == 0)
        return Values{result};
    if (turnsB && !turnsA && depth > 0)
        QS_CHECK(multiplyLinear(x, w, y, size(rows), size(columns), size(depth), context));
    else
        QS_CHECK(Multiplier(context).multiply({x, size(turnsA ? 1 : depth), size(turnsA ? rows : 1), w,
                                               size(turnsB ? 1 : columns), size(turnsB ? depth : 1), y, size(columns),
                                               size(rows), size(columns), size(depth), false}));
    if (const float alpha = floatAttribute(node, "alpha", 1); alpha != 1)
        for (float &value : result->floats())
            value *= alpha;
    if (const Value *c = inputAt(inputs, 2))
        QS_CHECK(addScaled(*result, *c, floatAttribute(node, "beta", 1), context));
    return Values{result};
}

} // namespace

std::span<const Operator> productOperators()
{
    static constexpr std::array kRows{
        Operator{"MatMul", 1, kNewestOpset, "ff", "", matMul},
        Operator{"Gemm", 7, 10, "fff", "alpha:f beta:f transA:i transB:i", gemm},
        Operator{"Gemm", 11, kNewestOpset, "ff?f", "alpha:f beta:f transA:i transB:i", gemm},
    };
    return kRows;
}

} // namespace qs
