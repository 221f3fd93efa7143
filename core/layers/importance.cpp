// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/importance.h"

#include "core/base/fingerprint.h"
#include "core/layers/weight_names.h"

#include <map>
#include <string_view>

namespace qs {

std::vector<std::shared_ptr<const InputMoments>> momentsOf(const Model &model, const ImportanceFile &file)
{
    std::map<std::string, const ImportanceEntry *, std::less<>> byName;
    std::map<std::string, const ImportanceEntry *, std::less<>> byPlace;
    for (const ImportanceEntry &entry : file.entries) {
        byName.emplace(entry.name, &entry);
        for (const FamilyName &place : familyNames(entry.name))
            byPlace.emplace(place.key, &entry);
    }
    const auto entryOf = [&](const Layer &layer) -> const ImportanceEntry * {
        if (const auto found = byName.find(layer.name); found != byName.end())
            return found->second;
        for (const FamilyName &place : familyNames(layer.name))
            if (const auto found = byPlace.find(place.key); found != byPlace.end() && !place.expert)
                return found->second;
        return nullptr;
    };
    std::vector<std::shared_ptr<const InputMoments>> result(model.layers.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
        const Layer &layer = model.layers[i];
        const ImportanceEntry *entry = entryOf(layer);
        if (entry == nullptr)
            continue;
        auto moments = std::make_shared<InputMoments>();
        moments->matrices = entry->matrices;
        moments->weights = entry->means.size() / entry->matrices;
        moments->rows = entry->rows;
        moments->full = false;
        moments->values = entry->means;
        moments->about = file.about;
        moments->id = Fingerprint().add(file.id).add(entry->name).hash();
        if (moments->fits(matrixShape(model.tensorOf(layer), layer.channelAxis)))
            result[i] = std::move(moments);
    }
    return result;
}

} // namespace qs
