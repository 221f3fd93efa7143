// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Parts that transformers share. Hidden states are [batch · steps, size]; only attention sees [batch, steps, size].
#pragma once

#include "core/network/families/config.h"
#include "core/network/graph_builder.h"

namespace qs {

using GraphValue = GraphBuilder::Value;

/// How a linear layer's weights lie.
enum class WeightOrder : std::uint8_t { OutIn, InOut };

/// Writes the parts of one transformer.
class TransformerParts
{
public:
    /// `prefix` stands before all names of tensors.
    TransformerParts(GraphBuilder &graph, std::string prefix)
        : m_graph(graph)
        , m_prefix(std::move(prefix))
    {}

    GraphBuilder &graph() { return m_graph; }
    std::string name(std::string_view rest) const { return m_prefix + std::string(rest); }

    /// Token ids [batch, steps], the network's input; sets the shape that steps() brings values to.
    GraphValue addTokens();
    /// Steps of the input as integers 0, 1, 2 …, [steps].
    GraphValue positions();
    /// [batch · steps, size] as [batch, steps, size].
    GraphValue steps(GraphValue x, std::string name = {});
    /// The other way round.
    GraphValue rows(GraphValue x, std::uint64_t size);
    /// Says of which value, [batch, steps, …], steps() takes batch and steps.
    void setSteps(GraphValue like);

    /// Rows of a table [entries, size] by index.
    Result<GraphValue> embed(GraphValue ids, const std::string &table, std::uint64_t entries, std::uint64_t size);
    /// x · Wᵀ + b; with the bias only where the model has one.
    Result<GraphValue> linear(GraphValue x, const std::string &module, std::uint64_t inputs, std::uint64_t outputs,
                              WeightOrder order = WeightOrder::OutIn);
    Result<GraphValue> layerNorm(GraphValue x, const std::string &module, std::uint64_t size, double epsilon);
    /// "silu", "gelu", "gelu_new" … of config.json.
    Result<GraphValue> activate(GraphValue x, std::string_view activation);
    /// Consecutive parts of the last axis.
    std::vector<GraphValue> split(GraphValue x, std::vector<std::int64_t> sizes);
    GraphValue add(GraphValue a, GraphValue b) { return m_graph.addNode("Add", {a, b}); }

private:
    GraphBuilder &m_graph;
    std::string m_prefix;
    GraphValue m_like = kAbsent;  ///< value whose batch and steps count
    GraphValue m_shape = kAbsent; ///< [batch, steps, −1]
    GraphValue m_positions = kAbsent;
};

} // namespace qs
