// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/float.h"

#include "core/export/containers/pieces.h"
#include "core/export/containers/torch_archive.h"
#include "core/export/formats/gguf/rewriter.h"
#include "core/export/formats/onnx/forms.h"
#include "core/export/metadata.h"
#include "core/export/producers.h"
#include "core/export/registry.h"

namespace qs {

namespace {

/// Whether the layer is written as floats that codes stand for: those of its decision, or those of the file.
bool isDecoded(const ExportInput &input, std::size_t index)
{
    const Layer &layer = input.model.layers[index];
    return input.decisions[index].quantize || (layer.stored && withoutValues(input.model, layer).empty());
}

OutputTensor decodedTensor(const ExportInput &input, std::size_t index, const std::shared_ptr<const Producer> &values)
{
    const Layer &layer = input.model.layers[index];
    const TensorInfo &tensor = input.model.tensorOf(layer);
    const DType type = layer.stored ? layer.stored->sourceDType : tensor.dtype;
    return {layer.name, type, tensor.shape, values, index, 0, 0};
}

LayerFit fit(const Model &model, std::size_t layer, const Decision &decision)
{
    LayerFit fit{decision};
    const DType type = model.tensorOf(model.layers[layer]).dtype;
    if (decision.quantize && (type == DType::F16 || type == DType::BF16))
        fit.decision.valuesAs = type;
    return fit;
}

/// The container that the model came in, or safetensors.
const Container *container(std::string_view suffix)
{
    for (const Container *each : {&kOnnxContainer, &kGgufContainer, &kTorchArchiveContainer})
        if (hasSuffix(each->suffixes, suffix))
            return each;
    return safetensorsUnlessOther(suffix);
}

/// Layers that are quantized or hold blocks that are decoded, as floats of their own type or float32.
Result<FileContents> ggufContents(const ExportInput &input)
{
    const auto values = layerValues(input.model, input.decisions);
    return rewriteGguf(input.model, [&](std::size_t tensor) -> std::optional<NewGgufTensor> {
        const auto index = input.model.layerOf(tensor);
        if (!index || !isDecoded(input, *index))
            return std::nullopt;
        const OutputTensor decoded = decodedTensor(input, *index, values);
        return NewGgufTensor{decoded, nameOf(decoded.dtype)};
    });
}

Result<FileContents> contents(const ExportInput &input)
{
    if (&input.container == &kOnnxContainer) {
        if (Text reason = onnx::whyNot(input.model); !reason.empty())
            return fail(ErrorCode::Work, std::move(reason));
        return onnx::rewriteModel(input, onnx::floatWeights(input));
    }
    if (&input.container == &kGgufContainer) {
        if (Text reason = whyNoGguf(input.model); !reason.empty())
            return fail(ErrorCode::Work, std::move(reason));
        return ggufContents(input);
    }
    const auto values = layerValues(input.model, input.decisions);
    FileContents file;
    QS_ASSIGN(file.tensors, modelTensors(input, [&](std::size_t index) -> std::vector<OutputTensor> {
                  if (!isDecoded(input, index))
                      return {};
                  return {decodedTensor(input, index, values)};
              }));
    if (!input.container.parametersOnly)
        file.metadata = exportMetadata(input);
    return file;
}

std::vector<Text> notes(const ExportInput & /*input*/)
{
    return {Text::of("float weights again: this file is not smaller")};
}

} // namespace

constinit const ExportFormat kFloatFormat{
    .name = "float",
    .description = Text::constant("float: dequantized weights in their own type, for any pipeline"),
    .suffixes = "*.safetensors *.pth *.pt *.onnx *.gguf",
    .suffix = ".safetensors",
    .runtimes = Text::constant("whatever reads the source; safetensors in any language"),
    .decodes = true,
    .readable = true,
    .container = container,
    .fit = fit,
    .contents = contents,
    .notes = notes,
};

} // namespace qs
