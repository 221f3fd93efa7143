// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Fuzzes what happens with the graph of an ONNX file once it is read: the map of its picture, the plan, inputs of any
// size, and every operator, within a small budget of memory and time.
#include "core/base/input_file.h"
#include "core/eval/network_feed.h"
#include "core/eval/stored_value.h"
#include "core/eval/trace.h"
#include "core/formats/onnx/onnx.h"
#include "core/layers/layer_rules.h"
#include "core/network/network_map.h"
#include "core/network/network_source.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace {

constexpr std::uint64_t kBudget = std::uint64_t{64} << 20U;
constexpr std::size_t kFewBoxes = 16; // so that small networks have groups, too
constexpr auto kPatience = std::chrono::milliseconds(1500);

/// Stops work that takes long: a loop may ask for any number of rounds.
class Watch
{
public:
    Watch()
        : m_thread([this](const std::stop_token &over) {
            std::unique_lock lock(m_mutex);
            m_ended.wait_for(lock, over, kPatience, [] { return false; });
            m_source.request_stop();
        })
    {}
    std::stop_token token() const { return m_source.get_token(); }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_ended;
    std::stop_source m_source;
    std::jthread m_thread; // ends first
};

void runOnce(const qs::Model &model, const std::shared_ptr<const qs::Network> &network, const qs::TaskContext &context)
{
    const auto plan = qs::RunPlan::make(model, network);
    if (!plan)
        return;
    qs::MemoryBudget budget(kBudget);
    qs::FeedOptions options;
    options.samples = 1;
    const auto feed = qs::graphFeed(*network, options, budget);
    const auto sample = feed ? feed->sample(0, context) : std::unexpected(feed.error());
    if (!sample)
        return;
    qs::Trace trace;
    trace.values.resize(network->values.size());
    for (const auto &[value, fed] : *sample)
        trace.values[value] = fed;
    const std::vector<bool> keep = (*plan)->restartValues();
    const auto stored = [&](std::uint32_t value, const qs::TaskContext &task) -> qs::Result<qs::ValuePtr> {
        const qs::NetworkValue &about = network->values[value];
        return about.tensor ? qs::tensorValue(model, *about.tensor, budget, task)
                            : qs::constantValue(network->constants[about.constant], budget);
    };
    (void)qs::run({**plan, stored, keep, budget}, {}, trace, context);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span(data, size));
    qs::Model model;
    model.path = "fuzzed";
    if (!qs::kOnnxReader.read(qs::InputFile::fromMemory(bytes, "fuzzed"), model, {}) || !model.graph)
        return 0;
    qs::findLayers(model);
    const auto network = model.graph->network(model, {});
    if (!network)
        return 0;
    const Watch watch;
    const qs::TaskContext context{watch.token(), {}};
    (void)qs::networkMap(model, **network, kFewBoxes, context);
    runOnce(model, *network, context);
    return 0;
}
