// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The curve of error against clipping point.
#include "core/analysis/clipping_outputs.h"
#include "core/quant/unit_search.h"
#include "tests/core/quantized_tensor.h"

#include <algorithm>
#include <cmath>

using namespace qs;
using qs::test::quantizeTensor;
using qs::test::schemeOf;
using qs::test::squares;

class TestClippingCurve : public QObject
{
    Q_OBJECT

private slots:
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
        const Scheme scheme = schemeOf(fields);
        const auto result = quantizeTensor(*m_heavy.model, tensor.toStdString(), scheme);
        QS_VERIFY(result);
        Layer layer;
        layer.tensor = m_heavy.model->findTensor(tensor.toStdString()).value();
        const std::uint64_t channel = 1;
        const auto curve =
            clippingCurve(*m_heavy.model, layer, result->layer, channel, static_cast<std::uint64_t>(group), {});
        QS_VERIFY(curve);
        QCOMPARE(curve->points.size(), std::size_t(96));
        QCOMPARE(curve->points.front().share, 1.0);
        QVERIFY(std::abs(curve->points.back().share - 0.05) < 1e-9);
        QVERIFY(curve->chosen);
        // The point in use has the error of the values in use.
        const std::vector<float> &x = m_heavy.valuesOf(tensor);
        const std::size_t columns = m_heavy.columnsOf(tensor);
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
        QVERIFY(!clippingCurve(*m_heavy.model, layer, result->layer, 1U << 20U, 0, {}));
        QVERIFY(!clippingCurve(*m_heavy.model, layer, result->layer, 0, 1U << 30U, {}));
    }

    void outputs_data()
    {
        QTest::addColumn<QString>("fields");
        QTest::addColumn<int>("group");
        QTest::newRow("channel") << "bits=4" << 0;
        QTest::newRow("asymmetric") << "bits=3 mode=asymmetric" << 0;
        QTest::newRow("one scale") << "bits=4 granularity=tensor" << 0;
        QTest::newRow("group") << "bits=4 granularity=group:32" << 2;
    }

    /// Fed with independent inputs of equal size, the error of the output is that of the weights.
    void outputs()
    {
        QFETCH(QString, fields);
        QFETCH(int, group);
        const auto result = quantizeTensor(*m_heavy.model, "rows", schemeOf(fields));
        QS_VERIFY(result);
        Layer layer;
        layer.tensor = m_heavy.model->findTensor("rows").value();
        const std::uint64_t channel = 1;
        const auto unit = static_cast<std::uint64_t>(group);
        const auto curve = clippingCurve(*m_heavy.model, layer, result->layer, channel, unit, {});
        QS_VERIFY(curve);
        const std::size_t columns = m_heavy.columnsOf("rows");
        InputMoments moments;
        moments.weights = columns;
        moments.values.assign(moments.size(), 0);
        for (std::size_t i = 0; i < columns; ++i)
            moments.values[i * (i + 1) / 2 + i] = 9;
        const auto outputs = [&] {
            return clippingOutputs(*m_heavy.model, layer, result->layer, channel, unit, *curve, moments, {});
        };
        const auto even = outputs();
        QS_VERIFY(even);
        QCOMPARE(even->relativeErrors.size(), curve->points.size());
        const std::span<const float> row = std::span(m_heavy.valuesOf("rows")).subspan(channel * columns, columns);
        double signal = 0;
        for (const float weight : row)
            signal += double(weight) * double(weight);
        for (std::size_t i = 0; i < curve->points.size(); ++i)
            QVERIFY(std::abs(even->relativeErrors[i] - std::sqrt(curve->points[i].errorEnergy / signal)) <
                    1e-6 * (1 + even->relativeErrors[i]));
        // Equal inputs: the errors of weights cancel each other, as far as their signs differ.
        std::ranges::fill(moments.values, 9.0);
        const auto equal = outputs();
        QS_VERIFY(equal);
        QVERIFY(equal->relativeErrors != even->relativeErrors);
        QVERIFY(equal->best() < curve->points.size());
        moments.full = false;
        QVERIFY(!outputs());
    }

private:
    const test::HeavyModel m_heavy{300'001}; // read in two pieces
};

QTEST_GUILESS_MAIN(TestClippingCurve)
#include "tst_analysis_clipping_curve.moc"
