// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_model.h"
#include "tests/ui/open_document.h"
#include "ui/models/layer_delegate.h"
#include "ui/models/layer_filter.h"
#include "ui/models/layer_model.h"
#include "ui/models/layer_summary.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace qs;
using namespace qs::ui;
using qs::test::open;
using qs::test::settle;

namespace {

QStringList column(const QAbstractItemModel &model, int column)
{
    QStringList result;
    for (int row = 0; row < model.rowCount(); ++row)
        result << model.index(row, column).data().toString();
    return result;
}

} // namespace

class TestLayerModel : public QObject
{
    Q_OBJECT
private slots:
    void testers();
    void askedBeforeItsNews();
    void cells();
    void checkBoxes();
    void overriddenIsBold();
    void weightErrorWithoutNetwork();
    void brokenWeights();
    void sorting();
    void filtering_data();
    void filtering();
    void wrongFilters_data();
    void wrongFilters();
    void csv();
    void commonEndOfNames_data();
    void commonEndOfNames();
    void summaries_data();
    void summaries();
    void barLength();
};

void TestLayerModel::testers()
{
    Document document;
    Setup &setup = *document.setups().front();
    LayerModel model(&setup);
    LayerFilter filter;
    filter.setSourceModel(&model);
    QAbstractItemModelTester modelTester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QVERIFY(open(document, "demo:digits"));
    QCOMPARE(model.rowCount(), 4);
    filter.sort(LayerModel::ErrorColumn, Qt::DescendingOrder);
    filter.setText("fc");
    quantizeLayers(setup, {0}, false);
    QVERIFY(settle(document));
    filter.setText("none");
    QCOMPARE(filter.rowCount(), 0);
    QVERIFY(open(document, "demo:notebook"));
    filter.setText({});
    QCOMPARE(filter.rowCount(), 5);
}

/// Another file is open, and somebody looks at the rows before the table has heard of it: a view that is laid out.
void TestLayerModel::askedBeforeItsNews()
{
    const QTemporaryDir folder;
    Document document;
    Setup &setup = *document.setups().front();
    bool looked = false;
    int rows = 0;
    LayerModel *shown = nullptr;
    connect(&setup, &Setup::changed, this, [&](Changes changes) {
        if (!shown || !(changes & Change::Model) || shown->rowCount() != rows)
            return;
        looked = true;
        for (int row = 0; row < rows; ++row)
            for (int column = 0; column < LayerModel::ColumnCount; ++column) {
                const QModelIndex index = shown->index(row, column);
                for (const int role : {int(Qt::DisplayRole), int(Qt::DecorationRole), int(Qt::ToolTipRole)})
                    QVERIFY(!index.data(role).isValid());
                QCOMPARE(shown->flags(index), Qt::NoItemFlags);
            }
    });
    LayerModel model(&setup);
    QVERIFY(open(document, "demo:notebook"));
    shown = &model;
    rows = model.rowCount();
    QCOMPARE(rows, 5);
    QVERIFY(open(document, QString::fromStdString(test::writeFile(
                               folder, "one.safetensors",
                               test::safetensorsBytes({{"fc.weight", {4, 3}, test::randomValues(12, 1)}})))));
    QVERIFY(looked);
    QCOMPARE(model.rowCount(), 1);
    QVERIFY(model.index(0, 0).data().isValid());
}

void TestLayerModel::cells()
{
    Document document;
    Setup &setup = *document.setups().front();
    LayerModel model(&setup);
    QVERIFY(open(document, "demo:digits"));
    QCOMPARE(column(model, LayerModel::NameColumn), QStringList({"fc1", "fc2", "fc3", "fc4"}));
    QCOMPARE(column(model, LayerModel::ShapeColumn).front(), QStringLiteral("128×64"));
    QCOMPARE(column(model, LayerModel::ModeColumn).front(), QStringLiteral("sym 8 bit"));
    QCOMPARE(column(model, LayerModel::BitsColumn).front(), QStringLiteral("8"));
    QCOMPARE(column(model, LayerModel::ScalesColumn).front(), QStringLiteral("per channel"));
    QCOMPARE(column(model, LayerModel::ParametersColumn).front(), QStringLiteral("8,192"));
    QCOMPARE(column(model, LayerModel::ZeroPointsColumn).front(), QStringLiteral("0"));
    const double alone = *setup.report()->layers[0]->outputError.alone;
    QCOMPARE(model.index(0, LayerModel::ErrorColumn).data(LayerModel::ShareRole).toDouble(), alone);
    QCOMPARE(model.headerData(LayerModel::ErrorColumn, Qt::Horizontal, Qt::DisplayRole).toString(), "Error alone");
    QVERIFY(!model.index(0, LayerModel::ErrorColumn).data(LayerModel::StaleRole).toBool());
    QCOMPARE(model.index(0, 0).data(Qt::AccessibleTextRole).toString(), "Layer fc1, quantized");
    for (int c = 0; c < LayerModel::ColumnCount; ++c)
        QVERIFY2(!column(model, c).contains(QString()), qPrintable(QString::number(c)));

    quantizeLayers(setup, {0}, false);
    setup.analysisJob().cancel();
    QVERIFY(model.index(1, LayerModel::ErrorColumn).data(LayerModel::StaleRole).toBool());
    setup.analysisJob().start();
    QVERIFY(settle(document));
    QCOMPARE(model.index(0, LayerModel::ModeColumn).data().toString(), "float32");
    QCOMPARE(model.index(0, LayerModel::ErrorColumn).data().toString(), QStringLiteral("–"));
    QCOMPARE(model.index(0, 0).data(Qt::AccessibleTextRole).toString(), "Layer fc1, excluded");
    QVERIFY(model.index(0, 0).data(Qt::ToolTipRole).toString().contains("fc1"));
    QVERIFY(!setup.keptReason(0).isEmpty());
}

void TestLayerModel::checkBoxes()
{
    Document document;
    Setup &setup = *document.setups().front();
    LayerModel model(&setup);
    QVERIFY(open(document, "demo:digits"));
    const QModelIndex index = model.index(2, 0);
    QCOMPARE(index.data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
    QVERIFY(model.setData(index, Qt::Unchecked, Qt::CheckStateRole));
    QCOMPARE(index.data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
    QVERIFY(!setup.decision(2).quantize);
    QCOMPARE(document.undoStack().undoText(), "Exclude fc3");
    QVERIFY(!model.setData(model.index(2, 1), Qt::Checked, Qt::CheckStateRole));
}

void TestLayerModel::overriddenIsBold()
{
    Document document;
    Setup &setup = *document.setups().front();
    LayerModel model(&setup);
    QVERIFY(open(document, "demo:digits"));
    const QModelIndex index = model.index(1, LayerModel::ModeColumn);
    QVERIFY(!index.data(Qt::FontRole).value<QFont>().bold());
    changeOverrides(setup, {1}, [](SchemePatch &patch) { patch.mode = Mode::Asymmetric; });
    QVERIFY(index.data(Qt::FontRole).value<QFont>().bold());
    QCOMPARE(index.data().toString(), "asym 8 bit");
    clearOverrides(setup, {1});
    QVERIFY(!index.data(Qt::FontRole).value<QFont>().bold());
}

void TestLayerModel::weightErrorWithoutNetwork()
{
    QTemporaryDir folder;
    const auto path = test::writeFile(folder, "conv.safetensors",
                                      test::safetensorsBytes({{"conv.weight", {8, 4, 3}, test::randomValues(96, 1)},
                                                              {"other.weight", {7, 5}, test::randomValues(35, 2)}}));
    Document document;
    Setup &setup = *document.setups().front();
    LayerModel model(&setup);
    QVERIFY(open(document, QString::fromStdString(path)));
    QCOMPARE(model.headerData(LayerModel::ErrorColumn, Qt::Horizontal, Qt::DisplayRole).toString(), "Weight error");
    QCOMPARE(model.index(0, LayerModel::ErrorColumn).data(LayerModel::ShareRole).toDouble(),
             *setup.report()->layers[0]->metrics.relativeError);
}

void TestLayerModel::brokenWeights()
{
    QTemporaryDir folder;
    std::vector<float> values = test::randomValues(64, 1);
    values[9] = std::numeric_limits<float>::quiet_NaN();
    const auto path = test::writeFile(
        folder, "nan.safetensors",
        test::safetensorsBytes({{"a.weight", {8, 8}, values}, {"b.weight", {8, 8}, test::randomValues(64, 2)}}));
    Document document;
    Setup &setup = *document.setups().front();
    LayerModel model(&setup);
    QVERIFY(open(document, QString::fromStdString(path)));
    const QModelIndex broken = model.index(0, 0);
    QCOMPARE(broken.data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
    QVERIFY(!(model.flags(broken) & Qt::ItemIsUserCheckable));
    QVERIFY(!model.setData(broken, Qt::Checked, Qt::CheckStateRole));
    QVERIFY(broken.data(Qt::ToolTipRole).toString().contains("NaN"));
    QVERIFY(model.flags(model.index(1, 0)) & Qt::ItemIsUserCheckable);
    // It cannot be switched on by a command either.
    toggleLayers(setup, {0});
    QCOMPARE(document.undoStack().count(), 0);
}

void TestLayerModel::sorting()
{
    Document document;
    Setup &setup = *document.setups().front();
    LayerModel model(&setup);
    LayerFilter filter;
    filter.setSourceModel(&model);
    QVERIFY(open(document, "demo:digits"));
    filter.sort(LayerModel::ErrorColumn, Qt::DescendingOrder);
    std::vector<double> errors;
    for (int row = 0; row < filter.rowCount(); ++row)
        errors.push_back(filter.index(row, LayerModel::ErrorColumn).data(LayerModel::ShareRole).toDouble());
    QVERIFY(std::ranges::is_sorted(errors, std::greater()));
    const QStringList order = column(filter, 0);
    // Nothing moves by itself, not even when a result changes.
    quantizeLayers(setup, {3}, false);
    QVERIFY(settle(document));
    QCOMPARE(column(filter, 0), order);
    // Layers without a number stand at the end in both directions.
    filter.sort(LayerModel::ErrorColumn, Qt::DescendingOrder);
    QCOMPARE(column(filter, 0).back(), QStringLiteral("fc4"));
    filter.sort(LayerModel::ErrorColumn, Qt::AscendingOrder);
    QCOMPARE(column(filter, 0).back(), QStringLiteral("fc4"));
    filter.sort(-1, Qt::AscendingOrder);
    QCOMPARE(column(filter, 0), QStringList({"fc1", "fc2", "fc3", "fc4"}));
}

void TestLayerModel::filtering_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("names");
    const QStringList all{"layer1", "layer2", "layer3", "layer4", "layer5"};
    QTest::newRow("empty") << QString() << all;
    QTest::newRow("blanks") << "   " << all;
    QTest::newRow("part") << "er3" << QStringList{"layer3"};
    QTest::newRow("case ignored") << "LAYER2" << QStringList{"layer2"};
    QTest::newRow("star") << "l*4" << QStringList{"layer4"};
    QTest::newRow("question mark") << "layer?" << all;
    QTest::newRow("question mark needs a letter") << "layer1?" << QStringList();
    QTest::newRow("two words") << "layer 5" << QStringList{"layer5"};
    QTest::newRow("dot is a dot") << "l.yer" << QStringList();
    QTest::newRow("bracket") << "[" << QStringList();
    QTest::newRow("minus alone") << "-" << QStringList();
    QTest::newRow("not") << "-layer1" << QStringList{"layer2", "layer3", "layer4", "layer5"};
    QTest::newRow("or") << "r1 | layer 5" << QStringList{"layer1", "layer5"};
    QTest::newRow("expression") << "re:R[24]$" << QStringList{"layer2", "layer4"};
    QTest::newRow("colon in a name") << "layer:1" << QStringList();
    // 64-128-256-128-1-9
    QTest::newRow("outputs") << "out>=128" << QStringList{"layer1", "layer2", "layer3"};
    QTest::newRow("inputs") << "in=1" << QStringList{"layer5"};
    QTest::newRow("weights") << "params<200 -in=1" << QStringList{"layer4"};
    QTest::newRow("bits") << "bits<=4" << QStringList{"layer2"};
    QTest::newRow("error as a share") << "err>0.2" << QStringList();
    QTest::newRow("error in percent") << "err>0% out>1 bits<8" << QStringList{"layer2"};
    QTest::newRow("number that is not there") << "err>=0 layer3" << QStringList();
    QTest::newRow("quantized") << "is:quantized" << QStringList{"layer1", "layer2", "layer4", "layer5"};
    QTest::newRow("excluded") << "is:excluded" << QStringList{"layer3"};
    QTest::newRow("overridden") << "is:overridden" << QStringList{"layer2"};
    QTest::newRow("pending") << "is:pending" << QStringList();
    QTest::newRow("stored") << "is:stored" << QStringList();
    QTest::newRow("warning") << "is:warning" << QStringList();
    QTest::newRow("mode") << "mode:asym" << QStringList{"layer2"};
    QTest::newRow("mode of floats") << "mode:Float" << QStringList{"layer3"};
    QTest::newRow("kind of layer") << "op:linear 4" << QStringList{"layer4"};
}

void TestLayerModel::filtering()
{
    QFETCH(QString, text);
    QFETCH(QStringList, names);
    Document document;
    Setup &setup = *document.setups().front();
    LayerModel model(&setup);
    LayerFilter filter;
    filter.setSourceModel(&model);
    QVERIFY(open(document, "demo:notebook"));
    changeOverrides(setup, {1}, [](SchemePatch &patch) {
        patch.mode = Mode::Asymmetric;
        patch.bits = 4;
    });
    quantizeLayers(setup, {2}, false);
    QVERIFY(settle(document));
    QCOMPARE(filter.setText(text), QString());
    QCOMPARE(column(filter, 0), names);
}

void TestLayerModel::wrongFilters_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("problem");
    QTest::newRow("state") << "is:broken"
                           << "quantized, excluded, overridden, pending, stored, warning";
    QTest::newRow("no state") << "is:"
                              << "is:";
    QTest::newRow("field") << "foo>1"
                           << "foo";
    QTest::newRow("no number") << "err>"
                               << "err>1%";
    QTest::newRow("number") << "bits=many"
                            << "bits=8";
    QTest::newRow("percent of a count") << "bits<8%"
                                        << "percent";
    QTest::newRow("expression") << "re:("
                                << "(";
    QTest::newRow("kind of layer") << "op:dense"
                                   << "linear, conv";
    QTest::newRow("mode") << "mode:"
                          << "mode:asym";
    QTest::newRow("nothing before or") << "| fc"
                                       << "|";
    QTest::newRow("nothing after or") << "fc |"
                                      << "|";
    QTest::newRow("one of two") << "layer1 -is:x"
                                << "is:x";
}

void TestLayerModel::wrongFilters()
{
    QFETCH(QString, text);
    QFETCH(QString, problem);
    Document document;
    Setup &setup = *document.setups().front();
    LayerModel model(&setup);
    LayerFilter filter;
    filter.setSourceModel(&model);
    QVERIFY(open(document, "demo:notebook"));
    QCOMPARE(filter.setText("layer2"), QString());
    const QString answer = filter.setText(text);
    QVERIFY2(answer.contains(problem), qPrintable(answer));
    // The last good one stays.
    QCOMPARE(filter.text(), QStringLiteral("layer2"));
    QCOMPARE(column(filter, 0), QStringList{"layer2"});
}

void TestLayerModel::csv()
{
    Document document;
    Setup &setup = *document.setups().front();
    LayerModel model(&setup);
    QVERIFY(open(document, "demo:digits"));
    quantizeLayers(setup, {3}, false);
    QVERIFY(settle(document));
    const QStringList lines =
        model.toCsv({0, 3}, {LayerModel::NameColumn, LayerModel::ErrorColumn, LayerModel::BitsColumn}).split("\r\n");
    QCOMPARE(lines.size(), 4);
    QCOMPARE(lines[0], "Layer,Error alone,Bits");
    // The number itself, to the last bit.
    QCOMPARE(lines[1].section(',', 1, 1).toDouble(), *setup.report()->layers[0]->outputError.alone);
    QCOMPARE(lines[1].section(',', 0, 0) + lines[1].section(',', 2), "fc18");
    QCOMPARE(lines[2], "fc4,,");
}

void TestLayerModel::commonEndOfNames_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QStringList>("shortNames");
    QTest::newRow("same end") << QStringList{"lin0.model.1", "lin1.model.1"} << QStringList{"lin0…", "lin1…"};
    QTest::newRow("end of a word only") << QStringList{"a1.fc1", "a1.gc1"} << QStringList{};
    QTest::newRow("word inside the end") << QStringList{"x0.q_proj", "x1.k_proj"} << QStringList{};
    QTest::newRow("different ends") << QStringList{"a.fc", "a.proj"} << QStringList{};
    QTest::newRow("one is the end of the other") << QStringList{"a.fc", "b.a.fc"} << QStringList{"a…", "b.a…"};
    QTest::newRow("one layer") << QStringList{"a.fc"} << QStringList{};
    QTest::newRow("slashes") << QStringList{"x/kernel:0", "y/kernel:0"} << QStringList{"x…", "y…"};
}

void TestLayerModel::commonEndOfNames()
{
    QFETCH(QStringList, names);
    QFETCH(QStringList, shortNames);
    QTemporaryDir folder;
    std::vector<test::FloatTensor> tensors;
    for (const QString &name : names)
        tensors.push_back({name.toStdString() + ".weight", {2, 2}, test::randomValues(4, 1)});
    Document document;
    Setup &setup = *document.setups().front();
    LayerModel model(&setup);
    QVERIFY(open(document,
                 QString::fromStdString(test::writeFile(folder, "a.safetensors", test::safetensorsBytes(tensors)))));
    QStringList found;
    for (int row = 0; row < model.rowCount(); ++row)
        if (const QVariant name = model.index(row, 0).data(LayerModel::ShortNameRole); name.isValid())
            found << name.toString();
    QCOMPARE(found, shortNames);
}

void TestLayerModel::summaries_data()
{
    QTest::addColumn<QList<int>>("shape");
    QTest::addColumn<QString>("summary");
    QTest::newRow("matrix") << QList<int>{3, 4} << "4 → 3 · 12 weights";
    QTest::newRow("one weight") << QList<int>{1, 1} << "1 → 1 · 1 weight";
    QTest::newRow("convolution") << QList<int>{3, 2, 2, 1} << "3 channels of 4 weights · 12 weights";
    QTest::newRow("one channel") << QList<int>{1, 2, 1, 1} << "1 channel of 2 weights · 2 weights";
    QTest::newRow("one of one") << QList<int>{1, 1, 1, 1} << "1 channel of 1 weight · 1 weight";
}

void TestLayerModel::summaries()
{
    QFETCH(QList<int>, shape);
    QFETCH(QString, summary);
    std::size_t count = 1;
    for (const int side : shape)
        count *= static_cast<std::size_t>(side);
    const std::vector<std::uint64_t> sides(shape.begin(), shape.end());
    QTemporaryDir folder;
    const auto model = test::openBytes(folder, "a.safetensors",
                                       test::safetensorsBytes({{"x.weight", sides, test::randomValues(count, 1)}}));
    const QString text = layerSummary(*model, findChain(*model, {}), 0, 0);
    QVERIFY2(text.endsWith(" · " + summary), qPrintable(text));
}

void TestLayerModel::barLength()
{
    QCOMPARE(LayerDelegate::barLength(0, 1e-3, 1), 0.0);
    QCOMPARE(LayerDelegate::barLength(1e-9, 1e-3, 1), 0.0);
    QCOMPARE(LayerDelegate::barLength(1e-3, 1e-3, 1), 0.25);
    QCOMPARE(LayerDelegate::barLength(1, 1e-3, 1), 1.0);
    QCOMPARE(LayerDelegate::barLength(50, 1e-3, 1), 1.0);
    QCOMPARE(LayerDelegate::barLength(std::nan(""), 1e-3, 1), 0.0);
    // One error alone has the whole bar; two on one screen look different.
    QCOMPARE(LayerDelegate::barLength(0.27, 0.27, 0.27), 1.0);
    QVERIFY(LayerDelegate::barLength(0.095, 0.05, 0.27) < 0.8);
}

QTEST_MAIN(TestLayerModel)
#include "tst_layer_model.moc"
