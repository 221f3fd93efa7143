// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tools/onnx_nodes.h"

#include "core/base/input_file.h"
#include "core/formats/onnx/attributes.h"
#include "core/formats/onnx/tensors.h"

#include <array>
#include <bit>
#include <cstring>
#include <map>
#include <unordered_set>

namespace qs {
namespace {

using onnx::Node;

struct Kind {
    std::string_view opType;
    std::array<std::size_t, 2> weights; ///< inputs that are weights; all of them have to be initializers
};
constexpr std::array kKinds{Kind{"Conv", {1, 1}}, Kind{"MatMul", {1, 1}}, Kind{"Gemm", {1, 1}}, Kind{"LSTM", {1, 2}}};

/// A float attribute; 1 where it is left out.
float factorOf(const onnx::Source &source, const Node &node, std::string_view name)
{
    const auto attribute = onnx::findAttribute(source, node, name);
    float value = 1;
    if (attribute && attribute->number)
        std::memcpy(&value, source.bytes.data() + attribute->number->begin, sizeof value);
    return value;
}

/// Gemm becomes a MatMul and an Add, when it does no more than that.
bool isPlainProduct(const onnx::Source &source, const Node &node)
{
    const auto transposed = onnx::findAttribute(source, node, "transA");
    return factorOf(source, node, "alpha") == 1.0F && factorOf(source, node, "beta") == 1.0F &&
           (!transposed || transposed->integer.value_or(0) == 0);
}

class NodeFinder
{
public:
    NodeFinder(const Model &model, const onnx::Source &source, const std::vector<onnx::GraphTensor> &tensors)
        : m_model(model)
        , m_source(source)
    {
        for (const onnx::GraphTensor &tensor : tensors)
            if (tensor.graph == 0 && tensor.node == onnx::kNone)
                m_initializers.emplace(tensor.name, tensor.tensor);
    }

    std::vector<WeightNode> nodesOf(const onnx::Graph &graph)
    {
        std::vector<WeightNode> nodes;
        for (const Node &node : graph.nodes) {
            const bool isNew = !node.name.empty() && m_names.insert(node.name).second;
            for (const Kind &kind : kKinds)
                if (node.opType == kind.opType && node.isStandard() && !node.outputs.empty())
                    nodes.push_back(nodeOf(node, kind, isNew));
        }
        return nodes;
    }

private:
    WeightNode nodeOf(const Node &node, const Kind &kind, bool ownName)
    {
        WeightNode result{std::string(ownName ? node.name : node.outputs[0]), std::string(node.opType), !ownName, {}};
        result.quantizable = node.opType != kKinds[2].opType || isPlainProduct(m_source, node);
        for (const std::size_t input : kind.weights) {
            const auto found =
                input < node.inputs.size() ? m_initializers.find(node.inputs[input]) : m_initializers.end();
            const auto layer = found != m_initializers.end() ? m_model.layerOf(found->second) : std::nullopt;
            result.quantizable = result.quantizable && found != m_initializers.end();
            if (layer && (result.layers.empty() || result.layers.back() != *layer))
                result.layers.push_back(*layer);
        }
        return result;
    }

    const Model &m_model;
    const onnx::Source &m_source;
    std::map<std::string_view, std::size_t> m_initializers; ///< tensors by name
    std::unordered_set<std::string_view> m_names;           ///< of nodes so far
};

} // namespace

Result<std::vector<WeightNode>> weightNodes(const Model &model, const TaskContext &context)
{
    const InputFile &file = *model.files.front();
    onnx::Source source(file, inQuotes(file.path().native()) + ", ONNX", context);
    QS_ASSIGN(const onnx::ModelFile graphs, onnx::readGraphs(source));
    QS_ASSIGN(const std::vector<onnx::GraphTensor> tensors, onnx::findTensors(source, graphs));
    if (tensors.size() != model.tensors.size())
        return fail(ErrorCode::Input, Text::of("the file changed while it was read"), source.where);
    return NodeFinder(model, source, tensors).nodesOf(graphs.graphs.front());
}

} // namespace qs
