// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Why a layer is hard to quantize, and where its weights and its outputs tell two stories.
#pragma once

#include "core/analysis/report.h"
#include "core/base/text.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace qs {

enum class DifficultyKind : std::uint8_t {
    Outliers,     ///< a few weights widen the step for all others
    Spread,       ///< one scale serves channels of very different width
    OneSided,     ///< symmetric codes for weights on one side of zero
    Resolution,   ///< nothing of these: there are too few levels
    DeadChannels, ///< channels without any weight but 0
};

struct Difficulty {
    DifficultyKind kind = DifficultyKind::Resolution;
    /// Bits that would be won if it were not so, at least 0; 0 for Resolution and DeadChannels.
    double bits = 0;
    Text sentence;
};

/// What makes the layer hard under the scheme of its quantization (of a kept layer: what it would be), the costliest
/// first. Needs the layer's vectors (Keep::Everything); empty without them, for codes from a file, and for layers that
/// are not hard. The measures are our own:
/// - Outliers: c = √(mean h²) / √(mean x²), h half the range of each scale, against √(2 ln n), which n normal weights
///   reach; log2 of their ratio, from 1 bit on.
/// - Spread: the largest |x| of the layer by the median of those of its channels; log2, from 2 bits on. Only where one
///   scale serves the whole layer.
/// - One-sided: log2 of twice the largest |x| by the range with 0, mean over channels, from 0.75 bits on.
/// - Resolution: none of these, hardly any weight clipped, and a relative error of at least kHardError.
/// - Dead channels: at least one, and not all.
std::vector<Difficulty> difficultiesOf(const LayerReport &layer);

/// Relative error of the weights from which a layer is called hard.
inline constexpr double kHardError = 0.02;

/// Places of a layer among those that have both numbers; 1 is the worst.
struct RankContrast {
    std::size_t byWeights = 0; ///< by weight SQNR
    std::size_t byOutput = 0;  ///< by error alone of the network's output
    std::size_t layers = 0;
};

/// One per layer; empty but where one of the two places is among the worst tenth, rounded up, and the other one in the
/// better half, at least three places away: of n layers at most two tenths. All empty while results are missing, and
/// where no network runs.
std::vector<std::optional<RankContrast>> rankContrasts(const Report &report);

} // namespace qs
