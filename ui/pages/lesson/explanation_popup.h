// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ExplanationPopup: what a number means, its formula with the numbers put in, and where to learn more.
#pragma once

#include "core/lessons/explanation.h"

#include <QFrame>
#include <QString>

namespace qs::ui {

/// Goes when something else is clicked, and with Esc.
class ExplanationPopup : public QFrame
{
    Q_OBJECT
public:
    /// `filled`: the formula with its numbers and what it gives; empty where there are none.
    ExplanationPopup(const Explanation &explanation, const QString &filled, QWidget *parent);

    /// Beside a rectangle of the screen, and inside the screen.
    void showBeside(const QRect &what);

signals:
    void lessonWanted(const QString &id, std::size_t step);
    void termWanted(const QString &term);

private:
    void addText(const char *objectName, const QString &text);
    void addLinks(const Explanation &explanation);
};

} // namespace qs::ui
