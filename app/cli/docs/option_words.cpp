// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/docs/option_words.h"

#include <algorithm>
#include <cctype>

namespace qs::cli::docs {

std::string longName(const Option &option)
{
    const std::size_t at = option.name.find("--");
    return at == std::string::npos ? std::string() : option.name.substr(at);
}

std::string shortName(const Option &option)
{
    const std::size_t end = option.name.find(",--");
    return end == std::string::npos ? std::string() : option.name.substr(0, end);
}

bool takesValue(const Option &option)
{
    return !std::holds_alternative<bool *>(option.target);
}

std::vector<std::string> valuesOf(const Option &option)
{
    if (!takesValue(option) || longName(option).empty())
        return {};
    std::string list =
        option.help.substr(option.help.rfind(": ") == std::string::npos ? 0 : option.help.rfind(": ") + 2);
    for (const char *other : {" (default)", " (when cheap)"})
        if (const std::size_t at = list.find(other); at != std::string::npos)
            list.erase(at, std::string_view(other).size());
    if (const std::size_t last = list.rfind(" or "); last != std::string::npos)
        list.replace(last, 4, ", ");
    std::vector<std::string> values;
    while (true) {
        const std::size_t end = list.find(", ");
        std::string word = list.substr(0, end);
        const bool plain = !word.empty() && std::ranges::all_of(word, [](unsigned char c) {
            return std::islower(c) || std::isdigit(c) || c == '-' || c == '.' || c == '_' || c == ':' || c == 'N' ||
                   c == 'P';
        });
        if (!plain)
            return {};
        if (const std::size_t colon = word.find(':'); colon != std::string::npos)
            word.resize(colon + 1); // "group:" of "group:N"
        values.push_back(std::move(word));
        if (end == std::string::npos)
            return values.size() > 1 ? values : std::vector<std::string>();
        list.erase(0, end + 2);
    }
}

std::vector<Option> commonOptions()
{
    static bool flag = false;
    static std::uint64_t number = 0;
    return {{.name = "--quiet", .target = &flag, .help = "No progress"},
            {.name = "--threads", .target = &number, .help = "Number of threads (default: all)", .valueName = "N"},
            {.name = "--width",
             .target = &number,
             .help = "Columns that tables may take, 0: as many as they like (default: those of the terminal)",
             .valueName = "N"},
            {.name = "--ascii", .target = &flag, .help = "No letters and lines outside ASCII in tables and messages"},
            {.name = "-h,--help", .target = &flag, .help = "Print this help message and exit"}};
}

} // namespace qs::cli::docs
