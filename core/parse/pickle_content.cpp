// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parse/pickle.h"

#include <array>

namespace qs::pickle {

Text describe(Kind kind)
{
    static const std::array<Text, 13> kNames{
        Text::of("None"),           Text::of("True or False"),
        Text::of("a whole number"), Text::of("a fractional number"),
        Text::of("a string"),       Text::of("bytes"),
        Text::of("a tuple"),        Text::of("a list"),
        Text::of("a dictionary"),   Text::of("a set"),
        Text::of("a global"),       Text::of("a storage"),
        Text::of("an object"),
    };
    return kNames[static_cast<std::size_t>(kind)];
}

Index Content::find(Index dict, std::string_view key) const
{
    if (kind(dict) != Kind::Dict && kind(dict) != Kind::Object)
        return kNone;
    const auto all = items(dict);
    for (std::size_t i = all.size(); i >= 2; i -= 2)
        if (kind(all[i - 2]) == Kind::String && text(all[i - 2]) == key)
            return all[i - 1];
    return kNone;
}

std::string_view Content::callableName(Index value) const
{
    const Index callable = object(value).callable;
    return kind(callable) == Kind::Global ? std::string_view(globalName(callable)) : std::string_view();
}

} // namespace qs::pickle
