// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Fuzzes one format reader: lists the tensors, finds the layers, decodes the first values of each.
#include "core/base/input_file.h"
#include "core/formats/reader.h"
#include "core/layers/layer_rules.h"
#include "core/quant/stored.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace {

// Values beyond these tell nothing new, and a small file may describe large tensors.
constexpr std::size_t kMostTensors = 64;
constexpr std::uint64_t kMostWeights = std::uint64_t{1} << 20U;

const qs::FormatReader &reader()
{
    const auto readers = qs::formatReaders();
    const auto found = std::ranges::find(readers, std::string_view(FUZZ_READER), &qs::FormatReader::name);
    if (found == readers.end())
        std::abort(); // the build asks for a format that is not registered
    return **found;
}

void decodeLayer(const qs::Model &model, const qs::Layer &layer)
{
    const qs::TaskContext context;
    const qs::MatrixShape shape = qs::matrixShape(model.tensorOf(layer), layer.channelAxis);
    if (shape.channels > kMostWeights || shape.weights > kMostWeights || shape.channels * shape.weights > kMostWeights)
        return;
    qs::LayerQuantization stored;
    if (layer.hasCodes()) {
        qs::Result<qs::LayerQuantization> read = qs::storedQuantization(model, layer, context);
        if (!read)
            return;
        stored = std::move(*read);
    }
    const qs::LayerValues values(model, layer, layer.channelAxis, layer.hasCodes() ? &stored : nullptr);
    const qs::BlockLayout layout = values.blocks().layout();
    std::vector<float> block;
    for (std::uint64_t i = 0; i < layout.count(); ++i)
        (void)values.read(layout.block(i), block);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const qs::TaskContext context;
    const auto bytes = std::as_bytes(std::span(data, size));
    qs::Model model;
    model.path = "fuzzed";
    if (!reader().read(qs::InputFile::fromMemory(bytes, "fuzzed"), model, context))
        return 0;
    qs::findLayers(model);
    for (std::size_t i = 0; i < std::min(model.layers.size(), kMostTensors); ++i)
        decodeLayer(model, model.layers[i]);
    return 0;
}
