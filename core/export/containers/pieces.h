// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Files whose order the format decides: its pieces one behind the other.
#pragma once

#include "core/export/containers/container.h"

namespace qs {

extern const Container kOnnxContainer;
extern const Container kGgufContainer;

} // namespace qs
