// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl+C stops quickly, leaves no partial file, and ends with exit code 130.
#include "tests/cli/cli_program.h"

#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QStorageInfo>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace qs::test;

class TestCliInterrupt : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void stops_data();
    void stops();

private:
    QTemporaryDir m_folder{QStringLiteral(QUANTOSCOPE_BINARY_DIR "/interrupt-XXXXXX")};
    QString m_model;
    qint64 m_quantizeMs = 0;

    QStringList quantizeArguments() const
    {
        return {"quantize",      "--threads", "1",     "--bits", "3",
                "--granularity", "group:16",  m_model, "-o",     m_folder.filePath("out.safetensors")};
    }
};

void TestCliInterrupt::initTestCase()
{
    constexpr qint64 kNeeded = 1'500'000'000;
    if (QStorageInfo(m_folder.path()).bytesAvailable() < kNeeded)
        QSKIP("the disk has no room for a model of 512 MiB and its export");
    m_model = m_folder.filePath("big.safetensors");
    COMPARE_EXIT(runProgram(MAKE_BIG_MODEL, {m_model, "512"}), 0);
    QElapsedTimer timer;
    timer.start();
    COMPARE_EXIT(runCli(quantizeArguments()), 0);
    m_quantizeMs = timer.elapsed();
    QVERIFY(QFile::remove(m_folder.filePath("out.safetensors")));
}

void TestCliInterrupt::stops_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("afterPercent"); // of the time that quantize takes here
    QTest::addColumn<int>("signal");
    const QStringList analyze = {"analyze", "--threads", "1", m_model};
    const QStringList quantize = quantizeArguments();
    QTest::newRow("analyze") << analyze << 5 << SIGINT;
    QTest::newRow("network") << (analyze + QStringList{"--output-error", "network"}) << 50 << SIGINT;
    QTest::newRow("quantize at once") << quantize << 2 << SIGINT;
    QTest::newRow("quantize while analyzing") << quantize << 25 << SIGINT;
    QTest::newRow("quantize while writing") << quantize << 70 << SIGINT;
    QTest::newRow("quantize near the end") << quantize << 85 << SIGINT;
    QTest::newRow("terminated") << quantize << 30 << SIGTERM;
}

void TestCliInterrupt::stops()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const int, afterPercent);
    QFETCH(const int, signal);
    QProcess process;
    // A run that was done before the signal counted (the one that was timed had a busier machine) is tried again,
    // earlier.
    for (qint64 delayMs = std::max<qint64>(50, m_quantizeMs * afterPercent / 100);; delayMs /= 2) {
        QVERIFY(delayMs >= 20);
        process.start(cliPath(), arguments);
        QVERIFY(process.waitForStarted());
        if (!process.waitForFinished(static_cast<int>(delayMs))) {
            ::kill(static_cast<pid_t>(process.processId()), signal);
            QVERIFY(process.waitForFinished(10'000));
        }
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        if (process.exitCode() != 0)
            break;
        QFile::remove(m_folder.filePath("out.safetensors"));
    }
    QCOMPARE(process.exitCode(), 130);
    QCOMPARE(process.readAllStandardError().count('\n'), 1);
    QCOMPARE(QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
             QStringList{"big.safetensors"});
}

QTEST_GUILESS_MAIN(TestCliInterrupt)
#include "tst_cli_interrupt.moc"
