// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that a file holds several times: how they are found, and what a tie of a recipe makes of them.
#include "core/layers/equal_tensors.h"

#include "core/export/registry.h"
#include "core/layers/recipe_roles.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

using namespace qs;
using qs::test::FloatTensor;

namespace {

using Names = std::vector<std::vector<std::string>>;

constexpr const char *kHead = "lm_head.weight";
constexpr const char *kTokens = "model.embed_tokens.weight";

} // namespace

class TestEqualTensors : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        const auto values = [](std::uint32_t seed) { return test::randomValues(64 * 8, seed); };
        std::vector<float> nearly = values(1);
        nearly.back() += 1;
        m_model = test::openBytes(
            m_folder, "m.safetensors",
            test::safetensorsBytes(std::vector<FloatTensor>{{kHead, {64, 8}, values(1)},
                                                            {"a.weight", {64, 8}, values(2)},
                                                            {"b.weight", {64, 8}, values(2)},
                                                            {"c.weight", {64, 8}, values(2)},
                                                            {"nearly.weight", {64, 8}, nearly},
                                                            {"turned.weight", {8, 64}, values(1)},
                                                            {"zero1.weight", {64, 8}, std::vector<float>(64 * 8)},
                                                            {"zero2.weight", {64, 8}, std::vector<float>(64 * 8)},
                                                            {"one.bias", {64}, test::randomValues(64, 3)},
                                                            {"two.bias", {64}, test::randomValues(64, 3)},
                                                            {kTokens, {64, 8}, values(1)}}));
    }

    void found()
    {
        const auto groups = findEqualTensors(*m_model, {});
        QS_VERIFY(groups);
        Names names;
        for (const std::vector<std::size_t> &group : *groups) {
            names.emplace_back();
            for (const std::size_t tensor : group)
                names.back().push_back(m_model->tensors[tensor].name);
        }
        QCOMPARE(names, (Names{{"a.weight", "b.weight", "c.weight"}, {kHead, kTokens}}));
    }

    void stops()
    {
        std::stop_source stop;
        stop.request_stop();
        const auto groups = findEqualTensors(*m_model, {stop.get_token(), {}});
        QVERIFY(!groups);
        QCOMPARE(groups.error().code, ErrorCode::Cancelled);
    }

    /// Size counts once, any name selects the layer, the export has one copy and the same tie again.
    void ties()
    {
        Recipe recipe = defaultRecipe(*m_model);
        recipe.rules.clear();
        recipe.ties = {{kHead, kTokens}, {"b.weight", "a.weight"}, {"c.weight", "b.weight"}, {"gone", "a.weight"}};
        const auto tied = withRoles(m_model, recipe);
        QS_VERIFY(tied);
        QCOMPARE((*tied)->layers.size(), m_model->layers.size() - 3);
        QCOMPARE((*tied)->bytes(), m_model->bytes() - std::uint64_t(3 * 64 * 8 * 4));
        QCOMPARE((*tied)->asOpened, m_model);
        const auto layer = (*tied)->findLayer("model.embed_tokens");
        QVERIFY(layer);
        QCOMPARE((*tied)->layers[*layer].otherNames, std::vector<std::string>{kHead});
        QCOMPARE((*tied)->layers[*(*tied)->findLayer("a")].otherNames,
                 (std::vector<std::string>{"b.weight", "c.weight"}));
        for (const char *format : {"safetensors", "torch"}) {
            const std::string target = m_folder.filePath("out").toStdString() + findExportFormat(format)->suffix.data();
            QS_VERIFY(test::writeAs(format, **tied, recipe, target, {.overwrite = true, .verifyAll = true}));
            const auto written = openModel(target, {});
            QS_VERIFY(written);
            QCOMPARE((*written)->layers.size(), (*tied)->layers.size());
            QCOMPARE((*written)->layers[*(*written)->findLayer("model.embed_tokens")].otherNames,
                     std::vector<std::string>{kHead});
            QS_VERIFY(withRoles(*written, defaultRecipe(**written)));
        }
    }

    void recipes()
    {
        Recipe recipe;
        recipe.ties = {{"b", "a"}};
        const auto read = recipeFromJson(toJson(recipe), "r.json");
        QS_VERIFY(read);
        QCOMPARE(read->ties, recipe.ties);
        QVERIFY(!recipeFromJson(R"({"quantoscope_recipe": 1, "ties": ["a", "b"]})", "r.json"));
        QVERIFY(!recipeFromJson(R"({"quantoscope_recipe": 1, "ties": {"a": 1}})", "r.json"));
    }

    /// A file that says so of itself still opens.
    void notFromMetadata()
    {
        Recipe recipe;
        recipe.ties = {{"a", "b"}};
        const nlohmann::json header{{"__metadata__", {{"quantoscope.recipe", toJson(recipe)}}},
                                    {"a", {{"dtype", "F32"}, {"shape", {2, 2}}, {"data_offsets", {0, 16}}}},
                                    {"b", {{"dtype", "F32"}, {"shape", {2, 2}}, {"data_offsets", {16, 32}}}}};
        const auto model = test::openBytes(
            m_folder, "own.safetensors", test::safetensorsBytes(header.dump(), QByteArray(16, 0) + QByteArray(16, 1)));
        QVERIFY(model->warnings.empty());
        const auto same = withRoles(model, defaultRecipe(*model));
        QS_VERIFY(same);
        QCOMPARE((*same)->layers.size(), std::size_t(2));
    }

    void refused_data()
    {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::addColumn<QString>("message");
        QTest::newRow("other values") << "nearly.weight" << kHead << "their values differ, so they are no tie";
        QTest::newRow("another shape") << "turned.weight" << kHead << "only weights of one shape and type can be tied";
    }

    void refused()
    {
        QFETCH(QString, one);
        QFETCH(QString, other);
        QFETCH(QString, message);
        Recipe recipe;
        recipe.ties = {{one.toStdString(), other.toStdString()}};
        const auto tied = withRoles(m_model, recipe);
        QVERIFY(!tied);
        QCOMPARE(tied.error().code, ErrorCode::Usage);
        QVERIFY2(QString::fromStdString(tied.error().text()).contains(message), tied.error().text().c_str());
    }

private:
    QTemporaryDir m_folder;
    std::shared_ptr<const Model> m_model;
};

QTEST_GUILESS_MAIN(TestEqualTensors)
#include "tst_layers_equal_tensors.moc"
