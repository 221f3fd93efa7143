// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_table.h"

namespace qs::ui {

namespace {

QByteArray quoted(const QString &text)
{
    QByteArray utf8 = text.toUtf8();
    if (!utf8.contains(',') && !utf8.contains('"') && !utf8.contains('\n') && !utf8.contains('\r'))
        return utf8;
    utf8.replace("\"", "\"\"");
    return '"' + utf8 + '"';
}

QByteArray csvCell(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::UnknownType:
        return {};
    case QMetaType::Double:
        return QByteArray::number(value.toDouble(), 'g', 17);
    case QMetaType::Float:
        return QByteArray::number(value.toDouble(), 'g', 9); // enough to get every float back
    default:
        return quoted(value.toString());
    }
}

} // namespace

QByteArray PlotTable::toCsv() const
{
    QByteArray csv;
    const int columns = static_cast<int>(headers.size());
    for (int column = 0; column < columns; ++column)
        csv += (column ? "," : "") + quoted(headers[column]);
    csv += "\r\n";
    for (qsizetype row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            if (column)
                csv += ',';
            csv += csvCell(cell(row, column));
        }
        csv += "\r\n";
    }
    return csv;
}

} // namespace qs::ui
