// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The list of export formats.
#pragma once

#include "core/export/format.h"

namespace qs {

/// All formats, in the order in which they are offered.
std::span<const ExportFormat *const> exportFormats();
/// Null when there is none of that name.
const ExportFormat *findExportFormat(std::string_view name);
/// The first format that writes quantized layers as floats.
const ExportFormat *decodingFormat();

/// The first format that holds, as they are, all layers that `decisions` quantize, and the codes that layers have
/// already; null when there is none, or nothing is quantized. Plans the files of formats: for what has been refused, not
/// for every edit.
const ExportFormat *formatThatHolds(const Model &model, std::span<const Decision> decisions);

/// Whether `suffix` (".pth") is one of `suffixes` ("*.pth *.pt").
bool hasSuffix(std::string_view suffixes, std::string_view suffix);

} // namespace qs
