// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Writes numbers that a file holds as varints or in pieces into a scratch file, as packed little-endian elements.
#pragma once

#include "core/base/scratch_file.h"
#include "core/formats/onnx/source.h"

#include <memory>
#include <optional>
#include <vector>

namespace qs::onnx {

/// A repeated number field of one message.
struct NumberField {
    protobuf::Range message;
    std::uint32_t number = 0;
    std::string_view name;  ///< "int32_data"
    std::string_view label; ///< "tensor 'x'", for errors
};

class Unpacker
{
public:
    explicit Unpacker(Source &source)
        : m_source(source)
    {}

    /// Number of entries of a varint field.
    Result<std::uint64_t> count(const NumberField &field) const;
    /// Writes the low `bits` bits of each entry one behind the other, low bits first, and of these the first `size`
    /// bytes. Error{Input} unless there are `entries` entries. `strays` gets the number of entries that `bits` bits
    /// cannot hold, signed or not.
    Result<std::uint64_t> copyVarints(const NumberField &field, std::uint64_t entries, unsigned bits,
                                      std::uint64_t size, std::uint64_t &strays);
    /// Writes all payload bytes of a field of fixed-width numbers, packed or not, one behind the other. Returns
    /// where they begin.
    Result<std::uint64_t> copyFixed(const NumberField &field);

    /// All that was written as a file; null when there is nothing.
    Result<std::shared_ptr<const InputFile>> finish(const std::string &name);

private:
    template <class Use> Result<void> forEach(const NumberField &field, Use use) const;
    Result<void> put(const std::byte *data, std::size_t size);
    Result<void> flush();
    Result<std::uint64_t> begin();

    Source &m_source;
    std::optional<ScratchFile> m_scratch;
    std::vector<std::byte> m_buffer;
};

} // namespace qs::onnx
