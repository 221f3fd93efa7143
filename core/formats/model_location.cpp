// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/model_location.h"

namespace qs {

namespace {

constexpr std::string_view kDemoPrefix = "demo:";

} // namespace

ModelLocation ModelLocation::parse(std::string_view text)
{
    if (text.starts_with(kDemoPrefix))
        return ofDemo(text.substr(kDemoPrefix.size()));
    return {std::string(text)};
}

std::string ModelLocation::text() const
{
    return isDemo() ? std::string(kDemoPrefix) + *demo : path;
}

} // namespace qs
