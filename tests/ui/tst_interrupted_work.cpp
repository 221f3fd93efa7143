// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What comes in between: another file, edits, a closed window, while something is being opened, analysed or written.
#include "tests/support/test_model.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/document/commands.h"
#include "ui/pages/export/export_panel.h"
#include "ui/pages/scheme/scheme_bar.h"
#include "ui/selection/selection.h"
#include "ui/widgets/field_combo.h"
#include "ui/widgets/message_bar.h"

#include <QClipboard>
#include <QDir>
#include <QPushButton>
#include <QThread>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestInterruptedWork : public WindowTest
{
    Q_OBJECT
private slots:
    void severalDroppedFiles();
    void anotherFileWhileAnExportIsPlanned();
    void commandOfAnotherState();
    void editsWhileAFileIsOpening();
    void manyUndosWhileAnalysing();
    void placesThatCannotBeWritten_data();
    void placesThatCannotBeWritten();
    void closeWhileExporting();
};

namespace {

/// Long enough for a small job to end; its result waits for the event loop.
void letJobsEnd()
{
    QThread::msleep(150);
}

std::string manyLayers(const WindowUnderTest &t, std::uint64_t count, std::uint64_t side)
{
    std::vector<FloatTensor> tensors;
    for (std::uint64_t i = 0; i < count; ++i)
        tensors.push_back(
            {"layer" + std::to_string(i) + ".weight", {side, side}, randomValues(side * side, std::uint32_t(i))});
    return writeFile(t.folder, "many.safetensors", safetensorsBytes(tensors));
}

} // namespace

void TestInterruptedWork::severalDroppedFiles()
{
    WindowUnderTest t("demo:digits");
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile("/a.safetensors"), QUrl::fromLocalFile("/b.safetensors")});
    QDragEnterEvent enter({200, 200}, Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(t.window.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(200, 200), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(t.window.get(), &event);
    QVERIFY2(t.find<MessageBar>("messages")->sentence().contains("drop one file"),
             qPrintable(t.find<MessageBar>("messages")->sentence()));
    QCOMPARE(t.document->location(), "demo:digits");
    QVERIFY(!t.document->isOpening());
    // What comes from the web is no file.
    data.setUrls({QUrl("https://example.org/a.safetensors")});
    QDragEnterEvent web({200, 200}, Qt::CopyAction, &data, Qt::LeftButton, {});
    web.ignore();
    QApplication::sendEvent(t.window.get(), &web);
    QVERIFY(!web.isAccepted());
}

void TestInterruptedWork::anotherFileWhileAnExportIsPlanned()
{
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(manyLayers(t, 40, 4))));
    // Layers that are kept are listed with their names.
    t.table()->selectAll();
    t.table()->setFocus();
    QTest::keyClick(t.table(), Qt::Key_Space);
    t.document->undoStack().setClean();
    QVERIFY(t.settle());
    t.window->openModel("demo:digits");
    letJobsEnd();
    t.find<ExportPanel>("export")->open();
    letJobsEnd();
    QTRY_COMPARE(t.document->location(), "demo:digits");
    QVERIFY(t.settle());
    QVERIFY(!t.find<ExportPanel>("export")->isVisible());
}

void TestInterruptedWork::commandOfAnotherState()
{
    WindowUnderTest t("demo:digits");
    ExportPanel *panel = t.find<ExportPanel>("export");
    const auto write = [&](const QString &path) {
        panel->open();
        panel->setTarget(path, true);
        QTRY_VERIFY(panel->exportButton()->isEnabled());
        QTest::mouseClick(panel->exportButton(), Qt::LeftButton);
        QTRY_VERIFY(t.find<MessageBar>("messages")->button("Copy command"));
    };
    QGuiApplication::clipboard()->setText("before");
    write(t.folder.filePath("one.safetensors"));
    quantizeLayers(*t.setup, {1}, false);
    QTest::mouseClick(t.find<MessageBar>("messages")->button("Copy command"), Qt::LeftButton);
    QVERIFY(t.find<MessageBar>("messages")->sentence().contains("another state"));
    QCOMPARE(QGuiApplication::clipboard()->text(), "before");
    t.document->undoStack().undo();
    QVERIFY(t.settle());
    write(t.folder.filePath("two.safetensors"));
    QTest::mouseClick(t.find<MessageBar>("messages")->button("Copy command"), Qt::LeftButton);
    QVERIFY(QGuiApplication::clipboard()->text().contains("two.safetensors"));
}

void TestInterruptedWork::editsWhileAFileIsOpening()
{
    WindowUnderTest t("demo:digits");
    QSignalSpy ended(t.document.get(), &Document::openEnded);
    t.window->openModel("demo:notebook");
    QCOMPARE(t.chooser.unsavedQuestions, 0);
    t.clickCheckBox(2);
    QVERIFY(!ended.isEmpty() || ended.wait());
    // The edit is not thrown away without a question.
    QCOMPARE(t.document->location(), "demo:digits");
    QVERIFY(!t.setup->isQuantized(2));
    QVERIFY(t.find<MessageBar>("messages")->sentence().contains("not opened"));
    QVERIFY(t.open("demo:notebook"));
    QCOMPARE(t.chooser.unsavedQuestions, 1);
    QCOMPARE(t.document->location(), "demo:notebook");
}

void TestInterruptedWork::manyUndosWhileAnalysing()
{
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(manyLayers(t, 30, 96))));
    for (const char *bits : {"7 bits", "6 bits", "5 bits", "4 bits", "3 bits"}) {
        choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), bits);
        t.clickCheckBox(3);
    }
    for (int i = 0; i < 60; ++i) {
        QTest::keyClick(t.window.get(), Qt::Key_Z,
                        i % 4 == 3 ? Qt::ControlModifier | Qt::ShiftModifier : Qt::ControlModifier);
        // Some come within the pause, some when results are on their way.
        QTest::qWait(i % 7 == 0 ? 190 : 0);
        if (i % 11 == 0)
            QTest::keyClick(t.window.get(), Qt::Key_Escape);
    }
    while (t.document->undoStack().canUndo())
        QTest::keyClick(t.window.get(), Qt::Key_Z, Qt::ControlModifier);
    t.setup->analysisJob().start();
    QVERIFY(t.settle());
    // As it was on opening.
    AnalysisCache cache;
    AnalyzeOptions options;
    const auto expected = analyze(*t.document->model(), defaultRecipe(*t.document->model()), options, cache, {});
    QS_VERIFY(expected);
    for (std::size_t i = 0; i < 30; ++i) {
        QVERIFY(t.setup->isFresh(i));
        QCOMPARE(t.setup->report()->layers[i]->metrics.relativeError, (*expected)->layers[i]->metrics.relativeError);
    }
    QCOMPARE(t.setup->report()->total.metrics.relativeError, (*expected)->total.metrics.relativeError);
}

void TestInterruptedWork::placesThatCannotBeWritten_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("file system without files") << "/proc/out.safetensors";
    QTest::newRow("folder") << "FOLDER";
    QTest::newRow("inside a file") << "FOLDER/a.safetensors/out.safetensors";
    QTest::newRow("no name") << "";
    QTest::newRow("name that is too long") << "FOLDER/" + QString(300, 'x') + ".safetensors";
    QTest::newRow("the model itself") << "FOLDER/a.safetensors";
}

void TestInterruptedWork::placesThatCannotBeWritten()
{
    QFETCH(QString, path);
    WindowUnderTest t;
    const QByteArray bytes = safetensorsBytes({{"fc.weight", {4, 4}, randomValues(16, 1)}});
    const QString source = QString::fromStdString(writeFile(t.folder, "a.safetensors", bytes));
    QVERIFY(t.open(source));
    ExportPanel *panel = t.find<ExportPanel>("export");
    panel->open();
    panel->setTarget(path.replace("FOLDER", t.folder.path()), true);
    const QString before = panel->planText();
    QTRY_VERIFY(panel->planText().contains("Not possible") || panel->exportButton()->isEnabled());
    if (panel->exportButton()->isEnabled()) {
        QTest::mouseClick(panel->exportButton(), Qt::LeftButton);
        QTRY_VERIFY(t.find<MessageBar>("messages")->isVisible());
        QVERIFY2(!t.find<MessageBar>("messages")->sentence().startsWith("Saved"), qPrintable(path));
        QVERIFY(t.find<MessageBar>("messages")->button("Copy"));
    }
    // Neither the source nor the folder has changed.
    QFile file(source);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll() == bytes);
    QCOMPARE(QDir(t.folder.path()).entryList({"*.safetensors*"}, QDir::Files | QDir::Hidden),
             QStringList{"a.safetensors"});
}

void TestInterruptedWork::closeWhileExporting()
{
    for (const int wait : {0, 2, 8}) {
        WindowUnderTest t;
        QVERIFY(t.open(QString::fromStdString(manyLayers(t, 8, 512))));
        ExportPanel *panel = t.find<ExportPanel>("export");
        panel->open();
        const QString path = t.folder.filePath("out.safetensors");
        panel->setTarget(path);
        QTRY_VERIFY(panel->exportButton()->isEnabled());
        QTest::mouseClick(panel->exportButton(), Qt::LeftButton);
        QTest::qWait(wait);
        t.window->close();
        t.window.reset();
        // Complete or not at all, and nothing left over.
        const QStringList files = QDir(t.folder.path()).entryList({"*out*"}, QDir::Files | QDir::Hidden | QDir::System);
        QVERIFY2(files.isEmpty() || files == QStringList{"out.safetensors"}, qPrintable(files.join(' ')));
        if (!files.isEmpty())
            QS_VERIFY(openModel(path.toStdString(), {}));
    }
}

QTEST_MAIN(TestInterruptedWork)
#include "tst_interrupted_work.moc"
