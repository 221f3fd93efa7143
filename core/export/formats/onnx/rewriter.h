// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Writes an ONNX file anew with some of its weights replaced; every other byte stays as it is.
#pragma once

#include "core/export/format.h"
#include "core/export/formats/onnx/protos.h"
#include "core/formats/onnx/scopes.h"

#include <functional>
#include <optional>
#include <unordered_set>

namespace qs::onnx {

/// Names of a model, in all its graphs and functions.
class NameSet
{
public:
    void add(std::string_view name) { m_names.emplace(name); }
    /// `name`, with a number behind it where the model has that name already; taken from now on.
    std::string take(const std::string &name);

private:
    std::unordered_set<std::string> m_names;
};

/// Where a weight stands, for those who replace it.
struct WeightPlace {
    std::string name; ///< of the value that its consumers use
    bool inFunction = false;
};

/// What stands in place of a weight. The last node makes the value under the weight's name; without nodes the only
/// constant has that name.
struct NewWeight {
    std::vector<OutputTensor> constants;
    std::vector<NewNode> nodes = {};
    /// Stands in place of each MatMul that multiplies by the weight: its first input, output and name are those of the
    /// MatMul, the inputs here follow. No value has the weight's name then.
    std::optional<NewNode> consumer = {};
};

/// Makes what stands in place of a layer's weight.
using MakeWeight = std::function<NewWeight(std::size_t layer, const WeightPlace &place, NameSet &names)>;

/// The model's file with the weights of quantized layers replaced. Tensors of files beside the model come into the
/// file itself. Error{Work} when it would be larger than protobuf allows, and for a consumer in place of what is no
/// MatMul; errors of reading.
Result<FileContents> rewriteModel(const ExportInput &input, const MakeWeight &makeWeight);

} // namespace qs::onnx
