// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Networks of real ONNX files as the onnx package sees their graphs (tests/data/golden/onnx_network_judge.py).
#include "core/formats/open_model.h"
#include "core/network/network_source.h"
#include "core/network/queries.h"
#include "tests/support/test_model.h"

#include <QFile>
#include <QProcess>
#include <QTest>

#include <set>

using namespace qs;
using namespace qs::test;

namespace {

nlohmann::json judge(const QString &path)
{
    QProcess python;
    python.start("/usr/bin/python3", {QUANTOSCOPE_SOURCE_DIR "/tests/data/golden/onnx_network_judge.py", path});
    if (!python.waitForFinished(120'000) || python.exitCode() != 0)
        qFatal("the judge failed: %s", python.readAllStandardError().constData());
    const QByteArray out = python.readAllStandardOutput();
    return nlohmann::json::parse(out.constData(), out.constData() + out.size()).at(0);
}

nlohmann::json portsOf(const Network &network, const std::vector<std::uint32_t> &ports)
{
    auto result = nlohmann::json::array();
    for (const std::uint32_t port : ports) {
        const NetworkValue &value = network.values[port];
        auto shape = nlohmann::json::array();
        for (const NetworkDim &dim : value.shape.value_or(std::vector<NetworkDim>()))
            shape.push_back(dim.size           ? nlohmann::json(*dim.size)
                            : dim.name.empty() ? nlohmann::json(nullptr)
                                               : nlohmann::json(dim.name));
        result.push_back({{"name", value.name}, {"shape", shape}});
    }
    return result;
}

std::size_t nodesOf(const Network &network)
{
    return network.graphs[0].nodes.size();
}

} // namespace

class TestNetworkJudge : public QObject
{
    Q_OBJECT

private slots:
    void realModels_data();
    void realModels();
};

void TestNetworkJudge::realModels_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"mnist_cntk", "dtln_model_1", "super_resolution_opset18", "face_slim_320"})
        QTest::newRow(name) << QString("%1.onnx").arg(name);
}

void TestNetworkJudge::realModels()
{
    QFETCH(QString, name);
    const QString path = qEnvironmentVariable("QUANTOSCOPE_MODELS") + "/" + name;
    if (qEnvironmentVariableIsEmpty("QUANTOSCOPE_MODELS") || !QFile::exists(path)) {
        qInfo("%s was not tried: QUANTOSCOPE_MODELS names no folder that holds it", qPrintable(name));
        return;
    }
    const auto expected = judge(path);
    const auto model = openModel(path.toStdString(), {});
    QS_VERIFY(model);
    QVERIFY((*model)->graph);
    const auto made = (*model)->graph->network(**model, {});
    QS_VERIFY(made);
    const Network &network = **made;
    QCOMPARE(nodesOf(network), expected.at("nodes").get<std::size_t>());
    QCOMPARE(nlohmann::json(operatorCounts(network)).dump(), expected.at("operators").dump());
    QCOMPARE(portsOf(network, network.graphs[0].inputs).dump(), expected.at("inputs").dump());
    QCOMPARE(portsOf(network, network.graphs[0].outputs).dump(), expected.at("outputs").dump());
    QCOMPARE(network.opsets.at("ai.onnx"), expected.at("opset").get<std::int64_t>());
    const NetworkLinks links(network);
    QVERIFY(!firstOutOfOrder(links));
    for (const auto &[tensor, nodes] : expected.at("tensors").items()) {
        const auto index = (*model)->findTensor(tensor);
        QVERIFY2(index, tensor.c_str());
        std::set<std::string> found;
        for (const NodeRef &node : nodesReading(links, *index))
            found.insert(links.nodeAt(node).name);
        QCOMPARE(nlohmann::json(found).dump(), nodes.dump());
    }
}

QTEST_GUILESS_MAIN(TestNetworkJudge)
#include "tst_network_judge.moc"
