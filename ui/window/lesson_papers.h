// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LessonPapers: writes a step of a lesson of one's own, and the lesson that runs as hand-out, with answers, and as
// slides.
#pragma once

#include "core/base/result.h"
#include "ui/pages/page.h"

#include <QObject>

class QWidget;

namespace qs::ui {

class LessonPanel;
class MessageBar;

class LessonPapers : public QObject
{
    Q_OBJECT
public:
    /// Registers learn.record, learn.handOut, learn.answers, learn.bothLanguages and learn.slides.
    /// `window` gets the dialogs.
    LessonPapers(const PageContext &context, LessonPanel *panel, MessageBar *messages, QWidget *window);

    /// Slides are pictures of a window of their own, which this program draws (this one, unless said otherwise).
    void setProgram(const QString &path) { m_program = path; }

private:
    void addActions(ActionRegistry &actions);
    void record();
    QString proposedFile() const;
    void chooseHandOut(bool withAnswers);
    void chooseSlides();
    void told(const QString &path, const Result<void> &written);

    PageContext m_context;
    LessonPanel *m_panel;
    MessageBar *m_messages;
    QWidget *m_window;
    QString m_program;
    bool m_inBothLanguages = false;
};

} // namespace qs::ui
