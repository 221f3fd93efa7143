// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The table of operators, in the parts of the files that hold them.
#pragma once

#include "core/eval/operator.h"

namespace qs {

/// The last version of the standard operators whose changes are known.
inline constexpr std::int64_t kNewestOpset = 25;

std::span<const std::span<const Operator>> operatorTables();

} // namespace qs
