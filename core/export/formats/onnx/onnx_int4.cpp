// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/onnx/onnx_int4.h"

#include "core/export/containers/pieces.h"
#include "core/export/formats/onnx/forms.h"
#include "core/export/formats/onnx/onnx.h"
#include "core/export/registry.h"
#include "core/export/remedies.h"
#include "core/formats/onnx/metadata.h"

namespace qs {

namespace {

constexpr int kBits = 4;

const Container *container(std::string_view suffix)
{
    return hasSuffix(kOnnxContainer.suffixes, suffix) ? &kOnnxContainer : nullptr;
}

Text whyNot(const Model &model)
{
    Text reason = onnx::whyNot(model);
    const std::int64_t opset = onnx::standardOpset(model).value_or(0);
    if (reason.empty() && opset < onnx::kDequantizeBlocks)
        reason = Text::of("int4 needs version {} of the operators, the model uses {}; the format {} writes int8",
                          onnx::kDequantizeBlocks, opset, kOnnxFormat.name);
    return reason;
}

LayerFit fit(const Model &model, std::size_t layer, const Decision &decision)
{
    LayerFit fit = onnx::fitDequantizeLinear(model, layer, decision);
    if (fit.decision.quantize && decision.scheme.bits != kBits)
        fit.refusals.push_back(helpedByScheme(Text::of("this format holds codes of {} bits; layer '{}' has {}", kBits,
                                                       model.layers[layer].name, decision.scheme.bits),
                                              Text::of("use {} bits, or the format {}", kBits, kOnnxFormat.name), layer,
                                              {.bits = kBits}));
    return fit;
}

Result<FileContents> contents(const ExportInput &input)
{
    return onnx::rewriteModel(input, onnx::dequantizedInt4Weights(input));
}

} // namespace

constinit const ExportFormat kOnnxInt4Format{
    .name = "onnx-int4",
    .description = Text::constant("ONNX, int4: codes in blocks or per channel; from ONNX files of version 21 on"),
    .suffixes = "*.onnx",
    .suffix = ".onnx",
    .runtimes = Text::constant("ONNX Runtime from 1.20 on"),
    .usage = "import onnxruntime\nsession = onnxruntime.InferenceSession({})",
    .presets = {"bits=4,granularity=group:32"},
    .whyNot = whyNot,
    .container = container,
    .fit = fit,
    .contents = contents,
    .notes = onnx::activationNotes,
};

} // namespace qs
