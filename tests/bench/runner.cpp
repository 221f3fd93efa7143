// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/runner.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iostream>

namespace qs::bench {

namespace {

/// Seconds per run of `repeats` runs.
double timed(const Case &one, int repeats)
{
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < repeats; ++i)
        one.run();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / repeats;
}

void printCases(const std::vector<Case> &cases)
{
    std::vector<std::string> items;
    items.reserve(cases.size());
    for (const Case &one : cases) {
        items.push_back(fmt::format(R"({{"name":"{}","level":"{}","roof":"{}","work":{}}})", one.name, one.level,
                                    one.roof, one.work));
    }
    fmt::print("[{}]\n", fmt::join(items, ","));
    std::fflush(stdout);
}

} // namespace

void runInterleaved(const std::vector<Case> &cases, const Rounds &rounds)
{
    std::vector<int> repeats;
    repeats.reserve(cases.size());
    for (const Case &one : cases) {
        timed(one, 1); // wakes threads, warms caches and tables
        repeats.push_back(std::max(1, static_cast<int>(rounds.seconds / timed(one, 1))));
    }
    printCases(cases);
    std::string line;
    for (int round = 0; rounds.stepped || round < rounds.count; ++round) {
        if (rounds.stepped && !std::getline(std::cin, line))
            return;
        std::vector<double> seconds;
        seconds.reserve(cases.size());
        for (std::size_t i = 0; i < cases.size(); ++i)
            seconds.push_back(timed(cases[i], repeats[i]));
        fmt::print("[{:.9f}]\n", fmt::join(seconds, ","));
        std::fflush(stdout);
    }
}

} // namespace qs::bench
