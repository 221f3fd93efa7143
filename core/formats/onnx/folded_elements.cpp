// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/folded_elements.h"

#include "core/base/text.h"
#include "core/formats/onnx/element_types.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace qs::onnx {
namespace {

using Whole = std::int64_t;

// Whole numbers are computed modulo 2^64.
Whole wrapped(std::uint64_t number)
{
    return static_cast<Whole>(number);
}

struct Binary {
    std::string_view name;
    float (*floats)(float, float);
    Whole (*wholes)(Whole, Whole); ///< null: not with whole numbers
    bool compares = false;         ///< the result is bool
};
constexpr std::array kBinary{
    Binary{"Add", [](float a, float b) { return a + b; },
           [](Whole a, Whole b) { return wrapped(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b)); }},
    Binary{"Sub", [](float a, float b) { return a - b; },
           [](Whole a, Whole b) { return wrapped(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b)); }},
    Binary{"Mul", [](float a, float b) { return a * b; },
           [](Whole a, Whole b) { return wrapped(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b)); }},
    Binary{"Div", [](float a, float b) { return a / b; },
           [](Whole a, Whole b) { return b == 0    ? 0
                                         : b == -1 ? wrapped(-static_cast<std::uint64_t>(a))
                                                   : a / b; }},
    Binary{"Pow", [](float a, float b) { return std::pow(a, b); }, nullptr},
    Binary{"Max", [](float a, float b) { return std::max(a, b); }, [](Whole a, Whole b) { return std::max(a, b); }},
    Binary{"Min", [](float a, float b) { return std::min(a, b); }, [](Whole a, Whole b) { return std::min(a, b); }},
    Binary{"Sum", [](float a, float b) { return a + b; }, nullptr},
    Binary{"Equal", [](float a, float b) { return a == b ? 1.0F : 0.0F; },
           [](Whole a, Whole b) { return Whole{a == b}; }, true},
    Binary{"Greater", [](float a, float b) { return a > b ? 1.0F : 0.0F; },
           [](Whole a, Whole b) { return Whole{a > b}; }, true},
    Binary{"GreaterOrEqual", [](float a, float b) { return a >= b ? 1.0F : 0.0F; },
           [](Whole a, Whole b) { return Whole{a >= b}; }, true},
    Binary{"Less", [](float a, float b) { return a < b ? 1.0F : 0.0F; }, [](Whole a, Whole b) { return Whole{a < b}; },
           true},
    Binary{"LessOrEqual", [](float a, float b) { return a <= b ? 1.0F : 0.0F; },
           [](Whole a, Whole b) { return Whole{a <= b}; }, true},
    Binary{"And", nullptr, [](Whole a, Whole b) { return Whole{a != 0 && b != 0}; }},
    Binary{"Or", nullptr, [](Whole a, Whole b) { return Whole{a != 0 || b != 0}; }},
};

struct Unary {
    std::string_view name;
    float (*compute)(float);
};
constexpr std::array kUnary{
    Unary{"Neg", [](float a) { return -a; }},
    Unary{"Abs", [](float a) { return std::fabs(a); }},
    Unary{"Sqrt", [](float a) { return std::sqrt(a); }},
    Unary{"Exp", [](float a) { return std::exp(a); }},
    Unary{"Log", [](float a) { return std::log(a); }},
    Unary{"Tanh", [](float a) { return std::tanh(a); }},
    Unary{"Sigmoid", [](float a) { return 1.0F / (1.0F + std::exp(-a)); }},
    Unary{"Reciprocal", [](float a) { return 1.0F / a; }},
    Unary{"Relu", [](float a) { return std::max(a, 0.0F); }},
    Unary{"Erf", [](float a) { return std::erf(a); }},
    Unary{"Floor", [](float a) { return std::floor(a); }},
    Unary{"Ceil", [](float a) { return std::ceil(a); }},
    Unary{"Round", [](float a) { return std::nearbyint(a); }},
    Unary{"Sign", [](float a) { return a > 0   ? 1.0F
                                       : a < 0 ? -1.0F
                                               : a; }},
};

std::unexpected<Error> doNotFit(const Shape &a, const Shape &b)
{
    return notComputed(Text::of("the shapes {} and {} do not fit each other", shapeText(a), shapeText(b)));
}

/// The value, stretched along axes of size 1.
Result<FoldedValue> stretched(const FoldCall &call, FoldedValue value, const Shape &shape)
{
    QS_CHECK(call.take(shape));
    if (value.shape == shape)
        return value;
    return gathered(value, shape, stretchedSteps(value.shape, shape));
}

Result<FoldedValue> pairwise(const FoldCall &call, const Binary &rule, FoldedValue left, FoldedValue right)
{
    const DType type = left.dtype;
    if (right.dtype != type)
        return call.wrongType(right.isWhole() ? right.dtype : type);
    if (left.isWhole() ? rule.wholes == nullptr : rule.floats == nullptr)
        return call.wrongType(type);
    const auto shape = broadcast(left.shape, right.shape);
    if (!shape)
        return doNotFit(left.shape, right.shape);
    const bool known = left.known && right.known;
    left.known = right.known = known;
    QS_ASSIGN(FoldedValue result, stretched(call, std::move(left), *shape));
    QS_ASSIGN(const FoldedValue other, stretched(call, std::move(right), *shape));
    result.dtype = rule.compares ? DType::Bool : type;
    if (!known)
        return FoldedValue{.dtype = result.dtype, .shape = *shape, .known = false};
    if (!other.isWhole()) {
        std::ranges::transform(result.floats, other.floats, result.floats.begin(), rule.floats);
        if (!rule.compares)
            return roundedTo(type, std::move(result));
        result.integers.assign(result.floats.begin(), result.floats.end());
        result.floats = {};
        return result;
    }
    std::ranges::transform(result.integers, other.integers, result.integers.begin(), rule.wholes);
    return result;
}

/// Of two inputs, or of as many as Max, Min and Sum have.
Result<FoldedValue> binary(FoldCall &call)
{
    const Binary &rule = *findOperator(kBinary, call.op());
    const bool takesMany = rule.name == "Max" || rule.name == "Min" || rule.name == "Sum";
    if (call.inputs.empty() || (!takesMany && call.inputs.size() != 2))
        return call.wrongInputs();
    for (std::size_t i = 0; i < call.inputs.size(); ++i)
        if (!call.has(i))
            return call.wrongInputs();
    FoldedValue result = std::move(*call.inputs[0]);
    for (std::size_t i = 1; i < call.inputs.size(); ++i) {
        QS_ASSIGN(result, pairwise(call, rule, std::move(result), std::move(*call.inputs[i])));
    }
    return result;
}

Result<FoldedValue> unary(FoldCall &call)
{
    if (call.inputs.size() != 1 || !call.has(0))
        return call.wrongInputs();
    FoldedValue &value = *call.inputs[0];
    if (value.isWhole())
        return call.wrongType(value.dtype);
    QS_CHECK(call.spend(value.count()));
    std::ranges::transform(value.floats, value.floats.begin(), findOperator(kUnary, call.op())->compute);
    return roundedTo(value.dtype, std::move(value));
}

/// Bounds are inputs, or attributes in old versions.
Result<FoldedValue> clip(FoldCall &call)
{
    if (!call.has(0) || call.inputs.size() > 3)
        return call.wrongInputs();
    FoldedValue &value = *call.inputs[0];
    if (value.isWhole())
        return call.wrongType(value.dtype);
    float low = std::numeric_limits<float>::lowest();
    float high = std::numeric_limits<float>::max();
    if (call.inputs.size() == 1) {
        low = call.view.number("min").value_or(low);
        high = call.view.number("max").value_or(high);
    }
    for (std::size_t i = 1; i < call.inputs.size(); ++i) {
        if (!call.has(i))
            continue;
        if (call[i].dtype != value.dtype || call[i].count() != 1)
            return call.wrongType(call[i].dtype);
        value.known = value.known && call[i].known;
        if (value.known)
            (i == 1 ? low : high) = call[i].floats[0];
    }
    QS_CHECK(call.spend(value.count()));
    if (!value.known)
        value.floats = {};
    for (float &element : value.floats)
        element = std::min(std::max(element, low), high);
    return roundedTo(value.dtype, std::move(value));
}

Result<FoldedValue> cast(FoldCall &call)
{
    if (!call.has(0))
        return call.wrongInputs();
    FoldedValue &value = *call.inputs[0];
    const ElementType *type = elementType(call.view.integer("to", 0));
    const auto to = call.op() == "CastLike" && call.has(1) ? std::optional(call[1].dtype)
                    : type != nullptr                      ? type->dtype
                                                           : std::nullopt;
    if (to && value.isWhole() && (*to == DType::I64 || *to == value.dtype)) {
        value.dtype = *to;
        return std::move(value);
    }
    if (to != DType::F32 && to != DType::F16 && to != DType::BF16)
        return notComputed(Text::of("Cast makes another type than floats of 16 or 32 bits"));
    QS_CHECK(call.spend(value.count()));
    value.floats.insert(value.floats.end(), value.integers.begin(), value.integers.end());
    value.integers = {};
    return roundedTo(*to, std::move(value));
}

Result<FoldedValue> where(FoldCall &call)
{
    if (call.inputs.size() != 3 || !call.has(0) || !call.has(1) || !call.has(2) || call[0].dtype != DType::Bool)
        return call.wrongInputs();
    if (call[1].dtype != call[2].dtype)
        return call.wrongType(call[2].dtype);
    auto shape = broadcast(call[1].shape, call[2].shape);
    if (shape)
        shape = broadcast(*shape, call[0].shape);
    if (!shape)
        return doNotFit(call[1].shape, call[2].shape);
    QS_CHECK(call.take(*shape));
    if (!call.allKnown())
        return FoldedValue{.dtype = call[1].dtype, .shape = *shape, .known = false};
    QS_ASSIGN(const FoldedValue condition, stretched(call, std::move(*call.inputs[0]), *shape));
    QS_ASSIGN(FoldedValue result, stretched(call, std::move(*call.inputs[1]), *shape));
    QS_ASSIGN(const FoldedValue other, stretched(call, std::move(*call.inputs[2]), *shape));
    for (std::size_t i = 0; i < condition.integers.size(); ++i) {
        if (condition.integers[i] != 0)
            continue;
        if (result.isWhole())
            result.integers[i] = other.integers[i];
        else
            result.floats[i] = other.floats[i];
    }
    return result;
}

Result<FoldedValue> negate(FoldCall &call)
{
    if (!call.has(0) || call[0].dtype != DType::Bool)
        return call.wrongInputs();
    for (std::int64_t &element : call.inputs[0]->integers)
        element = element == 0 ? 1 : 0;
    return std::move(*call.inputs[0]);
}

} // namespace

FoldOperator elementOperator(std::string_view name)
{
    if (findOperator(kBinary, name) != nullptr)
        return binary;
    if (findOperator(kUnary, name) != nullptr)
        return unary;
    return name == "Clip"                         ? clip
           : name == "Cast" || name == "CastLike" ? cast
           : name == "Where"                      ? where
           : name == "Not"                        ? negate
                                                  : nullptr;
}

} // namespace qs::onnx
