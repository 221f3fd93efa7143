// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes, scales and zero points against vectors made by PyTorch (tests/data/golden).
#include "core/kernels/kernels.h"
#include "core/quant/quantize.h"
#include "core/tensor/float_blocks.h"
#include "core/tensor/small_floats.h"
#include "tests/core/quantized_tensor.h"
#include "tests/support/tensor_content.h"
#include "tests/support/test_model.h"

#include <cmath>

using namespace qs;

namespace {

/// A tensor of the golden file as the layer it is quantized as.
Layer layerOf(const Model &model, const std::string &name)
{
    Layer layer;
    layer.tensor = model.findTensor(name).value();
    layer.name = name;
    return layer;
}

template <class T> std::vector<T> valuesOf(const Model &model, const std::string &name)
{
    return test::elementsOf<T>(model.view(model.findTensor(name).value()));
}

bool sameBits(const std::vector<float> &a, const std::vector<float> &b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

} // namespace

class TestGolden : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        auto model = openModel(QUANTOSCOPE_SOURCE_DIR "/tests/data/golden/golden.safetensors", {});
        QS_VERIFY(model);
        m_model = *model;
    }

    void pytorch_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("golden");
        QTest::addColumn<Scheme>("scheme");
        QTest::addColumn<QString>("level");
        for (const char *level : {"v2", "v3", "v4", "generic"}) {
            if (!kernelsForLevel(level))
                continue;
            for (int bits = 2; bits <= 8; ++bits) {
                Scheme scheme;
                scheme.bits = bits;
                for (const char *type : {"f32", "f16", "bf16"}) {
                    add("x.%1", "gpt_fast.%1.b%2", type, scheme, level);
                    add("x_max.%1", "gpt_fast_max.%1.b%2", type, scheme, level);
                }
                scheme.mode = Mode::Asymmetric;
                add("x.%1", "torch_ao_affine.%1.b%2", "f32", scheme, level);
                scheme.granularity = Granularity::tensor();
                add("x_tensor.%1", "torch_ao_affine_tensor.%1.b%2", "f32", scheme, level);
            }
        }
    }

    void pytorch()
    {
        QFETCH(QString, source);
        QFETCH(QString, golden);
        QFETCH(Scheme, scheme);
        QFETCH(QString, level);
        useKernels(kernelsForLevel(level.toLatin1()));
        const Layer layer = layerOf(*m_model, source.toStdString());
        std::vector<std::int8_t> codes(m_model->tensorOf(layer).elements());
        const std::uint64_t columns = m_model->tensorOf(layer).shape[1];
        const auto result =
            test::quantizeWhole(*m_model, layer, 0, scheme, [&](const CodeBlock &block) -> Result<void> {
                std::copy_n(block.codes, block.channels * block.weights,
                            codes.begin() + static_cast<std::ptrdiff_t>(block.channel * columns));
                return {};
            });
        useKernels(nullptr);
        QS_VERIFY(result);
        const std::string prefix = golden.toStdString();
        QVERIFY(sameBits(result->scales, valuesOf<float>(*m_model, prefix + ".scales")));
        const auto wanted = valuesOf<std::int8_t>(*m_model, prefix + ".codes");
        for (std::size_t i = 0; i < wanted.size(); ++i)
            QVERIFY2(codes[i] == wanted[i], qPrintable(QString("row %1, column %2: %3, not %4")
                                                           .arg(i / columns)
                                                           .arg(i % columns)
                                                           .arg(codes[i])
                                                           .arg(wanted[i])));
        if (scheme.mode == Mode::Symmetric) {
            QVERIFY(result->zeroPoints.empty());
            return;
        }
        const auto zeroPoints = valuesOf<std::int32_t>(*m_model, prefix + ".zero_points");
        QCOMPARE(result->zeroPoints.size(), zeroPoints.size());
        for (std::size_t i = 0; i < zeroPoints.size(); ++i)
            QCOMPARE(static_cast<std::int32_t>(result->zeroPoints[i]), zeroPoints[i]);
    }

    void conversions_data()
    {
        QTest::addColumn<QString>("type");
        QTest::newRow("f16") << "f16";
        QTest::newRow("bf16") << "bf16";
    }

    void conversions()
    {
        QFETCH(QString, type);
        const auto source = valuesOf<float>(*m_model, "convert.f32");
        const auto wanted = valuesOf<std::uint16_t>(*m_model, ("convert." + type).toStdString());
        QVERIFY(source.size() == wanted.size() && source.size() > 1000);
        for (std::size_t i = 0; i < source.size(); ++i) {
            const std::uint16_t bits = type == "f16" ? toF16(source[i]) : toBf16(source[i]);
            QVERIFY2(bits == wanted[i], qPrintable(QString("%1").arg(static_cast<double>(source[i]), 0, 'g', 9)));
        }
    }

    /// All 65,536 codes: what the kernels widen, the scalar code narrows again to the same bits.
    void allHalves_data() { conversions_data(); }

    void allHalves()
    {
        QFETCH(QString, type);
        std::vector<std::uint16_t> codes(65536);
        for (std::size_t i = 0; i < codes.size(); ++i)
            codes[i] = static_cast<std::uint16_t>(i);
        for (const char *level : {"v2", "v3", "v4", "generic"}) {
            const Kernels *table = kernelsForLevel(level);
            if (!table)
                continue;
            std::vector<float> values(codes.size());
            (type == "f16" ? table->fromF16 : table->fromBf16)(codes.data(), codes.size(), values.data());
            for (std::size_t i = 0; i < codes.size(); ++i) {
                const float scalar = type == "f16" ? fromF16(codes[i]) : fromBf16(codes[i]);
                QCOMPARE(std::isnan(values[i]), std::isnan(scalar));
                if (std::isnan(scalar))
                    continue;
                QVERIFY(std::memcmp(&values[i], &scalar, 4) == 0);
                QCOMPARE(type == "f16" ? toF16(values[i]) : toBf16(values[i]), codes[i]);
            }
        }
    }

private:
    static void add(const char *source, const char *golden, const char *type, const Scheme &scheme, const char *level)
    {
        const QString name = QString(golden).arg(type).arg(scheme.bits);
        QTest::newRow(qPrintable(name + ", " + level)) << QString(source).arg(type) << name << scheme << QString(level);
    }

    std::shared_ptr<const Model> m_model;
};

QTEST_GUILESS_MAIN(TestGolden)
#include "tst_quant_golden.moc"
