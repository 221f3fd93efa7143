// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Attention and rotary positions of transformers.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> attentionOperators();

} // namespace qs
