// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The program as a user starts it: pictures, exit codes, one line on standard error.
#include "tests/support/test_model.h"

#include <QDir>
#include <QFileInfo>
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

class TestProgram : public QObject
{
    Q_OBJECT
private slots:
    void screenshot_data();
    void screenshot();
    void failures_data();
    void failures();
    void versionAndHelp();
    void handOuts();
    void steps();
    void withoutDisplay();

private:
    struct Outcome {
        int code = -1;
        QByteArray output;
        QByteArray errors;
    };
    Outcome run(const QStringList &arguments, const QString &platform = "offscreen");

    QTemporaryDir m_folder;
};

TestProgram::Outcome TestProgram::run(const QStringList &arguments, const QString &platform)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "QT_LOGGING_RULES"})
        environment.remove(name);
    if (!platform.isEmpty())
        environment.insert("QT_QPA_PLATFORM", platform);
    environment.insert("XDG_RUNTIME_DIR", m_folder.path());
    environment.insert("XDG_CONFIG_HOME", m_folder.path());
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(QUANTOSCOPE_PROGRAM), arguments);
    if (!process.waitForFinished(60000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

void TestProgram::screenshot_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QSize>("size");
    QTest::newRow("start page") << QStringList() << QSize(1440, 900);
    QTest::newRow("notebook, small, dark")
        << QStringList({"--size", "1024x700", "--theme", "dark", "demo:notebook"}) << QSize(1024, 700);
    QTest::newRow("lesson") << QStringList({"--lesson", "l3", "--step", "2", "--presentation"}) << QSize(1440, 900);
    QTest::newRow("tab") << QStringList({"--tab=overview", "--theme=light"}) << QSize(1440, 900);
}

void TestProgram::screenshot()
{
    QFETCH(QStringList, arguments);
    QFETCH(QSize, size);
    const QString path = m_folder.filePath("picture.png");
    QFile::remove(path);
    const Outcome outcome = run(QStringList{"--screenshot", path} + arguments);
    QCOMPARE(outcome.errors, QByteArray());
    QCOMPARE(outcome.output, QByteArray());
    QCOMPARE(outcome.code, 0);
    const QImage image(path);
    QCOMPARE(image.size(), size);
    QCOMPARE(image.pixelColor(2, 2).lightness() < 128, arguments.contains("dark"));
}

void TestProgram::failures_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("says");
    const QString picture = m_folder.filePath("none.png");
    const QString bad = QString::fromStdString(qs::test::writeFile(m_folder, "bad.safetensors", "no model"));
    QTest::newRow("missing model") << QStringList({"--screenshot", picture, "/no/file"}) << 3 << QByteArray("/no/file");
    QTest::newRow("bad model") << QStringList({"--screenshot", picture, bad}) << 3 << QByteArray("bad.safetensors");
    QTest::newRow("not writable") << QStringList({"--screenshot", "/no/folder/x.png"}) << 1 << QByteArray("/no/folder");
    QTest::newRow("unknown option") << QStringList({"--wat"}) << 2 << QByteArray("--wat");
    QTest::newRow("no value") << QStringList({"--screenshot"}) << 2 << QByteArray("--screenshot");
    QTest::newRow("bad size") << QStringList({"--screenshot", picture, "--size", "12"}) << 2 << QByteArray("12");
    QTest::newRow("bad theme") << QStringList({"--theme", "blue"}) << 2 << QByteArray("blue");
    QTest::newRow("bad tab") << QStringList({"--screenshot", picture, "--tab", "x"}) << 2 << QByteArray("x");
    QTest::newRow("no such lesson") << QStringList({"--lesson", "L99"}) << 2 << QByteArray("L99");
    QTest::newRow("step without lesson") << QStringList({"--step", "2"}) << 2 << QByteArray("--lesson");
    QTest::newRow("bad step") << QStringList({"--lesson", "L1", "--step", "0"}) << 2 << QByteArray("from 1");
    QTest::newRow("lesson and model") << QStringList({"--lesson", "L1", "x"}) << 2 << QByteArray("'x'");
    QTest::newRow("two models") << QStringList({"a", "b"}) << 2 << QByteArray("'b'");
}

void TestProgram::failures()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QByteArray, says);
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.code, code);
    QCOMPARE(outcome.output, QByteArray());
    QVERIFY2(outcome.errors.startsWith("error: ") && outcome.errors.contains(says), outcome.errors);
    QCOMPARE(outcome.errors.count('\n'), 1);
    QVERIFY(!QFile::exists(m_folder.filePath("none.png")));
}

void TestProgram::versionAndHelp()
{
    const Outcome version = run({"--version"}, {});
    QCOMPARE(version.code, 0);
    QVERIFY(version.output.startsWith("quantoscope " QUANTOSCOPE_VERSION "\n"));
    QVERIFY(version.output.contains("instruction set "));
    const Outcome help = run({"--help"}, {});
    QCOMPARE(help.code, 0);
    QVERIFY(help.output.contains("--screenshot FILE.png"));
}

/// Numbers stand in the hand-out of the lecturer, and not in that of the class.
void TestProgram::handOuts()
{
    const auto pageOf = [&](const QStringList &more) {
        const QString path = m_folder.filePath("paper.html");
        const Outcome outcome = run(QStringList{"--lesson", "L3", "--hand-out", path} + more);
        QFile file(path);
        return outcome.code == 0 && file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    };
    const QString plain = pageOf({"--paper-language", "en"});
    QVERIFY(plain.contains("With four bits the network now guesses."));
    QVERIFY(plain.contains("E14.") && !plain.contains("36 of 360") && !plain.contains(QStringLiteral("先预测")));
    // The formulas are those of the preset.
    QVERIFY(plain.contains(QStringLiteral("Formulas: gpt-fast")) && plain.contains(QStringLiteral("2⁻²³")));
    const QString lecture = pageOf({"--formulas", "lecture"});
    QVERIFY(lecture.contains(QStringLiteral("max|w| / qmax, 10⁻⁸")) && !lecture.contains(QStringLiteral("2⁻²³")));
    QCOMPARE(run({"--lesson", "L3", "--hand-out", "x.pdf", "--formulas", "none"}).code, 2);
    const QString answers = pageOf({"--answers", "--paper-language", "both"});
    QVERIFY(answers.contains("36 of 360") && answers.contains(QStringLiteral("360 张中对了 36 张")));
    const QString pdf = m_folder.filePath("paper.pdf");
    QCOMPARE(run({"--lesson", "exercises", "--hand-out", pdf}).code, 0);
    QFile file(pdf);
    QVERIFY(file.open(QIODevice::ReadOnly) && file.read(5) == "%PDF-");
    const Outcome refused = run({"--lesson", "L3", "--hand-out", m_folder.filePath("none/paper.pdf")});
    QCOMPARE(refused.code, 1);
    QVERIFY(refused.errors.startsWith("error: the hand-out cannot be written"));
}

/// A picture per step, and a PDF of all.
void TestProgram::steps()
{
    const QString folder = m_folder.filePath("steps");
    const Outcome outcome = run({"--lesson", "L1", "--export-steps", folder});
    QVERIFY2(outcome.code == 0, outcome.errors);
    const QStringList pictures = QDir(folder).entryList({"*.png"});
    QCOMPARE(pictures.size(), 7);
    QCOMPARE(QImage(folder + '/' + pictures.front()).size(), QSize(1920, 1080));
    QVERIFY(QImage(folder + '/' + pictures[0]) != QImage(folder + '/' + pictures[4]));
    const QStringList drawings = QDir(folder).entryList({"*.svg"});
    QCOMPARE(drawings.size(), 7);
    QFile file(folder + '/' + drawings.front());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QXmlStreamReader drawing(&file);
    int words = 0;
    int figures = 0;
    while (!drawing.atEnd()) {
        const bool begins = drawing.readNext() == QXmlStreamReader::StartElement;
        words += begins && drawing.name() == u"text";
        figures += begins && drawing.name() == u"image";
    }
    QVERIFY2(!drawing.hasError(), qPrintable(drawing.errorString()));
    QVERIFY(words > 1 && figures == 1);
    QVERIFY(QFileInfo(folder + "/steps.pdf").size() > 10000);
    // The last file cannot be written: none of the others stays.
    const QString taken = m_folder.filePath("taken");
    QVERIFY(QDir().mkpath(taken + "/steps.pdf/inside"));
    const Outcome refused = run({"--lesson", "L1", "--export-steps", taken});
    QCOMPARE(refused.code, 1);
    QCOMPARE(refused.errors.trimmed().count('\n'), 0);
    QCOMPARE(QDir(taken).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList{"steps.pdf"});
}

void TestProgram::withoutDisplay()
{
    const Outcome outcome = run({"demo:digits"}, {});
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.errors.count('\n'), 1);
    QVERIFY(outcome.errors.contains("no display"));
}

QTEST_GUILESS_MAIN(TestProgram)
#include "tst_program.moc"
