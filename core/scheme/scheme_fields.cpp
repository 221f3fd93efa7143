// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheme/scheme_fields.h"

#include "core/base/fingerprint.h"
#include "core/base/text.h"
#include "core/scheme/convention.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace qs {
namespace {

template <class T> using Names = std::span<const std::pair<std::string_view, T>>;

constexpr std::array<std::pair<std::string_view, Mode>, 2> kModes{{
    {"symmetric", Mode::Symmetric},
    {"asymmetric", Mode::Asymmetric},
}};
constexpr std::array<std::pair<std::string_view, RangeMethod::Kind>, 5> kRanges{{
    {"minmax", RangeMethod::Kind::MinMax},
    {"mse", RangeMethod::Kind::Mse},
    {"mse-llmcompressor", RangeMethod::Kind::MseLlmCompressor},
    {"hqq", RangeMethod::Kind::Hqq},
    {"output", RangeMethod::Kind::Output},
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
constexpr std::array<std::pair<std::string_view, Codes>, 4> kCodes{{
    {"faithful", Codes::Faithful},
    {"best", Codes::Best},
    {"compensated", Codes::Compensated},
    {"compensated-by-activity", Codes::CompensatedByActivity},
}};

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

std::unexpected<Error> unexpectedValue(std::string_view field, const Text &expected, std::string_view value)
{
    return fail(ErrorCode::Usage, Text::of("{} must be {}, not {}", field, expected, inQuotes(value)));
}

template <const auto &names>
Result<typename std::remove_cvref_t<decltype(names)>::value_type::second_type> parseNamed(std::string_view field,
                                                                                          std::string_view value)
{
    std::string others;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].first == value)
            return names[i].second;
        if (i + 1 < names.size())
            others += (i == 0 ? "" : ", ") + std::string(names[i].first);
    }
    return unexpectedValue(field, Text::of("{} or {}", others, names.back().first), value);
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

Result<std::string> parseConvention(std::string_view field, std::string_view value)
{
    if (!findConvention(value))
        return unexpectedValue(field, Text::asIs(conventionNames()), value);
    return std::string(value);
}

Result<int> parseBits(std::string_view field, std::string_view value)
{
    const std::optional<int> bits = wholeNumber<int>(value);
    if (!bits || *bits < kMinBits || *bits > kMaxBits)
        return unexpectedValue(field, Text::of("a whole number from {} to {}", kMinBits, kMaxBits), value);
    return *bits;
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

Result<RangeMethod> parseRange(std::string_view field, std::string_view value)
{
    if (value.starts_with(kPercentile)) {
        const auto millionths = percentMillionths(value.substr(kPercentile.size()));
        if (!millionths)
            return unexpectedValue(
                field, Text::of("percentile:P with P above 0 and up to 100, six decimal places at most"), value);
        return RangeMethod::percentile(*millionths);
    }
    for (const auto &[name, kind] : kRanges) {
        if (name == value)
            return RangeMethod{kind, 0};
    }
    return unexpectedValue(field, Text::of("minmax, percentile:P, mse, mse-llmcompressor, hqq or output"), value);
}

Result<Granularity> parseGranularity(std::string_view field, std::string_view value)
{
    constexpr std::string_view kGroup = "group:";
    for (const Granularity &whole : {Granularity::tensor(), Granularity::channel()})
        if (value == textOf(whole))
            return whole;
    const auto size = value.starts_with(kGroup) ? wholeNumber<std::uint32_t>(value.substr(kGroup.size()))
                                                : std::optional<std::uint32_t>{};
    if (!size || *size == 0)
        return unexpectedValue(field, Text::of("tensor, channel or group:N with a whole number N from 1"), value);
    return Granularity::group(*size);
}

template <class T> std::string text(const T &value)
{
    return std::string(textOf(value));
}

Text granularityPhrase(const Granularity &granularity)
{
    switch (granularity.kind) {
    case Granularity::Kind::Tensor:
        return Text::of("per layer");
    case Granularity::Kind::Channel:
        return Text::of("per channel");
    case Granularity::Kind::Group:
        break;
    }
    return Text::of("groups of {}", granularity.groupSize);
}

void add(Fingerprint &fingerprint, const std::string &value)
{
    fingerprint.add(value);
}

template <class T> void add(Fingerprint &fingerprint, const T &value)
{
    fingerprint.add(static_cast<std::uint64_t>(value));
}

void add(Fingerprint &fingerprint, const Granularity &value)
{
    add(fingerprint, value.kind);
    add(fingerprint, value.groupSize);
}

void add(Fingerprint &fingerprint, const RangeMethod &value)
{
    add(fingerprint, value.kind);
    add(fingerprint, value.millionths);
}

template <class Fields> std::optional<std::string> textOfField(const Fields &fields, std::string_view key)
{
    std::optional<std::string> result;
    forEachValue(fields, [&](const auto &field, const auto &value) {
        if (field.key == key)
            result = field.text(value);
    });
    return result;
}

} // namespace

constinit const FieldTable kSchemeFields{
    {.key = "convention",
     .member = &Scheme::convention,
     .patch = &SchemePatch::convention,
     .parse = parseConvention,
     .text = [](const std::string &value) { return value; },
     .phrase = nullptr,
     .always = false,
     .help = [] { return "Named preset that sets all fields of the scheme: " + conventionNames(); }},
    {.key = "mode",
     .member = &Scheme::mode,
     .patch = &SchemePatch::mode,
     .parse = parseNamed<kModes>,
     .text = text<Mode>,
     .phrase =
         [](const Mode &value) { return value == Mode::Symmetric ? Text::of("symmetric") : Text::of("asymmetric"); },
     .always = true,
     .help = [] { return std::string("symmetric or asymmetric"); }},
    {.key = "bits",
     .member = &Scheme::bits,
     .patch = &SchemePatch::bits,
     .parse = parseBits,
     .text = [](const int &value) { return std::to_string(value); },
     .phrase = [](const int &value) { return Text::of("{} bits", value); },
     .always = true,
     .help = [] { return fmt::format("{} to {}", kMinBits, kMaxBits); }},
    {.key = "granularity",
     .member = &Scheme::granularity,
     .patch = &SchemePatch::granularity,
     .parse = parseGranularity,
     .text = text<Granularity>,
     .phrase = granularityPhrase,
     .always = true,
     .help = [] { return std::string("tensor, channel or group:N"); }},
    {.key = "range",
     .member = &Scheme::range,
     .patch = &SchemePatch::range,
     .parse = parseRange,
     .text = text<RangeMethod>,
     .phrase = [](const RangeMethod &value) { return Text::of("range {}", textOf(value)); },
     .always = false,
     .help =
         [] {
             return std::string(
                 "minmax, percentile:P, mse, mse-llmcompressor, hqq or output (by what the layers are fed)");
         }},
    {.key = "code_range",
     .member = &Scheme::codeRange,
     .patch = &SchemePatch::codeRange,
     .parse = parseNamed<kCodeRanges>,
     .text = text<CodeRange>,
     .phrase = [](const CodeRange &value) { return Text::of("{} code range", textOf(value)); },
     .always = false,
     .help = [] { return std::string("full or narrow (symmetric only)"); }},
    {.key = "scale_type",
     .member = &Scheme::scaleType,
     .patch = &SchemePatch::scaleType,
     .parse = parseNamed<kScaleTypes>,
     .text = text<ScaleType>,
     .phrase = [](const ScaleType &value) { return Text::of("{} scales", textOf(value)); },
     .always = false,
     .help = [] { return std::string("f32, f16 or bf16"); }},
    {.key = "codes",
     .member = &Scheme::codes,
     .patch = &SchemePatch::codes,
     .parse = parseNamed<kCodes>,
     .text = text<Codes>,
     .phrase = [](const Codes &value) { return Text::of("{} codes", textOf(value)); },
     .always = false,
     .help =
         [] {
             return std::string("faithful (from the f32 scale), best (from the scale as stored), compensated or "
                                "compensated-by-activity (GPTQ, by what the layers are fed)");
         }},
};

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

void addTo(Fingerprint &fingerprint, const Scheme &scheme)
{
    forEachField(scheme, [&](const auto &, const auto &value) { add(fingerprint, value); });
}

SchemePatch difference(const Scheme &from, const Scheme &to)
{
    SchemePatch result;
    forEachField([&](const auto &field) {
        if (field.of(from) != field.of(to))
            field.of(result) = field.of(to);
    });
    return result;
}

std::optional<std::string> fieldText(const Scheme &scheme, std::string_view key)
{
    return textOfField(scheme, key);
}

std::optional<std::string> fieldText(const SchemePatch &patch, std::string_view key)
{
    return textOfField(patch, key);
}

void clearField(SchemePatch &patch, std::string_view key)
{
    forEachField(patch, [&](const auto &field, auto &value) {
        if (field.key == key)
            value.reset();
    });
}

void SchemePatch::applyTo(Scheme &scheme) const
{
    if (const Convention *preset = convention ? findConvention(*convention) : nullptr)
        scheme = preset->scheme();
    forEachValue(*this, [&](const auto &field, const auto &value) { field.of(scheme) = value; });
    const Convention *own = bits && !codeRange ? findConvention(scheme.convention) : nullptr;
    if (own && own->fullBelow8Bits && scheme.mode == own->mode)
        scheme.codeRange = scheme.bits < 8 ? CodeRange::Full : own->codeRange;
}

Result<void> SchemePatch::set(std::string_view name, std::string_view value)
{
    std::vector<std::string_view> known;
    bool found = false;
    Result<void> done;
    forEachField(*this, [&](const auto &field, auto &target) {
        known.push_back(field.key);
        if (field.key != name)
            return;
        found = true;
        if (auto parsed = field.parse(name, value))
            target = *std::move(parsed);
        else
            done = std::unexpected(std::move(parsed).error());
    });
    if (!found)
        return fail(ErrorCode::Usage, Text::of("unknown scheme field {}; known: {}", inQuotes(name),
                                               fmt::format("{}", fmt::join(known, ", "))));
    return done;
}

} // namespace qs
