// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Parallel loops over independent items; the only user of oneTBB.
#pragma once

#include "core/base/task_context.h"

#include <cstddef>
#include <functional>

namespace qs {

/// Limits all parallel loops of the process to `count` threads (0: all processors). Returns nothing, never fails.
void setThreadCount(int count);

/// Number of threads that parallel loops may use now.
int threadCount();

/// Runs body(i) once for each i in [0, count), in any order and on any thread. Stops early when a body fails or
/// the stop token is triggered; returns the error of the lowest index that failed.
Result<void> parallelFor(std::size_t count, const TaskContext &context,
                         const std::function<Result<void>(std::size_t)> &body);

} // namespace qs
