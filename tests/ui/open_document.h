// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A document without a window: opened, and waited for.
#pragma once

#include "ui/document/document.h"

#include <QSignalSpy>
#include <QTest>

namespace qs::test {

/// Waits until all results of the present recipe are there.
inline bool settle(ui::Document &document)
{
    return QTest::qWaitFor(
        [setup = document.setups().front()] { return setup->analysis() == ui::Setup::Analysis::Done; }, 20000);
}

inline bool open(ui::Document &document, const QString &location)
{
    QSignalSpy ended(&document, &ui::Document::openEnded);
    document.open(location);
    return ended.wait(20000) && document.model() && settle(document);
}

} // namespace qs::test
