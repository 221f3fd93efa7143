// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Opening files of all kinds, and what the File page says of them.
#include "core/formats/registry.h"
#include "tests/core/torch_bytes.h"
#include "tests/support/protobuf_writer.h"
#include "tests/support/test_model.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/pages/details/details_panel.h"
#include "ui/pages/details/override_field.h"
#include "ui/pages/file/file_page.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/pages/welcome/error_page.h"
#include "ui/pages/welcome/welcome_page.h"
#include "ui/text/translation.h"
#include "ui/widgets/field_combo.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/skeleton_rows.h"
#include "ui/widgets/text_list.h"
#include "ui/widgets/value_rows.h"

#include <QClipboard>
#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QTabWidget>
#include <QToolButton>

#include <limits>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

namespace {

const std::string kOverride = "\xE2\x80\xAE"; // U+202E: what follows would be shown from right to left

/// A layer, its bias, a layer with a NaN, tensors that are no layers, and metadata that is long and nasty.
QByteArray oddFile()
{
    const std::vector<float> weights = randomValues(12, 1);
    const std::vector<float> bad{1, std::numeric_limits<float>::quiet_NaN(), 3, 4};
    const QByteArray data = floatBytes(weights) + floatBytes({1, 2, 3}) + floatBytes(bad) + QByteArray(8, '\0');
    const nlohmann::ordered_json header{
        {"__metadata__",
         {{"licence", "first line\nsecond\tline <b>bold</b>"},
          {"reversed", kOverride + "abc"},
          {"long", std::string(5000, 'v')}}},
        {"fc.weight", {{"dtype", "F32"}, {"shape", {3, 4}}, {"data_offsets", {0, 48}}}},
        {"fc.bias", {{"dtype", "F32"}, {"shape", {3}}, {"data_offsets", {48, 60}}}},
        {"nan.weight", {{"dtype", "F32"}, {"shape", {2, 2}}, {"data_offsets", {60, 76}}}},
        {"steps", {{"dtype", "I64"}, {"shape", nlohmann::json::array()}, {"data_offsets", {76, 84}}}},
    };
    return safetensorsBytes(header.dump(), data);
}

QString cell(const TextList *list, int row, int column)
{
    return list->view()->model()->index(row, column).data().toString();
}

/// The row whose first cell says that; −1: there is none.
int rowOf(const TextList *list, const QString &name)
{
    for (int row = 0; row < list->view()->model()->rowCount(); ++row)
        if (cell(list, row, 0) == name)
            return row;
    return -1;
}

QStringList cells(const TextList *list, int row)
{
    QStringList result;
    for (int column = 0; column < list->view()->model()->columnCount(); ++column)
        result << cell(list, row, column);
    return result;
}

void select(const TextList *list, int row)
{
    list->view()->setFocus();
    QTest::mouseClick(list->view()->viewport(), Qt::LeftButton, {},
                      list->view()->visualRect(list->view()->model()->index(row, 0)).center());
}

} // namespace

class TestFilePage : public WindowTest
{
    Q_OBJECT
private slots:
    void facts_data();
    void facts();
    void network();
    void tensors();
    void metadata();
    void remarks();
    void codeBanner_data();
    void codeBanner();
    void listsByKeyboard();
    void errorPage_data();
    void errorPage();
    void skeletonWhileOpening();
    void fileDialogKnowsAllFormats();
    void folders_data();
    void folders();
    void axisAndItsReason();
    void partsOfACheckpoint();
    void equalCopies();
};

void TestFilePage::facts_data()
{
    QTest::addColumn<QString>("location");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    for (const auto &[name, value] :
         {std::pair{"Format", "safetensors (*.safetensors)"}, std::pair{"Size", "344.1\u202fKiB (352,400 bytes)"},
          std::pair{"Tensors", "10"}, std::pair{"Parameters", "75,530"}, std::pair{"Layers", "4"}})
        QTest::addRow("demo, %s", name) << "demo:digits" << name << value;
    for (const auto &[name, value] : {std::pair{"Tensors", "4"}, std::pair{"Parameters", "20"},
                                      std::pair{"Layers", "2, 1 cannot be quantized"}, std::pair{"About", ""}})
        QTest::addRow("file, %s", name) << "odd.safetensors" << name << value;
}

void TestFilePage::facts()
{
    QFETCH(QString, location);
    QFETCH(QString, name);
    QFETCH(QString, value);
    WindowUnderTest t;
    const bool demo = location.startsWith("demo:");
    QVERIFY(t.open(demo ? location : QString::fromStdString(writeFile(t.folder, location, oddFile()))));
    QVERIFY(t.window->showTab("file"));
    QCOMPARE(t.find<FilePage>("file")->facts()->valueOf(name), value);
}

void TestFilePage::network()
{
    namespace onnx = qs::test::onnx;
    WindowUnderTest t;
    const QByteArray graph =
        onnx::graph({onnx::node("MatMul", {"x", "w"}, {"y"})}, {onnx::floats("w", {2, 3})}, {"x"}, {"y"});
    QVERIFY(t.open(QString::fromStdString(writeFile(t.folder, "a.onnx", onnx::model(graph)))));
    ValueRows *facts = t.find<FilePage>("file")->facts();
    QCOMPARE(facts->valueOf("Network"), QString()); // nobody looks
    QVERIFY(t.window->showTab("file"));
    QTRY_COMPARE(facts->valueOf("Network"),
                 "1 node, opset 17, input 'x' of unknown shape, output 'y' of unknown shape");
    QVERIFY(t.open("demo:digits"));
    QCOMPARE(facts->valueOf("Network"), QString());
}

void TestFilePage::tensors()
{
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(writeFile(t.folder, "odd.safetensors", oddFile()))));
    t.window->showTab("file");
    const TextList *list = t.find<FilePage>("file")->tensors();
    QCOMPARE(list->view()->model()->rowCount(), 4);
    QCOMPARE(cells(list, rowOf(list, "fc.weight")),
             QStringList({"fc.weight", "3×4", "f32", "48\u202fB", "Matrix", "layer"}));
    QCOMPARE(cells(list, rowOf(list, "fc.bias")),
             QStringList({"fc.bias", "3", "f32", "12\u202fB", "Bias", "bias of fc"}));
    QCOMPARE(cells(list, rowOf(list, "steps")), QStringList({"steps", "one value", "i64", "8\u202fB", "Buffer", "–"}));
    select(list, rowOf(list, "fc.bias"));
    QVERIFY2(list->wholeText().startsWith("fc.bias\n3, f32, 12 bytes from byte "), qPrintable(list->wholeText()));
    // Sorted by bytes, not by their text.
    list->view()->sortByColumn(3, Qt::AscendingOrder);
    QCOMPARE(cell(list, 0, 0), "steps");
    QCOMPARE(cell(list, 3, 0), "fc.weight");
}

void TestFilePage::metadata()
{
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(writeFile(t.folder, "odd.safetensors", oddFile()))));
    t.window->showTab("file");
    FilePage *page = t.find<FilePage>("file");
    auto *tabs = page->findChild<QTabWidget *>();
    tabs->setCurrentWidget(page->metadata());
    QCOMPARE(tabs->tabText(tabs->currentIndex()), "Metadata 3");
    const TextList *list = page->metadata();
    QCOMPARE(cell(list, rowOf(list, "licence"), 1), "first line second line <b>bold</b>");
    QCOMPARE(cell(list, rowOf(list, "reversed"), 1), "\\xE2\\x80\\xAEabc");
    QVERIFY(cell(list, rowOf(list, "long"), 1).size() < 300);
    QVERIFY(cell(list, rowOf(list, "long"), 1).endsWith(u'…'));
    select(list, rowOf(list, "long"));
    QCOMPARE(list->wholeText(), QString(5000, 'v'));
    select(list, rowOf(list, "licence"));
    QCOMPARE(list->wholeText(), "first line\nsecond    line <b>bold</b>");
    // The next file's values, not those of the one before.
    QVERIFY(t.open("demo:notebook"));
    QCOMPARE(rowOf(list, "licence"), -1);
    QVERIFY(list->wholeText().isEmpty());
}

void TestFilePage::remarks()
{
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(writeFile(t.folder, "odd.safetensors", oddFile()))));
    // The bar says it, its button shows all of it.
    MessageBar *bar = t.find<MessageBar>("messages");
    QVERIFY(bar->sentence().contains("cannot be quantized"));
    bar->button("Show")->click();
    FilePage *page = t.find<FilePage>("file");
    QVERIFY(page->remarks()->isVisible());
    QVERIFY(page->remarks()->view()->hasFocus());
    const int row = rowOf(page->remarks(), "nan");
    QVERIFY(row >= 0);
    QVERIFY(cell(page->remarks(), row, 1).contains("1 NaN, first at [0, 1]"));
    // What was selected for reading stays while results are computed anew.
    select(page->remarks(), row);
    t.clickCheckBox(0);
    QVERIFY(t.settle());
    QVERIFY(page->remarks()->wholeText().contains("NaN"));
    QVERIFY(!t.find<MessageBar>("codeBanner")->isVisible());
}

void TestFilePage::codeBanner_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("named");
    QTest::addColumn<int>("remarks");
    const auto call = [](const QByteArray &module, const QByteArray &name) {
        return global(module, name) + unicode("x") + "\x85R";
    };
    QTest::newRow("none") << QByteArray("N") << "" << 0;
    QTest::newRow("os.system") << call("os", "system") << "os.system" << 1;
    QTest::newRow("many") << "(" + call("a", "a") + call("b", "b") + call("c", "c") + call("d", "d") + call("e", "e") +
                                 "t"
                          << "a.a, b.b, c.c and 2 more" << 5;
    QTest::newRow("markup is text") << call("<b>m</b>", "f") << "<b>m</b>.f" << 1;
}

void TestFilePage::codeBanner()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, named);
    QFETCH(int, remarks);
    WindowUnderTest t;
    const QByteArray bytes = archive(dictionary({{"evil", value}, {"w", kWhole}}));
    QVERIFY(t.open(QString::fromStdString(writeFile(t.folder, "x.pt", bytes))));
    MessageBar *banner = t.find<MessageBar>("codeBanner");
    QCOMPARE(banner->isVisible(), remarks > 0);
    QCOMPARE(t.names(), QStringList{"w"});
    t.window->showTab("file");
    QCOMPARE(t.find<FilePage>("file")->facts()->valueOf("Format"), "PyTorch (*.pt *.pth *.bin *.ckpt)");
    QCOMPARE(t.find<FilePage>("file")->facts()->valueOf("Size"), QString("%1 bytes").arg(bytes.size()));
    const TextList *list = t.find<FilePage>("file")->remarks();
    int foreign = 0;
    for (int row = 0; row < list->view()->model()->rowCount(); ++row)
        foreign += cell(list, row, 0) == "Foreign code" ? 1 : 0;
    QCOMPARE(foreign, remarks);
    if (remarks == 0)
        return;
    QCOMPARE(banner->sentence(),
             QString("This file would run code in an ordinary loader: %1. Quantoscope runs nothing.").arg(named));
    // It stays while other things are said, and goes with the file.
    QVERIFY(t.open("/no/such/file"));
    QVERIFY(banner->isVisible());
    banner->button("Show")->click();
    QVERIFY(list->isVisible());
    QVERIFY(t.open("demo:digits"));
    QVERIFY(!banner->isVisible());
}

void TestFilePage::listsByKeyboard()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("file");
    const TextList *list = t.find<FilePage>("file")->tensors();
    list->view()->setFocus();
    QTest::keyClick(list->view(), Qt::Key_Home);
    QTest::keyClick(list->view(), Qt::Key_Down);
    QVERIFY(list->wholeText().startsWith(cell(list, 1, 0)));
    QTest::keyClick(list->view(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), list->wholeText());
    QTest::keyClick(list->view(), Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget()->accessibleName(), "Whole text of the selected row");
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QVERIFY(QApplication::focusWidget()->accessibleName() != "Whole text of the selected row");
}

void TestFilePage::errorPage_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("format");
    const QByteArray good = safetensorsBytes({{"fc.weight", {4, 4}, randomValues(16, 1)}});
    QTest::newRow("cut short") << "cut.safetensors" << good.chopped(3) << "61"
                               << "safetensors (*.safetensors)";
    QTest::newRow("no model") << "letter.safetensors" << QByteArray("Dear reader, this is a letter.") << "header length"
                              << "not known by its content";
    QTest::newRow("empty") << "empty.dat" << QByteArray("") << "empty"
                           << "not known by its content";
    QTest::newRow("missing") << "missing.safetensors" << QByteArray() << ""
                             << "not known by its content";
    QTest::newRow("long name") << QString(200, 'n') + ".safetensors" << good.chopped(1) << "63"
                               << "safetensors (*.safetensors)";
}

void TestFilePage::errorPage()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, what);
    QFETCH(QString, format);
    WindowUnderTest t;
    t.window->resize(1024, 700);
    const QString path = t.folder.filePath(name);
    if (!bytes.isNull())
        writeFile(t.folder, name, bytes);
    QVERIFY(t.open(path));
    ErrorPage *page = t.find<ErrorPage>("error");
    QVERIFY(page->isVisible());
    QVERIFY(!t.find<MessageBar>("messages")->isVisible());
    QCOMPARE(t.window->size(), QSize(1024, 700));
    const QStringList lines = page->text().split('\n');
    QCOMPARE(lines.size(), 4);
    QVERIFY2(lines[0].startsWith("What: ") && lines[0].contains(what), qPrintable(lines[0]));
    QVERIFY2(lines[1].startsWith("Where: ") && lines[1].contains(name.right(12)), qPrintable(lines[1]));
    QCOMPARE(lines[2], "Format: " + format);
    QCOMPARE(lines[3], "File: " + path);
    QVERIFY(page->chooseButton()->hasFocus());
    QTest::keyClick(page->chooseButton(), Qt::Key_Space);
    QCOMPARE(t.chooser.fileQuestions, 1);
    for (QPushButton *button : page->findChildren<QPushButton *>())
        if (button->text() == "Back")
            button->click();
    QVERIFY(t.find<WelcomePage>("welcome")->isVisible());
    // A model that opens takes the place of the page.
    QVERIFY(t.open(path));
    QVERIFY(t.open("demo:digits"));
    QVERIFY(t.find<OverviewPage>("overview")->isVisible());
    // With a model open the same words stand in the bar.
    QVERIFY(t.open(path));
    QVERIFY(!page->isVisible());
    QVERIFY(t.find<MessageBar>("messages")->button("Details") != nullptr);
}

void TestFilePage::skeletonWhileOpening()
{
    WindowUnderTest t;
    const auto *skeleton = t.window->findChild<SkeletonRows *>();
    QVERIFY(!skeleton->isVisible());
    QSignalSpy ended(t.document.get(), &Document::openEnded);
    t.window->openModel("demo:digits");
    QVERIFY(skeleton->isVisible());
    QVERIFY(ended.wait());
    QVERIFY(!skeleton->isVisible());
    QVERIFY(t.table()->isVisible());
    // The model that is open stays until the next one is complete.
    t.window->openModel("demo:notebook");
    QVERIFY(!skeleton->isVisible());
    QVERIFY(ended.wait());
    QVERIFY(t.settle());
}

void TestFilePage::fileDialogKnowsAllFormats()
{
    WindowUnderTest t;
    QTest::keyClick(t.window.get(), Qt::Key_O, Qt::ControlModifier);
    QCOMPARE(t.chooser.fileQuestions, 1);
    const QStringList filters = t.chooser.filter.split(";;");
    QCOMPARE(filters.size(), qsizetype(formatReaders().size()) + 2);
    QVERIFY(filters.front().startsWith("Models ("));
    QVERIFY(filters.back().endsWith("(*)"));
    QString welcome;
    for (const QLabel *label : t.find<WelcomePage>("welcome")->findChildren<QLabel *>())
        welcome += label->text();
    for (const FormatReader *reader : formatReaders()) {
        const auto text = [](std::string_view view) { return QString::fromUtf8(view.data(), qsizetype(view.size())); };
        for (const QString &suffix : text(reader->suffixes).split(' ')) {
            QVERIFY2(filters.front().contains(suffix), qPrintable(suffix));
            QVERIFY(t.chooser.filter.count(suffix) >= 2);
            // An index is opened by its folder, so the kind of its files says enough.
            QVERIFY2(welcome.contains('.' + suffix.section('.', 1, 1)), qPrintable(suffix));
        }
    }
}

void TestFilePage::folders_data()
{
    QTest::addColumn<QString>("way");
    QTest::addColumn<int>("files");
    QTest::addColumn<bool>("opens");
    for (const char *way : {"dialog", "drop"}) {
        QTest::addRow("%s, one model", way) << way << 1 << true;
        QTest::addRow("%s, two models", way) << way << 2 << false;
        QTest::addRow("%s, no model", way) << way << 0 << false;
    }
}

void TestFilePage::folders()
{
    QFETCH(QString, way);
    QFETCH(int, files);
    QFETCH(bool, opens);
    WindowUnderTest t;
    QVERIFY(QDir(t.folder.path()).mkdir("models"));
    for (int i = 0; i < files; ++i)
        writeFile(t.folder, QString("models/m%1.safetensors").arg(i), oddFile());
    t.chooser.path = t.folder.filePath("models");
    QSignalSpy ended(t.document.get(), &Document::openEnded);
    if (way == "drop")
        drop(t.window.get(), t.chooser.path);
    else
        QTest::keyClick(t.window.get(), Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(ended.wait());
    QCOMPARE(t.document->model() != nullptr, opens);
    QCOMPARE(t.find<ErrorPage>("error")->isVisible(), !opens);
    if (opens)
        QVERIFY(t.settle());
}

void TestFilePage::axisAndItsReason()
{
    WindowUnderTest t("demo:digits");
    const auto says = [&](const QString &text) {
        for (const QLabel *label : t.find<DetailsPanel>("details")->findChildren<QLabel *>())
            if (label->isVisible() && label->text() == text)
                return true;
        return false;
    };
    OverrideField *axis = t.find<DetailsPanel>("details")->axisField();
    QCOMPARE(axis->combo()->currentText(), "From file");
    QCOMPARE(axis->combo()->itemText(1), "Axis 0: 128 channels");
    QCOMPARE(axis->combo()->itemText(2), "Axis 1: 64 channels");
    QVERIFY(says("Axis 0 counts the output channels: Linear weights are stored [out, in]."));
    axis->combo()->setFocus();
    QTest::keyClick(axis->combo(), Qt::Key_Down);
    QTest::keyClick(axis->combo(), Qt::Key_Down);
    QCOMPARE(t.setup->decision(0).channelAxis, 1);
    showChanges();
    QVERIFY(says("Axis 1 counts the output channels, as the recipe says; axis 0 by the file: Linear weights are stored "
                 "[out, in]."));
    QVERIFY(t.settle());
    QCOMPARE(t.setup->report()->layers[0]->quantization->scales.size(), std::size_t{64});
    axis->clearButton()->click();
    showChanges();
    QCOMPARE(t.setup->decision(0).channelAxis, 0);
    QCOMPARE(axis->combo()->currentText(), "From file");
    t.document->undoStack().undo();
    QCOMPARE(t.setup->decision(0).channelAxis, 1);
    t.document->undoStack().undo();
    QCOMPARE(t.setup->decision(0).channelAxis, 0);
    QVERIFY(t.settle());
}

void TestFilePage::partsOfACheckpoint()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath("parts.pt"));
    const QByteArray bytes = archive(dictionary(
        {{"model", dictionary({{"w", kWhole}})}, {"ema", dictionary({{"v", dictionary({{"w", kWhole}})}})}}));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    file.close();
    WindowUnderTest t(file.fileName());
    t.window->showTab("file");
    const FilePage *page = t.find<FilePage>("file");
    QVERIFY(page->part()->isVisible());
    QCOMPARE(page->part()->currentText(), QString("model"));
    QCOMPARE(cell(page->tensors(), 0, 0), QString("w"));
    page->part()->setCurrentText("ema");
    emit page->part()->activated(page->part()->currentIndex());
    QTRY_COMPARE(t.document->model()->part, std::string("ema"));
    showChanges();
    QCOMPARE(page->part()->currentText(), QString("ema"));
    QCOMPARE(cell(page->tensors(), 0, 0), QString("v.w"));
    QVERIFY(t.settle());
    WindowUnderTest other("demo:digits");
    other.window->showTab("file");
    QVERIFY(!other.find<FilePage>("file")->part()->isVisible());
}

void TestFilePage::equalCopies()
{
    const QByteArray same = floatBytes(randomValues(12, 1));
    const nlohmann::ordered_json header{
        {"a.weight", {{"dtype", "F32"}, {"shape", {3, 4}}, {"data_offsets", {0, 48}}}},
        {"b.weight", {{"dtype", "F32"}, {"shape", {3, 4}}, {"data_offsets", {48, 96}}}}};
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(
        writeFile(t.folder, "same.safetensors", safetensorsBytes(header.dump(), same + same)))));
    QCOMPARE(t.document->model()->layers.size(), std::size_t{2});
    auto *button = t.find<QPushButton>("equalCopies");
    button->click();
    QTRY_COMPARE(button->text(), QString("Tie 1 copy"));
    button->click();
    QTRY_COMPARE(t.document->model()->layers.size(), std::size_t{1});
}

QTEST_MAIN(TestFilePage)
#include "tst_file_page.moc"
