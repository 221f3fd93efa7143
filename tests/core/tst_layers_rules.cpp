// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which tensors are layers, and what metadata adds to that.
#include "core/formats/open_model.h"
#include "core/layers/layer_rules.h"
#include "core/model/names.h"
#include "tests/core/model_builder.h"

#include <QTest>

#include <algorithm>

using namespace qs;
using qs::test::layerNamed;
using qs::test::makeModel;

namespace {

using Shape = std::vector<std::uint64_t>;

constexpr const char *kTensors = "quantoscope.tensors";
constexpr const char *kNetwork = "quantoscope.network";

/// Codes, scales and zero points of a layer "fc" [4, 6] as our own export writes them, and one entry of metadata.
Model storedModel(const std::string &entry, const Shape &scales, DType scaleType = DType::F32, bool zeroPoints = false)
{
    std::vector<test::TensorSpec> tensors{
        {"fc.weight", {4, 6}, DType::I8}, {"fc.bias", {4}}, {"fc.scales", scales, scaleType}};
    if (zeroPoints)
        tensors.push_back({"fc.zero_points", scales, DType::I8});
    return makeModel(tensors, {{kTensors, R"({"fc.weight":)" + entry + "}"}});
}

/// Whole numbers in the place of weights, whose scales nothing tells.
bool isCodes(DType type)
{
    return isInteger(type) && type != DType::Bool && bitsOf(type) <= 32;
}

QString allWarnings(const Model &model)
{
    QStringList list;
    for (const Text &warning : model.warnings)
        list << QString::fromStdString(warning.str());
    return list.join("\n");
}

} // namespace

class TestLayerRules : public QObject
{
    Q_OBJECT

private slots:
    void names_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("expected"); // op, or empty for no layer
        QTest::newRow("linear") << "fc1.weight"
                                << "linear";
        QTest::newRow("no suffix") << "proj"
                                   << "linear";
        QTest::newRow("recurrent") << "lstm.weight_ih_l0"
                                   << "recurrent";
        QTest::newRow("recurrent hidden") << "lstm_cell.weight_hh"
                                          << "recurrent";
        QTest::newRow("embedding") << "transformer.wte.weight"
                                   << "embedding";
        QTest::newRow("embedding in the middle") << "bert.embeddings.token_type.weight"
                                                 << "embedding";
        QTest::newRow("embedding, capitals") << "Model.Embed_Tokens.weight"
                                             << "embedding";
        QTest::newRow("no whole segment") << "my_wte2.weight"
                                          << "linear";
        QTest::newRow("norm") << "block.norm.weight"
                              << "";
        QTest::newRow("LayerNorm") << "block.LayerNorm.weight"
                                   << "";
        QTest::newRow("norm1") << "block.norm1.weight"
                               << "";
        QTest::newRow("a matrix inside of a norm") << "block.norm1.linear.weight"
                                                   << "linear";
        QTest::newRow("running mean") << "bn1.running_mean"
                                      << "";
        QTest::newRow("attention bias") << "h.0.attn_bias"
                                        << "";
        QTest::newRow("rotary") << "rotary_emb.inv_freq"
                                << "";
    }

    void names()
    {
        QFETCH(QString, name);
        QFETCH(QString, expected);
        const Model model = makeModel({{name.toStdString()}});
        QCOMPARE(model.layers.size(), std::size_t(expected.isEmpty() ? 0 : 1));
        if (!expected.isEmpty()) {
            const Layer &layer = model.layers[0];
            QCOMPARE(QString::fromUtf8(textOf(layer.op).data()), expected);
            QCOMPARE(layer.channelAxis, 0);
            QVERIFY(!layer.channelAxisReason.empty());
            QVERIFY(!layer.stored);
        }
    }

    void types_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<bool>("isLayer");
        for (int i = 0; i < kDTypeCount; ++i) {
            const auto type = static_cast<DType>(i);
            QTest::newRow(nameOf(type).data()) << i << (isDecodedFloat(type) || isCodes(type));
        }
    }

    void types()
    {
        QFETCH(int, type);
        QFETCH(bool, isLayer);
        const Model model = makeModel({{"fc.weight", {4, 4}, static_cast<DType>(type)}});
        const bool codes = isCodes(static_cast<DType>(type)); // whose scales nothing tells: shown, and said
        QCOMPARE(!model.layers.empty(), isLayer);
        QCOMPARE(model.warnings.size(), std::size_t(codes ? 1 : 0));
        if (isLayer) // 8-bit floats are shown, but only wider ones are quantized
            QCOMPARE(model.layers[0].keptReason.empty(), !codes && bitsOf(static_cast<DType>(type)) > 8);
    }

    void shapes()
    {
        const Model model = makeModel({{"scalar", {}},
                                       {"vector", {4}},
                                       {"empty", {0, 4}},
                                       {"conv", {8, 4, 3, 3}},
                                       {"lstm.weight_ih", {8, 4, 2}}});
        QCOMPARE(model.layers.size(), std::size_t(3));
        QCOMPARE(layerNamed(model, "conv")->op, Op::Conv);
        QCOMPARE(layerNamed(model, "lstm.weight_ih")->op, Op::Conv);
        QVERIFY(layerNamed(model, "empty"));
        QCOMPARE(matrixShape(model.tensors[3], 0).channels, std::uint64_t(8));
        QCOMPARE(matrixShape(model.tensors[3], 0).weights, std::uint64_t(36));
        QCOMPARE(matrixShape(model.tensors[3], 1).channels, std::uint64_t(4));
        QCOMPARE(matrixShape(model.tensors[3], 1).weights, std::uint64_t(72));
        QCOMPARE(model.parameters(), std::uint64_t(1 + 4 + 0 + 288 + 64));
        QCOMPARE(model.bytes(), 4 * model.parameters());
    }

    void biases()
    {
        const Model model = makeModel({{"a.weight", {4, 3}},
                                       {"a.bias", {4}},
                                       {"b.weight", {4, 3}},
                                       {"b.bias", {3}},
                                       {"c", {4, 3}},
                                       {"c.bias", {4}},
                                       {"d.weight", {4, 3}},
                                       {"d.bias", {4}, DType::I32},
                                       {"e.weight", {4, 3}},
                                       {"e.bias", {2}}});
        QVERIFY(layerNamed(model, "a.weight")->bias == std::optional<std::size_t>(1));
        QVERIFY(layerNamed(model, "b.weight")->bias == std::optional<std::size_t>(3));
        QCOMPARE(layerNamed(model, "b.weight")->channelAxis, 1); // one bias per column
        QCOMPARE(layerNamed(model, "a.weight")->channelAxis, 0);
        QVERIFY(!layerNamed(model, "e.weight")->bias);
        QVERIFY(layerNamed(model, "c")->bias == std::optional<std::size_t>(5));
        QVERIFY(!layerNamed(model, "d.weight")->bias);
    }

    void naturalOrder()
    {
        const Model model = makeModel({{"layer10.weight"}, {"layer2.weight"}, {"layer1.weight"}, {"head.weight"}});
        std::vector<std::string> modules;
        for (const Layer &layer : model.layers)
            modules.push_back(layer.module);
        QCOMPARE(modules, (std::vector<std::string>{"head", "layer1", "layer2", "layer10"}));
        QVERIFY(naturalLess("a", "a1") && !naturalLess("a1", "a"));
        QVERIFY(naturalLess("a2b", "a10a") && naturalLess("a01", "a1") != naturalLess("a1", "a01"));
        QVERIFY(naturalLess("x99999999999999999999999998", "x99999999999999999999999999"));
        QVERIFY(naturalLess("a0", "a00") || naturalLess("a00", "a0"));
        QVERIFY(!naturalLess("", "") && naturalLess("", "0"));
        QVERIFY(naturalLess("h.2.attn", "h.10.attn") && naturalLess("h.2.mlp", "h.10.attn"));
    }

    void moduleNames()
    {
        QCOMPARE(moduleName("fc1.weight"), std::string_view("fc1"));
        QCOMPARE(moduleName("fc1.weight_ih"), std::string_view("fc1.weight_ih"));
        QCOMPARE(moduleName("weight"), std::string_view("weight"));
        QCOMPARE(moduleName(".weight"), std::string_view(".weight"));
    }

    void findsTensors()
    {
        const Model model = makeModel({{"b"}, {"a"}, {"c"}});
        QVERIFY(model.findTensor("a") == std::optional<std::size_t>(1));
        QVERIFY(model.findTensor("c") == std::optional<std::size_t>(2));
        QVERIFY(!model.findTensor("d") && !model.findTensor(""));
    }

    void texts()
    {
        Model model = makeModel({{"fc.weight"}});
        QCOMPARE(model.title, std::string("model.safetensors"));
        model = makeModel({}, {{"quantoscope.title", "Digits"}, {"quantoscope.about", "A network"}});
        QCOMPARE(model.title, std::string("Digits"));
        QCOMPARE(model.about, std::string("A network"));
    }

    void network()
    {
        const Model model =
            makeModel({{"b.weight", {5, 4}}, {"a.weight", {4, 3}}, {"s.x", {7, 3}}, {"s.y", {7}, DType::I64}},
                      {{kNetwork, R"({"layers":["b","a"],"activations":["gelu","none"],)"
                                  R"("samples":{"inputs":"s.x","labels":"s.y","about":"seven"}})"}});
        QVERIFY2(model.warnings.empty(), qPrintable(allWarnings(model)));
        QVERIFY(model.network);
        QCOMPARE(model.network->layers, (std::vector<std::string>{"b", "a"}));
        QVERIFY(model.network->activations == (std::vector{Activation::Gelu, Activation::None}));
        QCOMPARE(model.network->samples->about, std::string("seven"));
        QVERIFY(model.isSample(2) && model.isSample(3) && !model.isSample(0));
        QCOMPARE(model.layers.size(), std::size_t(2));
        QCOMPARE(model.layers[0].module, std::string("a")); // natural order all the same
        QCOMPARE(model.parameters(), std::uint64_t(20 + 12));
        QCOMPARE(model.bytes(), std::uint64_t(4 * 32));
    }

    void wrongNetworks_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("warning");
        QTest::newRow("no JSON") << "{"
                                 << "not valid JSON";
        QTest::newRow("array") << "[]"
                               << "must be an object, not an array";
        QTest::newRow("no layers") << R"({"activations":[]})"
                                   << "'layers' must be an array of strings";
        QTest::newRow("empty layers") << R"({"layers":[],"activations":[]})"
                                      << "'layers' is empty";
        QTest::newRow("numbers") << R"({"layers":[1],"activations":["none"]})"
                                 << "not of a whole number";
        QTest::newRow("unknown layer") << R"({"layers":["z"],"activations":["none"]})"
                                       << "the layer 'z' does not exist";
        QTest::newRow("layer twice") << R"({"layers":["fc","fc"],"activations":["none","none"]})"
                                     << "twice";
        QTest::newRow("too few activations") << R"({"layers":["fc"],"activations":[]})"
                                             << "there are 1 layers but 0 activations";
        QTest::newRow("unknown activation") << R"({"layers":["fc"],"activations":["selu"]})"
                                            << "'selu'";
        QTest::newRow("duplicate key") << R"({"layers":["fc"],"layers":["fc"],"activations":["none"]})"
                                       << "twice";
        QTest::newRow("deep") << QString("[").repeated(100) << "nested deeper than 64";
    }

    void wrongNetworks()
    {
        QFETCH(QString, text);
        QFETCH(QString, warning);
        const Model model = makeModel({{"fc.weight"}}, {{kNetwork, text.toStdString()}});
        QVERIFY(!model.network);
        QCOMPARE(model.layers.size(), std::size_t(1));
        QVERIFY2(allWarnings(model).contains(warning), qPrintable(allWarnings(model)));
    }

    void wrongSamples_data()
    {
        QTest::addColumn<QString>("samples");
        QTest::addColumn<QString>("warning");
        QTest::newRow("not an object") << "[]"
                                       << "'inputs' is missing";
        QTest::newRow("missing tensor") << R"({"inputs":"none"})"
                                        << "there is no tensor 'none'";
        QTest::newRow("number") << R"({"inputs":3})"
                                << "must be strings";
        QTest::newRow("wrong rank") << R"({"inputs":"v"})"
                                    << "[samples, features], not f32 [4]";
        QTest::newRow("wrong labels") << R"({"inputs":"x","labels":"v"})"
                                      << "shape [7], not f32 [4]";
    }

    void wrongSamples()
    {
        QFETCH(QString, samples);
        QFETCH(QString, warning);
        const QString text = R"({"layers":["fc"],"activations":["none"],"samples":%1})";
        const Model model =
            makeModel({{"fc.weight"}, {"x", {7, 3}}, {"v", {4}}}, {{kNetwork, text.arg(samples).toStdString()}});
        QVERIFY(model.network && !model.network->samples);
        QVERIFY2(allWarnings(model).contains(warning), qPrintable(allWarnings(model)));
    }

    void storedTensors_data()
    {
        QTest::addColumn<QString>("entry");
        QTest::addColumn<QList<int>>("scales");
        QTest::addColumn<bool>("zeroPoints");
        QTest::addColumn<QString>("summary");
        QTest::newRow("as exported") << R"({"axis":0,"bits":8,"code_range":"full","codes":"faithful",)"
                                        R"("convention":"gpt-fast","dtype":"f16","granularity":"channel",)"
                                        R"("mode":"symmetric","scale_type":"f32"})"
                                     << QList{4} << false << "symmetric · 8 bits · per channel";
        QTest::newRow("per tensor") << R"({"bits":4,"granularity":"tensor","mode":"symmetric"})" << QList{1} << false
                                    << "symmetric · 4 bits · per layer";
        QTest::newRow("groups") << R"({"bits":5,"granularity":"group:4","mode":"asymmetric"})" << QList{4, 2} << true
                                << "asymmetric · 5 bits · groups of 4";
        QTest::newRow("axis 1") << R"({"bits":8,"granularity":"channel","mode":"asymmetric","axis":1})" << QList{6}
                                << true << "asymmetric · 8 bits · per channel";
    }

    void storedTensors()
    {
        QFETCH(QString, entry);
        QFETCH(QList<int>, scales);
        QFETCH(bool, zeroPoints);
        QFETCH(QString, summary);
        const Shape shape(scales.begin(), scales.end());
        const Model model = storedModel(entry.toStdString(), shape, DType::F32, zeroPoints);
        QVERIFY2(model.warnings.empty(), qPrintable(allWarnings(model)));
        QCOMPARE(model.layers.size(), std::size_t(1));
        const Layer &layer = model.layers[0];
        QVERIFY(layer.stored);
        QCOMPARE(QString::fromStdString(layer.stored->scheme.summary().str()), summary);
        QCOMPARE(layer.stored->scales, std::size_t(2));
        QCOMPARE(layer.stored->zeroPoints.has_value(), zeroPoints);
        QVERIFY(layer.bias); // one value per output, whatever the axis of the codes
        QCOMPARE(model.parameters(), std::uint64_t(24 + 4));
    }

    void wrongStoredTensors_data()
    {
        QTest::addColumn<QString>("entry");
        QTest::addColumn<QString>("warning");
        const QString whole = R"({"bits":%1,"granularity":"%2","mode":"%3"%4})";
        QTest::newRow("no object") << "3"
                                   << "must be an object, not a whole number";
        QTest::newRow("bits missing") << R"({"granularity":"channel","mode":"symmetric"})"
                                      << "'bits' is missing";
        QTest::newRow("mode missing") << R"({"granularity":"channel","bits":8})"
                                      << "'mode' is missing";
        QTest::newRow("bits 9") << whole.arg("9", "channel", "symmetric", "") << "from 2 to 8, not '9'";
        QTest::newRow("bits text") << whole.arg("\"8\"", "channel", "symmetric", "") << "not a string";
        QTest::newRow("bits 1e0") << whole.arg("8.0", "channel", "symmetric", "") << "fractional";
        QTest::newRow("axis 2") << whole.arg("8", "channel", "symmetric", R"(,"axis":2)") << "from 0 to 1";
        QTest::newRow("axis -1") << whole.arg("8", "channel", "symmetric", R"(,"axis":-1)") << "from 0 to 1";
        QTest::newRow("dtype") << whole.arg("8", "channel", "symmetric", R"(,"dtype":"i8")") << "'dtype' must be";
        QTest::newRow("unknown key") << whole.arg("8", "channel", "symmetric", R"(,"packed":"yes")")
                                     << "unknown scheme field 'packed'";
        QTest::newRow("shape") << whole.arg("8", "tensor", "symmetric", "") << "has shape [4] instead of [1]";
        QTest::newRow("groups") << whole.arg("8", "group:4", "symmetric", "") << "has shape [4] instead of [4, 2]";
        QTest::newRow("no zero points") << whole.arg("8", "channel", "asymmetric", "")
                                        << "there is no tensor 'fc.zero_points'";
        QTest::newRow("narrow and asymmetric")
            << whole.arg("8", "channel", "asymmetric", R"(,"code_range":"narrow")") << "symmetric mode";
    }

    void wrongStoredTensors()
    {
        QFETCH(QString, entry);
        QFETCH(QString, warning);
        const Model model = storedModel(entry.toStdString(), {4});
        for (const Layer &layer : model.layers) // codes that nobody can read
            QVERIFY(!layer.stored && !layer.keptReason.empty());
        QVERIFY2(allWarnings(model).contains(warning), qPrintable(allWarnings(model)));
        QVERIFY(allWarnings(model).contains("'fc.weight'"));
    }

    void wrongMetadataOfTensors_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("warning");
        const QString entry = R"({"bits":8,"granularity":"channel","mode":"symmetric"})";
        QTest::newRow("no JSON") << "x"
                                 << "not valid JSON";
        QTest::newRow("array") << "[]"
                               << "must be an object";
        QTest::newRow("no such tensor") << QString(R"({"gone":%1})").arg(entry) << "'gone' is not used";
        QTest::newRow("a float tensor") << QString(R"({"f.weight":%1})").arg(entry) << "not f32 [4, 3]";
        QTest::newRow("rank 1") << QString(R"({"v":%1})").arg(entry) << "not i8 [4]";
    }

    void wrongMetadataOfTensors()
    {
        QFETCH(QString, text);
        QFETCH(QString, warning);
        const Model model = makeModel({{"f.weight"}, {"v", {4}, DType::I8}}, {{kTensors, text.toStdString()}});
        QCOMPARE(model.layers.size(), std::size_t(1));
        QVERIFY2(allWarnings(model).contains(warning), qPrintable(allWarnings(model)));
    }

    void scalesOfOtherTypes()
    {
        const std::string entry = R"({"bits":8,"granularity":"channel","mode":"symmetric"})";
        const Model bf16 = storedModel(entry, {4}, DType::BF16);
        QCOMPARE(bf16.layers[0].stored->scheme.scaleType, ScaleType::BF16);
        const Model integer = storedModel(entry, {4}, DType::I32);
        QVERIFY(!integer.layers.at(0).stored && !integer.layers.at(0).keptReason.empty());
        QVERIFY(allWarnings(integer).contains("'fc.scales' has the type i32"));
    }

    void gptFastLayout()
    {
        const Model model = makeModel({{"output.weight", {4, 6}, DType::I8},
                                       {"output.scales", {4}, DType::BF16},
                                       {"other.weight", {4, 6}, DType::I8},
                                       {"other.scales", {6}, DType::BF16},
                                       {"conv.weight", {4, 6, 1}, DType::I8},
                                       {"conv.scales", {4}},
                                       {"asym.weight", {4, 6}, DType::I8},
                                       {"asym.scales", {4}},
                                       {"asym.zero_points", {4}, DType::I8},
                                       {"grouped.weight", {4, 6}, DType::I8},
                                       {"grouped.scales", {4, 2}}});
        QCOMPARE(model.warnings.size(), std::size_t(1));
        QVERIFY(allWarnings(model).contains("4 weights are codes of a tool that is not known"));
        QCOMPARE(model.layers.size(), std::size_t(5)); // grouped scales are no weights, either
        for (const Layer &other : model.layers)
            QCOMPARE(bool(other.stored), other.module == "output");
        const Layer &layer = *std::ranges::find(model.layers, "output", &Layer::module);
        QCOMPARE(layer.module, std::string("output"));
        QVERIFY(layer.stored);
        QCOMPARE(layer.stored->sourceDType, DType::BF16);
        QCOMPARE(layer.stored->scheme.scaleType, ScaleType::BF16);
        QCOMPARE(layer.stored->scheme.bits, 8);
    }

    void builtInModels()
    {
        const auto digits = openModel("demo:digits", {});
        QVERIFY2(digits, digits ? "" : digits.error().text().c_str());
        QVERIFY2((*digits)->warnings.empty(), qPrintable(allWarnings(**digits)));
        QCOMPARE((*digits)->layers.size(), std::size_t(4));
        QCOMPARE((*digits)->parameters(), std::uint64_t(64 * 128 + 128 * 256 + 256 * 128 + 128 * 10 + 522));
        QVERIFY((*digits)->network && (*digits)->network->samples && (*digits)->network->samples->labels);
        QVERIFY(!(*digits)->about.empty());
        const auto notebook = openModel("demo:notebook", {});
        QVERIFY(notebook);
        QCOMPARE((*notebook)->layers.size(), std::size_t(5));
        QCOMPARE((*notebook)->layers[3].module, std::string("layer4"));
        const auto unknown = openModel("demo:other", {});
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().message.str(),
                 std::string("there is no built-in model 'other'; there are: digits, lesson, notebook"));
    }

    void realModel()
    {
        const QString folder = qEnvironmentVariable("QUANTOSCOPE_MODELS");
        if (folder.isEmpty())
            QSKIP("QUANTOSCOPE_MODELS is not set: no real model was read");
        const auto model = openModel((folder + "/silero_vad_16k.safetensors").toStdString(), {});
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QVERIFY((*model)->warnings.empty());
        std::vector<std::string> names;
        for (const Layer &layer : (*model)->layers)
            names.push_back(layer.name);
        QCOMPARE(names, (std::vector<std::string>{"conv1.weight", "conv2.weight", "conv3.weight", "conv4.weight",
                                                  "final_conv.weight", "lstm_cell.weight_hh", "lstm_cell.weight_ih",
                                                  "stft_conv.weight"}));
        QCOMPARE(layerNamed(**model, "lstm_cell.weight_hh")->op, Op::Recurrent);
        QCOMPARE((*model)->bytes(), std::uint64_t(1238532));
    }
};

QTEST_GUILESS_MAIN(TestLayerRules)
#include "tst_layers_rules.moc"
