// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Ways to a network: the file's graph, a declared chain, a chain by names; which of them counts, and why none does.
#include "core/formats/open_model.h"
#include "core/network/makers.h"
#include "core/network/queries.h"
#include "tests/core/onnx_reading.h"
#include "tests/support/safetensors_bytes.h"
#include "tests/support/test_model.h"

#include <QTemporaryDir>
#include <QTest>

using namespace qs;
using namespace qs::test;

namespace {

/// "Gemm(input, fc1.weight, fc1.bias) → fc1", one node per line.
QString nodeText(const Network &network)
{
    QStringList lines;
    for (const NetworkNode &node : network.graphs[0].nodes) {
        QStringList inputs;
        for (const std::uint32_t value : node.inputs)
            inputs << QString::fromStdString(network.values[value].name);
        lines << QString("%1(%2) → %3")
                     .arg(QString::fromStdString(node.op), inputs.join(", "),
                          QString::fromStdString(network.values[node.outputs[0]].name));
    }
    return lines.join('\n');
}

} // namespace

class TestNetworkMakers : public QObject
{
    Q_OBJECT

private slots:
    void graphOfTheFileCounts();
    void declaredChain();
    void chainByNames();
    void reasonsOfAll();
    void stops();
};

void TestNetworkMakers::graphOfTheFileCounts()
{
    const auto read = readOnnx(
        onnx::model(onnx::graph({onnx::node("MatMul", {"x", "w"}, {"y"})}, {onnx::floats("w", {2, 3})}, {"x"}, {"y"})));
    QS_VERIFY(read);
    const auto found = findNetwork((*read)->model, Activation::Gelu, {});
    QS_VERIFY(found);
    QVERIFY(found->network);
    QCOMPARE(found->source.str(), std::string("from the file"));
    QCOMPARE(nodeText(*found->network), QString("MatMul(x, w) → y"));
    const auto again = findNetwork((*read)->model, {}, {});
    QCOMPARE(again->network, found->network); // made once
}

void TestNetworkMakers::declaredChain()
{
    const auto model = openModel("demo:digits", {});
    QS_VERIFY(model);
    const auto found = findNetwork(**model, {}, {});
    QS_VERIFY(found);
    QVERIFY2(found->network, found->reason.str().c_str());
    QCOMPARE(found->source.str(), std::string("declared by the metadata"));
    const NetworkLinks links(*found->network);
    QVERIFY(!firstOutOfOrder(links));
    for (const Layer &layer : (*model)->layers) {
        const auto nodes = nodesReading(links, layer.tensor);
        QCOMPARE(nodes.size(), std::size_t(1));
        QCOMPARE(links.nodeAt(nodes[0]).name, layer.module);
        QCOMPARE(links.nodeAt(nodes[0]).op, std::string("Gemm"));
    }
}

void TestNetworkMakers::chainByNames()
{
    QTemporaryDir folder;
    const auto model = openBytes(folder, "a.safetensors",
                                 safetensorsBytes({{"l.0.weight", {3, 2}, randomValues(6, 1)},
                                                   {"l.0.bias", {3}, randomValues(3, 2)},
                                                   {"l.1.weight", {4, 3}, randomValues(12, 3)}}));
    const auto found = findNetwork(*model, Activation::Silu, {});
    QS_VERIFY(found);
    QVERIFY2(found->network, found->reason.str().c_str());
    QCOMPARE(found->source.str(), std::string("assumed from names and shapes"));
    QCOMPARE(nodeText(*found->network), QString("Gemm(input, l.0.weight, l.0.bias) → l.0\n"
                                                "Swish(l.0) → l.0/Swish\n"
                                                "Gemm(l.0/Swish, l.1.weight) → l.1"));
    QCOMPARE(summaryOf(*found->network).str(),
             std::string("3 nodes, opset 24, input 'input' [samples, 2], output 'l.1' [samples, 4]"));
    const auto same = findNetwork(*model, Activation::Silu, {});
    QCOMPARE(hashOf(*same->network), hashOf(*found->network));
    QVERIFY(*same->network == *found->network);
    const auto other = findNetwork(*model, Activation::Relu, {});
    QVERIFY(hashOf(*other->network) != hashOf(*found->network));
    QVERIFY(*other->network != *found->network);
}

void TestNetworkMakers::reasonsOfAll()
{
    QTemporaryDir folder;
    const auto model = openBytes(
        folder, "a.safetensors",
        safetensorsBytes({{"a.weight", {3, 2}, randomValues(6, 1)}, {"b.weight", {4, 3}, randomValues(12, 3)}}));
    const auto found = findNetwork(*model, {}, {});
    QS_VERIFY(found);
    QVERIFY(!found->network);
    for (const char *part : {"carries no graph", "declares no network", "no chain of layers recognised"})
        QVERIFY2(found->reason.str().find(part) != std::string::npos, found->reason.str().c_str());
}

void TestNetworkMakers::stops()
{
    const auto read = readOnnx(onnx::model(onnx::graph({onnx::node("Relu", {"x"}, {"y"})}, {}, {"x"}, {"y"})));
    QS_VERIFY(read);
    std::stop_source source;
    source.request_stop();
    const auto stopped = findNetwork((*read)->model, {}, {source.get_token(), {}});
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    QVERIFY(findNetwork((*read)->model, {}, {})->network); // the answer was not kept
}

QTEST_GUILESS_MAIN(TestNetworkMakers)
#include "tst_network_makers.moc"
