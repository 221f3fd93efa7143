// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A class with nothing but the program: all lessons by keyboard and clicker, in a window and presented.
// QUANTOSCOPE_PICTURES names a folder for a picture of every step.
#include "tests/ui/lesson_under_test.h"
#include "tests/ui/window_test.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/text/translation.h"

#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QRadioButton>

#include <algorithm>
#include <cmath>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

namespace {

constexpr QSize kProjector(1280, 720);
constexpr int kLessons = 7;

/// Keys go where a keyboard would send them.
void press(QWidget *window, Qt::Key key, Qt::KeyboardModifiers modifiers = {})
{
    QWidget *popup = QApplication::activePopupWidget();
    QWidget *focus = QApplication::focusWidget();
    QTest::keyClick(popup ? popup : focus ? focus : window, key, modifiers);
    showChanges();
}

/// The letter that a menu or an entry is reached by.
Qt::Key letterOf(const QString &text)
{
    return QKeySequence::mnemonic(text)[0].key();
}

/// The Learn menu is the one that has the lessons.
QMenu *learnMenu(const WindowUnderTest &t)
{
    for (const QAction *menu : t.window->menuBar()->actions())
        for (const QAction *entry : menu->menu()->actions())
            if (entry->objectName() == QLatin1String("learn.glossary"))
                return menu->menu();
    return nullptr;
}

/// Learn ▸ Lessons ▸ the lesson of that number, with keys only.
void startByMenu(const WindowUnderTest &t, int lesson)
{
    QMenu *menu = learnMenu(t);
    QVERIFY(menu);
    press(t.window.get(), letterOf(menu->title()), Qt::AltModifier);
    QTRY_COMPARE(QApplication::activePopupWidget(), menu);
    while (!menu->activeAction() || !menu->activeAction()->menu()) // the lessons have a menu of their own
        press(t.window.get(), Qt::Key_Down);
    press(t.window.get(), Qt::Key_Right);
    QTRY_VERIFY(QApplication::activePopupWidget() != menu);
    const auto *lessons = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(lessons);
    while (lessons->activeAction() != lessons->actions()[lesson])
        press(t.window.get(), Qt::Key_Down);
    press(t.window.get(), Qt::Key_Return);
    QTRY_VERIFY(!QApplication::activePopupWidget());
}

/// The field of the question gets the focus by the key of the previous pane: the lesson stands last.
void goToQuestion(const WindowUnderTest &t)
{
    const QWidget *panel = t.find<LessonPanel>("lesson");
    for (int i = 0; i < 12 && !panel->isAncestorOf(QApplication::focusWidget()); ++i)
        press(t.window.get(), Qt::Key_F6, Qt::ShiftModifier);
    QVERIFY(panel->isAncestorOf(QApplication::focusWidget()));
}

/// What the core has found out, typed as a student would.
void answerByKeys(const WindowUnderTest &t)
{
    const LessonRun &run = runOf(t);
    const LessonQuestion &question = *run.step().question;
    goToQuestion(t);
    switch (question.kind) {
    case LessonQuestion::Kind::Number: {
        const double scale = question.number->form == NumberForm::Percent ? 100 : 1;
        auto *field = t.find<QLineEdit>("lessonNumber");
        QCOMPARE(QApplication::focusWidget(), field);
        QTest::keyClicks(field, QString::number(run.values()->answer.value() * scale, 'g', 10));
        QTest::keyClick(field, Qt::Key_Return);
        break;
    }
    case LessonQuestion::Kind::Choice:
        for (std::size_t i = 0; i < question.right; ++i)
            press(t.window.get(), Qt::Key_Down);
        press(t.window.get(), Qt::Key_Space);
        QVERIFY(t.find<QRadioButton>(qPrintable(QStringLiteral("lessonChoice%1").arg(question.right)))->isChecked());
        press(t.window.get(), Qt::Key_PageDown);
        break;
    case LessonQuestion::Kind::Layer: {
        auto *layers = t.find<QComboBox>("lessonLayers");
        for (int i = 0; i < layers->count() && layers->currentText() != QString::fromStdString(question.layer); ++i)
            press(t.window.get(), Qt::Key_Down);
        press(t.window.get(), Qt::Key_PageDown);
        break;
    }
    }
}

bool isRight(const WindowUnderTest &t)
{
    const QString words = QCoreApplication::translate("qs::ui::LessonQuestionForm", "That is right.");
    return std::ranges::any_of(t.find<QWidget>("lesson")->findChildren<QLabel *>(),
                               [&](const QLabel *label) { return label->isVisible() && label->text() == words; });
}

void keepPicture(const WindowUnderTest &t, const QString &name)
{
    const QString folder = qEnvironmentVariable("QUANTOSCOPE_PICTURES");
    if (folder.isEmpty())
        return;
    QDir().mkpath(folder);
    QVERIFY(pictureOf(t.window.get()).save(QDir(folder).filePath(name + QStringLiteral(".png"))));
}

} // namespace

class TestClass : public WindowTest
{
    Q_OBJECT
private slots:
    void init() { text::setLanguage(QStringLiteral("en")); }
    void inTheWindow_data() { addLanguages(); }
    void inTheWindow() { walk(false); }
    void presented_data() { addLanguages(); }
    void presented() { walk(true); }

private:
    static void addLanguages();
    static void walk(bool isPresented);
    static void walkLesson(WindowUnderTest &t, const QString &prefix);
    static void thereAndBack(WindowUnderTest &t, const QByteArray &state);
    static void lecturersKeys(const WindowUnderTest &t);
    static void leaveByMenu(const WindowUnderTest &t);
};

void TestClass::addLanguages()
{
    QTest::addColumn<QString>("language");
    for (const text::Language &language : text::languages())
        QTest::newRow(qPrintable(language.name)) << language.name;
}

/// From a fresh start, with the keys of a keyboard and of a clicker.
void TestClass::walk(bool isPresented)
{
    QFETCH(QString, language);
    text::setLanguage(language);
    WindowUnderTest t;
    t.window->setDefaultSize(kProjector);
    const QString prefix = language + (isPresented ? QStringLiteral("-presented-") : QStringLiteral("-window-"));
    keepPicture(t, prefix + QStringLiteral("0"));
    for (int number = 0; number < kLessons; ++number) {
        startByMenu(t, number);
        QVERIFY(arrive(t));
        if (isPresented && number == 0)
            press(t.window.get(), Qt::Key_F11);
        walkLesson(t, prefix);
        QVERIFY(t.window->size() == kProjector);
    }
    if (isPresented)
        lecturersKeys(t);
    leaveByMenu(t);
}

void TestClass::walkLesson(WindowUnderTest &t, const QString &prefix)
{
    const LessonRun &run = runOf(t);
    const std::size_t steps = run.lesson().steps.size();
    for (std::size_t i = 0; i < steps; ++i) {
        const QString name =
            prefix +
            QStringLiteral("%1-%2").arg(QString::fromStdString(run.lesson().id)).arg(i + 1, 2, 10, QLatin1Char('0'));
        QVERIFY2(arrive(t), qPrintable(name));
        QCOMPARE(run.stepIndex(), i);
        keepPicture(t, name + QStringLiteral("-a"));
        const QByteArray state = run.stateText();
        if (run.step().question) {
            answerByKeys(t);
            QVERIFY2(isRight(t), qPrintable(name));
        } else if (!run.isRevealed()) {
            press(t.window.get(), Qt::Key_PageDown);
        }
        QVERIFY2(run.isRevealed(), qPrintable(name));
        QVERIFY(t.settle());
        keepPicture(t, name + QStringLiteral("-b"));
        if (i == 1)
            thereAndBack(t, state);
        press(t.window.get(), Qt::Key_PageDown);
    }
}

/// To the step before, and on again: the step is what it was, with the answer to be guessed again.
void TestClass::thereAndBack(WindowUnderTest &t, const QByteArray &state)
{
    const LessonRun &run = runOf(t);
    const std::size_t step = run.stepIndex();
    press(t.window.get(), Qt::Key_PageUp);
    QVERIFY(arrive(t));
    QCOMPARE(run.stepIndex(), step - 1);
    press(t.window.get(), Qt::Key_PageDown);
    if (run.stepIndex() < step) // the answer came first
        press(t.window.get(), Qt::Key_PageDown);
    QVERIFY(arrive(t));
    QCOMPARE(run.stepIndex(), step);
    QCOMPARE(run.stateText(), state);
    if (!run.isRevealed())
        press(t.window.get(), Qt::Key_PageDown);
}

/// Paused, other bits, black.
void TestClass::lecturersKeys(const WindowUnderTest &t)
{
    const int bits = t.setup->recipe().scheme.bits == 4 ? 5 : 4;
    press(t.window.get(), Qt::Key_P);
    QVERIFY(t.find<QWidget>("pausedBadge")->isVisible());
    press(t.window.get(), Qt::Key(Qt::Key_0 + bits));
    QCOMPARE(t.setup->recipe().scheme.bits, bits);
    press(t.window.get(), Qt::Key_P);
    press(t.window.get(), Qt::Key_B);
    QVERIFY(t.find<QWidget>("blackScreen")->isVisible());
    press(t.window.get(), Qt::Key_B);
    press(t.window.get(), Qt::Key_F11);
}

void TestClass::leaveByMenu(const WindowUnderTest &t)
{
    QMenu *menu = learnMenu(t);
    press(t.window.get(), letterOf(menu->title()), Qt::AltModifier);
    QTRY_COMPARE(QApplication::activePopupWidget(), menu);
    for (const QAction *entry : menu->actions())
        if (entry->objectName() == QLatin1String("lesson.leave"))
            press(t.window.get(), letterOf(entry->text()));
    QTRY_VERIFY(!runOf(t).isRunning());
}

QTEST_MAIN(TestClass)
#include "tst_class.moc"
