// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX Runtime and TensorFlow Lite: scales are computed in double and rounded once.
#include "core/scheme/conventions/extent.h"
#include "core/scheme/conventions/formulas.h"

#include "core/tensor/small_floats.h"

#include <algorithm>

namespace qs {
namespace {

/// Rounded once, where roundTo() would round twice.
float roundDouble(DType type, double value)
{
    if (type == DType::F32)
        return static_cast<float>(value);
    const int bits = type == DType::F16 ? 11 : 8; // with the hidden one
    const int lowest = type == DType::F16 ? -24 : -133;
    int exponent = 0;
    std::frexp(value, &exponent);
    const double quantum = std::ldexp(1.0, std::max(exponent - bits, lowest));
    return roundTo(type, static_cast<float>(std::nearbyint(value / quantum) * quantum)); // overflow becomes ∞
}

/// Scales below the smallest normal number of float32, and those that float16 has no number for, become 1, with the
/// zero point 0: as version 1.32 has it; earlier ones did the same below the smallest normal number of float16.
ScaleAndZeroPoint onnxRuntime(const WeightRange &range, const Scheme &scheme, DType source)
{
    const DType type = source == DType::F16 ? DType::F16 : DType::F32; // bf16 is unknown to it
    const Extent extent(range, scheme);
    const auto low = static_cast<double>(extent.low);
    const auto high = static_cast<double>(extent.high);
    const bool symmetric = scheme.mode == Mode::Symmetric;
    const double width = symmetric ? 2 * std::max(-low, high) : high - low;
    const double scale = width / static_cast<double>(extent.codes());
    ScaleAndZeroPoint result;
    result.raised = type == DType::F16 ? roundDouble(type, scale) == 0 : scale < 0x1p-126;
    if (!result.raised) {
        result.scale = roundDouble(type, scale);
        if (!symmetric)
            result.zeroPoint =
                static_cast<std::int32_t>(std::nearbyint(static_cast<double>(extent.codeMin) - low / scale));
    }
    return withStored(result, extent, scheme);
}

/// Codes are formed with the extent itself, in double; ranges within ±5e-7 count as ±5e-7.
ScaleAndZeroPoint tflite(const WeightRange &range, const Scheme &scheme, DType)
{
    const Extent ends(range, scheme);
    ScaleAndZeroPoint result;
    result.scale = std::max(-ends.low, ends.high);
    const auto extent = static_cast<double>(result.scale);
    result.raised = extent < kLeastExtent;
    const double stored = std::max(extent, kLeastExtent) / (static_cast<double>(ends.codes()) / 2);
    result.stored = roundToScaleType(static_cast<float>(stored), scheme.scaleType);
    if (scheme.codes == Codes::Best)
        result.scale = result.stored;
    return result;
}

Result<void> fitsTflite(const Scheme &scheme)
{
    if (scheme.mode != Mode::Symmetric)
        return fail(ErrorCode::Usage,
                    Text::of("the convention {} has no zero points: it needs the symmetric mode", scheme.convention));
    return {};
}

} // namespace

constinit const Formula kOnnxRuntimeFormula{.scaleOf = onnxRuntime, .raised = Text::constant("too small and became 1")};
constinit const Formula kTfliteFormula{.scaleOf = tflite,
                                       .rule = CodeRule::ExtentAway,
                                       .storedRule = CodeRule::ReciprocalAway, // the extent is not kept
                                       .raised = Text::constant("that of the range ±5e-7"),
                                       .fits = fitsTflite};

} // namespace qs
