// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/wrapped_text.h"

#include <QTextDocument>

#include <cmath>

namespace qs::ui {

namespace {

constexpr int kScrollingLines = 5;

} // namespace

WrappedText::WrappedText(bool fitting, QWidget *parent)
    : QPlainTextEdit(parent)
    , m_fitting(fitting)
{
    setReadOnly(true);
    setUndoRedoEnabled(false);
    // Tab leaves it; the arrow keys move in it.
    setTabChangesFocus(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setFrameShape(QFrame::NoFrame);
    if (!fitting)
        return;
    document()->setDocumentMargin(0);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(this, &QPlainTextEdit::textChanged, this, &QWidget::updateGeometry);
}

/// The document of a plain text edit measures its height in lines.
int WrappedText::heightOfText() const
{
    const double lines = m_fitting ? document()->size().height() : kScrollingLines;
    return static_cast<int>(std::ceil(lines * fontMetrics().lineSpacing() + 2 * document()->documentMargin()));
}

QSize WrappedText::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 40, heightOfText()};
}

QSize WrappedText::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 12, m_fitting ? heightOfText() : 2 * fontMetrics().lineSpacing()};
}

void WrappedText::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    // Another width may need another number of lines.
    if (m_fitting)
        updateGeometry();
}

} // namespace qs::ui
