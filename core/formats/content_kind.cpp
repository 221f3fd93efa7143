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
    TextLiteral<0> kind;
};

// FORMATS.md §1.6.
constexpr std::array<Signature, 11> kSignatures{{
    Signature{257, "ustar"sv, Text::constant("a tar archive, perhaps a PyTorch file of 2016")},
    Signature{0, "version https://git-lfs"sv, Text::constant("a Git LFS pointer: the real file was not downloaded")},
    Signature{0, "\x89HDF"sv, Text::constant("an HDF5 file")},
    Signature{4, "TFL3"sv, Text::constant("a TensorFlow Lite model")},
    Signature{4, "ORTM"sv, Text::constant("an ONNX Runtime model")},
    Signature{0, "lmgg"sv, Text::constant("an old ggml model")},
    Signature{0, "\x80\x02"sv, Text::constant("a Python pickle")},
    Signature{0, "\x80\x04"sv, Text::constant("a Python pickle")},
    Signature{0, "\x80\x05"sv, Text::constant("a Python pickle")},
    Signature{0, "PK\x05\x06"sv, Text::constant("an empty ZIP archive")},
    Signature{0, "\x1F\x8B"sv, Text::constant("a gzip archive")},
}};

} // namespace

Text contentKind(std::span<const std::byte> head)
{
    const std::string_view text(reinterpret_cast<const char *>(head.data()), head.size());
    for (const Signature &signature : kSignatures)
        if (text.size() >= signature.offset && text.substr(signature.offset).starts_with(signature.bytes))
            return Text::of(signature.kind);
    return {};
}

} // namespace qs
