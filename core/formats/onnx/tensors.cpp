// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/tensors.h"

#include "core/base/text.h"
#include "core/formats/onnx/tensor_values.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

namespace qs::onnx {
namespace {

/// True when a Constant node with this attribute makes a tensor of the list.
bool makesTensor(const Attribute &attribute)
{
    return (attribute.name == "value" && attribute.tensor) || (attribute.name == "value_float" && attribute.number) ||
           attribute.name == "value_floats" || (attribute.name == "value_int" && attribute.integer) ||
           attribute.name == "value_ints";
}

class TensorLister
{
public:
    TensorLister(Source &source, const ModelFile &graphs, const InputFile &file, Model &model)
        : m_source(source)
        , m_graphs(graphs)
        , m_model(model)
        , m_values(source, file, model)
    {}

    Result<std::vector<GraphTensor>> list()
    {
        for (std::uint32_t i = 0; i < m_graphs.graphs.size(); ++i) {
            for (const Range &bytes : m_graphs.graphs[i].initializers)
                QS_CHECK(addInitializer(i, bytes));
            for (const Range &bytes : m_graphs.graphs[i].sparse)
                QS_CHECK(addSparse(i, bytes));
            for (std::uint32_t n = 0; n < m_graphs.graphs[i].nodes.size(); ++n)
                if (const Node &node = m_graphs.graphs[i].nodes[n]; node.isConstant() && !node.outputs.empty())
                    QS_CHECK(addConstant(i, n));
        }
        QS_CHECK(m_values.finish());
        return std::move(m_result);
    }

private:
    Result<void> addInitializer(std::uint32_t graph, const Range &bytes)
    {
        QS_ASSIGN(const TensorProto proto, readTensorProto(m_source, bytes));
        if (proto.name.empty())
            return m_source.walk(bytes, "TensorProto").wrong(Text::of("an initializer has no name (field 8)"));
        return addProto({graph, kNone, proto.name, 0, bytes}, proto);
    }

    Result<void> addSparse(std::uint32_t graph, const Range &bytes)
    {
        QS_ASSIGN(SparseProto proto, readSparseProto(m_source, bytes));
        if (proto.name.empty()) {
            m_source.notes.add(Text::constant("sparse tensors are not listed"), proto.name);
            return {};
        }
        if (!m_sparse)
            m_sparse = &m_model.encodings.emplace_back(
                Encoding{"sparse", 0, 0, nullptr, Text::of("sparse tensors are listed without values")});
        TensorInfo tensor = info(DType::Encoded, std::move(proto.shape), {bytes.begin, bytes.begin});
        tensor.encoding = m_sparse;
        if (tensor.shape.size() > 1)
            m_model.roles[m_model.tensors.size()] = {.reason = m_sparse->withoutValues, .quantizable = false};
        return add({graph, kNone, proto.name, 0}, std::move(tensor));
    }

    Result<void> addConstant(std::uint32_t graph, std::uint32_t index)
    {
        const Node &node = m_graphs.graphs[graph].nodes[index];
        const GraphTensor place{graph, index, node.outputs[0], 0, {}};
        QS_ASSIGN(const std::vector<Attribute> attributes, readAttributes(m_source, node));
        for (const Attribute &attribute : attributes) {
            if (makesTensor(attribute))
                return addValue(place, attribute);
            if (attribute.name == "sparse_value" || attribute.hasSparse)
                m_source.notes.add(Text::constant("sparse tensors are not listed"), place.name);
            else if (attribute.name.starts_with("value_string"))
                m_source.notes.add(Text::constant("constant strings are not listed"), place.name);
        }
        return {};
    }

    Result<void> addValue(GraphTensor place, const Attribute &attribute)
    {
        if (attribute.name == "value") {
            place.bytes = *attribute.tensor;
            QS_ASSIGN(const TensorProto proto, readTensorProto(m_source, place.bytes));
            return addProto(place, proto);
        }
        if (attribute.name == "value_float")
            return add(place, info(DType::F32, {}, *attribute.number));
        if (attribute.name == "value_floats")
            return addNumbers(place, attribute, DType::F32, {attribute.numberCount}, 7);
        if (attribute.name == "value_int")
            return addNumbers(place, attribute, DType::I64, {}, 3);
        return addNumbers(place, attribute, DType::I64, {attribute.integerCount}, 8);
    }

    /// A tensor in the model's own file.
    static TensorInfo info(DType dtype, std::vector<std::uint64_t> shape, const Range &bytes)
    {
        TensorInfo result;
        result.dtype = dtype;
        result.shape = std::move(shape);
        result.byteOffset = bytes.begin;
        result.byteSize = bytes.size();
        return result;
    }

    Result<void> addNumbers(const GraphTensor &place, const Attribute &attribute, DType dtype,
                            std::vector<std::uint64_t> shape, std::uint32_t number)
    {
        TensorInfo tensor = info(dtype, std::move(shape), {});
        QS_CHECK(m_values.find(attribute, number, place.name, tensor));
        return add(place, std::move(tensor));
    }

    Result<void> addProto(const GraphTensor &place, const TensorProto &proto)
    {
        TensorInfo tensor = info(proto.type->dtype.value_or(DType::Encoded), proto.shape, {proto.bytes.begin, 0});
        if (!proto.type->dtype)
            tensor.encoding = &encoding(*proto.type);
        tensor.byteSize = proto.byteSize;
        QS_CHECK(m_values.find(proto, place.name, tensor));
        return add(place, std::move(tensor));
    }

    const Encoding &encoding(const ElementType &type)
    {
        for (const Encoding &known : m_model.encodings)
            if (known.name == type.encoding)
                return known;
        Encoding &result = m_model.encodings.emplace_back();
        result.name = type.encoding;
        result.blockElements = type.bits == 0 ? 0 : 1;
        result.blockBytes = type.bits / 8;
        result.withoutValues =
            type.bits == 0 ? Text::of("strings are no numbers") : Text::of("complex numbers are not shown");
        return result;
    }

    Result<void> add(GraphTensor place, TensorInfo tensor)
    {
        const protobuf::Walker walker = m_source.walk({}, "GraphProto");
        if (m_model.tensors.size() == kMaxTensors)
            return walker.wrong(Text::of("there are more than {} tensors, the limit", kMaxTensors));
        place.tensor = m_model.tensors.size();
        tensor.name = uniqueName(place);
        QS_CHECK(m_source.charge(sizeof tensor + sizeof place + 2 * tensor.name.size() +
                                     tensor.shape.size() * sizeof(std::uint64_t) + 64,
                                 walker));
        m_model.tensors.push_back(std::move(tensor));
        m_result.push_back(place);
        return {};
    }

    /// The name in the graph; where the model has it already, with the graph's path before it.
    std::string uniqueName(const GraphTensor &place)
    {
        std::string name(place.name);
        if (!m_names.insert(name).second) {
            const std::string path = pathOf(m_graphs, place.graph);
            if (!path.empty())
                name = fmt::format("{}/{}", path, name);
            const std::string base = name;
            for (std::size_t &number = m_repeats[base]; !m_names.insert(name).second;)
                name = fmt::format("{}#{}", base, ++number + 1);
        }
        return name;
    }

    Source &m_source;
    const ModelFile &m_graphs;
    Model &m_model;
    const Encoding *m_sparse = nullptr;
    TensorValues m_values;
    std::vector<GraphTensor> m_result;
    std::unordered_set<std::string> m_names;
    std::unordered_map<std::string, std::size_t> m_repeats;
};

} // namespace

Result<std::vector<GraphTensor>> listTensors(Source &source, const ModelFile &graphs,
                                             std::shared_ptr<const InputFile> file, Model &model)
{
    const InputFile &first = *file;
    model.files.push_back(std::move(file));
    return TensorLister(source, graphs, first, model).list();
}

Result<std::vector<GraphTensor>> findTensors(Source &source, const ModelFile &graphs)
{
    std::vector<GraphTensor> result;
    for (std::uint32_t i = 0; i < graphs.graphs.size(); ++i) {
        const Graph &graph = graphs.graphs[i];
        for (const Range &bytes : graph.initializers) {
            QS_ASSIGN(const TensorProto proto, readTensorProto(source, bytes));
            result.push_back({i, kNone, proto.name, result.size(), bytes});
        }
        for (const Range &bytes : graph.sparse) {
            QS_ASSIGN(const SparseProto proto, readSparseProto(source, bytes));
            if (!proto.name.empty())
                result.push_back({i, kNone, proto.name, result.size()});
        }
        for (std::uint32_t n = 0; n < graph.nodes.size(); ++n) {
            const Node &node = graph.nodes[n];
            if (!node.isConstant() || node.outputs.empty())
                continue;
            QS_ASSIGN(const std::vector<Attribute> attributes, readAttributes(source, node));
            const auto made = std::ranges::find_if(attributes, makesTensor);
            if (made != attributes.end())
                result.push_back({i, n, node.outputs[0], result.size(), made->tensor.value_or(Range{})});
        }
        QS_CHECK(source.context.check());
    }
    return result;
}

} // namespace qs::onnx
