// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheme/formula.h"

#include "core/tensor/small_floats.h"

namespace qs {

float roundToScaleType(float value, ScaleType type)
{
    switch (type) {
    case ScaleType::F16:
        return roundTo(DType::F16, value);
    case ScaleType::BF16:
        return roundTo(DType::BF16, value);
    case ScaleType::F32:
        break;
    }
    return value;
}

} // namespace qs
