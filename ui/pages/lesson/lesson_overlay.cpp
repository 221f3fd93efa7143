// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lesson/lesson_overlay.h"

#include "ui/theme/theme.h"

#include <QDockWidget>
#include <QEvent>
#include <QPainter>
#include <QPainterPath>
#include <QSplitter>
#include <QTabWidget>
#include <QWidget>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

constexpr int kMargin = 3;
constexpr double kPen = 3;
constexpr double kArrow = 14;
constexpr double kLow = 120;
/// Property of parts that have more to show than answers.
constexpr auto kCovered = "answersCovered";

/// Lies over all of another widget and follows its size.
class Over : public QWidget
{
public:
    Over(QWidget *under, QWidget *parent)
        : QWidget(parent)
        , m_under(under)
    {
        for (QWidget *widget = under; widget && widget != parent; widget = widget->parentWidget())
            widget->installEventFilter(this);
        parent->installEventFilter(this);
        follow();
        show();
        raise();
    }

protected:
    virtual QRect place(const QRect &under) const { return under; }

    void follow()
    {
        if (!m_under)
            return;
        setGeometry(place({m_under->mapTo(parentWidget(), QPoint()), m_under->size()}));
        setVisible(m_under->isVisibleTo(parentWidget()));
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        switch (event->type()) {
        case QEvent::Resize:
        case QEvent::Move:
        case QEvent::Show:
        case QEvent::Hide:
        case QEvent::LayoutRequest:
            QMetaObject::invokeMethod(this, [this] { follow(); }, Qt::QueuedConnection);
            break;
        default:
            break;
        }
        return QWidget::eventFilter(watched, event);
    }

private:
    QPointer<QWidget> m_under;
};

class Ring final : public Over
{
public:
    Ring(QWidget *target, QWidget *window)
        : Over(target, window)
    {
        setAttribute(Qt::WA_TransparentForMouseEvents);
        setObjectName(QStringLiteral("lessonRing"));
        follow();
    }

protected:
    QRect place(const QRect &under) const override
    {
        return under.adjusted(-kMargin, -kMargin, kMargin, kMargin).intersected(parentWidget()->rect());
    }

    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme().selectionRing, kPen));
        const double inset = kPen / 2;
        const QRectF frame = QRectF(rect()).adjusted(inset, inset, -inset, -inset);
        painter.drawRoundedRect(frame, 7, 7);
        // An arrow that points down into the ring, from the middle of its upper side; in low ones beside the words.
        const bool isLow = frame.height() < kLow;
        const QPointF tip(isLow ? frame.right() - 2 * kArrow : frame.center().x(), frame.top() + kArrow + kPen);
        QPainterPath arrow(tip);
        arrow.lineTo(tip + QPointF(-kArrow * 0.7, -kArrow));
        arrow.lineTo(tip + QPointF(kArrow * 0.7, -kArrow));
        arrow.closeSubpath();
        painter.fillPath(arrow, theme().selectionRing);
    }
};

/// What its title stands in, so that a class sees what is covered: of a card its key, of a plot its header.
const QWidget *titleOf(const QWidget *part)
{
    if (const auto *key = part->findChild<QWidget *>(QStringLiteral("cardKey"), Qt::FindDirectChildrenOnly))
        return key;
    const auto *title = part->findChild<QWidget *>(QStringLiteral("panelTitle"));
    return title && title->parentWidget()->parentWidget() == part ? title : nullptr;
}

class Cover final : public Over
{
public:
    explicit Cover(QWidget *answer)
        : Over(answer, answer)
        , m_title(titleOf(answer))
    {
        setObjectName(QStringLiteral("lessonCover"));
        setAccessibleName(LessonOverlay::tr("Covered until the answer is revealed"));
        follow();
    }

protected:
    QRect place(const QRect &under) const override
    {
        const int top = m_title ? m_title->mapTo(parentWidget(), QPoint(0, m_title->height())).y() : 0;
        return under.adjusted(0, top, 0, 0);
    }

    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), theme().selectedBand);
        QFont large = font();
        large.setPointSizeF(std::clamp(height() / 4.0, font().pointSizeF(), 4 * font().pointSizeF()));
        large.setBold(true);
        painter.setFont(large);
        painter.setPen(theme().secondaryText);
        painter.drawText(rect(), Qt::AlignCenter, QStringLiteral("?"));
    }

private:
    QPointer<const QWidget> m_title;
};

/// Opens the dock and the tab that a widget is in. Returns the dock when it was closed before.
QDockWidget *bringToFront(QWidget *widget)
{
    QDockWidget *opened = nullptr;
    for (QWidget *inner = widget, *outer = widget->parentWidget(); outer;
         inner = outer, outer = outer->parentWidget()) {
        if (auto *dock = qobject_cast<QDockWidget *>(outer)) {
            opened = dock->isHidden() ? dock : nullptr;
            dock->show();
            dock->raise();
        }
        // Between a page and its tabs there is a stack.
        if (auto *tabs = qobject_cast<QTabWidget *>(outer->parentWidget()); tabs && tabs->indexOf(inner) >= 0)
            tabs->setCurrentWidget(inner);
    }
    return opened;
}

/// In a presentation plots that share a page are too low for large text: one of them stays, the one that a step wants.
void showOnePlot(QWidget *window, const QWidget *wanted, QList<QPointer<QWidget>> &hidden)
{
    if (!window->property("presenting").toBool())
        return;
    for (const QSplitter *splitter : window->findChildren<QSplitter *>()) {
        QWidget *stays = nullptr;
        for (int i = 0; i < splitter->count(); ++i)
            if (splitter->widget(i)->property("target").isValid() && (!stays || stays != wanted))
                stays = splitter->widget(i);
        for (int i = 0; stays && i < splitter->count(); ++i)
            if (splitter->widget(i) != stays) {
                splitter->widget(i)->hide();
                hidden << splitter->widget(i);
            }
    }
}

} // namespace

QWidget *findTarget(QWidget *window, const QString &name)
{
    if (name.isEmpty())
        return nullptr;
    const QList<QWidget *> all = window->findChildren<QWidget *>();
    const auto found =
        std::ranges::find_if(all, [&](const QWidget *widget) { return widget->property("target").toString() == name; });
    return found != all.end() ? *found : window->findChild<QWidget *>(name);
}

LessonOverlay::LessonOverlay(QObject *parent)
    : QObject(parent)
{}

LessonOverlay::~LessonOverlay()
{
    clear();
}

void LessonOverlay::clear()
{
    delete m_ring;
    for (const QPointer<QWidget> &plot : std::exchange(m_hidden, {}))
        if (plot)
            plot->show();
    for (const QPointer<QWidget> &cover : std::as_const(m_covers))
        delete cover;
    m_covers.clear();
    for (const QPointer<QWidget> &part : std::exchange(m_covering, {}))
        if (part)
            part->setProperty(kCovered, false);
}

void LessonOverlay::show(QWidget *window, const QString &target, const QList<QString> &covered)
{
    clear();
    QWidget *shown = findTarget(window, target);
    // What another step has opened would take the room of this one.
    if (m_opened && shown && !m_opened->isAncestorOf(shown))
        m_opened->hide();
    showOnePlot(window, shown, m_hidden);
    if (shown) {
        if (QDockWidget *dock = bringToFront(shown))
            m_opened = dock;
        m_ring = new Ring(shown, window);
    }
    for (const QString &name : covered) {
        QWidget *widget = findTarget(window, name);
        if (widget && widget->property(kCovered).isValid()) {
            widget->setProperty(kCovered, true);
            m_covering << widget;
        } else if (widget) {
            m_covers << new Cover(widget);
        }
    }
}

} // namespace qs::ui
