// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// `search`: what it finds is what `analyze` and `quantize` say of its recipe.
#include "tests/cli/cli_program.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace qs::test;

class TestCliSearch : public QObject
{
    Q_OBJECT

private slots:
    void recipeKeepsItsWord_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("size") << QStringList{"--size", "91KiB"};
        QTest::newRow("bits per weight") << QStringList{"--bpw", "4"};
        QTest::newRow("error") << QStringList{"--max-error", "2%"};
        QTest::newRow("ranges by inputs") << QStringList{"--bpw", "3", "--range", "minmax,output", "--time", "0"};
        QTest::newRow("compensated, another format") << QStringList{
            "--size", "90000", "--codes", "compensated", "--bits", "3,8", "--format", "torch", "--time", "0"};
    }

    void recipeKeepsItsWord()
    {
        QFETCH(QStringList, arguments);
        const QString recipe = m_folder.filePath(QString("%1.json").arg(QTest::currentDataTag()));
        const auto found = cliJson(QStringList{"search", "demo:digits", "-o", recipe} + arguments);
        QVERIFY(found["metric"] == "output");
        QStringList analyze{"analyze", "demo:digits", "--recipe", recipe};
        if (arguments.contains("--format"))
            analyze << "--format" << arguments[arguments.indexOf("--format") + 1];
        const auto report = cliJson(analyze);
        QVERIFY(report["total"]["export_bytes"]["bytes"] == found["found"]["bytes"]);
        QVERIFY(report["output_error"]["relative_error"] == found["found"]["measured_error"]);
        if (arguments.contains("--bpw"))
            QVERIFY(found["found"]["bits_per_weight"].get<double>() <= arguments[1].toDouble());
        if (arguments.contains("--max-error"))
            QVERIFY(found["found"]["measured_error"].get<double>() <= 0.02);
        QVERIFY(found["frontier"].size() > 2 && found["uniform"].size() >= 2);
        // An existing recipe stays, unless that is asked for.
        const QStringList again =
            QStringList{"search", "demo:digits", "-o", recipe, "--time", "0"} + arguments.first(2);
        const QByteArray before = fileBytes(recipe);
        COMPARE_EXIT(runCli(again), 1);
        QCOMPARE(fileBytes(recipe), before);
        COMPARE_EXIT(runCli(again + QStringList{"--force"}), 0);
    }

    void text()
    {
        const ProgramResult result = runCli({"search", "demo:digits", "--bpw", "4", "--time", "0"});
        COMPARE_EXIT(result, 0);
        for (const char *word : {"Found ", "Output error ", "Bound ", "Size against error", "fc1"})
            QVERIFY2(result.out.contains(word), word);
    }

    void wrongUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no budget") << QStringList{} << QByteArray("--max-error");
        QTest::newRow("two budgets") << QStringList{"--bpw", "4", "--size", "1MiB"} << QByteArray("expected one of");
        QTest::newRow("size") << QStringList{"--size", "5 apples"} << QByteArray("--size");
        QTest::newRow("share") << QStringList{"--max-error", "-1%"} << QByteArray("--max-error");
        QTest::newRow("bits") << QStringList{"--bpw", "4", "--bits", "4,9"} << QByteArray("from 2 to 8");
        QTest::newRow("range") << QStringList{"--bpw", "4", "--range", "widest"} << QByteArray("range must be");
        QTest::newRow("least") << QStringList{"--bpw", "4", "--least", "fc1"} << QByteArray("PATTERN:BITS");
        QTest::newRow("metric") << QStringList{"--bpw", "4", "--metric", "luck"} << QByteArray("output or weight");
        QTest::newRow("time") << QStringList{"--bpw", "4", "--time", "soon"} << QByteArray("--time");
        QTest::newRow("too small") << QStringList{"--size", "1KiB"} << QByteArray("the smallest file");
    }

    void wrongUsage()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        const ProgramResult result = runCli(QStringList{"search", "demo:digits"} + arguments);
        COMPARE_EXIT(result, 2);
        QVERIFY2(result.isOneError() && result.err.contains(says), result.err);
    }

    /// What an export writes is what was analysed, although codes depend on samples.
    void exportHasTheSameCodes()
    {
        const QString file = m_folder.filePath("digits.safetensors");
        const QStringList scheme{"--bits", "3", "--range", "output", "--codes", "compensated"};
        const auto written = cliJson(QStringList{"quantize", "demo:digits", "-o", file, "--verify"} + scheme);
        const auto compared = cliJson({"compare", "demo:digits", file});
        for (const char *layer : {"fc1.weight", "fc2.weight", "fc3.weight", "fc4.weight"})
            for (const char *key : {"relative_error", "max_abs_error", "zero_share"})
                QVERIFY2(named(compared["tensors"], layer)["metrics"][key] ==
                             named(written["layers"], layer)["metrics"][key],
                         key);
        QCOMPARE(written["chosen_on"].get<std::string>().substr(0, 20), std::string("180 of 360 samples: "));
        const auto nearest = cliJson({"analyze", "demo:digits", "--bits", "3", "--range", "output"});
        QVERIFY(nearest["total"]["metrics"]["relative_error"] < written["total"]["metrics"]["relative_error"]);
    }

    void withoutSamples()
    {
        const ProgramResult result = runCli({"analyze", "demo:digits", "--range", "output", "--imatrix", "/nowhere"});
        COMPARE_EXIT(result, 3);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCliSearch)
#include "tst_cli_search.moc"
