// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ErrorPage: what the window shows when a file could not be opened and no other is open: what, where, which format.
#pragma once

#include "ui/pages/page.h"

#include <QScrollArea>

class QBoxLayout;
class QGridLayout;
class QPushButton;

namespace qs::ui {

class ElidedLabel;
struct OpenProblem;
class WrappedText;

class ErrorPage : public QScrollArea
{
    Q_OBJECT
public:
    static PageInfo page();
    explicit ErrorPage(QWidget *parent = nullptr);

    void showProblem(const OpenProblem &problem);
    /// All of it as lines of text.
    QString text() const;
    QPushButton *chooseButton() const { return m_choose; }

signals:
    void chooseRequested();
    void backRequested();
    /// One of the models of a folder.
    void openRequested(const QString &location);

private:
    struct Row {
        QString name;
        WrappedText *value;
    };

    QFrame *makeFacts();
    QBoxLayout *makeButtons();
    void showChoices(const QStringList &paths);

    ElidedLabel *m_title;
    QGridLayout *m_grid;
    QList<Row> m_rows;
    QPushButton *m_choose;
    QWidget *m_choices;
};

} // namespace qs::ui
