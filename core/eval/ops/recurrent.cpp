// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/recurrent.h"

#include "core/eval/ops/products.h"
#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"

#include <array>

namespace qs {
namespace {

/// x [steps, batch, inputs], w [directions, gates · hidden, inputs], r [directions, gates · hidden, hidden].
struct Cell {
    std::size_t gates = 0;
    std::size_t steps = 0;
    std::size_t batch = 0;
    std::size_t inputs = 0;
    std::size_t hidden = 0;
    std::size_t directions = 0;
    bool backward = false;      ///< of the first direction
    bool resetsProduct = false; ///< of a GRU: the reset gate counts behind the product

    std::size_t wide() const { return gates * hidden; }
    std::size_t state() const { return batch * hidden; }
};

Result<void> checkShape(const Value *value, const Shape &wanted, std::string_view what)
{
    if (value != nullptr && value->shape() != wanted)
        return wrong(
            Text::of("{} has the shape {}; {} is expected", what, shapeText(value->shape()), shapeText(wanted)));
    return {};
}

Result<Cell> cellOf(const NetworkNode &node, std::span<const ValuePtr> inputs, std::int64_t gates)
{
    const Shape &x = inputs[0]->shape();
    const Shape &w = inputs[1]->shape();
    const std::string_view direction = textAttribute(node, "direction", "forward");
    const std::int64_t directions = direction == "bidirectional" ? 2 : 1;
    const std::int64_t hidden = inputs[2]->rank() == 3 ? inputs[2]->shape()[2] : 0;
    if (x.size() != 3 || w.size() != 3)
        return wrong(Text::of("three axes are expected"));
    if (intAttribute(node, "layout", 0) != 0 || intAttribute(node, "input_forget", 0) != 0)
        return wrong(Text::of("the layout or the coupled gates of the node are not supported"));
    if (intAttribute(node, "hidden_size", hidden) != hidden || hidden < 1 || hidden > (std::int64_t{1} << 31U))
        return wrong(Text::of("the size {} of the state does not fit the weights", hidden));
    QS_CHECK(checkShape(inputs[1].get(), {directions, gates * hidden, x[2]}, "W"));
    QS_CHECK(checkShape(inputs[2].get(), {directions, gates * hidden, hidden}, "R"));
    QS_CHECK(checkShape(inputAt(inputs, 3), {directions, 2 * gates * hidden}, "B"));
    QS_CHECK(checkShape(inputAt(inputs, 5), {directions, x[1], hidden}, "initial_h"));
    QS_CHECK(checkShape(inputAt(inputs, 6), {directions, x[1], hidden}, "initial_c"));
    if (const Value *lengths = inputAt(inputs, 4))
        for (const std::int64_t length : lengths->ints())
            if (length != x[0])
                return wrong(Text::of("sequences of different lengths are not supported"));
    const auto size = [](std::int64_t value) { return static_cast<std::size_t>(value); };
    return Cell{size(gates),
                size(x[0]),
                size(x[1]),
                size(x[2]),
                size(hidden),
                size(directions),
                direction == "reverse",
                intAttribute(node, "linear_before_reset", 0) != 0};
}

/// Default activations may be named.
Result<void> checkActivations(const NetworkNode &node, std::span<const std::string_view> usual)
{
    const auto *names = textsAttribute(node, "activations");
    for (std::size_t i = 0; names != nullptr && i < names->size(); ++i)
        if ((*names)[i] != usual[i % usual.size()])
            return wrong(Text::of("the activation {} is not supported", inQuotes((*names)[i])));
    return {};
}

void apply(Transform kind, float *values, std::size_t count)
{
    kernels().transform(kind, values, count, 1, values);
}

/// One direction of a run: what all steps share.
struct Direction {
    const float *w = nullptr;
    const float *r = nullptr;
    const float *bias = nullptr; ///< of the inputs, then of the state; null: none
    float *h = nullptr;          ///< [batch, hidden]
    float *c = nullptr;
    float *fromInputs = nullptr; ///< [steps, batch, gates · hidden]
    float *gates = nullptr;      ///< [batch, gates · hidden] of one step
    float *spare = nullptr;      ///< [batch, 2 · hidden]
};

void addBias(float *values, const float *bias, std::size_t rows, std::size_t width)
{
    for (std::size_t row = 0; bias != nullptr && row < rows; ++row)
        for (std::size_t i = 0; i < width; ++i)
            values[row * width + i] += bias[i];
}

/// Rows of `to` = rows of the state · part of the recurrent weights.
Result<void> fromState(const Cell &cell, const float *state, const float *weights, std::size_t outputs, float *to,
                       Multiplier &multiplier)
{
    return multiplier.multiply(
        {state, cell.hidden, 1, weights, 1, cell.hidden, to, outputs, cell.batch, outputs, cell.hidden, false});
}

/// Gates: input, output, forget, cell. `peepholes` of the first three, or null.
Result<void> lstmStep(const Cell &cell, const Direction &way, const float *x, const float *peepholes,
                      Multiplier &multiplier)
{
    const std::size_t n = cell.hidden;
    QS_CHECK(fromState(cell, way.h, way.r, cell.wide(), way.gates, multiplier));
    addBias(way.gates, way.bias != nullptr ? way.bias + cell.wide() : nullptr, cell.batch, cell.wide());
    for (std::size_t row = 0; row < cell.batch; ++row) {
        float *const gate = way.gates + row * cell.wide();
        float *const c = way.c + row * n;
        float *const h = way.h + row * n;
        for (std::size_t i = 0; i < cell.wide(); ++i)
            gate[i] += x[row * cell.wide() + i];
        for (std::size_t i = 0; peepholes != nullptr && i < n; ++i) {
            gate[i] += peepholes[i] * c[i];
            gate[2 * n + i] += peepholes[2 * n + i] * c[i];
        }
        apply(Transform::Sigmoid, gate, n);
        apply(Transform::Sigmoid, gate + 2 * n, n);
        apply(Transform::Tanh, gate + 3 * n, n);
        for (std::size_t i = 0; i < n; ++i)
            c[i] = gate[2 * n + i] * c[i] + gate[i] * gate[3 * n + i];
        for (std::size_t i = 0; peepholes != nullptr && i < n; ++i)
            gate[n + i] += peepholes[n + i] * c[i];
        apply(Transform::Sigmoid, gate + n, n);
        kernels().transform(Transform::Tanh, c, n, 1, h);
        for (std::size_t i = 0; i < n; ++i)
            h[i] *= gate[n + i];
    }
    return {};
}

/// Gates: update, reset, hidden.
Result<void> gruStep(const Cell &cell, const Direction &way, const float *x, Multiplier &multiplier)
{
    const std::size_t n = cell.hidden;
    const float *const bias = way.bias != nullptr ? way.bias + cell.wide() : nullptr;
    const std::size_t together = cell.resetsProduct ? 3 * n : 2 * n;
    QS_CHECK(fromState(cell, way.h, way.r, together, way.gates, multiplier));
    addBias(way.gates, bias, cell.batch, together);
    float *const reset = way.spare; // reset gate times state
    for (std::size_t row = 0; row < cell.batch; ++row) {
        float *const gate = way.gates + row * together;
        for (std::size_t i = 0; i < 2 * n; ++i)
            gate[i] += x[row * cell.wide() + i];
        apply(Transform::Sigmoid, gate, 2 * n);
        for (std::size_t i = 0; i < n; ++i)
            reset[row * n + i] = gate[n + i] * way.h[row * n + i];
    }
    float *const hidden = way.spare + cell.state();
    if (!cell.resetsProduct) {
        QS_CHECK(fromState(cell, reset, way.r + 2 * n * n, n, hidden, multiplier));
        addBias(hidden, bias != nullptr ? bias + 2 * n : nullptr, cell.batch, n);
    }
    for (std::size_t row = 0; row < cell.batch; ++row) {
        const float *const gate = way.gates + row * together;
        float *const next = hidden + row * n;
        for (std::size_t i = 0; i < n; ++i) {
            const float own = cell.resetsProduct ? gate[n + i] * gate[2 * n + i] : next[i];
            next[i] = x[row * cell.wide() + 2 * n + i] + own;
        }
        apply(Transform::Tanh, next, n);
        float *const h = way.h + row * n;
        for (std::size_t i = 0; i < n; ++i)
            h[i] = (1 - gate[i]) * next[i] + gate[i] * h[i];
    }
    return {};
}

void startFrom(const Value *initial, std::size_t direction, std::size_t count, float *state)
{
    if (initial != nullptr)
        std::copy_n(initial->floats().data() + direction * count, count, state);
    else
        std::fill_n(state, count, 0.0F);
}

Result<Values> recurrent(const Cell &cell, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const auto length = [](std::size_t value) { return static_cast<std::int64_t>(value); };
    const bool isLstm = cell.gates == 4;
    const Shape states{length(cell.directions), length(cell.batch), length(cell.hidden)};
    QS_ASSIGN(const auto y,
              makeValue(ElementKind::Float,
                        {length(cell.steps), length(cell.directions), length(cell.batch), length(cell.hidden)},
                        context));
    QS_ASSIGN(const auto h, makeValue(ElementKind::Float, states, context));
    QS_ASSIGN(const auto c, makeValue(ElementKind::Float, states, context));
    QS_ASSIGN(const auto fromInputs,
              makeValue(ElementKind::Float, {length(cell.steps), length(cell.batch), length(cell.wide())}, context));
    QS_ASSIGN(const auto gates,
              makeValue(ElementKind::Float, {length(cell.batch), length(cell.wide() + 2 * cell.hidden)}, context));
    Multiplier multiplier(context);
    const Value *const bias = inputAt(inputs, 3);
    const Value *const peepholes = isLstm ? inputAt(inputs, 7) : nullptr;
    for (std::size_t d = 0; d < cell.directions; ++d) {
        Direction way;
        way.w = inputs[1]->floats().data() + d * cell.wide() * cell.inputs;
        way.r = inputs[2]->floats().data() + d * cell.wide() * cell.hidden;
        way.bias = bias != nullptr ? bias->floats().data() + d * 2 * cell.wide() : nullptr;
        way.h = h->floats().data() + d * cell.state();
        way.c = c->floats().data() + d * cell.state();
        way.fromInputs = fromInputs->floats().data();
        way.gates = gates->floats().data();
        way.spare = way.gates + cell.batch * cell.wide();
        startFrom(inputAt(inputs, 5), d, cell.state(), way.h);
        startFrom(isLstm ? inputAt(inputs, 6) : nullptr, d, cell.state(), way.c);
        const std::size_t rows = cell.steps * cell.batch;
        QS_CHECK(multiplier.multiply({inputs[0]->floats().data(), cell.inputs, 1, way.w, 1, cell.inputs, way.fromInputs,
                                      cell.wide(), rows, cell.wide(), cell.inputs, false}));
        addBias(way.fromInputs, way.bias, rows, cell.wide());
        const float *const looks = peepholes != nullptr ? peepholes->floats().data() + d * 3 * cell.hidden : nullptr;
        for (std::size_t step = 0; step < cell.steps; ++step) {
            const std::size_t at = cell.backward || d == 1 ? cell.steps - 1 - step : step;
            const float *const x = way.fromInputs + at * cell.batch * cell.wide();
            QS_CHECK(context.task.check());
            QS_CHECK(isLstm ? lstmStep(cell, way, x, looks, multiplier) : gruStep(cell, way, x, multiplier));
            std::copy_n(way.h, cell.state(), y->floats().data() + (at * cell.directions + d) * cell.state());
        }
    }
    if (isLstm)
        return Values{y, h, c};
    return Values{y, h};
}

Result<Values> lstm(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    constexpr std::array<std::string_view, 3> kUsual{"Sigmoid", "Tanh", "Tanh"};
    QS_CHECK(checkActivations(node, kUsual));
    QS_ASSIGN(const Cell cell, cellOf(node, inputs, 4));
    QS_CHECK(checkShape(inputAt(inputs, 7),
                        {static_cast<std::int64_t>(cell.directions), static_cast<std::int64_t>(3 * cell.hidden)}, "P"));
    return recurrent(cell, inputs, context);
}

Result<Values> gru(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    constexpr std::array<std::string_view, 2> kUsual{"Sigmoid", "Tanh"};
    QS_CHECK(checkActivations(node, kUsual));
    QS_ASSIGN(const Cell cell, cellOf(node, inputs, 3));
    return recurrent(cell, inputs, context);
}

} // namespace

std::span<const Operator> recurrentOperators()
{
    static constexpr std::array kRows{
        Operator{"LSTM", 7, kNewestOpset, "fff?fifff",
                 "activations:S direction:s hidden_size:i input_forget:i layout:i", lstm},
        Operator{"GRU", 7, kNewestOpset, "fff?fif",
                 "activations:S direction:s hidden_size:i layout:i linear_before_reset:i", gru},
    };
    return kRows;
}

} // namespace qs
