// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// DemoPicture: what the start page shows of a built-in model at some bits.
#pragma once

#include "core/base/result.h"
#include "core/base/task_context.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qs::ui {

struct DemoPicture {
    int bits = 0;
    std::vector<std::vector<float>> scales; ///< by layer, one per channel
    std::optional<double> outputError;      ///< of the network, relative, 0…
    std::uint64_t bytesBefore = 0;
    std::uint64_t bytesAfter = 0;
};

/// The built-in model of that name under its own recipe with these bits, one picture each.
Result<std::vector<DemoPicture>> demoPictures(const std::string &name, const std::vector<int> &bits,
                                              const TaskContext &context);

} // namespace qs::ui
