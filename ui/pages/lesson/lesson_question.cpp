// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lesson/lesson_question.h"

#include "ui/pages/lesson/lesson_files.h"
#include "ui/text/format.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMouseEvent>
#include <QRadioButton>

#include <cmath>

namespace qs::ui {

namespace {

/// The words of a button, in as many lines as they need; a click on them is one on the button.
class ChoiceLabel : public QLabel
{
public:
    explicit ChoiceLabel(QAbstractButton *button)
        : m_button(button)
    {
        setTextFormat(Qt::PlainText);
        setWordWrap(true);
    }

protected:
    void mouseReleaseEvent(QMouseEvent *event) override
    {
        if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
            m_button->click();
    }

private:
    QAbstractButton *m_button;
};

} // namespace

LessonQuestionForm::LessonQuestionForm(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
    , m_text(new QLabel)
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_layout->addWidget(m_text);
}

void LessonQuestionForm::addField(QWidget *field)
{
    m_field = field;
    m_layout->addWidget(field);
    m_text->setBuddy(field);
    field->setAccessibleName(m_text->text());
}

void LessonQuestionForm::ask(const LessonQuestion &question, const Model *model)
{
    m_question = question;
    delete m_field;
    m_field = nullptr;
    m_number = nullptr;
    m_choices = nullptr;
    m_layers = nullptr;
    m_text->setText(wordsOf(question.text));
    switch (question.kind) {
    case LessonQuestion::Kind::Number:
        addNumber();
        break;
    case LessonQuestion::Kind::Choice:
        addChoices();
        break;
    case LessonQuestion::Kind::Layer:
        addLayers(model);
        break;
    }
}

void LessonQuestionForm::addNumber()
{
    auto *row = new QWidget;
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    m_number = new QLineEdit;
    m_number->setObjectName(QStringLiteral("lessonNumber"));
    m_number->setPlaceholderText(tr("Your guess"));
    layout->addWidget(m_number, 1);
    if (m_question.unit)
        layout->addWidget(new QLabel(text::oneLine(*m_question.unit)));
    connect(m_number, &QLineEdit::returnPressed, this, &LessonQuestionForm::answered);
    addField(row);
    m_number->setAccessibleName(m_text->text());
}

void LessonQuestionForm::addChoices()
{
    auto *list = new QWidget;
    auto *layout = new QVBoxLayout(list);
    layout->setContentsMargins(0, 0, 0, 0);
    m_choices = new QButtonGroup(list);
    for (std::size_t i = 0; i < m_question.choices.size(); ++i) {
        const QString words = wordsOf(m_question.choices[i]);
        auto *choice = new QRadioButton;
        choice->setObjectName(QStringLiteral("lessonChoice%1").arg(i));
        choice->setAccessibleName(words);
        m_choices->addButton(choice, static_cast<int>(i));
        // A button would not wrap its words.
        auto *label = new ChoiceLabel(choice);
        label->setText(words);
        auto *row = new QHBoxLayout;
        row->addWidget(choice, 0, Qt::AlignTop);
        row->addWidget(label, 1);
        layout->addLayout(row);
    }
    addField(list);
}

void LessonQuestionForm::addLayers(const Model *model)
{
    m_layers = new QComboBox;
    m_layers->setObjectName(QStringLiteral("lessonLayers"));
    m_layers->addItem(tr("Choose a layer"));
    for (std::size_t i = 0; model && i < model->layers.size(); ++i)
        m_layers->addItem(text::oneLine(model->layers[i].module), QString::fromStdString(model->layers[i].module));
    addField(m_layers);
}

QWidget *LessonQuestionForm::field() const
{
    if (m_number)
        return m_number;
    if (m_choices && !m_choices->buttons().isEmpty())
        return m_choices->buttons().constFirst();
    return m_layers;
}

QString LessonQuestionForm::verdict(const std::optional<double> &answer) const
{
    bool isRight = false;
    if (m_number) {
        bool isNumber = false;
        QString typed = m_number->text().trimmed();
        typed.replace(text::kMinus, u'-').remove(u'%');
        double guess = QLocale().toDouble(typed, &isNumber);
        if (!isNumber)
            guess = QLocale::c().toDouble(typed, &isNumber);
        if (!isNumber || !answer || !m_question.number)
            return {};
        if (m_question.number->form == NumberForm::Percent)
            guess /= 100;
        isRight = std::abs(guess - *answer) <= std::max(m_question.number->tolerance, std::abs(*answer) * 1e-6);
    } else if (m_choices) {
        if (m_choices->checkedId() < 0)
            return {};
        isRight = m_choices->checkedId() == static_cast<int>(m_question.right);
    } else if (m_layers) {
        if (m_layers->currentIndex() <= 0)
            return {};
        isRight = m_layers->currentData().toString() == QString::fromStdString(m_question.layer);
    }
    return isRight ? tr("That is right.") : tr("Not this time.");
}

} // namespace qs::ui
