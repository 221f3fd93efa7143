// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Transcendental functions of network runs, kLanes at a time; the rest of a row is computed as a whole array of lanes,
// so that an element's value depends on neither its place nor the alignment.
#include "core/kernels/level.h"

#include <unsupported/Eigen/SpecialFunctions>

namespace qs::QS_LEVEL {

namespace {

using Lanes = Eigen::Array<float, kLanes, 1>;

inline Lanes sigmoid(const Lanes &x)
{
    return (1.0F + (-x).exp()).inverse();
}

template <Transform kind> inline Lanes transformed(const Lanes &x, float parameter)
{
    switch (kind) {
    case Transform::Exp:
        return x.exp();
    case Transform::Log:
        return x.log();
    case Transform::Tanh:
        return x.tanh();
    case Transform::Sigmoid:
        return sigmoid(x);
    case Transform::Erf:
        return x.erf();
    case Transform::Gelu:
        return 0.5F * x * (1.0F + (x * 0.70710678118654752F).erf());
    case Transform::GeluTanh:
        return 0.5F * x * (1.0F + ((x + 0.044715F * x * x * x) * 0.79788456080286536F).tanh());
    case Transform::Swish:
        return x * sigmoid(parameter * x);
    }
    return x;
}

template <Transform kind> void transformAll(const float *x, std::size_t count, float parameter, float *y)
{
    const auto lanes = [&](const float *source, float *target) {
        const Lanes v = Eigen::Map<const Lanes>(source);
        const Lanes result = transformed<kind>(v, parameter);
        // Eigen's polynomials bound their argument, in which NaN is lost.
        const Lanes kept = (v == v).select(result, v);
        std::memcpy(target, kept.data(), sizeof(float) * kLanes);
    };
    std::size_t i = 0;
    for (; i + kLanes <= count; i += kLanes)
        lanes(x + i, y + i);
    if (i == count)
        return;
    float rest[kLanes] = {};
    std::memcpy(rest, x + i, (count - i) * sizeof(float));
    lanes(rest, rest);
    std::memcpy(y + i, rest, (count - i) * sizeof(float));
}

} // namespace

void transform(Transform kind, const float *x, std::size_t count, float parameter, float *y)
{
    switch (kind) {
    case Transform::Exp:
        return transformAll<Transform::Exp>(x, count, parameter, y);
    case Transform::Log:
        return transformAll<Transform::Log>(x, count, parameter, y);
    case Transform::Tanh:
        return transformAll<Transform::Tanh>(x, count, parameter, y);
    case Transform::Sigmoid:
        return transformAll<Transform::Sigmoid>(x, count, parameter, y);
    case Transform::Erf:
        return transformAll<Transform::Erf>(x, count, parameter, y);
    case Transform::Gelu:
        return transformAll<Transform::Gelu>(x, count, parameter, y);
    case Transform::GeluTanh:
        return transformAll<Transform::GeluTanh>(x, count, parameter, y);
    case Transform::Swish:
        return transformAll<Transform::Swish>(x, count, parameter, y);
    }
}

void softmax(const float *x, std::size_t count, bool logarithm, float *y)
{
    constexpr float kLowest = -__builtin_inff();
    const auto rest = [&](std::size_t from) {
        Lanes result = Lanes::Constant(kLowest);
        std::memcpy(result.data(), x + from, (count - from) * sizeof(float));
        return result;
    };
    Lanes most = Lanes::Constant(kLowest);
    bool numbers = true;
    std::size_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
        const Lanes v = Eigen::Map<const Lanes>(x + i);
        most = most.max(v);
        numbers = numbers && (v == v).all();
    }
    const std::size_t whole = i;
    if (whole < count) {
        const Lanes v = rest(whole);
        most = most.max(v);
        numbers = numbers && (v == v).all();
    }
    const float largest = numbers ? most.maxCoeff() : __builtin_nanf("");
    if (!(largest - largest == 0)) { // all are −∞, or one is ∞ or NaN
        for (i = 0; i < count; ++i)
            y[i] = __builtin_nanf("");
        return;
    }
    Lanes sums = Lanes::Zero();
    for (i = 0; i < whole; i += kLanes) {
        const Lanes e = (Eigen::Map<const Lanes>(x + i) - largest).exp();
        sums += e;
        std::memcpy(y + i, e.data(), sizeof(float) * kLanes);
    }
    if (whole < count) {
        // exp() of −∞ is not quite 0.
        const Lanes v = rest(whole) - largest;
        const Lanes e = (v == kLowest).select(Lanes::Zero(), v.exp());
        sums += e;
        std::memcpy(y + whole, e.data(), (count - whole) * sizeof(float));
    }
    const float sum = sums.sum();
    const float shift = largest + std::log(sum);
    for (i = 0; i < count; ++i)
        y[i] = logarithm ? x[i] - shift : y[i] / sum;
}

} // namespace qs::QS_LEVEL
