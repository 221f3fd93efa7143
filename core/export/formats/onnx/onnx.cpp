// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/onnx/onnx.h"

#include "core/export/containers/pieces.h"
#include "core/export/formats/onnx/forms.h"
#include "core/export/registry.h"

#include <algorithm>
#include <iterator>

namespace qs {

namespace {

const Container *container(std::string_view suffix)
{
    return hasSuffix(kOnnxContainer.suffixes, suffix) ? &kOnnxContainer : nullptr;
}

Result<FileContents> contents(const ExportInput &input)
{
    return onnx::rewriteModel(input, onnx::dequantizedWeights(input));
}

std::vector<Text> notes(const ExportInput &input)
{
    std::vector<Text> notes = byteNotes(input.decisions);
    std::ranges::move(onnx::activationNotes(input), std::back_inserter(notes));
    return notes;
}

} // namespace

constinit const ExportFormat kOnnxFormat{
    .name = "onnx",
    .description =
        Text::constant("ONNX: int8 codes and scales, for ONNX Runtime, OpenVINO and others; from ONNX files"),
    .suffixes = "*.onnx",
    .suffix = ".onnx",
    .runtimes = Text::constant("ONNX Runtime, OpenVINO and others"),
    .usage = "import onnxruntime\nsession = onnxruntime.InferenceSession({})",
    .presets = {"bits=8,granularity=channel"},
    .whyNot = onnx::whyNot,
    .container = container,
    .fit = onnx::fitDequantizeLinear,
    .contents = contents,
    .notes = notes,
};

} // namespace qs
