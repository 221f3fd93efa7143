// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/compare.h"
#include "core/formats/open_model.h"
#include "tests/support/test_model.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/actions/action_registry.h"
#include "ui/pages/details/details_panel.h"
#include "ui/pages/details/override_field.h"
#include "ui/pages/distribution/distribution_panel.h"
#include "ui/pages/export/export_panel.h"
#include "ui/pages/overview/cards.h"
#include "ui/pages/overview/inputs_line.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/pages/scheme/scheme_bar.h"
#include "ui/pages/welcome/welcome_page.h"
#include "ui/plots/error_plot.h"
#include "ui/plots/scale_plot.h"
#include "ui/plots/weight_histogram.h"
#include "ui/selection/selection.h"
#include "ui/widgets/field_combo.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/status_line.h"

#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestMainWindow : public WindowTest
{
    Q_OBJECT
private slots:
    void welcome();
    void mainJob();
    void exportReopens_data();
    void exportReopens();
    void exportRefusals();
    void oneSelection();
    void spaceTogglesManyRowsInOneStep();
    void filterLine();
    void overrides();
    void overridesOfSeveralLayers();
    void schemeBar();
    void layerActions();
    void notebookCard();
    void zoomSurvivesEdits();
};

void TestMainWindow::welcome()
{
    WindowUnderTest t;
    QVERIFY(t.find<WelcomePage>("welcome")->isVisible());
    QVERIFY(!t.find<OverviewPage>("overview")->isVisible());
    QCOMPARE(t.find<StatusLine>("statusLine")->countsText(), "No model is open");
    QTest::keyClick(t.find<WelcomePage>("welcome")->demoButton(), Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return t.document->model() != nullptr; }));
    QVERIFY(t.settle());
    QVERIFY(!t.find<WelcomePage>("welcome")->isVisible());
    QVERIFY(t.find<OverviewPage>("overview")->isVisible());
    QCOMPARE(t.document->location(), "demo:digits");

    // Hints, each until it is followed; never again after that.
    QVERIFY(t.find<MessageBar>("messages")->sentence().startsWith("Click another layer"));
    t.find<Selection>("selection")->setCurrent(2);
    QVERIFY(t.find<MessageBar>("messages")->sentence().startsWith("Untick a layer"));
    t.clickCheckBox(2);
    QVERIFY(t.find<MessageBar>("messages")->sentence().startsWith("See before and after"));
    QTest::keyClick(t.window.get(), Qt::Key_D, Qt::ControlModifier);
    QVERIFY(t.find<MessageBar>("messages")->sentence().contains("Shift+F1"));
    QVERIFY(!t.settings->data().hintsShown);
    QTest::mouseClick(t.find<MessageBar>("messages")->button("Done"), Qt::LeftButton);
    QVERIFY(!t.find<MessageBar>("messages")->isVisible());
    QVERIFY(t.settings->data().hintsShown);
    QVERIFY(t.settle());
}

/// Open, sort by error, untick the worst layer, watch cards and plots change, undo, other scheme.
void TestMainWindow::mainJob()
{
    WindowUnderTest t("demo:digits");
    Cards *cards = t.find<OverviewPage>("overview")->cards();
    const QString size = cards->sizeCard()->value();
    const QString error = cards->errorCard()->value();
    const QString worst = cards->worstCard()->value();
    QVERIFY(error.endsWith('%'));
    QVERIFY(cards->accuracyCard()->isVisible());
    QCOMPARE(cards->accuracyCard()->key(), "Accuracy");

    // The largest errors first: the first click sorts downwards.
    QHeaderView *header = t.table()->header();
    const QPoint errorHeader(header->sectionViewportPosition(LayerModel::ErrorColumn) + 20, header->height() / 2);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, errorHeader);
    QCOMPARE(header->sortIndicatorOrder(), Qt::DescendingOrder);
    QCOMPARE(t.names().front(), worst);

    const QImage scales = pictureOf(t.find<OverviewPage>("overview")->scalePlot());
    const QImage errors = pictureOf(t.find<OverviewPage>("overview")->errorPlot());
    const QStringList order = t.names();
    t.clickCheckBox(0);
    QCOMPARE(t.document->undoStack().undoText(), "Exclude " + worst);
    QVERIFY(t.settle());
    // With all results there, the rows are where the arrow says: without an error comes last.
    QCOMPARE(t.names(), order.mid(1) << worst);
    QVERIFY(cards->sizeCard()->value() != size);
    QVERIFY(cards->errorCard()->value() != error);
    QVERIFY(cards->worstCard()->value() != worst);
    QVERIFY(pictureOf(t.find<OverviewPage>("overview")->scalePlot()) != scales);
    QVERIFY(pictureOf(t.find<OverviewPage>("overview")->errorPlot()) != errors);
    QVERIFY(t.find<StatusLine>("statusLine")->countsText().contains("3 layers quantized, 1 kept"));

    QTest::keyClick(t.window.get(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(t.settle());
    QCOMPARE(cards->sizeCard()->value(), size);
    QCOMPARE(cards->errorCard()->value(), error);

    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Mode), "Asymmetric");
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), "4 bits");
    QVERIFY(t.settle());
    QCOMPARE(t.setup->decision(0).scheme.bits, 4);
    QVERIFY(t.setup->decision(0).scheme.mode == Mode::Asymmetric);
    QVERIFY(!t.setup->report()->layers[0]->quantization->zeroPoints.empty());
    QVERIFY(cards->errorCard()->value() != error);
    QVERIFY(cards->sizeCard()->value() != size);
}

void TestMainWindow::exportReopens_data()
{
    QTest::addColumn<QString>("mode");
    QTest::addColumn<QString>("bits");
    QTest::addColumn<QString>("scales");
    QTest::newRow("default") << "Symmetric"
                             << "8 bits"
                             << "Per channel";
    QTest::newRow("asymmetric 4 bits") << "Asymmetric"
                                       << "4 bits"
                                       << "Per channel";
    QTest::newRow("groups") << "Symmetric"
                            << "4 bits"
                            << "Groups of 32";
    QTest::newRow("whole layer") << "Asymmetric"
                                 << "5 bits"
                                 << "Whole layer";
}

void TestMainWindow::exportReopens()
{
    QFETCH(QString, mode);
    QFETCH(QString, bits);
    QFETCH(QString, scales);
    WindowUnderTest t("demo:digits");
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Mode), mode);
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), bits);
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Scales), scales);
    t.clickCheckBox(1);
    QVERIFY(t.settle());
    const auto original = t.document->model();
    const auto report = t.setup->report();

    const QString path = t.folder.filePath("out.safetensors");
    QTest::keyClick(t.window.get(), Qt::Key_E, Qt::ControlModifier);
    ExportPanel *panel = t.find<ExportPanel>("export");
    QVERIFY(panel->isVisible());
    panel->setFormat("safetensors");
    panel->setTarget(path);
    QTRY_VERIFY(panel->exportButton()->isEnabled());
    QVERIFY(panel->planText().contains("3 of 4 layers"));
    QVERIFY(panel->planText().contains("fc2 is kept"));
    QTest::mouseClick(panel->exportButton(), Qt::LeftButton);
    QTRY_VERIFY(t.find<MessageBar>("messages")->sentence().startsWith("Saved out.safetensors"));
    QVERIFY(!panel->isVisible());
    QVERIFY(t.find<MessageBar>("messages")->button("Copy command") != nullptr);

    const auto reopened = openModel(path.toStdString(), {});
    QS_VERIFY(reopened);
    const auto comparison = compare(*original, **reopened, {});
    QS_VERIFY(comparison);
    for (std::size_t i = 0; i < original->layers.size(); ++i) {
        const auto found = std::ranges::find(comparison->tensors, original->layers[i].name, &TensorComparison::name);
        QVERIFY(found != comparison->tensors.end());
        if (i != 1) {
            QCOMPARE(found->metrics.relativeError, report->layers[i]->metrics.relativeError);
            QCOMPARE(found->metrics.sqnrDb, report->layers[i]->metrics.sqnrDb);
            QCOMPARE(found->metrics.maxAbsError, report->layers[i]->metrics.maxAbsError);
        } else {
            QVERIFY(found->metrics.exact);
        }
    }

    QVERIFY(t.open(path));
    const auto again = t.setup->report();
    for (const std::size_t i : {0, 2, 3}) {
        QVERIFY(again->layers[i]->quantization != nullptr);
        QCOMPARE(again->layers[i]->quantization->scales, report->layers[i]->quantization->scales);
        QCOMPARE(again->layers[i]->quantization->zeroPoints, report->layers[i]->quantization->zeroPoints);
        QCOMPARE(again->layers[i]->bytesAfter, report->layers[i]->bytesAfter);
    }
    // The network that the file holds is the quantized one.
    QCOMPARE(again->outputError.accuracyBefore, report->outputError.accuracyAfter);
}

void TestMainWindow::exportRefusals()
{
    WindowUnderTest t("demo:digits");
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), "4 bits");
    QVERIFY(t.settle());
    ExportPanel *panel = t.find<ExportPanel>("export");
    panel->open();
    // gpt-fast holds 8 bits only.
    panel->setFormat("gpt-fast");
    panel->setTarget(t.folder.filePath("out.pth"));
    QTRY_VERIFY(panel->planText().contains("Not possible"));
    QVERIFY(!panel->exportButton()->isEnabled());
    // An existing file is replaced only when that was asked for.
    panel->setFormat("safetensors");
    const QString existing = QString::fromStdString(writeFile(t.folder, "there.safetensors", "mine"));
    panel->setTarget(existing);
    QTest::qWait(100);
    QVERIFY(!panel->exportButton()->isEnabled());
    panel->setTarget(existing, true);
    QTRY_VERIFY(panel->exportButton()->isEnabled());
    // A folder that is not there is told before anything is written.
    panel->setTarget(t.folder.filePath("no/folder/out.safetensors"));
    QTRY_VERIFY(panel->planText().contains("does not exist"));
    QVERIFY(!panel->exportButton()->isEnabled());
    // A folder that goes away in between: the sentence stands in the bar, the sheet stays.
    QVERIFY(QDir(t.folder.path()).mkdir("brief"));
    panel->setTarget(t.folder.filePath("brief/out.safetensors"));
    QTRY_VERIFY(panel->exportButton()->isEnabled());
    QVERIFY(QDir(t.folder.path()).rmdir("brief"));
    QTest::mouseClick(panel->exportButton(), Qt::LeftButton);
    QTRY_VERIFY(!t.find<MessageBar>("messages")->sentence().isEmpty());
    QVERIFY(t.find<MessageBar>("messages")->button("Copy") != nullptr);
    QVERIFY(panel->isVisible());
    QTest::keyClick(panel, Qt::Key_Escape);
    QVERIFY(!panel->isVisible());
}

void TestMainWindow::oneSelection()
{
    WindowUnderTest t("demo:digits");
    Selection *selection = t.find<Selection>("selection");
    QCOMPARE(selection->layer(), 0);
    // A click on a row.
    QTest::mouseClick(t.table()->viewport(), Qt::LeftButton, {},
                      t.table()->visualRect(t.table()->model()->index(2, LayerModel::ModeColumn)).center());
    QCOMPARE(selection->layer(), 2);
    QTRY_COMPARE(t.find<DistributionPanel>("distribution")->weights()->subtitle(), "fc3");
    // A click on a dot.
    ScalePlot *plot = t.find<OverviewPage>("overview")->scalePlot();
    const auto dot = plot->positionOf(1, 7);
    QVERIFY(dot.has_value());
    QTest::mouseClick(plot->plotWidget(), Qt::LeftButton, {}, dot->toPoint());
    QCOMPARE(selection->layer(), 1);
    QVERIFY(selection->channel() >= 0);
    QCOMPARE(t.table()->currentIndex().row(), 1);
    // A click on a bar, and the mouse over one.
    ErrorPlot *bars = t.find<OverviewPage>("overview")->errorPlot();
    QTest::mouseClick(bars->plotWidget(), Qt::LeftButton, {}, bars->positionOf(3)->toPoint());
    QCOMPARE(selection->layer(), 3);
    QCOMPARE(t.table()->currentIndex().row(), 3);
    QTest::mouseMove(bars->plotWidget(), bars->positionOf(2)->toPoint());
    QTRY_COMPARE(selection->hoverLayer(), 2);
    QTest::mouseClick(plot->plotWidget(), Qt::LeftButton, {}, dot->toPoint());
    showChanges();
    QVERIFY(!t.find<DetailsPanel>("details")->channelValues()->valueOf("Scale").isEmpty());
    QTRY_COMPARE(t.find<DistributionPanel>("distribution")->weights()->subtitle(),
                 QString("fc2, channel %1").arg(selection->channel()));
    // Keys in the table.
    t.table()->setFocus();
    QTest::keyClick(t.table(), Qt::Key_Period);
    QCOMPARE(selection->layer(), 2);
    QTest::keyClick(t.table(), Qt::Key_Comma);
    QCOMPARE(selection->layer(), 1);
    QTest::keyClick(t.table(), Qt::Key_BracketRight);
    QCOMPARE(selection->channel(), 0);
    QTest::keyClick(t.table(), Qt::Key_Down);
    QCOMPARE(selection->layer(), 2);
    QCOMPARE(selection->layers(), QList<int>{2});
}

void TestMainWindow::spaceTogglesManyRowsInOneStep()
{
    WindowUnderTest t("demo:notebook");
    t.table()->selectAll();
    QCOMPARE(t.find<Selection>("selection")->layers().size(), 5);
    QTest::keyClick(t.table(), Qt::Key_Space);
    QCOMPARE(t.document->undoStack().count(), 1);
    for (std::size_t i = 0; i < 5; ++i)
        QVERIFY(!t.setup->isQuantized(i));
    QVERIFY(t.settle());
    QCOMPARE(t.find<OverviewPage>("overview")->cards()->errorCard()->remark(), "nothing is quantized");
    QVERIFY(t.find<OverviewPage>("overview")->cards()->sizeCard()->remark().startsWith(QStringLiteral("same size")));
    QTest::keyClick(t.table(), Qt::Key_Z, Qt::ControlModifier);
    for (std::size_t i = 0; i < 5; ++i)
        QVERIFY(t.setup->isQuantized(i));
    // Enter and letters do nothing to the rows.
    QTest::keyClick(t.table(), Qt::Key_L);
    QCOMPARE(t.find<Selection>("selection")->layers().size(), 5);
    QVERIFY(t.settle());
}

void TestMainWindow::filterLine()
{
    WindowUnderTest t("demo:notebook");
    auto *line = t.find<LayersPanel>("layers")->findChild<QLineEdit *>();
    t.table()->setFocus();
    QTest::keyClick(t.table(), Qt::Key_Slash);
    QVERIFY(line->hasFocus());
    QTest::keyClicks(line, "r4");
    QCOMPARE(t.names(), QStringList{"layer4"});
    QTest::keyClicks(line, "x");
    QVERIFY(!t.table()->isVisible());
    QTest::keyClick(line, Qt::Key_Escape);
    QVERIFY(line->text().isEmpty() && line->hasFocus() && t.table()->isVisible());
    QCOMPARE(t.names().size(), 5);
    QTest::keyClick(line, Qt::Key_Escape);
    QVERIFY(t.table()->hasFocus());
    // Letters are text in the line, not commands.
    QTest::keyClick(t.window.get(), Qt::Key_F, Qt::ControlModifier);
    QTest::keyClicks(line, "?");
    QCOMPARE(line->text(), "?");
    line->clear();
    // What the filter hides is not touched by Space.
    t.table()->selectAll();
    line->setText("layer2");
    t.table()->setFocus();
    QTest::keyClick(t.table(), Qt::Key_Space);
    QCOMPARE(t.document->undoStack().undoText(), "Exclude layer2");
    QVERIFY(t.settle());
}

void TestMainWindow::overrides()
{
    WindowUnderTest t("demo:digits");
    OverrideField *bits = t.find<DetailsPanel>("details")->field(SchemeField::Bits);
    QVERIFY(!bits->clearButton()->isVisible());
    choose(bits->combo(), "3 bits");
    QCOMPARE(t.setup->decision(0).scheme.bits, 3);
    QCOMPARE(t.setup->decision(1).scheme.bits, 8);
    QVERIFY(bits->combo()->font().bold() && bits->clearButton()->isVisible());
    QVERIFY(t.settle());
    bits->clearButton()->click();
    showChanges();
    QCOMPARE(t.setup->decision(0).scheme.bits, 8);
    QVERIFY(!bits->clearButton()->isVisible());
    QCOMPARE(t.document->undoStack().count(), 2);
    // Narrow gives way to asymmetric.
    choose(t.find<DetailsPanel>("details")->field(SchemeField::CodeRange)->combo(), "Narrow");
    QVERIFY(t.setup->decision(0).scheme.codeRange == CodeRange::Narrow);
    choose(t.find<DetailsPanel>("details")->field(SchemeField::Mode)->combo(), "Asymmetric");
    QVERIFY(t.setup->decision(0).scheme.mode == Mode::Asymmetric);
    QVERIFY(t.find<MessageBar>("messages")->sentence().isEmpty());
    // Another axis: 64 channels instead of 128.
    OverrideField *axis = t.find<DetailsPanel>("details")->axisField();
    axis->combo()->setCurrentIndex(2);
    QCOMPARE(t.setup->decision(0).channelAxis, 1);
    QCOMPARE(t.find<Selection>("selection")->channelCount(0), qint64{64});
    QVERIFY(t.settle());
    QCOMPARE(t.setup->report()->layers[0]->quantization->scales.size(), std::size_t{64});
}

void TestMainWindow::overridesOfSeveralLayers()
{
    WindowUnderTest t("demo:digits");
    t.find<Selection>("selection")->setLayers({0, 1, 3});
    OverrideField *mode = t.find<DetailsPanel>("details")->field(SchemeField::Mode);
    choose(mode->combo(), "Asymmetric");
    QCOMPARE(t.document->undoStack().undoText(), "Change 3 layers");
    QCOMPARE(t.document->undoStack().count(), 1);
    QVERIFY(t.setup->decision(2).scheme.mode == Mode::Symmetric);
    t.find<Selection>("selection")->setLayers({2, 3});
    showChanges();
    QCOMPARE(mode->combo()->currentIndex(), -1); // (mixed)
    choose(mode->combo(), "Symmetric");
    QVERIFY(t.setup->decision(3).scheme.mode == Mode::Symmetric);
    QVERIFY(t.settle());
}

void TestMainWindow::schemeBar()
{
    WindowUnderTest t("demo:digits");
    SchemeBar *bar = t.find<SchemeBar>("schemeBar");
    choose(bar->combo(SchemeField::CodeRange), "Narrow");
    QVERIFY(t.setup->recipe().scheme.codeRange == CodeRange::Narrow);
    choose(bar->combo(SchemeField::Mode), "Asymmetric");
    QVERIFY(t.setup->recipe().scheme.codeRange == CodeRange::Full);
    choose(bar->combo(SchemeField::ScaleType), "bfloat16");
    QVERIFY(t.setup->recipe().scheme.scaleType == ScaleType::BF16);
    choose(bar->combo(SchemeField::Codes), "Best");
    QVERIFY(t.setup->recipe().scheme.codes == Codes::Best);
    QVERIFY(t.settle());
    while (t.document->undoStack().canUndo())
        t.document->undoStack().undo();
    showChanges();
    QCOMPARE(bar->combo(SchemeField::Mode)->currentText(), "Symmetric");
    QCOMPARE(bar->combo(SchemeField::Codes)->currentText(), "Faithful");
    // Steps of one wheel gesture merge; the wheel without focus does nothing.
    FieldCombo *bits = bar->combo(SchemeField::Bits);
    bits->setFocus();
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(bits, Qt::Key_Down);
    QCOMPARE(t.setup->recipe().scheme.bits, 5);
    QCOMPARE(t.document->undoStack().index(), 1);
    QVERIFY(t.settle());
}

void TestMainWindow::layerActions()
{
    WindowUnderTest t("demo:notebook");
    const auto trigger = [&](const char *id) {
        QVERIFY2(t.find<ActionRegistry>("actions")->trigger(QLatin1String(id)), id);
    };
    const auto quantized = [&] {
        QList<int> result;
        for (int i = 0; i < 5; ++i)
            if (t.setup->isQuantized(static_cast<std::size_t>(i)))
                result << i;
        return result;
    };
    t.find<Selection>("selection")->setLayers({1, 2});
    trigger("layers.quantizeOnly");
    QCOMPARE(quantized(), QList<int>({1, 2}));
    trigger("layers.invert");
    QCOMPARE(quantized(), QList<int>());
    trigger("layers.quantizeAll");
    QCOMPARE(quantized().size(), 5);
    trigger("layers.excludeEnds");
    QCOMPARE(quantized(), QList<int>({1, 2, 3}));
    trigger("layers.excludeOthers");
    QCOMPARE(quantized(), QList<int>({1, 2}));
    trigger("layers.exclude");
    QCOMPARE(quantized(), QList<int>());
    trigger("layers.quantize");
    QCOMPARE(quantized(), QList<int>({1, 2}));
    trigger("layers.copyName");
    QCOMPARE(QApplication::clipboard()->text(), "layer2.weight\nlayer3.weight");
    trigger("layers.copyRows");
    QVERIFY(QApplication::clipboard()->text().startsWith("Layer,"));
    QVERIFY(QApplication::clipboard()->text().contains(",Mode,Weight SQNR,Error alone\r\nlayer2,"));
    QVERIFY(t.settle());
    QCOMPARE(t.document->undoStack().count(), 7);
}

void TestMainWindow::notebookCard()
{
    WindowUnderTest t("demo:notebook");
    QVERIFY(t.find<OverviewPage>("overview")->cards()->errorCard()->remark().contains("1000"));
    QVERIFY(t.find<OverviewPage>("overview")->feedLine()->text().startsWith("Fed: "));
    // One channel: said in words.
    t.find<Selection>("selection")->setCurrent(3);
    showChanges();
    bool said = false;
    for (const QLabel *label : t.find<DetailsPanel>("details")->findChildren<QLabel *>())
        said = said || (label->isVisible() && label->text().startsWith("One channel"));
    QVERIFY(said);
}

void TestMainWindow::zoomSurvivesEdits()
{
    WindowUnderTest t("demo:digits");
    ScalePlot *plot = t.find<OverviewPage>("overview")->scalePlot();
    plot->zoomBy(3);
    const AxisRange x = plot->xRange();
    t.clickCheckBox(2);
    t.find<Selection>("selection")->setCurrent(1, 3);
    QVERIFY(t.settle());
    ThemeManager::instance().setDark(true);
    ThemeManager::instance().setDark(false);
    QCOMPARE(plot->xRange(), x);
    changeOverrides(*t.setup, {1}, [](SchemePatch &patch) { patch.bits = 3; });
    QVERIFY(t.settle());
    QCOMPARE(plot->xRange(), x);
    // Everything anew, forth and back.
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), "4 bits");
    QVERIFY(t.settle());
    QCOMPARE(plot->xRange(), x);
    QTest::keyClick(t.window.get(), Qt::Key_F5);
    QVERIFY(t.settle());
    t.document->undoStack().setIndex(0);
    QVERIFY(t.settle());
    QCOMPARE(plot->xRange(), x);
}

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
