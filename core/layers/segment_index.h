// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows of the table of roles the segments of a name fit.
#pragma once

#include <bit>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace qs {

/// Calls use(pattern) for each entry of a list with spaces between.
template <class Use> void forEachPattern(std::string_view list, Use use)
{
    while (!list.empty()) {
        const std::size_t end = list.find(' ');
        if (const std::string_view entry = list.substr(0, end); !entry.empty())
            use(entry);
        list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    }
}

/// The ":0" that TensorFlow puts behind the names of variables; empty where there is none.
std::string_view variableEnding(std::string_view name);

/// True when all of `text` fits: '*' is any text, '#' any number of digits. `text` is in lower case.
bool fitsGlob(std::string_view glob, std::string_view text);

/// Asks each pattern of the table once per distinct segment, not once per tensor. Names must outlive it.
class SegmentIndex
{
public:
    static constexpr std::size_t kMostRows = 128;
    using Rows = std::bitset<kMostRows>;

    struct Segments {
        Rows rows; ///< whose leaf, module and path the name fits

        /// Calls use(row) in order until it returns false.
        template <class Use> void forEachRow(Use use) const
        {
            constexpr std::size_t kWord = 64;
            const Rows low(~0ULL);
            for (std::size_t word = 0; word < kMostRows / kWord; ++word)
                for (std::uint64_t bits = (rows >> (word * kWord) & low).to_ullong(); bits != 0; bits &= bits - 1)
                    if (!use(word * kWord + static_cast<std::size_t>(std::countr_zero(bits))))
                        return;
        }
    };

    SegmentIndex();

    Segments segmentsOf(std::string_view name);
    /// What stands before the last segment, or before the ending of it that the row's pattern names.
    std::string_view stemBeforeLeaf(std::size_t row, std::string_view name) const;
    /// What stands before the first segment that fits the row's path.
    std::string_view stemBeforePath(std::size_t row, std::string_view name) const;

private:
    /// Rows by column.
    struct Fits {
        Rows leaf;
        Rows module;
        Rows path;
    };
    struct Glob {
        std::string_view text;
        Fits fits;
    };

    const Fits &fitsOf(std::string_view segment);
    Fits askAll(std::string_view segment) const;

    Fits m_silent; ///< rows without a pattern in that column
    std::unordered_map<std::string_view, Fits> m_plain;
    std::vector<Glob> m_globs;
    std::unordered_map<std::string_view, Fits> m_known; ///< answers so far
    Fits m_number;
};

} // namespace qs
