// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ChipRow: short facts beside each other in rounded frames, each a button with the whole fact as its tip.
#pragma once

#include <QList>
#include <QWidget>

class QToolButton;

namespace qs::ui {

struct Chip {
    QString text;
    QString tip;
};

/// One line: where there is no room, the longest facts are cut first; then the last ones go, and "+2" counts them.
class ChipRow : public QWidget
{
    Q_OBJECT
public:
    explicit ChipRow(QWidget *parent = nullptr);

    void setChips(const QList<Chip> &chips);
    const QList<Chip> &chips() const { return m_chips; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void clicked(QToolButton *chip);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void arrange();
    QToolButton *button(qsizetype index);
    int widthOf(const QString &text) const;

    QList<Chip> m_chips;
    QList<QToolButton *> m_buttons; ///< at least as many as chips; one more counts those that are left out
};

} // namespace qs::ui
