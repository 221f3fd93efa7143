// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Channels" and "Weights": all channels of a layer, its matrix, and the way from there to one weight.
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/document/commands.h"
#include "ui/pages/channels/channels_page.h"
#include "ui/pages/weights/weights_page.h"
#include "ui/plots/channel_plots.h"
#include "ui/plots/weight_matrix_plot.h"
#include "ui/selection/selection.h"

#include <QComboBox>
#include <QElapsedTimer>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestLayerPages : public WindowTest
{
    Q_OBJECT
private slots:
    void channelsInOrder();
    void channelsShowTheSameRange();
    void channelIsSelected();
    void groupsOfAChannel();
    void matrixOfWeights();
    void matrixIsReadAnewForAZoom();
    void weightIsFollowed();
    void messages();
};

namespace {

/// Waits until the picture of a layer is there and nothing reads any more.
bool waitForPicture(const WindowUnderTest &t, const WeightMatrixPlot *plot, const QString &subtitle)
{
    return QTest::qWaitFor(
        [&] { return plot->message().isEmpty() && plot->subtitle() == subtitle && !t.document->tasks().foremost(); },
        20000);
}

} // namespace

void TestLayerPages::channelsInOrder()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("channels");
    t.find<Selection>("selection")->setCurrent(1);
    showChanges();
    const ChannelsPage *page = t.find<ChannelsPage>("channels");
    QCOMPARE(page->ranges()->table().rows, qsizetype{256});
    QCOMPARE(page->ranges()->table().cell(5, 0).toInt(), 5);
    choose(page->sorting(), "Widest range first");
    double before = 1e9;
    for (int row = 0; row < 256; ++row) {
        const auto table = page->ranges()->table();
        const double width = table.cell(row, 2).toDouble() - table.cell(row, 1).toDouble();
        QVERIFY(width <= before + 1e-6);
        before = width;
    }
    QCOMPARE(page->errors()->table().cell(0, 0), page->ranges()->table().cell(0, 0));
}

void TestLayerPages::channelsShowTheSameRange()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("channels");
    t.find<Selection>("selection")->setCurrent(1);
    showChanges();
    const ChannelsPage *page = t.find<ChannelsPage>("channels");
    page->ranges()->setXRange({10, 40});
    QCOMPARE(page->errors()->xRange(), page->ranges()->xRange());
    page->errors()->setXRange({60, 70});
    QCOMPARE(page->errors()->xRange(), page->ranges()->xRange());
    page->errors()->resetZoom();
    QCOMPARE(page->ranges()->xRange(), (AxisRange{-0.5, 255.5}));
}

void TestLayerPages::channelIsSelected()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("channels");
    t.find<Selection>("selection")->setCurrent(1);
    showChanges();
    showChanges();
    const ChannelRangePlot *plot = t.find<ChannelsPage>("channels")->ranges();
    QTest::mouseClick(plot->plotWidget(), Qt::LeftButton, {}, plot->pixelOf(99, 0).toPoint());
    QCOMPARE(t.find<Selection>("selection")->channel(), 99);
}

/// Where channels have groups, the groups of one of them can be looked at.
void TestLayerPages::groupsOfAChannel()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("channels");
    auto *selection = t.find<Selection>("selection");
    selection->setCurrent(1);
    showChanges();
    const ChannelsPage *page = t.find<ChannelsPage>("channels");
    QVERIFY(!page->subject()->isVisible());
    changeOverrides(*t.setup, {1},
                    [](SchemePatch &patch) { patch.granularity = Granularity{Granularity::Kind::Group, 32}; });
    QVERIFY(t.settle());
    QVERIFY(page->subject()->isVisible());
    choose(page->subject(), "Groups of the selected channel");
    selection->setCurrent(1, 7);
    QTRY_COMPARE(page->ranges()->subtitle(), "fc2, channel 7");
    QTRY_COMPARE(page->ranges()->table().rows, qsizetype{4});
    QCOMPARE(page->ranges()->title(), "Range of every group");
    QCOMPARE(page->errors()->title(), "Rounding error of every group");
    const LayerQuantization &quantization = *t.setup->report()->layers[1]->quantization;
    double low = 0, high = 0;
    for (int group = 0; group < 4; ++group) {
        const PlotTable table = page->ranges()->table();
        QCOMPARE(table.cell(group, 0).toInt(), group + 1);
        QCOMPARE(table.cell(group, 5).toFloat(), quantization.scales[7 * 4 + static_cast<std::size_t>(group)]);
        low = std::min(low, table.cell(group, 1).toDouble());
        high = std::max(high, table.cell(group, 2).toDouble());
    }
    // Together they are the channel.
    QCOMPARE(static_cast<float>(low), quantization.channelMin[7]);
    QCOMPARE(static_cast<float>(high), quantization.channelMax[7]);
    // A click does not leave the channel, and a layer without groups has none to show.
    for (int round = 0; round < 3; ++round)
        showChanges();
    QTest::mouseClick(page->ranges()->plotWidget(), Qt::LeftButton, {}, page->ranges()->pixelOf(2, 0).toPoint());
    QCOMPARE(selection->channel(), 7);
    QCOMPARE(selection->group(), 2);
    selection->setCurrent(0);
    QCOMPARE(selection->group(), -1);
    QTRY_COMPARE(page->ranges()->title(), "Range of every channel");
    QVERIFY(!page->subject()->isVisible());
    selection->setCurrent(1, 8);
    QTRY_COMPARE(page->ranges()->subtitle(), "fc2, channel 8");
    QVERIFY(t.document->undoStack().canUndo());
}

void TestLayerPages::matrixOfWeights()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("weights");
    t.find<Selection>("selection")->setCurrent(0);
    const WeightsPage *page = t.find<WeightsPage>("weights");
    QVERIFY(waitForPicture(t, page->plot(), "fc1"));
    QCOMPARE(page->plot()->visiblePart().channels, 128U);
    QCOMPARE(page->plot()->visiblePart().weights, 64U);
    QCOMPARE(page->plot()->table().rows, qsizetype{128 * 64});
    const double usual = page->plot()->limit();
    choose(page->range(), "All cells");
    QVERIFY(page->plot()->limit() > usual);
    choose(page->view(), "Code");
    QVERIFY(waitForPicture(t, page->plot(), "fc1"));
    QVERIFY(page->plot()->limit() == 127 || page->plot()->limit() == 128);
    choose(page->view(), "Difference, in steps");
    QVERIFY(waitForPicture(t, page->plot(), "fc1"));
    QVERIFY(page->plot()->limit() > 0.45 && page->plot()->limit() < 0.55);
}

void TestLayerPages::matrixIsReadAnewForAZoom()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("weights");
    t.find<Selection>("selection")->setCurrent(1);
    WeightMatrixPlot *plot = t.find<WeightsPage>("weights")->plot();
    QVERIFY(waitForPicture(t, plot, "fc2"));
    const qsizetype whole = plot->table().rows;
    plot->setXRange({10, 20});
    QTRY_VERIFY(plot->table().rows < whole);
    QCOMPARE(plot->visiblePart().weight, 10U);
    QCOMPARE(plot->visiblePart().weights, 10U);
    QCOMPARE(plot->table().cell(0, 1).toInt(), 10);
    QVERIFY(waitForPicture(t, plot, "fc2"));
}

void TestLayerPages::weightIsFollowed()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("weights");
    t.find<Selection>("selection")->setCurrent(0);
    const WeightMatrixPlot *plot = t.find<WeightsPage>("weights")->plot();
    QVERIFY(waitForPicture(t, plot, "fc1"));
    // Replots are queued, and so are the layouts that they ask for.
    for (int round = 0; round < 3; ++round)
        showChanges();
    QTest::mouseMove(plot->plotWidget(), plot->pixelOf(12.5, 60.5).toPoint());
    QTRY_VERIFY2(plot->readoutBox().contains("[60, 12] = "), qPrintable(plot->readoutBox()));
    QVERIFY(plot->readoutBox().contains("code"));
    QTest::mouseClick(plot->plotWidget(), Qt::LeftButton, {}, plot->pixelOf(12.5, 60.5).toPoint());
    const auto *selection = t.find<Selection>("selection");
    QTRY_VERIFY(selection->followed());
    QCOMPARE(selection->followed()->channel, 60);
    QCOMPARE(selection->followed()->weight, 12);
    QCOMPARE(selection->channel(), 60);
    QVERIFY(waitForPicture(t, plot, "fc1"));
}

void TestLayerPages::messages()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("weights");
    t.find<Selection>("selection")->setLayers({});
    showChanges();
    QVERIFY2(t.find<WeightsPage>("weights")->plot()->message().startsWith("Select a layer"),
             qPrintable(t.find<WeightsPage>("weights")->plot()->message()));
    t.window->showTab("channels");
    showChanges();
    QVERIFY(t.find<ChannelsPage>("channels")->ranges()->message().startsWith("Select a layer"));
    QVERIFY(t.settle());
}

QTEST_MAIN(TestLayerPages)
#include "tst_layer_pages.moc"
