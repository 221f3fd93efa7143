// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/value_rows.h"

#include "core/layers/named_codes.h"
#include "core/tensor/float_blocks.h"

#include <algorithm>

namespace qs {
namespace {

/// Row of the tensor that is row `row` of what is wanted.
std::uint64_t storedRow(std::uint64_t row, const RowPiece &piece)
{
    if (piece.order == RowOrder::AsIs)
        return row;
    const std::uint64_t size = piece.headRows;
    const std::uint64_t half = size / 2;
    const std::uint64_t head = row / size * size;
    const std::uint64_t at = row % size;
    if (piece.order == RowOrder::HalvesFromPairs)
        return head + at % half * 2 + at / half;
    return head + at % 2 * half + at / 2;
}

/// Calls read(first row of the tensor, rows, target row) for each run of rows that lie behind one another.
template <class Read>
Result<void> forEachStoredRun(const RowPiece &piece, std::uint64_t first, std::uint64_t count, Read read)
{
    for (std::uint64_t done = 0; done < count;) {
        const std::uint64_t row = storedRow(first + done, piece);
        std::uint64_t length = 1;
        while (done + length < count && storedRow(first + done + length, piece) == row + length)
            ++length;
        QS_CHECK(read(piece.firstRow + row, length, done));
        done += length;
    }
    return {};
}

template <class Value>
void transpose(const std::vector<Value> &tile, std::uint64_t rows, std::uint64_t columns, Value *target)
{
    for (std::uint64_t r = 0; r < rows; ++r)
        for (std::uint64_t c = 0; c < columns; ++c)
            target[r * columns + c] = tile[c * rows + r];
}

} // namespace

Result<ValueRows::Part> ValueRows::openPart(const Model &model, const RowPiece &piece, const RowView &view,
                                            const TaskContext &context)
{
    Part part;
    part.piece = piece;
    TensorInfo info = model.tensors[piece.tensor];
    info.stackAxes = view.stackAxes;
    if (!view.shape.empty())
        info.shape = view.shape;
    int axis = view.axis;
    const std::optional<std::size_t> index = model.layerOf(piece.tensor);
    const Layer *layer = index ? &model.layers[*index] : nullptr;
    if (layer != nullptr && layer->hasCodes()) {
        QS_ASSIGN(LayerQuantization stored, storedQuantization(model, *layer, context));
        part.stored = std::make_shared<const LayerQuantization>(std::move(stored));
        const TensorInfo &own = model.tensorOf(*layer);
        axis = layer->channelAxis;
        part.across = axis != view.axis;
        if ((part.across && own.shape.size() != 2) || info.shape != own.shape || info.stackAxes != own.stackAxes)
            return fail(ErrorCode::Work, Text::of("codes with scales along axis {} of {} cannot be read along axis {}",
                                                  axis, shapeText(own.shape), view.axis));
    }
    if (auto values = codesByName(model, piece.tensor).values) {
        Encoding encoding;
        encoding.name = info.typeName();
        encoding.values = std::move(values);
        part.encoding = std::make_shared<const Encoding>(std::move(encoding));
        info.dtype = DType::Encoded;
        info.encoding = part.encoding.get();
    }
    part.info = std::make_shared<const TensorInfo>(std::move(info));
    part.view = {part.info.get(), model.view(piece.tensor).file};
    part.values = std::make_shared<const LayerValues>(part.view, axis, part.stored.get());
    part.axis = part.values->blocks().axis();
    const MatrixShape shape = part.values->blocks().shape();
    if (part.piece.rows == 0)
        part.piece.rows = (part.across ? shape.weights : shape.channels) - part.piece.firstRow;
    return part;
}

Result<ValueRows> ValueRows::open(const Model &model, const std::vector<RowPiece> &pieces, const RowView &view,
                                  const TaskContext &context)
{
    ValueRows result;
    for (const RowPiece &piece : pieces) {
        QS_ASSIGN(Part part, openPart(model, piece, view, context));
        const MatrixShape shape = part.values->blocks().shape();
        const std::uint64_t weights = part.across ? shape.channels : shape.weights;
        if (!result.m_parts.empty() && weights != result.m_shape.weights)
            return fail(ErrorCode::Work,
                        Text::of("rows of {} values cannot follow rows of {} values", weights, result.m_shape.weights));
        result.m_shape.weights = weights;
        result.m_shape.channels += part.piece.rows;
        result.m_parts.push_back(std::move(part));
    }
    return result;
}

bool ValueRows::isSimple() const
{
    if (m_parts.size() != 1)
        return false;
    const Part &part = m_parts.front();
    return !part.across && part.piece.order == RowOrder::AsIs && !part.piece.plusOne &&
           m_shape == part.values->blocks().shape();
}

BlockLayout ValueRows::layout() const
{
    const bool apart = !std::ranges::all_of(m_parts, [](const Part &part) { return part.axis.contiguous(); });
    const bool across = std::ranges::any_of(m_parts, [](const Part &part) { return part.across; });
    return {m_shape, apart || across};
}

template <class Value, class ReadPart>
Result<void> ValueRows::readRows(const BlockRange &range, std::vector<Value> &values, ReadPart readPart) const
{
    values.resize(range.size());
    std::uint64_t first = 0; // row of the whole that the part begins with
    for (const Part &part : m_parts) {
        const std::uint64_t end = first + part.piece.rows;
        const std::uint64_t from = std::max(first, range.channel);
        const std::uint64_t to = std::min(end, range.channel + range.channels);
        if (from < to) {
            Value *target = values.data() + (from - range.channel) * range.weights;
            QS_CHECK(
                forEachStoredRun(part.piece, from - first, to - from,
                                 [&](std::uint64_t row, std::uint64_t count, std::uint64_t at) -> Result<void> {
                                     std::vector<Value> block;
                                     if (!part.across) {
                                         QS_CHECK(readPart(part, {row, count, range.weight, range.weights}, block));
                                         std::ranges::copy(block, target + at * range.weights);
                                         return {};
                                     }
                                     std::vector<Value> tile;
                                     for (std::uint64_t k = 0; k < range.weights; ++k) { // a piece of a row at a time
                                         QS_CHECK(readPart(part, {range.weight + k, 1, row, count}, block));
                                         tile.insert(tile.end(), block.begin(), block.end());
                                     }
                                     transpose(tile, count, range.weights, target + at * range.weights);
                                     return {};
                                 }));
        }
        first = end;
    }
    return {};
}

Result<void> ValueRows::read(const BlockRange &range, std::vector<float> &values) const
{
    if (isSimple())
        return m_parts.front().values->read(range, values);
    return readRows(range, values,
                    [](const Part &part, const BlockRange &where, std::vector<float> &block) -> Result<void> {
                        QS_CHECK(part.values->read(where, block));
                        for (float &value : block)
                            value += part.piece.plusOne ? 1.0F : 0.0F;
                        return {};
                    });
}

Result<void> ValueRows::readNumbers(const BlockRange &range, std::vector<long double> &values) const
{
    return readRows(range, values,
                    [](const Part &part, const BlockRange &where, std::vector<long double> &block) -> Result<void> {
                        if (part.stored || part.piece.plusOne) {
                            std::vector<float> narrow;
                            QS_CHECK(part.values->read(where, narrow));
                            for (float &value : narrow)
                                value += part.piece.plusOne ? 1.0F : 0.0F;
                            block.assign(narrow.begin(), narrow.end());
                            return {};
                        }
                        block.resize(where.size());
                        return readNumberBlock(TensorElements(part.view), part.axis, where, block.data());
                    });
}

const LayerQuantization *ValueRows::codes() const
{
    return isSimple() ? m_parts.front().stored.get() : nullptr;
}

Result<void> ValueRows::readCodes(const BlockRange &range, std::vector<std::int8_t> &codes) const
{
    return m_parts.front().values->blocks().readCodes(range, codes);
}

} // namespace qs
