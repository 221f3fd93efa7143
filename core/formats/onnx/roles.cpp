// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/roles.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/formats/onnx/computed_weights.h"
#include "core/formats/onnx/follower.h"
#include "core/formats/onnx/node_codes.h"
#include "core/formats/onnx/stored_codes.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

namespace qs::onnx {
namespace {

constexpr std::size_t kCheckStep = 256; // tensors between two looks at the stop token
constexpr std::uint64_t kLeastFlat = 4; // elements of a row of numbers that may become a matrix

bool isFloat(DType type)
{
    return isWeightFloat(type) || type == DType::F8E4M3 || type == DType::F8E5M2 || type == DType::F8E4M3Fnuz ||
           type == DType::F8E5M2Fnuz || type == DType::F4;
}

TensorRole noLayer(Text reason)
{
    return {.reason = std::move(reason), .layer = false};
}

TensorRole kept(std::optional<Op> op, Text reason)
{
    return {.op = op, .reason = std::move(reason), .quantizable = false};
}

/// "w_quantized", or with a number behind that, for the value "w".
bool isNameOfCodes(std::string_view name, std::string_view value)
{
    if (value.empty() || !name.starts_with(value) || !name.substr(value.size()).starts_with(kCodesSuffix))
        return false;
    const std::string_view number = name.substr(value.size() + kCodesSuffix.size());
    return number.empty() || (number.size() > 1 && number.front() == '_' &&
                              number.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

bool isOneWeight(const Followed &uses)
{
    return std::ranges::all_of(
        uses.weights, [&](const Finding &finding) { return finding.computed == uses.weights.front().computed; });
}

/// Several weights that nodes pick out of one are that one, in parts, as far as nothing else is done with them.
Followed usesOf(Follower &follower, std::uint32_t value, const TensorInfo &info)
{
    Followed uses = follower.follow(value, info.shape, info.dtype);
    if (isOneWeight(uses))
        return uses;
    uses = follower.follow(value, info.shape, info.dtype, Picked::Part);
    return isOneWeight(uses) ? uses : follower.follow(value, info.shape, info.dtype);
}

std::string listOf(const std::vector<std::string_view> &ops)
{
    std::string text;
    for (std::string_view op : ops)
        text += (text.empty() ? "" : ", ") + printable(op.substr(0, 64));
    return text;
}

class RoleFinder
{
public:
    RoleFinder(Source &source, const ModelFile &graphs, const Scopes &scopes, Model &model)
        : m_source(source)
        , m_model(model)
        , m_constants(graphs, scopes, model)
        , m_context{source, graphs, scopes, model, m_constants}
        , m_folder(m_context)
        , m_follower(m_context, m_folder)
    {}

    Result<void> find(std::span<const GraphTensor> tensors)
    {
        m_computed.emplace(m_context, m_folder, tensors);
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            const std::size_t tensor = tensors[i].tensor;
            if (auto role = roleOf(tensors[i], m_context.scopes.valueOfTensor(i)))
                m_model.roles.emplace(tensor, std::move(*role));
            if (i % kCheckStep == 0)
                QS_CHECK(m_source.context.check());
        }
        for (const Graph &graph : m_context.graphs.graphs)
            for (const Node &node : graph.nodes) {
                if (node.opType == "ConstantOfShape" && node.isStandard() && !node.outputs.empty())
                    noteMadeWeight(node);
                noteCodedBias(node);
            }
        QS_CHECK(m_computed->finish(m_model));
        if (m_context.exhausted())
            m_source.notes.add(
                Text::constant("the graphs use tensors in too many ways to follow them all, so some layers are kept "
                               "in float"),
                "functions");
        return {};
    }

private:
    std::optional<TensorRole> roleOf(const GraphTensor &place, std::uint32_t value)
    {
        const std::size_t tensor = place.tensor;
        const TensorInfo &info = m_model.tensors[tensor];
        const bool isFlat = info.shape.size() < 2;
        if ((!isFloat(info.dtype) && !isInteger(info.dtype)) || (isFlat && info.elements() < kLeastFlat))
            return std::nullopt;
        if (info.elements() == 0)
            return isFloat(info.dtype) ? std::optional(noLayer(Text::of("it has no elements"))) : std::nullopt;
        const Followed uses = usesOf(m_follower, value, info);
        noteOddities(uses);
        const auto isComputed = [](const Finding &finding) { return finding.computed != kNone; };
        if (std::ranges::any_of(uses.weights, isComputed))
            return floatRole(place, uses);
        if (isFlat) // a bias, a norm: no weight until nodes make a matrix of it
            return std::nullopt;
        return isFloat(info.dtype) ? floatRole(place, uses) : codesRole(place, uses);
    }

    std::optional<TensorRole> codesRole(const GraphTensor &place, const Followed &uses)
    {
        const std::size_t tensor = place.tensor;
        for (const Finding &finding : uses.weights) {
            if (finding.dequantizing) {
                TensorRole role = storedCodesRole(m_model, tensor, &finding, *finding.dequantizing);
                if (role.stored)
                    nameAfter(place, finding.dequantizing->value);
                return role;
            }
            if (finding.consumption.codes == Codes::None)
                return kept(finding.consumption.op, finding.reason);
            if (finding.consumption.codes != Codes::Scaled) {
                if (auto role = decodedByNode(m_model, tensor, finding)) {
                    nameAfter(place, place.name.substr(0, place.name.rfind(kCodesSuffix)));
                    return role;
                }
                return undecodedCodesRole(m_model, tensor, finding);
            }
            Dequantizing scales;
            scales.scale = finding.view.tensorInput(finding.consumption.scaleInput);
            scales.zeroPoint = finding.view.tensorInput(finding.consumption.zeroPointInput);
            scales.hasZeroPoint = finding.view.hasInput(finding.consumption.zeroPointInput);
            scales.storedAxis = finding.storedAxis;
            return storedCodesRole(m_model, tensor, &finding, scales);
        }
        if (uses.dequantizing)
            return storedCodesRole(m_model, tensor, nullptr, *uses.dequantizing);
        return std::nullopt;
    }

    /// Codes that are named after the value that comes of them are listed under its name: our exports keep the names
    /// of weights in that way.
    void nameAfter(const GraphTensor &codes, std::string_view value)
    {
        if (!isNameOfCodes(codes.name, value))
            return;
        if (m_names.empty())
            for (const TensorInfo &tensor : m_model.tensors)
                m_names.insert(tensor.name);
        std::string name(value);
        if (m_names.contains(name))
            name = fmt::format("{}/{}", pathOf(m_context.graphs, codes.graph), name);
        if (!m_names.insert(name).second)
            return;
        TensorInfo &info = m_model.tensors[codes.tensor];
        if (!info.inFile)
            info.inFile = std::make_shared<const TensorInfo>(info);
        info.name = std::move(name);
    }

    TensorRole floatRole(const GraphTensor &place, const Followed &uses)
    {
        const std::size_t tensor = place.tensor;
        if (m_context.exhausted())
            return kept(std::nullopt, Text::of("its uses could not all be followed"));
        if (uses.weights.empty()) {
            if (!uses.opaque.empty())
                return kept(std::nullopt,
                            Text::of("{} uses it, behind which its outputs are not known", listOf(uses.opaque)));
            if (uses.others.empty())
                return noLayer(Text::of("no node uses it"));
            return noLayer(Text::of("no node multiplies by it as a matrix; used by {}", listOf(uses.others)));
        }
        // Embeddings are rows that are looked up only; where a product uses the same weights, its op counts.
        const auto isProduct = [](const Finding &finding) { return finding.consumption.op != Op::Embedding; };
        const auto product = std::ranges::find_if(uses.weights, isProduct);
        const Finding &main = product == uses.weights.end() ? uses.weights.front() : *product;
        for (const Finding &finding : uses.weights) {
            if (!finding.storedAxis)
                return kept(main.consumption.op, finding.reason);
            if (finding.storedAxis != main.storedAxis)
                return kept(main.consumption.op,
                            Text::of("its nodes disagree: {}, but {}", main.reason, finding.reason));
            if (finding.computed != main.computed)
                return kept(main.consumption.op, finding.computed == kNone ? main.changed : finding.changed);
        }
        TensorRole role;
        role.op = main.consumption.op;
        role.channelAxis = main.storedAxis;
        const bool sameStack = std::ranges::all_of(
            uses.weights, [&](const Finding &finding) { return finding.stackAxes == main.stackAxes; });
        role.stackAxes = sameStack ? main.stackAxes : 0;
        role.reason = main.reason;
        Shape shape = m_model.tensors[tensor].shape;
        if (main.computed != kNone) {
            const Result<std::size_t> row = m_computed->add(place, main.computed);
            if (!row)
                return kept(role.op, Text::of("{}: {}", main.changed, row.error().message));
            if (*row != tensor)
                return noLayer(Text::of("part of the weight {}", inQuotes(m_model.tensors[*row].name)));
            shape = m_folder.outline(main.computed)->shape;
            role.reason = Text::of("{}; the values are those of the weight that the graph computes", main.reason);
        }
        role.bias = biasOf(main, shape[static_cast<std::size_t>(*main.storedAxis)]);
        return role;
    }

    std::optional<std::size_t> biasOf(const Finding &finding, std::uint64_t outputs) const
    {
        const auto suits = [&](std::uint32_t tensor) {
            return tensor != kNone && isWeightFloat(m_model.tensors[tensor].dtype) &&
                   m_model.tensors[tensor].shape == std::vector{outputs};
        };
        if (finding.consumption.biasInput) {
            const std::uint32_t bias = finding.view.tensorInput(*finding.consumption.biasInput);
            return suits(bias) ? std::optional<std::size_t>(bias) : std::nullopt;
        }
        const Node &node = finding.view.node();
        if (!finding.consumption.addsBiasLater || node.outputs.empty())
            return std::nullopt;
        const auto uses = m_context.scopes.usesOf(node.firstOutput);
        if (uses.size() != 1 || uses[0].node == kNone)
            return std::nullopt;
        const Node &next = m_context.graphs.graphs[uses[0].graph].nodes[uses[0].node];
        if (next.opType != "Add" || !next.isStandard() || next.inputs.size() != 2)
            return std::nullopt;
        const std::uint32_t other = m_context.scopes.input(next, 1 - uses[0].input);
        const std::uint32_t bias = other == kNone ? kNone : m_context.scopes.tensorOf(other);
        return suits(bias) ? std::optional<std::size_t>(bias) : std::nullopt;
    }

    void noteOddities(const Followed &uses)
    {
        for (const Finding &finding : uses.weights)
            if (finding.consumption.wrongGroup)
                m_source.notes.add(Text::constant("the attribute 'group' does not divide the channels of the weight"),
                                   finding.view.node().label());
    }

    /// The whole numbers that a node adds to its product of codes.
    void noteCodedBias(const Node &node)
    {
        const std::size_t input = node.opType == "QLinearConv" ? 8 : node.opType == "QGemm" ? 6 : 0;
        if (input == 0 || (!node.isStandard() && node.domain != "com.microsoft"))
            return;
        constexpr std::size_t kScale = 1; // of what is fed
        constexpr std::size_t kWeightScale = 4;
        const NodeView view(m_context, node, nullptr);
        const std::uint32_t bias = view.tensorInput(input);
        const std::uint32_t scale = view.tensorInput(kScale);
        const std::uint32_t weightScale = view.tensorInput(kWeightScale);
        if (bias != kNone && scale != kNone && weightScale != kNone && m_model.tensors[bias].dtype == DType::I32)
            m_model.roles.try_emplace(bias,
                                      TensorRole{.reason = Text::of("{} adds it to its product of codes", node.opType),
                                                 .layer = false,
                                                 .scaledBy = {scale, weightScale}});
    }

    /// Weights that the model makes itself when it runs.
    void noteMadeWeight(const Node &node)
    {
        const auto dims = NodeView(m_context, node, nullptr).integersInput(0);
        if (!dims || dims->size() < 2 || dims->size() > kMaxDims)
            return;
        std::vector<std::uint64_t> shape;
        std::optional<std::uint64_t> product = 1;
        for (std::int64_t dim : *dims) {
            if (dim < 1 || !(product = checkedMul(*product, static_cast<std::uint64_t>(dim))))
                return;
            shape.push_back(static_cast<std::uint64_t>(dim));
        }
        if (!m_follower.follow(node.firstOutput, shape, DType::F32).weights.empty())
            m_source.notes.add(Text::constant("weights that the model makes when it runs are not in the file"),
                               node.outputs[0]);
    }

    Source &m_source;
    Model &m_model;
    ConstantValues m_constants;
    FollowContext m_context;
    ConstantFolder m_folder;
    Follower m_follower;
    std::optional<ComputedWeights> m_computed;
    std::unordered_set<std::string> m_names; ///< of tensors; filled when somebody asks
};

} // namespace

Result<void> findRoles(Source &source, const ModelFile &graphs, const Scopes &scopes,
                       std::span<const GraphTensor> tensors, Model &model)
{
    return RoleFinder(source, graphs, scopes, model).find(tensors);
}

} // namespace qs::onnx
