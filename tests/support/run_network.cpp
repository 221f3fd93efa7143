// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the float network of a model on one sample and writes every value of floats as a .npy file, for judges.
#include "core/eval/network_feed.h"
#include "core/eval/stored_value.h"
#include "core/eval/trace.h"
#include "core/formats/open_model.h"
#include "core/network/makers.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

using namespace qs;

namespace {

constexpr std::uint64_t kBytes = std::uint64_t{4} << 30U;

void writeNpy(const std::filesystem::path &path, const Value &value)
{
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
    for (const std::int64_t size : value.shape())
        header += std::to_string(size) + ",";
    header += "), }";
    while ((10 + header.size() + 1) % 64 != 0)
        header += ' ';
    header += '\n';
    std::ofstream file(path, std::ios::binary);
    file.write("\x93NUMPY\x01\x00", 8);
    file.put(static_cast<char>(header.size() % 256)).put(static_cast<char>(header.size() / 256));
    file << header;
    file.write(reinterpret_cast<const char *>(value.floats().data()),
               static_cast<std::streamsize>(value.floats().size_bytes()));
}

Result<void> runTo(const std::filesystem::path &folder, const std::string &location,
                   const std::vector<InputFileName> &files)
{
    QS_ASSIGN(const auto model, openModel(location, {}));
    QS_ASSIGN(const NetworkSearch search, findNetwork(*model, {}, {}));
    if (!search.network)
        return fail(ErrorCode::Work, search.reason);
    QS_ASSIGN(const auto plan, RunPlan::make(*model, search.network));
    MemoryBudget budget(kBytes);
    FeedOptions options;
    if (!files.empty()) {
        QS_ASSIGN(options.inputs, loadInputs(files, {}, {}));
    }
    QS_ASSIGN(const NetworkFeed feed, graphFeed(*search.network, options, budget));
    QS_ASSIGN(const FedSample sample, feed.sample(0, {}));
    Trace trace;
    trace.values.resize(search.network->values.size());
    for (const auto &[value, fed] : sample)
        trace.values[value] = fed;
    const std::vector<bool> keep(trace.values.size(), true);
    const auto stored = [&](std::uint32_t value, const TaskContext &context) -> Result<ValuePtr> {
        const NetworkValue &about = search.network->values[value];
        return about.tensor ? tensorValue(*model, *about.tensor, budget, context)
                            : constantValue(search.network->constants[about.constant], budget);
    };
    QS_CHECK(run({*plan, stored, keep, budget}, {}, trace, {}));
    std::filesystem::create_directories(folder);
    nlohmann::json names = nlohmann::json::object();
    for (std::size_t value = 0; value < trace.values.size(); ++value) {
        if (!trace.values[value] || !trace.values[value]->isFloat() || search.network->values[value].graph != 0)
            continue;
        const std::string file = std::to_string(value) + ".npy";
        writeNpy(folder / file, *trace.values[value]);
        names[search.network->values[value].name] = file;
    }
    std::ofstream(folder / "names.json") << names.dump();
    return {};
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: run_network MODEL FOLDER [NAME=FILE.npy]…\n");
        return 2;
    }
    std::vector<InputFileName> files;
    for (int i = 3; i < argc; ++i) {
        const std::string text = argv[i];
        const std::size_t equals = text.find('=');
        files.push_back({text.substr(0, equals), text.substr(equals + 1)});
    }
    const Result<void> done = runTo(argv[2], argv[1], files);
    if (!done)
        std::fprintf(stderr, "%s\n", done.error().text().c_str());
    return done ? 0 : 1;
}
