// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/csv.h"

#include <fmt/format.h>

#include <cmath>

namespace qs {

CsvText &CsvText::add(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return addPlain(text);
    separate();
    m_text += '"';
    for (const char c : text) {
        m_text += c;
        if (c == '"')
            m_text += c;
    }
    m_text += '"';
    return *this;
}

CsvText &CsvText::add(double value)
{
    return addPlain(std::isfinite(value) ? fmt::format("{}", value) : std::string());
}

CsvText &CsvText::add(float value)
{
    return addPlain(std::isfinite(value) ? fmt::format("{}", value) : std::string());
}

CsvText &CsvText::add(std::optional<double> value)
{
    return value ? add(*value) : addPlain({});
}

CsvText &CsvText::add(int value)
{
    return addPlain(std::to_string(value));
}

CsvText &CsvText::add(std::uint64_t value)
{
    return addPlain(std::to_string(value));
}

CsvText &CsvText::addEmpty(int fields)
{
    for (int i = 0; i < fields; ++i)
        addPlain({});
    return *this;
}

void CsvText::endRow()
{
    m_text += m_rowEnd;
    m_rowBegins = true;
}

CsvText &CsvText::addPlain(std::string_view field)
{
    separate();
    m_text += field;
    return *this;
}

void CsvText::separate()
{
    if (!m_rowBegins)
        m_text += ',';
    m_rowBegins = false;
}

} // namespace qs
