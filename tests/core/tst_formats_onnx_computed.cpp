// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that an ONNX graph makes of several of its tensors: their values, and why some are not known.
#include "core/tensor/float_blocks.h"
#include "tests/core/onnx_reading.h"
#include "tests/support/test_model.h"

#include <QTest>

#include <cmath>

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
    void halves();
    void partsAreNoLayers();
    void theLargestTensorIsTheRow();
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

void TestOnnxComputed::notKnown_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("reason");
    const QByteArray two = values("k", {}, {2});
    const QByteArray scaled = node("Mul", {"w", "k"}, {"v"});
    QTest::newRow("an operator that is not computed") << made({node("Clip", {"w", "k"}, {"v"})}, {two})
                                                      << "Clip 'v' changes it before it is used as a weight, so what "
                                                         "is stored is not the weight: Clip is not computed";
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
    QTest::newRow("axes that are computed")
        << made(
               {node("Identity", {"axes"}, {"i"}), node("ReduceL2", {"w", "i"}, {"n"}), node("Div", {"w", "n"}, {"v"})},
               {integers("axes", {0})})
        << "the axes of ReduceL2 are computed";
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
