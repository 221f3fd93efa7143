// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Budget page: points that appear by themselves, a drag as a trial with one step of undo, the same recipe as the
// command line, what stays as it is.
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/actions/action_registry.h"
#include "ui/pages/budget/budget_page.h"
#include "ui/plots/budget_plot.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QTemporaryDir>

#include <cmath>
#include <vector>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestBudgetPage : public WindowTest
{
    Q_OBJECT
private slots:
    void measuredByItself();
    void dragTriesAndReleaseIsOneStep();
    void escapeGoesBack();
    void editsEndTrials();
    void sameRecipeAsCommandLine_data();
    void sameRecipeAsCommandLine();
    void whatUsersDecidedStays();
    void editsVoidWhatWasMeasured();
    void foundTwiceFromOneBase();
    void warnsWhereNothingRuns();
    void wrongLimits_data();
    void wrongLimits();
    void excludeUntil();
    void stopKeepsTheBest();
};

namespace {

BudgetJob &budgetOf(WindowUnderTest &t)
{
    return t.setup->budget();
}

bool waitUntilMeasured(WindowUnderTest &t)
{
    return QTest::qWaitFor([&t] { return budgetOf(t).prepared() && budgetOf(t).today(); }, 60000);
}

BudgetPage *pageOf(WindowUnderTest &t)
{
    t.window->showTab("budget");
    showChanges();
    if (!waitUntilMeasured(t))
        qFatal("nothing was measured");
    showChanges();
    return t.find<BudgetPage>("budget");
}

bool find(WindowUnderTest &t, const BudgetPage *page, const QString &kind, const QString &limit)
{
    choose(page->kind(), kind);
    page->limit()->setText(limit);
    QTest::keyClick(page->limit(), Qt::Key_Return);
    return QTest::qWaitFor([&t] { return !budgetOf(t).isFinding(); }, 120000) && t.settle();
}

QPoint pixelOf(const BudgetPlot *plot, const SearchPoint &point)
{
    return plot->pixelOfPoint(point).toPoint();
}

/// Presses the mouse on a point of the frontier and moves it to another.
void drag(const BudgetPlot *plot, std::size_t from, std::size_t to)
{
    const auto &points = plot->points().frontier;
    QTest::mousePress(plot->plotWidget(), Qt::LeftButton, {}, pixelOf(plot, points[from]));
    QTest::mouseMove(plot->plotWidget(), pixelOf(plot, points[to]));
    showChanges();
}

/// Two weights that nobody knows the network of, as a safetensors file.
void writeLooseWeights(const QString &path)
{
    QByteArray header = R"({"a.weight":{"dtype":"F32","shape":[16,24],"data_offsets":[0,1536]},)"
                        R"("b.weight":{"dtype":"F32","shape":[24,16],"data_offsets":[1536,3072]}})";
    header.append(QByteArray((8 - header.size() % 8) % 8, ' '));
    std::vector<float> values(768);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = std::sin(static_cast<float>(i * i)) * (i < 384 ? 1.0F : 0.1F);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto size = static_cast<quint64>(header.size());
    file.write(reinterpret_cast<const char *>(&size), sizeof(size));
    file.write(header);
    file.write(reinterpret_cast<const char *>(values.data()), static_cast<qint64>(values.size() * sizeof(float)));
}

/// The real program is asked the same: same recipe, same warnings.
void compareWithCommandLine(const WindowUnderTest &t, const BudgetPage *page, const QString &model,
                            const QStringList &arguments)
{
    const QString path = t.folder.filePath("recipe.json");
    QProcess program;
    program.start(QUANTOSCOPE_CLI, QStringList{"search", model} + arguments + QStringList{"-o", path, "--json"});
    QVERIFY(program.waitForFinished(300000));
    QVERIFY2(program.exitCode() == 0, program.readAllStandardError().constData());
    const auto recipe = loadRecipe(path.toStdString(), *t.document->model());
    QVERIFY(recipe.has_value());
    QVERIFY2(*recipe == t.setup->recipe(), qPrintable(QString::fromStdString(toJson(t.setup->recipe()))));
    // Both say the same of it.
    const QJsonObject said = QJsonDocument::fromJson(program.readAllStandardOutput()).object();
    QVERIFY(!said.isEmpty());
    for (const QJsonValue &warning : said["warnings"].toArray()) {
        QString sentence = warning.toString();
        sentence[0] = sentence[0].toUpper();
        QVERIFY2(page->state()->text().contains(sentence), qPrintable(page->state()->text()));
    }
}

} // namespace

void TestBudgetPage::measuredByItself()
{
    WindowUnderTest t("demo:digits");
    QVERIFY(!budgetOf(t).prepared()); // nobody looks
    const BudgetPlot *plot = pageOf(t)->plot();
    const BudgetPlot::Points &points = plot->points();
    QVERIFY(points.metric == SearchMetric::Output);
    QVERIFY(points.frontier.size() > 4);
    for (std::size_t i = 1; i < points.frontier.size(); ++i) {
        QVERIFY(points.frontier[i].bytes > points.frontier[i - 1].bytes);
        QVERIFY(points.frontier[i].predicted < points.frontier[i - 1].predicted);
        QVERIFY(!points.frontier[i].measured);
    }
    QCOMPARE(points.uniform.size(), std::size_t{4});
    // Today's recipe is 8 bits everywhere: that cross.
    QVERIFY(points.today && points.today->measured);
    QCOMPARE(points.today->bytes, points.uniform.front().bytes);
    QCOMPARE(*points.today->measured, *points.uniform.front().measured);
    QVERIFY(t.document->undoStack().count() == 0);
}

void TestBudgetPage::dragTriesAndReleaseIsOneStep()
{
    WindowUnderTest t("demo:digits");
    const BudgetPlot *plot = pageOf(t)->plot();
    const Recipe before = t.setup->recipe();
    const std::size_t last = plot->points().frontier.size() - 2;
    drag(plot, 1, 2);
    QVERIFY(t.setup->isTrying());
    const Recipe tried = t.setup->recipe();
    QVERIFY(tried != before);
    QCOMPARE(t.document->undoStack().count(), 0);
    QTest::mouseMove(plot->plotWidget(), pixelOf(plot, plot->points().frontier[last]));
    QVERIFY(t.setup->recipe() != tried);
    QVERIFY(t.settle()); // the rest of the window follows
    QVERIFY(t.setup->isTrying());
    const auto error = t.setup->report()->outputError.relativeError;
    QVERIFY(error);
    QCOMPARE(plot->points().frontier[last].measured, error); // what was predicted is measured now
    const Recipe wanted = budgetOf(t).prepared()->recipeAt(last);
    QTest::mouseRelease(plot->plotWidget(), Qt::LeftButton, {}, pixelOf(plot, plot->points().frontier[last]));
    QVERIFY(t.setup->recipe() == wanted && !t.setup->isTrying());
    QCOMPARE(t.document->undoStack().count(), 1);
    QVERIFY(t.settle());
    QVERIFY(budgetOf(t).prepared()); // the recipe is one of its own
    t.document->undoStack().undo();
    QVERIFY(t.setup->recipe() == before);
    t.document->undoStack().redo();
    QVERIFY(t.setup->recipe() == wanted);
    QVERIFY(t.settle());
}

void TestBudgetPage::escapeGoesBack()
{
    WindowUnderTest t("demo:digits");
    const BudgetPlot *plot = pageOf(t)->plot();
    const Recipe before = t.setup->recipe();
    const std::vector<Decision> decisions = t.setup->decisions();
    drag(plot, 1, 3);
    QVERIFY(t.setup->recipe() != before);
    QTest::keyClick(plot->plotWidget(), Qt::Key_Escape);
    QVERIFY(t.setup->recipe() == before && !t.setup->isTrying());
    QVERIFY(t.setup->decisions() == decisions);
    QTest::mouseRelease(plot->plotWidget(), Qt::LeftButton, {}, pixelOf(plot, plot->points().frontier[3]));
    QVERIFY(t.setup->recipe() == before);
    QCOMPARE(t.document->undoStack().count(), 0);
    QVERIFY(t.settle());
    QCOMPARE(plot->points().today->bytes, plot->points().uniform.front().bytes);
}

/// An edit is one of the recipe before the trial.
void TestBudgetPage::editsEndTrials()
{
    WindowUnderTest t("demo:digits");
    const BudgetPlot *plot = pageOf(t)->plot();
    const Recipe before = t.setup->recipe();
    drag(plot, 1, 3);
    Recipe asymmetric = before;
    asymmetric.scheme.mode = Mode::Asymmetric;
    QVERIFY(t.setup->edit("Asymmetric", asymmetric));
    QTest::mouseRelease(plot->plotWidget(), Qt::LeftButton, {}, pixelOf(plot, plot->points().frontier[3]));
    QVERIFY(t.setup->recipe() == asymmetric);
    t.document->undoStack().undo();
    QVERIFY(t.setup->recipe() == before);
    QVERIFY(t.settle());
}

void TestBudgetPage::sameRecipeAsCommandLine_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("limit");
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("size") << "demo:digits" << "Size ≤" << "110 KiB" << QStringList{"--size", "110KiB"};
    QTest::newRow("bits") << "demo:digits" << "Bits per weight ≤" << "5" << QStringList{"--bpw", "5"};
    QTest::newRow("error") << "demo:digits" << "Error ≤" << "4" << QStringList{"--max-error", "4%"};
    QTest::newRow("network of a table") << "demo:notebook" << "Bits per weight ≤" << "5" << QStringList{"--bpw", "5"};
}

void TestBudgetPage::sameRecipeAsCommandLine()
{
    QFETCH(const QString, model);
    QFETCH(const QString, kind);
    QFETCH(const QString, limit);
    QFETCH(const QStringList, arguments);
    WindowUnderTest t(model);
    const BudgetPage *page = pageOf(t);
    QVERIFY(find(t, page, kind, limit));
    QVERIFY2(budgetOf(t).found(), qPrintable(page->state()->text()));
    QCOMPARE(t.document->undoStack().count(), 1);
    compareWithCommandLine(t, page, model, arguments);
}

void TestBudgetPage::whatUsersDecidedStays()
{
    WindowUnderTest t("demo:digits");
    quantizeLayers(*t.setup, {0}, false);
    changeOverrides(*t.setup, {2}, [](SchemePatch &patch) { patch.bits = 6; });
    QVERIFY(t.settle());
    const BudgetPage *page = pageOf(t);
    QVERIFY2(page->state()->text().contains("2 layers stay"), qPrintable(page->state()->text()));
    QVERIFY(find(t, page, "Bits per weight ≤", "12"));
    QVERIFY2(budgetOf(t).found(), qPrintable(page->state()->text()));
    QVERIFY(!t.setup->isQuantized(0));
    QCOMPARE(t.setup->decision(2).scheme.bits, 6);
}

/// Another edit than one of the page's own: measured again, and a search that is under way is over.
void TestBudgetPage::editsVoidWhatWasMeasured()
{
    WindowUnderTest t("demo:digits");
    const BudgetPage *page = pageOf(t);
    const auto first = budgetOf(t).prepared();
    choose(page->kind(), "Size ≤");
    page->limit()->setText("110 KiB");
    QTest::keyClick(page->limit(), Qt::Key_Return);
    QVERIFY(budgetOf(t).isFinding());
    quantizeLayers(*t.setup, {1}, false);
    QVERIFY(!budgetOf(t).isFinding() && !budgetOf(t).prepared());
    QVERIFY(waitUntilMeasured(t));
    QVERIFY(budgetOf(t).prepared() != first);
    QCOMPARE(budgetOf(t).prepared()->freeLayers(), t.document->model()->layers.size() - 1);
    QCOMPARE(t.document->undoStack().count(), 1); // nothing was found
    QVERIFY(t.settle());
}

/// What the first search decided is free for the second, even when somebody has changed one layer in between.
void TestBudgetPage::foundTwiceFromOneBase()
{
    WindowUnderTest t("demo:digits");
    const BudgetPage *page = pageOf(t);
    QVERIFY(find(t, page, "Bits per weight ≤", "3.5"));
    const auto prepared = budgetOf(t).prepared();
    QVERIFY(find(t, page, "Bits per weight ≤", "6"));
    QVERIFY(budgetOf(t).prepared() == prepared);
    const Recipe second = t.setup->recipe();
    QVERIFY(!second.rules.empty());
    t.document->undoStack().undo();
    QVERIFY(find(t, page, "Bits per weight ≤", "6"));
    QVERIFY(t.setup->recipe() == second);
    quantizeLayers(*t.setup, {1}, !t.setup->isQuantized(1));
    QVERIFY(t.settle() && waitUntilMeasured(t));
    QVERIFY(budgetOf(t).prepared()->freeLayers() >= t.document->model()->layers.size() - 1);
}

void TestBudgetPage::warnsWhereNothingRuns()
{
    QTemporaryDir folder;
    const QString path = folder.filePath("loose.safetensors");
    writeLooseWeights(path);
    WindowUnderTest t(path);
    const BudgetPage *page = pageOf(t);
    QVERIFY(page->plot()->points().metric == SearchMetric::Weight);
    QVERIFY2(page->state()->text().contains(
                 "Errors are those of the weights: what they do to the output of the network is not known."),
             qPrintable(page->state()->text()));
    // The command line has the same sentence, and finds the same.
    QVERIFY(find(t, page, "Bits per weight ≤", "6"));
    QVERIFY2(page->state()->text().contains("weight error"), qPrintable(page->state()->text()));
    compareWithCommandLine(t, page, path, {"--bpw", "6"});
}

void TestBudgetPage::wrongLimits_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("limit");
    QTest::addColumn<QString>("said");
    QTest::newRow("no unit") << "Size ≤" << "12 bananas" << "Expected";
    QTest::newRow("negative") << "Bits per weight ≤" << "-3" << "Expected";
    QTest::newRow("too small") << "Size ≤" << "10" << "smallest file";
    QTest::newRow("too little") << "Bits per weight ≤" << "0.5" << "at least";
}

void TestBudgetPage::wrongLimits()
{
    QFETCH(const QString, kind);
    QFETCH(const QString, limit);
    QFETCH(const QString, said);
    WindowUnderTest t("demo:digits");
    const BudgetPage *page = pageOf(t);
    const Recipe before = t.setup->recipe();
    QVERIFY(find(t, page, kind, limit));
    QVERIFY2(page->state()->text().contains(said), qPrintable(page->state()->text()));
    QVERIFY(t.setup->recipe() == before);
}

/// The scheme of today or float, so that no more layers are kept than needed.
void TestBudgetPage::excludeUntil()
{
    WindowUnderTest t("demo:digits");
    Recipe recipe = t.setup->recipe();
    recipe.scheme.bits = 3;
    QVERIFY(t.setup->edit("3 bits", recipe) && t.settle());
    const double all = t.setup->report()->outputError.relativeError.value_or(0);
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("budget.excludeUntil"));
    const BudgetPage *page = t.find<BudgetPage>("budget");
    QVERIFY(page->isVisible());
    QVERIFY(waitUntilMeasured(t));
    showChanges();
    QVERIFY(find(t, page, "Error ≤", QString::number(all * 50)));
    QVERIFY2(budgetOf(t).found(), qPrintable(page->state()->text()));
    QVERIFY(*t.setup->report()->outputError.relativeError <= all / 2);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < t.setup->decisions().size(); ++i) {
        kept += t.setup->isQuantized(i) ? 0 : 1;
        QVERIFY(!t.setup->isQuantized(i) || t.setup->decision(i).scheme == recipe.scheme);
    }
    QVERIFY(kept > 0 && kept < t.setup->decisions().size());
}

void TestBudgetPage::stopKeepsTheBest()
{
    WindowUnderTest t("demo:digits");
    const BudgetPage *page = pageOf(t);
    choose(page->kind(), "Bits per weight ≤");
    page->limit()->setText("5");
    QTest::mouseClick(page->findButton(), Qt::LeftButton);
    QVERIFY(budgetOf(t).isFinding() && page->stopButton()->isVisible());
    QTest::mouseClick(page->stopButton(), Qt::LeftButton);
    QVERIFY(QTest::qWaitFor([&t] { return !budgetOf(t).isFinding(); }, 60000) && t.settle());
    const SearchResult *found = budgetOf(t).found();
    QVERIFY2(found, qPrintable(page->state()->text()));
    QVERIFY(found->stoppedByTime && found->bitsPerWeight <= 5);
    QVERIFY(found->recipe == t.setup->recipe());
    QVERIFY2(page->state()->text().contains("best so far"), qPrintable(page->state()->text()));
}

QTEST_MAIN(TestBudgetPage)
#include "tst_budget_page.moc"
