// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lesson/explanation_popup.h"

#include "ui/pages/lesson/lesson_files.h"
#include "ui/text/format.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScreen>

#include <algorithm>

namespace qs::ui {

namespace {

constexpr int kWidth = 46; // characters
constexpr int kGap = 4;

} // namespace

ExplanationPopup::ExplanationPopup(const Explanation &explanation, const QString &filled, QWidget *parent)
    : QFrame(parent, Qt::Popup)
{
    setObjectName(QStringLiteral("panel"));
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(wordsOf(explanation.name));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->setSpacing(6);
    addText("panelTitle", wordsOf(explanation.name));
    addText("explainMeaning", wordsOf(explanation.meaning));
    addText("secondary", QString::fromStdString(explanation.formula));
    addText("explainNumbers", filled);
    addLinks(explanation);
    setFixedWidth(fontMetrics().averageCharWidth() * kWidth);
}

void ExplanationPopup::addText(const char *objectName, const QString &text)
{
    if (text.isEmpty())
        return;
    auto *label = new QLabel(text);
    label->setObjectName(QLatin1String(objectName));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout()->addWidget(label);
}

void ExplanationPopup::addLinks(const Explanation &explanation)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(6);
    const auto add = [&](const char *objectName, const QString &text, const std::function<void()> &work) {
        auto *button = new QPushButton(text::buttonText(text));
        button->setObjectName(QLatin1String(objectName));
        connect(button, &QPushButton::clicked, this, [this, work] {
            work();
            close();
        });
        row->addWidget(button);
    };
    if (!explanation.lesson.empty()) {
        const QString id = QString::fromStdString(explanation.lesson);
        add("explainLesson", tr("Lesson %1, step %2").arg(id).arg(explanation.step + 1),
            [this, id, step = explanation.step] { emit lessonWanted(id, step); });
    }
    if (!explanation.term.empty()) {
        const QString term = QString::fromStdString(explanation.term);
        add("explainTerm", tr("Glossary"), [this, term] { emit termWanted(term); });
    }
    row->addStretch();
    static_cast<QVBoxLayout *>(layout())->addLayout(row);
}

void ExplanationPopup::showBeside(const QRect &what)
{
    // Wrapped texts know their height once the width is theirs.
    ensurePolished();
    resize(width(), layout()->heightForWidth(width()));
    const QRect room = screen()->availableGeometry();
    const bool below = what.bottom() + kGap + height() <= room.bottom();
    const int x = std::clamp(what.left(), room.left(), std::max(room.left(), room.right() - width()));
    const int y = below ? what.bottom() + kGap : what.top() - kGap - height();
    move(x, std::max(room.top(), y));
    show();
    setFocus();
}

} // namespace qs::ui
