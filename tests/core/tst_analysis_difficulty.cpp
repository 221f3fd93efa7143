// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Why layers are hard, of layers made by hand, and ranks of weights against ranks of outputs.
#include "core/analysis/analyze.h"
#include "core/analysis/layer_difficulty.h"
#include "tests/support/test_model.h"

#include <cmath>
#include <random>

using namespace qs;
using namespace qs::test;

namespace {

constexpr std::uint64_t kRows = 16;
constexpr std::uint64_t kColumns = 256;

/// Normal numbers: sums of twelve even ones, the same on any standard library.
std::vector<float> normalValues(std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::vector<float> values(kRows * kColumns);
    for (float &value : values) {
        double sum = -6;
        for (int i = 0; i < 12; ++i)
            sum += static_cast<double>(random()) / 4294967296.0;
        value = static_cast<float>(sum);
    }
    return values;
}

std::vector<Difficulty> difficulties(const std::vector<float> &values, const SchemePatch &patch,
                                     std::uint64_t columns = kColumns)
{
    QTemporaryDir folder;
    const auto model = openBytes(folder, "a.safetensors",
                                 safetensorsBytes({{"a.weight", {values.size() / columns, columns}, values}}));
    Recipe recipe;
    patch.applyTo(recipe.scheme);
    AnalyzeOptions options;
    options.keepChannels = true;
    AnalysisCache cache;
    const auto report = analyze(*model, recipe, options, cache, {});
    if (!report)
        qFatal("%s", report.error().text().c_str());
    return difficultiesOf(*(*report)->layers.front());
}

using Kinds = QList<DifficultyKind>;

Kinds kindsOf(const std::vector<Difficulty> &found)
{
    Kinds kinds;
    for (const Difficulty &difficulty : found)
        kinds << difficulty.kind;
    return kinds;
}

} // namespace

class TestAnalysisDifficulty : public QObject
{
    Q_OBJECT
private slots:
    void evenLayersAreNotHard();
    void outliers();
    void spread();
    void oneSided();
    void deadChannels();
    void withoutVectors();
    void ranks_data();
    void ranks();
};

void TestAnalysisDifficulty::evenLayersAreNotHard()
{
    QCOMPARE(kindsOf(difficulties(normalValues(1), {})), Kinds());
    QCOMPARE(kindsOf(difficulties(normalValues(1), {.granularity = Granularity::tensor()})), Kinds());
    QCOMPARE(kindsOf(difficulties(normalValues(1), {.granularity = Granularity::group(32)})), Kinds());
    // With fewer bits it is hard, and there is nothing but the number of levels to blame.
    const auto found = difficulties(normalValues(1), {.bits = 3});
    QCOMPARE(kindsOf(found), Kinds{DifficultyKind::Resolution});
    QVERIFY2(found.front().sentence.str().find("8 levels") != std::string::npos, found.front().sentence.str().c_str());
}

void TestAnalysisDifficulty::outliers()
{
    // In each row two weights of ±24 standard deviations, where 256 normal ones reach √(2 ln 256) = 3.33 of them: but
    // they themselves make the usual weight √(1 + 2 · 24² / 256) = 2.35, so that c = 10.2, and log2(10.2 / 3.33)
    // = 1.62.
    std::vector<float> values = normalValues(2);
    for (std::uint64_t row = 0; row < kRows; ++row) {
        values[row * kColumns + row] = 24;
        values[row * kColumns + row + 8] = -24;
    }
    const auto found = difficulties(values, {});
    QCOMPARE(kindsOf(found), Kinds{DifficultyKind::Outliers});
    QVERIFY2(std::abs(found.front().bits - 1.62) < 0.05, qPrintable(QString::number(found.front().bits)));
    // In groups of 32 only one of eight scales, or two, have an outlier, which costs less; left out of the range,
    // nothing.
    const auto grouped = difficulties(values, {.granularity = Granularity::group(32)});
    QVERIFY(grouped.empty() || grouped.front().bits < found.front().bits);
    QCOMPARE(kindsOf(difficulties(values, {.range = RangeMethod::percentile(99'000'000)})), Kinds());
    // One outlier in the whole layer hurts one channel of sixteen.
    values = normalValues(2);
    values[7] = 8;
    QCOMPARE(kindsOf(difficulties(values, {})), Kinds());
}

void TestAnalysisDifficulty::spread()
{
    std::vector<float> values = normalValues(3);
    for (std::uint64_t i = 0; i < kColumns; ++i)
        values[5 * kColumns + i] *= 64;
    const auto found = difficulties(values, {.granularity = Granularity::tensor()});
    QCOMPARE(kindsOf(found), Kinds{DifficultyKind::Spread});
    QVERIFY2(std::abs(found.front().bits - 6) < 0.6, qPrintable(QString::number(found.front().bits)));
    QCOMPARE(kindsOf(difficulties(values, {})), Kinds());
}

void TestAnalysisDifficulty::oneSided()
{
    std::vector<float> values = normalValues(4);
    for (float &value : values)
        value = std::abs(value);
    const auto found = difficulties(values, {});
    QCOMPARE(kindsOf(found), Kinds{DifficultyKind::OneSided});
    QVERIFY(std::abs(found.front().bits - 1) < 0.01);
    QCOMPARE(kindsOf(difficulties(values, {.mode = Mode::Asymmetric})), Kinds());
}

void TestAnalysisDifficulty::deadChannels()
{
    std::vector<float> values = normalValues(5);
    std::fill_n(values.begin() + 2 * kColumns, 3 * kColumns, 0.0F);
    auto found = difficulties(values, {});
    QCOMPARE(kindsOf(found), Kinds{DifficultyKind::DeadChannels});
    QCOMPARE(found.front().sentence.str(), std::string("dead channels: all weights of 3 of 16 channels are 0"));
    // They come last, whatever else there is.
    found = difficulties(values, {.bits = 3});
    QCOMPARE(kindsOf(found), (Kinds{DifficultyKind::Resolution, DifficultyKind::DeadChannels}));
    // A layer of zeros only, and one of single weights, have nothing that could be said.
    QCOMPARE(kindsOf(difficulties(std::vector<float>(64, 0.0F), {}, 8)), Kinds());
    QCOMPARE(kindsOf(difficulties({1, -2, 3}, {}, 1)), Kinds());
}

void TestAnalysisDifficulty::withoutVectors()
{
    LayerReport report;
    QCOMPARE(kindsOf(difficultiesOf(report)), Kinds());
    report.statistics = std::make_shared<WeightStatistics>();
    auto quantization = std::make_shared<LayerQuantization>();
    quantization->shape = {4, 8};
    report.quantization = quantization;
    QCOMPARE(kindsOf(difficultiesOf(report)), Kinds());
}

void TestAnalysisDifficulty::ranks_data()
{
    using Numbers = QList<double>;
    QTest::addColumn<Numbers>("sqnr");
    QTest::addColumn<Numbers>("errors");
    QTest::addColumn<QStringList>("contrasts"); // "layer: by weights, by output"
    const Numbers rising{10, 20, 30, 40, 50, 60};
    QTest::newRow("the same story") << rising << Numbers{0.6, 0.5, 0.4, 0.3, 0.2, 0.1} << QStringList();
    QTest::newRow("two changed places") << rising << Numbers{0.1, 0.5, 0.4, 0.3, 0.2, 0.6}
                                        << QStringList{"0: 1, 6", "5: 6, 1"};
    QTest::newRow("near places") << rising << Numbers{0.5, 0.6, 0.4, 0.1, 0.2, 0.3} << QStringList();
    // Only what is among the worst of one, however much the others disagree.
    QTest::newRow("all reversed") << Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
                                  << Numbers{0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1}
                                  << QStringList{"0: 1, 10", "9: 10, 1"};
    QTest::newRow("third and ninth of ten")
        << Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 10} << Numbers{0.1, 0.09, 0.02, 0.08, 0.07, 0.06, 0.05, 0.04, 0.03, 0.01}
        << QStringList();
    QTest::newRow("first, and just in the worse half")
        << Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 10} << Numbers{0.06, 0.1, 0.09, 0.08, 0.07, 0.05, 0.04, 0.03, 0.02, 0.01}
        << QStringList();
    QTest::newRow("first, and just in the better half")
        << Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 10} << Numbers{0.05, 0.1, 0.09, 0.08, 0.07, 0.06, 0.04, 0.03, 0.02, 0.01}
        << QStringList{"0: 1, 6"};
    QTest::newRow("too few") << Numbers{10, 20, 30} << Numbers{0.1, 0.2, 0.3} << QStringList();
}

void TestAnalysisDifficulty::ranks()
{
    QFETCH(const QList<double>, sqnr);
    QFETCH(const QList<double>, errors);
    QFETCH(const QStringList, contrasts);
    Report report;
    report.outputError.kind = OutputErrorKind::Network;
    for (qsizetype i = 0; i < sqnr.size(); ++i) {
        LayerReport layer;
        layer.decision.quantize = true;
        layer.metrics.sqnrDb = sqnr[i];
        layer.outputError.alone = errors[i];
        report.layers.push_back(std::make_shared<LayerReport>(layer));
    }
    const auto found = [&] {
        QStringList all;
        const auto ranks = rankContrasts(report);
        for (std::size_t i = 0; i < ranks.size(); ++i)
            if (ranks[i])
                all << QStringLiteral("%1: %2, %3").arg(i).arg(ranks[i]->byWeights).arg(ranks[i]->byOutput);
        return all;
    };
    QCOMPARE(found(), contrasts);
    // While one is missing, nobody has a place.
    report.layers.back() = nullptr;
    QCOMPARE(found(), QStringList());
    report.layers.pop_back();
    report.outputError.kind = OutputErrorKind::None;
    QCOMPARE(found(), QStringList());
}

QTEST_GUILESS_MAIN(TestAnalysisDifficulty)
#include "tst_analysis_difficulty.moc"
