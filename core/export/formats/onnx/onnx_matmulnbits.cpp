// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/onnx/onnx_matmulnbits.h"

#include "core/base/checked_math.h"
#include "core/export/containers/pieces.h"
#include "core/export/formats/onnx/block_parts.h"
#include "core/export/formats/onnx/forms.h"
#include "core/export/registry.h"
#include "core/export/remedies.h"
#include "core/formats/onnx/roles.h"

#include <algorithm>
#include <bit>
#include <map>

#include <fmt/format.h>

namespace qs {

namespace {

// Of the node: smaller blocks are refused by ONNX Runtime, larger ones gave wrong results in some releases.
constexpr std::uint32_t kSmallestBlock = 16;
constexpr std::uint32_t kLargestBlock = 256;

const Container *container(std::string_view suffix)
{
    return hasSuffix(kOnnxContainer.suffixes, suffix) ? &kOnnxContainer : nullptr;
}

bool holdsBits(int bits)
{
    return bits == 2 || bits == 4 || bits == 8;
}

/// Why the layer stays as it is; empty when it can be such a node.
Text keptReason(const Model &model, const Layer &layer, const Decision &decision)
{
    const TensorInfo &tensor = model.tensorOf(layer);
    const bool isProduct = layer.op == Op::MatMul && tensor.shape.size() == 2 && decision.channelAxis == 1;
    if (!isProduct || (tensor.dtype != DType::F32 && tensor.dtype != DType::F16)) {
        static const Text kReason = Text::of("MatMulNBits stands in place of a MatMul with float32 or float16 weights");
        return kReason;
    }
    const Granularity &granularity = decision.scheme.granularity;
    if (granularity.kind == Granularity::Kind::Group && tensor.shape[0] % granularity.groupSize != 0)
        return Text::of("its {} inputs are not made of whole blocks of {}", tensor.shape[0], granularity.groupSize);
    return {};
}

LayerFit fit(const Model &model, std::size_t layer, const Decision &decision)
{
    LayerFit fit{decision};
    if (!decision.quantize)
        return fit;
    const Layer &what = model.layers[layer];
    if (Text reason = keptReason(model, what, decision); !reason.empty()) {
        fit.decision.quantize = false;
        fit.decision.reason = std::move(reason);
        return fit;
    }
    Scheme &scheme = fit.decision.scheme;
    if (model.tensorOf(what).dtype == DType::F16)
        scheme.scaleType = ScaleType::F16; // the node wants them in the type of the activations
    const std::uint32_t block = scheme.granularity.groupSize;
    const bool blocks = scheme.granularity.kind == Granularity::Kind::Group && std::has_single_bit(block) &&
                        block >= kSmallestBlock && block <= kLargestBlock;
    if (!blocks || !holdsBits(scheme.bits) || scheme.hasOffsets()) {
        SchemePatch change = scheme.hasOffsets() ? withoutOffsets(scheme) : SchemePatch{};
        const int bits = holdsBits(scheme.bits) ? scheme.bits : scheme.bits < 4 ? 4 : 8;
        change.bits = bits;
        change.granularity = blocks ? scheme.granularity : Granularity::group(32);
        fit.refusals.push_back(helpedByScheme(
            Text::of("MatMulNBits holds 2, 4 or 8 bits in groups of 16, 32, 64, 128 or 256 without "
                     "offsets; layer '{}' is {}",
                     what.name, scheme.summary()),
            Text::of("use {} bits in groups of {}", bits, change.granularity->groupSize), layer, change));
    }
    return fit;
}

/// One weight as the inputs of the nodes that stand in place of the MatMuls.
onnx::NewWeight makeNode(const ExportInput &input, std::size_t layer, const onnx::WeightPlace &place,
                         onnx::NameSet &names, const std::shared_ptr<const Producer> &codes)
{
    const TensorInfo &tensor = input.model.tensorOf(input.model.layers[layer]);
    const Scheme &scheme = input.decisions[layer].scheme;
    const std::uint64_t inputs = tensor.shape[0];
    const std::uint64_t outputs = tensor.shape[1];
    const std::uint64_t block = std::max(scheme.granularity.groupSize, 1U); // 0 of schemes that fit() refuses
    const auto bits = static_cast<std::uint64_t>(scheme.bits);
    const auto name = [&](std::string_view suffix) { return names.take(place.name + std::string(suffix)); };
    onnx::NewWeight weight;
    weight.constants.push_back(
        {name(onnx::kCodesSuffix), DType::U8, {outputs, inputs / block, block * bits / 8}, codes, layer, kCodes, 0});
    weight.constants.push_back({name("_scale"), tensor.dtype, {outputs, inputs / block}, codes, layer, kScales, 0});
    if (scheme.hasZeroPoints())
        weight.constants.push_back({name("_zero_point"),
                                    DType::U8,
                                    {outputs, ceilDiv(inputs / block * bits, 8)},
                                    codes,
                                    layer,
                                    kZeroPoints,
                                    0});
    onnx::NewNode &node = weight.consumer.emplace();
    node.opType = "MatMulNBits";
    node.domain = "com.microsoft";
    for (const OutputTensor &constant : weight.constants)
        node.inputs.push_back(constant.name);
    node.attributes = {{"K", inputs}, {"N", outputs}, {"bits", bits}, {"block_size", block}};
    return weight;
}

Result<FileContents> contents(const ExportInput &input)
{
    std::map<int, std::shared_ptr<const Producer>> producers; // by bits
    return onnx::rewriteModel(
        input, [&](std::size_t layer, const onnx::WeightPlace &place, onnx::NameSet &names) -> onnx::NewWeight {
            const int bits = input.decisions[layer].scheme.bits;
            const CodePacker *packer = findCodePacker(fmt::format("uint{}", bits));
            std::shared_ptr<const Producer> &codes = producers[bits];
            if (!codes)
                codes = onnx::withBlockParts(input.model, input.decisions,
                                             layerCodes(input.model, input.decisions, *packer),
                                             {.packer = packer, .packRows = true});
            return makeNode(input, layer, place, names, codes);
        });
}

std::vector<Text> notes(const ExportInput & /*input*/)
{
    return {Text::of("only ONNX Runtime knows the operator MatMulNBits")};
}

} // namespace

constinit const ExportFormat kOnnxMatMulNBitsFormat{
    .name = "onnx-matmulnbits",
    .description = Text::constant("ONNX with MatMulNBits: products with codes of 2, 4 or 8 bits; from ONNX files"),
    .suffixes = "*.onnx",
    .suffix = ".onnx",
    .runtimes = Text::constant("ONNX Runtime"),
    .usage = "import onnxruntime\nsession = onnxruntime.InferenceSession({})",
    .presets = {"bits=4,granularity=group:32", "bits=8,granularity=group:32"},
    .whyNot = onnx::whyNot,
    .container = container,
    .fit = fit,
    .contents = contents,
    .notes = notes,
};

} // namespace qs
