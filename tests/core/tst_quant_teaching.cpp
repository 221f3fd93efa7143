// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Slips of hand-written quantizers: in walks of single values, in runs of networks, and never in a file.
#include "core/analysis/analyze.h"
#include "core/export/format.h"
#include "core/export/preview.h"
#include "core/export/registry.h"
#include "core/formats/open_model.h"
#include "core/quant/teaching.h"
#include "tests/support/test_model.h"

#include <cmath>

using namespace qs;

namespace {

ScaleAndZeroPoint scaleOf(float step, int zeroPoint = 0)
{
    ScaleAndZeroPoint scale;
    scale.scale = scale.stored = step;
    scale.zeroPoint = zeroPoint;
    return scale;
}

const Coding kEightBits{CodeRule::Divide, Arithmetic::F32, -128, 127};

double rightOf360(const Report &report)
{
    return std::round(report.outputError.accuracyAfter.value() * 360);
}

} // namespace

Q_DECLARE_METATYPE(qs::Teaching)

class TestTeaching : public QObject
{
    Q_OBJECT

private slots:
    /// Worked by hand.
    void cast_data()
    {
        QTest::addColumn<float>("value");
        QTest::addColumn<int>("rounded");
        QTest::addColumn<int>("cast");
        QTest::newRow("-0.59") << -0.59F << -15 << -14;
        QTest::newRow("-0.07") << -0.07F << -2 << -1;
        QTest::newRow("0.59") << 0.59F << 15 << 14;
        QTest::newRow("beyond") << 9.0F << 127 << 127;
    }

    void cast()
    {
        QFETCH(const float, value);
        const ScaleAndZeroPoint scale = scaleOf(5.0F / 127);
        const ValueWalk right = walkValue(value, scale, kEightBits, {});
        const ValueWalk slip = walkValue(value, scale, kEightBits, {.castNotRound = true});
        QTEST(right.code, "rounded");
        QTEST(slip.code, "cast");
        QCOMPARE(slip.error, slip.back - slip.value);
        QCOMPARE(slip.back, double(float(slip.code) * scale.stored));
        QCOMPARE(right.error, walkValue(value, scale, kEightBits).error);
    }

    void forgottenZeroPoint()
    {
        const ValueWalk slip = walkValue(0.5F, scaleOf(0.25F, -100), kEightBits, {.forgetZeroPoint = true});
        QCOMPARE(slip.code, -98);
        QCOMPARE(slip.back, -24.5);
    }

    /// All weights are positive, and the zero point is clamped: one code, and all values come back as the smallest.
    void zeroOutside()
    {
        Scheme scheme;
        scheme.mode = Mode::Asymmetric;
        const Quantizer quantizer(scheme, DType::F32);
        const ScaleAndZeroPoint slip = scaleWithoutZero({1.0F, 2.0F, false}, quantizer);
        QCOMPARE(slip.scale, 1.0F / 255);
        QCOMPARE(slip.zeroPoint, -128);
        const ScaleAndZeroPoint right = quantizer.scaleFor({0.0F, 2.0F, false});
        for (const float value : {1.0F, 1.2F, 1.5F, 1.9F, 2.0F}) {
            QVERIFY(std::abs(walkValue(value, slip, quantizer.coding()).back - 1.0) < 1e-6);
            QVERIFY(std::abs(walkValue(value, right, quantizer.coding()).error) <= 0.004);
        }
    }

    /// Figures of an independent computation with PyTorch.
    void network()
    {
        const auto model = openModel("demo:lesson", {});
        QS_VERIFY(model);
        AnalysisCache cache;
        Recipe recipe = defaultRecipe(**model);
        recipe.scheme.mode = Mode::Asymmetric;
        recipe.rules.push_back({.match = "*", .action = Rule::Action::Exclude});
        recipe.rules.push_back({.match = "fc3", .action = Rule::Action::Include});
        AnalyzeOptions options;
        const auto right = analyze(**model, recipe, options, cache, {});
        QS_VERIFY(right);
        QCOMPARE(rightOf360(**right), 353.0);
        options.teaching.forgetZeroPoint = true;
        const auto slip = analyze(**model, recipe, options, cache, {});
        QS_VERIFY(slip);
        QCOMPARE(rightOf360(**slip), 36.0);
        QVERIFY(std::abs((*slip)->outputError.relativeError.value() - 1.0) < 0.005);
        // Back again: nothing of the slip stays in the cache.
        options.teaching = {};
        const auto again = analyze(**model, recipe, options, cache, {});
        QS_VERIFY(again);
        QCOMPARE((*again)->outputError.relativeError, (*right)->outputError.relativeError);
    }

    void exportersRefuse_data()
    {
        QTest::addColumn<Teaching>("teaching");
        QTest::newRow("zero point") << Teaching{.forgetZeroPoint = true};
        QTest::newRow("cast") << Teaching{.castNotRound = true};
        QTest::newRow("zero outside") << Teaching{.zeroOutsideRange = true};
    }

    void exportersRefuse()
    {
        QFETCH(const Teaching, teaching);
        const auto model = openModel("demo:notebook", {});
        QS_VERIFY(model);
        for (const ExportFormat *format : exportFormats()) {
            AnalysisCache cache;
            AnalyzeOptions options;
            options.teaching = teaching;
            std::string target{"model"};
            target += format->suffix;
            const auto refused = preview(*format, **model, defaultRecipe(**model), target, {}, cache, options, {});
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::Usage);
            QVERIFY(refused.error().text().find("slip of a lesson") != std::string::npos);
        }
    }
};

QTEST_GUILESS_MAIN(TestTeaching)
#include "tst_quant_teaching.moc"
