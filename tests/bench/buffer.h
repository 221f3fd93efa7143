// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Memory that is timed: aligned, on huge pages where the system has them, touched before the first use.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <sys/mman.h>

namespace qs::bench {

/// `count` values of T, all bytes 1. Reused by all cases: the first touch of a page costs more than quantizing it.
template <class T> class Buffer
{
public:
    explicit Buffer(std::size_t count)
        : m_count(count)
    {
        constexpr std::size_t kHugePage = std::size_t{2} << 20U;
        const std::size_t bytes = (count * sizeof(T) + kHugePage - 1) / kHugePage * kHugePage;
        m_values.reset(static_cast<T *>(std::aligned_alloc(kHugePage, bytes)));
        if (!m_values)
            throw std::bad_alloc();
        madvise(m_values.get(), bytes, MADV_HUGEPAGE); // refused without such pages: then 4 KiB ones do
        std::memset(m_values.get(), 1, bytes);
    }

    T *data() const { return m_values.get(); }
    std::size_t size() const { return m_count; }

private:
    struct Free {
        void operator()(T *values) const { std::free(values); }
    };
    std::size_t m_count;
    std::unique_ptr<T, Free> m_values;
};

} // namespace qs::bench
