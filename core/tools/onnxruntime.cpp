// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX Runtime's quantizers in Python: names of nodes to exclude. One call has one scheme for all nodes.
#include "core/export/formats/onnx/onnx.h"
#include "core/tools/onnx_nodes.h"
#include "core/tools/rules_draft.h"
#include "core/tools/tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace qs {
namespace {

constexpr std::string_view kProduct{"MatMul"};
constexpr std::string_view kGemm{"Gemm"};
constexpr std::uint32_t kLeastBlock = 16;
constexpr std::uint32_t kMostBlock = 256;

Text whyNot(const Model &model)
{
    return kOnnxFormat.whyNot(model);
}

bool isBlocks(const Scheme &scheme)
{
    return scheme.granularity.kind == Granularity::Kind::Group;
}

/// Why neither quantizer of ONNX Runtime has such a scheme.
Text whyNoScheme(const Scheme &scheme)
{
    if (scheme.hasOffsets())
        return Text::of("ONNX Runtime has no float offsets");
    const std::uint32_t block = scheme.granularity.groupSize;
    if (!isBlocks(scheme))
        return scheme.bits == kMaxBits
                   ? Text()
                   : Text::of("ONNX Runtime quantizes whole channels and tensors to 8 bits, not to {}", scheme.bits);
    if (scheme.bits != 2 && scheme.bits != 4 && scheme.bits != 8)
        return Text::of("ONNX Runtime has blocks of 2, 4 or 8 bits, not of {}", scheme.bits);
    if (!std::has_single_bit(block) || block < kLeastBlock || block > kMostBlock)
        return Text::of("ONNX Runtime has blocks of 16, 32, 64, 128 or 256 weights, not of {}", block);
    return {};
}

/// Keeps the layers without a scheme or a node that the tool takes.
void keepWhatDoesNotFit(RulesDraft &draft, const std::vector<WeightNode> &nodes)
{
    for (const std::size_t layer : draft.quantized())
        if (Text reason = whyNoScheme(draft.scheme(layer)); !reason.empty())
            draft.keep(layer, std::move(reason));
    for (const std::size_t layer : draft.quantized()) {
        const bool blocks = isBlocks(draft.scheme(layer));
        std::size_t uses = 0;
        bool fits = true;
        for (const WeightNode &node : nodes) {
            if (std::ranges::find(node.layers, layer) == node.layers.end())
                continue;
            ++uses;
            fits = fits && node.quantizable && (!blocks || node.opType == kProduct);
        }
        if (uses == 0 || !fits)
            draft.keep(layer, blocks ? Text::of("ONNX Runtime makes blocks of weights of MatMul nodes only")
                                     : Text::of("ONNX Runtime quantizes initializers that Conv, MatMul, plain Gemm or "
                                                "LSTM nodes of the main graph use"));
    }
}

/// Layers of other schemes than the one of the call, and weights of nodes that have others in float.
void keepWhatIsNotAlike(RulesDraft &draft, const std::vector<WeightNode> &nodes, const Scheme &scheme)
{
    for (const std::size_t layer : draft.quantized())
        if (!sameForTools(draft.scheme(layer), scheme))
            draft.keep(layer,
                       Text::of("one call of ONNX Runtime has one scheme for all nodes, here {}", scheme.summary()));
    for (bool again = true; std::exchange(again, false);)
        for (const WeightNode &node : nodes) {
            const bool split = std::ranges::any_of(node.layers, [&](std::size_t i) { return !draft.quantizes(i); });
            for (const std::size_t layer : node.layers)
                if (split && draft.quantizes(layer)) {
                    draft.keep(layer, Text::of("its node has another weight that stays in float"));
                    again = true; // other nodes may use it
                }
        }
}

bool isQuantized(const RulesDraft &draft, const WeightNode &node)
{
    return node.quantizable && !node.layers.empty() &&
           std::ranges::all_of(node.layers, [&](std::size_t layer) { return draft.quantizes(layer); });
}

std::string listText(std::string_view name, const std::vector<std::string> &words)
{
    std::string text = fmt::format("{} = [\n", name);
    for (const std::string &word : words)
        text += fmt::format("    {},\n", stringLiteral(word));
    return text + "]\n";
}

std::string callText(const Scheme &scheme)
{
    const bool symmetric = scheme.mode == Mode::Symmetric;
    if (isBlocks(scheme))
        return fmt::format("quantizer = MatMulNBitsQuantizer(model, bits={}, block_size={}, is_symmetric={},\n"
                           "                                 nodes_to_exclude=nodes_to_exclude)\n"
                           "quantizer.process()\n"
                           "quantizer.model.save_model_to_file(sys.argv[2])\n",
                           scheme.bits, scheme.granularity.groupSize, pythonBool(symmetric));
    return fmt::format("quantize_dynamic(model, sys.argv[2], weight_type=QuantType.QInt8, per_channel={},\n"
                       "                 op_types_to_quantize=op_types_to_quantize, "
                       "nodes_to_exclude=nodes_to_exclude,\n"
                       "                 extra_options={{\"WeightSymmetric\": {}}})\n",
                       pythonBool(scheme.granularity.kind == Granularity::Kind::Channel), pythonBool(symmetric));
}

/// Names must tell the nodes apart.
constexpr std::string_view kNaming{"seen = set()\n"
                                   "for node in model.graph.node:\n"
                                   "    if not node.name or node.name in seen:\n"
                                   "        node.name = node.output[0]\n"
                                   "    seen.add(node.name)\n"};

std::string script(const RulesDraft &draft, const std::vector<WeightNode> &nodes, const Scheme &scheme)
{
    std::vector<std::string> excluded;
    std::vector<std::string> types;
    for (const WeightNode &node : nodes) {
        const std::string type(node.opType == kGemm ? kProduct : std::string_view(node.opType));
        if (!isQuantized(draft, node)) {
            excluded.push_back(node.name);
            if (node.opType == kGemm)
                excluded.push_back(node.name + "_MatMul"); // into which the tool divides it first
        } else if (std::ranges::find(types, type) == types.end()) {
            types.push_back(type);
        }
    }
    const bool renamed = std::ranges::any_of(nodes, &WeightNode::renamed);
    std::string text{"import sys\n\nimport onnx\n"};
    text += isBlocks(scheme) ? "from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer\n\n"
                             : "from onnxruntime.quantization import QuantType, quantize_dynamic\n\n";
    text += listText("nodes_to_exclude", excluded);
    if (!isBlocks(scheme))
        text += listText("op_types_to_quantize", types);
    text += "\nmodel = onnx.load(sys.argv[1])\n";
    if (renamed)
        text += kNaming;
    return text + callText(scheme);
}

Result<std::string> write(RulesDraft &draft, const TaskContext &context)
{
    QS_ASSIGN(const std::vector<WeightNode> nodes, weightNodes(draft.model(), context));
    keepWhatDoesNotFit(draft, nodes);
    const auto usual = draft.mostCommon();
    if (!usual)
        return std::string();
    const Scheme scheme = draft.scheme(*usual);
    keepWhatIsNotAlike(draft, nodes, scheme);
    draft.remarkOnMethods();
    draft.note(Text::of("run it as: python THIS_FILE IN.onnx OUT.onnx"));
    if (!isBlocks(scheme))
        draft.note(Text::of("ONNX Runtime quantizes the activations of these nodes, too"));
    return script(draft, nodes, scheme);
}

} // namespace

constinit const RuleTool kOnnxRuntimeRules{
    .name = "onnxruntime",
    .description = Text::constant("ONNX Runtime: a Python script with the nodes to exclude; for ONNX files"),
    .suffix = ".py",
    .whyNot = whyNot,
    .write = write,
};

} // namespace qs
