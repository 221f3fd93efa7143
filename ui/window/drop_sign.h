// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// DropSign: what the window says while a file is dragged over it: where it would be opened.
#pragma once

#include <QWidget>

namespace qs::ui {

/// Covers its parent while it is shown. The right half means "as B" when there is a model to compare with.
class DropSign : public QWidget
{
    Q_OBJECT
public:
    explicit DropSign(QWidget *parent);

    void begin(bool canCompare);
    void moveTo(QPoint position);
    void end();
    /// Whether a file that is dropped there, in coordinates of the parent, is to be B.
    bool isForB(QPoint position) const;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    bool m_canCompare = false;
    QPoint m_position;
};

} // namespace qs::ui
