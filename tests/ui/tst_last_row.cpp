// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Presented, every step of every lesson can be read from the last row: no text is smaller than a 30th of the height.
#include "tests/ui/drawn_texts.h"
#include "tests/ui/lesson_under_test.h"
#include "tests/ui/window_test.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/text/translation.h"

#include <QLabel>
#include <QLineEdit>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

namespace {

constexpr QSize kProjector(1280, 720);
constexpr QSize kOldProjector(1024, 768);
constexpr double kLines = 30; // of text in the height of the window, at most

/// Why a window is larger than it was asked to be.
QString widest(const QWidget &window)
{
    QStringList parts{QStringLiteral("%1 x %2").arg(window.width()).arg(window.height())};
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        const QSize least = widget->minimumSizeHint().expandedTo(widget->minimumSize());
        if (widget->isVisible() && (least.width() > 250 || least.height() > 400))
            parts << QStringLiteral("%1 %2: %3 x %4")
                         .arg(QLatin1String(widget->metaObject()->className()), widget->objectName())
                         .arg(least.width())
                         .arg(least.height());
    }
    return parts.join(QLatin1String("; "));
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

class TestLastRow : public WindowTest
{
    Q_OBJECT
private slots:
    void init() { text::setLanguage(QStringLiteral("en")); }
    void drawnTextsAreFound();
    void projector_data() { addLanguages(); }
    void projector() { checkAll(kProjector); }
    void oldProjector_data() { addLanguages(); }
    void oldProjector() { checkAll(kOldProjector); }

private:
    static void addLanguages();
    static void checkAll(QSize size);
};

void TestLastRow::drawnTextsAreFound()
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

void TestLastRow::addLanguages()
{
    QTest::addColumn<QString>("language");
    for (const text::Language &language : text::languages())
        QTest::newRow(qPrintable(language.name)) << language.name;
}

/// Whatever step of whatever lesson is presented: no text is smaller than a 30th of the height.
void TestLastRow::checkAll(QSize size)
{
    QFETCH(QString, language);
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
                QVERIFY2(t.window->size() == size, qPrintable(where + widest(*t.window)));
                const QString faults = tooSmall(*t.window, smallest);
                QVERIFY2(faults.isEmpty(), qPrintable(where + faults));
            }
        }
    }
}

QTEST_MAIN(TestLastRow)
#include "tst_last_row.moc"
