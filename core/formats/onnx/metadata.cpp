// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/metadata.h"

#include "core/model/model.h"

#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace qs::onnx {

using protobuf::Field;
using protobuf::Walker;
using protobuf::Wire;

namespace {

constexpr std::size_t kMaxMetadataText = 64U << 20;

constexpr const char *kOpsetKey = "onnx.opset_import";
constexpr std::string_view kStandardDomain = "ai.onnx ";

std::optional<std::int64_t> leadingNumber(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() ? std::optional(value) : std::nullopt;
}

} // namespace

std::optional<std::int64_t> standardOpset(const Model &model)
{
    const auto found = model.metadata.find(kOpsetKey);
    if (model.format != "onnx" || found == model.metadata.end())
        return std::nullopt;
    std::string_view list = found->second; // "ai.onnx 13, com.microsoft 1"
    while (!list.starts_with(kStandardDomain)) {
        const std::size_t next = list.find(", ");
        if (next == std::string_view::npos)
            return std::nullopt;
        list.remove_prefix(next + 2);
    }
    return leadingNumber(list.substr(kStandardDomain.size()));
}

std::int64_t irVersion(const Model &model)
{
    const auto found = model.metadata.find("onnx.ir_version");
    return found == model.metadata.end() ? 0 : leadingNumber(found->second).value_or(0);
}

Result<void> MetadataReader::take(const Walker &walker, const Field &field)
{
    switch (field.number) {
    case 1:
        return number(walker, field, "ir_version");
    case 2:
        return text(walker, field, "producer_name");
    case 3:
        return text(walker, field, "producer_version");
    case 4:
        return text(walker, field, "domain");
    case 5:
        return number(walker, field, "model_version");
    case 6:
        return text(walker, field, "doc_string");
    case 8:
        QS_CHECK(walker.expect(field, Wire::Bytes, "opset_import"));
        return opset(field.payload);
    case 14:
        QS_CHECK(walker.expect(field, Wire::Bytes, "metadata_props"));
        return property(walker, field);
    default:
        return {};
    }
}

Result<void> MetadataReader::number(const Walker &walker, const Field &field, const char *name)
{
    QS_CHECK(walker.expect(field, Wire::Varint, name));
    m_file.metadata[fmt::format("onnx.{}", name)] = std::to_string(field.asSigned());
    return {};
}

Result<void> MetadataReader::text(const Walker &walker, const Field &field, const char *name)
{
    QS_ASSIGN(const std::string_view text, walker.text(field, name));
    if (!text.empty())
        QS_CHECK(keep(walker, field, fmt::format("onnx.{}", name), text));
    return {};
}

Result<void> MetadataReader::keep(const Walker &walker, const Field &field, std::string key, std::string_view text)
{
    if (text.size() > kMaxMetadataText)
        return walker.wrong(field, {},
                            Text::of("the text has {} bytes, the limit is {}", text.size(), kMaxMetadataText));
    QS_CHECK(m_source.charge(text.size() + key.size() + 64, walker));
    m_file.metadata[std::move(key)] = text;
    return {};
}

Result<void> MetadataReader::opset(const Range &range)
{
    QS_ASSIGN(const auto entry, readOpset(m_source, range));
    const auto &[name, version] = entry;
    QS_CHECK(m_source.charge(name.size() + 64, m_source.walk(range, "OperatorSetIdProto")));
    if (version <= 0)
        m_source.notes.add(Text::constant("a version of operators is not above 0"), name);
    if (!m_file.opsets.emplace(name, version).second)
        m_source.notes.add(Text::constant("operators are imported twice"), name);
    return {};
}

Result<void> MetadataReader::property(const Walker &walker, const Field &field)
{
    QS_ASSIGN(const auto entry, readEntry(m_source, field.payload));
    QS_CHECK(checkName(walker, field, "metadata_props", entry.key));
    if (m_file.metadata.contains(std::string(entry.key)))
        m_source.notes.add(Text::constant("a key of the metadata stands there twice, the last one counts"), entry.key);
    return keep(walker, field, std::string(entry.key), entry.value);
}

void MetadataReader::finish()
{
    if (!m_file.opsets.contains("ai.onnx"))
        m_source.notes.add(Text::constant("the file does not say which version of the operators it uses"),
                           "opset_import");
    std::string text;
    for (const auto &[domain, version] : m_file.opsets)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", domain, version);
    if (!text.empty())
        m_file.metadata[kOpsetKey] = text;
    const std::string_view name = m_file.graphs[0].name;
    if (!name.empty())
        m_file.metadata["onnx.graph"] = name.substr(0, kMaxNameBytes);
}

} // namespace qs::onnx
