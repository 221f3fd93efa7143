// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/gguf/gguf.h"

#include "core/export/containers/pieces.h"
#include "core/export/formats/gguf/from_hugging_face.h"
#include "core/export/formats/gguf/rewriter.h"
#include "core/export/producers.h"
#include "core/export/registry.h"
#include "core/export/remedies.h"
#include "core/scheme/convention.h"

#include <algorithm>
#include <map>

namespace qs {

namespace {

const Container *container(std::string_view suffix)
{
    return hasSuffix(kGgufContainer.suffixes, suffix) ? &kGgufContainer : nullptr;
}

/// The blocks that hold what a scheme makes; null when none do.
const CodePacker *blocksFor(const Scheme &scheme)
{
    const SuperBlock *together = formulaOf(scheme).superBlock;
    const auto form = together ? CodePacker::Form::SuperBlock : CodePacker::Form::Block;
    const auto group = static_cast<std::uint32_t>(together ? together->groupSize : findCodePacker("q8_0")->unit());
    if (scheme.granularity != Granularity::group(group) || scheme.hasZeroPoints())
        return nullptr;
    for (const CodePacker &packer : codePackers())
        if (packer.form == form && packer.bits == scheme.bits && packer.hasOffsets == scheme.hasOffsets())
            return &packer;
    return nullptr;
}

/// Weights of the blocks that the scheme asks for, or that the nearest convention would.
std::size_t blockOf(const Scheme &scheme)
{
    const CodePacker *packer = blocksFor(scheme);
    return (packer ? packer : findCodePacker("q8_0"))->unit();
}

/// The convention whose blocks are most like the scheme.
std::string_view nearestConvention(const Scheme &scheme)
{
    const bool shifted = scheme.mode == Mode::Asymmetric;
    if (scheme.bits > 5)
        return "gguf-q8_0";
    if (scheme.bits == 5)
        return shifted ? "gguf-q5_1" : "gguf-q5_0";
    return shifted ? "gguf-q4_1" : "gguf-q4_0";
}

/// Whether each channel is one or more rows of whole blocks as they lie in the file.
bool hasWholeBlocks(const TensorInfo &tensor, int channelAxis, std::size_t block)
{
    const auto axis = static_cast<std::size_t>(channelAxis);
    return axis + 2 == tensor.shape.size() && axis == tensor.stackAxes && tensor.shape.back() % block == 0;
}

bool isGguf(const Model &model)
{
    return whyNoGguf(model).empty();
}

/// Of GGUF files and of models that llama.cpp knows.
Text whyNot(const Model &model)
{
    Text reason = whyNoGguf(model);
    return reason.empty() || model.format.starts_with("GGUF") ? std::move(reason) : whyNoGgufOfHuggingFace(model);
}

LayerFit fit(const Model &model, std::size_t layer, const Decision &decision)
{
    LayerFit fit{decision};
    if (!decision.quantize)
        return fit;
    const TensorInfo &tensor = model.tensorOf(model.layers[layer]);
    const std::size_t block = blockOf(decision.scheme);
    Text reason = isGguf(model) ? Text() : whyNoBlocks(model, model.layers[layer], decision.channelAxis, block);
    if (isGguf(model) && !hasWholeBlocks(tensor, decision.channelAxis, block))
        reason = Text::of("its rows of {} weights are not made of whole blocks of {}", tensor.shape.back(), block);
    if (!reason.empty()) {
        fit.decision.quantize = false;
        fit.decision.reason = std::move(reason);
        return fit;
    }
    Scheme &scheme = fit.decision.scheme;
    const bool together = formulaOf(scheme).superBlock != nullptr; // their scales are of no type
    if (scheme.scaleType == ScaleType::F32 && !together)
        scheme.scaleType = ScaleType::F16; // as the blocks have them
    if (blocksFor(scheme) == nullptr || (scheme.scaleType != ScaleType::F16 && !together))
        fit.refusals.push_back(
            helpedByScheme(Text::of("no type of GGUF holds layer '{}' as {}", tensor.name, decision.scheme.summary()),
                           Text::of("use the nearest convention, {}", nearestConvention(scheme)), layer,
                           {.convention = std::string(nearestConvention(scheme))}));
    return fit;
}

/// Codes of one layer as rows of blocks.
Result<FileContents> contents(const ExportInput &input)
{
    std::map<const CodePacker *, std::shared_ptr<const Producer>> producers;
    const ReplaceGgufTensor replace = [&](std::size_t tensor) -> std::optional<NewGgufTensor> {
        const auto layer = input.model.layerOf(tensor);
        if (!layer || !input.decisions[*layer].quantize)
            return std::nullopt;
        const Decision &decision = input.decisions[*layer];
        const CodePacker *packer = blocksFor(decision.scheme);
        if (packer == nullptr)
            return std::nullopt; // refused by fit()
        std::shared_ptr<const Producer> &codes = producers[packer];
        if (!codes)
            codes = layerCodes(input.model, input.decisions, *packer);
        const TensorInfo &info = input.model.tensors[tensor];
        const MatrixShape matrix = matrixShape(info, decision.channelAxis);
        return NewGgufTensor{
            {info.name, DType::U8, {matrix.channels, packer->bytes(matrix.weights)}, codes, *layer, kCodes, 0},
            packer->name};
    };
    if (isGguf(input.model) && !input.tokenizer.empty())
        return fail(ErrorCode::Work,
                    Text::of("a GGUF file made of a GGUF file keeps its tokenizer: none can be chosen"));
    return isGguf(input.model) ? rewriteGguf(input.model, replace)
                               : ggufOfHuggingFace(input.model, replace, input.tokenizer);
}

std::vector<Text> notes(const ExportInput &input)
{
    std::vector<Text> notes{Text::of("llama.cpp also rounds activations to 8 bits, so its outputs differ from those of "
                                     "these weights")};
    if (!isGguf(input.model))
        std::ranges::move(tokenizerNotes(input.model, input.tokenizer), std::back_inserter(notes));
    if (input.model.files.size() > 1)
        notes.push_back(Text::of("the {} parts of the model become one file", input.model.files.size()));
    return notes;
}

} // namespace

std::string_view ggufTypeOf(const Scheme &scheme)
{
    const CodePacker *packer = blocksFor(scheme);
    return packer == nullptr ? std::string_view() : packer->name;
}

constinit const ExportFormat kGgufFormat{
    .name = "gguf",
    .description = Text::constant("GGUF: blocks of llama.cpp (Q8_0, Q6_K, Q5_K, Q4_K, Q5_0, Q5_1, Q4_0, Q4_1) as the "
                                  "schemes say; from GGUF files and Hugging Face models"),
    .suffixes = "*.gguf",
    .suffix = ".gguf",
    .runtimes = Text::constant("llama.cpp and what is built on it"),
    .usage = "llama-cli -p Hello -m {}",
    .presets = {"convention=gguf-q8_0", "convention=gguf-q6_k", "convention=gguf-q4_k", "convention=gguf-q4_0"},
    .tokenizer = true,
    .whyNot = whyNot,
    .container = container,
    .fit = fit,
    .contents = contents,
    .notes = notes,
};

} // namespace qs
