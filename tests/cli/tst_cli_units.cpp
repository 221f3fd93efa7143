// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// plan, part and merge as programs: the output of quantize, also when they are killed, raced, and have no room.
#include "core/export/registry.h"
#include "core/formats/open_model.h"
#include "core/recipe/recipe.h"
#include "core/shards/merge.h"
#include "core/shards/resumed.h"
#include "tests/cli/cli_program.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace qs;
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
        // A task of an array that starts late finds its unit in the output.
        const auto late = cliJson({"part", path("many.safetensors.plan"), "--unit", "1"});
        QCOMPARE(late["done_before"].get<bool>(), true);
        QCOMPARE(late["path"].get<std::string>(), path("many.safetensors").toStdString());
        QCOMPARE(QDir(path("many.safetensors.plan.parts")).entryList(QDir::Files), QStringList{"merged.json"});
        QFile::remove(path("many.safetensors"));
        const ProgramResult removed = runCli({"merge", path("many.safetensors.plan")});
        COMPARE_EXIT(removed, 1);
        QVERIFY(removed.err.contains("was changed or removed after it had been merged; do all 3 units again"));
    }

    /// A byte of the output in the making that is not as its unit left it: the unit is named, and done again.
    void flipped()
    {
        planFor("flipped.safetensors", 2);
        for (const char *unit : {"0", "1"})
            COMPARE_EXIT(runCli({"part", path("flipped.safetensors.plan"), "--unit", unit}), 0);
        const QDir parts(path("flipped.safetensors.plan.parts"));
        const QStringList staged = parts.entryList({"output-*.staged"});
        QCOMPARE(staged.size(), 1);
        QByteArray bytes = fileBytes(parts.filePath(staged.front()));
        QCOMPARE(bytes.size(), m_expected.size());
        bytes[bytes.size() - (100 << 10)] ^= 1; // of the last unit, and not in the block at its end
        writeFile(parts.filePath(staged.front()), bytes);
        const ProgramResult merged = runCli({"merge", path("flipped.safetensors.plan")});
        COMPARE_EXIT(merged, 3);
        QVERIFY(merged.isOneError());
        QVERIFY(merged.err.contains("the part of unit 1 has other bytes than its report says"));
        QVERIFY(!QFile::exists(path("flipped.safetensors")));
        QCOMPARE(cliJson({"part", path("flipped.safetensors.plan"), "--unit", "0"})["done_before"].get<bool>(), true);
        QCOMPARE(cliJson({"part", path("flipped.safetensors.plan"), "--unit", "1"})["done_before"].get<bool>(), false);
        COMPARE_EXIT(runCli({"merge", path("flipped.safetensors.plan")}), 0);
        QVERIFY(fileBytes(path("flipped.safetensors")) == m_expected);
    }

    /// The plan and what belongs to it may be moved, and more units asked for than there are tensors.
    void moved()
    {
        const auto plan = planFor("moved.safetensors", 20);
        QCOMPARE(plan["units"].size(), std::size_t(20));
        for (int unit = 0; unit < 10; ++unit)
            COMPARE_EXIT(runCli({"part", path("moved.safetensors.plan"), "--unit", QString::number(unit)}), 0);
        QVERIFY(QDir().mkpath(path("elsewhere")));
        for (const char *suffix : {"", ".index", ".parts"})
            QVERIFY(QDir().rename(path(QString("moved.safetensors.plan") + suffix),
                                  path(QString("elsewhere/plan") + suffix)));
        for (int unit = 19; unit >= 0; --unit) {
            const auto done = cliJson({"part", path("elsewhere/plan"), "--unit", QString::number(unit)});
            QCOMPARE(done["done_before"].get<bool>(), unit < 10);
        }
        COMPARE_EXIT(runCli({"merge", path("elsewhere/plan")}), 0);
        QVERIFY(fileBytes(path("moved.safetensors")) == m_expected);
    }

    /// An output whose folder has gone meanwhile is not made, and is when the folder is back.
    void folderGone()
    {
        QVERIFY(QDir().mkpath(path("gone")));
        COMPARE_EXIT(runCli({"plan", path("in.safetensors"), "-o", path("gone/out.safetensors"), "--units", "2",
                             "--plan", path("gone.plan")}),
                     0);
        QVERIFY(QDir().rmdir(path("gone")));
        for (const char *unit : {"0", "1"})
            COMPARE_EXIT(runCli({"part", path("gone.plan"), "--unit", unit}), 0);
        const ProgramResult merged = runCli({"merge", path("gone.plan")});
        COMPARE_EXIT(merged, 1);
        QVERIFY(merged.isOneError());
        QVERIFY(merged.err.contains("of the output does not exist"));
        QVERIFY(QDir().mkpath(path("gone")));
        COMPARE_EXIT(runCli({"merge", path("gone.plan")}), 0);
        QVERIFY(fileBytes(path("gone/out.safetensors")) == m_expected);
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
        if (process.exitStatus() != QProcess::NormalExit)
            COMPARE_EXIT(runCli(arguments), 0);
        QVERIFY(fileBytes(path("resumed.safetensors")) == m_expected);
        QCOMPARE(QDir(path("resumed.safetensors.parts")).entryList(QDir::Files | QDir::Hidden),
                 QStringList{"mine.txt"});
    }

    /// Killed when the output had its name and its parts were still there.
    void resumesWhenWhole()
    {
        const QString output = path("finished.safetensors");
        const auto model = openModel(path("in.safetensors").toStdString(), {});
        QVERIFY(model);
        const Recipe recipe = defaultRecipe(**model);
        const ExportOptions options;
        AnalysisCache cache;
        const auto work = planWork({.model = *model,
                                    .location = path("in.safetensors").toStdString(),
                                    .part = {},
                                    .format = *findExportFormat("safetensors"),
                                    .recipe = recipe,
                                    .output = output.toStdString(),
                                    .options = options,
                                    .units = unitsFor(**model)},
                                   cache, {});
        QVERIFY(work);
        QVERIFY(doUnits(*work, cache, {}));
        const KeptReport report = [](const ExportPlan &) { return std::string("{}"); };
        QVERIFY(mergeParts(*work, resumeFolder(work->plan.output), false, report, cache, {}));
        QVERIFY(QDir(output + ".parts").exists());
        const ProgramResult other =
            runCli({"quantize", path("in.safetensors"), "-o", output, "--resume", "--bits", "4"});
        COMPARE_EXIT(other, 1);
        QVERIFY(other.err.contains("exists already"));
        const ProgramResult again = runCli({"quantize", path("in.safetensors"), "-o", output, "--resume"});
        COMPARE_EXIT(again, 0);
        QVERIFY(again.out.startsWith("Done before"));
        QVERIFY(!QDir(output + ".parts").exists());
        QVERIFY(fileBytes(output) == m_expected);
        COMPARE_EXIT(runCli({"quantize", path("in.safetensors"), "-o", output, "--resume"}), 1);
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
