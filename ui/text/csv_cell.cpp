// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/text/csv_cell.h"

namespace qs::ui::text {

void addCell(CsvText &csv, const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::UnknownType:
        csv.addEmpty(1);
        break;
    case QMetaType::Double:
        csv.add(value.toDouble());
        break;
    case QMetaType::Float:
        csv.add(value.toFloat());
        break;
    default:
        csv.add(value.toString().toStdString());
    }
}

} // namespace qs::ui::text
