// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Trace: the values of one run of a network, and the walker that makes them.
#pragma once

#include "core/base/task_context.h"
#include "core/eval/run_plan.h"
#include "core/eval/value.h"

#include <functional>
#include <vector>

namespace qs {

/// One pointer per value of the network; null where the value was not made, or is not kept. Tensors and constants are
/// not in it, values inside of branches that were taken are. Copying it copies pointers.
struct Trace {
    std::vector<ValuePtr> values;
};

struct TraceRun {
    const RunPlan &plan;
    /// A tensor or a constant, under what the run puts in its place.
    std::function<Result<ValuePtr>(std::uint32_t value, const TaskContext &)> stored;
    /// By value: those that the run makes where the trace lacks them, and leaves in it. All others go as soon as
    /// nothing takes them any more.
    const std::vector<bool> &keep;
    MemoryBudget &budget;
    /// Hears of every value that a node made; and of those inside of branches as null before the branch is chosen.
    std::function<void(std::uint32_t value, const ValuePtr &)> onValue = {};
    /// Hears of every node, also inside of branches, with what it takes, before it runs; an error ends the run.
    std::function<Result<void>(const NetworkNode &node, std::span<const ValuePtr> inputs)> onInputs = {};
    /// Hears of every step that was run, with its processor time; an error ends the run.
    std::function<Result<void>(std::size_t step, double seconds)> onStep = {};
};

/// Processor time of the calling thread so far: what others do on a busy machine does not count.
double threadSeconds();

/// Brings `trace` up to date after the values in `changed` (fed or stored ones) have become others: runs the nodes that
/// can see a change, and those whose kept outputs the trace lacks with all that they need. Whole numbers that come out
/// as they were stop the change, so that shapes of changed values cost nothing. Equal, bit for bit, to a run from
/// nothing with the same stored values. On an error the trace is of no use. Errors name the node.
Result<void> run(const TraceRun &run, std::span<const std::uint32_t> changed, Trace &trace, const TaskContext &context);

} // namespace qs
