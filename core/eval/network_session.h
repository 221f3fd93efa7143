// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NetworkSession: a network with what it is fed, and everything that runs of it found out so far.
#pragma once

#include "core/base/fingerprint.h"
#include "core/base/task_context.h"
#include "core/eval/compare_values.h"
#include "core/eval/network_feed.h"
#include "core/eval/output_error_report.h"
#include "core/eval/run_plan.h"
#include "core/eval/trace.h"
#include "core/recipe/recipe.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace qs {

/// One measurement: which layers are quantized, and how.
struct NetworkRun {
    const Model &model;
    const std::vector<Decision> &decisions; ///< per model layer, as really carried out
    /// Float weights (quantized = false) or dequantized ones of a model layer, in the shape of its tensor.
    std::function<Result<ValuePtr>(std::size_t layer, bool quantized, const TaskContext &)> weights;
    bool whole = false; ///< also what takes longer than is done without being asked
    /// Layers that somebody waits for; they go first. May be null.
    std::function<std::vector<std::size_t>()> wanted = {};
    /// Hears of each layer as soon as an error of it is there; from any thread, one call at a time.
    std::function<void(std::size_t layer, const LayerOutputError &error)> onLayer = {};
    /// Hears once of the total, when it and the errors up to each layer are final, before layers are run alone.
    std::function<void(const OutputErrorReport &total)> onTotal = {};
    std::function<void()> onNode = {}; ///< counts nodes that were really run
};

/// What a measurement may take without being asked for. It is so much, since the total comes first and everything can
/// be stopped; few networks come near it, so few are run at one time and not at another.
inline constexpr double kAutomaticSeconds = 60;
/// And layers alone once they were run: what was there after one edit is not left out after the next because the clock
/// went a little differently.
inline constexpr double kRepeatedSeconds = 240;

struct NetworkResult {
    std::vector<LayerOutputError> layers; ///< per model layer
    OutputErrorReport total;              ///< numbers, and what was left out; no words on inputs
};

/// Thread-safe; one measurement at a time, others wait for it.
class NetworkSession
{
public:
    NetworkSession(std::shared_ptr<const RunPlan> plan, NetworkFeed feed, MemoryBudget budget);

    const RunPlan &plan() const { return *m_plan; }
    const NetworkFeed &feed() const { return m_feed; }

    /// Runs the float network, once, and the quantized one from the nearest earlier state on: with that the total and
    /// the errors up to each layer are final. Then each quantized layer alone, unless it is known. Samples and layers
    /// are run side by side, each node on one thread, and sums are added in the order of samples: results depend
    /// neither on the number of threads nor on what was run before.
    ///
    /// Without `whole`, layers alone are left out when everything takes longer than kAutomaticSeconds, or after the
    /// first time kRepeatedSeconds, and all is left out when the float and the quantized runs take longer than
    /// kAutomaticSeconds: by the processor time of each node in the first float run.
    ///
    /// Of as many samples as fit into the budget beside runs on all threads, or into half of it, the values are kept
    /// from which layers start; others are run afresh. When the values of one sample do not fit, those that are
    /// compared are kept, or the outputs alone.
    Result<NetworkResult> measure(const NetworkRun &run, const TaskContext &context);

private:
    static constexpr std::size_t kStatesHeld = 2; ///< so that two setups can be compared
    using Watched = std::vector<ValueSums>;       ///< by m_watched
    /// The network under some decisions.
    struct Quantized {
        std::vector<Fingerprint> keys;            ///< by slot, of the decision; that of nothing where it is float
        std::vector<std::optional<Trace>> traces; ///< by sample; those that are kept
        std::vector<Watched> sums;                ///< by sample
        std::vector<ClassSums> classes;           ///< by sample
    };
    struct Alone; ///< layers alone, on their way
    /// What one layer alone costs.
    struct AloneErrors {
        std::optional<double> error;       ///< the largest of the outputs
        std::optional<double> top1Changed; ///< see LayerOutputError
    };
    /// What is held of a float trace: all that layers start from, what is compared, outputs alone.
    enum class Held : std::uint8_t { Starts, Compared, Outputs };
    /// By slot: is it quantized.
    using Slots = std::vector<bool>;

    void watch();
    void hold(Held held);
    Result<Trace> fedTrace(std::size_t sample, const TaskContext &context) const;
    TraceRun traceRun(const NetworkRun &run, const Slots &quantized, const std::vector<bool> &keep);
    Result<ValuePtr> stored(const NetworkRun &run, const Slots &quantized, std::uint32_t value,
                            const TaskContext &context);
    Result<void> firstFloatRun(const NetworkRun &run, const TaskContext &context);
    Result<void> firstFloatRun(const NetworkRun &run, Trace &trace, const TaskContext &context);
    void findCosts(double whole);
    void chooseKeptSamples(const Trace &trace);
    void chooseClasses(const Trace &trace);
    Result<void> findForesight(const NetworkRun &run, const Trace &floats, const TaskContext &context);
    Result<void> sideBySide(std::size_t count, const TaskContext &context,
                            const std::function<Result<void>(std::size_t)> &body) const;
    Result<void> floatRuns(const NetworkRun &run, const TaskContext &context);
    Result<Trace> floatTrace(const NetworkRun &run, std::size_t sample, const TaskContext &context);
    Result<void> quantizedRuns(const NetworkRun &run, const TaskContext &context);
    Result<void> quantizedRun(const NetworkRun &run, const Quantized *from, std::size_t sample, Quantized &to,
                              const TaskContext &context);
    Watched sameSums(const Trace &floats) const;
    ClassSums classesOf(std::size_t sample, const Trace &floats, const Trace &quantized) const;
    ClassSums agreementOf(const Trace &floats, const Trace &quantized) const;
    std::vector<std::uint32_t> changedValues(std::span<const Fingerprint> from, std::span<const Fingerprint> to) const;
    std::vector<std::size_t> slotsToRunAlone(const NetworkRun &run) const;
    Result<void> aloneRuns(const NetworkRun &run, Alone &alone, const TaskContext &context);
    Result<void> aloneRun(Alone &alone, std::size_t item, std::size_t sample, const Trace &floats,
                          const TaskContext &context);
    std::vector<Fingerprint> keysOf(const NetworkRun &run) const;
    Fingerprint aloneKey(std::size_t slot, const NetworkRun &run) const;
    Watched outputSums(const Trace &floats, const Trace &quantized) const;
    double secondsOfRuns() const;
    double secondsOf(std::span<const std::size_t> slotsAlone) const;
    std::uint64_t bytesOfRuns() const;
    std::uint64_t bytesSideBySide() const;
    bool leavesOutAlone(const NetworkRun &run, double seconds) const;
    void askFirst(double seconds, OutputErrorReport &total) const;
    std::optional<double> largestError(std::span<const Watched> samples) const;
    ValueSums sumOf(std::span<const Watched> samples, std::size_t watched) const;
    void fillTotal(OutputErrorReport &total) const;
    void fillClasses(OutputErrorReport &total) const;
    NetworkOutputError outputError(std::size_t output, const ValueSums &sums) const;
    Shape shapeOf(std::uint32_t value) const;
    LayerOutputError layerError(const NetworkRun &run, std::size_t slot) const;

    const std::shared_ptr<const RunPlan> m_plan;
    const NetworkFeed m_feed;
    MemoryBudget m_budget;
    std::timed_mutex m_mutex; ///< guards all that follows
    /// Values that are compared: first the outputs of the network, then what goes into the softmax of each, then the
    /// outputs of slots.
    std::vector<std::uint32_t> m_watched;
    std::vector<std::uint32_t> m_watchedAt; ///< by value; kAbsent for those that are not compared
    std::vector<std::uint32_t> m_before;    ///< by output: what its softmax takes, or kAbsent
    std::vector<std::string> m_squashedBy;  ///< by output: the operator
    std::optional<std::uint32_t> m_classes; ///< the output whose rows are scores of classes
    bool m_language = false;                ///< its rows belong to tokens
    bool m_foretells = false;               ///< and see no tokens behind their own, which they tell
    std::vector<bool> m_keepFloat;          ///< by value, as the other two
    std::vector<bool> m_keepQuantized;
    std::vector<bool> m_keepAlone;
    std::mutex m_storedMutex;
    std::unordered_map<std::uint32_t, ValuePtr> m_stored; ///< tensors and constants that are no slots
    std::vector<std::optional<Trace>> m_floats;           ///< by sample; those that are kept
    std::size_t m_keptSamples = 0;
    Held m_held = Held::Starts;
    std::uint64_t m_sampleBytes = 0;                   ///< of what is held of one sample, in all states
    std::uint64_t m_runBytes = 0;                      ///< the most that the first float run held at once
    std::optional<Error> m_failure;                    ///< why the network cannot be run at all
    std::vector<double> m_stepSeconds;                 ///< of the first float run; empty before it
    double m_runSeconds = 0;                           ///< of all of them
    std::vector<double> m_slotSeconds;                 ///< of what is run for each slot alone
    std::unordered_map<std::uint32_t, Shape> m_shapes; ///< of fed and made values of the first sample
    bool m_ranAlone = false;                           ///< all layers alone were run once
    double m_tooSlow = 0; ///< seconds that everything would take, where the first run was given up
    std::vector<std::shared_ptr<const Quantized>> m_states; ///< last used first
    std::unordered_map<Fingerprint, AloneErrors> m_alone;
};

} // namespace qs
