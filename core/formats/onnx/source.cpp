// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/source.h"

#include "core/base/text.h"

#include <algorithm>

namespace qs::onnx {
namespace {

constexpr std::size_t kNamesShown = 3;
constexpr std::uint64_t kCheckBytes = std::uint64_t{1} << 20; // between two looks at the stop token

} // namespace

void Notes::add(TextLiteral<0> text, std::string_view name)
{
    const auto isSame = [&](const Kind &kind) { return std::string_view(kind.text.text) == text.text; };
    auto kind = std::ranges::find_if(m_kinds, isSame);
    if (kind == m_kinds.end())
        kind = m_kinds.insert(kind, Kind{text, 0, {}});
    if (kind->count++ < kNamesShown)
        kind->names.emplace_back(name.substr(0, kMaxNameBytes));
}

std::vector<Text> Notes::lines() const
{
    std::vector<Text> result;
    for (const Kind &kind : m_kinds) {
        const std::string names = listInQuotes(kind.names);
        const std::size_t more = kind.count - kind.names.size();
        result.push_back(more > 0 ? Text::of("{}: {} … and {} more", Text::of(kind.text), names, more)
                                  : Text::of("{}: {}", Text::of(kind.text), names));
    }
    return result;
}

Result<void> Source::charge(std::uint64_t size, const protobuf::Walker &walker)
{
    m_charged += size;
    if (m_charged > kMaxMetadataBytes)
        return walker.wrong(
            Text::of("the graphs need more than {} bytes of memory beside the weights, the limit", kMaxMetadataBytes));
    m_sinceCheck += size;
    if (m_sinceCheck < kCheckBytes)
        return {};
    m_sinceCheck = 0;
    return context.check();
}

Result<void> checkName(const protobuf::Walker &walker, const protobuf::Field &field, const char *what,
                       std::string_view name)
{
    if (name.size() <= kMaxNameBytes)
        return {};
    return walker.wrong(field, what, Text::of("the name has {} bytes, the limit is {}", name.size(), kMaxNameBytes));
}

Result<Entry> readEntry(const Source &source, const protobuf::Range &bytes)
{
    const protobuf::Walker walker = source.walk(bytes, "StringStringEntryProto");
    Entry entry;
    QS_CHECK(walker.forEachField([&](const protobuf::Field &field) -> Result<void> {
        if (field.number == 1) {
            QS_ASSIGN(entry.key, walker.text(field, "key"));
        } else if (field.number == 2) {
            QS_ASSIGN(entry.value, walker.text(field, "value"));
        }
        return {};
    }));
    return entry;
}

Result<std::pair<std::string, std::int64_t>> readOpset(const Source &source, const protobuf::Range &bytes)
{
    const protobuf::Walker walker = source.walk(bytes, "OperatorSetIdProto");
    std::string_view domain;
    std::int64_t version = 0;
    QS_CHECK(walker.forEachField([&](const protobuf::Field &field) -> Result<void> {
        if (field.number == 1) {
            QS_ASSIGN(domain, walker.text(field, "domain"));
        } else if (field.number == 2) {
            QS_CHECK(walker.expect(field, protobuf::Wire::Varint, "version"));
            version = field.asSigned();
        }
        return {};
    }));
    return std::pair(std::string(isStandardDomain(domain) ? "ai.onnx" : domain), version);
}

} // namespace qs::onnx
