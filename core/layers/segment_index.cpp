// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/segment_index.h"

#include "core/layers/role_table.h"

#include <algorithm>
#include <cassert>

namespace qs {
namespace {

constexpr std::size_t kMostKnown = 8192; // answers that are kept; models have a few hundred different segments

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isNumber(std::string_view segment)
{
    return !segment.empty() && std::ranges::all_of(segment, isDigit);
}

std::string lower(std::string_view text)
{
    std::string result(text);
    for (char &c : result)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + ('a' - 'A'));
    return result;
}

bool isWildcard(char c)
{
    return c == '*' || c == '#';
}

bool hasWildcard(std::string_view pattern)
{
    return std::ranges::any_of(pattern, isWildcard);
}

bool isSeparator(char c)
{
    return c == '.' || c == '/';
}

/// Where the segment begins that ends at `end`.
std::size_t beginOf(std::string_view name, std::size_t end)
{
    while (end > 0 && !isSeparator(name[end - 1]))
        --end;
    return end;
}

/// "kernel" of "kernel:0".
std::string_view withoutVariable(std::string_view name)
{
    return name.substr(0, name.size() - variableEnding(name).size());
}

/// `name` up to the segment that begins at `begin`, without the separator.
std::string_view before(std::string_view name, std::size_t begin)
{
    return name.substr(0, begin == 0 ? 0 : begin - 1);
}

} // namespace

std::string_view variableEnding(std::string_view name)
{
    const std::size_t colon = name.rfind(':');
    return colon != std::string_view::npos && isNumber(name.substr(colon + 1)) ? name.substr(colon)
                                                                               : std::string_view();
}

bool fitsGlob(std::string_view glob, std::string_view text)
{
    // Nearly all answers are no, and the last character tells.
    if (!isWildcard(glob.back()) && (text.empty() || text.back() != glob.back()))
        return false;
    std::size_t star = std::string_view::npos; // the last '*' and what it stands for so far
    std::size_t starText = 0;
    std::size_t g = 0;
    std::size_t t = 0;
    while (t < text.size() || g < glob.size()) {
        if (g < glob.size() && glob[g] == '*') {
            star = g++;
            starText = t;
        } else if (g < glob.size() && glob[g] == '#') {
            while (t < text.size() && isDigit(text[t]))
                ++t;
            ++g;
        } else if (g < glob.size() && t < text.size() && glob[g] == text[t]) {
            ++g;
            ++t;
        } else if (star != std::string_view::npos && starText < text.size()) {
            t = ++starText;
            g = star + 1;
        } else {
            return false;
        }
    }
    return true;
}

SegmentIndex::SegmentIndex()
{
    const std::span<const RoleRow> rows = roleRows();
    assert(rows.size() <= kMostRows);
    const auto add = [this](std::string_view list, Rows Fits::*column, std::size_t row) {
        if (list.empty())
            (m_silent.*column).set(row);
        forEachPattern(list, [&](std::string_view pattern) {
            if (!hasWildcard(pattern)) {
                (m_plain[pattern].*column).set(row);
                return;
            }
            const auto known = std::ranges::find(m_globs, pattern, &Glob::text);
            Glob &glob = known == m_globs.end() ? m_globs.emplace_back(pattern, Fits()) : *known;
            (glob.fits.*column).set(row);
        });
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        add(rows[i].leaf, &Fits::leaf, i);
        add(rows[i].module, &Fits::module, i);
        add(rows[i].path, &Fits::path, i);
    }
    m_number = askAll("0");
}

SegmentIndex::Fits SegmentIndex::askAll(std::string_view segment) const
{
    const std::string text = lower(segment);
    Fits result = m_silent;
    const auto take = [&](const Fits &fits) {
        result.leaf |= fits.leaf;
        result.module |= fits.module;
        result.path |= fits.path;
    };
    if (const auto plain = m_plain.find(text); plain != m_plain.end())
        take(plain->second);
    for (const Glob &glob : m_globs)
        if (fitsGlob(glob.text, text))
            take(glob.fits);
    return result;
}

const SegmentIndex::Fits &SegmentIndex::fitsOf(std::string_view segment)
{
    if (isNumber(segment))
        return m_number;
    if (const auto known = m_known.find(segment); known != m_known.end())
        return known->second;
    if (m_known.size() == kMostKnown)
        m_known.clear();
    return m_known.emplace(segment, askAll(segment)).first->second;
}

SegmentIndex::Segments SegmentIndex::segmentsOf(std::string_view name)
{
    name = withoutVariable(name);
    std::size_t begin = beginOf(name, name.size());
    Segments result{.rows = fitsOf(name.substr(begin)).leaf};
    Rows path = m_silent.path;
    std::string_view module;
    while (begin > 0) {
        const std::size_t end = begin - 1;
        begin = beginOf(name, end);
        const std::string_view segment = name.substr(begin, end - begin);
        path |= fitsOf(segment).path;
        if (module.empty() && !isNumber(segment))
            module = segment;
    }
    result.rows &= path & (module.empty() ? m_silent.module : fitsOf(module).module);
    return result;
}

std::string_view SegmentIndex::stemBeforeLeaf(std::size_t row, std::string_view name) const
{
    name = withoutVariable(name);
    const std::size_t begin = beginOf(name, name.size());
    const std::string leaf = lower(name.substr(begin));
    std::size_t cut = std::string_view::npos;
    forEachPattern(roleRows()[row].leaf, [&](std::string_view pattern) {
        if (cut != std::string_view::npos || !fitsGlob(pattern, leaf))
            return;
        const bool isEnding = pattern.starts_with('*') && !hasWildcard(pattern.substr(1));
        cut = isEnding ? pattern.size() - 1 : 0;
    });
    return cut == 0 || cut == std::string_view::npos ? before(name, begin) : name.substr(0, name.size() - cut);
}

std::string_view SegmentIndex::stemBeforePath(std::size_t row, std::string_view name) const
{
    const std::string_view path = roleRows()[row].path;
    std::size_t begin = 0;
    while (true) {
        std::size_t end = begin;
        while (end < name.size() && !isSeparator(name[end]))
            ++end;
        if (end == name.size())
            return before(name, begin);
        const std::string segment = lower(name.substr(begin, end - begin));
        bool fits = false;
        forEachPattern(path, [&](std::string_view pattern) { fits = fits || fitsGlob(pattern, segment); });
        if (fits)
            return before(name, begin);
        begin = end + 1;
    }
}

} // namespace qs
