// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How weights of whole numbers in words are decoded: GPTQ, AWQ, compressed-tensors, MLX, Quark, BitNet.
#pragma once

#include "core/layers/coded_parts.h"

namespace qs {

/// `qweight` [K·b/32, N], `scales` [G, N], `qzeros`, perhaps `g_idx`; with words along the outputs it is AWQ's.
Result<CodedPlan> planGptqOrAwq(const CodedParts &parts);
/// compressed-tensors' `weight_packed` of any width.
Result<CodedPlan> planPackedStream(const CodedParts &parts);
/// MLX: words along K with `scales` and `biases` per group, or scales alone in the modes mxfp4, mxfp8 and nvfp4.
Result<CodedPlan> planMlx(const CodedParts &parts);
/// Quark's `weight` of words along the outputs in AWQ's order, or int8.
Result<CodedPlan> planQuark(const CodedParts &parts);
/// BitNet: four ternary digits per byte, in planes of rows.
Result<CodedPlan> planBitNet(const CodedParts &parts);

/// Layouts that are not decoded: the plan says why.
Result<CodedPlan> planSparse(const CodedParts &parts);
Result<CodedPlan> planForOneKernel(const CodedParts &parts);
/// Codes of entries of codebooks, which only the tool puts together: always an error.
Result<CodedPlan> planCodebooks(const CodedParts &parts);

} // namespace qs
