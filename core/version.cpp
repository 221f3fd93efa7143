// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/version.h"

#include "core/kernels/kernels.h"

#include <Eigen/src/Core/util/Macros.h>
#include <cstdlib>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <tbb/version.h>
#include <zlib.h>

namespace qs {

std::string instructionSet()
{
    return kernels().level;
}

std::string instructionSetProblem()
{
    const char *problem = kernelChoiceProblem();
    if (!problem)
        return {};
    std::string possible;
    for (const char *level : {"generic", "v2", "v3", "v4"})
        if (kernelsForLevel(level))
            possible += fmt::format("{}{}", possible.empty() ? "" : ", ", level);
    return fmt::format("QUANTOSCOPE_ISA={} is {}, expected one of {}", std::getenv("QUANTOSCOPE_ISA"), problem,
                       possible);
}

std::vector<std::string> libraryVersions()
{
    return {
        fmt::format("Eigen {}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION),
        fmt::format("oneTBB {}.{}", TBB_VERSION_MAJOR, TBB_VERSION_MINOR),
        fmt::format("nlohmann-json {}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                    NLOHMANN_JSON_VERSION_PATCH),
        fmt::format("fmt {}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100),
        fmt::format("zlib {}", zlibVersion()),
    };
}

} // namespace qs
