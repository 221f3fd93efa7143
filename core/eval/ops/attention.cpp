// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/attention.h"

#include "core/eval/ops/products.h"
#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"

#include <array>
#include <cmath>
#include <limits>

namespace qs {
namespace {

/// Where heads lie in a value [batch, heads, steps, size] or [batch, steps, heads · size].
struct Heads {
    std::int64_t batch = 0;
    std::int64_t heads = 0;
    std::int64_t steps = 0;
    std::int64_t size = 0;
    std::int64_t perBatch = 0; ///< elements from one to the next
    std::int64_t perHead = 0;
    std::int64_t perStep = 0;
};

Result<Heads> headsOf(const Value &value, std::int64_t count)
{
    const Shape &s = value.shape();
    if (s.size() == 4)
        return Heads{s[0], s[1], s[2], s[3], s[1] * s[2] * s[3], s[2] * s[3], s[3]};
    if (s.size() != 3 || count < 1 || s[2] % count != 0)
        return wrong(Text::of("{} heads do not fit the shape {}", count, shapeText(s)));
    const std::int64_t size = s[2] / count;
    return Heads{s[0], count, s[1], size, s[1] * s[2], size, s[2]};
}

/// What all heads share.
struct Scores {
    float scale = 1;
    float cap = 0; ///< of scores, as cap · tanh(score / cap); 0: none
    bool causal = false;
    const Value *mask = nullptr;
    Shape maskSteps; ///< along [batch, heads, steps, steps]
};

Result<Scores> scoresOf(const NetworkNode &node, std::span<const ValuePtr> inputs, const Heads &q, const Heads &k)
{
    Scores scores;
    scores.scale = floatAttribute(node, "scale", 1 / std::sqrt(static_cast<float>(q.size)));
    scores.cap = floatAttribute(node, "softcap", 0);
    scores.causal = intAttribute(node, "is_causal", 0) != 0;
    scores.mask = inputAt(inputs, 3);
    if (scores.mask != nullptr) {
        const Shape all{q.batch, q.heads, q.steps, k.steps};
        QS_ASSIGN(const Shape both, broadcastShape(all, scores.mask->shape()));
        if (both != all || scores.mask->kind() == ElementKind::Int)
            return wrong(
                Text::of("a mask of shape {} does not fit {}", shapeText(scores.mask->shape()), shapeText(all)));
        scores.maskSteps = broadcastStrides(scores.mask->shape(), all);
    }
    return scores;
}

void addMask(const Scores &scores, std::int64_t from, std::int64_t count, float *row)
{
    const std::int64_t step = scores.maskSteps[3];
    for (std::int64_t i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(from + i * step);
        if (scores.mask->isFloat())
            row[i] += scores.mask->floats()[at];
        else if (scores.mask->ints()[at] == 0)
            row[i] = -std::numeric_limits<float>::infinity();
    }
}

/// Scores of one step of one head to its weights.
void weigh(const Scores &scores, std::int64_t maskAt, std::int64_t last, std::int64_t count, float *row, float *spare)
{
    for (std::int64_t i = 0; i < count; ++i)
        row[i] *= scores.scale;
    for (std::int64_t i = 0; scores.cap != 0 && i < count; ++i)
        row[i] = scores.cap * std::tanh(row[i] / scores.cap);
    if (scores.mask != nullptr)
        addMask(scores, maskAt, count, row);
    const std::int64_t seen = scores.causal ? std::min(last + 1, count) : count;
    kernels().softmax(row, static_cast<std::size_t>(seen), false, spare);
    std::copy_n(spare, seen, row);
    std::fill(row + seen, row + count, 0.0F);
}

Result<Values> attention(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(const Heads q, headsOf(*inputs[0], intAttribute(node, "q_num_heads", 0)));
    QS_ASSIGN(const Heads k, headsOf(*inputs[1], intAttribute(node, "kv_num_heads", 0)));
    QS_ASSIGN(const Heads v, headsOf(*inputs[2], intAttribute(node, "kv_num_heads", 0)));
    if (q.batch != k.batch || q.batch != v.batch || k.heads != v.heads || k.steps != v.steps || q.size != k.size ||
        k.heads < 1 || q.heads % k.heads != 0 || intAttribute(node, "qk_matmul_output_mode", 0) != 0)
        return wrong(Text::of("queries, keys and values do not fit each other"));
    QS_ASSIGN(const Scores scores, scoresOf(node, inputs, q, k));
    const bool flat = inputs[0]->rank() == 3;
    std::int64_t width = 0;
    if (__builtin_mul_overflow(q.heads, v.size, &width))
        return wrong(Text::of("queries, keys and values do not fit each other"));
    QS_ASSIGN(const auto result,
              makeValue(ElementKind::Float,
                        flat ? Shape{q.batch, q.steps, width} : Shape{q.batch, q.heads, q.steps, v.size}, context));
    QS_ASSIGN(const Heads y, headsOf(*result, q.heads));
    QS_ASSIGN(const auto weights, makeValue(ElementKind::Float, {q.steps + 1, k.steps}, context));
    if (result->size() == 0)
        return Values{result};
    const auto size = [](std::int64_t value) { return static_cast<std::size_t>(value); };
    float *const table = weights->floats().data();
    Multiplier multiplier(context);
    for (std::int64_t i = 0; i < q.batch * q.heads; ++i) {
        const std::int64_t batch = i / q.heads;
        const std::int64_t head = i % q.heads;
        const std::int64_t shared = head / (q.heads / k.heads);
        QS_CHECK(multiplier.multiply(
            {inputs[0]->floats().data() + batch * q.perBatch + head * q.perHead, size(q.perStep), 1,
             inputs[1]->floats().data() + batch * k.perBatch + shared * k.perHead, 1, size(k.perStep), table,
             size(k.steps), size(q.steps), size(k.steps), size(q.size), false}));
        for (std::int64_t step = 0; step < q.steps; ++step) {
            if (step % 64 == 0)
                QS_CHECK(context.task.check());
            const std::int64_t at = scores.mask == nullptr ? 0
                                                           : batch * scores.maskSteps[0] + head * scores.maskSteps[1] +
                                                                 step * scores.maskSteps[2];
            weigh(scores, at, step, k.steps, table + step * k.steps, table + q.steps * k.steps);
        }
        QS_CHECK(multiplier.multiply(
            {table, size(k.steps), 1, inputs[2]->floats().data() + batch * v.perBatch + shared * v.perHead,
             size(v.perStep), 1, result->floats().data() + batch * y.perBatch + head * y.perHead, size(y.perStep),
             size(q.steps), size(v.size), size(k.steps), false}));
    }
    return Values{result};
}

/// Rows of the tables of sines and cosines, [positions, half] with position_ids or [batch or 1, steps, half] without.
struct Rotation {
    const Value *cosines;
    const Value *sines;
    const Value *positions;
    std::int64_t half = 0;
};

/// The row for a step of a batch.
Result<std::int64_t> rowOf(const Rotation &rotation, std::int64_t batch, std::int64_t step, std::int64_t steps)
{
    const std::int64_t rows = rotation.cosines->shape()[0];
    if (rotation.positions == nullptr)
        return (rows == 1 ? 0 : batch * steps) + step;
    const std::int64_t row = rotation.positions->ints()[static_cast<std::size_t>(batch * steps + step)];
    if (row >= 0 && row < rows)
        return row;
    return wrong(Text::of("position {} is not among {}", row, rows));
}

Result<Rotation> rotationOf(const NetworkNode &node, std::span<const ValuePtr> inputs, const Heads &x)
{
    Rotation rotation{inputs[1].get(), inputs[2].get(), inputAt(inputs, 3), 0};
    const std::int64_t rotated = intAttribute(node, "rotary_embedding_dim", 0);
    rotation.half = (rotated > 0 ? rotated : x.size) / 2;
    const Shape &table = rotation.cosines->shape();
    const bool fits = rotation.positions != nullptr
                          ? table.size() == 2 && rotation.positions->shape() == Shape{x.batch, x.steps}
                          : table.size() == 3 && (table[0] == 1 || table[0] == x.batch) && table[1] == x.steps;
    if (!fits || table.back() != rotation.half || rotation.sines->shape() != table || 2 * rotation.half > x.size)
        return wrong(Text::of("a table {} of cosines does not fit {} positions and heads of {}", shapeText(table),
                              x.steps, x.size));
    return rotation;
}

/// The first half of the rotated part of each head is turned against the second one, or even elements against odd ones.
Result<Values> rotaryEmbedding(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(const Heads x, headsOf(*inputs[0], intAttribute(node, "num_heads", 0)));
    QS_ASSIGN(const Rotation rotation, rotationOf(node, inputs, x));
    const bool interleaved = intAttribute(node, "interleaved", 0) != 0;
    QS_ASSIGN(const auto result, makeValue(ElementKind::Float, inputs[0]->shape(), context));
    std::ranges::copy(inputs[0]->floats(), result->floats().begin());
    for (std::int64_t i = 0; i < x.batch * x.steps; ++i) {
        const std::int64_t batch = i / x.steps;
        const std::int64_t step = i % x.steps;
        if (step % 64 == 0)
            QS_CHECK(context.task.check());
        QS_ASSIGN(const std::int64_t row, rowOf(rotation, batch, step, x.steps));
        const float *const c = rotation.cosines->floats().data() + row * rotation.half;
        const float *const s = rotation.sines->floats().data() + row * rotation.half;
        for (std::int64_t head = 0; head < x.heads; ++head) {
            float *const values = result->floats().data() + batch * x.perBatch + head * x.perHead + step * x.perStep;
            for (std::int64_t k = 0; k < rotation.half; ++k) {
                float &first = values[interleaved ? 2 * k : k];
                float &second = values[interleaved ? 2 * k + 1 : k + rotation.half];
                const float a = first;
                const float b = second;
                first = a * c[k] - b * s[k];
                second = b * c[k] + a * s[k];
            }
        }
    }
    return Values{result};
}

} // namespace

std::span<const Operator> attentionOperators()
{
    static constexpr std::array kRows{
        Operator{"Attention", 23, kNewestOpset, "fff?a",
                 "is_causal:i kv_num_heads:i q_num_heads:i qk_matmul_output_mode:i scale:f softcap:f "
                 "softmax_precision:i",
                 attention},
        Operator{"RotaryEmbedding", 23, kNewestOpset, "fff?i", "interleaved:i num_heads:i rotary_embedding_dim:i",
                 rotaryEmbedding},
    };
    return kRows;
}

} // namespace qs
