// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a lesson puts over the window: a ring with an arrow round its target, and covers over answers.
#pragma once

#include <QList>
#include <QObject>
#include <QPointer>
#include <QString>

class QWidget;

namespace qs::ui {

/// The widget of a window that has that object name or that property "target"; nullptr when there is none.
QWidget *findTarget(QWidget *window, const QString &name);

class LessonOverlay : public QObject
{
    Q_OBJECT
public:
    explicit LessonOverlay(QObject *parent);
    ~LessonOverlay() override;

    /// Shows docks and tabs that the targets are in. Names that nothing has are left out. A part with a property
    /// "answersCovered" is not covered as a whole but gets that.
    void show(QWidget *window, const QString &target, const QList<QString> &covered);
    void clear();

private:
    QPointer<QWidget> m_ring;
    QList<QPointer<QWidget>> m_covers;
    QList<QPointer<QWidget>> m_covering; ///< parts that cover their answers themselves
    QList<QPointer<QWidget>> m_hidden;   ///< plots beside the one that a step wants
    QPointer<QWidget> m_opened;          ///< a dock that was closed before the step wanted it
};

} // namespace qs::ui
