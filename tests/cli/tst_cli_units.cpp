// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// plan, part and merge as programs: the output of quantize, also when they are killed, raced, and have no room.
#include "tests/cli/cli_program.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace qs::test;

class TestCliUnits : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        COMPARE_EXIT(runProgram(MAKE_BIG_MODEL, {path("in.safetensors"), "4", "256"}), 0);
        COMPARE_EXIT(runCli({"quantize", path("in.safetensors"), "-o", path("once.safetensors")}), 0);
        m_expected = fileBytes(path("once.safetensors"));
    }

    void sameAsQuantize()
    {
        auto once = cliJson({"quantize", path("in.safetensors"), "-o", path("json.safetensors")});
        const auto plan = planFor("many.safetensors", 3);
        QCOMPARE(plan["units"].size(), std::size_t(3));
        for (const char *unit : {"2", "0", "1"}) {
            const auto part = cliJson({"part", path("many.safetensors.plan"), "--unit", unit});
            QCOMPARE(part["done_before"].get<bool>(), false);
        }
        auto merged = cliJson({"merge", path("many.safetensors.plan")});
        QVERIFY(fileBytes(path("many.safetensors")) == m_expected);
        merged["output"]["path"] = once["output"]["path"];
        for (auto *report : {&once, &merged})
            (*report)["output_error"].erase("expected_seconds"); // is measured
        QCOMPARE(merged.dump(), once.dump());
        // Again: the same report, and nothing is written.
        const ProgramResult again = runCli({"merge", path("many.safetensors.plan"), "--remove-parts"});
        COMPARE_EXIT(again, 0);
        QVERIFY(again.out.startsWith("Done before"));
        QCOMPARE(QDir(path("many.safetensors.plan.parts")).entryList(QDir::Files), QStringList{"merged.json"});
    }

    void notDone()
    {
        planFor("early.safetensors", 4);
        COMPARE_EXIT(runCli({"part", path("early.safetensors.plan"), "--unit", "2"}), 0);
        const ProgramResult merged = runCli({"merge", path("early.safetensors.plan")});
        COMPARE_EXIT(merged, 1);
        QVERIFY(merged.isOneError());
        QVERIFY(merged.err.contains("3 of 4 units are not done: 0, 1, 3"));
        COMPARE_EXIT(runCli({"part", path("early.safetensors.plan"), "--unit", "4"}), 2);
        COMPARE_EXIT(runCli({"part", path("in.safetensors"), "--unit", "0"}), 3);
    }

    /// Killed at any moment, by a signal that nobody hears; then done again, by two at once.
    void killed()
    {
        planFor("killed.safetensors", 3);
        std::mt19937 random(5);
        for (int round = 0; round < 12; ++round) {
            QProcess process;
            process.start(cliPath(), {"part", path("killed.safetensors.plan"), "--unit", QString::number(round % 3)});
            QVERIFY(process.waitForStarted());
            if (!process.waitForFinished(static_cast<int>(random() % 400))) {
                process.kill();
                QVERIFY(process.waitForFinished());
            }
        }
        for (const char *unit : {"0", "1", "2"}) {
            QProcess first;
            QProcess second;
            for (QProcess *process : {&first, &second})
                process->start(cliPath(), {"part", path("killed.safetensors.plan"), "--unit", unit});
            for (QProcess *process : {&first, &second}) {
                QVERIFY(process->waitForFinished(120'000));
                QCOMPARE(process->exitCode(), 0);
            }
        }
        COMPARE_EXIT(runCli({"merge", path("killed.safetensors.plan")}), 0);
        QVERIFY(fileBytes(path("killed.safetensors")) == m_expected);
    }

    void noRoom()
    {
        planFor("full.safetensors", 2);
        const QString command =
            QStringLiteral("ulimit -f 64; exec '%1' part '%2' --unit 0").arg(cliPath(), path("full.safetensors.plan"));
        const ProgramResult full = runProgram("bash", {"-c", command});
        COMPARE_EXIT(full, 1);
        QVERIFY(full.isOneError());
        QCOMPARE(QDir(path("full.safetensors.plan.parts")).entryList(QDir::Files | QDir::Hidden), QStringList());
        COMPARE_EXIT(runCli({"part", path("full.safetensors.plan"), "--unit", "0"}), 0);
    }

    /// What was killed goes on; foreign files beside the parts stay.
    void resumes()
    {
        const QStringList arguments{"quantize", path("in.safetensors"), "-o", path("resumed.safetensors"), "--resume"};
        QDir().mkpath(path("resumed.safetensors.parts"));
        writeFile(path("resumed.safetensors.parts/mine.txt"), "mine");
        QProcess process;
        process.start(cliPath(), arguments);
        QVERIFY(process.waitForStarted());
        if (!process.waitForFinished(100)) {
            process.kill();
            QVERIFY(process.waitForFinished());
        }
        if (process.exitStatus() != QProcess::NormalExit) {
            // Once the output has its name, it is whole, and only the parts were left to be removed.
            const bool wasWritten = QFile::exists(path("resumed.safetensors"));
            COMPARE_EXIT(runCli(wasWritten ? arguments + QStringList{"--force"} : arguments), 0);
        }
        QVERIFY(fileBytes(path("resumed.safetensors")) == m_expected);
        QCOMPARE(QDir(path("resumed.safetensors.parts")).entryList(QDir::Files | QDir::Hidden),
                 QStringList{"mine.txt"});
    }

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }

    nlohmann::json planFor(const QString &output, int units) const
    {
        return cliJson({"plan", path("in.safetensors"), "-o", path(output), "--units", QString::number(units)});
    }

    QTemporaryDir m_folder;
    QByteArray m_expected;
};

QTEST_GUILESS_MAIN(TestCliUnits)
#include "tst_cli_units.moc"
