// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of the source tree that a machine can check: layers and arrows, sizes, licence lines, layout.
#pragma once

#include <QString>
#include <QStringList>

/// One line per broken rule, "path:line: what, what was expected", for the tree at `root`.
QStringList brokenRules(const QString &root);
