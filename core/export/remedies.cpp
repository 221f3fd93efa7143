// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/remedies.h"

#include "core/recipe/bulk_edit.h"
#include "core/scheme/scheme_fields.h"

namespace qs {

Refusal helpedByScheme(Text reason, Text remedy, std::size_t layer, SchemePatch change)
{
    return {std::move(reason), std::move(remedy), {{layer}, std::move(change)}};
}

Refusal helpedByKeeping(Text reason, std::size_t layer)
{
    return {std::move(reason), Text::of("leave the layer in float"), {{layer}, {}}};
}

SchemePatch withoutOffsets(const Scheme &scheme)
{
    return {.convention = std::string(kDefaultConvention),
            .mode = Mode::Symmetric,
            .bits = scheme.bits,
            .granularity = scheme.granularity};
}

void applyRemedy(Recipe &recipe, const Model &model, const RemedyEdit &edit)
{
    if (edit.change.empty()) {
        setQuantized(recipe, model, {}, edit.layers);
        return;
    }
    changeOverrides(recipe, model, edit.layers, [&](SchemePatch &patch) {
        if (edit.change.convention)
            patch = {};
        forEachField(patch, [&](const auto &field, auto &value) {
            if (field.of(edit.change))
                value = field.of(edit.change);
        });
    });
}

} // namespace qs
