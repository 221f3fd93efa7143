// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The table of layers in the real window: its filter line, which layers are analysed first, names that are no words.
#include "tests/support/test_model.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/actions/action_registry.h"
#include "ui/document/commands.h"
#include "ui/pages/details/details_panel.h"
#include "ui/pages/distribution/distribution_panel.h"
#include "ui/pages/file/file_page.h"
#include "ui/pages/layers/exclude_above.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/pages/scheme/scheme_bar.h"
#include "ui/plots/scale_plot.h"
#include "ui/plots/weight_histogram.h"
#include "ui/selection/selection.h"
#include "ui/widgets/field_combo.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/percent_field.h"
#include "ui/widgets/wrapped_text.h"

#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>

#include <limits>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestLayersPanel : public WindowTest
{
    Q_OBJECT
private slots:
    void enterExcludesAbove();
    void filterWords();
    void filterLooksAgainWhenResultsAreThere();
    void showLeadsToTheLayers();
    void visibleLayersGoFirst();
    void oddNames();
    void shortGroups();
    void zeroWeights();
    void rowsStandInLine();
};

namespace {

QLineEdit *filterLine(const WindowUnderTest &t)
{
    return t.find<LayersPanel>("layers")->findChild<QLineEdit *>();
}

/// Three layers of which "b" has a NaN, and "zero" has zeros only.
QByteArray oddWeights()
{
    std::vector<float> bad = randomValues(32, 2);
    bad[5] = std::numeric_limits<float>::quiet_NaN();
    return safetensorsBytes({{"a.weight", {4, 8}, randomValues(32, 1)},
                             {"b.weight", {4, 8}, bad},
                             {"c.weight", {4, 8}, randomValues(32, 3)},
                             {"zero.weight", {4, 8}, std::vector<float>(32, 0.0F)}});
}

std::string manyLayers(const WindowUnderTest &t, std::size_t count)
{
    std::vector<FloatTensor> tensors;
    for (std::size_t i = 0; i < count; ++i)
        tensors.push_back({"block." + std::to_string(i) + ".weight", {8, 16}, randomValues(128, std::uint32_t(i))});
    return writeFile(t.folder, "many.safetensors", safetensorsBytes(tensors));
}

/// The texts of all notes below the values of the layer.
QString noteTexts(const WindowUnderTest &t)
{
    QStringList texts;
    for (const QLabel *label : t.find<DetailsPanel>("details")->findChildren<QLabel *>())
        if (label->isVisible())
            texts << label->text();
    return texts.join('\n');
}

} // namespace

void TestLayersPanel::filterWords()
{
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(writeFile(t.folder, "odd.safetensors", oddWeights()))));
    QTest::keyClick(t.window.get(), Qt::Key_F, Qt::ControlModifier);
    QTest::keyClicks(filterLine(t), "is:warning -zero");
    QCOMPARE(t.names(), QStringList{"b"});
    QVERIFY(t.find<LayersPanel>("layers")->filterProblem().isEmpty());
    // Half a word is no state: the last good filter stays, and the line says why.
    QTest::keyClicks(filterLine(t), " | is:quant");
    QCOMPARE(t.names(), QStringList{"b"});
    QVERIFY(t.find<LayersPanel>("layers")->filterProblem().contains("is:quant"));
    QVERIFY(filterLine(t)->property("invalid").toBool());
    QCOMPARE(filterLine(t)->accessibleDescription(), t.find<LayersPanel>("layers")->filterProblem());
    QTest::keyClicks(filterLine(t), "ized");
    QCOMPARE(t.names().size(), 4);
    QVERIFY(t.find<LayersPanel>("layers")->filterProblem().isEmpty());
    QTest::keyClicks(filterLine(t), " -a");
    QCOMPARE(t.names(), (QStringList{"b", "c", "zero"}));
    QTest::keyClick(filterLine(t), Qt::Key_Escape);
    QCOMPARE(t.names().size(), 4);
}

void TestLayersPanel::filterLooksAgainWhenResultsAreThere()
{
    WindowUnderTest t("demo:digits");
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), "4 bits");
    t.find<LayersPanel>("layers")->setFilter("is:pending");
    QCOMPARE(t.names().size(), 4);
    QVERIFY(t.settle());
    QCOMPARE(t.names(), QStringList());
    // Afterwards rows stay where the user works, whatever becomes of them.
    t.find<LayersPanel>("layers")->setFilter("is:quantized");
    t.clickCheckBox(1);
    QVERIFY(t.settle());
    QCOMPARE(t.names().size(), 4);
}

void TestLayersPanel::showLeadsToTheLayers()
{
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(writeFile(t.folder, "odd.safetensors", oddWeights()))));
    QTest::mouseClick(t.find<MessageBar>("messages")->button("Show"), Qt::LeftButton);
    QVERIFY(t.find<FilePage>("file")->isVisible());
    QCOMPARE(t.names(), (QStringList{"b", "zero"}));
    QCOMPARE(t.find<Selection>("selection")->layer(), 1);
}

void TestLayersPanel::visibleLayersGoFirst()
{
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(manyLayers(t, 300))));
    const auto shown = [&] { return t.setup->analysisJob().layersOnShow(); };
    const auto visibleRows = [&](std::size_t selected) {
        std::vector<std::size_t> layers{selected};
        for (int row = 0; row < t.table()->model()->rowCount(); ++row) {
            const QRect place = t.table()->visualRect(t.table()->model()->index(row, 0));
            if (place.bottom() >= 0 && place.top() < t.table()->viewport()->height())
                layers.push_back(std::stoul(t.names()[row].section('.', 1).toStdString()));
        }
        return layers;
    };
    QVERIFY(visibleRows(0).size() > 3 && visibleRows(0).size() < 100);
    QCOMPARE(shown(), visibleRows(0));
    t.table()->verticalScrollBar()->setValue(t.table()->verticalScrollBar()->maximum());
    QCOMPARE(shown().back(), std::size_t{299});
    QCOMPARE(shown(), visibleRows(0));
    t.find<Selection>("selection")->setCurrent(120);
    QCOMPARE(shown().front(), std::size_t{120});
    t.find<LayersPanel>("layers")->setFilter("block.12?");
    QCOMPARE(shown(), visibleRows(120));
    t.window->resize(1440, 700);
    QCoreApplication::processEvents();
    QCOMPARE(shown(), visibleRows(120));
    QVERIFY(t.open("demo:digits"));
    QCOMPARE(shown(), (std::vector<std::size_t>{0, 0, 1, 2, 3}));
}

void TestLayersPanel::oddNames()
{
    const std::string longName(3000, 'x');
    const std::string bidi = "\xE2\x80\xAE"
                             "desrever"; // U+202E: what follows would be shown from right to left
    const QByteArray file = safetensorsBytes({{"<b>bold</b>.weight", {2, 4}, randomValues(8, 1)},
                                              {"two\nlines & more.weight", {2, 4}, randomValues(8, 2)},
                                              {longName + ".weight", {2, 4}, randomValues(8, 3)},
                                              {bidi + ".weight", {2, 4}, randomValues(8, 4)}});
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(writeFile(t.folder, "names.safetensors", file))));
    t.window->resize(1024, 700);
    const QStringList names = t.names();
    QCOMPARE(names.size(), 4);
    for (const QString &name : names) {
        QVERIFY2(name.size() < 300 && !name.contains('\n') && !name.contains(QChar(0x202e)), qPrintable(name));
        const int row = t.rowOf(name);
        const QString tip = t.table()->model()->index(row, 0).data(Qt::ToolTipRole).toString();
        QVERIFY2(!tip.contains("<b>"), qPrintable(tip));
    }
    for (int layer = 0; layer < 4; ++layer) {
        t.find<Selection>("selection")->setCurrent(layer);
        QCoreApplication::processEvents();
        // Nothing of the panel lies outside it, whatever the name is like.
        const DetailsPanel *details = t.find<DetailsPanel>("details");
        QVERIFY(details->widget()->width() <= details->viewport()->width());
        QVERIFY(!details->findChild<WrappedText *>()->toPlainText().contains('\n'));
        QTRY_VERIFY(t.find<DistributionPanel>("distribution")->weights()->subtitle().size() < 300);
        QVERIFY(!t.find<DistributionPanel>("distribution")->weights()->subtitle().contains('\n'));
    }
    QVERIFY(t.window->width() == 1024);
    quantizeLayers(*t.setup, {std::size_t(t.document->model()->layers.size() - 1)}, false);
    quantizeLayers(*t.setup, {0}, false);
    for (int i = 0; i < t.document->undoStack().count(); ++i)
        QVERIFY2(t.document->undoStack().text(i).size() < 80, qPrintable(t.document->undoStack().text(i)));
    // The table's copy has the names as they are.
    const QString csv = t.find<LayersPanel>("layers")->model()->toCsv({0, 1, 2, 3}, {LayerModel::NameColumn});
    QVERIFY(csv.contains("two\nlines & more") && csv.contains(QString::fromStdString(longName)));
    QVERIFY(t.settle());
}

void TestLayersPanel::shortGroups()
{
    WindowUnderTest t("demo:digits");
    SchemeBar *bar = t.find<SchemeBar>("schemeBar");
    choose(bar->combo(SchemeField::Range), "99.9\u202f% of weights");
    choose(bar->combo(SchemeField::Scales), "Groups of 32");
    QVERIFY(t.settle());
    const QString hint = "99.9\u202f% of the 32 weights of a group are all of them: this range clips nothing.";
    QVERIFY2(noteTexts(t).contains(hint), qPrintable(noteTexts(t)));
    QVERIFY2(bar->limits().contains(hint), qPrintable(bar->limits()));
    // 90 % of 32 weights are 29 of them.
    bar->percentile()->setValue(90);
    QVERIFY(t.settle());
    QVERIFY(!noteTexts(t).contains("clips nothing") && !bar->limits().contains("clips nothing"));
    // Of 64, 128 and 256 weights per channel, 99.5 % are all but one of the 256 only.
    choose(bar->combo(SchemeField::Scales), "Per channel");
    bar->percentile()->setValue(99.5);
    QVERIFY(t.settle());
    QVERIFY2(noteTexts(t).contains("64 weights of a channel are all"), qPrintable(noteTexts(t)));
    QVERIFY2(bar->limits().contains("In 3 of 4 layers this range clips nothing"), qPrintable(bar->limits()));
    t.find<Selection>("selection")->setCurrent(2);
    showChanges();
    QVERIFY(!noteTexts(t).contains("clips nothing"));
    choose(bar->combo(SchemeField::Range), "Min–max");
    QVERIFY(t.settle());
    QVERIFY(!bar->limits().contains("clips nothing"));
}

void TestLayersPanel::zeroWeights()
{
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(writeFile(t.folder, "odd.safetensors", oddWeights()))));
    const QModelIndex error = t.table()->model()->index(t.rowOf("zero"), LayerModel::ErrorColumn);
    QCOMPARE(error.data().toString(), "exact");
}

/// Where the name of a row begins: the first column right of the check box that is not of the row's colour.
static int nameColumn(const WindowUnderTest &t, int row)
{
    const QRect cell = t.table()->visualRect(t.table()->model()->index(row, 0));
    const QImage image = t.table()->viewport()->grab(cell).toImage();
    for (int x = 24; x < image.width(); ++x)
        for (int y = 4; y < image.height() - 4; ++y)
            if (image.pixelColor(x, y) != image.pixelColor(image.width() - 2, y))
                return x;
    return -1;
}

void TestLayersPanel::rowsStandInLine()
{
    WindowUnderTest t("demo:digits");
    t.find<Selection>("selection")->setCurrent(1);
    const int begin = nameColumn(t, 0);
    QVERIFY(begin > 0);
    QCOMPARE(nameColumn(t, 1), begin);
    QCOMPARE(nameColumn(t, 2), begin);
}

/// Enter in the field does what the button does.
void TestLayersPanel::enterExcludesAbove()
{
    WindowUnderTest t("demo:notebook");
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("layers.excludeAbove"));
    auto *popup = t.window->findChild<ExcludeAbove *>();
    QVERIFY(popup && popup->isVisible());
    auto *field = popup->findChild<QDoubleSpinBox *>();
    field->setValue(1000);
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY2(popup->isVisible(), "there is nothing to exclude, so nothing is done");
    field->setValue(0);
    const std::size_t found = popup->found().size();
    QVERIFY(found > 0);
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(!popup->isVisible());
    std::size_t kept = 0;
    for (std::size_t i = 0; i < t.document->model()->layers.size(); ++i)
        kept += t.setup->isQuantized(i) ? 0 : 1;
    QCOMPARE(kept, found);
}

QTEST_MAIN(TestLayersPanel)
#include "tst_layers_panel.moc"
