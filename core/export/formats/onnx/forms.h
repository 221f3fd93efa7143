// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The forms in which ONNX files hold quantized weights (FORMATS.md §6.5).
#pragma once

#include "core/export/format.h"
#include "core/export/formats/onnx/rewriter.h"

namespace qs::onnx {

inline constexpr std::int64_t kDequantizePerAxis = 13; ///< version of the operators since which scales have an axis
inline constexpr std::int64_t kDequantizeBlocks = 21;  ///< since which they reach over blocks
inline constexpr std::int64_t kBroadcasting = 7;       ///< since which Sub and Mul take scales of another shape

/// Why no ONNX file with quantized weights can be made of the model; empty when one can.
Text whyNot(const Model &model);

/// Makes codes with scales for rewriteModel(): DequantizeLinear where the model's operators have it, else Cast, Sub
/// and Mul. Model and decisions must outlive what it makes.
MakeWeight dequantizedWeights(const ExportInput &input);
/// The same with codes and zero points of 4 bits, for models with operators of version kDequantizeBlocks.
MakeWeight dequantizedInt4Weights(const ExportInput &input);
/// Why DequantizeLinear cannot hold the layer's groups; empty when it can, or there are none.
Text blocksProblem(const Model &model, std::size_t layer, const Decision &decision);
/// `fit` of what DequantizeLinear holds, with codes of any number of bits.
LayerFit fitDequantizeLinear(const Model &model, std::size_t layer, const Decision &decision);
/// What to say of layers that ONNX Runtime computes with codes of the activations, too.
std::vector<Text> activationNotes(const ExportInput &input);

/// Makes float weights with the values that the codes stand for.
MakeWeight floatWeights(const ExportInput &input);

} // namespace qs::onnx
