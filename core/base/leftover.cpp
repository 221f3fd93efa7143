// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/leftover.h"

#include <cstddef>

namespace qs {
namespace {

struct Living {
    std::mutex mutex;
    std::size_t count = 0;
};

Living &living()
{
    static Living living;
    return living;
}

} // namespace

Leftover::Leftover()
{
    const std::scoped_lock lock(living().mutex);
    ++living().count;
}

Leftover::~Leftover()
{
    const std::scoped_lock lock(living().mutex);
    --living().count;
}

std::optional<std::unique_lock<std::mutex>> Leftover::holdOff()
{
    std::unique_lock lock(living().mutex);
    return living().count == 0 ? std::optional(std::move(lock)) : std::nullopt;
}

} // namespace qs
