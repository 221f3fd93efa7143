// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Patches of schemes for tests.
#pragma once

#include "core/scheme/scheme.h"

namespace qs::test {

/// What `edit` makes of an empty patch.
template <class Edit> SchemePatch patchOf(Edit edit)
{
    SchemePatch patch;
    edit(patch);
    return patch;
}

} // namespace qs::test
