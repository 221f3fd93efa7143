// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernels/code_steps.h"

#include "core/kernels/code_rules.h"

namespace qs::QS_LEVEL {

void codeSteps(CodeSteps *steps)
{
    const ScaleEntry entry = scaleAt(steps->scale, 0);
    withRule(steps->coding.rule, [&]<CodeRule rule>() {
        const auto quotient = divided<rule>(steps->x, entry, steps->coding);
        steps->divided = static_cast<double>(quotient);
        steps->unclamped = static_cast<double>(unclamped<rule>(quotient, entry, steps->coding));
    });
}

} // namespace qs::QS_LEVEL
