// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Budgets of a search as people write them.
#pragma once

#include "core/search/search.h"

#include <optional>
#include <string_view>
#include <utility>

namespace qs {

/// A finite number above 0 and what stands behind it, blanks between them aside; empty when there is none.
std::optional<std::pair<double, std::string_view>> numberAndUnit(std::string_view text);

/// "2.1MiB", "300000"; units: B, KiB, MiB, GiB, kB, MB, GB. Empty when it is something else.
std::optional<SizeBudget> sizeBudget(std::string_view text);
/// "4.5".
std::optional<BitsBudget> bitsBudget(std::string_view text);
/// "1%", "0.01".
std::optional<ErrorBudget> errorBudget(std::string_view text);

} // namespace qs
