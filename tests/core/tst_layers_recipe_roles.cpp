// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Roles that rules of a recipe give to tensors.
#include "core/layers/recipe_roles.h"

#include "core/analysis/analyze.h"
#include "core/export/registry.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

using namespace qs;
using qs::test::FloatTensor;

namespace {

Rule ruleOf(const char *match, Role role)
{
    Rule rule;
    rule.match = match;
    rule.role = role;
    return rule;
}

} // namespace

class TestRecipeRoles : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        const auto tensor = [](const char *name, std::vector<std::uint64_t> shape) {
            std::size_t count = 1;
            for (const std::uint64_t size : shape)
                count *= size;
            return FloatTensor{name, std::move(shape), test::randomValues(count, 1)};
        };
        m_model = test::openBytes(m_folder, "m.safetensors",
                                  test::safetensorsBytes(std::vector<FloatTensor>{
                                      tensor("attn.mask", {8, 8}), tensor("fc.weight", {8, 16}), tensor("fc.bias", {8}),
                                      tensor("up.experts", {2, 8, 16}), tensor("wte.weight", {10, 8})}));
    }

    void withoutRolesNothingIsMade()
    {
        Recipe recipe = defaultRecipe(*m_model);
        recipe.rules.push_back({"fc", Rule::Action::Exclude, {}, {}, {}});
        const auto same = withRoles(m_model, recipe);
        QS_VERIFY(same);
        QCOMPARE(same->get(), m_model.get());
    }

    void roles_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<int>("role");
        QTest::addColumn<QString>("layers"); // with their axes; '-' stands before those that are kept
        const auto row = [](const char *name, const char *pattern, Role role, const char *layers) {
            QTest::newRow(name) << pattern << static_cast<int>(role) << layers;
        };
        row("a matrix that is none", "fc.weight", Role::Mask, "-up.experts:0 -wte.weight:0");
        row("a mask that is a matrix", "attn.mask", Role::Linear, "attn.mask:0 fc.weight:0 -up.experts:0 -wte.weight:0");
        row("an embedding that is a matrix", "wte", Role::Linear, "fc.weight:0 -up.experts:0 wte.weight:0");
        row("a matrix that is looked up", "fc", Role::Embedding, "-fc.weight:0 -up.experts:0 -wte.weight:0");
        row("a kernel", "*.experts", Role::Convolution, "fc.weight:0 up.experts:0 -wte.weight:0");
        row("a stack", "up.experts", Role::Stack, "fc.weight:0 up.experts:1 -wte.weight:0");
        row("all but those of one axis", "*", Role::Parameter, "");
    }

    void roles()
    {
        QFETCH(QString, pattern);
        QFETCH(int, role);
        QFETCH(QString, layers);
        Recipe recipe = defaultRecipe(*m_model);
        recipe.rules.push_back(ruleOf(qPrintable(pattern), static_cast<Role>(role)));
        const auto model = withRoles(m_model, recipe);
        QS_VERIFY(model);
        const auto decisions = resolve(recipe, **model, false);
        if (!layers.isEmpty())
            QS_VERIFY(decisions);
        QStringList found;
        for (std::size_t i = 0; i < (*model)->layers.size(); ++i) {
            const Layer &layer = (*model)->layers[i];
            const bool kept = !(*decisions)[i].quantize;
            found << QString("%1%2:%3").arg(kept ? "-" : "", QString::fromStdString(layer.name)).arg(layer.channelAxis);
        }
        QCOMPARE(found.join(' '), layers);
    }

    void reasonsNameTheRule()
    {
        Recipe recipe = defaultRecipe(*m_model);
        recipe.rules.push_back(ruleOf("fc.weight", Role::Mask));
        const auto model = withRoles(m_model, recipe);
        QS_VERIFY(model);
        const auto tensor = (*model)->findTensor("fc.weight");
        QVERIFY(tensor.has_value());
        QCOMPARE((*model)->roleOf(*tensor).role, Role::Mask);
        QCOMPARE((*model)->roleReason(*tensor).str(), std::string("mask, as rule 'fc.weight' says"));
        QCOMPARE((*model)->warnings, m_model->warnings);
        QCOMPARE((*model)->asOpened.get(), m_model.get());
    }

    void rolesThatDoNotFit()
    {
        Recipe recipe;
        recipe.rules.push_back(ruleOf("fc.bias", Role::Linear));
        const auto model = withRoles(m_model, recipe);
        QVERIFY(!model);
        QCOMPARE(model.error().code, ErrorCode::Usage);
        QCOMPARE(model.error().message.str(),
                 std::string("a tensor of shape [8] cannot be linear: that takes 2 axes or more"));
        // Of several tensors those that can be are.
        recipe.rules[0].match = "fc.*";
        QS_VERIFY(withRoles(m_model, recipe));
    }

    void unmatchedRules()
    {
        Recipe recipe;
        recipe.rules.push_back(ruleOf("fc.wieght", Role::Mask));
        QVERIFY(!resolve(recipe, *m_model, false));
        recipe.rules[0].match = "fc.bias"; // a tensor, though no layer
        QS_VERIFY(resolve(recipe, *m_model, false));
        QCOMPARE(*matchedRules(recipe, *m_model), std::vector<bool>{true});
    }

    void actionWinsOverRole()
    {
        Recipe recipe;
        recipe.rules.push_back(ruleOf("fc", Role::Linear));
        recipe.rules[0].action = Rule::Action::Exclude;
        const auto model = withRoles(m_model, recipe);
        QS_VERIFY(model);
        const auto decisions = resolve(recipe, **model, false);
        QS_VERIFY(decisions);
        QVERIFY(!(*decisions)[*(*model)->findLayer("fc")].quantize);
    }

    void survivesJson()
    {
        Recipe recipe;
        recipe.rules.push_back(ruleOf("a", Role::OptimizerState));
        const auto again = recipeFromJson(toJson(recipe), "x");
        QS_VERIFY(again);
        QCOMPARE(*again, recipe);
        const auto wrong = recipeFromJson(R"({"quantoscope_recipe":1,"rules":[{"match":"a","role":"weights"}]})", "x");
        QVERIFY(!wrong);
        QVERIFY2(wrong.error().message.str().starts_with("rule 1: 'role' must be one of linear, convolution, "),
                 wrong.error().text().c_str());
    }

    void edits()
    {
        Recipe recipe;
        setRole(recipe, "attn.mask", Role::Linear);
        QCOMPARE(recipe.rules, std::vector<Rule>{ruleOf("attn.mask", Role::Linear)});
        const auto model = withRoles(m_model, recipe);
        QS_VERIFY(model);
        const Layer &mask = (*model)->layers[*(*model)->findLayer("attn.mask")];
        setQuantized(recipe, mask, false);
        QCOMPARE(recipe.rules.size(), 1U);
        QVERIFY(!(*resolve(recipe, **model, false))[*(*model)->findLayer("attn.mask")].quantize);
        setQuantized(recipe, mask, true);
        QVERIFY((*resolve(recipe, **model, false))[*(*model)->findLayer("attn.mask")].quantize);
        setRole(recipe, "attn.mask", std::nullopt);
        QVERIFY(recipe.rules.empty());
    }

    /// An export keeps what the recipe said, and opens as the same layers again.
    void exported()
    {
        Recipe recipe = defaultRecipe(*m_model);
        recipe.rules.push_back(ruleOf("attn.mask", Role::Linear));
        recipe.rules.push_back(ruleOf("fc.weight", Role::Mask));
        const auto model = withRoles(m_model, recipe);
        QS_VERIFY(model);
        const std::string target = m_folder.filePath("out.safetensors").toStdString();
        QS_VERIFY(test::writeAs("safetensors", **model, recipe, target, {.overwrite = true, .verifyAll = true}));
        const auto written = openModel(target, {});
        QS_VERIFY(written);
        QCOMPARE((*written)->layers.size(), (*model)->layers.size());
        for (std::size_t i = 0; i < (*model)->layers.size(); ++i)
            QCOMPARE((*written)->layers[i].name, (*model)->layers[i].name);
        QVERIFY((*written)->layers[0].hasCodes()); // attn.mask
        QVERIFY((*written)->warnings.empty());
        QS_VERIFY(withRoles(*written, defaultRecipe(**written)));
    }

    /// A file whose own recipe does not fit it opens without that recipe.
    void notFromMetadata()
    {
        Recipe recipe;
        recipe.rules = {ruleOf("n", Role::Linear)};
        const nlohmann::json header{{"__metadata__", {{"quantoscope.recipe", toJson(recipe)}}},
                                    {"n", {{"dtype", "F32"}, {"shape", {4}}, {"data_offsets", {0, 16}}}}};
        const auto model =
            test::openBytes(m_folder, "own.safetensors", test::safetensorsBytes(header.dump(), QByteArray(16, 0)));
        QCOMPARE(model->warnings.size(), std::size_t(1));
        QVERIFY(model->warnings[0].str().contains("cannot be linear"));
        QS_VERIFY(withRoles(model, defaultRecipe(*model)));
    }

private:
    QTemporaryDir m_folder;
    std::shared_ptr<const Model> m_model;
};

QTEST_GUILESS_MAIN(TestRecipeRoles)
#include "tst_layers_recipe_roles.moc"
