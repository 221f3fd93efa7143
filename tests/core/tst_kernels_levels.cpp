// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every kernel level against plain double loops, and all levels against each other to the bit.
#include "tests/support/kernel_levels.h"
#include "tests/support/test_model.h"

#include <cfloat>
#include <cmath>

using namespace qs;
using qs::test::levels;

namespace {

double total(const double (&lanes)[kLanes])
{
    double sum = 0;
    for (double lane : lanes)
        sum += lane;
    return sum;
}

} // namespace

class TestKernels : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(!levels().empty()); }

    void range_data() { lengths(); }

    void range()
    {
        QFETCH(int, length);
        QFETCH(int, offset);
        std::vector<float> values = test::randomValues(static_cast<std::size_t>(length + offset), 7);
        for (const Kernels *table : levels()) {
            RangeSums sums;
            table->range(values.data() + offset, static_cast<std::size_t>(length), &sums);
            QCOMPARE(sums.any(), length > 0);
            QVERIFY(length == 0 || sums.finite());
            if (length == 0)
                continue;
            QCOMPARE(sums.min, *std::min_element(values.begin() + offset, values.end()));
            QCOMPARE(sums.max, *std::max_element(values.begin() + offset, values.end()));
        }
        for (float bad : {NAN, -NAN, INFINITY, -INFINITY}) {
            for (int at = 0; at < length; at += std::max(1, length / 7)) {
                std::vector<float> spoilt = values;
                spoilt[static_cast<std::size_t>(offset + at)] = bad;
                for (const Kernels *table : levels()) {
                    RangeSums sums;
                    table->range(spoilt.data() + offset, static_cast<std::size_t>(length), &sums);
                    QVERIFY(!sums.finite());
                }
            }
        }
    }

    void quantizeAndMeasure_data() { lengths(); }

    void quantizeAndMeasure()
    {
        QFETCH(int, length);
        QFETCH(int, offset);
        const auto n = static_cast<std::size_t>(length);
        std::vector<float> values = test::randomValues(n + static_cast<std::size_t>(offset), 11);
        const std::vector<float> special = {0.0F, -0.0F, 1e-40F, -1e-45F, 0.05F, FLT_MIN};
        for (std::size_t i = 0; i < special.size() && i * 3 < n; ++i)
            values[static_cast<std::size_t>(offset) + i * 3] = special[i];
        for (std::size_t group : {n, std::size_t{1}, std::size_t{5}, std::size_t{32}})
            checkGroups(values.data() + offset, n, std::max<std::size_t>(group, 1));
    }

    void errorsOfOneScale_data()
    {
        QTest::addColumn<float>("scale");
        QTest::addColumn<bool>("onGrid");
        QTest::newRow("usual") << 0.0007F << false;
        QTest::newRow("no errors but some of one bit") << 0.03F << true;
        QTest::newRow("errors whose squares vanish") << 0x1.2p-46F << true;
        QTest::newRow("a scale whose square vanishes") << 0x1p-90F << false;
        QTest::newRow("a scale whose square overflows") << 0x1p90F << false;
    }

    /// What is summed while codes are formed, whichever way, is what measure() finds afterwards.
    void errorsOfOneScale()
    {
        QFETCH(float, scale);
        QFETCH(bool, onGrid);
        for (const std::size_t n : {std::size_t{64}, std::size_t{1000}, std::size_t{5000}}) {
            std::vector<float> x = test::randomValues(n, 5);
            for (std::size_t i = 0; onGrid && i < n; ++i) {
                x[i] = static_cast<float>(static_cast<int>(i % 255) - 127) * scale;
                x[i] = i % 7 == 3 ? std::nextafter(x[i], 1.0F) : x[i];
            }
            const ScaleRun run{&scale, &scale, nullptr, nullptr, n, 0};
            for (const Kernels *table : levels()) {
                std::vector<std::int8_t> codes(n);
                RowSums formed;
                QuantizePiece piece;
                piece.x = x.data();
                piece.count = n;
                piece.scale = run;
                piece.codes = codes.data();
                piece.sums = &formed;
                table->quantize(&piece);
                std::vector<float> values(n);
                table->dequantize(codes.data(), n, &run, -128, values.data());
                RowSums measured;
                const MeasurePiece pairs{x.data(), values.data(), n, &run, false};
                table->measure(&pairs, &measured);
                QCOMPARE(formed.maxAbsError, measured.maxAbsError);
                for (const auto sums : {&RowSums::error, &RowSums::signal, &RowSums::cross})
                    QVERIFY(std::memcmp(formed.*sums, measured.*sums, sizeof(measured.*sums)) == 0);
                QCOMPARE(formed.nonZero, measured.nonZero);
            }
        }
    }

    void wideRows_data()
    {
        QTest::addColumn<float>("size");
        QTest::newRow("huge") << 1e37F;
        QTest::newRow("tiny") << 1e-30F;
        QTest::newRow("subnormal") << 1e-40F;
    }

    /// Squares overflow or vanish in float; the wide path keeps relative errors below 1e-6.
    void wideRows()
    {
        QFETCH(float, size);
        const std::vector<float> x = test::randomValues(777, 3, size);
        std::vector<float> y = x;
        for (std::size_t i = 0; i < y.size(); i += 2)
            y[i] *= 1.01F;
        double error = 0;
        for (std::size_t i = 0; i < x.size(); ++i)
            error += std::pow(static_cast<double>(y[i]) - static_cast<double>(x[i]), 2);
        for (const Kernels *table : levels()) {
            RowSums sums;
            const MeasurePiece piece{x.data(), y.data(), x.size(), nullptr, true};
            table->measure(&piece, &sums);
            QVERIFY(std::abs(total(sums.error) / error - 1) < 1e-12);
        }
    }

    void moments()
    {
        const std::vector<float> x = test::randomValues(1000, 5);
        const double pivot = 0x1.4p-7; // a float32
        double powers[4] = {};
        for (float value : x) {
            for (int p = 1; p <= 4; ++p)
                powers[p - 1] += std::pow(static_cast<double>(value) - pivot, p);
        }
        MomentSums first;
        for (const Kernels *table : levels()) {
            MomentSums sums;
            sums.pivot = pivot;
            table->moments(x.data(), FloatType::F32, x.size(), &sums);
            QVERIFY(std::abs(sums.power1 - powers[0]) < 1e-6);
            QVERIFY(std::abs(sums.power2 / powers[1] - 1) < 1e-6);
            QVERIFY(std::abs(sums.power4 / powers[3] - 1) < 1e-6);
            if (first.count == 0)
                first = sums;
            QVERIFY(std::memcmp(&first, &sums, sizeof sums) == 0);
        }
    }

    void product_data()
    {
        QTest::addColumn<int>("samples");
        QTest::addColumn<int>("outputs");
        QTest::addColumn<int>("depth");
        for (const auto &[n, k] : {std::pair{1, 1}, {9, 1}, {1, 128}, {17, 33}, {128, 256}})
            QTest::addRow("32 x %d x %d", n, k) << 32 << n << k;
        for (const int m : {1, 3, 4, 15, 16, 17, 31, 33, 40, 128, 129, 145}) // many weights, all ends of tiles
            QTest::addRow("%d x 201 x 777", m) << m << 201 << 777;
        QTest::newRow("outputs in several parts") << 20 << 1029 << 40;
        QTest::newRow("few outputs, long sums") << 34 << 13 << 3100;
    }

    void product()
    {
        QFETCH(int, samples);
        QFETCH(int, outputs);
        QFETCH(int, depth);
        const auto rows = static_cast<std::size_t>(samples);
        const auto n = static_cast<std::size_t>(outputs);
        const auto k = static_cast<std::size_t>(depth);
        const std::vector<float> x = test::randomValues(rows * k, 1);
        const std::vector<float> w = test::randomValues(n * k, 2);
        std::vector<double> sums;
        for (std::size_t m = 0; m < rows; ++m) {
            for (std::size_t o = 0; o < n; ++o) {
                double sum = 0;
                for (std::size_t i = 0; i < k; ++i)
                    sum += static_cast<double>(x[m * k + i]) * static_cast<double>(w[o * k + i]);
                sums.push_back(sum);
            }
        }
        const std::size_t stride = n + 3; // what lies between the rows stays as it is
        for (const Kernels *table : levels()) {
            std::vector<float> y(rows * stride, 77);
            table->product(x.data(), k, w.data(), k, y.data(), stride, rows, n, k);
            for (std::size_t m = 0; m < rows; ++m) {
                for (std::size_t o = 0; o < n; ++o)
                    QVERIFY(std::abs(sums[m * n + o] - static_cast<double>(y[m * stride + o])) < 1e-5);
                QVERIFY(std::count(y.begin() + static_cast<std::ptrdiff_t>(m * stride + n),
                                   y.begin() + static_cast<std::ptrdiff_t>((m + 1) * stride), 77.0F) == 3);
            }
        }
    }

private:
    static void lengths()
    {
        QTest::addColumn<int>("length");
        QTest::addColumn<int>("offset");
        for (int length : {0, 1, 3, 15, 16, 17, 63, 64, 65, 1023, 1024, 1025, 5000}) {
            for (int offset : {0, 1})
                QTest::addRow("%d weights, offset %d", length, offset) << length << offset;
        }
    }

    void checkGroups(const float *x, std::size_t n, std::size_t group)
    {
        const std::size_t groups = n / group + 1;
        std::vector<float> scales(groups);
        std::vector<std::int8_t> zeroPoints(groups);
        for (std::size_t g = 0; g < groups; ++g) {
            scales[g] = 0.0007F * static_cast<float>(1 + g % 5);
            zeroPoints[g] = static_cast<std::int8_t>(static_cast<int>(g % 7) - 3);
        }
        const ScaleRun run{scales.data(), scales.data(), zeroPoints.data(), nullptr, group, 0};
        std::vector<std::int8_t> firstCodes;
        RowSums firstSums;
        for (const Kernels *table : levels()) {
            std::vector<std::int8_t> codes(n);
            std::vector<float> values(n);
            QuantizePiece piece;
            piece.x = x;
            piece.count = n;
            piece.scale = run;
            piece.codes = codes.data();
            piece.values = values.data();
            piece.counted = true;
            table->quantize(&piece);
            RowSums sums;
            const MeasurePiece measured{x, values.data(), n, &run, false};
            table->measure(&measured, &sums);
            comparePlain(piece, x, sums);
            std::vector<float> back(n);
            table->dequantize(codes.data(), n, &run, -128, back.data());
            QVERIFY(back.empty() || std::memcmp(back.data(), values.data(), n * sizeof(float)) == 0);
            if (table == levels().front()) {
                firstCodes = codes;
                firstSums = sums;
            }
            QVERIFY(codes == firstCodes);
            QVERIFY(std::memcmp(&sums, &firstSums, sizeof sums) == 0);
        }
    }

    static void comparePlain(const QuantizePiece &piece, const float *weights, const RowSums &sums)
    {
        double error = 0;
        double signal = 0;
        double growth = 0;
        double growthSize = 0;
        double steps = 0;
        double largest = 0;
        std::uint64_t clipped = 0;
        std::uint64_t zeroCodes = 0;
        std::uint64_t nonZero = 0;
        for (std::size_t i = 0; i < piece.count; ++i) {
            const std::size_t g = i / piece.scale.groupSize;
            const float scale = piece.scale.scales[g];
            const int zero = piece.scale.zeroPoints[g];
            const float rounded = std::nearbyint(weights[i] / scale) + static_cast<float>(zero);
            const int code = static_cast<int>(std::fmin(std::fmax(rounded, -128.0F), 127.0F));
            QCOMPARE(static_cast<int>(piece.codes[i]), code);
            const float value = static_cast<float>(code - zero) * scale;
            QCOMPARE(piece.values[i], value);
            const float e = value - weights[i];
            error += std::pow(static_cast<double>(e), 2);
            signal += std::pow(static_cast<double>(weights[i]), 2);
            const double grown =
                static_cast<double>(e) * (static_cast<double>(value) + static_cast<double>(weights[i]));
            growth += grown;
            growthSize += std::abs(grown);
            steps += std::pow(static_cast<double>(e) / static_cast<double>(scale), 2);
            largest = std::fmax(largest, std::abs(static_cast<double>(e)));
            clipped += rounded < -128 || rounded > 127;
            zeroCodes += weights[i] != 0 && code == zero;
            nonZero += weights[i] != 0;
        }
        const auto close = [](double a, double b) { return std::abs(a - b) <= 1e-6 * std::abs(b) + 1e-30; };
        QVERIFY(close(total(sums.error), error));
        QVERIFY(close(total(sums.signal), signal));
        QVERIFY(std::abs(2 * total(sums.cross) + total(sums.error) - growth) <= 1e-6 * growthSize + 1e-30);
        QVERIFY(close(total(sums.steps), steps));
        QCOMPARE(sums.maxAbsError, largest);
        QCOMPARE(piece.clipped, clipped);
        QCOMPARE(piece.zeroCodes, zeroCodes);
        QCOMPARE(sums.nonZero, nonZero);
    }
};

QTEST_GUILESS_MAIN(TestKernels)
#include "tst_kernels_levels.moc"
