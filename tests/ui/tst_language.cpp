// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The language changes at once: no text stays behind in the language before, and what was in view stays in view.
#include "tests/support/test_model.h"
#include "tests/ui/shown_texts.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/actions/action_registry.h"
#include "ui/pages/lesson/lesson_panel.h"
#include "ui/pages/page.h"
#include "ui/pages/welcome/error_page.h"
#include "ui/pages/welcome/readable_formats.h"
#include "ui/text/format.h"
#include "ui/window/snapshots.h"

#include <QRegularExpression>
#include <QTabWidget>

#include <algorithm>
#include <chrono>
#include <thread>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

namespace {

const QRegularExpression &chineseLetter()
{
    static const QRegularExpression expression(QStringLiteral("\\p{Han}"));
    return expression;
}

/// All pages have been in view, so none has a text that it would still change.
QList<ShownText> textsOf(const WindowUnderTest &t)
{
    const QString front = t.find<QTabWidget>("tabs")->currentWidget()->objectName();
    for (const PageInfo &info : pages())
        if (info.place == PagePlace::Tab && t.window->showTab(info.id))
            for (int turn = 0; turn < 3; ++turn)
                showChanges();
    t.window->showTab(front);
    QTest::qWait(300); // the status line waits before it says "Ready"
    return ShownTexts(*t.window).list();
}

void speak(WindowUnderTest &t, const QString &language)
{
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("language." + language));
    for (int turn = 0; turn < 3; ++turn)
        showChanges();
    if (t.document->model())
        QVERIFY(t.settle());
}

} // namespace

class TestLanguage : public WindowTest
{
    Q_OBJECT

private slots:
    void init()
    {
        QLocale::setDefault(QLocale::c());
        text::setLanguage(QStringLiteral("en"));
    }

    void languages();
    void languageOfTheSystem_data();
    void languageOfTheSystem();
    void numbers();
    void lettersOfMenusGo();
    void filtersOfFileDialogs();
    void nothingStaysBehind_data();
    void nothingStaysBehind();
    void viewStays();
    void undoSteps();
    void whileResultsAreComputed();
    void lessonGoesOn();
    void snapshotsAndComparisonStay();
    void problemStays();
    void exportStaysOpen();
    void waitsForFiles();
    void isRemembered();
    void fontsWithoutItsCharacters();
};

void TestLanguage::languages()
{
    const auto list = text::languages();
    QVERIFY(list.size() >= 2);
    QCOMPARE(list[0].name, "en");
    QCOMPARE(list[0].title, "English");
    QCOMPARE(list[1].name, "zh_CN");
    QCOMPARE(list[1].title, QString::fromUtf8("简体中文"));
    for (const auto &language : list)
        QVERIFY2(text::canBeShown(language), qPrintable(language.name + ": install fonts-wqy-microhei"));
}

void TestLanguage::languageOfTheSystem_data()
{
    QTest::addColumn<QString>("system");
    QTest::addColumn<QString>("inForce");
    QTest::newRow("Chinese") << "zh_CN" << "zh_CN";
    QTest::newRow("traditional Chinese") << "zh_TW" << "en_US";
    QTest::newRow("British") << "en_GB" << "en_US";
    QTest::newRow("no texts for it") << "fr_FR" << "en_US";
    QTest::newRow("none") << "C" << "en_US";
}

void TestLanguage::languageOfTheSystem()
{
    QFETCH(QString, system);
    QFETCH(QString, inForce);
    QLocale::setDefault(QLocale(system));
    text::setLanguage({});
    QCOMPARE(text::languageLocale().name(), inForce);
    QCOMPARE(text::exact() == "exact", inForce == "en_US");
    // A choice counts more.
    text::setLanguage("en");
    QCOMPARE(text::exact(), "exact");
    text::setLanguage("zh_CN");
    QCOMPARE(text::exact(), QString::fromUtf8("无误差"));
}

void TestLanguage::numbers()
{
    text::setLanguage("zh_CN");
    QCOMPARE(text::count(1204), "1,204");
    QCOMPARE(text::exactBytes(1204), QString::fromUtf8("1,204 字节"));
    QCOMPARE(text::percent(0.0176), QString::fromUtf8("1.76\u202f%"));
    QCOMPARE(text::notAvailable(), QString::fromUtf8("不适用"));
    // A name in front of a sentence keeps its small letter.
    QCOMPARE(text::sentence(Text::of("{}: {}", "fc1", "2")), QString::fromUtf8("fc1：2。"));
    text::setLanguage("en");
    QCOMPARE(text::exactBytes(1), "1 byte");
    QCOMPARE(text::sentence(Text::of("the file does not exist")), "The file does not exist.");
}

void TestLanguage::lettersOfMenusGo()
{
    QCOMPARE(text::withoutLetter("&Open…"), QString::fromUtf8("Open…"));
    QCOMPARE(text::withoutLetter(QString::fromUtf8("打开(&O)…")), QString::fromUtf8("打开…"));
    QCOMPARE(text::withoutLetter("A && B"), "A && B");
}

/// Qt reads them: a name, and patterns in plain brackets.
void TestLanguage::filtersOfFileDialogs()
{
    QStringList patterns[2];
    for (const int language : {0, 1}) {
        text::setLanguage(language == 0 ? "en" : "zh_CN");
        static const QRegularExpression kFilter("^[^()]+ \\((\\*[^()]*)\\)$");
        for (const QString &filter : modelFileFilters().split(";;")) {
            QVERIFY2(kFilter.match(filter).hasMatch(), qPrintable(filter));
            patterns[language] << kFilter.match(filter).captured(1);
        }
    }
    QCOMPARE(patterns[1], patterns[0]);
}

void TestLanguage::nothingStaysBehind_data()
{
    QTest::addColumn<QString>("model");
    QTest::newRow("start page") << QString();
    QTest::newRow("digits") << "demo:digits";
    QTest::newRow("notebook") << "demo:notebook";
}

void TestLanguage::nothingStaysBehind()
{
    QFETCH(QString, model);
    WindowUnderTest t(model);
    if (!model.isEmpty()) {
        t.clickCheckBox(0); // steps of undo, and a layer that is kept
        QVERIFY(t.settle());
    }
    const QList<ShownText> english = textsOf(t);
    QVERIFY(english.size() > 300);
    const QStringList ofAllLanguages{"English", QString::fromUtf8("简体中文")};
    for (const ShownText &text : english)
        QVERIFY2(!text.text.contains(chineseLetter()) || text.text.contains(ofAllLanguages[1]), qPrintable(text.text));

    speak(t, "zh_CN");
    const QList<ShownText> chinese = textsOf(t);
    QStringList behind;
    // Two words of English that are not from the file.
    static const QRegularExpression kWords(QStringLiteral("\\b[A-Za-z]?[a-z]{2,} [a-z]{2,}\\b"));
    static const QStringList kOfFiles{"held-out imag",   "handwritten digits", "lecture notebook", "lecture on quant",
                                      "untrained network", "seeded input",       "mode:asym op:conv"};
    for (const ShownText &text : chinese) {
        const bool ofFile = std::ranges::any_of(
            kOfFiles, [&](const QString &part) { return text.text.contains(part, Qt::CaseInsensitive); });
        if (text.text.contains(kWords) && !ofFile)
            behind << text.place + ": " + text.text;
    }
    QVERIFY2(behind.isEmpty(), qPrintable(behind.join('\n')));
    const auto inChinese =
        std::ranges::count_if(chinese, [](const ShownText &text) { return text.text.contains(chineseLetter()); });
    QVERIFY(inChinese > 250);

    speak(t, "en");
    // Numbers and what was not yet read may differ, the language may not.
    const QList<ShownText> again = textsOf(t);
    QVERIFY(again.size() > english.size() / 2);
    for (const ShownText &text : again)
        QVERIFY2(!text.text.contains(chineseLetter()) || text.text.contains(ofAllLanguages[1]), qPrintable(text.text));
}

void TestLanguage::viewStays()
{
    WindowUnderTest t("demo:digits");
    auto *selection = t.find<Selection>("selection");
    t.find<LayersPanel>("layers")->setFilter("fc -fc4");
    QVERIFY(t.window->showTab("codes"));
    t.find<QWidget>("distributionDock")->hide();
    selection->setCurrent(2, 5);
    QVERIFY(t.settle());
    const QSize size = t.window->size();
    const Recipe recipe = t.setup->recipe();
    for (const char *language : {"zh_CN", "en"}) {
        speak(t, language);
        QCOMPARE(t.find<QTabWidget>("tabs")->currentWidget()->objectName(), "codes");
        QVERIFY(t.find<QWidget>("codes")->isVisible());
        QVERIFY(!t.find<QWidget>("distributionDock")->isVisible());
        QVERIFY(t.find<QWidget>("detailsDock")->isVisible());
        QCOMPARE(t.find<Selection>("selection"), selection);
        QCOMPARE(selection->layer(), 2);
        QCOMPARE(selection->channel(), 5);
        QCOMPARE(t.find<LayersPanel>("layers")->filter(), "fc -fc4");
        QCOMPARE(t.names(), QStringList({"fc1", "fc2", "fc3"}));
        QCOMPARE(t.window->size(), size);
        QVERIFY(t.setup->recipe() == recipe);
        QCOMPARE(t.setup->analysis(), Setup::Analysis::Done);
    }
    // Every part is there once.
    QCOMPARE(t.window->findChildren<QTabWidget *>("tabs").size(), 1);
    QCOMPARE(t.window->findChildren<LayersPanel *>().size(), 1);
    QCOMPARE(t.window->findChildren<ActionRegistry *>().size(), 1);
    // And they work.
    t.clickCheckBox(0);
    QVERIFY(t.settle());
    QVERIFY(!t.setup->isQuantized(0));
}

void TestLanguage::undoSteps()
{
    WindowUnderTest t("demo:digits");
    t.clickCheckBox(0);
    t.table()->selectAll();
    t.find<ActionRegistry>("actions")->trigger("layers.exclude");
    QVERIFY(t.settle());
    const QString english = t.document->undoStack().text(0);
    QVERIFY2(english.contains("fc1") && !english.contains(chineseLetter()), qPrintable(english));
    speak(t, "zh_CN");
    QCOMPARE(t.document->undoStack().text(0), QString::fromUtf8("排除 fc1"));
    const QAction *undo = t.find<ActionRegistry>("actions")->action("edit.undo");
    QVERIFY2(undo->text().contains(QString::fromUtf8("排除 3 个层")), qPrintable(undo->text()));
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("edit.undo"));
    QVERIFY(t.settle());
    QVERIFY(t.setup->isQuantized(1));
    speak(t, "en");
    QCOMPARE(t.document->undoStack().text(0), english);
}

void TestLanguage::whileResultsAreComputed()
{
    WindowUnderTest t("demo:digits");
    for (const PageInfo &info : pages()) {
        if (info.place != PagePlace::Tab || !t.window->showTab(info.id))
            continue;
        // Jobs of the setup go on, those of pages have nobody left to tell.
        t.document->undoStack().canUndo() ? t.document->undoStack().undo() : t.clickCheckBox(0);
        QCOMPARE(t.setup->analysis(), Setup::Analysis::Running);
        for (const char *language : {"zh_CN", "en"}) {
            QVERIFY(t.find<ActionRegistry>("actions")->trigger(QStringLiteral("language.") + language));
            showChanges();
            showChanges();
        }
        QVERIFY(t.settle());
        QCOMPARE(t.find<QTabWidget>("tabs")->currentWidget()->objectName(), info.id);
    }
}

void TestLanguage::lessonGoesOn()
{
    WindowUnderTest t("demo:digits");
    const Recipe before = t.setup->recipe();
    QVERIFY(t.window->startLesson("L3", 1));
    QTRY_COMPARE(t.document->location(), "demo:lesson");
    QVERIFY(t.settle());
    const auto run = [&]() -> LessonRun & { return t.find<LessonPanel>("lesson")->run(); };
    const Recipe ofStep = t.setup->recipe();
    speak(t, "zh_CN");
    QVERIFY(run().isRunning());
    QCOMPARE(run().stepIndex(), std::size_t{1});
    QVERIFY(t.setup->recipe() == ofStep);
    const auto says = [&](const QRegularExpression &words) {
        const auto labels = t.find<LessonPanel>("lesson")->findChildren<QLabel *>("lessonSay");
        return std::ranges::any_of(labels, [&](const QLabel *label) { return label->text().contains(words); });
    };
    QVERIFY(says(chineseLetter()));
    QTRY_VERIFY(run().values().has_value());
    speak(t, "en");
    QVERIFY(run().isRunning() && !says(chineseLetter()));
    // What was there before the lesson comes back.
    run().leave();
    QTRY_COMPARE(t.document->location(), "demo:digits");
    QVERIFY(t.settle());
    QVERIFY(t.setup->recipe() == before);
}

void TestLanguage::snapshotsAndComparisonStay()
{
    WindowUnderTest t("demo:digits");
    auto *actions = t.find<ActionRegistry>("actions");
    QVERIFY(actions->trigger("snapshot.take"));
    t.document->sideB().copyFromA();
    t.clickCheckBox(0);
    t.document->sideB().swap();
    QVERIFY(t.settle());
    QCOMPARE(t.document->sideB().title(), "A before the swap");
    const int steps = t.document->undoStack().count();
    const Recipe recipe = t.setup->recipe();
    speak(t, "zh_CN");
    QCOMPARE(t.window->findChild<Snapshots *>()->all().size(), std::size_t{1});
    QVERIFY(t.document->sideB().isOpen());
    QCOMPARE(t.document->sideB().title(), QString::fromUtf8("交换前的 A"));
    QCOMPARE(t.document->undoStack().count(), steps);
    QCOMPARE(t.document->undoStack().undoText(), QString::fromUtf8("交换 A 和 B"));
    QVERIFY(t.setup->recipe() == recipe);
    QVERIFY(t.find<ActionRegistry>("actions")->action("snapshot.list")->isEnabled());
}

void TestLanguage::problemStays()
{
    WindowUnderTest t;
    t.open(t.folder.filePath("gone.safetensors"));
    QVERIFY(t.find<ErrorPage>("error")->isVisible());
    speak(t, "zh_CN");
    const auto *page = t.find<ErrorPage>("error");
    QVERIFY(page->isVisible());
    QVERIFY2(page->text().contains(QString::fromUtf8("文件不存在")) && page->text().contains("gone.safetensors"),
             qPrintable(page->text()));
}

void TestLanguage::exportStaysOpen()
{
    WindowUnderTest t("demo:digits");
    QVERIFY(t.find<ActionRegistry>("actions")->trigger("model.export"));
    QVERIFY(t.find<QWidget>("export")->isVisible());
    speak(t, "zh_CN");
    QVERIFY(t.find<QWidget>("export")->isVisible());
}

/// Parts that wait for a file stay until they have it.
void TestLanguage::waitsForFiles()
{
    WindowUnderTest t("demo:digits");
    QTRY_VERIFY(!t.document->tasks().foremost());
    auto *actions = t.find<ActionRegistry>("actions");
    QVERIFY(actions->action("language.zh_CN")->isEnabled());
    t.document->tasks().run(
        {"test", "Writing …", JobRank::Writing}, t.window.get(),
        [](const TaskContext &context) {
            while (context.check())
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            return true;
        },
        [](bool) {});
    QTRY_VERIFY(!actions->action("language.zh_CN")->isEnabled());
    t.document->tasks().cancel("test");
    QTRY_VERIFY(actions->action("language.zh_CN")->isEnabled());
}

void TestLanguage::isRemembered()
{
    WindowUnderTest t;
    QCOMPARE(t.settings->data().language, QString());
    QVERIFY(t.find<QAction>("language.system")->isChecked());
    speak(t, "zh_CN");
    QVERIFY(t.find<QAction>("language.zh_CN")->isChecked());
    QVERIFY(!t.find<QAction>("language.en")->isChecked());
    QCOMPARE(Settings(t.folder.filePath("settings.ini")).data().language, "zh_CN");
    QCOMPARE(chooseLanguage("zh_CN"), QString());
}

void TestLanguage::fontsWithoutItsCharacters()
{
    // No font has what is no character.
    QVERIFY(!text::canBeShown({"xx", QString(QChar(0xfdd0))}));
    QVERIFY(text::canBeShown({"xx", "Words"}));
}

QTEST_MAIN(TestLanguage)
#include "tst_language.moc"
