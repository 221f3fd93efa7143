// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Catalogue: the texts of a file of translations, or those that lupdate finds in the sources.
#pragma once

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

struct Message {
    QString context;
    QString source;
    QString comment; ///< tells equal sources of one context apart
    QString state;   ///< "unfinished", "vanished", "obsolete"; empty: in use
    bool plural = false;
    QStringList translations; ///< one, or one per plural form

    QString name() const { return context + QStringLiteral(": ") + source; }
};

struct Catalogue {
    QList<Message> messages;
    QStringList remarks; ///< of lupdate: texts that it cannot file

    /// Sources by context.
    QMap<QString, QStringList> sources() const;
    /// Names of those with a count.
    QStringList plurals() const;
    QStringList unfinished() const;
};

/// A .ts file; ends the test program when it cannot be read.
Catalogue readCatalogue(const QString &path);
/// lupdate as the target update_translations runs it, on the rooms core and ui of a source tree.
Catalogue collectTexts(const QString &root);
