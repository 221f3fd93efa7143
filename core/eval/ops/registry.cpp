// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/registry.h"

#include "core/eval/ops/attention.h"
#include "core/eval/ops/chain.h"
#include "core/eval/ops/control.h"
#include "core/eval/ops/convolution.h"
#include "core/eval/ops/einsum.h"
#include "core/eval/ops/elementwise.h"
#include "core/eval/ops/index.h"
#include "core/eval/ops/layout.h"
#include "core/eval/ops/math.h"
#include "core/eval/ops/normalization.h"
#include "core/eval/ops/pad.h"
#include "core/eval/ops/pooling.h"
#include "core/eval/ops/product.h"
#include "core/eval/ops/recurrent.h"
#include "core/eval/ops/reduce.h"
#include "core/eval/ops/resize.h"
#include "core/eval/ops/stored.h"

#include <array>

namespace qs {

std::span<const std::span<const Operator>> operatorTables()
{
    static const std::array kTables{
        chainOperators(),   elementwiseOperators(), mathOperators(),          layoutOperators(),    indexOperators(),
        padOperators(),     reduceOperators(),      convolutionOperators(),   poolingOperators(),   productOperators(),
        einsumOperators(),  recurrentOperators(),   normalizationOperators(), attentionOperators(), resizeOperators(),
        controlOperators(), storedOperators(),
    };
    return kTables;
}

} // namespace qs
