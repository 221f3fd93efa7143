// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever about a layer keeps a format from being written has a remedy, and remedies lead to a file.
#include "core/export/remedies.h"

#include "core/export/planner.h"
#include "core/export/registry.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/onnx_networks.h"
#include "tests/support/test_model.h"

#include <algorithm>
#include <cmath>
#include <ranges>

using namespace qs;
using namespace qs::test;

namespace {

constexpr int kMostRounds = 6; // a remedy may bring up what was hidden behind the first refusal

FloatTensor matrix(const char *name, std::uint64_t rows, std::uint64_t columns, std::uint32_t seed)
{
    return {name, {rows, columns}, randomValues(rows * columns, seed)};
}

QByteArray llamaLike()
{
    return safetensorsBytes({matrix("model.embed_tokens.weight", 6, 64, 1),
                             matrix("model.layers.0.self_attn.q_proj.weight", 64, 64, 2),
                             matrix("model.layers.0.self_attn.k_proj.weight", 32, 64, 3),
                             matrix("model.layers.0.self_attn.v_proj.weight", 32, 64, 4),
                             matrix("model.layers.0.self_attn.o_proj.weight", 64, 64, 5),
                             {"model.layers.0.input_layernorm.weight", {64}, randomValues(64, 6)},
                             {"model.norm.weight", {64}, randomValues(64, 7)},
                             matrix("lm_head.weight", 6, 64, 8)});
}

const char *const kConfig = R"({"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 1,
    "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 128, "vocab_size": 6,
    "max_position_embeddings": 32, "rms_norm_eps": 1e-5, "rope_parameters": {"rope_theta": 5000.0},
    "tie_word_embeddings": false})";

/// Linear layers, a convolution, one layer that is not finite.
QByteArray mixed()
{
    std::vector<float> broken = randomValues(32 * 16, 4);
    broken[7] = std::nanf("");
    return safetensorsBytes({matrix("fc1.weight", 32, 48, 1),
                             matrix("fc2.weight", 10, 32, 2),
                             {"conv.weight", {8, 4, 3, 3}, randomValues(288, 3)},
                             {"broken.weight", {32, 16}, broken}});
}

QByteArray floatGguf()
{
    GgufFile file;
    file.tensors = {{"blk.0.ffn_up.weight", {128, 64}, 0, 0}, {"blk.0.ffn_down.weight", {96, 8}, 0, 32768}};
    file.data = floatBytes(randomValues(128 * 64 + 96 * 8, 1));
    return file.bytes();
}

/// 17 · 2²⁰ float16 weights, all of them zero but for one.
QByteArray largeBytes()
{
    QByteArray data(std::size_t{34} << 20U, '\0');
    data[0] = '\x3c';
    return safetensorsBytes(R"({"a.weight":{"dtype":"F16","shape":[1024,1024],"data_offsets":[0,2097152]},)"
                            R"("b.weight":{"dtype":"F16","shape":[4096,4096],"data_offsets":[2097152,35651584]}})",
                            data);
}

} // namespace

class TestExportRemedies : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        writeFile(m_llama, "config.json", kConfig);
        m_models = {{"llama", openBytes(m_llama, "model.safetensors", llamaLike())},
                    {"mixed", openBytes(m_folder, "mixed.safetensors", mixed())},
                    {"onnx", openBytes(m_folder, "net.onnx", onnx::branchingNetwork())},
                    {"gguf", openBytes(m_folder, "floats.gguf", floatGguf())},
                    {"codes", openBytes(m_folder, "codes.gguf", smallFile().bytes())}};
    }

    void leadToAFile_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("fields");
        const char *const schemes[] = {"bits=3;granularity=group:48",
                                       "bits=5;mode=asymmetric",
                                       "bits=4;granularity=group:32;mode=asymmetric;range=hqq",
                                       "convention=lecture;mode=asymmetric;bits=6",
                                       "convention=gguf-q4_1",
                                       "convention=gguf-q4_k",
                                       "granularity=tensor",
                                       "bits=2;scale_type=bf16;codes=best",
                                       "bits=7;code_range=narrow;range=percentile:99"};
        for (const char *model : {"llama", "mixed", "onnx", "gguf"})
            for (const ExportFormat *format : exportFormats() | std::views::filter([&](const ExportFormat *each) {
                                                  return !each->whyNot || each->whyNot(*m_models.at(model)).empty();
                                              }))
                for (const char *fields : schemes)
                    QTest::addRow("%s, %s, %s", model, std::string(format->name).c_str(), fields)
                        << model << QString::fromStdString(std::string(format->name)) << fields;
    }

    void leadToAFile()
    {
        QFETCH(QString, model);
        QFETCH(QString, format);
        QFETCH(QString, fields);
        const Model &source = *m_models.at(model);
        const ExportFormat &target = *findExportFormat(format.toStdString());
        Recipe recipe;
        const auto patch = patchOf(fields);
        QVERIFY(patch);
        patch->applyTo(recipe.scheme);
        widenIfAsymmetric(recipe.scheme);
        QS_VERIFY(recipe.scheme.validate());
        std::vector<PreflightLine> refused;
        for (int round = 0; round < kMostRounds; ++round) {
            refused = refusedLines(target, source, recipe);
            for (const PreflightLine &line : refused) {
                QVERIFY2(!line.remedy.empty(), line.reason.str().c_str());
                QVERIFY2(!line.edit.layers.empty(), line.reason.str().c_str());
                applyRemedy(recipe, source, line.edit);
            }
            if (refused.empty())
                break;
        }
        QVERIFY2(refused.empty(), refused.empty() ? "" : refused.front().reason.str().c_str());
    }

    /// Where a model's own codes are in the way, no recipe helps, but another format may.
    void ofCodes()
    {
        const Model &source = *m_models.at("codes");
        for (const char *format : {"gpt-fast", "torchao"}) {
            const std::vector<PreflightLine> refused = refusedLines(*findExportFormat(format), source, {});
            QVERIFY(!refused.empty());
            QCOMPARE(QString::fromStdString(refused.front().remedy.str()), QString("use the format float instead"));
        }
    }

    /// The largest layers of too large a header give way, and no more than have to.
    void tooLargeAHeader()
    {
        const auto model = openBytes(m_folder, "large.safetensors", largeBytes());
        Recipe recipe;
        const ExportFormat &header = *findExportFormat("c-header");
        const std::vector<PreflightLine> refused = refusedLines(header, *model, recipe);
        QCOMPARE(refused.size(), 1U);
        QCOMPARE(refused.front().edit.layers.size(), 1U);
        QCOMPARE(model->layers[refused.front().edit.layers.front()].name, std::string("b.weight"));
        applyRemedy(recipe, *model, refused.front().edit);
        QVERIFY(refusedLines(header, *model, recipe).empty());
    }

private:
    static std::optional<SchemePatch> patchOf(const QString &fields)
    {
        SchemePatch patch;
        for (const QString &field : fields.split(u';')) {
            const qsizetype equals = field.indexOf(u'=');
            if (!patch.set(field.left(equals).toStdString(), field.mid(equals + 1).toStdString()))
                return std::nullopt;
        }
        return patch;
    }

    std::vector<PreflightLine> refusedLines(const ExportFormat &format, const Model &model, const Recipe &recipe)
    {
        AnalysisCache cache;
        const std::string target = m_folder.filePath("out").toStdString() + std::string(format.suffix);
        auto plan = planExport(format, model, recipe, target, {}, cache, {});
        if (!plan)
            qFatal("%s", plan.error().text().c_str());
        std::erase_if(plan->preflight,
                      [](const PreflightLine &line) { return line.level != PreflightLine::Level::Refused; });
        return std::move(plan->preflight);
    }

    QTemporaryDir m_folder;
    QTemporaryDir m_llama;
    std::map<QString, std::shared_ptr<const Model>> m_models;
};

QTEST_GUILESS_MAIN(TestExportRemedies)
#include "tst_export_remedies.moc"
