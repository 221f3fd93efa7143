// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Fuzzes recipes, and with them the JSON parser that all side files share: what is read must survive being written.
#include "core/recipe/recipe.h"

#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const qs::Result<qs::Recipe> recipe = qs::recipeFromJson(text, "fuzzed");
    if (!recipe)
        return 0;
    const qs::Result<qs::Recipe> again = qs::recipeFromJson(qs::toJson(*recipe), "fuzzed");
    if (!again || *again != *recipe)
        std::abort();
    return 0;
}
