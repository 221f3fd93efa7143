// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A class with nothing but the program: all lessons by keyboard and clicker, and text that the last row can read.
// QUANTOSCOPE_PICTURES names a folder for a picture of every step.
#include "tests/ui/drawn_texts.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/pages/lesson/lesson_panel.h"
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
constexpr QSize kOldProjector(1024, 768);
constexpr double kLines = 30; // of text in the height of the window, at most

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

LessonRun &runOf(const WindowUnderTest &t)
{
    return t.find<LessonPanel>("lesson")->run();
}

bool arrive(WindowUnderTest &t)
{
    const auto arrived = [&] { return runOf(t).values() && t.document->model() && !t.document->isOpening(); };
    return QTest::qWaitFor(arrived, 30000) && t.settle();
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
    press(t.window.get(), Qt::Key_Down); // the lessons are the first entry
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

/// The first lines of what is too small.
QString tooSmall(QWidget &window, double smallest)
{
    QStringList faults;
    for (const DrawnText &text : drawnTexts(window))
        if (text.pixels < smallest)
            faults << QStringLiteral("“%1” %2 px").arg(text.words).arg(text.pixels);
    faults.removeDuplicates();
    return faults.mid(0, 12).join(QLatin1String("; "));
}

} // namespace

class TestClass : public WindowTest
{
    Q_OBJECT
private slots:
    void init() { text::setLanguage(QStringLiteral("en")); }
    void drawnTextsAreFound();
    void lastRow_data();
    void lastRow();
    void lessons_data();
    void lessons();
};

void TestClass::drawnTextsAreFound()
{
    QWidget window;
    QFont small = window.font();
    small.setPixelSize(11);
    auto *label = new QLabel(QStringLiteral("small words"), &window);
    label->setStyleSheet(QStringLiteral("font-size: 11px"));
    auto *other = new QLineEdit(QStringLiteral("large words"), &window);
    other->setStyleSheet(QStringLiteral("font-size: 31px"));
    label->setGeometry(0, 0, 200, 40);
    other->setGeometry(0, 60, 300, 60);
    window.resize(400, 200);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QString found;
    for (const DrawnText &text : drawnTexts(window))
        found += QStringLiteral("%1 %2;").arg(text.words).arg(text.pixels);
    QCOMPARE(found, QStringLiteral("small words 11;large words 31;"));
}

void TestClass::lastRow_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QSize>("size");
    for (const text::Language &language : text::languages())
        for (const QSize size : {kProjector, kOldProjector})
            QTest::addRow("%s %dx%d", qPrintable(language.name), size.width(), size.height()) << language.name << size;
}

/// Whatever step of whatever lesson is presented: no text is smaller than a 30th of the height.
void TestClass::lastRow()
{
    QFETCH(QString, language);
    QFETCH(QSize, size);
    text::setLanguage(language);
    WindowUnderTest t;
    t.window->setDefaultSize(size);
    const double smallest = size.height() / kLines;
    for (const LessonFile &file : lessonFiles()) {
        const QString id = QString::fromStdString(file.lesson.id);
        for (std::size_t i = 0; i < file.lesson.steps.size(); ++i) {
            if (i == 0)
                QVERIFY(t.window->startLesson(id, 0));
            else
                runOf(t).goTo(i);
            t.window->present();
            QVERIFY(arrive(t));
            for (const bool revealed : {false, true}) {
                if (revealed)
                    runOf(t).reveal();
                QVERIFY(t.settle());
                const QString where = QStringLiteral("%1 step %2: ").arg(id).arg(i + 1);
                QVERIFY2(t.window->size() == size,
                         qPrintable(where + QStringLiteral("%1 x %2").arg(t.window->width()).arg(t.window->height())));
                const QString faults = tooSmall(*t.window, smallest);
                QVERIFY2(faults.isEmpty(), qPrintable(where + faults));
            }
        }
    }
}

void TestClass::lessons_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<bool>("presented");
    for (const text::Language &language : text::languages()) {
        QTest::addRow("%s window", qPrintable(language.name)) << language.name << false;
        QTest::addRow("%s presented", qPrintable(language.name)) << language.name << true;
    }
}

/// From a fresh start, with the keys of a keyboard and of a clicker.
void TestClass::lessons()
{
    QFETCH(QString, language);
    QFETCH(bool, presented);
    text::setLanguage(language);
    WindowUnderTest t;
    t.window->setDefaultSize(kProjector);
    const QString prefix = language + (presented ? QStringLiteral("-presented-") : QStringLiteral("-window-"));
    keepPicture(t, prefix + QStringLiteral("0"));
    for (int number = 0; number < 7; ++number) {
        startByMenu(t, number);
        QVERIFY(arrive(t));
        if (presented && number == 0)
            press(t.window.get(), Qt::Key_F11);
        const Lesson lesson = runOf(t).lesson();
        for (std::size_t i = 0; i < lesson.steps.size(); ++i) {
            const LessonRun &run = runOf(t);
            const QString name =
                prefix +
                QStringLiteral("%1-%2").arg(QString::fromStdString(lesson.id)).arg(i + 1, 2, 10, QLatin1Char('0'));
            QVERIFY2(arrive(t), qPrintable(name));
            QCOMPARE(run.stepIndex(), i);
            keepPicture(t, name + QStringLiteral("-a"));
            if (run.step().question) {
                answerByKeys(t);
                QVERIFY2(run.isRevealed(), qPrintable(name));
                QVERIFY2(isRight(t), qPrintable(name));
            } else if (!run.isRevealed()) {
                press(t.window.get(), Qt::Key_PageDown);
            }
            QVERIFY(t.settle());
            keepPicture(t, name + QStringLiteral("-b"));
            if (i > 0) {
                // Back, and on again: the step is what it was.
                const QByteArray state = runOf(t).stateText();
                press(t.window.get(), Qt::Key_PageUp);
                QVERIFY(arrive(t));
                QCOMPARE(run.stepIndex(), i - 1);
                press(t.window.get(), Qt::Key_PageDown);
                if (run.stepIndex() < i) // the answer came first
                    press(t.window.get(), Qt::Key_PageDown);
                QVERIFY(arrive(t));
                QCOMPARE(run.stepIndex(), i);
                QCOMPARE(runOf(t).stateText(), state);
                if (!run.isRevealed())
                    press(t.window.get(), Qt::Key_PageDown);
            }
            press(t.window.get(), Qt::Key_PageDown);
        }
        QVERIFY(t.window->size() == kProjector);
    }
    if (presented) {
        // Numbers of a lecturer: paused, other bits, black.
        const int bits = t.setup->recipe().scheme.bits == 4 ? 5 : 4;
        t.find<LessonPanel>("lesson")->setFocus();
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
    QMenu *menu = learnMenu(t);
    press(t.window.get(), letterOf(menu->title()), Qt::AltModifier);
    for (const QAction *entry : menu->actions())
        if (entry->objectName() == QLatin1String("lesson.leave"))
            press(t.window.get(), letterOf(entry->text()));
    QTRY_VERIFY(!runOf(t).isRunning());
}

QTEST_MAIN(TestClass)
#include "tst_class.moc"
