// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "gguf": a GGUF model with the weights of its layers in ggml's blocks, for llama.cpp and others.
#pragma once

#include "core/export/format.h"

namespace qs {

extern const ExportFormat kGgufFormat;

/// The type of ggml that holds what a scheme makes, "q4_0"; empty when none does.
std::string_view ggufTypeOf(const Scheme &scheme);

} // namespace qs
