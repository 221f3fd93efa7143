// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/presentation.h"

#include "ui/actions/action_registry.h"
#include "ui/document/setup.h"
#include "ui/plots/plot_panel.h"
#include "ui/settings/settings.h"
#include "ui/theme/theme.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QDockWidget>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QScreen>

#include <algorithm>

namespace qs::ui {

namespace {

/// Docks that a class needs: the step, and the layers to tick.
const QStringList &classDocks()
{
    static const QStringList names{QStringLiteral("lessonDock"), QStringLiteral("layersDock")};
    return names;
}

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
{
    addActions(*actions);
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
                 .work = [this] { changeText(chosenText() + kTextStep); },
                 .enabledWhen = isOn});
    actions.add({.id = QStringLiteral("present.smaller"),
                 .text = tr("Smaller text"),
                 .tip = tr("Smaller text while presenting"),
                 .keys = {QKeySequence(tr("Ctrl+-"))},
                 .work = [this] { changeText(chosenText() - kTextStep); },
                 .enabledWhen = isOn});
    actions.add({.id = QStringLiteral("present.usual"),
                 .text = tr("Usual text"),
                 .tip = tr("The first text size of presentations"),
                 .keys = {QKeySequence(tr("Ctrl+0"))},
                 .work = [this] { changeText(SettingsData().presentationText); },
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

int Presentation::chosenText() const
{
    return std::clamp(m_settings->data().presentationText, kSmallestText, kLargestText);
}

void Presentation::changeText(int percent)
{
    SettingsData changed = m_settings->data();
    changed.presentationText = std::clamp(percent, kSmallestText, kLargestText);
    m_settings->set(changed);
    if (m_isOn)
        scaleText(chosenText());
}

/// Style sheet, fonts of its own and plots follow a renewed theme.
void Presentation::scaleText(int percent)
{
    QFont font = QApplication::font();
    font.setPointSizeF(m_textSize * percent / 100);
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
    m_docksBefore = m_window->saveState();
    m_textSize = QApplication::font().pointSizeF();
    m_focusBefore = QApplication::focusWidget();
    m_themeBefore = ThemeManager::instance().choice();
    const auto *lesson = m_window->findChild<QDockWidget *>(classDocks().front());
    const bool isClass = lesson && !lesson->isHidden();
    for (QDockWidget *dock : m_window->findChildren<QDockWidget *>())
        if (!isClass || !classDocks().contains(dock->objectName()))
            dock->hide();
    // The step has its side for itself; what it wants to show comes under the layers.
    if (isClass)
        for (QDockWidget *dock : m_window->findChildren<QDockWidget *>(Qt::FindDirectChildrenOnly))
            if (!classDocks().contains(dock->objectName()) &&
                m_window->dockWidgetArea(dock) == Qt::RightDockWidgetArea) {
                m_window->addDockWidget(Qt::LeftDockWidgetArea, dock);
                dock->hide();
            }
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
    scaleText(chosenText());
}

void Presentation::leave()
{
    qApp->removeEventFilter(this);
    pause(false);
    blacken(false);
    m_window->setWindowState(m_window->windowState() & ~Qt::WindowFullScreen);
    m_window->restoreState(m_docksBefore);
    if (m_focusBefore)
        m_focusBefore->setFocus();
    scaleText(100);
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
    return QObject::eventFilter(watched, event);
}

} // namespace qs::ui
