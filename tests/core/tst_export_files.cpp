// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Exports: what is written, what is refused, and that compare() finds exactly the predicted errors.
#include "core/analysis/analyze.h"
#include "core/analysis/compare.h"
#include "core/scheme/convention.h"
#include "core/tensor/small_floats.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

#include <QCryptographicHash>
#include <QDir>

#include <cmath>

using namespace qs;
using qs::test::FloatTensor;

namespace {

QByteArray contents(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A model with a convolution, an embedding, a bias and odd types, as bytes.
QByteArray mixedModel()
{
    nlohmann::ordered_json header;
    QByteArray data;
    const auto add = [&](const char *name, const char *type, std::vector<std::uint64_t> shape,
                         const QByteArray &bytes) {
        header[name] = {{"dtype", type}, {"shape", shape}, {"data_offsets", {data.size(), data.size() + bytes.size()}}};
        data += bytes;
    };
    std::vector<std::byte> half;
    encodeFloats(DType::BF16, test::randomValues(24 * 40, 2), half);
    const QByteArray halfBytes(reinterpret_cast<const char *>(half.data()), static_cast<qsizetype>(half.size()));
    add("conv.weight", "F32", {8, 4, 3}, test::floatBytes(test::randomValues(96, 1)));
    add("conv.bias", "F32", {8}, test::floatBytes(test::randomValues(8, 3)));
    add("fc.weight", "BF16", {24, 40}, halfBytes);
    add("wte.weight", "F32", {10, 6}, test::floatBytes(test::randomValues(60, 4)));
    add("steps", "I64", {1}, QByteArray(8, '\1'));
    header["__metadata__"] = {{"format", "pt"}, {"author", "somebody"}};
    return test::safetensorsBytes(header.dump(), data);
}

} // namespace

class TestExport : public QObject
{
    Q_OBJECT

private slots:
    void compareFindsWhatWasPredicted_data()
    {
        QTest::addColumn<QString>("location");
        QTest::addColumn<Scheme>("scheme");
        QTest::addColumn<int>("axis");
        QStringList models{"demo:digits", "demo:notebook", "mixed"};
        const QString folder = qEnvironmentVariable("QUANTOSCOPE_MODELS");
        if (folder.isEmpty())
            qInfo("QUANTOSCOPE_MODELS is not set: no real models here");
        else
            models << folder + "/silero_vad_16k.safetensors";
        Scheme eight;
        Scheme groups;
        groups.bits = 4;
        groups.granularity = Granularity::group(32);
        Scheme asymmetric;
        asymmetric.bits = 5;
        asymmetric.mode = Mode::Asymmetric;
        Scheme tensor;
        tensor.granularity = Granularity::tensor();
        Scheme half;
        half.scaleType = ScaleType::F16;
        half.codes = Codes::Best;
        Scheme hqq = asymmetric;
        hqq.granularity = Granularity::group(16);
        hqq.range = RangeMethod::hqq();
        Scheme percentile = groups;
        percentile.range = RangeMethod::percentile(97'500'000);
        for (const QString &model : models) {
            QTest::addRow("%s, 8 bits", qPrintable(model)) << model << eight << 0;
            QTest::addRow("%s, 4 bits, groups of 32", qPrintable(model)) << model << groups << 0;
            QTest::addRow("%s, 5 bits asymmetric", qPrintable(model)) << model << asymmetric << 0;
            QTest::addRow("%s, per tensor", qPrintable(model)) << model << tensor << 0;
            QTest::addRow("%s, f16 scales, best codes", qPrintable(model)) << model << half << 0;
            QTest::addRow("%s, channels on axis 1", qPrintable(model)) << model << asymmetric << 1;
            QTest::addRow("%s, HQQ", qPrintable(model)) << model << hqq << 0;
            QTest::addRow("%s, percentile", qPrintable(model)) << model << percentile << 0;
            for (const Convention &convention : conventions())
                QTest::addRow("%s, %s", qPrintable(model), convention.name.data())
                    << model << convention.scheme() << (convention.name == "gguf-q5_1" ? 1 : 0);
        }
    }

    void compareFindsWhatWasPredicted()
    {
        QFETCH(QString, location);
        QFETCH(Scheme, scheme);
        QFETCH(int, axis);
        const auto model = open(location);
        Recipe recipe = defaultRecipe(*model);
        recipe.scheme = scheme;
        if (axis > 0)
            recipe.rules.push_back({"*", Rule::Action::None, {}, {}, axis});
        AnalysisCache cache;
        const auto report = analyze(*model, recipe, {}, cache, {});
        QS_VERIFY(report);
        const std::string target = path("out.safetensors");
        ExportOptions options;
        options.overwrite = true;
        options.verifyAll = true;
        const auto plan = test::writeAs("safetensors", *model, recipe, target, options);
        QS_VERIFY(plan);
        QCOMPARE(plan->bytes, static_cast<std::uint64_t>(contents(target).size()));
        const auto written = openModel(target, {});
        QS_VERIFY(written);
        const auto comparison = compare(*model, **written, {});
        QS_VERIFY(comparison);
        QVERIFY(comparison->onlyInCandidate.empty() && comparison->onlyInReference.empty());
        int compared = 0;
        for (const auto &layer : (*report)->layers) {
            for (const TensorComparison &tensor : comparison->tensors) {
                if (tensor.name != layer->name || !layer->decision.quantize)
                    continue;
                ++compared;
                const Scheme &used = layer->decision.scheme;
                checkEqual(tensor.metrics, layer->metrics,
                           used.scaleType == ScaleType::F32 || used.codes == Codes::Best);
            }
        }
        QCOMPARE(static_cast<std::size_t>(compared), (*report)->total.quantized);
        checkReopened(**written, **report);
    }

    void keptTensorsKeepEveryByte()
    {
        const auto model = open("mixed");
        Recipe recipe = defaultRecipe(*model);
        setQuantized(recipe,
                     *std::find_if(model->layers.begin(), model->layers.end(),
                                   [](const Layer &layer) { return layer.module == "conv"; }),
                     false);
        const std::string target = path("kept.safetensors");
        QS_VERIFY(test::writeAs("safetensors", *model, recipe, target));
        const test::SafetensorsFile before(QString::fromStdString(path("mixed.safetensors")));
        const test::SafetensorsFile after(QString::fromStdString(target));
        for (const char *name : {"conv.weight", "conv.bias", "wte.weight", "steps"}) {
            QCOMPARE(after.bytes(name), before.bytes(name));
            QCOMPARE(after.dtype(name), before.dtype(name));
        }
        QCOMPARE(after.dtype("fc.weight"), std::string("I8"));
        QCOMPARE(after.shape("fc.scales"), std::vector<std::uint64_t>{24});
        const auto metadata = after.header().at("__metadata__");
        QCOMPARE(metadata.at("author").get<std::string>(), std::string("somebody"));
        QCOMPARE(metadata.at("format").get<std::string>(), std::string("pt"));
        QVERIFY(metadata.contains("quantoscope.recipe") && metadata.contains("quantoscope.tensors"));
    }

    void sameBytesEveryTime()
    {
        const auto model = open("demo:digits");
        for (const char *name : {"a.safetensors", "b.safetensors", "a.pth", "b.pth"}) {
            const char *format = std::string_view(name).ends_with("pth") ? "gpt-fast" : "safetensors";
            QS_VERIFY(test::writeAs(format, *model, defaultRecipe(*model), path(name)));
        }
        QCOMPARE(contents(path("a.safetensors")), contents(path("b.safetensors")));
        QCOMPARE(contents(path("a.pth")), contents(path("b.pth")));
    }

    void floatExportHoldsDequantizedValues()
    {
        const auto model = open("mixed");
        Recipe recipe = defaultRecipe(*model);
        recipe.scheme.bits = 4;
        const std::string target = path("float.safetensors");
        QS_VERIFY(test::writeAs("float", *model, recipe, target));
        const auto quantized = path("codes.safetensors");
        QS_VERIFY(test::writeAs("safetensors", *model, recipe, quantized));
        const test::SafetensorsFile values(QString::fromStdString(target));
        const test::SafetensorsFile codes(QString::fromStdString(quantized));
        QCOMPARE(values.dtype("fc.weight"), std::string("BF16"));
        QVERIFY(!values.contains("fc.scales"));
        const std::vector<float> got = values.floats("conv.weight");
        const std::vector<float> scales = codes.floats("conv.scales");
        const QByteArray stored = codes.bytes("conv.weight");
        for (std::size_t i = 0; i < got.size(); ++i)
            QCOMPARE(got[i], static_cast<float>(stored[static_cast<qsizetype>(i)]) * scales[i / 12]);
        // A file of codes exported as float again gives the same values.
        const auto reopened = openModel(quantized, {});
        QS_VERIFY(reopened);
        const std::string again = path("again.safetensors");
        QS_VERIFY(test::writeAs("float", **reopened, defaultRecipe(**reopened), again));
        QVERIFY(test::SafetensorsFile(QString::fromStdString(again)).floats("conv.weight") == got);
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("exporter");
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("location");
        QTest::addColumn<Scheme>("scheme");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("words");
        const int work = static_cast<int>(ErrorCode::Work);
        const Scheme plain;
        Scheme four;
        four.bits = 4;
        Scheme asymmetric;
        asymmetric.mode = Mode::Asymmetric;
        QTest::newRow("output is the input") << "safetensors"
                                             << "mixed.safetensors"
                                             << "mixed" << plain << work << "is the input";
        QTest::newRow("exists") << "safetensors"
                                << "there.safetensors"
                                << "mixed" << plain << work << "exists";
        QTest::newRow("no folder") << "safetensors"
                                   << "no/such/x.safetensors"
                                   << "mixed" << plain << work << "no/such";
        QTest::newRow("gpt-fast 4 bits") << "gpt-fast"
                                         << "x.pth"
                                         << "demo:digits" << four << work << "8-bit";
        QTest::newRow("gpt-fast asymmetric") << "gpt-fast"
                                             << "x.pth"
                                             << "demo:digits" << asymmetric << work << "symmetric";
        QTest::newRow("gpt-fast suffix") << "gpt-fast"
                                         << "x.bin"
                                         << "demo:digits" << plain << static_cast<int>(ErrorCode::Usage) << ".pth";
        Scheme blocks = findConvention("gguf-q4_1")->scheme();
        blocks.bits = 8;
        blocks.granularity = Granularity::channel();
        blocks.scaleType = ScaleType::F32;
        QTest::newRow("gpt-fast with offsets")
            << "gpt-fast"
            << "x.pth"
            << "demo:digits" << blocks << work << "asymmetric · 8 bits · per channel";
        Scheme brain;
        brain.scaleType = ScaleType::BF16;
        QTest::newRow("gpt-fast scale type") << "gpt-fast"
                                             << "x.pth"
                                             << "demo:digits" << brain << work << "own type, f32";
        QTest::newRow("archive name") << "safetensors"
                                      << "x.pth"
                                      << "demo:digits" << plain << static_cast<int>(ErrorCode::Usage) << "gpt-fast";
        QTest::newRow("NaN") << "safetensors"
                             << "x.safetensors"
                             << "nan" << plain << work << "contains 1 NaN, first at [0, 1]";
        QTest::newRow("name taken") << "safetensors"
                                    << "x.safetensors"
                                    << "taken" << plain << work << "l.scales";
    }

    void refusals()
    {
        QFETCH(QString, exporter);
        QFETCH(QString, target);
        QFETCH(QString, location);
        QFETCH(Scheme, scheme);
        QFETCH(int, code);
        QFETCH(QString, words);
        test::writeFile(m_folder, "there.safetensors", "old");
        const auto model = open(location);
        Recipe recipe = defaultRecipe(*model);
        recipe.scheme = scheme;
        const QByteArray source = contents(path("mixed.safetensors"));
        const auto result = test::writeAs(exporter.toStdString(), *model, recipe, path(target.toStdString()));
        QVERIFY(!result);
        QCOMPARE(static_cast<int>(result.error().code), code);
        QVERIFY2(result.error().text().find(words.toStdString()) != std::string::npos, result.error().text().c_str());
        QCOMPARE(contents(path("mixed.safetensors")), source);
        QCOMPARE(contents(path("there.safetensors")), QByteArray("old"));
        QVERIFY(!QFile::exists(m_folder.filePath("x.safetensors")) && !QFile::exists(m_folder.filePath("x.pth")));
    }

    void keepsNonFiniteWhenAsked()
    {
        const auto model = open("nan");
        ExportOptions options;
        options.keepNonFinite = true;
        const std::string target = path("nan-out.safetensors");
        QS_VERIFY(test::writeAs("safetensors", *model, {}, target, options));
        const test::SafetensorsFile after(QString::fromStdString(target));
        QCOMPARE(after.bytes("l.weight"),
                 test::SafetensorsFile(QString::fromStdString(path("nan.safetensors"))).bytes("l.weight"));
    }

    void compareOddShapes()
    {
        const auto model = test::openBytes(
            m_folder, "odd.safetensors",
            test::safetensorsBytes(std::vector<FloatTensor>{
                {"scalar", {}, {2}}, {"nothing", {std::uint64_t{1} << 62U, 0}, {}}, {"row", {3}, {1, 2, 3}}}));
        const auto other = test::openBytes(
            m_folder, "odd2.safetensors",
            test::safetensorsBytes(std::vector<FloatTensor>{
                {"scalar", {}, {3}}, {"nothing", {std::uint64_t{1} << 62U, 0}, {}}, {"row", {3}, {1, 2, 3}}}));
        const auto comparison = compare(*model, *other, {});
        QS_VERIFY(comparison);
        QCOMPARE(comparison->tensors.size(), 3U);
        QVERIFY(!comparison->tensors[0].metrics.mse);  // nothing
        QVERIFY(comparison->tensors[1].metrics.exact); // row
        QCOMPARE(comparison->tensors[2].metrics.maxAbsError, std::optional(1.0));
    }

    void wholeNumbersAreNotInTheTotal()
    {
        const auto bytes = [](std::int64_t number, float weight) {
            QByteArray data(reinterpret_cast<const char *>(&number), sizeof number);
            data += QByteArray(reinterpret_cast<const char *>(&weight), sizeof weight);
            return test::safetensorsBytes("{\"end\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                                          "\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}",
                                          data);
        };
        const auto one = test::openBytes(m_folder, "one.safetensors", bytes(INT64_MAX, 4));
        const auto two = test::openBytes(m_folder, "two.safetensors", bytes(INT64_MAX, 3));
        const auto comparison = compare(*one, *two, {});
        QS_VERIFY(comparison);
        QCOMPARE(comparison->tensors.size(), 2U);
        QVERIFY(comparison->tensors[0].metrics.exact);
        QCOMPARE(comparison->total.relativeError, std::optional(0.25));
    }

    void unmatchedRulesStayBehind()
    {
        const auto model = open("demo:digits");
        Recipe recipe;
        recipe.rules.push_back({"nobody", Rule::Action::Exclude, {}, {}, {}});
        setQuantized(recipe, model->layers[1], false);
        ExportOptions options;
        options.allowUnmatched = true;
        const std::string target = path("unmatched.safetensors");
        QS_VERIFY(test::writeAs("safetensors", *model, recipe, target, options));
        const auto written = openModel(target, {});
        QS_VERIFY(written);
        QVERIFY((*written)->warnings.empty());
        const auto decisions = resolve(defaultRecipe(**written), **written, false);
        QS_VERIFY(decisions);
        QVERIFY(!decisions->at(1).quantize);
    }

    void stopLeavesNothing()
    {
        const auto model = open("demo:digits");
        std::stop_source stop;
        TaskContext context{stop.get_token(), [&](double fraction, const Text &) {
                                if (fraction > 0.4)
                                    stop.request_stop();
                            }};
        AnalysisCache cache;
        const QDir folder(m_folder.path());
        const auto before = folder.entryList(QDir::AllEntries | QDir::Hidden);
        const auto result = writeExport(*findExportFormat("safetensors"), *model, defaultRecipe(*model),
                                        path("stop.safetensors"), {}, cache, context);
        QVERIFY(!result);
        QVERIFY(result.error().code == ErrorCode::Cancelled);
        QCOMPARE(folder.entryList(QDir::AllEntries | QDir::Hidden), before);
    }

private:
    std::string path(const std::string &name) const
    {
        return m_folder.filePath(QString::fromStdString(name)).toStdString();
    }

    std::shared_ptr<const Model> open(const QString &location)
    {
        if (location == "mixed")
            return test::openBytes(m_folder, "mixed.safetensors", mixedModel());
        if (location == "nan")
            return test::openBytes(m_folder, "nan.safetensors",
                                   test::safetensorsBytes(std::vector<FloatTensor>{{"l.weight", {1, 2}, {1, NAN}}}));
        if (location == "taken")
            return test::openBytes(
                m_folder, "taken.safetensors",
                test::safetensorsBytes(std::vector<FloatTensor>{{"l.weight", {1, 2}, {1, 2}}, {"l.scales", {1}, {1}}}));
        const auto model = openModel(location.toStdString(), {});
        if (!model)
            qFatal("%s", model.error().text().c_str());
        return *model;
    }

    /// What the clamp did shows only where codes were formed with the scales as they are stored.
    static void checkEqual(const Metrics &got, const Metrics &wanted, bool showsClamp)
    {
        QCOMPARE(got.exact, wanted.exact);
        QCOMPARE(got.sqnrDb, wanted.sqnrDb);
        QCOMPARE(got.relativeError, wanted.relativeError);
        QCOMPARE(got.mse, wanted.mse);
        QCOMPARE(got.rmse, wanted.rmse);
        QCOMPARE(got.maxAbsError, wanted.maxAbsError);
        QCOMPARE(got.rmsePerScaleMedian, wanted.rmsePerScaleMedian);
        QCOMPARE(got.rmsePerScaleMax, wanted.rmsePerScaleMax);
        QCOMPARE(got.zeroShare, wanted.zeroShare);
        QCOMPARE(got.clippedShare, showsClamp ? wanted.clippedShare : std::optional<double>{});
        QCOMPARE(got.oneMinusCosine, wanted.oneMinusCosine);
        QCOMPARE(got.excessKurtosis, wanted.excessKurtosis);
    }

    /// The export opens as the same quantized model: same scales, sizes and accuracy.
    static void checkReopened(const Model &written, const Report &before)
    {
        AnalysisCache cache;
        AnalyzeOptions options;
        options.allowUnmatched = true;
        const auto report = analyze(written, defaultRecipe(written), options, cache, {});
        QS_VERIFY(report);
        QCOMPARE((*report)->total.bytesBefore, before.total.bytesBefore);
        QCOMPARE((*report)->total.bytesAfter, before.total.bytesAfter);
        QCOMPARE((*report)->total.quantized, 0U);
        for (std::size_t i = 0; i < before.layers.size(); ++i) {
            const LayerReport &layer = *before.layers[i];
            const LayerReport &again = *(*report)->layers[i];
            QCOMPARE(again.name, layer.name);
            QCOMPARE(again.alreadyQuantized, layer.decision.quantize);
            if (!layer.decision.quantize)
                continue;
            QCOMPARE(again.quantization->scaleMin, layer.quantization->scaleMin);
            QCOMPARE(again.quantization->scaleMedian, layer.quantization->scaleMedian);
            QCOMPARE(again.quantization->scaleMax, layer.quantization->scaleMax);
            QCOMPARE(again.decision.scheme, layer.decision.scheme);
            QVERIFY(again.quantization->scales == layer.quantization->scales);
            QVERIFY(again.quantization->zeroPoints == layer.quantization->zeroPoints);
            QVERIFY(again.quantization->offsets == layer.quantization->offsets);
        }
        QCOMPARE((*report)->outputError.accuracyBefore, before.outputError.accuracyAfter);
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestExport)
#include "tst_export_files.moc"
