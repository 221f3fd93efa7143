// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/tensor_names.h"

#include <fmt/format.h>

namespace qs::torch {

std::string TensorNames::unique(const std::string &name)
{
    std::size_t &count = m_names[name];
    if (++count == 1)
        return name;
    std::string other;
    do {
        other = fmt::format("{} ({})", name, count++);
    } while (m_names.contains(other));
    m_names[other] = 1;
    m_renamed.push_back(name);
    return other;
}

} // namespace qs::torch
