// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Sums of range searches: every kernel level against plain loops in double, and all levels against each other to the
// bit.
#include "core/tensor/small_floats.h"
#include "tests/support/kernel_levels.h"
#include "tests/support/test_model.h"

#include <algorithm>
#include <bit>
#include <cfloat>
#include <cmath>

using namespace qs;
using qs::test::levels;

namespace {

bool sameBits(double a, double b)
{
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

bool near(double a, double b)
{
    return std::fabs(a - b) <= 1e-6 * std::fabs(b);
}

DType typeOf(Arithmetic arithmetic)
{
    return arithmetic == Arithmetic::F16 ? DType::F16 : arithmetic == Arithmetic::BF16 ? DType::BF16 : DType::F32;
}

} // namespace

class TestKernelSearches : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(!levels().empty()); }

    void powerError_data()
    {
        QTest::addColumn<int>("length");
        QTest::addColumn<int>("arithmetic");
        for (const int length : {0, 1, 15, 16, 17, 1023, 1024, 3001})
            for (const Arithmetic arithmetic : {Arithmetic::F32, Arithmetic::F16, Arithmetic::BF16})
                QTest::addRow("%d in %d", length, static_cast<int>(arithmetic))
                    << length << static_cast<int>(arithmetic);
    }

    void powerError()
    {
        QFETCH(const int, length);
        QFETCH(const int, arithmetic);
        const auto n = static_cast<std::size_t>(length);
        const DType type = typeOf(static_cast<Arithmetic>(arithmetic));
        std::vector<float> x = test::randomValues(n, 3);
        std::vector<float> y = test::randomValues(n, 4);
        for (float &value : x)
            value = roundTo(type, value);
        for (std::size_t i = 0; i < n; i += 5)
            y[i] = x[i]; // no error
        if (n > 3 && type == DType::F32) {
            x[1] = 0;
            y[1] = 1e-41F; // subnormal
            y[2] = 1e6F;
        }
        double expected = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const float difference = std::fabs(roundTo(type, roundTo(type, y[i]) - x[i]));
            expected += difference > 0 ? static_cast<double>(roundTo(
                                             type, static_cast<float>(std::pow(static_cast<double>(difference), 2.4))))
                                       : 0;
        }
        double first = 0;
        for (const Kernels *table : levels()) {
            PowerErrorPiece piece{.x = x.data(),
                                  .y = y.data(),
                                  .count = n,
                                  .exponent = 2.4,
                                  .arithmetic = static_cast<Arithmetic>(arithmetic),
                                  .error = 0};
            table->powerError(&piece);
            QVERIFY2(near(piece.error, expected), table->level);
            if (table == levels().front())
                first = piece.error;
            QVERIFY2(sameBits(piece.error, first), table->level);
        }
    }

    void shrink_data()
    {
        QTest::addColumn<int>("units");
        QTest::addColumn<int>("size");
        for (const int units : {1, 3, 4, 5})
            for (const int size : {1, 17, 64, 256, 300})
                QTest::addRow("%d of %d", units, size) << units << size;
    }

    void shrink()
    {
        QFETCH(const int, units);
        QFETCH(const int, size);
        const auto n = static_cast<std::size_t>(size);
        std::vector<float> x = test::randomValues(static_cast<std::size_t>(units) * n, 9);
        x[0] = 0;
        x.back() = -0.0F;
        std::vector<ShrinkUnit> wanted;
        for (int i = 0; i < units; ++i)
            wanted.push_back({.x = x.data() + static_cast<std::size_t>(i) * n,
                              .inverse = 7.5F + static_cast<float>(i),
                              .zero = 3.25F,
                              .error = 1, // is set, not added to
                              .codes = 1});
        const std::vector<ShrinkUnit> given = wanted;
        for (ShrinkUnit &unit : wanted) {
            unit.error = unit.codes = 0;
            for (std::size_t i = 0; i < n; ++i) {
                const float code = std::clamp(std::nearbyint(unit.x[i] * unit.inverse + unit.zero), 0.0F, 15.0F);
                const double d = static_cast<double>(unit.x[i]) - (static_cast<double>(code) - 3.25) / unit.inverse;
                const double left = d == 0 ? 0 : std::max(std::fabs(d) - 0.1 * std::pow(std::fabs(d), -0.3), 0.0);
                unit.error += std::fabs(d);
                unit.codes += code - (static_cast<double>(unit.x[i]) - std::copysign(left, d)) * unit.inverse;
            }
        }
        std::vector<ShrinkUnit> first;
        for (const Kernels *table : levels()) {
            std::vector<ShrinkUnit> got = given;
            table->shrink(got.data(), got.size(), n, 15);
            if (first.empty())
                first = got;
            for (std::size_t i = 0; i < got.size(); ++i) {
                QVERIFY2(std::fabs(got[i].error - wanted[i].error) <= 1e-5 * wanted[i].error + 1e-6, table->level);
                QVERIFY2(std::fabs(got[i].codes - wanted[i].codes) <= 1e-4 * static_cast<double>(n), table->level);
                QVERIFY2(sameBits(got[i].error, first[i].error), table->level);
                QVERIFY2(sameBits(got[i].codes, first[i].codes), table->level);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestKernelSearches)
#include "tst_kernels_searches.moc"
