// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Memory stays bounded, whatever the model's size. The full run, with a model of 4 GiB and
// a limit of 600 MiB, is a command in the README.
#include "tests/cli/cli_program.h"
#include "tests/support/safetensors_bytes.h"

#include <QStorageInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace qs::test;

class TestCliMemory : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void staysBelowTheLimit_data();
    void staysBelowTheLimit();
    void aHeaderFullOfLayers();
    void limitIsWatched();

private:
    // Beside the build: the folder for temporary files may live in memory, and would count.
    QTemporaryDir m_folder{QStringLiteral(QUANTOSCOPE_BINARY_DIR "/memory-XXXXXX")};
    QString m_model;
};

void TestCliMemory::initTestCase()
{
    constexpr qint64 kNeeded = 1'500'000'000;
    if (QStorageInfo(m_folder.path()).bytesAvailable() < kNeeded)
        QSKIP("the disk has no room for a model of 512 MiB and its export");
    m_model = m_folder.filePath("big.safetensors");
    COMPARE_EXIT(runProgram(MAKE_BIG_MODEL, {m_model, "512"}), 0);
}

void TestCliMemory::staysBelowTheLimit_data()
{
    QTest::addColumn<QStringList>("arguments");
    const QString out = m_folder.filePath("out.safetensors");
    QTest::newRow("list") << QStringList{"list", m_model};
    QTest::newRow("analyze") << QStringList{"analyze", m_model};
    QTest::newRow("analyze, groups of 32")
        << QStringList{"analyze", m_model, "--bits", "4", "--granularity", "group:32"};
    QTest::newRow("analyze, other axis") << QStringList{"analyze",  m_model,          "--set",
                                                        "*:axis=1", "--output-error", "none"};
    QTest::newRow("quantize") << QStringList{"quantize", m_model, "-o", out, "--force"};
    QTest::newRow("quantize to an archive")
        << QStringList{"quantize", m_model, "-o", m_folder.filePath("out.pth"), "--force", "--format", "gpt-fast"};
    QTest::newRow("compare") << QStringList{"compare", m_model, out};
}

void TestCliMemory::staysBelowTheLimit()
{
    QFETCH(const QStringList, arguments);
    const ProgramResult result = runProgram(MEMORY_PEAK, QStringList{"300", cliPath()} + arguments);
    qInfo("%s", result.err.trimmed().constData());
    COMPARE_EXIT(result, 0);
}

void TestCliMemory::aHeaderFullOfLayers()
{
    // 80 MB of JSON, each entry a layer.
    constexpr int kLayers = 800'000;
    QByteArray header = "{";
    for (int i = 0; i < kLayers; ++i)
        header += QByteArray(i == 0 ? "" : ",") + "\"model.layers." + QByteArray::number(i).rightJustified(6, '0') +
                  R"(.mlp.up_proj.weight":{"dtype":"F16","shape":[1,1],"data_offsets":[)" + QByteArray::number(2 * i) +
                  ',' + QByteArray::number(2 * i + 2) + "]}";
    header += '}';
    const QString path = m_folder.filePath("layers.safetensors");
    writeFile(path, safetensorsBytes(header.toStdString(), QByteArray(2 * kLayers, '\0')));
    const ProgramResult result = runProgram(MEMORY_PEAK, {"600", cliPath(), "list", path});
    qInfo("%s", result.err.trimmed().constData());
    COMPARE_EXIT(result, 0);
    QCOMPARE(result.out.count('\n'), kLayers + 4); // with head line, empty line, titles and rule
}

void TestCliMemory::limitIsWatched()
{
    COMPARE_EXIT(runProgram(MEMORY_PEAK, {"20", "/usr/bin/env", "sleep", "0.2"}), 0);
    COMPARE_EXIT(
        runProgram(MEMORY_PEAK, {"20", "/bin/bash", "-c", "x=$(head -c 50000000 /dev/zero | tr '\\0' x); sleep 0.2"}),
        99);
}

QTEST_GUILESS_MAIN(TestCliMemory)
#include "tst_cli_memory.moc"
