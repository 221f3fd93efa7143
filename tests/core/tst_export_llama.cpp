// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// GGUF files of Hugging Face models: names, the order of rows, keys, tokenizer, refusals.
#include "core/analysis/compare.h"
#include "core/scheme/convention.h"
#include "core/tensor/float_blocks.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

using namespace qs;
using namespace qs::test;

namespace {

constexpr std::uint64_t kWidth = 64;

std::vector<FloatTensor> llama()
{
    const auto matrix = [](const char *name, std::uint64_t rows, std::uint32_t seed) {
        return FloatTensor{name, {rows, kWidth}, randomValues(rows * kWidth, seed)};
    };
    return {matrix("model.embed_tokens.weight", 6, 1),
            matrix("model.layers.0.self_attn.q_proj.weight", 64, 2),
            matrix("model.layers.0.self_attn.k_proj.weight", 32, 3),
            matrix("model.layers.0.self_attn.v_proj.weight", 32, 4),
            matrix("model.layers.0.self_attn.o_proj.weight", 64, 5),
            {"model.layers.0.input_layernorm.weight", {kWidth}, randomValues(kWidth, 6)},
            {"model.norm.weight", {kWidth}, randomValues(kWidth, 7)},
            matrix("lm_head.weight", 6, 8)};
}

const char *const kConfig = R"({"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 1,
    "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 128, "vocab_size": 6,
    "max_position_embeddings": 32, "rms_norm_eps": 1e-5, "rope_parameters": {"rope_theta": 5000.0},
    "tie_word_embeddings": false, "bos_token_id": 4})";

// As it stands in JSON.
const char *const kQwenPattern = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}| ?"
                                 "[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+";

/// A pre-tokenizer that cuts texts by a pattern.
QByteArray splitting(const char *pattern)
{
    return QByteArray(
               "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Split\", \"pattern\": {\"Regex\": \"") +
           pattern + "\"}}, {\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"use_regex\": false}]}";
}

/// A tokenizer of four words and a special token.
QByteArray tokenizer(const char *preTokenizer)
{
    return QByteArray(R"({"added_tokens": [{"id": 4, "content": "<s>", "special": true}],
        "pre_tokenizer": )") +
           preTokenizer + R"(, "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "c": 3},
        "merges": [["a", "b"]]}})";
}

} // namespace

class TestExportLlama : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_tokenizer.clear();
        open(kConfig, llama());
    }

    void namesAndRows()
    {
        const auto file = written();
        QVERIFY(file);
        QCOMPARE(names(*file), (QStringList{"blk.0.attn_k.weight", "blk.0.attn_norm.weight", "blk.0.attn_output.weight",
                                            "blk.0.attn_q.weight", "blk.0.attn_v.weight", "output.weight",
                                            "output_norm.weight", "token_embd.weight"}));
        // Of the 16 rows of a head, row i and row i + 8 turn together, and lie side by side.
        for (const auto &[name, source] : {std::pair{"blk.0.attn_q.weight", 1}, {"blk.0.attn_k.weight", 2}}) {
            const std::vector<float> values = floats(*file, name);
            const std::vector<float> &old = m_tensors[static_cast<std::size_t>(source)].values;
            for (std::uint64_t row = 0; row < old.size() / kWidth; ++row) {
                const std::uint64_t within = row % 16;
                const std::uint64_t from = row - within + (within % 2) * 8 + within / 2;
                for (std::uint64_t k = 0; k < kWidth; ++k)
                    QVERIFY2(std::abs(values[row * kWidth + k] - old[from * kWidth + k]) <= 0.57F * 0.1F / 127 + 1e-6F,
                             name);
            }
        }
        QCOMPARE(floats(*file, "output_norm.weight"), m_tensors[6].values);
    }

    /// All of it is found again in the file: rows in another order, norms that count from one.
    void comparedWithItsSource_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::newRow("llama") << QByteArray("llama");
        QTest::newRow("gemma") << QByteArray("gemma");
    }

    void comparedWithItsSource()
    {
        QFETCH(const QByteArray, type);
        open(QByteArray(kConfig).replace("\"model_type\": \"llama\"", "\"model_type\": \"" + type + '"'), llama());
        const auto file = written();
        QVERIFY2(file, m_error.c_str());
        const auto comparison = compare(*m_model, *file, {});
        QS_VERIFY(comparison);
        QVERIFY(!comparison->incomplete());
        for (const TensorComparison &tensor : comparison->tensors) {
            const bool norm = tensor.shape.size() == 1;
            QVERIFY2(norm ? tensor.metrics.exact : *tensor.metrics.relativeError < 0.01, tensor.name.c_str());
        }
        QCOMPARE(std::ranges::count_if(comparison->tensors,
                                       [](const TensorComparison &tensor) {
                                           return tensor.matchReason.str().find("counts it from one") !=
                                                  std::string::npos;
                                       }),
                 type == "gemma" ? 2 : 0);
    }

    void keys()
    {
        const auto file = written();
        QVERIFY(file);
        const auto key = [&](const char *name) { return file->metadata.at(name); };
        QCOMPARE(key("general.architecture"), std::string("llama"));
        QCOMPARE(key("llama.block_count"), std::string("1"));
        QCOMPARE(key("llama.attention.head_count_kv"), std::string("2"));
        QCOMPARE(key("llama.rope.dimension_count"), std::string("16"));
        QCOMPARE(key("llama.rope.freq_base"), std::string("5000"));
        QCOMPARE(key("llama.vocab_size"), std::string("6"));
        QCOMPARE(key("tokenizer.ggml.model"), std::string("none"));
        QCOMPARE(key("general.file_type"), std::string("7"));
    }

    void transposed()
    {
        const std::vector<float> values = randomValues(kWidth * 192, 9);
        open(R"({"model_type": "gpt2", "n_embd": 64, "n_layer": 1, "n_head": 4, "n_positions": 32, "vocab_size": 6})",
             {{"transformer.wte.weight", {6, kWidth}, randomValues(6 * kWidth, 1)},
              {"transformer.h.0.attn.c_attn.weight", {kWidth, 192}, values},
              {"transformer.h.0.attn.bias", {1, 1, 32, 32}, std::vector<float>(1024)}});
        const auto file = written();
        QVERIFY(file);
        const TensorInfo &tensor = file->tensors[*file->findTensor("blk.0.attn_qkv.weight")];
        QCOMPARE(tensor.shape, (std::vector<std::uint64_t>{192, kWidth}));
        QVERIFY(!file->findTensor("blk.0.attn.bias"));
        const std::vector<float> read = floats(*file, "blk.0.attn_qkv.weight");
        for (std::uint64_t i = 0; i < read.size(); ++i)
            QVERIFY(std::abs(read[i] - values[i % kWidth * 192 + i / kWidth]) <= 0.57F * 0.1F / 127 + 1e-6F);
    }

    void tokenizers_data()
    {
        QTest::addColumn<QByteArray>("preTokenizer");
        QTest::addColumn<QString>("name"); // empty: none is written
        QTest::newRow("GPT-2") << QByteArray("{\"type\": \"ByteLevel\", \"add_prefix_space\": false}") << "gpt-2";
        QTest::newRow("Qwen2") << splitting(kQwenPattern) << "qwen2";
        QTest::newRow("another pattern") << splitting("\\\\s+") << "";
        QTest::newRow("with a space") << QByteArray("{\"type\": \"ByteLevel\", \"add_prefix_space\": true}") << "";
    }

    void tokenizers()
    {
        QFETCH(const QByteArray, preTokenizer);
        QFETCH(const QString, name);
        writeFile(*m_folder, "tokenizer.json", tokenizer(preTokenizer.constData()));
        const auto file = written();
        QVERIFY(file);
        const bool none = name.isEmpty();
        QCOMPARE(file->metadata.at("tokenizer.ggml.model"), std::string(none ? "none" : "gpt2"));
        QCOMPARE(file->metadata.contains("tokenizer.ggml.pre"), !none);
        const bool said = std::ranges::any_of(
            m_notes, [](const Text &note) { return note.str().find("no tokenizer") != std::string::npos; });
        QCOMPARE(said, none);
        if (!none) {
            QCOMPARE(file->metadata.at("tokenizer.ggml.pre"), name.toStdString());
            QCOMPARE(file->metadata.at("tokenizer.ggml.bos_token_id"), std::string("4"));
        }
    }

    /// Keys "tokenizer.…" of another file come along as they are; those of another length are refused.
    void copiedTokenizer()
    {
        const auto tokensOf = [](std::uint64_t count) {
            GgufBytes tokens;
            tokens.text("tokenizer.ggml.tokens").u32(9).u32(8).u64(count);
            for (std::uint64_t i = 0; i < count; ++i)
                tokens.text("word " + std::to_string(i));
            return tokens.bytes();
        };
        const QByteArray kind = textKey("tokenizer.ggml.model", "llama");
        const auto give = [&](std::uint64_t count) {
            const GgufFile file{.keys = {textKey("general.name", "other"), kind, tokensOf(count),
                                         numberKey("tokenizer.ggml.eos_token_id", 3)}};
            return writeFile(*m_folder, "other.gguf", file.bytes());
        };
        writeFile(*m_folder, "tokenizer.json", tokenizer("{\"type\": \"ByteLevel\", \"add_prefix_space\": false}"));
        m_tokenizer = m_folder->filePath("other.gguf").toStdString();
        give(6);
        auto file = written();
        QVERIFY2(file, m_error.c_str());
        QCOMPARE(file->metadata.at("tokenizer.ggml.model"), std::string("llama"));
        QCOMPARE(file->metadata.at("tokenizer.ggml.eos_token_id"), std::string("3"));
        QVERIFY(!file->metadata.contains("tokenizer.ggml.merges"));
        QFile bytes(m_folder->filePath("out.gguf"));
        QVERIFY(bytes.open(QIODevice::ReadOnly));
        QVERIFY(bytes.readAll().contains(kind + tokensOf(6)));
        give(7);
        QVERIFY(!written());
        QVERIFY2(m_error.find("the tokenizer has 7 tokens, the model has 6") != std::string::npos, m_error.c_str());
        m_tokenizer = m_folder->filePath("config.json").toStdString();
        QVERIFY(!written());
        m_tokenizer = kNoTokenizer;
        file = written();
        QVERIFY2(file, m_error.c_str());
        QCOMPARE(file->metadata.at("tokenizer.ggml.model"), std::string("none"));
    }

    /// Formats without a tokenizer say so.
    void noTokenizerElsewhere()
    {
        const std::string path = m_folder->filePath("out.safetensors").toStdString();
        const auto plan = writeAs("safetensors", *m_model, {}, path, {.tokenizer = "none"});
        QVERIFY(!plan && plan.error().code == ErrorCode::Usage);
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("old");
        QTest::addColumn<QByteArray>("changed");
        QTest::addColumn<QString>("words");
        QTest::newRow("family") << QByteArray("\"llama\"") << QByteArray("\"mamba\"") << "model_type 'mamba'";
        QTest::newRow("rotary") << QByteArray("\"rope_theta\"") << QByteArray("\"rope_type\": \"yarn\", \"rope_theta\"")
                                << "of the type 'yarn'";
        QTest::newRow("number") << QByteArray("\"vocab_size\": 6") << QByteArray("\"vocab_size\": \"6\"")
                                << "no number 'vocab_size'";
        QTest::newRow("heads") << QByteArray("\"num_key_value_heads\": 2") << QByteArray("\"num_key_value_heads\": 3")
                               << "32 rows do not belong to 3 heads";
    }

    void refusals()
    {
        QFETCH(const QByteArray, old);
        QFETCH(const QByteArray, changed);
        QFETCH(const QString, words);
        open(QByteArray(kConfig).replace(old, changed), llama());
        QVERIFY(!written());
        QVERIFY2(m_error.find(words.toStdString()) != std::string::npos, m_error.c_str());
    }

    void unknownTensor()
    {
        std::vector<FloatTensor> tensors = llama();
        tensors.push_back({"model.layers.0.adapter.weight", {kWidth, kWidth}, randomValues(kWidth * kWidth, 9)});
        open(kConfig, tensors);
        QVERIFY(!written());
        QVERIFY2(m_error.find("model.layers.0.adapter.weight") != std::string::npos, m_error.c_str());
    }

private:
    void open(const QByteArray &config, const std::vector<FloatTensor> &tensors)
    {
        m_tensors = tensors;
        writeFile(*m_folder, "config.json", config);
        m_model = openBytes(*m_folder, "model.safetensors", safetensorsBytes(tensors));
    }

    /// In blocks of 8 bits; null when it is refused.
    std::shared_ptr<const Model> written()
    {
        Recipe recipe;
        recipe.scheme = findConvention("gguf-q8_0")->scheme();
        const std::string path = m_folder->filePath("out.gguf").toStdString();
        const auto plan = writeAs("gguf", *m_model, recipe, path, {.overwrite = true, .tokenizer = m_tokenizer});
        m_error = plan ? std::string() : plan.error().text();
        if (!plan)
            return nullptr;
        m_notes = plan->notes;
        const auto file = openModel(path, {});
        return file ? *file : nullptr;
    }

    static QStringList names(const Model &model)
    {
        QStringList names;
        for (const TensorInfo &tensor : model.tensors)
            names << QString::fromStdString(tensor.name);
        names.sort();
        return names;
    }

    /// Row-major values of a matrix or vector, whatever its type.
    static std::vector<float> floats(const Model &model, const char *name)
    {
        const FloatBlocks blocks(model.view(*model.findTensor(name)), 0);
        const MatrixShape shape = matrixShape(model.tensors[*model.findTensor(name)], 0);
        std::vector<float> values;
        const auto read = blocks.read({0, shape.channels, 0, shape.weights}, values);
        if (!read)
            qFatal("%s", read.error().text().c_str());
        return values;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::vector<FloatTensor> m_tensors;
    std::shared_ptr<const Model> m_model;
    std::vector<Text> m_notes;
    std::string m_error;
    std::string m_tokenizer;
};

QTEST_GUILESS_MAIN(TestExportLlama)
#include "tst_export_llama.moc"
