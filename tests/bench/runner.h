// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Times cases in interleaved rounds, so that all of them meet the same state of a machine that changes.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace qs::bench {

struct Case {
    std::string name;  ///< what is done: "quantize f32"
    std::string level; ///< instruction set of a kernel
    std::string roof;  ///< name of the case of the same rounds that it is compared with; empty: it is one of those
    std::function<void()> run;
    double work = 0; ///< bytes moved or operations done, where others are compared with it
};

/// How often, and who says when.
struct Rounds {
    int count = 7;
    double seconds = 0.02; ///< a case that takes less is repeated within a round
    bool stepped = false;  ///< wait for a line on standard input before each round; ends with the input
};

/// Runs each case once per round. Prints a line of JSON that names the cases, then one per round with the seconds that
/// each took, by the clock and of processors.
void runInterleaved(const std::vector<Case> &cases, const Rounds &rounds);

} // namespace qs::bench
