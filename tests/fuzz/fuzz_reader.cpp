// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Fuzzes the format reader that --reader=NAME names (as in the registry): lists the tensors, finds the layers, decodes
// the first values of each, makes the network of the graph that the file carries.
#include "core/base/input_file.h"
#include "core/formats/registry.h"
#include "core/layers/layer_rules.h"
#include "core/network/network_source.h"
#include "core/network/queries.h"
#include "core/quant/stored.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

// Values beyond these tell nothing new, and a small file may describe large tensors.
constexpr std::size_t kMostTensors = 64;
constexpr std::uint64_t kMostWeights = std::uint64_t{1} << 20U;

const qs::FormatReader *reader = nullptr; // set by LLVMFuzzerInitialize()

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

void askNetwork(const qs::Model &model)
{
    const auto network = model.graph->network(model, {});
    if (!network)
        return;
    const qs::NetworkLinks links(**network);
    (void)qs::firstOutOfOrder(links);
    (void)qs::reachable(links);
    (void)qs::operatorCounts(**network);
    (void)qs::hashOf(**network);
    (void)qs::summaryOf(**network);
    for (std::size_t i = 0; i < std::min(model.tensors.size(), kMostTensors); ++i)
        (void)qs::nodesReading(links, i);
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    constexpr std::string_view kOption = "--reader=";
    char **const end = *argv + *argc;
    char **const option = std::find_if(*argv, end, [&](std::string_view text) { return text.starts_with(kOption); });
    const auto readers = qs::formatReaders();
    const auto found = option == end ? readers.end()
                                     : std::ranges::find(readers, std::string_view(*option).substr(kOption.size()),
                                                         &qs::FormatReader::name);
    if (found == readers.end()) {
        std::fputs("--reader=NAME is expected, with the name of a registered format\n", stderr);
        std::exit(2);
    }
    reader = *found;
    std::move(option + 1, end, option); // the engine does not know it
    --*argc;
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const qs::TaskContext context;
    const auto bytes = std::as_bytes(std::span(data, size));
    qs::Model model;
    model.path = "fuzzed";
    if (!reader->read(qs::InputFile::fromMemory(bytes, "fuzzed"), model, context))
        return 0;
    qs::findLayers(model);
    for (std::size_t i = 0; i < std::min(model.layers.size(), kMostTensors); ++i)
        decodeLayer(model, model.layers[i]);
    if (model.graph)
        askNetwork(model);
    return 0;
}
