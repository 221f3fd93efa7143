// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Values of the quantized network against those of the float network.
#pragma once

#include "core/base/result.h"
#include "core/eval/value.h"

#include <cstdint>
#include <optional>
#include <span>

namespace qs {

/// Sums over elements, x of the float network and y of the other one, e = y − x.
struct ValueSums {
    double error = 0;    ///< Σe²
    double signal = 0;   ///< Σx²
    double largest = 0;  ///< max |e|
    double absolute = 0; ///< Σ|e|
    std::uint64_t count = 0;
    bool comparable = true; ///< false: of another shape, or no floats

    void add(const ValueSums &other);
    /// √(Σe² / Σx²); empty when it does not exist.
    std::optional<double> relativeError() const;
};

/// Over as many elements as both have, one after the other.
ValueSums compareElements(std::span<const float> reference, std::span<const float> candidate);

/// Over the first `rows` of the first axis, all of them where that is empty; element after element.
ValueSums compareValues(const Value &reference, const Value &candidate, std::optional<std::uint64_t> rows);

/// Sums over rows of scores, one row for each sample or token.
struct ClassSums {
    std::uint64_t rows = 0;
    std::uint64_t agree = 0; ///< the largest score is at the same place; of equal ones the first counts
    std::uint64_t labels = 0;
    std::uint64_t rightBefore = 0; ///< of the labels, in the float network
    std::uint64_t rightAfter = 0;
    double divergence = 0; ///< Σ KL(softmax(x) ‖ softmax(y)), in nats
    double worst = 0;      ///< the largest one of a row
    std::uint64_t known = 0;
    double surpriseBefore = 0; ///< Σ −ln softmax(x) at the class that was right, in nats
    double surpriseAfter = 0;

    void add(const ClassSums &other);
    /// Share of rows that do not agree, 0..1; empty without rows.
    std::optional<double> changedShare() const;
};

struct ClassRequest {
    std::uint64_t rows = 0;                     ///< that count, from the first one
    std::span<const std::int64_t> labels = {};  ///< one per row, or none
    bool divergence = false;                    ///< also KL
    std::span<const std::int64_t> classes = {}; ///< right classes of the first rows, for the surprise
};

/// Rows are the last axis. Labels and classes outside of it are not counted. Empty sums for values that cannot be
/// compared.
ClassSums compareClasses(const Value &reference, const Value &candidate, const ClassRequest &request);

} // namespace qs
