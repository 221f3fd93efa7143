// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Another language reaches the screen: what core says as well as what the window says by itself.
#include "tests/support/test_model.h"
#include "tests/ui/shown_texts.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/pages/page.h"
#include "ui/pages/welcome/error_page.h"
#include "ui/text/format.h"

#include <QDockWidget>
#include <QMenuBar>
#include <QRegularExpression>
#include <QTranslator>

#include <algorithm>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

namespace {

/// Every text in brackets.
class PseudoLanguage final : public QTranslator
{
public:
    bool isEmpty() const override { return false; }
    QString translate(const char * /*context*/, const char *source, const char * /*comment*/, int n) const override
    {
        return QStringLiteral("[%1]").arg(QString::fromUtf8(source).replace(QLatin1String("%n"), QString::number(n)));
    }
};

} // namespace

class TestTranslatedWindow : public WindowTest
{
    Q_OBJECT

private slots:
    void pluralsOfEnglish();
    void windowItself();
    void reasonsOfCore();
    void errorOfCore();
    void nothingIsLeftOut_data();
    void nothingIsLeftOut();
};

/// English is installed without anybody asking for it.
void TestTranslatedWindow::pluralsOfEnglish()
{
    QCOMPARE(text::exactBytes(1), QStringLiteral("1 byte"));
    QCOMPARE(text::exactBytes(1204), QStringLiteral("1,204 bytes"));
    QCOMPARE(text::words(Text::of("{} of {}", 1, 2)), QStringLiteral("1 of 2"));
}

void TestTranslatedWindow::windowItself()
{
    PseudoLanguage language;
    QVERIFY(QCoreApplication::installTranslator(&language));
    const WindowUnderTest t(QStringLiteral("demo:notebook"));
    QVERIFY(!t.window->menuBar()->actions().isEmpty());
    for (const QAction *menu : t.window->menuBar()->actions())
        QVERIFY2(menu->text().startsWith(u'['), qPrintable(menu->text()));
    const auto docks = t.window->findChildren<QDockWidget *>();
    QVERIFY(!docks.isEmpty());
    for (const QDockWidget *dock : docks)
        QVERIFY2(dock->windowTitle().startsWith(u'['), qPrintable(dock->windowTitle()));
}

void TestTranslatedWindow::reasonsOfCore()
{
    PseudoLanguage language;
    QVERIFY(QCoreApplication::installTranslator(&language));
    WindowUnderTest t(QStringLiteral("demo:notebook"));
    const Recipe start = t.setup->recipe();
    Recipe recipe = start;
    recipe.rules.push_back({"*", Rule::Action::Exclude, {}, {}, {}});
    t.setup->edit(QStringLiteral("all"), recipe);
    QVERIFY(t.settle());
    QCOMPARE(t.setup->keptReason(0), QStringLiteral("[excluded by rule '*']"));
    // What a user has unticked is told by who decided, not by the words.
    recipe = start;
    setQuantized(recipe, t.setup->model()->layers[0], false);
    t.setup->edit(QStringLiteral("one"), recipe);
    QVERIFY(t.settle());
    QCOMPARE(t.setup->keptReason(0), QStringLiteral("[unticked]"));
}

void TestTranslatedWindow::errorOfCore()
{
    PseudoLanguage language;
    QVERIFY(QCoreApplication::installTranslator(&language));
    WindowUnderTest t;
    t.open(t.folder.filePath(QStringLiteral("gone.safetensors")));
    const auto *page = t.window->findChild<ErrorPage *>();
    QVERIFY(page && page->isVisible());
    QVERIFY2(page->text().contains(QLatin1String("[the file does not exist]")), qPrintable(page->text()));
}

void TestTranslatedWindow::nothingIsLeftOut_data()
{
    QTest::addColumn<QString>("model");
    QTest::newRow("start page") << QString();
    QTest::newRow("digits") << QStringLiteral("demo:digits");
    QTest::newRow("notebook") << QStringLiteral("demo:notebook");
}

/// Words that the program says without looking them up would be the same in all languages.
void TestTranslatedWindow::nothingIsLeftOut()
{
    QFETCH(const QString, model);
    PseudoLanguage language;
    QVERIFY(QCoreApplication::installTranslator(&language));
    WindowUnderTest t(model);
    for (const PageInfo &info : pages())
        if (info.place == PagePlace::Tab && t.window->showTab(info.id))
            for (int turn = 0; turn < 3; ++turn)
                showChanges();
    // Two words in a row; names, numbers and what comes from the file are none, or stand in brackets as a part.
    static const QRegularExpression kWords(QStringLiteral("\\b[A-Za-z]?[a-z]{2,} [a-z]{2,}\\b"));
    static const QStringList kOfFiles{QStringLiteral("held-out images"), QStringLiteral("handwritten digits"),
                                      QStringLiteral("lecture notebook"), QStringLiteral("untrained network"),
                                      QStringLiteral("seeded input")};
    QStringList left;
    const ShownTexts shown(*t.window);
    for (const ShownText &text : shown.list()) {
        const bool ofFile = std::ranges::any_of(
            kOfFiles, [&](const QString &part) { return text.text.contains(part, Qt::CaseInsensitive); });
        const bool ofLesson = text.place.contains(QLatin1String(" lesson-"));
        if (text.text.contains(kWords) && !text.text.contains(u'[') && !ofFile && !ofLesson)
            left << text.place + QStringLiteral(": ") + text.text;
    }
    QVERIFY2(left.isEmpty(), qPrintable(left.join(u'\n')));
}

QTEST_MAIN(TestTranslatedWindow)
#include "tst_translated_window.moc"
