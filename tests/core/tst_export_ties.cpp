// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Tied tensors: one layer with several names, in patterns, in exports and after opening them again.
#include "core/layers/layer_rules.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

#include <filesystem>

using namespace qs;
using qs::test::FloatTensor;

namespace {

constexpr const char *kEmbedding = "model.embed_tokens.weight";
constexpr const char *kOutput = "lm_head.weight";

Rule include(const char *match)
{
    return {match, Rule::Action::Include, {}, {}, {}};
}

} // namespace

class TestTies : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const std::vector<float> shared = test::randomValues(64 * 8, 1);
        test::writeFile(m_folder, "config.json", R"({"tie_word_embeddings": true})");
        m_model = test::openBytes(m_folder, "tied.safetensors",
                                  test::safetensorsBytes({{kOutput, {64, 8}, shared},
                                                          {kEmbedding, {64, 8}, shared},
                                                          {"fc.weight", {8, 8}, test::randomValues(64, 2)}}));
        QCOMPARE(m_model->layers.size(), std::size_t(2));
        QCOMPARE(m_model->aliases.size(), std::size_t(1));
    }

    void anyNameSelectsTheLayer_data()
    {
        QTest::addColumn<QString>("pattern");
        for (const char *pattern : {"lm_head", "lm_head.weight", "lm_*", "model.embed_tokens", "re:.*head"})
            QTest::newRow(pattern) << pattern;
    }

    void anyNameSelectsTheLayer()
    {
        QFETCH(QString, pattern);
        Recipe recipe;
        recipe.rules = {{pattern.toStdString(), Rule::Action::Exclude, {}, {}, {}}};
        const auto decisions = resolve(recipe, *m_model, false);
        QS_VERIFY(decisions);
        for (std::size_t i = 0; i < m_model->layers.size(); ++i)
            QCOMPARE((*decisions)[i].quantize, m_model->layers[i].name == "fc.weight");
    }

    /// Whichever comes first in the file, the embedding is the layer, and is excluded by default.
    void orderDecidesNothing()
    {
        for (const bool outputFirst : {false, true}) {
            Model model;
            for (const char *name :
                 {outputFirst ? kOutput : kEmbedding, outputFirst ? kEmbedding : kOutput, "a", "b"}) {
                TensorInfo tensor;
                tensor.name = name;
                tensor.shape = {4, 6};
                tensor.byteSize = 96;
                model.tensors.push_back(std::move(tensor));
            }
            model.aliases = {{1, 0}};
            model.aliases[outputFirst ? 2 : 3] = outputFirst ? 3 : 2;
            findLayers(model);
            QCOMPARE(model.layers.size(), std::size_t(2));
            QCOMPARE(model.layers[0].name, std::string("a"));
            QCOMPARE(model.layers[0].otherNames, std::vector<std::string>{"b"});
            QCOMPARE(model.layers[1].name, std::string(kEmbedding));
            QCOMPARE(model.layers[1].otherNames, std::vector<std::string>{kOutput});
            QCOMPARE(model.bytes(), std::uint64_t(2 * 96));
            const auto decisions = resolve(defaultRecipe(model), model, false);
            QS_VERIFY(decisions);
            QVERIFY((*decisions)[0].quantize && !(*decisions)[1].quantize);
        }
    }

    void safetensorsHoldsOneCopy_data()
    {
        QTest::addColumn<bool>("quantized");
        QTest::newRow("as codes") << true;
        QTest::newRow("as floats") << false;
    }

    void safetensorsHoldsOneCopy()
    {
        QFETCH(bool, quantized);
        Recipe recipe;
        recipe.rules = {quantized ? include("lm_head") : Rule{"lm_head", Rule::Action::Exclude, {}, {}, {}}};
        const QTemporaryDir folder; // without the config.json that says so, too
        const std::string target = folder.filePath("export.safetensors").toStdString();
        QS_VERIFY(test::writeAs("safetensors", *m_model, recipe, target));
        const test::SafetensorsFile file(QString::fromStdString(target));
        QVERIFY(!file.contains(kOutput) && !file.contains("lm_head.scales"));
        QCOMPARE(file.dtype(kEmbedding), std::string(quantized ? "I8" : "F32"));
        const nlohmann::json metadata = file.header().at("__metadata__");
        QCOMPARE(metadata.at(kOutput).get<std::string>(), std::string(kEmbedding));
        QCOMPARE(metadata.contains("lm_head.scales"), quantized);
        const auto reopened = openModel(target, {});
        QS_VERIFY(reopened);
        const auto layer = (*reopened)->findLayer("model.embed_tokens");
        QVERIFY(layer && (*reopened)->layers[*layer].otherNames == std::vector<std::string>{kOutput});
        QCOMPARE((*reopened)->layers[*layer].hasCodes(), quantized);
    }

    void archivesShareTheStorage()
    {
        const QTemporaryDir folder;
        const std::string target = folder.filePath("export.pth").toStdString();
        QS_VERIFY(test::writeAs("gpt-fast", *m_model, defaultRecipe(*m_model), target));
        QVERIFY(std::filesystem::file_size(target) < m_model->bytes() + 2000);
        const auto reopened = openModel(target, {});
        QS_VERIFY(reopened);
        QCOMPARE((*reopened)->aliases.size(), std::size_t(1));
        QVERIFY((*reopened)->findTensor(kOutput) && (*reopened)->findTensor(kEmbedding));
    }

    void patternsOfOtherTensorsSayWhatTheyMatch()
    {
        const auto model =
            test::openBytes(m_folder, "norms.safetensors",
                            test::safetensorsBytes({{"layers.1.fc.weight", {8, 8}, test::randomValues(64, 1)},
                                                    {"layers.1.norm.weight", {8}, test::randomValues(8, 2)},
                                                    {"norm.weight", {8}, test::randomValues(8, 3)}}));
        Recipe recipe;
        recipe.rules = {{"*norm*", Rule::Action::Exclude, {}, {}, {}}};
        const auto decisions = resolve(recipe, *model, false);
        QVERIFY(!decisions);
        const QString text = QString::fromStdString(decisions.error().text());
        QVERIFY2(text.contains("matches tensors, but no layer") && text.contains("of 2, ") && text.contains("(norm: "),
                 qPrintable(text));
        QVERIFY(resolve(recipe, *model, true));
    }

private:
    QTemporaryDir m_folder;
    std::shared_ptr<const Model> m_model;
};

QTEST_GUILESS_MAIN(TestTies)
#include "tst_export_ties.moc"
