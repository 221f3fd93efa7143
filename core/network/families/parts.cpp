// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/families/parts.h"

namespace qs {

GraphValue TransformerParts::addTokens()
{
    const GraphValue ids = m_graph.addInput("input_ids", DType::I64, {{.name = "batch"}, {.name = "tokens"}});
    setSteps(ids);
    return ids;
}

void TransformerParts::setSteps(GraphValue like)
{
    m_like = like;
    m_shape = kAbsent;
}

GraphValue TransformerParts::positions()
{
    if (m_positions == kAbsent) {
        const GraphValue shape = m_graph.addNode("Shape", {m_like});
        const GraphValue count = m_graph.addNode("Gather", {shape, m_graph.addInteger(1)});
        m_positions = m_graph.addNode("Range", {m_graph.addInteger(0), count, m_graph.addInteger(1)});
    }
    return m_positions;
}

GraphValue TransformerParts::steps(GraphValue x, std::string name)
{
    if (m_shape == kAbsent) {
        const GraphValue leading =
            m_graph.addNode("Shape", {m_like}, {{"start", std::int64_t{0}}, {"end", std::int64_t{2}}});
        m_shape = m_graph.addNode("Concat", {leading, m_graph.addIntegers({-1})}, {{"axis", std::int64_t{0}}});
    }
    return m_graph.addNode("Reshape", {x, m_shape}, {}, std::move(name));
}

GraphValue TransformerParts::rows(GraphValue x, std::uint64_t size)
{
    return m_graph.addNode("Reshape", {x, m_graph.addIntegers({-1, static_cast<std::int64_t>(size)})});
}

Result<GraphValue> TransformerParts::embed(GraphValue ids, const std::string &table, std::uint64_t entries,
                                           std::uint64_t size)
{
    QS_ASSIGN(const GraphValue weights, m_graph.addTensor(name(table), {entries, size}));
    return m_graph.addNode("Gather", {weights, ids}, {}, name(table));
}

Result<GraphValue> TransformerParts::linear(GraphValue x, const std::string &module, std::uint64_t inputs,
                                            std::uint64_t outputs, WeightOrder order)
{
    const bool outFirst = order == WeightOrder::OutIn;
    using Sizes = std::vector<std::uint64_t>;
    QS_ASSIGN(const GraphValue weights,
              m_graph.addTensor(name(module + ".weight"), outFirst ? Sizes{outputs, inputs} : Sizes{inputs, outputs}));
    std::vector<GraphValue> from{x, weights};
    if (m_graph.hasTensor(name(module + ".bias"))) {
        QS_ASSIGN(const GraphValue bias, m_graph.addTensor(name(module + ".bias"), {outputs}));
        from.push_back(bias);
    }
    return m_graph.addNode("Gemm", std::move(from), {{"transB", std::int64_t{outFirst}}}, name(module));
}

Result<GraphValue> TransformerParts::layerNorm(GraphValue x, const std::string &module, std::uint64_t size,
                                               double epsilon)
{
    const bool old = m_graph.hasTensor(name(module + ".gamma")); // names of the first BERT
    QS_ASSIGN(const GraphValue scale, m_graph.addTensor(name(module + (old ? ".gamma" : ".weight")), {size}));
    QS_ASSIGN(const GraphValue bias, m_graph.addTensor(name(module + (old ? ".beta" : ".bias")), {size}));
    return m_graph.addNode("LayerNormalization", {x, scale, bias}, {{"epsilon", static_cast<float>(epsilon)}},
                           name(module));
}

Result<GraphValue> TransformerParts::activate(GraphValue x, std::string_view activation)
{
    if (activation == "silu" || activation == "swish")
        return m_graph.addNode("Swish", {x});
    if (activation == "relu")
        return m_graph.addNode("Relu", {x});
    if (activation == "gelu")
        return m_graph.addNode("Gelu", {x});
    if (activation == "gelu_new" || activation == "gelu_pytorch_tanh" || activation == "gelu_fast")
        return m_graph.addNode("Gelu", {x}, {{"approximate", std::string("tanh")}});
    return fail(ErrorCode::Input, Text::of("the activation {} of config.json is not known", inQuotes(activation)));
}

std::vector<GraphValue> TransformerParts::split(GraphValue x, std::vector<std::int64_t> sizes)
{
    const std::size_t count = sizes.size();
    return m_graph.addNode("Split", {x, m_graph.addIntegers(std::move(sizes))}, count, {{"axis", std::int64_t{-1}}});
}

} // namespace qs
