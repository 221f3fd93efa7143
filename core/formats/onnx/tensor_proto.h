// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One TensorProto: type, shape, and where its values stand (FORMATS.md §3.7.2).
#pragma once

#include "core/formats/onnx/element_types.h"
#include "core/formats/onnx/source.h"

#include <array>
#include <optional>
#include <vector>

namespace qs::onnx {

using protobuf::Range;

/// One of the fields that hold values, as far as it occurs.
struct DataRun {
    DataField field = DataField::Raw;
    protobuf::Field first; ///< its first occurrence
    std::uint64_t occurrences = 0;
    std::uint64_t bytes = 0; ///< payload of all occurrences
};

/// Where an external tensor lies, as the file says it.
struct ExternalPlace {
    protobuf::Field field; ///< the first external_data entry, for errors
    std::optional<std::string_view> location;
    std::optional<std::string_view> offset;
    std::optional<std::string_view> length;
};

struct TensorProto {
    Range bytes;
    std::string_view name;
    std::vector<std::uint64_t> shape;
    const ElementType *type = nullptr;
    std::uint64_t elements = 0;
    std::uint64_t byteSize = 0; ///< of the elements, packed and rounded up to whole bytes; 0 for strings
    std::vector<DataRun> runs;  ///< fields that hold at least one byte
    bool isExternal = false;
    ExternalPlace external;
};

/// A SparseTensorProto, whose values are not read.
struct SparseProto {
    std::string_view name; ///< that of the values; may be empty
    std::vector<std::uint64_t> shape;
};

/// Error{Input} as readTensorProto().
Result<SparseProto> readSparseProto(Source &source, const Range &bytes);

/// Reads and checks everything but the values. Error{Input} with tensor, field, byte and limit.
Result<TensorProto> readTensorProto(Source &source, const Range &bytes);

} // namespace qs::onnx
