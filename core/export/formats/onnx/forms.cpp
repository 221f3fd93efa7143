// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/onnx/forms.h"

#include "core/base/checked_math.h"
#include "core/export/formats/onnx/block_parts.h"
#include "core/export/packed_codes.h"
#include "core/export/remedies.h"
#include "core/formats/onnx/metadata.h"
#include "core/formats/onnx/roles.h"
#include "core/scheme/scale_table.h"

namespace qs::onnx {
namespace {

/// One weight as codes, scales and zero points, and the nodes that make floats of them.
class CodedWeightMaker
{
public:
    CodedWeightMaker(const ExportInput &input, std::size_t layer, const WeightPlace &place, NameSet &names)
        : m_layer(layer)
        , m_tensor(input.model.tensorOf(input.model.layers[layer]))
        , m_decision(input.decisions[layer])
        , m_place(place)
        , m_names(names)
    {}

    /// `type`: of codes and zero points.
    NewWeight dequantizeLinear(const std::shared_ptr<const Producer> &codes, DType type)
    {
        std::vector<std::uint64_t> shape;
        std::vector<std::pair<std::string, std::uint64_t>> attributes;
        switch (scheme().granularity.kind) {
        case Granularity::Kind::Tensor:
            break;
        case Granularity::Kind::Channel:
            shape = {m_tensor.shape[axis()]};
            attributes = {{"axis", axis()}};
            break;
        case Granularity::Kind::Group:
            if (m_tensor.shape.size() != 2)
                break; // refused
            shape = m_tensor.shape;
            shape[1 - axis()] = ceilDiv(shape[1 - axis()], scheme().granularity.groupSize);
            attributes = {{"axis", 1 - axis()}, {"block_size", scheme().granularity.groupSize}};
            break;
        }
        addConstants(codes, shape, type, type);
        return finish({"DequantizeLinear", constantNames(), {}, std::move(attributes)});
    }

    /// The same in operators that every version since kBroadcasting has.
    NewWeight arithmetic(const std::shared_ptr<const Producer> &codes)
    {
        std::vector<std::uint64_t> shape;
        if (scheme().granularity.kind == Granularity::Kind::Channel) {
            shape.assign(m_tensor.shape.size(), 1);
            shape[axis()] = m_tensor.shape[axis()];
        }
        addConstants(codes, shape, DType::I8, DType::F32);
        std::string value = addNode({"Cast", {m_weight.constants[0].name}, {}, {{"to", dataTypeOf(DType::F32)}}});
        if (scheme().hasZeroPoints())
            value = addNode({"Sub", {value, m_weight.constants[2].name}, {}});
        return finish({"Mul", {value, m_weight.constants[1].name}, {}});
    }

private:
    const Scheme &scheme() const { return m_decision.scheme; }
    std::size_t axis() const { return static_cast<std::size_t>(m_decision.channelAxis); }

    void addConstants(const std::shared_ptr<const Producer> &codes, const std::vector<std::uint64_t> &shape,
                      DType codeType, DType zeroPointType)
    {
        add(kCodesSuffix, codeType, m_tensor.shape, codes, kCodes);
        add("_scale", DType::F32, shape, codes, kScales);
        if (scheme().hasZeroPoints())
            add("_zero_point", zeroPointType, shape, codes, kZeroPoints);
    }

    void add(std::string_view suffix, DType type, const std::vector<std::uint64_t> &shape,
             const std::shared_ptr<const Producer> &codes, CodesPart part)
    {
        m_weight.constants.push_back(
            {m_names.take(m_place.name + std::string(suffix)), type, shape, codes, m_layer, part, 0});
    }

    std::vector<std::string> constantNames() const
    {
        std::vector<std::string> names;
        for (const OutputTensor &constant : m_weight.constants)
            names.push_back(constant.name);
        return names;
    }

    /// Adds a node and returns the name of its output.
    std::string addNode(NewNode node)
    {
        node.output = m_names.take(m_place.name + "_" + node.opType);
        m_weight.nodes.push_back(std::move(node));
        return m_weight.nodes.back().output;
    }

    /// Adds the node that makes the value; weights of another type than float32 get theirs by one more.
    NewWeight finish(NewNode node)
    {
        if (m_tensor.dtype != DType::F32)
            node = {"Cast", {addNode(std::move(node))}, {}, {{"to", dataTypeOf(m_tensor.dtype)}}};
        node.output = m_place.name;
        m_weight.nodes.push_back(std::move(node));
        return std::move(m_weight);
    }

    std::size_t m_layer;
    const TensorInfo &m_tensor;
    const Decision &m_decision;
    const WeightPlace &m_place;
    NameSet &m_names;
    NewWeight m_weight;
};

/// Layers that ONNX Runtime computes with codes of the activations, too: DequantizeLinear before a product with
/// [in, out] weights.
bool roundsActivations(const ExportInput &input, std::size_t layer)
{
    const Layer &what = input.model.layers[layer];
    const Decision &decision = input.decisions[layer];
    return decision.quantize && (what.op == Op::MatMul || what.op == Op::Linear) && decision.channelAxis == 1 &&
           input.model.tensorOf(what).shape.size() == 2;
}

} // namespace

Text whyNot(const Model &model)
{
    const auto opset = standardOpset(model);
    if (!opset)
        return Text::of("an ONNX file can be made of an ONNX file only");
    if (*opset < kBroadcasting)
        return Text::of("the model uses version {} of the operators, quantized weights need {} or newer: convert the "
                        "model with another tool first",
                        *opset, kBroadcasting);
    return {};
}

MakeWeight dequantizedWeights(const ExportInput &input)
{
    const auto codes = withBlockParts(input.model, input.decisions,
                                      layerCodes(input.model, input.decisions, byteCodes()), {.groupsFirst = true});
    const auto plain = layerCodes(input.model, input.decisions, byteCodes());
    const bool perAxis = standardOpset(input.model).value_or(0) >= kDequantizePerAxis;
    return [&input, codes, plain, perAxis](std::size_t layer, const WeightPlace &place, NameSet &names) {
        CodedWeightMaker maker(input, layer, place, names);
        // Functions say themselves which operators they use.
        return perAxis && !place.inFunction ? maker.dequantizeLinear(codes, DType::I8) : maker.arithmetic(plain);
    };
}

MakeWeight dequantizedInt4Weights(const ExportInput &input)
{
    const CodePacker &packer = *findCodePacker("int4");
    const auto codes = withBlockParts(input.model, input.decisions,
                                      packedCodes(input.model, input.decisions, packer, StreamRows::Whole),
                                      {.groupsFirst = true, .packer = &packer});
    return [&input, codes](std::size_t layer, const WeightPlace &place, NameSet &names) {
        return CodedWeightMaker(input, layer, place, names).dequantizeLinear(codes, DType::I4);
    };
}

Text blocksProblem(const Model &model, std::size_t layer, const Decision &decision)
{
    if (decision.scheme.granularity.kind != Granularity::Kind::Group)
        return {};
    const std::int64_t opset = standardOpset(model).value_or(0);
    if (opset < kDequantizeBlocks)
        return Text::of("groups need version {} of the operators, the model of layer '{}' uses {}", kDequantizeBlocks,
                        model.layers[layer].name, opset);
    if (model.tensorOf(model.layers[layer]).shape.size() != 2)
        return Text::of("groups are possible for matrices only, layer '{}' is none", model.layers[layer].name);
    return {};
}

LayerFit fitDequantizeLinear(const Model &model, std::size_t layer, const Decision &decision)
{
    LayerFit fit{decision};
    if (!decision.quantize)
        return fit;
    const TensorInfo &tensor = model.tensorOf(model.layers[layer]);
    if (tensor.stackAxes > 0) {
        static const Text kReason = Text::of("ONNX has no scales for each matrix of a stack");
        fit.decision.quantize = false;
        fit.decision.reason = kReason;
        return fit;
    }
    const Scheme &scheme = decision.scheme;
    if (scheme.hasOffsets())
        fit.refusals.push_back(helpedByScheme(
            Text::of("ONNX has zero points, no offsets; layer '{}' is {}", tensor.name, scheme.summary()),
            Text::of("use the symmetric mode"), layer, withoutOffsets(scheme)));
    if (Text problem = blocksProblem(model, layer, decision); !problem.empty())
        fit.refusals.push_back(helpedByScheme(std::move(problem), Text::of("use one scale per channel"), layer,
                                              {.granularity = Granularity::channel()}));
    return fit;
}

std::vector<Text> activationNotes(const ExportInput &input)
{
    if (standardOpset(input.model).value_or(0) < kDequantizePerAxis)
        return {};
    std::size_t rounded = 0;
    for (std::size_t i = 0; i < input.decisions.size(); ++i)
        rounded += roundsActivations(input, i) ? 1 : 0;
    if (rounded == 0)
        return {};
    return {Text::of("newer releases of ONNX Runtime also round the activations of {} of the layers to 8 bits, unless "
                     "session.qdq_matmulnbits_accuracy_level is 1",
                     rounded)};
}

MakeWeight floatWeights(const ExportInput &input)
{
    const auto values = layerValues(input.model, input.decisions);
    return [&input, values](std::size_t layer, const WeightPlace &place, NameSet & /*names*/) {
        const TensorInfo &tensor = input.model.tensorOf(input.model.layers[layer]);
        return NewWeight{{{place.name, tensor.dtype, tensor.shape, values, layer, 0, 0}}, {}};
    };
}

} // namespace qs::onnx
