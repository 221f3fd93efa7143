// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The network of one model with the weights of another file: the numbers that the recipe of that file predicts.
#include "core/analysis/compared_network.h"
#include "core/export/registry.h"
#include "core/export/writer.h"
#include "core/formats/open_model.h"
#include "core/recipe/bulk_edit.h"
#include "tests/support/test_model.h"

#include <numeric>

using namespace qs;

namespace {

ComparedReport besides(const Model &reference, const Model &other)
{
    LayerIndices all(other.layers.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    Recipe keeping;
    setQuantized(keeping, other, {}, all);
    AnalyzeOptions options;
    options.outputError = OutputErrorRequest::None;
    options.allowUnmatched = true;
    AnalysisCache cache;
    return comparedReport(reference, other, *compare(reference, other, {}),
                          **analyze(other, keeping, options, cache, {}));
}

} // namespace

class TestAnalysisComparedNetwork : public QObject
{
    Q_OBJECT
private slots:
    void asItsRecipeSays_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<int>("bits");
        QTest::addColumn<bool>("asymmetric");
        QTest::newRow("codes") << "safetensors" << 4 << false;
        QTest::newRow("codes, asymmetric") << "safetensors" << 3 << true;
        QTest::newRow("another container") << "torch" << 5 << false;
        QTest::newRow("floats") << "float" << 2 << false;
    }

    /// Total, up to here and alone, with one layer that the file keeps.
    void asItsRecipeSays()
    {
        QFETCH(const QString, format);
        QFETCH(const int, bits);
        QFETCH(const bool, asymmetric);
        const auto model = openModel("demo:digits", {});
        QS_VERIFY(model);
        Recipe recipe = defaultRecipe(**model);
        recipe.scheme.bits = bits;
        recipe.scheme.mode = asymmetric ? Mode::Asymmetric : Mode::Symmetric;
        setQuantized(recipe, **model, {}, {1});
        AnalysisCache cache;
        const auto predicted = analyze(**model, recipe, {}, cache, {});
        QS_VERIFY(predicted);
        const ExportFormat &target = *findExportFormat(format.toStdString());
        const std::string path = m_folder.filePath(format + QString::number(bits)).toStdString() +
                                 (format == "float" ? ".safetensors" : std::string(target.suffix));
        QS_VERIFY(writeExport(target, **model, recipe, path, {}, cache, {}));
        const auto other = openModel(path, {});
        QS_VERIFY(other);
        const auto ran = comparedNetwork(**model, **other, besides(**model, **other), {}, std::nullopt, {});
        QS_VERIFY(ran);
        QCOMPARE((*ran)->outputError.kind, OutputErrorKind::Network);
        QCOMPARE((*ran)->outputError.relativeError.value(), (*predicted)->outputError.relativeError.value());
        QCOMPARE((*ran)->outputError.accuracyAfter.value(), (*predicted)->outputError.accuracyAfter.value());
        for (const std::size_t layer : {0, 2, 3}) {
            QCOMPARE((*ran)->layers[layer]->outputError.alone.value(),
                     (*predicted)->layers[layer]->outputError.alone.value());
            QCOMPARE((*ran)->layers[layer]->outputError.upToHere.value(),
                     (*predicted)->layers[layer]->outputError.upToHere.value());
        }
        QCOMPARE((*ran)->layers[1]->outputError.alone.value(), 0.0);
        QCOMPARE((*ran)->total.worstLayer, (*predicted)->total.worstLayer);
    }

    /// Weights of another model have nothing to do in this network: no number is made up.
    void nothingMatches()
    {
        const auto model = openModel("demo:digits", {});
        const auto other = openModel("demo:notebook", {});
        const ComparedReport compared = besides(**model, **other);
        const auto ran = comparedNetwork(**model, **other, compared, {}, std::nullopt, {});
        QS_VERIFY(ran);
        QVERIFY((*ran)->outputError.kind == OutputErrorKind::None);
        QVERIFY((*ran)->outputError.reason.str().starts_with("4 of 4 layers"));
        QCOMPARE((*ran)->total.metrics.relativeError, compared.report->total.metrics.relativeError);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(TestAnalysisComparedNetwork)
#include "tst_analysis_compared_network.moc"
