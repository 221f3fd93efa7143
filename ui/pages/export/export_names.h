// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What exported files and folders are called when nobody says otherwise.
#pragma once

#include <QString>

namespace qs {
struct ExportFormat;
}

namespace qs::ui {

/// A path for an export of the model at `location`, in `folder`, or, when that is empty, beside the model.
QString proposedTarget(const ExportFormat &format, const QString &location, int bits, QString folder);

/// Where a folder export goes when somebody chose the folder `inside`: exports do not mix with foreign files, so that
/// one that holds something gets another in it, called as `target`.
QString folderFor(const QString &inside, const QString &target);

} // namespace qs::ui
