// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scheme: how one layer is quantized. A value type.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qs {

class Fingerprint;

enum class Mode : std::uint8_t { Symmetric, Asymmetric };
enum class CodeRange : std::uint8_t { Full, Narrow };
enum class ScaleType : std::uint8_t { F32, F16, BF16 };
enum class Codes : std::uint8_t {
    Faithful,              ///< from the f32 scale
    Best,                  ///< from the scale as stored
    Compensated,           ///< later weights of a row make up for the rounding of earlier ones (GPTQ), by index
    CompensatedByActivity, ///< the same, weights of the strongest inputs first
};

/// Over how many weights one scale reaches.
struct Granularity {
    enum class Kind : std::uint8_t { Tensor, Channel, Group };
    Kind kind = Kind::Channel;
    std::uint32_t groupSize = 0; ///< weights along K, for Group only; a last shorter group is a group of its own

    static Granularity tensor() { return {Kind::Tensor, 0}; }
    static Granularity channel() { return {Kind::Channel, 0}; }
    static Granularity group(std::uint32_t size) { return {Kind::Group, size}; }
    bool operator==(const Granularity &) const = default;
};

/// Which range of weights the codes cover (NUMERICS.md §2).
struct RangeMethod {
    enum class Kind : std::uint8_t {
        MinMax,
        Percentile,       ///< leaves out the outermost weights, exactly counted
        Mse,              ///< least squared error of 21 shares of the range, each scale on its own
        MseLlmCompressor, ///< llm-compressor's search: exponent 2.4, stops when no scale of the layer improves
        Hqq,              ///< HQQ: groups with an optimised offset in place of a zero point
        Output,           ///< least error of the layer's output for the inputs that it was fed
    };
    Kind kind = Kind::MinMax;
    std::uint32_t millionths = 0; ///< for Percentile only: P in millionths of a percent, 1 to kAllWeights

    static constexpr std::uint32_t kAllWeights = 100'000'000;
    static constexpr RangeMethod minMax() { return {}; }
    static constexpr RangeMethod percentile(std::uint32_t millionths) { return {Kind::Percentile, millionths}; }
    static constexpr RangeMethod mse() { return {Kind::Mse, 0}; }
    static constexpr RangeMethod mseLlmCompressor() { return {Kind::MseLlmCompressor, 0}; }
    static constexpr RangeMethod hqq() { return {Kind::Hqq, 0}; }
    static constexpr RangeMethod output() { return {Kind::Output, 0}; }
    /// P in percent.
    double percent() const { return millionths / 1e6; }
    bool operator==(const RangeMethod &) const = default;
};
/// HQQ works on groups that fit into the cache.
inline constexpr std::uint32_t kLargestHqqGroup = 65536;

inline constexpr int kMinBits = 2;
inline constexpr int kMaxBits = 8;
inline constexpr std::string_view kDefaultConvention = "gpt-fast";

/// All fields of NUMERICS.md §2. The default is the preset `gpt-fast`.
struct Scheme {
    /// The preset that the other fields were set from; empty for codes from a file that does not say it.
    std::string convention{kDefaultConvention};
    Mode mode = Mode::Symmetric;
    int bits = 8;
    Granularity granularity{};
    RangeMethod range{};
    CodeRange codeRange = CodeRange::Full;
    ScaleType scaleType = ScaleType::F32;
    Codes codes = Codes::Faithful;

    bool operator==(const Scheme &) const = default;

    /// Smallest and largest code: −2^(b−1)…2^(b−1)−1, or ±(2^(b−1)−1) when narrow.
    int codeMin() const { return -(1 << (bits - 1)) + (codeRange == CodeRange::Narrow ? 1 : 0); }
    int codeMax() const { return (1 << (bits - 1)) - 1; }
    /// A float offset stands in place of the zero point: value = (code − codeMin) · scale + offset.
    bool hasOffsets() const;
    /// Integer zero points: asymmetric without offsets.
    bool hasZeroPoints() const { return mode == Mode::Asymmetric && !hasOffsets(); }
    /// Codes make up for each other's rounding.
    bool compensates() const { return codes == Codes::Compensated || codes == Codes::CompensatedByActivity; }
    /// Scales or codes depend on what the layer is fed (core/quant/input_moments.h).
    bool needsInputs() const { return range.kind == RangeMethod::Kind::Output || compensates(); }
    /// Error{Usage} when fields contradict each other or the convention's formula, or are out of range (narrow +
    /// asymmetric, gguf-q4_0 + asymmetric, hqq without groups, bits 9, group:0).
    Result<void> validate() const;
    /// The preset's name, "custom (from NAME)" when a field differs from it, or "stored" when there is none.
    Text label() const;
    /// Short text for people: "symmetric · 8 bits · per channel".
    Text summary() const;
};

/// Adds all fields, so that results can be cached by scheme.
void addTo(Fingerprint &fingerprint, const Scheme &scheme);

/// Some fields of a scheme, as a rule or an option sets them.
struct SchemePatch {
    std::optional<std::string> convention = {}; ///< applied first: resets all fields to that preset
    std::optional<Mode> mode = {};
    std::optional<int> bits = {};
    std::optional<Granularity> granularity = {};
    std::optional<RangeMethod> range = {};
    std::optional<CodeRange> codeRange = {};
    std::optional<ScaleType> scaleType = {};
    std::optional<Codes> codes = {};

    bool operator==(const SchemePatch &) const = default;
    bool empty() const { return *this == SchemePatch{}; }
    void applyTo(Scheme &scheme) const;
    /// Sets the field that has the key `name` (scheme_fields.h) from text. Error{Usage} names the field and what was
    /// expected.
    Result<void> set(std::string_view name, std::string_view value);
};

/// Asymmetric codes use the full range: a narrow one gives way. True when it did.
bool widenIfAsymmetric(Scheme &scheme);

/// Text forms used by the command line, recipes and JSON ("symmetric", "group:32", "percentile:99.9", "bf16").
std::string_view textOf(Mode value);
std::string textOf(const Granularity &value);
std::string textOf(const RangeMethod &value);
std::string_view textOf(CodeRange value);
std::string_view textOf(ScaleType value);
std::string_view textOf(Codes value);

} // namespace qs
