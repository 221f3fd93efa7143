// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics from sums, against the definitions applied to the values themselves.
#include "core/metrics/error_metrics.h"

#include <QTest>

#include <cmath>

using namespace qs;

namespace {

ErrorSums sumsOf(const std::vector<double> &x, const std::vector<double> &y)
{
    ErrorSums sums;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double e = y[i] - x[i];
        sums.errorEnergy += e * e;
        sums.signalEnergy += x[i] * x[i];
        sums.angle.add({x[i] * x[i], y[i] * y[i], x[i] * y[i], e * e, x[i] * e});
        sums.maxAbsError = std::max(sums.maxAbsError, std::abs(e));
        sums.count += 1;
        sums.nonZero += x[i] != 0 ? 1 : 0;
        sums.zeroCodes += x[i] != 0 && y[i] == 0 ? 1 : 0;
    }
    return sums;
}

double cosine(const std::vector<double> &x, const std::vector<double> &y)
{
    long double xy = 0;
    long double xx = 0;
    long double yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xy += static_cast<long double>(x[i]) * y[i];
        xx += static_cast<long double>(x[i]) * x[i];
        yy += static_cast<long double>(y[i]) * y[i];
    }
    return static_cast<double>(xy / (std::sqrt(xx) * std::sqrt(yy)));
}

} // namespace

class TestMetricsValues : public QObject
{
    Q_OBJECT
private slots:
    void definitions_data();
    void definitions();
    void exact();
    void nothingToDivideBy();
    void notFinite();
    void sumsAdd();
};

void TestMetricsValues::definitions_data()
{
    QTest::addColumn<std::vector<double>>("x");
    QTest::addColumn<std::vector<double>>("y");
    using Values = std::vector<double>;
    QTest::newRow("one weight") << Values{2} << Values{1.5};
    QTest::newRow("signs") << Values{1, -2, 3} << Values{0.9, -2.2, 3.1};
    QTest::newRow("one falls to zero") << Values{0.1, 4} << Values{0, 4};
    QTest::newRow("opposite") << Values{1, 1} << Values{-1, -1};
}

void TestMetricsValues::definitions()
{
    QFETCH(const std::vector<double>, x);
    QFETCH(const std::vector<double>, y);
    double noise = 0;
    double signal = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        noise += (x[i] - y[i]) * (x[i] - y[i]);
        signal += x[i] * x[i];
    }
    const Metrics metrics = metricsFrom(sumsOf(x, y));
    const auto near = [](double a, double b) { return std::abs(a - b) <= 1e-12 * std::max(1.0, std::abs(b)); };
    QVERIFY(!metrics.exact);
    QVERIFY(near(metrics.mse.value(), noise / static_cast<double>(x.size())));
    QVERIFY(near(metrics.rmse.value(), std::sqrt(noise / static_cast<double>(x.size()))));
    QVERIFY(near(metrics.relativeError.value(), std::sqrt(noise) / std::sqrt(signal)));
    QVERIFY(near(metrics.sqnrDb.value(), -20 * std::log10(metrics.relativeError.value())));
    QVERIFY(near(metrics.oneMinusCosine.value(), 1 - cosine(x, y)));
}

void TestMetricsValues::exact()
{
    const Metrics metrics = metricsFrom(sumsOf({1, 2}, {1, 2}));
    QVERIFY(metrics.exact);
    QVERIFY(!metrics.sqnrDb);
    QCOMPARE(metrics.relativeError.value(), 0.0);
    QCOMPARE(metrics.oneMinusCosine.value(), 0.0);
}

void TestMetricsValues::nothingToDivideBy()
{
    const Metrics zeros = metricsFrom(sumsOf({0, 0}, {0, 0.5}));
    QVERIFY(!zeros.relativeError && !zeros.sqnrDb && !zeros.zeroShare);
    QCOMPARE(zeros.oneMinusCosine.value(), 1.0);
    QVERIFY(!metricsFrom({}).mse); // no weights at all
}

void TestMetricsValues::notFinite()
{
    ErrorSums sums = sumsOf({1}, {2});
    sums.errorEnergy = INFINITY;
    const Metrics metrics = metricsFrom(sums);
    QVERIFY(!metrics.mse && !metrics.relativeError && !metrics.clippedShare && !metrics.exact);
}

void TestMetricsValues::sumsAdd()
{
    ErrorSums sums = sumsOf({1, -2}, {1.5, -2});
    sums.add(sumsOf({3, 0.25}, {3, 0}));
    const ErrorSums whole = sumsOf({1, -2, 3, 0.25}, {1.5, -2, 3, 0});
    QCOMPARE(sums.errorEnergy, whole.errorEnergy);
    QCOMPARE(sums.signalEnergy, whole.signalEnergy);
    QCOMPARE(sums.maxAbsError, 0.5);
    QCOMPARE(sums.count, whole.count);
    QCOMPARE(sums.zeroCodes, std::uint64_t(1));
}

QTEST_GUILESS_MAIN(TestMetricsValues)
#include "tst_metrics_values.moc"
