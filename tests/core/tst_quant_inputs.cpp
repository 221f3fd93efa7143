// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scales and codes that depend on what a layer is fed: the range `output`, and compensated codes against NumPy.
#include "core/base/parallel.h"
#include "core/quant/output_search.h"
#include "tests/core/quantized_tensor.h"

#include <QScopeGuard>

using namespace qs;
using namespace qs::test;

namespace {

/// Moments of random rows whose numbers hang together.
InputMoments randomMoments(std::size_t weights, std::uint64_t matrices, bool full, std::uint32_t seed)
{
    constexpr std::size_t kRows = 200;
    InputMoments moments{.weights = weights, .matrices = matrices, .rows = kRows, .full = full};
    for (std::uint64_t m = 0; m < matrices; ++m) {
        std::vector<float> x = randomValues(kRows * weights, seed + static_cast<std::uint32_t>(m), 1.0F);
        for (std::size_t r = 0; r < kRows; ++r)
            for (std::size_t k = 1; k < weights; ++k)
                x[r * weights + k] += 0.8F * x[r * weights + k - 1];
        for (std::size_t i = 0; i < weights; ++i)
            for (std::size_t j = full ? 0 : i; j <= i; ++j) {
                double sum = 0;
                for (std::size_t r = 0; r < kRows; ++r)
                    sum += double(x[r * weights + i]) * double(x[r * weights + j]);
                moments.values.push_back(sum / kRows);
            }
    }
    return moments;
}

struct Quantized {
    LayerQuantization layer;
    std::vector<std::int8_t> codes;
    std::vector<float> values;
};

Result<Quantized> quantized(const Model &model, const std::string &name, const Scheme &scheme,
                            const InputMoments *moments)
{
    Layer layer;
    layer.tensor = model.findTensor(name).value();
    layer.name = name;
    Quantized result;
    const std::uint64_t columns = matrixShape(model.tensorOf(layer), 0).weights;
    result.codes.resize(model.tensorOf(layer).elements());
    result.values.resize(result.codes.size());
    const CodeSink sink = [&](const CodeBlock &block) -> Result<void> {
        const auto at = static_cast<std::ptrdiff_t>(block.channel * columns + block.weight);
        std::copy_n(block.codes, block.channels * block.weights, result.codes.begin() + at);
        std::copy_n(block.values, block.channels * block.weights, result.values.begin() + at);
        return {};
    };
    QS_ASSIGN(QuantizeResult done,
              quantizeLayer({.model = model, .layer = layer, .scheme = scheme, .sink = sink, .moments = moments}, {}));
    result.layer = std::move(done.quantization);
    return result;
}

/// eᵀHe of each channel.
std::vector<double> outputErrors(const std::vector<float> &weights, const std::vector<float> &values,
                                 const InputMoments &moments)
{
    const std::size_t columns = moments.weights;
    const MatrixShape shape{weights.size() / columns, columns};
    std::vector<double> result;
    for (std::size_t c = 0; c < shape.channels; ++c) {
        const auto matrix = moments.matrixOf(c, shape);
        double sum = 0; // the plain double loop
        for (std::size_t i = 0; i < columns; ++i)
            for (std::size_t j = 0; j < columns; ++j) {
                const std::size_t low = std::min(i, j);
                const std::size_t high = std::max(i, j);
                const double h = moments.full ? matrix[high * (high + 1) / 2 + low] : i == j ? matrix[i] : 0;
                const auto e = [&](std::size_t k) {
                    return double(values[c * columns + k]) - double(weights[c * columns + k]);
                };
                sum += e(i) * h * e(j);
            }
        result.push_back(sum);
    }
    return result;
}

double total(const std::vector<double> &errors)
{
    return std::accumulate(errors.begin(), errors.end(), 0.0);
}

} // namespace

class TestQuantInputs : public QObject
{
    Q_OBJECT

private slots:
    void compensatedLikeNumPy_data()
    {
        QTest::addColumn<QString>("golden");
        QTest::addColumn<Scheme>("scheme");
        for (int bits = kMinBits; bits <= kMaxBits; ++bits)
            for (const QString mode : {"symmetric", "asymmetric"})
                for (const int group : {0, 32})
                    for (const QString order : {"index", "activity"}) {
                        const QString granularity = group == 0 ? QString("channel") : QString("group:%1").arg(group);
                        const QString codes = order == "index" ? "compensated" : "compensated-by-activity";
                        const QString golden =
                            QString("%1.%2.%3.%4")
                                .arg(bits)
                                .arg(mode, group == 0 ? QString("channel") : QString::number(group), order);
                        QTest::newRow(qPrintable(golden)) << golden
                                                          << schemeOf(QString("bits=%1 mode=%2 granularity=%3 codes=%4")
                                                                          .arg(bits)
                                                                          .arg(mode, granularity, codes));
                    }
    }

    void compensatedLikeNumPy()
    {
        QFETCH(QString, golden);
        QFETCH(Scheme, scheme);
        const auto model = openModel(QUANTOSCOPE_SOURCE_DIR "/tests/data/golden/compensated.safetensors", {});
        QS_VERIFY(model);
        const std::vector<double> values = elementsOf<double>(**model, "moments");
        InputMoments moments{.weights = 72, .rows = 300, .full = true, .values = values};
        const auto result = quantized(**model, "weight", scheme, &moments);
        QS_VERIFY(result);
        const std::vector<std::int8_t> expected = elementsOf<std::int8_t>(**model, golden.toStdString());
        QCOMPARE(expected.size(), result->codes.size());
        QCOMPARE(result->codes, expected);
    }

    void schemes_data()
    {
        QTest::addColumn<Scheme>("scheme");
        QTest::addColumn<bool>("full");
        QTest::addColumn<int>("matrices");
        for (const QString fields :
             {"bits=2", "bits=3", "bits=4 mode=asymmetric", "bits=3 granularity=group:32",
              "bits=4 granularity=group:50 mode=asymmetric", "bits=3 granularity=tensor", "bits=4 code_range=narrow",
              "convention=gguf-q4_1", "convention=torchao bits=4 granularity=group:32", "bits=4 scale_type=f16"})
            for (const bool full : {true, false})
                for (const int matrices : {1, 4})
                    QTest::addRow("%s %s %d", qPrintable(fields), full ? "full" : "diagonal", matrices)
                        << schemeOf(fields) << full << matrices;
    }

    /// No channel is worse than under min–max, measured by the moments it was chosen by; most are better.
    void outputRangeIsNeverWorse_data() { schemes_data(); }
    void outputRangeIsNeverWorse()
    {
        QFETCH(Scheme, scheme);
        QFETCH(bool, full);
        QFETCH(int, matrices);
        const InputMoments moments = randomMoments(kColumns, static_cast<std::uint64_t>(matrices), full, 3);
        const auto plain = quantized(*m_model, "rows", scheme, nullptr);
        QS_VERIFY(plain);
        scheme.range = RangeMethod::output();
        const auto chosen = quantized(*m_model, "rows", scheme, &moments);
        QS_VERIFY(chosen);
        const std::vector<double> before = outputErrors(m_rows, plain->values, moments);
        const std::vector<double> after = outputErrors(m_rows, chosen->values, moments);
        if (scheme.granularity.kind != Granularity::Kind::Tensor)
            for (std::size_t c = 0; c < before.size(); ++c)
                QVERIFY2(after[c] <= before[c] * (1 + 1e-9), qPrintable(QString("channel %1").arg(c)));
        QVERIFY2(total(after) < 0.98 * total(before),
                 qPrintable(QString("%1 %2").arg(total(after)).arg(total(before))));
    }

    /// The output of the layer as a whole gains by compensation, as long as more than the diagonal is known.
    void compensationGains_data() { schemes_data(); }
    void compensationGains()
    {
        QFETCH(Scheme, scheme);
        QFETCH(bool, full);
        QFETCH(int, matrices);
        const InputMoments moments = randomMoments(kColumns, static_cast<std::uint64_t>(matrices), full, 3);
        const auto plain = quantized(*m_model, "rows", scheme, nullptr);
        QS_VERIFY(plain);
        scheme.codes = Codes::Compensated;
        const auto result = quantized(*m_model, "rows", scheme, &moments);
        QS_VERIFY(result);
        QCOMPARE(result->layer.scales, plain->layer.scales);
        if (!full) {
            QCOMPARE(result->codes, plain->codes);
            return;
        }
        QVERIFY(total(outputErrors(m_rows, result->values, moments)) <
                0.9 * total(outputErrors(m_rows, plain->values, moments)));
        // What is measured is what is handed out.
        QVERIFY(std::abs(result->layer.sums.errorEnergy / squares(m_rows, result->values) - 1) < 1e-6);
    }

    void sameForAnyThreads()
    {
        const auto allThreads = qScopeGuard([] { setThreadCount(0); });
        const InputMoments moments = randomMoments(kColumns, 1, true, 3);
        for (const QString fields :
             {"range=output bits=3", "range=output bits=3 granularity=group:32",
              "range=output codes=compensated-by-activity bits=3", "range=output granularity=tensor"}) {
            std::vector<std::int8_t> first;
            for (const int threads : {1, 2, 5}) {
                setThreadCount(threads);
                const auto result = quantized(*m_model, "rows", schemeOf(fields), &moments);
                QS_VERIFY(result);
                if (first.empty())
                    first = result->codes;
                QCOMPARE(result->codes, first);
            }
        }
    }

    /// Without moments, or with those of another shape, ranges are min–max and codes the nearest ones.
    void withoutMoments()
    {
        const auto plain = quantized(*m_model, "rows", schemeOf("bits=3"), nullptr);
        QS_VERIFY(plain);
        const InputMoments other = randomMoments(kColumns + 1, 1, true, 3);
        const Scheme scheme = schemeOf("bits=3 range=output codes=compensated");
        for (const InputMoments *moments : {static_cast<const InputMoments *>(nullptr), &other}) {
            const auto result = quantized(*m_model, "rows", scheme, moments);
            QS_VERIFY(result);
            QCOMPARE(result->codes, plain->codes);
        }
    }

    /// Inputs that were always 0: their weights get the nearest code, and nothing becomes infinite.
    void deadInputs()
    {
        InputMoments moments = randomMoments(kColumns, 1, true, 3);
        for (std::size_t j = 0; j < kColumns; ++j) {
            moments.values[j <= 7 ? 7 * 8 / 2 + j : j * (j + 1) / 2 + 7] = 0;
            moments.values[j <= 50 ? 50 * 51 / 2 + j : j * (j + 1) / 2 + 50] = 0;
        }
        const Scheme nearest = schemeOf("bits=4");
        Scheme scheme = nearest;
        scheme.codes = Codes::Compensated;
        const auto plain = quantized(*m_model, "rows", nearest, nullptr);
        const auto result = quantized(*m_model, "rows", scheme, &moments);
        QS_VERIFY(plain);
        QS_VERIFY(result);
        QVERIFY(result->layer.valuesFinite);
        for (std::size_t c = 0; c < kRows; ++c)
            for (const std::size_t k : {std::size_t{7}, std::size_t{50}})
                QCOMPARE(result->codes[c * kColumns + k], plain->codes[c * kColumns + k]);
        const InputMoments dead{
            .weights = kColumns, .full = true, .values = std::vector<double>(kColumns * (kColumns + 1) / 2)};
        const auto all = quantized(*m_model, "rows", scheme, &dead);
        QS_VERIFY(all);
        QCOMPARE(all->codes, plain->codes);
    }

private:
    static constexpr std::size_t kRows = 12;
    static constexpr std::size_t kColumns = 96;

    QTemporaryDir m_folder;
    std::vector<float> m_rows = heavyValues(kRows * kColumns, 9);
    std::shared_ptr<const Model> m_model =
        openBytes(m_folder, "model.safetensors", safetensorsBytes({{"rows", {kRows, kColumns}, m_rows}}));
};

QTEST_APPLESS_MAIN(TestQuantInputs)
#include "tst_quant_inputs.moc"
