// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/interrupt.h"

#include <pthread.h>
#include <unistd.h>

namespace qs::cli {

inline constexpr int kExitInterrupted = 130;

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
        int signal = 0;
        if (sigwait(&m_signals, &signal) != 0)
            continue;
        if (m_done)
            return;
        if (!m_source.request_stop())
            _exit(kExitInterrupted);
    }
}

} // namespace qs::cli
