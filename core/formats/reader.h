// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The interface of format readers.
#pragma once

#include "core/base/task_context.h"
#include "core/model/model.h"

#include <memory>
#include <span>
#include <string_view>

namespace qs {

/// What is read of a file to find out its format.
inline constexpr std::size_t kHeadBytes = std::size_t{64} << 10;

/// One entry of the registry (registry.cpp). To add a format: one file or folder that defines such an object, one
/// line in the registry.
struct FormatReader {
    std::string_view name;      ///< "pytorch"
    TextLiteral<0> description; ///< for people: "PyTorch"
    std::string_view suffixes;  ///< for file dialogs: "*.pt *.pth"
    /// True when the content looks like this format; `head` holds the first kHeadBytes, or all, of a file of `size`.
    bool (*recognises)(std::span<const std::byte> head, std::uint64_t size);
    /// Lists the tensors into `model` (files, tensors, metadata, warnings). Layers are found afterwards.
    Result<void> (*read)(std::shared_ptr<const InputFile> file, Model &model, const TaskContext &context);
    bool isIndex = false;    ///< names other files; goes before single files in a folder
    bool joinsParts = false; ///< opening "NAME-00001-of-00003.SUFFIX" opens the other parts, too
    bool hasConfig = false;  ///< comes with a config.json beside it (config.h)

    /// "PyTorch (*.pt *.pth)".
    Text withSuffixes() const { return Text::of("{} ({})", Text::of(description), suffixes); }
};

} // namespace qs
