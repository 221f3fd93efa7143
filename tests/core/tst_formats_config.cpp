// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What names, biases and config.json say about Conv1D layers, tied embeddings and quantized weights; folders.
#include "tests/core/model_builder.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/test_model.h"

#include <QDir>

using namespace qs;
using qs::test::FloatTensor;
using qs::test::layerNamed;
using qs::test::makeModel;
using qs::test::safetensorsBytes;
using qs::test::writeFile;

namespace {

FloatTensor tensorOf(const std::string &name, std::vector<std::uint64_t> shape, float first = 1)
{
    std::uint64_t count = 1;
    for (std::uint64_t dim : shape)
        count *= dim;
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = first + static_cast<float>(i);
    return {name, std::move(shape), std::move(values)};
}

bool warns(const Model &model, const QString &text)
{
    return std::ranges::any_of(
        model.warnings, [&](const Text &warning) { return QString::fromStdString(warning.str()).contains(text); });
}

} // namespace

class TestSideFiles : public QObject
{
    Q_OBJECT

private slots:
    void conv1d_data()
    {
        QTest::addColumn<QString>("modelType");
        QTest::addColumn<bool>("witness"); // another layer whose bias shows which way round weights are
        QTest::addColumn<QList<int>>("shape");
        QTest::addColumn<int>("bias");
        QTest::addColumn<int>("axis");
        QTest::addColumn<QString>("reason");
        QTest::newRow("bias per column") << "" << false << QList{4, 12} << 12 << 1 << "one bias per column";
        QTest::newRow("bias per row") << "" << false << QList{12, 4} << 12 << 0 << "[out, in]";
        QTest::newRow("bias per row, whatever the config") << "gpt2" << false << QList{12, 4} << 12 << 0 << "[out, in]";
        QTest::newRow("square") << "" << false << QList{4, 4} << 4 << 0 << "taken for Linear";
        QTest::newRow("square, another layer shows it") << "" << true << QList{4, 4} << 4 << 1 << "biases of other";
        QTest::newRow("square, the config names it") << "gpt2" << false << QList{4, 4} << 4 << 1 << "names gpt2";
        QTest::newRow("square, another family") << "llama" << false << QList{4, 4} << 4 << 0 << "taken for Linear";
        QTest::newRow("no bias, the config names it")
            << "openai-gpt" << false << QList{4, 12} << 0 << 1 << "openai-gpt";
    }

    void conv1d()
    {
        QFETCH(QString, modelType);
        QFETCH(bool, witness);
        QFETCH(QList<int>, shape);
        QFETCH(int, bias);
        QFETCH(int, axis);
        QFETCH(QString, reason);
        std::vector<test::TensorSpec> tensors{{"h.0.attn.c_proj.weight", {shape.begin(), shape.end()}}};
        if (bias > 0)
            tensors.push_back({"h.0.attn.c_proj.bias", {std::uint64_t(bias)}});
        if (witness) {
            tensors.push_back({"h.0.mlp.c_fc.weight", {4, 16}});
            tensors.push_back({"h.0.mlp.c_fc.bias", {16}});
        }
        std::map<std::string, std::string> metadata;
        if (!modelType.isEmpty())
            metadata["config.model_type"] = modelType.toStdString();
        const Model model = makeModel(tensors, metadata);
        const Layer *layer = layerNamed(model, "h.0.attn.c_proj.weight");
        QVERIFY(layer);
        QCOMPARE(layer->channelAxis, axis);
        QVERIFY2(QString::fromStdString(layer->channelAxisReason.str()).contains(reason),
                 layer->channelAxisReason.str().c_str());
        QCOMPARE(layer->bias.has_value(), bias > 0);
        QVERIFY(layer->op == Op::Linear);
    }

    void otherNamesAreNoConv1d()
    {
        const Model model = makeModel({{"my_attn.c_proj.weight", {4, 12}}}, {{"config.model_type", "gpt2"}});
        QCOMPARE(model.layers[0].channelAxis, 0);
        QCOMPARE(QString::fromStdString(model.layers[0].channelAxisReason.str()),
                 "Linear weights are stored [out, in]");
    }

    /// Layers that MLX quantized in another way than the rest.
    void layersOfTheirOwn()
    {
        const auto model = openWithConfig(R"({"quantization": {"bits": 4, "group_size": 64,
            "a.b": {"bits": 8, "group_size": 64}, "c": false, "d": {"bits": 4, "group_size": 32, "mode": "mxfp4"}}})",
                                          {tensorOf("fc.weight", {4, 4})});
        QCOMPARE(model->metadata.at("config.quantization.a.b.bits"), std::string("8"));
        QVERIFY(!model->metadata.contains("config.quantization.a.b.group_size")); // as usual
        QCOMPARE(model->metadata.at("config.quantization.d.group_size"), std::string("32"));
        QCOMPARE(model->metadata.at("config.quantization.d.mode"), std::string("mxfp4"));
    }

    void configIsHeard()
    {
        const auto model =
            openWithConfig(R"({"model_type": "gpt2", "torch_dtype": "bfloat16", "extra": [1, {"a": null}]})",
                           {tensorOf("h.0.attn.c_proj.weight", {4, 4})});
        QVERIFY(model->warnings.empty());
        QCOMPARE(model->metadata.at("config.model_type"), std::string("gpt2"));
        QCOMPARE(model->metadata.at("config.torch_dtype"), std::string("bfloat16"));
        QCOMPARE(model->layers[0].channelAxis, 1);
    }

    void oddConfigs_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QString>("warning");
        QTest::newRow("empty") << QByteArray() << "not valid JSON";
        QTest::newRow("array") << QByteArray("[]") << "must hold an object, not an array";
        QTest::newRow("cut") << QByteArray("{\"model_type\": \"gp") << "not valid JSON";
        QTest::newRow("deep") << QByteArray("{\"a\":") + QByteArray(100, '[') + QByteArray(100, ']') + "}"
                              << "nested deeper than 64";
        QTest::newRow("wrong types") << QByteArray(R"({"model_type": 3, "tie_word_embeddings": "yes",)"
                                                   R"("quantization_config": [], "text_config": 7})")
                                     << "";
        QTest::newRow("gptq")
            << QByteArray(R"({"quantization_config": {"quant_method": "gptq", "bits": 4, "group_size": 128}})")
            << "quantized already (gptq, 4 bits, groups of 128)";
        QTest::newRow("quantized text model")
            << QByteArray(R"({"text_config": {"quantization_config": {"quant_method": "awq"}}})") << "(awq)";
        QTest::newRow("compressed-tensors")
            << QByteArray(R"({"quantization_config": {"quant_method": "compressed-tensors"}})") << "";
    }

    void oddConfigs()
    {
        QFETCH(QByteArray, config);
        QFETCH(QString, warning);
        const auto model = openWithConfig(config, {tensorOf("fc.weight", {4, 4})});
        QCOMPARE(model->warnings.size(), std::size_t(warning.isEmpty() ? 0 : 1));
        QVERIFY(warning.isEmpty() || warns(*model, warning));
        QCOMPARE(model->layers.size(), std::size_t(1));
    }

    void tiedEmbeddings_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<float>("first"); // of the output layer; 1 as the embedding; 0: no output layer
        QTest::addColumn<bool>("alias");
        QTest::newRow("equal") << QByteArray("{}") << 1.0F << true;
        QTest::newRow("equal and said") << QByteArray(R"({"tie_word_embeddings": true})") << 1.0F << true;
        QTest::newRow("equal and denied") << QByteArray(R"({"tie_word_embeddings": false})") << 1.0F << false;
        QTest::newRow("different") << QByteArray(R"({"tie_word_embeddings": true})") << 2.0F << false;
        QTest::newRow("no output layer") << QByteArray(R"({"tie_word_embeddings": true})") << 0.0F << false;
    }

    void tiedEmbeddings()
    {
        QFETCH(QByteArray, config);
        QFETCH(float, first);
        QFETCH(bool, alias);
        std::vector<FloatTensor> tensors{tensorOf("model.embed_tokens.weight", {1000, 8}),
                                         tensorOf("fc.weight", {4, 8})};
        if (first > 0)
            tensors.push_back(tensorOf("lm_head.weight", {1000, 8}, first));
        const auto model = openWithConfig(config, tensors);
        QCOMPARE(model->aliases.size(), std::size_t(alias));
        QCOMPARE(model->layers.size(), std::size_t(first > 0 && !alias ? 3 : 2));
        QCOMPARE(model->parameters(), std::uint64_t(8032 + (first > 0 && !alias ? 8000 : 0)));
        const Layer *embedding = layerNamed(*model, "model.embed_tokens.weight");
        QCOMPARE(embedding->channelAxisReason.str().find("output layer, too") != std::string::npos, first == 0);
    }

    void folders()
    {
        const QTemporaryDir folder;
        const auto open = [&] { return openModel(folder.path().toStdString(), {}); };
        test::GgufFile part{.keys = {}, .tensors = {{"fc.weight", {4, 2}, 0, 0}}, .data = QByteArray(32, '\0')};
        for (std::uint16_t number : {std::uint16_t(0), std::uint16_t(1)}) {
            part.tensors[0].name = number == 0 ? "a.weight" : "b.weight";
            part.keys = {test::GgufBytes().text("split.no").u32(2).add(number).bytes(),
                         test::GgufBytes().text("split.count").u32(2).add(std::uint16_t(2)).bytes()};
            writeFile(folder, QString("m-0000%1-of-00002.gguf").arg(number + 1), part.bytes());
        }
        auto model = open();
        QS_VERIFY(model);
        QCOMPARE((*model)->tensors.size(), std::size_t(2)); // parts of one model
        writeFile(folder, "other.safetensors", safetensorsBytes({tensorOf("fc.weight", {4, 4})}));
        model = open();
        QS_VERIFY(model);
        QCOMPARE((*model)->tensors[0].name, std::string("fc.weight")); // safetensors go before other formats
        writeFile(folder, "another.safetensors", safetensorsBytes({tensorOf("fc.weight", {4, 4})}));
        model = open();
        QVERIFY(!model && model.error().text().find("holds 2 model files") != std::string::npos);
        writeFile(folder, "model.safetensors", safetensorsBytes({tensorOf("usual.weight", {4, 4})}));
        model = open();
        QS_VERIFY(model);
        QCOMPARE((*model)->tensors[0].name, std::string("usual.weight"));
    }

private:
    std::shared_ptr<const Model> openWithConfig(const QByteArray &config, const std::vector<FloatTensor> &tensors)
    {
        const QTemporaryDir folder;
        writeFile(folder, "config.json", config);
        return test::openBytes(folder, "model.safetensors", safetensorsBytes(tensors));
    }
};

QTEST_GUILESS_MAIN(TestSideFiles)
#include "tst_formats_config.moc"
