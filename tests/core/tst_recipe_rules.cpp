// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Recipes: resolving against a model, JSON, edits by clicking.
#include "core/recipe/recipe.h"
#include "tests/core/model_builder.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace qs;
using qs::test::makeModel;

namespace {

Rule rule(const std::string &match, Rule::Action action = Rule::Action::None)
{
    Rule result;
    result.match = match;
    result.action = action;
    return result;
}

Rule bitsRule(const std::string &match, int bits)
{
    Rule result = rule(match);
    result.scheme.bits = bits;
    return result;
}

Rule axisRule(const std::string &match, int axis)
{
    Rule result = rule(match);
    result.axis = axis;
    return result;
}

constexpr auto kExclude = Rule::Action::Exclude;
constexpr auto kInclude = Rule::Action::Include;

Model chain()
{
    return makeModel({{"layer1.weight"}, {"layer2.weight"}, {"layer3.weight"}, {"layer4.weight"}, {"layer5.weight"}});
}

const char *const kWhole = R"({ "quantoscope_recipe": 1,
  "scheme": {"convention": "gpt-fast", "mode": "symmetric", "bits": 8, "granularity": "channel", "range": "minmax",
             "code_range": "full", "scale_type": "f32", "codes": "faithful"},
  "rules": [ {"match": "*.wte", "action": "exclude", "why": "embedding, excluded by default"},
             {"match": "re:.*\\.mlp\\..*", "scheme": {"bits": 4, "granularity": "group:32"}},
             {"match": "layer5", "action": "exclude"},
             {"match": "h.0.attn.c_attn", "axis": 1} ],
  "network": {"activation": "relu"} })";

} // namespace

class TestRecipe : public QObject
{
    Q_OBJECT

private slots:
    void lastRuleWinsFieldByField()
    {
        const Model model = chain();
        Recipe recipe;
        Rule asymmetric = bitsRule("layer?", 4);
        asymmetric.scheme.mode = Mode::Asymmetric;
        recipe.rules = {asymmetric, bitsRule("layer2", 3), rule("*", kExclude), rule("layer2.weight", kInclude),
                        axisRule("layer2", 1)};
        const auto decisions = resolve(recipe, model, false);
        QVERIFY(decisions);
        const Decision &first = (*decisions)[0];
        QVERIFY(!first.quantize);
        QCOMPARE(first.reason.str(), std::string("excluded by rule '*'"));
        QCOMPARE(first.scheme.bits, 4);
        const Decision &second = (*decisions)[1];
        QVERIFY(second.quantize);
        QCOMPARE(second.reason.str(), std::string());
        QCOMPARE(second.scheme.bits, 3);
        QCOMPARE(second.scheme.mode, Mode::Asymmetric);
        QCOMPARE(second.channelAxis, 1);
        QCOMPARE(second.channelAxisReason.str(), std::string("set by rule 'layer2'"));
    }

    void conventionResetsEarlierFields()
    {
        Recipe recipe;
        recipe.scheme.bits = 4;
        Rule preset = rule("layer1");
        preset.scheme.convention = "gpt-fast";
        preset.scheme.mode = Mode::Asymmetric;
        recipe.rules = {bitsRule("layer1", 3), preset};
        const auto decisions = resolve(recipe, chain(), false);
        QVERIFY(decisions);
        QCOMPARE((*decisions)[0].scheme.bits, 8);
        QCOMPARE((*decisions)[0].scheme.mode, Mode::Asymmetric);
        QCOMPARE((*decisions)[1].scheme.bits, 4);
    }

    void unmatchedPatterns_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("message");
        QTest::newRow("slip") << "layr1"
                              << "pattern 'layr1' matches no layer; near names: layer1, layer2, layer3, "
                                 "layer4, layer5";
        QTest::newRow("far away") << "decoder.attention"
                                  << "pattern 'decoder.attention' matches no layer; the layers are named like: layer1, "
                                     "layer2, layer3, layer4, layer5";
        QTest::newRow("glob") << "leyer*1"
                              << "pattern 'leyer*1' matches no layer; near names: layer1, layer2, layer3, "
                                 "layer4, layer5";
    }

    void unmatchedPatterns()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, message);
        Recipe recipe;
        recipe.rules = {rule(pattern.toStdString(), kExclude)};
        const auto decisions = resolve(recipe, chain(), false);
        QVERIFY(!decisions);
        QCOMPARE(decisions.error().code, ErrorCode::Usage);
        QCOMPARE(QString::fromStdString(decisions.error().message.str()), message);
        QVERIFY(resolve(recipe, chain(), true));
    }

    void unmatchedWithoutLayers()
    {
        Recipe recipe;
        recipe.rules = {rule("x", kExclude)};
        const auto decisions = resolve(recipe, makeModel({}), false);
        QVERIFY(!decisions);
        QCOMPARE(decisions.error().message.str(), std::string("pattern 'x' matches no layer: the model has none"));
    }

    void refuses()
    {
        Recipe recipe;
        recipe.rules = {axisRule("layer3", 2)};
        auto decisions = resolve(recipe, chain(), false);
        QVERIFY(!decisions);
        QCOMPARE(decisions.error().code, ErrorCode::Usage);
        QCOMPARE(decisions.error().text(),
                 std::string("axis 2 does not exist: layer 'layer3.weight' has the shape [4, 3], so axes are 0 to 1 "
                             "(rule 'layer3')"));
        recipe.rules = {axisRule("layer3", -1)};
        QVERIFY(!resolve(recipe, chain(), false));
        recipe.rules = {rule("re:(", kExclude)};
        QVERIFY(!resolve(recipe, chain(), true));
        recipe.rules = {rule("layer2")};
        recipe.rules[0].scheme.mode = Mode::Asymmetric;
        recipe.scheme.codeRange = CodeRange::Narrow;
        decisions = resolve(recipe, chain(), false);
        QVERIFY(!decisions);
        QCOMPARE(decisions.error().code, ErrorCode::Usage);
        QCOMPARE(decisions.error().where.str(), std::string("layer 'layer2.weight'"));
        recipe.scheme.bits = 1;
        QVERIFY(!resolve(recipe, makeModel({}), false));
    }

    void storedLayersAreKept()
    {
        const Model model = makeModel({{"a.weight", {4, 3}, DType::I8}, {"a.scales", {4}}, {"b.weight"}});
        Recipe recipe;
        recipe.scheme.bits = 4;
        auto decisions = resolve(recipe, model, false);
        QVERIFY(decisions);
        QVERIFY(!(*decisions)[0].quantize);
        QCOMPARE((*decisions)[0].reason.str(), std::string("already quantized: 8 bits, symmetric, per channel"));
        QCOMPARE((*decisions)[0].scheme.bits, 8);
        QVERIFY((*decisions)[1].quantize);
        recipe.rules = {rule("a", kExclude)};
        decisions = resolve(recipe, model, false);
        QVERIFY(decisions);
        QVERIFY(!(*decisions)[0].quantize);
        QCOMPARE((*decisions)[0].scheme.bits, 8);
    }

    void defaultExcludes_data()
    {
        QTest::addColumn<QStringList>("names");
        QTest::addColumn<QStringList>("patterns");
        QTest::newRow("none") << QStringList{"fc.weight"} << QStringList();
        QTest::newRow("top level") << QStringList{"wte.weight", "fc.weight"} << QStringList{"wte"};
        QTest::newRow("below") << QStringList{"transformer.wte.weight", "transformer.wpe.weight"}
                               << QStringList{"*.wpe", "*.wte"};
        QTest::newRow("both") << QStringList{"wte.weight", "a.wte.weight", "b.wte.weight"}
                              << QStringList{"*.wte", "wte"};
        QTest::newRow("in the middle") << QStringList{"bert.embeddings.token_type.weight"}
                                       << QStringList{"*.token_type"};
        QTest::newRow("first of two") << QStringList{"embeddings.token_type.weight"} << QStringList{"*.token_type"};
        QTest::newRow("last counts") << QStringList{"bert.embeddings.word_embeddings.weight"}
                                     << QStringList{"*.word_embeddings"};
        QTest::newRow("capitals") << QStringList{"Model.WTE.weight"} << QStringList{"*.WTE"};
        QTest::newRow("no suffix") << QStringList{"model.token_embd"} << QStringList{"*.token_embd"};
    }

    void defaultExcludes()
    {
        QFETCH(QStringList, names);
        QFETCH(QStringList, patterns);
        std::vector<test::TensorSpec> tensors;
        for (const QString &name : names)
            tensors.push_back({name.toStdString()});
        const Model model = makeModel(tensors);
        const Recipe recipe = defaultRecipe(model);
        QStringList found;
        for (const Rule &each : recipe.rules) {
            found << QString::fromStdString(each.match);
            QCOMPARE(each.why, std::string("embedding, excluded by default"));
            QCOMPARE(each.action, kExclude);
        }
        QCOMPARE(found, patterns);
        const auto decisions = resolve(recipe, model, false);
        QVERIFY(decisions);
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            QCOMPARE((*decisions)[i].quantize, model.layers[i].op != Op::Embedding);
            if (!(*decisions)[i].quantize)
                QVERIFY((*decisions)[i].reason.str().starts_with("embedding, excluded by default (rule '"));
        }
    }

    void recipeOfTheFile()
    {
        const std::string text = R"({"quantoscope_recipe":1,"rules":[{"match":"layer2","action":"exclude"}]})";
        Model model = makeModel({{"layer2.weight"}, {"wte.weight"}}, {{"quantoscope.recipe", text}});
        checkDeclaredRecipe(model);
        QVERIFY(model.warnings.empty());
        QCOMPARE(defaultRecipe(model).rules.size(), std::size_t(1));
        QCOMPARE(defaultRecipe(model).rules[0].match, std::string("layer2"));
        // One that does not fit is told and not used.
        model = makeModel({{"layer3.weight"}, {"wte.weight"}}, {{"quantoscope.recipe", text}});
        checkDeclaredRecipe(model);
        QCOMPARE(model.warnings.size(), std::size_t(1));
        QVERIFY(model.warnings[0].str().find("'layer2' matches no layer") != std::string::npos);
        QCOMPARE(defaultRecipe(model).rules[0].match, std::string("wte"));
    }

    void jsonRoundTrip()
    {
        bool hasRules = false;
        const auto recipe = recipeFromJson(kWhole, "r.json", &hasRules);
        QVERIFY2(recipe, recipe ? "" : recipe.error().text().c_str());
        QVERIFY(hasRules);
        QCOMPARE(recipe->rules.size(), std::size_t(4));
        QCOMPARE(recipe->rules[0].why, std::string("embedding, excluded by default"));
        QCOMPARE(recipe->rules[1].scheme.granularity->groupSize, 32U);
        QCOMPARE(recipe->rules[3].axis.value(), 1);
        QVERIFY(recipe->activation == Activation::Relu);
        for (const bool compact : {false, true}) {
            const std::string text = toJson(*recipe, compact);
            QCOMPARE(text.ends_with("}\n"), !compact);
            QCOMPARE(text.find('\n') == std::string::npos, compact);
            const auto again = recipeFromJson(text, "r.json");
            QVERIFY(again);
            QVERIFY(*again == *recipe);
            QCOMPARE(toJson(*again, compact), text);
        }
    }

    void jsonMayBeShort()
    {
        bool hasRules = true;
        const auto recipe = recipeFromJson(R"({"quantoscope_recipe":1})", "r", &hasRules);
        QVERIFY(recipe);
        QVERIFY(!hasRules);
        QVERIFY(*recipe == Recipe{});
    }

    void jsonErrors_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("message");
        const QString recipe = R"({"quantoscope_recipe":1,%1})";
        const QString ruleOf = recipe.arg(R"("rules":[{"match":"a"},{%1}])");
        const QString schemeOf = recipe.arg(R"("scheme":{%1})");
        QTest::newRow("empty") << ""
                               << "not valid JSON";
        QTest::newRow("no JSON") << "bits=4"
                                 << "not valid JSON";
        QTest::newRow("array") << "[]"
                               << "a recipe must be an object, not an array";
        QTest::newRow("no version") << "{}"
                                    << "the key 'quantoscope_recipe' is missing";
        QTest::newRow("version 2") << R"({"quantoscope_recipe":2})"
                                   << "must be 1";
        QTest::newRow("version 1.0") << R"({"quantoscope_recipe":1.0})"
                                     << "must be 1";
        QTest::newRow("unknown key") << recipe.arg(R"("colour":1)") << "unknown key 'colour' in the recipe";
        QTest::newRow("key twice") << recipe.arg(R"("rules":[],"rules":[])") << "the key 'rules' stands twice";
        QTest::newRow("scheme type") << recipe.arg(R"("scheme":8)") << "'scheme' must be an object, not a whole number";
        QTest::newRow("scheme key") << schemeOf.arg(R"("bit":8)") << "'scheme': unknown scheme field 'bit'";
        QTest::newRow("bits 9") << schemeOf.arg(R"("bits":9)")
                                << "'scheme': bits must be a whole number from 2 to 8, not '9'";
        QTest::newRow("bits -4") << schemeOf.arg(R"("bits":-4)") << "not '-4'";
        QTest::newRow("bits 4.0") << schemeOf.arg(R"("bits":4.0)") << "'bits' must be a whole number, not a fractional";
        QTest::newRow("bits text") << schemeOf.arg(R"("bits":"4")") << "'bits' must be a whole number, not a string";
        QTest::newRow("mode type") << schemeOf.arg(R"("mode":true)") << "'mode' must be a string, not true or false";
        QTest::newRow("mode value") << schemeOf.arg(R"("mode":"x")") << "mode must be symmetric or asymmetric, not 'x'";
        QTest::newRow("range")
            << schemeOf.arg(R"("range":"all")")
            << "range must be minmax, percentile:P, mse, mse-llmcompressor, hqq or output, not 'all'";
        QTest::newRow("contradiction") << schemeOf.arg(R"("mode":"asymmetric","code_range":"narrow")")
                                       << "needs the symmetric mode";
        QTest::newRow("rules type") << recipe.arg(R"("rules":{})") << "'rules' must be an array, not an object";
        QTest::newRow("rule type") << recipe.arg(R"("rules":["a"])") << "rule 1 must be an object, not a string";
        QTest::newRow("no match") << ruleOf.arg(R"("action":"exclude")") << "rule 2 lacks the key 'match'";
        QTest::newRow("match type") << ruleOf.arg(R"("match":1)") << "rule 2: 'match' must be a string";
        QTest::newRow("match empty") << ruleOf.arg(R"("match":"")") << "rule 2: 'match' must not be empty";
        QTest::newRow("action") << ruleOf.arg(R"("match":"b","action":"skip")")
                                << "rule 2: 'action' must be exclude or include";
        QTest::newRow("why") << ruleOf.arg(R"("match":"b","why":1)") << "rule 2: 'why' must be a string";
        QTest::newRow("rule key") << ruleOf.arg(R"("match":"b","bits":4)") << "unknown key 'bits' in rule 2";
        QTest::newRow("rule scheme") << ruleOf.arg(R"("match":"b","scheme":{"bits":1})") << "rule 2: 'scheme': bits";
        QTest::newRow("axis -1") << ruleOf.arg(R"("match":"b","axis":-1)") << "rule 2: 'axis' must be a whole number";
        QTest::newRow("axis 1.5") << ruleOf.arg(R"("match":"b","axis":1.5)") << "not a fractional";
        QTest::newRow("axis 99") << ruleOf.arg(R"("match":"b","axis":99)") << "below 32, not 99";
        QTest::newRow("network key") << recipe.arg(R"("network":{"act":"relu"})") << "unknown key 'act' in 'network'";
        QTest::newRow("activation") << recipe.arg(R"("network":{"activation":"selu"})") << "not 'selu'";
        QTest::newRow("activation type") << recipe.arg(R"("network":{"activation":null})")
                                         << "must be a string, not null";
        QTest::newRow("deep") << QString("[").repeated(100'000) << "nested deeper than 64 levels";
        QTest::newRow("trailing text") << R"({"quantoscope_recipe":1}x)"
                                       << "not valid JSON";
        QTest::newRow("comment") << R"({"quantoscope_recipe":1} // x)"
                                 << "not valid JSON";
    }

    void jsonErrors()
    {
        QFETCH(QString, text);
        QFETCH(QString, message);
        const auto recipe = recipeFromJson(text.toStdString(), "r.json");
        QVERIFY(!recipe);
        QCOMPARE(recipe.error().code, ErrorCode::Input);
        const QString found = QString::fromStdString(recipe.error().text());
        QVERIFY2(found.contains(message), qPrintable(found));
        QVERIFY2(found.contains("r.json"), qPrintable(found));
        QVERIFY(!found.contains('\n'));
    }

    void jsonZeroByte()
    {
        const std::string text = std::string(R"({"quantoscope_recipe":1})") + '\0' + "anything";
        QVERIFY(!recipeFromJson(text, "r.json"));
    }

    void loadsFiles()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("recipe.json");
        const auto write = [&](const QByteArray &text) {
            QFile file(path);
            return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
        };
        const Model model = makeModel({{"wte.weight"}, {"fc.weight"}});
        QVERIFY(write(R"({"quantoscope_recipe":1,"scheme":{"bits":4}})"));
        auto recipe = loadRecipe(path.toStdString(), model);
        QVERIFY(recipe);
        QCOMPARE(recipe->scheme.bits, 4);
        QCOMPARE(recipe->rules.size(), std::size_t(1)); // default excludes stay in force
        QVERIFY(write(R"({"quantoscope_recipe":1,"rules":[]})"));
        recipe = loadRecipe(path.toStdString(), model);
        QVERIFY(recipe);
        QVERIFY(recipe->rules.empty());
        recipe = loadRecipe((path + "x").toStdString(), model);
        QVERIFY(!recipe);
        QCOMPARE(recipe.error().code, ErrorCode::Input);
    }

    void clicking()
    {
        const Model model = chain();
        const Layer &layer = model.layers[2];
        Recipe recipe;
        setQuantized(recipe, layer, false);
        QVERIFY(recipe.rules == (std::vector{rule("layer3.weight", kExclude)}));
        setQuantized(recipe, layer, false);
        QCOMPARE(recipe.rules.size(), std::size_t(1));
        setQuantized(recipe, layer, true);
        QVERIFY(recipe == Recipe{});
        setQuantized(recipe, layer, true);
        QVERIFY(recipe == Recipe{});
    }

    void clickingAgainstOtherRules()
    {
        const Model model = chain();
        const Layer &layer = model.layers[2];
        Recipe recipe;
        recipe.rules = {rule("*", kExclude)};
        const Recipe before = recipe;
        setQuantized(recipe, layer, true);
        QVERIFY(recipe.rules == (std::vector{rule("*", kExclude), rule("layer3.weight", kInclude)}));
        setQuantized(recipe, layer, false);
        QVERIFY(recipe == before);
        // The module's name is another pattern: its rule is not touched.
        recipe.rules = {rule("layer3", kExclude)};
        setQuantized(recipe, layer, true);
        QCOMPARE(recipe.rules.size(), std::size_t(2));
        const auto decisions = resolve(recipe, model, false);
        QVERIFY(decisions && (*decisions)[2].quantize);
    }

    void overrides()
    {
        const Model model = chain();
        const Layer &layer = model.layers[0];
        Recipe recipe;
        QVERIFY(overridesOf(recipe, layer).empty() && !ownRule(recipe, layer));
        // A rule for the module's name may be there for other tensors, too.
        recipe.rules = {rule("layer1", kExclude)};
        QVERIFY(!ownRule(recipe, layer));
        recipe.rules.clear();
        SchemePatch patch;
        patch.bits = 4;
        setOverrides(recipe, layer, patch);
        QVERIFY(overridesOf(recipe, layer) == patch);
        setQuantized(recipe, layer, false);
        setAxis(recipe, layer, 1);
        QCOMPARE(recipe.rules.size(), std::size_t(1));
        QVERIFY(overridesOf(recipe, layer) == patch);
        QVERIFY(ownRule(recipe, layer) == &recipe.rules.front() && ownRule(recipe, layer)->axis == 1);
        setQuantized(recipe, layer, true);
        setAxis(recipe, layer, std::nullopt);
        QVERIFY(recipe.rules == std::vector{bitsRule("layer1.weight", 4)});
        setOverrides(recipe, layer, {});
        QVERIFY(recipe == Recipe{});
    }

    void ownRuleMovesOnlyWhenOverridden()
    {
        const Model model = chain();
        const Layer &layer = model.layers[0];
        Recipe recipe;
        recipe.rules = {bitsRule("layer1.weight", 4), rule("layer2", kExclude), bitsRule("layer*", 6)};
        // Excluding does not meet the later rule: the own rule stays where it is.
        setQuantized(recipe, layer, false);
        QCOMPARE(recipe.rules[0].match, std::string("layer1.weight"));
        QCOMPARE(recipe.rules[0].action, kExclude);
        setQuantized(recipe, layer, true);
        QVERIFY(recipe.rules[0] == bitsRule("layer1.weight", 4));
        // New bits do: the rule moves to the end.
        SchemePatch patch;
        patch.bits = 3;
        setOverrides(recipe, layer, patch);
        QVERIFY(recipe.rules.back() == bitsRule("layer1.weight", 3));
        QCOMPARE(recipe.rules.size(), std::size_t(3));
        const auto decisions = resolve(recipe, model, false);
        QVERIFY(decisions);
        QCOMPARE((*decisions)[0].scheme.bits, 3);
        QCOMPARE((*decisions)[4].scheme.bits, 6);
    }

    void movingChangesNothingElse()
    {
        const Model model = chain();
        const Layer &layer = model.layers[0];
        Recipe recipe;
        recipe.rules = {bitsRule("layer1.weight", 4), bitsRule("layer*", 6), rule("layer*", kExclude)};
        setQuantized(recipe, layer, true); // must move behind the exclude without bringing its old bits back
        const auto decisions = resolve(recipe, model, false);
        QVERIFY(decisions);
        QVERIFY((*decisions)[0].quantize);
        QCOMPARE((*decisions)[0].scheme.bits, 6);
        QVERIFY(!(*decisions)[1].quantize);
    }

    void clickingOnStrangeNames()
    {
        for (const char *name : {"a*b", "re:x", "what?", "a[0].weight"}) {
            const Model model = makeModel({{name}, {"axb"}, {"whatx"}});
            const Layer &layer = *test::layerNamed(model, name);
            Recipe recipe;
            setQuantized(recipe, layer, false);
            const auto decisions = resolve(recipe, model, false);
            QVERIFY(decisions);
            for (std::size_t i = 0; i < model.layers.size(); ++i)
                QCOMPARE((*decisions)[i].quantize, model.layers[i].name != name);
            setQuantized(recipe, layer, true);
            QVERIFY(recipe == Recipe{});
        }
    }
};

QTEST_GUILESS_MAIN(TestRecipe)
#include "tst_recipe_rules.moc"
