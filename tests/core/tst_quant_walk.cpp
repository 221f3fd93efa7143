// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One weight on its way to a code, and the grid of all codes, against what the kernels give.
#include "core/quant/code_grid.h"
#include "core/quant/walk.h"
#include "tests/support/test_model.h"

#include <QTest>

#include <array>
#include <cfloat>
#include <cmath>

using namespace qs;

namespace {

struct Case {
    const char *name;
    CodeRule rule;
};

constexpr std::array kRules = {
    Case{"divide", CodeRule::Divide},
    Case{"reciprocal", CodeRule::Reciprocal},
    Case{"divide, clamp, round", CodeRule::DivideClampRound},
    Case{"reciprocal, halves away", CodeRule::ReciprocalAway},
    Case{"extent, halves away", CodeRule::ExtentAway},
    Case{"truncate", CodeRule::Truncate},
    Case{"offset, truncate", CodeRule::OffsetTruncate},
    Case{"offset, rint", CodeRule::OffsetRint},
    Case{"offset, divide", CodeRule::OffsetDivide},
};

/// A scale that suits the rule, with the zero point or the offset that it may have.
ScaleAndZeroPoint scaleFor(const Coding &coding, float step)
{
    ScaleAndZeroPoint scale;
    // The rule divides an extent by the number of steps on either side.
    const float steps = static_cast<float>(coding.codeMax - coding.codeMin) / 2;
    scale.scale = coding.rule == CodeRule::ExtentAway ? step * steps : step;
    scale.stored = step * 1.001F; // as if rounded to another type
    if (coding.hasOffsets())
        scale.offset = scale.storedOffset = -5.3F * step;
    else if (coding.rule != CodeRule::Truncate && coding.rule != CodeRule::ExtentAway)
        scale.zeroPoint = 3;
    return scale;
}

struct Coded {
    int code;
    float value;
    bool clipped;
};

Coded byKernels(float x, const ScaleAndZeroPoint &scale, const Coding &coding)
{
    const auto zeroPoint = static_cast<std::int8_t>(scale.zeroPoint);
    std::int8_t code = 0;
    float value = 0;
    QuantizePiece piece;
    piece.x = &x;
    piece.count = 1;
    piece.scale = {&scale.scale,
                   &scale.stored,
                   &zeroPoint,
                   coding.hasOffsets() ? &scale.storedOffset : nullptr,
                   1,
                   0,
                   coding.hasOffsets() ? &scale.offset : nullptr};
    piece.coding = coding;
    piece.codes = &code;
    piece.values = &value;
    piece.counted = true;
    kernels().quantize(&piece);
    return {code, value, piece.clipped > 0};
}

} // namespace

class TestWalk : public QObject
{
    Q_OBJECT

private slots:
    void lecture_data()
    {
        QTest::addColumn<float>("value");
        QTest::addColumn<float>("step");
        QTest::addColumn<int>("codeMax");
        QTest::addColumn<double>("divided");
        QTest::addColumn<double>("rounded");
        QTest::addColumn<int>("code");
        QTest::addColumn<double>("error");
        QTest::newRow("rounded down") << 0.437F << 0.1F << 7 << 4.37 << 4.0 << 4 << -0.037;
        QTest::newRow("half to even, down") << 0.625F << 0.25F << 7 << 2.5 << 2.0 << 2 << -0.125;
        QTest::newRow("half to even, up") << 0.875F << 0.25F << 7 << 3.5 << 4.0 << 4 << 0.125;
        QTest::newRow("clamped") << 2.0F << 0.1F << 7 << 20.0 << 20.0 << 7 << -1.3;
        QTest::newRow("negative") << -0.59F << 5.0F / 127 << 127 << -14.986 << -15.0 << -15 << -0.00055;
    }

    void lecture()
    {
        QFETCH(const float, value);
        QFETCH(const float, step);
        QFETCH(const int, codeMax);
        ScaleAndZeroPoint scale;
        scale.scale = scale.stored = step;
        const ValueWalk walk = walkValue(value, scale, {CodeRule::Divide, Arithmetic::F32, -codeMax, codeMax});
        QTEST(walk.rounded, "rounded");
        QTEST(walk.code, "code");
        QFETCH(const double, divided);
        QFETCH(const double, error);
        QVERIFY(std::abs(walk.divided - divided) < 1e-5);
        QVERIFY(std::abs(walk.error - error) < 1e-5);
        QCOMPARE(walk.clipped, walk.rounded != walk.code);
        QCOMPARE(walk.position, walk.divided);
    }

    void everyRule_data()
    {
        QTest::addColumn<int>("rule");
        for (const Case &one : kRules)
            QTest::newRow(one.name) << static_cast<int>(one.rule);
    }

    /// Steps lead to the code and the value of the kernels, at every level.
    void everyRule()
    {
        QFETCH(const int, rule);
        std::vector<float> x = test::randomValues(400, 5);
        for (const float special : {0.0F, -0.0F, FLT_MIN, 1e30F, -1e30F, FLT_MAX})
            x.push_back(special);
        for (int k = -40; k < 40; ++k)
            x.push_back(static_cast<float>(k) * 0.005F); // ties
        for (const char *level : {"v2", "v3", "v4", "generic"}) {
            if (!kernelsForLevel(level))
                continue;
            useKernels(kernelsForLevel(level));
            for (const Arithmetic arithmetic : {Arithmetic::F32, Arithmetic::F16, Arithmetic::BF16}) {
                const Coding coding{static_cast<CodeRule>(rule), arithmetic, -8, 7};
                for (const float step : {0.01F, 0.0F})
                    compare(x, scaleFor(coding, step), coding);
            }
        }
        useKernels(nullptr);
    }

    void grid_data() { everyRule_data(); }

    void grid()
    {
        QFETCH(const int, rule);
        for (const int low : {-2, -8, -127}) {
            const Coding coding{static_cast<CodeRule>(rule), Arithmetic::F32, low, low == -127 ? 127 : -1 - low};
            checkGrid(scaleFor(coding, 0.01F), coding, true);
        }
    }

    void gridOfNegativeScale()
    {
        const Coding coding{CodeRule::Truncate, Arithmetic::F32, -8, 7};
        ScaleAndZeroPoint scale;
        scale.scale = scale.stored = -0.02F;
        const std::vector<CodePlace> grid = codeGrid(scale, coding);
        QCOMPARE(grid.front().code, 7);
        QCOMPARE(grid.back().code, -8);
        checkGrid(scale, coding, true);
    }

    /// All weights fall to one code: no other can be used.
    void gridOfScaleZero()
    {
        const Coding coding{CodeRule::Divide, Arithmetic::F32, -8, 7};
        ScaleAndZeroPoint scale;
        scale.scale = scale.stored = 0;
        const std::vector<CodePlace> grid = codeGrid(scale, coding);
        QCOMPARE(std::ranges::count_if(grid, &CodePlace::canBeUsed), 1);
        QVERIFY(grid[8].canBeUsed());
        QCOMPARE(grid[8].code, 0);
    }

private:
    static void compare(const std::vector<float> &x, const ScaleAndZeroPoint &scale, const Coding &coding)
    {
        for (const float value : x) {
            const ValueWalk walk = walkValue(value, scale, coding);
            const Coded expected = byKernels(value, scale, coding);
            QCOMPARE(walk.code, expected.code);
            QCOMPARE(walk.back, static_cast<double>(expected.value));
            QCOMPARE(walk.clipped, expected.clipped);
            QCOMPARE(walk.error, walk.back - static_cast<double>(value));
            QCOMPARE(std::clamp(walk.rounded, double(coding.codeMin), double(coding.codeMax)), double(walk.code));
            // Rules that truncate do so towards zero below the lowest code; other types round the sum once more.
            if (coding.arithmetic == Arithmetic::F32 && walk.position > coding.codeMin - 0.5 && walk.position < 1000)
                QVERIFY(std::abs(walk.rounded - walk.position) < 0.501);
        }
    }

    static void checkGrid(const ScaleAndZeroPoint &scale, const Coding &coding, bool allUsed)
    {
        const std::vector<CodePlace> grid = codeGrid(scale, coding);
        QCOMPARE(grid.size(), static_cast<std::size_t>(coding.codeMax - coding.codeMin + 1));
        QVERIFY(std::isinf(grid.front().from) && std::isinf(grid.back().to));
        for (std::size_t i = 0; i < grid.size(); ++i) {
            const CodePlace &place = grid[i];
            QCOMPARE(place.canBeUsed(), allUsed);
            if (i > 0) {
                QCOMPARE(place.from, grid[i - 1].to);
                const Coded first = byKernels(place.from, scale, coding);
                QCOMPARE(first.code, place.code);
                QCOMPARE(first.value, place.value);
                QCOMPARE(byKernels(std::nextafter(place.from, -FLT_MAX), scale, coding).code, grid[i - 1].code);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestWalk)
#include "tst_quant_walk.moc"
