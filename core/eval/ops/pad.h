// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Elements around a value.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> padOperators();

} // namespace qs
