// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Hand-outs of lessons: one sheet of paper, and from the window.
#include "core/scheme/convention.h"
#include "tests/ui/lesson_under_test.h"
#include "tests/ui/window_test.h"
#include "ui/actions/action_registry.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/pages/lesson/lesson_paper.h"

#include <QLabel>
#include <QRegularExpression>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestHandOuts : public WindowTest
{
    Q_OBJECT
private slots:
    void onPaper_data();
    void onPaper();
    void ofTheWindow();
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
    QFile file(t.chooser.path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString paper = QString::fromUtf8(file.readAll());
    QVERIFY(paper.contains("Formulas: lecture") && paper.contains(QStringLiteral("max|w| / qmax, 10⁻⁸")));
    QVERIFY(paper.contains("With four bits the network now guesses."));
    t.chooser.path = t.folder.filePath("none/paper.html");
    QVERIFY(actions->trigger("learn.handOut"));
    QVERIFY(t.find<QLabel>("errorText"));
}

QTEST_MAIN(TestHandOuts)
#include "tst_hand_outs.moc"
