// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Names of the tensors of a PyTorch file, each of them once.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

namespace qs::torch {

class TensorNames
{
public:
    /// `name`, or, where a tensor has it already, `name` with a number behind it.
    std::string unique(const std::string &name);
    /// Names that were changed, in order.
    const std::vector<std::string> &renamed() const { return m_renamed; }

private:
    std::unordered_map<std::string, std::size_t> m_names;
    std::vector<std::string> m_renamed;
};

} // namespace qs::torch
