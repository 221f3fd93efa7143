// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/onnx/protos.h"

#include "core/formats/onnx/element_types.h"

namespace qs::onnx {
namespace {

using protobuf::Payload;
using protobuf::Pieces;

// AttributeProto.type
constexpr std::uint64_t kInt = 2;
constexpr std::uint64_t kTensor = 4;

} // namespace

std::uint64_t dataTypeOf(DType type)
{
    for (int id = 1; id <= kMaxDataType; ++id)
        if (const ElementType *known = elementType(id); known != nullptr && known->dtype == type)
            return static_cast<std::uint64_t>(id);
    return 0; // UNDEFINED
}

Pieces tensorProto(const TensorHead &head, const Payload &payload)
{
    Pieces proto;
    for (const std::uint64_t dim : head.shape)
        proto.number(1, dim);
    proto.number(2, dataTypeOf(head.type)).text(8, head.name).payload(9, payload);
    return proto;
}

Pieces valueInfo(const TensorHead &head)
{
    Pieces shape;
    for (const std::uint64_t dim : head.shape)
        shape.message(1, Pieces().number(1, dim));
    Pieces tensor;
    tensor.number(1, dataTypeOf(head.type)).message(2, std::move(shape));
    Pieces info;
    info.text(1, head.name).message(2, Pieces().message(1, std::move(tensor)));
    return info;
}

Pieces nodeProto(const NewNode &node)
{
    Pieces proto;
    for (const std::string &input : node.inputs)
        proto.text(1, input);
    proto.text(2, node.output);
    if (!node.name.empty())
        proto.text(3, node.name);
    proto.text(4, node.opType);
    for (const auto &[name, value] : node.attributes)
        proto.message(5, Pieces().text(1, name).number(3, value).number(20, kInt));
    if (!node.domain.empty())
        proto.text(7, node.domain);
    return proto;
}

Pieces constantNode(const TensorHead &head, const Payload &payload)
{
    Pieces attribute;
    attribute.text(1, "value").message(5, tensorProto(head, payload)).number(20, kTensor);
    Pieces proto;
    proto.text(2, head.name).text(4, "Constant").message(5, std::move(attribute));
    return proto;
}

Pieces opsetId(std::string_view domain, std::uint64_t version)
{
    Pieces id;
    id.text(1, domain).number(2, version);
    return id;
}

} // namespace qs::onnx
