// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/safetensors/safetensors.h"

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/safetensors/header.h"

#include <cstring>

namespace qs {
namespace {

bool recognises(std::span<const std::byte> head, std::uint64_t size)
{
    std::uint64_t length = 0;
    if (head.size() <= sizeof length)
        return false;
    std::memcpy(&length, head.data(), sizeof length);
    return length >= 2 && length <= kMaxHeaderBytes && length + sizeof length <= size &&
           head[sizeof length] == std::byte{'{'};
}

Result<void> read(std::shared_ptr<const InputFile> file, Model &model, const TaskContext &context)
{
    QS_ASSIGN(SafetensorsHeader header, readSafetensorsHeader(*file, inQuotes(file->path().native()), context));
    model.format = "safetensors";
    model.tensors = std::move(header.tensors);
    model.metadata = std::move(header.metadata);
    model.warnings = std::move(header.warnings);
    model.files.push_back(std::move(file));
    return {};
}

} // namespace

const FormatReader kSafetensorsReader{.name = "safetensors",
                                      .description = Text::constant("safetensors"),
                                      .suffixes = "*.safetensors",
                                      .recognises = recognises,
                                      .read = read,
                                      .hasConfig = true};

} // namespace qs
