// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/folders/row_codes.h"

#include "core/export/packed_codes.h"

#include <fmt/format.h>

namespace qs {

const CodePacker *RowCodes::packer(std::size_t layer) const
{
    const Decision &decision = m_input.decisions[layer];
    return decision.quantize ? findCodePacker(fmt::format("uint{}", decision.scheme.bits)) : nullptr;
}

std::shared_ptr<const Producer> RowCodes::producer(std::size_t layer)
{
    std::shared_ptr<const Producer> &codes = m_producers[m_input.decisions[layer].scheme.bits];
    if (!codes)
        codes = codesWithNumbers(m_input.model, m_input.decisions,
                                 packedCodes(m_input.model, m_input.decisions, *packer(layer), StreamRows::FirstAxis),
                                 m_numbers);
    return codes;
}

} // namespace qs
