// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/registry.h"

#include "core/export/formats/c_header.h"
#include "core/export/formats/float.h"
#include "core/export/formats/folders/compressed_tensors.h"
#include "core/export/formats/folders/gptq.h"
#include "core/export/formats/folders/mlx.h"
#include "core/export/formats/gguf/gguf.h"
#include "core/export/formats/gpt_fast.h"
#include "core/export/formats/npz.h"
#include "core/export/formats/onnx/onnx.h"
#include "core/export/formats/onnx/onnx_int4.h"
#include "core/export/formats/onnx/onnx_matmulnbits.h"
#include "core/export/formats/safetensors.h"
#include "core/export/formats/torch.h"
#include "core/export/formats/torchao.h"

#include <algorithm>
#include <array>

namespace qs {

namespace {

constexpr std::array kFormats{
    &kSafetensorsFormat, &kTorchFormat,
    &kGptFastFormat,     &kOnnxFormat,
    &kOnnxInt4Format,    &kOnnxMatMulNBitsFormat,
    &kGgufFormat,        &kCompressedTensorsFormat,
    &kMlxFormat,         &kGptqFormat,
    &kAwqFormat,         &kTorchaoFormat,
    &kNpzFormat,         &kCHeaderFormat,
    &kFloatFormat,
};

} // namespace

std::span<const ExportFormat *const> exportFormats()
{
    return kFormats;
}

const ExportFormat *findExportFormat(std::string_view name)
{
    const auto found = std::ranges::find(kFormats, name, &ExportFormat::name);
    return found == kFormats.end() ? nullptr : *found;
}

const ExportFormat *decodingFormat()
{
    const auto found = std::ranges::find_if(kFormats, &ExportFormat::decodes);
    return found == kFormats.end() ? nullptr : *found;
}

const ExportFormat *formatThatHolds(const Model &model, std::span<const Decision> decisions)
{
    if (std::ranges::none_of(decisions, &Decision::quantize))
        return nullptr;
    const auto holds = [&](const ExportFormat *format) {
        if (format->whyNot != nullptr && !format->whyNot(model).empty())
            return false;
        const Container *container = format->container(format->suffix);
        if (container == nullptr || !(container->reopens || format->folder))
            return false; // its files hold less than the model
        std::vector<Decision> fitted;
        fitted.reserve(decisions.size());
        for (std::size_t i = 0; i < decisions.size(); ++i) {
            LayerFit fit = format->fit(model, i, decisions[i]);
            if (fit.decision.quantize != decisions[i].quantize || !fit.refusals.empty())
                return false;
            fitted.push_back(std::move(fit.decision));
        }
        // Layers that stay as they are have to have a place, too: codes that a file holds already.
        const Recipe recipe;
        const ExportInput input{*format, *container, model, recipe, fitted};
        return (format->together == nullptr || format->together(input).empty()) && format->contents(input).has_value();
    };
    const auto found = std::ranges::find_if(kFormats, holds);
    return found == kFormats.end() ? nullptr : *found;
}

bool hasSuffix(std::string_view suffixes, std::string_view suffix)
{
    while (!suffixes.empty()) {
        const std::size_t end = std::min(suffixes.find(' '), suffixes.size());
        if (suffixes.substr(1, end - 1) == suffix) // without the '*'
            return true;
        suffixes.remove_prefix(std::min(end + 1, suffixes.size()));
    }
    return false;
}

} // namespace qs
