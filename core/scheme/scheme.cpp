// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheme/scheme.h"

#include "core/base/fingerprint.h"
#include "core/base/text.h"
#include "core/scheme/convention.h"

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
constexpr std::array<std::pair<std::string_view, RangeMethod::Kind>, 4> kRanges{{
    {"minmax", RangeMethod::Kind::MinMax},
    {"mse", RangeMethod::Kind::Mse},
    {"mse-llmcompressor", RangeMethod::Kind::MseLlmCompressor},
    {"hqq", RangeMethod::Kind::Hqq},
}};
constexpr std::string_view kPercentile = "percentile:";
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
constexpr std::array<std::string_view, 8> kFields{"convention", "mode",       "bits",       "granularity",
                                                  "range",      "code_range", "scale_type", "codes"};

template <class T> std::string_view nameIn(Names<T> names, T value)
{
    for (const auto &[name, known] : names)
        if (known == value)
            return name;
    return {};
}

std::string conventionNames()
{
    std::string names;
    for (const Convention &convention : conventions())
        names += fmt::format("{}{}", names.empty() ? "" : ", ", convention.name);
    return names;
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

/// Percent as a plain decimal number of up to six places → millionths.
std::optional<std::uint32_t> percentMillionths(std::string_view text)
{
    constexpr std::size_t kPlaces = 6;
    const std::size_t point = std::min(text.find('.'), text.size());
    std::string digits(text.substr(point + (point < text.size() ? 1 : 0)));
    if (digits.size() > kPlaces || (point < text.size() && digits.empty()))
        return std::nullopt;
    digits.append(kPlaces - digits.size(), '0');
    const auto whole = wholeNumber<std::uint32_t>(text.substr(0, point));
    const auto places = wholeNumber<std::uint32_t>(digits);
    if (!whole || !places || *whole > 100)
        return std::nullopt;
    const std::uint32_t millionths = *whole * 1'000'000 + *places;
    return millionths >= 1 && millionths <= RangeMethod::kAllWeights ? std::optional(millionths) : std::nullopt;
}

Result<void> setRange(std::optional<RangeMethod> &target, std::string_view value)
{
    if (value.starts_with(kPercentile)) {
        const auto millionths = percentMillionths(value.substr(kPercentile.size()));
        if (!millionths)
            return unexpectedValue("range", "percentile:P with P above 0 and up to 100, six decimal places at most",
                                   value);
        target = RangeMethod::percentile(*millionths);
        return {};
    }
    for (const auto &[name, kind] : kRanges) {
        if (name == value) {
            target = RangeMethod{kind, 0};
            return {};
        }
    }
    return unexpectedValue("range", "minmax, percentile:P, mse, mse-llmcompressor or hqq", value);
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

std::string textOf(const RangeMethod &value)
{
    if (value.kind != RangeMethod::Kind::Percentile)
        return std::string(nameIn<RangeMethod::Kind>(kRanges, value.kind));
    std::string text =
        fmt::format("{}{}.{:06}", kPercentile, value.millionths / 1'000'000, value.millionths % 1'000'000);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
        text.pop_back();
    return text;
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

namespace {

/// What a convention's formula, or the range method, asks of the other fields.
Result<void> formulaFits(const Scheme &scheme)
{
    const ScaleFormula formula = formulaOf(scheme).scale;
    if (formula == ScaleFormula::SignedExtreme &&
        (scheme.mode != Mode::Symmetric || scheme.codeRange != CodeRange::Full))
        return fail(ErrorCode::Usage,
                    fmt::format("the convention {} has signed scales and no zero points: it needs the "
                                "symmetric mode and the full code range",
                                scheme.convention));
    if (formulaOf(scheme).rule == CodeRule::ExtentAway && scheme.mode != Mode::Symmetric)
        return fail(ErrorCode::Usage, fmt::format("the convention {} has no zero points: it needs the symmetric mode",
                                                  scheme.convention));
    if (formula == ScaleFormula::Span && scheme.mode != Mode::Asymmetric)
        return fail(
            ErrorCode::Usage,
            fmt::format("the convention {} keeps the smallest weight of each group: it needs the asymmetric mode",
                        scheme.convention));
    if (scheme.range.kind != RangeMethod::Kind::Hqq)
        return {};
    if (formula != ScaleFormula::Extent)
        return fail(
            ErrorCode::Usage,
            fmt::format("the range hqq has a formula of its own, and so has the convention {}", scheme.convention));
    if (scheme.mode != Mode::Asymmetric)
        return fail(ErrorCode::Usage, "the range hqq optimises an offset: it needs the asymmetric mode");
    if (scheme.granularity.kind != Granularity::Kind::Group || scheme.granularity.groupSize > kLargestHqqGroup)
        return fail(ErrorCode::Usage,
                    fmt::format("the range hqq needs groups: granularity group:N with N up to {}", kLargestHqqGroup));
    return {};
}

} // namespace

bool Scheme::hasOffsets() const
{
    return range.kind == RangeMethod::Kind::Hqq || formulaOf(*this).scale == ScaleFormula::Span;
}

void addTo(Fingerprint &fingerprint, const Scheme &scheme)
{
    const auto number = [](auto value) { return static_cast<std::uint64_t>(value); };
    fingerprint.add(scheme.convention).add(number(scheme.mode)).add(number(scheme.bits));
    fingerprint.add(number(scheme.granularity.kind)).add(number(scheme.granularity.groupSize));
    fingerprint.add(number(scheme.range.kind)).add(number(scheme.range.millionths));
    fingerprint.add(number(scheme.codeRange)).add(number(scheme.scaleType)).add(number(scheme.codes));
}

Result<void> Scheme::validate() const
{
    if (!findConvention(convention))
        return unexpectedValue("convention", conventionNames(), convention);
    if (bits < kMinBits || bits > kMaxBits)
        return unexpectedValue("bits", fmt::format("a whole number from {} to {}", kMinBits, kMaxBits),
                               std::to_string(bits));
    if (granularity.kind == Granularity::Kind::Group && granularity.groupSize == 0)
        return unexpectedValue("granularity", "group:N with a whole number N from 1", textOf(granularity));
    if (mode == Mode::Asymmetric && codeRange == CodeRange::Narrow)
        return fail(ErrorCode::Usage,
                    "the narrow code range needs the symmetric mode: zero points use the full code range");
    if (range.kind == RangeMethod::Kind::Percentile &&
        (range.millionths == 0 || range.millionths > RangeMethod::kAllWeights))
        return unexpectedValue("range", "percentile:P with P above 0 and up to 100", textOf(range));
    return formulaFits(*this);
}

std::string Scheme::label() const
{
    if (convention.empty())
        return "stored";
    const Convention *preset = findConvention(convention);
    return preset && *this == preset->scheme() ? convention : fmt::format("custom (from {})", convention);
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
    if (range.kind != RangeMethod::Kind::MinMax)
        text += fmt::format(" · range {}", textOf(range));
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
    if (const Convention *preset = convention ? findConvention(*convention) : nullptr)
        scheme = preset->scheme();
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
        return setRange(range, value);
    if (name == "code_range")
        return setNamed<CodeRange>(codeRange, kCodeRanges, name, value);
    if (name == "scale_type")
        return setNamed<ScaleType>(scaleType, kScaleTypes, name, value);
    if (name == "codes")
        return setNamed<Codes>(codes, kCodes, name, value);
    if (name != "convention")
        return fail(ErrorCode::Usage,
                    fmt::format("unknown scheme field {}; known: {}", inQuotes(name), fmt::join(kFields, ", ")));
    if (!findConvention(value))
        return unexpectedValue(name, conventionNames(), value);
    convention = value;
    return {};
}

} // namespace qs
