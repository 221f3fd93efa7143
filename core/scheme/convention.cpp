// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheme/convention.h"

#include "core/scheme/conventions/formulas.h"

#include <algorithm>
#include <array>

namespace qs {

namespace {

constexpr Granularity kBlocks{Granularity::Kind::Group, 32}; // of ggml

// Verified against the tools by tests/core/tst_convention; tests/interop has the scripts.
constexpr std::array<Convention, 16> kConventions{{
    Convention{.name = kDefaultConvention,
               .description = Text::constant("gpt-fast's int8 weights: true division, scales never below 2^-23"),
               .formula = &kGptFastFormula},
    Convention{.name = "torch.ao-symmetric",
               .description = Text::constant("PyTorch's min-max observers and quantize kernels, zero point 0"),
               .formula = &kTorchFormula},
    Convention{.name = "torch.ao-affine",
               .description = Text::constant("PyTorch's min-max observers and quantize kernels, with zero points"),
               .formula = &kTorchFormula,
               .mode = Mode::Asymmetric},
    Convention{.name = "onnxruntime",
               .description = Text::constant("ONNX Runtime's quantizer: codes ±127, scales in the weights' type"),
               .formula = &kOnnxRuntimeFormula,
               .codeRange = CodeRange::Narrow,
               .fullBelow8Bits = true},
    Convention{.name = "tflite",
               .description =
                   Text::constant("TensorFlow Lite's converter: codes ±127 by division in double, halves away from 0"),
               .formula = &kTfliteFormula,
               .codeRange = CodeRange::Narrow},
    Convention{.name = "compressed-tensors",
               .description = Text::constant("llm-compressor and vLLM: all arithmetic in the weights' own type"),
               .formula = &kCompressedTensorsFormula},
    Convention{.name = "torchao",
               .description =
                   Text::constant("torchao's int8 weights: scales computed in the weights' own type, reciprocals"),
               .formula = &kTorchAoFormula},
    Convention{.name = "gguf-q8_0",
               .description = Text::constant("llama.cpp Q8_0: groups of 32, f16 scales, codes ±127"),
               .formula = &kGgmlQ8Formula,
               .granularity = kBlocks,
               .codeRange = CodeRange::Narrow,
               .scaleType = ScaleType::F16},
    Convention{.name = "gguf-q4_0",
               .description =
                   Text::constant("llama.cpp Q4_0: groups of 32, signed f16 scales, the extreme weight is exact"),
               .formula = &kGgmlSignedFormula,
               .bits = 4,
               .granularity = kBlocks,
               .scaleType = ScaleType::F16},
    Convention{.name = "gguf-q4_1",
               .description = Text::constant("llama.cpp Q4_1: groups of 32, f16 scales and f16 smallest weights"),
               .formula = &kGgmlOffsetFormula,
               .mode = Mode::Asymmetric,
               .bits = 4,
               .granularity = kBlocks,
               .scaleType = ScaleType::F16},
    Convention{.name = "gguf-q5_0",
               .description = Text::constant("llama.cpp Q5_0: as Q4_0 with 5 bits"),
               .formula = &kGgmlSignedFormula,
               .bits = 5,
               .granularity = kBlocks,
               .scaleType = ScaleType::F16},
    Convention{.name = "gguf-q5_1",
               .description = Text::constant("llama.cpp Q5_1: as Q4_1 with 5 bits"),
               .formula = &kGgmlOffsetFormula,
               .mode = Mode::Asymmetric,
               .bits = 5,
               .granularity = kBlocks,
               .scaleType = ScaleType::F16},
    Convention{.name = "gguf-q4_k",
               .description =
                   Text::constant("llama.cpp Q4_K: searched 6-bit scales and offsets for 8 groups of 32 together"),
               .formula = &kGgmlQ4KFormula,
               .mode = Mode::Asymmetric,
               .bits = 4,
               .granularity = kBlocks},
    Convention{.name = "gguf-q5_k",
               .description = Text::constant("llama.cpp Q5_K: as Q4_K with 5 bits"),
               .formula = &kGgmlQ5KFormula,
               .mode = Mode::Asymmetric,
               .bits = 5,
               .granularity = kBlocks},
    Convention{.name = "gguf-q6_k",
               .description = Text::constant("llama.cpp Q6_K: searched 8-bit scales for 16 groups of 16 together"),
               .formula = &kGgmlQ6KFormula,
               .bits = 6,
               .granularity = {Granularity::Kind::Group, 16}},
    Convention{.name = "lecture",
               .description = Text::constant("lecture notebooks: the largest weight over 127, ranges without zero"),
               .formula = &kLectureFormula,
               .codeRange = CodeRange::Narrow},
}};

} // namespace

Scheme Convention::scheme() const
{
    return {.convention = std::string(name),
            .mode = mode,
            .bits = bits,
            .granularity = granularity,
            .codeRange = codeRange,
            .scaleType = scaleType};
}

std::span<const Convention> conventions()
{
    return kConventions;
}

const Convention *findConvention(std::string_view name)
{
    const auto found = std::ranges::find(kConventions, name, &Convention::name);
    return found == kConventions.end() ? nullptr : &*found;
}

const Formula &formulaOf(const Scheme &scheme)
{
    const Convention *convention = findConvention(scheme.convention);
    return convention ? *convention->formula : *kConventions.front().formula;
}

} // namespace qs
