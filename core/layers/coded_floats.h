// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How weights of floats of 8 and 4 bits with scales are decoded: fp8 of many tools, MXFP8, MXFP4, NVFP4.
#pragma once

#include "core/layers/coded_parts.h"

namespace qs {

/// Floats of 8 bits with one scale per tensor, channel, or block.
Result<CodedPlan> planFloat8(const CodedParts &parts);
/// gpt-oss: `_blocks` [E, out, G, 16] and `_scales` [E, out, G]; the weight is [E, in, out].
Result<CodedPlan> planBlocksOfExperts(const CodedParts &parts);
/// The same under OpenAI's own names, where the weight is [E, out, in].
Result<CodedPlan> planBlocks(const CodedParts &parts);
/// Two E2M1 codes per byte with scales of 8 bits per 16 or 32, and in NVFP4 one scale for all of these.
Result<CodedPlan> planFloat4(const CodedParts &parts);

} // namespace qs
