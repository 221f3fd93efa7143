// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Breaks the rule of core/kernels on purpose, so that the symbol check can be seen to fail: an inline function outside
// the level's namespaces would be merged by the linker with the copy of another instruction set.
namespace shared {

template <class T> __attribute__((noinline)) T twice(T value)
{
    return value + value;
}

} // namespace shared

namespace qs::v3 {

float leakingKernel(float value)
{
    return shared::twice(value);
}

} // namespace qs::v3
