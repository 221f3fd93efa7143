// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/content_kind.h"

#include <array>

namespace qs {
namespace {

using namespace std::string_view_literals;

struct Signature {
    std::size_t offset;
    std::string_view bytes;
    std::string_view kind;
};

// formats.md §1.6. ZIP needs more than a signature.
constexpr std::array kSignatures{
    Signature{0, "\x93NUMPY"sv, "a NumPy array and not a model"},
    Signature{0, "\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19\x2E"sv, "an old PyTorch file"},
    Signature{257, "ustar"sv, "a tar archive, perhaps a PyTorch file of 2016"},
    Signature{0, "version https://git-lfs"sv, "a Git LFS pointer: the real file was not downloaded"},
    Signature{0, "\x89HDF"sv, "an HDF5 file"},
    Signature{4, "TFL3"sv, "a TensorFlow Lite model"},
    Signature{4, "ORTM"sv, "an ONNX Runtime model"},
    Signature{0, "lmgg"sv, "an old ggml model"},
    Signature{0, "\x80\x02"sv, "a Python pickle"},
    Signature{0, "\x80\x04"sv, "a Python pickle"},
    Signature{0, "\x80\x05"sv, "a Python pickle"},
    Signature{0, "\x1F\x8B"sv, "a gzip archive"},
};

std::string_view zipKind(std::string_view text)
{
    // The name of the first entry follows its 30-byte header.
    const auto size = text.size() < 30 ? 0U
                                       : static_cast<unsigned>(static_cast<unsigned char>(text[26])) |
                                             static_cast<unsigned>(static_cast<unsigned char>(text[27])) << 8;
    const std::string_view name = text.size() < 30 ? std::string_view() : text.substr(30, size);
    if (name.ends_with("data.pkl"))
        return "a PyTorch archive";
    return name.ends_with(".npy") ? "an NPZ archive" : "a ZIP archive, perhaps of PyTorch";
}

} // namespace

std::string_view contentKind(std::span<const std::byte> head)
{
    const std::string_view text(reinterpret_cast<const char *>(head.data()), head.size());
    for (const Signature &signature : kSignatures)
        if (text.size() >= signature.offset && text.substr(signature.offset).starts_with(signature.bytes))
            return signature.kind;
    if (text.starts_with("PK\x03\x04"sv))
        return zipKind(text);
    return {};
}

} // namespace qs
