// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The language of the filter line: "fc -norm err>1% is:warning | op:conv".
#pragma once

#include <QString>
#include <QStringList>

#include <cstddef>
#include <expected>
#include <functional>

namespace qs::ui {

class LayerModel;

/// Whether a layer stays.
using LayerTest = std::function<bool(const LayerModel &, std::size_t layer)>;

/// Words separated by blanks must all be true of a layer; `|` between words begins an alternative, `-` before a word
/// turns it round. A word is
/// - part of the name, case ignored, `*` and `?` as wildcards, or `re:` and a regular expression, as rules of a recipe
///   have them for whole names (core/recipe/pattern.h),
/// - a number compared: `err>1%`, `out>=128` (err, in, out, params, bits, scale, spread, clip, sqnr),
/// - `is:` quantized, excluded, overridden, pending, stored or warning,
/// - `mode:` and how the Mode column begins, `op:` and a kind of layer.
/// The error is a sentence for people. No words: every layer stays.
std::expected<LayerTest, QString> parseLayerQuery(const QString &text);

/// What the language knows, for a tool tip: a line per kind of word.
QString layerQueryHelp();

} // namespace qs::ui
