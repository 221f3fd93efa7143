// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of ONNX that exports write (FORMATS.md §3.7): tensors, nodes, inputs of graphs.
#pragma once

#include "core/parse/protobuf_edit.h"
#include "core/tensor/dtype.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace qs::onnx {

/// TensorProto.data_type of an element type that ONNX has.
std::uint64_t dataTypeOf(DType type);

/// A tensor's name, type and shape.
struct TensorHead {
    std::string name;
    DType type = DType::F32;
    std::vector<std::uint64_t> shape;
};

/// A TensorProto whose raw_data is the payload.
protobuf::Pieces tensorProto(const TensorHead &head, const protobuf::Payload &payload);
/// A ValueInfoProto.
protobuf::Pieces valueInfo(const TensorHead &head);

/// A node with attributes that are whole numbers.
struct NewNode {
    std::string opType;
    std::vector<std::string> inputs;
    std::string output;
    std::vector<std::pair<std::string, std::uint64_t>> attributes = {};
    std::string domain = {};
    std::string name = {};
};

/// A NodeProto.
protobuf::Pieces nodeProto(const NewNode &node);
/// The NodeProto of a Constant that makes the tensor.
protobuf::Pieces constantNode(const TensorHead &head, const protobuf::Payload &payload);

/// An OperatorSetIdProto.
protobuf::Pieces opsetId(std::string_view domain, std::uint64_t version);

} // namespace qs::onnx
