// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The element types of ONNX (FORMATS.md §2.1) and the fields that may hold them.
#pragma once

#include "core/tensor/dtype.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace qs::onnx {

/// Fields of TensorProto that hold values.
enum class DataField : std::uint8_t { Float = 4, Int32 = 5, String = 6, Int64 = 7, Raw = 9, Double = 10, Uint64 = 11 };
std::string_view nameOf(DataField field);

struct ElementType {
    std::string_view name;              ///< "FLOAT"
    std::optional<DType> dtype;         ///< empty: listed without values
    unsigned bits = 0;                  ///< 0: strings
    DataField field = DataField::Int32; ///< the one beside raw_data
    unsigned parts = 1;                 ///< entries of that field per element (complex numbers)
    std::string_view encoding;          ///< name on screen when there is no dtype
};

/// By TensorProto.data_type; null when the number means nothing.
const ElementType *elementType(std::int64_t dataType);
/// Numbers from 1 to this mean something.
inline constexpr int kMaxDataType = 28;

} // namespace qs::onnx
