// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/named_role.h"

#include <array>
#include <cstddef>

namespace qs {

std::string_view textOf(Role role)
{
    static constexpr std::array<std::string_view, 17> kTexts{
        // in the order of Role
        "linear",      "convolution", "recurrent", "embedding", "stack",           "norm",
        "bias",        "mask",        "position",  "parameter", "optimizer-state", "adapter",
        "weight-norm", "codes",       "companion", "codebook",  "buffer",
    };
    return kTexts[static_cast<std::size_t>(role)];
}

} // namespace qs
