// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/onnx.h"

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/onnx/network.h"
#include "core/formats/onnx/roles.h"
#include "core/formats/onnx/tensors.h"
#include "core/network/network_source.h"

#include <algorithm>

namespace qs {
namespace {

using onnx::Source;
using protobuf::Field;

constexpr std::uint64_t kMaxIrVersion = 100; // far above those that exist, far below what text starts with
constexpr std::uint64_t kMaxFieldHead = 20;  // two varints: tag, and length or value

/// A message that starts with a small number in field 1 (the version) and has a field 7 (the graph). `head` may end
/// inside a field, so what follows its end is taken to be there.
bool recognises(std::span<const std::byte> head, std::uint64_t size)
{
    if (head.size() < 2 || head[0] != std::byte{0x08})
        return false;
    const std::string where;
    // The length of the field that `head` cuts off is compared with the whole file; nothing behind `head` is read.
    protobuf::Walker walker(head, {0, size}, where, {});
    Field field;
    for (bool first = true;; first = false) {
        if (field.payload.end + kMaxFieldHead > head.size() && size > head.size())
            return false;
        const auto more = walker.next(field);
        if (field.number == 7) // also when the graph ends too early: the reader can tell best where
            return true;
        if (!more || !*more || (first && (field.number64 < 1 || field.number64 > kMaxIrVersion)))
            return false;
    }
}

/// The first line of a text; empty when the file begins with anything else.
std::string firstLine(const InputFile &file)
{
    constexpr std::size_t kLooked = 32;
    const auto bytes = file.head(kLooked);
    if (!bytes)
        return {};
    const std::string head(reinterpret_cast<const char *>(bytes->data()), bytes->size());
    const auto isText = [](char c) { return (c >= ' ' && c != '\x7F') || c == '\t' || c == '\r' || c == '\n'; };
    return std::ranges::all_of(head, isText) ? head.substr(0, head.find_first_of("\r\n")) : std::string();
}

Result<void> read(std::shared_ptr<const InputFile> file, Model &model, const TaskContext &context)
{
    const std::string where = inQuotes(file->path().native()) + ", ONNX";
    if (file->size() > onnx::kMaxFileBytes)
        return fail(ErrorCode::Input,
                    Text::of("the file has {} bytes, the limit is {}; bigger models keep their weights in files "
                             "beside the model",
                             file->size(), onnx::kMaxFileBytes),
                    where + " ModelProto, byte 0");
    const InputFile &first = *file; // the model keeps it
    Source source(first, where, context);
    model.format = "onnx";
    auto structure = onnx::readGraphs(source);
    if (!structure && structure.error().code == ErrorCode::Input)
        if (const std::string line = firstLine(first); !line.empty())
            return fail(ErrorCode::Input,
                        Text::of("this is no ONNX file: it begins with plain text {}", inQuotes(line)),
                        std::move(structure).error().where);
    QS_ASSIGN(onnx::ModelFile graphs, std::move(structure));
    QS_ASSIGN(const std::vector<onnx::GraphTensor> tensors, onnx::listTensors(source, graphs, std::move(file), model));
    QS_ASSIGN(const onnx::Scopes scopes, onnx::Scopes::build(source, graphs, tensors));
    QS_CHECK(onnx::findRoles(source, graphs, scopes, tensors, model));
    model.graph = std::make_shared<const NetworkSource>(onnx::makeNetwork);
    model.metadata = std::move(graphs.metadata);
    model.warnings = source.notes.lines();
    return {};
}

} // namespace

const FormatReader kOnnxReader{"onnx", Text::constant("ONNX"), "*.onnx", recognises, read};

} // namespace qs
