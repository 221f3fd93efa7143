// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The export sheet: while it is open, the window shows the file that would be written.
#include "core/export/registry.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/models/layer_model.h"
#include "ui/pages/details/details_panel.h"
#include "ui/pages/export/export_panel.h"
#include "ui/pages/overview/cards.h"
#include "ui/pages/scheme/scheme_bar.h"
#include "ui/text/format.h"
#include "ui/widgets/field_combo.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/value_rows.h"
#include "ui/window/status_line.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestExportSheet : public WindowTest
{
    Q_OBJECT
private slots:
    void showsTheFile_data();
    void showsTheFile();
    void editsEndThePreview();
    void nothingToWrite_data();
    void nothingToWrite();
    void refusedSchemeOffersAnotherFormat();
    void onlyReadableFilesCanBeOpened_data();
    void onlyReadableFilesCanBeOpened();
    void asksForFolders();
    void presetsAndRemedies();
    void rulesForAnotherTool();
    void stoppedExportGoesOn_data();
    void stoppedExportGoesOn();
    void cancelledExport();
};

namespace {

/// A convolution and a Linear layer.
std::string twoLayers(const WindowUnderTest &t)
{
    return writeFile(t.folder, "two.safetensors",
                     safetensorsBytes(std::vector<FloatTensor>{{"conv.weight", {8, 4, 3}, randomValues(96, 1)},
                                                               {"fc.weight", {24, 40}, randomValues(24 * 40, 2)}}));
}

std::string oneConvolution(const WindowUnderTest &t)
{
    return writeFile(t.folder, "conv.safetensors",
                     safetensorsBytes(std::vector<FloatTensor>{{"conv.weight", {8, 4, 3}, randomValues(96, 1)}}));
}

QLabel *fileLabel(const WindowUnderTest &t)
{
    return t.window->findChild<QLabel *>("cardsFile");
}

/// What the table says of a layer's error.
QString errorIn(const WindowUnderTest &t, const QString &layer)
{
    const QAbstractItemModel *model = t.table()->model();
    return model->index(t.rowOf(layer), LayerModel::ErrorColumn).data().toString();
}

QString modeIn(const WindowUnderTest &t, const QString &layer)
{
    const QAbstractItemModel *model = t.table()->model();
    return model->index(t.rowOf(layer), LayerModel::ModeColumn).data().toString();
}

/// Whether one of the texts that the details panel shows begins like this.
bool detailsSay(const WindowUnderTest &t, const QString &text)
{
    const auto labels = t.window->findChild<DetailsPanel *>()->findChildren<QLabel *>();
    return std::ranges::any_of(
        labels, [&text](const QLabel *label) { return !label->isHidden() && label->text().startsWith(text); });
}

QPushButton *findButton(const QWidget *parent, const QString &text)
{
    for (QPushButton *button : parent->findChildren<QPushButton *>())
        if (button->text() == text)
            return button;
    return nullptr;
}

} // namespace

void TestExportSheet::showsTheFile_data()
{
    QTest::addColumn<QString>("format");
    for (const ExportFormat *format : test::formatsOfAnyModel())
        QTest::addRow("%s", format->name.data()) << QString::fromUtf8(format->name.data());
}

void TestExportSheet::showsTheFile()
{
    QFETCH(const QString, format);
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(twoLayers(t))));
    const QString plain = errorIn(t, "conv");
    QVERIFY(fileLabel(t)->isHidden());
    QCOMPARE(modeIn(t, "conv"), "sym 8 bit");
    t.table()->setCurrentIndex(t.table()->model()->index(t.rowOf("conv"), 0));
    QVERIFY(t.settle());
    const ui::ValueRows *values = t.window->findChild<DetailsPanel *>()->layerValues();
    const QString plainDetails = values->valueOf("Weight error");
    QVERIFY(plainDetails.endsWith('%'));
    const StatusLine *status = t.window->findChild<StatusLine *>();
    QVERIFY(status->countsText().contains("2 layers quantized, 0 kept"));
    ExportPanel *panel = t.find<ExportPanel>("export");
    panel->open();
    panel->setFormat(format);
    const ExportFormat *target = findExportFormat(format.toStdString());
    QTRY_VERIFY(t.setup->preview() && t.setup->preview()->format == target);
    QVERIFY(t.settle());
    QVERIFY(!fileLabel(t)->isHidden());
    QCOMPARE(fileLabel(t)->text(), "As written: " + format);
    const auto &file = t.setup->preview();
    QVERIFY(file->plan.bytes > 0);
    QVERIFY(panel->planText().contains(text::exactBytes(file->plan.bytes)));
    // The report is that of the file: some formats have no place for a convolution.
    const bool holds = file->plan.decisions[0].quantize;
    QCOMPARE(holds, !QStringList({"gpt-fast", "torchao"}).contains(format));
    QCOMPARE(t.setup->shownReport()->total.quantized, std::size_t(holds ? 2 : 1));
    QCOMPARE(errorIn(t, "conv") == plain, holds);
    // So say the table's mode, the details of the layer and the counts.
    QCOMPARE(modeIn(t, "conv"), holds ? "sym 8 bit" : "float32");
    QCOMPARE(detailsSay(t, "The file that is about to be written keeps it as float32: " + format + " holds"), !holds);
    QCOMPARE(values->valueOf("Weight error"), holds ? plainDetails : QString());
    QVERIFY2(status->countsText().contains(holds ? "2 layers quantized in the new file, 0 kept"
                                                 : "1 layer quantized in the new file, 1 kept"),
             qPrintable(status->countsText()));
    panel->hide();
    QVERIFY(t.settle());
    QVERIFY(!t.setup->preview() && fileLabel(t)->isHidden());
    QCOMPARE(errorIn(t, "conv"), plain);
    QCOMPARE(modeIn(t, "conv"), "sym 8 bit");
    QCOMPARE(values->valueOf("Weight error"), plainDetails);
    QVERIFY(status->countsText().contains("2 layers quantized, 0 kept"));
}

void TestExportSheet::editsEndThePreview()
{
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(twoLayers(t))));
    ExportPanel *panel = t.find<ExportPanel>("export");
    panel->open();
    QTRY_VERIFY(t.setup->preview());
    const auto before = t.setup->preview();
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), "4 bits");
    QVERIFY(t.setup->preview() != before); // no numbers of an earlier recipe, not even for a moment
    QTRY_VERIFY(t.setup->preview());
    QCOMPARE(t.setup->preview()->plan.decisions[1].scheme.bits, 4);
    // Another model: nothing of this one stays.
    QVERIFY(t.open("demo:digits"));
    QVERIFY(!t.setup->preview() && !panel->isVisible());
}

void TestExportSheet::nothingToWrite_data()
{
    QTest::addColumn<bool>("excluded");
    QTest::newRow("the format cannot hold the layers") << false;
    QTest::newRow("all layers are excluded") << true;
}

void TestExportSheet::nothingToWrite()
{
    QFETCH(const bool, excluded);
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(oneConvolution(t))));
    if (excluded) {
        t.clickCheckBox(0);
        QVERIFY(t.settle());
    }
    ExportPanel *panel = t.find<ExportPanel>("export");
    panel->open();
    panel->setFormat("gpt-fast");
    panel->setTarget(t.folder.filePath("out.pth"));
    QTRY_VERIFY2(panel->planText().contains("0 of 1 layers would be quantized"), qPrintable(panel->planText()));
    QVERIFY(panel->planText().contains(excluded ? "conv is kept: unticked" : "conv is kept: gpt-fast holds Linear"));
    QVERIFY(!panel->exportButton()->isEnabled());
    auto *instead = panel->findChild<QPushButton *>("insteadButton");
    QVERIFY(instead);
    QCOMPARE(instead->isVisible(), !excluded);
    if (excluded)
        return;
    QCOMPARE(instead->text(), QString("Use safetensors"));
    QTest::mouseClick(instead, Qt::LeftButton);
    panel->setTarget(t.folder.filePath("out.safetensors"));
    QTRY_VERIFY(panel->exportButton()->isEnabled());
    QVERIFY(!instead->isVisible());
}

void TestExportSheet::refusedSchemeOffersAnotherFormat()
{
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(twoLayers(t))));
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), "4 bits");
    QVERIFY(t.settle());
    ExportPanel *panel = t.find<ExportPanel>("export");
    panel->open();
    panel->setFormat("gpt-fast");
    QTRY_VERIFY(panel->planText().contains("Not possible"));
    QVERIFY(t.settle());
    QVERIFY(!t.setup->preview()); // there is no such file
    QVERIFY(panel->findChild<QPushButton *>("insteadButton")->isVisible());
}

void TestExportSheet::onlyReadableFilesCanBeOpened_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("file");
    QTest::addColumn<bool>("opens");
    QTest::newRow("safetensors") << "safetensors"
                                 << "out.safetensors" << true;
    QTest::newRow("gpt-fast as safetensors") << "gpt-fast"
                                             << "out.safetensors" << true;
    QTest::newRow("PyTorch archive") << "gpt-fast"
                                     << "out.pth" << false;
}

void TestExportSheet::onlyReadableFilesCanBeOpened()
{
    QFETCH(const QString, format);
    QFETCH(const QString, file);
    QFETCH(const bool, opens);
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(twoLayers(t))));
    ExportPanel *panel = t.find<ExportPanel>("export");
    panel->open();
    panel->setFormat(format);
    panel->setTarget(t.folder.filePath(file));
    QTRY_VERIFY(panel->exportButton()->isEnabled());
    QTest::mouseClick(panel->exportButton(), Qt::LeftButton);
    QTRY_VERIFY(t.find<MessageBar>("messages")->sentence().startsWith("Saved out"));
    QCOMPARE(t.find<MessageBar>("messages")->button("Open it") != nullptr, opens);
}

/// Of a folder that holds something, another one in it is the target; an empty one is filled.
void TestExportSheet::asksForFolders()
{
    WindowUnderTest t;
    QDir(t.folder.path()).mkdir("small");
    QDir(t.folder.path()).mkdir("empty");
    writeFile(t.folder, "small/config.json", R"({"model_type": "llama"})");
    const std::vector<FloatTensor> tensors{{"model.layers.0.mlp.down_proj.weight", {32, 64}, randomValues(2048, 1)}};
    const std::string path = writeFile(t.folder, "small/model.safetensors", safetensorsBytes(tensors));
    QVERIFY(t.open(QString::fromStdString(path)));
    ExportPanel *panel = t.find<ExportPanel>("export");
    panel->open();
    panel->setFormat("compressed-tensors");
    auto *target = panel->findChild<QLineEdit *>();
    QVERIFY2(target->text().endsWith("/small-compressed-tensors-8bit"), qPrintable(target->text()));
    auto *button = findButton(panel, "Choose…");
    QVERIFY(button);
    t.chooser.path = t.folder.path();
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(target->text(), t.folder.filePath("small-compressed-tensors-8bit"));
    t.chooser.path = t.folder.filePath("empty");
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(target->text(), t.folder.filePath("empty"));
    QTRY_VERIFY(panel->exportButton()->isEnabled());
    QTest::mouseClick(panel->exportButton(), Qt::LeftButton);
    QTRY_VERIFY(t.find<MessageBar>("messages")->sentence().startsWith("Saved empty"));
    QVERIFY(t.find<MessageBar>("messages")->button("Open it") != nullptr);
    QVERIFY(QFile::exists(t.folder.filePath("empty/config.json")));
}

/// A click sets what suits the format, or what a refusal asks for; each is one step back.
void TestExportSheet::presetsAndRemedies()
{
    WindowUnderTest t;
    writeFile(t.folder, "config.json", R"({"model_type": "llama"})");
    const std::vector<FloatTensor> tensors{{"model.layers.0.mlp.down_proj.weight", {32, 64}, randomValues(2048, 1)},
                                           {"model.layers.1.mlp.down_proj.weight", {32, 64}, randomValues(2048, 2)}};
    QVERIFY(t.open(QString::fromStdString(writeFile(t.folder, "model.safetensors", safetensorsBytes(tensors)))));
    const Recipe before = t.setup->recipe();
    ExportPanel *panel = t.find<ExportPanel>("export");
    panel->open();
    panel->setFormat("mlx");
    panel->setTarget(t.folder.filePath("out"));
    QTRY_VERIFY(panel->findChild<QPushButton *>("remedyButton") != nullptr);
    auto *remedy = panel->findChild<QPushButton *>("remedyButton");
    QCOMPARE(remedy->text(), QString("Use groups of 64"));
    QVERIFY(!panel->exportButton()->isEnabled());
    QTest::mouseClick(remedy, Qt::LeftButton);
    for (std::size_t layer : {0, 1})
        QCOMPARE(t.setup->decision(layer).scheme.granularity, Granularity::group(64));
    QTRY_VERIFY(panel->exportButton()->isEnabled());
    QVERIFY2(panel->planText().contains("mlx_lm") && panel->planText().contains("/out\""),
             qPrintable(panel->planText()));
    t.document->undoStack().undo();
    QCOMPARE(t.setup->recipe(), before);
    auto *preset = panel->findChild<QAction *>("presetAction");
    QVERIFY(preset);
    preset->trigger();
    QCOMPARE(t.setup->recipe().scheme.bits, 4);
    QCOMPARE(t.setup->recipe().scheme.mode, Mode::Asymmetric);
    QTRY_VERIFY(panel->exportButton()->isEnabled());
    t.document->undoStack().undo();
    QCOMPARE(t.setup->recipe(), before);
}

void TestExportSheet::rulesForAnotherTool()
{
    WindowUnderTest t;
    QVERIFY(t.open("demo:digits"));
    t.find<ExportPanel>("export")->open();
    auto *action = t.find<ExportPanel>("export")->findChild<QAction *>("rulesAction");
    QVERIFY(action);
    action->trigger();
    const auto shown = [] {
        for (QWidget *widget : QApplication::topLevelWidgets())
            if (widget->objectName() == QLatin1String("rulesDialog"))
                return widget;
        return static_cast<QWidget *>(nullptr);
    };
    QWidget *dialog = shown();
    QVERIFY(dialog);
    auto *rules = dialog->findChild<QPlainTextEdit *>();
    QTRY_VERIFY2(rules->toPlainText().contains("- \"fc4\""), qPrintable(rules->toPlainText()));
    t.chooser.path = t.folder.filePath("rules.yaml");
    QTest::mouseClick(findButton(dialog, "Save…"), Qt::LeftButton);
    QFile file(t.chooser.path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(file.readAll()), rules->toPlainText());
    // GPTQModel takes nothing of this network: a sentence, and nothing to save.
    auto *tools = dialog->findChild<QComboBox *>();
    tools->setCurrentIndex(tools->findData("gptqmodel"));
    QTRY_VERIFY(rules->toPlainText().contains("can be said to this tool"));
    QVERIFY(!findButton(dialog, "Save…")->isEnabled());
    dialog->close();
}

namespace {

std::string sixLayers(const WindowUnderTest &t)
{
    std::vector<FloatTensor> tensors;
    for (std::uint32_t i = 0; i < 6; ++i)
        tensors.push_back({"fc" + std::to_string(i) + ".weight", {24, 40}, randomValues(24 * 40, i)});
    return writeFile(t.folder, "six.safetensors", safetensorsBytes(tensors));
}

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The sheet with a target, and work on that target in units that was stopped in the middle.
ExportPanel *openStopped(const WindowUnderTest &t, const QString &target)
{
    const ExportOrder order{
        .file = {findExportFormat("safetensors"), target, 0, false, t.setup->model(), t.setup->recipe()},
        .location = t.document->location(),
        .options = {.keepNonFinite = true, .allowUnmatched = true},
        .inUnits = true};
    std::stop_source stop;
    const TaskContext context{stop.get_token(), [&](double fraction, const Text &) {
                                  if (fraction > 0.49)
                                      stop.request_stop();
                              }};
    AnalysisCache cache;
    const auto stopped = carryOut(order, cache, context);
    if (stopped || stopped.error().code != ErrorCode::Cancelled)
        qFatal("the export was not stopped");
    auto *panel = t.find<ExportPanel>("export");
    panel->open();
    panel->setTarget(target);
    return panel;
}

} // namespace

void TestExportSheet::stoppedExportGoesOn_data()
{
    QTest::addColumn<QString>("then");
    for (const char *then : {"resume", "discard", "other recipe", "at once"})
        QTest::newRow(then) << then;
}

/// What was stopped says so, and goes on or is thrown away; the file is that of an export at once.
void TestExportSheet::stoppedExportGoesOn()
{
    QFETCH(const QString, then);
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(sixLayers(t))));
    const QString target = t.folder.filePath("out.safetensors");
    const QString parts = target + ".parts";
    ExportPanel *panel = openStopped(t, target);
    QVERIFY(QDir(parts).exists());
    const auto *said = t.find<QLabel>("keptUnits");
    // A unit that was nearly done when it was asked to stop may be done.
    const qsizetype done = QDir(parts).entryList({QStringLiteral("unit-*.json")}).size();
    QVERIFY(done > 0 && done < 4);
    QTRY_COMPARE(said->text(),
                 QStringLiteral("%1 of 4 parts of this export are done, in out.safetensors.parts: Resume goes on from "
                                "there.")
                     .arg(done));
    QVERIFY(!said->isHidden());
    QTRY_VERIFY(panel->exportButton()->isEnabled());
    QCOMPARE(panel->exportButton()->text(), "Resume");
    if (then == "discard") {
        QTest::mouseClick(t.find<QPushButton>("discardUnits"), Qt::LeftButton);
        QVERIFY(!QDir(parts).exists());
        QVERIFY(said->isHidden());
        QCOMPARE(panel->exportButton()->text(), "Export");
    } else if (then == "other recipe") {
        quantizeLayers(*t.setup, {1}, false);
        QTRY_VERIFY(said->text().startsWith("out.safetensors.parts holds parts of another export"));
        QCOMPARE(panel->exportButton()->text(), "Export");
        QTRY_VERIFY(panel->exportButton()->isEnabled());
    } else if (then == "at once") {
        t.find<QCheckBox>("keepUnits")->setChecked(false);
        QCOMPARE(panel->exportButton()->text(), "Export");
    }
    QTest::mouseClick(panel->exportButton(), Qt::LeftButton);
    QTRY_VERIFY(t.find<MessageBar>("messages")->sentence().startsWith("Saved out"));
    QCOMPARE(QDir(parts).exists(), then == "at once"); // nobody has used them
    const std::string once = t.folder.filePath("once.safetensors").toStdString();
    QS_VERIFY(writeAs("safetensors", *t.setup->model(), t.setup->recipe(), once, {.keepNonFinite = true}));
    QVERIFY(bytesOf(target) == bytesOf(QString::fromStdString(once)));
}

/// Whenever it is cancelled, the next try ends with the whole file, and nothing else is left.
void TestExportSheet::cancelledExport()
{
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(sixLayers(t))));
    const QString target = t.folder.filePath("out.safetensors");
    auto *panel = t.find<ExportPanel>("export");
    panel->open();
    panel->setTarget(target);
    auto *keep = t.find<QCheckBox>("keepUnits");
    QVERIFY(!keep->isChecked()); // it is small
    keep->setChecked(true);
    QTRY_VERIFY(panel->exportButton()->isEnabled());
    QTest::mouseClick(panel->exportButton(), Qt::LeftButton);
    t.document->tasks().cancel("export");
    QTRY_VERIFY(!t.document->tasks().isRunning("export"));
    if (!QFile::exists(target)) { // it was not too late
        QVERIFY(panel->isVisible());
        QTRY_VERIFY(panel->exportButton()->isEnabled());
        QTest::mouseClick(panel->exportButton(), Qt::LeftButton);
    }
    QTRY_VERIFY(t.find<MessageBar>("messages")->sentence().startsWith("Saved out"));
    const std::string once = t.folder.filePath("once.safetensors").toStdString();
    QS_VERIFY(writeAs("safetensors", *t.setup->model(), t.setup->recipe(), once, {.keepNonFinite = true}));
    QVERIFY(bytesOf(target) == bytesOf(QString::fromStdString(once)));
    QVERIFY(!QDir(target + ".parts").exists());
}

QTEST_MAIN(TestExportSheet)
#include "tst_export_sheet.moc"
