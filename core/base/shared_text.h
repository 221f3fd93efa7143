// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// SharedText: a text that a million objects may have in common, held once.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace qs {

/// Cannot be changed; copies hold the same text. An empty one holds nothing.
class SharedText
{
public:
    SharedText() = default;
    SharedText(std::string text)
        : m_text(text.empty() ? nullptr : std::make_shared<const std::string>(std::move(text)))
    {}
    SharedText(const char *text)
        : SharedText(std::string(text))
    {}

    bool empty() const { return !m_text; }
    const std::string &text() const { return m_text ? *m_text : kNone; }
    const char *c_str() const { return text().c_str(); }
    operator const std::string &() const { return text(); }
    operator std::string_view() const { return text(); }

    bool operator==(const SharedText &other) const { return text() == other.text(); }

private:
    static inline const std::string kNone;
    std::shared_ptr<const std::string> m_text;
};

} // namespace qs
