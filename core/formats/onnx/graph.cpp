// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/graph.h"

#include "core/base/text.h"
#include "core/formats/onnx/metadata.h"

#include <fmt/format.h>

namespace qs::onnx {
namespace {

using protobuf::Field;
using protobuf::Walker;
using protobuf::Wire;

constexpr std::size_t kPathPartBytes = 32; // of each name in a path, so that nested graphs cannot make long ones

/// The text of a field that stands once; its last one counts. Empty when there is none.
Result<std::string_view> lastText(const Walker &walker, std::uint32_t number, const char *what)
{
    std::string_view text;
    QS_CHECK(walker.forEachField([&](const Field &field) -> Result<void> {
        if (field.number == number) {
            QS_ASSIGN(text, walker.text(field, what));
        }
        return {};
    }));
    return text;
}

/// Reads the graphs, the functions and their nodes.
class GraphReader
{
public:
    explicit GraphReader(Source &source)
        : m_source(source)
        , m_metadata(source, m_file)
    {}

    Result<ModelFile> read()
    {
        const Walker walker = m_source.walk({0, m_source.bytes.size()}, "ModelProto");
        m_file.graphs.emplace_back();
        QS_CHECK(walker.forEachField([&](const Field &field) { return modelField(walker, field); }));
        if (m_mainGraphs == 0)
            return walker.wrong(Text::of("there is no graph (field 7)"));
        if (m_mainGraphs > 1)
            m_source.notes.add(Text::constant("the file holds several graphs, which were merged as protobuf asks"),
                               std::to_string(m_mainGraphs));
        m_metadata.finish();
        return std::move(m_file);
    }

private:
    Result<void> modelField(const Walker &walker, const Field &field)
    {
        switch (field.number) {
        case 7:
            QS_CHECK(walker.expect(field, Wire::Bytes, "graph"));
            ++m_mainGraphs;
            return readGraph(field.payload, 0, 2);
        case 20:
            m_source.notes.add(Text::constant("graphs for training are not read"), "training_info");
            return {};
        case 25:
            QS_CHECK(walker.expect(field, Wire::Bytes, "functions"));
            return readFunction(field.payload);
        default:
            return m_metadata.take(walker, field);
        }
    }

    Result<void> readFunction(const Range &range)
    {
        const auto index = static_cast<std::uint32_t>(m_file.graphs.size());
        Graph &graph = m_file.graphs.emplace_back();
        graph.isFunction = true;
        graph.parts.push_back(range);
        const Walker walker = m_source.walk(range, "FunctionProto");
        QS_CHECK(m_source.charge(sizeof(Graph), walker));
        FunctionKey key;
        QS_CHECK(walker.forEachField([&](const Field &field) -> Result<void> {
            if (field.number == 1) {
                QS_ASSIGN(key.name, walker.text(field, "name"));
                QS_CHECK(checkName(walker, field, "name", key.name));
            } else if (field.number == 10) {
                QS_ASSIGN(key.domain, walker.text(field, "domain"));
            } else if (field.number == 13) {
                QS_ASSIGN(key.overload, walker.text(field, "overload"));
            } else if (field.number == 4) {
                QS_CHECK(addName(walker, field, "input", graph.inputs));
            } else if (field.number == 5) {
                QS_CHECK(addName(walker, field, "output", graph.outputs));
            } else if (field.number == 7) {
                QS_CHECK(walker.expect(field, Wire::Bytes, "node"));
                QS_CHECK(readNode(field.payload, index, 3));
            }
            return {};
        }));
        graph.name = key.name;
        if (!m_file.functions.emplace(key, index).second)
            return walker.wrong(Text::of("the function {} is defined twice", inQuotes(key.name)));
        return {};
    }

    Result<void> readGraph(const Range &range, std::uint32_t index, int depth)
    {
        const Walker walker = m_source.walk(range, "GraphProto");
        if (depth > kMaxDepth)
            return walker.wrong(Text::of("messages are nested deeper than {}, the limit", kMaxDepth));
        QS_CHECK(m_source.charge(sizeof(Graph), walker));
        Graph &graph = m_file.graphs[index];
        graph.parts.push_back(range);
        return walker.forEachField([&](const Field &field) -> Result<void> {
            switch (field.number) {
            case 1:
                QS_CHECK(walker.expect(field, Wire::Bytes, "node"));
                QS_CHECK(readNode(field.payload, index, depth + 1));
                break;
            case 2: {
                QS_ASSIGN(graph.name, walker.text(field, "name"));
                break;
            }
            case 5:
                QS_CHECK(walker.expect(field, Wire::Bytes, "initializer"));
                QS_CHECK(m_source.charge(sizeof(Range), walker));
                graph.initializers.push_back(field.payload);
                break;
            case 11:
                QS_CHECK(addValueInfo(walker, field, "input", graph.inputs));
                break;
            case 12:
                QS_CHECK(addValueInfo(walker, field, "output", graph.outputs));
                break;
            case 15:
                QS_CHECK(walker.expect(field, Wire::Bytes, "sparse_initializer"));
                QS_CHECK(m_source.charge(sizeof(Range), walker));
                graph.sparse.push_back(field.payload);
                break;
            default:
                break;
            }
            return {};
        });
    }

    Result<void> readNode(const Range &range, std::uint32_t graph, int depth)
    {
        const Walker walker = m_source.walk(range, "NodeProto");
        const auto index = static_cast<std::uint32_t>(m_file.graphs[graph].nodes.size());
        Node node;
        node.bytes = range;
        QS_CHECK(walker.forEachField([&](const Field &field) -> Result<void> {
            switch (field.number) {
            case 1:
                QS_CHECK(addName(walker, field, "input", node.inputs));
                break;
            case 2:
                QS_CHECK(addName(walker, field, "output", node.outputs));
                break;
            case 3: {
                QS_ASSIGN(node.name, walker.text(field, "name"));
                break;
            }
            case 4: {
                QS_ASSIGN(node.opType, walker.text(field, "op_type"));
                break;
            }
            case 5:
                QS_CHECK(walker.expect(field, Wire::Bytes, "attribute"));
                QS_CHECK(readSubgraphs(field.payload, graph, index, node, depth + 1));
                break;
            case 7: {
                QS_ASSIGN(node.domain, walker.text(field, "domain"));
                break;
            }
            case 8: {
                QS_ASSIGN(node.overload, walker.text(field, "overload"));
                break;
            }
            default:
                break;
            }
            return {};
        }));
        if (node.opType.empty())
            return walker.wrong(Text::of("the node has no op_type (field 4)"));
        QS_CHECK(m_source.charge(sizeof(Node), walker));
        m_file.graphs[graph].nodes.push_back(std::move(node));
        return {};
    }

    /// Graphs that an attribute holds. Everything else of it is read when somebody asks.
    Result<void> readSubgraphs(const Range &range, std::uint32_t parent, std::uint32_t parentNode, Node &node,
                               int depth)
    {
        const Walker walker = m_source.walk(range, "AttributeProto");
        std::string_view name;
        const std::size_t first = node.subgraphs.size();
        QS_CHECK(walker.forEachField([&](const Field &field) -> Result<void> {
            if (field.number == 1) {
                QS_ASSIGN(name, walker.text(field, "name"));
            } else if (field.number == 6 || field.number == 11) {
                QS_CHECK(walker.expect(field, Wire::Bytes, field.number == 6 ? "g" : "graphs"));
                const auto index = static_cast<std::uint32_t>(m_file.graphs.size());
                Graph &graph = m_file.graphs.emplace_back();
                graph.parent = parent;
                graph.parentNode = parentNode;
                node.subgraphs.push_back(index);
                QS_CHECK(readGraph(field.payload, index, depth + 1));
            }
            return {};
        }));
        for (std::size_t i = first; i < node.subgraphs.size(); ++i)
            m_file.graphs[node.subgraphs[i]].attribute = name;
        return {};
    }

    Result<void> addValueInfo(const Walker &outer, const Field &outerField, const char *what,
                              std::vector<std::string_view> &names)
    {
        QS_CHECK(outer.expect(outerField, Wire::Bytes, what));
        const Walker walker = m_source.walk(outerField.payload, "ValueInfoProto");
        QS_ASSIGN(const std::string_view name, lastText(walker, 1, "name"));
        names.push_back(name);
        return m_source.charge(sizeof name, walker);
    }

    Result<void> addName(const Walker &walker, const Field &field, const char *what,
                         std::vector<std::string_view> &names)
    {
        QS_ASSIGN(const std::string_view name, walker.text(field, what));
        QS_CHECK(checkName(walker, field, what, name));
        names.push_back(name);
        return m_source.charge(sizeof name + 3 * sizeof(std::uint32_t), walker);
    }

    Source &m_source;
    ModelFile m_file;
    MetadataReader m_metadata;
    int m_mainGraphs = 0;
};

/// Error when a function calls itself, directly or through others.
Result<void> checkCalls(const Source &source, const ModelFile &file)
{
    if (file.functions.empty())
        return {};
    const std::size_t count = file.graphs.size();
    std::vector<std::uint32_t> owner(count); // function or main graph that a graph is part of; never after it
    std::vector<std::vector<std::uint32_t>> calls(count);
    std::vector<std::uint32_t> callers(count, 0);
    for (std::uint32_t i = 0; i < count; ++i) {
        const Graph &graph = file.graphs[i];
        owner[i] = graph.parent == kNone ? i : owner[graph.parent];
        for (const Node &node : graph.nodes) {
            if (const std::uint32_t function = file.functionOf(node); function != kNone) {
                calls[owner[i]].push_back(function);
                ++callers[function];
            }
        }
    }
    std::vector<std::uint32_t> ready; // nobody is left who calls them
    for (std::uint32_t i = 0; i < count; ++i)
        if (callers[i] == 0)
            ready.push_back(i);
    for (std::size_t i = 0; i < ready.size(); ++i)
        for (std::uint32_t function : calls[ready[i]])
            if (--callers[function] == 0)
                ready.push_back(function);
    for (const auto &[key, index] : file.functions)
        if (callers[index] > 0)
            return fail(ErrorCode::Input, Text::of("the function {} calls itself", inQuotes(key.name)),
                        Text::of("{} FunctionProto, byte {}", source.where, source.offsetOf(key.name)));
    return {};
}

} // namespace

bool ModelFile::inFunction(std::uint32_t graph) const
{
    while (graphs[graph].parent != kNone)
        graph = graphs[graph].parent;
    return graphs[graph].isFunction;
}

std::uint32_t ModelFile::functionOf(const Node &node) const
{
    if (functions.empty())
        return kNone;
    const auto found = functions.find({node.domain, node.opType, node.overload});
    return found == functions.end() ? kNone : found->second;
}

Result<ModelFile> readGraphs(Source &source)
{
    QS_ASSIGN(ModelFile file, GraphReader(source).read());
    QS_CHECK(checkCalls(source, file));
    return file;
}

std::string pathOf(const ModelFile &file, std::uint32_t graph)
{
    const Graph &inner = file.graphs[graph];
    if (inner.isFunction)
        return std::string(inner.name.substr(0, kPathPartBytes));
    if (inner.parent == kNone)
        return {};
    const Node &node = file.graphs[inner.parent].nodes[inner.parentNode];
    const std::string outer = pathOf(file, inner.parent);
    return fmt::format("{}{}{}.{}", outer, outer.empty() ? "" : "/", node.label().substr(0, kPathPartBytes),
                       inner.attribute.substr(0, kPathPartBytes));
}

} // namespace qs::onnx
