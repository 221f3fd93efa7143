// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/tensor_proto.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/tensor/tensor.h"

#include <algorithm>

namespace qs::onnx {
namespace {

using protobuf::Field;
using protobuf::Walker;
using protobuf::Wire;

constexpr std::int64_t kExternal = 1; // TensorProto.DataLocation

class TensorReader
{
public:
    TensorReader(Source &source, const Range &bytes)
        : m_source(source)
        , m_walker(source.walk(bytes, "TensorProto"))
    {
        m_tensor.bytes = bytes;
    }

    Result<TensorProto> read()
    {
        QS_CHECK(m_walker.forEachField([&](const Field &field) { return readField(field); }));
        QS_CHECK(checkType());
        QS_CHECK(checkShape());
        return std::move(m_tensor);
    }

private:
    Result<void> readField(const Field &field)
    {
        switch (field.number) {
        case 1:
            m_dims = field;
            return m_walker.forEachVarint(field, "dims", [&](std::uint64_t dim) { return addDim(field, dim); });
        case 2:
            QS_CHECK(m_walker.expect(field, Wire::Varint, "data_type"));
            m_dataType = field.asSigned();
            m_typeField = field;
            return {};
        case 3:
            return m_walker.wrong(field, "segment", Text::of("tensors in segments are not supported"));
        case 4:
        case 5:
        case 6:
        case 7:
        case 9:
        case 10:
        case 11:
            return addRun(field);
        case 8: {
            QS_ASSIGN(m_tensor.name, m_walker.text(field, "name"));
            if (m_tensor.name.size() > kMaxNameBytes)
                return m_walker.wrong(
                    field, "name",
                    Text::of("the name has {} bytes, the limit is {}", m_tensor.name.size(), kMaxNameBytes));
            return {};
        }
        case 13:
            QS_CHECK(m_walker.expect(field, Wire::Bytes, "external_data"));
            return readExternal(field);
        case 14:
            QS_CHECK(m_walker.expect(field, Wire::Varint, "data_location"));
            if (field.number64 > kExternal)
                return m_walker.wrong(field, "data_location",
                                      Text::of("the value is {}, expected 0 or 1", field.asSigned()));
            m_tensor.isExternal = field.number64 == kExternal;
            return {};
        default:
            return {};
        }
    }

    Result<void> addDim(const Field &field, std::uint64_t dim)
    {
        if (static_cast<std::int64_t>(dim) < 0)
            return m_walker.wrong(field, "dims",
                                  Text::of("dimension {} is {}, expected 0 or more", m_tensor.shape.size(),
                                           static_cast<std::int64_t>(dim)));
        if (m_tensor.shape.size() == kMaxDims)
            return m_walker.wrong(field, "dims", Text::of("there are more than {} dimensions, the limit", kMaxDims));
        m_tensor.shape.push_back(dim);
        return {};
    }

    Result<void> addRun(const Field &field)
    {
        const auto kind = static_cast<DataField>(field.number);
        const auto single = kind == DataField::Float    ? Wire::Fixed32
                            : kind == DataField::Double ? Wire::Fixed64
                                                        : Wire::Varint;
        const bool isList = kind != DataField::Raw && kind != DataField::String;
        if (field.wire != Wire::Bytes && !(isList && field.wire == single))
            return m_walker.expect(field, Wire::Bytes, nameOf(kind));
        if (field.payload.size() == 0 && kind != DataField::String)
            return {};
        auto run = std::ranges::find(m_tensor.runs, kind, &DataRun::field);
        if (run == m_tensor.runs.end())
            run = m_tensor.runs.insert(run, DataRun{kind, field, 0, 0});
        if (kind == DataField::Raw && run->occurrences > 0)
            return m_walker.wrong(field, "raw_data", Text::of("the field stands there twice"));
        ++run->occurrences;
        run->bytes += field.payload.size();
        return {};
    }

    Result<void> readExternal(const Field &outer)
    {
        QS_ASSIGN(const auto entry, readEntry(m_source, outer.payload));
        const auto [key, value] = entry;
        ExternalPlace &place = m_tensor.external;
        if (place.field.number == 0)
            place.field = outer;
        std::optional<std::string_view> *target = key == "location" ? &place.location
                                                  : key == "offset" ? &place.offset
                                                  : key == "length" ? &place.length
                                                                    : nullptr;
        if (target == nullptr) {
            if (key != "checksum" && key != "basepath")
                m_source.notes.add(Text::constant("unknown keys of external data are ignored"), key);
            return {};
        }
        if (*target)
            return m_walker.wrong(outer, "external_data", Text::of("the key {} stands there twice", inQuotes(key)));
        *target = value;
        return {};
    }

    Result<void> checkType()
    {
        if (!m_dataType)
            return m_walker.wrong(Text::of("the tensor {} has no data_type (field 2)", inQuotes(m_tensor.name)));
        m_tensor.type = elementType(*m_dataType);
        if (m_tensor.type == nullptr)
            return m_walker.wrong(m_typeField, "data_type",
                                  Text::of("the type of tensor {} is {}, expected 1 to {}", inQuotes(m_tensor.name),
                                           *m_dataType, kMaxDataType));
        return {};
    }

    Result<void> checkShape()
    {
        // Dimensions beside a zero are multiplied, too: later arithmetic leaves out single dimensions.
        std::optional<std::uint64_t> product = 1;
        for (std::uint64_t dim : m_tensor.shape)
            if (product && dim != 0)
                product = checkedMul(*product, dim);
        const auto bits = product ? checkedMul(*product, std::max(m_tensor.type->bits, 8U)) : std::nullopt;
        if (!bits)
            return m_walker.wrong(m_dims, "dims",
                                  Text::of("the shape {} of tensor {} has more than 2^64 - 1 bits",
                                           shapeText(m_tensor.shape), inQuotes(m_tensor.name)));
        m_tensor.elements = std::ranges::count(m_tensor.shape, 0U) > 0 ? 0 : *product;
        m_tensor.byteSize = ceilDiv(m_tensor.elements * m_tensor.type->bits, 8);
        return {};
    }

    Source &m_source;
    const Walker m_walker;
    TensorProto m_tensor;
    std::optional<std::int64_t> m_dataType;
    Field m_typeField;
    Field m_dims;
};

class SparseReader
{
public:
    SparseReader(Source &source, const Range &bytes)
        : m_source(source)
        , m_walker(source.walk(bytes, "SparseTensorProto"))
    {}

    Result<SparseProto> read()
    {
        QS_CHECK(m_walker.forEachField([&](const Field &field) -> Result<void> {
            if (field.number == 1 && field.wire == Wire::Bytes)
                return readName(m_source.walk(field.payload, "TensorProto"));
            if (field.number == 3)
                return m_walker.forEachVarint(field, "dims", [&](std::uint64_t dim) { return addDim(field, dim); });
            return {};
        }));
        std::optional<std::uint64_t> bits = 64;
        for (const std::uint64_t dim : m_sparse.shape)
            bits = bits ? checkedMul(*bits, std::max<std::uint64_t>(dim, 1)) : std::nullopt;
        if (!bits)
            return m_walker.wrong(Text::of("the shape {} of sparse tensor {} has more than 2^64 - 1 bits",
                                           shapeText(m_sparse.shape), inQuotes(m_sparse.name)));
        return std::move(m_sparse);
    }

private:
    Result<void> readName(const Walker &values)
    {
        return values.forEachField([&](const Field &field) -> Result<void> {
            if (field.number != 8)
                return {};
            QS_ASSIGN(m_sparse.name, values.text(field, "name"));
            if (m_sparse.name.size() > kMaxNameBytes)
                return values.wrong(
                    field, "name",
                    Text::of("the name has {} bytes, the limit is {}", m_sparse.name.size(), kMaxNameBytes));
            return {};
        });
    }

    Result<void> addDim(const Field &field, std::uint64_t dim)
    {
        if (static_cast<std::int64_t>(dim) < 0 || m_sparse.shape.size() == kMaxDims)
            return m_walker.wrong(field, "dims", Text::of("expected up to {} dimensions of 0 or more", kMaxDims));
        m_sparse.shape.push_back(dim);
        return {};
    }

    Source &m_source;
    const Walker m_walker;
    SparseProto m_sparse;
};

} // namespace

Result<SparseProto> readSparseProto(Source &source, const Range &bytes)
{
    return SparseReader(source, bytes).read();
}

Result<TensorProto> readTensorProto(Source &source, const Range &bytes)
{
    return TensorReader(source, bytes).read();
}

} // namespace qs::onnx
