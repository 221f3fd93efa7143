// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ReadBuffer: memory of one thread that blocks of a file are read into, one after the other.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace qs {

/// Grows to the largest block that was asked for and is not cleared in between. What it holds is lost when it is
/// asked for the next block. Starts at a cache line, so that elements of every type are aligned.
class ReadBuffer
{
public:
    std::span<std::byte> bytes(std::size_t size)
    {
        if (size > m_capacity) {
            m_capacity = 0;   // also when there is no memory for the larger one
            m_memory.reset(); // first: never both in memory
            m_memory.reset(static_cast<std::byte *>(::operator new(size, kAlignment)));
            m_capacity = size;
        }
        return {m_memory.get(), size};
    }
    std::span<float> floats(std::size_t count)
    {
        return {reinterpret_cast<float *>(bytes(count * sizeof(float)).data()), count};
    }

private:
    static constexpr std::align_val_t kAlignment{64};
    struct Release {
        void operator()(std::byte *memory) const { ::operator delete(memory, kAlignment); }
    };

    std::unique_ptr<std::byte, Release> m_memory;
    std::size_t m_capacity = 0;
};

} // namespace qs
