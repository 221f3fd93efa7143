// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_bar.h"

#include "app/cli/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace qs::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kBarWidth = 30;
constexpr std::size_t kTextWidth = 40; // with bar and percentage it fits into 80 columns

} // namespace

ProgressBar::ProgressBar(bool wanted)
    : m_enabled(wanted && isatty(STDERR_FILENO) != 0)
{}

void ProgressBar::show(double fraction, const Text &what)
{
    // A worker that finds the line busy goes on with its work.
    const std::unique_lock lock(m_mutex, std::try_to_lock);
    const auto now = std::chrono::steady_clock::now();
    if (!m_enabled || !lock || now - m_drawn < 100ms)
        return;
    m_drawn = now;
    m_visible = true;
    fraction = std::clamp(fraction, 0.0, 1.0);
    const auto full = static_cast<std::size_t>(fraction * kBarWidth);
    const std::string line =
        fmt::format("\r[{}{}] {:3.0f} % {}\x1b[K", std::string(full, '#'), std::string(kBarWidth - full, '.'),
                    fraction * 100, elided(printable(what.str()), kTextWidth));
    std::fputs(line.c_str(), stderr); // does not throw when the terminal is gone
    std::fflush(stderr);
}

void ProgressBar::clear()
{
    const std::scoped_lock lock(m_mutex);
    m_enabled = false;
    if (!m_visible)
        return;
    m_visible = false;
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
}

} // namespace qs::cli
