// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/onnx/rewriter.h"

#include "core/export/producers.h"
#include "core/formats/onnx/computed_weights.h"
#include "core/formats/onnx/metadata.h"
#include "core/formats/onnx/tensor_proto.h"
#include "core/formats/onnx/tensors.h"

#include <map>
#include <set>

#include <fmt/format.h>

namespace qs::onnx {
namespace {

using protobuf::Edits;
using protobuf::Field;
using protobuf::Payload;
using protobuf::Pieces;

// Fields of ModelProto, GraphProto, FunctionProto and TensorProto.
constexpr std::uint32_t kNodeOfGraph = 1;
constexpr std::uint32_t kNodeOfFunction = 7;
constexpr std::uint32_t kInitializer = 5;
constexpr std::uint32_t kInput = 11;
constexpr std::uint32_t kOpsetImport = 8;
constexpr std::uint32_t kRawData = 9;
constexpr std::uint32_t kExternalData = 13;
constexpr std::uint32_t kDataLocation = 14;
constexpr std::uint32_t kTensorOfAttribute = 5;

constexpr std::int64_t kInitializersApart = 4; // IR version since which initializers are no inputs

class ModelRewriter
{
public:
    ModelRewriter(const ExportInput &input, Source &source, const ModelFile &graphs, const Scopes &scopes,
                  std::span<const GraphTensor> tensors)
        : m_input(input)
        , m_source(source)
        , m_graphs(graphs)
        , m_scopes(scopes)
        , m_tensors(tensors)
        , m_copies(storedCopies(input.model))
    {}

    Result<FileContents> rewrite(const MakeWeight &makeWeight)
    {
        collectNames();
        std::unordered_set<std::size_t> replaced;
        for (std::size_t i = 0; i < m_input.model.layers.size(); ++i) {
            if (!m_input.decisions[i].quantize)
                continue;
            const GraphTensor &tensor = m_tensors[m_input.model.layers[i].tensor];
            const WeightPlace place{std::string(tensor.name), m_graphs.inFunction(tensor.graph)};
            QS_CHECK(replace(tensor, makeWeight(i, place, m_names)));
            replaced.insert(tensor.tensor);
        }
        for (const GraphTensor &tensor : m_tensors)
            if (!replaced.contains(tensor.tensor))
                QS_CHECK(takeIn(tensor));
        const Range whole{0, m_source.bytes.size()};
        QS_ASSIGN(Pieces pieces,
                  m_edits.apply(whole, [this](const Range &range) { return m_source.walk(range, "ModelProto"); }));
        for (const std::string &domain : m_domains)
            if (!m_graphs.opsets.contains(domain))
                pieces.message(kOpsetImport, opsetId(domain, 1));
        return contentsOf(pieces);
    }

private:
    void collectNames()
    {
        for (const Graph &graph : m_graphs.graphs) {
            for (const std::string_view name : graph.inputs)
                m_names.add(name);
            for (const Node &node : graph.nodes) {
                m_names.add(node.name);
                for (const std::string_view name : node.inputs)
                    m_names.add(name);
                for (const std::string_view name : node.outputs)
                    m_names.add(name);
            }
        }
        for (const GraphTensor &tensor : m_tensors)
            m_names.add(tensor.name);
    }

    Result<void> replace(const GraphTensor &tensor, NewWeight weight)
    {
        const Graph &graph = m_graphs.graphs[tensor.graph];
        const std::uint32_t nodeField = graph.isFunction ? kNodeOfFunction : kNodeOfGraph;
        const bool isConstant = tensor.node != kNone;
        std::vector<TensorHead> heads;
        Pieces constants;
        for (OutputTensor &constant : weight.constants) {
            heads.push_back({constant.name, constant.dtype, constant.shape});
            const Payload payload = add(std::move(constant));
            if (isConstant)
                constants.message(nodeField, constantNode(heads.back(), payload));
            else
                constants.message(kInitializer, tensorProto(heads.back(), payload));
        }
        QS_CHECK(dropArithmetic(tensor, weight));
        if (weight.consumer)
            QS_CHECK(replaceConsumers(tensor, *weight.consumer));
        Pieces nodes;
        for (const NewNode &node : weight.nodes)
            nodes.message(nodeField, nodeProto(node));
        if (isConstant) {
            constants.add(std::move(nodes));
            m_edits.replace(graph.nodes[tensor.node].bytes.begin, std::move(constants));
            return {};
        }
        m_edits.replace(tensor.bytes.begin, std::move(constants));
        m_edits.prepend(graph.parts.front().begin, std::move(nodes)); // before whoever uses the value
        return replaceInput(tensor, heads);
    }

    /// What the source computes of the tensor, the new weight is already: these nodes go, and whoever used what they
    /// made gets the weight.
    Result<void> dropArithmetic(const GraphTensor &tensor, NewWeight &weight)
    {
        const auto computed = m_input.model.computed.find(tensor.tensor);
        if (computed == m_input.model.computed.end())
            return {};
        const auto maker = makerOfNamed(m_graphs, computed->second.value);
        const auto nodes = maker
                               ? nodesBetween(m_graphs, m_scopes, m_scopes.valueOfTensor(tensor.tensor), maker->value())
                               : std::nullopt;
        if (!nodes)
            return fail(ErrorCode::Input, Text::of("the file changed while it was read"), m_source.where);
        for (const Node *node : *nodes)
            m_edits.replace(node->bytes.begin, Pieces());
        if (weight.consumer)
            return {};
        NewNode renamed{.opType = "Identity",
                        .inputs = {std::string(tensor.name)},
                        .output = std::string(maker->name()),
                        .attributes = {}};
        if (maker->graph == tensor.graph)
            weight.nodes.push_back(std::move(renamed));
        else // a body, which sees what stands around it
            m_edits.prepend(m_graphs.graphs[maker->graph].parts.front().begin,
                            std::move(Pieces().message(kNodeOfGraph, nodeProto(renamed))));
        return {};
    }

    /// The value that nodes use as the weight.
    std::uint32_t valueUsed(const GraphTensor &tensor) const
    {
        const auto computed = m_input.model.computed.find(tensor.tensor);
        if (computed == m_input.model.computed.end())
            return m_scopes.valueOfTensor(tensor.tensor);
        const auto maker = makerOfNamed(m_graphs, computed->second.value);
        return maker ? maker->value() : m_scopes.valueOfTensor(tensor.tensor);
    }

    Result<void> replaceConsumers(const GraphTensor &tensor, const NewNode &consumer)
    {
        for (const Use &use : m_scopes.usesOf(valueUsed(tensor))) {
            const Graph &graph = m_graphs.graphs[use.graph];
            const Node *old = use.node == kNone ? nullptr : &graph.nodes[use.node];
            if (old == nullptr || old->opType != "MatMul" || !old->isStandard() || use.input != 1 || graph.isFunction)
                return fail(ErrorCode::Work,
                            Text::of("the weight is used by {}, too, where no {} can stand; exclude the layer",
                                     old == nullptr ? std::string_view("the output of a graph") : old->opType,
                                     consumer.opType),
                            Text::of("tensor {}", inQuotes(tensor.name)));
            NewNode node = consumer;
            node.inputs.insert(node.inputs.begin(), std::string(old->inputs[0]));
            node.output = old->outputs[0];
            node.name = old->name;
            m_edits.replace(old->bytes.begin, std::move(Pieces().message(kNodeOfGraph, nodeProto(node))));
        }
        m_domains.insert(consumer.domain);
        return {};
    }

    /// Where the weight is an input of its graph, too, it is none any more; files of old versions of the IR list what
    /// stands in its place.
    Result<void> replaceInput(const GraphTensor &tensor, const std::vector<TensorHead> &heads)
    {
        if (heads.size() == 1 && heads.front().name == tensor.name)
            return {}; // still what it was
        QS_ASSIGN(const auto *inputs, inputsOf(tensor.graph));
        const auto found = inputs->find(tensor.name);
        if (found == inputs->end())
            return {};
        Pieces listed;
        if (irVersion(m_input.model) < kInitializersApart)
            for (const TensorHead &head : heads)
                listed.message(kInput, valueInfo(head));
        m_edits.replace(found->second, std::move(listed));
        return {};
    }

    using Inputs = std::map<std::string_view, std::uint64_t>;

    /// By name, where the ValueInfoProtos of a graph's inputs begin.
    Result<const Inputs *> inputsOf(std::uint32_t graph)
    {
        const auto [found, isNew] = m_inputs.try_emplace(graph);
        if (!isNew)
            return &found->second;
        for (const Range &part : m_graphs.graphs[graph].parts) {
            QS_CHECK(m_source.walk(part, "GraphProto").forEachField([&](const Field &field) -> Result<void> {
                if (field.number != kInput)
                    return {};
                const auto info = m_source.walk(field.payload, "ValueInfoProto");
                return info.forEachField([&](const Field &inner) -> Result<void> {
                    if (inner.number == 1) {
                        QS_ASSIGN(const std::string_view name, info.text(inner, "name"));
                        found->second[name] = field.payload.begin;
                    }
                    return {};
                });
            }));
        }
        return &found->second;
    }

    /// A tensor whose values lie in a file beside the model gets them as raw_data.
    Result<void> takeIn(const GraphTensor &tensor)
    {
        if (tensor.bytes.size() == 0)
            return {};
        QS_ASSIGN(const TensorProto proto, readTensorProto(m_source, tensor.bytes));
        if (!proto.isExternal)
            return {};
        Pieces pieces;
        QS_CHECK(m_source.walk(tensor.bytes, "TensorProto").forEachField([&](const Field &field) -> Result<void> {
            if (field.number != kExternalData && field.number != kDataLocation)
                pieces.add(Range{field.byteOffset, field.payload.end});
            return {};
        }));
        const TensorInfo &info = m_input.model.tensors[tensor.tensor];
        const auto computed = m_input.model.computed.find(tensor.tensor);
        const TensorInfo &stored = computed != m_input.model.computed.end() ? computed->second.stored
                                   : info.inFile                            ? *info.inFile
                                                                            : info;
        pieces.payload(kRawData, add({stored.name, stored.dtype, stored.shape, m_copies, tensor.tensor, 0, 0}));
        const std::uint32_t field = tensor.node == kNone ? kInitializer : kTensorOfAttribute;
        m_edits.replace(tensor.bytes.begin, std::move(Pieces().message(field, std::move(pieces))));
        return {};
    }

    Payload add(OutputTensor tensor)
    {
        const Payload payload{m_contents.tensors.size(), tensor.byteSize()};
        m_contents.tensors.push_back(std::move(tensor));
        return payload;
    }

    Result<FileContents> contentsOf(const Pieces &pieces)
    {
        if (pieces.size() > kMaxFileBytes)
            return fail(ErrorCode::Work,
                        Text::of("the file would have {} bytes, more than the {} that an ONNX file can have",
                                 pieces.size(), kMaxFileBytes));
        for (const protobuf::Piece &piece : pieces.list()) {
            if (const auto *bytes = std::get_if<std::string>(&piece))
                m_contents.pieces.emplace_back(*bytes);
            else if (const auto *range = std::get_if<Range>(&piece))
                m_contents.pieces.emplace_back(FileRange{m_input.model.files.front(), range->begin, range->size()});
            else
                m_contents.pieces.emplace_back(std::get<Payload>(piece).index);
        }
        return std::move(m_contents);
    }

    const ExportInput &m_input;
    Source &m_source;
    const ModelFile &m_graphs;
    const Scopes &m_scopes;
    std::span<const GraphTensor> m_tensors;
    std::shared_ptr<const Producer> m_copies;
    NameSet m_names;
    std::map<std::uint32_t, Inputs> m_inputs; ///< by graph
    std::set<std::string> m_domains;          ///< of nodes that the model may not know yet
    Edits m_edits;
    FileContents m_contents;
};

} // namespace

std::string NameSet::take(const std::string &name)
{
    std::string result = name;
    for (int number = 1; !m_names.insert(result).second; ++number)
        result = fmt::format("{}_{}", name, number);
    return result;
}

Result<FileContents> rewriteModel(const ExportInput &input, const MakeWeight &makeWeight)
{
    const InputFile &file = *input.model.files.front();
    const TaskContext context;
    Source source(file, inQuotes(file.path().native()) + ", ONNX", context);
    QS_ASSIGN(ModelFile graphs, readGraphs(source));
    QS_ASSIGN(const std::vector<GraphTensor> tensors, findTensors(source, graphs));
    if (tensors.size() != input.model.tensors.size())
        return fail(ErrorCode::Input, Text::of("the file changed while it was read"), source.where);
    QS_ASSIGN(const Scopes scopes, Scopes::build(source, graphs, tensors));
    return ModelRewriter(input, source, graphs, scopes, tensors).rewrite(makeWeight);
}

} // namespace qs::onnx
