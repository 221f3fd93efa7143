// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// WelcomePage: what the window shows while no model is open.
#pragma once

#include "ui/pages/page.h"

#include <QScrollArea>

class QBoxLayout;
class QPushButton;

namespace qs::ui {

class Settings;

class WelcomePage : public QScrollArea
{
    Q_OBJECT
public:
    static PageInfo page();
    explicit WelcomePage(Settings *settings, QWidget *parent = nullptr);

    QPushButton *demoButton() const { return m_demo; }

signals:
    /// As ModelLocation::parse() reads it.
    void openRequested(const QString &location);
    void chooseRequested();
    void chooseFolderRequested();

private:
    void buildHead(QBoxLayout *layout);
    void refreshRecent();
    QWidget *recentRow(const QString &path);

    Settings *m_settings;
    QPushButton *m_demo;
    QWidget *m_recent;
};

} // namespace qs::ui
