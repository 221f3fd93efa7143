// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The output while units write it and merging completes it: damaged, raced, on another disk, asked for again.
#include "tests/core/shard_work.h"
#include "tests/support/written_export.h"

using namespace qs;
using namespace qs::test;

class TestShardsMerged : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_sources = {writeFile(m_folder, "in.safetensors", safetensorsSource()), shardedSource(m_folder)};
    }

    void damagedFolder_data()
    {
        QTest::addColumn<bool>("inPlace");
        QTest::newRow("in the part") << false;
        QTest::newRow("in the output") << true;
    }

    /// A part of a folder that is damaged behind its first shard is found, and no folder is left.
    void damagedFolder()
    {
        QFETCH(const bool, inPlace);
        const auto model = openModel(m_sources.back(), {});
        QS_VERIFY(model);
        const Recipe recipe = recipesFor(**model)[1];
        const std::string once = path(inPlace ? "whole-2" : "whole");
        QS_VERIFY(writeAs("compressed-tensors", **model, recipe, once));
        const std::string output = path(inPlace ? "pieces-2" : "pieces");
        const ExportFormat &format = *findExportFormat("compressed-tensors");
        QCOMPARE(targetRefusals(format, **model, output + "/", {}).size(), std::size_t(0));
        auto work = reopened(m_sources.back(), *model, "compressed-tensors", recipe, output + "/", 1);
        QS_VERIFY(work);
        if (inPlace)
            work->blockBytes = kSmallBlock;
        QCOMPARE(work->plan.output, output);   // the slash is not part of the name
        QVERIFY(work->file.folder.size() > 3); // two shards, their index, and what stands beside them
        const std::filesystem::path folder = partsFolder(output + "/");
        QCOMPARE(folder, std::filesystem::path(output + ".parts"));
        AnalysisCache cache;
        QS_VERIFY(doUnit(*work, 0, folder, cache, {}));
        if (inPlace)
            flipStaged(*work, folder, lastInPlace(*work, 0));
        else
            change(partPath(folder, 0), [](QByteArray &bytes) { bytes.back() = char(bytes.back() + 1); });
        const auto damaged = mergeIn(*work, folder);
        QVERIFY(!damaged && damaged.error().code == ErrorCode::Input);
        QVERIFY2(damaged.error().text().find("the part of unit 0 has other bytes") != std::string::npos,
                 damaged.error().text().c_str());
        QVERIFY(!std::filesystem::exists(output));
        QS_VERIFY(mergeAll(*work, folder));
        QCOMPARE(filesOf(output), filesOf(once));
        const auto found = findMerged(*work, folder, {});
        QS_VERIFY(found);
        QVERIFY(found->has_value());
        std::filesystem::remove(std::filesystem::path(output) / "config.json");
        const auto less = findMerged(*work, folder, {});
        QS_VERIFY(less);
        QVERIFY(!less->has_value());
    }

    void merged()
    {
        auto work = wholeWork("m.safetensors", 3);
        QS_VERIFY(work);
        work->blockBytes = kSmallBlock;
        const std::filesystem::path folder = path("m.parts");
        QS_VERIFY(mergeAll(*work, folder));
        removeParts(*work, folder);
        const auto found = findMerged(*work, folder, {});
        QS_VERIFY(found);
        QVERIFY(found->has_value());
        QCOMPARE((*found)->report, std::string("the report"));
        // A unit that is asked for once more makes nothing anew.
        AnalysisCache cache;
        const auto late = doUnit(*work, 1, folder, cache, {});
        QS_VERIFY(late);
        QVERIFY(late->doneBefore);
        QCOMPARE(late->path, std::filesystem::path(work->plan.output));
        QCOMPARE(filesIn(folder), std::size_t(1));
        change(work->plan.output, [](QByteArray &bytes) { bytes.back() = char(bytes.back() + 1); });
        const auto changed = findMerged(*work, folder, {});
        QS_VERIFY(changed);
        QVERIFY(!changed->has_value());
        const auto again = doUnit(*work, 1, folder, cache, {});
        QS_VERIFY(again);
        QVERIFY(!again->doneBefore);
    }

    /// A merge that ended between its record and the name of the output, and one that found its output made.
    void mergedTwice()
    {
        auto work = wholeWork("twice.safetensors", 2);
        QS_VERIFY(work);
        work->blockBytes = kSmallBlock;
        const std::filesystem::path folder = path("twice.parts");
        QS_VERIFY(doAllUnits(*work, folder));
        QS_VERIFY(recordMerge(*work, folder, {work->plan.bytes, std::string(32, '0'), {}}));
        const auto early = findMerged(*work, folder, {});
        QS_VERIFY(early);
        QVERIFY(!early->has_value());
        const auto first = mergeIn(*work, folder);
        QS_VERIFY(first);
        AnalysisCache cache;
        const auto second = mergeParts(*work, folder, false, kNoReport, cache, {});
        QS_VERIFY(second);
        QCOMPARE(second->output.checksum, first->output.checksum);
    }

    /// Whoever is still writing the output is waited for.
    void waitsForWriters()
    {
        auto work = wholeWork("waits.safetensors", 2);
        QS_VERIFY(work);
        work->blockBytes = kSmallBlock;
        const std::filesystem::path folder = path("waits.parts");
        QS_VERIFY(doAllUnits(*work, folder));
        auto late = AtomicFile::stage(stagedPath(*work, folder), work->plan.bytes, {});
        QS_VERIFY(late);
        bool waited = false;
        const TaskContext context{{}, [&](double, const Text &what) {
                                      if (what.str().starts_with("waiting")) {
                                          waited = true;
                                          QVERIFY(!std::filesystem::exists(work->plan.output));
                                          late->reset();
                                      }
                                  }};
        AnalysisCache cache;
        QS_VERIFY(takeReports(*work, folder, cache, {}));
        QS_VERIFY(mergeParts(*work, folder, false, kNoReport, cache, context));
        QVERIFY(waited);
        QVERIFY(std::filesystem::exists(work->plan.output));
    }

    /// The folder of the parts may be on another disk.
    void otherDisk()
    {
        QTemporaryDir other("/dev/shm/units-XXXXXX");
        if (!other.isValid())
            QSKIP("there is no second file system to write to");
        const std::filesystem::path folder = other.filePath("parts").toStdString();
        for (const bool asFolder : {false, true}) {
            const std::string source = asFolder ? m_sources.back() : m_sources[0];
            const QString format = asFolder ? "compressed-tensors" : "safetensors";
            const auto model = openModel(source, {});
            QS_VERIFY(model);
            const Recipe recipe = recipesFor(**model)[1];
            const std::string once = path("disk-once-" + format);
            const std::string output = path("disk-" + format);
            QS_VERIFY(writeAs(format.toStdString(), **model, recipe, once));
            auto work = reopened(source, *model, format, recipe, output, 3);
            QS_VERIFY(work);
            work->blockBytes = kSmallBlock;
            QS_VERIFY(mergeAll(*work, folder));
            QCOMPARE(filesOf(output), filesOf(once));
            QVERIFY(!isStaged(*work, folder));
            std::filesystem::remove_all(folder);
        }
    }

    /// Another plan of the same name has another output in the making, and the old one is of no use.
    void otherPlan()
    {
        auto work = wholeWork("other.safetensors", 2);
        QS_VERIFY(work);
        auto other = wholeWork("other.safetensors", 3);
        QS_VERIFY(other);
        const std::filesystem::path folder = path("other.parts");
        AnalysisCache cache;
        for (Work *each : {&*work, &*other}) {
            each->blockBytes = kSmallBlock;
            QS_VERIFY(doUnit(*each, 0, folder, cache, {}));
        }
        QVERIFY(isStaged(*other, folder));
        QVERIFY(!isStaged(*work, folder));
        const auto missing = takeReports(*work, folder, cache, {});
        QVERIFY(!missing);
        QCOMPARE(missing.error().message.str(), std::string("2 of 2 units are not done: 0, 1"));
    }

private:
    std::string path(const QString &name) const { return m_folder.filePath(name).toStdString(); }

    Result<Work> wholeWork(const QString &output, std::size_t units) const
    {
        QS_ASSIGN(const auto model, openModel(m_sources[0], {}));
        return reopened(m_sources[0], model, "safetensors", recipesFor(*model)[1], path(output), units);
    }

    QTemporaryDir m_folder;
    std::vector<std::string> m_sources;
};

QTEST_GUILESS_MAIN(TestShardsMerged)
#include "tst_shards_merged.moc"
