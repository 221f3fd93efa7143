// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes formed anew under stored scales are those that the layer was quantized with.
#include "core/quant/recode.h"
#include "core/quant/stored.h"
#include "tests/core/quantized_tensor.h"

using namespace qs;

class TestRecode : public QObject
{
    Q_OBJECT

private slots:
    void sameAsQuantized_data()
    {
        QTest::addColumn<QString>("fields");
        for (const char *fields : {"bits=8", "bits=3 granularity=group:32", "mode=asymmetric bits=4",
                                   "granularity=tensor range=percentile:99", "convention=gguf-q4_1 codes=best",
                                   "convention=compressed-tensors codes=best"})
            QTest::newRow(fields) << fields;
    }

    void sameAsQuantized()
    {
        QFETCH(const QString, fields);
        const Scheme scheme = test::schemeOf(fields);
        const test::HeavyModel heavy(1000);
        const auto quantized = test::quantizeTensor(*heavy.model, "rows", scheme);
        QS_VERIFY(quantized);
        const BlockRange range{0, test::HeavyModel::kRows, 0, test::HeavyModel::kColumns};
        const ScaleTable table = scaleTableOf(quantized->layer);
        std::vector<float> values;
        std::vector<std::size_t> firsts;
        const std::uint64_t clipped =
            recode(table, Quantizer(scheme, DType::F32).storedCoding(), range, heavy.rows, [&](const RecodedRow &row) {
                firsts.push_back(row.first);
                values.insert(values.end(), row.values.begin(), row.values.end());
                QVERIFY(row.weights.data() == heavy.rows.data() + row.first);
                const std::uint64_t last = row.weights.size() - 1;
                const std::uint64_t channel = row.first / row.weights.size();
                const float *scale = table.stored + table.geometry.firstOf(channel);
                QVERIFY(row.scale.stored[row.unit(last)] == scale[last / table.geometry.groupSize()]);
            });
        QCOMPARE(firsts.size(), test::HeavyModel::kRows);
        for (std::size_t i = 0; i < firsts.size(); ++i)
            QCOMPARE(firsts[i], i * test::HeavyModel::kColumns);
        QVERIFY(values == quantized->values);
        QCOMPARE(clipped, quantized->layer.sums.clipped);
        QVERIFY(!fields.contains("percentile") || clipped > 0);
    }
};

QTEST_GUILESS_MAIN(TestRecode)
#include "tst_quant_recode.moc"
