// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/network.h"

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/onnx/computed_weights.h"
#include "core/formats/onnx/network_builder.h"
#include "core/formats/onnx/tensors.h"

namespace qs::onnx {

Result<Network> makeNetwork(const Model &model, const TaskContext &context)
{
    const InputFile &file = *model.files.front();
    Source source(file, inQuotes(file.path().native()) + ", ONNX", context);
    QS_ASSIGN(ModelFile graphs, readGraphs(source));
    QS_ASSIGN(const std::vector<GraphTensor> tensors, findTensors(source, graphs));
    if (tensors.size() != model.tensors.size())
        return fail(ErrorCode::Input, Text::of("the file changed while it was read"), source.where);
    QS_ASSIGN(Scopes scopes, Scopes::build(source, graphs, tensors));
    for (const auto &[tensor, computed] : model.computed)
        if (const auto maker = makerOfNamed(graphs, computed.value))
            scopes.setTensor(maker->value(), static_cast<std::uint32_t>(tensor));
    return NetworkBuilder(source, graphs, scopes, tensors, model).build();
}

} // namespace qs::onnx
