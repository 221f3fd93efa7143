// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Range methods: percentiles, mse, llm-compressor's search and HQQ, in one block and over many.
#include "core/base/parallel.h"
#include "core/kernels/kernels.h"
#include "core/quant/clipping_curve.h"
#include "core/quant/convention.h"
#include "core/quant/unit_search.h"
#include "tests/support/test_model.h"

#include <algorithm>
#include <cmath>

using namespace qs;
using qs::test::FloatTensor;

namespace {

Scheme schemeOf(const char *text)
{
    Scheme scheme;
    SchemePatch patch;
    for (const QString &field : QString(text).split(' ', Qt::SkipEmptyParts)) {
        if (!patch.set(field.section('=', 0, 0).toStdString(), field.section('=', 1).toStdString()))
            qFatal("%s", qPrintable(field));
    }
    patch.applyTo(scheme);
    if (const auto valid = scheme.validate(); !valid)
        qFatal("%s", valid.error().text().c_str());
    return scheme;
}

/// Normal-like weights with a few large ones.
std::vector<float> heavyValues(std::size_t count, std::uint32_t seed)
{
    std::vector<float> values = test::randomValues(count, seed);
    const std::vector<float> more = test::randomValues(count, seed + 1);
    for (std::size_t i = 0; i < count; ++i)
        values[i] += more[i] * (i % 61 == 7 ? 9.0F : 1.0F);
    return values;
}

struct Quantized {
    LayerQuantization layer;
    std::vector<std::int8_t> codes;
    std::vector<float> values;
};

Result<Quantized> quantize(const Model &model, const std::string &name, const Scheme &scheme)
{
    Layer layer;
    layer.tensor = model.findTensor(name).value();
    layer.name = name;
    Quantized result;
    const std::uint64_t columns = matrixShape(model.tensorOf(layer), 0).weights;
    result.codes.resize(model.tensorOf(layer).elements());
    result.values.resize(result.codes.size());
    QS_ASSIGN(result.layer, quantizeLayer(model, layer, 0, scheme, {}, [&](const CodeBlock &block) -> Result<void> {
                  const auto at = static_cast<std::ptrdiff_t>(block.channel * columns + block.weight);
                  std::copy_n(block.codes, block.channels * block.weights, result.codes.begin() + at);
                  std::copy_n(block.values, block.channels * block.weights, result.values.begin() + at);
                  return {};
              }));
    return result;
}

double squares(std::span<const float> x, std::span<const float> y)
{
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        sum += (double(x[i]) - double(y[i])) * (double(x[i]) - double(y[i]));
    return sum;
}

} // namespace

class TestRangeSearch : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        auto model = openModel(QUANTOSCOPE_SOURCE_DIR "/tests/data/golden/conventions.safetensors", {});
        QS_VERIFY(model);
        m_golden = *model;
        // One channel of 1.2 million weights lies in several blocks.
        m_long = heavyValues(2 * kLong, 5);
        m_rows = heavyValues(kRows * kColumns, 9);
        m_model = test::openBytes(m_folder, "model.safetensors",
                                  test::safetensorsBytes(std::vector<FloatTensor>{
                                      {"long", {2, kLong}, m_long}, {"rows", {kRows, kColumns}, m_rows}}));
    }
    void cleanup()
    {
        useKernels(nullptr);
        setThreadCount(0);
    }

    void ranks_data()
    {
        QTest::addColumn<quint64>("count");
        QTest::addColumn<QString>("percent");
        QTest::addColumn<bool>("symmetric");
        QTest::addColumn<quint64>("low");
        QTest::addColumn<quint64>("high");
        QTest::newRow("all") << quint64(1000) << "100" << true << quint64(1) << quint64(1000);
        QTest::newRow("99.9 of 1000 is 999, not 1000") << quint64(1000) << "99.9" << true << quint64(1) << quint64(999);
        QTest::newRow("rounded up") << quint64(1001) << "99.9" << true << quint64(1) << quint64(1000);
        QTest::newRow("least") << quint64(10) << "0.000001" << true << quint64(1) << quint64(1);
        QTest::newRow("one weight") << quint64(1) << "50" << true << quint64(1) << quint64(1);
        QTest::newRow("beyond 32 bits") << quint64(9000000000) << "99.999999" << true << quint64(1)
                                        << quint64(8999999910);
        QTest::newRow("both tails") << quint64(1000) << "99" << false << quint64(6) << quint64(995);
        QTest::newRow("both tails, all") << quint64(7) << "100" << false << quint64(1) << quint64(7);
        QTest::newRow("both tails, odd") << quint64(101) << "98" << false << quint64(2) << quint64(100);
    }

    void ranks()
    {
        QFETCH(quint64, count);
        QFETCH(QString, percent);
        QFETCH(bool, symmetric);
        QFETCH(quint64, low);
        QFETCH(quint64, high);
        const Scheme scheme = schemeOf(
            qPrintable(QString("range=percentile:%1 mode=%2").arg(percent, symmetric ? "symmetric" : "asymmetric")));
        const PercentileRanks ranks = percentileRanks(count, scheme);
        QCOMPARE(quint64(ranks.low), low);
        QCOMPARE(quint64(ranks.high), high);
    }

    /// Against sorting everything; rows in one block, long channels and one scale for all in many.
    void percentile_data()
    {
        QTest::addColumn<QString>("tensor");
        QTest::addColumn<QString>("fields");
        for (const char *percent : {"99.9", "97", "50"}) {
            for (const char *mode : {"symmetric", "asymmetric"}) {
                for (const char *granularity : {"channel", "tensor", "group:100000", "group:32"}) {
                    for (const char *tensor : {"rows", "long"}) {
                        if (tensor == QString("long") && percent != QString("99.9"))
                            continue; // sorting takes its time
                        const QString fields =
                            QString("mode=%1 granularity=%2 range=percentile:%3").arg(mode, granularity, percent);
                        QTest::newRow(qPrintable(tensor + (" " + fields))) << tensor << fields;
                    }
                }
            }
        }
        QTest::newRow("signed scales") << "long"
                                       << "convention=gguf-q4_0 granularity=channel range=percentile:99";
        QTest::newRow("offsets") << "long"
                                 << "convention=gguf-q5_1 granularity=tensor range=percentile:99";
    }

    void percentile()
    {
        QFETCH(QString, tensor);
        QFETCH(QString, fields);
        const Scheme scheme = schemeOf(qPrintable(fields));
        const auto result = quantize(*m_model, tensor.toStdString(), scheme);
        QS_VERIFY(result);
        const std::vector<float> &x = tensor == "rows" ? m_rows : m_long;
        const std::size_t columns = tensor == "rows" ? kColumns : kLong;
        const std::size_t channel = scheme.granularity.kind == Granularity::Kind::Tensor ? x.size() : columns;
        const std::size_t group =
            scheme.granularity.kind == Granularity::Kind::Group ? scheme.granularity.groupSize : channel;
        std::size_t entry = 0;
        for (std::size_t start = 0; start < x.size(); start += channel) {
            for (std::size_t at = 0; at < channel; at += group, ++entry) {
                const std::span unit(x.data() + start + at, std::min(group, channel - at));
                const ScaleAndZeroPoint wanted = scaleFor(sortedRange(unit, scheme), scheme, DType::F32);
                QVERIFY(result->layer.scales[entry] == wanted.stored); // QCOMPARE is fuzzy
                if (scheme.hasZeroPoints())
                    QCOMPARE(int(result->layer.zeroPoints[entry]), wanted.zeroPoint);
                if (scheme.hasOffsets())
                    QVERIFY(result->layer.offsets[entry] == wanted.storedOffset);
            }
        }
        QCOMPARE(result->layer.scales.size(), entry);
    }

    /// All 21 candidates by hand: the first of least error wins, and no unit is worse than with min–max.
    void mse_data()
    {
        QTest::addColumn<QString>("tensor");
        QTest::addColumn<QString>("fields");
        for (const char *fields : {"bits=4", "bits=3 mode=asymmetric", "bits=8", "bits=4 granularity=group:32",
                                   "bits=2 granularity=tensor", "bits=4 scale_type=f16", "convention=gguf-q4_0",
                                   "convention=gguf-q4_1", "convention=gguf-q8_0 bits=4", "bits=4 code_range=narrow",
                                   "convention=compressed-tensors bits=4", "convention=torchao bits=4 codes=best"})
            for (const char *tensor : {"rows", "long"})
                QTest::newRow(qPrintable(tensor + QString(" ") + fields)) << tensor << fields;
    }

    void mse()
    {
        QFETCH(QString, tensor);
        QFETCH(QString, fields);
        Scheme scheme = schemeOf(qPrintable(fields));
        const auto plain = quantize(*m_model, tensor.toStdString(), scheme);
        scheme.range = RangeMethod::mse();
        const auto result = quantize(*m_model, tensor.toStdString(), scheme);
        QS_VERIFY(plain);
        QS_VERIFY(result);
        const std::vector<float> &x = tensor == "rows" ? m_rows : m_long;
        const std::size_t channels = result->layer.shape.channels;
        const std::size_t columns = x.size() / channels;
        const bool whole = scheme.granularity.kind == Granularity::Kind::Tensor;
        const std::size_t unit = whole ? x.size() : columns;
        bool better = false;
        for (std::size_t at = 0; at < x.size(); at += unit) {
            const std::span own = std::span(x).subspan(at, unit);
            const double before = squares(own, std::span(plain->values).subspan(at, unit));
            const double after = squares(own, std::span(result->values).subspan(at, unit));
            QVERIFY2(after <= before * (1 + 1e-7), qPrintable(QString("%1, before %2").arg(after).arg(before)));
            better = better || after < before * 0.999;
        }
        QVERIFY(better || scheme.bits == 8);
        // Groups: the first one by hand, from nothing but scaleFor() and the codes' definition.
        if (scheme.granularity.kind == Granularity::Kind::Group || tensor == "rows") {
            const std::size_t size =
                scheme.granularity.kind == Granularity::Kind::Group ? scheme.granularity.groupSize : unit;
            QVERIFY(result->layer.scales[0] == bestByHand(std::span(x).first(size), scheme).stored);
        }
    }

    /// Thread counts and instruction sets.
    void sameEverywhere_data()
    {
        QTest::addColumn<QString>("tensor");
        QTest::addColumn<QString>("fields");
        const auto row = [](const char *tensor, const char *fields) {
            QTest::newRow(qPrintable(tensor + QString(" ") + fields)) << tensor << fields;
        };
        for (const char *tensor : {"rows", "long"}) {
            row(tensor, "range=percentile:99.5");
            row(tensor, "bits=4 range=mse");
            row(tensor, "convention=gguf-q4_0 range=mse");
        }
        row("rows", "bits=4 range=mse-llmcompressor");
        row("rows", "convention=compressed-tensors bits=4 granularity=group:32 range=mse-llmcompressor");
        row("rows", "bits=4 granularity=group:64 mode=asymmetric range=hqq");
    }

    void sameEverywhere()
    {
        QFETCH(QString, tensor);
        QFETCH(QString, fields);
        const Scheme scheme = schemeOf(qPrintable(fields));
        std::optional<Quantized> first;
        for (const char *level : {"v2", "v3", "v4", "generic"}) {
            if (!kernelsForLevel(level))
                continue;
            useKernels(kernelsForLevel(level));
            for (const int threads : {1, 3}) {
                setThreadCount(threads);
                auto result = quantize(*m_model, tensor.toStdString(), scheme);
                QS_VERIFY(result);
                if (!first) {
                    first = std::move(*result);
                    continue;
                }
                QVERIFY(first->layer.scales == result->layer.scales);
                QVERIFY(first->layer.zeroPoints == result->layer.zeroPoints);
                QVERIFY(first->layer.offsets == result->layer.offsets);
                QVERIFY(first->codes == result->codes);
            }
        }
    }

    /// A unit that is read piece by piece ends at the step of least error.
    void longSearch()
    {
        const Scheme scheme = schemeOf("bits=4 granularity=tensor range=mse-llmcompressor");
        const auto result = quantize(*m_model, "long", scheme);
        QS_VERIFY(result);
        const auto [low, high] = std::ranges::minmax(m_long);
        double least = std::numeric_limits<double>::infinity();
        float best = 0;
        for (int step = 0; step < int(kLlmCompressorSteps); ++step) {
            const auto share = static_cast<float>(1 - step / 100.0);
            const float scale = scaleFor({low * share, high * share, false}, scheme, DType::F32).stored;
            double error = 0;
            for (const float w : m_long) {
                const float code = std::clamp(std::nearbyint(w / scale), -8.0F, 7.0F);
                error += std::pow(std::abs(double(code * scale - w)), 2.4);
            }
            best = error < least ? scale : best;
            least = std::min(least, error);
        }
        QVERIFY(result->layer.scales[0] == best);
    }

    /// llm-compressor's own observer (tests/interop).
    void llmCompressor_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<int>("bits");
        QTest::addColumn<bool>("symmetric");
        QTest::addColumn<int>("group");
        for (const char *type : {"f32", "f16", "bf16"})
            for (int bits : {4, 8})
                for (bool symmetric : {true, false})
                    for (int group : {0, 32})
                        QTest::addRow("%s %d %s %d", type, bits, symmetric ? "sym" : "asym", group)
                            << type << bits << symmetric << group;
    }

    void llmCompressor()
    {
        QFETCH(QString, type);
        QFETCH(int, bits);
        QFETCH(bool, symmetric);
        QFETCH(int, group);
        const QString mode = symmetric ? "sym" : "asym";
        QString name = QString("llm-compressor-mse.%1.b%2.%3").arg(type).arg(bits).arg(mode);
        if (group > 0)
            name += QString(".g%1").arg(group);
        Scheme scheme = findConvention("compressed-tensors")->scheme();
        scheme.bits = bits;
        scheme.mode = symmetric ? Mode::Symmetric : Mode::Asymmetric;
        if (group > 0)
            scheme.granularity = Granularity::group(static_cast<std::uint32_t>(group));
        scheme.range = RangeMethod::mseLlmCompressor();
        const auto result = quantize(*m_golden, "x_observer." + type.toStdString(), scheme);
        QS_VERIFY(result);
        const auto scales = goldenValues<float>(name + ".scales");
        QCOMPARE(result->layer.scales.size(), scales.size());
        for (std::size_t i = 0; i < scales.size(); ++i)
            QVERIFY2(result->layer.scales[i] == scales[i],
                     qPrintable(QString("scale %1: %2, not %3").arg(i).arg(result->layer.scales[i]).arg(scales[i])));
        const auto zeroPoints = goldenValues<std::int8_t>(name + ".zero_points");
        QVERIFY(symmetric || zeroPoints == result->layer.zeroPoints);
    }

    void llmCompressorStops()
    {
        QCOMPARE(UnitSearch::llmCompressorSteps(0b1), std::size_t(6));
        QCOMPARE(UnitSearch::llmCompressorSteps(0b100001), std::size_t(11));
        QCOMPARE(UnitSearch::llmCompressorSteps(0b1000001), std::size_t(6));
        QCOMPARE(UnitSearch::llmCompressorSteps(0x84211), kLlmCompressorSteps);
    }

    /// HQQ itself (tests/interop): the same scales, zeros within float32's rounding, codes but for near ties.
    void hqq_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("group");
        QTest::newRow("2 bits") << 2 << 32;
        QTest::newRow("3 bits") << 3 << 64;
        QTest::newRow("4 bits") << 4 << 64;
        QTest::newRow("8 bits") << 8 << 64;
    }

    void hqq()
    {
        QFETCH(int, bits);
        QFETCH(int, group);
        const QString name = QString("hqq.f32.b%1.asym.g%2").arg(bits).arg(group);
        const Scheme scheme = schemeOf(
            qPrintable(QString("mode=asymmetric bits=%1 granularity=group:%2 range=hqq").arg(bits).arg(group)));
        const auto result = quantize(*m_golden, "x_observer.f32", scheme);
        QS_VERIFY(result);
        const auto scales = goldenValues<float>(name + ".scales");
        QCOMPARE(result->layer.scales.size(), scales.size());
        for (std::size_t i = 0; i < scales.size(); ++i)
            QVERIFY(result->layer.scales[i] == scales[i]); // QCOMPARE is fuzzy
        QVERIFY(result->layer.zeroPoints.empty());
        const auto offsets = goldenValues<float>(name + ".offsets");
        QCOMPARE(result->layer.offsets.size(), offsets.size());
        for (std::size_t i = 0; i < offsets.size(); ++i)
            QVERIFY2(std::abs(result->layer.offsets[i] - offsets[i]) <= 2e-5F * result->layer.scales[i],
                     qPrintable(QString("offset %1: %2, not %3").arg(i).arg(result->layer.offsets[i]).arg(offsets[i])));
        const auto codes = goldenValues<std::int8_t>(name + ".codes");
        QCOMPARE(result->codes.size(), codes.size());
        int different = 0;
        for (std::size_t i = 0; i < codes.size(); ++i) {
            QVERIFY(std::abs(result->codes[i] - codes[i]) <= 1);
            different += result->codes[i] != codes[i];
        }
        QVERIFY2(different <= 2, qPrintable(QString::number(different)));
    }

    void curve_data()
    {
        QTest::addColumn<QString>("tensor");
        QTest::addColumn<QString>("fields");
        QTest::addColumn<int>("group");
        QTest::newRow("min–max") << "rows"
                                 << "bits=4" << 0;
        QTest::newRow("mse") << "rows"
                             << "bits=4 range=mse" << 0;
        QTest::newRow("percentile") << "rows"
                                    << "bits=4 range=percentile:97" << 0;
        QTest::newRow("group") << "rows"
                               << "bits=3 mode=asymmetric granularity=group:32 range=mse" << 2;
        QTest::newRow("one scale") << "rows"
                                   << "bits=4 granularity=tensor" << 0;
        QTest::newRow("long") << "long"
                              << "bits=4 range=mse" << 0;
        QTest::newRow("signed") << "rows"
                                << "convention=gguf-q4_0" << 1;
    }

    void curve()
    {
        QFETCH(QString, tensor);
        QFETCH(QString, fields);
        QFETCH(int, group);
        const Scheme scheme = schemeOf(qPrintable(fields));
        const auto result = quantize(*m_model, tensor.toStdString(), scheme);
        QS_VERIFY(result);
        Layer layer;
        layer.tensor = m_model->findTensor(tensor.toStdString()).value();
        const std::uint64_t channel = 1;
        const auto curve =
            clippingCurve(*m_model, layer, result->layer, channel, static_cast<std::uint64_t>(group), {});
        QS_VERIFY(curve);
        QCOMPARE(curve->points.size(), std::size_t(96));
        QCOMPARE(curve->points.front().share, 1.0);
        QVERIFY(std::abs(curve->points.back().share - 0.05) < 1e-9);
        QVERIFY(curve->chosen);
        // The point in use has the error of the values in use.
        const std::vector<float> &x = tensor == "rows" ? m_rows : m_long;
        const std::size_t columns = tensor == "rows" ? kColumns : kLong;
        const bool groups = scheme.granularity.kind == Granularity::Kind::Group;
        const std::size_t size = groups ? scheme.granularity.groupSize : columns;
        const std::size_t at = channel * columns + static_cast<std::size_t>(group) * size;
        QCOMPARE(curve->weights, std::uint64_t(size));
        const double used = squares(std::span(x).subspan(at, size), std::span(result->values).subspan(at, size));
        QVERIFY(scheme.scaleType != ScaleType::F32 || std::abs(curve->chosen->errorEnergy - used) <= 1e-6 * used);
        const auto least = std::ranges::min_element(curve->points, {}, &ClippingPoint::errorEnergy);
        if (scheme.range == RangeMethod::mse()) {
            const auto tried = std::ranges::min_element(curve->points.begin(), curve->points.begin() + kMseSteps, {},
                                                        &ClippingPoint::errorEnergy);
            QVERIFY(std::abs(curve->chosen->share - tried->share) < 1e-6);
            QCOMPARE(curve->chosen->errorEnergy, tried->errorEnergy);
        } else if (scheme.range == RangeMethod::minMax()) {
            QVERIFY(std::abs(curve->chosen->share - 1) < 1e-3);
        } else {
            QVERIFY(curve->chosen->share < 0.99 && curve->chosen->share > 0.05);
        }
        QVERIFY(least->errorEnergy < curve->points.back().errorEnergy); // clipping nearly everything is no good
        QVERIFY(!clippingCurve(*m_model, layer, result->layer, 1U << 20U, 0, {}));
        QVERIFY(!clippingCurve(*m_model, layer, result->layer, 0, 1U << 30U, {}));
    }

    /// A huge outlier: what the percentile leaves is far inside, and all codes stay finite.
    void outliers()
    {
        std::vector<float> x = test::randomValues(1000, 3);
        x[500] = 3e38F;
        x[501] = -1e30F;
        const auto model = test::openBytes(m_folder, "outliers.safetensors",
                                           test::safetensorsBytes(std::vector<FloatTensor>{{"x", {1, 1000}, x}}));
        for (const char *level : {"v2", "v3", "v4", "generic"}) {
            if (!kernelsForLevel(level))
                continue;
            useKernels(kernelsForLevel(level));
            const auto result = quantize(*model, "x", schemeOf("range=percentile:99"));
            QS_VERIFY(result);
            QCOMPARE(int(result->codes[500]), 127);
            QCOMPARE(int(result->codes[501]), -128);
            QVERIFY(result->layer.scales[0] < 0.01F);
        }
    }

private:
    static constexpr std::size_t kLong = 1'050'001;
    static constexpr std::size_t kRows = 40;
    static constexpr std::size_t kColumns = 331;

    template <class T> std::vector<T> goldenValues(const QString &name) const
    {
        const auto index = m_golden->findTensor(name.toStdString());
        if (!index)
            return {};
        const TensorView view = m_golden->view(*index);
        std::vector<T> values(view.bytes.size() / sizeof(T));
        std::memcpy(values.data(), view.bytes.data(), view.bytes.size());
        return values;
    }

    static WeightRange sortedRange(std::span<const float> unit, const Scheme &scheme)
    {
        std::vector<float> sorted(unit.begin(), unit.end());
        const auto extreme = std::ranges::max_element(sorted, {}, [](float w) { return std::abs(w); });
        const bool negative = *extreme < 0;
        const double share = scheme.range.percent() / 100;
        const auto n = static_cast<double>(sorted.size());
        // Shares of these tests are exact in decimal; the small step keeps their products from being rounded up.
        if (scheme.mode == Mode::Symmetric) {
            for (float &w : sorted)
                w = std::abs(w);
            std::ranges::sort(sorted);
            const float m = sorted[static_cast<std::size_t>(std::ceil(share * n - 1e-6)) - 1];
            return negative ? WeightRange{-m, 0, false} : WeightRange{0, m, false};
        }
        std::ranges::sort(sorted);
        const auto rank = static_cast<std::size_t>(std::ceil((1 + share) / 2 * n - 1e-6));
        return {sorted[sorted.size() - rank], sorted[rank - 1], false};
    }

    static ScaleAndZeroPoint bestByHand(std::span<const float> unit, const Scheme &scheme)
    {
        const auto [low, high] = std::ranges::minmax(unit);
        const UnitSearch search(scheme, DType::F32);
        ScaleAndZeroPoint best;
        double least = std::numeric_limits<double>::infinity();
        for (int percent = 100; percent >= 80; --percent) {
            const float share = static_cast<float>(1 - (100 - percent) / 100.0);
            const ScaleAndZeroPoint with = scaleFor({low * share, high * share, false}, scheme, DType::F32);
            const double error = search.squaredError(unit, with, std::max(-low, high));
            if (error < least) {
                least = error;
                best = with;
            }
        }
        return best;
    }

    QTemporaryDir m_folder;
    std::vector<float> m_long;
    std::vector<float> m_rows;
    std::shared_ptr<const Model> m_golden;
    std::shared_ptr<const Model> m_model;
};

QTEST_GUILESS_MAIN(TestRangeSearch)
#include "tst_range_search.moc"
