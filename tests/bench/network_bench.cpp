// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Times runs of one network as JSON: a float run, all layers alone, and one layer switched off, for networks.py.
#include "core/base/parallel.h"
#include "core/eval/network_session.h"
#include "core/eval/stored_value.h"
#include "core/formats/open_model.h"
#include "core/network/makers.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace qs;

namespace {

constexpr std::uint64_t kBytes = std::uint64_t{1} << 30U;
constexpr std::size_t kMostToggles = 40;
constexpr std::size_t kPrime = 7919; // so that toggles that fit into the time are of layers from everywhere
constexpr double kMostToggling = 3;  // seconds

double processSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double wallSeconds()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Weights to about four bits: what they are does not matter for the time.
void round(std::span<float> weights)
{
    float largest = 0;
    for (const float weight : weights)
        largest = std::max(largest, std::abs(weight));
    const float step = largest > 0 ? largest / 7 : 1;
    for (float &weight : weights)
        weight = std::round(weight / step) * step;
}

/// Float and rounded weights of all layers, made before anything is timed.
class Weights
{
public:
    Result<void> make(const Model &model, const RunPlan &plan, MemoryBudget &budget)
    {
        m_floats.resize(model.layers.size());
        m_rounded.resize(model.layers.size());
        for (const LayerSlot &slot : plan.layerSlots()) {
            QS_ASSIGN(m_floats[slot.layer], tensorValue(model, model.layers[slot.layer].tensor, budget, {}));
            const ValuePtr &floats = m_floats[slot.layer];
            QS_ASSIGN(const auto rounded, Value::make(ElementKind::Float, floats->shape(), budget));
            std::ranges::copy(floats->floats(), rounded->floats().data());
            round(rounded->floats());
            m_rounded[slot.layer] = rounded;
        }
        return {};
    }

    ValuePtr of(std::size_t layer, bool quantized) const { return quantized ? m_rounded[layer] : m_floats[layer]; }

private:
    std::vector<ValuePtr> m_floats;
    std::vector<ValuePtr> m_rounded;
};

struct Times {
    std::vector<double> floatRuns; ///< processor time, of one sample
    double whole = 0;              ///< processor time of all layers alone
    double wholeWall = 0;
    std::vector<double> toggles; ///< clock, of all samples, until the total is final
};

/// As often as half a second allows, at least three times.
Result<std::vector<double>> floatRuns(const Model &model, const RunPlan &plan, const NetworkFeed &feed,
                                      const Weights &weights, MemoryBudget &budget)
{
    std::vector<ValuePtr> others(plan.network().values.size());
    const auto stored = [&](std::uint32_t value, const TaskContext &context) -> Result<ValuePtr> {
        if (const auto slot = plan.slotOf(value))
            return weights.of(plan.layerSlots()[*slot].layer, false);
        if (!others[value]) {
            const NetworkValue &about = plan.network().values[value];
            QS_ASSIGN(others[value], about.tensor ? tensorValue(model, *about.tensor, budget, context)
                                                  : constantValue(plan.network().constants[about.constant], budget));
        }
        return others[value];
    };
    std::vector<bool> keep(plan.network().values.size());
    for (const std::uint32_t output : plan.network().graphs[0].outputs)
        keep[output] = true;
    QS_ASSIGN(const FedSample sample, feed.sample(0, {}));
    std::vector<double> seconds;
    for (double sum = 0; sum < 0.5 || seconds.size() < 4;) {
        Trace trace;
        trace.values.resize(plan.network().values.size());
        for (const auto &[value, fed] : sample)
            trace.values[value] = fed;
        const double start = threadSeconds();
        QS_CHECK(run({plan, stored, keep, budget}, {}, trace, {}));
        seconds.push_back(threadSeconds() - start);
        sum += seconds.back();
    }
    seconds.erase(seconds.begin()); // decodes what is no layer
    return seconds;
}

Result<void> time(const std::string &location, std::uint64_t samples)
{
    QS_ASSIGN(const auto model, openModel(location, {}));
    QS_ASSIGN(const NetworkSearch search, findNetwork(*model, {}, {}));
    if (!search.network)
        return fail(ErrorCode::Work, search.reason);
    QS_ASSIGN(const auto plan, RunPlan::make(*model, search.network));
    MemoryBudget own(4 * kBytes);
    Weights weights;
    QS_CHECK(weights.make(*model, *plan, own));
    FeedOptions options;
    options.samples = samples;
    QS_ASSIGN(NetworkFeed feed, graphFeed(*search.network, options, own));
    Times times;
    QS_ASSIGN(times.floatRuns, floatRuns(*model, *plan, feed, weights, own));
    const std::vector<FedInput> fed = feed.inputs;
    NetworkSession session(plan, std::move(feed), MemoryBudget(kBytes));
    std::vector<Decision> decisions(model->layers.size());
    NetworkRun request{.model = *model,
                       .decisions = decisions,
                       .weights = [&](std::size_t layer, bool quantized, const TaskContext &) {
                           return Result<ValuePtr>(weights.of(layer, quantized));
                       }};
    request.whole = true;
    double start = 0;
    double startWall = 0;
    request.onTotal = [&](const OutputErrorReport &) {
        start = processSeconds();
        startWall = wallSeconds();
    };
    for (Decision &decision : decisions)
        decision.quantize = true;
    QS_ASSIGN(const NetworkResult whole, session.measure(request, {}));
    times.whole = processSeconds() - start;
    times.wholeWall = wallSeconds() - startWall;
    const std::size_t slots = plan->layerSlots().size();
    const double from = wallSeconds();
    for (std::size_t i = 0; i < std::min(slots, kMostToggles) && wallSeconds() - from < kMostToggling; ++i) {
        Decision &decision = decisions[plan->layerSlots()[i * kPrime % slots].layer];
        decision.quantize = false;
        const double before = wallSeconds();
        QS_ASSIGN(const NetworkResult without, session.measure(request, {}));
        times.toggles.push_back(wallSeconds() - before);
        decision.quantize = true;
        QS_ASSIGN(const NetworkResult again, session.measure(request, {}));
    }
    std::string shapes;
    for (const FedInput &input : fed)
        shapes += fmt::format(R"({}{{"name": "{}", "shape": [{}]}})", shapes.empty() ? "" : ", ", input.name,
                              fmt::join(input.shape, ", "));
    fmt::print(R"({{"inputs": [{}], "layers": {}, "samples": {}, "float_runs": [{}], "alone": {}, "alone_clock": {}, )"
               R"("toggles": [{}]}})"
               "\n",
               shapes, slots, samples, fmt::join(times.floatRuns, ", "), times.whole, times.wholeWall,
               fmt::join(times.toggles, ", "));
    return {};
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 4) {
        std::fprintf(stderr, "usage: quantoscope_network_bench MODEL THREADS SAMPLES\n");
        return 2;
    }
    setThreadCount(std::atoi(argv[2]));
    const Result<void> done = time(argv[1], std::strtoull(argv[3], nullptr, 10));
    if (!done)
        std::fprintf(stderr, "%s\n", done.error().text().c_str());
    return done ? 0 : 1;
}
