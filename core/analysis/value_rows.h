// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ValueRows: rows of values of a weight, whatever tensors they stand in and in which order.
#pragma once

#include "core/base/task_context.h"
#include "core/model/model.h"
#include "core/quant/stored.h"

#include <memory>
#include <optional>
#include <vector>

namespace qs {

/// Order of the rows of each head of queries and keys, of which two belong to one rotation.
enum class RowOrder : std::uint8_t {
    AsIs,
    HalvesFromPairs, ///< the file keeps the two side by side; wanted are all first ones, then all second ones
    PairsFromHalves, ///< the other way round
};

/// Some rows of a tensor.
struct RowPiece {
    std::size_t tensor = 0;
    std::uint64_t firstRow = 0;
    std::uint64_t rows = 0;     ///< 0: all
    std::uint64_t headRows = 0; ///< rows of one head, where the order is not AsIs
    RowOrder order = RowOrder::AsIs;
    bool plusOne = false; ///< 1 is added to all values, in float32: norms that the other file counts from one
};

/// How a tensor is seen as rows.
struct RowView {
    int axis = 0;                          ///< of the tensor, the one that counts the rows; or kNoAxis
    std::uint8_t stackAxes = 0;            ///< in place of TensorInfo::stackAxes
    std::vector<std::uint64_t> shape = {}; ///< in place of TensorInfo::shape; empty: as it is
};

/// Reads a matrix [rows, values per row] in blocks. Safe to use from several threads. What the model holds must
/// outlive this object.
class ValueRows
{
public:
    /// Rows of the pieces, one piece behind the other, each seen as `view` says; all have rows of one length.
    /// Error{Work} for codes whose own rows lie across those that are wanted, unless they have two axes.
    static Result<ValueRows> open(const Model &model, const std::vector<RowPiece> &pieces, const RowView &view,
                                  const TaskContext &context);

    MatrixShape shape() const { return m_shape; }
    BlockLayout layout() const;
    /// Float32 values, row-major. Only where each tensor has such values.
    Result<void> read(const BlockRange &range, std::vector<float> &values) const;
    /// The same as the file holds them, without rounding; of codes times scales the float32 value.
    Result<void> readNumbers(const BlockRange &range, std::vector<long double> &values) const;

    /// Codes and scales of a single tensor whose rows are read as they stand; null for everything else.
    const LayerQuantization *codes() const;
    Result<void> readCodes(const BlockRange &range, std::vector<std::int8_t> &codes) const;

private:
    struct Part {
        std::shared_ptr<const Encoding> encoding; ///< of codes that only their names explain
        std::shared_ptr<const TensorInfo> info;
        TensorView view;
        std::shared_ptr<const LayerQuantization> stored;
        std::shared_ptr<const LayerValues> values;
        AxisLayout axis;
        bool across = false; ///< rows of the tensor are columns here
        RowPiece piece;
    };

    static Result<Part> openPart(const Model &model, const RowPiece &piece, const RowView &view,
                                 const TaskContext &context);
    template <class Value, class ReadPart>
    Result<void> readRows(const BlockRange &range, std::vector<Value> &values, ReadPart readPart) const;
    bool isSimple() const;

    MatrixShape m_shape;
    std::vector<Part> m_parts;
};

} // namespace qs
