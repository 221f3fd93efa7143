// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/network_session.h"

#include "core/base/parallel.h"
#include "core/eval/stored_value.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <thread>

namespace qs {
namespace {

constexpr std::size_t kMostStored = std::size_t{16} << 20U; // bytes of a value that is read once and held
constexpr std::size_t kMostAlone = 200'000;
constexpr auto kLockPause = std::chrono::milliseconds(20);

/// Stops work when its caller does, or after some time by the clock: one node alone may take for ever.
class Deadline
{
public:
    Deadline(const TaskContext &outer, std::chrono::duration<double> most)
        : m_outer(outer)
        , m_forward(outer.stop, [this] { m_source.request_stop(); })
        , m_thread([this, most](const std::stop_token &ended) {
            std::unique_lock lock(m_mutex);
            m_changed.wait_for(lock, ended, most, [] { return false; });
            if (!ended.stop_requested())
                m_source.request_stop();
        })
    {}

    TaskContext context() const { return {m_source.get_token(), m_outer.progress}; }
    bool passed() const { return m_source.stop_requested() && !m_outer.cancelled(); }

private:
    const TaskContext &m_outer;
    std::stop_source m_source;
    std::stop_callback<std::function<void()>> m_forward;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::jthread m_thread; // ends first
};

} // namespace

/// Layers that are run alone: which, and what came of them so far.
struct NetworkSession::Alone {
    const NetworkRun &run;
    std::vector<std::size_t> slots;              ///< to be run
    std::vector<std::vector<Watched>> sums = {}; ///< by slot to be run and sample: of the outputs
    std::vector<ClassSums> classes = {};         ///< by slot to be run, of all samples so far
    std::vector<std::size_t> started = {};       ///< samples of each, among those that are kept
    std::vector<std::size_t> left = {};          ///< samples that are still to come
    double done = 0;                             ///< expected seconds of what is done, of one thread
    double all = 0;                              ///< and of everything
    std::mutex mutex = {};                       ///< guards all but the slots

    /// The next one to be run, one that somebody waits for if there is such a one, and its sample.
    std::pair<std::size_t, std::size_t> next(const RunPlan &plan, std::size_t samples)
    {
        const std::lock_guard lock(mutex);
        const auto open = [&](std::size_t item) { return started[item] < samples; };
        std::size_t best = 0;
        while (!open(best))
            ++best;
        if (started[best] == 0 && run.wanted) {
            for (const std::size_t layer : run.wanted()) {
                const auto isIt = [&](std::size_t slot) { return plan.layerSlots()[slot].layer == layer; };
                const auto found = std::ranges::find_if(slots, isIt);
                const auto item = static_cast<std::size_t>(found - slots.begin());
                if (found != slots.end() && open(item)) {
                    best = item;
                    break;
                }
            }
        }
        return {best, started[best]++};
    }
};

NetworkSession::NetworkSession(std::shared_ptr<const RunPlan> plan, NetworkFeed feed, MemoryBudget budget)
    : m_plan(std::move(plan))
    , m_feed(std::move(feed))
    , m_budget(std::move(budget))
    , m_floats(m_feed.samples)
{
    watch();
    m_keepAlone.resize(m_watchedAt.size());
    for (const std::uint32_t value : m_feed.fedValues)
        m_keepAlone[value] = true;
    for (const std::uint32_t value : m_plan->network().graphs[0].outputs)
        m_keepAlone[value] = true;
    hold(Held::Starts);
}

void NetworkSession::hold(Held held)
{
    m_held = held;
    m_keepQuantized = m_keepAlone;
    if (held == Held::Starts) {
        const std::vector<bool> starts = m_plan->restartValues();
        for (std::size_t value = 0; value < starts.size(); ++value)
            m_keepQuantized[value] = m_keepQuantized[value] || starts[value];
    }
    m_keepFloat = m_keepQuantized;
    if (held == Held::Outputs)
        return;
    for (const std::uint32_t value : m_watched)
        m_keepFloat[value] = true;
}

Result<Trace> NetworkSession::fedTrace(std::size_t sample, const TaskContext &context) const
{
    Trace trace;
    trace.values.resize(m_plan->network().values.size());
    QS_ASSIGN(const FedSample inputs, m_feed.sample(sample, context));
    for (const auto &[value, fed] : inputs)
        trace.values[value] = fed;
    return trace;
}

Result<ValuePtr> NetworkSession::stored(const NetworkRun &run, const Slots &quantized, std::uint32_t value,
                                        const TaskContext &context)
{
    if (const auto slot = m_plan->slotOf(value))
        return run.weights(m_plan->layerSlots()[*slot].layer, quantized[*slot], context);
    {
        const std::lock_guard lock(m_storedMutex);
        if (const auto found = m_stored.find(value); found != m_stored.end())
            return found->second;
    }
    const NetworkValue &about = m_plan->network().values[value];
    QS_ASSIGN(ValuePtr result, about.tensor ? tensorValue(run.model, *about.tensor, m_budget, context)
                                            : constantValue(m_plan->network().constants[about.constant], m_budget));
    if (result->bytes() <= kMostStored) {
        const std::lock_guard lock(m_storedMutex);
        m_stored.emplace(value, result);
    }
    return result;
}

TraceRun NetworkSession::traceRun(const NetworkRun &run, const Slots &quantized, const std::vector<bool> &keep)
{
    TraceRun result{.plan = *m_plan,
                    .stored =
                        [this, &run, &quantized](std::uint32_t value, const TaskContext &context) {
                            return stored(run, quantized, value, context);
                        },
                    .keep = keep,
                    .budget = m_budget};
    result.onStep = [&run](std::size_t, double) -> Result<void> {
        if (run.onNode)
            run.onNode();
        return {};
    };
    return result;
}

/// The first sample, with the time of each step. Where everything would take far too long, ends early.
Result<void> NetworkSession::firstFloatRun(const NetworkRun &run, Trace &trace, const TaskContext &context)
{
    const Slots none(m_plan->layerSlots().size());
    const auto samples = static_cast<double>(m_feed.samples);
    const double most = kAutomaticSeconds / (2 * samples);
    const double share = (2 + static_cast<double>(m_plan->layerSlots().size()) / 2) / threadCount(); // of all runs
    m_runSeconds = 0;
    m_stepSeconds.assign(m_plan->steps().size(), 0);
    m_tooSlow = 0;
    const std::uint64_t before = m_budget.used();
    m_runBytes = 0;
    TraceRun timed = traceRun(run, none, m_keepFloat);
    timed.onStep = [&](std::size_t step, double seconds) -> Result<void> {
        m_stepSeconds[step] = seconds;
        m_runSeconds += seconds;
        if (run.onNode)
            run.onNode();
        const double done = static_cast<double>(step + 1) / static_cast<double>(m_stepSeconds.size());
        context.report(done, Text::of("the original network"));
        if (run.whole || m_runSeconds <= most)
            return {};
        m_tooSlow = m_runSeconds / done * samples * share;
        return fail(ErrorCode::Work, Text::of("running the network takes long"));
    };
    timed.onValue = [this, before](std::uint32_t value, const ValuePtr &made) {
        if (made)
            m_shapes[value] = made->shape();
        m_runBytes = std::max(m_runBytes, m_budget.used() - std::min(before, m_budget.used()));
    };
    const double start = threadSeconds();
    QS_ASSIGN(trace, fedTrace(0, context));
    m_runSeconds = threadSeconds() - start; // to make many numbers takes long, too
    for (const std::uint32_t value : m_feed.fedValues)
        m_shapes[value] = trace.values[value]->shape();
    std::optional<Deadline> deadline;
    if (!run.whole)
        deadline.emplace(context, std::chrono::duration<double>(kAutomaticSeconds));
    Result<void> done = qs::run(timed, {}, trace, deadline ? deadline->context() : context);
    if (!done && deadline && deadline->passed()) {
        m_tooSlow = kAutomaticSeconds * samples * share;
        return fail(ErrorCode::Work, Text::of("running the network takes long"));
    }
    if (done)
        findCosts(threadSeconds() - start);
    return done;
}

Result<void> NetworkSession::firstFloatRun(const NetworkRun &run, const TaskContext &context)
{
    Trace trace;
    Result<void> done;
    for (const Held held : {Held::Starts, Held::Compared, Held::Outputs}) {
        const std::uint64_t refusals = m_budget.refusals();
        hold(held);
        trace = {};
        done = firstFloatRun(run, trace, context);
        if (done || m_budget.refusals() == refusals)
            break; // only memory is a reason to try with less
    }
    if (done) {
        chooseClasses(trace);
        done = findForesight(run, trace, context);
    }
    if (!done) {
        m_stepSeconds.clear();
        if (done.error().code != ErrorCode::Cancelled && m_tooSlow == 0)
            m_failure = done.error();
        return done;
    }
    chooseKeptSamples(trace);
    if (m_keptSamples > 0)
        m_floats[0] = std::move(trace);
    return {};
}

/// As many as leave memory to runs side by side, to weights and to values that come and go.
void NetworkSession::chooseKeptSamples(const Trace &trace)
{
    m_sampleBytes = (1 + kStatesHeld) * trace.values.size() * sizeof(ValuePtr);
    for (std::size_t value = 0; value < trace.values.size(); ++value)
        if (trace.values[value])
            m_sampleBytes +=
                (trace.values[value]->bytes() + Value::kOwnBytes) * (m_keepQuantized[value] ? 1 + kStatesHeld : 1);
    const std::uint64_t others = m_budget.limit() / 8 + m_sampleBytes + bytesSideBySide();
    const std::uint64_t rest = m_budget.limit() - std::min(others, m_budget.limit());
    const std::uint64_t most = std::max(rest, m_budget.limit() / 2) / m_sampleBytes;
    m_keptSamples = m_held == Held::Starts ? std::min<std::uint64_t>(most, m_feed.samples) : 0;
}

Result<Trace> NetworkSession::floatTrace(const NetworkRun &run, std::size_t sample, const TaskContext &context)
{
    if (m_floats[sample])
        return *m_floats[sample];
    const Slots none(m_plan->layerSlots().size());
    QS_ASSIGN(Trace trace, fedTrace(sample, context));
    QS_CHECK(qs::run(traceRun(run, none, m_keepFloat), {}, trace, context));
    return trace;
}

/// Like parallelFor(), but one after the other where several runs at once would not fit into memory.
Result<void> NetworkSession::sideBySide(std::size_t count, const TaskContext &context,
                                        const std::function<Result<void>(std::size_t)> &body) const
{
    if (m_sampleBytes * (m_keptSamples + 1) + bytesSideBySide() <= m_budget.limit())
        return parallelFor(count, context, body);
    for (std::size_t i = 0; i < count; ++i)
        QS_CHECK(body(i));
    return {};
}

Result<void> NetworkSession::floatRuns(const NetworkRun &run, const TaskContext &context)
{
    std::atomic<std::size_t> done = 0;
    return sideBySide(m_keptSamples, context, [&](std::size_t sample) -> Result<void> {
        if (!m_floats[sample]) {
            QS_ASSIGN(Trace trace, floatTrace(run, sample, context));
            m_floats[sample] = std::move(trace);
        }
        context.report(static_cast<double>(++done) / static_cast<double>(m_keptSamples),
                       Text::of("the original network"));
        return {};
    });
}

std::vector<Fingerprint> NetworkSession::keysOf(const NetworkRun &run) const
{
    std::vector<Fingerprint> keys(m_plan->layerSlots().size());
    for (std::size_t slot = 0; slot < keys.size(); ++slot) {
        const Decision &decision = run.decisions[m_plan->layerSlots()[slot].layer];
        if (decision.quantize) {
            keys[slot].add(static_cast<std::uint64_t>(decision.channelAxis));
            addTo(keys[slot], decision.scheme); // its convention stands for a formula
            keys[slot].add(momentsId(decision));
        }
    }
    return keys;
}

Fingerprint NetworkSession::aloneKey(std::size_t slot, const NetworkRun &run) const
{
    const Decision &decision = run.decisions[m_plan->layerSlots()[slot].layer];
    Fingerprint key;
    key.add(slot).add(static_cast<std::uint64_t>(decision.channelAxis));
    addTo(key, decision.scheme);
    key.add(momentsId(decision));
    return key;
}

std::vector<std::uint32_t> NetworkSession::changedValues(std::span<const Fingerprint> from,
                                                         std::span<const Fingerprint> to) const
{
    std::vector<std::uint32_t> changed;
    for (std::size_t slot = 0; slot < to.size(); ++slot)
        if (from[slot] != to[slot])
            std::ranges::copy(m_plan->layerSlots()[slot].values, std::back_inserter(changed));
    return changed;
}

/// Brings the nearest state that is known up to date: an earlier one, or the float network.
Result<void> NetworkSession::quantizedRuns(const NetworkRun &run, const TaskContext &context)
{
    auto next = std::make_shared<Quantized>();
    next->keys = keysOf(run);
    const auto distance = [&](std::span<const Fingerprint> keys) { return changedValues(keys, next->keys).size(); };
    std::size_t least = distance(std::vector<Fingerprint>(next->keys.size()));
    std::shared_ptr<const Quantized> nearest;
    for (const auto &state : m_states) {
        if (const std::size_t far = distance(state->keys); far < least || (far == 0 && !nearest)) {
            least = far;
            nearest = state;
        }
    }
    if (nearest && least == 0) {
        std::ranges::rotate(m_states, std::ranges::find(m_states, nearest));
        return {};
    }
    const std::size_t samples = m_feed.samples;
    next->traces.resize(samples);
    next->sums.resize(samples);
    next->classes.resize(samples);
    std::atomic<std::size_t> done = 0;
    const auto runSample = [&](const Quantized *from, std::size_t sample) -> Result<void> {
        QS_CHECK(quantizedRun(run, from, sample, *next, context));
        context.report(static_cast<double>(++done) / static_cast<double>(samples), Text::of("the quantized network"));
        return {};
    };
    QS_CHECK(sideBySide(m_keptSamples, context, [&](std::size_t sample) { return runSample(nearest.get(), sample); }));
    for (std::size_t sample = m_keptSamples; sample < samples; ++sample)
        QS_CHECK(runSample(nullptr, sample));
    m_states.insert(m_states.begin(), std::move(next));
    m_states.resize(std::min(m_states.size(), kStatesHeld));
    return {};
}

Result<void> NetworkSession::quantizedRun(const NetworkRun &run, const Quantized *from, std::size_t sample,
                                          Quantized &to, const TaskContext &context)
{
    QS_ASSIGN(const Trace floats, floatTrace(run, sample, context));
    Trace trace = from != nullptr ? *from->traces[sample] : floats;
    Watched sums = from != nullptr ? from->sums[sample] : sameSums(floats);
    Slots quantized(to.keys.size());
    for (std::size_t slot = 0; slot < quantized.size(); ++slot)
        quantized[slot] = to.keys[slot] != Fingerprint();
    const std::vector<Fingerprint> none(to.keys.size());
    TraceRun request = traceRun(run, quantized, m_keepQuantized);
    request.onValue = [&](std::uint32_t value, const ValuePtr &made) {
        if (const std::uint32_t watched = m_watchedAt[value]; watched != kAbsent) {
            const ValuePtr &reference = floats.values[value];
            const bool both = reference && made; // a branch counts where both networks take it
            sums[watched] = both ? compareValues(*reference, *made, m_feed.rows) : ValueSums();
        }
    };
    QS_CHECK(qs::run(request, changedValues(from != nullptr ? from->keys : none, to.keys), trace, context));
    to.classes[sample] = classesOf(sample, floats, trace);
    to.sums[sample] = std::move(sums);
    if (sample < m_keptSamples) {
        for (std::size_t value = 0; value < trace.values.size(); ++value)
            if (!m_keepQuantized[value])
                trace.values[value].reset(); // of the float trace, where that is what the run began with
        to.traces[sample] = std::move(trace);
    }
    return {};
}

std::vector<std::size_t> NetworkSession::slotsToRunAlone(const NetworkRun &run) const
{
    std::vector<std::size_t> result;
    for (std::size_t slot = 0; slot < m_plan->layerSlots().size(); ++slot)
        if (run.decisions[m_plan->layerSlots()[slot].layer].quantize && !m_alone.contains(aloneKey(slot, run)))
            result.push_back(slot);
    return result;
}

Result<void> NetworkSession::aloneRuns(const NetworkRun &run, Alone &alone, const TaskContext &context)
{
    const std::size_t samples = m_feed.samples;
    const std::size_t count = alone.slots.size();
    if (m_alone.size() > kMostAlone)
        m_alone.clear();
    alone.sums.assign(count, std::vector<Watched>(samples));
    alone.classes.assign(count, {});
    alone.started.assign(count, 0);
    alone.left.assign(count, samples);
    for (const std::size_t slot : alone.slots)
        alone.all += m_slotSeconds[slot] * static_cast<double>(samples);
    const auto report = [&](std::size_t item) {
        alone.done += m_slotSeconds[alone.slots[item]];
        context.report(alone.all > 0 ? std::min(alone.done / alone.all, 1.0) : 1,
                       Text::of("{} alone", run.model.layers[m_plan->layerSlots()[alone.slots[item]].layer].module));
    };
    QS_CHECK(sideBySide(count * m_keptSamples, context, [&](std::size_t) -> Result<void> {
        const auto [item, sample] = alone.next(*m_plan, m_keptSamples);
        QS_CHECK(aloneRun(alone, item, sample, *m_floats[sample], context));
        const std::lock_guard lock(alone.mutex);
        report(item);
        return {};
    }));
    for (std::size_t sample = m_keptSamples; sample < samples; ++sample) {
        QS_ASSIGN(const Trace floats, floatTrace(run, sample, context));
        QS_CHECK(sideBySide(count, context, [&](std::size_t item) -> Result<void> {
            QS_CHECK(aloneRun(alone, item, sample, floats, context));
            const std::lock_guard lock(alone.mutex);
            report(item);
            return {};
        }));
    }
    return {};
}

Result<void> NetworkSession::aloneRun(Alone &alone, std::size_t item, std::size_t sample, const Trace &floats,
                                      const TaskContext &context)
{
    const std::size_t slot = alone.slots[item];
    Slots quantized(m_plan->layerSlots().size());
    quantized[slot] = true;
    Trace trace = floats;
    QS_CHECK(qs::run(traceRun(alone.run, quantized, m_keepAlone), m_plan->layerSlots()[slot].values, trace, context));
    Watched sums = outputSums(floats, trace);
    const ClassSums classes = agreementOf(floats, trace);
    const std::lock_guard lock(alone.mutex);
    alone.sums[item][sample] = std::move(sums);
    alone.classes[item].add(classes);
    if (--alone.left[item] > 0)
        return {};
    m_alone[aloneKey(slot, alone.run)] = {largestError(alone.sums[item]), alone.classes[item].changedShare()};
    if (alone.run.onLayer)
        alone.run.onLayer(m_plan->layerSlots()[slot].layer, layerError(alone.run, slot));
    return {};
}

Result<NetworkResult> NetworkSession::measure(const NetworkRun &run, const TaskContext &context)
{
    std::unique_lock lock(m_mutex, std::defer_lock);
    while (!lock.try_lock_for(kLockPause))
        QS_CHECK(context.check());
    NetworkResult result;
    result.layers.resize(run.model.layers.size());
    if (m_failure)
        return std::unexpected(*m_failure);
    const double firstShare =
        1 / (static_cast<double>(m_feed.samples) * (2 + static_cast<double>(m_plan->layerSlots().size()) / 2));
    const bool first = m_stepSeconds.empty();
    if (first && (run.whole || m_tooSlow == 0)) {
        Result<void> done = firstFloatRun(run, context.part(0, firstShare));
        if (!done && m_tooSlow == 0)
            return std::unexpected(std::move(done).error());
    }
    const TaskContext rest = context.part(first ? firstShare : 0, 1);
    const std::vector<std::size_t> waiting = slotsToRunAlone(run);
    const double seconds = m_stepSeconds.empty() ? m_tooSlow : secondsOf(waiting);
    if (!run.whole && (m_stepSeconds.empty() || secondsOfRuns() > kAutomaticSeconds)) {
        askFirst(seconds, result.total);
        return result;
    }
    const bool leavesOut = leavesOutAlone(run, seconds);
    const double runsShare = leavesOut || seconds <= 0 ? 1 : secondsOfRuns() / seconds;
    QS_CHECK(floatRuns(run, rest.part(0, runsShare / 2)));
    QS_CHECK(quantizedRuns(run, rest.part(runsShare / 2, runsShare)));
    fillTotal(result.total);
    for (std::size_t slot = 0; slot < m_plan->layerSlots().size(); ++slot)
        if (run.onLayer)
            run.onLayer(m_plan->layerSlots()[slot].layer, layerError(run, slot));
    if (leavesOut) {
        askFirst(seconds, result.total);
    } else if (!waiting.empty()) {
        if (run.onTotal)
            run.onTotal(result.total);
        Alone alone{.run = run, .slots = waiting};
        QS_CHECK(aloneRuns(run, alone, rest.part(runsShare, 1)));
        m_ranAlone = true;
    }
    for (std::size_t slot = 0; slot < m_plan->layerSlots().size(); ++slot)
        result.layers[m_plan->layerSlots()[slot].layer] = layerError(run, slot);
    return result;
}

} // namespace qs
