// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// WelcomePage: what the window shows while no model is open.
#pragma once

#include "ui/pages/page.h"

#include <QScrollArea>

class QAbstractButton;
class QBoxLayout;

namespace qs::ui {

class DemoCard;
class Settings;
class TaskRunner;

class WelcomePage : public QScrollArea
{
    Q_OBJECT
public:
    static PageInfo page();
    /// Without `tasks` nothing is computed for the pictures of the demo models.
    explicit WelcomePage(Settings *settings, TaskRunner *tasks = nullptr, QWidget *parent = nullptr);

    /// What Enter opens on a fresh start.
    QAbstractButton *demoButton() const;

signals:
    /// As ModelLocation::parse() reads it.
    void openRequested(const QString &location);
    void chooseRequested();
    void chooseFolderRequested();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void buildHead(QBoxLayout *layout);
    void buildDemos(QBoxLayout *layout);
    void buildButtons(QBoxLayout *layout);
    void open(const QString &demo);
    void refreshRecent();
    QWidget *recentRow(const QString &path);

    Settings *m_settings;
    TaskRunner *m_tasks;
    QList<DemoCard *> m_cards;
    QWidget *m_recent;
};

} // namespace qs::ui
