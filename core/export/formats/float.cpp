// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/float.h"

#include "core/export/metadata.h"
#include "core/export/producers.h"

namespace qs {

namespace {

LayerFit fit(const Model &model, std::size_t layer, const Decision &decision)
{
    LayerFit fit{decision};
    const DType type = model.tensorOf(model.layers[layer]).dtype;
    if (decision.quantize && (type == DType::F16 || type == DType::BF16))
        fit.decision.valuesAs = type;
    return fit;
}

Result<FileContents> contents(const ExportInput &input)
{
    const auto values = layerValues(input.model, input.decisions);
    FileContents file;
    QS_ASSIGN(file.tensors, modelTensors(input, [&](std::size_t index) -> std::vector<OutputTensor> {
                  const Layer &layer = input.model.layers[index];
                  const bool decoded = layer.stored && withoutValues(input.model, layer).empty();
                  if (!input.decisions[index].quantize && !decoded)
                      return {};
                  const TensorInfo &tensor = input.model.tensorOf(layer);
                  const DType type = layer.stored ? layer.stored->sourceDType : tensor.dtype;
                  return {{layer.name, type, tensor.shape, values, index, 0, 0}};
              }));
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
    .suffixes = "*.safetensors",
    .suffix = ".safetensors",
    .decodes = true,
    .readable = true,
    .container = safetensorsUnlessOther,
    .fit = fit,
    .contents = contents,
    .notes = notes,
};

} // namespace qs
