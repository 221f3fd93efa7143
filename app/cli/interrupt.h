// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Interrupt: turns Ctrl+C and SIGTERM into a stop token.
#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace qs::cli {

/// Made first in main(): blocks the signals in this thread and all later ones, so that only its own thread takes
/// them. The first one asks to stop, the second ends the program at once with exit code 130. So does the first one
/// where work does not hear of it within a second and nothing half-written would stay behind.
class Interrupt
{
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt &) = delete;
    Interrupt &operator=(const Interrupt &) = delete;

    std::stop_token token() const { return m_source.get_token(); }
    /// The work is done: what is left is to say so, for which there is no hurry.
    void workIsDone() { m_isWorking = false; }

private:
    void wait();
    void endWhatDoesNotHear() const;

    sigset_t m_signals{};
    std::stop_source m_source;
    std::atomic<bool> m_done = false;
    std::atomic<bool> m_isWorking = true;
    std::thread m_thread;
};

} // namespace qs::cli
