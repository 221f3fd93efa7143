// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Units by the index beside their plan: the parts and reports of those that open the model, and a look at nothing else.
#include "core/formats/open_model.h"
#include "core/shards/staged.h"
#include "core/shards/unit.h"
#include "core/shards/unit_index.h"
#include "core/shards/unit_report.h"
#include "tests/core/shard_sources.h"

#include <set>

using namespace qs;
using namespace qs::test;

class TestShardsIndex : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_sources = {writeFile(m_folder, "in.safetensors", safetensorsSource()),
                     writeFile(m_folder, "in.onnx", onnxSource()), writeFile(m_folder, "in.gguf", ggufSource()),
                     shardedSource(m_folder)};
    }

    void sameParts_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("format");
        QTest::addColumn<int>("recipe");
        for (const std::string &source : m_sources) {
            const auto model = openModel(source, {});
            QS_VERIFY(model);
            const auto recipes = recipesFor(**model);
            for (const ExportFormat *format : exportFormats()) {
                const std::string suffix(format->suffix);
                const int recipe = fittingRecipe(**model, *format, recipes, path("x") + suffix);
                if (recipe < 0)
                    continue;
                const auto name = QString::fromUtf8(format->name.data(), qsizetype(format->name.size()));
                const QString file = QFileInfo(QString::fromStdString(source)).fileName();
                QTest::newRow(qPrintable(name + " of " + file))
                    << QString::fromStdString(source) << (format->folder ? name : name + QString::fromStdString(suffix))
                    << name << recipe;
            }
        }
    }

    void sameParts()
    {
        QFETCH(const QString, source);
        QFETCH(const QString, target);
        QFETCH(const QString, format);
        QFETCH(const int, recipe);
        const auto model = openModel(source.toStdString(), {});
        QS_VERIFY(model);
        const Recipe wanted = recipesFor(**model)[static_cast<std::size_t>(recipe)];
        const bool isOurs = format == "safetensors"; // for all others one number of units does
        for (const std::size_t units : isOurs ? std::vector<std::size_t>{1, 3, 16, 64} : std::vector<std::size_t>{3}) {
            const std::string plan = savedPlan(source, *model, format, wanted, target, units);
            const auto planned = loadWorkPlan(plan);
            QS_VERIFY(planned);
            auto work = openWork(*planned, {});
            QS_VERIFY(work);
            const std::uint64_t block = units == 16 ? work->blockBytes : 16; // few weights fill a large one
            work->blockBytes = block;
            const std::filesystem::path whole = path(QString("whole-%1-%2").arg(units).arg(target));
            const std::filesystem::path alone = path(QString("alone-%1-%2").arg(units).arg(target));
            std::size_t pieces = 0;
            for (std::size_t unit = 0; unit < units; ++unit) {
                AnalysisCache cache;
                QS_VERIFY(doUnit(*work, unit, whole, cache, {}));
                auto one = openUnit(*planned, plan, unit, {});
                QS_VERIFY(one);
                one->blockBytes = block;
                const bool hasPiece = planned->units[unit].piece.bytes > 0;
                QCOMPARE(one->model->path.empty(), hasPiece); // nobody has opened it
                pieces += hasPiece;
                AnalysisCache own;
                QS_VERIFY(doUnit(*one, unit, alone, own, {}));
                const auto again = doUnit(*one, unit, alone, own, {});
                QS_VERIFY(again);
                QVERIFY(again->doneBefore);
            }
            QCOMPARE(filesOf(alone), filesOf(whole));
            QCOMPARE(isStaged(*work, alone), isStaged(*work, whole));
            if (isStaged(*work, whole))
                QCOMPARE(filesOf(stagedPath(*work, alone)), filesOf(stagedPath(*work, whole)));
            if (wholeByIndex().contains(format))
                QCOMPARE(pieces, units);
        }
    }

    void changedSource_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("words");
        QTest::newRow("another weight") << 0 << "the file has other bytes";
        QTest::newRow("another size") << 1 << "bytes, it had";
        QTest::newRow("written to") << 2 << "was written to since";
        QTest::newRow("gone") << 3 << "does not exist";
    }

    /// Whoever does a unit looks at the files that the unit reads.
    void changedSource()
    {
        QFETCH(const int, kind);
        QFETCH(const QString, words);
        const QString name = QString("changed-%1.safetensors").arg(kind);
        const std::string source = writeFile(m_folder, name, safetensorsSource());
        const auto model = openModel(source, {});
        QS_VERIFY(model);
        const std::string plan =
            savedPlan(QString::fromStdString(source), *model, "safetensors", defaultRecipe(**model), "c-" + name, 2);
        if (kind == 0)
            writeFile(m_folder, name, safetensorsSource(0.25F));
        else if (kind == 1)
            writeFile(m_folder, name, safetensorsSource() + "x");
        else if (kind == 2)
            std::filesystem::last_write_time(source,
                                             std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
        else
            std::filesystem::remove(source);
        refused(plan, 1, words);
    }

    /// Of two shards only the one that the unit reads has to be there; the merge looks at all of them.
    void otherShard()
    {
        const QTemporaryDir folder;
        const std::string source = shardedSource(folder);
        const auto model = openModel(source, {});
        QS_VERIFY(model);
        const std::string plan = savedPlan(QString::fromStdString(source), *model, "safetensors",
                                           defaultRecipe(**model), "shards.safetensors", 2);
        writeFile(folder, "sharded/model-00002-of-00002.safetensors", "other");
        const auto planned = loadWorkPlan(plan);
        QS_VERIFY(planned);
        const auto first = openUnit(*planned, plan, 0, {});
        QS_VERIFY(first);
        QCOMPARE(first->model->files.size(), std::size_t(1));
        refused(plan, 1, "bytes, it had");
    }

    void damaged()
    {
        const auto model = openModel(m_sources[0], {});
        QS_VERIFY(model);
        const std::string plan = savedPlan(QString::fromStdString(m_sources[0]), *model, "safetensors",
                                           defaultRecipe(**model), "damaged.safetensors", 3);
        const auto planned = loadWorkPlan(plan);
        QS_VERIFY(planned);
        const std::string index = indexPath(plan).string();
        const QByteArray whole = contents(index);
        std::mt19937 random(11);
        const IndexPiece piece = planned->units[1].piece;
        for (int round = 0; round < 50; ++round) {
            QByteArray bytes = whole;
            bytes[qsizetype(piece.begin + random() % piece.bytes)] ^= char(1 + random() % 255);
            write(index, bytes);
            refused(plan, 1, "the index has other bytes");
            QS_VERIFY(openUnit(*planned, plan, 0, {})); // its own piece is whole
        }
        write(index, whole.left(qsizetype(piece.begin + 1)));
        refused(plan, 1, "the index has other bytes");
        // Without an index the model is opened.
        std::filesystem::remove(index);
        const auto work = openUnit(*planned, plan, 1, {});
        QS_VERIFY(work);
        QCOMPARE(work->model->tensors.size(), (*model)->tensors.size());
        const auto none = openUnit(*planned, plan, 3, {});
        QVERIFY(!none && none.error().code == ErrorCode::Usage);
        // Two plans do not share one: neither is written when one of the files is there.
        write(index, "mine");
        auto other = plannedWork(m_sources[0], *model, "safetensors", defaultRecipe(**model), path("d"), 2);
        QS_VERIFY(other);
        std::filesystem::remove(plan);
        const auto saved = saveWork(*other, plan, false);
        QVERIFY(!saved && saved.error().code == ErrorCode::Work);
        QVERIFY(!std::filesystem::exists(plan));
        QCOMPARE(contents(index), QByteArray("mine"));
    }

    /// A plan that somebody has changed is refused, wherever that is.
    void changedPlan_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("words");
        const QString changed = "the plan was changed since it was made";
        QTest::newRow("bits") << QByteArray("\"bits\": 8") << QByteArray("\"bits\": 7") << changed;
        QTest::newRow("options") << QByteArray("\"unpacked\": false") << QByteArray("\"unpacked\": true") << changed;
        QTest::newRow("a place") << QByteArray("\"begin\": 0") << QByteArray("\"begin\": 1") << changed;
        QTest::newRow("identity") << QByteArray("\"identity\": \"") << QByteArray("\"identity\": \"0") << changed;
        QTest::newRow("program") << QByteArray("\"quantoscope\": \"") << QByteArray("\"quantoscope\": \"9.")
                                 << "the work was planned by version '9.";
    }

    void changedPlan()
    {
        QFETCH(const QByteArray, from);
        QFETCH(const QByteArray, to);
        QFETCH(const QString, words);
        const auto model = openModel(m_sources[0], {});
        QS_VERIFY(model);
        const QString name = QString("edited-%1.safetensors").arg(QTest::currentDataTag());
        const std::string plan =
            savedPlan(QString::fromStdString(m_sources[0]), *model, "safetensors", defaultRecipe(**model), name, 2);
        QByteArray text = contents(plan);
        QVERIFY(text.contains(from));
        write(plan, text.replace(text.indexOf(from), from.size(), to));
        refused(plan, 0, words);
        // Whether the output may be replaced is no part of what was planned.
        write(plan, text.replace(to, from).replace("\"overwrite\": false", "\"overwrite\": true"));
        QS_VERIFY(loadWorkPlan(plan));
    }

    /// What units find out about weights by themselves stops them here, too.
    void oddWeights()
    {
        const std::string source =
            writeFile(m_folder, "odd.safetensors", safetensorsSource(std::numeric_limits<float>::infinity()));
        const auto model = openModel(source, {});
        QS_VERIFY(model);
        const std::string plan = savedPlan(QString::fromStdString(source), *model, "safetensors",
                                           defaultRecipe(**model), "odd-out.safetensors", 4);
        const auto planned = loadWorkPlan(plan);
        QS_VERIFY(planned);
        int refusals = 0;
        for (std::size_t unit = 0; unit < 4; ++unit) {
            const auto work = openUnit(*planned, plan, unit, {});
            QS_VERIFY(work);
            AnalysisCache cache;
            const auto done = doUnit(*work, unit, path("odd.parts"), cache, {});
            if (!done) {
                ++refusals;
                QVERIFY2(done.error().text().find("layer 'layer1.weight' contains 1 infinite value") !=
                             std::string::npos,
                         done.error().text().c_str());
            }
        }
        QCOMPARE(refusals, 1);
    }

private:
    /// Formats all of whose tensors follow from a tensor or a layer each. Others have texts, types and orders of their
    /// own.
    static const std::set<QString> &wholeByIndex()
    {
        static const std::set<QString> formats{"safetensors", "float", "gpt-fast", "torchao",
                                               "gguf",        "mlx",   "awq",      "compressed-tensors"};
        return formats;
    }

    std::string path(const QString &name) const { return m_folder.filePath(name).toStdString(); }

    static void write(const std::string &path, const QByteArray &bytes)
    {
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }

    /// Plans work and saves the plan with its index: its path.
    std::string savedPlan(const QString &source, const std::shared_ptr<const Model> &model, const QString &format,
                          const Recipe &recipe, const QString &target, std::size_t units) const
    {
        auto work = plannedWork(source.toStdString(), model, format, recipe, path(target), units);
        const std::string plan = path(QString("%1-%2.plan").arg(target).arg(units));
        const auto saved = work ? saveWork(*work, plan, true) : std::unexpected(work.error());
        if (!saved)
            qWarning("%s", saved.error().text().c_str());
        return plan;
    }

    static void refused(const std::string &plan, std::size_t unit, const QString &words)
    {
        auto planned = loadWorkPlan(plan);
        const auto work = planned ? openUnit(std::move(*planned), plan, unit, {}) : std::unexpected(planned.error());
        QVERIFY(!work && work.error().code == ErrorCode::Input);
        QVERIFY2(work.error().text().find(words.toStdString()) != std::string::npos, work.error().text().c_str());
    }

    QTemporaryDir m_folder;
    std::vector<std::string> m_sources;
};

QTEST_GUILESS_MAIN(TestShardsIndex)
#include "tst_shards_index.moc"
