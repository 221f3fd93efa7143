// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// quantoscope_bench: times one set of cases and prints seconds as lines of JSON; tests/bench/report.py makes ratios.
#include "core/base/parallel.h"
#include "tests/bench/cases.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>

namespace {

using namespace qs::bench;

constexpr std::size_t kColumnUnit = 128; // of rooflines and groups

struct Options {
    std::string set;
    MatrixSize size{11008, 4096};
    int threads = 1;
    std::vector<std::string> only;
    Rounds rounds;
};

void run(const std::vector<Case> &all, const Options &options)
{
    const auto asked = [&](const std::string &name) {
        return std::find(options.only.begin(), options.only.end(), name) != options.only.end();
    };
    std::vector<Case> chosen;
    for (const Case &one : all) {
        if (options.only.empty() || asked(one.name) || asked(one.name + '/' + one.level))
            chosen.push_back(one);
    }
    runInterleaved(chosen, options.rounds);
}

void runWeights(const Options &options)
{
    const Weights weights(options.size);
    run(weightCases(weights), options);
}

void runProduct(const Options &options)
{
    const Product product(256, 4096);
    run(productCases(product), options);
}

void runDecode(const Options &options)
{
    const Buffer<std::byte> blocks = randomBlocks(std::size_t{96} << 20U);
    run(decodeCases(blocks), options);
}

const std::map<std::string, void (*)(const Options &)> kSets = {
    {"weights", runWeights},
    {"product", runProduct},
    {"decode", runDecode},
};

} // namespace

int main(int argc, char **argv)
{
    Options options;
    CLI::App app("Times the kernels of Quantoscope; see tests/bench/README.md");
    app.add_option("set", options.set, "What to time")->required()->check(CLI::IsMember(kSets));
    app.add_option("--rows", options.size.rows, "Rows of the weights")->check(CLI::PositiveNumber);
    app.add_option("--columns", options.size.columns, "Columns of the weights")->check([](const std::string &text) {
        const bool fits = std::strtoull(text.c_str(), nullptr, 10) % kColumnUnit == 0;
        return fits ? std::string() : "expected a multiple of " + std::to_string(kColumnUnit);
    });
    app.add_option("--threads", options.threads, "Threads")->check(CLI::PositiveNumber);
    app.add_option("--rounds", options.rounds.count, "Interleaved rounds")->check(CLI::PositiveNumber);
    app.add_option("--only", options.only, "Time these cases: NAME or NAME/LEVEL; repeatable");
    app.add_flag("--stepped", options.rounds.stepped, "Wait for a line on standard input before each round");
    CLI11_PARSE(app, argc, argv);
    qs::setThreadCount(options.threads);
    kSets.at(options.set)(options);
    return 0;
}
