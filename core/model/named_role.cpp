// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/named_role.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace qs {
namespace {

constexpr std::array<std::string_view, 17> kTexts{
    // in the order of Role
    "linear",    "convolution",     "recurrent", "embedding",   "stack", "norm",      "bias",     "mask",   "position",
    "parameter", "optimizer-state", "adapter",   "weight-norm", "codes", "companion", "codebook", "buffer",
};

} // namespace

std::string_view textOf(Role role)
{
    return kTexts[static_cast<std::size_t>(role)];
}

std::optional<Role> roleFromText(std::string_view text)
{
    const auto found = std::ranges::find(kTexts, text);
    return found == kTexts.end() ? std::nullopt : std::optional(static_cast<Role>(found - kTexts.begin()));
}

std::string roleNames()
{
    std::string names;
    for (const std::string_view text : kTexts)
        names.append(names.empty() ? "" : ", ").append(text);
    return names;
}

bool isLayerRole(Role role)
{
    return role <= Role::Stack;
}

bool isQuantizedByDefault(Role role)
{
    return isLayerRole(role) && role != Role::Embedding;
}

} // namespace qs
