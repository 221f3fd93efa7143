// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the graph of an ONNX file says of its weights: op, output-channel axis and why, bias.
#include "core/recipe/pattern.h"
#include "core/recipe/recipe.h"
#include "tests/core/onnx_reading.h"
#include "tests/support/test_model.h"

#include <QTest>

using namespace qs;
using namespace qs::test;
using namespace qs::test::onnx;

namespace {

/// A node that makes y from x and w.
QByteArray product(const QByteArray &op, const QByteArray &rest = {})
{
    return node(op, {"x", "w"}, {"y"}, rest);
}

/// Nodes on weight "w", with whole numbers for reshapes among the initializers.
QByteArray weighted(const Shape &shape, const QByteArrayList &nodes, const QByteArrayList &more = {})
{
    return model(graph(nodes, QByteArrayList{floats("w", shape)} + more, {"x"}));
}

QByteArray function(const QByteArrayList &nodes)
{
    QByteArray bytes =
        bytesField(1, "f") + bytesField(10, "local") + bytesField(4, "a") + bytesField(4, "b") + bytesField(5, "c");
    for (const QByteArray &entry : nodes)
        bytes += bytesField(7, entry);
    return bytesField(25, bytes);
}

} // namespace

class TestOnnxAxes : public QObject
{
    Q_OBJECT

private slots:
    void consumers_data();
    void consumers();
    void behindLayoutNodes_data();
    void behindLayoutNodes();
    void kept_data();
    void kept();
    void noLayers_data();
    void noLayers();
    void biases_data();
    void biases();
    void subgraphs();
    void functions();
    void stacks();
    void embeddingsAreExcludedByDefault();
    void weightsMadeByTheModel();
};

void TestOnnxAxes::consumers_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("op");
    QTest::addColumn<int>("axis");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *name, const QByteArray &bytes, Op op, int axis, const char *reason) {
        QTest::newRow(name) << bytes << static_cast<int>(op) << axis << reason;
    };
    row("Conv", weighted({4, 2, 3, 3}, {product("Conv")}), Op::Conv, 0,
        "Conv weights are [out, in, kernel]: outputs are axis 0");
    row("Conv, grouped", weighted({4, 1, 3}, {product("Conv", attribute("group", 2))}), Op::Conv, 0, "axis 0");
    row("FusedConv", weighted({4, 2, 3, 3}, {product("FusedConv", kMicrosoft)}), Op::Conv, 0, "FusedConv weights");
    row("ConvTranspose", weighted({4, 2, 3}, {product("ConvTranspose")}), Op::ConvTranspose, 1,
        "ConvTranspose weights are [in, out, kernel]: outputs are axis 1");
    row("ConvTranspose, grouped", weighted({4, 2, 3}, {product("ConvTranspose", attribute("group", 2))}),
        Op::ConvTranspose, 1, "outputs are axis 1, whose scales its 2 groups share");
    row("Gemm without transB", weighted({3, 2}, {product("Gemm")}), Op::Linear, 1,
        "Gemm multiplies by it from the right: [in, out], outputs are axis 1");
    row("Gemm, transB = 0", weighted({3, 2}, {product("Gemm", attribute("transB", 0))}), Op::Linear, 1, "axis 1");
    row("Gemm, transB = 1", weighted({3, 2}, {product("Gemm", attribute("transB", 1))}), Op::Linear, 0,
        "Gemm multiplies by it from the right with transB = 1: [out, in], outputs are axis 0");
    row("Gemm, constant A", weighted({3, 2}, {node("Gemm", {"w", "x"}, {"y"})}), Op::Linear, 0,
        "from the left: [out, in], outputs are axis 0");
    row("Gemm, constant A, transA", weighted({3, 2}, {node("Gemm", {"w", "x"}, {"y"}, attribute("transA", 1))}),
        Op::Linear, 1, "from the left with transA = 1: [in, out], outputs are axis 1");
    row("MatMul", weighted({3, 2}, {product("MatMul")}), Op::MatMul, 1,
        "MatMul multiplies by it from the right: [in, out], outputs are axis 1");
    row("MatMul, the standard's name", weighted({3, 2}, {product("MatMul", bytesField(7, "ai.onnx"))}), Op::MatMul, 1,
        "MatMul");
    row("MatMul, batches", weighted({4, 3, 2}, {product("MatMul")}), Op::MatMul, 2, "[…, in, out], outputs are axis 2");
    row("MatMul from the left", weighted({3, 2}, {node("MatMul", {"w", "x"}, {"y"})}), Op::MatMul, 0,
        "MatMul multiplies by it from the left: [out, in], outputs are axis 0");
    row("FusedMatMul, transB", weighted({3, 2}, {product("FusedMatMul", attribute("transB", 1) + kMicrosoft)}),
        Op::MatMul, 0, "with transB = 1");
    row("Gather", weighted({5, 2}, {node("Gather", {"w", "x"}, {"y"})}), Op::Embedding, 0,
        "Gather picks entries along axis 0: one row per entry");
    row("Gather, last axis", weighted({5, 2}, {node("Gather", {"w", "x"}, {"y"}, attribute("axis", -1))}),
        Op::Embedding, 1, "along axis 1");
    row("LSTM W", weighted({1, 8, 3}, {product("LSTM")}), Op::Recurrent, 1,
        "LSTM weights are [directions, gates × hidden, in]: outputs are axis 1");
    row("GRU R, both directions", weighted({2, 6, 2}, {node("GRU", {"x", "z", "w"}, {"y"})}), Op::Recurrent, 1,
        "outputs are axis 1, whose scales both directions share");
    row("RNN W", weighted({1, 2, 2}, {product("RNN")}), Op::Recurrent, 1, "RNN weights");
    row("Attention", weighted({3, 6}, {product("Attention", kMicrosoft)}), Op::MatMul, 1,
        "Attention weights are [in, out]: outputs are axis 1");
    row("Einsum", weighted({3, 2}, {product("Einsum", textAttribute("equation", "b i, oi -> bo"))}), Op::MatMul, 0,
        "Einsum 'b i, oi -> bo' has its outputs on axis 0");
    row("Einsum, three axes", weighted({2, 3, 4}, {product("Einsum", textAttribute("equation", "bhi,hio->bho"))}),
        Op::MatMul, 2, "outputs on axis 2");
    row("a Gather and a MatMul that agree",
        weighted({5, 2}, {node("Gather", {"w", "i"}, {"e"}), node("Transpose", {"w"}, {"t"}),
                          node("MatMul", {"x", "t"}, {"y"})}),
        Op::MatMul, 0, "outputs are axis 1; behind Transpose that is axis 0 of the stored tensor");
    row("also added", weighted({3, 2}, {product("MatMul"), node("Add", {"w", "x"}, {"z"})}), Op::MatMul, 1, "MatMul");
    row("IR 3: initializer among the inputs",
        number(1, 3) + bytesField(7, graph({product("MatMul")}, {floats("w", {3, 2})}, {"x", "w"}, {"y"})) + opset(8),
        Op::MatMul, 1, "MatMul");
    row("Constant",
        model(graph({node("Constant", {}, {"w"}, tensorAttribute("value", floats("", {3, 2}))), product("MatMul")})),
        Op::MatMul, 1, "MatMul");
}

void TestOnnxAxes::consumers()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, op);
    QFETCH(int, axis);
    QFETCH(QString, reason);
    const auto read = readLayerW(bytes);
    const Layer &layer = read->model.layers[0];
    QCOMPARE(static_cast<int>(layer.op), op);
    QCOMPARE(layer.channelAxis, axis);
    QCOMPARE(layer.keptReason.str(), std::string());
    QVERIFY2(QString::fromStdString(layer.channelAxisReason.str()).contains(reason),
             layer.channelAxisReason.str().c_str());
}

void TestOnnxAxes::behindLayoutNodes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("axis"); // of outputs in the stored tensor; -1: cannot be told
    QTest::addColumn<QString>("reason");
    const char *kComputed = "outputs are axis 1; the values are those of the weight that the graph computes";
    const QByteArray use = node("MatMul", {"x", "v"}, {"y"});
    const auto through = [&](const QByteArray &op, const QByteArray &rest, const Shape &shape) {
        return weighted(shape, {node(op, {"w"}, {"v"}, rest), use});
    };
    const auto reshaped = [&](const Shape &shape, const Shape &target, const QByteArray &rest = {}) {
        return weighted(shape, {node("Reshape", {"w", "s"}, {"v"}, rest), use}, {integers("s", target)});
    };
    QTest::newRow("Identity") << through("Identity", {}, {3, 2}) << 1 << "outputs are axis 1";
    QTest::newRow("Cast") << through("Cast", attribute("to", 1), {3, 2}) << 1 << "outputs are axis 1";
    QTest::newRow("QuantizeLinear, DequantizeLinear")
        << weighted({3, 2},
                    {node("QuantizeLinear", {"w", "c"}, {"q"}), node("DequantizeLinear", {"q", "c"}, {"v"}), use},
                    {floats("c", {1})})
        << 1 << "outputs are axis 1";
    QTest::newRow("Transpose") << through("Transpose", attribute("perm", Shape{1, 0}), {3, 2}) << 0
                               << "outputs are axis 1; behind Transpose that is axis 0 of the stored tensor";
    QTest::newRow("Transpose without perm") << through("Transpose", {}, {4, 3, 2}) << 0 << "behind Transpose";
    QTest::newRow("Transpose of three axes") << through("Transpose", attribute("perm", Shape{2, 0, 1}), {4, 3, 2}) << 1
                                             << "outputs are axis 2; behind Transpose that is axis 1";
    QTest::newRow("Transpose, perm too short") << through("Transpose", attribute("perm", Shape{0}), {3, 2}) << -1
                                               << "cannot be followed through Transpose 'v'";
    QTest::newRow("Transpose, perm twice the same")
        << through("Transpose", attribute("perm", Shape{0, 0}), {3, 2}) << -1 << "cannot be followed";
    QTest::newRow("Transpose, perm out of range")
        << through("Transpose", attribute("perm", Shape{0, 2}), {3, 2}) << -1 << "cannot be followed";
    QTest::newRow("Reshape to two axes") << reshaped({4, 2, 3, 5}, {24, 5}) << 3
                                         << "outputs are axis 1; behind Reshape that is axis 3 of the stored tensor";
    QTest::newRow("Reshape with -1") << reshaped({4, 2, 3, 5}, {-1, 5}) << 3 << "axis 3";
    QTest::newRow("Reshape with 0") << reshaped({4, 2, 3}, {0, 6}) << 1 << kComputed;
    QTest::newRow("Reshape with 0, kept axis") << reshaped({6, 2, 3}, {0, 2, -1}) << 2 << "axis 2";
    QTest::newRow("Reshape, 0 is a size") << reshaped({3, 2}, {0, 2}, attribute("allowzero", 1)) << -1 << "cannot be";
    QTest::newRow("Reshape with two -1") << reshaped({3, 2}, {-1, -1}) << -1 << "cannot be followed through Reshape";
    QTest::newRow("Reshape with -2") << reshaped({3, 2}, {-2, 2}) << -1 << "cannot be followed";
    QTest::newRow("Reshape to another size") << reshaped({3, 2}, {3, 3}) << -1 << "cannot be followed";
    QTest::newRow("Reshape with 0 beyond the axes") << reshaped({3, 2}, {3, 2, 0}) << -1 << "cannot be followed";
    QTest::newRow("Reshape that mixes outputs") << reshaped({2, 3, 4}, {2, 12}) << 1 << kComputed;
    QTest::newRow("Reshape that cuts outputs") << reshaped({2, 12}, {6, 4}) << 1 << kComputed;
    QTest::newRow("Reshape across axes") << reshaped({4, 6}, {6, 4}) << 1 << kComputed;
    QTest::newRow("Reshape with a computed shape")
        << weighted({3, 2}, {node("Shape", {"x"}, {"s"}), node("Reshape", {"w", "s"}, {"v"}), use}) << -1
        << "cannot be followed through Reshape 'v'";
    QTest::newRow("Reshape with the shape as attribute")
        << through("Reshape", attribute("shape", Shape{6, 4}), {2, 3, 4}) << 2 << "axis 2";
    QTest::newRow("Reshape apart and together again")
        << weighted({12, 5},
                    {node("Reshape", {"w", "s"}, {"a"}),
                     node("Transpose", {"a"}, {"b"}, attribute("perm", Shape{2, 0, 1})),
                     node("Reshape", {"b", "t"}, {"v"}), use},
                    {integers("s", {3, 4, 5}), integers("t", {5, 12})})
        << 0 << "outputs are axis 1; behind Reshape, Transpose that is axis 0";
    QTest::newRow("Reshape apart and together in another order")
        << weighted({12, 5},
                    {node("Reshape", {"w", "s"}, {"a"}),
                     node("Transpose", {"a"}, {"b"}, attribute("perm", Shape{2, 1, 0})),
                     node("Reshape", {"b", "t"}, {"v"}), use},
                    {integers("s", {3, 4, 5}), integers("t", {5, 12})})
        << 1 << kComputed;
    QTest::newRow("Flatten") << through("Flatten", attribute("axis", 2), {2, 3, 5}) << 2 << "axis 2";
    QTest::newRow("Flatten, default axis") << through("Flatten", {}, {2, 3, 1}) << 1 << "outputs are axis 1";
    QTest::newRow("Flatten out of range") << through("Flatten", attribute("axis", 4), {2, 3}) << -1 << "Flatten";
    QTest::newRow("Squeeze, axes as attribute")
        << through("Squeeze", attribute("axes", Shape{0, -1}), {1, 3, 2, 1}) << 2 << "axis 2";
    QTest::newRow("Squeeze, axes as input")
        << weighted({3, 2, 1}, {node("Squeeze", {"w", "s"}, {"v"}), use}, {integers("s", {2})}) << 1 << "axis 1";
    QTest::newRow("Squeeze without axes") << through("Squeeze", {}, {3, 1, 2}) << 2 << "axis 2";
    QTest::newRow("Squeeze of a wider axis")
        << through("Squeeze", attribute("axes", Shape{0}), {3, 2}) << -1 << "Squeeze";
    QTest::newRow("Unsqueeze") << through("Unsqueeze", attribute("axes", Shape{0}), {3, 2}) << 1 << "axis 1";
    QTest::newRow("Unsqueeze behind") << through("Unsqueeze", attribute("axes", Shape{-1}), {1, 2}) << 0 << "axis 0";
    QTest::newRow("Unsqueeze without axes") << through("Unsqueeze", {}, {3, 2}) << -1 << "Unsqueeze";
    QTest::newRow("one output") << weighted({3, 1}, {product("MatMul")}) << 1 << "axis 1";
}

void TestOnnxAxes::behindLayoutNodes()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, axis);
    QFETCH(QString, reason);
    const auto read = readLayerW(bytes);
    const Layer &layer = read->model.layers[0];
    QCOMPARE(layer.op, Op::MatMul);
    const std::string text = (axis < 0 ? layer.keptReason : layer.channelAxisReason).str();
    QVERIFY2(QString::fromStdString(text).contains(reason), text.c_str());
    QCOMPARE(layer.keptReason.empty(), axis >= 0);
    if (axis >= 0)
        QCOMPARE(layer.channelAxis, axis);
}

void TestOnnxAxes::kept_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("warning");
    QTest::newRow("two nodes that disagree")
        << weighted({3, 3}, {product("MatMul"), node("MatMul", {"w", "x"}, {"z"})})
        << "its nodes disagree: MatMul multiplies by it from the right: [in, out], outputs are axis 1, but MatMul "
           "multiplies by it from the left"
        << "";
    QTest::newRow("Gather and MatMul that disagree")
        << weighted({3, 3}, {node("Gather", {"w", "i"}, {"e"}), product("MatMul")}) << "its nodes disagree"
        << "";
    QTest::newRow("group 0") << weighted({4, 2, 3}, {product("Conv", attribute("group", 0))})
                             << "the attribute 'group' of Conv is 0"
                             << "'group' does not divide";
    QTest::newRow("group that does not divide")
        << weighted({4, 2, 3}, {product("ConvTranspose", attribute("group", 3))}) << "'group' of ConvTranspose is 3"
        << "'group' does not divide";
    QTest::newRow("Einsum with two axes of outputs")
        << weighted({2, 3, 4}, {product("Einsum", textAttribute("equation", "bi,iho->bho"))})
        << "has 2 axes of outputs, so there is no one axis for scales"
        << "";
    QTest::newRow("Einsum without an arrow")
        << weighted({2, 3}, {product("Einsum", textAttribute("equation", "bi,io"))}) << "an unknown number of axes"
        << "";
    QTest::newRow("Gather on an axis that is not there")
        << weighted({2, 3}, {node("Gather", {"w", "x"}, {"y"}, attribute("axis", 2))}) << "'axis' of Gather is 2"
        << "";
    QTest::newRow("Conv with a matrix") << weighted({4}, {}) << ""
                                        << "";
    QTest::newRow("LSTM with two axes") << weighted({4, 2}, {product("LSTM")})
                                        << "LSTM uses it with 2 axes, expected 3 or more"
                                        << "";
    QTest::newRow("Concat") << weighted({4, 2}, {node("Concat", {"w", "x"}, {"y"})})
                            << "Concat uses it, behind which its outputs are not known"
                            << "";
    QTest::newRow("unknown domain") << weighted({4, 2}, {product("Strange", bytesField(7, "org.example"))})
                                    << "Strange uses it, behind which"
                                    << "";
    QTest::newRow("carried through a Loop")
        << weighted({4, 2}, {node("Loop", {"m", "c", "w"}, {"y"}, graphAttribute("body", graph({})))})
        << "Loop uses it, behind which"
        << "";
    QTest::newRow("eight-bit floats") << model(graph({product("MatMul")}, {tensor("w", 17, {2, 2}, rawData("abcd"))}))
                                      << "weights of type f8_e4m3 are not quantized"
                                      << "";
}

void TestOnnxAxes::kept()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, reason);
    QFETCH(QString, warning);
    const auto read = readOnnx(bytes);
    QS_VERIFY(read);
    QCOMPARE((*read)->model.layers.size(), reason.isEmpty() ? std::size_t(0) : std::size_t(1));
    if (!reason.isEmpty()) {
        const std::string text = (*read)->model.layers[0].keptReason.str();
        QVERIFY2(QString::fromStdString(text).contains(reason), text.c_str());
    }
    if (!warning.isEmpty())
        QVERIFY2((*read)->warnings().contains(warning), qPrintable((*read)->warnings()));
}

void TestOnnxAxes::noLayers_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("reason");
    QTest::newRow("added") << weighted({1, 4}, {node("Add", {"x", "w"}, {"y"})})
                           << "no node multiplies by it as a matrix; used by Add";
    QTest::newRow("added and scaled") << weighted({1, 4},
                                                  {node("Add", {"x", "w"}, {"y"}), node("Mul", {"x", "w"}, {"z"})})
                                      << "used by Add, Mul";
    QTest::newRow("unused") << weighted({4, 4}, {}) << "no node uses it";
    QTest::newRow("LSTM bias") << weighted({1, 8}, {node("LSTM", {"x", "a", "b", "w"}, {"y"})}) << "used by LSTM";
    QTest::newRow("output of the graph") << model(graph({}, {floats("w", {2, 2})}, {}, {"w"}))
                                         << "used by the output of the graph";
    QTest::newRow("no elements") << weighted({0, 4}, {product("MatMul")}) << "it has no elements";
}

void TestOnnxAxes::noLayers()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, reason);
    const auto read = readOnnx(bytes);
    QS_VERIFY(read);
    QVERIFY((*read)->model.layers.empty());
    const TensorRole *role = (*read)->role("w");
    QVERIFY(role != nullptr && !role->layer);
    QVERIFY2(QString::fromStdString(role->reason.str()).contains(reason), role->reason.str().c_str());
}

void TestOnnxAxes::biases_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("has");
    const auto with = [](const Shape &weight, const QByteArrayList &nodes, const Shape &bias) {
        return weighted(weight, nodes, {floats("b", bias)});
    };
    QTest::newRow("Conv") << with({4, 2, 3}, {node("Conv", {"x", "w", "b"}, {"y"})}, {4}) << true;
    QTest::newRow("ConvTranspose") << with({4, 2, 3}, {node("ConvTranspose", {"x", "w", "b"}, {"y"})}, {2}) << true;
    QTest::newRow("Gemm") << with({4, 2}, {node("Gemm", {"x", "w", "b"}, {"y"})}, {2}) << true;
    QTest::newRow("Gemm, a row") << with({4, 2}, {node("Gemm", {"x", "w", "b"}, {"y"})}, {1, 2}) << false;
    QTest::newRow("Gemm, a scalar") << with({4, 2}, {node("Gemm", {"x", "w", "b"}, {"y"})}, {1}) << false;
    QTest::newRow("MatMul and Add") << with({4, 2}, {product("MatMul"), node("Add", {"y", "b"}, {"z"})}, {2}) << true;
    QTest::newRow("MatMul and Add, the other way round")
        << with({4, 2}, {product("MatMul"), node("Add", {"b", "y"}, {"z"})}, {2}) << true;
    QTest::newRow("MatMul, used twice")
        << with({4, 2}, {product("MatMul"), node("Add", {"y", "b"}, {"z"}), node("Relu", {"y"}, {"r"})}, {2}) << false;
    QTest::newRow("MatMul and Mul") << with({4, 2}, {product("MatMul"), node("Mul", {"y", "b"}, {"z"})}, {2}) << false;
    QTest::newRow("MatMul and Add of another length")
        << with({4, 2}, {product("MatMul"), node("Add", {"y", "b"}, {"z"})}, {1}) << false;
}

void TestOnnxAxes::biases()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, has);
    const auto read = readLayerW(bytes);
    const Layer &layer = read->model.layers[0];
    QCOMPARE(layer.bias.has_value(), has);
    if (has)
        QCOMPARE(read->model.tensors[*layer.bias].name, std::string("b"));
}

void TestOnnxAxes::subgraphs()
{
    // "w" is used inside of both branches only; "u" belongs to one of them; "v" leaves its branch and is used outside.
    const QByteArray thenBranch = graph({product("MatMul"), node("Conv", {"x", "u"}, {"p"})}, {floats("u", {4, 2, 1})});
    const QByteArray elseBranch = graph({product("MatMul")}, {floats("v", {2, 5})}, {}, {"v"});
    const auto read = readOnnx(
        model(graph({node("If", {"c"}, {"o"},
                          graphAttribute("then_branch", thenBranch) + graphAttribute("else_branch", elseBranch)),
                     node("MatMul", {"x", "o"}, {"z"})},
                    {floats("w", {3, 2})})));
    QS_VERIFY(read);
    QCOMPARE((*read)->model.layers.size(), std::size_t(3));
    QCOMPARE((*read)->role("w")->channelAxis, std::optional(1));
    QCOMPARE((*read)->role("u")->op, std::optional(Op::Conv));
    QCOMPARE((*read)->role("v")->channelAxis, std::optional(1));

    // The "w" of the branch is another one than that outside.
    const auto hidden = readOnnx(model(graph(
        {node("If", {"c"}, {"o"}, graphAttribute("then_branch", graph({product("MatMul")}, {floats("w", {3, 2})}))),
         node("Add", {"x", "w"}, {"s"})},
        {floats("w", {3, 2})})));
    QS_VERIFY(hidden);
    QCOMPARE((*hidden)->model.layers.size(), std::size_t(1));
    QCOMPARE((*hidden)->model.layers[0].name, std::string("o.then_branch/w"));
}

void TestOnnxAxes::functions()
{
    const QByteArray call = node("f", {"x", "w"}, {"y"}, bytesField(7, "local") + attribute("turn", Shape{1, 0}));
    // The permutation is that of the call.
    const QByteArray turn = bytesField(5, bytesField(1, "perm") + bytesField(21, "turn") + number(20, 7));
    const auto inside =
        readOnnx(model(graph({call}, {floats("w", {3, 2})}),
                       function({node("Transpose", {"b"}, {"t"}, turn), node("MatMul", {"a", "t"}, {"c"})})));
    QS_VERIFY(inside);
    QCOMPARE((*inside)->role("w")->channelAxis, std::optional(0));

    // The function only turns the weight; the product is outside.
    const auto outside = readOnnx(model(graph({call, node("MatMul", {"x", "y"}, {"z"})}, {floats("w", {3, 2})}),
                                        function({node("Transpose", {"b"}, {"c"}, turn)})));
    QS_VERIFY(outside);
    QCOMPARE((*outside)->role("w")->channelAxis, std::optional(0));

    // A constant of the function's own.
    const auto own = readOnnx(model(graph({call}, {floats("w", {3, 2})}),
                                    function({node("Constant", {}, {"k"}, tensorAttribute("value", floats("", {2, 2}))),
                                              node("MatMul", {"a", "k"}, {"c"})})));
    QS_VERIFY(own);
    QCOMPARE((*own)->role("k")->channelAxis, std::optional(1));
    QCOMPARE((*own)->role("w")->layer, false);
}

/// Each matrix of a batched product has outputs of its own.
void TestOnnxAxes::stacks()
{
    const auto stackOf = [](const QByteArray &bytes) {
        const auto read = readOnnx(bytes);
        return read ? int((*read)->role("w")->stackAxes) : -1;
    };
    const auto transposed = [](const Shape &axes) { return node("Transpose", {"w"}, {"t"}, attribute("perm", axes)); };
    const QByteArray use = node("MatMul", {"x", "t"}, {"y"});
    QCOMPARE(stackOf(weighted({4, 3, 2}, {product("MatMul")})), 1);
    QCOMPARE(stackOf(weighted({5, 4, 3, 2}, {product("MatMul")})), 2);
    QCOMPARE(stackOf(weighted({1, 3, 2}, {product("MatMul")})), 0); // one matrix
    QCOMPARE(stackOf(weighted({3, 2}, {product("MatMul")})), 0);
    QCOMPARE(stackOf(weighted({4, 2, 3}, {transposed(Shape{0, 2, 1}), use})), 1);
    QCOMPARE(stackOf(weighted({3, 4, 2}, {transposed(Shape{1, 0, 2}), use})), 0); // they do not stand in front
    QCOMPARE(stackOf(weighted({4, 3, 2}, {product("Einsum", textAttribute("equation", "bsi,bio->bso"))})), 1);
    QCOMPARE(stackOf(weighted({4, 2, 3}, {product("Conv")})), 0);
    const auto read = readOnnx(weighted({4, 3, 2}, {product("MatMul")}));
    QS_VERIFY(read);
    const Model &opened = (*read)->model;
    QCOMPARE(matrixShape(opened.tensorOf(opened.layers.at(0)), opened.layers[0].channelAxis).channels,
             std::uint64_t(4 * 2));
}

void TestOnnxAxes::embeddingsAreExcludedByDefault()
{
    const auto read = readOnnx(model(graph({node("Gather", {"table*", "i"}, {"e"}), product("MatMul")},
                                           {floats("table*", {5, 2}), floats("w", {2, 2})})));
    QS_VERIFY(read);
    const Recipe recipe = defaultRecipe((*read)->model);
    QCOMPARE(recipe.rules.size(), std::size_t(1));
    QCOMPARE(recipe.rules[0].match, exactPattern("table*"));
    QCOMPARE(recipe.rules[0].action, Rule::Action::Exclude);
}

void TestOnnxAxes::weightsMadeByTheModel()
{
    const auto made = [](const QByteArray &use) {
        return readOnnx(model(graph({node("ConstantOfShape", {"s"}, {"w"}), use}, {integers("s", {4, 2, 3})}, {"x"})));
    };
    const auto weight = made(node("Conv", {"x", "w"}, {"y"}));
    QS_VERIFY(weight);
    QCOMPARE((*weight)->warnings(), QString("weights that the model makes when it runs are not in the file: 'w'"));
    const auto mask = made(node("Add", {"x", "w"}, {"y"}));
    QS_VERIFY(mask);
    QCOMPARE((*mask)->warnings(), QString());
}

QTEST_GUILESS_MAIN(TestOnnxAxes)
#include "tst_formats_onnx_axes.moc"
