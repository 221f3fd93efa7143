// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The frontier of choices against brute force.
#include "core/search/frontier.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <span>

using namespace qs;

namespace {

std::vector<FrontierItem> randomItems(std::mt19937 &random, std::size_t items, std::size_t choices)
{
    std::vector<FrontierItem> result(items);
    for (FrontierItem &item : result)
        for (std::size_t c = 0; c < choices; ++c) {
            item.bytes.push_back(random() % 1000);
            item.costs.push_back(std::ldexp(double(random() % 4096), -12) * (1 + random() % 8));
        }
    return result;
}

/// The sums of all combinations of some items, by bytes.
std::vector<FrontierPoint> combinations(std::span<const FrontierItem> items)
{
    std::vector<FrontierPoint> sums(1);
    for (const FrontierItem &item : items) {
        std::vector<FrontierPoint> more;
        for (const FrontierPoint &sum : sums)
            for (std::size_t c = 0; c < item.bytes.size(); ++c) {
                FrontierPoint &next = more.emplace_back(sum);
                next.bytes += item.bytes[c];
                next.cost += item.costs[c];
            }
        sums = std::move(more);
    }
    std::ranges::sort(sums, {}, &FrontierPoint::bytes);
    return sums;
}

/// The least cost of each budget, from all combinations: those of one half of the items, each beside the cheapest of
/// the other half that still fits.
std::vector<double> leastCosts(std::span<const FrontierItem> items, const std::vector<std::uint64_t> &budgets)
{
    constexpr double kNone = std::numeric_limits<double>::infinity();
    const std::vector<FrontierPoint> few = combinations(items.first(items.size() / 2));
    const std::vector<FrontierPoint> rest = combinations(items.subspan(items.size() / 2));
    std::vector<double> least(budgets.size(), kNone);
    for (std::size_t b = 0; b < budgets.size(); ++b) {
        std::size_t fitting = 0; // of the rest, more fit beside a smaller one of the few
        double cheapest = kNone;
        for (auto one = few.rbegin(); one != few.rend(); ++one) {
            for (; fitting < rest.size() && one->bytes + rest[fitting].bytes <= budgets[b]; ++fitting)
                cheapest = std::min(cheapest, rest[fitting].cost);
            least[b] = std::min(least[b], one->cost + cheapest);
        }
    }
    return least;
}

} // namespace

class TestSearchFrontier : public QObject
{
    Q_OBJECT

private slots:
    void equalsBruteForce()
    {
        std::mt19937 random(7);
        for (int round = 0; round < 200; ++round) {
            const std::size_t count = 1 + random() % 12;
            const std::vector<FrontierItem> items = randomItems(random, count, 4);
            std::vector<std::uint64_t> budgets;
            for (std::size_t b = 0; b < 20; ++b)
                budgets.push_back(random() % (count * 1000));
            const std::vector<double> expected = leastCosts(items, budgets);
            const auto frontier = Frontier::make(items, {});
            QVERIFY(frontier && frontier->exact());
            for (std::size_t b = 0; b < budgets.size(); ++b) {
                const auto point = frontier->within(budgets[b]);
                QCOMPARE(point.has_value(), std::isfinite(expected[b]));
                if (!point)
                    continue;
                QVERIFY(std::abs(frontier->points()[*point].cost - expected[b]) <= 1e-12 * (1 + expected[b]));
                QVERIFY(frontier->lowerBound(budgets[b]) <= expected[b] * (1 + 1e-9) + 1e-12);
            }
        }
    }

    void choicesAddUp()
    {
        std::mt19937 random(9);
        const std::vector<FrontierItem> items = randomItems(random, 12, 4);
        const auto frontier = Frontier::make(items, {});
        QVERIFY(frontier);
        QVERIFY(frontier->points().size() > 10);
        for (std::size_t p = 0; p < frontier->points().size(); ++p) {
            const std::vector<std::size_t> choices = frontier->choicesAt(p);
            FrontierPoint sum;
            for (std::size_t i = 0; i < items.size(); ++i) {
                sum.bytes += items[i].bytes[choices[i]];
                sum.cost += items[i].costs[choices[i]];
            }
            QCOMPARE(sum.bytes, frontier->points()[p].bytes);
            QVERIFY(std::abs(sum.cost - frontier->points()[p].cost) < 1e-9);
        }
    }

    /// Too many states for all of them: what is found is feasible, close to the bound, and never worse for more bytes.
    void manyItems()
    {
        std::mt19937 random(11);
        std::vector<FrontierItem> items = randomItems(random, 1000, 5);
        for (FrontierItem &item : items)
            for (std::uint64_t &bytes : item.bytes)
                bytes = bytes * 7919 + random() % 7919;
        const auto frontier = Frontier::make(items, {});
        QVERIFY(frontier);
        QVERIFY(!frontier->exact());
        const std::uint64_t least = frontier->points().front().bytes;
        const std::uint64_t most = frontier->points().back().bytes;
        double before = std::numeric_limits<double>::infinity();
        for (int b = 0; b <= 50; ++b) {
            const std::uint64_t budget = least + (most - least) / 50 * static_cast<std::uint64_t>(b);
            const auto point = frontier->within(budget);
            QVERIFY(point);
            const FrontierPoint &found = frontier->points()[*point];
            QVERIFY(found.bytes <= budget && found.cost <= before);
            before = found.cost;
            const double bound = frontier->lowerBound(budget);
            QVERIFY2(bound <= found.cost * (1 + 1e-6),
                     qPrintable(QString("%1 %2").arg(bound, 0, 'g', 17).arg(found.cost, 0, 'g', 17)));
            if (b > 2) // below, every byte of a thinned state counts
                QVERIFY2(found.cost <= bound * 1.02 + 0.5,
                         qPrintable(QString("%1: %2 %3").arg(b).arg(bound).arg(found.cost)));
        }
        double cheaper = frontier->points().front().cost;
        for (const double share : {0.9, 0.5, 0.1}) {
            const auto point = frontier->cheapEnough(share * cheaper);
            QVERIFY(!point || frontier->points()[*point].cost <= share * cheaper);
        }
    }

    void oneChoice()
    {
        const auto frontier = Frontier::make({{{5}, {1}}, {{7}, {2}}}, {});
        QVERIFY(frontier);
        QCOMPARE(frontier->points().size(), std::size_t{1});
        QCOMPARE(frontier->points()[0].bytes, 12U);
        QVERIFY(!frontier->within(11));
        QVERIFY(!frontier->cheapEnough(2.9));
        QCOMPARE(frontier->cheapEnough(3).value_or(9), std::size_t{0});
    }
};

QTEST_APPLESS_MAIN(TestSearchFrontier)
#include "tst_search_frontier.moc"
