// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/trace.h"

#include "core/eval/operator.h"

#include <algorithm>
#include <ctime>

namespace qs {
namespace {

/// Whole numbers in a longer value are data, not shapes: comparing them is not worth it.
constexpr std::size_t kMostCompared = 4096;

class Walker
{
public:
    Walker(const TraceRun &run, std::span<const std::uint32_t> changed, Trace &trace, const TaskContext &context)
        : m_run(run)
        , m_plan(run.plan)
        , m_values(trace.values)
        , m_context(context)
        , m_changed(trace.values.size())
        , m_wanted(run.keep)
        , m_needed(run.plan.steps().size())
        , m_uses(trace.values.size())
        , m_operators{run.plan.network(), context, run.budget,
                      [this](std::uint32_t graph, std::span<const ValuePtr> inputs) { return runBody(graph, inputs); }}
    {
        for (const std::uint32_t value : changed)
            m_changed[value] = true;
    }

    Result<void> walk()
    {
        findNeeded();
        const std::span<const RunStep> steps = m_plan.steps();
        for (std::size_t s = 0; s < steps.size(); ++s) {
            if (!m_needed[s])
                continue;
            const bool changed = seesChange(steps[s]);
            if (changed || lacksOutput(steps[s]))
                QS_CHECK(runStep(s, changed));
            for (const std::uint32_t value : steps[s].reads)
                release(value);
        }
        return {};
    }

private:
    bool seesChange(const RunStep &step) const
    {
        return std::ranges::any_of(step.reads, [this](std::uint32_t value) { return m_changed[value]; });
    }

    bool lacksOutput(const RunStep &step) const
    {
        return std::ranges::any_of(m_plan.nodeOf(step).outputs, [this](std::uint32_t value) {
            return value != kAbsent && m_wanted[value] && !m_values[value];
        });
    }

    /// Which steps may have to run: those that could see a change, and those that make what is missing.
    void findNeeded()
    {
        const std::span<const RunStep> steps = m_plan.steps();
        std::vector<bool> open = m_changed;
        std::vector<bool> behind(steps.size());
        for (std::size_t s = 0; s < steps.size(); ++s) {
            behind[s] = std::ranges::any_of(steps[s].reads, [&](std::uint32_t value) { return open[value]; });
            for (const std::uint32_t value : steps[s].makes)
                open[value] = open[value] || behind[s];
        }
        for (std::size_t s = steps.size(); s-- > 0;) {
            m_needed[s] =
                lacksOutput(steps[s]) ||
                (behind[s] && std::ranges::any_of(steps[s].makes, [&](auto value) { return m_wanted[value]; }));
            if (!m_needed[s])
                continue;
            for (const std::uint32_t value : steps[s].reads) {
                m_wanted[value] = true;
                ++m_uses[value];
            }
        }
    }

    Result<void> runStep(std::size_t index, bool changed)
    {
        const double start = threadSeconds();
        const RunStep &step = m_plan.steps()[index];
        const NetworkNode &node = m_plan.nodeOf(step);
        std::vector<ValuePtr> before;
        for (const std::uint32_t value : step.makes) { // a branch that is not taken any more leaves nothing behind
            before.push_back(std::exchange(m_values[value], nullptr));
            if (m_run.onValue && m_plan.network().values[value].graph != 0)
                m_run.onValue(value, nullptr);
        }
        QS_CHECK(runOne(node));
        for (std::size_t i = 0; i < step.makes.size(); ++i) {
            const std::uint32_t value = step.makes[i];
            m_changed[value] = changed && !isSame(before[i], m_values[value]);
            if (m_uses[value] == 0 && !m_run.keep[value])
                m_values[value].reset();
        }
        if (m_run.onStep)
            return m_run.onStep(index, threadSeconds() - start);
        return {};
    }

    static bool isSame(const ValuePtr &before, const ValuePtr &after)
    {
        return before && after && !after->isFloat() && after->size() <= kMostCompared && *before == *after;
    }

    Result<ValuePtr> input(std::uint32_t value) const
    {
        if (value == kAbsent)
            return nullptr;
        if (m_plan.isStored(value))
            return m_run.stored(value, m_context);
        return m_values[value];
    }

    Result<void> runOne(const NetworkNode &node)
    {
        Values inputs;
        for (const std::uint32_t value : node.inputs) {
            QS_ASSIGN(inputs.emplace_back(), input(value));
        }
        if (m_run.onInputs)
            QS_CHECK(m_run.onInputs(node, inputs));
        QS_ASSIGN(const Values outputs, runNode(node, inputs, m_operators));
        for (std::size_t i = 0; i < node.outputs.size(); ++i)
            if (node.outputs[i] != kAbsent)
                put(node.outputs[i], outputs[i]);
        return {};
    }

    void put(std::uint32_t value, ValuePtr made)
    {
        m_values[value] = std::move(made);
        if (m_run.onValue && m_values[value])
            m_run.onValue(value, m_values[value]);
    }

    Result<Values> runBody(std::uint32_t graph, std::span<const ValuePtr> inputs)
    {
        const NetworkGraph &body = m_plan.network().graphs[graph];
        for (std::size_t i = 0; i < std::min(inputs.size(), body.inputs.size()); ++i)
            m_values[body.inputs[i]] = inputs[i];
        for (const NetworkNode &node : body.nodes)
            QS_CHECK(runOne(node));
        Values outputs;
        for (const std::uint32_t value : body.outputs) {
            QS_ASSIGN(outputs.emplace_back(), input(value));
        }
        return outputs;
    }

    void release(std::uint32_t value)
    {
        if (--m_uses[value] == 0 && !m_run.keep[value])
            m_values[value].reset();
    }

    const TraceRun &m_run;
    const RunPlan &m_plan;
    std::vector<ValuePtr> &m_values;
    const TaskContext &m_context;
    std::vector<bool> m_changed;       ///< by value, as far as the walk has come
    std::vector<bool> m_wanted;        ///< by value: kept, or taken by a step that is needed
    std::vector<bool> m_needed;        ///< by step
    std::vector<std::uint32_t> m_uses; ///< by value: steps that are needed and still to come
    RunContext m_operators;
};

} // namespace

double threadSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

Result<void> run(const TraceRun &run, std::span<const std::uint32_t> changed, Trace &trace, const TaskContext &context)
{
    trace.values.resize(run.plan.network().values.size());
    return Walker(run, changed, trace, context).walk();
}

} // namespace qs
