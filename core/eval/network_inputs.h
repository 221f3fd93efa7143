// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NetworkInputs: what is fed into a network to measure its output error.
#pragma once

#include "core/base/task_context.h"
#include "core/model/model.h"

#include <memory>
#include <string>
#include <vector>

namespace qs {

/// [samples, features] float32, row-major, with labels (empty or one per sample) and words that say what it is.
struct NetworkInputs {
    std::uint64_t samples = 0;
    std::uint64_t features = 0;
    std::vector<float> values;
    std::vector<std::int64_t> labels;
    Text about;
    std::uint64_t id = 0; ///< equal contents have equal ids, for caches
};

inline constexpr std::uint64_t kDefaultSamples = 256;

/// A user's `.npy` files; `labelsPath` may be empty. Error{Input} for wrong files, different lengths, NaN or ∞.
Result<std::shared_ptr<const NetworkInputs>> loadInputs(const std::filesystem::path &inputsPath,
                                                        const std::filesystem::path &labelsPath);
/// The samples inside the model file.
Result<std::shared_ptr<const NetworkInputs>> samplesOf(const Model &model);
/// 256 samples N(0, 1) from a counter-based generator: the same numbers for the same seed everywhere.
Result<std::shared_ptr<const NetworkInputs>> gaussianInputs(std::uint64_t features, std::uint64_t seed,
                                                            const TaskContext &context,
                                                            std::uint64_t samples = kDefaultSamples);

} // namespace qs
