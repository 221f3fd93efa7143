// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/scheme.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace qs {
namespace {

template <class T> using Names = std::span<const std::pair<std::string_view, T>>;

constexpr std::array<std::pair<std::string_view, Mode>, 2> kModes{{
    {"symmetric", Mode::Symmetric},
    {"asymmetric", Mode::Asymmetric},
}};
constexpr std::array<std::pair<std::string_view, RangeMethod>, 1> kRanges{{{"minmax", RangeMethod::MinMax}}};
constexpr std::array<std::pair<std::string_view, CodeRange>, 2> kCodeRanges{{
    {"full", CodeRange::Full},
    {"narrow", CodeRange::Narrow},
}};
constexpr std::array<std::pair<std::string_view, ScaleType>, 3> kScaleTypes{{
    {"f32", ScaleType::F32},
    {"f16", ScaleType::F16},
    {"bf16", ScaleType::BF16},
}};
constexpr std::array<std::pair<std::string_view, Codes>, 2> kCodes{{
    {"faithful", Codes::Faithful},
    {"best", Codes::Best},
}};
// Named presets. The default scheme is the first one.
constexpr std::array<std::string_view, 1> kConventions{kDefaultConvention};
constexpr std::array<std::string_view, 8> kFields{"convention", "mode",       "bits",       "granularity",
                                                  "range",      "code_range", "scale_type", "codes"};

template <class T> std::string_view nameIn(Names<T> names, T value)
{
    for (const auto &[name, known] : names)
        if (known == value)
            return name;
    return {};
}

bool isConvention(std::string_view name)
{
    return std::ranges::find(kConventions, name) != kConventions.end();
}

Scheme presetOf(std::string_view convention)
{
    Scheme scheme;
    scheme.convention = convention;
    return scheme;
}

std::unexpected<Error> unexpectedValue(std::string_view field, std::string_view expected, std::string_view value)
{
    return fail(ErrorCode::Usage, fmt::format("{} must be {}, not {}", field, expected, inQuotes(value)));
}

template <class T>
Result<void> setNamed(std::optional<T> &target, Names<T> names, std::string_view field, std::string_view value)
{
    std::string expected;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].first == value) {
            target = names[i].second;
            return {};
        }
        expected += i == 0 ? "" : i + 1 == names.size() ? " or " : ", ";
        expected += names[i].first;
    }
    return unexpectedValue(field, expected, value);
}

/// Decimal digits only: no sign, no spaces.
template <class T> std::optional<T> wholeNumber(std::string_view text)
{
    T value = 0;
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

Result<void> setBits(std::optional<int> &target, std::string_view value)
{
    const std::optional<int> bits = wholeNumber<int>(value);
    if (!bits || *bits < kMinBits || *bits > kMaxBits)
        return unexpectedValue("bits", fmt::format("a whole number from {} to {}", kMinBits, kMaxBits), value);
    target = bits;
    return {};
}

Result<void> setGranularity(std::optional<Granularity> &target, std::string_view value)
{
    constexpr std::string_view kGroup = "group:";
    if (value == "tensor") {
        target = Granularity::tensor();
    } else if (value == "channel") {
        target = Granularity::channel();
    } else {
        const auto size = value.starts_with(kGroup) ? wholeNumber<std::uint32_t>(value.substr(kGroup.size()))
                                                    : std::optional<std::uint32_t>{};
        if (!size || *size == 0)
            return unexpectedValue("granularity", "tensor, channel or group:N with a whole number N from 1", value);
        target = Granularity::group(*size);
    }
    return {};
}

} // namespace

std::string_view textOf(Mode value)
{
    return nameIn<Mode>(kModes, value);
}

std::string textOf(const Granularity &value)
{
    switch (value.kind) {
    case Granularity::Kind::Tensor:
        return "tensor";
    case Granularity::Kind::Channel:
        return "channel";
    case Granularity::Kind::Group:
        break;
    }
    return fmt::format("group:{}", value.groupSize);
}

std::string_view textOf(RangeMethod value)
{
    return nameIn<RangeMethod>(kRanges, value);
}

std::string_view textOf(CodeRange value)
{
    return nameIn<CodeRange>(kCodeRanges, value);
}

std::string_view textOf(ScaleType value)
{
    return nameIn<ScaleType>(kScaleTypes, value);
}

std::string_view textOf(Codes value)
{
    return nameIn<Codes>(kCodes, value);
}

Result<void> Scheme::validate() const
{
    if (!isConvention(convention))
        return unexpectedValue("convention", fmt::format("{}", fmt::join(kConventions, ", ")), convention);
    if (bits < kMinBits || bits > kMaxBits)
        return unexpectedValue("bits", fmt::format("a whole number from {} to {}", kMinBits, kMaxBits),
                               std::to_string(bits));
    if (granularity.kind == Granularity::Kind::Group && granularity.groupSize == 0)
        return unexpectedValue("granularity", "group:N with a whole number N from 1", textOf(granularity));
    if (mode == Mode::Asymmetric && codeRange == CodeRange::Narrow)
        return fail(ErrorCode::Usage,
                    "the narrow code range needs the symmetric mode: zero points use the full code range");
    return {};
}

std::string Scheme::label() const
{
    return *this == presetOf(convention) ? convention : fmt::format("custom (from {})", convention);
}

std::string Scheme::summary() const
{
    std::string text = fmt::format("{} · {} bits · ", textOf(mode), bits);
    switch (granularity.kind) {
    case Granularity::Kind::Tensor:
        text += "per layer";
        break;
    case Granularity::Kind::Channel:
        text += "per channel";
        break;
    case Granularity::Kind::Group:
        text += fmt::format("groups of {}", granularity.groupSize);
        break;
    }
    if (codeRange != CodeRange::Full)
        text += fmt::format(" · {} code range", textOf(codeRange));
    if (scaleType != ScaleType::F32)
        text += fmt::format(" · {} scales", textOf(scaleType));
    if (codes != Codes::Faithful)
        text += fmt::format(" · {} codes", textOf(codes));
    return text;
}

void SchemePatch::applyTo(Scheme &scheme) const
{
    if (convention)
        scheme = presetOf(*convention);
    scheme.mode = mode.value_or(scheme.mode);
    scheme.bits = bits.value_or(scheme.bits);
    scheme.granularity = granularity.value_or(scheme.granularity);
    scheme.range = range.value_or(scheme.range);
    scheme.codeRange = codeRange.value_or(scheme.codeRange);
    scheme.scaleType = scaleType.value_or(scheme.scaleType);
    scheme.codes = codes.value_or(scheme.codes);
}

bool isSchemeField(std::string_view name)
{
    return std::ranges::find(kFields, name) != kFields.end();
}

Result<void> SchemePatch::set(std::string_view name, std::string_view value)
{
    if (name == "mode")
        return setNamed<Mode>(mode, kModes, name, value);
    if (name == "bits")
        return setBits(bits, value);
    if (name == "granularity")
        return setGranularity(granularity, value);
    if (name == "range")
        return setNamed<RangeMethod>(range, kRanges, name, value);
    if (name == "code_range")
        return setNamed<CodeRange>(codeRange, kCodeRanges, name, value);
    if (name == "scale_type")
        return setNamed<ScaleType>(scaleType, kScaleTypes, name, value);
    if (name == "codes")
        return setNamed<Codes>(codes, kCodes, name, value);
    if (name != "convention")
        return fail(ErrorCode::Usage,
                    fmt::format("unknown scheme field {}; known: {}", inQuotes(name), fmt::join(kFields, ", ")));
    if (!isConvention(value))
        return unexpectedValue(name, fmt::format("{}", fmt::join(kConventions, ", ")), value);
    convention = value;
    return {};
}

} // namespace qs
