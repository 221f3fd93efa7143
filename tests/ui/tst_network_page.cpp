// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Network": the picture of the graph, its colours and numbers, and how it takes part in the shared selection.
#include "tests/support/onnx_networks.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/document/setup.h"
#include "ui/pages/details/details_panel.h"
#include "ui/pages/network/network_layout.h"
#include "ui/pages/network/network_page.h"
#include "ui/plots/network_plot.h"
#include "ui/selection/selection.h"
#include "ui/widgets/value_rows.h"

#include <QComboBox>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestNetworkPage : public WindowTest
{
    Q_OBJECT
private slots:
    void boxesAndNumbers();
    void neighbours_data();
    void neighbours();
    void lastLayer();
    void clickSelects();
    void groupSelectsAll();
    void coloursFollowTheRecipe();
    void noNetwork();
    void linesReachTheirBoxes();
    void tooTangled();
};

namespace {

bool waitForPicture(const WindowUnderTest &t, const NetworkPlot *plot)
{
    return QTest::qWaitFor([&] { return plot->message().isEmpty() && !t.document->tasks().foremost(); }, 20000);
}

int rowOf(const PlotTable &table, const QString &name)
{
    for (qsizetype row = 0; row < table.rows; ++row)
        if (table.cell(row, 0).toString() == name)
            return static_cast<int>(row);
    return -1;
}

QString branchingFile(const QTemporaryDir &folder)
{
    QFile file(folder.filePath("branching.onnx"));
    if (!file.open(QIODevice::WriteOnly))
        qFatal("no file");
    file.write(onnx::branchingNetwork());
    return file.fileName();
}

/// Boxes in a row, and a line from each to every later one.
NetworkMap tangled(std::uint32_t boxes)
{
    NetworkMap map;
    for (std::uint32_t i = 0; i < boxes; ++i) {
        map.boxes.push_back({.name = std::to_string(i), .rank = i});
        for (std::uint32_t k = 0; k < i; ++k)
            map.lines.emplace_back(k, i);
    }
    std::ranges::sort(map.lines);
    return map;
}

} // namespace

void TestNetworkPage::boxesAndNumbers()
{
    const QTemporaryDir folder;
    WindowUnderTest t(branchingFile(folder));
    t.window->showTab("network");
    const NetworkPlot *plot = t.find<NetworkPage>("network")->plot();
    QVERIFY(waitForPicture(t, plot));
    QCOMPARE(plot->summary(), QString("layers: 5, joins: 1, nodes: 16"));
    const PlotTable table = plot->table();
    QCOMPARE(table.rows, qsizetype{9});
    const int row = rowOf(table, "fc2");
    QVERIFY(row >= 0);
    QCOMPARE(table.cell(row, 1).toString(), QString("MatMul"));
    QCOMPARE(table.cell(row, 2).toInt(), 2);
    const auto &report = *t.document->setups().front()->report();
    const auto layer = t.document->model()->findLayer("fc2");
    QVERIFY(layer);
    QCOMPARE(table.cell(row, 5).toDouble(), *shownError(report, *layer).value);
    QVERIFY(table.cell(rowOf(table, "e"), 5).isNull()); // a join has no error
}

/// What stands before and behind a layer in the network is said beside its values.
void TestNetworkPage::neighbours_data()
{
    QTest::addColumn<QString>("layer");
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("behind");
    QTest::newRow("input") << "fc1"
                           << "x"
                           << "fc2, e (Add)";
    QTest::newRow("beside a shortcut") << "fc2"
                                       << "fc1"
                                       << "e (Add)";
}

/// An output that is called as the layer that makes it: no layer feeds itself.
void TestNetworkPage::lastLayer()
{
    WindowUnderTest t("demo:lesson");
    QVERIFY(t.settle());
    t.find<Selection>("selection")->setCurrent(static_cast<int>(*t.document->model()->findLayer("fc4")));
    const ValueRows *values = t.window->findChild<DetailsPanel *>()->layerValues();
    QTRY_COMPARE(values->valueOf("Fed by"), "fc3");
    QCOMPARE(values->valueOf("Feeds"), "the output");
}

void TestNetworkPage::neighbours()
{
    QFETCH(QString, layer);
    QFETCH(QString, before);
    QFETCH(QString, behind);
    const QTemporaryDir folder;
    WindowUnderTest t(branchingFile(folder));
    QVERIFY(t.settle());
    t.find<Selection>("selection")->setCurrent(static_cast<int>(*t.document->model()->findLayer(layer.toStdString())));
    const ValueRows *values = t.window->findChild<DetailsPanel *>()->layerValues();
    QTRY_COMPARE(values->valueOf("Fed by"), before);
    QCOMPARE(values->valueOf("Feeds"), behind);
}

void TestNetworkPage::clickSelects()
{
    const QTemporaryDir folder;
    WindowUnderTest t(branchingFile(folder));
    t.window->showTab("network");
    const NetworkPlot *plot = t.find<NetworkPage>("network")->plot();
    QVERIFY(waitForPicture(t, plot));
    showChanges();
    const auto layer = static_cast<int>(*t.document->model()->findLayer("fc2"));
    const auto place = plot->positionOf(layer);
    QVERIFY(place);
    QTest::mouseClick(plot->plotWidget(), Qt::LeftButton, {}, place->toPoint());
    QCOMPARE(t.find<Selection>("selection")->layer(), layer);
    QTest::mouseMove(plot->plotWidget(), place->toPoint());
    QVERIFY(QTest::qWaitFor([&] { return plot->readoutBox().startsWith("fc2\nMatMul\n"); }, 2000));
}

/// A branch whose bodies hold two layers is one box that stands for both.
void TestNetworkPage::groupSelectsAll()
{
    const QTemporaryDir folder;
    WindowUnderTest t(branchingFile(folder));
    t.window->showTab("network");
    const NetworkPlot *plot = t.find<NetworkPage>("network")->plot();
    QVERIFY(waitForPicture(t, plot));
    showChanges();
    const auto place = plot->positionOf(static_cast<int>(*t.document->model()->findLayer("then")));
    QVERIFY(place);
    QTest::mouseClick(plot->plotWidget(), Qt::LeftButton, {}, place->toPoint());
    QCOMPARE(t.find<Selection>("selection")->layers().size(), 2);
}

void TestNetworkPage::coloursFollowTheRecipe()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("network");
    const NetworkPage *page = t.find<NetworkPage>("network");
    QVERIFY(waitForPicture(t, page->plot()));
    QCOMPARE(page->plot()->subtitle(), QString("output error alone"));
    choose(page->colours(), "Weight error");
    QCOMPARE(page->plot()->subtitle(), QString("weight error"));
    const auto &report = *t.document->setups().front()->report();
    const PlotTable table = page->plot()->table();
    const int row = rowOf(table, QString::fromStdString(report.layers[0]->module));
    QCOMPARE(table.cell(row, 5).toDouble(), *report.layers[0]->metrics.relativeError);
    Setup *setup = t.document->setups().front();
    Recipe recipe = setup->recipe();
    recipe.scheme.bits = 4;
    QVERIFY(setup->edit("4 bits", recipe));
    QVERIFY(QTest::qWaitFor(
        [&] { return setup->analysis() == Setup::Analysis::Done && !t.document->tasks().foremost(); }, 20000));
    showChanges();
    QVERIFY(page->plot()->table().cell(row, 5).toDouble() > 5 * *report.layers[0]->metrics.relativeError);
}

void TestNetworkPage::noNetwork()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath("alone.onnx"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(onnx::modelOf({onnx::randomTensor("w", {4, 4}, 1)}));
    file.close();
    WindowUnderTest t(file.fileName());
    t.window->showTab("network");
    const NetworkPlot *plot = t.find<NetworkPage>("network")->plot();
    QVERIFY(QTest::qWaitFor([&] { return plot->message() != "The network is being drawn …"; }, 20000));
    QVERIFY2(plot->message().isEmpty() || plot->message().startsWith("There is no network to draw: "),
             qPrintable(plot->message()));
}

/// Each line begins and ends at its boxes and has a point in every column between.
void TestNetworkPage::linesReachTheirBoxes()
{
    const auto picture = layOut(std::make_shared<const Network>(), tangled(9), {});
    QVERIFY(picture);
    const NetworkPicture &drawn = **picture;
    QCOMPARE(drawn.paths.size(), drawn.map.lines.size());
    QCOMPARE(drawn.columns, 9.0);
    for (std::size_t i = 0; i < drawn.paths.size(); ++i) {
        const auto [from, to] = drawn.map.lines[i];
        QCOMPARE(drawn.paths[i].front(), drawn.places[from]);
        QCOMPARE(drawn.paths[i].back(), drawn.places[to]);
        QCOMPARE(drawn.paths[i].size(), std::size_t{to - from + 1});
        for (std::size_t k = 0; k < drawn.paths[i].size(); ++k) {
            QCOMPARE(drawn.paths[i][k].x(), static_cast<double>(from + k));
            QVERIFY(drawn.paths[i][k].y() >= 0 && drawn.paths[i][k].y() <= drawn.rows - 1);
        }
    }
}

void TestNetworkPage::tooTangled()
{
    const auto picture = layOut(std::make_shared<const Network>(), tangled(100), {});
    QVERIFY(!picture);
    QVERIFY(picture.error().text().starts_with("lines of this network pass "));
}

QTEST_MAIN(TestNetworkPage)
#include "tst_network_page.moc"
