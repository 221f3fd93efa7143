// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/mapping_guard.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <limits>
#include <mutex>

#include <sys/mman.h>
#include <unistd.h>

namespace qs {
namespace {

// A slot is taken by exchanging `taken`; `begin` is zero until the range is complete and after it was given up. The
// handler reads nothing but atomics and calls nothing but mmap and sigaction.
struct Slot {
    std::atomic<bool> taken{false};
    std::atomic<bool> hit{false};
    std::atomic<std::uintptr_t> begin{0};
    std::atomic<std::uintptr_t> end{0};
};

constexpr std::size_t kSlots = 4096; // open files of one process; a model of 1 TB in shards of 1 GB needs 1000
constinit std::array<Slot, kSlots> slots{};
constinit std::atomic<std::size_t> slotsInUse{0}; // upper bound of used indices
struct sigaction previousAction = {};
std::uintptr_t pageSize = 4096;

bool answer(std::uintptr_t address)
{
    const std::size_t used = slotsInUse.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < used; ++i) {
        const std::uintptr_t begin = slots[i].begin.load(std::memory_order_acquire);
        if (begin == 0 || address < begin || address >= slots[i].end.load(std::memory_order_acquire))
            continue;
        slots[i].hit.store(true);
        void *page = reinterpret_cast<void *>(address & ~(pageSize - 1));
        return ::mmap(page, pageSize, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
    }
    return false;
}

void onBusError(int signal, siginfo_t *info, void *context)
{
    const int savedErrno = errno;
    const bool answered = info->si_code > 0 && answer(reinterpret_cast<std::uintptr_t>(info->si_addr));
    errno = savedErrno;
    if (answered)
        return;
    if ((previousAction.sa_flags & SA_SIGINFO) != 0) {
        previousAction.sa_sigaction(signal, info, context);
    } else if (previousAction.sa_handler != SIG_DFL && previousAction.sa_handler != SIG_IGN) {
        previousAction.sa_handler(signal);
    } else {
        // Not ours: the default action follows when the faulting instruction is tried again.
        struct sigaction standard = {};
        standard.sa_handler = SIG_DFL;
        ::sigaction(SIGBUS, &standard, nullptr);
    }
}

void installHandler()
{
    static std::once_flag once;
    std::call_once(once, [] {
        pageSize = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
        struct sigaction action = {};
        action.sa_sigaction = onBusError;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
        ::sigemptyset(&action.sa_mask);
        ::sigaction(SIGBUS, &action, &previousAction);
    });
}

} // namespace

std::size_t guardMapping(std::span<const std::byte> mapping)
{
    installHandler();
    for (std::size_t i = 0; i < kSlots; ++i) {
        Slot &slot = slots[i];
        if (slot.taken.load(std::memory_order_relaxed) || slot.taken.exchange(true))
            continue;
        const auto begin = reinterpret_cast<std::uintptr_t>(mapping.data());
        slot.hit = false;
        slot.end.store(begin + mapping.size(), std::memory_order_release);
        slot.begin.store(begin, std::memory_order_release);
        std::size_t used = slotsInUse.load();
        while (used <= i && !slotsInUse.compare_exchange_weak(used, i + 1)) {
        }
        return i;
    }
    return std::numeric_limits<std::size_t>::max();
}

void unguardMapping(std::size_t slot)
{
    slots[slot].begin.store(0, std::memory_order_release);
    slots[slot].taken.store(false, std::memory_order_release);
}

bool mappingWasHit(std::size_t slot)
{
    return slots[slot].hit.load();
}

} // namespace qs
