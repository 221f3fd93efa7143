// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ProgressBar: one line on standard error, on a terminal only.
#pragma once

#include "core/base/text.h"

#include <chrono>
#include <mutex>

namespace qs::cli {

class ProgressBar
{
public:
    /// Draws only when `wanted` and standard error is a terminal.
    explicit ProgressBar(bool wanted);
    ~ProgressBar() { clear(); }
    ProgressBar(const ProgressBar &) = delete;
    ProgressBar &operator=(const ProgressBar &) = delete;

    bool enabled() const { return m_enabled; }
    /// Thread-safe; redraws at most ten times a second.
    void show(double fraction, const Text &what);
    /// Removes the line, so that results and errors start on a clean one.
    void clear();

private:
    bool m_enabled = false;
    bool m_visible = false;
    std::mutex m_mutex;
    std::chrono::steady_clock::time_point m_drawn;
};

} // namespace qs::cli
