// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/containers/pieces.h"

namespace qs {

namespace {

Result<FileLayout> layOut(FileContents contents)
{
    FileLayout layout;
    for (FilePiece &piece : contents.pieces) {
        if (auto *bytes = std::get_if<std::string>(&piece)) {
            const std::uint64_t size = bytes->size();
            layout.fixed.push_back({layout.bytes, std::move(*bytes)});
            layout.bytes += size;
        } else if (auto *range = std::get_if<FileRange>(&piece)) {
            layout.copied.push_back({*range, layout.bytes});
            layout.bytes += range->size;
        } else {
            OutputTensor &tensor = contents.tensors[std::get<std::size_t>(piece)];
            tensor.byteOffset = layout.bytes;
            layout.bytes += tensor.byteSize();
        }
    }
    layout.tensors = std::move(contents.tensors);
    return layout;
}

} // namespace

constinit const Container kOnnxContainer{.suffixes = "*.onnx", .named = false, .layOut = layOut, .finish = nullptr};
constinit const Container kGgufContainer{.suffixes = "*.gguf", .named = false, .layOut = layOut, .finish = nullptr};
constinit const Container kTextContainer{
    .suffixes = "*.h", .opens = false, .named = false, .layOut = layOut, .finish = nullptr};

} // namespace qs
