// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/scopes.h"

#include "core/base/text.h"

#include <unordered_map>

namespace qs::onnx {

/// Enters graph after graph; the table of names holds what is visible at the moment.
class ScopeBuilder
{
public:
    ScopeBuilder(Source &source, ModelFile &file, std::span<const GraphTensor> tensors)
        : m_source(source)
        , m_file(file)
        , m_tensors(tensors)
        , m_tensorsOfGraph(file.graphs.size())
    {
        for (std::size_t i = 0; i < tensors.size(); ++i)
            m_tensorsOfGraph[tensors[i].graph].push_back(static_cast<std::uint32_t>(i));
        m_scopes.m_tensorValues.resize(tensors.size(), kNone);
        m_scopes.m_graphInputs.resize(file.graphs.size(), 0);
        m_scopes.m_graphOutputs.resize(file.graphs.size(), 0);
    }

    Result<Scopes> build()
    {
        for (std::uint32_t i = 0; i < m_file.graphs.size(); ++i)
            if (m_file.graphs[i].parent == kNone)
                QS_CHECK(enter(i));
        sortUses();
        return std::move(m_scopes);
    }

private:
    struct Hidden {
        std::string_view name;
        std::uint32_t value = kNone; ///< what the name meant outside
    };
    struct PendingUse {
        std::uint32_t value = 0;
        Use use;
    };

    Result<void> enter(std::uint32_t index)
    {
        Graph &graph = m_file.graphs[index];
        const std::size_t hidden = m_hidden.size();
        const auto first = static_cast<std::uint32_t>(m_scopes.m_values.size());
        m_scopes.m_graphInputs[index] = first;
        for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
            const std::uint32_t value = newValue();
            m_scopes.m_values[value].input = static_cast<std::uint32_t>(i);
            if (!graph.inputs[i].empty())
                QS_CHECK(define(index, graph.inputs[i], value, first, "input"));
        }
        QS_CHECK(defineTensors(index, first));
        QS_CHECK(defineOutputs(index, first));
        for (std::uint32_t i = 0; i < graph.nodes.size(); ++i)
            QS_CHECK(useInputs(index, i, first));
        m_scopes.m_graphOutputs[index] = static_cast<std::uint32_t>(m_scopes.m_outputs.size());
        for (std::uint32_t i = 0; i < graph.outputs.size(); ++i) {
            const auto found = m_names.find(graph.outputs[i]);
            m_scopes.m_outputs.push_back(found == m_names.end() ? kNone : found->second);
            if (found != m_names.end())
                m_pending.push_back({found->second, {index, kNone, i}});
        }
        for (; m_hidden.size() > hidden; m_hidden.pop_back()) {
            if (m_hidden.back().value == kNone)
                m_names.erase(m_hidden.back().name);
            else
                m_names[m_hidden.back().name] = m_hidden.back().value;
        }
        return m_source.context.check();
    }

    std::uint32_t newValue()
    {
        m_scopes.m_values.emplace_back();
        return static_cast<std::uint32_t>(m_scopes.m_values.size() - 1);
    }

    /// Initializers of IR versions below 4 are inputs of the graph, too: such a name means the initializer.
    Result<void> defineTensors(std::uint32_t index, std::uint32_t first)
    {
        const auto inputsEnd = static_cast<std::uint32_t>(m_scopes.m_values.size());
        for (std::uint32_t i : m_tensorsOfGraph[index]) {
            const GraphTensor &tensor = m_tensors[i];
            if (tensor.node != kNone)
                continue; // an output of its node
            const auto known = m_names.find(tensor.name);
            std::uint32_t value = kNone;
            if (known != m_names.end() && known->second >= first && known->second < inputsEnd &&
                m_scopes.m_values[known->second].tensor == kNone) {
                value = known->second;
            } else {
                value = newValue();
                QS_CHECK(define(index, tensor.name, value, first, "initializer"));
            }
            m_scopes.m_values[value].tensor = static_cast<std::uint32_t>(tensor.tensor);
            m_scopes.m_tensorValues[i] = value;
        }
        return {};
    }

    Result<void> defineOutputs(std::uint32_t index, std::uint32_t first)
    {
        for (Node &node : m_file.graphs[index].nodes) {
            node.firstOutput = static_cast<std::uint32_t>(m_scopes.m_values.size());
            for (std::string_view name : node.outputs) {
                const std::uint32_t value = newValue();
                if (!name.empty())
                    QS_CHECK(define(index, name, value, first, "output of a node"));
            }
        }
        for (std::uint32_t i : m_tensorsOfGraph[index]) {
            const GraphTensor &tensor = m_tensors[i];
            if (tensor.node == kNone)
                continue;
            const std::uint32_t value = m_file.graphs[index].nodes[tensor.node].firstOutput;
            m_scopes.m_values[value].tensor = static_cast<std::uint32_t>(tensor.tensor);
            m_scopes.m_tensorValues[i] = value;
        }
        return {};
    }

    Result<void> define(std::uint32_t graph, std::string_view name, std::uint32_t value, std::uint32_t first,
                        const char *what)
    {
        const auto [entry, isNew] = m_names.try_emplace(name, value);
        if (isNew) {
            m_hidden.push_back({name, kNone});
            return {};
        }
        if (entry->second >= first) {
            const std::string path = pathOf(m_file, graph);
            return fail(ErrorCode::Input,
                        Text::of("the name {} is defined twice, the second time as {}", inQuotes(name), what),
                        Text::of("{} GraphProto {}, byte {}", m_source.where,
                                 path.empty() ? std::string("of the model") : inQuotes(path), m_source.offsetOf(name)));
        }
        m_source.notes.add(Text::constant("a name inside a subgraph hides the same name outside"), name);
        m_hidden.push_back({name, entry->second});
        entry->second = value;
        return {};
    }

    Result<void> useInputs(std::uint32_t graph, std::uint32_t index, std::uint32_t first)
    {
        Node &node = m_file.graphs[graph].nodes[index];
        node.firstInput = static_cast<std::uint32_t>(m_scopes.m_inputs.size());
        for (std::uint32_t i = 0; i < node.inputs.size(); ++i) {
            const auto found = node.inputs[i].empty() ? m_names.end() : m_names.find(node.inputs[i]);
            const std::uint32_t value = found == m_names.end() ? kNone : found->second;
            m_scopes.m_inputs.push_back(value);
            if (value == kNone) {
                if (!node.inputs[i].empty())
                    m_source.notes.add(Text::constant("nothing makes what a node takes as input"), node.inputs[i]);
                continue;
            }
            m_pending.push_back({value, {graph, index, i}});
            if (value >= first && value >= node.firstOutput)
                m_source.notes.add(Text::constant("a node uses what a later node makes"), node.inputs[i]);
        }
        for (std::uint32_t subgraph : node.subgraphs)
            QS_CHECK(enter(subgraph));
        return {};
    }

    void sortUses()
    {
        std::vector<Scopes::Value> &values = m_scopes.m_values;
        values.emplace_back();
        for (const PendingUse &pending : m_pending)
            ++values[pending.value + 1].firstUse;
        for (std::size_t i = 1; i < values.size(); ++i)
            values[i].firstUse += values[i - 1].firstUse;
        m_scopes.m_uses.resize(m_pending.size());
        std::vector<std::uint32_t> next(values.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            next[i] = values[i].firstUse;
        for (const PendingUse &pending : m_pending)
            m_scopes.m_uses[next[pending.value]++] = pending.use;
    }

    Source &m_source;
    ModelFile &m_file;
    std::span<const GraphTensor> m_tensors;
    std::vector<std::vector<std::uint32_t>> m_tensorsOfGraph;
    std::unordered_map<std::string_view, std::uint32_t> m_names;
    std::vector<Hidden> m_hidden; ///< to be undone when graphs are left
    std::vector<PendingUse> m_pending;
    Scopes m_scopes;
};

Result<Scopes> Scopes::build(Source &source, ModelFile &file, std::span<const GraphTensor> tensors)
{
    return ScopeBuilder(source, file, tensors).build();
}

std::span<const Use> Scopes::usesOf(std::uint32_t value) const
{
    const std::uint32_t begin = m_values[value].firstUse;
    return std::span(m_uses).subspan(begin, m_values[value + 1].firstUse - begin);
}

std::uint32_t Scopes::input(const Node &node, std::size_t input) const
{
    return input < node.inputs.size() ? m_inputs[node.firstInput + input] : kNone;
}

std::uint32_t Scopes::graphInput(std::uint32_t graph, std::uint32_t input) const
{
    return m_graphInputs[graph] + input;
}

std::uint32_t Scopes::graphOutput(std::uint32_t graph, std::uint32_t output) const
{
    return m_outputs[m_graphOutputs[graph] + output];
}

} // namespace qs::onnx
