// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels of every instruction set that this processor has.
#pragma once

#include "core/kernels/kernels.h"

#include <vector>

namespace qs::test {

inline std::vector<const Kernels *> levels()
{
    std::vector<const Kernels *> result;
    for (const char *name : {"v2", "v3", "v4", "generic"}) {
        if (const Kernels *table = kernelsForLevel(name))
            result.push_back(table);
    }
    return result;
}

} // namespace qs::test
