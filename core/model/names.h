// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Names of tensors: their order, their segments, and the module that they belong to.
#pragma once

#include <span>
#include <string_view>

namespace qs {

/// Natural order: runs of digits compare as numbers, so that layer2 comes before layer10.
bool naturalLess(std::string_view a, std::string_view b);

/// True when a name segment marks an embedding.
bool isEmbeddingName(std::string_view name);

/// `name` without a trailing ".weight".
std::string_view moduleName(std::string_view name);

/// True when a segment of `name` (between dots) is one of `lower`, whatever its case.
bool hasSegment(std::string_view name, std::span<const std::string_view> lower);

} // namespace qs
