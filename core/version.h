// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Versions: of the program, of the instruction set in use, of the libraries.
#pragma once

#include <string>
#include <vector>

namespace qs {

inline constexpr const char *kVersion = QUANTOSCOPE_VERSION;

/// "v2", "v3", "v4" (x86-64 levels) or "generic".
std::string instructionSet();
/// Empty when QUANTOSCOPE_ISA is unset or names a level this processor has; else a sentence that says why not.
std::string instructionSetProblem();
/// "Eigen 3.4.0", "oneTBB 2021.8" …
std::vector<std::string> libraryVersions();

} // namespace qs
