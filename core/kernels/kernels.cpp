// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses the kernel table once, by processor or by QUANTOSCOPE_ISA.
#include "core/kernels/kernels.h"

#include <atomic>
#include <cstdlib>
#include <cstring>

namespace qs {

#if QUANTOSCOPE_LEVELS_X86
namespace v2 {
const Kernels &table();
}
namespace v3 {
const Kernels &table();
}
namespace v4 {
const Kernels &table();
}
#endif
namespace generic {
const Kernels &table();
}

namespace {

struct Level {
    const char *name;
    bool (*supported)();
    const Kernels &(*table)();
};

// Best first.
constexpr Level kLevels[] = {
#if QUANTOSCOPE_LEVELS_X86
    {"v4", [] { return __builtin_cpu_supports("x86-64-v4") != 0; }, v4::table},
    {"v3", [] { return __builtin_cpu_supports("x86-64-v3") != 0; }, v3::table},
    {"v2", [] { return __builtin_cpu_supports("x86-64-v2") != 0; }, v2::table},
#endif
    {"generic", [] { return true; }, generic::table},
};

std::atomic<const Kernels *> chosen{nullptr};

const Kernels *choose()
{
    if (const char *asked = std::getenv("QUANTOSCOPE_ISA"); asked && *asked) {
        if (const Kernels *table = kernelsForLevel(asked))
            return table;
    }
    for (const Level &level : kLevels) {
        if (level.supported())
            return &level.table();
    }
    return &generic::table();
}

} // namespace

const Kernels *kernelsForLevel(const char *level)
{
    for (const Level &candidate : kLevels) {
        if (std::strcmp(candidate.name, level) == 0 && candidate.supported())
            return &candidate.table();
    }
    return nullptr;
}

const Kernels &kernels()
{
    const Kernels *table = chosen.load(std::memory_order_relaxed);
    if (!table) {
        table = choose();
        chosen.store(table, std::memory_order_relaxed);
    }
    return *table;
}

void useKernels(const Kernels *table)
{
    chosen.store(table, std::memory_order_relaxed);
}

const char *kernelChoiceProblem()
{
    const char *asked = std::getenv("QUANTOSCOPE_ISA");
    if (!asked || !*asked || kernelsForLevel(asked))
        return nullptr;
    for (const Level &level : kLevels) {
        if (std::strcmp(level.name, asked) == 0)
            return "not supported by this processor";
    }
    return "no such level in this build";
}

} // namespace qs
