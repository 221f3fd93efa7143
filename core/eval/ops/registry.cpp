// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/registry.h"

#include <array>

namespace qs {

std::span<const std::span<const Operator>> operatorTables()
{
    static const std::array kTables{
        chainOperators(),     elementwiseOperators(), mathOperators(),      layoutOperators(),
        indexOperators(),     padOperators(),         reduceOperators(),    convolutionOperators(),
        poolingOperators(),   productOperators(),     recurrentOperators(), normalizationOperators(),
        attentionOperators(), resizeOperators(),      controlOperators(),   storedOperators(),
    };
    return kTables;
}

} // namespace qs
