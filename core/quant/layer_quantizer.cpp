// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/layer_quantizer.h"

#include "core/base/parallel.h"
#include "core/quant/output_search.h"
#include "core/scheme/convention.h"
#include "core/scheme/many_scales.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace qs {

namespace {

// Rows up to this size are brought nearer while the row before is worked on: both fit into the second-level cache.
constexpr std::size_t kNextRowBytes = std::size_t{192} << 10U;

constexpr std::size_t kReadBytes = std::size_t{256} << 10U;

// Copying to where the second-level cache still holds what was read before takes the system a quarter longer than to
// other memory, so reads of kReadBytes take turns in four times as much.
constexpr std::size_t kReadTurns = 4;

bool spansRows(const Granularity &granularity)
{
    return granularity.kind == Granularity::Kind::Tensor;
}

/// Whether the rows that are quantized are those of the file, as weightStatistics() reads them.
bool hasFileRows(const FloatBlocks &blocks, const TensorInfo &tensor)
{
    const MatrixShape rows = matrixShape(tensor, 0);
    return blocks.axis().contiguous() && blocks.shape().channels == rows.channels &&
           blocks.shape().weights == rows.weights;
}

/// The moments that a scheme needs; null where they are not known or of another shape.
const InputMoments *momentsFor(const QuantizeRequest &request, const MatrixShape &shape)
{
    const bool fit = request.moments != nullptr && request.moments->fits(shape);
    return request.scheme.needsInputs() && fit ? request.moments : nullptr;
}

/// Whether Formula::scalesOfMany() finds the scales of a row. Of formulas that count zero among the weights it does not
/// matter.
bool findsByRange(const Scheme &scheme)
{
    return scheme.range.kind == RangeMethod::Kind::MinMax && !scheme.hasZeroPoints() &&
           formulaOf(scheme).scalesOfMany != nullptr;
}

/// Of some groups at once: four chains of comparisons instead of one.
RangeSums joined(std::span<const RangeSums> groups)
{
    constexpr std::size_t kChains = 4;
    const auto add = [](RangeSums &sum, const RangeSums &one) {
        sum.min = std::min(sum.min, one.min);
        sum.max = std::max(sum.max, one.max);
    };
    RangeSums chains[kChains];
    std::size_t i = 0;
    for (; i + kChains <= groups.size(); i += kChains)
        for (std::size_t k = 0; k < kChains; ++k)
            add(chains[k], groups[i + k]);
    for (; i < groups.size(); ++i)
        add(chains[0], groups[i]);
    for (std::size_t k = 1; k < kChains; ++k)
        add(chains[0], chains[k]);
    return chains[0];
}

const float *orNull(const std::vector<float> &values)
{
    return values.empty() ? nullptr : values.data();
}

} // namespace

/// Memory of one worker thread, reused from block to block.
struct LayerQuantizer::Scratch {
    ReadBuffer blocks[kReadTurns];
    std::size_t turn = 0;
    std::vector<float> values;
    std::vector<std::int8_t> codes;
    std::vector<float> scales;     ///< of one row: as codes are formed
    std::vector<float> offsets;    ///< the same, of schemes with offsets
    std::vector<RangeSums> ranges; ///< of the groups of one row
    RowSums sums;                  ///< of one row

    /// For a read of `size` bytes. Larger ones than kReadBytes all take the first, so that none is held four times.
    ReadBuffer &nextBlock(std::size_t size) { return blocks[size <= kReadBytes ? turn++ % kReadTurns : 0]; }
};

/// One row of a block, or the block's piece of a row.
struct LayerQuantizer::Row {
    std::uint64_t channel;
    std::uint64_t weight; ///< first one
    std::uint64_t weights;
    const std::byte *data;
    FloatType type;
    const std::byte *next; ///< the row after it, or null
};

LayerQuantizer::LayerQuantizer(const QuantizeRequest &request, LayerQuantization &result)
    : m_model(request.model)
    , m_layer(request.layer)
    , m_blocks(m_model.view(m_layer.tensor), request.channelAxis)
    , m_layout(m_blocks.layout())
    , m_geometry{request.scheme.granularity, m_blocks.shape()}
    , m_search(Quantizer(request.scheme, m_model.tensorOf(m_layer).dtype))
    , m_coding(m_search.quantizer().coding())
    , m_sink(request.sink)
    , m_measured(request.keep != Keep::Scales)
    , m_valuesWanted((request.sink && request.wants == SinkWants::CodesAndValues) || request.valuesAs)
    , m_valuesAs(request.valuesAs)
    , m_rangesFirst(m_layout.splitsChannels() || spansRows(request.scheme.granularity) ||
                    momentsFor(request, m_blocks.shape()) != nullptr)
    , m_scalesByRange(!m_rangesFirst && findsByRange(request.scheme))
    , m_channelRanges(request.keep == Keep::Everything || m_layout.splitsChannels() ||
                      momentsFor(request, m_blocks.shape()) != nullptr)
    , m_moments(momentsFor(request, m_blocks.shape()))
    , m_result(result)
    , m_tally(m_blocks.shape(), m_layout, matricesOf(m_model.tensorOf(m_layer), request.channelAxis))
    , m_blockRanges(m_layout.count())
{
    if (request.statistics && !needsWeights() && hasFileRows(m_blocks, m_model.tensorOf(m_layer)))
        m_statistics.emplace(m_blocks, request.kurtosis);
    result.scheme = request.scheme;
    result.channelAxis = request.channelAxis;
    result.shape = m_blocks.shape();
    result.groupsPerChannel = m_geometry.groupsPerChannel();
    result.scales.resize(m_geometry.count());
    if (request.scheme.hasZeroPoints())
        result.zeroPoints.resize(m_geometry.count());
    if (request.scheme.hasOffsets())
        result.offsets.resize(m_geometry.count());
    if (m_channelRanges) {
        result.channelMin.assign(result.shape.channels, std::numeric_limits<float>::infinity());
        result.channelMax.assign(result.shape.channels, -std::numeric_limits<float>::infinity());
    }
}

std::pair<float, float> LayerQuantizer::range() const
{
    std::pair<float, float> result{0.0F, 0.0F};
    for (const auto &[min, max] : m_blockRanges) {
        result.first = std::min(result.first, min);
        result.second = std::max(result.second, max);
    }
    return result;
}

Result<WeightStatistics> LayerQuantizer::statistics(const TaskContext &context) const
{
    return m_statistics->finish(m_model.tensorOf(m_layer), context);
}

Result<void> LayerQuantizer::run(const TaskContext &context)
{
    QS_CHECK(prepareSearch(m_search, m_blocks, context));
    if (m_rangesFirst) {
        QS_CHECK(collectRanges(context));
        if (finite()) {
            QS_CHECK(scalesOfLayer(context));
        }
    }
    const Scheme &scheme = m_search.scheme();
    if (finite() && hasMoments() && scheme.compensates() && m_moments->full && !m_layout.splitsChannels()) {
        QS_ASSIGN(m_compensation,
                  Compensation::make(*m_moments, scheme.codes == Codes::CompensatedByActivity, context));
    }
    if (!m_rangesFirst || finite()) {
        QS_CHECK(parallelFor(m_layout.count(), context, [&](std::size_t index) {
            return m_compensation ? compensateBlock(index, context) : workOnBlock(index);
        }));
    }
    m_result.scalesFinite = m_scalesFinite;
    m_result.raisedScales = m_raised;
    if (finite() && m_measured) {
        m_result.sums = m_tally.sums();
        m_result.matrixErrors = m_tally.matrixErrors();
        m_result.channelRmsePerScale = m_tally.takeRmsePerScale();
    }
    return {};
}

/// Ranges of the groups of a row and what else one look at its weights gives; `first`: nobody has looked before. Gives
/// the range of the row.
RangeSums LayerQuantizer::findRanges(const Row &row, std::uint64_t block, bool first, Scratch &scratch)
{
    const std::uint64_t groupSize = m_geometry.groupSize();
    const std::uint64_t phase = row.weight % groupSize;
    scratch.ranges.resize((phase + row.weights - 1) / groupSize + 1);
    scratch.sums = {};
    const RangePiece piece{
        row.data, row.type, row.weights, groupSize, phase, scratch.ranges.data(), m_measured ? &scratch.sums : nullptr};
    kernels().ranges(&piece);
    const RangeSums all = joined(scratch.ranges);
    auto &[min, max] = m_blockRanges[block];
    min = std::min(min, all.min);
    max = std::max(max, all.max);
    if (!first)
        return all;
    if (m_statistics)
        m_statistics->add(block, row.data, row.type, row.weights, all);
    if (!m_channelRanges)
        return all;
    const std::lock_guard lock(m_rangeMutex);
    m_result.channelMin[row.channel] = std::min(m_result.channelMin[row.channel], all.min);
    m_result.channelMax[row.channel] = std::max(m_result.channelMax[row.channel], all.max);
    return all;
}

Result<void> LayerQuantizer::collectRanges(const TaskContext &context)
{
    m_unitMin.assign(m_geometry.count(), 0);
    m_unitMax.assign(m_geometry.count(), 0);
    return parallelFor(m_layout.count(), context, [this](std::size_t index) -> Result<void> {
        thread_local Scratch scratch;
        const BlockRange range = m_layout.block(index);
        QS_ASSIGN(const WeightRows rows, m_blocks.rows(range, scratch.blocks[0]));
        for (std::uint64_t c = 0; c < range.channels; ++c) {
            const Row row{range.channel + c, range.weight, range.weights, rows.row(c), rows.type, nullptr};
            findRanges(row, index, true, scratch);
            const std::lock_guard lock(m_rangeMutex);
            const std::uint64_t unit = spansRows(m_geometry.granularity)
                                           ? 0
                                           : m_geometry.firstOf(row.channel) + range.weight / m_geometry.groupSize();
            for (std::size_t i = 0; i < scratch.ranges.size(); ++i) {
                m_unitMin[unit + i] = std::min(m_unitMin[unit + i], scratch.ranges[i].min);
                m_unitMax[unit + i] = std::max(m_unitMax[unit + i], scratch.ranges[i].max);
            }
        }
        return {};
    });
}

/// Scales of a layer whose units lie in several blocks.
Result<void> LayerQuantizer::scalesOfLayer(const TaskContext &context)
{
    m_codeOffsets.resize(m_result.offsets.size());
    // Scales take the place of the ranges that they come from: there may be many.
    m_codeScales = std::move(m_unitMin);
    const auto store = [&](std::uint64_t entry, const ScaleAndZeroPoint &found) {
        float *offset = m_codeOffsets.empty() ? nullptr : &m_codeOffsets[entry];
        UnitScales one = unitScales(entry, &m_codeScales[entry], offset);
        one.set(0, found);
        addRemarks(one);
    };
    if (hasMoments() && m_search.scheme().range.kind == RangeMethod::Kind::Output) {
        QS_CHECK(searchOutputScales(m_search, m_blocks, *m_moments, context, store));
    } else if (m_search.quantizer().needsWeights()) {
        QS_CHECK(searchScales(m_search, m_blocks, context, store));
    } else {
        for (std::uint64_t i = 0; i < m_geometry.count(); ++i)
            store(i, m_search.quantizer().scaleFor({m_codeScales[i], m_unitMax[i], false}));
    }
    std::vector<float>().swap(m_unitMax);
    return {};
}

Result<void> LayerQuantizer::workOnBlock(std::uint64_t index)
{
    thread_local Scratch scratch;
    const BlockRange range = m_layout.block(index);
    scratch.codes.resize(m_sink ? range.size() : 0);
    scratch.values.resize(m_valuesWanted ? range.size() : 0);
    QuantizePiece piece;
    piece.coding = m_coding;
    piece.count = range.weights;
    // Neighbours in the file are read some rows at a time, so that they are still in the second-level cache.
    const std::uint64_t some = std::max<std::uint64_t>(1, kReadBytes / (range.weights * sizeof(float)));
    const std::uint64_t together = m_blocks.axis().contiguous() ? some : range.channels;
    for (std::uint64_t first = 0; first < range.channels; first += together) {
        const std::uint64_t count = std::min(together, range.channels - first);
        const BlockRange part{range.channel + first, count, range.weight, range.weights};
        ReadBuffer &buffer = scratch.nextBlock(part.size() * sizeof(float));
        QS_ASSIGN(const WeightRows rows,
                  needsFloats() ? m_blocks.floatRows(part, buffer) : m_blocks.rows(part, buffer));
        for (std::uint64_t c = 0; c < count; ++c) {
            const bool near = c + 1 < count && rows.rowBytes <= kNextRowBytes;
            const Row row{part.channel + c, part.weight, part.weights,
                          rows.row(c),      rows.type,   near ? rows.row(c + 1) : nullptr};
            const std::uint64_t at = (first + c) * range.weights;
            piece.codes = m_sink ? scratch.codes.data() + at : nullptr;
            piece.values = m_valuesWanted ? scratch.values.data() + at : nullptr;
            quantizeRow(row, index, piece, scratch);
        }
    }
    if (!finite())
        return {};
    m_tally.addCodes(index, piece.clipped, piece.zeroCodes);
    return handOut(range, scratch);
}

Result<void> LayerQuantizer::handOut(const BlockRange &range, const Scratch &scratch) const
{
    if (!m_sink)
        return {};
    return m_sink({range.channel, range.channels, range.weight, range.weights, scratch.codes.data(),
                   m_valuesWanted ? scratch.values.data() : nullptr, &m_result});
}

Result<void> LayerQuantizer::compensateBlock(std::uint64_t index, const TaskContext &context)
{
    Scratch scratch; // not of the thread: factors are made in parallel, too
    const BlockRange range = m_layout.block(index);
    QS_ASSIGN(const WeightRows rows, m_blocks.floatRows(range, scratch.blocks[0]));
    std::vector<float> weights;
    for (std::uint64_t c = 0; c < range.channels; ++c) {
        const auto *row = reinterpret_cast<const float *>(rows.row(c));
        weights.insert(weights.end(), row, row + range.weights);
    }
    scratch.codes.resize(range.size());
    scratch.values.resize(range.size());
    const Row first{range.channel, 0, range.weights, nullptr, FloatType::F32, nullptr};
    Compensation::Rows work{.channel = range.channel,
                            .channels = range.channels,
                            .weights = weights.data(),
                            .scales = tableFor(first, scratch),
                            .coding = m_coding,
                            .codes = scratch.codes.data(),
                            .values = scratch.values.data()};
    QS_CHECK(m_compensation->round(work, context));
    std::uint64_t zeroCodes = 0;
    for (std::uint64_t c = 0; c < range.channels; ++c) {
        const std::uint64_t channel = range.channel + c;
        const float *const x = weights.data() + c * range.weights;
        float *const values = scratch.values.data() + c * range.weights;
        for (std::uint64_t k = 0; k < range.weights; ++k) {
            values[k] = m_valuesAs ? roundTo(*m_valuesAs, values[k]) : values[k];
            zeroCodes += x[k] != 0 && values[k] == 0 ? 1 : 0;
        }
        const ScaleRun run = work.scales.run(channel, 0);
        const float largest = std::max(-m_result.channelMin[channel], m_result.channelMax[channel]);
        const MeasurePiece piece{x, values, range.weights, &run, needsWideSums(largest)};
        scratch.sums = {};
        kernels().measure(&piece, &scratch.sums);
        m_tally.addRow(index, channel, scratch.sums);
    }
    m_tally.addCodes(index, work.clipped, zeroCodes);
    return handOut(range, scratch);
}

void LayerQuantizer::quantizeRow(const Row &row, std::uint64_t block, QuantizePiece &piece, Scratch &scratch)
{
    float largest = 0;
    if (m_layout.splitsChannels()) {
        scratch.sums = {};
        largest = std::max(-m_result.channelMin[row.channel], m_result.channelMax[row.channel]);
        piece.ranges = nullptr;
    } else {
        const RangeSums range = findRanges(row, block, !m_rangesFirst, scratch);
        largest = std::max({largest, -range.min, range.max});
        piece.ranges = scratch.ranges.data();
    }
    if (!m_rangesFirst && finite())
        findScales(row, scratch);
    if (!finite())
        return; // nothing but statistics is wanted any more
    piece.x = row.data;
    piece.type = row.type;
    piece.next = row.next;
    piece.scale = tableFor(row, scratch).run(row.channel, row.weight);
    piece.wide = needsWideSums(largest);
    piece.signalKnown = m_measured && !m_layout.splitsChannels() && !piece.wide;
    piece.zeros = piece.signalKnown ? row.weights - scratch.sums.nonZero : 0;
    piece.sums = m_measured ? &scratch.sums : nullptr;
    if (!piece.signalKnown)
        scratch.sums = {};
    kernels().quantize(&piece);
    if (m_search.quantizer().superBlock() && m_sink)
        putSearchedCodes(row, piece);
    if (m_valuesAs)
        roundValues(row, piece, scratch);
    if (m_measured)
        m_tally.addRow(block, row.channel, scratch.sums);
}

void LayerQuantizer::putSearchedCodes(const Row &row, const QuantizePiece &piece) const
{
    const SuperBlock &block = *m_search.quantizer().superBlock();
    const auto *weights = reinterpret_cast<const float *>(row.data); // they were read as such
    for (std::size_t at = 0; at < piece.count; at += block.size()) {
        const float *stored = piece.scale.stored + (piece.scale.phase + at) / block.groupSize;
        if (std::find(stored, stored + block.units, 0.0F) == stored + block.units)
            continue;
        const SuperBlockScales found = m_search.scalesOf({weights + at, block.size()});
        for (std::size_t unit = 0; unit < block.units; ++unit)
            if (stored[unit] == 0)
                std::copy_n(found.codes.data() + unit * block.groupSize, block.groupSize,
                            piece.codes + at + unit * block.groupSize);
    }
}

void LayerQuantizer::roundValues(const Row &row, const QuantizePiece &piece, Scratch &scratch) const
{
    for (std::size_t i = 0; i < piece.count; ++i)
        piece.values[i] = roundTo(*m_valuesAs, piece.values[i]);
    if (!m_measured)
        return;
    const MeasurePiece rounded{reinterpret_cast<const float *>(row.data), // they were read as such
                               piece.values, piece.count, &piece.scale, piece.wide};
    scratch.sums = {};
    kernels().measure(&rounded, &scratch.sums);
}

void LayerQuantizer::findScales(const Row &row, Scratch &scratch)
{
    scratch.scales.resize(scratch.ranges.size());
    scratch.offsets.resize(m_result.offsets.empty() ? 0 : scratch.ranges.size());
    float *offsets = scratch.offsets.empty() ? nullptr : scratch.offsets.data();
    const std::uint64_t first = m_geometry.firstOf(row.channel);
    UnitScales units = unitScales(first, scratch.scales.data(), offsets);
    const auto *weights = reinterpret_cast<const float *>(row.data); // if floats were asked for
    if (const SuperBlock *block = m_search.quantizer().superBlock()) {
        for (std::size_t unit = 0; unit < scratch.ranges.size(); unit += block->units) {
            const SuperBlockScales found = m_search.scalesOf({weights + unit * block->groupSize, block->size()});
            for (std::size_t i = 0; i < block->units; ++i)
                units.set(unit + i, found.scales[i]);
        }
    } else if (needsWeights()) {
        for (std::size_t i = 0; i < scratch.ranges.size(); ++i) {
            const std::uint64_t weight = i * m_geometry.groupSize();
            const std::uint64_t size = std::min(m_geometry.groupSize(), row.weights - weight);
            units.set(i, m_search.scaleOf(std::span(weights + weight, size), scratch.ranges[i], first + i));
        }
    } else {
        m_search.quantizer().scalesFor(scratch.ranges, units);
        if (formulaOf(m_search.scheme()).signedScales)
            settleTies(row, scratch.ranges, units);
    }
    addRemarks(units);
}

void LayerQuantizer::settleTies(const Row &row, std::span<const RangeSums> ranges, UnitScales &units) const
{
    const std::size_t bytes = row.type == FloatType::F32 ? 4 : 2;
    std::vector<float> weights;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        if (-ranges[i].min != ranges[i].max)
            continue;
        const std::uint64_t first = i * m_geometry.groupSize();
        weights.resize(std::min(m_geometry.groupSize(), row.weights - first));
        const std::byte *source = row.data + first * bytes;
        if (row.type == FloatType::F32)
            std::memcpy(weights.data(), source, weights.size() * bytes);
        else if (row.type == FloatType::F16)
            kernels().fromF16(source, weights.size(), weights.data());
        else
            kernels().fromBf16(source, weights.size(), weights.data());
        const auto extreme = std::ranges::find(weights, ranges[i].max, [](float weight) { return std::fabs(weight); });
        if (extreme == weights.end() || !std::signbit(*extreme))
            continue;
        units.scales[i] = units.scales[i] == 0 ? 0.0F : -units.scales[i];
        units.stored[i] = -units.stored[i];
    }
}

ScaleTable LayerQuantizer::tableFor(const Row &row, const Scratch &scratch) const
{
    const std::uint64_t firstChannel = m_rangesFirst ? 0 : row.channel;
    const std::uint64_t first = m_geometry.firstOf(firstChannel);
    return {m_geometry,
            m_rangesFirst ? m_codeScales.data() : scratch.scales.data(),
            m_result.scales.data() + first,
            m_result.zeroPoints.empty() ? nullptr : m_result.zeroPoints.data() + first,
            m_result.offsets.empty() ? nullptr : m_result.offsets.data() + first,
            firstChannel,
            m_rangesFirst ? orNull(m_codeOffsets) : orNull(scratch.offsets)};
}

UnitScales LayerQuantizer::unitScales(std::uint64_t first, float *scales, float *offsets) const
{
    UnitScales units;
    units.scales = scales;
    units.stored = m_result.scales.data() + first;
    units.zeroPoints = m_result.zeroPoints.empty() ? nullptr : m_result.zeroPoints.data() + first;
    units.offsets = offsets;
    units.storedOffsets = m_result.offsets.empty() ? nullptr : m_result.offsets.data() + first;
    return units;
}

void LayerQuantizer::addRemarks(const UnitScales &units)
{
    if (!units.finite)
        m_scalesFinite = false;
    if (units.raised > 0)
        m_raised.fetch_add(units.raised, std::memory_order_relaxed);
    if (units.lost > 0)
        m_lost.fetch_add(units.lost, std::memory_order_relaxed);
}

} // namespace qs
