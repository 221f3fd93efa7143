// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Fingerprint: 128 bits that stand for a sequence of numbers and texts, as a key of caches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace qs {

/// Equal sequences have equal fingerprints; different ones have different ones as far as 128 bits can tell. Not for
/// files: a fingerprint means something within one run of the program.
class Fingerprint
{
public:
    constexpr Fingerprint &add(std::uint64_t value)
    {
        m_first = mixed(m_first ^ value);
        m_second = mixed(m_second + 0xd1342543de82ef95U * value);
        return *this;
    }

    constexpr Fingerprint &add(std::string_view text)
    {
        for (const char c : text)
            add(std::uint64_t{static_cast<unsigned char>(c)});
        return add(std::uint64_t{text.size()});
    }

    constexpr bool operator==(const Fingerprint &) const = default;
    constexpr std::size_t hash() const { return m_first; }

private:
    /// The last steps of SplitMix64 (Steele, Lea, Flood 2014): each bit of the result depends on all bits of `value`.
    static constexpr std::uint64_t mixed(std::uint64_t value)
    {
        value += 0x9e3779b97f4a7c15U;
        value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
        value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
        return value ^ (value >> 31U);
    }

    std::uint64_t m_first = 0;
    std::uint64_t m_second = 0x6a09e667f3bcc908U; // any other number: both halves must differ
};

} // namespace qs

template <> struct std::hash<qs::Fingerprint> {
    std::size_t operator()(const qs::Fingerprint &fingerprint) const { return fingerprint.hash(); }
};
