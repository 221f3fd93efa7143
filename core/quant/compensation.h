// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes that make up for each other's rounding: GPTQ (Frantar, Ashkboos, Hoefler, Alistarh 2022, "GPTQ: Accurate
// Post-Training Quantization for Generative Pre-trained Transformers", Algorithm 1).
#pragma once

#include "core/base/task_context.h"
#include "core/quant/input_moments.h"
#include "core/scheme/scale_table.h"

#include <optional>

namespace qs {

/// The weights of a channel get their codes one after the other. Each is moved by what is best for the output, given
/// the errors of all before it, and then rounded as the convention rounds. With H (damped by 1 % of its mean diagonal)
/// = M·Mᵀ and M upper triangular, weight i is moved by −Σ M[j, i]·e[j] / M[i, i] over j < i: what Algorithm 1 does with
/// the Cholesky factor of H⁻¹, without the inverse. Weights whose inputs were always 0 are rounded to the nearest code;
/// they do not count for the mean.
class Compensation
{
public:
    /// `byActivity`: weights in the order of H's diagonal, the largest first, instead of their own. Works with full
    /// moments, which must outlive the call.
    static Result<Compensation> make(const InputMoments &moments, bool byActivity, const TaskContext &context);

    /// Rows of the matrix form, all of the layer's weights of some channels.
    struct Rows {
        std::uint64_t channel = 0; ///< the first
        std::uint64_t channels = 0;
        const float *weights = nullptr; ///< [channels, K]
        ScaleTable scales;
        Coding coding;
        std::int8_t *codes = nullptr; ///< out, like the weights
        float *values = nullptr;      ///< out: what they stand for
        std::uint64_t clipped = 0;    ///< out: codes that a clamp changed
    };
    /// Safe to use from several threads. A channel's codes depend on its own weights alone.
    Result<void> round(Rows &rows, const TaskContext &context) const;

private:
    struct Work;

    Result<void> roundMatrix(std::uint64_t matrix, Rows &rows, std::uint64_t first, std::uint64_t count,
                             const TaskContext &context) const;
    std::uint64_t weightAt(std::uint64_t matrix, std::uint64_t place) const
    {
        return m_order.empty() ? place : m_order[matrix * m_weights + place];
    }

    std::uint64_t m_weights = 0;
    std::uint64_t m_matrices = 1;
    std::vector<std::uint32_t> m_order; ///< by matrix and place: which weight; empty: as they stand
    std::vector<double> m_factors;      ///< by matrix: Mᵀ, the lower triangle row by row, places in order
};

} // namespace qs
