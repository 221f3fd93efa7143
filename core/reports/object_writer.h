// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ObjectWriter: one JSON object in pieces, so that long lists never are in memory as a whole.
#pragma once

#include "core/reports/json_parts.h"
#include "core/reports/report_json.h"

#include <string_view>

namespace qs::reports {

/// Writes an object key by key and lists entry by entry: one entry a line, since indented ones are twice as long.
class ObjectWriter
{
public:
    /// The sink has to outlive it.
    explicit ObjectWriter(const TextSink &sink)
        : m_sink(sink)
    {}

    void add(std::string_view key, const Json &value);

    /// entry(i) → Json for i below `count`.
    template <class Entry> void addList(std::string_view key, std::size_t count, Entry entry)
    {
        startKey(key);
        m_sink("[");
        for (std::size_t i = 0; i < count; ++i) {
            m_sink(i == 0 ? "\n    " : ",\n    ");
            m_sink(dumpLine(entry(i)));
        }
        m_sink(count == 0 ? "]" : "\n  ]");
    }

    void finish() { m_sink("\n}\n"); }

private:
    void startKey(std::string_view key);

    const TextSink &m_sink;
    bool m_first = true;
};

} // namespace qs::reports
