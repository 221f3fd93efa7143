// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Protobuf messages and ONNX files built in tests, so that their bytes are visible.
#pragma once

#include <QByteArray>
#include <QByteArrayList>

#include <cstdint>
#include <cstring>
#include <vector>

namespace qs::test {

inline QByteArray varint(std::uint64_t value)
{
    QByteArray bytes;
    for (; value >= 0x80; value >>= 7)
        bytes += static_cast<char>((value & 0x7F) | 0x80);
    return bytes + static_cast<char>(value);
}

inline QByteArray tag(std::uint32_t field, unsigned wire)
{
    return varint(std::uint64_t{field} << 3 | wire);
}

inline QByteArray number(std::uint32_t field, std::int64_t value)
{
    return tag(field, 0) + varint(static_cast<std::uint64_t>(value));
}

inline QByteArray bytesField(std::uint32_t field, const QByteArray &bytes)
{
    return tag(field, 2) + varint(static_cast<std::uint64_t>(bytes.size())) + bytes;
}

/// The bytes of numbers as they lie in memory, little-endian.
template <class T> QByteArray raw(const std::vector<T> &values)
{
    return {reinterpret_cast<const char *>(values.data()), static_cast<qsizetype>(values.size() * sizeof(T))};
}

inline QByteArray packedVarints(const std::vector<std::int64_t> &values)
{
    QByteArray bytes;
    for (std::int64_t value : values)
        bytes += varint(static_cast<std::uint64_t>(value));
    return bytes;
}

namespace onnx {

inline QByteArray dims(const std::vector<std::int64_t> &shape)
{
    QByteArray bytes;
    for (std::int64_t dim : shape)
        bytes += number(1, dim);
    return bytes;
}

/// A TensorProto; `data` is one or more fields with values.
inline QByteArray tensor(const QByteArray &name, int type, const std::vector<std::int64_t> &shape,
                         const QByteArray &data)
{
    return dims(shape) + number(2, type) + data + bytesField(8, name);
}

inline QByteArray rawData(const QByteArray &bytes)
{
    return bytesField(9, bytes);
}

/// FLOAT in raw_data, with the values 0, 1, 2 ….
inline QByteArray floats(const QByteArray &name, const std::vector<std::int64_t> &shape)
{
    std::size_t count = 1;
    for (std::int64_t dim : shape)
        count *= static_cast<std::size_t>(dim);
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = static_cast<float>(i);
    return tensor(name, 1, shape, rawData(raw(values)));
}

/// INT64, one axis.
inline QByteArray integers(const QByteArray &name, const std::vector<std::int64_t> &values)
{
    return tensor(name, 7, {static_cast<std::int64_t>(values.size())}, rawData(raw(values)));
}

inline QByteArray attribute(const QByteArray &name, std::int64_t value)
{
    return bytesField(5, bytesField(1, name) + number(3, value) + number(20, 2));
}
inline QByteArray attribute(const QByteArray &name, const std::vector<std::int64_t> &values)
{
    QByteArray bytes = bytesField(1, name);
    for (std::int64_t value : values)
        bytes += number(8, value);
    return bytesField(5, bytes + number(20, 7));
}
inline QByteArray textAttribute(const QByteArray &name, const QByteArray &text)
{
    return bytesField(5, bytesField(1, name) + bytesField(4, text) + number(20, 3));
}
inline QByteArray tensorAttribute(const QByteArray &name, const QByteArray &tensor)
{
    return bytesField(5, bytesField(1, name) + bytesField(5, tensor) + number(20, 4));
}
inline QByteArray graphAttribute(const QByteArray &name, const QByteArray &graph)
{
    return bytesField(5, bytesField(1, name) + bytesField(6, graph) + number(20, 5));
}

/// A NodeProto; `rest` holds attributes and, in field 7, a domain.
inline QByteArray node(const QByteArray &opType, const QByteArrayList &inputs, const QByteArrayList &outputs,
                       const QByteArray &rest = {})
{
    QByteArray bytes;
    for (const QByteArray &input : inputs)
        bytes += bytesField(1, input);
    for (const QByteArray &output : outputs)
        bytes += bytesField(2, output);
    return bytes + bytesField(4, opType) + rest;
}

using Shape = std::vector<std::int64_t>;

/// The domain of a node.
inline const QByteArray kMicrosoft = bytesField(7, "com.microsoft");

/// A GraphProto.
inline QByteArray graph(const QByteArrayList &nodes, const QByteArrayList &initializers = {},
                        const QByteArrayList &inputs = {}, const QByteArrayList &outputs = {})
{
    QByteArray bytes;
    for (const QByteArray &entry : nodes)
        bytes += bytesField(1, entry);
    bytes += bytesField(2, "g");
    for (const QByteArray &entry : initializers)
        bytes += bytesField(5, entry);
    for (const QByteArray &name : inputs)
        bytes += bytesField(11, bytesField(1, name));
    for (const QByteArray &name : outputs)
        bytes += bytesField(12, bytesField(1, name));
    return bytes;
}

inline QByteArray opset(std::int64_t version, const QByteArray &domain = {})
{
    return bytesField(8, bytesField(1, domain) + number(2, version));
}

/// A ModelProto with one graph, IR version 8 and opset 17; `rest` is appended.
inline QByteArray model(const QByteArray &graph, const QByteArray &rest = {})
{
    return number(1, 8) + bytesField(2, "test") + bytesField(7, graph) + opset(17) + rest;
}

/// A model that holds these initializers and nothing else.
inline QByteArray modelOf(const QByteArrayList &initializers)
{
    return model(graph({}, initializers));
}

/// The field int32_data.
inline QByteArray ints(const std::vector<std::int64_t> &values)
{
    return bytesField(5, packedVarints(values));
}

/// Initializer "t" of this type and shape with these data fields.
inline QByteArray one(int type, const std::vector<std::int64_t> &shape, const QByteArray &data)
{
    return modelOf({tensor("t", type, shape, data)});
}

/// A model whose Constant node makes "t".
inline QByteArray constantNode(const QByteArray &attribute)
{
    return model(graph({node("Constant", {}, {"t"}, attribute)}));
}

/// A graph in the attribute of a node of a graph …, `depth` graphs in all.
inline QByteArray nestedGraphs(int depth)
{
    QByteArray inner = graph({});
    for (int i = 1; i < depth; ++i)
        inner = graph({node("If", {"c"}, {"o" + QByteArray::number(i)}, graphAttribute("then_branch", inner))});
    return inner;
}

} // namespace onnx
} // namespace qs::test
