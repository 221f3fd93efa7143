// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of matching that knows families of language models.
#pragma once

#include "core/analysis/match_sides.h"

namespace qs {

/// Matches what stands in the same place of a language model, as Hugging Face, GGUF and gpt-fast call it: tensor by
/// tensor, matrices of experts with their stack, and weights that one of them stores in one tensor.
Result<void> matchFamilies(MatchSides &sides, const TaskContext &context);

} // namespace qs
