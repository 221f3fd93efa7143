// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// AI Edge Quantizer: a recipe for .tflite files. Its regular expressions are searched in the names of the tensors that
// an operator makes, which converters form of classes and modules: "Net/torch.nn.modules.linear.Linear_fc1;". The last
// entry that is found wins.
#include "core/tools/rules_draft.h"
#include "core/tools/tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace qs {
namespace {

constexpr std::array<std::uint32_t, 4> kBlocks{32, 64, 128, 256};

/// The module's name between other letters, its parts joined in any way that converters have.
std::string pattern(std::string_view module)
{
    std::string text{"(?:^|[/;._])"};
    while (true) {
        const std::size_t end = std::min(module.find('.'), module.size());
        text += escapedForRegex(module.substr(0, end));
        if (end == module.size())
            return text + "(?:[/;:]|$)";
        text += "(?:[._]|/(?:[^/;]*_)?)";
        module.remove_prefix(end + 1);
    }
}

bool isBlocks(const Scheme &scheme)
{
    return scheme.granularity.kind == Granularity::Kind::Group;
}

/// Schemes that the tool has for products in integers only.
bool inIntegers(const Scheme &scheme)
{
    return isBlocks(scheme) || scheme.bits == 2;
}

Text whyNot(const Layer &layer, const Scheme &scheme)
{
    const bool convolves = layer.op == Op::Conv || layer.op == Op::ConvTranspose;
    if (layer.op == Op::Recurrent)
        return Text::of("AI Edge Quantizer has no operators of recurrent layers");
    if (scheme.hasOffsets())
        return Text::of("AI Edge Quantizer has no float offsets");
    if (scheme.bits != 2 && scheme.bits != 4 && scheme.bits != 8)
        return Text::of("AI Edge Quantizer has weights of 2, 4 or 8 bits, not of {}", scheme.bits);
    if (inIntegers(scheme) && scheme.mode != Mode::Symmetric)
        return Text::of("AI Edge Quantizer has 2 bits and blocks in the symmetric mode only");
    if (isBlocks(scheme) &&
        (scheme.bits == 8 || convolves || std::ranges::find(kBlocks, scheme.granularity.groupSize) == kBlocks.end()))
        return Text::of(
            "AI Edge Quantizer has blocks of 32, 64, 128 or 256 weights of 2 or 4 bits, of no convolutions");
    return {};
}

std::string granularityText(const Scheme &scheme)
{
    switch (scheme.granularity.kind) {
    case Granularity::Kind::Tensor:
        return "TENSORWISE";
    case Granularity::Kind::Channel:
        return "CHANNELWISE";
    case Granularity::Kind::Group:
        break;
    }
    return fmt::format("BLOCKWISE_{}", scheme.granularity.groupSize);
}

std::string entry(const RulesDraft &draft, std::size_t layer)
{
    const Scheme &scheme = draft.scheme(layer);
    std::string text = fmt::format("    {{\"regex\": {}, \"operation\": \"*\", \"algorithm_key\": \"{}\"",
                                   stringLiteral(pattern(draft.layer(layer).module)),
                                   draft.quantizes(layer) ? "min_max_uniform_quantize" : "no_quantize");
    if (!draft.quantizes(layer))
        return text + ", \"op_config\": {}},\n";
    return text + fmt::format(", \"op_config\": {{\n"
                              "        \"weight_tensor_config\": {{\"num_bits\": {}, \"symmetric\": {}, "
                              "\"granularity\": \"{}\", \"dtype\": \"INT\"}},\n"
                              "        \"compute_precision\": \"{}\", \"explicit_dequantize\": {}}}}},\n",
                              scheme.bits, pythonBool(scheme.mode == Mode::Symmetric), granularityText(scheme),
                              inIntegers(scheme) ? "INTEGER" : "FLOAT", pythonBool(!inIntegers(scheme)));
}

Result<std::string> write(RulesDraft &draft, const TaskContext & /*context*/)
{
    for (const std::size_t layer : draft.quantized())
        if (Text reason = whyNot(draft.layer(layer), draft.scheme(layer)); !reason.empty())
            draft.keep(layer, std::move(reason));
    draft.remarkOnMethods();
    draft.note(Text::of("operators are found by the names that the converter made of the modules' names: compare them "
                        "with those of the .tflite file"));
    // "block.fc" is found in the name of "my.block.fc", too, whose own entry has to come later.
    std::vector<std::size_t> order(draft.decisions().size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(draft.layer(i).module.size(), i); });
    std::string text{"recipe = [\n"};
    for (const std::size_t layer : order)
        text += entry(draft, layer);
    return text + "]\n\n# Quantizer(\"model.tflite\", recipe).quantize().export_model(\"quantized.tflite\")\n";
}

} // namespace

constinit const RuleTool kAiEdgeRules{
    .name = "ai-edge-quantizer",
    .description = Text::constant("AI Edge Quantizer: a recipe (Python) for the .tflite file of the same network"),
    .suffix = ".py",
    .write = write,
};

} // namespace qs
