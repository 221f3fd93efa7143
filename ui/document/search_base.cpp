// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/search_base.h"

#include <algorithm>
#include <ranges>
#include <string>
#include <unordered_set>
#include <utility>

namespace qs::ui {

namespace {

constexpr std::size_t kMostSearches = 50; // undo leads back to that many at most

/// Rules as keys; those of a search are short, since they name one layer and change a field or two.
std::string keyOf(const Rule &rule)
{
    Recipe recipe;
    recipe.rules.push_back(rule);
    return toJson(recipe, true);
}

std::unordered_set<std::string> keysOf(const std::vector<Rule> &rules)
{
    std::unordered_set<std::string> keys;
    for (const Rule &rule : rules)
        keys.insert(keyOf(rule));
    return keys;
}

} // namespace

void SearchBase::add(const Recipe &base, const Recipe &result)
{
    Search search{base.scheme, result.scheme, {}};
    const auto from = static_cast<std::ptrdiff_t>(std::min(base.rules.size(), result.rules.size()));
    search.rules.assign(result.rules.begin() + from, result.rules.end()); // a search adds at the end
    m_searches.push_back(std::move(search));
    if (m_searches.size() > kMostSearches)
        m_searches.erase(m_searches.begin());
}

Recipe SearchBase::of(const Recipe &recipe) const
{
    Recipe base = recipe;
    base.chosenOn.clear();
    for (const Search &search : m_searches | std::views::reverse) {
        const bool sameScheme = recipe.scheme == search.scheme;
        if (!sameScheme && recipe.scheme == search.baseScheme)
            continue; // undone
        const auto keys = keysOf(search.rules);
        const auto isOwn = [&keys](const Rule &rule) { return keys.contains(keyOf(rule)); };
        const auto own = static_cast<std::size_t>(std::ranges::count_if(recipe.rules, isOwn));
        // A person may have changed some of them since, but a recipe with few of them is not that search's.
        if (search.rules.empty() ? !sameScheme : 2 * own <= search.rules.size())
            continue;
        std::erase_if(base.rules, isOwn);
        if (sameScheme)
            base.scheme = search.baseScheme;
        return base;
    }
    return base;
}

} // namespace qs::ui
