// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// As long as a class guesses, no part of the window says the answer.
#include "tests/ui/drawn_texts.h"
#include "tests/ui/lesson_under_test.h"
#include "tests/ui/window_test.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/pages/lesson/lesson_overlay.h"
#include "ui/selection/walk_example.h"
#include "ui/text/format.h"

#include <QDir>
#include <QLabel>

#include <algorithm>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

namespace {

bool isCovered(const QWidget *widget)
{
    for (; widget; widget = widget->parentWidget())
        if (const auto *cover = widget->findChild<QWidget *>("lessonCover", Qt::FindDirectChildrenOnly);
            cover && cover->isVisible())
            return true;
    return false;
}

/// Everything that can be read outside of the lesson itself and of the parts that the step leaves open.
QStringList readable(const WindowUnderTest &t, const LessonStep &step)
{
    QList<const QWidget *> left{t.find<QWidget>("lesson")};
    for (const std::string &name : step.open)
        left << findTarget(t.window.get(), QString::fromStdString(name));
    const auto canBeRead = [&](const QWidget *widget) {
        const auto isAround = [widget](const QWidget *part) { return part && part->isAncestorOf(widget); };
        return widget->isVisible() && std::ranges::none_of(left, isAround) && !isCovered(widget);
    };
    QStringList texts;
    for (const QLabel *label : t.window->findChildren<QLabel *>())
        if (canBeRead(label))
            texts << label->text();
    for (const QTreeView *view : t.window->findChildren<QTreeView *>())
        for (int row = 0; canBeRead(view) && row < view->model()->rowCount(); ++row)
            for (int column = 0; column < view->model()->columnCount(); ++column)
                if (!view->isColumnHidden(column))
                    texts << view->model()->index(row, column).data().toString();
    const QTemporaryDir folder;
    for (PlotPanel *plot : t.window->findChildren<PlotPanel *>()) {
        QFile file(folder.filePath("plot.svg"));
        if (!canBeRead(plot) || !plot->saveFigure(file.fileName()) || !file.open(QIODevice::ReadOnly))
            continue;
        for (const DrawnText &text : textsOf(file.readAll()))
            texts << text.words;
    }
    return texts;
}

/// As parts of the window would show it; nothing where it is too short to be told from others, such as "4".
QString asShown(const LessonNumber &number, double value, std::uint64_t samples)
{
    const QString shown = number.form == NumberForm::Right
                              ? text::accuracy(value / static_cast<double>(std::max<std::uint64_t>(samples, 1)))
                              : shownNumber(number, value);
    return shown.size() > 2 ? shown : QString();
}

/// Numbers that the class is to find out: those of the explanation that stand nowhere before it.
QStringList secrets(const LessonRun &run)
{
    const LessonStep &step = run.step();
    const LessonValues &values = *run.values();
    QStringList list;
    if (step.question->number && values.answer && !step.question->number->at.starts_with("/walk/"))
        list << asShown(*step.question->number, *values.answer, values.samples);
    for (std::size_t i = 0; i < step.numbers.size(); ++i) {
        const bool isBefore = step.numbers[i].at.starts_with("/before/");
        const bool isOfWalk = step.numbers[i].at.starts_with("/walk/"); // see stepOfWalk()
        const bool isSaid = step.say.english.find(QStringLiteral("{%1}").arg(i).toStdString()) != std::string::npos;
        if (!isBefore && !isOfWalk && !isSaid && values.numbers[i])
            list << asShown(step.numbers[i], *values.numbers[i], values.samples);
    }
    list.removeAll(QString());
    return list;
}

/// How far the number line goes; 0 where it shows a weight of the model.
int stepOfWalk(const WindowUnderTest &t)
{
    return t.find<QWidget>("numberLine")->property("walk").value<WalkExample>().step;
}

bool isOpenToAll(const LessonStep &step)
{
    return std::ranges::find(step.open, "all") != step.open.end();
}

} // namespace

class TestLessonCovers : public WindowTest
{
    Q_OBJECT
private slots:
    void parts();
    void noAnswerBeforeItsTime_data();
    void noAnswerBeforeItsTime();
    void anotherStart();
    void resultsOfLayers();
};

/// What is covered follows from the numbers of a step.
void TestLessonCovers::parts()
{
    LessonStep step;
    LessonNumber number;
    number.at = "/layers/fc2/metrics/sqnr_db";
    step.explain.english = "{0}";
    step.numbers = {number};
    QVERIFY(coveredParts(step).empty()); // nothing is asked
    step.question.emplace();
    QCOMPARE(coveredParts(step), (std::vector<std::string>{"layers", "details", "codes"}));
    step.open = {"codes"};
    step.cover = {"errors"};
    QCOMPARE(coveredParts(step), (std::vector<std::string>{"errors", "layers", "details"}));
    step.say.english = "It is {0}.";
    QCOMPARE(coveredParts(step), (std::vector<std::string>{"errors"}));
    step.say.english.clear();
    step.open = {"all"};
    QCOMPARE(coveredParts(step), (std::vector<std::string>{"errors"}));
    step.open.clear();
    step.start.emplace();
    QCOMPARE(coveredParts(step), (std::vector<std::string>{"errors"}));
}

void TestLessonCovers::noAnswerBeforeItsTime_data()
{
    QTest::addColumn<QString>("id");
    for (const LessonFile &file : lessonFiles())
        QTest::newRow(file.lesson.id.c_str()) << QString::fromStdString(file.lesson.id);
}

void TestLessonCovers::noAnswerBeforeItsTime()
{
    QFETCH(QString, id);
    WindowUnderTest t;
    QVERIFY(t.window->startLesson(id, 0));
    LessonRun &run = runOf(t);
    int checked = 0;
    QStringList faults;
    for (std::size_t i = 0; i < run.lesson().steps.size(); ++i) {
        run.goTo(i);
        QVERIFY(arrive(t));
        if (!run.step().question || isOpenToAll(run.step()))
            continue;
        constexpr int kDivided = 2; // the code, and all that follows from it, come later
        if (run.step().walk && !run.step().start) {
            ++checked;
            QCOMPARE(stepOfWalk(t), kDivided);
        }
        const QStringList texts = readable(t, run.step());
        QVERIFY(texts.size() > 10);
        for (const QString &secret : secrets(run)) {
            ++checked;
            for (const QString &text : texts)
                if (text.contains(secret))
                    faults << QStringLiteral("%1 step %2: “%3” in “%4”").arg(id).arg(i + 1).arg(secret, text);
        }
        run.reveal();
        QVERIFY(t.settle());
        QVERIFY(t.window->findChildren<QWidget *>("lessonCover").isEmpty());
    }
    QVERIFY(checked > 0);
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join('\n')));
}

/// Where the state itself would be the answer, the step begins with another one.
void TestLessonCovers::anotherStart()
{
    WindowUnderTest t;
    QVERIFY(t.window->startLesson("exercises", 2));
    QVERIFY(arrive(t));
    QCOMPARE(t.setup->recipe().scheme.bits, 8);
    QVERIFY(t.window->findChildren<QWidget *>("lessonCover").isEmpty());
    runOf(t).reveal();
    QVERIFY(t.settle());
    QCOMPARE(t.setup->recipe().scheme.bits, 6);
    // Back from a trial the answer stays revealed.
    runOf(t).tryFreely();
    runOf(t).backToLesson();
    QVERIFY(arrive(t));
    QVERIFY(runOf(t).isRevealed());
    QCOMPARE(t.setup->recipe().scheme.bits, 6);
    for (const LessonFile &file : lessonFiles())
        for (const LessonStep &step : file.lesson.steps) {
            if (!step.start)
                continue;
            const bool differs = !(step.start->recipe == step.recipe) || step.start->channel != step.channel ||
                                 (step.walk && step.start->walk && step.start->walk->value != step.walk->value);
            QVERIFY2(differs, step.say.english.c_str());
        }
}

/// The table of layers keeps names and ticks, and can be sorted by nothing that it does not show.
void TestLessonCovers::resultsOfLayers()
{
    WindowUnderTest t;
    QVERIFY(t.window->startLesson("L5", 1));
    QVERIFY(arrive(t));
    const LayerModel &model = *t.find<LayersPanel>("layers")->model();
    const auto cell = [&](int column, int role = Qt::DisplayRole) { return model.index(0, column).data(role); };
    QCOMPARE(cell(LayerModel::NameColumn).toString(), "fc1");
    QCOMPARE(cell(LayerModel::BitsColumn).toString(), "4");
    QCOMPARE(cell(LayerModel::ErrorColumn).toString(), "?");
    QCOMPARE(cell(LayerModel::SqnrColumn).toString(), "?");
    QVERIFY(!cell(LayerModel::ErrorColumn, LayerModel::SortRole).isValid());
    QVERIFY(!cell(LayerModel::ErrorColumn, LayerModel::BarRole).isValid());
    QVERIFY(!model.numberOf(0, LayerModel::SpreadColumn));
    runOf(t).reveal();
    QVERIFY(t.settle());
    QVERIFY(cell(LayerModel::ErrorColumn).toString().startsWith("28.9"));
    QVERIFY(model.numberOf(0, LayerModel::SpreadColumn).has_value());
    runOf(t).goTo(1);
    QVERIFY(arrive(t));
    runOf(t).leave();
    QVERIFY(QTest::qWaitFor([&] { return cell(LayerModel::ErrorColumn).toString() != "?"; }, 20000));
}

QTEST_MAIN(TestLessonCovers)
#include "tst_lesson_covers.moc"
