// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lessons in the window: state, questions, covers, the way back, and files of strangers.
#include "tests/ui/lesson_under_test.h"
#include "tests/ui/window_test.h"
#include "ui/actions/action_registry.h"
#include "ui/document/screening.h"
#include "ui/pages/lesson/glossary_dialog.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/pages/lesson/lesson_overlay.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"
#include "ui/text/translation.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QRandomGenerator>
#include <QTimer>
#include <QTreeWidget>

#include <cmath>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

namespace {

LessonPanel *panelOf(const WindowUnderTest &t)
{
    return t.find<LessonPanel>("lesson");
}

QString explanation(const WindowUnderTest &t)
{
    return t.find<QLabel>("lessonExplain")->text();
}

} // namespace

class TestLessonsWindow : public WindowTest
{
    Q_OBJECT
private slots:
    void everyTargetExists();
    void aStep();
    void byClicker();
    void backRestores();
    void letMeTry();
    void leftAsFound();
    void slips();
    void blink();
    void record();
    void hostileFiles();
    void glossary();
    void presented();
    void revealInSight();
    void inAnotherLanguage();
    void troubles();
    void anyActions();
};

void TestLessonsWindow::everyTargetExists()
{
    const WindowUnderTest t("demo:digits");
    QVERIFY(lessonFiles().size() >= 8);
    QStringList tabs;
    for (const PageInfo &info : pages())
        if (info.place == PagePlace::Tab)
            tabs << info.id;
    for (const LessonFile &file : lessonFiles()) {
        for (const LessonStep &step : file.lesson.steps) {
            const QString target = QString::fromStdString(step.target);
            QVERIFY2(findTarget(t.window.get(), target), qPrintable(target));
            QVERIFY2(tabs.contains(QString::fromStdString(step.tab)), step.tab.c_str());
            for (const std::string &cover : step.cover)
                QVERIFY2(findTarget(t.window.get(), QString::fromStdString(cover)), cover.c_str());
        }
    }
}

void TestLessonsWindow::aStep()
{
    WindowUnderTest t;
    QVERIFY(!t.find<QWidget>("lesson")->isVisible());
    QVERIFY(t.window->startLesson("l3", 2));
    QVERIFY(arrive(t));
    QVERIFY(t.find<QWidget>("lesson")->isVisible());
    QCOMPARE(t.document->location(), "demo:lesson");
    QCOMPARE(t.setup->recipe().scheme.bits, 4);
    QCOMPARE(t.setup->recipe().scheme.granularity, Granularity::tensor());
    QCOMPARE(t.find<Selection>("selection")->layer(), 1);
    // The answer is covered, and the ring is there.
    const auto covers = [&] { return t.window->findChildren<QWidget *>("lessonCover").size(); };
    QCOMPARE(covers(), 5); // all parts that show a number of the explanation
    QVERIFY(t.find<QWidget>("lessonRing")->isVisible());
    QVERIFY(!t.find<QLabel>("lessonExplain")->isVisible());
    auto *number = t.find<QLineEdit>("lessonNumber");
    number->setText("36");
    QTest::keyClick(number, Qt::Key_Return);
    QCOMPARE(covers(), 0);
    QVERIFY(t.find<QLabel>("lessonExplain")->isVisible());
    QVERIFY2(explanation(t).startsWith("36 of 360"), qPrintable(explanation(t)));
    QVERIFY(explanation(t).contains("95.6"));
    // Nobody is asked to save what the lesson has set.
    QVERIFY(t.document->undoStack().isClean());
    QVERIFY(t.document->undoStack().canUndo());
}

void TestLessonsWindow::byClicker()
{
    WindowUnderTest t;
    QVERIFY(t.window->startLesson("L1", 0));
    QVERIFY(arrive(t));
    const LessonRun &run = panelOf(t)->run();
    QVERIFY(!run.isRevealed());
    QTest::keyClick(t.window.get(), Qt::Key_PageDown);
    QVERIFY(run.isRevealed());
    QCOMPARE(run.stepIndex(), std::size_t(0));
    QTest::keyClick(t.window.get(), Qt::Key_PageDown);
    QCOMPARE(run.stepIndex(), std::size_t(1));
    QTest::keyClick(t.window.get(), Qt::Key_PageUp);
    QCOMPARE(run.stepIndex(), std::size_t(0));
    QCOMPARE(t.settings->data().lessonSteps, QStringList{"L1=2"});
}

/// The state after going on and back is the one before, whatever was done in between.
void TestLessonsWindow::backRestores()
{
    WindowUnderTest t;
    for (const LessonFile &file : lessonFiles()) {
        QVERIFY(t.window->startLesson(QString::fromStdString(file.lesson.id), 0));
        QVERIFY(arrive(t));
        QByteArrayList states;
        LessonRun &run = panelOf(t)->run();
        for (std::size_t i = 0; i < file.lesson.steps.size(); ++i) {
            run.goTo(i);
            QVERIFY(arrive(t));
            states << run.stateText();
        }
        for (std::size_t i = file.lesson.steps.size() - 1; i > 0; --i) {
            t.find<Selection>("selection")->setCurrent(0);
            quantizeLayers(*t.setup, {0}, false);
            t.window->showTab("file");
            run.goTo(i - 1);
            QVERIFY(arrive(t));
            QCOMPARE(run.stateText(), states[qsizetype(i) - 1]);
        }
    }
}

void TestLessonsWindow::letMeTry()
{
    WindowUnderTest t;
    QVERIFY(t.window->startLesson("L5", 1));
    QVERIFY(arrive(t));
    LessonRun &run = panelOf(t)->run();
    const QByteArray before = run.stateText();
    run.tryFreely();
    QCOMPARE(t.window->findChildren<QWidget *>("lessonCover").size(), 0);
    quantizeLayers(*t.setup, {0}, false);
    QVERIFY(run.stateText() != before);
    run.backToLesson();
    QVERIFY(arrive(t));
    QCOMPARE(run.stateText(), before);
    QVERIFY(!run.isFree() && !run.isRevealed());
}

void TestLessonsWindow::leftAsFound()
{
    WindowUnderTest t("demo:digits");
    quantizeLayers(*t.setup, {3}, false);
    t.find<Selection>("selection")->setCurrent(2, 5);
    QVERIFY(t.window->showTab("channels"));
    QVERIFY(t.settle());
    const QByteArray before = panelOf(t)->run().stateText();
    QVERIFY(t.window->startLesson("L4", 5));
    QCOMPARE(t.chooser.unsavedQuestions, 1);
    QVERIFY(arrive(t));
    QCOMPARE(t.document->location(), "demo:lesson");
    QVERIFY(t.setup->slips().forgetZeroPoint);
    panelOf(t)->run().leave();
    const auto isBack = [&] { return t.document->location() == "demo:digits" && !t.document->undoStack().isClean(); };
    QVERIFY(QTest::qWaitFor(isBack, 20000));
    QVERIFY(t.settle());
    QCOMPARE(panelOf(t)->run().stateText(), before);
    QVERIFY(!t.setup->slips().any());
    QVERIFY(t.window->findChildren<QWidget *>("lessonRing").isEmpty());
    // Who wants to keep the edits does not begin.
    t.chooser.unsaved = FileChooser::Unsaved::Cancel;
    QVERIFY(t.window->startLesson("L4", 5));
    QVERIFY(!panelOf(t)->run().isRunning());
    QCOMPARE(t.document->location(), "demo:digits");
}

void TestLessonsWindow::slips()
{
    WindowUnderTest t;
    QVERIFY(t.window->startLesson("L4", 5));
    QVERIFY(arrive(t));
    QCOMPARE(std::lround(t.setup->report()->outputError.accuracyAfter.value() * 360), 36L);
    panelOf(t)->run().goTo(6);
    QVERIFY(arrive(t));
    QVERIFY(!t.setup->slips().any());
    QCOMPARE(std::lround(t.setup->report()->outputError.accuracyAfter.value() * 360), 353L);
}

void TestLessonsWindow::blink()
{
    WindowUnderTest t;
    QVERIFY(t.window->startLesson("L3", 3));
    QVERIFY(arrive(t));
    const QByteArray before = panelOf(t)->run().stateText();
    QTest::keyPress(t.window.get(), Qt::Key_QuoteLeft);
    QCOMPARE(t.setup->recipe().scheme.granularity, Granularity::tensor());
    QTest::keyRelease(t.window.get(), Qt::Key_QuoteLeft);
    QCOMPARE(panelOf(t)->run().stateText(), before);
}

void TestLessonsWindow::record()
{
    WindowUnderTest t("demo:notebook");
    t.chooser.path = t.folder.filePath("own.json");
    quantizeLayers(*t.setup, {1}, false);
    auto *actions = t.find<ActionRegistry>("actions");
    QVERIFY(actions->trigger("learn.record"));
    QVERIFY(actions->trigger("learn.record"));
    const auto lesson = readLesson(t.chooser.path);
    QVERIFY(lesson);
    QCOMPARE(lesson->steps.size(), std::size_t(2));
    QVERIFY(lesson->steps[1].recipe == t.setup->recipe());
    QCOMPARE(QString::fromStdString(lesson->steps[1].model), "demo:notebook");
    // A lesson that is dropped begins.
    t.document->undoStack().setClean();
    drop(t.window.get(), t.chooser.path);
    QVERIFY(arrive(t));
    QCOMPARE(panelOf(t)->run().lesson().id, std::string("own"));
}

void TestLessonsWindow::hostileFiles()
{
    WindowUnderTest t("demo:digits");
    const auto open = [&](const QByteArray &content) {
        t.chooser.path = t.folder.filePath("bad.json");
        QFile file(t.chooser.path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        QVERIFY(t.find<ActionRegistry>("actions")->trigger("learn.open"));
        showChanges();
    };
    open("{");
    QVERIFY(!panelOf(t)->run().isRunning());
    // Dropped, too, it says what is wrong with it.
    const QString called = t.folder.filePath("bad.lesson.json");
    QVERIFY(QFile::copy(t.chooser.path, called));
    drop(t.window.get(), called);
    showChanges();
    QVERIFY(t.find<QWidget>("lesson")->isVisible() && t.find<QLabel>("errorText"));
    QCOMPARE(t.document->location(), "demo:digits");
    // Names that are no parts of the window, layers and channels that are not there.
    open("{\"quantoscope_lesson\":1,\"id\":\"x\",\"title\":{\"en\":\"<b>X</b>\"},\"steps\":[{\"say\":{\"en\":\"<img "
         "src=x>\"},"
         "\"model\":\"demo:digits\",\"layer\":\"none\",\"channel\":999999999,\"tab\":\"none\",\"target\":\"none\","
         "\"cover\":[\"none\"],\"numbers\":[{\"at\":\"/a/b\"}]}]}");
    QVERIFY(arrive(t));
    QCOMPARE(t.find<QLabel>("lessonSay")->text(), "<img src=x>");
    QCOMPARE(t.find<QLabel>("lessonSay")->textFormat(), Qt::PlainText);
    QVERIFY(t.window->findChildren<QWidget *>("lessonRing").isEmpty());
    // A model that is not there: the lesson says so and can be left.
    open("{\"quantoscope_lesson\":1,\"id\":\"x\",\"title\":{\"en\":\"X\"},\"steps\":[{\"say\":{\"en\":\"a\"},"
         "\"model\":\"missing.safetensors\"}]}");
    QVERIFY(QTest::qWaitFor([&] { return !t.document->isOpening(); }, 20000));
    panelOf(t)->run().leave();
    QCOMPARE(t.document->location(), "demo:digits");
}

void TestLessonsWindow::glossary()
{
    WindowUnderTest t;
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("learn.glossary"));
    auto *dialog = t.window->findChild<GlossaryDialog *>();
    QVERIFY(dialog);
    const auto shown = [&] {
        int count = 0;
        for (int i = 0; i < dialog->table()->topLevelItemCount(); ++i)
            count += !dialog->table()->topLevelItem(i)->isHidden();
        return count;
    };
    QCOMPARE(shown(), 80);
    dialog->search()->setText(QStringLiteral("缩放因子"));
    QVERIFY(shown() >= 1 && shown() < 10);
    dialog->search()->setText("zero point");
    QVERIFY(shown() >= 1 && shown() < 10);
    dialog->close();
}

/// The step and the layers stay; keys of a lecturer; and all is as before when it ends.
void TestLessonsWindow::presented()
{
    WindowUnderTest t;
    QVERIFY(t.window->startLesson("L2", 0));
    QVERIFY(arrive(t));
    const double usual = QApplication::font().pointSizeF();
    QTest::keyClick(t.window.get(), Qt::Key_F11);
    // What a step points at takes the place of the layers.
    QVERIFY(t.find<QWidget>("lesson")->isVisible() && t.find<QWidget>("details")->isVisible());
    panelOf(t)->run().goTo(4);
    QVERIFY(arrive(t));
    QVERIFY(t.find<QWidget>("lesson")->isVisible() && t.find<QWidget>("layers")->isVisible());
    panelOf(t)->run().goTo(0);
    QVERIFY(arrive(t));
    QVERIFY(!t.find<QWidget>("distribution")->isVisible());
    const auto pixels = [] { return QFontInfo(QApplication::font()).pixelSize(); };
    QCOMPARE(pixels(), int(std::ceil(t.window->height() / 30.0)));
    // Other sizes are steps of that of every day, and stay within bounds.
    t.find<ActionRegistry>("actions")->trigger("present.larger");
    const double larger = QApplication::font().pointSizeF();
    QCOMPARE(std::fmod(larger / usual, 0.25), 0.0);
    QTest::keyClick(t.window.get(), Qt::Key_Minus, Qt::ControlModifier);
    QCOMPARE(QApplication::font().pointSizeF(), larger - usual / 4);
    for (int i = 0; i < 20; ++i)
        t.find<ActionRegistry>("actions")->trigger("present.smaller");
    QCOMPARE(QApplication::font().pointSizeF(), usual);
    for (int i = 0; i < 20; ++i)
        t.find<ActionRegistry>("actions")->trigger("present.larger");
    QVERIFY(QApplication::font().pointSizeF() >= usual * 2.5);
    QTest::keyClick(t.window.get(), Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(pixels(), int(std::ceil(t.window->height() / 30.0)));

    QTest::keyClick(t.window.get(), Qt::Key_4);
    QCOMPARE(t.setup->recipe().scheme.bits, 4);
    QVERIFY(t.settle());
    // Paused, results stay whatever is set; then they follow.
    const auto sqnr = [&] { return t.setup->report()->layers[3]->metrics.sqnrDb.value(); };
    const double at4 = sqnr();
    QTest::keyClick(t.window.get(), Qt::Key_P);
    QVERIFY(t.find<QWidget>("pausedBadge")->isVisible());
    QTest::keyClick(t.window.get(), Qt::Key_8);
    QCOMPARE(t.setup->recipe().scheme.bits, 8);
    QTest::qWait(300);
    QCOMPARE(sqnr(), at4);
    QTest::keyClick(t.window.get(), Qt::Key_P);
    QVERIFY(t.settle());
    QVERIFY(sqnr() > at4 + 20);
    QVERIFY(!t.window->findChild<QWidget *>("pausedBadge"));

    QTest::keyClick(t.window.get(), Qt::Key_B);
    QCOMPARE(t.find<QWidget>("blackScreen")->size(), t.window->size());
    QTest::keyClick(t.window.get(), Qt::Key_B);
    QVERIFY(!t.window->findChild<QWidget *>("blackScreen"));
    // A digit in a field is text.
    panelOf(t)->run().goTo(1);
    QVERIFY(arrive(t));
    auto *number = t.find<QLineEdit>("lessonNumber");
    number->setFocus();
    QTest::keyClicks(number, "42");
    QCOMPARE(number->text(), "42");
    QCOMPARE(t.setup->recipe().scheme.bits, 7);

    QTest::keyClick(t.window.get(), Qt::Key_F11);
    QCOMPARE(QApplication::font().pointSizeF(), usual);
    QVERIFY(t.find<QWidget>("distribution")->isVisible());
}

/// The lesson goes on where it was, and what was found before it still comes back.
void TestLessonsWindow::revealInSight()
{
    WindowUnderTest t;
    t.window->setDefaultSize({1024, 768});
    for (const char *lesson : {"L3", "L4"}) {
        QVERIFY(t.window->startLesson(lesson, 0));
        QVERIFY(arrive(t));
        t.window->present();
        showChanges();
        const auto *reveal = panelOf(t)->findChild<QPushButton *>("primary");
        QVERIFY(reveal && reveal->isVisible());
        QTRY_COMPARE(reveal->visibleRegion().boundingRect(), reveal->rect());
    }
}

void TestLessonsWindow::inAnotherLanguage()
{
    WindowUnderTest t("demo:digits");
    QVERIFY(t.window->startLesson("L3", 2));
    QVERIFY(arrive(t));
    const QByteArray before = panelOf(t)->run().stateText();
    text::setLanguage("zh_CN");
    const auto isChinese = [&] {
        const auto *say = t.window->findChild<QLabel *>("lessonSay");
        return say && say->text() == QStringLiteral("四比特时网络只能瞎猜。");
    };
    QVERIFY(QTest::qWaitFor(isChinese, 20000));
    QVERIFY(arrive(t));
    QCOMPARE(panelOf(t)->run().stepIndex(), std::size_t(2));
    QCOMPARE(panelOf(t)->run().stateText(), before);
    QCOMPARE(t.window->findChildren<QWidget *>("lessonCover").size(), 5);
    panelOf(t)->run().leave();
    QVERIFY(QTest::qWaitFor([&] { return t.document->location() == "demo:digits"; }, 20000));
    text::setLanguage("en");
    QVERIFY(t.settle());
}

/// Selected layer and remarks on the file name what was planted, and nothing else.
void TestLessonsWindow::troubles()
{
    WindowUnderTest t("demo:lesson");
    const auto sentences = [&] {
        QStringList all;
        for (const Trouble &trouble : Screening::of(*t.setup).troubles())
            all << text::sentence(trouble.sentence);
        return all;
    };
    QVERIFY(QTest::qWaitFor([&] { return sentences().size() == 5; }, 20000));
    t.find<Selection>("selection")->setCurrent(1);
    showChanges();
    QStringList notes;
    for (const QLabel *label : t.find<QWidget>("details")->findChildren<QLabel *>())
        notes << label->text();
    const QString said = notes.join('\n');
    for (const QString &sentence : sentences().mid(1, 3))
        QVERIFY2(said.contains(sentence), qPrintable(said));
    QVERIFY(!said.contains(sentences()[0]) && !said.contains(sentences()[4]));
    QVERIFY(t.open("demo:notebook"));
    QTest::qWait(200);
    QCOMPARE(sentences(), QStringList());
}

/// Whatever is done in whatever order while a lesson runs: nothing breaks, and leaving it brings back what was there.
void TestLessonsWindow::anyActions()
{
    const unsigned seed = qEnvironmentVariableIntValue("QUANTOSCOPE_RANDOM_SEED");
    const int wanted = qEnvironmentVariableIntValue("QUANTOSCOPE_RANDOM_ACTIONS");
    const int count = wanted > 0 ? wanted : 60;
    QRandomGenerator random(seed);
    // Those that end the window, wait for an answer, or write files of somebody.
    const QStringList left{"window.quit",      "help.about",   "help.keys",   "model.open",
                           "model.openFolder", "recipe.open",  "recipe.save", "recipe.saveAs",
                           "model.report",     "learn.record", "learn.open",  "compare.file"};
    WindowUnderTest t("demo:digits");
    QStringList done;
    // Questions that wait for an answer get none.
    QTimer closer;
    connect(&closer, &QTimer::timeout, this, [] {
        if (QWidget *dialog = QApplication::activeModalWidget())
            dialog->close();
    });
    closer.start(20);
    for (int i = 0; i < count; ++i) {
        QString what;
        LessonRun &run = panelOf(t)->run();
        if (const int dice = random.bounded(10); dice == 0 || !run.isRunning()) {
            const LessonFile &file = lessonFiles()[random.bounded(quint32(lessonFiles().size()))];
            const auto step = random.bounded(quint32(file.lesson.steps.size()));
            what = QStringLiteral("%1 %2").arg(QString::fromStdString(file.lesson.id)).arg(step);
            t.window->startLesson(QString::fromStdString(file.lesson.id), step);
        } else if (dice < 5) {
            constexpr Qt::Key kKeys[] = {Qt::Key_PageDown, Qt::Key_PageUp, Qt::Key_QuoteLeft, Qt::Key_F11,
                                         Qt::Key_2,        Qt::Key_8,      Qt::Key_P,         Qt::Key_B};
            const Qt::Key key = kKeys[random.bounded(quint32(std::size(kKeys)))];
            what = QKeySequence(key).toString();
            QTest::keyClick(t.window.get(), key);
        } else {
            const auto &entries = t.find<ActionRegistry>("actions")->entries();
            const ActionInfo &info = entries[random.bounded(quint32(entries.size()))].info;
            if (left.contains(info.id) || !info.work)
                continue;
            what = info.id;
            t.find<ActionRegistry>("actions")->trigger(what);
        }
        done << what;
        QTest::qWait(random.bounded(40));
        if (QWidget *popup = QApplication::activePopupWidget())
            popup->close();
        QVERIFY2(warnings().isEmpty(), qPrintable(done.join(' ')));
    }
    panelOf(t)->run().leave();
    text::setLanguage("en");
    QVERIFY2(QTest::qWaitFor([&] { return !t.document->isOpening() && !panelOf(t)->run().isRunning(); }, 20000),
             qPrintable(done.join(' ')));
}

QTEST_MAIN(TestLessonsWindow)
#include "tst_lessons_window.moc"
