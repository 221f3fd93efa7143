// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/tensor_values.h"

#include "core/base/input_file.h"
#include "core/base/text.h"

#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace qs::onnx {
namespace {

constexpr std::size_t kScratch = static_cast<std::size_t>(-1); // file index until the scratch file is there

} // namespace

std::unexpected<Error> TensorValues::wrong(const DataRun &run, Text message) const
{
    return m_source.walk({}, m_label).wrong(run.first, nameOf(run.field), std::move(message));
}

Result<void> TensorValues::find(const TensorProto &proto, std::string_view name, TensorInfo &tensor)
{
    m_label = fmt::format("tensor {}", inQuotes(name));
    if (proto.isExternal) {
        if (!proto.runs.empty())
            return wrong(proto.runs[0], Text::of("the tensor has values here and in an external file"));
        return findExternal(proto, tensor);
    }
    if (proto.runs.size() > 1)
        return wrong(proto.runs[1], Text::of("the tensor has values here and in {}", nameOf(proto.runs[0].field)));
    if (proto.runs.empty()) {
        if (proto.elements == 0)
            return {};
        return m_source.walk(proto.bytes, m_label)
            .wrong(Text::of("the shape {} asks for {} values, but there is no field with values",
                            shapeText(proto.shape), proto.elements));
    }
    const DataRun &run = proto.runs[0];
    if (proto.elements == 0)
        return wrong(run, Text::of("the shape {} has no elements, but there are values", shapeText(proto.shape)));
    if (run.field == DataField::Raw)
        return findRaw(proto, run, tensor);
    if (run.field != proto.type->field)
        return wrong(run, Text::of("the field cannot hold values of {}, expected {} or raw_data", proto.type->name,
                                   nameOf(proto.type->field)));
    switch (run.field) {
    case DataField::String:
        return findStrings(proto, run, tensor);
    case DataField::Float:
        return findFixed(proto, run, sizeof(float), tensor);
    case DataField::Double:
        return findFixed(proto, run, sizeof(double), tensor);
    default:
        return unpack(proto, run, tensor);
    }
}

Result<void> TensorValues::find(const Attribute &attribute, std::uint32_t number, std::string_view name,
                                TensorInfo &tensor)
{
    m_label = fmt::format("constant {}", inQuotes(name));
    const NumberField field{attribute.bytes, number, attribute.name, m_label};
    const std::uint64_t count = tensor.shape.empty() ? 1 : tensor.shape[0];
    tensor.file = kScratch;
    tensor.byteSize = count * bitsOf(tensor.dtype) / 8;
    std::uint64_t strays = 0;
    if (tensor.dtype == DType::F32) {
        QS_ASSIGN(tensor.byteOffset, m_unpacker.copyFixed(field));
    } else {
        QS_ASSIGN(tensor.byteOffset, m_unpacker.copyVarints(field, count, 64, tensor.byteSize, strays));
    }
    return {};
}

Result<void> TensorValues::finish()
{
    QS_ASSIGN(std::shared_ptr<const InputFile> scratch, m_unpacker.finish(m_file.path().native()));
    for (TensorInfo &info : m_model.tensors)
        if (info.file == kScratch)
            info.file = m_model.files.size();
    if (scratch)
        m_model.files.push_back(std::move(scratch));
    return {};
}

Result<void> TensorValues::findRaw(const TensorProto &proto, const DataRun &run, TensorInfo &tensor)
{
    if (proto.type->bits == 0)
        return wrong(run, Text::of("the field cannot hold strings, expected string_data"));
    if (run.bytes < proto.byteSize)
        return wrong(run, Text::of("there are {} bytes, but the shape {} of {} needs {}", run.bytes,
                                   shapeText(proto.shape), proto.type->name, proto.byteSize));
    if (run.bytes > proto.byteSize)
        m_source.notes.add(Text::constant("there are more bytes than the shape needs, the rest is ignored"),
                           proto.name);
    tensor.byteOffset = run.first.payload.begin;
    return {};
}

Result<void> TensorValues::findStrings(const TensorProto &proto, const DataRun &run, TensorInfo &tensor)
{
    if (run.occurrences != proto.elements)
        return wrong(run, Text::of("there are {} strings, but the shape {} asks for {}", run.occurrences,
                                   shapeText(proto.shape), proto.elements));
    tensor.byteSize = proto.bytes.size();
    return {};
}

Result<void> TensorValues::findFixed(const TensorProto &proto, const DataRun &run, std::uint64_t width,
                                     TensorInfo &tensor)
{
    if (run.bytes != proto.byteSize)
        return wrong(run, Text::of("there are {} bytes, but the shape {} of {} needs {}", run.bytes,
                                   shapeText(proto.shape), proto.type->name, proto.byteSize));
    if (run.occurrences == 1) {
        tensor.byteOffset = run.first.payload.begin;
        return {};
    }
    if (run.first.wire == protobuf::Wire::Bytes && run.first.payload.size() % width != 0)
        return wrong(run, Text::of("a part has {} bytes, expected a multiple of {}", run.first.payload.size(), width));
    QS_ASSIGN(tensor.byteOffset,
              m_unpacker.copyFixed({proto.bytes, static_cast<std::uint32_t>(run.field), nameOf(run.field), m_label}));
    tensor.file = kScratch;
    return {};
}

/// One entry per element; where elements share a byte evenly, one per byte of the packed form, or one per four
/// bytes of it.
Result<void> TensorValues::unpack(const TensorProto &proto, const DataRun &run, TensorInfo &tensor)
{
    const NumberField field{proto.bytes, static_cast<std::uint32_t>(run.field), nameOf(run.field), m_label};
    std::uint64_t entries = proto.elements;
    unsigned bits = proto.type->bits;
    if (bits < 8 && 8 % bits == 0) {
        const std::uint64_t words = proto.byteSize / 4 + (proto.byteSize % 4 != 0);
        QS_ASSIGN(entries, m_unpacker.count(field));
        if (entries != proto.byteSize && entries != words)
            return wrong(run, Text::of("there are {} entries, but the shape {} of {} needs {} or {}", entries,
                                       shapeText(proto.shape), proto.type->name, proto.byteSize, words));
        bits = entries == proto.byteSize ? 8 : 32;
    }
    std::uint64_t strays = 0;
    QS_ASSIGN(tensor.byteOffset, m_unpacker.copyVarints(field, entries, bits, proto.byteSize, strays));
    tensor.file = kScratch;
    if (strays > 0)
        m_source.notes.add(Text::constant("values have more bits than their type, the low ones count"), proto.name);
    return {};
}

Result<void> TensorValues::findExternal(const TensorProto &proto, TensorInfo &tensor)
{
    const ExternalPlace &place = proto.external;
    const auto fail = [&](Text message) {
        return m_source.walk(proto.bytes, m_label).wrong(place.field, "external_data", std::move(message));
    };
    if (proto.type->bits == 0)
        return fail(Text::of("strings cannot be in an external file"));
    if (!place.location)
        return fail(Text::of("there is no key 'location'"));
    const auto file = m_external.open(*place.location);
    if (!file)
        return fail(file.error().sentence());
    std::uint64_t offset = 0;
    std::uint64_t length = proto.byteSize;
    for (const auto &[text, target, name] :
         {std::tuple(place.offset, &offset, "offset"), std::tuple(place.length, &length, "length")}) {
        if (!text)
            continue;
        const auto number = strictDecimal(*text);
        if (!number)
            return fail(Text::of("the {} {}", name, number.error().sentence()));
        *target = *number;
    }
    const std::uint64_t size = m_model.files[*file]->size();
    if (length != proto.byteSize)
        return fail(Text::of("the length is {}, but the shape {} of {} needs {}", length, shapeText(proto.shape),
                             proto.type->name, proto.byteSize));
    if (offset > size || length > size - offset)
        return fail(Text::of("the values are the {} bytes from byte {} on, but the file {} has {} bytes", length,
                             offset, inQuotes(*place.location), size));
    tensor.file = *file;
    tensor.byteOffset = offset;
    return {};
}

} // namespace qs::onnx
