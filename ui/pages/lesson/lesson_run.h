// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LessonRun: a lesson on its way through its steps: sets the state of each, asks the core for its numbers, and leaves
// all as it was found.
#pragma once

#include "core/lessons/lesson_values.h"
#include "ui/document/commands.h"
#include "ui/pages/page.h"

#include <QObject>
#include <QPointer>

#include <memory>
#include <optional>

namespace qs::ui {

class LessonRun : public QObject
{
    Q_OBJECT
public:
    /// `page` lies in the window whose state is set.
    LessonRun(const PageContext &context, QWidget *page);
    ~LessonRun() override;

    bool isRunning() const { return m_lesson != nullptr; }
    const Lesson &lesson() const { return *m_lesson; }
    const LessonStep &step() const { return m_lesson->steps[m_step]; }
    std::size_t stepIndex() const { return m_step; }
    /// Of the step; nothing until they are found out.
    const std::optional<LessonValues> &values() const { return m_values; }
    bool isRevealed() const { return m_isRevealed; }
    /// What the window is set to: until the answer is revealed, where the step wants it, another state to start from.
    const LessonState &state() const;
    /// The student has the window; backToLesson() sets the state of the step again.
    bool isFree() const { return m_isFree; }

    /// Asks before edits of the recipe are lost; another lesson that runs ends.
    void start(const Lesson &lesson, std::size_t step = 0);
    void goTo(std::size_t step);
    /// What a clicker does: the answer first, then the next step.
    void forward();
    void back();
    void reveal();
    void tryFreely();
    void backToLesson();
    /// Shows the recipe of the step before for as long as it is on.
    void blink(bool on);
    /// Model, recipe, selection and tab as they were when the lesson began.
    void leave();

    /// A lesson on its way to the page of a window that is made anew; null when none runs.
    struct Carried;
    std::shared_ptr<Carried> handOver();
    void resume(const std::shared_ptr<Carried> &carried);

    /// Stands for all that a step sets: equal states have equal texts.
    QByteArray stateText() const;
    /// The present state as a step.
    LessonStep recorded() const;

signals:
    void changed();
    void failed(const QString &sentence);

private:
    struct Found; ///< the state before the lesson
    struct Player;

    bool mayStart();
    void apply();
    void applyState();
    void setState();
    void evaluate();
    void showWalk();
    void keepProgress();
    void restore();
    void edit(const EditText &text, const Recipe &recipe);
    void remember();
    bool hasModel() const;
    QString currentTab() const;
    void recordWalk(LessonStep &step) const;

    PageContext m_context;
    QWidget *m_page;
    std::unique_ptr<const Lesson> m_lesson;
    std::shared_ptr<Player> m_player;
    std::unique_ptr<Found> m_found;
    std::size_t m_step = 0;
    std::optional<LessonValues> m_values;
    bool m_isRevealed = false;
    bool m_isFree = false;
    bool m_isBlinking = false;
    bool m_awaitsModel = false; ///< of the step
    bool m_restores = false;    ///< the model before the lesson is being opened
};

} // namespace qs::ui
