// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/runner.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iostream>

namespace qs::bench {

namespace {

/// Of one run.
struct Time {
    double seconds = 0;
    double processor = 0; ///< seconds of all threads together
};

double processorSeconds()
{
    timespec time = {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// The mean of `repeats` runs.
Time timed(const Case &one, int repeats)
{
    const auto start = std::chrono::steady_clock::now();
    const double processor = processorSeconds();
    for (int i = 0; i < repeats; ++i)
        one.run();
    return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / repeats,
            (processorSeconds() - processor) / repeats};
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
        repeats.push_back(std::max(1, static_cast<int>(rounds.seconds / timed(one, 1).seconds)));
    }
    printCases(cases);
    std::string line;
    for (int round = 0; rounds.stepped || round < rounds.count; ++round) {
        if (rounds.stepped && !std::getline(std::cin, line))
            return;
        std::vector<double> seconds;
        std::vector<double> processor;
        for (std::size_t i = 0; i < cases.size(); ++i) {
            const Time time = timed(cases[i], repeats[i]);
            seconds.push_back(time.seconds);
            processor.push_back(time.processor);
        }
        fmt::print(R"({{"seconds":[{:.9f}],"processor":[{:.9f}]}})"
                   "\n",
                   fmt::join(seconds, ","), fmt::join(processor, ","));
        std::fflush(stdout);
    }
}

} // namespace qs::bench
