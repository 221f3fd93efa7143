// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// quantizeLayer against a plain reimplementation of NUMERICS.md, for every layout of channels and scales.
#include "core/analysis/distribution.h"
#include "core/base/parallel.h"
#include "core/kernels/kernels.h"
#include "core/quant/quantize.h"
#include "core/recipe/recipe.h"
#include "core/tensor/float_blocks.h"
#include "core/tensor/small_floats.h"
#include "tests/core/quantized_tensor.h"

#include <cfloat>
#include <cmath>
#include <numeric>

using namespace qs;
using qs::test::FloatTensor;

namespace {

AxisLayout axisLayout(const std::vector<std::uint64_t> &shape, int axis)
{
    TensorInfo tensor;
    tensor.shape = shape;
    return AxisLayout::of(tensor, axis);
}

struct Plain {
    std::vector<float> scales;
    std::vector<int> zeroPoints;
    std::vector<int> codes;    ///< in the tensor's order
    std::vector<float> values; ///< in the tensor's order
};

/// Elements of one unit (tensor, channel or group) by their place in the tensor.
std::vector<std::vector<std::size_t>> unitsOf(const std::vector<std::uint64_t> &shape, int axis, Granularity kind)
{
    const AxisLayout layout = axisLayout(shape, axis);
    const std::size_t weights = layout.outer * layout.inner;
    const std::size_t group = kind.kind == Granularity::Kind::Group ? kind.groupSize : weights;
    std::vector<std::vector<std::size_t>> units;
    for (std::size_t c = 0; c < layout.channels; ++c) {
        for (std::size_t k = 0; k < weights; ++k) {
            const bool fresh = kind.kind == Granularity::Kind::Tensor ? units.empty() : k % group == 0;
            if (fresh)
                units.emplace_back();
            units.back().push_back((k / layout.inner * layout.channels + c) * layout.inner + k % layout.inner);
        }
    }
    return units;
}

Plain plainQuantize(const std::vector<float> &x, const std::vector<std::vector<std::size_t>> &units, const Scheme &s)
{
    Plain result;
    result.codes.resize(x.size());
    result.values.resize(x.size());
    const int qmax = (1 << (s.bits - 1)) - 1;
    const int qmin = s.codeRange == CodeRange::Narrow ? -qmax : -qmax - 1;
    for (const auto &unit : units) {
        float low = 0;
        float high = 0;
        for (std::size_t i : unit) {
            low = std::min(low, x[i]);
            high = std::max(high, x[i]);
        }
        float scale = 0;
        if (s.mode == Mode::Asymmetric)
            scale = (high - low) / static_cast<float>(qmax - qmin);
        else if (s.codeRange == CodeRange::Narrow)
            scale = std::max(-low, high) / static_cast<float>(qmax);
        else
            scale = std::max(-low, high) / (static_cast<float>(qmax - qmin) / 2);
        scale = std::max(scale, FLT_EPSILON);
        const DType type = s.scaleType == ScaleType::F16    ? DType::F16
                           : s.scaleType == ScaleType::BF16 ? DType::BF16
                                                            : DType::F32;
        const float stored = roundTo(type, scale);
        if (s.codes == Codes::Best)
            scale = stored;
        const int zero = s.mode == Mode::Asymmetric
                             ? std::clamp(qmin - static_cast<int>(std::nearbyint(low / scale)), qmin, qmax)
                             : 0;
        result.scales.push_back(stored);
        result.zeroPoints.push_back(zero);
        for (std::size_t i : unit) {
            const int code = std::clamp(static_cast<int>(std::nearbyint(x[i] / scale)) + zero, qmin, qmax);
            result.codes[i] = code;
            result.values[i] = static_cast<float>(code - zero) * stored;
        }
    }
    return result;
}

QByteArray bytesOf(const std::string &name, const std::vector<std::uint64_t> &shape, const std::vector<float> &values)
{
    return test::safetensorsBytes(std::vector<FloatTensor>{{name, shape, values}});
}

} // namespace

class TestQuantize : public QObject
{
    Q_OBJECT

private slots:
    void everyLayout_data()
    {
        QTest::addColumn<QList<int>>("shape");
        QTest::addColumn<int>("axis");
        QTest::addColumn<Scheme>("scheme");
        const QList<std::pair<QList<int>, int>> layouts = {
            {{5, 67}, 0},   {{5, 67}, 1},  {{1, 300}, 0},    {{9, 1}, 0},     {{6, 4, 5}, 0},   {{6, 4, 5}, 1},
            {{6, 4, 5}, 2}, {{700, 3}, 0}, {{130, 2100}, 0}, {{40, 2000}, 1}, {{3, 2, 5, 7}, 1}};
        for (const auto &[shape, axis] : layouts) {
            for (const Scheme &scheme : schemes()) {
                QStringList dims;
                for (int dim : shape)
                    dims << QString::number(dim);
                QTest::newRow(qPrintable(
                    QString("%1 axis %2 %3")
                        .arg(dims.join("x"))
                        .arg(axis)
                        .arg(QString::fromStdString(scheme.summary().str() + textOf(scheme.codeRange).data() +
                                                    textOf(scheme.scaleType).data() + textOf(scheme.codes).data()))))
                    << shape << axis << scheme;
            }
        }
    }

    void everyLayout()
    {
        QFETCH(QList<int>, shape);
        QFETCH(int, axis);
        QFETCH(Scheme, scheme);
        const std::vector<std::uint64_t> dims(shape.begin(), shape.end());
        const auto count = std::accumulate(dims.begin(), dims.end(), std::size_t{1}, std::multiplies<>());
        std::vector<float> x = test::randomValues(count, static_cast<std::uint32_t>(count));
        for (std::size_t i = 0; i < x.size(); i += 97)
            x[i] *= 8; // some outliers
        checkLayer(bytesOf("w.weight", dims, x), x, dims, axis, scheme);
    }

    /// Channels longer than a block are quantized piece by piece.
    void longChannels_data()
    {
        QTest::addColumn<Scheme>("scheme");
        QTest::newRow("per channel") << Scheme{};
        Scheme groups;
        groups.granularity = Granularity::group(1000); // groups reach over the borders of pieces
        groups.mode = Mode::Asymmetric;
        QTest::newRow("groups of 1000") << groups;
        Scheme tensor;
        tensor.granularity = Granularity::tensor();
        tensor.bits = 4;
        QTest::newRow("per tensor") << tensor;
    }

    void longChannels()
    {
        QFETCH(Scheme, scheme);
        const std::vector<std::uint64_t> shape{2, 4'300'001};
        const std::vector<float> x = test::randomValues(shape[0] * shape[1], 9);
        checkLayer(bytesOf("w.weight", shape, x), x, shape, 0, scheme);
    }

    void sameBitsOnAllThreadsAndLevels()
    {
        const std::vector<std::uint64_t> shape{600, 1111};
        const QByteArray bytes = bytesOf("w.weight", shape, test::randomValues(600 * 1111, 4));
        const auto model = test::openBytes(m_folder, "threads.safetensors", bytes);
        std::optional<LayerQuantization> first;
        for (const char *level : {"v2", "v3", "v4", "generic"}) {
            if (!kernelsForLevel(level))
                continue;
            useKernels(kernelsForLevel(level));
            for (int threads : {1, 2, 5}) {
                setThreadCount(threads);
                for (int axis : {0, 1}) {
                    const auto result = test::quantizeWhole(*model, model->layers[0], axis, Scheme{});
                    QS_VERIFY(result);
                    if (axis == 1)
                        continue;
                    if (!first)
                        first = *result;
                    QVERIFY(std::memcmp(&first->sums, &result->sums, sizeof(ErrorSums)) == 0);
                    QVERIFY(first->scales == result->scales);
                    QVERIFY(first->channelRmsePerScale == result->channelRmsePerScale);
                }
            }
        }
        setThreadCount(0);
        useKernels(nullptr);
    }

    void statistics()
    {
        std::vector<float> x = test::randomValues(70'000, 8);
        for (float &value : x)
            value += 3; // far from zero
        const auto model = test::openBytes(m_folder, "stats.safetensors", bytesOf("w.weight", {100, 700}, x));
        const auto result = weightStatistics(*model, model->layers[0], {});
        QS_VERIFY(result);
        double mean = 0;
        for (float value : x)
            mean += static_cast<double>(value) / static_cast<double>(x.size());
        double m2 = 0;
        double m4 = 0;
        for (float value : x) {
            const double d = static_cast<double>(value) - mean;
            m2 += d * d;
            m4 += d * d * d * d;
        }
        const double kurtosis = m4 * static_cast<double>(x.size()) / (m2 * m2) - 3;
        QVERIFY(std::abs(*result->excessKurtosis - kurtosis) < 1e-6);
        QCOMPARE(result->min, static_cast<double>(*std::min_element(x.begin(), x.end())));
        QVERIFY(result->finite());
    }

    void nonFinite()
    {
        std::vector<float> x = test::randomValues(60, 8);
        x[17] = NAN;
        x[41] = -INFINITY;
        x[59] = NAN;
        const auto model = test::openBytes(m_folder, "nan.safetensors", bytesOf("w.weight", {3, 4, 5}, x));
        const auto result = weightStatistics(*model, model->layers[0], {});
        QS_VERIFY(result);
        QCOMPARE(result->nanCount, 2U);
        QCOMPARE(result->infCount, 1U);
        QCOMPARE(result->firstNonFinite, (std::vector<std::uint64_t>{0, 3, 2}));
        QVERIFY(!result->excessKurtosis);
    }

    void scaleThatOverflows()
    {
        const std::vector<float> x{FLT_MAX, -FLT_MAX, 1, 2};
        const auto model = test::openBytes(m_folder, "range.safetensors", bytesOf("w.weight", {2, 2}, x));
        Scheme scheme;
        scheme.mode = Mode::Asymmetric;
        auto result = test::quantizeWhole(*model, model->layers[0], 0, scheme);
        QS_VERIFY(result);
        QVERIFY(!result->scalesFinite);
        scheme.mode = Mode::Symmetric;
        result = test::quantizeWhole(*model, model->layers[0], 0, scheme);
        QS_VERIFY(result);
        QVERIFY(result->scalesFinite);
    }

    void exactLayer()
    {
        Scheme scheme;
        scheme.codeRange = CodeRange::Narrow;
        const auto model = test::openBytes(m_folder, "exact.safetensors", bytesOf("w.weight", {3, 1}, {1, -2, 0}));
        const auto result = test::quantizeWhole(*model, model->layers[0], 0, scheme);
        QS_VERIFY(result);
        const auto statistics = weightStatistics(*model, model->layers[0], {});
        const Metrics metrics = layerMetrics(*result, *statistics);
        QVERIFY(metrics.exact);
        QVERIFY(!metrics.sqnrDb);
        QCOMPARE(*metrics.relativeError, 0.0);
        QCOMPARE(result->raisedScales, 1U); // the all-zero row
    }

    void sizes()
    {
        Scheme scheme; // 8 bits, f32 scales
        QCOMPARE(quantizedBytes({256, 128}, scheme), 256U * 128 + 256 * 4);
        scheme.bits = 3;
        QCOMPARE(quantizedBytes({10, 5}, scheme), 10U * 2 + 10 * 4); // 15 bits padded to 2 bytes a row
        scheme.bits = 4;
        scheme.mode = Mode::Asymmetric;
        scheme.scaleType = ScaleType::F16;
        scheme.granularity = Granularity::group(32);
        QCOMPARE(quantizedBytes({10, 70}, scheme), 10U * 35 + 10 * 3 * 2 + 10 * 2); // 3 groups a row
        scheme.granularity = Granularity::tensor();
        QCOMPARE(quantizedBytes({10, 70}, scheme), 10U * 35 + 2 + 1);
    }

    /// A group has one scale, so its codes have places, also when it is shorter than the others.
    void distributionOfAGroup()
    {
        const std::vector<float> x = test::randomValues(5000, 22);
        const auto model = test::openBytes(m_folder, "groups.safetensors", bytesOf("w.weight", {10, 500}, x));
        Scheme scheme;
        scheme.bits = 4;
        scheme.granularity = Granularity::group(64);
        const auto quantized = test::quantizeWhole(*model, model->layers[0], 0, scheme);
        QS_VERIFY(quantized);
        for (const std::uint64_t group : {0U, 3U, 7U}) {
            const auto first = x.begin() + 2 * 500 + static_cast<std::ptrdiff_t>(group) * 64;
            const auto end = std::min(first + 64, x.begin() + 3 * 500);
            const auto part = distribution(*model, model->layers[0], 0, *quantized, {.channel = 2, .group = group}, {});
            QS_VERIFY(part);
            QCOMPARE(part->weights.total, static_cast<std::uint64_t>(end - first));
            QCOMPARE(part->min, static_cast<double>(*std::min_element(first, end)));
            QCOMPARE(part->max, static_cast<double>(*std::max_element(first, end)));
            QVERIFY(std::abs(part->clipHigh - 7 * static_cast<double>(quantized->scales[2 * 8 + group])) < 1e-8);
            QCOMPARE(part->grid.size(), 16U);
            for (const CodePlace &place : part->grid) {
                const auto within = std::count_if(first, end, [&](float w) { return w >= place.from && w < place.to; });
                QCOMPARE(part->codeCounts[static_cast<std::size_t>(place.code - part->codeMin)],
                         static_cast<std::uint64_t>(within));
            }
        }
        QVERIFY(!distribution(*model, model->layers[0], 0, *quantized, {.channel = 2, .group = 8}, {}));
        QVERIFY(!distribution(*model, model->layers[0], 0, *quantized, {.group = 0}, {}));
    }

    void distributionCounts()
    {
        const std::vector<float> x = test::randomValues(5000, 21);
        const auto model = test::openBytes(m_folder, "histogram.safetensors", bytesOf("w.weight", {10, 500}, x));
        Scheme scheme;
        scheme.bits = 4;
        const auto quantized = test::quantizeWhole(*model, model->layers[0], 0, scheme);
        QS_VERIFY(quantized);
        const auto all = distribution(*model, model->layers[0], 0, *quantized, {}, {});
        QS_VERIFY(all);
        QCOMPARE(all->weights.total, 5000U);
        QCOMPARE(std::accumulate(all->weights.counts.begin(), all->weights.counts.end(), std::uint64_t{0}), 5000U);
        QCOMPARE(all->roundingErrors.total, 5000U);
        QVERIFY(all->grid.empty()); // ten scales, no common grid
        const auto one = distribution(*model, model->layers[0], 0, *quantized, {.channel = 3}, {});
        QS_VERIFY(one);
        QCOMPARE(one->weights.total, 500U);
        QCOMPARE(one->grid.size(), 16U);
        // Each code has as many weights as lie between its bounds.
        for (std::size_t i = 0; i < one->grid.size(); ++i) {
            const CodePlace &place = one->grid[i];
            const auto within = std::count_if(x.begin() + 1500, x.begin() + 2000,
                                              [&](float weight) { return weight >= place.from && weight < place.to; });
            QCOMPARE(one->codeCounts[static_cast<std::size_t>(place.code - one->codeMin)],
                     static_cast<std::uint64_t>(within));
        }
        QCOMPARE(std::accumulate(all->codeCounts.begin(), all->codeCounts.end(), std::uint64_t{0}), 5000U);
        QCOMPARE(one->min, static_cast<double>(*std::min_element(x.begin() + 1500, x.begin() + 2000)));
        QVERIFY(std::abs(one->clipHigh - 7 * static_cast<double>(quantized->scales[3])) < 1e-9);
        QVERIFY(!distribution(*model, model->layers[0], 0, *quantized, {.channel = 10}, {}));
    }

private:
    static QList<Scheme> schemes()
    {
        QList<Scheme> result;
        for (Granularity granularity : {Granularity::tensor(), Granularity::channel(), Granularity::group(32)}) {
            for (Mode mode : {Mode::Symmetric, Mode::Asymmetric}) {
                for (int bits : {2, 5, 8}) {
                    Scheme scheme;
                    scheme.granularity = granularity;
                    scheme.mode = mode;
                    scheme.bits = bits;
                    result << scheme;
                }
            }
        }
        Scheme narrow;
        narrow.codeRange = CodeRange::Narrow;
        Scheme half;
        half.scaleType = ScaleType::F16;
        Scheme best = half;
        best.codes = Codes::Best;
        Scheme brain;
        brain.scaleType = ScaleType::BF16;
        brain.codes = Codes::Best;
        brain.mode = Mode::Asymmetric;
        return result << narrow << half << best << brain;
    }

    void checkLayer(const QByteArray &bytes, const std::vector<float> &x, const std::vector<std::uint64_t> &shape,
                    int axis, const Scheme &scheme)
    {
        const auto model = test::openBytes(m_folder, "layer.safetensors", bytes);
        const Layer &layer = model->layers.at(0);
        std::vector<int> codes(x.size(), 1000);
        std::vector<float> values(x.size());
        const AxisLayout layout = axisLayout(shape, axis);
        const auto result =
            test::quantizeWhole(*model, layer, axis, scheme, [&](const CodeBlock &block) -> Result<void> {
                forEachRun(layout, {block.channel, block.channels, block.weight, block.weights},
                           [&](std::uint64_t source, std::uint64_t target, std::uint64_t length) {
                               for (std::uint64_t i = 0; i < length; ++i) {
                                   codes[source + i] = block.codes[target + i];
                                   values[source + i] = block.values[target + i];
                               }
                           });
                return {};
            });
        QS_VERIFY(result);
        const Plain plain = plainQuantize(x, unitsOf(shape, axis, scheme.granularity), scheme);
        QVERIFY(result->scales == plain.scales);
        QVERIFY(codes == plain.codes);
        QVERIFY(values == plain.values);
        if (scheme.mode == Mode::Asymmetric) {
            const std::vector<int> zeroPoints(result->zeroPoints.begin(), result->zeroPoints.end());
            QVERIFY(zeroPoints == plain.zeroPoints);
        }
        checkSums(*result, x, values);
    }

    static void checkSums(const LayerQuantization &result, const std::vector<float> &x, const std::vector<float> &y)
    {
        double error = 0;
        double signal = 0;
        double largest = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double e = static_cast<double>(y[i] - x[i]);
            error += e * e;
            signal += static_cast<double>(x[i]) * static_cast<double>(x[i]);
            largest = std::max(largest, std::abs(e));
        }
        QCOMPARE(result.sums.count, x.size());
        QVERIFY(std::abs(result.sums.errorEnergy - error) <= 1e-6 * error);
        QVERIFY(std::abs(result.sums.signalEnergy - signal) <= 1e-6 * signal);
        QCOMPARE(result.sums.maxAbsError, largest);
        const Metrics metrics = metricsFrom(result.sums);
        double dot = 0;
        double output = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            dot += static_cast<double>(x[i]) * static_cast<double>(y[i]);
            output += static_cast<double>(y[i]) * static_cast<double>(y[i]);
        }
        const double cosine = output > 0 ? 1 - dot / std::sqrt(signal * output) : 1;
        QVERIFY(std::abs(*metrics.oneMinusCosine - cosine) < 1e-6);
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestQuantize)
#include "tst_quant_layers.moc"
