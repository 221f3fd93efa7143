// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PageTabs: pages with a rail of icons and names at their left, so that every name is in sight in a narrow window.
#pragma once

#include <QTabWidget>

namespace qs::ui {

/// Names stand below their icons; where that is too high, the icons go.
class PageTabs : public QTabWidget
{
    Q_OBJECT
public:
    explicit PageTabs(QWidget *parent = nullptr);

    /// A line is drawn above that tab.
    void beginGroup(int index);
    /// Every name can be read, none needs arrows.
    bool allInSight() const;
    /// Pages may become narrower than they would like: else the widest of them, in sight or not, would hold the window.
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void tabInserted(int index) override;

private:
    void fit();
};

} // namespace qs::ui
