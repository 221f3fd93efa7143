// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One tensor in the header of a safetensors file.
#pragma once

#include "core/base/text.h"
#include "core/parse/json.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qs {

/// Where in the header a fault of a tensor is, for errors.
Text tensorPlace(const std::string &where, std::string_view tensor, std::size_t offset);

/// Takes the JSON of one tensor after the other and checks it. Errors are Error{Input} and name the tensor and
/// `offset`, the byte in the file. `where` names the file and outlives the entry.
class TensorEntry
{
public:
    enum class Field : std::uint8_t { DType, Shape, Offsets, Other };

    explicit TensorEntry(const std::string &where)
        : m_where(where)
    {}

    const std::string &name() const { return m_tensor.name; }
    /// What the last key was.
    Field field() const { return m_field; }

    /// Starts the next tensor.
    Result<void> begin(const std::string &name, std::size_t offset);
    Result<void> key(const std::string &name, std::size_t offset);
    /// The value of a key, or one of the numbers in its array. Values of other keys are passed over.
    Result<void> scalar(const json::Scalar &value, std::size_t offset);
    Result<void> beginArray(json::Kind kind, std::size_t offset);
    Result<void> endArray(std::size_t offset);
    /// True between beginArray() and endArray().
    bool inArray() const { return m_inArray; }
    /// The tensor when its object ends. Its byteOffset counts from the start of the data.
    Result<TensorInfo> finish(std::size_t offset);

    std::unexpected<Error> wrong(Text message, std::size_t offset) const;

private:
    std::string_view fieldName() const;
    Result<void> setDType(const json::Scalar &value, std::size_t offset);
    Result<void> addNumber(const json::Scalar &value, std::size_t offset);
    Result<void> checkSize(std::size_t offset) const;

    const std::string &m_where;
    TensorInfo m_tensor;
    Field m_field = Field::Other;
    bool m_inArray = false;
    unsigned m_seen = 0; ///< bit per Field
    std::vector<std::uint64_t> m_offsets;
};

} // namespace qs
