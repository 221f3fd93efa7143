// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a picture of a network shows: layers, joins, lines, columns, groups.
#include "core/network/makers.h"
#include "core/network/network_map.h"
#include "core/network/network_source.h"
#include "tests/core/onnx_reading.h"
#include "tests/support/onnx_networks.h"

#include <QTest>

using namespace qs;
using namespace qs::test;
using namespace qs::test::onnx;

namespace {

constexpr std::size_t kMany = 2000;

QString textOf(const NetworkMap &map, const Model &model)
{
    static constexpr const char *kKinds[] = {"input", "layer", "join", "output", "group"};
    QStringList lines;
    for (std::size_t i = 0; i < map.boxes.size(); ++i) {
        const NetworkBox &box = map.boxes[i];
        QStringList from;
        for (const auto &[source, target] : map.lines)
            if (target == i)
                from << QString::fromStdString(map.boxes[source].name);
        QStringList layers;
        for (const std::size_t layer : box.layers)
            layers << QString::fromStdString(model.layers[layer].module);
        lines << QString("%1: %2 %3 %4 (%5) of %6")
                     .arg(box.rank)
                     .arg(kKinds[static_cast<int>(box.kind)], QString::fromStdString(box.name),
                          QString::fromStdString(box.op), layers.join(", "), from.join(", "));
    }
    return lines.join('\n');
}

Result<NetworkMap> mapOf(const QByteArray &bytes, std::unique_ptr<OnnxModel> &model, std::size_t most = kMany)
{
    auto read = readOnnx(bytes);
    if (!read)
        return std::unexpected(read.error());
    model = std::move(*read);
    const auto network = model->model.graph->network(model->model, {});
    if (!network)
        return std::unexpected(network.error());
    return networkMap(model->model, **network, most, {});
}

/// `blocks` times: x → up → Relu → down, and a way around it.
QByteArray blocks(int count)
{
    QByteArrayList nodes;
    QByteArrayList weights;
    QByteArray last = "x";
    for (int i = 0; i < count; ++i) {
        const QByteArray at = "blocks." + QByteArray::number(i) + '.';
        nodes << node("MatMul", {last, at + "mlp.up.weight"}, {at + "u"}) << node("Relu", {at + "u"}, {at + "r"})
              << node("MatMul", {at + "r", at + "mlp.down.weight"}, {at + "d"})
              << node("Add", {at + "d", last}, {at + "mlp.sum"});
        weights << randomTensor(at + "mlp.up.weight", {4, 4}, 1) << randomTensor(at + "mlp.down.weight", {4, 4}, 2);
        last = at + "mlp.sum";
    }
    return model(typedGraph(nodes, weights, {port("x", {1, 4})}, {port(last, {1, 4})}));
}

} // namespace

class TestNetworkMap : public QObject
{
    Q_OBJECT

private slots:
    void branches();
    void weightsOnTheirWay();
    void groups();
    void tooManyBeginnings();
    void wrongOrder();
    void demos_data();
    void demos();
    void stops();
};

void TestNetworkMap::branches()
{
    std::unique_ptr<OnnxModel> model;
    const auto map = mapOf(branchingNetwork(), model);
    QS_VERIFY(map);
    QCOMPARE(textOf(*map, model->model), QString("0: input x  () of \n"
                                                 "1: layer fc1 MatMul (fc1) of x\n"
                                                 "2: layer fc2 MatMul (fc2) of fc1\n"
                                                 "3: join e Add () of fc1, fc2\n"
                                                 "4: layer shared MatMul (shared) of e\n"
                                                 "5: layer shared MatMul (shared) of shared\n"
                                                 "6: layer m If (else, then) of shared\n"
                                                 "7: output y  () of m\n"
                                                 "6: output sum  () of shared"));
    QCOMPARE(map->nodes, std::size_t{16});
    QVERIFY(!map->grouped);
}

/// A weight that is transposed, decoded from codes and reshaped is still that layer's, and no path of its own.
void TestNetworkMap::weightsOnTheirWay()
{
    std::unique_ptr<OnnxModel> model;
    const auto map =
        mapOf(onnx::model(typedGraph({node("Transpose", {"fc.weight"}, {"t"}), node("MatMul", {"x", "t"}, {"y"}),
                                      node("Mul", {"y", "y"}, {"z"})},
                                     {randomTensor("fc.weight", {5, 6}, 1)}, {port("x", {1, 6})}, {port("z", {1, 5})})),
              model);
    QS_VERIFY(map);
    QCOMPARE(textOf(*map, model->model), QString("0: input x  () of \n"
                                                 "1: layer fc MatMul (fc) of x\n"
                                                 "2: output z  () of fc"));
}

void TestNetworkMap::groups()
{
    std::unique_ptr<OnnxModel> model;
    const auto all = mapOf(blocks(5), model);
    QS_VERIFY(all);
    QCOMPARE(all->boxes.size(), std::size_t{17});
    const auto some = mapOf(blocks(5), model, 7);
    QS_VERIFY(some);
    QVERIFY(some->grouped);
    QCOMPARE(textOf(*some, model->model).split('\n').mid(1, 2),
             QStringList({"1: group blocks.0.mlp  (blocks.0.mlp.down, blocks.0.mlp.up) of x",
                          "2: group blocks.1.mlp  (blocks.1.mlp.down, blocks.1.mlp.up) of blocks.0.mlp"}));
    QCOMPARE(some->boxes.size(), std::size_t{7});
    QCOMPARE(some->boxes[1].boxes, std::size_t{3});
    QCOMPARE(some->nodes, all->nodes);
    const auto one = mapOf(blocks(5), model, 3);
    QS_VERIFY(one);
    QCOMPARE(one->boxes[1].name, std::string("blocks"));
    QCOMPARE(one->boxes[1].layers.size(), std::size_t{10});
}

void TestNetworkMap::tooManyBeginnings()
{
    std::unique_ptr<OnnxModel> model;
    const auto map = mapOf(blocks(5), model, 2);
    QVERIFY(!map);
    QCOMPARE(map.error().text(),
             std::string("the network has 17 layers and joins, whose names begin in 3 ways; a picture holds 2"));
}

void TestNetworkMap::wrongOrder()
{
    std::unique_ptr<OnnxModel> model;
    const auto map =
        mapOf(onnx::model(typedGraph({node("Relu", {"late"}, {"y"}), node("MatMul", {"x", "w"}, {"late"})},
                                     {randomTensor("w", {6, 5}, 1)}, {port("x", {1, 6})}, {port("y", {1, 5})})),
              model);
    QVERIFY(!map);
    QCOMPARE(map.error().text(), std::string("node 'y' takes a value before it is there"));
}

void TestNetworkMap::demos_data()
{
    QTest::addColumn<QString>("location");
    QTest::newRow("digits") << "demo:digits";
    QTest::newRow("notebook") << "demo:notebook";
    const QString folder = qEnvironmentVariable("QUANTOSCOPE_MODELS");
    if (!folder.isEmpty())
        for (const char *name : {"mnist_cntk.onnx", "face_slim_320.onnx", "dtln_model_1.onnx"})
            QTest::newRow(name) << folder + '/' + name;
}

/// Every layer of the network has a box; lines lead from left to right; what the network gives hangs together.
void TestNetworkMap::demos()
{
    QFETCH(QString, location);
    if (!location.startsWith("demo:") && !QFile::exists(location))
        QSKIP("the file is not there");
    const auto model = openModel(location.toStdString(), {});
    QS_VERIFY(model);
    const auto found = findNetwork(**model, {}, {});
    QS_VERIFY(found);
    QVERIFY(found->network);
    const auto map = networkMap(**model, *found->network, kMany, {});
    QS_VERIFY(map);
    QVERIFY(std::ranges::is_sorted(map->lines));
    std::vector<bool> reached(map->boxes.size());
    for (const auto &[from, to] : map->lines) {
        QVERIFY(map->boxes[from].rank < map->boxes[to].rank);
        reached[to] = true;
    }
    std::vector<bool> shown((*model)->layers.size());
    for (std::size_t i = 0; i < map->boxes.size(); ++i) {
        QVERIFY2(reached[i] || map->boxes[i].kind == NetworkBox::Kind::Input, map->boxes[i].name.c_str());
        for (const std::size_t layer : map->boxes[i].layers)
            shown[layer] = true;
    }
    QCOMPARE(std::ranges::count(shown, false), 0);
}

void TestNetworkMap::stops()
{
    std::stop_source source;
    source.request_stop();
    const auto read = readOnnx(branchingNetwork());
    QS_VERIFY(read);
    const auto network = (*read)->model.graph->network((*read)->model, {});
    QS_VERIFY(network);
    const auto map = networkMap((*read)->model, **network, kMany, TaskContext{source.get_token(), {}});
    QVERIFY(!map);
    QCOMPARE(map.error().code, ErrorCode::Cancelled);
}

QTEST_APPLESS_MAIN(TestNetworkMap)
#include "tst_network_map.moc"
