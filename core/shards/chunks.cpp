// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/chunks.h"

#include "core/base/checked_math.h"
#include "core/base/checksum.h"

#include <algorithm>
#include <utility>

namespace qs {

namespace {

constexpr std::size_t kMostOpen = 128; // 32 MiB

} // namespace

std::string checksumOfChunk(std::span<const std::byte> bytes)
{
    Checksum checksum;
    checksum.add(bytes);
    return checksum.hex();
}

ChunkGatherer::ChunkGatherer(const std::vector<Place> &places, Write write)
    : m_places(places)
    , m_write(std::move(write))
{
    std::size_t chunks = 0;
    for (const Place &place : places) {
        m_first.push_back(chunks);
        chunks += ceilDiv(place.bytes, kChunkBytes);
    }
    m_isDirect.resize(chunks);
    m_checksums.resize(chunks);
}

std::uint64_t ChunkGatherer::sizeOf(std::size_t place, std::uint64_t begin) const
{
    return std::min(kChunkBytes, m_places[place].bytes - begin);
}

Result<void> ChunkGatherer::add(std::size_t place, std::uint64_t at, std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const std::uint64_t number = at / kChunkBytes;
        const std::uint64_t rest = (number + 1) * kChunkBytes - at;
        const auto here = bytes.first(std::min<std::uint64_t>(bytes.size(), rest));
        QS_CHECK(addTo(m_first[place] + number, place, at, here));
        at += here.size();
        bytes = bytes.subspan(here.size());
    }
    return {};
}

Result<void> ChunkGatherer::addTo(std::size_t chunk, std::size_t place, std::uint64_t at,
                                  std::span<const std::byte> bytes)
{
    const std::uint64_t begin = at / kChunkBytes * kChunkBytes;
    std::vector<std::byte> whole;
    {
        const std::lock_guard lock(m_mutex);
        auto open = m_open.find(chunk);
        if (open == m_open.end() && (m_isDirect[chunk] || m_open.size() >= kMostOpen)) {
            m_isDirect[chunk] = true;
        } else {
            if (open == m_open.end())
                open = m_open.try_emplace(chunk, Open{std::vector<std::byte>(sizeOf(place, begin)), 0}).first;
            std::ranges::copy(bytes, open->second.bytes.begin() + static_cast<std::ptrdiff_t>(at - begin));
            open->second.filled += bytes.size();
            if (open->second.filled < open->second.bytes.size())
                return {};
            whole = std::move(open->second.bytes);
            m_open.erase(open);
        }
    }
    if (whole.empty())
        return m_write(m_places[place], at, bytes);
    std::string checksum = checksumOfChunk(whole);
    QS_CHECK(m_write(m_places[place], begin, whole));
    const std::lock_guard lock(m_mutex);
    m_checksums[chunk] = std::move(checksum);
    return {};
}

void ChunkGatherer::restart()
{
    const std::lock_guard lock(m_mutex);
    m_open.clear();
    m_isDirect.assign(m_isDirect.size(), false);
    m_checksums.assign(m_checksums.size(), {});
}

Result<std::vector<std::string>> ChunkGatherer::finish()
{
    const std::lock_guard lock(m_mutex);
    for (const auto &[chunk, open] : m_open) { // none, but for bytes that nobody makes
        const auto place = static_cast<std::size_t>(std::ranges::upper_bound(m_first, chunk) - m_first.begin()) - 1;
        QS_CHECK(m_write(m_places[place], (chunk - m_first[place]) * kChunkBytes, open.bytes));
    }
    m_open.clear();
    return m_checksums;
}

} // namespace qs
