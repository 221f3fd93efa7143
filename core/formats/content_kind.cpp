// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/content_kind.h"

#include <array>
#include <cstdint>
#include <optional>

namespace qs {
namespace {

using namespace std::string_view_literals;

struct Signature {
    std::size_t offset;
    std::string_view bytes;
    std::string_view kind;
};

// formats.md §1.6. ONNX needs more than a signature.
constexpr std::array kSignatures{
    Signature{257, "ustar"sv, "a tar archive, perhaps a PyTorch file of 2016"},
    Signature{0, "version https://git-lfs"sv, "a Git LFS pointer: the real file was not downloaded"},
    Signature{0, "\x89HDF"sv, "an HDF5 file"},
    Signature{4, "TFL3"sv, "a TensorFlow Lite model"},
    Signature{4, "ORTM"sv, "an ONNX Runtime model"},
    Signature{0, "lmgg"sv, "an old ggml model"},
    Signature{0, "\x80\x02"sv, "a Python pickle"},
    Signature{0, "\x80\x04"sv, "a Python pickle"},
    Signature{0, "\x80\x05"sv, "a Python pickle"},
    Signature{0, "PK\x05\x06"sv, "an empty ZIP archive"},
    Signature{0, "\x1F\x8B"sv, "a gzip archive"},
};

std::optional<std::uint64_t> takeVarint(std::string_view &text)
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !text.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(text[0]);
        text.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0)
            return value;
    }
    return std::nullopt;
}

/// A protobuf message that starts with a small number in field 1 (the version) and has a field 7 (the graph).
bool looksLikeOnnx(std::string_view text)
{
    if (text.size() < 2 || text[0] != 0x08 || text[1] < 1 || text[1] > 100)
        return false;
    while (true) {
        const auto tag = takeVarint(text);
        if (!tag || *tag >> 3 == 0)
            return false;
        if (*tag == (7U << 3 | 2U))
            return true;
        const auto value = takeVarint(text); // the number itself, or the length of what follows
        if (!value || ((*tag & 7U) != 0 && (*tag & 7U) != 2))
            return false;
        if ((*tag & 7U) == 2) {
            if (*value > text.size())
                return false;
            text.remove_prefix(*value);
        }
    }
}

} // namespace

std::string_view contentKind(std::span<const std::byte> head)
{
    const std::string_view text(reinterpret_cast<const char *>(head.data()), head.size());
    for (const Signature &signature : kSignatures)
        if (text.size() >= signature.offset && text.substr(signature.offset).starts_with(signature.bytes))
            return signature.kind;
    return looksLikeOnnx(text) ? "an ONNX model"sv : ""sv;
}

} // namespace qs
