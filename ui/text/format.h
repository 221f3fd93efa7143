// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How numbers look on screen: those of core with the separators of the language and the true minus sign.
#pragma once

#include "core/base/text.h"
#include "core/reports/number_text.h"
#include "core/scheme/scheme.h"
#include "ui/text/translation.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qs::ui::text {

/// Between a number and its unit: narrow, and no line break there.
inline constexpr char16_t kUnitSpace = u'\u202f';
inline constexpr char16_t kMinus = u'\u2212';

QString exact();        ///< "exact": the error is zero
QString notAvailable(); ///< "n/a": the number does not exist
QString none();         ///< "–": does not apply (excluded)
QString pending();      ///< "…": not computed yet

// Digits and units are those of core/reports/number_text.h.

/// Exactly `digits` significant digits: "0.006658", "−1.3e−7", "∞".
QString number(double value, int digits = kScaleDigits);
/// At most `digits` significant digits, no zeros at the end: ticks of axes, values that people type.
QString shortNumber(double value, int digits);
/// "−128".
QString integer(std::int64_t value);
/// "1,204".
QString count(std::uint64_t value);
/// What chooses the plural form of a text that shows `value` by count(): tr("%1 bytes", nullptr,
/// plural(n)).arg(count(n)).
int plural(std::uint64_t value);
/// Of a share 0..1: "1.76 %", "0.870 %", "100 %".
QString percent(double share);
/// At most three digits, no zeros at the end, for ticks of axes: "0.5 %".
QString shortPercent(double share);
/// Of a share 0..1; "exact" when `isExact`, else "n/a" when empty.
QString percent(const std::optional<double> &share, bool isExact = false);
/// An accuracy or agreement 0..1: "97.2 %".
QString accuracy(double share);
/// "97.2 → 96.9 %".
QString accuracyChange(double before, double after);
/// "291.0 KiB", "1.2 GiB", "77 B".
QString bytes(std::uint64_t value);
/// "1,204 bytes".
QString exactBytes(std::uint64_t value);
/// "291.0 → 77.1 KiB", or both with units when these differ; one when nothing changes.
QString bytesChange(std::uint64_t before, std::uint64_t after);
/// "3.8× smaller", "1.2× larger", "same size".
QString sizeChange(std::uint64_t before, std::uint64_t after);
/// "3.8×".
QString times(double ratio);
/// A scale (step size): four significant digits.
QString scale(double value);
/// "−0.578 … 0.846".
QString range(double min, double max, int digits = kResultDigits);
/// "−128 … 127".
QString integerRange(std::int64_t min, std::int64_t max);
/// "42.6 dB"; "exact" when `isExact`, else "n/a" when empty.
QString decibel(const std::optional<double> &value, bool isExact = false);
/// "256×128".
QString shape(const std::vector<std::uint64_t> &shape);
/// "850 ms", "2.4 s", "3 min".
QString duration(double seconds);

/// "0.390 % clipped", and, where weights are clipped although the range is their minimum and maximum, why.
QString clipped(double share, const Scheme &scheme);

/// A name of the program or of a format.
QString fromView(std::string_view name);
/// A reason from core as a sentence of its own: capital letter first, full stop last.
QString sentence(const Text &reason);
QString sentence(QString reason);

/// "fc1, fc2, fc3", with the comma of the language.
QString listed(const QStringList &parts);
/// The end of a long name, where names differ: "…lm_head.dense".
QString shortName(const QString &name, int limit);

/// A name for a menu or a button, which would take & for the mark of a key.
QString buttonText(const QString &name, int limit = 40);

/// Text from a file for one line: white space as single blanks, harmful characters as \xNN, "…" after about `limit`.
QString oneLine(std::string_view text, int limit = 240);
QString oneLine(const Text &text, int limit = 240);
/// The same for a pane of text: lines stay. At most a MiB; a last line says how much is left out.
QString manyLines(std::string_view text);
/// For a tool tip, which would take text with a tag in it for HTML.
QString plainToolTip(const QString &text);

} // namespace qs::ui::text
