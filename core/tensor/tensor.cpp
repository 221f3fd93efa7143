// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/tensor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace qs {

std::string shapeText(const std::vector<std::uint64_t> &shape)
{
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

} // namespace qs
