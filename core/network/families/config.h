// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers and words of a transformer's config.json.
#pragma once

#include "core/base/result.h"
#include "core/parse/json.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace qs {

/// What config.json says, by name; members that are null count as left out.
class FamilyConfig
{
public:
    explicit FamilyConfig(const json::Value &config)
        : m_config(config)
    {}

    /// The first of these names that is there; a whole number from 1 to 2^31. Error{Input} when none is, or another.
    Result<std::uint64_t> size(std::initializer_list<std::string_view> names) const;
    std::uint64_t sizeOr(std::string_view name, std::uint64_t otherwise) const;
    double numberOr(std::initializer_list<std::string_view> names, double otherwise) const;
    std::string_view textOr(std::initializer_list<std::string_view> names, std::string_view otherwise) const;
    bool flagOr(std::string_view name, bool otherwise) const;
    /// Null when it is not there or null.
    const json::Value *find(std::string_view name) const;

private:
    const json::Value &m_config;
};

/// The number that a value of JSON is; empty for all else.
std::optional<double> numberOf(const json::Value &value);

} // namespace qs
