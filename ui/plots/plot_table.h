// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers behind a plot as rows and columns, made on demand: for "Show as table" and for CSV.
#pragma once

#include <QStringList>
#include <QVariant>

#include <functional>

namespace qs::ui {

struct PlotTable {
    QStringList headers;
    qsizetype rows = 0;
    /// A double, an integer, a text, or an invalid QVariant where there is no number.
    std::function<QVariant(qsizetype row, int column)> cell;

    /// RFC 4180 text with full precision and a dot as decimal sign, header row first.
    QByteArray toCsv() const;
};

} // namespace qs::ui
