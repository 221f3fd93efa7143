// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that an ONNX graph makes of several of its tensors: their values, and why some are not known.
#include "core/tensor/float_blocks.h"
#include "tests/core/onnx_reading.h"
#include "tests/support/test_model.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace qs;
using namespace qs::test;
using namespace qs::test::onnx;

namespace {

using Values = std::vector<float>;

QByteArray values(const QByteArray &name, const Shape &shape, const Values &numbers)
{
    return tensor(name, 1, shape, rawData(raw(numbers)));
}

const Values kWeights{1, -2, 3, -4, 5, 6}; // [2, 3]
const QByteArray kUse = node("MatMul", {"x", "v"}, {"y"});

/// An attribute that is one float.
QByteArray number(const QByteArray &name, float value)
{
    return bytesField(5, bytesField(1, name) + tag(2, 5) + raw(Values{value}) + test::number(20, 1));
}

/// The weight "w" on its way to the product as "v".
QByteArray made(const QByteArrayList &nodes, const QByteArrayList &more, const QByteArray &use = kUse)
{
    return model(graph(nodes + QByteArrayList{use}, QByteArrayList{values("w", {2, 3}, kWeights)} + more, {"x"}));
}

} // namespace

class TestOnnxComputed : public QObject
{
    Q_OBJECT

private slots:
    void weights_data();
    void weights();
    void otherShapes_data();
    void otherShapes();
    void ofCodes_data();
    void ofCodes();
    void ofOneAxis();
    void rowsByConstantIndices();
    void halves();
    void partsAreNoLayers();
    void theLargestTensorIsTheRow();
    void parts_data();
    void parts();
    void inBodies();
    void inFunctions();
    void notKnown_data();
    void notKnown();
    void manyWays();
};

void TestOnnxComputed::weights_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Values>("expected");
    QTest::addColumn<int>("axis");
    const QByteArray two = values("k", {}, {2});
    QTest::newRow("scaled") << made({node("Mul", {"w", "k"}, {"v"})}, {two}) << Values{2, -4, 6, -8, 10, 12} << 1;
    QTest::newRow("scaled from the left")
        << made({node("Mul", {"k", "w"}, {"v"})}, {two}) << Values{2, -4, 6, -8, 10, 12} << 1;
    QTest::newRow("divided by rows") << made({node("Div", {"w", "k"}, {"v"})}, {values("k", {2, 1}, {2, 4})})
                                     << Values{0.5, -1, 1.5, -1, 1.25, 1.5} << 1;
    QTest::newRow("added to") << made({node("Add", {"w", "k"}, {"v"})}, {values("k", {3}, {1, 2, 3})})
                              << Values{2, 0, 6, -3, 7, 9} << 1;
    QTest::newRow("taken from") << made({node("Sub", {"k", "w"}, {"v"})}, {two}) << Values{1, 4, -1, 6, -3, -4} << 1;
    QTest::newRow("two steps") << made({node("Mul", {"w", "k"}, {"a"}), node("Sub", {"a", "k"}, {"v"})}, {two})
                               << Values{0, -6, 4, -10, 8, 10} << 1;
    QTest::newRow("a row that is turned")
        << made({node("Mul", {"w", "k"}, {"a"}), node("Transpose", {"a"}, {"v"})}, {two})
        << Values{2, -4, 6, -8, 10, 12} << 0;
    const Values columns{std::sqrt(17.0F), std::sqrt(29.0F), std::sqrt(45.0F)};
    Values normalised;
    for (std::size_t i = 0; i < kWeights.size(); ++i)
        normalised.push_back(kWeights[i] / columns[i % 3] * static_cast<float>(i % 3 + 1));
    QTest::newRow("weight norm") << made({node("ReduceL2", {"w"}, {"n"}, attribute("axes", Shape{0})),
                                          node("Div", {"w", "n"}, {"u"}), node("Mul", {"u", "g"}, {"v"})},
                                         {values("g", {1, 3}, {1, 2, 3})})
                                 << normalised << 1;
    QTest::newRow("weight norm, written out")
        << made({node("Mul", {"w", "w"}, {"q"}), node("ReduceSum", {"q", "axes"}, {"s"}), node("Sqrt", {"s"}, {"n"}),
                 node("Div", {"g", "n"}, {"f"}), node("Mul", {"w", "f"}, {"v"})},
                {values("g", {1, 3}, {1, 2, 3}), integers("axes", {0})})
        << Values() << 1;
    QTest::newRow("an update of low rank")
        << made({node("MatMul", {"a", "b"}, {"ab"}), node("Mul", {"ab", "k"}, {"d"}), node("Add", {"w", "d"}, {"v"})},
                {values("a", {2, 1}, {1, -1}), values("b", {1, 3}, {1, 2, 3}), two})
        << Values{3, 2, 9, -6, 1, 0} << 1;
    const QByteArray one = values("one", {}, {1});
    const QByteArray four = values("four", {}, {4});
    QTest::newRow("clipped") << made({node("Clip", {"w", "one", "four"}, {"v"})}, {one, four})
                             << Values{1, 1, 3, 1, 4, 4} << 1;
    QTest::newRow("clipped from above") << made({node("Clip", {"w", "", "four"}, {"v"})}, {four})
                                        << Values{1, -2, 3, -4, 4, 4} << 1;
    QTest::newRow("clipped by attributes")
        << made({node("Clip", {"w"}, {"v"}, number("min", -2) + number("max", 3))}, {}) << Values{1, -2, 3, -2, 3, 3}
        << 1;
    QTest::newRow("the larger of three") << made({node("Max", {"w", "one", "four"}, {"v"})}, {one, four})
                                         << Values{4, 4, 4, 4, 5, 6} << 1;
    QTest::newRow("halves round to even")
        << made({node("Mul", {"w", "h"}, {"a"}), node("Round", {"a"}, {"v"})}, {values("h", {}, {0.5F})})
        << Values{0, -1, 2, -2, 2, 3} << 1;
    QTest::newRow("chosen by a comparison")
        << made({node("Greater", {"w", "one"}, {"m"}), node("Where", {"m", "w", "four"}, {"v"})}, {one, four})
        << Values{4, 4, 3, 4, 5, 6} << 1;
    QTest::newRow("masked") << made({node("Where", {"mask", "w", "one"}, {"v"})},
                                    {tensor("mask", 9, {2, 3}, rawData(QByteArray("\1\0\1\1\0\0", 6))), one})
                            << Values{1, 1, 3, -4, 1, 1} << 1;
    QTest::newRow("standardised") << model(graph(
                                         {node("ReduceMean", {"w", "axes"}, {"m"}), node("Sub", {"w", "m"}, {"c"}),
                                          node("Mul", {"c", "c"}, {"q"}), node("ReduceMax", {"q", "axes"}, {"s"}),
                                          node("Div", {"c", "s"}, {"v"}), kUse},
                                         {values("w", {2, 3}, {1, -2, 4, -4, 5, 5}), integers("axes", {1})}, {"x"}))
                                  << Values{0, -1.0F / 3, 1.0F / 3, -1.0F / 6, 1.0F / 12, 1.0F / 12} << 1;
    QTest::newRow("an update by Gemm") << made({node("Gemm", {"a", "b"}, {"d"},
                                                     number("alpha", 2) + attribute("transA", 1)),
                                                node("Add", {"w", "d"}, {"v"})},
                                               {values("a", {1, 2}, {1, -1}), values("b", {1, 3}, {1, 2, 3})})
                                       << Values{3, 2, 9, -6, 1, 0} << 1;
    QTest::newRow("axes that are computed")
        << made({node("Identity", {"axes"}, {"i"}), node("ReduceSum", {"w", "i"}, {"n"}),
                 node("Add", {"w", "n"}, {"v"})},
                {integers("axes", {0})})
        << Values{-2, 1, 12, -7, 8, 15} << 1;
    QTest::newRow("a kernel") << model(graph({node("Mul", {"w", "k"}, {"v"}), node("Conv", {"x", "v"}, {"y"})},
                                             {values("w", {2, 3, 1}, kWeights), values("k", {2, 1, 1}, {1, 10})},
                                             {"x"}))
                              << Values{1, -2, 3, -40, 50, 60} << 0;
}

void TestOnnxComputed::weights()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Values, expected);
    QFETCH(int, axis);
    const auto read = readLayerW(bytes);
    const Layer &layer = read->model.layers[0];
    QCOMPARE(layer.keptReason.str(), std::string());
    QCOMPARE(layer.channelAxis, axis);
    QVERIFY(layer.channelAxisReason.str().ends_with("the values are those of the weight that the graph computes"));
    const TensorElements elements(read->model.view(layer.tensor));
    Values found(read->model.tensorOf(layer).elements());
    QS_VERIFY(elements.floats(0, found.size(), found.data()));
    if (!expected.empty())
        QCOMPARE(found, expected);
    else // sums in another order: the columns have the lengths that g gives them
        for (std::size_t column = 0; column < 3; ++column)
            QCOMPARE(std::hypot(found[column], found[column + 3]), static_cast<float>(column + 1));
}

/// Where nodes pick, join or repeat, the row takes the shape of what they make.
void TestOnnxComputed::otherShapes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Shape>("shape");
    QTest::addColumn<Values>("expected");
    const auto slice = [](const QByteArrayList &inputs, const QByteArrayList &more) {
        return made({node("Slice", QByteArrayList{"w"} + inputs, {"v"})}, more);
    };
    QTest::newRow("a slice") << slice({"a", "b", "c"}, {integers("a", {1}), integers("b", {3}), integers("c", {1})})
                             << Shape{2, 2} << Values{-2, 3, 5, 6};
    QTest::newRow("a slice to the end") << slice({"a", "b", "c"},
                                                 {integers("a", {-2}),
                                                  integers("b", {std::numeric_limits<std::int64_t>::max()}),
                                                  integers("c", {-1})})
                                        << Shape{2, 2} << Values{-2, 3, 5, 6};
    QTest::newRow("backwards") << slice({"a", "b", "c", "d"},
                                        {integers("a", {-1}), integers("b", {std::numeric_limits<std::int64_t>::min()}),
                                         integers("c", {1}), integers("d", {-2})})
                               << Shape{2, 2} << Values{3, 1, 6, -4};
    QTest::newRow("a slice by attributes")
        << made({node("Slice", {"w"}, {"v"}, attribute("starts", Shape{0, 1}) + attribute("ends", Shape{1, 9}))}, {})
        << Shape{1, 2} << Values{-2, 3};
    QTest::newRow("joined") << made({node("Concat", {"w", "u"}, {"v"}, attribute("axis", 1))},
                                    {values("u", {2, 1}, {7, 8})})
                            << Shape{2, 4} << Values{1, -2, 3, 7, -4, 5, 6, 8};
    QTest::newRow("joined below") << made({node("Concat", {"w", "u"}, {"v"}, attribute("axis", -2))},
                                          {values("u", {1, 3}, {7, 8, 9})})
                                  << Shape{3, 3} << Values{1, -2, 3, -4, 5, 6, 7, 8, 9};
    QTest::newRow("picked") << made({node("Gather", {"w", "i"}, {"v"}, attribute("axis", 1))}, {integers("i", {2, -3})})
                            << Shape{2, 2} << Values{3, 1, 6, -4};
    QTest::newRow("repeated") << made({node("Tile", {"w", "i"}, {"v"})}, {integers("i", {2, 1})}) << Shape{4, 3}
                              << Values{1, -2, 3, -4, 5, 6, 1, -2, 3, -4, 5, 6};
    QTest::newRow("stretched") << made({node("Unsqueeze", {"w", "a"}, {"b"}), node("Expand", {"b", "i"}, {"v"})},
                                       {integers("a", {1}), integers("i", {2, 2, 3})})
                               << Shape{2, 2, 3} << Values{1, -2, 3, 1, -2, 3, -4, 5, 6, -4, 5, 6};
    QTest::newRow("turned, then scaled") << made({node("Transpose", {"w"}, {"t"}), node("Mul", {"t", "k"}, {"v"})},
                                                 {values("k", {2}, {1, 2})})
                                         << Shape{3, 2} << Values{1, -8, -2, 10, 3, 12};
    QTest::newRow("a shape that is computed")
        << made({node("Shape", {"w"}, {"s"}), node("Gather", {"s", "i"}, {"n"}), node("Reshape", {"w", "n"}, {"v"})},
                {integers("i", {1, 0})})
        << Shape{3, 2} << kWeights;
    QTest::newRow("a sum of kernels")
        << model(graph({node("Mul", {"w", "k"}, {"m"}), node("ReduceSum", {"m", "a"}, {"v"}, attribute("keepdims", 0)),
                        node("MatMul", {"x", "v"}, {"y"})},
                       {values("w", {2, 1, 3}, kWeights), values("k", {2, 1, 1}, {1, 10}), integers("a", {0})}, {"x"}))
        << Shape{1, 3} << Values{-39, 48, 63};
}

void TestOnnxComputed::otherShapes()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Shape, shape);
    QFETCH(Values, expected);
    const auto read = readLayerW(bytes);
    QCOMPARE(read->model.layers[0].keptReason.str(), std::string());
    const TensorInfo &info = read->tensor("w");
    QCOMPARE(info.shape, std::vector<std::uint64_t>(shape.begin(), shape.end()));
    Values found(info.elements());
    QS_VERIFY(TensorElements(read->model.view(read->model.layers[0].tensor)).floats(0, found.size(), found.data()));
    QCOMPARE(found, expected);
}

/// Codes are the weight, too, where arithmetic follows what turns them into floats.
void TestOnnxComputed::ofCodes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Values>("expected");
    const auto codes = [](int type, const QByteArray &data, const QByteArrayList &nodes, const QByteArrayList &more) {
        return model(graph(nodes + QByteArrayList{kUse},
                           QByteArrayList{tensor("w", type, {2, 3}, rawData(data))} + more, {"x"}));
    };
    const QByteArray signedCodes("\x01\xfe\x03\xfc\x05\x06", 6); // kWeights
    const QByteArray half = values("s", {}, {0.5F});
    const QByteArray update = values("u", {2, 3}, {0, 0, 1, 0, 0, 1});
    QTest::newRow("an update of codes") << codes(3, signedCodes,
                                                 {node("DequantizeLinear", {"w", "s"}, {"d"}),
                                                  node("Add", {"d", "u"}, {"v"})},
                                                 {half, update})
                                        << Values{0.5F, -1, 2.5F, -2, 2.5F, 4};
    QTest::newRow("scales of rows, zero points")
        << codes(
               2, QByteArray("\x81\x7e\x83\x7c\x85\x86", 6),
               {node("DequantizeLinear", {"w", "r", "z"}, {"d"}, attribute("axis", 0)), node("Add", {"d", "u"}, {"v"})},
               {values("r", {2}, {1, 2}), tensor("z", 2, {2}, rawData(QByteArray("\x80\x80", 2))), update})
        << Values{1, -2, 4, -8, 10, 13};
    QTest::newRow("scales of blocks") << codes(3, signedCodes,
                                               {node("DequantizeLinear", {"w", "b"}, {"d"},
                                                     attribute("axis", 1) + attribute("block_size", 2)),
                                                node("Clip", {"d"}, {"v"}, number("max", 20))},
                                               {values("b", {2, 2}, {1, 2, 3, 4})})
                                      << Values{1, -2, 6, -12, 15, 20};
    QTest::newRow("nibbles") << codes(22, QByteArray("\xe1\xc3\x65", 3),
                                      {node("DequantizeLinear", {"w", "s"}, {"d"}), node("Neg", {"d"}, {"v"})}, {half})
                             << Values{-0.5F, 1, -1.5F, 2, -2.5F, -3};
    QTest::newRow("joined codes") << codes(3, signedCodes,
                                           {node("Concat", {"w", "c"}, {"j"}, attribute("axis", 0)),
                                            node("DequantizeLinear", {"j", "s"}, {"v"})},
                                           {half, tensor("c", 3, {1, 3}, rawData(QByteArray("\x02\x04\x06", 3)))})
                                  << Values{0.5F, -1, 1.5F, -2, 2.5F, 3, 1, 2, 3};
    QTest::newRow("entries of a codebook")
        << codes(3, QByteArray("\0\1\2\2\1\0", 6), {node("Gather", {"book", "w"}, {"v"})},
                 {values("book", {3}, {-7, 0, 9})})
        << Values{-7, 0, 9, 9, 0, -7};
    QTest::newRow("floats that are rounded to codes on the way")
        << made({node("QuantizeLinear", {"w", "s", "z"}, {"q"}), node("DequantizeLinear", {"q", "s", "z"}, {"d"}),
                 node("Neg", {"d"}, {"v"})},
                {values("s", {}, {2}), tensor("z", 3, {}, rawData(QByteArray("\0", 1)))})
        << Values{0, 2, -4, 4, -4, -6};
}

void TestOnnxComputed::ofCodes()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Values, expected);
    const auto read = readLayerW(bytes);
    const Layer &layer = read->model.layers[0];
    QCOMPARE(layer.keptReason.str(), std::string());
    QVERIFY(!layer.hasCodes());
    QCOMPARE(read->tensor("w").dtype, DType::F32);
    Values found(read->tensor("w").elements());
    QS_VERIFY(TensorElements(read->model.view(layer.tensor)).floats(0, found.size(), found.data()));
    QCOMPARE(found, expected);
}

/// A row of numbers becomes a weight when a node makes a matrix of it.
void TestOnnxComputed::ofOneAxis()
{
    const auto read = readLayerW(model(
        graph({node("Reshape", {"w", "s"}, {"v"}), kUse}, {values("w", {6}, kWeights), integers("s", {2, 3})}, {"x"})));
    QCOMPARE(read->tensor("w").shape, (std::vector<std::uint64_t>{2, 3}));
    QCOMPARE(read->model.layers[0].channelAxis, 1);
}

/// A table of which constant indices take rows is a table unless something multiplies by the rows.
void TestOnnxComputed::rowsByConstantIndices()
{
    const auto read = readLayerW(model(graph({node("Gather", {"w", "i"}, {"r"}), node("Add", {"x", "r"}, {"y"})},
                                             {values("w", {2, 3}, kWeights), integers("i", {1, 0, 1})}, {"x"})));
    QCOMPARE(read->model.layers[0].op, Op::Embedding);
    QCOMPARE(read->tensor("w").shape, (std::vector<std::uint64_t>{2, 3}));
}

/// Each operation rounds to the type, as a program that computes in it does.
void TestOnnxComputed::halves()
{
    const auto half = [](const QByteArray &name, const Shape &shape, const Values &numbers) {
        QByteArray data;
        for (const float number : numbers) {
            const std::uint16_t bits = toF16(number);
            data.append(reinterpret_cast<const char *>(&bits), 2);
        }
        return tensor(name, 10, shape, rawData(data));
    };
    const auto read = readLayerW(model(
        graph({node("Mul", {"w", "k"}, {"v"}), kUse}, {half("w", {2, 1}, {2049, 3}), half("k", {1}, {1.5})}, {"x"})));
    QCOMPARE(read->tensor("w").dtype, DType::F16);
    Values found(2);
    QS_VERIFY(TensorElements(read->model.view(read->model.layers[0].tensor)).floats(0, 2, found.data()));
    QCOMPARE(found, (Values{roundTo(DType::F16, 2048 * 1.5F), 4.5F})); // 2049 is 2048 in f16
}

void TestOnnxComputed::partsAreNoLayers()
{
    const auto read = readLayerW(made({node("MatMul", {"a", "b"}, {"d"}), node("Add", {"w", "d"}, {"v"})},
                                      {values("a", {2, 1}, {1, -1}), values("b", {1, 3}, {1, 2, 3})}));
    for (const char *part : {"a", "b"}) {
        QVERIFY(read->role(part) != nullptr && !read->role(part)->layer);
        QCOMPARE(read->role(part)->reason.str(), std::string("part of the weight 'w'"));
    }
}

/// Of two tensors of one size the row is what stands first in the arithmetic, wherever the file has it.
void TestOnnxComputed::theLargestTensorIsTheRow()
{
    const auto read =
        readLayerW(model(graph({node("Add", {"w", "d"}, {"v"}), kUse},
                               {values("d", {2, 3}, {1, 1, 1, 1, 1, 1}), values("w", {2, 3}, kWeights)}, {"x"})));
    QCOMPARE(read->role("d")->reason.str(), std::string("part of the weight 'w'"));
}

/// Nodes that pick entries of an axis hand on parts of one weight; matrices of a stack have scales of their own.
void TestOnnxComputed::parts_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Shape>("shape");
    QTest::addColumn<int>("axis");
    QTest::addColumn<int>("stack");
    const auto use = [](const QByteArray &part) { return node("MatMul", {"x", part}, {part + "y"}); };
    const auto split = [](const QByteArray &from, int axis) {
        return node("Split", {from}, {"a", "b"}, attribute("axis", axis));
    };
    const auto index = [](const QByteArray &name, std::int64_t value) {
        return tensor(name, 7, {}, rawData(raw(std::vector<std::int64_t>{value})));
    };
    const auto given = [](const QByteArrayList &nodes, const Shape &shape, const QByteArrayList &more = {}) {
        return model(graph(nodes, QByteArrayList{floats("w", shape)} + more, {"x"}));
    };
    const QByteArray two = values("k", {}, {2});
    QTest::newRow("split") << given({split("w", 1), use("a"), use("b")}, {2, 4}) << Shape{2, 4} << 1 << 0;
    QTest::newRow("split along the inputs")
        << given({split("w", 0), use("a"), use("b")}, {4, 3}) << Shape{4, 3} << 1 << 0;
    QTest::newRow("scaled before") << given({node("Mul", {"w", "k"}, {"t"}), split("t", 1), use("a"), use("b")}, {2, 4},
                                            {two})
                                   << Shape{2, 4} << 1 << 0;
    QTest::newRow("one of two") << given({split("w", 1), use("b")}, {2, 4}) << Shape{2, 2} << 1 << 0;
    QTest::newRow("slices") << given({node("Slice", {"w", "0", "1", "ax"}, {"a"}),
                                      node("Slice", {"w", "1", "4", "ax"}, {"b"}), use("a"), use("b")},
                                     {2, 4},
                                     {integers("0", {0}), integers("1", {1}), integers("4", {4}), integers("ax", {1})})
                            << Shape{2, 4} << 1 << 0;
    QTest::newRow("experts by index") << given({node("Gather", {"w", "0"}, {"a"}), node("Gather", {"w", "1"}, {"b"}),
                                                use("a"), use("b")},
                                               {2, 3, 4}, {index("0", 0), index("1", 1)})
                                      << Shape{2, 3, 4} << 2 << 1;
    QTest::newRow("experts that are split") << given({split("w", 0), node("Squeeze", {"a", "ax"}, {"c"}),
                                                      node("Squeeze", {"b", "ax"}, {"d"}), use("c"), use("d")},
                                                     {2, 3, 4}, {integers("ax", {0})})
                                            << Shape{2, 3, 4} << 2 << 1;
}

void TestOnnxComputed::parts()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Shape, shape);
    const auto read = readLayerW(bytes);
    QCOMPARE(read->model.layers[0].keptReason.str(), std::string());
    QCOMPARE(read->tensor("w").shape, std::vector<std::uint64_t>(shape.begin(), shape.end()));
    QTEST(read->model.layers[0].channelAxis, "axis");
    QTEST(int(read->role("w")->stackAxes), "stack");
}

/// What a branch computes of a tensor outside is the weight as well; its value is known by where it is made.
void TestOnnxComputed::inBodies()
{
    const QByteArray branch = graph({node("Mul", {"w", "k"}, {"v"}), node("MatMul", {"x", "v"}, {"y"})}, {}, {}, {"y"});
    const auto read =
        readLayerW(model(graph({node("If", {"c"}, {"o"}, graphAttribute("then_branch", branch))},
                               {values("w", {2, 3}, kWeights), values("k", {}, {2})}, {"x", "c"}, {"o"})));
    QCOMPARE(read->model.layers[0].keptReason.str(), std::string());
    QCOMPARE(read->model.computed.begin()->second.value, std::string("o.then_branch/v"));
    Values found(6);
    QS_VERIFY(TensorElements(read->model.view(read->model.layers[0].tensor)).floats(0, found.size(), found.data()));
    QCOMPARE(found, (Values{2, -4, 6, -8, 10, 12}));
}

/// In functions it depends on the call: the row says which node stands between.
void TestOnnxComputed::inFunctions()
{
    const QByteArray body = bytesField(1, "f") + bytesField(4, "a") + bytesField(4, "b") + bytesField(5, "c") +
                            bytesField(7, node("Mul", {"b", "b"}, {"v"})) +
                            bytesField(7, node("MatMul", {"a", "v"}, {"c"})) + bytesField(10, "local");
    const QByteArray call = node("f", {"x", "w"}, {"y"}, bytesField(7, "local"));
    const auto read = readLayerW(model(graph({call}, {values("w", {2, 3}, kWeights)}, {"x"}), bytesField(25, body)));
    const std::string reason = read->model.layers[0].keptReason.str();
    QVERIFY2(reason.starts_with("Mul 'v' changes it before it is used as a weight"), reason.c_str());
}

void TestOnnxComputed::notKnown_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("reason");
    const QByteArray two = values("k", {}, {2});
    const QByteArray scaled = node("Mul", {"w", "k"}, {"v"});
    QTest::newRow("an operator that is not computed") << made({node("Acosh", {"w"}, {"v"})}, {})
                                                      << "Acosh 'v' changes it before it is used as a weight, so what "
                                                         "is stored is not the weight: Acosh is not computed";
    QTest::newRow("an operator that is not computed, on the way")
        << made({node("Acosh", {"k"}, {"a"}), node("Mul", {"w", "a"}, {"v"})}, {two})
        << "Mul 'v' changes it before it is used as a weight, so what is stored is not the weight: Acosh is not "
           "computed";
    QTest::newRow("more elements than the file has")
        << made({node("Expand", {"w", "s"}, {"v"})}, {integers("s", {1'000'000, 2, 3})})
        << "a value on the way has the shape [1000000, 2, 3]";
    QTest::newRow("indices that are not there")
        << made({node("Gather", {"w", "i"}, {"v"})}, {integers("i", {2})}) << "'v' cannot be followed";
    QTest::newRow("used as it is, too") << made({scaled, node("MatMul", {"x", "w"}, {"z"})}, {two})
                                        << "Mul 'v' changes it";
    QTest::newRow("fed to another node, too") << model(graph({scaled, kUse, node("Add", {"x", "w"}, {"z"})},
                                                             {values("w", {2, 3}, kWeights), two}, {"x"}, {"y", "z"}))
                                              << "'w' is used as it is, too";
    QTest::newRow("an output, too") << model(graph({scaled, kUse}, {values("w", {2, 3}, kWeights), two}, {"x"}, {"w"}))
                                    << "'w' is used as it is, too";
    QTest::newRow("two weights of one tensor")
        << made({scaled, node("Mul", {"v", "k"}, {"u"}), node("MatMul", {"x", "u"}, {"z"})}, {two}) << "changes it";
    QTest::newRow("doubles") << model(graph({scaled, kUse},
                                            {tensor("w", 11, {1, 1}, rawData(raw(std::vector<double>{1}))),
                                             tensor("k", 11, {1}, rawData(raw(std::vector<double>{2})))},
                                            {"x"}))
                             << "'w' has the type f64";
    QTest::newRow("types that do not fit")
        << model(graph({scaled, kUse}, {values("w", {2, 3}, kWeights), integers("k", {2})}, {"x"}))
        << "Mul computes with i64";
}

void TestOnnxComputed::notKnown()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, reason);
    const auto read = readLayerW(bytes);
    const std::string text = read->model.layers[0].keptReason.str();
    QVERIFY2(QString::fromStdString(text).contains(reason), text.c_str());
    QVERIFY(read->model.computed.empty());
}

/// 2^60 ways lead from the tensor to the product; neither following nor computing takes them one by one.
void TestOnnxComputed::manyWays()
{
    QByteArrayList nodes;
    QByteArray last = "w";
    for (int i = 0; i < 60; ++i) {
        const QByteArray next = "t" + QByteArray::number(i);
        nodes << node("Add", {last, last}, {next});
        last = next;
    }
    const auto read = readLayerW(made(nodes, {}, node("MatMul", {"x", last}, {"y"})));
    const std::string reason = read->model.layers[0].keptReason.str();
    QVERIFY2(reason.ends_with("it takes too much work"), reason.c_str());
    QCOMPARE(read->warnings(), QString());
}

QTEST_GUILESS_MAIN(TestOnnxComputed)
#include "tst_formats_onnx_computed.moc"
