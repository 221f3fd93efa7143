// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Cells of item models as fields of CSV.
#pragma once

#include "core/base/csv.h"

#include <QVariant>

namespace qs::ui::text {

/// Spreadsheets expect it.
inline constexpr auto kCsvRowEnd = "\r\n";

/// A number in full, a text, or an empty field for an invalid value.
void addCell(CsvText &csv, const QVariant &value);

} // namespace qs::ui::text
