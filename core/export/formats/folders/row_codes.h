// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes of layers as rows of bit streams, with numbers beside them: one producer for all layers of the same width.
#pragma once

#include "core/export/format.h"
#include "core/export/tool_codes.h"

#include <map>

namespace qs {

class RowCodes
{
public:
    /// `input` must outlive this object and what it hands out.
    RowCodes(const ExportInput &input, std::vector<NumbersTensor> numbers)
        : m_input(input)
        , m_numbers(std::move(numbers))
    {}

    /// How the codes of a layer lie: "uint4" for 4 bits; null for a layer in float.
    const CodePacker *packer(std::size_t layer) const;
    /// Part 0: the codes of a layer that has a packer(); parts from 1 on: its numbers.
    std::shared_ptr<const Producer> producer(std::size_t layer);

private:
    const ExportInput &m_input;
    std::vector<NumbersTensor> m_numbers;
    std::map<int, std::shared_ptr<const Producer>> m_producers; ///< by bits
};

} // namespace qs
