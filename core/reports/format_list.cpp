// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reports/format_list.h"

#include "core/export/registry.h"
#include "core/reports/json_parts.h"
#include "core/version.h"

#include <nlohmann/json.hpp>

namespace qs {

std::string formatsJson()
{
    using Json = nlohmann::ordered_json;
    Json formats = Json::array();
    for (const ExportFormat *format : exportFormats()) {
        Json suffixes = Json::array();
        std::string_view list = format->suffixes; // "*.pth *.pt"
        while (!list.empty()) {
            const std::size_t end = std::min(list.find(' '), list.size());
            suffixes.push_back(list.substr(1, end - 1));
            list.remove_prefix(std::min(end + 1, list.size()));
        }
        formats.push_back({{"name", format->name},
                           {"description", Text::of(format->description).str()},
                           {"suffixes", std::move(suffixes)},
                           {"runtimes", Text::of(format->runtimes).str()},
                           {"folder", format->folder},
                           {"decodes", format->decodes}});
    }
    const Json json = {{"schema", reports::kSchemaVersion}, {"quantoscope", kVersion}, {"formats", std::move(formats)}};
    return json.dump(2) + "\n";
}

} // namespace qs
