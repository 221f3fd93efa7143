// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Totals of a report: what keeping layers in float does to them.
#include "core/analysis/analyze.h"
#include "tests/support/test_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace qs;
using qs::test::FloatTensor;

class TestTotals : public QObject
{
    Q_OBJECT

private slots:
    /// Keeping one more layer in float never makes the total worse, whatever is kept already and however good it was.
    void keepingNeverHurts()
    {
        std::vector<FloatTensor> tensors;
        for (std::uint32_t i = 0; i < 8; ++i)
            tensors.push_back({"l" + std::to_string(i) + ".weight",
                               {8, 40},
                               test::randomValues(320, i, std::pow(10.0F, float(i % 4) - 2))});
        tensors.push_back({"exact.weight", {2, 2}, {127, -127, 0, 1}});
        const auto model = test::openBytes(m_folder, "kept.safetensors", test::safetensorsBytes(tensors));
        AnalyzeOptions options;
        options.outputError = OutputErrorRequest::None;
        AnalysisCache cache;
        std::mt19937 random(4);
        for (int round = 0; round < 20; ++round) {
            Recipe recipe;
            for (std::size_t i = 0; i < 4; ++i) {
                Rule rule;
                rule.match = tensors[random() % tensors.size()].name;
                rule.scheme.bits = 2 + static_cast<int>(random() % 7);
                recipe.rules.push_back(std::move(rule));
            }
            double before = INFINITY;
            std::vector<std::size_t> order(model->layers.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            std::ranges::shuffle(order, random);
            for (const std::size_t layer : order) {
                const auto report = analyze(*model, recipe, options, cache, {});
                QS_VERIFY(report);
                const ReportTotal &total = (*report)->total;
                QVERIFY2(total.metrics.relativeError.value() <= before, model->layers[layer].name.c_str());
                QVERIFY(total.metrics.relativeError.value() <=
                        total.quantizedMetrics.relativeError.value() * (1 + 1e-6));
                before = *total.metrics.relativeError;
                setQuantized(recipe, model->layers[layer], false);
            }
        }
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestTotals)
#include "tst_analysis_totals.moc"
