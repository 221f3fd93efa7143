// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/network_frame.h"

namespace qs::onnx {

using protobuf::Field;
using protobuf::Walker;
using protobuf::Wire;

Result<NetworkFunction> readNetworkFunction(Source &source, const Graph &graph)
{
    NetworkFunction function;
    const Walker walker = source.walk(graph.parts[0], "FunctionProto");
    QS_CHECK(walker.forEachField([&](const Field &field) -> Result<void> {
        if (field.number == 9) {
            QS_CHECK(walker.expect(field, Wire::Bytes, "opset_import"));
            QS_ASSIGN(const auto opset, readOpset(source, field.payload));
            function.opsets.insert(opset);
            return source.charge(opset.first.size() + 64, walker);
        }
        if (field.number == 11) {
            QS_CHECK(walker.expect(field, Wire::Bytes, "attribute_proto"));
            function.defaults.push_back(field.payload);
            return source.charge(sizeof(Range), walker);
        }
        return {};
    }));
    return function;
}

} // namespace qs::onnx
