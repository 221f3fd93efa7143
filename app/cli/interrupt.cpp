// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/interrupt.h"

#include "core/base/leftover.h"

#include <cerrno>
#include <ctime>
#include <string_view>

#include <pthread.h>
#include <unistd.h>

namespace qs::cli {

namespace {

constexpr int kExitInterrupted = 130;
constexpr timespec kPatience{.tv_sec = 0, .tv_nsec = 800'000'000}; // what looks at the token does so much more often

} // namespace

Interrupt::Interrupt()
{
    sigemptyset(&m_signals);
    sigaddset(&m_signals, SIGINT);
    sigaddset(&m_signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
    m_thread = std::thread([this] { wait(); });
}

Interrupt::~Interrupt()
{
    m_done = true;
    pthread_kill(m_thread.native_handle(), SIGTERM); // wakes wait()
    m_thread.join();
}

void Interrupt::wait()
{
    for (;;) {
        const bool isAsked = m_source.stop_requested();
        const int signal = isAsked ? sigtimedwait(&m_signals, nullptr, &kPatience) : sigwaitinfo(&m_signals, nullptr);
        if (m_done)
            return;
        if (signal < 0) {
            if (isAsked && errno == EAGAIN)
                endWhatDoesNotHear();
            continue;
        }
        if (!m_source.request_stop())
            _exit(kExitInterrupted);
    }
}

/// Compiling a pattern, for one thing, is a call of a library that cannot be stopped.
void Interrupt::endWhatDoesNotHear() const
{
    const auto lock = Leftover::holdOff();
    if (!lock || !m_isWorking)
        return;
    std::string_view text = "\r\x1b[Kerror: interrupted\n"; // over a progress bar
    if (::isatty(STDERR_FILENO) == 0)
        text.remove_prefix(text.find('e'));
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    _exit(kExitInterrupted);
}

} // namespace qs::cli
