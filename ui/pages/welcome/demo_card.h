// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// DemoCard: a built-in model on the start page, with a small picture of it that really is computed.
#pragma once

#include "ui/document/demo_picture.h"

#include <QAbstractButton>
#include <QTimer>

#include <vector>

namespace qs::ui {

class TaskRunner;

/// A click opens the model. The picture is the scale of each channel; while the mouse is over it, or it has the focus,
/// it goes from 8 bits down to 2, and says what that costs.
class DemoCard : public QAbstractButton
{
    Q_OBJECT
public:
    /// `demo` is the name of the built-in model.
    DemoCard(const QString &demo, const QString &title, const QString &about, QWidget *parent = nullptr);

    QString demo() const { return m_demo; }
    /// Has the picture made, unless it is there. Nothing runs any more after stop().
    void start(TaskRunner *tasks);
    void stop();
    /// What stands below the picture: "8 bits: output error 0.295 %, 3.8× smaller".
    QString caption() const;
    bool hasPicture() const { return !m_pictures.empty(); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void load(const std::vector<int> &bits);
    void play(bool on);
    void step();
    void showCaption();
    void paintPicture(QPainter &painter, const QRect &area) const;

    QString m_demo;
    QString m_about;
    TaskRunner *m_tasks = nullptr;
    std::vector<DemoPicture> m_pictures; ///< by falling bits
    std::size_t m_shown = 0;
    QTimer m_timer;
};

} // namespace qs::ui
