// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerQuantizer: one pass over a layer's weights that forms codes and measures their errors.
#pragma once

#include "core/metrics/error_tally.h"
#include "core/quant/compensation.h"
#include "core/quant/layer_search.h"
#include "core/quant/quantize.h"
#include "core/quant/statistics.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace qs {

/// The work behind quantizeLayer(). Each block is read once where scales reach over single rows, and worked on row by
/// row while the row is in the caches: extremes, scales, then codes and errors.
class LayerQuantizer
{
public:
    /// Both must outlive this object.
    LayerQuantizer(const QuantizeRequest &request, LayerQuantization &result);

    Result<void> run(const TaskContext &context);

    /// Smallest and largest weight of the layer, with zero included; valid after run().
    std::pair<float, float> range() const;
    /// Scales that are lost: not 0, but stored as 0.
    std::uint64_t lostScales() const { return m_lost; }
    /// True when run() sums statistics, too: rows are those of the file, and no range method wants finite weights.
    bool hasStatistics() const { return m_statistics.has_value(); }
    Result<WeightStatistics> statistics(const TaskContext &context) const;

private:
    struct Scratch;
    struct Row;

    bool finite() const { return m_scalesFinite && (!m_statistics || m_statistics->finite()); }
    Result<void> collectRanges(const TaskContext &context);
    Result<void> scalesOfLayer(const TaskContext &context);
    Result<void> workOnBlock(std::uint64_t index);
    Result<void> compensateBlock(std::uint64_t index, const TaskContext &context);
    Result<void> handOut(const BlockRange &range, const Scratch &scratch) const;
    RangeSums findRanges(const Row &row, std::uint64_t block, bool first, Scratch &scratch);
    void findScales(const Row &row, Scratch &scratch);
    /// Signed scales of units with extremes of the same magnitude: the first one counts.
    void settleTies(const Row &row, std::span<const RangeSums> ranges, UnitScales &units) const;
    /// Codes of units whose scale became 0 are those that the search went out from: they are written, though all mean
    /// the same.
    void putSearchedCodes(const Row &row, const QuantizePiece &piece) const;
    /// Rounds the values of a row to the type that they are written in, and measures them again.
    void roundValues(const Row &row, const QuantizePiece &piece, Scratch &scratch) const;
    /// Scales or codes come from what the layer is fed.
    bool hasMoments() const { return m_moments != nullptr; }
    /// The ranges of its groups do not tell the scales of a row.
    bool needsWeights() const { return m_search.quantizer().needsWeights() && !m_scalesByRange; }
    bool needsFloats() const { return needsWeights() || m_valuesAs; }
    void quantizeRow(const Row &row, std::uint64_t block, QuantizePiece &piece, Scratch &scratch);
    /// Where the scales of units from entry `first` on go; what forms codes goes to the two pointers.
    UnitScales unitScales(std::uint64_t first, float *scales, float *offsets) const;
    /// Scales of units that are not finite, were raised or are lost.
    void addRemarks(const UnitScales &units);
    ScaleTable tableFor(const Row &row, const Scratch &scratch) const;

    const Model &m_model;
    const Layer &m_layer;
    FloatBlocks m_blocks;
    BlockLayout m_layout;
    ScaleGeometry m_geometry;
    UnitSearch m_search;
    Coding m_coding;
    const CodeSink &m_sink;
    bool m_measured;     ///< errors are summed
    bool m_valuesWanted; ///< by the sink, or to be rounded
    std::optional<DType> m_valuesAs;
    bool m_rangesFirst;   ///< scales reach over several rows or blocks
    bool m_scalesByRange; ///< scales of a row are found together, from the ranges of its groups
    bool m_channelRanges; ///< channelMin and channelMax of the result are filled
    const InputMoments *m_moments;
    std::optional<Compensation> m_compensation; ///< of schemes with full moments
    LayerQuantization &m_result;
    ErrorTally m_tally;
    std::optional<StatisticsTally> m_statistics;
    std::vector<std::pair<float, float>> m_blockRanges;
    std::mutex m_rangeMutex;      ///< guards ranges that reach over block borders
    std::vector<float> m_unitMin; ///< with zero included; filled when ranges are collected first
    std::vector<float> m_unitMax;
    std::vector<float> m_codeScales;
    std::vector<float> m_codeOffsets;
    std::atomic<bool> m_scalesFinite{true};
    std::atomic<std::uint64_t> m_raised{0};
    std::atomic<std::uint64_t> m_lost{0};
};

} // namespace qs
