// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/checksum.h"

#include "core/base/input_file.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <xxhash.h>

namespace qs {

struct Checksum::State {
    std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> xxh{XXH3_createState(), XXH3_freeState};
};

Checksum::Checksum()
    : m_state(std::make_unique<State>())
{
    if (!m_state->xxh)
        throw std::bad_alloc();
    XXH3_128bits_reset(m_state->xxh.get());
}

Checksum::~Checksum() = default;

void Checksum::add(std::span<const std::byte> bytes)
{
    XXH3_128bits_update(m_state->xxh.get(), bytes.data(), bytes.size());
}

void Checksum::add(std::uint64_t number)
{
    std::array<std::byte, sizeof number> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(number >> (8 * i));
    add(std::span<const std::byte>(bytes));
}

void Checksum::add(std::string_view text)
{
    add(std::uint64_t{text.size()});
    add(std::as_bytes(std::span(text)));
}

std::string Checksum::hex() const
{
    const XXH128_hash_t hash = XXH3_128bits_digest(m_state->xxh.get());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

Result<std::string> sampleChecksum(const InputFile &file)
{
    constexpr std::uint64_t kEndBytes = std::uint64_t{64} << 10U;
    constexpr std::uint64_t kBlockBytes = std::uint64_t{4} << 10U;
    constexpr std::uint64_t kBlocks = 30;
    Checksum checksum;
    std::vector<std::byte> bytes;
    const auto addFrom = [&](std::uint64_t offset, std::uint64_t most) -> Result<void> {
        bytes.resize(std::min(most, file.size() - offset));
        QS_CHECK(file.read(offset, bytes));
        checksum.add(std::span<const std::byte>(bytes));
        return {};
    };
    QS_CHECK(addFrom(0, kEndBytes));
    for (std::uint64_t i = 1; i <= kBlocks && file.size() > kEndBytes; ++i)
        QS_CHECK(addFrom(file.size() / (kBlocks + 1) * i, kBlockBytes));
    if (file.size() > kEndBytes)
        QS_CHECK(addFrom(file.size() - kEndBytes, kEndBytes));
    return checksum.hex();
}

} // namespace qs
