// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_table.h"

#include <charconv>
#include <iterator>

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

/// As few digits as give the same number back.
template <class T> QByteArray shortest(T value)
{
    char buffer[40];
    const auto end = std::to_chars(std::begin(buffer), std::end(buffer), value).ptr;
    return QByteArray(buffer, end - buffer);
}

QByteArray csvCell(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::UnknownType:
        return {};
    case QMetaType::Double:
        return shortest(value.toDouble());
    case QMetaType::Float:
        return shortest(value.toFloat());
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
