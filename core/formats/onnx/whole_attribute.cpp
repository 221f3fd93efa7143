// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/whole_attribute.h"

#include "core/base/text.h"
#include "core/formats/onnx/tensor_proto.h"
#include "core/tensor/integers.h"

#include <algorithm>
#include <bit>

namespace qs::onnx {
namespace {

using protobuf::Field;
using protobuf::Walker;
using protobuf::Wire;

class AttributeReader
{
public:
    AttributeReader(Source &source, const Range &bytes)
        : m_source(source)
        , m_walker(source.walk(bytes, "AttributeProto"))
    {}

    Result<WholeAttribute> read()
    {
        QS_CHECK(m_walker.forEachField([&](const Field &field) { return readField(field); }));
        if (m_type != 0)
            m_attribute.kind = m_type > 0 && m_type <= static_cast<std::int64_t>(AttributeKind::Types)
                                   ? static_cast<AttributeKind>(m_type)
                                   : AttributeKind::None;
        return std::move(m_attribute);
    }

private:
    /// Old files do not say the kind; then the field that is there does.
    void seen(AttributeKind kind) { m_attribute.kind = kind; }

    Result<void> readField(const Field &field)
    {
        switch (field.number) {
        case 1: {
            QS_ASSIGN(m_attribute.name, m_walker.text(field, "name"));
            return checkName(field, m_attribute.name);
        }
        case 21: {
            QS_ASSIGN(m_attribute.reference, m_walker.text(field, "ref_attr_name"));
            return checkName(field, m_attribute.reference);
        }
        case 20:
            QS_CHECK(m_walker.expect(field, Wire::Varint, "type"));
            m_type = field.asSigned();
            return {};
        case 2:
        case 3:
        case 4:
        case 5:
        case 6:
            return readOne(field);
        case 7:
        case 8:
        case 9:
        case 10:
        case 11:
            return readMany(field);
        case 14:
            seen(AttributeKind::Type);
            return {};
        case 15:
            seen(AttributeKind::Types);
            return {};
        case 22:
            seen(AttributeKind::SparseTensor);
            return {};
        case 23:
            seen(AttributeKind::SparseTensors);
            return {};
        default:
            return {};
        }
    }

    Result<void> readOne(const Field &field)
    {
        switch (field.number) {
        case 2:
            QS_CHECK(m_walker.expect(field, Wire::Fixed32, "f"));
            seen(AttributeKind::Float);
            m_attribute.number = std::bit_cast<float>(static_cast<std::uint32_t>(field.number64));
            return {};
        case 3:
            QS_CHECK(m_walker.expect(field, Wire::Varint, "i"));
            seen(AttributeKind::Int);
            m_attribute.integer = field.asSigned();
            return {};
        case 4: {
            QS_ASSIGN(m_attribute.text, m_walker.text(field, "s"));
            seen(AttributeKind::String);
            return m_source.charge(field.payload.size(), m_walker);
        }
        case 5:
            QS_CHECK(m_walker.expect(field, Wire::Bytes, "t"));
            seen(AttributeKind::Tensor);
            m_attribute.tensors.push_back(field.payload);
            return m_source.charge(sizeof(Range), m_walker);
        default:
            seen(AttributeKind::Graph);
            ++m_attribute.graphs;
            return {};
        }
    }

    Result<void> readMany(const Field &field)
    {
        switch (field.number) {
        case 7:
            return readFloats(field);
        case 8:
            seen(AttributeKind::Ints);
            return m_walker.forEachVarint(field, "ints", [&](std::uint64_t value) -> Result<void> {
                m_attribute.integers.push_back(static_cast<std::int64_t>(value));
                return m_source.charge(sizeof value, m_walker);
            });
        case 9: {
            QS_ASSIGN(const std::string_view text, m_walker.text(field, "strings"));
            seen(AttributeKind::Strings);
            m_attribute.texts.push_back(text);
            return m_source.charge(text.size() + sizeof(std::string), m_walker);
        }
        case 10:
            QS_CHECK(m_walker.expect(field, Wire::Bytes, "tensors"));
            seen(AttributeKind::Tensors);
            m_attribute.tensors.push_back(field.payload);
            return m_source.charge(sizeof(Range), m_walker);
        default:
            seen(AttributeKind::Graphs);
            ++m_attribute.graphs;
            return {};
        }
    }

    Result<void> readFloats(const Field &field)
    {
        seen(AttributeKind::Floats);
        if (field.wire != Wire::Fixed32)
            QS_CHECK(m_walker.expect(field, Wire::Bytes, "floats"));
        if (field.payload.size() % sizeof(float) != 0)
            return m_walker.wrong(field, "floats",
                                  Text::of("the list has {} bytes, expected a multiple of 4", field.payload.size()));
        QS_CHECK(m_source.charge(field.payload.size(), m_walker));
        QS_ASSIGN(const std::span<const std::byte> bytes, m_walker.bytesOf(field.payload));
        for (std::size_t at = 0; at < bytes.size(); at += sizeof(float))
            m_attribute.numbers.push_back(loadElement<float>(bytes.data() + at, false));
        return {};
    }

    Result<void> checkName(const Field &field, std::string_view name)
    {
        if (name.size() > kMaxNameBytes)
            return m_walker.wrong(field, {},
                                  Text::of("the name has {} bytes, the limit is {}", name.size(), kMaxNameBytes));
        return m_source.charge(name.size(), m_walker);
    }

    Source &m_source;
    const Walker m_walker;
    WholeAttribute m_attribute;
    std::int64_t m_type = 0;
};

/// Appends the payload of all occurrences of a field to `result`.
class ConstantReader
{
public:
    ConstantReader(const Source &source, const TensorProto &proto)
        : m_proto(proto)
        , m_walker(source.walk(proto.bytes, "TensorProto"))
    {}

    Result<std::optional<NetworkConstant>> read()
    {
        NetworkConstant constant;
        constant.shape = m_proto.shape;
        constant.dtype = m_proto.type->dtype.value_or(DType::Encoded);
        if (m_proto.runs.empty() && m_proto.elements == 0)
            return constant;
        if (m_proto.runs.size() != 1)
            return m_walker.wrong(Text::of("the tensor has {} fields with values, expected one", m_proto.runs.size()));
        const DataRun &run = m_proto.runs[0];
        if (run.field != DataField::Raw && run.field != m_proto.type->field)
            return m_walker.wrong(run.first, nameOf(run.field),
                                  Text::of("the field cannot hold values of {}", m_proto.type->name));
        const unsigned bits = m_proto.type->bits;
        if (run.field != DataField::Raw && bits > 0 && bits < 8)
            return std::optional<NetworkConstant>();
        QS_CHECK(m_walker.forEachField([&](const Field &field) -> Result<void> {
            return field.number == static_cast<std::uint32_t>(run.field) ? append(field, run.field, constant)
                                                                         : Result<void>();
        }));
        if (run.field == DataField::Raw && constant.bytes.size() > m_proto.byteSize)
            constant.bytes.resize(m_proto.byteSize); // the reader of tensors ignores the rest, too
        const std::uint64_t count = bits == 0 ? constant.texts.size() : constant.bytes.size();
        const std::uint64_t expected = bits == 0 ? m_proto.elements : m_proto.byteSize;
        if (count != expected)
            return m_walker.wrong(run.first, nameOf(run.field),
                                  bits == 0 ? Text::of("there are {} strings, but the shape needs {}", count, expected)
                                            : Text::of("there are {} bytes, but the shape needs {}", count, expected));
        return constant;
    }

private:
    Result<void> append(const Field &field, DataField kind, NetworkConstant &constant) const
    {
        if (kind == DataField::String) {
            QS_ASSIGN(const std::string_view text, m_walker.text(field, "string_data"));
            constant.texts.emplace_back(text);
            return {};
        }
        if (kind == DataField::Raw || kind == DataField::Float || kind == DataField::Double) {
            QS_ASSIGN(const std::span<const std::byte> bytes, m_walker.bytesOf(field.payload));
            constant.bytes.insert(constant.bytes.end(), bytes.begin(), bytes.end());
            return {};
        }
        return m_walker.forEachVarint(field, nameOf(kind), [&](std::uint64_t value) -> Result<void> {
            if (constant.bytes.size() >= m_proto.byteSize)
                return m_walker.wrong(field, nameOf(kind), Text::of("there are more values than the shape needs"));
            for (unsigned i = 0; i < m_proto.type->bits / 8; ++i)
                constant.bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
            return {};
        });
    }

    const TensorProto &m_proto;
    const Walker m_walker;
};

} // namespace

Result<WholeAttribute> readWholeAttribute(Source &source, const Range &bytes)
{
    return AttributeReader(source, bytes).read();
}

Result<std::optional<NetworkConstant>> readConstant(Source &source, const Range &bytes, std::uint64_t limit)
{
    QS_ASSIGN(const TensorProto proto, readTensorProto(source, bytes));
    const bool isText = proto.type->bits == 0;
    if (proto.isExternal || (!proto.type->dtype && !isText))
        return std::optional<NetworkConstant>();
    // An empty string takes two bytes of the file and 32 of memory.
    const std::uint64_t size = isText ? sizeof(std::string) / 2 * bytes.size() : std::max(proto.byteSize, bytes.size());
    const Walker walker = source.walk(bytes, "TensorProto");
    if (size > limit)
        return walker.wrong(Text::of("the values of attributes take more than {} bytes, the limit", kMaxConstantBytes));
    QS_CHECK(source.charge(size, walker));
    return ConstantReader(source, proto).read();
}

} // namespace qs::onnx
