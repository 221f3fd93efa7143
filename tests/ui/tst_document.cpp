// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/parallel.h"
#include "tests/support/onnx_networks.h"
#include "tests/ui/open_document.h"

#include <QScopeGuard>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <numeric>

using namespace qs;
using namespace qs::ui;
using qs::test::open;
using qs::test::settle;

class TestDocument : public QObject
{
    Q_OBJECT
private slots:
    void opensDemo();
    void failedOpenKeepsModel_data();
    void failedOpenKeepsModel();
    void cancelledOpenKeepsModel();
    void everyEditIsOneStep_data();
    void everyEditIsOneStep();
    void gestureMerges();
    void refusedEditChangesNothing();
    void togglingQuantizesNothingAnew();
    void editsCoalesce();
    void resultsStayUntilReplaced();
    void cancelAndContinue();
    void networkOnRequest();
    void totalsComeFirst();
    void ownInputs();
    void recipeFiles();
    void distributionFollows();
    void manyRows();
};

void TestDocument::opensDemo()
{
    Document document;
    Setup &setup = *document.setups().front();
    QVERIFY(!document.model());
    QVERIFY(open(document, "demo:digits"));
    QCOMPARE(document.location(), "demo:digits");
    QCOMPARE(document.model()->layers.size(), std::size_t{4});
    QVERIFY(setup.report()->complete);
    QVERIFY(setup.report()->outputError.kind == OutputErrorKind::Network);
    QVERIFY(setup.report()->outputError.accuracyAfter.has_value());
    QCOMPARE(setup.analysisJob().freshLayers(), std::size_t{4});
    QVERIFY(document.undoStack().isClean());
    // What plots need: scales of every channel.
    QCOMPARE(setup.report()->layers[0]->quantization->scales.size(), std::size_t{128});
}

void TestDocument::failedOpenKeepsModel_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("missing") << QByteArray();
    QTest::newRow("not a model") << QByteArray("hello, this is no model at all");
    QTest::newRow("cut") << test::safetensorsBytes({{"a.weight", {4, 4}, std::vector<float>(16, 1.0F)}}).chopped(8);
}

void TestDocument::failedOpenKeepsModel()
{
    QFETCH(QByteArray, bytes);
    QTemporaryDir folder;
    QString path = folder.filePath("missing.safetensors");
    if (!bytes.isEmpty())
        path = QString::fromStdString(test::writeFile(folder, "bad.safetensors", bytes));
    Document document;
    Setup &setup = *document.setups().front();
    QVERIFY(open(document, "demo:notebook"));
    const auto model = document.model();
    const auto report = setup.report();
    QSignalSpy failed(&document, &Document::openFailed);
    document.open(path);
    QVERIFY(failed.wait());
    QVERIFY(QString::fromStdString(failed[0][0].value<OpenProblem>().error.text())
                .contains(bytes.isEmpty() ? "missing.safetensors" : "bad.safetensors"));
    QVERIFY(document.model() == model && setup.report() == report);
    QCOMPARE(document.location(), "demo:notebook");
}

void TestDocument::cancelledOpenKeepsModel()
{
    Document document;
    QVERIFY(open(document, "demo:notebook"));
    QSignalSpy failed(&document, &Document::openFailed);
    QSignalSpy ended(&document, &Document::openEnded);
    document.open("demo:digits");
    document.tasks().drop("open");
    QTest::qWait(100);
    QCOMPARE(document.location(), "demo:notebook");
    QVERIFY(failed.isEmpty() && ended.isEmpty());
}

void TestDocument::everyEditIsOneStep_data()
{
    using Edit = std::function<void(Setup &)>;
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *text, Edit edit) { QTest::newRow(text) << edit << QString::fromLatin1(text); };
    row("Exclude fc4", [](Setup &d) { quantizeLayers(d, {3}, false); });
    row("Exclude 3 layers", [](Setup &d) { toggleLayers(d, {0, 1, 2}); });
    row("Invert 2 layers", [](Setup &d) { invertLayers(d, {0, 1}); });
    row("Quantize only fc2", [](Setup &d) { quantizeOnly(d, {1}); });
    row("Exclude all but 2 layers", [](Setup &d) { excludeAllBut(d, {1, 2}); });
    row("Change 4 layers",
        [](Setup &d) { changeOverrides(d, {0, 1, 2, 3}, [](SchemePatch &patch) { patch.bits = 4; }); });
    row("Change fc1", [](Setup &d) { changeAxis(d, {0}, 1); });
    row("Change the activation between layers", [](Setup &d) { changeActivation(d, Activation::Tanh); });
    row("Change the scheme to asymmetric · 4 bits · per channel", [](Setup &d) {
        Scheme scheme;
        scheme.mode = Mode::Asymmetric;
        scheme.bits = 4;
        changeScheme(d, scheme);
    });
}

void TestDocument::everyEditIsOneStep()
{
    QFETCH(std::function<void(Setup &)>, edit);
    QFETCH(QString, text);
    Document document;
    Setup &setup = *document.setups().front();
    QVERIFY(open(document, "demo:digits"));
    const Recipe before = setup.recipe();
    edit(setup);
    const Recipe after = setup.recipe();
    QVERIFY(after != before);
    QCOMPARE(document.undoStack().count(), 1);
    if (!text.contains(QChar(0xC2))) // the scheme's own words are core's
        QCOMPARE(document.undoStack().undoText(), text);
    QVERIFY(!document.undoStack().isClean());
    document.undoStack().undo();
    QVERIFY(setup.recipe() == before);
    QVERIFY(document.undoStack().isClean());
    document.undoStack().redo();
    QVERIFY(setup.recipe() == after);
    QVERIFY(settle(document));
}

void TestDocument::gestureMerges()
{
    Document document;
    Setup &setup = *document.setups().front();
    QVERIFY(open(document, "demo:digits"));
    for (int bits = 7; bits >= 3; --bits)
        changeOverrides(setup, {0}, [bits](SchemePatch &patch) { patch.bits = bits; }, 42);
    QCOMPARE(document.undoStack().count(), 1);
    QCOMPARE(setup.decision(0).scheme.bits, 3);
    document.undoStack().undo();
    QCOMPARE(setup.decision(0).scheme.bits, 8);
    document.undoStack().redo();
    // Another gesture is another step.
    changeOverrides(setup, {0}, [](SchemePatch &patch) { patch.bits = 2; }, 43);
    QCOMPARE(document.undoStack().count(), 2);
    // Back to where the gesture began: nothing is left to undo of it.
    changeOverrides(setup, {0}, [](SchemePatch &patch) { patch.bits = 3; }, 43);
    QCOMPARE(document.undoStack().count(), 1);
}

void TestDocument::refusedEditChangesNothing()
{
    Document document;
    Setup &setup = *document.setups().front();
    QVERIFY(open(document, "demo:digits"));
    QSignalSpy refused(&document, &Document::refused);
    Recipe recipe = setup.recipe();
    recipe.scheme.mode = Mode::Asymmetric;
    recipe.scheme.codeRange = CodeRange::Narrow;
    QVERIFY(!setup.edit("impossible", recipe));
    QCOMPARE(refused.size(), 1);
    QVERIFY(!refused[0][0].toString().isEmpty());
    QCOMPARE(document.undoStack().count(), 0);
}

void TestDocument::togglingQuantizesNothingAnew()
{
    Document document;
    Setup &setup = *document.setups().front();
    QVERIFY(open(document, "demo:digits"));
    const auto error = setup.report()->outputError.relativeError;
    quantizeLayers(setup, {3}, false);
    QVERIFY(settle(document));
    QVERIFY(setup.report()->outputError.relativeError != error);
    QCOMPARE(setup.report()->total.quantized, std::size_t{3});
    document.undoStack().undo();
    QVERIFY(settle(document));
    QVERIFY(setup.report()->outputError.relativeError == error);
}

void TestDocument::editsCoalesce()
{
    Document document;
    Setup &setup = *document.setups().front();
    QVERIFY(open(document, "demo:digits"));
    int runs = 0;
    connect(&document.tasks(), &TaskRunner::started, this, [&](const QString &id) { runs += id == "analysis 1"; });
    for (int i = 0; i < 4; ++i)
        toggleLayers(setup, {static_cast<std::size_t>(i)});
    QVERIFY(setup.analysis() == Setup::Analysis::Running);
    QVERIFY(settle(document));
    QCOMPARE(runs, 1);
}

void TestDocument::resultsStayUntilReplaced()
{
    Document document;
    Setup &setup = *document.setups().front();
    QVERIFY(open(document, "demo:digits"));
    const auto alone = setup.report()->layers[0]->outputError.alone;
    quantizeLayers(setup, {3}, false);
    QVERIFY(!setup.isFresh(0));
    QVERIFY(setup.report()->layers[0]->outputError.alone == alone);
    connect(&setup, &Setup::changed, this, [&] {
        // At no moment a number disappears that was there and will be there.
        QVERIFY(setup.report()->layers[0]->outputError.alone.has_value());
    });
    QVERIFY(settle(document));
}

void TestDocument::cancelAndContinue()
{
    Document document;
    Setup &setup = *document.setups().front();
    QVERIFY(open(document, "demo:digits"));
    quantizeLayers(setup, {0}, false);
    setup.analysisJob().cancel();
    QTRY_COMPARE(setup.analysis(), Setup::Analysis::Cancelled);
    QVERIFY(setup.analysisJob().freshLayers() < 4);
    setup.analysisJob().start();
    QVERIFY(settle(document));
    QCOMPARE(setup.analysisJob().freshLayers(), std::size_t{4});
}

void TestDocument::networkOnRequest()
{
    QTemporaryDir folder;
    // 2 layers of 4096 x 4096 and 256 samples: far above what is run by itself.
    const std::uint64_t width = 4096;
    const std::vector<float> values = test::randomValues(width * width, 1);
    const auto path = test::writeFile(
        folder, "large.safetensors",
        test::safetensorsBytes({{"fc1.weight", {width, width}, values}, {"fc2.weight", {width, width}, values}}));
    Document document;
    Setup &setup = *document.setups().front();
    QVERIFY(open(document, QString::fromStdString(path)));
    const OutputErrorReport &before = setup.report()->outputError;
    QVERIFY(before.kind == OutputErrorKind::None && before.onRequest);
    QVERIFY(before.estimatedSeconds > 0);
    setup.analysisJob().runNetwork();
    QVERIFY(QTest::qWaitFor([&] { return setup.analysis() == Setup::Analysis::Done; }, 60000));
    QVERIFY(setup.report()->outputError.kind == OutputErrorKind::Network);
}

/// Total and errors up to each layer are on show, and not faded, while layers are still run alone.
void TestDocument::totalsComeFirst()
{
    setThreadCount(1); // so that layers alone take some time on any machine
    const auto allThreads = qScopeGuard([] { setThreadCount(0); });
    using namespace test::onnx;
    QByteArrayList nodes;
    QByteArrayList weights;
    QByteArray from = "x";
    for (int k = 0; k < 12; ++k) {
        const QByteArray number = QByteArray::number(k);
        weights << randomTensor("w" + number, {512, 512}, static_cast<std::uint32_t>(k + 1), 0.1F);
        nodes << node("MatMul", {from, "w" + number}, {k == 11 ? QByteArray("y") : "m" + number});
        from = "m" + number;
    }
    QTemporaryDir folder;
    const auto path =
        test::writeFile(folder, "deep.onnx",
                        test::onnx::model(typedGraph(nodes, weights, {port("x", {32, 512})}, {port("y", {32, 512})})));
    Document document;
    Setup &setup = *document.setups().front();
    bool totalFirst = false;
    connect(&setup, &Setup::changed, this, [&] {
        const auto &report = setup.report();
        if (!report || report->complete || report->outputError.kind != OutputErrorKind::Network)
            return;
        totalFirst = report->outputError.relativeError && report->total.layers == 12 && !report->total.worstLayer &&
                     report->layers[11]->outputError.upToHere && !setup.analysisJob().isStale();
    });
    QVERIFY(open(document, QString::fromStdString(path)));
    QVERIFY(totalFirst);
    QVERIFY(setup.report()->complete);
    for (const auto &layer : setup.report()->layers)
        QVERIFY(layer->outputError.alone.has_value());
    QVERIFY(setup.report()->total.worstLayer.has_value());
}

void TestDocument::ownInputs()
{
    const auto npy = [](const char *type, const QByteArray &shape, const QByteArray &data) {
        QByteArray header = QByteArray("{'descr': '") + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
        header.append(QByteArray(64 - (10 + header.size() + 1) % 64, ' ')).append('\n');
        const quint16 size = static_cast<quint16>(header.size());
        return QByteArray("\x93NUMPY\x01\x00", 8) + QByteArray(reinterpret_cast<const char *>(&size), 2) + header +
               data;
    };
    QTemporaryDir folder;
    const auto good =
        test::writeFile(folder, "x.npy", npy("<f4", "(3, 64)", test::floatBytes(test::randomValues(3 * 64, 5, 1.0F))));
    const std::vector<std::int64_t> classes{1, 2, 3};
    const auto labels = test::writeFile(
        folder, "y.npy", npy("<i8", "(3,)", QByteArray(reinterpret_cast<const char *>(classes.data()), 24)));
    const auto narrow =
        test::writeFile(folder, "narrow.npy", npy("<f4", "(3, 5)", test::floatBytes(test::randomValues(15, 5, 1.0F))));
    Document document;
    Setup &setup = *document.setups().front();
    QVERIFY(open(document, "demo:digits"));
    QSignalSpy refused(&document, &Document::refused);

    document.inputs().set(QString::fromStdString(good), QString::fromStdString(labels));
    QTRY_COMPARE(setup.report()->outputError.samples, std::uint64_t{3});
    QVERIFY(settle(document));
    QVERIFY(setup.report()->outputError.accuracyAfter.has_value());
    QVERIFY(document.inputs().current());

    // Inputs of another width, or no array at all: a sentence, and the inputs before stay.
    for (const std::string &bad : {narrow, folder.filePath("none.npy").toStdString()}) {
        refused.clear();
        document.inputs().set(QString::fromStdString(bad), {});
        QTRY_COMPARE_WITH_TIMEOUT(refused.size(), 1, 20000);
        QVERIFY(settle(document));
        QCOMPARE(setup.report()->outputError.samples, std::uint64_t{3});
    }
    // Each choice is a step of undo, but not those that were refused; none of them is an edit of the recipe.
    QCOMPARE(document.undoStack().count(), 1);
    QCOMPARE(document.undoStack().undoText(), "Feed x.npy");
    document.inputs().set({}, {});
    QTRY_COMPARE(setup.report()->outputError.samples, std::uint64_t{360});
    QVERIFY(settle(document));
    document.undoStack().undo();
    QTRY_COMPARE(setup.report()->outputError.samples, std::uint64_t{3});
    QCOMPARE(document.inputs().source().labels, QString::fromStdString(labels));
    QVERIFY(settle(document));
    document.undoStack().undo();
    QTRY_COMPARE(setup.report()->outputError.samples, std::uint64_t{360});
    QVERIFY(settle(document));
    document.undoStack().redo();
    QVERIFY(!document.hasUnsavedEdits());
    quantizeLayers(setup, {0}, false);
    QVERIFY(document.hasUnsavedEdits());
    QVERIFY(settle(document));
}

void TestDocument::recipeFiles()
{
    QTemporaryDir folder;
    Document document;
    Setup &setup = *document.setups().front();
    QVERIFY(open(document, "demo:digits"));
    quantizeLayers(setup, {1}, false);
    const Recipe saved = setup.recipe();
    const QString path = folder.filePath("recipe.json");
    QVERIFY(setup.saveRecipe(path).has_value());
    QVERIFY(document.undoStack().isClean());
    QCOMPARE(setup.recipePath(), path);
    quantizeLayers(setup, {2}, false);
    QVERIFY(!document.undoStack().isClean());
    setup.openRecipe(path);
    QTRY_VERIFY(setup.recipe() == saved);
    QVERIFY(document.undoStack().isClean());
    QCOMPARE(document.undoStack().undoText(), "Apply the recipe recipe.json");
    QVERIFY(!setup.saveRecipe(folder.filePath("no/such/folder/recipe.json")).has_value());

    QSignalSpy refused(&document, &Document::refused);
    setup.openRecipe(
        QString::fromStdString(test::writeFile(folder, "bad.json", "{\"quantoscope_recipe\": 1, \"x\": 2}")));
    QVERIFY(refused.wait());
    QVERIFY(setup.recipe() == saved);
}

void TestDocument::distributionFollows()
{
    Document document;
    Setup &setup = *document.setups().front();
    QVERIFY(open(document, "demo:digits"));
    QSignalSpy changed(&setup.distribution(), &DistributionJob::changed);
    setup.distribution().show({1, {}});
    QVERIFY(changed.wait());
    QCOMPARE(setup.distribution().shown().target.layer, std::optional<std::size_t>(1));
    QVERIFY(setup.distribution().shown().values != nullptr);
    QCOMPARE(setup.distribution().shown().values->weights.total, std::uint64_t{256 * 128});
    setup.distribution().show({1, {.channel = 5}});
    QVERIFY(changed.wait());
    QCOMPARE(setup.distribution().shown().values->weights.total, std::uint64_t{128});
    const auto before = setup.distribution().shown().values;
    Scheme scheme;
    scheme.bits = 2;
    changeScheme(setup, scheme);
    QTRY_VERIFY(setup.distribution().shown().values != before);
    QCOMPARE(setup.distribution().shown().scheme.bits, 2);
    setup.distribution().show({});
    QVERIFY(!setup.distribution().shown().values);
}

void TestDocument::manyRows()
{
    QTemporaryDir folder;
    std::vector<test::FloatTensor> tensors;
    for (int i = 0; i < 5000; ++i)
        tensors.push_back({"block." + std::to_string(i) + ".weight", {2, 2}, {0.5F, -0.25F, 0.125F, 1.0F}});
    const auto path = test::writeFile(folder, "many.safetensors", test::safetensorsBytes(tensors));
    Document document;
    Setup &setup = *document.setups().front();
    QVERIFY(open(document, QString::fromStdString(path)));
    LayerIndices all(5000);
    std::iota(all.begin(), all.end(), std::size_t{0});
    // What grows with the square of the number of layers would run into the test's time limit.
    toggleLayers(setup, all);
    QVERIFY(!setup.isQuantized(4999));
    toggleLayers(setup, all);
    document.undoStack().undo();
    QVERIFY(!setup.isQuantized(0));
    document.undoStack().redo();
    QVERIFY(setup.isQuantized(4999));
    QCOMPARE(document.undoStack().count(), 2);
    QVERIFY(settle(document));
}

QTEST_GUILESS_MAIN(TestDocument)
#include "tst_document.moc"
