// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LessonQuestionForm: where a student predicts: a number, a choice, or a layer. Nothing is stored.
#pragma once

#include "core/lessons/lesson.h"
#include "core/model/model.h"

#include <QWidget>

class QButtonGroup;
class QComboBox;
class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace qs::ui {

class LessonQuestionForm : public QWidget
{
    Q_OBJECT
public:
    explicit LessonQuestionForm(QWidget *parent = nullptr);

    /// `model` names the layers of a vote; may be null.
    void ask(const LessonQuestion &question, const Model *model);
    /// What the guess is worth; empty when nothing was guessed.
    QString verdict(const std::optional<double> &answer) const;

    /// What takes the guess: a field, or the first of several; null before ask().
    QWidget *field() const;

signals:
    /// Enter in the field.
    void answered();

private:
    void addNumber();
    void addChoices();
    void addLayers(const Model *model);
    void addField(QWidget *field);

    LessonQuestion m_question;
    QVBoxLayout *m_layout;
    QLabel *m_text;
    QWidget *m_field = nullptr;
    QLineEdit *m_number = nullptr;
    QButtonGroup *m_choices = nullptr;
    QComboBox *m_layers = nullptr;
};

} // namespace qs::ui
