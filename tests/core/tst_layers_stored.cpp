// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Layers that a file holds quantized: codes of compressed-tensors, codes that a reader declares, encoded blocks.
#include "core/analysis/analyze.h"
#include "core/analysis/compare.h"
#include "core/layers/layer_rules.h"
#include "core/quant/stored.h"
#include "core/recipe/recipe.h"
#include "core/reports/report_json.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

#include "core/base/input_file.h"

#include <cstring>
#include <numeric>

using namespace qs;
using qs::test::openBytes;

namespace {

constexpr const char *kGolden = QUANTOSCOPE_SOURCE_DIR "/tests/data/golden/compressed_tensors.safetensors";

const Layer *layerNamed(const Model &model, std::string_view name)
{
    for (const Layer &layer : model.layers)
        if (layer.name == name)
            return &layer;
    return nullptr;
}

/// Values [channels, weights] of a layer.
std::vector<float> valuesOf(const Model &model, const Layer &layer)
{
    LayerQuantization stored;
    if (layer.hasCodes()) {
        auto result = storedQuantization(model, layer, {});
        if (!result)
            qFatal("%s", result.error().text().c_str());
        stored = std::move(*result);
    }
    const LayerValues source(model, layer, layer.channelAxis, &stored);
    const MatrixShape shape = source.blocks().shape();
    std::vector<float> values;
    if (!source.read({0, shape.channels, 0, shape.weights}, values))
        qFatal("cannot read");
    return values;
}

std::vector<float> floatsOf(const Model &model, const std::string &name)
{
    const FloatBlocks blocks(model.view(model.findTensor(name).value()), kNoAxis);
    std::vector<float> values;
    if (!blocks.read({0, 1, 0, blocks.shape().weights}, values))
        qFatal("cannot read");
    return values;
}

/// A model on bytes in memory; tensors follow each other.
struct MemoryModel {
    std::vector<std::byte> bytes;
    Model model;

    std::size_t add(const std::string &name, DType type, std::vector<std::uint64_t> shape, const QByteArray &data)
    {
        TensorInfo info;
        info.name = name;
        info.dtype = type;
        info.shape = std::move(shape);
        info.byteOffset = bytes.size();
        info.byteSize = static_cast<std::uint64_t>(data.size());
        const auto *begin = reinterpret_cast<const std::byte *>(data.constData());
        bytes.insert(bytes.end(), begin, begin + data.size());
        model.tensors.push_back(std::move(info));
        return model.tensors.size() - 1;
    }
    const Model &finish()
    {
        model.files.push_back(InputFile::fromMemory(bytes, "memory"));
        findLayers(model);
        return model;
    }
};

template <class T> QByteArray bytesOf(const std::vector<T> &values)
{
    return {reinterpret_cast<const char *>(values.data()), static_cast<qsizetype>(values.size() * sizeof(T))};
}

} // namespace

class TestStored : public QObject
{
    Q_OBJECT

private slots:
    /// Int8 codes with a scale for all, or per row, whatever the companions are called.
    void plainCodes_data()
    {
        QTest::addColumn<QString>("scale");
        QTest::addColumn<int>("scales");
        QTest::addColumn<QString>("zero");
        for (const char *scale : {"weight_scale", "weight.scale", "qscale"})
            for (const int scales : {1, 2})
                QTest::addRow("%s %d", scale, scales) << QString(scale) << scales << QString();
        QTest::newRow("zero points") << "weight_scale" << 2 << "weight_zero_point";
        QTest::newRow("zero points of segments") << "weight.scale" << 2 << "weight.zero_point";
    }

    void plainCodes()
    {
        QFETCH(QString, scale);
        QFETCH(int, scales);
        QFETCH(QString, zero);
        MemoryModel memory;
        const auto rows = static_cast<std::uint64_t>(scales);
        memory.add("m.fc.weight", DType::I8, {2, 3}, bytesOf<std::int8_t>({1, -2, 3, -4, 5, -128}));
        memory.add("m.fc." + scale.toStdString(), DType::F32, {rows, 1},
                   bytesOf(std::vector<float>{0.5F, 2}).first(4 * scales));
        if (!zero.isEmpty())
            memory.add("m.fc." + zero.toStdString(), DType::I8, {2, 1}, bytesOf<std::int8_t>({1, -1}));
        const Model &model = memory.finish();
        QCOMPARE(model.layers.size(), std::size_t(1));
        QVERIFY(model.warnings.empty());
        const float second = scales == 1 ? 0.5F : 2;
        const std::vector<float> expected =
            zero.isEmpty() ? std::vector<float>{0.5F, -1, 1.5F, -4 * second, 5 * second, -128 * second}
                           : std::vector<float>{0, -1.5F, 1, -6, 12, -254};
        QCOMPARE(valuesOf(model, model.layers[0]), expected);
    }

    /// A scale that no table knows: the codes are not taken for plain numbers, and the scale is no layer.
    void scalesOfUnknownSpellings_data()
    {
        QTest::addColumn<QString>("scale");
        for (const char *scale : {"w_scale", "weight_scaling_factor", "weight._scale", "weight_block_scale"})
            QTest::newRow(scale) << QString(scale);
    }

    void scalesOfUnknownSpellings()
    {
        QFETCH(QString, scale);
        MemoryModel memory;
        memory.add("m.fc.weight", DType::F8E4M3, {4, 6}, QByteArray(24, '\x38'));
        memory.add("m.fc." + scale.toStdString(), DType::F32, {2, 3}, QByteArray(24, '\1'));
        memory.add("m.other.weight", DType::F8E4M3, {4, 6}, QByteArray(24, '\x38'));
        memory.add("m.other.input_scale", DType::F32, {1}, QByteArray(4, '\1'));
        const Model &model = memory.finish();
        QCOMPARE(model.layers.size(), std::size_t(2));
        QVERIFY(!withoutValues(model, model.layers[0]).empty());
        QVERIFY(withoutValues(model, model.layers[1]).empty()); // numbers as they stand
        QCOMPARE(model.warnings.size(), std::size_t(1));
        QVERIFY(model.warnings[0].str().find("looks like its scale") != std::string::npos);
    }

    /// Blocks of 16 × 16, the last ones cut off: 3 scales down, 4 across.
    void blocksOfOneSizeBothWays()
    {
        MemoryModel memory;
        memory.add("m.fc.weight", DType::F8E4M3, {40, 56}, QByteArray(40 * 56, '\x38')); // ones
        std::vector<float> scales(12);
        std::iota(scales.begin(), scales.end(), 1.0F);
        memory.add("m.fc.weight_scale_inv", DType::F32, {3, 4}, bytesOf(scales));
        const Model &model = memory.finish();
        const std::vector<float> found = valuesOf(model, model.layers[0]);
        for (std::size_t row = 0; row < 40; ++row)
            for (std::size_t column = 0; column < 56; ++column)
                QCOMPARE(found[row * 56 + column], scales[row / 16 * 4 + column / 16]);
    }

    /// Codes that nobody can decode are a layer all the same, with a tool's name where one is known, and a warning.
    void undecodedCodes_data()
    {
        QTest::addColumn<QStringList>("names"); // the codes first
        QTest::addColumn<QString>("tool");
        QTest::newRow("AQLM") << QStringList{"codes", "codebooks", "scales"} << "AQLM";
        QTest::newRow("VPTQ") << QStringList{"indices", "centroids"} << "VPTQ";
        QTest::newRow("QuIP#") << QStringList{"Qidxs", "SU", "SV"} << "QuIP#";
        QTest::newRow("QTIP") << QStringList{"trellis", "SU", "SV"} << "QTIP";
        QTest::newRow("ExLlamaV3") << QStringList{"trellis", "suh", "svh"} << "ExLlamaV3";
        QTest::newRow("ExLlamaV2") << QStringList{"q_weight", "q_scale", "q_groups"} << "ExLlamaV2";
        QTest::newRow("SqueezeLLM") << QStringList{"qweight", "lookup_table"} << "SqueezeLLM";
        QTest::newRow("SpQR") << QStringList{"dense_weights", "row_offsets", "col_vals"} << "SpQR";
        QTest::newRow("sparse") << QStringList{"compressed", "bitmask"} << "sparse compressed-tensors";
        QTest::newRow("Marlin 2:4") << QStringList{"weight_packed", "scale_packed"} << "compressed-tensors for Marlin";
        QTest::newRow("GPTQ for Marlin") << QStringList{"qweight", "scales"} << "GPTQ for Marlin";
        QTest::newRow("nobody's") << QStringList{"weight", "act_scale"} << "a tool that is not known";
        QTest::newRow("alone") << QStringList{"weight"} << "a tool that is not known";
    }

    void undecodedCodes()
    {
        QFETCH(QStringList, names);
        QFETCH(QString, tool);
        MemoryModel memory;
        for (const QString &name : names) {
            const bool isCodes = name == names.front();
            memory.add("m.fc." + name.toStdString(), isCodes ? DType::I32 : DType::F32, {4, 6},
                       QByteArray(4 * 6 * 4, '\1'));
        }
        const Model &model = memory.finish();
        QCOMPARE(model.layers.size(), std::size_t(1));
        QCOMPARE(model.layers[0].name, "m.fc." + names.front().toStdString());
        const std::string reason = model.layers[0].keptReason.str();
        const bool isKnown = tool != "a tool that is not known";
        if (!isKnown)
            QVERIFY2(QString::fromStdString(reason).contains(tool), reason.c_str());
        QCOMPARE(model.warnings.size(), std::size_t(1));
        QVERIFY2(QString::fromStdString(model.warnings[0].str()).contains(tool), model.warnings[0].str().c_str());
        const auto decisions = resolve(defaultRecipe(model), model, false);
        QVERIFY(decisions && !(*decisions)[0].quantize && !(*decisions)[0].reason.empty());
    }

    void compressedTensors_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("summary");
        for (const char *kind : {"packed4", "packed8", "plain"})
            for (const char *mode : {"sym", "asym"})
                for (const char *strategy : {"channel", "tensor", "group"}) {
                    const QString name = QString("%1.%2.%3").arg(kind, mode, strategy);
                    const QString granularity = QLatin1String(strategy) == QLatin1String("channel") ? "per channel"
                                                : QLatin1String(strategy) == QLatin1String("group") ? "groups of 16"
                                                                                                    : "per layer";
                    QTest::newRow(qPrintable(name))
                        << name
                        << QString("%1 · %2 bits · %3")
                               .arg(QLatin1String(mode) == QLatin1String("sym") ? "symmetric" : "asymmetric",
                                    QLatin1String(kind) == QLatin1String("packed4") ? "4" : "8", granularity);
                }
    }

    /// Bit for bit what the library's own dequantize() gives, under the name that the weight has in a float file.
    void compressedTensors()
    {
        QFETCH(QString, name);
        QFETCH(QString, summary);
        const auto model = openModel(kGolden, {});
        QS_VERIFY(model);
        QVERIFY((*model)->warnings.empty());
        const Layer *layer = layerNamed(**model, name.toStdString() + ".weight");
        QVERIFY(layer && layer->hasCodes());
        QCOMPARE(QString::fromStdString(layer->stored->scheme.summary().str()), summary);
        const std::vector<float> values = valuesOf(**model, *layer);
        const std::vector<float> expected = floatsOf(**model, name.toStdString() + ".values");
        QCOMPARE(values.size(), expected.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            QCOMPARE(values[i], expected[i]);
    }

    void comparesWithFloats()
    {
        const auto quantized = openModel(kGolden, {});
        QS_VERIFY(quantized);
        std::vector<test::FloatTensor> tensors;
        for (const Layer &layer : (*quantized)->layers)
            if (layer.stored) {
                const TensorInfo &tensor = (*quantized)->tensorOf(layer);
                tensors.push_back({layer.name, tensor.shape,
                                   floatsOf(**quantized, layer.name.substr(0, layer.name.size() - 6) + "values")});
            }
        QCOMPARE(tensors.size(), std::size_t(18));
        const auto floats = openBytes(m_folder, "floats.safetensors", test::safetensorsBytes(tensors));
        const auto result = compare(*floats, **quantized, {});
        QS_VERIFY(result);
        QCOMPARE(result->tensors.size(), std::size_t(18));
        for (const TensorComparison &tensor : result->tensors)
            QVERIFY2(tensor.metrics.exact, tensor.name.c_str());
        QVERIFY(result->incomplete()); // of the candidate's floats nothing is known
        QVERIFY(result->onlyInReference.empty() && result->shapeMismatch.empty() && result->notCompared.empty());
        QCOMPARE(result->onlyInCandidate.size(), std::size_t(18)); // the expected values, but no scales or shapes
    }

    /// FORMATS.md §7: zero points −8 −1 0 7 1 2 3 4 and one more that begins a word.
    void packedZeroPointsRunDownChannels()
    {
        MemoryModel memory;
        memory.add("fc.weight_packed", DType::I32, {9, 1}, bytesOf(std::vector<std::uint32_t>(9, 0x88888888U)));
        memory.add("fc.weight_scale", DType::F32, {9, 1}, bytesOf(std::vector<float>(9, 1)));
        memory.add("fc.weight_shape", DType::I64, {2}, bytesOf(std::vector<std::int64_t>{9, 8}));
        memory.add("fc.weight_zero_point", DType::I32, {2, 1}, bytesOf(std::vector<std::uint32_t>{0xcba9f870U, 0xeU}));
        const Model &model = memory.finish();
        const Layer *layer = layerNamed(model, "fc.weight");
        QVERIFY(layer && layer->hasCodes());
        const std::vector<float> values = valuesOf(model, *layer); // code 0 minus zero point
        const std::vector<float> expected{8, 1, 0, -7, -1, -2, -3, -4, -6};
        for (std::size_t c = 0; c < 9; ++c)
            QCOMPARE(values[8 * c], expected[c]);
        QCOMPARE(model.parameters(), std::uint64_t(72));
    }

    void wrongCompressedTensors_data()
    {
        QTest::addColumn<int>("broken");
        QTest::addColumn<QString>("message");
        QTest::newRow("no shape") << 0 << "there is no tensor 'fc.weight_shape'";
        QTest::newRow("no scale") << 1 << "there is no tensor 'fc.weight_scale'";
        QTest::newRow("other number of rows") << 2 << "do not hold a weight of shape [5, 8]";
        QTest::newRow("too few words") << 3 << "in 4 or 8 bits";
        QTest::newRow("negative shape") << 4 << "expected the lengths of two axes";
        QTest::newRow("scales do not divide") << 5 << "does not divide";
        QTest::newRow("zero points of another shape") << 6 << "instead of i32 [1, 1]";
        QTest::newRow("activation order") << 7 << "activation order";
        QTest::newRow("a float weight, too") << 8 << "there is a tensor 'fc.weight', too";
        QTest::newRow("scales are whole numbers") << 9 << "has the type i32";
    }

    void wrongCompressedTensors()
    {
        QFETCH(int, broken);
        QFETCH(QString, message);
        MemoryModel memory;
        const auto words = bytesOf(std::vector<std::uint32_t>(4));
        memory.add("fc.weight_packed", DType::I32, {4, 1}, words);
        if (broken != 0)
            memory.add("fc.weight_shape", DType::I64, {2},
                       bytesOf(broken == 2   ? std::vector<std::int64_t>{5, 8}
                               : broken == 3 ? std::vector<std::int64_t>{4, 20}
                               : broken == 4 ? std::vector<std::int64_t>{4, -8}
                                             : std::vector<std::int64_t>{4, 8}));
        if (broken != 1)
            memory.add("fc.weight_scale", broken == 9 ? DType::I32 : DType::F32,
                       {4, broken == 5 ? std::uint64_t(3) : std::uint64_t(1)}, bytesOf(std::vector<float>(12, 1)));
        if (broken == 6)
            memory.add("fc.weight_zero_point", DType::I32, {4, 1}, words);
        if (broken == 7)
            memory.add("fc.weight_g_idx", DType::I32, {8}, bytesOf(std::vector<std::int32_t>(8)));
        if (broken == 8)
            memory.add("fc.weight", DType::F32, {2, 2}, bytesOf(std::vector<float>(4)));
        const Model &model = memory.finish();
        QCOMPARE(model.warnings.size(), std::size_t(1));
        QVERIFY2(QString::fromStdString(model.warnings[0].str()).contains(message), model.warnings[0].str().c_str());
        QVERIFY(model.findTensor("fc.weight_packed"));
        for (const Layer &layer : model.layers)
            QVERIFY(!layer.stored);
    }

    void declaredCodes_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<QByteArray>("codes");
        QTest::addColumn<int>("zeroPointType"); // -1: none
        QTest::addColumn<QByteArray>("zeroPoints");
        QTest::addColumn<int>("zeroPoint");
        const auto row = [](const char *name, DType type, const QByteArray &codes, std::optional<DType> zeroType,
                            const QByteArray &zeroPoints, int zeroPoint) {
            QTest::newRow(name) << static_cast<int>(type) << codes << (zeroType ? static_cast<int>(*zeroType) : -1)
                                << zeroPoints << zeroPoint;
        };
        // All say 0 1 2 | 3 4 5 on three columns, whose zero points are 1 1 1.
        row("i8", DType::I8, QByteArray("\0\1\2\3\4\5", 6), DType::I8, "\1\1\1", 0);
        row("u8", DType::U8, QByteArray("\0\1\2\3\4\5", 6), DType::U8, "\1\1\1", 0);
        row("i4", DType::I4, QByteArray("\x10\x32\x54", 3), DType::I4, "\x11\1", 0);
        row("u4", DType::U4, QByteArray("\x10\x32\x54", 3), DType::U4, "\x11\1", 0);
        row("u8, one zero point for all", DType::U8, QByteArray("\0\1\2\3\4\5", 6), {}, {}, 1 - 128);
        row("i8, one zero point for all", DType::I8, QByteArray("\0\1\2\3\4\5", 6), {}, {}, 1);
    }

    /// Codes [2, 3] with one scale and zero point per column, as DequantizeLinear has them on axis 1.
    void declaredCodes()
    {
        QFETCH(int, type);
        QFETCH(QByteArray, codes);
        QFETCH(int, zeroPointType);
        QFETCH(QByteArray, zeroPoints);
        QFETCH(int, zeroPoint);
        MemoryModel memory;
        const std::size_t tensor = memory.add("w", static_cast<DType>(type), {2, 3}, codes);
        StoredQuantization stored;
        stored.scheme.mode = Mode::Asymmetric;
        stored.scales = memory.add("s", DType::F32, {3}, bytesOf(std::vector<float>{1, 10, 100}));
        stored.zeroPoint = zeroPoint;
        if (zeroPointType >= 0)
            stored.zeroPoints = memory.add("z", static_cast<DType>(zeroPointType), {3}, zeroPoints);
        memory.model.roles[tensor] = {
            .op = Op::MatMul, .channelAxis = 1, .reason = Text::asIs("test"), .stored = stored};
        const Model &model = memory.finish();
        QCOMPARE(model.layers.size(), std::size_t(1));
        QVERIFY2(model.layers[0].hasCodes(), model.layers[0].keptReason.str().c_str());
        const std::vector<float> expected{-1, 2, 0, 30, 100, 400}; // channel by channel
        QCOMPARE(valuesOf(model, model.layers[0]), expected);
    }

    /// Blocks along the other axis: scales [K / 2, N] beside codes [K, N].
    void declaredGroups()
    {
        MemoryModel memory;
        const std::size_t tensor = memory.add("w", DType::I8, {4, 2}, QByteArray("\1\1\1\1\1\1\1\1", 8));
        StoredQuantization stored;
        stored.scheme.granularity = Granularity::group(2);
        stored.scales = memory.add("s", DType::F32, {2, 2}, bytesOf(std::vector<float>{1, 2, 3, 4}));
        stored.partsAxis = 1;
        memory.model.roles[tensor] = {.channelAxis = 1, .reason = Text::asIs("test"), .stored = stored};
        const Model &model = memory.finish();
        QCOMPARE(valuesOf(model, model.layers[0]), (std::vector<float>{1, 1, 3, 3, 2, 2, 4, 4}));
    }

    void wrongDeclarationsAreKept()
    {
        MemoryModel memory;
        const std::size_t tensor = memory.add("w", DType::I8, {2, 3}, QByteArray(6, '\1'));
        StoredQuantization stored;
        stored.scales = memory.add("s", DType::F32, {2}, bytesOf(std::vector<float>{1, 2}));
        memory.model.roles[tensor] = {.channelAxis = 1, .reason = Text::asIs("test"), .stored = stored};
        const Model &model = memory.finish();
        QVERIFY(!model.layers[0].stored);
        QVERIFY2(model.layers[0].keptReason.str().find("expected 3 floating-point scales") != std::string::npos,
                 model.layers[0].keptReason.str().c_str());
        AnalysisCache cache;
        const auto report = analyze(model, Recipe{}, {}, cache, {});
        QS_VERIFY(report);
        QVERIFY(!(*report)->layers[0]->canQuantize && !(*report)->layers[0]->decision.quantize);
    }

    void encodedLayersInReportsAndExports()
    {
        test::GgufBytes data;
        for (int row = 0; row < 2; ++row) {
            data.add(std::uint16_t(row == 0 ? 0x3C00 : 0x7C00)); // 1 and infinite
            for (int i = 0; i < 32; ++i)
                data.add(std::int8_t(i));
        }
        test::GgufFile file{
            .keys = {}, .tensors = {{"good.weight", {32}, 8, 0}, {"odd.weight", {32, 1}, 8, 64}}, .data = {}};
        file.tensors[0].dims = {32, 1};
        file.data = data.bytes();
        file.data.insert(34, QByteArray(30, '\0'));
        const auto model = openBytes(m_folder, "m.gguf", file.bytes());
        AnalysisCache cache;
        const auto report = analyze(*model, Recipe{}, {}, cache, {});
        QS_VERIFY(report);
        const LayerReport &good = *(*report)->layers[0];
        QVERIFY(!good.canQuantize && good.alreadyQuantized && good.statistics && !good.quantization);
        QCOMPARE(good.decision.scheme.label().str(), std::string("stored")); // GGUF does not say who made its blocks
        QVERIFY(nlohmann::json::parse(reportJson(*model, **report, {}))["layers"][0]["scheme"]["convention"].is_null());
        QCOMPARE(good.statistics->max, 31.0);
        QCOMPARE(good.typeName, std::string("q8_0"));
        QCOMPARE(good.bytesAfter, std::uint64_t(34));
        QVERIFY((*report)->layers[1]->decision.reason.str().find("contains") != std::string::npos);

        const std::filesystem::path target = m_folder.filePath("out.safetensors").toStdString();
        const auto plan = planExport(*findExportFormat("safetensors"), *model, Recipe{}, target, {}, cache, {});
        QS_VERIFY(plan);
        QCOMPARE(plan->refusals.size(), std::size_t(2));
        QVERIFY(plan->refusals[0].str().starts_with("layer 'odd.weight' is already quantized: q8_0, but contains"));
        QVERIFY(plan->refusals[1].str().find("type q8_0 cannot be stored in this format; the format float") !=
                std::string::npos);
        QVERIFY(!test::writeAs("float", *model, Recipe{}, target));
        const auto written = test::writeAs("float", *model, Recipe{}, target, {.keepNonFinite = true});
        QS_VERIFY(written);
        const test::SafetensorsFile out(QString::fromStdString(target.string()));
        QCOMPARE(out.dtype("good.weight"), std::string("F32"));
        std::vector<float> expected(32);
        for (std::size_t i = 0; i < 32; ++i)
            expected[i] = float(i);
        QCOMPARE(out.floats("good.weight"), expected);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestStored)
#include "tst_layers_stored.moc"
