// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// WrappedText: text from files that can be selected; breaks anywhere, so that no long name sets the width.
#pragma once

#include <QPlainTextEdit>

namespace qs::ui {

class WrappedText : public QPlainTextEdit
{
    Q_OBJECT
public:
    /// `fitting`: as high as its text needs, without a frame, like a label. Else it scrolls.
    explicit WrappedText(bool fitting, QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    int heightOfText() const;

    bool m_fitting;
};

} // namespace qs::ui
