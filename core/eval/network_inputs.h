// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NetworkInputs: what is fed into a network to measure its output error.
#pragma once

#include "core/base/task_context.h"
#include "core/eval/value.h"
#include "core/model/model.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace qs {

/// An array for one input of a network.
struct InputArray {
    std::string name; ///< of the input; empty for the first one
    ValuePtr value;
    std::string file; ///< for people: where it comes from
};

/// [samples, features] float32, row-major, with labels (empty or one per sample) and words that say what it is; or
/// arrays, each for an input of a network that has some.
struct NetworkInputs {
    std::uint64_t samples = 0;
    std::uint64_t features = 0;
    std::vector<float> values;
    std::vector<InputArray> arrays; ///< in place of the samples
    std::vector<std::int64_t> labels;
    Text about;
    std::uint64_t id = 0; ///< equal contents have equal ids, for caches
};

inline constexpr std::uint64_t kDefaultSamples = 256;

/// A user's `.npy` files; `labelsPath` may be empty. Error{Input} for wrong files, different lengths, NaN or ∞.
Result<std::shared_ptr<const NetworkInputs>> loadInputs(const std::filesystem::path &inputsPath,
                                                        const std::filesystem::path &labelsPath);
/// A user's file and the input that it is for; an empty name leaves that to the file.
struct InputFileName {
    std::string input;
    std::filesystem::path path;
};

/// The same from several `.npy` and `.npz` files. One `.npy` of floats with one axis or two is samples, all others are
/// arrays.
Result<std::shared_ptr<const NetworkInputs>> loadInputs(const std::vector<InputFileName> &files,
                                                        const std::filesystem::path &labelsPath,
                                                        const TaskContext &context);
/// The same from arrays that somebody has made; `about` says what they are.
Result<std::shared_ptr<const NetworkInputs>> inputsOf(std::vector<InputArray> arrays,
                                                      const std::filesystem::path &labelsPath, Text about);
/// The samples inside the model file.
Result<std::shared_ptr<const NetworkInputs>> samplesOf(const Model &model);
/// 256 samples N(0, 1) from a counter-based generator: the same numbers for the same seed everywhere.
Result<std::shared_ptr<const NetworkInputs>> gaussianInputs(std::uint64_t features, std::uint64_t seed,
                                                            const TaskContext &context,
                                                            std::uint64_t samples = kDefaultSamples);

/// Numbers of a sequence that the seed stands for, each on its own: 64 random bits, and a normal one N(0, 1).
std::uint64_t randomBits(std::uint64_t seed, std::uint64_t counter);
float randomNormal(std::uint64_t seed, std::uint64_t counter);

} // namespace qs
