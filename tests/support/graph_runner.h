// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a network node by node, without a trace: what tests of single operators need.
#pragma once

#include "core/eval/operator.h"
#include "core/eval/stored_value.h"

#include <map>

namespace qs::test {

/// Runs networks of a model whose nodes stand in order.
class GraphRunner
{
public:
    GraphRunner(const Model &model, const Network &network, MemoryBudget &budget)
        : m_model(model)
        , m_network(network)
        , m_budget(budget)
    {}

    /// Outputs of graph `graph` for its inputs.
    Result<Values> run(std::uint32_t graph, std::span<const ValuePtr> inputs)
    {
        const NetworkGraph &body = m_network.graphs[graph];
        if (inputs.size() != body.inputs.size())
            return fail(ErrorCode::Usage, Text::of("{} inputs are given for {}", inputs.size(), body.inputs.size()));
        for (std::size_t i = 0; i < inputs.size(); ++i)
            m_values[body.inputs[i]] = inputs[i];
        const RunContext context{
            m_network, m_task, m_budget,
            [this](std::uint32_t inner, std::span<const ValuePtr> given) { return run(inner, given); }};
        for (const NetworkNode &node : body.nodes) {
            Values given;
            for (const std::uint32_t input : node.inputs) {
                QS_ASSIGN(const ValuePtr value, valueOf(input));
                given.push_back(value);
            }
            QS_ASSIGN(const Values made, runNode(node, given, context));
            for (std::size_t i = 0; i < node.outputs.size(); ++i)
                if (node.outputs[i] != kAbsent)
                    m_values[node.outputs[i]] = made[i];
        }
        Values outputs;
        for (const std::uint32_t output : body.outputs) {
            QS_ASSIGN(const ValuePtr value, valueOf(output));
            outputs.push_back(value);
        }
        return outputs;
    }

private:
    Result<ValuePtr> valueOf(std::uint32_t index)
    {
        if (index == kAbsent)
            return nullptr;
        if (const auto known = m_values.find(index); known != m_values.end())
            return known->second;
        const NetworkValue &value = m_network.values[index];
        Result<ValuePtr> stored = value.tensor ? tensorValue(m_model, *value.tensor, m_budget, m_task)
                                  : value.constant != kAbsent
                                      ? constantValue(m_network.constants[value.constant], m_budget)
                                      : fail(ErrorCode::Usage, Text::of("nothing makes a value"));
        if (stored)
            m_values[index] = *stored;
        return stored;
    }

    const Model &m_model;
    const Network &m_network;
    MemoryBudget &m_budget;
    TaskContext m_task;
    std::map<std::uint32_t, ValuePtr> m_values;
};

} // namespace qs::test
