// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// SearchBase: tells what a search has added to a recipe from what a person has.
#pragma once

#include "core/recipe/recipe.h"

#include <vector>

namespace qs::ui {

class SearchBase
{
public:
    /// A search that started from `base` gave `result`.
    void add(const Recipe &base, const Recipe &result);
    /// The recipe without what searches added: layers that those gave a scheme are free for the next one, layers that a
    /// person has changed since are not. A recipe that no search has made is its own base.
    Recipe of(const Recipe &recipe) const;
    void clear() { m_searches.clear(); }

private:
    struct Search {
        Scheme baseScheme;
        Scheme scheme;
        std::vector<Rule> rules; ///< that were added
    };

    std::vector<Search> m_searches;
};

} // namespace qs::ui
