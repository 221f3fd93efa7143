// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Fuzzes recipes, and with them the JSON parser that all side files share: what is read must survive being written, and
// its patterns must be compiled, or refused, in no time.
#include "core/layers/layer_rules.h"
#include "core/recipe/recipe.h"

#include <cstdlib>
#include <string_view>

namespace {

qs::Model smallModel()
{
    qs::Model model;
    for (const char *name : {"layers.0.fc.weight", "layers.1.fc.weight", "norm.weight"}) {
        qs::TensorInfo tensor;
        tensor.name = name;
        tensor.shape = {4, 8};
        model.tensors.push_back(std::move(tensor));
    }
    qs::findLayers(model);
    return model;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const qs::Result<qs::Recipe> recipe = qs::recipeFromJson(text, "fuzzed");
    if (!recipe)
        return 0;
    const qs::Result<qs::Recipe> again = qs::recipeFromJson(qs::toJson(*recipe), "fuzzed");
    if (!again || *again != *recipe)
        std::abort();
    static const qs::Model model = smallModel();
    (void)qs::resolve(*recipe, model, true);
    return 0;
}
