// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the loops of a level.
#include "tests/bench/loops.h"

#include <cstring>

namespace qs::bench {

#if QUANTOSCOPE_LEVELS_X86
namespace v2 {
const Loops &table();
}
namespace v3 {
const Loops &table();
}
namespace v4 {
const Loops &table();
}
#else
namespace generic {
const Loops &table();
}
#endif

const Loops &loopsFor([[maybe_unused]] const char *level)
{
#if QUANTOSCOPE_LEVELS_X86
    if (std::strcmp(level, "v4") == 0)
        return v4::table();
    return std::strcmp(level, "v3") == 0 ? v3::table() : v2::table();
#else
    return generic::table();
#endif
}

} // namespace qs::bench
