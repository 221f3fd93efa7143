// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What rules match and decide, who is outvoted, near names; partners of kept layers.
#include "core/recipe/bulk_edit.h"
#include "core/recipe/rule_effects.h"
#include "tests/core/model_builder.h"

#include <QTest>

using namespace qs;
using qs::test::makeModel;

namespace {

using Layers = std::vector<std::size_t>;

Rule excluding(const std::string &match)
{
    Rule rule;
    rule.match = match;
    rule.action = Rule::Action::Exclude;
    return rule;
}

Rule bits(const std::string &match, int count)
{
    Rule rule;
    rule.match = match;
    rule.scheme.bits = count;
    return rule;
}

Recipe with(std::vector<Rule> rules)
{
    Recipe recipe;
    recipe.rules = std::move(rules);
    return recipe;
}

} // namespace

class TestRuleEffects : public QObject
{
    Q_OBJECT
private slots:
    void whoDecides();
    void fieldByField();
    void conventionResetsAll();
    void nothingMatched();
    void damagedPattern();
    void agreesWithResolve();
    void partners();
};

void TestRuleEffects::whoDecides()
{
    const Model model = makeModel({{"a1.weight"}, {"a2.weight"}, {"b1.weight"}});
    Rule again = excluding("a1");
    again.action = Rule::Action::Include;
    const RuleEffects effects = ruleEffects(with({excluding("a*"), again, excluding("b?")}), model);
    QCOMPARE(effects.rules[0].layers, (Layers{0, 1}));
    QCOMPARE(effects.rules[0].decides, (Layers{1}));
    QVERIFY(!effects.rules[0].isShadowed());
    QCOMPARE(effects.rules[1].decides, (Layers{0}));
    QCOMPARE(effects.ofLayer[0], (std::vector<std::uint32_t>{0, 1}));
    QCOMPARE(effects.ofLayer[2], (std::vector<std::uint32_t>{2}));
}

/// A rule is outvoted only where later ones say something about all that it says.
void TestRuleEffects::fieldByField()
{
    const Model model = makeModel({{"a1.weight"}, {"a2.weight"}});
    Rule both = bits("a*", 4);
    both.scheme.mode = Mode::Asymmetric;
    const RuleEffects effects = ruleEffects(with({both, bits("a*", 6), bits("*", 5)}), model);
    QCOMPARE(effects.rules[0].decides, (Layers{0, 1}));
    QVERIFY(effects.rules[1].isShadowed());
    QCOMPARE(effects.rules[2].decides, (Layers{0, 1}));
}

void TestRuleEffects::conventionResetsAll()
{
    const Model model = makeModel({{"a1.weight"}});
    Rule convention;
    convention.match = "*";
    convention.scheme.convention = "gpt-fast";
    const RuleEffects effects = ruleEffects(with({bits("a1", 4), convention}), model);
    QVERIFY(effects.rules[0].isShadowed());
}

void TestRuleEffects::nothingMatched()
{
    const Model model = makeModel({{"encoder.weight"}, {"decoder.weight"}});
    const RuleEffects effects = ruleEffects(with({excluding("encodr"), excluding("*")}), model);
    QVERIFY(effects.rules[0].matchesNothing() && !effects.rules[0].isShadowed());
    QVERIFY(!effects.rules[0].near.empty());
    QCOMPARE(effects.rules[0].near.front(), "encoder");
    QVERIFY(effects.rules[1].near.empty());
}

void TestRuleEffects::damagedPattern()
{
    const Model model = makeModel({{"a1.weight"}});
    const RuleEffects effects = ruleEffects(with({excluding("re:("), excluding("a1")}), model);
    QVERIFY(!effects.rules[0].problem.empty() && !effects.rules[0].matchesNothing());
    QCOMPARE(effects.rules[1].decides, (Layers{0}));
    QVERIFY(!matchedLayers("re:(", model));
    QCOMPARE(*matchedLayers("a?", model), (Layers{0}));
}

/// The rule that resolve() names is the one that is said to decide.
void TestRuleEffects::agreesWithResolve()
{
    const Model model = makeModel({{"x.0.q.weight"}, {"x.0.k.weight"}, {"x.1.q.weight"}, {"y.weight"}});
    const Recipe recipe = with({excluding("x.*"), excluding("re:.*[.]q"), excluding("x.0.q"), excluding("y.weight")});
    const RuleEffects effects = ruleEffects(recipe, model);
    const auto decisions = resolve(recipe, model, false);
    QVERIFY(decisions);
    for (std::size_t layer = 0; layer < decisions->size(); ++layer)
        for (std::size_t rule = 0; rule < recipe.rules.size(); ++rule)
            QCOMPARE(std::ranges::binary_search(effects.rules[rule].decides, layer), (*decisions)[layer].rule == rule);
}

void TestRuleEffects::partners()
{
    const Model model = makeModel({{"b.0.attn.q_proj.weight"},
                                   {"b.0.attn.k_proj.weight"},
                                   {"b.0.attn.v_proj.weight"},
                                   {"b.0.attn.o_proj.weight"},
                                   {"b.1.attn.q_proj.weight"},
                                   {"b.1.attn.k_proj.weight"}});
    const auto partnersWith = [&](const std::vector<Rule> &rules) {
        const auto decisions = resolve(with(rules), model, false);
        std::vector<std::string> names;
        for (const std::size_t layer : partnersOfKept(*decisions, model))
            names.push_back(model.layers[layer].module);
        return names;
    };
    using Names = std::vector<std::string>;
    QCOMPARE(partnersWith({}), Names());
    QCOMPARE(partnersWith({excluding("b.0.attn.q_proj")}), (Names{"b.0.attn.k_proj", "b.0.attn.v_proj"}));
    QCOMPARE(partnersWith({excluding("b.0.attn.o_proj")}), Names());
    QCOMPARE(partnersWith({excluding("*.k_proj")}), (Names{"b.0.attn.q_proj", "b.0.attn.v_proj", "b.1.attn.q_proj"}));
}

QTEST_APPLESS_MAIN(TestRuleEffects)
#include "tst_recipe_effects.moc"
