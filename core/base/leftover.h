// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Leftover: whether something is in the making that would stay behind if the program ended right now.
#pragma once

#include <mutex>
#include <optional>

namespace qs {

/// One lives as long as an unfinished file or folder does.
class Leftover
{
public:
    Leftover();
    ~Leftover();
    Leftover(const Leftover &) = delete;
    Leftover &operator=(const Leftover &) = delete;

    /// Where none lives: a lock, during which none comes to life. Empty otherwise.
    static std::optional<std::unique_lock<std::mutex>> holdOff();
};

} // namespace qs
