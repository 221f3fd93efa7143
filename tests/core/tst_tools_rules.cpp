// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Rules for other tools: matched as each tool says that it matches, they hit the layers that are quantized and no
// others.
#include "core/layers/recipe_roles.h"
#include "core/scheme/convention.h"
#include "core/tools/tool_rules.h"
#include "tests/support/onnx_networks.h"
#include "tests/support/test_model.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QMap>
#include <QRegularExpression>
#include <QSet>

#include <regex>

using namespace qs;
using namespace qs::test;

namespace {

/// Bits by module; modules that stay in float are not in it.
using Hits = QMap<QString, int>;

constexpr std::uint64_t kWidth = 64;

/// Two blocks whose numbers begin alike, and a module whose name ends like another one.
std::vector<FloatTensor> llama()
{
    std::vector<FloatTensor> tensors;
    std::uint32_t seed = 1;
    const auto add = [&](const std::string &name, std::uint64_t rows) {
        tensors.push_back({name, {rows, kWidth}, randomValues(rows * kWidth, seed++)});
    };
    add("model.embed_tokens.weight", 32);
    for (const char *block : {"1", "11"}) {
        const std::string front = std::string("model.layers.") + block + ".";
        for (const char *name : {"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj",
                                 "mlp.gate_proj", "mlp.up_proj"})
            add(front + name + ".weight", 64);
        tensors.push_back({front + "input_layernorm.weight", {kWidth}, randomValues(kWidth, seed++)});
    }
    add("lm_head.weight", 32);
    return tensors;
}

const char *const kConfig = R"({"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 12,
    "num_attention_heads": 4, "num_key_value_heads": 4, "intermediate_size": 64, "vocab_size": 32,
    "max_position_embeddings": 32, "rms_norm_eps": 1e-5, "rope_theta": 5000.0, "tie_word_embeddings": false})";

/// The text of a literal in double quotes.
QString unquoted(const QString &literal)
{
    return QJsonDocument::fromJson(QStringLiteral("[%1]").arg(literal).toUtf8()).array().at(0).toString();
}

bool matchesWhole(const QString &pattern, const QString &name)
{
    if (!pattern.startsWith(QLatin1String("re:")))
        return pattern == name;
    return QRegularExpression(QRegularExpression::anchoredPattern(pattern.mid(3))).match(name).hasMatch();
}

/// Lines "  KEY: VALUE," of a dictionary of Python.
QList<QPair<QString, QString>> entriesOf(const QString &text, int indent)
{
    static const QRegularExpression kEntry(QStringLiteral(R"(^( +)("(?:[^"\\]|\\.)*"): (.*),$)"),
                                           QRegularExpression::MultilineOption);
    QList<QPair<QString, QString>> entries;
    for (const auto &match : kEntry.globalMatch(text))
        if (match.capturedLength(1) == indent)
            entries.append({unquoted(match.captured(2)), match.captured(3)});
    return entries;
}

int numberAfter(const QString &text, const QString &before)
{
    const auto match = QRegularExpression(QRegularExpression::escape(before) + QStringLiteral("(\\d+)")).match(text);
    return match.hasMatch() ? match.captured(1).toInt() : 0;
}

/// match_named_modules() of compressed-tensors: a target's name or "re:", and not one of the ignored.
Hits llmCompressor(const QString &text, const QStringList &modules)
{
    QStringList ignored;
    QList<QPair<QStringList, int>> groups;
    for (const QString &line : text.split(u'\n')) {
        if (line.startsWith(QLatin1String("        - ")))
            ignored << unquoted(line.mid(10));
        else if (line.startsWith(QLatin1String("          targets:")))
            groups.append({{}, 0});
        else if (line.startsWith(QLatin1String("            - ")))
            groups.last().first << unquoted(line.mid(14));
        else if (line.startsWith(QLatin1String("            num_bits: ")))
            groups.last().second = line.mid(22).toInt();
    }
    Hits hits;
    for (const QString &module : modules) {
        const auto named = [&](const QString &pattern) { return matchesWhole(pattern, module); };
        for (const auto &[targets, bits] : groups)
            if (std::ranges::any_of(targets, named) && std::ranges::none_of(ignored, named))
                hits[module] = bits;
    }
    return hits;
}

/// fqn_matches_fqn_config() of torchao: a module's name, or "re:" and a full match.
Hits torchao(const QString &text, const QStringList &modules)
{
    Hits hits;
    for (const QString &module : modules)
        for (const auto &[key, value] : entriesOf(text, 4))
            if (matchesWhole(key, module))
                hits[module] = value == QLatin1String("Int8WeightOnlyConfig()")
                                   ? 8
                                   : numberAfter(value, QStringLiteral("torch.int"));
    return hits;
}

/// "dynamic" of GPTQModel: the first expression that matches at the start of the name decides. It goes through blocks.
Hits gptqModel(const QString &text, const QStringList &modules)
{
    Hits hits;
    for (const QString &module : modules) {
        const bool head = module == QLatin1String("lm_head");
        if (head ? !text.contains(QLatin1String("lm_head=True")) : !module.startsWith(QLatin1String("model.layers.")))
            continue;
        int bits = numberAfter(text, QStringLiteral("bits="));
        for (const auto &[key, value] : entriesOf(text, 8)) {
            const QRegularExpression pattern(key.mid(2));
            if (!pattern
                     .match(module, 0, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption)
                     .hasMatch())
                continue;
            bits = key.startsWith(QLatin1String("-:")) ? 0 : numberAfter(value, QStringLiteral("\"bits\": "));
            break;
        }
        if (bits != 0)
            hits[module] = bits;
    }
    return hits;
}

/// The predicate of mlx-lm: what the dictionary has not is left alone.
Hits mlxLm(const QString &text, const QStringList &modules)
{
    Hits hits;
    for (const auto &[key, value] : entriesOf(text, 4))
        if (modules.contains(key))
            hits[key] = numberAfter(value, QStringLiteral("\"bits\": "));
    return hits;
}

/// layer_config of AutoRound: names; 16 bits are floats; the rest of the blocks gets the usual scheme.
Hits autoRound(const QString &text, const QStringList &modules)
{
    Hits hits;
    for (const QString &module : modules)
        if (module.startsWith(QLatin1String("model.layers.")))
            hits[module] = numberAfter(text, QStringLiteral("tokenizer, bits="));
    for (const auto &[key, value] : entriesOf(text, 4))
        if (modules.contains(key))
            hits[key] = numberAfter(value, QStringLiteral("\"bits\": "));
    hits.removeIf([](const auto &hit) { return hit.value() == 16; });
    return hits;
}

/// --tensor-type of llama-quantize: std::regex_search() in the file's names, the last one counts.
Hits llamaCpp(const QString &text, const QStringList &modules)
{
    static const QMap<QString, QString> kPlaces{{"self_attn.q_proj", "attn_q"},      {"self_attn.k_proj", "attn_k"},
                                                {"self_attn.v_proj", "attn_v"},      {"mlp.gate_proj", "ffn_gate"},
                                                {"self_attn.o_proj", "attn_output"}, {"mlp.up_proj", "ffn_up"}};
    static const QRegularExpression kRule(QStringLiteral("--tensor-type '(.*)=([a-z0-9_]+)'"));
    static const QRegularExpression kBlock(QStringLiteral("^model\\.layers\\.(\\d+)\\.(.*)$"));
    Hits hits;
    for (const QString &module : modules) {
        const auto block = kBlock.match(module);
        QString name = module == QLatin1String("lm_head") ? QStringLiteral("output") : QStringLiteral("token_embd");
        if (block.hasMatch())
            name = QStringLiteral("blk.%1.%2").arg(block.captured(1), kPlaces.value(block.captured(2)));
        QString type;
        for (const auto &match : kRule.globalMatch(text))
            if (std::regex_search((name + QStringLiteral(".weight")).toStdString(),
                                  std::regex(match.captured(1).toLower().toStdString())))
                type = match.captured(2);
        if (type.startsWith(u'q'))
            hits[module] = type.mid(1, 1).toInt();
    }
    return hits;
}

/// Recipes of AI Edge Quantizer: re.search() in the name of what an operator makes, the last entry counts.
Hits aiEdge(const QString &text, const QStringList &modules)
{
    static const QRegularExpression kEntry(QStringLiteral(
        R"re(\{"regex": ("(?:[^"\\]|\\.)*"), .*"algorithm_key": "(\w+)", "op_config": \{(\}|\n.*\n))re"));
    Hits hits;
    for (const QString &module : modules) {
        QStringList classes; // as litert-torch names them
        for (const QString &part : module.split(u'.'))
            classes << QStringLiteral("Class_") + part;
        int bits = 0;
        for (const QString &scope : {classes.join(u'/') + u';', QString(module).replace(u'.', u'/') + "/MatMul;"}) {
            bits = 0;
            for (const auto &match : kEntry.globalMatch(text))
                if (QRegularExpression(unquoted(match.captured(1))).match(scope).hasMatch())
                    bits = match.captured(2) == QLatin1String("no_quantize")
                               ? 0
                               : numberAfter(match.captured(3), QStringLiteral("\"num_bits\": "));
            if (bits == 0)
                break;
        }
        if (bits != 0)
            hits[module] = bits;
    }
    return hits;
}

using Matcher = Hits (*)(const QString &text, const QStringList &modules);
const QMap<QString, Matcher> kMatchers{
    {"llm-compressor", llmCompressor}, {"torchao", torchao},    {"gptqmodel", gptqModel},     {"mlx-lm", mlxLm},
    {"auto-round", autoRound},         {"llama.cpp", llamaCpp}, {"ai-edge-quantizer", aiEdge}};

Rule rule(const char *match, Rule::Action action, SchemePatch scheme = {})
{
    return {.match = match, .action = action, .scheme = std::move(scheme)};
}

Recipe recipeOf(const char *convention, std::vector<Rule> rules)
{
    Recipe recipe;
    SchemePatch{.convention = convention}.applyTo(recipe.scheme);
    recipe.rules = std::move(rules);
    return recipe;
}

} // namespace

class TestToolsRules : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        writeFile(m_folder, "config.json", kConfig);
        m_llama = openBytes(m_folder, "model.safetensors", safetensorsBytes(llama()));
        QCOMPARE(m_llama->layers.size(), std::size_t(14));
    }

    void everyToolIsMatched()
    {
        for (const RuleTool *tool : ruleTools()) {
            const QString name = QString::fromUtf8(tool->name.data(), static_cast<qsizetype>(tool->name.size()));
            QVERIFY2(kMatchers.contains(name) || name == QLatin1String("onnxruntime"), qPrintable(name));
            QCOMPARE(findRuleTool(tool->name), tool);
        }
        QCOMPARE(findRuleTool("nobody"), nullptr);
    }

    void hits_data()
    {
        QTest::addColumn<QString>("tool");
        QTest::addColumn<int>("which");
        for (auto tool = kMatchers.begin(); tool != kMatchers.end(); ++tool)
            for (int which = 0; which < 4; ++which)
                QTest::addRow("%s, recipe %d", qPrintable(tool.key()), which) << tool.key() << which;
    }

    /// What the tool hits is what the recipe quantizes, but for the layers that are named as kept.
    void hits()
    {
        QFETCH(const QString, tool);
        QFETCH(const int, which);
        const auto exclude = Rule::Action::Exclude;
        const auto include = Rule::Action::Include;
        const SchemePatch eight{.convention = "gguf-q8_0"};
        const std::array recipes{
            recipeOf("gguf-q4_0", {}),
            recipeOf("gguf-q4_0", {rule("lm_head", exclude), rule("model.layers.1.*.q_proj", exclude)}),
            recipeOf("gguf-q4_0", {rule("*", exclude), rule("model.layers.1.*", include),
                                   rule("model.layers.11.mlp.*", include, eight)}),
            recipeOf("gguf-q8_0", {rule("re:.*[kv]_proj", exclude), rule("*embed*", exclude),
                                   rule("*.o_proj", Rule::Action::None, {.convention = "gguf-q4_0"})}),
        };
        const Recipe &recipe = recipes.at(static_cast<std::size_t>(which));
        const auto decisions = resolve(recipe, *m_llama, false);
        QS_VERIFY(decisions);
        const auto rules = rulesFor(*findRuleTool(tool.toStdString()), *m_llama, *decisions, {});
        QS_VERIFY(rules);
        Hits expected;
        QStringList modules{QStringLiteral("xmodel.layers.1.mlp.up_proj"),
                            QStringLiteral("model.layers.111.mlp.up_proj")};
        const bool searchesBlocks = tool == QLatin1String("gptqmodel") || tool == QLatin1String("auto-round");
        if (searchesBlocks || tool == QLatin1String("llama.cpp"))
            modules.clear(); // what is in no file needs no rule there
        for (std::size_t i = 0; i < m_llama->layers.size(); ++i) {
            const QString module = QString::fromStdString(m_llama->layers[i].module);
            modules << module;
            const bool kept = std::ranges::any_of(
                rules->remarks, [&](const RulesRemark &remark) { return remark.kept && remark.layer == i; });
            if ((*decisions)[i].quantize && !kept)
                expected[module] = (*decisions)[i].scheme.bits;
        }
        QVERIFY(!expected.isEmpty());
        const Hits hits = kMatchers.value(tool)(QString::fromStdString(rules->text), modules);
        QCOMPARE(hits, expected);
        QCOMPARE(rules->quantized.size(), static_cast<std::size_t>(expected.size()));
        // Nothing is kept without need: of these schemes only embeddings, and blocks of 8 bits where a tool has none.
        for (const RulesRemark &remark : rules->remarks)
            if (remark.kept)
                QVERIFY(m_llama->layers[remark.layer].op == Op::Embedding ||
                        (tool == QLatin1String("ai-edge-quantizer") && (*decisions)[remark.layer].scheme.bits == 8));
    }

    /// What a tool cannot be told stays in float, and says so; a method that it has not is named.
    void whatCannotBeSaid_data()
    {
        QTest::addColumn<QString>("tool");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<bool>("kept");
        QTest::addColumn<QString>("reason");
        QTest::newRow("bits") << "mlx-lm"
                              << "bits"
                              << "7" << true << "MLX holds codes of 4, 2, 3, 5, 6, 8 bits";
        QTest::newRow("groups") << "mlx-lm"
                                << "granularity"
                                << "group:16" << true << "MLX has no groups of 16";
        QTest::newRow("tensor") << "torchao"
                                << "granularity"
                                << "tensor" << true << "torchao holds no layer with";
        QTest::newRow("GGUF") << "llama.cpp"
                              << "bits"
                              << "7" << true << "no type of GGUF holds layer";
        QTest::newRow("GPTQ") << "gptqmodel"
                              << "bits"
                              << "5" << true << "GPTQModel holds codes of 2, 3, 4, 8 bits";
        QTest::newRow("range") << "torchao"
                               << "range"
                               << "mse" << false << "the range method mse is not passed on";
        QTest::newRow("MLX is not symmetric") << "mlx-lm"
                                              << "mode"
                                              << "symmetric" << false << "not symmetric";
    }

    void whatCannotBeSaid()
    {
        QFETCH(const QString, tool);
        QFETCH(const QString, field);
        QFETCH(const QString, value);
        QFETCH(const bool, kept);
        QFETCH(const QString, reason);
        Recipe recipe;
        SchemePatch patch{.bits = 4, .granularity = Granularity::group(32)};
        patch.applyTo(recipe.scheme);
        if (tool == QLatin1String("llama.cpp"))
            SchemePatch{.convention = "gguf-q4_0"}.applyTo(recipe.scheme);
        SchemePatch other;
        if (tool == QLatin1String("llama.cpp"))
            other.convention = std::string(kDefaultConvention);
        QS_VERIFY(other.set(field.toStdString(), value.toStdString()));
        recipe.rules.push_back({.match = "*.1.mlp.up_proj", .scheme = other});
        const auto decisions = resolve(recipe, *m_llama, false);
        QS_VERIFY(decisions);
        const auto rules = rulesFor(*findRuleTool(tool.toStdString()), *m_llama, *decisions, {});
        QS_VERIFY(rules);
        const auto found = std::ranges::find_if(rules->remarks, [&](const RulesRemark &remark) {
            return m_llama->layers[remark.layer].module == "model.layers.1.mlp.up_proj";
        });
        QVERIFY(found != rules->remarks.end());
        QCOMPARE(found->kept, kept);
        const QString said = QString::fromStdString(found->reason.str());
        QVERIFY2(said.contains(reason), qPrintable(said));
        QVERIFY(QString::fromStdString(rules->text).contains(said));
    }

    void nothingToSay()
    {
        const auto error = [&](const char *tool, const Recipe &recipe, const Model &model) {
            const auto decisions = resolve(recipe, model, true);
            const auto rules = rulesFor(*findRuleTool(tool), model, *decisions, {});
            return rules ? QStringLiteral("no error") : QString::fromStdString(rules.error().text());
        };
        Recipe none;
        none.rules.push_back(rule("*", Rule::Action::Exclude));
        QVERIFY(error("torchao", none, *m_llama).contains(QLatin1String("the recipe quantizes no layer")));
        Recipe whole;
        whole.scheme.granularity = Granularity::tensor();
        const QString all = error("torchao", whole, *m_llama);
        QVERIFY2(all.contains(QLatin1String("none of the 14 layers")), qPrintable(all));
        QVERIFY(error("onnxruntime", {}, *m_llama).contains(QLatin1String("ONNX")));
        QTemporaryDir alone;
        const auto plain = openBytes(alone, "model.safetensors", safetensorsBytes(llama()));
        QVERIFY(error("llama.cpp", {}, *plain).contains(QLatin1String("config.json")));
    }

    /// Names of strangers stay inside their quotes, and match themselves alone.
    void oddNames()
    {
        QTemporaryDir folder;
        std::vector<FloatTensor> tensors;
        for (const char *name : {"layers.0.a\"b.weight", "layers.0.a'b(.weight", "layers.0.c\\d.weight",
                                 "layers.0.x+.weight", "layers.0.xx.weight"})
            tensors.push_back({name, {64, 64}, randomValues(64 * 64, 3)});
        const auto model = openBytes(folder, "model.safetensors", safetensorsBytes(tensors));
        Recipe recipe;
        SchemePatch{.bits = 4, .granularity = Granularity::group(32)}.applyTo(recipe.scheme);
        recipe.rules.push_back(rule("layers.0.x+", Rule::Action::Exclude));
        const auto decisions = resolve(recipe, *model, false);
        QS_VERIFY(decisions);
        QStringList modules;
        Hits expected;
        for (std::size_t i = 0; i < model->layers.size(); ++i) {
            modules << QString::fromStdString(model->layers[i].module);
            if ((*decisions)[i].quantize)
                expected[modules.last()] = 4;
        }
        QCOMPARE(expected.size(), 4);
        for (const char *tool : {"llm-compressor", "torchao", "mlx-lm", "ai-edge-quantizer"}) {
            const auto rules = rulesFor(*findRuleTool(tool), *model, *decisions, {});
            QS_VERIFY(rules);
            QCOMPARE(kMatchers.value(QLatin1String(tool))(QString::fromStdString(rules->text), modules), expected);
        }
    }

    void nodesOfOnnx_data()
    {
        QTest::addColumn<QString>("excluded");
        QTest::addColumn<QSet<QString>>("nodes");
        QTest::newRow("nothing") << "" << QSet<QString>{"same", "unnamed", "again", "gemm_MatMul"};
        QTest::newRow("a node without a name") << "w2" << QSet<QString>{"same", "again", "gemm_MatMul"};
        QTest::newRow("a name that two have") << "w3" << QSet<QString>{"same", "unnamed", "gemm_MatMul"};
        QTest::newRow("Gemm, which is divided first") << "w4" << QSet<QString>{"same", "unnamed", "again"};
    }

    /// As should_quantize_node() of ONNX Runtime decides, after Gemm has become a MatMul of that name.
    void nodesOfOnnx()
    {
        QFETCH(const QString, excluded);
        QFETCH(const QSet<QString>, nodes);
        const auto named = [](const char *op, const QByteArrayList &in, const char *out, const char *name,
                              const QByteArray &rest = {}) {
            return onnx::node(op, in, {out}, rest) + bytesField(3, name);
        };
        QTemporaryDir folder;
        const auto model = openBytes(
            folder, "m.onnx",
            onnx::model(onnx::typedGraph(
                {named("MatMul", {"x", "w1"}, "a", "same"), onnx::node("MatMul", {"a", "w2"}, {"unnamed"}),
                 named("MatMul", {"unnamed", "w3"}, "again", "same"), named("Gemm", {"again", "w4"}, "d", "gemm"),
                 named("Gemm", {"d", "w5"}, "e", "scaled", onnx::attribute("transA", 1)),
                 named("MatMul", {"e", "e"}, "y", "computed")},
                {onnx::randomTensor("w1", {8, 8}, 1), onnx::randomTensor("w2", {8, 8}, 2),
                 onnx::randomTensor("w3", {8, 8}, 3), onnx::randomTensor("w4", {8, 8}, 4),
                 onnx::randomTensor("w5", {8, 8}, 5)},
                {onnx::port("x", {8, 8})}, {onnx::port("y", {8, 8})})));
        Recipe recipe;
        if (!excluded.isEmpty())
            recipe.rules.push_back(rule(qPrintable(excluded), Rule::Action::Exclude));
        const auto decisions = resolve(recipe, *model, false);
        QS_VERIFY(decisions);
        const auto rules = rulesFor(*findRuleTool("onnxruntime"), *model, *decisions, {});
        QS_VERIFY(rules);
        const QString text = QString::fromStdString(rules->text);
        const auto list = [&](const char *name) {
            const QString open = QString::fromLatin1(name) + QStringLiteral(" = ");
            const qsizetype at = text.indexOf(open) + open.size();
            QString json = text.mid(at, text.indexOf(QLatin1String("\n]"), at) + 2 - at);
            json.replace(QLatin1String(",\n]"), QLatin1String("\n]"));
            QStringList words;
            for (const auto &word : QJsonDocument::fromJson(json.toUtf8()).array())
                words << word.toString();
            return words;
        };
        QVERIFY(text.contains(QLatin1String("node.name = node.output[0]")));
        QSet<QString> hits;
        // Of "scaled" nothing becomes of what the tool quantizes, and "computed" has no weights of its own.
        for (const char *name : {"same", "unnamed", "again", "gemm_MatMul"})
            if (list("op_types_to_quantize").contains(QLatin1String("MatMul")) &&
                !list("nodes_to_exclude").contains(QLatin1String(name)))
                hits << QLatin1String(name);
        QCOMPARE(hits, nodes);
        QVERIFY(list("nodes_to_exclude").contains(QLatin1String("computed")));
        QCOMPARE(rules->quantized.size(), static_cast<std::size_t>(nodes.size()));
        QCOMPARE(rules->remarks.size(), std::size_t(1)); // w5
    }

private:
    QTemporaryDir m_folder;
    std::shared_ptr<const Model> m_llama;
};

QTEST_GUILESS_MAIN(TestToolsRules)
#include "tst_tools_rules.moc"
