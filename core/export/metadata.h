// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What our own files say of themselves: version, recipe, quantized tensors, network.
#pragma once

#include "core/export/format.h"

#include <map>
#include <string>
#include <vector>

namespace qs {

/// Key of the text that says how codes are to be read.
inline constexpr std::string_view kTensorsKey = "quantoscope.tensors";
/// That text (CLI.md): JSON with an entry for each quantized tensor.
std::string tensorsMetadata(const ExportInput &input);

/// `__metadata__` of an export (CLI.md): the source's own keys, then ours. Unless the format decodes
/// quantized tensors, also how each of them is to be read.
std::map<std::string, std::string> exportMetadata(const ExportInput &input);

/// True for codes and scales of the types and names that exports of ours have, and that the metadata explains.
bool isOwnLayout(const Model &model, const Layer &layer);

} // namespace qs
