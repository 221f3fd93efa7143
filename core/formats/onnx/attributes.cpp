// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/attributes.h"

namespace qs::onnx {
namespace {

using protobuf::Field;
using protobuf::Walker;
using protobuf::Wire;

Result<void> readField(const Walker &walker, const Field &field, Attribute &attribute)
{
    switch (field.number) {
    case 1: {
        QS_ASSIGN(attribute.name, walker.text(field, "name"));
        break;
    }
    case 2:
        QS_CHECK(walker.expect(field, Wire::Fixed32, "f"));
        attribute.number = field.payload;
        break;
    case 3:
        QS_CHECK(walker.expect(field, Wire::Varint, "i"));
        attribute.integer = field.asSigned();
        break;
    case 4: {
        QS_ASSIGN(attribute.text, walker.text(field, "s"));
        break;
    }
    case 5:
        QS_CHECK(walker.expect(field, Wire::Bytes, "t"));
        attribute.tensor = field.payload;
        break;
    case 7:
        if (field.wire != Wire::Fixed32)
            QS_CHECK(walker.expect(field, Wire::Bytes, "floats"));
        attribute.numberCount += field.payload.size() / sizeof(float);
        break;
    case 8:
        return walker.forEachVarint(field, "ints", [&](std::uint64_t value) -> Result<void> {
            if (++attribute.integerCount <= Attribute::kMaxIntegers)
                attribute.integers.push_back(static_cast<std::int64_t>(value));
            return {};
        });
    case 9:
        attribute.hasStrings = true;
        break;
    case 21: {
        QS_ASSIGN(attribute.reference, walker.text(field, "ref_attr_name"));
        break;
    }
    case 22:
        attribute.hasSparse = true;
        break;
    default:
        break;
    }
    return {};
}

/// Calls use(attribute's bytes) → Result<bool> until it returns false.
template <class Use> Result<void> forEachAttribute(const Source &source, const Node &node, Use use)
{
    Walker walker = source.walk(node.bytes, "NodeProto");
    Field field;
    while (true) {
        QS_ASSIGN(bool more, walker.next(field));
        if (more && field.number == 5) {
            QS_CHECK(walker.expect(field, Wire::Bytes, "attribute"));
            QS_ASSIGN(more, use(field.payload));
        }
        if (!more)
            return {};
    }
}

} // namespace

Result<Attribute> readAttribute(const Source &source, const Range &bytes)
{
    const Walker walker = source.walk(bytes, "AttributeProto");
    Attribute attribute;
    attribute.bytes = bytes;
    QS_CHECK(walker.forEachField([&](const Field &field) { return readField(walker, field, attribute); }));
    return attribute;
}

Result<std::vector<Attribute>> readAttributes(const Source &source, const Node &node)
{
    std::vector<Attribute> result;
    QS_CHECK(forEachAttribute(source, node, [&](const Range &bytes) -> Result<bool> {
        QS_ASSIGN(Attribute attribute, readAttribute(source, bytes));
        result.push_back(std::move(attribute));
        return true;
    }));
    return result;
}

std::optional<Attribute> findAttribute(const Source &source, const Node &node, std::string_view name)
{
    std::optional<Attribute> result;
    const auto done = forEachAttribute(source, node, [&](const Range &bytes) -> Result<bool> {
        QS_ASSIGN(Attribute attribute, readAttribute(source, bytes));
        if (attribute.name == name)
            result = std::move(attribute);
        return !result;
    });
    return done ? result : std::nullopt;
}

} // namespace qs::onnx
