// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Range methods by hand: percentiles and searches, in one block and over many.
#include "core/base/parallel.h"
#include "core/kernels/kernels.h"
#include "core/quant/unit_search.h"
#include "tests/core/quantized_tensor.h"

#include <algorithm>
#include <cmath>

using namespace qs;
using qs::test::FloatTensor;
using qs::test::quantizeTensor;
using qs::test::schemeOf;
using qs::test::squares;

class TestRangeSearch : public QObject
{
    Q_OBJECT

private slots:
    void percentilesThatClipNothing_data()
    {
        QTest::addColumn<QString>("fields");
        QTest::addColumn<quint64>("weights");
        QTest::addColumn<bool>("expected");
        QTest::newRow("few") << "range=percentile:99.9" << quint64(999) << true;
        QTest::newRow("enough") << "range=percentile:99.9" << quint64(1000) << false;
        QTest::newRow("one side of two") << "mode=asymmetric range=percentile:99.9" << quint64(1999) << true;
        QTest::newRow("both sides") << "mode=asymmetric range=percentile:99.9" << quint64(2000) << false;
        QTest::newRow("all of them are wanted") << "range=percentile:100" << quint64(2) << false;
        QTest::newRow("no percentile") << "range=mse" << quint64(2) << false;
    }

    void percentilesThatClipNothing()
    {
        QFETCH(const QString, fields);
        QFETCH(const quint64, weights);
        QFETCH(const bool, expected);
        QCOMPARE(clipsNothing(weights, test::schemeOf(fields)), expected);
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
        const Scheme scheme = schemeOf(fields);
        const auto result = quantizeTensor(*m_heavy.model, tensor.toStdString(), scheme);
        QS_VERIFY(result);
        const std::vector<float> &x = m_heavy.valuesOf(tensor);
        const std::size_t columns = m_heavy.columnsOf(tensor);
        const std::size_t channel = scheme.granularity.kind == Granularity::Kind::Tensor ? x.size() : columns;
        const std::size_t group =
            scheme.granularity.kind == Granularity::Kind::Group ? scheme.granularity.groupSize : channel;
        std::size_t entry = 0;
        for (std::size_t start = 0; start < x.size(); start += channel) {
            for (std::size_t at = 0; at < channel; at += group, ++entry) {
                const std::span unit(x.data() + start + at, std::min(group, channel - at));
                const ScaleAndZeroPoint wanted = Quantizer(scheme, DType::F32).scaleFor(sortedRange(unit, scheme));
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
        Scheme scheme = schemeOf(fields);
        const auto plain = quantizeTensor(*m_heavy.model, tensor.toStdString(), scheme);
        scheme.range = RangeMethod::mse();
        const auto result = quantizeTensor(*m_heavy.model, tensor.toStdString(), scheme);
        QS_VERIFY(plain);
        QS_VERIFY(result);
        const std::vector<float> &x = m_heavy.valuesOf(tensor);
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
        const Scheme scheme = schemeOf(fields);
        std::optional<test::QuantizedTensor> first;
        for (const char *level : {"v2", "v3", "v4", "generic"}) {
            if (!kernelsForLevel(level))
                continue;
            useKernels(kernelsForLevel(level));
            for (const int threads : {1, 3}) {
                setThreadCount(threads);
                auto result = quantizeTensor(*m_heavy.model, tensor.toStdString(), scheme);
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
        const auto result = quantizeTensor(*m_heavy.model, "long", scheme);
        QS_VERIFY(result);
        const auto [low, high] = std::ranges::minmax(m_heavy.longValues);
        double least = std::numeric_limits<double>::infinity();
        float best = 0;
        for (int step = 0; step < int(kLlmCompressorSteps); ++step) {
            const auto share = static_cast<float>(1 - step / 100.0);
            const float scale = Quantizer(scheme, DType::F32).scaleFor({low * share, high * share, false}).stored;
            double error = 0;
            for (const float w : m_heavy.longValues) {
                const float code = std::clamp(std::nearbyint(w / scale), -8.0F, 7.0F);
                error += std::pow(std::abs(double(code * scale - w)), 2.4);
            }
            best = error < least ? scale : best;
            least = std::min(least, error);
        }
        QVERIFY(result->layer.scales[0] == best);
    }

    /// A huge outlier: what the percentile leaves is far inside, and all codes stay finite.
    void outliers()
    {
        std::vector<float> x = test::randomValues(1000, 3);
        x[500] = 3e38F;
        x[501] = -1e30F;
        const auto model = test::openBytes(m_heavy.folder, "outliers.safetensors",
                                           test::safetensorsBytes(std::vector<FloatTensor>{{"x", {1, 1000}, x}}));
        for (const char *level : {"v2", "v3", "v4", "generic"}) {
            if (!kernelsForLevel(level))
                continue;
            useKernels(kernelsForLevel(level));
            const auto result = quantizeTensor(*model, "x", schemeOf("range=percentile:99"));
            QS_VERIFY(result);
            QCOMPARE(int(result->codes[500]), 127);
            QCOMPARE(int(result->codes[501]), -128);
            QVERIFY(result->layer.scales[0] < 0.01F);
        }
    }

private:
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
        const UnitSearch search{Quantizer(scheme, DType::F32)};
        ScaleAndZeroPoint best;
        double least = std::numeric_limits<double>::infinity();
        for (int percent = 100; percent >= 80; --percent) {
            const float share = static_cast<float>(1 - (100 - percent) / 100.0);
            const ScaleAndZeroPoint with = Quantizer(scheme, DType::F32).scaleFor({low * share, high * share, false});
            const double error = search.squaredError(unit, with, std::max(-low, high));
            if (error < least) {
                least = error;
                best = with;
            }
        }
        return best;
    }

    const test::HeavyModel m_heavy{1'050'001}; // one channel lies in several blocks
};

QTEST_GUILESS_MAIN(TestRangeSearch)
#include "tst_quant_range_search.moc"
