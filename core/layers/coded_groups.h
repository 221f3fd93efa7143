// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How weights are decoded that are groups in a row: HQQ, optimum-quanto, torchao.
#pragma once

#include "core/layers/coded_parts.h"

namespace qs {

/// HQQ: `W_q` with `scale` and `zero` per group.
Result<CodedPlan> planHqq(const CodedParts &parts);
/// optimum-quanto: `_data` with `_scale`, below 8 bits with `_shift`.
Result<CodedPlan> planQuanto(const CodedParts &parts);
/// torchao: `qdata` with `scale` and perhaps `zero_point`.
Result<CodedPlan> planTorchao(const CodedParts &parts);

} // namespace qs
