// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Small ONNX networks that can be run, for tests.
#pragma once

#include "tests/support/protobuf_writer.h"
#include "tests/support/test_model.h"

namespace qs::test::onnx {

/// A graph input or output: sizes of axes, a negative one for the free dimension "n<axis>".
inline QByteArray port(const QByteArray &name, const std::vector<std::int64_t> &shape, std::int64_t type = 1)
{
    QByteArray dims;
    for (std::size_t axis = 0; axis < shape.size(); ++axis)
        dims += bytesField(1, shape[axis] >= 0 ? number(1, shape[axis])
                                               : bytesField(2, "n" + QByteArray::number(static_cast<int>(axis))));
    return bytesField(1, name) + bytesField(2, bytesField(1, number(1, type) + bytesField(2, dims)));
}

/// A graph with typed inputs and outputs.
inline QByteArray typedGraph(const QByteArrayList &nodes, const QByteArrayList &initializers,
                             const QByteArrayList &inputs, const QByteArrayList &outputs)
{
    QByteArray bytes = graph(nodes, initializers);
    for (const QByteArray &input : inputs)
        bytes += bytesField(11, input);
    for (const QByteArray &output : outputs)
        bytes += bytesField(12, output);
    return bytes;
}

inline QByteArray randomTensor(const QByteArray &name, const std::vector<std::int64_t> &shape, std::uint32_t seed,
                               float size = 0.5F)
{
    std::int64_t count = 1;
    for (const std::int64_t axis : shape)
        count *= axis;
    return tensor(name, 1, shape, rawData(floatBytes(randomValues(static_cast<std::size_t>(count), seed, size))));
}

/// x [1, 6] → fc1, Relu → fc2 and a way around it → Reshape by the shape of what goes in → twice the same weights →
/// a branch that depends on the sign of a sum, each with weights of its own → Softmax; and the sum as a second output.
inline QByteArray branchingNetwork()
{
    const QByteArray then = graph({node("MatMul", {"s", "then.weight"}, {"then.y"})},
                                  {randomTensor("then.weight", {8, 5}, 5)}, {}, {"then.y"});
    const QByteArray otherwise =
        graph({node("MatMul", {"s", "else.weight"}, {"else.m"}), node("Relu", {"else.m"}, {"else.y"})},
              {randomTensor("else.weight", {8, 5}, 6)}, {}, {"else.y"});
    return model(typedGraph({node("MatMul", {"x", "fc1.weight"}, {"a"}), node("Add", {"a", "bias"}, {"b"}),
                             node("Relu", {"b"}, {"c"}), node("MatMul", {"c", "fc2.weight"}, {"d"}),
                             node("Add", {"c", "d"}, {"e"}), node("Shape", {"e"}, {"shape"}),
                             node("Reshape", {"e", "shape"}, {"r"}), node("MatMul", {"r", "shared.weight"}, {"s1"}),
                             node("MatMul", {"s1", "shared.weight"}, {"s"}),
                             node("ReduceSum", {"s", "axes"}, {"sum"}, attribute("keepdims", 0)),
                             node("Less", {"zero", "sum"}, {"positive"}),
                             node("If", {"positive"}, {"m"},
                                  graphAttribute("then_branch", then) + graphAttribute("else_branch", otherwise)),
                             node("Softmax", {"m"}, {"y"})},
                            {randomTensor("fc1.weight", {6, 8}, 1), randomTensor("bias", {8}, 2),
                             randomTensor("fc2.weight", {8, 8}, 3), randomTensor("shared.weight", {8, 8}, 4),
                             tensor("zero", 1, {}, rawData(floatBytes({0}))), integers("axes", {0, 1})},
                            {port("x", {-1, 6})}, {port("y", {-1, 5}), port("sum", {})}));
}

} // namespace qs::test::onnx
