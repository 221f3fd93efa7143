// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers of a rank against sorting everything.
#include "core/quant/ranks.h"
#include "tests/support/test_model.h"

#include <algorithm>
#include <cmath>

using namespace qs;

class TestRanks : public QObject
{
    Q_OBJECT

private slots:
    void ranks_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<QString>("kind");
        for (const int count : {1, 2, 31, 32, 33, 1000, 1024, 5000, 8192, 100003})
            for (const char *kind : {"random", "alike", "few values", "negative", "zeros"})
                QTest::addRow("%d %s", count, kind) << count << kind;
    }

    void ranks()
    {
        QFETCH(const int, count);
        QFETCH(const QString, kind);
        std::vector<float> values = test::randomValues(static_cast<std::size_t>(count), 5);
        for (std::size_t i = 0; i < values.size(); ++i) {
            float &value = values[i];
            if (kind == "alike")
                value = -0.25F;
            else if (kind == "few values")
                value = std::nearbyint(value * 40);
            else if (kind == "negative")
                value = -std::fabs(value) - 1e-42F;
            else if (kind == "zeros")
                value = i % 3 == 0 ? value : i % 2 == 0 ? 0.0F : -0.0F;
        }
        std::vector<float> sorted = values;
        std::ranges::sort(sorted);
        std::vector<float> sizes = values;
        for (float &size : sizes)
            size = std::fabs(size);
        std::ranges::sort(sizes);
        for (const int rank : {1, 2, 9, count / 4, count / 2, count - count / 100, count - 8, count - 1, count}) {
            if (rank < 1 || rank > count)
                continue;
            const auto at = static_cast<std::size_t>(rank - 1);
            const auto which = static_cast<std::uint64_t>(rank);
            QVERIFY2(lowOfRank(values, which) == sorted[at], qPrintable(QString::number(rank))); // QCOMPARE is fuzzy
            QVERIFY2(highOfRank(values, which) == sorted[at], qPrintable(QString::number(rank)));
            QVERIFY2(magnitudeOfRank(values, which) == sizes[at], qPrintable(QString::number(rank)));
        }
        std::vector<float> unsorted;
        for (const float value : values)
            unsorted.push_back(std::fabs(value));
        QVERIFY(medianOf(unsorted) == sizes[(sizes.size() - 1) / 2]);
    }
};

QTEST_GUILESS_MAIN(TestRanks)
#include "tst_quant_ranks.moc"
