// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/tensors.h"

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/onnx/attributes.h"
#include "core/formats/onnx/external_data.h"
#include "core/formats/onnx/tensor_proto.h"
#include "core/formats/onnx/unpacker.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

namespace qs::onnx {
namespace {

constexpr std::size_t kScratch = static_cast<std::size_t>(-1); // file index until the scratch file is there

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
        , m_file(file)
        , m_model(model)
        , m_unpacker(source)
    {}

    Result<std::vector<GraphTensor>> list()
    {
        for (std::uint32_t i = 0; i < m_graphs.graphs.size(); ++i) {
            for (const Range &bytes : m_graphs.graphs[i].initializers)
                QS_CHECK(addInitializer(i, bytes));
            for (std::uint32_t n = 0; n < m_graphs.graphs[i].nodes.size(); ++n)
                if (const Node &node = m_graphs.graphs[i].nodes[n]; node.isConstant() && !node.outputs.empty())
                    QS_CHECK(addConstant(i, n));
        }
        QS_ASSIGN(std::shared_ptr<const InputFile> scratch, m_unpacker.finish(m_file.path().native()));
        for (TensorInfo &info : m_model.tensors)
            if (info.file == kScratch)
                info.file = m_model.files.size();
        if (scratch)
            m_model.files.push_back(std::move(scratch));
        return std::move(m_result);
    }

private:
    Result<void> addInitializer(std::uint32_t graph, const Range &bytes)
    {
        QS_ASSIGN(const TensorProto proto, readTensorProto(m_source, bytes));
        if (proto.name.empty())
            return m_source.walk(bytes, "TensorProto").wrong("an initializer has no name (field 8)");
        return addProto({graph, kNone, proto.name, 0}, proto);
    }

    Result<void> addConstant(std::uint32_t graph, std::uint32_t index)
    {
        const Node &node = m_graphs.graphs[graph].nodes[index];
        const GraphTensor place{graph, index, node.outputs[0], 0};
        QS_ASSIGN(const std::vector<Attribute> attributes, readAttributes(m_source, node));
        for (const Attribute &attribute : attributes) {
            if (makesTensor(attribute))
                return addValue(place, attribute);
            if (attribute.name == "sparse_value" || attribute.hasSparse)
                m_source.notes.add("sparse tensors are not listed", place.name);
            else if (attribute.name.starts_with("value_string"))
                m_source.notes.add("constant strings are not listed", place.name);
        }
        return {};
    }

    Result<void> addValue(const GraphTensor &place, const Attribute &attribute)
    {
        if (attribute.name == "value") {
            QS_ASSIGN(const TensorProto proto, readTensorProto(m_source, *attribute.tensor));
            return addProto(place, proto);
        }
        if (attribute.name == "value_float")
            return add(place, info(DType::F32, {}, 0, *attribute.number));
        if (attribute.name == "value_floats")
            return addNumbers(place, attribute, DType::F32, {attribute.numberCount}, 7);
        if (attribute.name == "value_int")
            return addNumbers(place, attribute, DType::I64, {}, 3);
        return addNumbers(place, attribute, DType::I64, {attribute.integerCount}, 8);
    }

    static TensorInfo info(DType dtype, std::vector<std::uint64_t> shape, std::size_t file, const Range &bytes)
    {
        TensorInfo result;
        result.dtype = dtype;
        result.shape = std::move(shape);
        result.file = file;
        result.byteOffset = bytes.begin;
        result.byteSize = bytes.size();
        return result;
    }

    Result<void> addNumbers(const GraphTensor &place, const Attribute &attribute, DType dtype,
                            std::vector<std::uint64_t> shape, std::uint32_t number)
    {
        m_label = fmt::format("constant {}", inQuotes(place.name));
        const NumberField field{attribute.bytes, number, attribute.name, m_label};
        const std::uint64_t count = shape.empty() ? 1 : shape[0];
        const std::uint64_t size = count * bitsOf(dtype) / 8;
        std::uint64_t strays = 0;
        std::uint64_t offset = 0;
        if (dtype == DType::F32) {
            QS_ASSIGN(offset, m_unpacker.copyFixed(field));
        } else {
            QS_ASSIGN(offset, m_unpacker.copyVarints(field, count, 64, size, strays));
        }
        return add(place, info(dtype, std::move(shape), kScratch, {offset, offset + size}));
    }

    Result<void> addProto(const GraphTensor &place, const TensorProto &proto)
    {
        m_label = fmt::format("tensor {}", inQuotes(place.name));
        TensorInfo tensor = info(proto.type->dtype.value_or(DType::Encoded), proto.shape, 0, {proto.bytes.begin, 0});
        if (!proto.type->dtype)
            tensor.encoding = &encoding(*proto.type);
        tensor.byteSize = proto.byteSize;
        QS_CHECK(findValues(proto, tensor));
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
        result.withoutValues = type.bits == 0 ? "strings are no numbers" : "complex numbers are not shown";
        return result;
    }

    std::unexpected<Error> wrong(const DataRun &run, std::string message) const
    {
        return m_source.walk({}, m_label).wrong(run.first, nameOf(run.field), std::move(message));
    }

    /// Sets the tensor's file, offset and size.
    Result<void> findValues(const TensorProto &proto, TensorInfo &tensor)
    {
        if (proto.isExternal) {
            if (!proto.runs.empty())
                return wrong(proto.runs[0], "the tensor has values here and in an external file");
            return findExternal(proto, tensor);
        }
        if (proto.runs.size() > 1)
            return wrong(proto.runs[1],
                         fmt::format("the tensor has values here and in {}", nameOf(proto.runs[0].field)));
        if (proto.runs.empty()) {
            if (proto.elements == 0)
                return {};
            return m_source.walk(proto.bytes, m_label)
                .wrong(fmt::format("the shape {} asks for {} values, but there is no field with values",
                                   shapeText(proto.shape), proto.elements));
        }
        const DataRun &run = proto.runs[0];
        if (proto.elements == 0)
            return wrong(run,
                         fmt::format("the shape {} has no elements, but there are values", shapeText(proto.shape)));
        if (run.field == DataField::Raw)
            return findRaw(proto, run, tensor);
        if (run.field != proto.type->field)
            return wrong(run, fmt::format("the field cannot hold values of {}, expected {} or raw_data",
                                          proto.type->name, nameOf(proto.type->field)));
        switch (run.field) {
        case DataField::String:
            return findStrings(proto, run, tensor);
        case DataField::Float:
            return findFixed(proto, run, sizeof(float), tensor);
        case DataField::Double:
            return findFixed(proto, run, sizeof(double), tensor);
        default:
            return unpack(proto, run, tensor);
        }
    }

    Result<void> findRaw(const TensorProto &proto, const DataRun &run, TensorInfo &tensor)
    {
        if (proto.type->bits == 0)
            return wrong(run, "the field cannot hold strings, expected string_data");
        if (run.bytes < proto.byteSize)
            return wrong(run, fmt::format("there are {} bytes, but the shape {} of {} needs {}", run.bytes,
                                          shapeText(proto.shape), proto.type->name, proto.byteSize));
        if (run.bytes > proto.byteSize)
            m_source.notes.add("there are more bytes than the shape needs, the rest is ignored", proto.name);
        tensor.byteOffset = run.first.payload.begin;
        return {};
    }

    Result<void> findStrings(const TensorProto &proto, const DataRun &run, TensorInfo &tensor)
    {
        if (run.occurrences != proto.elements)
            return wrong(run, fmt::format("there are {} strings, but the shape {} asks for {}", run.occurrences,
                                          shapeText(proto.shape), proto.elements));
        tensor.byteSize = proto.bytes.size();
        return {};
    }

    Result<void> findFixed(const TensorProto &proto, const DataRun &run, std::uint64_t width, TensorInfo &tensor)
    {
        if (run.bytes != proto.byteSize)
            return wrong(run, fmt::format("there are {} bytes, but the shape {} of {} needs {}", run.bytes,
                                          shapeText(proto.shape), proto.type->name, proto.byteSize));
        if (run.occurrences == 1) {
            tensor.byteOffset = run.first.payload.begin;
            return {};
        }
        if (run.first.wire == protobuf::Wire::Bytes && run.first.payload.size() % width != 0)
            return wrong(
                run, fmt::format("a part has {} bytes, expected a multiple of {}", run.first.payload.size(), width));
        QS_ASSIGN(tensor.byteOffset, m_unpacker.copyFixed({proto.bytes, static_cast<std::uint32_t>(run.field),
                                                           nameOf(run.field), m_label}));
        tensor.file = kScratch;
        return {};
    }

    /// One entry per element; where elements share a byte evenly, one per byte of the packed form, or one per four
    /// bytes of it.
    Result<void> unpack(const TensorProto &proto, const DataRun &run, TensorInfo &tensor)
    {
        const NumberField field{proto.bytes, static_cast<std::uint32_t>(run.field), nameOf(run.field), m_label};
        std::uint64_t entries = proto.elements;
        unsigned bits = proto.type->bits;
        if (bits < 8 && 8 % bits == 0) {
            const std::uint64_t words = proto.byteSize / 4 + (proto.byteSize % 4 != 0);
            QS_ASSIGN(entries, m_unpacker.count(field));
            if (entries != proto.byteSize && entries != words)
                return wrong(run, fmt::format("there are {} entries, but the shape {} of {} needs {} or {}", entries,
                                              shapeText(proto.shape), proto.type->name, proto.byteSize, words));
            bits = entries == proto.byteSize ? 8 : 32;
        }
        std::uint64_t strays = 0;
        QS_ASSIGN(tensor.byteOffset, m_unpacker.copyVarints(field, entries, bits, proto.byteSize, strays));
        tensor.file = kScratch;
        if (strays > 0)
            m_source.notes.add("values have more bits than their type, the low ones count", proto.name);
        return {};
    }

    Result<void> findExternal(const TensorProto &proto, TensorInfo &tensor)
    {
        const ExternalPlace &place = proto.external;
        const auto fail = [&](std::string message) {
            return m_source.walk(proto.bytes, m_label).wrong(place.field, "external_data", std::move(message));
        };
        if (proto.type->bits == 0)
            return fail("strings cannot be in an external file");
        if (!place.location)
            return fail("there is no key 'location'");
        const auto file = externalFile(*place.location);
        if (!file)
            return fail(file.error().text());
        std::uint64_t offset = 0;
        std::uint64_t length = proto.byteSize;
        for (const auto &[text, target, name] :
             {std::tuple(place.offset, &offset, "offset"), std::tuple(place.length, &length, "length")}) {
            if (!text)
                continue;
            const auto number = strictDecimal(*text);
            if (!number)
                return fail(fmt::format("the {} {}", name, number.error().text()));
            *target = *number;
        }
        const std::uint64_t size = m_model.files[*file]->size();
        if (length != proto.byteSize)
            return fail(fmt::format("the length is {}, but the shape {} of {} needs {}", length, shapeText(proto.shape),
                                    proto.type->name, proto.byteSize));
        if (offset > size || length > size - offset)
            return fail(fmt::format("the values are the {} bytes from byte {} on, but the file {} has {} bytes", length,
                                    offset, inQuotes(*place.location), size));
        tensor.file = *file;
        tensor.byteOffset = offset;
        return {};
    }

    /// Index into the model's files.
    Result<std::size_t> externalFile(std::string_view location)
    {
        QS_ASSIGN(const std::vector<std::string> parts, locationParts(location));
        if (!m_file.isSameFile(m_file.path()))
            return fail(ErrorCode::Input, "the model is no file on disk, so there is no folder for external data");
        const auto known = m_external.find(parts);
        if (known != m_external.end())
            return known->second;
        std::uint64_t hardLinks = 1;
        QS_ASSIGN(std::shared_ptr<const InputFile> file, openBelow(m_file.path().parent_path(), parts, hardLinks));
        if (hardLinks > 1)
            m_source.notes.add("a file with external data has more than one name", location);
        if (location.find("./") == 0)
            m_source.notes.add("a location of external data starts with './'", location);
        m_external.emplace(parts, m_model.files.size());
        m_model.files.push_back(std::move(file));
        return m_model.files.size() - 1;
    }

    Result<void> add(GraphTensor place, TensorInfo tensor)
    {
        const protobuf::Walker walker = m_source.walk({}, "GraphProto");
        if (m_model.tensors.size() == kMaxTensors)
            return walker.wrong(fmt::format("there are more than {} tensors, the limit", kMaxTensors));
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
    const InputFile &m_file;
    Model &m_model;
    Unpacker m_unpacker;
    std::string m_label; ///< of the tensor at hand
    std::vector<GraphTensor> m_result;
    std::map<std::vector<std::string>, std::size_t> m_external; ///< file index by location
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
            result.push_back({i, kNone, proto.name, result.size()});
        }
        for (std::uint32_t n = 0; n < graph.nodes.size(); ++n) {
            const Node &node = graph.nodes[n];
            if (!node.isConstant() || node.outputs.empty())
                continue;
            QS_ASSIGN(const std::vector<Attribute> attributes, readAttributes(source, node));
            if (std::ranges::any_of(attributes, makesTensor))
                result.push_back({i, n, node.outputs[0], result.size()});
        }
        QS_CHECK(source.context.check());
    }
    return result;
}

} // namespace qs::onnx
