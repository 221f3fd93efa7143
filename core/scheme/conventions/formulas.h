// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The formulas that conventions use. Each is defined in the file of its tool's family.
#pragma once

#include "core/scheme/formula.h"

namespace qs {

// torch.cpp: scales never below 2^-23.
extern const Formula kGptFastFormula; ///< true division
extern const Formula kTorchFormula;   ///< torch.ao: codes by the reciprocal
extern const Formula kTorchAoFormula; ///< torchao: as kTorchFormula, scales computed in the weights' own type

// lecture.cpp
extern const Formula kLectureFormula;

// compressed_tensors.cpp
extern const Formula kCompressedTensorsFormula;

// double_precision.cpp: tools that divide in double.
extern const Formula kOnnxRuntimeFormula;
extern const Formula kTfliteFormula;

// ggml.cpp
extern const Formula kGgmlQ8Formula;
extern const Formula kGgmlSignedFormula; ///< Q4_0, Q5_0
extern const Formula kGgmlOffsetFormula; ///< Q4_1, Q5_1

// ggml_k.cpp
extern const Formula kGgmlQ4KFormula;
extern const Formula kGgmlQ5KFormula;
extern const Formula kGgmlQ6KFormula;

} // namespace qs
