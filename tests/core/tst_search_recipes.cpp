// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// search() on whole models: budgets are kept, numbers are those of analyze(), constraints hold.
#include "core/export/planner.h"
#include "core/export/registry.h"
#include "core/reports/search_json.h"
#include "core/search/search.h"
#include "tests/core/quantized_tensor.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace qs;
using namespace qs::test;

namespace {

const ExportFormat &formatCalled(std::string_view name)
{
    for (const ExportFormat *format : exportFormats())
        if (format->name == name)
            return *format;
    qFatal("no such format");
}

Recipe recipeOf(const QString &fields)
{
    Recipe recipe;
    recipe.scheme = schemeOf(fields);
    return recipe;
}

} // namespace

class TestSearchRecipes : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        auto model = openModel("demo:digits", {});
        QS_VERIFY(model);
        m_digits = *model;
    }

    /// At the size of uniform 4 bits the output error is less, and analyze() and the plan say the same of the recipe.
    void atTheSizeOfUniformBits()
    {
        const auto uniform = analyzed(recipeOf("bits=4"));
        SearchOptions options;
        options.budget = SizeBudget{sizeOf(recipeOf("bits=4"))};
        const SearchResult result = found(recipeOf(""), options);
        QVERIFY(result.metric == SearchMetric::Output && result.exact && !result.stoppedByTime);
        QVERIFY(result.found.bytes <= std::get<SizeBudget>(options.budget).bytes);
        QCOMPARE(result.found.bytes, sizeOf(result.recipe));
        const auto report = analyzed(result.recipe);
        QCOMPARE(result.found.measured, report->outputError.relativeError);
        QVERIFY2(*result.found.measured < 0.7 * *uniform->outputError.relativeError,
                 qPrintable(QString::number(*result.found.measured)));
        QVERIFY(result.bound <= result.found.predicted);
        // The recipe survives its file.
        const auto read = recipeFromJson(toJson(result.recipe), "recipe");
        QS_VERIFY(read);
        QVERIFY(*read == result.recipe);
    }

    void sameEveryTime()
    {
        SearchOptions options;
        options.budget = BitsBudget{3.5};
        const SearchResult first = found(recipeOf(""), options);
        for (int i = 0; i < 3; ++i) {
            const SearchResult again = found(recipeOf(""), options);
            QVERIFY(again.recipe == first.recipe);
            QCOMPARE(again.found.measured, first.found.measured);
        }
    }

    /// A larger budget never has a larger predicted error, as long as nothing is measured.
    void monotone()
    {
        AnalysisCache cache;
        double before = 1e9;
        for (int i = 0; i < 50; ++i) {
            SearchOptions options;
            options.budget = BitsBudget{2.3 + 0.15 * i};
            options.seconds = 0;
            const auto result = search(*m_digits, recipeOf(""), formatCalled("safetensors"), options, cache, {});
            QS_VERIFY(result);
            QVERIFY2(result->found.predicted <= before, qPrintable(QString::number(i)));
            QVERIFY(result->bitsPerWeight <= 2.3 + 0.15 * i + 1e-9);
            before = result->found.predicted;
        }
    }

    void errorBudget()
    {
        SearchOptions options;
        options.budget = ErrorBudget{0.02};
        const SearchResult result = found(recipeOf(""), options);
        QVERIFY(*result.found.measured <= 0.02);
        QVERIFY(result.found.bytes < sizeOf(recipeOf("bits=8")));
        QCOMPARE(result.found.measured, analyzed(result.recipe)->outputError.relativeError);
    }

    void constraints()
    {
        SearchOptions options;
        options.budget = BitsBudget{3.2};
        options.keep = false;
        options.together = {"re:fc[23]"};
        options.least = {{"fc1", 4}};
        Recipe recipe = recipeOf("");
        setQuantized(recipe, m_digits->layers[*m_digits->findLayer("fc4")], false);
        const SearchResult result = found(recipe, options);
        QCOMPARE(result.layers.size(), std::size_t{3});
        QVERIFY(result.layers[0].quantize && result.layers[0].scheme.bits >= 4);
        QVERIFY(result.layers[1].scheme == result.layers[2].scheme);
        const auto decisions = resolve(result.recipe, *m_digits, false);
        QS_VERIFY(decisions);
        QVERIFY(!(*decisions)[*m_digits->findLayer("fc4")].quantize);
        for (const SearchLayer &layer : result.layers)
            QVERIFY((*decisions)[layer.layer].quantize && (*decisions)[layer.layer].scheme == layer.scheme);
    }

    /// Layers with a scheme of their own keep it.
    void lockedLayers()
    {
        SearchOptions options;
        options.budget = BitsBudget{4};
        Recipe recipe = recipeOf("");
        SchemePatch patch;
        patch.bits = 6;
        setOverrides(recipe, m_digits->layers[*m_digits->findLayer("fc2")], patch);
        const SearchResult result = found(recipe, options);
        const auto decisions = resolve(result.recipe, *m_digits, false);
        QS_VERIFY(decisions);
        QCOMPARE((*decisions)[*m_digits->findLayer("fc2")].scheme.bits, 6);
        QVERIFY(result.bitsPerWeight <= 4);
    }

    /// No network: errors of the weights, and that is said.
    void withoutNetwork()
    {
        QTemporaryDir folder;
        const std::vector<float> plain = randomValues(64 * 32, 1);
        const std::vector<float> heavy = heavyValues(64 * 32, 2);
        const auto model = openBytes(
            folder, "model.safetensors",
            safetensorsBytes(
                {{"a.weight", {64, 32}, plain}, {"b.weight", {32, 64}, heavy}, {"c.weight", {64, 8, 4}, plain}}));
        SearchOptions options;
        options.budget = BitsBudget{4.5};
        AnalysisCache cache;
        const auto result = search(*model, recipeOf(""), formatCalled("safetensors"), options, cache, {});
        QS_VERIFY(result);
        QVERIFY(result->metric == SearchMetric::Weight);
        QVERIFY(!result->found.measured && !result->inputs.empty());
        QCOMPARE(result->warnings.size(), std::size_t{2}); // of heavy tails, too
        const auto report = analyze(*model, result->recipe, {}, cache, {});
        QS_VERIFY(report);
        QVERIFY(std::abs(*(*report)->total.metrics.relativeError / result->found.predicted - 1) < 1e-6);
        options.metric = SearchMetric::Output;
        const auto refused = search(*model, recipeOf(""), formatCalled("safetensors"), options, cache, {});
        QVERIFY(!refused && refused.error().code == ErrorCode::Usage);
    }

    /// Formats hold what they hold: gpt-fast knows 8 bits only.
    void choicesOfTheFormat()
    {
        SearchOptions options;
        options.budget = SizeBudget{std::uint64_t{1} << 30U};
        options.keep = false;
        AnalysisCache cache;
        const auto result = search(*m_digits, recipeOf(""), formatCalled("gpt-fast"), options, cache, {});
        QS_VERIFY(result);
        for (const SearchLayer &layer : result->layers)
            QVERIFY(!layer.quantize || layer.scheme.bits == 8);
    }

    void impossibleBudgets()
    {
        AnalysisCache cache;
        SearchOptions options;
        for (const SearchBudget &budget : {SearchBudget(SizeBudget{100}), SearchBudget(BitsBudget{0.5})}) {
            options.budget = budget;
            const auto result = search(*m_digits, recipeOf(""), formatCalled("safetensors"), options, cache, {});
            QVERIFY(!result && result.error().code == ErrorCode::Usage);
        }
        options.keep = false;
        options.budget = ErrorBudget{1e-9};
        const auto result = search(*m_digits, recipeOf(""), formatCalled("safetensors"), options, cache, {});
        QVERIFY(!result && result.error().code == ErrorCode::Usage);
    }

    void json()
    {
        SearchOptions options;
        options.budget = BitsBudget{4};
        options.seconds = 0;
        const SearchResult result = found(recipeOf(""), options);
        const auto document =
            QJsonDocument::fromJson(QByteArray::fromStdString(searchJson(*m_digits, result, "safetensors")));
        QVERIFY(document.isObject());
        const QJsonObject object = document.object();
        QCOMPARE(object["metric"].toString(), QString("output"));
        QCOMPARE(static_cast<std::uint64_t>(object["found"].toObject()["bytes"].toDouble()), result.found.bytes);
        const auto recipe = recipeFromJson(QJsonDocument(object["recipe"].toObject()).toJson().toStdString(), "json");
        QS_VERIFY(recipe);
        QVERIFY(*recipe == result.recipe);
    }

private:
    SearchResult found(const Recipe &recipe, const SearchOptions &options) const
    {
        AnalysisCache cache;
        auto result = search(*m_digits, recipe, formatCalled("safetensors"), options, cache, {});
        if (!result)
            qFatal("%s", result.error().text().c_str());
        return *std::move(result);
    }
    std::shared_ptr<const Report> analyzed(const Recipe &recipe) const
    {
        AnalysisCache cache;
        auto report = analyze(*m_digits, recipe, {}, cache, {});
        if (!report)
            qFatal("%s", report.error().text().c_str());
        return *std::move(report);
    }
    std::uint64_t sizeOf(const Recipe &recipe) const
    {
        AnalysisCache cache;
        return planExport(formatCalled("safetensors"), *m_digits, recipe, "model.safetensors", {}, cache, {})->bytes;
    }

    std::shared_ptr<const Model> m_digits;
};

QTEST_APPLESS_MAIN(TestSearchRecipes)
#include "tst_search_recipes.moc"
