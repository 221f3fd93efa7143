// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The lesson of a window under test.
#pragma once

#include "tests/ui/window_under_test.h"
#include "ui/pages/lesson/lesson_panel.h"

namespace qs::test {

inline ui::LessonRun &runOf(const WindowUnderTest &t)
{
    return t.find<ui::LessonPanel>("lesson")->run();
}

/// The step's model is open, its results and numbers are there.
inline bool arrive(WindowUnderTest &t)
{
    const auto arrived = [&] { return runOf(t).values() && t.document->model() && !t.document->isOpening(); };
    return QTest::qWaitFor(arrived, 30000) && t.settle();
}

} // namespace qs::test
