// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// MessageBar: one sentence above the plots, with what can be done about it; nothing is modal.
#pragma once

#include <QFrame>
#include <QList>

#include <functional>

class QBoxLayout;
class QGridLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace qs::ui {

class MessageBar : public QFrame
{
    Q_OBJECT
public:
    enum class Kind { Info, Good, Warning, Error };

    struct Action {
        QString text;
        std::function<void()> run;
        bool closes = true;
    };

    explicit MessageBar(QWidget *parent = nullptr);

    /// Replaces what was shown. `details`, when not empty, get a button that shows them.
    void show(Kind kind, const QString &sentence, const QList<Action> &actions = {}, const QString &details = {});
    void dismiss();
    QString sentence() const;
    QPushButton *button(const QString &text) const;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();
    void addButton(const QString &text, std::function<void()> run);
    static QString iconOf(Kind kind);

    QLabel *m_icon;
    QLabel *m_sentence;
    QLabel *m_details;
    QGridLayout *m_grid;
    QBoxLayout *m_buttons;
    QToolButton *m_close;
    Kind m_kind = Kind::Info;
};

} // namespace qs::ui
