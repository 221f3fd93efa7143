// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes below 8 bits as streams of bits: sizes, and what our own readers make of them.
#include "core/analysis/compare.h"
#include "core/export/preview.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

using namespace qs;
using namespace qs::test;

namespace {

/// A matrix whose rows fill no whole bytes, a transposed convolution, and a bias.
std::shared_ptr<const Model> twoLayers(const QTemporaryDir &folder)
{
    const std::vector<FloatTensor> tensors{{"fc.weight", {5, 13}, randomValues(65, 1)},
                                           {"up.weight", {3, 4, 3, 3}, randomValues(108, 2)},
                                           {"fc.bias", {5}, randomValues(5, 3)}};
    return openBytes(folder, "in.safetensors", safetensorsBytes(tensors));
}

} // namespace

class TestExportPacked : public QObject
{
    Q_OBJECT

private slots:
    void roundTrip_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<Scheme>("scheme");
        QTest::addColumn<int>("axis"); // of the convolution
        for (const char *format : {"safetensors", "torch"})
            for (int bits = 2; bits <= 8; ++bits)
                for (const Mode mode : {Mode::Symmetric, Mode::Asymmetric})
                    for (const Granularity grain : {Granularity::channel(), Granularity::group(4)})
                        for (const int axis : {0, 1}) {
                            Scheme scheme;
                            scheme.bits = bits;
                            scheme.mode = mode;
                            scheme.granularity = grain;
                            QTest::addRow("%s, %d bits, %s, %s, axis %d", format, bits, textOf(mode).data(),
                                          textOf(grain).c_str(), axis)
                                << format << scheme << axis;
                        }
    }

    void roundTrip()
    {
        QFETCH(const QString, format);
        QFETCH(const Scheme, scheme);
        QFETCH(const int, axis);
        const auto model = twoLayers(m_folder);
        Recipe recipe;
        recipe.scheme = scheme;
        recipe.rules = {{"up.weight", Rule::Action::None, {}, {}, axis}};
        const ExportFormat &target = *findExportFormat(format.toStdString());
        const std::string path = m_folder.filePath("out").toStdString() + std::string(target.suffix);
        AnalysisCache cache;
        const auto before = preview(target, *model, recipe, path, m_replace, cache, {}, {});
        QS_VERIFY(before);
        QCOMPARE(before->plan.quantized(), std::size_t(2));
        QS_VERIFY(writeAs(target.name, *model, recipe, path, m_replace));
        QCOMPARE(static_cast<std::uint64_t>(QFileInfo(QString::fromStdString(path)).size()), before->plan.bytes);
        const auto again = openModel(path, {});
        QS_VERIFY(again);
        QCOMPARE((*again)->warnings, std::vector<Text>{});
        const auto comparison = compare(*model, **again, {});
        QS_VERIFY(comparison);
        for (const auto &layer : before->report->layers) {
            const auto found = (*again)->findLayer(layer->module);
            QVERIFY(found);
            const Layer &stored = (*again)->layers[*found];
            QVERIFY(stored.hasCodes());
            QCOMPARE(stored.stored->scheme, scheme);
            QCOMPARE(stored.channelAxis, layer->decision.channelAxis);
            const TensorInfo &tensor = (*again)->tensorOf(stored);
            QCOMPARE(tensor.shape, model->tensors[*model->findTensor(layer->name)].shape);
            if (scheme.bits < 8) {
                const std::uint64_t row = tensor.elements() / tensor.shape[0];
                QCOMPARE(tensor.byteSize, tensor.shape[0] * ((row * std::uint64_t(scheme.bits) + 7) / 8));
            }
            const auto measured = std::ranges::find(comparison->tensors, layer->name, &TensorComparison::name);
            QVERIFY(measured != comparison->tensors.end());
            QCOMPARE(measured->metrics.mse, layer->metrics.mse);
            QCOMPARE(measured->metrics.zeroShare, layer->metrics.zeroShare);
        }
        // Once more, from codes: the same file.
        const std::string twice = path + std::string(target.suffix);
        if (format == "safetensors") {
            QS_VERIFY(writeAs(target.name, **again, defaultRecipe(**again), twice, m_replace));
            QCOMPARE(QFileInfo(QString::fromStdString(twice)).size(), QFileInfo(QString::fromStdString(path)).size());
            const auto copy = openModel(twice, {});
            QS_VERIFY(copy);
            const auto same = compare(**again, **copy, {});
            QS_VERIFY(same);
            QCOMPARE(same->total.maxAbsError, std::optional(0.0));
        }
    }

    void aByteForEachCode()
    {
        const auto model = twoLayers(m_folder);
        Recipe recipe;
        recipe.scheme.bits = 4;
        const std::string path = m_folder.filePath("unpacked.safetensors").toStdString();
        ExportOptions options = m_replace;
        options.unpacked = true;
        QS_VERIFY(writeAs("safetensors", *model, recipe, path, options));
        const auto again = openModel(path, {});
        QS_VERIFY(again);
        QCOMPARE((*again)->tensors[*(*again)->findTensor("fc.weight")].dtype, DType::I8);
    }

private:
    QTemporaryDir m_folder;
    const ExportOptions m_replace{.overwrite = true};
};

QTEST_GUILESS_MAIN(TestExportPacked)
#include "tst_export_packed.moc"
