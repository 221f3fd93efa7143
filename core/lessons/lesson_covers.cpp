// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which parts of the window give a number of a step away.
#include "core/lessons/lesson.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace qs {
namespace {

using Parts = std::vector<std::string_view>;

/// Numbers whose pointer begins so are shown by these parts. What stands first counts.
struct Shown {
    std::string_view pointer;
    Parts parts;
};

/// Of the whole network, and of a channel.
const Shown kShown[] = {
    {"/output_error/accuracy", {"card.accuracy"}},
    {"/output_error/top1", {"card.accuracy"}},
    {"/output_error/", {"card.error", "errors", "layers", "card.worst", "details"}},
    {"/total/", {"card.size"}},
    {"/channel/", {"distribution", "codes", "channels", "clipping", "weights", "details", "scales", "layers"}},
};

/// Of a layer, behind its name.
const Shown kShownOfLayer[] = {
    {"output_error/", {"errors", "layers", "card.worst", "card.error", "details"}},
    {"metrics/", {"layers", "details", "codes"}},
    {"scheme/", {}}, // that is the state
    {"", {"scales", "layers", "details", "distribution", "codes", "channels", "clipping", "weights"}},
};

template <std::size_t N> Parts partsIn(const Shown (&table)[N], std::string_view pointer)
{
    const auto row =
        std::ranges::find_if(table, [&](const Shown &shown) { return pointer.starts_with(shown.pointer); });
    return row == std::end(table) ? Parts() : row->parts;
}

Parts partsOf(std::string_view pointer)
{
    constexpr std::string_view kLayers{"/layers/"};
    if (!pointer.starts_with(kLayers))
        return partsIn(kShown, pointer);
    pointer.remove_prefix(kLayers.size());
    const std::size_t slash = pointer.find('/');
    return slash == std::string_view::npos ? Parts() : partsIn(kShownOfLayer, pointer.substr(slash + 1));
}

} // namespace

std::vector<std::string> coveredParts(const LessonStep &step)
{
    std::vector<std::string> covered = step.cover;
    const bool isOpen = std::ranges::find(step.open, "all") != step.open.end();
    if (!step.question || step.start || isOpen) // another state gives nothing away
        return covered;
    const auto add = [&](const LessonNumber &number) {
        for (const std::string_view part : partsOf(number.at))
            if (std::ranges::find(covered, part) == covered.end())
                covered.emplace_back(part);
    };
    if (step.question->number)
        add(*step.question->number);
    for (std::size_t i = 0; i < step.numbers.size(); ++i) {
        const std::string place = fmt::format("{{{}}}", i);
        const auto has = [&](const LessonWords &words) {
            return words.english.find(place) != std::string::npos || words.chinese.find(place) != std::string::npos;
        };
        if (!has(step.say)) // nobody has to guess what stands there
            add(step.numbers[i]);
    }
    std::erase_if(covered,
                  [&](const std::string &part) { return std::ranges::find(step.open, part) != step.open.end(); });
    return covered;
}

} // namespace qs
