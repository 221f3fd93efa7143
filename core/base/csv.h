// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// CsvText: the one writer of tables as CSV (RFC 4180).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qs {

/// Rows of fields, added from left to right. A text is quoted where it holds a comma, a quote or a line break. Numbers
/// have a dot as decimal sign and as few digits as give the same number back; one that does not exist is an empty
/// field.
class CsvText
{
public:
    /// RFC 4180 ends rows with "\r\n", which spreadsheets expect; tools of a shell take the '\r' for a part of the
    /// field.
    explicit CsvText(std::string_view rowEnd)
        : m_rowEnd(rowEnd)
    {}

    CsvText &add(std::string_view text);
    CsvText &add(double value);
    CsvText &add(float value);
    CsvText &add(std::optional<double> value);
    CsvText &add(int value);
    CsvText &add(std::uint64_t value);
    CsvText &addEmpty(int fields);
    void endRow();

    const std::string &text() const { return m_text; }

private:
    CsvText &addPlain(std::string_view field);
    void separate();

    std::string_view m_rowEnd;
    std::string m_text;
    bool m_rowBegins = true;
};

} // namespace qs
