// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LessonPanel: "Lesson": the step of a lesson, its question and its answer; the list of lessons while none runs.
#pragma once

#include "ui/pages/lesson/lesson_run.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QWidget>

class QDockWidget;
class QLabel;
class QMainWindow;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace qs::ui {

class Explainer;
class LessonOverlay;
class LessonQuestionForm;

class LessonPanel : public QWidget
{
    Q_OBJECT
public:
    static PageInfo page();
    explicit LessonPanel(const PageContext &context, QWidget *parent = nullptr);

    LessonRun &run() { return *m_run; }
    Explainer &explainer() { return *m_explainer; }
    /// By Lesson::id, any case, or a file; false when there is no such lesson. Steps count from 0.
    bool startLesson(const QString &name, std::size_t step = 0);
    /// A file was written that may be one of ownLessonFolder().
    void lessonsChanged();
    /// A lesson file of somebody else; says what is wrong with it.
    void openLesson(const QString &path);

protected:
    QSize sizeHint() const override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *makeList();
    QWidget *makeStep();
    QWidget *makeFooter();
    void addActions(ActionRegistry &actions);
    void addMenus(ActionRegistry &actions);
    void fillList();
    void begin(const Lesson &lesson, std::size_t step);
    void comeToFront();
    void refresh();
    void showQuestion();
    void showAnswer();
    void showOverlay();
    void keepInSight();
    void giveRoom(QMainWindow *main, QDockWidget *wanted);
    void giveColumn(QMainWindow *main, QDockWidget *wanted);
    void bringDocksBack();
    bool isPresented() const;
    void openFile();
    void showGlossary(const QString &term = {});
    void showProblem(const QString &sentence);
    QString headText() const;

    PageContext m_context;
    LessonRun *m_run;
    LessonOverlay *m_overlay;
    Explainer *m_explainer;
    QWidget *m_lessons = nullptr; ///< the list, while none runs
    QWidget *m_stepPage = nullptr;
    QWidget *m_footer;
    QScrollArea *m_scroll = nullptr;
    QVBoxLayout *m_list = nullptr;
    QLabel *m_title;
    QLabel *m_head;
    QLabel *m_slip;
    QLabel *m_say;
    LessonQuestionForm *m_question;
    QPushButton *m_reveal;
    QLabel *m_verdict;
    QLabel *m_explain;
    QLabel *m_problem;
    QPushButton *m_back;
    QPushButton *m_next;
    QPushButton *m_free;
    QPushButton *m_leave;
    QPointer<QDockWidget> m_gaveWay; ///< in a presentation, to what the step points at
    QPointer<QDockWidget> m_below;   ///< gave way to the step in its column, where the window is low
    QElapsedTimer m_clock;
    std::pair<QString, std::size_t> m_shown; ///< lesson and step whose question is on show
};

} // namespace qs::ui
