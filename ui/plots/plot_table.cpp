// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_table.h"

#include "ui/text/csv_cell.h"

namespace qs::ui {

QByteArray PlotTable::toCsv() const
{
    CsvText csv(text::kCsvRowEnd);
    for (const QString &header : headers)
        csv.add(header.toStdString());
    csv.endRow();
    const int columns = static_cast<int>(headers.size());
    for (qsizetype row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column)
            text::addCell(csv, cell(row, column));
        csv.endRow();
    }
    return QByteArray::fromStdString(csv.text());
}

} // namespace qs::ui
