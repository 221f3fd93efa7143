// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/weight_map.h"

#include "core/base/parallel.h"
#include "core/quant/recode.h"
#include "core/quant/stored.h"

#include <algorithm>
#include <cmath>

namespace qs {

namespace {

constexpr std::uint64_t kPieceWeights = 256 * 1024;

/// Values of a view for a block of the matrix, row-major.
class ViewReader
{
public:
    ViewReader(const Model &model, const Layer &layer, const LayerQuantization &quantization, WeightView view)
        : m_values(model, layer, quantization.channelAxis, &quantization)
        , m_table(scaleTableOf(quantization))
        , m_coding(Quantizer(quantization.scheme, model.tensorOf(layer).dtype).storedCoding())
        , m_isStored(layer.hasCodes())
        , m_view(view)
    {}

    MatrixShape shape() const { return m_values.blocks().shape(); }

    Result<void> read(const BlockRange &range, std::vector<float> &result) const
    {
        QS_CHECK(m_values.read(range, result));
        if (m_view == WeightView::Weight)
            return {};
        if (m_isStored)
            return readStored(range, result);
        thread_local std::vector<float> weights;
        weights = result;
        recode(m_table, m_coding, range, weights, [&](const RecodedRow &row) {
            for (std::size_t k = 0; k < row.weights.size(); ++k)
                result[row.first + k] = shown(row, k);
        });
        return {};
    }

private:
    float centred(int code, const ScaleRun &scale, std::size_t unit) const
    {
        const int zero = m_coding.hasOffsets() ? m_coding.codeMin : scale.zeroPoints ? scale.zeroPoints[unit] : 0;
        return static_cast<float>(code - zero);
    }

    float shown(const RecodedRow &row, std::size_t k) const
    {
        const std::size_t unit = row.unit(k);
        if (m_view == WeightView::Code)
            return centred(row.codes[k], row.scale, unit);
        const float scale = row.scale.stored[unit];
        const float steps = scale != 0 ? (row.values[k] - row.weights[k]) / scale : 0;
        if (m_view == WeightView::Clipped && !isClipped(row, k, steps))
            return 0;
        return scale < 0 ? -steps : steps;
    }

    /// Few weights lie so far from an outermost code that they have to be asked for one by one.
    bool isClipped(const RecodedRow &row, std::size_t k, float steps) const
    {
        constexpr float kAlmostHalf = 0.49F;
        const bool isEnd = row.codes[k] == m_coding.codeMin || row.codes[k] == m_coding.codeMax;
        if (!isEnd || std::abs(steps) < kAlmostHalf)
            return false;
        const std::size_t unit = row.unit(k);
        ScaleAndZeroPoint scale;
        scale.scale = scale.stored = row.scale.stored[unit];
        scale.zeroPoint = row.scale.zeroPoints ? row.scale.zeroPoints[unit] : 0;
        if (row.scale.offsets)
            scale.offset = scale.storedOffset = row.scale.offsets[unit];
        return walkValue(row.weights[k], scale, m_coding).clipped;
    }

    /// There is nothing to compare with: codes alone are known.
    Result<void> readStored(const BlockRange &range, std::vector<float> &result) const
    {
        std::ranges::fill(result, 0.0F);
        if (m_view != WeightView::Code)
            return {};
        thread_local std::vector<std::int8_t> codes;
        QS_CHECK(m_values.blocks().readCodes(range, codes));
        for (std::uint64_t c = 0; c < range.channels; ++c) {
            const ScaleRun run = m_table.run(range.channel + c, range.weight);
            for (std::uint64_t k = 0; k < range.weights; ++k)
                result[c * range.weights + k] =
                    centred(codes[c * range.weights + k], run, (run.phase + k) / run.groupSize);
        }
        return {};
    }

    LayerValues m_values;
    ScaleTable m_table;
    Coding m_coding;
    bool m_isStored;
    WeightView m_view;
};

/// Largest magnitudes of the columns of one row of weights.
void addRow(const float *values, std::uint64_t first, std::uint64_t count, const WeightMap &map, float *cells)
{
    for (std::uint64_t k = 0; k < count;) {
        const std::uint64_t column = (first + k) * map.columns / map.part.weights;
        // The first weight of the next column.
        const std::uint64_t end =
            std::min(((column + 1) * map.part.weights + map.columns - 1) / map.columns - first, count);
        float most = cells[column];
        for (; k < end; ++k)
            most = std::abs(values[k]) > std::abs(most) ? values[k] : most;
        cells[column] = most;
    }
}

void findSizes(WeightMap &map)
{
    std::vector<float> sizes;
    sizes.reserve(map.cells.size());
    for (const float cell : map.cells)
        if (std::isfinite(cell))
            sizes.push_back(std::abs(cell));
    if (sizes.empty())
        return;
    const auto usual = sizes.begin() + static_cast<std::ptrdiff_t>((sizes.size() - 1) * 99 / 100);
    std::ranges::nth_element(sizes, usual);
    map.usual = *usual;
    map.largest = *std::max_element(usual, sizes.end());
    if (map.usual == 0)
        map.usual = map.largest;
}

} // namespace

Result<WeightMap> weightMap(const Model &model, const Layer &layer, const LayerQuantization &quantization,
                            const WeightMapRequest &request, const TaskContext &context)
{
    const ViewReader reader(model, layer, quantization, request.view);
    const BlockRange &part = request.part;
    const MatrixShape shape = reader.shape();
    if (part.size() == 0 || part.channel + part.channels > shape.channels || part.weight + part.weights > shape.weights)
        return fail(ErrorCode::Usage, Text::of("this part does not belong to the layer"), layer.name);
    if (request.view != WeightView::Weight && layer.stored && !layer.hasCodes())
        return fail(ErrorCode::Usage, Text::of("its codes are of a kind of their own"), layer.name);
    if (request.view != WeightView::Weight && !layer.stored && quantization.scheme.compensates())
        return fail(ErrorCode::Usage, Text::of("its codes make up for each other: none follows from its weight alone"),
                    layer.name);
    WeightMap map;
    map.part = part;
    map.rows = std::min(part.channels, std::max<std::uint64_t>(request.mostRows, 1));
    map.columns = std::min(part.weights, std::max<std::uint64_t>(request.mostColumns, 1));
    map.cells.resize(map.rows * map.columns);
    // One row of the picture is the work of one thread, so no two write to the same cell.
    QS_CHECK(parallelFor(map.rows, context, [&](std::size_t row) -> Result<void> {
        const std::uint64_t first = part.channel + (row * part.channels + map.rows - 1) / map.rows;
        const std::uint64_t last = part.channel + ((row + 1) * part.channels + map.rows - 1) / map.rows;
        thread_local std::vector<float> values;
        for (std::uint64_t channel = first; channel < last; ++channel) {
            for (std::uint64_t done = 0; done < part.weights; done += kPieceWeights) {
                const std::uint64_t count = std::min(kPieceWeights, part.weights - done);
                QS_CHECK(reader.read({channel, 1, part.weight + done, count}, values));
                addRow(values.data(), done, count, map, map.cells.data() + row * map.columns);
            }
        }
        return {};
    }));
    findSizes(map);
    return map;
}

Result<ValueWalk> weightAt(const Model &model, const Layer &layer, const LayerQuantization &quantization,
                           std::uint64_t channel, std::uint64_t weight)
{
    const LayerValues values(model, layer, quantization.channelAxis, &quantization);
    const MatrixShape shape = values.blocks().shape();
    if (channel >= shape.channels || weight >= shape.weights)
        return fail(ErrorCode::Usage, Text::of("this part does not belong to the layer"), layer.name);
    if (!layer.stored && quantization.scheme.compensates())
        return fail(ErrorCode::Usage, Text::of("its codes make up for each other: none follows from its weight alone"),
                    layer.name);
    std::vector<float> value;
    QS_CHECK(values.read({channel, 1, weight, 1}, value));
    const ScaleGeometry geometry{quantization.scheme.granularity, shape};
    return walkValue(value.front(), storedScale(quantization, geometry.entryOf(channel, weight)),
                     Quantizer(quantization.scheme, model.tensorOf(layer).dtype).storedCoding());
}

} // namespace qs
