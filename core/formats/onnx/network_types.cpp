// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/network_types.h"

#include "core/formats/onnx/element_types.h"

#include <optional>
#include <utility>

namespace qs::onnx {
namespace {

using protobuf::Field;
using protobuf::Walker;
using protobuf::Wire;

/// What a TypeProto says.
struct ValueType {
    std::optional<DType> dtype;
    std::string otherType;
    std::optional<std::vector<NetworkDim>> shape;
};

class TypeReader
{
public:
    explicit TypeReader(Source &source)
        : m_source(source)
    {}

    Result<ValueType> read(const Range &bytes)
    {
        const Walker walker = m_source.walk(bytes, "TypeProto");
        QS_CHECK(walker.forEachField([&](const Field &field) -> Result<void> {
            switch (field.number) {
            case 1:
                QS_CHECK(walker.expect(field, Wire::Bytes, "tensor_type"));
                return readTensor(field.payload);
            case 4:
                m_type.otherType = "sequence";
                return {};
            case 5:
                m_type.otherType = "map";
                return {};
            case 8:
                m_type.otherType = "sparse tensor";
                return {};
            case 9:
                m_type.otherType = "optional";
                return {};
            default:
                return {};
            }
        }));
        return std::move(m_type);
    }

private:
    Result<void> readTensor(const Range &bytes)
    {
        const Walker walker = m_source.walk(bytes, "TypeProto.Tensor");
        return walker.forEachField([&](const Field &field) -> Result<void> {
            if (field.number == 1) {
                QS_CHECK(walker.expect(field, Wire::Varint, "elem_type"));
                if (const ElementType *type = elementType(field.asSigned())) {
                    m_type.dtype = type->dtype;
                    m_type.otherType = type->dtype ? std::string_view() : type->encoding;
                }
            } else if (field.number == 2) {
                QS_CHECK(walker.expect(field, Wire::Bytes, "shape"));
                QS_CHECK(readShape(field.payload));
            }
            return {};
        });
    }

    Result<void> readShape(const Range &bytes)
    {
        const Walker walker = m_source.walk(bytes, "TensorShapeProto");
        m_type.shape.emplace();
        return walker.forEachField([&](const Field &field) -> Result<void> {
            if (field.number != 1)
                return {};
            QS_CHECK(walker.expect(field, Wire::Bytes, "dim"));
            if (m_type.shape->size() == kMaxDims)
                return walker.wrong(field, "dim", Text::of("there are more than {} dimensions, the limit", kMaxDims));
            QS_ASSIGN(NetworkDim dim, readDim(field.payload));
            QS_CHECK(m_source.charge(sizeof dim + dim.name.size(), walker));
            m_type.shape->push_back(std::move(dim));
            return {};
        });
    }

    Result<NetworkDim> readDim(const Range &bytes)
    {
        const Walker walker = m_source.walk(bytes, "Dimension");
        NetworkDim dim;
        QS_CHECK(walker.forEachField([&](const Field &field) -> Result<void> {
            if (field.number == 1) {
                QS_CHECK(walker.expect(field, Wire::Varint, "dim_value"));
                dim = {};
                if (field.asSigned() >= 0) // −1 stands for any size in files of old exporters
                    dim.size = field.number64;
            } else if (field.number == 2) {
                QS_ASSIGN(const std::string_view name, walker.text(field, "dim_param"));
                dim = {.name = std::string(name.substr(0, kMaxNameBytes))};
            }
            return {};
        }));
        return dim;
    }

    Source &m_source;
    ValueType m_type;
};

Result<void> readValueInfo(Source &source, const Range &bytes,
                           const std::unordered_map<std::string_view, std::uint32_t> &names, Network &network)
{
    const Walker walker = source.walk(bytes, "ValueInfoProto");
    std::string_view name;
    std::optional<Range> type;
    QS_CHECK(walker.forEachField([&](const Field &field) -> Result<void> {
        if (field.number == 1) {
            QS_ASSIGN(name, walker.text(field, "name"));
        } else if (field.number == 2) {
            QS_CHECK(walker.expect(field, Wire::Bytes, "type"));
            type = field.payload;
        }
        return {};
    }));
    const auto found = names.find(name);
    if (!type || found == names.end())
        return {};
    QS_ASSIGN(ValueType read, TypeReader(source).read(*type));
    NetworkValue &value = network.values[found->second];
    if (!value.dtype && value.otherType.empty()) {
        value.dtype = read.dtype;
        value.otherType = std::move(read.otherType);
    }
    if (!value.shape)
        value.shape = std::move(read.shape);
    return {};
}

} // namespace

Result<void> readValueTypes(Source &source, const Graph &graph,
                            const std::unordered_map<std::string_view, std::uint32_t> &names, Network &network)
{
    for (const Range &part : graph.parts) {
        const Walker walker = source.walk(part, "GraphProto");
        QS_CHECK(walker.forEachField([&](const Field &field) -> Result<void> {
            if (field.number < 11 || field.number > 13) // input, output, value_info
                return {};
            QS_CHECK(walker.expect(field, Wire::Bytes, "value_info"));
            return readValueInfo(source, field.payload, names, network);
        }));
        QS_CHECK(source.context.check());
    }
    return {};
}

} // namespace qs::onnx
