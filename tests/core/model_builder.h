// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Models without files, for tests of names, shapes and metadata.
#pragma once

#include "core/layers/layer_rules.h"
#include "core/model/model.h"

namespace qs::test {

struct TensorSpec {
    std::string name;
    std::vector<std::uint64_t> shape{4, 3};
    DType dtype = DType::F32;
};

inline Model makeModel(const std::vector<TensorSpec> &tensors, std::map<std::string, std::string> metadata = {})
{
    Model model;
    model.path = "model.safetensors";
    model.metadata = std::move(metadata);
    for (const TensorSpec &spec : tensors) {
        TensorInfo info;
        info.name = spec.name;
        info.dtype = spec.dtype;
        info.shape = spec.shape;
        info.byteSize = info.elements() * bitsOf(spec.dtype) / 8;
        model.tensors.push_back(std::move(info));
    }
    findLayers(model);
    return model;
}

inline const Layer *layerNamed(const Model &model, std::string_view name)
{
    for (const Layer &layer : model.layers)
        if (layer.name == name)
            return &layer;
    return nullptr;
}

} // namespace qs::test
