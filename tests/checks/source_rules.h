// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The rules that the source tree keeps.
#pragma once

#include <QString>
#include <QStringList>

class SourceTree;

/// All broken rules of the tree below `root`, one "path:line: what" each.
QStringList brokenRules(const QString &root);

/// Includes run down the floors of core and of ui, and core/README.md and ui/README.md list the same floors.
void checkFloors(const SourceTree &tree, QStringList &broken);
/// Bodies of functions and of classes in unnamed namespaces are short.
void checkBodies(const SourceTree &tree, QStringList &broken);
/// What is named somewhere is there: cited sections of documents, tests of each room and command, names of formats
/// once.
void checkNames(const SourceTree &tree, QStringList &broken);
