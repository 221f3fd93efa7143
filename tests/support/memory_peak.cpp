// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// memory_peak LIMIT_MIB COMMAND…: runs a command and tells the largest RssAnon + RssShmem that it had (what is no page
// of a program or library). Ends with the command's exit code, or with 99 when the peak was above the limit.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int kAboveLimit = 99;
constexpr long kSampleNs = 2'000'000; // short beside anything that fills 10 MiB

std::uint64_t residentKib(pid_t process)
{
    std::ifstream status(fmt::format("/proc/{}/status", process));
    std::uint64_t sum = 0;
    for (std::string key; status >> key;) {
        if (key == "RssAnon:" || key == "RssShmem:") {
            std::uint64_t kib = 0;
            status >> kib;
            sum += kib;
        }
        status.ignore(1 << 16, '\n');
    }
    return sum;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3) {
        fmt::print(stderr, "usage: memory_peak LIMIT_MIB COMMAND…\n");
        return 2;
    }
    const std::uint64_t limitKib = std::strtoull(argv[1], nullptr, 10) * 1024;
    const pid_t child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    std::uint64_t peak = 0;
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        peak = std::max(peak, residentKib(child));
        const timespec pause{0, kSampleNs};
        nanosleep(&pause, nullptr);
    }
    fmt::print(stderr, "peak of RssAnon + RssShmem: {:.1f} MiB, limit {} MiB\n", static_cast<double>(peak) / 1024,
               argv[1]);
    if (peak > limitKib)
        return kAboveLimit;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
