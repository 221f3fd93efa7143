// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/near_names.h"

#include "core/model/names.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace qs {
namespace {

constexpr std::size_t kLongest = 256; // letters compared: names may have 64 KiB, and time grows with the product
constexpr std::size_t kShown = 5;

} // namespace

std::size_t editDistance(std::string_view pattern, std::string_view name)
{
    pattern = pattern.substr(0, kLongest);
    name = name.substr(0, kLongest);
    // One row of the usual table: row[j] is the distance of the pattern so far to the first j letters.
    std::vector<std::size_t> row(name.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (char c : pattern) {
        std::size_t diagonal = row[0];
        row[0] += c == '*' ? 0 : 1;
        for (std::size_t j = 1; j <= name.size(); ++j) {
            const std::size_t above = row[j];
            if (c == '*')
                row[j] = std::min(above, row[j - 1]);
            else
                row[j] = std::min({diagonal + (c == '?' || c == name[j - 1] ? 0 : 1), above + 1, row[j - 1] + 1});
            diagonal = above;
        }
    }
    return row.back();
}

std::vector<std::string> nearNames(std::string_view pattern, const std::vector<Layer> &layers)
{
    if (pattern.starts_with("re:"))
        pattern.remove_prefix(3);
    const std::size_t farthest = std::max<std::size_t>(2, pattern.size() / 3);
    std::vector<std::pair<std::size_t, std::string_view>> near;
    for (const Layer &layer : layers) {
        std::size_t distance = std::min(editDistance(pattern, layer.module), editDistance(pattern, layer.name));
        for (const std::string &name : layer.otherNames)
            distance = std::min({distance, editDistance(pattern, moduleName(name)), editDistance(pattern, name)});
        if (distance <= farthest)
            near.emplace_back(distance, layer.module);
    }
    std::ranges::stable_sort(near, {}, &std::pair<std::size_t, std::string_view>::first);
    std::vector<std::string> result;
    for (std::size_t i = 0; i < std::min(kShown, near.size()); ++i)
        result.emplace_back(near[i].second);
    return result;
}

} // namespace qs
