// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheme/scheme.h"

#include "core/scheme/convention.h"
#include "core/scheme/scheme_fields.h"

#include <utility>

namespace qs {
namespace {

/// What the range method asks of the other fields.
Result<void> rangeFits(const Scheme &scheme)
{
    if (scheme.range.kind != RangeMethod::Kind::Hqq)
        return {};
    if (formulaOf(scheme).ownRange)
        return fail(ErrorCode::Usage, Text::of("the range hqq has a formula of its own, and so has the convention {}",
                                               scheme.convention));
    if (scheme.mode != Mode::Asymmetric)
        return fail(ErrorCode::Usage, Text::of("the range hqq optimises an offset: it needs the asymmetric mode"));
    if (scheme.granularity.kind != Granularity::Kind::Group || scheme.granularity.groupSize > kLargestHqqGroup)
        return fail(ErrorCode::Usage,
                    Text::of("the range hqq needs groups: granularity group:N with N up to {}", kLargestHqqGroup));
    return {};
}

} // namespace

bool Scheme::hasOffsets() const
{
    return range.kind == RangeMethod::Kind::Hqq || formulaOf(*this).offsets;
}

Result<void> Scheme::validate() const
{
    Result<void> valid;
    forEachField(*this, [&](const auto &field, const auto &value) {
        if (!valid)
            return;
        if (auto read = field.parse(field.key, field.text(value)); !read)
            valid = std::unexpected(std::move(read).error());
    });
    QS_CHECK(valid);
    if (mode == Mode::Asymmetric && codeRange == CodeRange::Narrow)
        return fail(ErrorCode::Usage,
                    Text::of("the narrow code range needs the symmetric mode: zero points use the full code range"));
    if (const auto fits = formulaOf(*this).fits)
        QS_CHECK(fits(*this));
    return rangeFits(*this);
}

Text Scheme::label() const
{
    if (convention.empty())
        return Text::of("stored");
    const Convention *preset = findConvention(convention);
    return preset && *this == preset->scheme() ? Text::asIs(convention) : Text::of("custom (from {})", convention);
}

Text Scheme::summary() const
{
    const SchemePatch unusual = difference(Scheme{}, *this);
    Text text;
    forEachField(*this, [&](const auto &field, const auto &value) {
        if (field.phrase && (field.always || field.of(unusual)))
            text = text.empty() ? field.phrase(value) : Text::of("{} · {}", text, field.phrase(value));
    });
    return text;
}

bool widenIfAsymmetric(Scheme &scheme)
{
    const bool wrong = scheme.mode == Mode::Asymmetric && scheme.codeRange == CodeRange::Narrow;
    if (wrong)
        scheme.codeRange = CodeRange::Full;
    return wrong;
}

} // namespace qs
