// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Chunks: bytes of a unit's places are written and summed up in pieces of the same size, whoever makes them in whatever
// portions.
#pragma once

#include "core/base/result.h"
#include "core/shards/places.h"

#include <functional>
#include <mutex>
#include <unordered_map>

namespace qs {

/// Of a place, from its beginning on; the last one may be smaller. Still in the cache when its checksum is taken.
inline constexpr std::uint64_t kChunkBytes = std::uint64_t{256} << 10U;

/// The checksum of a unit is one over those of its chunks.
std::string checksumOfChunk(std::span<const std::byte> bytes);

/// Takes bytes of places in any order and portions, and hands on whole chunks.
class ChunkGatherer
{
public:
    /// Writes bytes from `at` in a place on; called from any thread.
    using Write = std::function<Result<void>(const Place &place, std::uint64_t at, std::span<const std::byte> bytes)>;

    /// The places must outlive it.
    ChunkGatherer(const std::vector<Place> &places, Write write);

    /// Thread-safe; each byte once.
    Result<void> add(std::size_t place, std::uint64_t at, std::span<const std::byte> bytes);
    /// Forgets what was added: all of it comes again.
    void restart();
    /// Hands on what is not whole. Checksums of all chunks, in their order; empty for those that have to be read back.
    Result<std::vector<std::string>> finish();

private:
    struct Open {
        std::vector<std::byte> bytes;
        std::size_t filled = 0;
    };

    std::uint64_t sizeOf(std::size_t place, std::uint64_t begin) const;
    Result<void> addTo(std::size_t chunk, std::size_t place, std::uint64_t at, std::span<const std::byte> bytes);

    const std::vector<Place> &m_places;
    Write m_write;
    std::vector<std::size_t> m_first; ///< number of each place's first chunk
    std::mutex m_mutex;               ///< guards what follows
    std::unordered_map<std::size_t, Open> m_open;
    std::vector<bool> m_isDirect;         ///< chunks that are written as they come, since too many others are open
    std::vector<std::string> m_checksums; ///< by chunk
};

} // namespace qs
