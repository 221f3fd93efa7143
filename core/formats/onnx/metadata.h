// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a ModelProto says beside its graphs and functions: versions, texts, sets of operators.
#pragma once

#include "core/formats/onnx/graph.h"

#include <optional>

namespace qs {
struct Model;
} // namespace qs

namespace qs::onnx {

/// Takes one field of the ModelProto after the other into `metadata` and `opsets` of a ModelFile. Errors are
/// Error{Input} with message, field and byte.
class MetadataReader
{
public:
    MetadataReader(Source &source, ModelFile &file)
        : m_source(source)
        , m_file(file)
    {}

    /// Fields that are no metadata are passed over.
    Result<void> take(const protobuf::Walker &walker, const protobuf::Field &field);
    /// Adds what is known after the last field.
    void finish();

private:
    Result<void> number(const protobuf::Walker &walker, const protobuf::Field &field, const char *name);
    Result<void> text(const protobuf::Walker &walker, const protobuf::Field &field, const char *name);
    Result<void> opset(const Range &range);
    Result<void> property(const protobuf::Walker &walker, const protobuf::Field &field);
    Result<void> keep(const protobuf::Walker &walker, const protobuf::Field &field, std::string key,
                      std::string_view text);

    Source &m_source;
    ModelFile &m_file;
};

/// Version of the standard operators that an ONNX file uses; empty for models of other formats.
std::optional<std::int64_t> standardOpset(const Model &model);
/// Version of the format; 0 when the file does not say it.
std::int64_t irVersion(const Model &model);

} // namespace qs::onnx
