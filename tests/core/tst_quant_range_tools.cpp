// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Range methods against the tools that they are named after (tests/interop).
#include "core/formats/open_model.h"
#include "core/quant/unit_search.h"
#include "core/scheme/convention.h"
#include "tests/core/quantized_tensor.h"

#include <cmath>

using namespace qs;
using qs::test::elementsOf;
using qs::test::quantizeTensor;
using qs::test::schemeOf;

class TestRangeTools : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        auto model = openModel(QUANTOSCOPE_SOURCE_DIR "/tests/data/golden/conventions.safetensors", {});
        QS_VERIFY(model);
        m_golden = *model;
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
        const auto result = quantizeTensor(*m_golden, "x_observer." + type.toStdString(), scheme);
        QS_VERIFY(result);
        const auto scales = elementsOf<float>(*m_golden, (name + ".scales").toStdString());
        QCOMPARE(result->layer.scales.size(), scales.size());
        for (std::size_t i = 0; i < scales.size(); ++i)
            QVERIFY2(result->layer.scales[i] == scales[i],
                     qPrintable(QString("scale %1: %2, not %3").arg(i).arg(result->layer.scales[i]).arg(scales[i])));
        const auto zeroPoints = elementsOf<std::int8_t>(*m_golden, (name + ".zero_points").toStdString());
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
        const auto result = quantizeTensor(*m_golden, "x_observer.f32", scheme);
        QS_VERIFY(result);
        const auto scales = elementsOf<float>(*m_golden, (name + ".scales").toStdString());
        QCOMPARE(result->layer.scales.size(), scales.size());
        for (std::size_t i = 0; i < scales.size(); ++i)
            QVERIFY(result->layer.scales[i] == scales[i]); // QCOMPARE is fuzzy
        QVERIFY(result->layer.zeroPoints.empty());
        const auto offsets = elementsOf<float>(*m_golden, (name + ".offsets").toStdString());
        QCOMPARE(result->layer.offsets.size(), offsets.size());
        for (std::size_t i = 0; i < offsets.size(); ++i)
            QVERIFY2(std::abs(result->layer.offsets[i] - offsets[i]) <= 1e-4F * result->layer.scales[i],
                     qPrintable(QString("offset %1: %2, not %3").arg(i).arg(result->layer.offsets[i]).arg(offsets[i])));
        const auto codes = elementsOf<std::int8_t>(*m_golden, (name + ".codes").toStdString());
        QCOMPARE(result->codes.size(), codes.size());
        int different = 0;
        for (std::size_t i = 0; i < codes.size(); ++i) {
            QVERIFY(std::abs(result->codes[i] - codes[i]) <= 1);
            different += result->codes[i] != codes[i];
        }
        QVERIFY2(different <= 2, qPrintable(QString::number(different)));
    }

private:
    std::shared_ptr<const Model> m_golden;
};

QTEST_GUILESS_MAIN(TestRangeTools)
#include "tst_quant_range_tools.moc"
