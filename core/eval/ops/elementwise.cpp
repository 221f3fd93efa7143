// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/elementwise.h"

#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"

#include <array>
#include <cmath>
#include <limits>

namespace qs {
namespace {

/// Calls function(a, b) for all pairs.
template <class In, class Out, class Function>
Result<ValuePtr> pairs(const Value &a, const Value &b, ElementKind kind, const Shape &shape, const RunContext &context,
                       Function function)
{
    QS_ASSIGN(const auto result, makeValue(kind, shape, context));
    const StridedWalk<2> walk(shape, {broadcastStrides(a.shape(), shape), broadcastStrides(b.shape(), shape)});
    const auto [stepA, stepB] = walk.steps();
    const In *const x = elementsOf<In>(a).data();
    const In *const y = elementsOf<In>(b).data();
    Out *const z = elementsOf<Out>(*result).data();
    QS_CHECK(walk.forEachStretch(context.task, [&](std::int64_t first, const auto &at, std::int64_t length) {
        const In *const left = x + at[0];
        const In *const right = y + at[1];
        Out *const target = z + first;
        if (stepA == 1 && stepB == 1) {
            for (std::int64_t i = 0; i < length; ++i)
                target[i] = function(left[i], right[i]);
        } else if (stepA == 1 && stepB == 0) {
            const In only = *right;
            for (std::int64_t i = 0; i < length; ++i)
                target[i] = function(left[i], only);
        } else if (stepA == 0 && stepB == 1) {
            const In only = *left;
            for (std::int64_t i = 0; i < length; ++i)
                target[i] = function(only, right[i]);
        } else {
            for (std::int64_t i = 0; i < length; ++i)
                target[i] = function(left[i * stepA], right[i * stepB]);
        }
    }));
    return result;
}

/// The shape of both together.
Result<Shape> pairShape(const Value &a, const Value &b)
{
    if (a.isFloat() != b.isFloat())
        return wrong(Text::of("one input is of floats, the other of integers"));
    return broadcastShape(a.shape(), b.shape());
}

/// function(a, b) in the inputs' own type.
template <class Function>
Result<ValuePtr> arithmetic(const Value &a, const Value &b, const RunContext &context, Function function)
{
    QS_ASSIGN(const Shape shape, pairShape(a, b));
    if (a.isFloat())
        return pairs<float, float>(a, b, ElementKind::Float, shape, context, function);
    return pairs<std::int64_t, std::int64_t>(a, b, a.kind(), shape, context, function);
}

/// Whole numbers wrap around, like those of every other engine.
template <class Function> std::int64_t wrapping(std::int64_t a, std::int64_t b, Function function)
{
    return static_cast<std::int64_t>(function(static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b)));
}

struct Plus {
    float operator()(float a, float b) const { return a + b; }
    std::int64_t operator()(std::int64_t a, std::int64_t b) const { return wrapping(a, b, std::plus<>()); }
};
struct Minus {
    float operator()(float a, float b) const { return a - b; }
    std::int64_t operator()(std::int64_t a, std::int64_t b) const { return wrapping(a, b, std::minus<>()); }
};
struct Times {
    float operator()(float a, float b) const { return a * b; }
    std::int64_t operator()(std::int64_t a, std::int64_t b) const { return wrapping(a, b, std::multiplies<>()); }
};
/// Whole numbers towards zero; 0 where the divisor is 0.
struct Over {
    float operator()(float a, float b) const { return a / b; }
    std::int64_t operator()(std::int64_t a, std::int64_t b) const
    {
        if (b == 0)
            return 0;
        return b == -1 ? wrapping(0, a, std::minus<>()) : a / b;
    }
};
/// NaN wherever one of both is, like the reference implementation.
struct Larger {
    float operator()(float a, float b) const { return a > b || std::isnan(a) ? a : b; }
    std::int64_t operator()(std::int64_t a, std::int64_t b) const { return std::max(a, b); }
};
struct Smaller {
    float operator()(float a, float b) const { return a < b || std::isnan(a) ? a : b; }
    std::int64_t operator()(std::int64_t a, std::int64_t b) const { return std::min(a, b); }
};
/// The remainder has the sign of the divisor.
struct Modulo {
    float operator()(float a, float b) const { return std::fmod(a, b); }
    std::int64_t operator()(std::int64_t a, std::int64_t b) const
    {
        if (b == 0 || b == -1)
            return 0;
        const std::int64_t rest = a % b;
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }
};
/// The remainder has the sign of the dividend.
struct Remainder {
    float operator()(float a, float b) const { return std::fmod(a, b); }
    std::int64_t operator()(std::int64_t a, std::int64_t b) const { return b == 0 || b == -1 ? 0 : a % b; }
};
struct SlopeBelowZero {
    float operator()(float a, float slope) const { return slopeBelowZero(a, slope); }
    std::int64_t operator()(std::int64_t a, std::int64_t slope) const
    {
        return a < 0 ? wrapping(a, slope, std::multiplies<>()) : a;
    }
};
struct Power {
    float operator()(float a, float b) const { return std::pow(a, b); }
    std::int64_t operator()(std::int64_t a, std::int64_t b) const
    {
        const double result = std::pow(static_cast<double>(a), static_cast<double>(b));
        return std::abs(result) < 0x1p62 ? static_cast<std::int64_t>(result) : 0;
    }
};

template <class Function>
Result<Values> binary(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    return one(arithmetic(*inputs[0], *inputs[1], context, Function()));
}

/// From the first input to the last one.
template <class Function>
Result<Values> fold(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    ValuePtr result = inputs[0];
    for (const ValuePtr &next : inputs.subspan(1)) {
        if (!next)
            return wrong(Text::of("an input is missing"));
        QS_ASSIGN(result, arithmetic(*result, *next, context, Function()));
    }
    return Values{std::move(result)};
}

Result<Values> mean(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(Values sum, fold<Plus>(node, inputs, context));
    QS_ASSIGN(const auto result, makeValue(ElementKind::Float, sum[0]->shape(), context));
    const auto count = static_cast<float>(inputs.size());
    std::ranges::transform(sum[0]->floats(), result->floats().begin(), [count](float v) { return v / count; });
    return Values{result};
}

Result<Values> modulo(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    if (intAttribute(node, "fmod", 0) != 0)
        return binary<Remainder>(node, inputs, context);
    if (inputs[0]->isFloat())
        return wrong(Text::of("fmod is 0 for floats"));
    return binary<Modulo>(node, inputs, context);
}

Result<ValuePtr> asFloats(const ValuePtr &value, const RunContext &context)
{
    if (value->isFloat())
        return value;
    QS_ASSIGN(const auto result, makeValue(ElementKind::Float, value->shape(), context));
    std::ranges::transform(value->ints(), result->floats().begin(),
                           [](std::int64_t v) { return static_cast<float>(v); });
    return result;
}

/// Squares and roots, which are most of the powers, are exact.
Result<Values> power(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    ValuePtr base = inputs[0];
    ValuePtr exponent = inputs[1];
    const bool whole = !base->isFloat();
    if (base->isFloat() != exponent->isFloat()) {
        QS_ASSIGN(base, asFloats(base, context));
        QS_ASSIGN(exponent, asFloats(exponent, context));
    }
    ValuePtr result;
    if (exponent->isFloat() && exponent->size() == 1 && exponent->rank() <= base->rank() &&
        (exponent->floats()[0] == 2 || exponent->floats()[0] == 0.5F)) {
        const bool square = exponent->floats()[0] == 2;
        QS_ASSIGN(const auto target, makeValue(ElementKind::Float, base->shape(), context));
        std::ranges::transform(base->floats(), target->floats().begin(),
                               [square](float v) { return square ? v * v : std::sqrt(v); });
        result = target;
    } else {
        QS_ASSIGN(result, arithmetic(*base, *exponent, context, Power()));
    }
    if (!whole || !result->isFloat())
        return Values{std::move(result)};
    QS_ASSIGN(const auto integers, makeValue(ElementKind::Int, result->shape(), context));
    std::ranges::transform(result->floats(), integers->ints().begin(), [](float v) {
        return std::abs(v) < 0x1p62F ? static_cast<std::int64_t>(v) : std::int64_t{0};
    });
    return Values{integers};
}

template <class Compare>
Result<Values> compare(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Value &a = *inputs[0];
    const Value &b = *inputs[1];
    QS_ASSIGN(const Shape shape, pairShape(a, b));
    const auto function = [](auto x, auto y) { return static_cast<std::int64_t>(Compare()(x, y)); };
    using Int = std::int64_t;
    auto result = a.isFloat() ? pairs<float, Int>(a, b, ElementKind::Bool, shape, context, function)
                              : pairs<Int, Int>(a, b, ElementKind::Bool, shape, context, function);
    return one(std::move(result));
}

struct Differs {
    bool operator()(std::int64_t a, std::int64_t b) const { return (a != 0) != (b != 0); }
    bool operator()(float a, float b) const { return (a != 0) != (b != 0); }
};

template <class T>
Result<ValuePtr> choose(const Value &condition, const Value &yes, const Value &no, const Shape &shape,
                        const RunContext &context)
{
    QS_ASSIGN(const auto result, makeValue(yes.kind(), shape, context));
    const StridedWalk<3> walk(shape, {broadcastStrides(condition.shape(), shape), broadcastStrides(yes.shape(), shape),
                                      broadcastStrides(no.shape(), shape)});
    const auto steps = walk.steps();
    QS_CHECK(walk.forEachStretch(context.task, [&](std::int64_t first, const auto &at, std::int64_t length) {
        const std::int64_t *const which = condition.ints().data() + at[0];
        const T *const left = elementsOf<T>(yes).data() + at[1];
        const T *const right = elementsOf<T>(no).data() + at[2];
        T *const target = elementsOf<T>(*result).data() + first;
        for (std::int64_t i = 0; i < length; ++i)
            target[i] = which[i * steps[0]] != 0 ? left[i * steps[1]] : right[i * steps[2]];
    }));
    return result;
}

Result<Values> where(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    if (inputs[1]->isFloat() != inputs[2]->isFloat())
        return wrong(Text::of("one choice is of floats, the other of integers"));
    QS_ASSIGN(const Shape choices, broadcastShape(inputs[1]->shape(), inputs[2]->shape()));
    QS_ASSIGN(const Shape shape, broadcastShape(inputs[0]->shape(), choices));
    return one(inputs[1]->isFloat() ? choose<float>(*inputs[0], *inputs[1], *inputs[2], shape, context)
                                    : choose<std::int64_t>(*inputs[0], *inputs[1], *inputs[2], shape, context));
}

} // namespace

std::span<const Operator> elementwiseOperators()
{
    static constexpr std::array kRows{
        Operator{"Add", 7, kNewestOpset, "nn", "", binary<Plus>},
        Operator{"Sub", 7, kNewestOpset, "nn", "", binary<Minus>},
        Operator{"Mul", 7, kNewestOpset, "nn", "", binary<Times>},
        Operator{"Div", 7, kNewestOpset, "nn", "", binary<Over>},
        Operator{"Mod", 10, kNewestOpset, "nn", "fmod:i", modulo},
        Operator{"Pow", 7, kNewestOpset, "nn", "", power},
        Operator{"PRelu", 7, kNewestOpset, "nn", "", binary<SlopeBelowZero>},
        Operator{"Max", 6, kNewestOpset, "n*", "", fold<Larger>},
        Operator{"Min", 6, kNewestOpset, "n*", "", fold<Smaller>},
        Operator{"Sum", 6, kNewestOpset, "f*", "", fold<Plus>},
        Operator{"Mean", 6, kNewestOpset, "f*", "", mean},
        Operator{"Equal", 7, kNewestOpset, "aa", "", compare<std::equal_to<>>},
        Operator{"Greater", 7, kNewestOpset, "nn", "", compare<std::greater<>>},
        Operator{"GreaterOrEqual", 12, kNewestOpset, "nn", "", compare<std::greater_equal<>>},
        Operator{"Less", 7, kNewestOpset, "nn", "", compare<std::less<>>},
        Operator{"LessOrEqual", 12, kNewestOpset, "nn", "", compare<std::less_equal<>>},
        Operator{"And", 7, kNewestOpset, "bb", "", compare<std::logical_and<>>},
        Operator{"Or", 7, kNewestOpset, "bb", "", compare<std::logical_or<>>},
        Operator{"Xor", 7, kNewestOpset, "bb", "", compare<Differs>},
        Operator{"Where", 9, kNewestOpset, "baa", "", where},
    };
    return kRows;
}

} // namespace qs
