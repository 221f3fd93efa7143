// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Hand-outs of lessons: formulas, an empty number line, a table to fill in, exercises and terms, on A4.
#pragma once

#include "core/lessons/lesson_values.h"

#include <QString>

#include <string>
#include <vector>

namespace qs::ui {

struct HandOut {
    std::vector<LessonLanguage> languages{LessonLanguage::English}; ///< beside each other where there are two
    bool answers = false;                                           ///< for the lecturer: what is measured, too
    std::string convention = {};       ///< preset whose formulas are shown; empty: those that the lesson's steps use
    double dotsPerInch = screenDots(); ///< that pictures and text are laid out in

    /// Of the screen; asked for in the thread of the windows.
    static double screenDots();
};

/// The hand-out as HTML, with numbers that the core finds out now. Errors: of models, Cancelled.
Result<QString> handOutHtml(const Lesson &lesson, const HandOut &wanted, const TaskContext &context);
/// The same into a file, as its suffix says: .html, or else PDF, in place of one that is there. Any thread. Error{Work}
/// when it cannot be written.
Result<void> writeHandOut(const QString &path, const Lesson &lesson, const HandOut &wanted, const TaskContext &context);

} // namespace qs::ui
