// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Gives the block decoders of the instruction set that the kernels in use are made for.
#include "core/kernels/block_decoders.h"
#include "core/kernels/kernels.h"

#include <cstring>

namespace qs {

#if QUANTOSCOPE_LEVELS_X86
namespace v2 {
const BlockDecoders &blockTable();
}
namespace v3 {
const BlockDecoders &blockTable();
}
namespace v4 {
const BlockDecoders &blockTable();
}
#else
namespace generic {
const BlockDecoders &blockTable();
}
#endif

BlockDecoder blockDecoder(BlockCoding coding)
{
#if QUANTOSCOPE_LEVELS_X86
    const char *level = kernels().level;
    const BlockDecoders &table = std::strcmp(level, "v4") == 0   ? v4::blockTable()
                                 : std::strcmp(level, "v3") == 0 ? v3::blockTable()
                                                                 : v2::blockTable();
#else
    const BlockDecoders &table = generic::blockTable();
#endif
    return table.decode[static_cast<std::size_t>(coding)];
}

} // namespace qs
