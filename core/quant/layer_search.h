// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Range methods over a whole layer in bounded memory, also where one scale reaches over several blocks.
#pragma once

#include "core/base/task_context.h"
#include "core/quant/unit_search.h"
#include "core/scheme/scale_table.h"
#include "core/tensor/float_blocks.h"

#include <functional>

namespace qs {

/// Looks at all weights where the method decides for all scales of a layer together (UnitSearch::needsSteps()).
Result<void> prepareSearch(UnitSearch &search, const FloatBlocks &blocks, const TaskContext &context);

/// Gets the entry of the scale table; called from several threads at once, once per entry.
using ScaleStore = std::function<void(std::uint64_t entry, const ScaleAndZeroPoint &)>;
/// Scales of all units of a layer. The same for any number of threads.
Result<void> searchScales(const UnitSearch &search, const FloatBlocks &blocks, const TaskContext &context,
                          const ScaleStore &store);

} // namespace qs
