// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ElidedLabel: one line of text that is cut with "…" where there is no room, and then shown whole as a tool tip.
#pragma once

#include <QLabel>

namespace qs::ui {

class ElidedLabel : public QLabel
{
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget *parent = nullptr);

    QSize minimumSizeHint() const override;
    /// For remarks: rather nothing than half of it.
    void setAllOrNothing(bool on) { m_allOrNothing = on; }
    /// Where the "…" goes; at the end unless told.
    void setElideMode(Qt::TextElideMode mode) { m_mode = mode; }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    bool isCut() const;

    bool m_allOrNothing = false;
    Qt::TextElideMode m_mode = Qt::ElideRight;
};

} // namespace qs::ui
