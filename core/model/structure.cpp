// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/structure.h"

#include "core/base/checksum.h"

#include <algorithm>

#include <fmt/format.h>

namespace qs {

std::string structureChecksum(const Model &model)
{
    Checksum checksum;
    for (const std::size_t index : model.tensorsByName) {
        const TensorInfo &tensor = model.tensors[index];
        checksum.add(tensor.name);
        checksum.add(tensor.typeName());
        checksum.add(std::uint64_t{tensor.shape.size()});
        for (const std::uint64_t size : tensor.shape)
            checksum.add(size);
    }
    return checksum.hex();
}

std::vector<std::string> codesOf(const Model &model)
{
    std::vector<std::string> found;
    for (const Layer &layer : model.layers) {
        if (!layer.stored)
            continue;
        std::string text;
        if (!layer.hasCodes())
            text = model.tensorOf(layer).typeName();
        else if (!layer.stored->tool.empty())
            text = fmt::format("{}, {} bits", layer.stored->tool, layer.stored->scheme.bits);
        else if (!layer.stored->scheme.convention.empty())
            text = fmt::format("{}, {} bits", layer.stored->scheme.convention, layer.stored->scheme.bits);
        else
            text = fmt::format("{} bits", layer.stored->scheme.bits);
        if (std::ranges::find(found, text) == found.end())
            found.push_back(std::move(text));
    }
    return found;
}

} // namespace qs
