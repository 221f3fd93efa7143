// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/gpt_fast.h"

#include "core/export/containers/safetensors.h"
#include "core/export/containers/torch_archive.h"
#include "core/export/metadata.h"
#include "core/export/producers.h"
#include "core/export/registry.h"
#include "core/export/remedies.h"

namespace qs {

namespace {

const Container *container(std::string_view suffix)
{
    for (const Container *each : {&kTorchArchiveContainer, &kSafetensorsContainer})
        if (hasSuffix(each->suffixes, suffix))
            return each;
    return nullptr;
}

LayerFit fitStored(const Model &model, const Layer &layer, const Decision &decision)
{
    LayerFit fit{decision};
    const Scheme &scheme = layer.stored->scheme;
    const bool fits = scheme.mode == Mode::Symmetric && scheme.bits == 8 && layer.channelAxis == 0 &&
                      scheme.granularity == Granularity::channel() && model.tensorOf(layer).shape.size() == 2 &&
                      isOwnLayout(model, layer);
    if (!fits)
        fit.refusals.push_back({Text::of("gpt-fast holds symmetric 8-bit codes per channel with its own names only; "
                                         "layer '{}' is stored as {}, {}",
                                         layer.name, model.tensorOf(layer).typeName(), scheme.summary())});
    return fit;
}

LayerFit fitQuantized(const Model &model, std::size_t index, const Decision &decision)
{
    LayerFit fit{decision};
    const Layer &layer = model.layers[index];
    const TensorInfo &tensor = model.tensorOf(layer);
    if (tensor.shape.size() != 2 || layer.op != Op::Linear || !layer.name.ends_with(".weight")) {
        fit.decision.quantize = false;
        static const Text kReason = Text::of("gpt-fast holds Linear layers of rank 2 only");
        fit.decision.reason = kReason;
        return fit;
    }
    Scheme &scheme = fit.decision.scheme;
    const ScaleType asked = scheme.scaleType;
    // The layout stores scales in the weights' own type, whatever the scheme says.
    scheme.scaleType = tensor.dtype == DType::F16    ? ScaleType::F16
                       : tensor.dtype == DType::BF16 ? ScaleType::BF16
                                                     : ScaleType::F32;
    Scheme wanted;
    wanted.convention = scheme.convention;
    wanted.scaleType = scheme.scaleType;
    wanted.range = scheme.range; // whatever the range, the codes and scales are of one kind
    if (asked != ScaleType::F32 && asked != wanted.scaleType)
        fit.refusals.push_back(helpedByScheme(
            Text::of("gpt-fast stores scales in the weights' own type, {}, not in {}; layer '{}'", tensor.typeName(),
                     textOf(asked), layer.name),
            Text::of("use scales of type {}", textOf(wanted.scaleType)), index, {.scaleType = wanted.scaleType}));
    if (scheme != wanted || decision.channelAxis != 0) {
        Text reason = Text::of("gpt-fast holds symmetric 8-bit codes per channel on axis 0 only; layer "
                               "'{}' is {} on axis {}",
                               layer.name, scheme.summary(), decision.channelAxis);
        fit.refusals.push_back(decision.channelAxis == 0
                                   ? helpedByScheme(std::move(reason), Text::of("use 8 bits, symmetric, per channel"),
                                                    index, {.convention = std::string(kDefaultConvention)})
                                   : helpedByKeeping(std::move(reason), index));
    }
    return fit;
}

LayerFit fit(const Model &model, std::size_t layer, const Decision &decision)
{
    const Layer &what = model.layers[layer];
    if (decision.quantize)
        return fitQuantized(model, layer, decision);
    return what.stored ? fitStored(model, what, decision) : LayerFit{decision};
}

Result<FileContents> contents(const ExportInput &input)
{
    const auto codes = layerCodes(input.model, input.decisions, byteCodes());
    FileContents file;
    QS_ASSIGN(file.tensors, modelTensors(input, [&](std::size_t layer) -> std::vector<OutputTensor> {
                  if (!input.decisions[layer].quantize)
                      return {};
                  return codesAndScales(input, layer, codes, input.model.tensorOf(input.model.layers[layer]).dtype);
              }));
    if (!input.container.parametersOnly)
        file.metadata = exportMetadata(input);
    return file;
}

std::vector<Text> notes(const ExportInput &input)
{
    std::vector<Text> notes = byteNotes(input.decisions);
    if (input.container.parametersOnly && input.model.network && input.model.network->samples)
        notes.push_back(Text::of("the model's samples are left out: a state dict holds parameters only"));
    return notes;
}

} // namespace

constinit const ExportFormat kGptFastFormat{
    .name = "gpt-fast",
    .description = Text::constant("gpt-fast: int8 weight-only state dict; symmetric, 8 bits, per channel"),
    .suffixes = "*.pth *.pt *.safetensors",
    .suffix = ".pth",
    .runtimes = Text::constant("gpt-fast, PyTorch"),
    .usage = "import torch\nweights = torch.load({}, weights_only=True)",
    .presets = {"bits=8"},
    .readable = true,
    .container = container,
    .fit = fit,
    .contents = contents,
    .notes = notes,
};

} // namespace qs
