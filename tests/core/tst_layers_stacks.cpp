// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Stacks of matrices: each (matrix, output) has a scale of its own, however the stack is stored.
#include "core/analysis/analyze.h"
#include "core/quant/stored.h"
#include "tests/core/quantized_tensor.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

#include <cmath>

using namespace qs;
using qs::test::FloatTensor;

namespace {

constexpr std::uint64_t kExperts = 4;
constexpr std::uint64_t kOut = 24;
constexpr std::uint64_t kIn = 40;
constexpr std::uint64_t kMatrix = kOut * kIn;

/// [experts, out, in]; expert e is 40^e times as large as the first one, and one row stands out.
std::vector<float> unevenStack()
{
    std::vector<float> values = test::randomValues(kExperts * kMatrix, 11);
    float size = 1;
    for (std::uint64_t e = 0; e < kExperts; ++e, size *= 40)
        for (std::uint64_t i = 0; i < kMatrix; ++i)
            values[e * kMatrix + i] *= i / kIn == 5 ? 10 * size : size;
    return values;
}

/// [experts, in, out] of the same.
std::vector<float> transposed(const std::vector<float> &values)
{
    std::vector<float> result(values.size());
    for (std::uint64_t e = 0; e < kExperts; ++e)
        for (std::uint64_t n = 0; n < kOut; ++n)
            for (std::uint64_t k = 0; k < kIn; ++k)
                result[e * kMatrix + k * kOut + n] = values[e * kMatrix + n * kIn + k];
    return result;
}

Scheme fourBits(Granularity granularity)
{
    Scheme scheme;
    scheme.bits = 4;
    scheme.granularity = granularity;
    return scheme;
}

/// A fused stack and what beside it says how it is stored.
std::vector<FloatTensor> fused(bool outLast)
{
    const std::vector<float> plain = unevenStack();
    const std::uint64_t inner = kOut / 2;
    const std::vector<float> down = test::randomValues(kExperts * inner * kIn, 12);
    if (outLast)
        return {{"mlp.experts.gate_up_proj", {kExperts, kIn, kOut}, transposed(plain)},
                {"mlp.experts.down_proj", {kExperts, inner, kIn}, down}};
    return {{"mlp.experts.gate_up_proj", {kExperts, kOut, kIn}, plain},
            {"mlp.experts.down_proj", {kExperts, kIn, inner}, down}};
}

LayerQuantization quantized(const Model &model, const Layer &layer, const Scheme &scheme)
{
    auto result = test::quantizeWhole(model, layer, layer.channelAxis, scheme);
    if (!result)
        qFatal("%s", result.error().text().c_str());
    return std::move(*result);
}

} // namespace

class TestStacks : public QObject
{
    Q_OBJECT

private slots:
    void eachMatrixIsQuantizedOnItsOwn_data()
    {
        QTest::addColumn<bool>("outLast");
        QTest::addColumn<Scheme>("scheme");
        for (const bool outLast : {false, true}) {
            QTest::addRow("channel, out %s", outLast ? "last" : "first") << outLast << fourBits(Granularity::channel());
            QTest::addRow("group, out %s", outLast ? "last" : "first") << outLast << fourBits(Granularity::group(16));
        }
    }

    /// Scales and errors are those of the matrices one by one.
    void eachMatrixIsQuantizedOnItsOwn()
    {
        QFETCH(bool, outLast);
        QFETCH(Scheme, scheme);
        const auto model = openFloats("stack.safetensors", fused(outLast));
        const Layer &stack = model->layers.at(model->findLayer("mlp.experts.gate_up_proj").value());
        QCOMPARE(stack.channelAxis, outLast ? 2 : 1);
        QVERIFY(stack.op == (outLast ? Op::MatMul : Op::Linear));
        QVERIFY(model->roleOf(stack.tensor).role == Role::Stack);
        const LayerQuantization whole = quantized(*model, stack, scheme);
        QCOMPARE(whole.shape.channels, kExperts * kOut);
        QCOMPARE(whole.matrixErrors.size(), std::size_t(kExperts));

        const std::vector<float> values = unevenStack();
        std::vector<FloatTensor> single;
        for (std::uint64_t e = 0; e < kExperts; ++e)
            single.push_back(
                {"fc" + std::to_string(e) + ".weight",
                 {kOut, kIn},
                 {values.begin() + std::ptrdiff_t(e * kMatrix), values.begin() + std::ptrdiff_t((e + 1) * kMatrix)}});
        const auto split = openFloats("split.safetensors", single);
        for (std::size_t e = 0; e < kExperts; ++e) {
            const LayerQuantization one = quantized(*split, split->layers[e], scheme);
            const auto first = whole.scales.begin() + std::ptrdiff_t(e * one.scales.size());
            QCOMPARE(std::vector<float>(first, first + std::ptrdiff_t(one.scales.size())), one.scales);
            const double error = std::sqrt(one.sums.errorEnergy / one.sums.signalEnergy);
            QVERIFY2(std::abs(whole.matrixErrors[e] - error) <= 1e-12 * error,
                     qPrintable(QString("%1 and %2").arg(whole.matrixErrors[e]).arg(error)));
            QVERIFY2(error > 0.01 && error < 0.1, qPrintable(QString::number(error)));
            QVERIFY(one.matrixErrors.empty());
        }
    }

    void exportsOpenAgain_data() { eachMatrixIsQuantizedOnItsOwn_data(); }

    void exportsOpenAgain()
    {
        QFETCH(bool, outLast);
        QFETCH(Scheme, scheme);
        const auto model = openFloats("source.safetensors", fused(outLast));
        Recipe recipe;
        recipe.scheme = scheme;
        const std::string target = m_folder.filePath("codes.safetensors").toStdString();
        ExportOptions options;
        options.overwrite = true;
        QS_VERIFY(test::writeAs("safetensors", *model, recipe, target, options));
        const auto reopened = openModel(target, {});
        QS_VERIFY(reopened);
        QVERIFY2((*reopened)->warnings.empty(), (*reopened)->warnings.empty() ? "" : "warnings");
        const Layer &before = model->layers.at(model->findLayer("mlp.experts.gate_up_proj").value());
        const auto found = (*reopened)->findLayer("mlp.experts.gate_up_proj");
        QVERIFY(found);
        const Layer &after = (*reopened)->layers[*found];
        QVERIFY(after.hasCodes());
        QCOMPARE(after.channelAxis, before.channelAxis);
        std::vector<std::uint64_t> expected{kExperts, kOut};
        if (scheme.granularity.kind == Granularity::Kind::Group)
            expected.push_back(3);
        QCOMPARE((*reopened)->tensors[*after.stored->scales].shape, expected);
        const auto stored = storedQuantization(**reopened, after, {});
        QS_VERIFY(stored);
        QCOMPARE(stored->scales, quantized(*model, before, scheme).scales);
        // The values, too: each is at most one step away.
        const LayerValues values(**reopened, after, after.channelAxis, &*stored);
        const LayerValues source(*model, before, before.channelAxis, nullptr);
        std::vector<float> got;
        std::vector<float> wanted;
        const BlockRange all{0, kExperts * kOut, 0, kIn};
        QS_VERIFY(values.read(all, got));
        QS_VERIFY(source.read(all, wanted));
        const std::size_t perScale = got.size() / stored->scales.size();
        for (std::size_t i = 0; scheme.granularity.kind == Granularity::Kind::Channel && i < got.size(); ++i)
            QVERIFY(std::abs(got[i] - wanted[i]) <= 1.001F * stored->scales[i / perScale]);
    }

    /// A convolution of the same shape has one scale per output, and an axis that counts matrices can be chosen.
    void othersAreNoStacks()
    {
        const auto model = openFloats("conv.safetensors", {{"encoder.conv1d.weight", {4, 24, 40}, unevenStack()},
                                                           {"mlp.experts.up_proj", {4, 24, 40}, unevenStack()}});
        QCOMPARE(matrixShape(model->tensorOf(model->layers[0]), 0).channels, std::uint64_t(4));
        QVERIFY(model->layers[0].op == Op::Conv);
        QVERIFY(quantized(*model, model->layers[0], {}).matrixErrors.empty());
        const TensorInfo &stack = model->tensorOf(model->layers[1]);
        QCOMPARE(matrixShape(stack, 1).channels, kExperts * kOut);
        QCOMPARE(matrixShape(stack, 0).channels, kExperts);
        QCOMPARE(matricesOf(stack, 0), std::uint64_t(1));
        QCOMPARE(matricesOf(stack, 1), kExperts);
    }

private:
    std::shared_ptr<const Model> openFloats(const QString &name, const std::vector<FloatTensor> &tensors)
    {
        return test::openBytes(m_folder, name, test::safetensorsBytes(tensors));
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestStacks)
#include "tst_layers_stacks.moc"
