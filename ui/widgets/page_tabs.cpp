// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/page_tabs.h"

#include "ui/theme/theme.h"

#include <QCursor>
#include <QEvent>
#include <QPainter>
#include <QTabBar>

#include <algorithm>

namespace qs::ui {

namespace {

constexpr int kIcon = 20;
constexpr int kIconGap = 3;  // between an icon and its name
constexpr int kPadding = 5;  // above and below both
constexpr int kSide = 8;     // beside the longest name
constexpr int kGroupGap = 9; // above the first tab of a group
constexpr int kMark = 3;     // width of the bar beside the page in front
constexpr int kRadius = 5;
constexpr int kNarrowestPage = 400;

/// The rail: one tab below the other, each as wide as the longest name.
class PageRail final : public QTabBar
{
public:
    explicit PageRail(QWidget *parent)
        : QTabBar(parent)
    {
        setUsesScrollButtons(true); // for fonts that no window has room for
        setElideMode(Qt::ElideNone);
        setIconSize({kIcon, kIcon});
        setAttribute(Qt::WA_Hover);
    }

    /// Height of all tabs.
    int heightOfAll(bool icons) const
    {
        int height = 0;
        for (int i = 0; i < count(); ++i)
            height += tabHeight(i, icons);
        return height;
    }

protected:
    QSize tabSizeHint(int index) const override { return {railWidth(), tabHeight(index, !iconSize().isEmpty())}; }
    QSize minimumTabSizeHint(int index) const override { return tabSizeHint(index); }

    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const int hovered = underMouse() ? tabAt(mapFromGlobal(QCursor::pos())) : -1;
        for (int i = 0; i < count(); ++i)
            paintTab(painter, i, i == hovered);
    }

private:
    /// Names in bold are the widest.
    QFontMetrics metrics() const
    {
        QFont bold = font();
        bold.setBold(true);
        return QFontMetrics(bold);
    }

    int railWidth() const
    {
        int widest = 0;
        for (int i = 0; i < count(); ++i)
            widest = std::max(widest, metrics().horizontalAdvance(tabText(i)));
        return widest + 2 * kSide;
    }

    int gapAbove(int index) const { return tabData(index).toBool() ? kGroupGap : 0; }

    int tabHeight(int index, bool icon) const
    {
        return gapAbove(index) + (icon ? kIcon + kIconGap : 0) + metrics().height() + 2 * kPadding;
    }

    void paintTab(QPainter &painter, int index, bool hovered) const
    {
        const bool inFront = index == currentIndex();
        QRect area = tabRect(index);
        if (const int gap = gapAbove(index)) {
            painter.setPen(theme().border);
            painter.drawLine(area.left() + kSide, area.top() + gap / 2, area.right() - kSide, area.top() + gap / 2);
            area.setTop(area.top() + gap);
        }
        const QRect ground = area.adjusted(kMark, 1, -kMark, -1);
        painter.setPen(inFront && hasFocus() ? QPen(theme().accent, 2) : QPen(Qt::NoPen));
        painter.setBrush(inFront || hovered ? QBrush(theme().selectedBand) : QBrush(Qt::NoBrush));
        painter.drawRoundedRect(ground, kRadius, kRadius);
        if (inFront) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme().accent);
            painter.drawRoundedRect(QRect(area.left(), ground.top() + kPadding, kMark, ground.height() - 2 * kPadding),
                                    1, 1);
        }
        QRect words = area.adjusted(0, kPadding, 0, -kPadding);
        if (!iconSize().isEmpty()) {
            tabIcon(index).paint(&painter, QRect(area.left(), words.top(), area.width(), kIcon));
            words.setTop(words.top() + kIcon + kIconGap);
        }
        QFont font = this->font();
        font.setBold(inFront);
        painter.setFont(font);
        painter.setPen(!isEnabled() ? theme().disabledText : inFront || hovered ? theme().text : theme().secondaryText);
        painter.drawText(words, Qt::AlignCenter, tabText(index));
    }
};

} // namespace

PageTabs::PageTabs(QWidget *parent)
    : QTabWidget(parent)
{
    setTabBar(new PageRail(this));
    setTabPosition(QTabWidget::West);
    setDocumentMode(true);
}

void PageTabs::beginGroup(int index)
{
    tabBar()->setTabData(index, true);
    fit();
}

bool PageTabs::allInSight() const
{
    const QRect first = tabBar()->tabRect(0);
    const QRect last = tabBar()->tabRect(count() - 1);
    return tabBar()->rect().contains(first) && tabBar()->rect().contains(last);
}

QSize PageTabs::minimumSizeHint() const
{
    return {(tabBar()->isHidden() ? 0 : tabBar()->sizeHint().width()) + kNarrowestPage,
            QTabWidget::minimumSizeHint().height()};
}

void PageTabs::fit()
{
    const auto *rail = static_cast<const PageRail *>(tabBar());
    const QSize wanted = rail->heightOfAll(true) <= height() ? QSize(kIcon, kIcon) : QSize(0, 0);
    // Also where it stays the same: the bar measures its tabs anew only then.
    tabBar()->setIconSize(wanted);
}

void PageTabs::resizeEvent(QResizeEvent *event)
{
    fit();
    QTabWidget::resizeEvent(event);
}

void PageTabs::changeEvent(QEvent *event)
{
    QTabWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fit();
}

void PageTabs::tabInserted(int index)
{
    QTabWidget::tabInserted(index);
    fit();
}

} // namespace qs::ui
