// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every format on a convolutional network, a llama and a GPT-2: what a preview predicts is what the written file shows
// when it is opened again and compared.
#include "core/analysis/compare.h"
#include "core/export/preview.h"
#include "core/scheme/convention.h"
#include "core/tensor/small_floats.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/protobuf_writer.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

using namespace qs;
using namespace qs::test;

namespace {

constexpr std::uint64_t kWidth = 256; // a super-block

const char *const kLlamaConfig = R"({"model_type": "llama", "hidden_size": 256, "num_hidden_layers": 1,
    "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 256, "head_dim": 32, "vocab_size": 32,
    "max_position_embeddings": 32, "rms_norm_eps": 1e-5, "rope_theta": 5000.0, "tie_word_embeddings": false})";
const char *const kGpt2Config = R"({"model_type": "gpt2", "n_embd": 256, "n_layer": 1, "n_head": 4, "n_positions": 32,
    "vocab_size": 32})";

struct Shaped {
    const char *name;
    std::vector<std::uint64_t> shape;
};

const std::vector<Shaped> kLlama{{"model.embed_tokens.weight", {32, kWidth}},
                                 {"model.layers.0.self_attn.q_proj.weight", {128, kWidth}},
                                 {"model.layers.0.self_attn.k_proj.weight", {64, kWidth}},
                                 {"model.layers.0.self_attn.v_proj.weight", {64, kWidth}},
                                 {"model.layers.0.self_attn.o_proj.weight", {256, kWidth}},
                                 {"model.layers.0.mlp.gate_proj.weight", {256, kWidth}},
                                 {"model.layers.0.mlp.down_proj.weight", {256, kWidth}},
                                 {"model.layers.0.input_layernorm.weight", {kWidth}},
                                 {"model.norm.weight", {kWidth}},
                                 {"lm_head.weight", {32, kWidth}}};
const std::vector<Shaped> kGpt2{{"wte.weight", {32, kWidth}},           {"wpe.weight", {32, kWidth}},
                                {"h.0.ln_1.weight", {kWidth}},          {"h.0.attn.c_attn.weight", {kWidth, 96}},
                                {"h.0.attn.c_attn.bias", {96}},         {"h.0.attn.c_proj.weight", {kWidth, 64}},
                                {"h.0.mlp.c_fc.weight", {kWidth, 128}}, {"ln_f.weight", {kWidth}}};
const std::vector<Shaped> kCnn{{"conv1.weight", {16, 3, 3, 3}},
                               {"conv1.bias", {16}},
                               {"conv2.weight", {32, 16, 3, 3}},
                               {"fc.weight", {64, kWidth}},
                               {"fc.bias", {64}}};

/// A file of random weights of one type.
QByteArray safetensorsOf(const std::vector<Shaped> &tensors, DType type)
{
    nlohmann::ordered_json header;
    QByteArray data;
    std::uint32_t seed = 0;
    for (const Shaped &tensor : tensors) {
        std::uint64_t count = 1;
        for (const std::uint64_t length : tensor.shape)
            count *= length;
        std::vector<std::byte> bytes;
        encodeFloats(type, randomValues(count, ++seed), bytes);
        const qsizetype begin = data.size();
        data.append(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size()));
        header[tensor.name] = {{"dtype", type == DType::F32   ? "F32"
                                         : type == DType::F16 ? "F16"
                                                              : "BF16"},
                               {"shape", tensor.shape},
                               {"data_offsets", {begin, data.size()}}};
    }
    return safetensorsBytes(header.dump(), data);
}

/// A convolution and a product.
QByteArray onnxNetwork(std::int64_t version)
{
    using namespace qs::test::onnx;
    const auto weights = [](const char *name, const Shape &shape) {
        std::size_t count = 1;
        for (const std::int64_t length : shape)
            count *= static_cast<std::size_t>(length);
        return tensor(name, 1, shape, rawData(raw(randomValues(count, 7))));
    };
    return number(1, 10) +
           bytesField(7, graph({node("Conv", {"x", "conv"}, {"a"}), node("Flatten", {"a"}, {"b"}),
                                node("MatMul", {"b", "product"}, {"c"}), node("Add", {"c", "bias"}, {"y"})},
                               {weights("conv", {8, 3, 3, 3}), weights("product", {256, 64}), weights("bias", {64})},
                               {"x"}, {"y"})) +
           opset(version);
}

QByteArray ggufLlama()
{
    GgufFile file{.keys = {textKey("general.architecture", "llama")}, .tensors = {}, .data = {}};
    GgufBytes data;
    std::uint64_t offset = 0;
    for (const char *name : {"blk.0.attn_q.weight", "blk.0.ffn_up.weight"}) {
        file.tensors.push_back({name, {kWidth, 16}, 0, offset});
        for (const float value : randomValues(kWidth * 16, static_cast<std::uint32_t>(offset) + 1))
            data.add(value);
        offset += kWidth * 16 * 4;
    }
    file.data = data.bytes();
    return file.bytes();
}

/// What is tried on top of a format's own presets.
const std::vector<const char *> kSchemes{
    "bits=8",
    "bits=8,mode=asymmetric",
    "bits=4",
    "bits=4,granularity=group:32",
    "bits=4,mode=asymmetric,granularity=group:64",
    "bits=3,granularity=group:64",
    "convention=gguf-q5_1",
    "convention=gguf-q4_k",
    "convention=gguf-q6_k",
};

} // namespace

class TestExportMeasured : public QObject
{
    Q_OBJECT

private slots:
    void predictions_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("source");
        for (const char *source : {"cnn", "cnn.f16", "onnx.11", "onnx.21", "llama.f32", "llama.bf16", "gpt2", "gguf"}) {
            QTemporaryDir folder;
            const auto model = open(folder, source);
            for (const ExportFormat *format : exportFormats())
                if (isMeasurable(*format, source) && (format->whyNot == nullptr || format->whyNot(*model).empty()))
                    QTest::addRow("%s of %s", format->name.data(), source)
                        << QString::fromUtf8(format->name.data()) << source;
        }
    }

    void predictions()
    {
        QFETCH(const QString, format);
        QFETCH(const QString, source);
        const QTemporaryDir folder;
        const auto model = open(folder, source);
        const ExportFormat &target = *findExportFormat(format.toStdString());
        std::vector<std::string> schemes(kSchemes.begin(), kSchemes.end());
        for (const std::string_view preset : target.presets)
            schemes.emplace_back(preset);
        int written = 0;
        for (const std::string &scheme : schemes) {
            Recipe recipe = defaultRecipe(*model);
            presetOf(scheme).applyTo(recipe.scheme);
            if (scheme.empty() || !recipe.scheme.validate())
                continue;
            const QString path = folder.filePath(QString("out%1").arg(written)) + suffixFor(target, *model);
            roundTrip(target, *model, recipe, path, written);
            if (QTest::currentTestFailed()) {
                qWarning("%s", scheme.c_str());
                return;
            }
        }
        QVERIFY(written > 0);
    }

private:
    /// Our readers open no C, and know no codes of NPZ; some formats hold Linear layers [out, in] only.
    static bool isMeasurable(const ExportFormat &format, const QString &source)
    {
        const bool linear = format.folder || format.name == "gpt-fast" || format.name == "torchao";
        const bool other = source.startsWith("onnx") || source.startsWith("gpt2");
        return format.suffix != ".h" && format.suffix != ".npz" && !(linear && other);
    }

    static std::shared_ptr<const Model> open(const QTemporaryDir &folder, const QString &source)
    {
        const QString kind = source.section('.', 0, 0);
        const QString detail = source.section('.', 1);
        const DType type = detail == "f16" ? DType::F16 : detail == "bf16" ? DType::BF16 : DType::F32;
        if (kind == "onnx")
            return openBytes(folder, "model.onnx", onnxNetwork(detail.toInt()));
        if (kind == "gguf")
            return openBytes(folder, "model.gguf", ggufLlama());
        if (kind != "cnn")
            writeFile(folder, "config.json", kind == "llama" ? kLlamaConfig : kGpt2Config);
        return openBytes(folder, "model.safetensors",
                         safetensorsOf(kind == "cnn"     ? kCnn
                                       : kind == "llama" ? kLlama
                                                         : kGpt2,
                                       type));
    }

    static QString suffixFor(const ExportFormat &target, const Model &model)
    {
        const std::string own = model.path.extension().string();
        if (target.folder)
            return {};
        return QString::fromStdString(target.container(own) != nullptr ? own : std::string(target.suffix));
    }

    /// Adds one to `written` unless the format refuses the scheme.
    static void roundTrip(const ExportFormat &target, const Model &model, const Recipe &recipe, const QString &path,
                          int &written)
    {
        AnalysisCache cache;
        const auto before = preview(target, model, recipe, path.toStdString(), {}, cache, {}, {});
        if (!before || !before->plan.refusals.empty() || quantizesNothing(model, before->plan))
            return;
        const auto plan = writeExport(target, model, recipe, path.toStdString(), {}, cache, {});
        QS_VERIFY(plan);
        const auto again = openModel(path.toStdString(), {});
        QS_VERIFY(again);
        const auto measured = compare(model, **again, {});
        QS_VERIFY(measured);
        // Biases in half precision move all values of a group: the error is another one than that of our zero points.
        const bool half = model.tensors.front().dtype != DType::F32;
        const bool moved = target.roundsParts && half && recipe.scheme.mode == Mode::Asymmetric;
        check(*before, *measured, !half || !target.roundsParts ? 1e-6 : moved ? 1 : 2e-2);
        ++written;
    }

    static void check(const Preview &before, const Comparison &measured, double slack)
    {
        QVERIFY(!measured.incomplete());
        for (const auto &layer : before.report->layers) {
            if (!layer->decision.quantize)
                continue;
            const auto found = std::ranges::find(measured.tensors, layer->name, &TensorComparison::name);
            QVERIFY2(found != measured.tensors.end(), layer->name.c_str());
            QVERIFY(layer->metrics.relativeError && found->metrics.relativeError);
            const double predicted = *layer->metrics.relativeError;
            QVERIFY(predicted > 0);
            QVERIFY2(std::abs(*found->metrics.relativeError - predicted) <= slack * predicted,
                     qPrintable(QString("%1: %2, not %3")
                                    .arg(layer->name.c_str())
                                    .arg(*found->metrics.relativeError, 0, 'g', 9)
                                    .arg(predicted, 0, 'g', 9)));
        }
    }
};

QTEST_GUILESS_MAIN(TestExportMeasured)
#include "tst_export_measured.moc"
