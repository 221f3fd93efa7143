// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// WindowTest: what every test of the real window needs: the program's looks, a usable font, no warning of Qt.
#pragma once

#include "tests/ui/warnings.h"
#include "ui/window/application.h"

#include <QApplication>
#include <QFontMetrics>
#include <QTest>

namespace qs::test {

class WindowTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        collectWarnings();
        ui::prepareApplication();
        ui::setUpApplication(*qApp, ui::ThemeChoice::Light);
        const QFontMetrics metrics(QApplication::font());
        QVERIFY2(metrics.inFont(u'W') && metrics.horizontalAdvance(u'i') < metrics.horizontalAdvance(u'W'),
                 "no usable font is installed");
    }

    void cleanup()
    {
        QVERIFY2(warnings().isEmpty(), qPrintable(warnings().join('\n')));
        warnings().clear();
    }
};

} // namespace qs::test
