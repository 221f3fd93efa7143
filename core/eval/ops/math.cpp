// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/math.h"

#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"
#include "core/kernels/kernels.h"

#include <array>
#include <cmath>
#include <limits>

namespace qs {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Calls use(first, last) for stretches of kElementsPerStep elements.
template <class Use> Result<void> inSteps(std::size_t count, const RunContext &context, Use use)
{
    constexpr auto kStep = static_cast<std::size_t>(kElementsPerStep);
    for (std::size_t first = 0; first < count; first += kStep) {
        use(first, std::min(count, first + kStep));
        QS_CHECK(context.task.check());
    }
    return {};
}

template <class In, class Out, class Function>
Result<Values> elements(const Value &value, ElementKind kind, const RunContext &context, Function function)
{
    QS_ASSIGN(const auto result, makeValue(kind, value.shape(), context));
    const In *const x = elementsOf<In>(value).data();
    Out *const y = elementsOf<Out>(*result).data();
    QS_CHECK(inSteps(value.size(), context, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i)
            y[i] = function(x[i]);
    }));
    return Values{result};
}

/// function(x) of floats.
template <class Function>
Result<Values> floats(std::span<const ValuePtr> inputs, const RunContext &context, Function function)
{
    return elements<float, float>(*inputs[0], ElementKind::Float, context, function);
}

/// Function()(x) of floats, without attributes.
template <class Function>
Result<Values> plain(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    return floats(inputs, context, Function());
}

/// The same, also of integers.
template <class Function>
Result<Values> number(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    if (inputs[0]->isFloat())
        return floats(inputs, context, Function());
    return elements<std::int64_t, std::int64_t>(*inputs[0], inputs[0]->kind(), context, Function());
}

template <Transform kind>
Result<Values> transformed(std::span<const ValuePtr> inputs, const RunContext &context, float parameter)
{
    QS_ASSIGN(const auto result, makeValue(ElementKind::Float, inputs[0]->shape(), context));
    const float *const x = inputs[0]->floats().data();
    float *const y = result->floats().data();
    QS_CHECK(inSteps(inputs[0]->size(), context, [&](std::size_t first, std::size_t last) {
        kernels().transform(kind, x + first, last - first, parameter, y + first);
    }));
    return Values{result};
}

template <Transform kind>
Result<Values> transcendental(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    return transformed<kind>(inputs, context, 1);
}

Result<Values> gelu(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    if (textAttribute(node, "approximate", "none") == "tanh")
        return transformed<Transform::GeluTanh>(inputs, context, 1);
    return transformed<Transform::Gelu>(inputs, context, 1);
}

Result<Values> swish(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    return transformed<Transform::Swish>(inputs, context, floatAttribute(node, "alpha", 1));
}

std::int64_t negative(std::int64_t x)
{
    return static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(x));
}

struct Negated {
    float operator()(float x) const { return -x; }
    std::int64_t operator()(std::int64_t x) const { return negative(x); }
};
struct Magnitude {
    float operator()(float x) const { return std::abs(x); }
    std::int64_t operator()(std::int64_t x) const { return x < 0 ? negative(x) : x; }
};
struct Signum {
    float operator()(float x) const { return std::isnan(x) ? x : static_cast<float>((x > 0) - (x < 0)); }
    std::int64_t operator()(std::int64_t x) const { return (x > 0) - (x < 0); }
};
struct Rectified { // NaN stays NaN
    float operator()(float x) const { return x < 0 ? 0 : x; }
    std::int64_t operator()(std::int64_t x) const { return std::max<std::int64_t>(x, 0); }
};

#define QS_FUNCTION(name, ...)                                                                                         \
    struct name {                                                                                                      \
        float operator()(float x) const                                                                                \
        {                                                                                                              \
            return __VA_ARGS__;                                                                                        \
        }                                                                                                              \
    }
QS_FUNCTION(SquareRoot, std::sqrt(x));
QS_FUNCTION(Inverse, 1 / x);
QS_FUNCTION(Floored, std::floor(x));
QS_FUNCTION(Raised, std::ceil(x));
QS_FUNCTION(Rounded, std::nearbyint(x));
QS_FUNCTION(Sine, std::sin(x));
QS_FUNCTION(Cosine, std::cos(x));
QS_FUNCTION(Tangent, std::tan(x));
QS_FUNCTION(ArcSine, std::asin(x));
QS_FUNCTION(ArcCosine, std::acos(x));
QS_FUNCTION(ArcTangent, std::atan(x));
QS_FUNCTION(HyperbolicSine, std::sinh(x));
QS_FUNCTION(HyperbolicCosine, std::cosh(x));
QS_FUNCTION(AreaSine, std::asinh(x));
QS_FUNCTION(AreaCosine, std::acosh(x));
QS_FUNCTION(AreaTangent, std::atanh(x));
QS_FUNCTION(SoftPlus, std::log1p(std::exp(-std::abs(x))) + (x < 0 ? 0 : x));
QS_FUNCTION(SoftSign, x / (1 + std::abs(x)));
QS_FUNCTION(HardSwish, x *std::clamp(x / 6 + 0.5F, 0.0F, 1.0F));
QS_FUNCTION(MishOf, x *std::tanh(SoftPlus()(x)));
#undef QS_FUNCTION

Result<Values> leakyRelu(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    return floats(inputs, context,
                  [slope = floatAttribute(node, "alpha", 0.01F)](float x) { return slopeBelowZero(x, slope); });
}

Result<Values> thresholdedRelu(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    return floats(inputs, context, [least = floatAttribute(node, "alpha", 1)](float x) { return x > least ? x : 0; });
}

Result<Values> elu(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    return floats(inputs, context,
                  [alpha = floatAttribute(node, "alpha", 1)](float x) { return x < 0 ? alpha * std::expm1(x) : x; });
}

Result<Values> selu(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const float alpha = floatAttribute(node, "alpha", 1.67326319217681884765625F);
    const float gamma = floatAttribute(node, "gamma", 1.05070102214813232421875F);
    return floats(inputs, context, [=](float x) { return gamma * (x > 0 ? x : alpha * std::expm1(x)); });
}

Result<Values> celu(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    return floats(inputs, context, [alpha = floatAttribute(node, "alpha", 1)](float x) {
        return x < 0 ? alpha * std::expm1(x / alpha) : x;
    });
}

Result<Values> hardSigmoid(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const float alpha = floatAttribute(node, "alpha", 0.2F);
    const float beta = floatAttribute(node, "beta", 0.5F);
    return floats(inputs, context, [=](float x) { return std::clamp(alpha * x + beta, 0.0F, 1.0F); });
}

Result<Values> shrink(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const float bias = floatAttribute(node, "bias", 0);
    const float lambda = floatAttribute(node, "lambd", 0.5F);
    return floats(inputs, context, [=](float x) { return x < -lambda ? x + bias : x > lambda ? x - bias : 0; });
}

/// Bounds are inputs, or attributes in older versions.
Result<Values> clip(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Value *low = inputAt(inputs, 1);
    const Value *high = inputAt(inputs, 2);
    if (!inputs[0]->isFloat()) {
        std::int64_t least = std::numeric_limits<std::int64_t>::min();
        std::int64_t most = std::numeric_limits<std::int64_t>::max();
        if (low != nullptr) {
            QS_ASSIGN(least, onlyInt(*low));
        }
        if (high != nullptr) {
            QS_ASSIGN(most, onlyInt(*high));
        }
        return elements<std::int64_t, std::int64_t>(*inputs[0], ElementKind::Int, context,
                                                    [=](std::int64_t x) { return std::min(most, std::max(least, x)); });
    }
    float least = floatAttribute(node, "min", -kInfinity);
    float most = floatAttribute(node, "max", kInfinity);
    if (low != nullptr) {
        QS_ASSIGN(least, onlyFloat(*low));
    }
    if (high != nullptr) {
        QS_ASSIGN(most, onlyFloat(*high));
    }
    return floats(inputs, context, [=](float x) { // NaN stays NaN
        const float bounded = x < least ? least : x;
        return bounded > most ? most : bounded;
    });
}

Result<Values> isNaN(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    return elements<float, std::int64_t>(*inputs[0], ElementKind::Bool, context,
                                         [](float x) { return std::int64_t{std::isnan(x)}; });
}

Result<Values> isInf(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const bool below = intAttribute(node, "detect_negative", 1) != 0;
    const bool above = intAttribute(node, "detect_positive", 1) != 0;
    return elements<float, std::int64_t>(*inputs[0], ElementKind::Bool, context, [=](float x) {
        return std::int64_t{(below && x == -kInfinity) || (above && x == kInfinity)};
    });
}

Result<Values> negate(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    return elements<std::int64_t, std::int64_t>(*inputs[0], ElementKind::Bool, context,
                                                [](std::int64_t x) { return std::int64_t{x == 0}; });
}

/// What files call element types.
enum class ElementType : std::uint8_t {
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    BFloat16 = 16,
};

std::int64_t narrowed(std::int64_t x, ElementType type)
{
    switch (type) {
    case ElementType::UInt8:
        return static_cast<std::uint8_t>(x);
    case ElementType::Int8:
        return static_cast<std::int8_t>(x);
    case ElementType::UInt16:
        return static_cast<std::uint16_t>(x);
    case ElementType::Int16:
        return static_cast<std::int16_t>(x);
    case ElementType::Int32:
        return static_cast<std::int32_t>(x);
    case ElementType::UInt32:
        return static_cast<std::uint32_t>(x);
    default:
        return x;
    }
}

/// Towards zero; numbers beyond 63 bits and NaN are the smallest one, as processors have it.
std::int64_t wholeNumber(float x)
{
    return std::abs(x) < 0x1p63F ? static_cast<std::int64_t>(x) : std::numeric_limits<std::int64_t>::min();
}

/// Floats of all sizes are float32 here: a half stays as exact as it was.
Result<Values> castTo(const ValuePtr &value, ElementType type, const RunContext &context)
{
    switch (type) {
    case ElementType::Float:
    case ElementType::Float16:
    case ElementType::Double:
    case ElementType::BFloat16:
        if (value->isFloat())
            return Values{value};
        return elements<std::int64_t, float>(*value, ElementKind::Float, context,
                                             [](std::int64_t x) { return static_cast<float>(x); });
    case ElementType::Bool:
        if (value->isFloat())
            return elements<float, std::int64_t>(*value, ElementKind::Bool, context,
                                                 [](float x) { return std::int64_t{x != 0}; });
        return elements<std::int64_t, std::int64_t>(*value, ElementKind::Bool, context,
                                                    [](std::int64_t x) { return std::int64_t{x != 0}; });
    case ElementType::UInt8:
    case ElementType::Int8:
    case ElementType::UInt16:
    case ElementType::Int16:
    case ElementType::Int32:
    case ElementType::Int64:
    case ElementType::UInt32:
    case ElementType::UInt64:
        if (value->isFloat())
            return elements<float, std::int64_t>(*value, ElementKind::Int, context,
                                                 [type](float x) { return narrowed(wholeNumber(x), type); });
        return elements<std::int64_t, std::int64_t>(*value, ElementKind::Int, context,
                                                    [type](std::int64_t x) { return narrowed(x, type); });
    }
    return wrong(Text::of("element type {} is not supported", static_cast<int>(type)));
}

Result<Values> cast(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const std::int64_t type = intAttribute(node, "to", 0);
    if (type < 1 || type > 16)
        return wrong(Text::of("element type {} is not supported", type));
    return castTo(inputs[0], static_cast<ElementType>(type), context);
}

Result<Values> castLike(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    switch (inputs[1]->kind()) {
    case ElementKind::Float:
        return castTo(inputs[0], ElementType::Float, context);
    case ElementKind::Bool:
        return castTo(inputs[0], ElementType::Bool, context);
    default:
        return castTo(inputs[0], ElementType::Int64, context);
    }
}

/// Hands its input on; the mask says that nothing was left out.
Result<Values> dropout(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    if (const Value *training = inputAt(inputs, 2)) {
        QS_ASSIGN(const std::int64_t trains, onlyInt(*training));
        if (trains != 0)
            return wrong(Text::of("the node is set to training"));
    }
    Values result{inputs[0]};
    if (node.outputs.size() > 1 && node.outputs[1] != kAbsent) {
        QS_ASSIGN(const auto mask, makeValue(ElementKind::Bool, inputs[0]->shape(), context));
        std::ranges::fill(mask->ints(), 1);
        result.push_back(mask);
    }
    return result;
}

} // namespace

std::span<const Operator> mathOperators()
{
    static constexpr std::array kRows{
        Operator{"Exp", 6, kNewestOpset, "f", "", transcendental<Transform::Exp>},
        Operator{"Log", 6, kNewestOpset, "f", "", transcendental<Transform::Log>},
        Operator{"Tanh", 6, kNewestOpset, "f", "", transcendental<Transform::Tanh>},
        Operator{"Sigmoid", 6, kNewestOpset, "f", "", transcendental<Transform::Sigmoid>},
        Operator{"Erf", 9, kNewestOpset, "f", "", transcendental<Transform::Erf>},
        Operator{"Gelu", 20, kNewestOpset, "f", "approximate:s", gelu},
        Operator{"Gelu", 1, 1, "f", "", gelu, "com.microsoft"},
        Operator{"Swish", 24, kNewestOpset, "f", "alpha:f", swish},
        Operator{"Sqrt", 6, kNewestOpset, "f", "", plain<SquareRoot>},
        Operator{"Reciprocal", 6, kNewestOpset, "f", "", plain<Inverse>},
        Operator{"Floor", 6, kNewestOpset, "f", "", plain<Floored>},
        Operator{"Ceil", 6, kNewestOpset, "f", "", plain<Raised>},
        Operator{"Round", 11, kNewestOpset, "f", "", plain<Rounded>},
        Operator{"Sin", 7, kNewestOpset, "f", "", plain<Sine>},
        Operator{"Cos", 7, kNewestOpset, "f", "", plain<Cosine>},
        Operator{"Tan", 7, kNewestOpset, "f", "", plain<Tangent>},
        Operator{"Asin", 7, kNewestOpset, "f", "", plain<ArcSine>},
        Operator{"Acos", 7, kNewestOpset, "f", "", plain<ArcCosine>},
        Operator{"Atan", 7, kNewestOpset, "f", "", plain<ArcTangent>},
        Operator{"Sinh", 9, kNewestOpset, "f", "", plain<HyperbolicSine>},
        Operator{"Cosh", 9, kNewestOpset, "f", "", plain<HyperbolicCosine>},
        Operator{"Asinh", 9, kNewestOpset, "f", "", plain<AreaSine>},
        Operator{"Acosh", 9, kNewestOpset, "f", "", plain<AreaCosine>},
        Operator{"Atanh", 9, kNewestOpset, "f", "", plain<AreaTangent>},
        Operator{"Softplus", 1, kNewestOpset, "f", "", plain<SoftPlus>},
        Operator{"Softsign", 1, kNewestOpset, "f", "", plain<SoftSign>},
        Operator{"HardSwish", 14, kNewestOpset, "f", "", plain<HardSwish>},
        Operator{"Mish", 18, kNewestOpset, "f", "", plain<MishOf>},
        Operator{"Neg", 6, kNewestOpset, "n", "", number<Negated>},
        Operator{"Abs", 6, kNewestOpset, "n", "", number<Magnitude>},
        Operator{"Sign", 9, kNewestOpset, "n", "", number<Signum>},
        Operator{"Relu", 6, kNewestOpset, "n", "", number<Rectified>},
        Operator{"LeakyRelu", 6, kNewestOpset, "f", "alpha:f", leakyRelu},
        Operator{"ThresholdedRelu", 10, kNewestOpset, "f", "alpha:f", thresholdedRelu},
        Operator{"Elu", 6, kNewestOpset, "f", "alpha:f", elu},
        Operator{"Selu", 6, kNewestOpset, "f", "alpha:f gamma:f", selu},
        Operator{"Celu", 12, kNewestOpset, "f", "alpha:f", celu},
        Operator{"HardSigmoid", 6, kNewestOpset, "f", "alpha:f beta:f", hardSigmoid},
        Operator{"Shrink", 9, kNewestOpset, "f", "bias:f lambd:f", shrink},
        Operator{"Clip", 6, 10, "f", "min:f max:f", clip},
        Operator{"Clip", 11, kNewestOpset, "n?nn", "", clip},
        Operator{"IsNaN", 9, kNewestOpset, "f", "", isNaN},
        Operator{"IsInf", 10, kNewestOpset, "f", "detect_negative:i detect_positive:i", isInf},
        Operator{"Not", 1, kNewestOpset, "b", "", negate},
        Operator{"Cast", 6, kNewestOpset, "a", "to:i saturate:i round_mode:s", cast},
        Operator{"CastLike", 15, kNewestOpset, "aa", "saturate:i round_mode:s", castLike},
        Operator{"Dropout", 7, 11, "f", "ratio:f", dropout},
        Operator{"Dropout", 12, kNewestOpset, "f?fb", "seed:i", dropout},
    };
    return kRows;
}

} // namespace qs
