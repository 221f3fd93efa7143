// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Options: what they mean, where they may stand, and what is said about wrong ones.
#include "tests/cli/cli_program.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace qs::test;

class TestCliUsage : public QObject
{
    Q_OBJECT

private slots:
    void version();
    void help();
    void helpCommand();
    void nothingAsked();
    void ascii();
    void width_data();
    void width();
    void summary();
    void wrongUsage_data();
    void wrongUsage();
    void unmatchedPatternNamesNearOnes();
    void unmatchedPatternMayBeAllowed();
    void unsupportedInstructionSet();
    void schemeOptions_data();
    void schemeOptions();
    void setOption_data();
    void setOption();
    void selection_data();
    void selection();
    void recipeComesFirst();
    void recipeWithUnknownKeyIsNamed();
    void commonOptionsMayStandAnywhere();
    void closedPipeIsQuiet();
    void fullStandardOutputIsAnError();
};

void TestCliUsage::version()
{
    const ProgramResult result = runCli({"--version"});
    COMPARE_EXIT(result, 0);
    QVERIFY(result.out.startsWith("quantoscope-cli "));
    QVERIFY(result.out.contains("instruction set "));
    QVERIFY(result.out.contains("Eigen "));
    QVERIFY(result.out.endsWith('\n') && !result.out.endsWith("\n\n"));
}

void TestCliUsage::help()
{
    const ProgramResult whole = runCli({"--help"});
    COMPARE_EXIT(whole, 0);
    for (const char *name : {"list", "analyze", "quantize", "compare", "search", "rules"}) {
        QVERIFY(whole.out.contains(name));
        const ProgramResult one = runCli({name, "--help"});
        COMPARE_EXIT(one, 0);
        QVERIFY(one.out.contains("--json"));
    }
    QVERIFY(runCli({"compare", "--help"}).out.contains("exit code 4"));
    const QByteArray analyze = runCli({"analyze", "--help"}).out;
    for (const char *word : {"gpt-fast", "compressed-tensors", "gguf-q5_1", "percentile:P", "mse-llmcompressor", "hqq"})
        QVERIFY2(analyze.contains(word), word);
}

void TestCliUsage::helpCommand()
{
    QCOMPARE(runCli({"help"}).out, runCli({"--help"}).out);
    QCOMPARE(runCli({"help", "analyze"}).out, runCli({"analyze", "--help"}).out);
    QCOMPARE(runCli({"-V"}).out, runCli({"--version"}).out);
    QCOMPARE(runCli({"version"}).out, runCli({"--version"}).out);
    for (const char *name :
         {"", "list", "analyze", "quantize", "compare", "rules", "formats", "plan", "part", "merge"}) {
        const QByteArray help = runCli({"help", name}).out;
        for (const QByteArray &line : help.split('\n'))
            QVERIFY2(QString::fromUtf8(line).size() <= 80, line.constData());
        for (const char *word : {" TEXT", "UINT", "INT in"})
            QVERIFY2(!help.contains(word), word);
    }
    QVERIFY(runCli({"--help"}).out.contains("QUANTOSCOPE_ISA"));
}

void TestCliUsage::nothingAsked()
{
    const ProgramResult result = runCli({});
    COMPARE_EXIT(result, 2);
    QVERIFY(result.out.isEmpty());
    QCOMPARE(result.err, runCli({"--help"}).out);
}

/// Where letters are not UTF-8 nothing else is written, but for data.
void TestCliUsage::ascii()
{
    const auto isAscii = [](const QByteArray &text) {
        return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    };
    const QStringList line{"analyze", "demo:notebook", "--bits", "4"};
    QVERIFY(!isAscii(runCli(line).out));
    QVERIFY(isAscii(runCli(line, {"LC_ALL=C"}).out));
    QVERIFY(isAscii(runCli(line + QStringList{"--ascii"}).out));
    QVERIFY(runCli(line, {"LC_ALL=C"}).out.contains("0.0156 ~ 0.0167"));
    QVERIFY(isAscii(runCli({"list", "/no/µ.safetensors"}, {"LC_ALL=C"}).err));
    QCOMPARE(runCli(line + QStringList{"--csv"}, {"LC_ALL=C"}).out, runCli(line + QStringList{"--csv"}).out);
}

void TestCliUsage::width_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("analyze") << QStringList{"analyze", "demo:notebook", "--exclude", "layer2"};
    QTest::newRow("list") << QStringList{"list", "demo:digits"};
    QTest::newRow("compare") << QStringList{"compare", "demo:digits", "demo:digits"};
}

/// Tables keep to the width, say what they leave out, and leave nothing out when nobody asks.
void TestCliUsage::width()
{
    QFETCH(const QStringList, arguments);
    for (const int width : {60, 80, 200}) {
        const QString text = QString::fromUtf8(runCli(arguments + QStringList{"--width", QString::number(width)}).out);
        bool inTable = false;
        for (const QString &line : text.split(QLatin1Char('\n'))) {
            if (line.startsWith(QStringLiteral("───")))
                inTable = true;
            else if (line.isEmpty() || line.startsWith(QLatin1String("Left out")))
                inTable = false;
            QVERIFY2(!inTable || line.size() <= width, qPrintable(line));
        }
        if (width != 80) // there it depends on the table
            QCOMPARE(text.contains(QLatin1String("Left out for want of room: ")), width == 60);
    }
    const QByteArray piped = runCli(arguments).out;
    QCOMPARE(piped, runCli(arguments + QStringList{"--width", "0"}).out);
    QVERIFY(!piped.contains("Left out"));
}

void TestCliUsage::summary()
{
    const ProgramResult digits = runCli({"list", "demo:digits", "--summary"});
    COMPARE_EXIT(digits, 0);
    QVERIFY(digits.out.startsWith("path=demo:digits\tformat=safetensors\tlayers=4\tparameters=75530\t"));
    QCOMPARE(digits.out.count('\n'), 1);
    QVERIFY(digits.out.contains("\tcodes=\tstructure="));
    QTemporaryDir folder;
    const QString file = folder.filePath("q.safetensors");
    COMPARE_EXIT(runCli({"quantize", "demo:digits", "-o", file, "--bits", "4"}), 0);
    QVERIFY(runCli({"list", file, "--summary"}).out.contains("\tcodes=gpt-fast, 4 bits\t"));
}

void TestCliUsage::wrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char *name, const QStringList &arguments, const char *says) {
        QTest::newRow(name) << arguments << QByteArray(says);
    };
    row("unknown sub-command", {"analyse", "demo:digits"}, "'analyse' is no sub-command, did you mean analyze?");
    row("another case", {"LIST", "demo:digits"}, "did you mean list?");
    row("help of what is none", {"help", "analyse"}, "'analyse' is no sub-command, did you mean analyze?");
    row("options alone", {"--quiet"}, "a sub-command is missing, expected list, analyze");
    row("a value is missing", {"analyze", "demo:digits", "--bits"}, "--bits needs a value: VALUE");
    row("twice", {"analyze", "demo:digits", "--bits", "4", "--bits", "5"}, "--bits stands there more than once");
    row("a value too many", {"list", "demo:digits", "--json=3"}, "--json takes no value");
    row("a common value too many", {"list", "demo:digits", "--quiet=1"}, "--quiet takes no value");
    row("negative width", {"list", "demo:digits", "--width", "-1"}, "--width: the number is negative");
    row("no whole number", {"plan", "demo:digits", "-o", "x", "--units", "1e3"}, "--units: '1e3' is no whole number");
    row("a number too large", {"plan", "demo:digits", "-o", "x", "--units", "99999999999999999999"}, "is too large");
    row("output to a pipe", {"quantize", "demo:digits", "-o", "-"}, "--output: files are written, not pipes");
    row("no sub-command at all", {"frobnicate"}, "expected list, analyze, quantize");
    row("mistyped option", {"analyze", "demo:digits", "--bit", "4"}, "option --bit is unknown, did you mean --bits?");
    row("mistyped option with a value", {"quantize", "demo:digits", "--ouput=x"}, "did you mean --output?");
    row("mistyped common option", {"list", "demo:digits", "--quite"}, "did you mean --quiet?");
    row("standard input", {"list", "-"}, "cannot come through a pipe");
    row("width", {"list", "demo:digits", "--width", "wide"}, "--width");
    row("no model", {"analyze"}, "MODEL");
    row("two models", {"analyze", "demo:digits", "demo:notebook"}, "demo:notebook");
    row("unknown option", {"analyze", "demo:digits", "--frobnicate"}, "--frobnicate");
    row("no output", {"quantize", "demo:digits"}, "--output");
    row("bits too many", {"analyze", "demo:digits", "--bits", "9"}, "bits");
    row("bits too few", {"analyze", "demo:digits", "--bits", "1"}, "bits");
    row("bits no number", {"analyze", "demo:digits", "--bits", "four"}, "bits");
    row("mode", {"analyze", "demo:digits", "--mode", "diagonal"}, "mode");
    row("granularity", {"analyze", "demo:digits", "--granularity", "row"}, "granularity");
    row("group of nothing", {"analyze", "demo:digits", "--granularity", "group:0"}, "group");
    row("range", {"analyze", "demo:digits", "--range", "widest"}, "range");
    row("code range", {"analyze", "demo:digits", "--code-range", "wide"}, "code");
    row("narrow and asymmetric", {"analyze", "demo:digits", "--code-range", "narrow", "--mode", "asymmetric"},
        "narrow");
    row("scale type", {"analyze", "demo:digits", "--scale-type", "f8"}, "scale");
    row("convention", {"analyze", "demo:digits", "--convention", "nobody"}, "convention");
    row("no percentile", {"analyze", "demo:digits", "--range", "percentile:101"}, "up to 100");
    row("HQQ without groups", {"analyze", "demo:digits", "--range", "hqq", "--mode", "asymmetric"}, "group:N");
    row("signed scales and zero points",
        {"analyze", "demo:digits", "--convention", "gguf-q4_0", "--mode", "asymmetric"}, "gguf-q4_0");
    row("offset of one layer", {"analyze", "demo:digits", "--set", "fc1:convention=gguf-q5_1,mode=symmetric"},
        "gguf-q5_1");
    row("codes", {"analyze", "demo:digits", "--codes", "lucky"}, "codes");
    row("set without fields", {"analyze", "demo:digits", "--set", "fc1"}, "fc1");
    row("set with an unknown field", {"analyze", "demo:digits", "--set", "fc1:colour=4"}, "colour");
    row("set with a wrong value", {"analyze", "demo:digits", "--set", "fc1:bits=40"}, "bits");
    row("set with an axis that is none", {"analyze", "demo:digits", "--set", "fc1:axis=x"}, "axis");
    row("set with an axis too high", {"analyze", "demo:digits", "--set", "fc1:axis=2"}, "axis");
    row("broken regular expression", {"analyze", "demo:digits", "--exclude", "re:("}, "re:(");
    row("output error", {"analyze", "demo:digits", "--output-error", "maybe"}, "--output-error");
    row("activation", {"analyze", "demo:digits", "--activation", "sigmoidal"}, "--activation");
    row("labels alone", {"analyze", "demo:digits", "--labels", "y.npy"}, "--inputs");
    row("format", {"analyze", "demo:digits", "--format", "zip"}, "zip");
    row("seed", {"analyze", "demo:digits", "--seed", "x"}, "--seed");
    row("no threads", {"list", "demo:digits", "--threads", "0"}, "--threads");
    row("JSON and CSV", {"analyze", "demo:digits", "--json", "--csv"}, "--json");
}

void TestCliUsage::wrongUsage()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QByteArray, says);
    const ProgramResult result = runCli(arguments);
    COMPARE_EXIT(result, 2);
    QVERIFY2(result.isOneError(), result.err.constData());
    QVERIFY2(result.err.contains(says), result.err.constData());
    QVERIFY(result.out.isEmpty());
}

void TestCliUsage::unmatchedPatternNamesNearOnes()
{
    const ProgramResult result = runCli({"analyze", "demo:notebook", "--exclude", "layr1"});
    COMPARE_EXIT(result, 2);
    QVERIFY2(result.isOneError(), result.err.constData());
    QVERIFY2(result.err.contains("layr1") && result.err.contains("layer1"), result.err.constData());
}

void TestCliUsage::unmatchedPatternMayBeAllowed()
{
    const auto report = cliJson({"analyze", "demo:notebook", "--exclude", "layr1", "--allow-unmatched"});
    QCOMPARE(report["total"]["quantized"].get<int>(), 5);
}

void TestCliUsage::unsupportedInstructionSet()
{
    const ProgramResult result = runCli({"list", "demo:digits"}, {"QUANTOSCOPE_ISA=v9"});
    COMPARE_EXIT(result, 2);
    QVERIFY2(result.isOneError(), result.err.constData());
    QVERIFY2(result.err.contains("v9"), result.err.constData());
    // A level that some processors have, but this one does not, is told in the words that scripts may look for.
    const QStringList here = instructionSets();
    const char *wanted = here.isEmpty() ? "no such level in this build" : "not supported by this processor";
    for (const char *level : {"v2", "v3", "v4"}) {
        if (here.contains(QString::fromUtf8(level)))
            continue;
        const ProgramResult missing = runCli({"list", "demo:digits"}, {QStringLiteral("QUANTOSCOPE_ISA=") + level});
        COMPARE_EXIT(missing, 2);
        QVERIFY2(missing.err.contains(wanted), missing.err.constData());
    }
}

void TestCliUsage::schemeOptions_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value"); // as JSON
    const auto row = [](const QStringList &options, const char *key, const char *value) {
        QTest::newRow(qPrintable(options.join(QLatin1Char(' ')))) << options << key << value;
    };
    row({}, "convention", "\"gpt-fast\"");
    row({}, "bits", "8");
    row({}, "mode", "\"symmetric\"");
    row({}, "granularity", "\"channel\"");
    row({"--bits", "3"}, "bits", "3");
    row({"--mode", "asymmetric"}, "mode", "\"asymmetric\"");
    row({"--granularity", "tensor"}, "granularity", "\"tensor\"");
    row({"--granularity", "group:32"}, "granularity", "\"group:32\"");
    row({"--code-range", "narrow"}, "code_range", "\"narrow\"");
    row({"--scale-type", "bf16"}, "scale_type", "\"bf16\"");
    row({"--codes", "best"}, "codes", "\"best\"");
    row({"--range", "minmax"}, "range", "\"minmax\"");
    row({"--range", "percentile:99.90"}, "range", "\"percentile:99.9\"");
    row({"--range", "mse"}, "range", "\"mse\"");
    row({"--range", "hqq", "--mode", "asymmetric", "--granularity", "group:64"}, "range", "\"hqq\"");
    row({"--convention", "onnxruntime"}, "code_range", "\"narrow\"");
    row({"--convention", "gguf-q4_1"}, "mode", "\"asymmetric\"");
    row({"--convention", "gguf-q4_1"}, "granularity", "\"group:32\"");
    row({"--scale-type", "f32", "--convention", "gguf-q4_1"}, "scale_type", "\"f32\"");
    row({"--bits", "5", "--convention", "gpt-fast"}, "bits", "5"); // the convention comes first wherever it stands
}

void TestCliUsage::schemeOptions()
{
    QFETCH(const QStringList, options);
    QFETCH(const QString, key);
    QFETCH(const QString, value);
    const auto report = cliJson(QStringList{"analyze", "demo:notebook"} + options);
    for (const auto &layer : report["layers"])
        QCOMPARE(layer["scheme"].at(key.toStdString()).dump(), value.toStdString());
}

void TestCliUsage::setOption_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QString>("layer");
    QTest::addColumn<int>("bits");
    QTest::addColumn<QString>("granularity");
    QTest::addColumn<int>("axis");
    QTest::newRow("one field") << "fc2:bits=4"
                               << "fc2.weight" << 4 << "channel" << 0;
    QTest::newRow("value with a colon") << "fc2:bits=4,granularity=group:32"
                                        << "fc2.weight" << 4 << "group:32" << 0;
    QTest::newRow("colon value first") << "fc2:granularity=group:16,bits=6"
                                       << "fc2.weight" << 6 << "group:16" << 0;
    QTest::newRow("pattern with a colon") << "re:fc[2].*:bits=3"
                                          << "fc2.weight" << 3 << "channel" << 0;
    QTest::newRow("both with colons") << "re:fc2.*:granularity=group:8"
                                      << "fc2.weight" << 8 << "group:8" << 0;
    QTest::newRow("axis") << "fc2:axis=1"
                          << "fc2.weight" << 8 << "channel" << 1;
    QTest::newRow("glob") << "*2*:bits=2"
                          << "fc2.weight" << 2 << "channel" << 0;
}

void TestCliUsage::setOption()
{
    QFETCH(const QString, option);
    QFETCH(const QString, layer);
    QFETCH(const int, bits);
    QFETCH(const QString, granularity);
    QFETCH(const int, axis);
    const auto report = cliJson({"analyze", "demo:digits", "--set", option});
    const auto &changed = named(report["layers"], layer.toStdString());
    QCOMPARE(changed["scheme"]["bits"].get<int>(), bits);
    QCOMPARE(changed["scheme"]["granularity"].get<std::string>(), granularity.toStdString());
    QCOMPARE(changed["channel_axis"].get<int>(), axis);
    const auto &other = named(report["layers"], "fc1.weight");
    QCOMPARE(other["scheme"]["bits"].get<int>(), 8);
}

void TestCliUsage::selection_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("quantized"); // numbers of the layers
    QTest::newRow("all") << QStringList{} << "12345";
    QTest::newRow("exclude one") << QStringList{"--exclude", "layer1"} << "2345";
    QTest::newRow("exclude by tensor name") << QStringList{"--exclude", "layer1.weight"} << "2345";
    QTest::newRow("exclude two") << QStringList{"--exclude", "layer1", "--exclude", "layer5"} << "234";
    QTest::newRow("exclude then include") << QStringList{"--exclude", "*", "--include", "layer2"} << "2";
    QTest::newRow("the last one wins") << QStringList{"--include", "layer2", "--exclude", "*"} << "";
    QTest::newRow("only") << QStringList{"--only", "layer3"} << "3";
    QTest::newRow("only two") << QStringList{"--only", "layer3", "--only", "layer4"} << "34";
    QTest::newRow("only, then exclude") << QStringList{"--only", "re:layer[123]", "--exclude", "layer2"} << "13";
    QTest::newRow("question mark") << QStringList{"--exclude", "layer?"} << "";
    QTest::newRow("case matters") << QStringList{"--exclude", "LAYER1", "--allow-unmatched"} << "12345";
}

void TestCliUsage::selection()
{
    QFETCH(const QStringList, options);
    QFETCH(const QString, quantized);
    const auto report = cliJson(QStringList{"analyze", "demo:notebook"} + options);
    QString found;
    for (const auto &layer : report["layers"]) {
        const bool isQuantized = layer["action"] == "quantize";
        if (isQuantized)
            found += QChar(layer["module"].get<std::string>().back());
        QCOMPARE(layer["reason"].is_null(), isQuantized);
        QCOMPARE(layer["metrics"].is_null(), !isQuantized);
    }
    QCOMPARE(found, quantized);
}

void TestCliUsage::recipeComesFirst()
{
    const QTemporaryDir folder;
    const QString recipe = folder.filePath("recipe.json");
    writeFile(recipe, R"({"quantoscope_recipe": 1, "scheme": {"bits": 4, "mode": "asymmetric"},
                          "rules": [{"match": "layer5", "action": "exclude"}]})");
    const auto report = cliJson({"analyze", "demo:notebook", "--bits", "6", "--include", "layer5", "--recipe", recipe});
    const auto &layer = named(report["layers"], "layer5.weight");
    QCOMPARE(layer["scheme"]["bits"].get<int>(), 6);                    // the option, though it stands before
    QCOMPARE(layer["scheme"]["mode"].get<std::string>(), "asymmetric"); // from the recipe
    QCOMPARE(layer["action"].get<std::string>(), "quantize");           // options' rules follow those of the recipe
    const auto reset = cliJson({"analyze", "demo:notebook", "--recipe", recipe, "--convention", "gpt-fast"});
    QCOMPARE(named(reset["layers"], "layer1.weight")["scheme"]["bits"].get<int>(), 8);
}

void TestCliUsage::recipeWithUnknownKeyIsNamed()
{
    const QTemporaryDir folder;
    const QString recipe = folder.filePath("recipe.json");
    writeFile(recipe, R"({"quantoscope_recipe": 1, "schema": {"bits": 4}})");
    const ProgramResult result = runCli({"analyze", "demo:notebook", "--recipe", recipe});
    COMPARE_EXIT(result, 3);
    QVERIFY2(result.isOneError() && result.err.contains("schema"), result.err.constData());
}

void TestCliUsage::commonOptionsMayStandAnywhere()
{
    const QByteArray plain = runCli({"list", "demo:digits"}).out;
    QVERIFY(!plain.isEmpty());
    QCOMPARE(runCli({"--quiet", "--threads", "2", "list", "demo:digits"}).out, plain);
    QCOMPARE(runCli({"list", "--quiet", "demo:digits", "--threads", "2"}).out, plain);
}

void TestCliUsage::closedPipeIsQuiet()
{
    const ProgramResult result =
        runProgram("/bin/bash", {"-c", "\"$0\" analyze demo:digits --json --full | head -c 1", cliPath()});
    COMPARE_EXIT(result, 0);
    QCOMPARE(result.out, QByteArray("{"));
    QCOMPARE(result.err, QByteArray());
}

void TestCliUsage::fullStandardOutputIsAnError()
{
    const ProgramResult result = runProgram("/bin/bash", {"-c", "\"$0\" list demo:digits >/dev/full", cliPath()});
    COMPARE_EXIT(result, 1);
    QVERIFY2(result.isOneError(), result.err.constData());
}

QTEST_GUILESS_MAIN(TestCliUsage)
#include "tst_cli_usage.moc"
