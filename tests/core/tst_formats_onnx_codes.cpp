// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that an ONNX file holds as codes: recognised, with scales and zero points where they can be decoded.
#include "tests/core/onnx_reading.h"
#include "tests/support/test_model.h"

#include <QTest>

using namespace qs;
using namespace qs::test;
using namespace qs::test::onnx;

namespace {

QByteArray codes(const QByteArray &name, int type, const Shape &shape, qsizetype bytes)
{
    return tensor(name, type, shape, rawData(QByteArray(bytes, '\x11')));
}

} // namespace

class TestOnnxCodes : public QObject
{
    Q_OBJECT

private slots:
    void storedCodes_data();
    void storedCodes();
    void undecodedCodes_data();
    void undecodedCodes();
};

void TestOnnxCodes::storedCodes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("axis");
    QTest::addColumn<QString>("granularity");
    QTest::addColumn<bool>("asymmetric");
    QTest::addColumn<QString>("reason");
    const QByteArray use = node("MatMul", {"x", "v"}, {"y"});
    const auto dequantized = [&](const QByteArray &weight, const Shape &scales, const QByteArray &rest,
                                 const QByteArrayList &more = {}) {
        const QByteArrayList inputs = more.isEmpty() ? QByteArrayList{"w", "s"} : QByteArrayList{"w", "s", "z"};
        return model(graph({node("DequantizeLinear", inputs, {"v"}, rest), use},
                           QByteArrayList{weight, floats("s", scales)} + more));
    };
    const QByteArray i8 = codes("w", 3, {4, 2}, 8);
    QTest::newRow("one scale") << dequantized(i8, {}, {}) << 1 << "tensor" << false
                               << "one scale for the whole tensor; MatMul multiplies by it from the right";
    QTest::newRow("one scale in a list") << dequantized(i8, {1}, {}) << 1 << "tensor" << false << "one scale";
    QTest::newRow("a scale per output") << dequantized(i8, {2}, attribute("axis", 1)) << 1 << "channel" << false
                                        << "its scales run along axis 1; MatMul";
    QTest::newRow("default axis") << dequantized(i8, {2}, {}) << 1 << "channel" << false << "along axis 1";
    QTest::newRow("a scale per input") << dequantized(i8, {4}, attribute("axis", 0)) << 0 << "channel" << false
                                       << "its scales run along axis 0";
    QTest::newRow("zero points that are 0")
        << dequantized(i8, {2}, {}, {tensor("z", 3, {2}, rawData(QByteArray(2, '\0')))}) << 1 << "channel" << false
        << "along axis 1";
    QTest::newRow("zero points") << dequantized(i8, {2}, {}, {codes("z", 3, {2}, 2)}) << 1 << "channel" << true
                                 << "along axis 1";
    QTest::newRow("unsigned without zero points")
        << dequantized(codes("w", 2, {4, 2}, 8), {}, {}) << 1 << "tensor" << true << "one scale";
    QTest::newRow("unsigned around 128") << dequantized(codes("w", 2, {4, 2}, 8), {}, {},
                                                        {tensor("z", 2, {}, rawData("\x80"))})
                                         << 1 << "tensor" << false << "one scale";
    QTest::newRow("int4 in blocks") << dequantized(codes("w", 22, {32, 2}, 32), {2, 2},
                                                   attribute("axis", 0) + attribute("block_size", 16))
                                    << 1 << "group:16" << false << "its scales reach over 16 codes along axis 0";
    QTest::newRow("int4 in blocks, a short last one")
        << dequantized(codes("w", 22, {2, 20}, 20), {2, 2}, attribute("axis", 1) + attribute("block_size", 16)) << 0
        << "group:16" << false << "along axis 1";
    QTest::newRow("behind a Transpose") << model(
                                               graph({node("DequantizeLinear", {"w", "s"}, {"d"}, attribute("axis", 0)),
                                                      node("Transpose", {"d"}, {"v"}), use},
                                                     {i8, floats("s", {4})}))
                                        << 0 << "channel" << false << "that is axis 0 of the stored tensor";
    QTest::newRow("QLinearConv") << model(
                                        graph({node("QLinearConv", {"x", "a", "b", "w", "s", "z"}, {"y"})},
                                              {codes("w", 3, {4, 2, 3}, 24), floats("s", {4}), codes("z", 3, {4}, 4)}))
                                 << 0 << "channel" << true << "QLinearConv weights are [out, in, kernel]";
    QTest::newRow("QLinearMatMul") << model(graph({node("QLinearMatMul", {"x", "a", "b", "w", "s", "z"}, {"y"})},
                                                  {i8, floats("s", {2}), codes("z", 3, {2}, 2)}))
                                   << 1 << "channel" << true << "QLinearMatMul multiplies by it from the right";
    QTest::newRow("DynamicQuantizeMatMul")
        << model(graph({node("DynamicQuantizeMatMul", {"x", "w", "s"}, {"y"}, kMicrosoft)}, {i8, floats("s", {})})) << 1
        << "tensor" << false << "DynamicQuantizeMatMul";
    QTest::newRow("no weight of a known node")
        << model(graph({node("DequantizeLinear", {"w", "s"}, {"v"}), node("Add", {"x", "v"}, {"y"})},
                       {i8, floats("s", {2})}))
        << 1 << "channel" << false << "its scales run along axis 1";
}

void TestOnnxCodes::storedCodes()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, axis);
    QFETCH(QString, granularity);
    QFETCH(bool, asymmetric);
    QFETCH(QString, reason);
    const auto read = readLayerW(bytes);
    const Layer &layer = read->model.layers[0];
    QVERIFY2(layer.stored, layer.keptReason.str().c_str());
    QCOMPARE(layer.channelAxis, axis);
    QCOMPARE(QString::fromStdString(textOf(layer.stored->scheme.granularity)), granularity);
    QCOMPARE(layer.stored->scheme.mode == Mode::Asymmetric, asymmetric);
    QCOMPARE(layer.stored->scheme.bits, static_cast<int>(bitsOf(read->tensor("w").dtype)));
    QVERIFY2(QString::fromStdString(layer.channelAxisReason.str()).contains(reason),
             layer.channelAxisReason.str().c_str());
}

void TestOnnxCodes::undecodedCodes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("reason");
    const QByteArray i8 = codes("w", 3, {4, 2}, 8);
    const QByteArray use = node("MatMul", {"x", "v"}, {"y"});
    QTest::newRow("ConvInteger") << model(
                                        graph({node("ConvInteger", {"x", "w"}, {"y"})}, {codes("w", 3, {4, 2, 1}, 8)}))
                                 << "ConvInteger takes i8 codes, and their scale is part of what follows";
    QTest::newRow("MatMulInteger") << model(graph({node("MatMulInteger", {"x", "w"}, {"y"})}, {i8}))
                                   << "MatMulInteger takes i8 codes";
    QTest::newRow("MatMulNBits") << model(graph({node("MatMulNBits", {"x", "w", "s"}, {"y"},
                                                      kMicrosoft + attribute("bits", 4) + attribute("block_size", 32))},
                                                {codes("w", 2, {4, 1, 16}, 64), floats("s", {4})}))
                                 << "MatMulNBits holds codes of 4 bits in blocks of 32";
    QTest::newRow("scales that are computed")
        << model(graph({node("DequantizeLinear", {"w", "x"}, {"v"}), use}, {i8})) << "computed when the model runs";
    QTest::newRow("scales that do not fit")
        << model(graph({node("DequantizeLinear", {"w", "s"}, {"v"}), use}, {i8, floats("s", {3})}))
        << "scales of shape [3] do not fit an axis of [4, 2]";
    QTest::newRow("blocks that do not fit")
        << model(graph(
               {node("DequantizeLinear", {"w", "s"}, {"v"}, attribute("block_size", 2) + attribute("axis", 0)), use},
               {i8, floats("s", {3, 2})}))
        << "scales of shape [3, 2] do not fit blocks of 2 codes of [4, 2], which need [2, 2]";
    QTest::newRow("zero points of another type")
        << model(graph({node("DequantizeLinear", {"w", "s", "z"}, {"v"}), use},
                       {i8, floats("s", {}), tensor("z", 2, {}, rawData("\x80"))}))
        << "zero points of type u8";
    QTest::newRow("codes of 32 bits") << model(graph({node("DequantizeLinear", {"w", "s"}, {"v"}), use},
                                                     {codes("w", 6, {4, 2}, 32), floats("s", {})}))
                                      << "codes of type i32 are not supported";
}

void TestOnnxCodes::undecodedCodes()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, reason);
    const auto read = readLayerW(bytes);
    const Layer &layer = read->model.layers[0];
    QVERIFY(!layer.stored);
    const QString text = QString::fromStdString(layer.keptReason.str());
    QVERIFY2(text.contains("already quantized") && text.contains(reason), qPrintable(text));
}

QTEST_GUILESS_MAIN(TestOnnxCodes)
#include "tst_formats_onnx_codes.moc"
