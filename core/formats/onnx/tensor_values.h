// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where the values of ONNX tensors lie (FORMATS.md §3.7.2).
#pragma once

#include "core/formats/onnx/attributes.h"
#include "core/formats/onnx/external_data.h"
#include "core/formats/onnx/tensor_proto.h"
#include "core/formats/onnx/unpacker.h"
#include "core/model/model.h"

namespace qs::onnx {

/// Finds the values of one tensor after the other: in the model's file, in files beside it, or, where protobuf keeps
/// them in another form, copied into a scratch file. Errors are Error{Input} with the tensor, the field, its byte,
/// the value and what was expected.
class TensorValues
{
public:
    /// `file` is the model's first one.
    TensorValues(Source &source, const InputFile &file, Model &model)
        : m_source(source)
        , m_file(file)
        , m_model(model)
        , m_external(source, file, model)
        , m_unpacker(source)
    {}

    /// Sets the file, offset and size of `tensor`, whose type and shape are known. `name` is for errors.
    Result<void> find(const TensorProto &proto, std::string_view name, TensorInfo &tensor);
    /// The same for the numbers of a list in an attribute, which are field `number` of it.
    Result<void> find(const Attribute &attribute, std::uint32_t number, std::string_view name, TensorInfo &tensor);
    /// Adds the scratch file to the model, if anything was copied. Nothing can be found afterwards.
    Result<void> finish();

private:
    std::unexpected<Error> wrong(const DataRun &run, Text message) const;
    Result<void> findRaw(const TensorProto &proto, const DataRun &run, TensorInfo &tensor);
    Result<void> findStrings(const TensorProto &proto, const DataRun &run, TensorInfo &tensor);
    Result<void> findFixed(const TensorProto &proto, const DataRun &run, std::uint64_t width, TensorInfo &tensor);
    Result<void> unpack(const TensorProto &proto, const DataRun &run, TensorInfo &tensor);
    Result<void> findExternal(const TensorProto &proto, TensorInfo &tensor);

    Source &m_source;
    const InputFile &m_file;
    Model &m_model;
    ExternalFiles m_external;
    Unpacker m_unpacker;
    std::string m_label; ///< of the tensor at hand
};

} // namespace qs::onnx
