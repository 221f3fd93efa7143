// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Exports in units: the bytes and the report of one machine, whatever the number of units, their order, and what fails.
#include "core/reports/report_json.h"
#include "core/shards/resumed.h"
#include "tests/core/shard_work.h"
#include "tests/support/written_export.h"

#include <set>
#include <thread>

using namespace qs;
using namespace qs::test;

class TestShardsUnits : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_sources = {writeFile(m_folder, "in.safetensors", safetensorsSource()),
                     writeFile(m_folder, "in.onnx", onnxSource()), writeFile(m_folder, "in.gguf", ggufSource()),
                     shardedSource(m_folder)};
    }

    /// Each format with each kind of source that it can be made of.
    void sameBytes_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("format");
        QTest::addColumn<int>("recipe");
        std::set<std::string_view> covered;
        for (const std::string &source : m_sources) {
            const auto model = openModel(source, {});
            QS_VERIFY(model);
            const auto recipes = recipesFor(**model);
            for (const ExportFormat *format : exportFormats()) {
                const std::string suffix(format->suffix);
                const int recipe = fittingRecipe(**model, *format, recipes, path("x") + suffix);
                if (recipe < 0)
                    continue;
                covered.insert(format->name);
                const auto name = QString("%1 of %2")
                                      .arg(QString::fromUtf8(format->name.data(), qsizetype(format->name.size())),
                                           QFileInfo(QString::fromStdString(source)).fileName());
                QTest::newRow(qPrintable(name))
                    << QString::fromStdString(source)
                    << QString::fromStdString(format->folder ? std::string(format->name) : "out" + suffix)
                    << QString::fromUtf8(format->name.data(), qsizetype(format->name.size())) << recipe;
            }
        }
        QVERIFY(covered.size() >= 14);
    }

    void sameBytes()
    {
        QFETCH(const QString, source);
        QFETCH(const QString, target);
        QFETCH(const QString, format);
        QFETCH(const int, recipe);
        const auto model = openModel(source.toStdString(), {});
        QS_VERIFY(model);
        const Recipe wanted = recipesFor(**model)[static_cast<std::size_t>(recipe)];
        const std::string once = path("once-" + target);
        QS_VERIFY(writeAs(format.toStdString(), **model, wanted, once, {.overwrite = true}));
        std::mt19937 random(7);
        for (const std::size_t units : {1, 3, 16, 64}) {
            const std::filesystem::path output = path(QString("%1-%2").arg(units).arg(target));
            auto work = reopened(source.toStdString(), *model, format, wanted, output, units, {.overwrite = true});
            QS_VERIFY(work);
            if (units != 16)
                work->blockBytes = kSmallBlock; // else the weights are too few to be written in place
            std::vector<std::size_t> order(units);
            std::ranges::generate(order, [n = std::size_t(0)]() mutable { return n++; });
            order.push_back(random() % units); // one of them twice
            std::ranges::shuffle(order, random);
            const std::filesystem::path folder = partsFolder(output);
            for (const std::size_t unit : order) {
                AnalysisCache cache; // each on a machine of its own
                QS_VERIFY(doUnit(*work, unit, folder, cache, {}));
            }
            if (units == 1)
                QCOMPARE(isStaged(*work, folder), placesOf(*work, 0).writesOutput());
            AnalysisCache cache;
            QS_VERIFY(takeReports(*work, folder, cache, {}));
            const auto report = previewWork(*work, {}, cache, {});
            QS_VERIFY(report);
            QCOMPARE(cache.quantizations(), std::uint64_t(0)); // all was known
            QS_VERIFY(mergeParts(*work, folder, true, kNoReport, cache, {}));
            QVERIFY(!isStaged(*work, folder));
            QCOMPARE(filesOf(output), filesOf(once));
            QCOMPARE(reportText(**model, *report), onOneMachine(**model, format, wanted, once));
        }
    }

    /// Whatever happens to units, doing again what is not done gives the same file.
    void failures()
    {
        const auto model = openModel(m_sources[0], {});
        QS_VERIFY(model);
        const Recipe recipe = recipesFor(**model)[1];
        const std::string once = path("failures-once.safetensors");
        QS_VERIFY(writeAs("safetensors", **model, recipe, once));
        constexpr std::size_t kUnits = 5;
        std::mt19937 random(3);
        for (int round = 0; round < 50; ++round) {
            const std::filesystem::path output = path(QString("failures-%1.safetensors").arg(round));
            auto work = reopened(m_sources[0], *model, "safetensors", recipe, output, kUnits);
            QS_VERIFY(work);
            if (round % 2 == 0)
                work->blockBytes = kSmallBlock;
            const std::filesystem::path folder = partsFolder(output);
            for (std::size_t unit = 0; unit < kUnits; ++unit)
                doStopped(*work, unit, folder, random);
            const std::size_t victim = random() % kUnits;
            const bool hadPart = spoil(*work, folder, victim, random() % 5);
            AnalysisCache cache;
            const auto early = mergeIn(*work, folder);
            if (hadPart)
                QVERIFY(!early);
            if (!early)
                QVERIFY(!std::filesystem::exists(output));
            std::vector<std::thread> threads; // two machines, which do not know of each other
            std::atomic<int> failed = 0;
            for (int machine = 0; machine < 2; ++machine)
                threads.emplace_back([&] {
                    for (std::size_t unit = 0; unit < kUnits; ++unit) {
                        AnalysisCache own;
                        if (const auto done = doUnit(*work, unit, folder, own, {}); !done) {
                            qWarning("%s", done.error().text().c_str());
                            ++failed;
                        }
                    }
                });
            for (std::thread &thread : threads)
                thread.join();
            QCOMPARE(failed.load(), 0);
            if (!early)
                QS_VERIFY(mergeIn(*work, folder));
            QVERIFY(contents(output) == contents(once));
            std::size_t parts = 0;
            for (std::size_t unit = 0; unit < kUnits; ++unit)
                parts += placesOf(*work, unit).partBytes > 0 ? 1 : 0;
            QCOMPARE(filesIn(folder), kUnits + parts + 1); // and merged.json: nothing half-written is left
        }
    }

    void refusals()
    {
        const auto model = openModel(m_sources[0], {});
        QS_VERIFY(model);
        const std::filesystem::path output = path("refused.safetensors");
        const auto work = reopened(m_sources[0], *model, "safetensors", defaultRecipe(**model), output, 3);
        QS_VERIFY(work);
        const std::filesystem::path folder = partsFolder(output);
        AnalysisCache cache;
        const auto none = doUnit(*work, 3, folder, cache, {});
        QVERIFY(!none && none.error().code == ErrorCode::Usage);
        QCOMPARE(none.error().message.str(), std::string("there is no unit 3, the plan has units 0 to 2"));
        QS_VERIFY(doUnit(*work, 1, folder, cache, {}));
        const auto missing = takeReports(*work, folder, cache, {});
        QVERIFY(!missing && missing.error().code == ErrorCode::Work);
        QCOMPARE(missing.error().message.str(), std::string("2 of 3 units are not done: 0, 2"));
        // A part of another plan is none.
        Recipe other = defaultRecipe(**model);
        other.scheme.bits = 5;
        const auto otherWork = reopened(m_sources[0], *model, "safetensors", other, output, 3);
        QS_VERIFY(otherWork);
        const auto again = doUnit(*otherWork, 1, folder, cache, {});
        QS_VERIFY(again);
        QVERIFY(!again->doneBefore);
    }

    /// What does not follow from weights alone.
    void otherWork()
    {
        const auto model = openModel(m_sources[0], {});
        QS_VERIFY(model);
        Recipe recipe = defaultRecipe(**model);
        recipe.scheme.range.kind = RangeMethod::Kind::Output;
        const auto fed = plannedWork(m_sources[0], *model, "safetensors", recipe, path("fed.safetensors"), 2);
        QVERIFY(!fed && fed.error().code == ErrorCode::Work);
        QVERIFY2(fed.error().text().find("'layer0.weight' depend on what the network is fed") != std::string::npos,
                 fed.error().text().c_str());
    }

    void changedSource_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("words");
        QTest::newRow("another weight") << 0 << "the file has other bytes";
        QTest::newRow("another size") << 1 << "bytes, it had";
        QTest::newRow("written to") << 2 << "was written to since";
    }

    void changedSource()
    {
        QFETCH(const int, kind);
        QFETCH(const QString, words);
        const std::string source =
            writeFile(m_folder, QString("changed-%1.safetensors").arg(kind), safetensorsSource());
        const auto model = openModel(source, {});
        QS_VERIFY(model);
        const auto work = plannedWork(source, *model, "safetensors", defaultRecipe(**model), path("c.safetensors"), 2);
        QS_VERIFY(work);
        if (kind == 0)
            writeFile(m_folder, QString("changed-%1.safetensors").arg(kind), safetensorsSource(0.25F));
        else if (kind == 1)
            writeFile(m_folder, QString("changed-%1.safetensors").arg(kind), safetensorsSource() + "x");
        else
            std::filesystem::last_write_time(source,
                                             std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
        const auto opened = openWork(work->plan, {});
        QVERIFY(!opened && opened.error().code == ErrorCode::Input);
        if (kind != 1) // its size does not fit its header either
            QVERIFY2(opened.error().text().find(words.toStdString()) != std::string::npos,
                     opened.error().text().c_str());
    }

    /// Weights that are no numbers are refused where they are looked at; or kept, when that is wanted.
    void oddWeights()
    {
        const std::string source =
            writeFile(m_folder, "odd.safetensors", safetensorsSource(std::numeric_limits<float>::quiet_NaN()));
        const auto model = openModel(source, {});
        QS_VERIFY(model);
        const Recipe recipe = defaultRecipe(**model);
        const auto strict = reopened(source, *model, "safetensors", recipe, path("strict.safetensors"), 4);
        QS_VERIFY(strict);
        int refused = 0;
        for (std::size_t unit = 0; unit < 4; ++unit) {
            AnalysisCache cache;
            const auto done = doUnit(*strict, unit, path("strict.parts"), cache, {});
            if (!done) {
                ++refused;
                QVERIFY(done.error().text().find("contains 1 NaN, first at [0, 5]") != std::string::npos);
            }
        }
        QCOMPARE(refused, 1);
        const std::string once = path("kept-once.safetensors");
        QS_VERIFY(writeAs("safetensors", **model, recipe, once, {.keepNonFinite = true}));
        const auto work =
            reopened(source, *model, "safetensors", recipe, path("kept.safetensors"), 4, {.keepNonFinite = true});
        QS_VERIFY(work);
        QCOMPARE(work->plan.keptByData.size(), std::size_t(1));
        QS_VERIFY(mergeAll(*work, path("kept.parts")));
        QVERIFY(contents(work->plan.output) == contents(once));
    }

    void damagedPlan_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("words");
        QTest::newRow("empty") << QByteArray() << "this is no plan of work";
        QTest::newRow("other JSON") << QByteArray("{}") << "the key 'quantoscope_plan' is missing";
        QTest::newRow("a later one") << QByteArray("{\"quantoscope_plan\": 2}") << "must be 1";
        QTest::newRow("half of it") << QByteArray("{\"quantoscope_plan\": 1}") << "this is no plan of work";
        QTest::newRow("a list") << QByteArray("[1]") << "the key 'quantoscope_plan' is missing";
    }

    void damagedPlan()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, words);
        const auto plan = loadWorkPlan(writeFile(m_folder, "damaged.plan", text));
        QVERIFY(!plan && plan.error().code == ErrorCode::Input);
        QVERIFY2(plan.error().text().find(words.toStdString()) != std::string::npos, plan.error().text().c_str());
    }

    /// What is stopped and started again ends as what was never stopped.
    void resumed()
    {
        const auto model = openModel(m_sources[0], {});
        QS_VERIFY(model);
        const Recipe recipe = defaultRecipe(**model);
        const std::string once = path("resumed-once.safetensors");
        QS_VERIFY(writeAs("safetensors", **model, recipe, once));
        const auto work = plannedWork(m_sources[0], *model, "safetensors", recipe, path("resumed.safetensors"), 4);
        QS_VERIFY(work);
        const std::filesystem::path folder = resumeFolder(work->plan.output);
        std::stop_source stop;
        TaskContext context{stop.get_token(), [&](double fraction, const Text &) {
                                if (fraction > 0.55)
                                    stop.request_stop();
                            }};
        AnalysisCache cache;
        const auto stopped = doUnits(*work, cache, context);
        QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
        QVERIFY2(stopped.error().text().find("2 of 4 units are done and kept") != std::string::npos,
                 stopped.error().text().c_str());
        QCOMPARE(filesIn(folder), std::size_t(4));
        AnalysisCache later;
        QS_VERIFY(doUnits(*work, later, {}));
        QS_VERIFY(mergeParts(*work, folder, false, kNoReport, later, {}));
        QVERIFY(holdsParts(work->plan.output));
        discardParts(work->plan.output);
        QVERIFY(!std::filesystem::exists(folder));
        QVERIFY(contents(work->plan.output) == contents(once));
    }

private:
    std::string path(const QString &name) const { return m_folder.filePath(name).toStdString(); }

    /// A unit that is stopped at some moment, or not at all.
    static void doStopped(const Work &work, std::size_t unit, const std::filesystem::path &folder, std::mt19937 &random)
    {
        std::stop_source stop;
        const double when = static_cast<double>(random() % 150) / 100;
        const TaskContext context{stop.get_token(), [&](double fraction, const Text &) {
                                      if (fraction >= when)
                                          stop.request_stop();
                                  }};
        AnalysisCache cache;
        const auto done = doUnit(work, unit, folder, cache, context);
        QVERIFY(done || done.error().code == ErrorCode::Cancelled);
        if (!done)
            QVERIFY(!std::filesystem::exists(reportPath(folder, unit)));
    }

    /// Spoils what a unit has done in one of five ways; false when there was none with bytes to spoil.
    static bool spoil(const Work &work, const std::filesystem::path &folder, std::size_t unit, std::uint32_t way)
    {
        const std::filesystem::path part = partPath(folder, unit);
        const UnitPlaces places = placesOf(work, unit);
        if (!std::filesystem::exists(reportPath(folder, unit)) || places.places.empty())
            return false;
        if (way == 0) {
            std::filesystem::remove(reportPath(folder, unit));
        } else if (way == 1) {
            change(reportPath(folder, unit), [](QByteArray &bytes) { bytes.chop(bytes.size() / 2); });
        } else if (places.partBytes == 0 || (way == 2 && places.writesOutput())) {
            flipStaged(work, folder, lastInPlace(work, unit));
        } else if (way == 2) {
            std::filesystem::remove(part);
        } else if (way == 3) {
            change(part, [](QByteArray &bytes) { bytes.chop(1); });
        } else {
            change(part, [](QByteArray &bytes) { bytes[bytes.size() / 2] = char(bytes[bytes.size() / 2] + 1); });
        }
        return true;
    }

    static std::string reportText(const Model &model, const Preview &preview)
    {
        return reportJson(model, *preview.report,
                          {.plan = &preview.plan, .planFormat = preview.format->name, .output = {}});
    }

    static std::string onOneMachine(const Model &model, const QString &format, const Recipe &recipe,
                                    const std::string &target)
    {
        AnalysisCache cache;
        const auto result = preview(*findExportFormat(format.toStdString()), model, recipe, target, {}, cache, {}, {});
        return result ? reportText(model, *result) : result.error().text();
    }

    QTemporaryDir m_folder;
    std::vector<std::string> m_sources;
};

QTEST_GUILESS_MAIN(TestShardsUnits)
#include "tst_shards_units.moc"
