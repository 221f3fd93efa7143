// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The table of layers with many layers: rows that fit, groups, names that are cut, the heat strip, why layers are hard.
#include "tests/support/test_model.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/actions/action_registry.h"
#include "ui/models/layer_filter.h"
#include "ui/models/layer_groups.h"
#include "ui/pages/layers/layer_heat.h"
#include "ui/selection/selection.h"

#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QLabel>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestLayerTable : public WindowTest
{
    Q_OBJECT
private slots:
    void rowsThatFit_data();
    void rowsThatFit();
    void groupsOfNames_data();
    void groupsOfNames();
    void usefulGroups();
    void groups();
    void groupsSortByTheirWorst();
    void groupsAndTheSelection();
    void groupsAndTheFilter();
    void groupModel();
    void differingParts_data();
    void differingParts();
    void shortNames_data();
    void shortNames();
    void heatStrip();
    void weightsBesideOutputs();
    void whyLayersAreHard();
};

namespace {

QString modelOf(const WindowUnderTest &t, const QStringList &names)
{
    std::vector<FloatTensor> tensors;
    for (qsizetype i = 0; i < names.size(); ++i)
        tensors.push_back({names[i].toStdString() + ".weight",
                           {8, 16},
                           randomValues(128, static_cast<std::uint32_t>(i), 0.1F * static_cast<float>(1 + i % 5))});
    return QString::fromStdString(writeFile(t.folder, "layers.safetensors", safetensorsBytes(tensors)));
}

QStringList blocks(int count)
{
    QStringList names{"embed.tokens", "head"};
    for (int block = 0; block < count; ++block)
        for (const char *part : {"attn.q", "attn.k", "attn.v", "attn.o", "mlp.up", "mlp.gate", "mlp.down"})
            names << QStringLiteral("model.layers.%1.%2").arg(block).arg(QLatin1String(part));
    return names;
}

const LayerFilter &rows(const WindowUnderTest &t)
{
    return *qobject_cast<const LayerFilter *>(t.table()->model());
}

Qt::CheckState checkOf(const QModelIndex &index)
{
    return index.data(Qt::CheckStateRole).value<Qt::CheckState>();
}

} // namespace

void TestLayerTable::rowsThatFit_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("least");
    QTest::newRow("large") << QSize(1440, 900) << 17;
    QTest::newRow("small") << QSize(1024, 700) << 10;
}

void TestLayerTable::rowsThatFit()
{
    QFETCH(const QSize, size);
    QFETCH(const int, least);
    WindowUnderTest t;
    t.window->setDefaultSize(size);
    QStringList names;
    for (int i = 0; i < 52; ++i)
        names << QStringLiteral("base_net.%1.%2").arg(i / 3).arg(i % 3);
    QVERIFY(t.open(modelOf(t, names)));
    QVERIFY(!rows(t).isGrouped());
    int whole = 0;
    for (int row = 0; row < rows(t).rowCount(); ++row)
        whole += t.table()->viewport()->rect().contains(t.table()->visualRect(rows(t).index(row, 0)));
    QVERIFY2(whole >= least, qPrintable(QString::number(whole)));
}

void TestLayerTable::groupsOfNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("group");
    QTest::newRow("block") << "model.layers.0.self_attn.q_proj" << "model.layers.0";
    QTest::newRow("first number counts") << "encoder.block.3.layer.0.Dense" << "encoder.block.3";
    QTest::newRow("number before a digit") << "v2.model.layers.7.fc" << "v2.model.layers.7";
    QTest::newRow("digit in a word") << "stage1.conv" << "stage1";
    QTest::newRow("no number") << "encoder.fc" << "encoder";
    QTest::newRow("number last") << "base_net.0" << "base_net";
    QTest::newRow("slashes") << "/model/layers.4/attn/MatMul" << "/model/layers.4";
    QTest::newRow("one part") << "fc1" << "";
    QTest::newRow("empty") << "" << "";
}

void TestLayerTable::groupsOfNames()
{
    QFETCH(const QString, name);
    QFETCH(const QString, group);
    QCOMPARE(groupOfName(name), group);
}

void TestLayerTable::usefulGroups()
{
    QVERIFY(areGroupsUseful(blocks(12)));
    QVERIFY(!areGroupsUseful(blocks(4)));
    QStringList flat;
    for (int i = 0; i < 300; ++i)
        flat << QStringLiteral("block.%1").arg(i);
    QVERIFY2(!areGroupsUseful(flat), "one group of all says nothing");
}

void TestLayerTable::groups()
{
    WindowUnderTest t;
    QVERIFY(t.open(modelOf(t, blocks(12))));
    QVERIFY(rows(t).isGrouped());
    QCOMPARE(t.names().size(), 14);
    const int row = t.rowOf("model.layers.3 · 7");
    QVERIFY(row >= 0);
    const QModelIndex group = rows(t).index(row, 0);
    QVERIFY(t.table()->isExpanded(group));
    QCOMPARE(rows(t).rowCount(group), 7);
    QCOMPARE(rows(t).index(0, 0, group).data().toString(), QStringLiteral("attn.k"));
    QCOMPARE(checkOf(group), Qt::Checked);

    // The worst error of its layers, and the sum of their sizes.
    double worst = 0;
    QString text;
    for (int i = 0; i < 7; ++i) {
        const QModelIndex cell = rows(t).index(i, LayerModel::ErrorColumn, group);
        const double error = cell.data(LayerModel::ShareRole).toDouble();
        text = error > worst ? cell.data().toString() : text;
        worst = std::max(worst, error);
    }
    QVERIFY(worst > 0);
    QCOMPARE(group.siblingAtColumn(LayerModel::ErrorColumn).data().toString(), text);
    QCOMPARE(group.siblingAtColumn(LayerModel::ParametersColumn).data().toString(), QStringLiteral("896"));
    QCOMPARE(group.siblingAtColumn(LayerModel::ModeColumn).data().toString(), QStringLiteral("sym 8 bit"));

    // One of them, then all of them at a click, each one step of undo.
    QVERIFY(t.table()->model()->setData(rows(t).index(2, 0, group), Qt::Unchecked, Qt::CheckStateRole));
    QVERIFY(t.settle());
    QCOMPARE(checkOf(group), Qt::PartiallyChecked);
    QCOMPARE(group.siblingAtColumn(LayerModel::ModeColumn).data().toString(), QStringLiteral("mixed"));
    t.table()->scrollTo(group);
    t.clickCheckBox(row);
    QVERIFY(t.settle());
    QCOMPARE(checkOf(group), Qt::Checked);
    t.clickCheckBox(row);
    QVERIFY(t.settle());
    QCOMPARE(checkOf(group), Qt::Unchecked);
    QCOMPARE(t.document->undoStack().count(), 3);
    t.document->undoStack().undo();
    showChanges();
    QCOMPARE(checkOf(group), Qt::Checked);
}

void TestLayerTable::groupsSortByTheirWorst()
{
    WindowUnderTest t;
    QVERIFY(t.open(modelOf(t, blocks(12))));
    t.table()->header()->setSortIndicator(LayerModel::ErrorColumn, Qt::DescendingOrder);
    double last = 1e9;
    for (int row = 0; row < rows(t).rowCount(); ++row) {
        const QModelIndex top = rows(t).index(row, LayerModel::ErrorColumn);
        const double own = top.data(LayerModel::ShareRole).toDouble();
        QVERIFY(own <= last);
        last = own;
        const QModelIndex group = rows(t).index(row, 0);
        if (rows(t).isGroup(group))
            QCOMPARE(rows(t).index(0, LayerModel::ErrorColumn, group).data(LayerModel::ShareRole).toDouble(), own);
    }
    // The order of the file comes back.
    t.table()->header()->setSortIndicator(-1, Qt::AscendingOrder);
    QCOMPARE(t.names().indexOf("model.layers.1 · 7"), t.names().indexOf("model.layers.0 · 7") + 1);
}

void TestLayerTable::groupsAndTheSelection()
{
    WindowUnderTest t;
    QVERIFY(t.open(modelOf(t, blocks(40))));
    auto *selection = t.find<Selection>("selection");
    // So many are closed at first.
    const QModelIndex group = rows(t).index(t.rowOf("model.layers.9 · 7"), 0);
    QVERIFY(!t.table()->isExpanded(group));
    t.table()->scrollTo(group);
    QTest::mouseClick(t.table()->viewport(), Qt::LeftButton, {}, t.table()->visualRect(group).center());
    QCOMPARE(selection->layers().size(), 7);
    QVERIFY(!t.table()->isExpanded(group));
    QTest::keyClick(t.table(), Qt::Key_Space);
    QVERIFY(t.settle());
    QCOMPARE(checkOf(group), Qt::Unchecked);
    // A layer that another view makes current is seen.
    const int layer = rows(t).layersOf(rows(t).index(t.rowOf("model.layers.30 · 7"), 0)).at(2);
    selection->setCurrent(layer);
    showChanges();
    QVERIFY(t.table()->viewport()->rect().intersects(t.table()->visualRect(t.table()->currentIndex())));
    QCOMPARE(rows(t).layersOf(t.table()->currentIndex()), std::vector<int>{layer});
    // Without groups, each layer has a row.
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("layers.groups"));
    QCOMPARE(t.names().size(), 282);
    QCOMPARE(selection->layer(), layer);
    QVERIFY(t.names().contains("model.layers.30.attn.q"));
}

void TestLayerTable::groupsAndTheFilter()
{
    WindowUnderTest t;
    QVERIFY(t.open(modelOf(t, blocks(40))));
    auto *panel = t.find<LayersPanel>("layers");
    panel->setFilter("attn.q");
    QCOMPARE(rows(t).shownLayers(), 40);
    // Of each block one layer is left, which needs no group.
    QVERIFY(t.names().contains("model.layers.30.attn.q"));
    panel->setFilter("layers.5. mlp");
    QCOMPARE(t.names(), QStringList{"model.layers.5 · 3"});
    QVERIFY(t.table()->isExpanded(rows(t).index(0, 0)));
    panel->setFilter({});
    QCOMPARE(t.names().size(), 42);
    QVERIFY(!t.table()->isExpanded(rows(t).index(t.rowOf("model.layers.5 · 7"), 0)));
}

void TestLayerTable::groupModel()
{
    WindowUnderTest t;
    LayerModel model(t.setup);
    LayerFilter filter;
    filter.setSourceModel(&model);
    filter.setGrouped(true);
    QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QVERIFY(t.open(modelOf(t, blocks(12))));
    const QPersistentModelIndex kept = filter.mapFromSource(model.index(9, 1));
    filter.sort(LayerModel::ErrorColumn, Qt::DescendingOrder);
    filter.setText("-head");
    QCOMPARE(filter.mapToSource(kept), model.index(9, 1));
    filter.setGrouped(false);
    QCOMPARE(filter.mapToSource(kept), model.index(9, 1));
    QCOMPARE(filter.rowCount(), 85);
    filter.setGrouped(true);
    filter.setText("none");
    QVERIFY(!kept.isValid());
    QVERIFY(t.open("demo:digits"));
    filter.setText({});
    QCOMPARE(filter.rowCount(), 4);
}

void TestLayerTable::differingParts_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QStringList>("parts");
    QTest::newRow("middle") << QStringList{"a.x1.b", "a.x2.b", "a.x3.b"} << QStringList{"x1", "x2", "x3"};
    QTest::newRow("end") << QStringList{"l.0.q", "l.0.k"} << QStringList{"q", "k"};
    QTest::newRow("whole numbers") << QStringList{"a.1.b", "a.11.b"} << QStringList{"1", "11"};
    QTest::newRow("begin") << QStringList{"conv.w", "fc.w"} << QStringList{"conv", "fc"};
    QTest::newRow("one name") << QStringList{"a.b"} << QStringList{"a.b"};
    QTest::newRow("equal") << QStringList{"a.b", "a.b"} << QStringList{"b", "b"};
}

void TestLayerTable::differingParts()
{
    QFETCH(const QStringList, names);
    QFETCH(const QStringList, parts);
    const auto spans = differingSpans(names);
    for (qsizetype i = 0; i < names.size(); ++i) {
        const NameSpan span = spans[static_cast<std::size_t>(i)];
        QCOMPARE(names[i].mid(span.begin, span.end - span.begin), parts[i]);
    }
}

void TestLayerTable::shortNames_data()
{
    QTest::addColumn<double>("room");
    QTest::addColumn<QString>("shortened");
    QTest::newRow("room for all") << 14.0 << "aaaa.x1.bbbbbb";
    QTest::newRow("not for the begin, but for the end") << 11.0 << "….x1.bbbbbb";
    QTest::newRow("not for the end") << 9.0 << "aaaa.x1.…";
    QTest::newRow("for some of the begin") << 6.0 << "…a.x1…";
    QTest::newRow("just what differs") << 4.0 << "…x1…";
    QTest::newRow("less than that") << 3.0 << "…1…";
    QTest::newRow("nothing") << 0.0 << "……";
}

void TestLayerTable::shortNames()
{
    QFETCH(const double, room);
    QFETCH(const QString, shortened);
    const auto widthOf = [](const QString &text) { return static_cast<double>(text.size()); };
    QCOMPARE(shortenedAround(QStringLiteral("aaaa.x1.bbbbbb"), {5, 7}, room, widthOf), shortened);
}

void TestLayerTable::heatStrip()
{
    WindowUnderTest t;
    QVERIFY(t.open(modelOf(t, blocks(12))));
    auto *heat = t.find<LayerHeat>("layerHeat");
    QVERIFY(!heat->isVisible());
    QVERIFY(t.open(modelOf(t, blocks(40))));
    QVERIFY(heat->isVisible());
    for (const int layer : {0, 17, 200, 281}) {
        QCOMPARE(heat->layerAt(heat->placeOf(layer)), layer);
        QTest::mouseClick(heat, Qt::LeftButton, {}, heat->placeOf(layer));
        QCOMPARE(t.find<Selection>("selection")->layer(), layer);
        QCOMPARE(rows(t).layersOf(t.table()->currentIndex()), std::vector<int>{layer});
    }
    QCOMPARE(heat->layerAt({1, 1}), -1);
    // A layer without a number looks like the ground, and one that has the worst like nothing else.
    const QImage before = heat->grab().toImage();
    t.table()->model()->setData(rows(t).index(t.rowOf("model.layers.20 · 7"), 0), Qt::Unchecked, Qt::CheckStateRole);
    QVERIFY(t.settle());
    QVERIFY(heat->grab().toImage() != before);
}

void TestLayerTable::weightsBesideOutputs()
{
    WindowUnderTest t("demo:digits");
    const QHeaderView *header = t.table()->header();
    QVERIFY(!header->isSectionHidden(LayerModel::SqnrColumn));
    QCOMPARE(header->visualIndex(LayerModel::SqnrColumn) + 1, header->visualIndex(LayerModel::ErrorColumn));
    // Without a network the weight error says the same already.
    QVERIFY(t.open(modelOf(t, {"conv.a", "conv.b"})));
    QVERIFY(header->isSectionHidden(LayerModel::SqnrColumn));
}

void TestLayerTable::whyLayersAreHard()
{
    WindowUnderTest t;
    std::vector<float> dead = randomValues(512, 1);
    std::fill_n(dead.begin(), 64, 0.0F);
    QVERIFY(t.open(QString::fromStdString(writeFile(
        t.folder, "a.safetensors",
        safetensorsBytes({{"dead.weight", {8, 64}, dead}, {"even.weight", {8, 64}, randomValues(512, 2)}})))));
    const auto *why = t.find<QLabel>("whyHard");
    t.find<Selection>("selection")->setCurrent(0);
    showChanges();
    QCOMPARE(why->text(), QStringLiteral("Dead channels: all weights of 1 of 8 channels are 0."));
    t.find<Selection>("selection")->setCurrent(1);
    showChanges();
    QVERIFY(why->isHidden());
}

QTEST_MAIN(TestLayerTable)
#include "tst_layer_table.moc"
