// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Collects what Qt warns about, so that a test can demand silence.
#pragma once

#include <QStringList>

namespace qs::test {

inline QStringList &warnings()
{
    static QStringList list;
    return list;
}

/// Call once; what the offscreen platform says that it cannot do is left out.
inline void collectWarnings()
{
    static QtMessageHandler before = nullptr;
    before = qInstallMessageHandler([](QtMsgType type, const QMessageLogContext &context, const QString &text) {
        if (type != QtDebugMsg && !text.contains(QLatin1String("This plugin does not support")))
            warnings() << text;
        before(type, context, text);
    });
}

} // namespace qs::test
