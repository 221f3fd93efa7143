// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Networks of ONNX graphs built here: values, bodies, calls of functions, attributes, and files that have no network.
#include "core/network/network_source.h"
#include "core/network/queries.h"
#include "tests/core/onnx_reading.h"
#include "tests/support/test_model.h"

#include <QTest>

using namespace qs;
using namespace qs::test;
using namespace qs::test::onnx;

namespace {

const QByteArray kLocal = bytesField(7, "local"); // the domain of a node

QByteArray function(const QByteArray &name, const QByteArrayList &nodes, const QByteArrayList &inputs,
                    const QByteArrayList &outputs, const QByteArray &rest = {})
{
    QByteArray bytes = bytesField(1, name) + bytesField(10, "local") + rest;
    for (const QByteArray &input : inputs)
        bytes += bytesField(4, input);
    for (const QByteArray &output : outputs)
        bytes += bytesField(5, output);
    for (const QByteArray &entry : nodes)
        bytes += bytesField(7, entry);
    return bytesField(25, bytes);
}

/// An attribute that stands for the one of the call that has the name `reference`.
QByteArray referenceAttribute(const QByteArray &name, const QByteArray &reference)
{
    return bytesField(5, bytesField(1, name) + bytesField(21, reference));
}

/// A ValueInfoProto of FLOAT; negative sizes are free, and those below −1 have a name.
QByteArray typed(const QByteArray &name, const Shape &shape)
{
    QByteArray dims;
    for (const std::int64_t size : shape)
        dims += bytesField(1, size >= 0 ? number(1, size) : size == -1 ? QByteArray() : bytesField(2, "height"));
    return bytesField(1, name) + bytesField(2, bytesField(1, number(1, 1) + bytesField(2, dims)));
}

QString nameOf(const Network &network, std::uint32_t value)
{
    return value == kAbsent ? QStringLiteral("-") : QString::fromStdString(network.values[value].name);
}

/// "Conv(x, w, -) → y"; bodies behind the graph that holds them, captures in brackets.
QString textOf(const Network &network)
{
    QStringList lines;
    for (const NetworkGraph &graph : network.graphs) {
        const auto names = [&](const std::vector<std::uint32_t> &values) {
            QStringList result;
            for (const std::uint32_t value : values)
                result << nameOf(network, value);
            return result.join(", ");
        };
        lines << QString("(%1) → (%2) [%3]").arg(names(graph.inputs), names(graph.outputs), names(graph.captures));
        for (const NetworkNode &node : graph.nodes)
            lines
                << QString("%1(%2) → %3").arg(QString::fromStdString(node.op), names(node.inputs), names(node.outputs));
    }
    return lines.join('\n');
}

Result<std::shared_ptr<const Network>> networkOfBytes(const QByteArray &bytes, std::unique_ptr<OnnxModel> &model)
{
    auto read = readOnnx(bytes);
    if (!read)
        return std::unexpected(read.error());
    model = std::move(*read);
    return model->model.graph->network(model->model, {});
}

QStringList readersOf(const OnnxModel &model, const Network &network, const char *tensor)
{
    const NetworkLinks links(network);
    QStringList names;
    for (const NodeRef &node : nodesReading(links, *model.model.findTensor(tensor)))
        names << QString::fromStdString(links.nodeAt(node).name);
    return names;
}

QByteArray branches()
{
    const QByteArray then = graph({node("MatMul", {"x", "w"}, {"t"})}, {}, {}, {"t"});
    const QByteArray otherwise =
        graph({node("Identity", {"v"}, {"i"}), node("MatMul", {"x", "u"}, {"e"})}, {floats("u", {2, 2})}, {}, {"i"});
    return model(
        graph({node("If", {"c"}, {"m"}, graphAttribute("then_branch", then) + graphAttribute("else_branch", otherwise)),
               node("MatMul", {"x", "m"}, {"y"})},
              {floats("w", {2, 2}), floats("v", {2, 2})}, {"c", "x"}, {"y"}));
}

} // namespace

class TestNetworkOnnx : public QObject
{
    Q_OBJECT

private slots:
    void structures_data();
    void structures();
    void typesOfValues();
    void attributes();
    void attributesOfCalls();
    void versions();
    void readers();
    void reachableNodes();
    void outOfOrder();
    void noNetwork_data();
    void noNetwork();
    void everyPrefixEnds();
};

void TestNetworkOnnx::structures_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("left out inputs and outputs")
        << model(graph({node("Clip", {"x", "", "h"}, {"a", ""})}, {floats("h", {1})}, {"x"}, {"a"}))
        << "(x) → (a) []\nClip(x, -, h) → a, -";
    QTest::newRow("initializer among the inputs")
        << model(graph({node("Add", {"x", "w"}, {"y"})}, {floats("w", {2})}, {"w", "x"}, {"y"}))
        << "(x) → (y) []\nAdd(x, w) → y";
    QTest::newRow("Constant is a value") << model(graph(
                                                {node("Constant", {}, {"k"}, tensorAttribute("value", floats("", {2}))),
                                                 node("Constant", {}, {"s"}, textAttribute("value_string", "word")),
                                                 node("Add", {"x", "k"}, {"y"})},
                                                {}, {"x"}, {"y"}))
                                         << "(x) → (y) []\nAdd(x, k) → y";
    QTest::newRow("branches") << branches()
                              << "(c, x) → (y) []\nIf(c) → m\nMatMul(x, m) → y\n"
                                 "() → (t) [x, w]\nMatMul(x, w) → t\n"
                                 "() → (i) [x, v]\nIdentity(v) → i\nMatMul(x, u) → e";
    const QByteArray twice = function("twice",
                                      {node("Constant", {}, {"k"}, tensorAttribute("value", floats("", {2}))),
                                       node("Add", {"a", "k"}, {"b"}), node("Relu", {"b"}, {"r"})},
                                      {"a"}, {"r", "a"});
    QTest::newRow("calls are written out")
        << model(
               graph({node("twice", {"x"}, {"p"}, kLocal), node("twice", {"p"}, {"q", "o"}, kLocal)}, {}, {"x"}, {"q"}),
               twice)
        << "(x) → (q) []\nAdd(x, p/k) → p/b\nRelu(p/b) → p\nAdd(p, q/k) → q/b\nRelu(q/b) → q\nIdentity(p) → o";
    QTest::newRow("call that leaves an input out")
        << model(graph({node("f", {"x"}, {"y"}, kLocal)}, {}, {"x"}, {"y"}),
                 function("f", {node("Clip", {"a", "l"}, {"b"})}, {"a", "l"}, {"b"}))
        << "(x) → (y) []\nClip(x, -) → y";
    QTest::newRow("body in a body")
        << model(
               graph({node("If", {"c"}, {"y"},
                           graphAttribute("then_branch",
                                          graph({node("If", {"c"}, {"i"},
                                                      graphAttribute("then_branch", graph({node("Relu", {"x"}, {"r"})},
                                                                                          {}, {}, {"r"})))},
                                                {}, {}, {"i"})))},
                     {}, {"c", "x"}, {"y"}))
        << "(c, x) → (y) []\nIf(c) → y\n() → (i) [c, x]\nIf(c) → i\n() → (r) [x]\nRelu(x) → r";
}

void TestNetworkOnnx::structures()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    std::unique_ptr<OnnxModel> model;
    const auto network = networkOfBytes(bytes, model);
    QS_VERIFY(network);
    QCOMPARE(textOf(**network), text);
    QVERIFY(!firstOutOfOrder(NetworkLinks(**network)));
}

void TestNetworkOnnx::typesOfValues()
{
    const QByteArray bytes = graph({node("Conv", {"x", "w"}, {"y"})}, {floats("w", {2, 3})}) +
                             bytesField(11, typed("x", {1, -1, -2})) + bytesField(12, typed("y", {})) +
                             bytesField(11, bytesField(1, "s") + bytesField(2, bytesField(4, {})));
    std::unique_ptr<OnnxModel> read;
    const auto network = networkOfBytes(model(bytes), read);
    QS_VERIFY(network);
    QCOMPARE(summaryOf(**network).str(),
             std::string("1 node, opset 17, inputs 'x' [1, ?, height], 's' (sequence), output 'y' []"));
    const std::uint32_t weight = (*network)->graphs[0].nodes[0].inputs[1];
    QCOMPARE(shapeText((*network)->values[weight]).str(), std::string("[2, 3]"));
    QCOMPARE((*network)->values[weight].dtype, std::optional(DType::F32));
    QCOMPARE((*network)->values[weight].tensor, read->model.findTensor("w"));
}

void TestNetworkOnnx::attributes()
{
    const QByteArray number32 =
        bytesField(5, bytesField(1, "f") + tag(2, 5) + raw<float>({0.5F}) + QByteArray(number(20, 1)));
    const QByteArray list32 =
        bytesField(5, bytesField(1, "fs") + bytesField(7, raw<float>({1.F, 2.F})) + number(20, 6));
    const QByteArray texts =
        bytesField(5, bytesField(1, "ss") + bytesField(9, "a") + bytesField(9, "b") + number(20, 8));
    const QByteArray none = bytesField(5, bytesField(1, "none") + number(20, 7));
    const QByteArray sparse = bytesField(5, bytesField(1, "sp") + bytesField(22, {}) + number(20, 11));
    std::unique_ptr<OnnxModel> read;
    const auto network = networkOfBytes(
        model(graph({node("X", {"x"}, {"y"},
                          attribute("i", -3) + attribute("is", Shape{1, 2}) + textAttribute("s", "word") + number32 +
                              list32 + texts + none + sparse + tensorAttribute("t", integers("", {5, -6})) +
                              tensorAttribute("v", tensor("", 6, {2}, ints({7, -8}))) + kMicrosoft)},
                    {}, {"x"}, {"y"})),
        read);
    QS_VERIFY(network);
    const NetworkNode &made = (*network)->graphs[0].nodes[0];
    const std::vector<NetworkAttribute> expected{
        {"i", std::int64_t{-3}},
        {"is", std::vector<std::int64_t>{1, 2}},
        {"s", std::string("word")},
        {"f", 0.5F},
        {"fs", std::vector<float>{1.F, 2.F}},
        {"ss", std::vector<std::string>{"a", "b"}},
        {"none", std::vector<std::int64_t>()},
        {"sp", UnreadAttribute{"sparse tensor"}},
        {"t", ConstantRef{0}},
        {"v", ConstantRef{1}},
    };
    QVERIFY(made.attributes == expected);
    const auto bytesOf = [&](std::size_t constant) {
        const auto &bytes = (*network)->constants[constant].bytes;
        return QByteArray(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size()));
    };
    QCOMPARE(bytesOf(0), raw<std::int64_t>({5, -6}));
    QCOMPARE(bytesOf(1), raw<std::int32_t>({7, -8}));
    QCOMPARE(operatorCounts(**network), (std::map<std::string, std::size_t>{{"com.microsoft.X", 1}}));
}

void TestNetworkOnnx::attributesOfCalls()
{
    const QByteArray defaults = bytesField(11, bytesField(1, "d") + number(3, 9) + number(20, 2));
    const QByteArray inner = function(
        "inner",
        {node("Constant", {}, {"k"}, referenceAttribute("value_int", "n")),
         node("X", {"a", "k"}, {"b"},
              referenceAttribute("p", "n") + referenceAttribute("q", "d") + referenceAttribute("r", "missing"))},
        {"a"}, {"b"}, defaults);
    const QByteArray outer =
        function("outer", {node("inner", {"a"}, {"b"}, kLocal + referenceAttribute("n", "m"))}, {"a"}, {"b"});
    std::unique_ptr<OnnxModel> read;
    const auto network = networkOfBytes(
        model(graph({node("outer", {"x"}, {"y"}, kLocal + attribute("m", 4))}, {}, {"x"}, {"y"}), inner + outer), read);
    QS_VERIFY(network);
    const NetworkNode &made = (*network)->graphs[0].nodes[0];
    QVERIFY((made.attributes == std::vector<NetworkAttribute>{{"p", std::int64_t{4}}, {"q", std::int64_t{9}}}));
    const NetworkValue &constant = (*network)->values[made.inputs[1]];
    QVERIFY(!constant.tensor && constant.constant != kAbsent);
    QCOMPARE((*network)->constants[constant.constant].bytes[0], std::byte{4});
}

void TestNetworkOnnx::versions()
{
    std::unique_ptr<OnnxModel> read;
    const auto network = networkOfBytes(
        model(graph({node("Relu", {"x"}, {"a"}), node("f", {"a"}, {"b"}, kLocal), node("Y", {"b"}, {"c"}, kMicrosoft)},
                    {}, {"x"}, {"c"}),
              opset(3, "com.microsoft") +
                  function("f", {node("Relu", {"a"}, {"b"})}, {"a"}, {"b"}, bytesField(9, number(2, 6)))),
        read);
    QS_VERIFY(network);
    QList<qint64> found;
    for (const NetworkNode &made : (*network)->graphs[0].nodes)
        found << made.version;
    QCOMPARE(found, (QList<qint64>{17, 6, 3}));
}

void TestNetworkOnnx::readers()
{
    std::unique_ptr<OnnxModel> read;
    const auto branching = networkOfBytes(branches(), read);
    QS_VERIFY(branching);
    QCOMPARE(readersOf(*read, **branching, "w"), QStringList{"t"});
    QCOMPARE(readersOf(*read, **branching, "v"), QStringList{"y"}); // handed out of the branch
    QCOMPARE(readersOf(*read, **branching, "u"), QStringList{"e"});
    const auto network = networkOfBytes(
        model(graph({node("DequantizeLinear", {"w", "s"}, {"d"}), node("Transpose", {"d"}, {"t"}),
                     node("MatMul", {"x", "t"}, {"a"}), node("Gather", {"d", "i"}, {"b"}),
                     node("f", {"t"}, {"y"}, kLocal)},
                    {tensor("w", 3, {2, 2}, rawData("abcd")), floats("s", {1})}, {"x", "i"}, {"a", "b", "y"}),
              function("f", {node("Relu", {"p"}, {"q"})}, {"p"}, {"q"})),
        read);
    QS_VERIFY(network);
    QCOMPARE(readersOf(*read, **network, "w"), (QStringList{"a", "b", "y/q"}));
    QCOMPARE(readersOf(*read, **network, "s"), QStringList{"d"});
}

void TestNetworkOnnx::reachableNodes()
{
    std::unique_ptr<OnnxModel> read;
    const auto network = networkOfBytes(branches(), read);
    QS_VERIFY(network);
    const std::vector<std::vector<bool>> expected{{true, true}, {true}, {true, false}};
    QVERIFY(reachable(NetworkLinks(**network)) == expected);
}

void TestNetworkOnnx::outOfOrder()
{
    std::unique_ptr<OnnxModel> read;
    const auto network =
        networkOfBytes(model(graph({node("Relu", {"x"}, {"a"}), node("Relu", {"b"}, {"y"}), node("Relu", {"a"}, {"b"})},
                                   {}, {"x"}, {"y"})),
                       read);
    QS_VERIFY(network);
    QVERIFY(firstOutOfOrder(NetworkLinks(**network)) == (NodeRef{0, 1}));
}

void TestNetworkOnnx::noNetwork_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("message"); // parts of it, with | between them
    QTest::newRow("no nodes") << modelOf({floats("w", {2})}) << "the graph has no nodes|GraphProto, byte";
    QTest::newRow("input from nowhere") << model(graph({node("Relu", {"z"}, {"y"})}, {}, {}, {"y"}))
                                        << "nothing makes 'z', which the node 'y' takes|NodeProto, byte";
    QTest::newRow("output from nowhere") << model(graph({node("Relu", {"x"}, {"y"})}, {}, {"x"}, {"q"}))
                                         << "nothing makes the output 'q' of the graph";
    QTest::newRow("attribute twice") << model(graph({node("Relu", {"x"}, {"y"}, attribute("a", 1) + attribute("a", 2))},
                                                    {}, {"x"}, {"y"}))
                                     << "the attribute 'a' stands there twice";
    QTest::newRow("more outputs than the function")
        << model(graph({node("f", {"x"}, {"y", "z"}, kLocal)}, {}, {"x"}, {"y"}),
                 function("f", {node("Relu", {"a"}, {"b"})}, {"a"}, {"b"}))
        << "the call has 2 outputs, but the function 'f' has 1";
    QByteArray deep;
    for (int i = 0; i < 70; ++i)
        deep += function("f" + QByteArray::number(i), {node("f" + QByteArray::number(i + 1), {"a"}, {"b"}, kLocal)},
                         {"a"}, {"b"});
    QTest::newRow("calls in calls") << model(graph({node("f0", {"x"}, {"y"}, kLocal)}, {}, {"x"}, {"y"}),
                                             deep + function("f70", {}, {"a"}, {"b"}))
                                    << "nested deeper than 64, the limit";
    QByteArray bomb = function("g0", {node("Relu", {"a"}, {"b"})}, {"a"}, {"b"});
    for (int i = 1; i < 30; ++i)
        bomb += function("g" + QByteArray::number(i),
                         {node("g" + QByteArray::number(i - 1), {"a"}, {"m"}, kLocal),
                          node("g" + QByteArray::number(i - 1), {"m"}, {"b"}, kLocal)},
                         {"a"}, {"b"});
    QTest::newRow("2^29 nodes") << model(graph({node("g29", {"x"}, {"y"}, kLocal)}, {}, {"x"}, {"y"}), bomb)
                                << "more than 200000 calls of functions and nodes in them, the limit";
    QByteArray empty = function("h0", {}, {}, {});
    for (int i = 1; i < 60; ++i) {
        const QByteArray call = node("h" + QByteArray::number(i - 1), {}, {}, kLocal);
        empty += function("h" + QByteArray::number(i), {call, call}, {}, {});
    }
    QTest::newRow("2^59 calls of nothing")
        << model(graph({node("h59", {}, {}, kLocal)}), empty) << "more than 200000 calls of functions";
    QTest::newRow("damaged attribute tensor")
        << model(graph({node("X", {"x"}, {"y"}, tensorAttribute("t", tensor("", 1, {3}, rawData("abcd"))))}, {}, {"x"},
                       {"y"}))
        << "there are 4 bytes, but the shape needs 12|TensorProto, field 9";
}

void TestNetworkOnnx::noNetwork()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, message);
    std::unique_ptr<OnnxModel> read;
    const auto network = networkOfBytes(bytes, read);
    QVERIFY2(read, "the model does not open");
    QVERIFY(!network);
    QCOMPARE(network.error().code, ErrorCode::Input);
    const QString text = QString::fromStdString(network.error().text());
    for (const QString &part : message.split('|'))
        QVERIFY2(text.contains(part), qPrintable(text));
}

void TestNetworkOnnx::everyPrefixEnds()
{
    const QByteArray whole =
        branches() + function("f", {node("Relu", {"a"}, {"b"}, referenceAttribute("p", "n"))}, {"a"}, {"b"});
    for (qsizetype size = 0; size <= whole.size(); ++size) {
        std::unique_ptr<OnnxModel> read;
        const auto network = networkOfBytes(whole.left(size), read);
        QVERIFY2(network || network.error().code == ErrorCode::Input, qPrintable(QString::number(size)));
        if (network)
            QCOMPARE((*network)->graphs.size(), std::size_t(3));
    }
}

QTEST_GUILESS_MAIN(TestNetworkOnnx)
#include "tst_network_onnx.moc"
