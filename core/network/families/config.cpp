// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/families/config.h"

namespace qs {
namespace {

constexpr std::uint64_t kMostSize = std::uint64_t{1} << 31U;

} // namespace

std::optional<double> numberOf(const json::Value &value)
{
    switch (value.kind) {
    case json::Kind::Unsigned:
        return static_cast<double>(value.number);
    case json::Kind::Signed:
        return static_cast<double>(value.negative);
    case json::Kind::Float:
        return value.real;
    default:
        return std::nullopt;
    }
}

const json::Value *FamilyConfig::find(std::string_view name) const
{
    const json::Value *value = m_config.find(name);
    return value != nullptr && value->kind != json::Kind::Null ? value : nullptr;
}

Result<std::uint64_t> FamilyConfig::size(std::initializer_list<std::string_view> names) const
{
    for (const std::string_view name : names) {
        const json::Value *value = find(name);
        if (value == nullptr)
            continue;
        if (value->kind != json::Kind::Unsigned || value->number == 0 || value->number > kMostSize)
            return fail(ErrorCode::Input, Text::of("config.json has no usable number for {}", inQuotes(name)));
        return value->number;
    }
    return fail(ErrorCode::Input, Text::of("config.json has no {}", inQuotes(*names.begin())));
}

std::uint64_t FamilyConfig::sizeOr(std::string_view name, std::uint64_t otherwise) const
{
    return size({name}).value_or(otherwise);
}

double FamilyConfig::numberOr(std::initializer_list<std::string_view> names, double otherwise) const
{
    for (const std::string_view name : names)
        if (const json::Value *value = find(name))
            return numberOf(*value).value_or(otherwise);
    return otherwise;
}

std::string_view FamilyConfig::textOr(std::initializer_list<std::string_view> names, std::string_view otherwise) const
{
    for (const std::string_view name : names)
        if (const json::Value *value = find(name); value != nullptr && value->kind == json::Kind::String)
            return value->text;
    return otherwise;
}

bool FamilyConfig::flagOr(std::string_view name, bool otherwise) const
{
    const json::Value *value = find(name);
    return value != nullptr && value->kind == json::Kind::Bool ? value->boolean : otherwise;
}

} // namespace qs
