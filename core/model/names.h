// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Names of tensors: their order, and the module that they belong to.
#pragma once

#include <string_view>

namespace qs {

/// Natural order: runs of digits compare as numbers, so that layer2 comes before layer10.
bool naturalLess(std::string_view a, std::string_view b);

/// `name` without a trailing ".weight".
std::string_view moduleName(std::string_view name);

} // namespace qs
