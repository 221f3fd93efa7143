// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/safetensors.h"

#include "core/export/metadata.h"
#include "core/export/producers.h"

#include <algorithm>

namespace qs {

namespace {

DType scaleDType(ScaleType type)
{
    return type == ScaleType::F16 ? DType::F16 : type == ScaleType::BF16 ? DType::BF16 : DType::F32;
}

Result<FileContents> contents(const ExportInput &input)
{
    const auto codes = layerCodes(input.model, input.decisions, byteCodes());
    FileContents file;
    QS_ASSIGN(file.tensors, modelTensors(input, [&](std::size_t layer) -> std::vector<OutputTensor> {
                  const Decision &decision = input.decisions[layer];
                  if (!decision.quantize)
                      return {};
                  return codesAndScales(input, layer, codes, scaleDType(decision.scheme.scaleType));
              }));
    file.metadata = exportMetadata(input);
    return file;
}

std::vector<Text> notes(const ExportInput &input)
{
    return byteNotes(input.decisions);
}

} // namespace

constinit const ExportFormat kSafetensorsFormat{
    .name = "safetensors",
    .description = Text::constant("safetensors: int8 codes, scales and zero points; any scheme"),
    .suffixes = "*.safetensors",
    .suffix = ".safetensors",
    .readable = true,
    .container = safetensorsUnlessOther,
    .fit = fitAnything,
    .contents = contents,
    .notes = notes,
};

} // namespace qs
