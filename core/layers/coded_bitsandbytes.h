// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How weights of bitsandbytes are decoded: NF4 and FP4 with a codebook beside the codes, LLM.int8.
#pragma once

#include "core/layers/coded_parts.h"

namespace qs {

/// NF4 and FP4 with their codebook, `absmax` in float or nested.
Result<CodedPlan> planBitsAndBytes4(const CodedParts &parts);
/// LLM.int8: value = code · SCB / 127.
Result<CodedPlan> planLlmInt8(const CodedParts &parts);

} // namespace qs
