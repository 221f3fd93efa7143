// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/welcome/readable_formats.h"

#include "core/formats/registry.h"
#include "ui/text/format.h"
#include "ui/text/translation.h"

#include <QCoreApplication>
#include <QStringList>

namespace qs::ui {

namespace {

struct ReadableFormats {
    Q_DECLARE_TR_FUNCTIONS(ReadableFormats)
};

} // namespace

QString readableFormats()
{
    QStringList formats;
    for (const FormatReader *reader : formatReaders())
        formats << text::words(reader->withSuffixes());
    return text::listed(formats);
}

QString readableSuffixes()
{
    QStringList suffixes;
    for (const FormatReader *reader : formatReaders())
        if (!reader->isIndex)
            suffixes << text::fromView(reader->suffixes).remove(u'*').split(u' ', Qt::SkipEmptyParts);
    suffixes.removeDuplicates();
    return suffixes.join(QStringLiteral("  "));
}

QString modelFileFilters()
{
    QStringList suffixes;
    QStringList single;
    for (const FormatReader *reader : formatReaders()) {
        suffixes << text::fromView(reader->suffixes);
        single << text::words(reader->withSuffixes());
    }
    QStringList all = suffixes.join(u' ').split(u' ', Qt::SkipEmptyParts);
    all.removeDuplicates();
    const QStringList filters = QStringList{ReadableFormats::tr("Models (%1)").arg(all.join(u' '))} + single +
                                QStringList{ReadableFormats::tr("All files (*)")};
    return filters.join(QStringLiteral(";;"));
}

} // namespace qs::ui
