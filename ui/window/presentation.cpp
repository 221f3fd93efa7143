// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/presentation.h"

#include "ui/actions/action_registry.h"
#include "ui/document/setup.h"
#include "ui/plots/mark_scale.h"
#include "ui/plots/plot_panel.h"
#include "ui/settings/settings.h"
#include "ui/theme/theme.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QScreen>

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

bool takesText(const QWidget *widget)
{
    return qobject_cast<const QLineEdit *>(widget) || qobject_cast<const QAbstractSpinBox *>(widget);
}

} // namespace

Presentation::Presentation(QMainWindow *window, Setup *setup, Settings *settings, ActionRegistry *actions)
    : QObject(window)
    , m_window(window)
    , m_setup(setup)
    , m_settings(settings)
    , m_view(window)
{
    addActions(*actions);
}

Presentation::~Presentation()
{
    if (!m_isOn)
        return;
    setMarkScale(1);
    QFont font = QApplication::font();
    font.setPointSizeF(m_textSize);
    QApplication::setFont(font);
}

void Presentation::addActions(ActionRegistry &actions)
{
    const auto isOn = [this] { return m_isOn; };
    actions.add({.id = QStringLiteral("view.present"),
                 .text = tr("Prese&ntation"),
                 .tip = tr("Whole screen, larger text; 2 to 8 set the bits"),
                 .keys = {Qt::Key_F11, QKeySequence(tr("Ctrl+Shift+F"))}, // a window manager may keep F11
                 .work = [this] { set(!m_isOn); },
                 .checkedWhen = isOn});
    actions.add({.id = QStringLiteral("present.larger"),
                 .text = tr("Larger text"),
                 .tip = tr("Larger text while presenting"),
                 .keys = {QKeySequence(tr("Ctrl++")), QKeySequence(tr("Ctrl+="))},
                 .work = [this] { changeText((shownPercent() / kTextStep + 1) * kTextStep); },
                 .enabledWhen = isOn});
    actions.add({.id = QStringLiteral("present.smaller"),
                 .text = tr("Smaller text"),
                 .tip = tr("Smaller text while presenting"),
                 .keys = {QKeySequence(tr("Ctrl+-"))},
                 .work = [this] { changeText(((shownPercent() - 1) / kTextStep) * kTextStep); },
                 .enabledWhen = isOn});
    actions.add({.id = QStringLiteral("present.usual"),
                 .text = tr("Usual text"),
                 .tip = tr("Text that the last row can read"),
                 .keys = {QKeySequence(tr("Ctrl+0"))},
                 .work = [this] { changeText(0); },
                 .enabledWhen = isOn});
    actions.add({.id = QStringLiteral("present.pause"),
                 .text = tr("Pause results"),
                 .tip = tr("Numbers stay until you press it again"),
                 .keys = {Qt::Key_P},
                 .work = [this] { pause(!m_badge); },
                 .enabledWhen = isOn,
                 .checkedWhen = [this] { return m_badge != nullptr; }});
    actions.add({.id = QStringLiteral("present.black"),
                 .text = tr("Black screen"),
                 .tip = tr("Hides the window from the class"),
                 .keys = {Qt::Key_B},
                 .work = [this] { blacken(!m_black); },
                 .enabledWhen = isOn,
                 .checkedWhen = [this] { return m_black != nullptr; }});
}

/// A whole number of pixels, since fonts are drawn in such.
double Presentation::readablePoints() const
{
    constexpr int kPointsPerInch = 72;
    const double pixels = std::ceil(m_window->height() / double(kLinesOfHeight));
    return std::max(m_textSize, pixels * kPointsPerInch / m_window->logicalDpiY());
}

double Presentation::wantedPoints() const
{
    const int percent = m_settings->data().presentationText;
    return percent > 0 ? m_textSize * std::max(percent, kSmallestText) / 100 : readablePoints();
}

int Presentation::shownPercent() const
{
    return qRound(100 * QApplication::font().pointSizeF() / m_textSize);
}

/// 0 stands for what is readable.
void Presentation::changeText(int percent)
{
    // On high screens what is readable is large already.
    const int readable = static_cast<int>(100 * readablePoints() / m_textSize);
    const int largest = std::max(kLargestText, readable + 2 * kTextStep);
    SettingsData changed = m_settings->data();
    changed.presentationText = percent > 0 ? std::clamp(percent, kSmallestText, largest) : 0;
    m_settings->set(changed);
    followHeight();
}

void Presentation::followHeight()
{
    if (!m_isOn || QApplication::font().pointSizeF() == wantedPoints())
        return;
    setText(wantedPoints());
    m_view.arrange();
}

/// Style sheet, fonts of its own and plots follow a renewed theme.
void Presentation::setText(double points)
{
    setMarkScale(points / m_textSize);
    QFont font = QApplication::font();
    font.setPointSizeF(points);
    QApplication::setFont(font);
    ThemeManager::instance().setChoice(ThemeManager::instance().choice());
}

void Presentation::set(bool on)
{
    if (m_isOn == on)
        return;
    m_isOn = on;
    if (on)
        enter();
    else
        leave();
}

void Presentation::enter()
{
    m_textSize = QApplication::font().pointSizeF();
    m_focusBefore = QApplication::focusWidget();
    m_themeBefore = ThemeManager::instance().choice();
    m_view.take();
    // A window that is larger than its screen is drawn for somebody else.
    const QSize screen = m_window->screen()->size();
    if (m_window->width() <= screen.width() && m_window->height() <= screen.height())
        m_window->setWindowState(m_window->windowState() | Qt::WindowFullScreen);
    // Projectors wash dark colours out; who has chosen them keeps them.
    if (m_themeBefore == ThemeChoice::System)
        ThemeManager::instance().setChoice(ThemeChoice::Light);
    // Not on whatever comes next in the order: the keys of plots work at once.
    QList<PlotPanel *> plots = m_window->findChildren<PlotPanel *>();
    plots.removeIf([](const PlotPanel *plot) { return !plot->isVisible(); });
    const auto height = [](const PlotPanel *plot) { return plot->mapToGlobal(QPoint()).y(); };
    if (const auto upper = std::ranges::min_element(plots, {}, height); upper != plots.end())
        (*upper)->plotWidget()->setFocus();
    qApp->installEventFilter(this);
    setText(wantedPoints());
    m_view.arrange();
}

void Presentation::leave()
{
    qApp->removeEventFilter(this);
    pause(false);
    blacken(false);
    // First: all panels in large text would make the window wider.
    setText(m_textSize);
    m_window->setWindowState(m_window->windowState() & ~Qt::WindowFullScreen);
    m_view.bringBack();
    if (m_focusBefore)
        m_focusBefore->setFocus();
    ThemeManager::instance().setChoice(m_themeBefore);
}

void Presentation::pause(bool on)
{
    delete m_badge;
    m_setup->analysisJob().setPaused(on);
    if (!on)
        return;
    auto *badge = new QLabel(tr("Paused – P goes on"), m_window);
    badge->setObjectName(QStringLiteral("pausedBadge"));
    badge->setAlignment(Qt::AlignCenter);
    badge->setAutoFillBackground(true);
    badge->setBackgroundRole(QPalette::Highlight);
    badge->setForegroundRole(QPalette::HighlightedText);
    badge->setMargin(8);
    badge->adjustSize();
    badge->move((m_window->width() - badge->width()) / 2, 0);
    badge->show();
    m_badge = badge;
}

void Presentation::blacken(bool on)
{
    delete m_black;
    if (!on)
        return;
    auto *black = new QWidget(m_window);
    black->setObjectName(QStringLiteral("blackScreen"));
    black->setAutoFillBackground(true);
    black->setPalette(QPalette(Qt::black));
    black->setStyleSheet(QStringLiteral("background: black"));
    black->setAccessibleName(tr("Black screen"));
    black->setGeometry(m_window->rect());
    black->show();
    black->raise();
    m_black = black;
}

bool Presentation::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const int bits = key->key() - Qt::Key_0;
        const bool isBits = bits >= kMinBits && bits <= kMaxBits && !(key->modifiers() & ~Qt::KeypadModifier);
        if (isBits && m_setup->model() && watched->isWidgetType() && !takesText(QApplication::focusWidget())) {
            // Taken from the keys of tabs first, then used once.
            event->accept();
            if (event->type() == QEvent::KeyPress) {
                Scheme scheme = m_setup->recipe().scheme;
                scheme.bits = bits;
                changeScheme(*m_setup, scheme);
            }
            return true;
        }
    }
    // Later: whoever lays out the window at its new size is not done yet.
    if (watched == m_window && event->type() == QEvent::Resize)
        QMetaObject::invokeMethod(this, &Presentation::followHeight, Qt::QueuedConnection);
    return QObject::eventFilter(watched, event);
}

} // namespace qs::ui
