// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NumberLineView: five lines, one under the other, on which a value travels to its code and back.
#pragma once

#include "core/quant/teaching.h"

#include <QRectF>
#include <QTimer>
#include <QWidget>

class QPainter;

namespace qs::ui {

/// All lines have one horizontal scale, so rounding and clamping are seen as moves to the side. Left and right change
/// the step, up and down the value, Home goes to the first step, Space plays all of them.
class NumberLineView : public QWidget
{
    Q_OBJECT
public:
    static constexpr int kSteps = 5;

    explicit NumberLineView(QWidget *parent = nullptr);

    /// `scale` must be finite and not 0.
    void setWalk(float value, const ScaleAndZeroPoint &scale, const Coding &coding, const Teaching &slips = {});
    const ValueWalk &walk() const { return m_walk; }
    /// 1 to kSteps.
    int step() const { return m_step; }
    void setStep(int step);
    void play();
    /// What a step does, in plain words with the numbers.
    QString sentence(int step) const;
    /// Where a value stands on the line of a step.
    QPointF pointOf(int step, double value) const;

    QSize minimumSizeHint() const override;

signals:
    void stepChanged(int step);
    /// Somebody drags the value or presses a key.
    void valueWanted(double value);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    struct Row {
        QString title;
        QString key;             ///< formula under the title
        double value;            ///< where the dot is, in weights
        QString label;           ///< at the dot
        bool isInteger;          ///< ticks are codes
        bool isClamped;          ///< nothing lies beyond the codes any more
        QString shortTitle = {}; ///< for large text; empty: there is none
        QString shortKey = {};
    };

    void updateRange();
    void updateDescription();
    double valueOf(double position) const;
    double positionOf(double value) const;
    double captionHeight() const;
    QRectF rowRect(int step) const;
    double lineLeft() const;
    double lineRight() const;
    double pixelOf(double value) const;
    void wantValueAt(double pixel);
    QString formula() const;
    QList<Row> rows() const;

    void drawRow(QPainter &painter, int step, const Row &row) const;
    void drawTicks(QPainter &painter, const Row &row, double y, int step) const;
    void drawWords(QPainter &painter, const QRectF &room, const QString &words, int step) const;
    void drawBeyond(QPainter &painter, double y) const;
    void drawPath(QPainter &painter, const QList<Row> &all) const;
    void drawDot(QPainter &painter, int step, const Row &row) const;
    void drawError(QPainter &painter, double y) const;
    double lineY(int step) const;

    ScaleAndZeroPoint m_scale;
    Coding m_coding;
    ValueWalk m_walk;
    int m_step = kSteps;
    double m_low = -1; ///< values at both ends of the lines
    double m_high = 1;
    bool m_isDragging = false; ///< the ends stay where they are
    QTimer m_player;
};

} // namespace qs::ui
