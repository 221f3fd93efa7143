// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/presentation.h"

#include "ui/actions/action_registry.h"
#include "ui/plots/plot_panel.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDockWidget>
#include <QMainWindow>

#include <algorithm>

namespace qs::ui {

namespace {

/// Larger than life, so that the last row can read it.
constexpr double kPresentationText = 1.35;

} // namespace

Presentation::Presentation(QMainWindow *window, ActionRegistry *actions)
    : QObject(window)
    , m_window(window)
{
    actions->add({.id = QStringLiteral("view.present"),
                  .text = tr("Prese&ntation"),
                  .tip = tr("Panels hidden, larger text"),
                  .keys = {Qt::Key_F11},
                  .work = [this] { set(!m_isOn); },
                  .checkedWhen = [this] { return m_isOn; }});
}

void Presentation::set(bool on)
{
    if (m_isOn == on)
        return;
    m_isOn = on;
    QFont font = QApplication::font();
    if (on) {
        m_docksBefore = m_window->saveState();
        m_textSize = font.pointSizeF();
        m_focusBefore = QApplication::focusWidget();
        for (QDockWidget *dock : m_window->findChildren<QDockWidget *>())
            dock->hide();
        // Not on whatever comes next in the order: the keys of plots work at once.
        QList<PlotPanel *> plots = m_window->findChildren<PlotPanel *>();
        plots.removeIf([](const PlotPanel *plot) { return !plot->isVisible(); });
        const auto height = [](const PlotPanel *plot) { return plot->mapToGlobal(QPoint()).y(); };
        if (const auto upper = std::ranges::min_element(plots, {}, height); upper != plots.end())
            (*upper)->plotWidget()->setFocus();
    } else {
        m_window->restoreState(m_docksBefore);
        if (m_focusBefore)
            m_focusBefore->setFocus();
    }
    font.setPointSizeF(on ? m_textSize * kPresentationText : m_textSize);
    QApplication::setFont(font);
    // Style sheet, fonts of its own and plots follow a renewed theme.
    ThemeManager::instance().setChoice(ThemeManager::instance().choice());
}

} // namespace qs::ui
