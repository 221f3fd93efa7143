// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a mistyped pattern could have meant.
#pragma once

#include "core/model/model.h"

namespace qs {

/// Smallest number of letters to add, drop or change so that `pattern` matches `name`; '*' and '?' of a glob match for
/// nothing.
std::size_t editDistance(std::string_view pattern, std::string_view name);

/// Module names that are spelled like `pattern`, nearest first, at most five.
std::vector<std::string> nearNames(std::string_view pattern, const std::vector<Layer> &layers);

} // namespace qs
