// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Bad input and bad output: one clear line, the exit code of the contract, no partial file.
#include "tests/cli/cli_program.h"
#include "tests/support/safetensors_bytes.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <unistd.h>
#include <vector>

using namespace qs::test;

class TestCliFailures : public QObject
{
    Q_OBJECT

private slots:
    void badInput_data();
    void badInput();
    void everyPrefixIsRefused();
    void randomBytesAreRefused();
    void missingShard();
    void badNetworkInput_data();
    void badNetworkInput();
    void badOutput_data();
    void badOutput();
    void outputIsInput();
    void existingOutputNeedsForce();
    void fullDiskLeavesNothing();
    void nonFiniteWeights_data();
    void nonFiniteWeights();
    void formatThatCannotHoldTheScheme();
    void hostileNamesStayOnOneLine();
};

namespace {

QByteArray smallModel()
{
    return safetensorsBytes({{"a.weight", {2, 3}, {1, -2, 3, 4, 5, -6}}, {"a.bias", {2}, {0.5, 0.25}}});
}

/// A file that is no model: its bytes and what the message must name.
QByteArray withHeader(const char *header, qsizetype data = 0)
{
    return safetensorsBytes(header, QByteArray(data, '\0'));
}

} // namespace

void TestCliFailures::badInput_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty file") << QByteArray();
    QTest::newRow("seven bytes") << QByteArray(7, '\0');
    QTest::newRow("wrong magic") << QByteArray("this is no model at all, but a line of text\n");
    QTest::newRow("header longer than the file") << QByteArray("\xff\0\0\0\0\0\0\0{}", 10);
    QTest::newRow("header length of 2^63") << QByteArray("\0\0\0\0\0\0\0\x80{}", 10);
    QTest::newRow("header is no object") << withHeader("[1, 2]");
    QTest::newRow("broken JSON") << withHeader("{\"a\": ");
    QTest::newRow("truncated data") << smallModel().chopped(1);
    QTest::newRow("trailing byte") << smallModel() + '\0';
    QTest::newRow("unknown type") << withHeader(R"({"a":{"dtype":"F128","shape":[1],"data_offsets":[0,16]}})", 16);
    QTest::newRow("shape overflow") << withHeader(
        R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,16]}})", 16);
    QTest::newRow("hole") << withHeader(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8);
    QTest::newRow("tensor named twice") << withHeader(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                                                      R"("a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                                                      8);
    QTest::newRow("large file pointer") << QByteArray("version https://git-lfs.github.com/spec/v1\noid sha256:00\n");
}

void TestCliFailures::badInput()
{
    QFETCH(const QByteArray, bytes);
    const QTemporaryDir folder;
    const QString path = folder.filePath("bad.safetensors");
    writeFile(path, bytes);
    const QString out = folder.filePath("out.safetensors");
    for (const QStringList &arguments :
         {QStringList{"list", path}, QStringList{"analyze", path}, QStringList{"quantize", path, "-o", out},
          QStringList{"compare", path, path}}) {
        const ProgramResult result = runCli(arguments);
        COMPARE_EXIT(result, 3);
        QVERIFY2(result.isOneError(), result.err.constData());
        QVERIFY2(result.err.contains("bad.safetensors"), result.err.constData());
        QVERIFY(result.out.isEmpty());
    }
    QCOMPARE(QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(), 1);
}

void TestCliFailures::everyPrefixIsRefused()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("cut.safetensors");
    const QByteArray whole = smallModel();
    for (qsizetype size = 0; size < whole.size(); size += 7) {
        writeFile(path, whole.left(size));
        const ProgramResult result = runCli({"list", path});
        COMPARE_EXIT(result, 3);
        QVERIFY2(result.isOneError(), result.err.constData());
    }
    COMPARE_EXIT(runCli({"list", "/nowhere/at/all.safetensors"}), 3);
    COMPARE_EXIT(runCli({"list", "demo:nobody"}), 3);
    COMPARE_EXIT(runCli({"list", "/dev/zero"}), 3);
    const QTemporaryDir withoutModel;
    COMPARE_EXIT(runCli({"list", withoutModel.path()}), 3);
}

void TestCliFailures::randomBytesAreRefused()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("noise");
    constexpr int kSizes = 200;
    for (int i = 0; i < kSizes; ++i) { // sizes from 0 to 1 MiB, close together at first
        const auto size = static_cast<std::size_t>(std::pow(2.0, 20.0 * i / (kSizes - 1)) - 1);
        std::mt19937 random(static_cast<std::uint32_t>(i));
        std::vector<std::uint32_t> words((size + 3) / 4);
        std::ranges::generate(words, std::ref(random));
        writeFile(path, QByteArray(reinterpret_cast<const char *>(words.data()), static_cast<qsizetype>(size)));
        const ProgramResult result = runCli({"list", path});
        QVERIFY2(result.exitCode == 3, qPrintable(QString("%1 bytes, seed %2").arg(size).arg(i)));
        QVERIFY2(result.isOneError(), result.err.constData());
    }
}

void TestCliFailures::missingShard()
{
    const QTemporaryDir folder;
    writeFile(folder.filePath("model-1.safetensors"), safetensorsBytes({{"a.weight", {2, 2}, {1, 2, 3, 4}}}));
    const QString index = folder.filePath("model.safetensors.index.json");
    writeFile(index, R"({"metadata": {}, "weight_map": {"a.weight": "model-1.safetensors",
                                                        "b.weight": "model-2.safetensors"}})");
    const ProgramResult list = runCli({"list", index, "--json"});
    COMPARE_EXIT(list, 0);
    QVERIFY(!list.json()["model"]["warnings"].empty());
    COMPARE_EXIT(runCli({"list", folder.path()}), 0);
    for (const QStringList &arguments :
         {QStringList{"analyze", index}, QStringList{"quantize", index, "-o", folder.filePath("out.safetensors")}}) {
        const ProgramResult result = runCli(arguments);
        COMPARE_EXIT(result, 3);
        QVERIFY2(result.isOneError() && result.err.contains("model-2.safetensors"), result.err.constData());
    }
    QVERIFY(!QFileInfo::exists(folder.filePath("out.safetensors")));
}

void TestCliFailures::badNetworkInput_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no NPY") << QByteArray(200, 'x');
    QTest::newRow("cut") << QByteArray("\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran", 32);
}

void TestCliFailures::badNetworkInput()
{
    QFETCH(const QByteArray, bytes);
    const QTemporaryDir folder;
    const QString inputs = folder.filePath("x.npy");
    writeFile(inputs, bytes);
    const ProgramResult result = runCli({"analyze", "demo:digits", "--inputs", inputs});
    COMPARE_EXIT(result, 3);
    QVERIFY2(result.isOneError() && result.err.contains("x.npy"), result.err.constData());
    COMPARE_EXIT(runCli({"analyze", "demo:digits", "--inputs", folder.filePath("none.npy")}), 3);
}

void TestCliFailures::badOutput_data()
{
    QTest::addColumn<QString>("output");
    QTest::newRow("missing folder") << "/nowhere/at/all/out.safetensors";
    QTest::newRow("folder that takes no files") << "/proc/out.safetensors";
    QTest::newRow("another such folder") << "/sys/out.safetensors";
    QTest::newRow("a folder") << "/tmp";
    QTest::newRow("below a file") << QUANTOSCOPE_SOURCE_DIR "/README.md/out.safetensors";
    if (geteuid() != 0)
        QTest::newRow("folder of somebody else") << "/out.safetensors";
}

void TestCliFailures::badOutput()
{
    QFETCH(const QString, output);
    const ProgramResult result = runCli({"quantize", "demo:digits", "-o", output});
    COMPARE_EXIT(result, 1);
    QVERIFY2(result.isOneError(), result.err.constData());
    COMPARE_EXIT(runCli({"quantize", "demo:digits", "-o", output, "--force"}), 1);
}

void TestCliFailures::outputIsInput()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("a.safetensors");
    writeFile(path, smallModel());
    QVERIFY(QFile::link(path, folder.filePath("link.safetensors")));
    QCOMPARE(::link(qPrintable(path), qPrintable(folder.filePath("hard.safetensors"))), 0);
    for (const QString &output : {path, folder.path() + "/./a.safetensors", folder.filePath("link.safetensors"),
                                  folder.filePath("hard.safetensors")}) {
        const ProgramResult result = runCli({"quantize", path, "-o", output, "--force"});
        COMPARE_EXIT(result, 1);
        QVERIFY2(result.isOneError(), result.err.constData());
        QCOMPARE(fileBytes(path), smallModel());
    }
}

void TestCliFailures::existingOutputNeedsForce()
{
    const QTemporaryDir folder;
    const QString out = folder.filePath("out.safetensors");
    writeFile(out, "mine");
    const ProgramResult result = runCli({"quantize", "demo:digits", "-o", out});
    COMPARE_EXIT(result, 1);
    QVERIFY2(result.isOneError() && result.err.contains("out.safetensors"), result.err.constData());
    QCOMPARE(fileBytes(out), QByteArray("mine"));
    COMPARE_EXIT(runCli({"quantize", "demo:digits", "-o", out, "--force"}), 0);
    QVERIFY(QFileInfo(out).size() > 70'000);
}

void TestCliFailures::fullDiskLeavesNothing()
{
    const QTemporaryDir folder;
    const QString out = folder.filePath("out.safetensors");
    // 16 KiB, while the file would have more than 70.
    const ProgramResult result =
        runProgram("/bin/bash", {"-c", "ulimit -f 16; exec \"$0\" quantize demo:digits -o \"$1\"", cliPath(), out});
    COMPARE_EXIT(result, 1);
    QVERIFY2(result.isOneError(), result.err.constData());
    QVERIFY(QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).isEmpty());
}

void TestCliFailures::nonFiniteWeights_data()
{
    QTest::addColumn<float>("value");
    QTest::newRow("NaN") << std::numeric_limits<float>::quiet_NaN();
    QTest::newRow("infinity") << std::numeric_limits<float>::infinity();
    QTest::newRow("minus infinity") << -std::numeric_limits<float>::infinity();
}

void TestCliFailures::nonFiniteWeights()
{
    QFETCH(const float, value);
    const QTemporaryDir folder;
    const QString path = folder.filePath("odd.safetensors");
    writeFile(path, safetensorsBytes(
                        {{"bad.weight", {2, 3}, {1, 2, 3, 4, value, 6}}, {"good.weight", {2, 2}, {1, 2, 3, 4}}}));
    const auto report = cliJson({"analyze", path});
    const auto &layer = named(report["layers"], "bad.weight");
    QCOMPARE(layer["action"].get<std::string>(), "keep");
    QVERIFY(layer["metrics"].is_null());
    const QString reason = QString::fromStdString(layer["reason"]);
    QVERIFY2(reason.contains("[1, 1]") && reason.contains("1"), qPrintable(reason));

    const QString out = folder.filePath("out.safetensors");
    const ProgramResult refused = runCli({"quantize", path, "-o", out});
    COMPARE_EXIT(refused, 1);
    QVERIFY2(refused.isOneError() && refused.err.contains("bad"), refused.err.constData());
    QVERIFY(!QFileInfo::exists(out));
    COMPARE_EXIT(runCli({"quantize", path, "-o", out, "--keep-nonfinite"}), 0);
    const SafetensorsFile written(out);
    QCOMPARE(written.dtype("bad.weight"), "F32");
    QCOMPARE(written.bytes("bad.weight"), SafetensorsFile(path).bytes("bad.weight"));
    QCOMPARE(written.dtype("good.weight"), "I8");
    COMPARE_EXIT(runCli({"quantize", path, "-o", out, "--force", "--exclude", "bad"}), 0);
}

void TestCliFailures::formatThatCannotHoldTheScheme()
{
    const QTemporaryDir folder;
    const QString out = folder.filePath("out.pth");
    for (const QStringList &options :
         {QStringList{"--bits", "4"}, QStringList{"--mode", "asymmetric"}, QStringList{"--granularity", "tensor"}}) {
        const ProgramResult result =
            runCli(QStringList{"quantize", "demo:digits", "-o", out, "--format", "gpt-fast"} + options);
        COMPARE_EXIT(result, 1);
        QVERIFY2(result.isOneError(), result.err.constData());
    }
    QVERIFY(QDir(folder.path()).isEmpty());
}

void TestCliFailures::hostileNamesStayOnOneLine()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("names.safetensors");
    writeFile(path, safetensorsBytes({{"two\nlines\x1b[31m.weight", {2, 2}, {1, 2, 3, 4}}}));
    const ProgramResult table = runCli({"analyze", path});
    COMPARE_EXIT(table, 0);
    QVERIFY(!table.out.contains("two\nlines"));
    QVERIFY(!table.out.contains('\x1b'));
    const ProgramResult error = runCli({"analyze", path, "--exclude", "two\nlinez"});
    COMPARE_EXIT(error, 2);
    QVERIFY2(error.isOneError(), error.err.constData());
}

QTEST_GUILESS_MAIN(TestCliFailures)
#include "tst_cli_failures.moc"
