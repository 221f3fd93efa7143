// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops.h"

#include <cmath>
#include <numbers>

namespace qs {

namespace {

template <class Function> void forEach(std::span<float> values, Function function)
{
    for (float &value : values)
        value = static_cast<float>(function(static_cast<double>(value)));
}

} // namespace

void applyActivation(Activation activation, std::span<float> values)
{
    switch (activation) {
    case Activation::None:
        break;
    case Activation::Relu:
        for (float &value : values)
            value = value < 0 ? 0 : value; // NaN stays NaN
        break;
    case Activation::Gelu:
        forEach(values, [](double x) { return 0.5 * x * (1 + std::erf(x / std::numbers::sqrt2)); });
        break;
    case Activation::Silu:
        forEach(values, [](double x) { return x / (1 + std::exp(-x)); });
        break;
    case Activation::Tanh:
        forEach(values, [](double x) { return std::tanh(x); });
        break;
    }
}

} // namespace qs
