// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// KL, top-1 agreement and perplexity of quantized language models against torch (tests/interop/language_errors.py).
#include "core/analysis/analyze.h"
#include "core/eval/network_inputs.h"
#include "tests/support/test_model.h"

#include <QDir>
#include <QTest>

#include <cmath>

using namespace qs;
using namespace qs::test;

namespace {

const QString kFolder = QUANTOSCOPE_SOURCE_DIR "/tests/data/transformers/";
constexpr double kNear = 1e-6;

nlohmann::json golden()
{
    QFile file(kFolder + "language_errors.json");
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(file.fileName()));
    return nlohmann::json::parse(file.readAll().toStdString());
}

void compare(const char *what, std::optional<double> actual, const nlohmann::json &expected)
{
    QVERIFY2(actual.has_value() != expected.is_null(), what);
    if (actual)
        QVERIFY2(std::abs(*actual - expected.get<double>()) <= kNear * std::max(1.0, expected.get<double>()),
                 qPrintable(QString("%1: %2").arg(what).arg(*actual, 0, 'g', 12)));
}

} // namespace

class TestAnalysisLanguage : public QObject
{
    Q_OBJECT

private slots:
    void equalsTorch_data()
    {
        QTest::addColumn<QString>("name");
        const nlohmann::json all = golden();
        for (const auto &[name, numbers] : all.items())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

    void equalsTorch()
    {
        QFETCH(const QString, name);
        const auto model = openModel((kFolder + name + "/model.safetensors").toStdString(), {});
        QS_VERIFY(model);
        Recipe recipe = defaultRecipe(**model);
        recipe.scheme.bits = 4;
        AnalyzeOptions options;
        const auto inputs =
            loadInputs(std::vector<InputFileName>{{{}, (kFolder + name + "/input.npy").toStdString()}}, {}, {});
        QS_VERIFY(inputs);
        options.inputs = *inputs;
        AnalysisCache cache;
        const auto report = analyze(**model, recipe, options, cache, {});
        QS_VERIFY(report);
        const OutputErrorReport &found = (*report)->outputError;
        const nlohmann::json all = golden();
        const nlohmann::json &expected = all.at(name.toStdString());
        compare("KL", found.klMean, expected.at("kl_mean"));
        compare("KL of the worst token", found.klMax, expected.at("kl_max"));
        compare("top-1", found.top1Agreement, expected.at("top1_agreement"));
        compare("perplexity before", found.perplexityBefore, expected.at("perplexity_before"));
        compare("perplexity after", found.perplexityAfter, expected.at("perplexity_after"));
    }
};

QTEST_GUILESS_MAIN(TestAnalysisLanguage)
#include "tst_analysis_language.moc"
