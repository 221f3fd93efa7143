// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the window writes of lessons: hand-outs on one sheet of paper, slides, and steps of one's own.
#include "core/scheme/convention.h"
#include "tests/ui/lesson_under_test.h"
#include "tests/ui/window_test.h"
#include "ui/actions/action_registry.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/pages/lesson/lesson_paper.h"
#include "ui/selection/selection.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/lesson_papers.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

namespace {

QString said(const WindowUnderTest &t)
{
    return t.find<MessageBar>("messages")->sentence();
}

QString contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

class TestHandOuts : public WindowTest
{
    Q_OBJECT
private slots:
    void onPaper_data();
    void onPaper();
    void ofTheWindow();
    void withAnswers();
    void twoLanguages();
    void slides();
    void recordedStep();
};

void TestHandOuts::onPaper_data()
{
    QTest::addColumn<QString>("lesson");
    QTest::addColumn<bool>("answers");
    for (const LessonFile &file : lessonFiles())
        QTest::addRow("%s", file.lesson.id.c_str()) << QString::fromStdString(file.lesson.id) << false;
    QTest::newRow("L5, answers") << "L5" << true;
}

/// One sheet of paper in both languages, which takes the most room.
void TestHandOuts::onPaper()
{
    QFETCH(QString, lesson);
    QFETCH(bool, answers);
    const QTemporaryDir folder;
    const QString path = folder.filePath("paper.pdf");
    const HandOut wanted{{LessonLanguage::English, LessonLanguage::Chinese}, answers};
    QVERIFY(writeHandOut(path, findLesson(lesson)->lesson, wanted, {}));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray pdf = file.readAll();
    static const QRegularExpression count("/Count (\\d+)");
    const auto match = count.match(QString::fromLatin1(pdf));
    QVERIFY(match.hasMatch());
    QCOMPARE(match.captured(1).toInt(), 2);
}

/// From the window: of the lesson that runs, with the formulas of the preset that is chosen.
void TestHandOuts::ofTheWindow()
{
    WindowUnderTest t;
    auto *actions = t.find<ActionRegistry>("actions");
    QVERIFY(!actions->trigger("learn.handOut"));
    QVERIFY(t.window->startLesson("L3", 0));
    QVERIFY(arrive(t));
    runOf(t).tryFreely();
    changeScheme(*t.setup, findConvention("lecture")->scheme());
    t.chooser.path = t.folder.filePath("paper.html");
    QVERIFY(actions->trigger("learn.handOut"));
    QTRY_COMPARE_WITH_TIMEOUT(said(t), "Saved paper.html.", 20000);
    const QString paper = contentOf(t.chooser.path);
    QVERIFY(paper.contains("Formulas: lecture") && paper.contains(QStringLiteral("max|w| / qmax, 10⁻⁸")));
    QVERIFY(paper.contains("With four bits the network now guesses."));
    QVERIFY(!paper.contains("36 of 360"));
    QVERIFY(!paper.contains(QStringLiteral("四比特时网络只能瞎猜。")));
    QVERIFY(actions->trigger("learn.bothLanguages"));
    t.chooser.path = t.folder.filePath("both.html");
    QVERIFY(actions->trigger("learn.handOut"));
    QTRY_COMPARE_WITH_TIMEOUT(said(t), "Saved both.html.", 20000);
    QVERIFY(contentOf(t.chooser.path).contains(QStringLiteral("四比特时网络只能瞎猜。")));
    QVERIFY(contentOf(t.chooser.path).contains("With four bits the network now guesses."));
    t.chooser.path = t.folder.filePath("none/paper.html");
    QVERIFY(actions->trigger("learn.handOut"));
    QTRY_VERIFY_WITH_TIMEOUT(said(t).contains("the hand-out cannot be written", Qt::CaseInsensitive), 20000);
    QCOMPARE(said(t).count('\n'), 0);
}

void TestHandOuts::withAnswers()
{
    WindowUnderTest t;
    QVERIFY(t.window->startLesson("L3", 0));
    QVERIFY(arrive(t));
    t.chooser.path = t.folder.filePath("answers.html");
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("learn.answers"));
    QTRY_COMPARE_WITH_TIMEOUT(said(t), "Saved answers.html.", 60000);
    const QString paper = contentOf(t.chooser.path);
    QVERIFY(paper.contains("36 of 360"));
    QVERIFY(paper.contains("77,112 bytes"));
}

/// Each language has its own sentence, question, answer and units, also where the window speaks another one.
void TestHandOuts::twoLanguages()
{
    const auto paper =
        handOutHtml(findLesson("L3")->lesson,
                    {.languages = {LessonLanguage::English, LessonLanguage::Chinese}, .answers = true}, {});
    QVERIFY(paper.has_value());
    QVERIFY(paper->contains(QStringLiteral("从 77,112 字节到")) ||
            paper->contains(QStringLiteral("从 77,112 字节 到")));
    QVERIFY(paper->contains("from 77,112 bytes to 79,184 bytes"));
    QVERIFY(paper->contains(QStringLiteral("(3 and 4 / ✓ 2 and 4 / 2 and 3)")));
    QVERIFY2(paper->contains(QStringLiteral("<i>Largest value</i> → 0.75: code 7 and half a step.<br>E1. ")),
             qPrintable(*paper));
}

/// Drawn by a program of its own, into a folder that was not there before.
void TestHandOuts::slides()
{
    WindowUnderTest t;
    QVERIFY(!t.find<ActionRegistry>("actions")->trigger("learn.slides"));
    QVERIFY(t.window->startLesson("L1", 0));
    QVERIFY(arrive(t));
    t.find<LessonPapers>("lessonPapers")->setProgram(QStringLiteral(QUANTOSCOPE_PROGRAM));
    t.chooser.path = t.folder.path();
    QVERIFY(QDir(t.folder.path()).mkpath("L1-slides"));
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("learn.slides"));
    QTRY_COMPARE_WITH_TIMEOUT(said(t), "Saved L1-slides-2.", 120000);
    const QDir made(t.folder.filePath("L1-slides-2"));
    QCOMPARE(made.entryList({"*.png"}).size(), 7);
    QCOMPARE(made.entryList({"*.svg"}).size(), 7);
    QVERIFY(made.exists("steps.pdf"));
    QVERIFY(QDir(t.folder.filePath("L1-slides")).isEmpty());
    // A program that is not there: one sentence, and no folder.
    t.find<LessonPapers>("lessonPapers")->setProgram(t.folder.filePath("none"));
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("learn.slides"));
    QTRY_VERIFY_WITH_TIMEOUT(said(t).contains("the slides cannot be made", Qt::CaseInsensitive), 20000);
    QVERIFY(!QFile::exists(t.folder.filePath("L1-slides-3")));
}

/// Recorded and opened again, a step sets what was set; a lesson says where its model has to be.
void TestHandOuts::recordedStep()
{
    WindowUnderTest t;
    const QString model = t.folder.filePath("net.safetensors");
    QVERIFY(QFile::copy(QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/models/notebook.safetensors"), model));
    QVERIFY(t.open(model));
    auto *actions = t.find<ActionRegistry>("actions");
    changeScheme(*t.setup, findConvention("lecture")->scheme());
    t.find<Selection>("selection")->setCurrent(1, 3);
    QVERIFY(t.window->showTab("numberLine"));
    t.find<Selection>("selection")
        ->showExample({.value = 0.3F,
                       .scale = {.scale = 0.1F, .stored = 0.1F, .zeroPoint = 2},
                       .coding = {CodeRule::Divide, Arithmetic::F32, -8, 7},
                       .step = 4});
    showChanges();
    t.chooser.path = t.folder.filePath(QStringLiteral("我的课.lesson.json"));
    QVERIFY(actions->trigger("learn.record"));
    QVERIFY2(said(t).startsWith(QStringLiteral("Step 1 is in 我的课.lesson.json. Its words")), qPrintable(said(t)));
    const auto lesson = readLesson(t.chooser.path);
    QVERIFY(lesson);
    const LessonStep &step = lesson->steps.front();
    QCOMPARE(QString::fromStdString(step.model), "net.safetensors");
    QVERIFY(step.walk && step.walk->bits == 4 && step.walk->asymmetric && !step.walk->narrow);
    QCOMPARE(step.walk->zeroPoint, 2);
    QCOMPARE(step.walk->step, 4);
    // From another model, everything comes back.
    t.document->undoStack().setClean();
    QVERIFY(t.open("demo:digits"));
    QVERIFY(t.window->startLesson(t.chooser.path, 0));
    QVERIFY(arrive(t));
    QCOMPARE(QFileInfo(t.document->location()).fileName(), "net.safetensors");
    QVERIFY(t.setup->recipe().scheme == step.recipe.scheme);
    QCOMPARE(t.find<Selection>("selection")->channel(), qint64(3));
    QCOMPARE(runOf(t).recorded().walk->value, 0.3F);
    runOf(t).leave();
    // Elsewhere the lesson would not find its model.
    QVERIFY(t.open(model));
    QVERIFY(QDir(t.folder.path()).mkpath("lessons"));
    t.chooser.path = t.folder.filePath("lessons/own.lesson.json");
    QVERIFY(actions->trigger("learn.record"));
    QVERIFY2(said(t).contains("Put net.safetensors into the same folder"), qPrintable(said(t)));
    // A file that is something else stays as it is.
    t.chooser.path = model;
    QVERIFY(actions->trigger("learn.record"));
    QVERIFY2(said(t).contains("net.safetensors"), qPrintable(said(t)));
    QVERIFY(t.open(model));
}

QTEST_MAIN(TestHandOuts)
#include "tst_hand_outs.moc"
