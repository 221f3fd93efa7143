// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reports/object_writer.h"

namespace qs::reports {

void ObjectWriter::add(std::string_view key, const Json &value)
{
    startKey(key);
    std::string text = dump(value);
    text.pop_back();
    std::string_view rest = text; // line feeds inside strings are escaped
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
        m_sink(rest.substr(0, end + 1));
        m_sink("  ");
        rest.remove_prefix(end + 1);
    }
    m_sink(rest);
}

void ObjectWriter::startKey(std::string_view key)
{
    m_sink(m_first ? "{\n  \"" : ",\n  \"");
    m_first = false;
    m_sink(key);
    m_sink("\": ");
}

} // namespace qs::reports
