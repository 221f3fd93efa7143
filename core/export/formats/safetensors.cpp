// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/safetensors.h"

#include "core/export/metadata.h"
#include "core/export/packed_codes.h"

namespace qs {

namespace {

Result<FileContents> contents(const ExportInput &input)
{
    FileContents file;
    QS_ASSIGN(file.tensors, codedTensors(input));
    file.metadata = exportMetadata(input);
    return file;
}

std::vector<Text> notes(const ExportInput &input)
{
    return input.unpacked ? byteNotes(input.decisions) : std::vector<Text>{};
}

} // namespace

constinit const ExportFormat kSafetensorsFormat{
    .name = "safetensors",
    .description = Text::constant("safetensors: packed codes, scales and zero points; any scheme"),
    .suffixes = "*.safetensors",
    .suffix = ".safetensors",
    .runtimes = Text::constant("Quantoscope; safetensors in any language"),
    .usage = "from safetensors.numpy import load_file\ntensors = load_file({})",
    .readable = true,
    .container = safetensorsUnlessOther,
    .fit = fitAnything,
    .contents = contents,
    .notes = notes,
};

} // namespace qs
