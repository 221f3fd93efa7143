// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QApplication>
#include <QStyleFactory>

/// The library is static, so nothing else would register its icons. The macro must stay outside of namespaces.
static void initIcons()
{
    Q_INIT_RESOURCE(icons);
}

namespace qs::ui {

Theme Theme::makeLight()
{
    Theme t;
    t.window = "#F3F5F7";
    t.panel = "#FFFFFF";
    t.alternateRow = "#F7F9FA";
    t.plotBand = "#F5F7F9";
    t.border = "#D5DBE1";
    t.controlOutline = "#7A8692";
    t.grid = "#E6EAEE";
    t.text = "#1B2733";
    t.secondaryText = "#5F6B78";
    t.disabledText = "#98A2AC";
    t.accent = "#0B62A8";
    t.onAccent = "#FFFFFF";
    t.schemeA = "#0072B2";
    t.schemeB = "#D55E00";
    t.selectedRow = "#CFE3F3";
    t.selectedBand = "#E3EFF8";
    t.selectionRing = "#111827";
    t.matrix = {"#B35806", "#F1A340", "#F7F7F7", "#67A9CF", "#2166AC"};
    t.good = "#007A5A";
    t.warning = "#9A6700";
    t.error = "#B3261E";
    return t;
}

Theme Theme::makeDark()
{
    Theme t;
    t.dark = true;
    t.window = "#14181D";
    t.panel = "#1B2027";
    t.alternateRow = "#1F252D";
    t.plotBand = "#20262E";
    t.border = "#323A44";
    t.controlOutline = "#7A8692";
    t.grid = "#2A313A";
    t.text = "#E4E9EE";
    t.secondaryText = "#9AA6B2";
    t.disabledText = "#66717C";
    t.accent = "#56B4E9";
    t.onAccent = "#0B1218";
    t.schemeA = "#56B4E9";
    t.schemeB = "#F0A04B";
    t.selectedRow = "#2B4A66";
    t.selectedBand = "#22364A";
    t.selectionRing = "#FFFFFF";
    t.matrix = {"#B35806", "#F1A340", "#20262E", "#67A9CF", "#2166AC"};
    t.good = "#3FC79A";
    t.warning = "#F0C44C";
    t.error = "#FF8A80";
    return t;
}

QPalette Theme::palette() const
{
    QPalette p;
    p.setColor(QPalette::Window, window);
    p.setColor(QPalette::WindowText, text);
    p.setColor(QPalette::Base, panel);
    p.setColor(QPalette::AlternateBase, alternateRow);
    p.setColor(QPalette::Text, text);
    p.setColor(QPalette::Button, window);
    p.setColor(QPalette::ButtonText, text);
    p.setColor(QPalette::BrightText, error);
    p.setColor(QPalette::ToolTipBase, panel);
    p.setColor(QPalette::ToolTipText, text);
    p.setColor(QPalette::Highlight, selectedRow);
    p.setColor(QPalette::HighlightedText, text);
    p.setColor(QPalette::Link, accent);
    p.setColor(QPalette::LinkVisited, accent);
    p.setColor(QPalette::PlaceholderText, secondaryText);
    p.setColor(QPalette::Light, dark ? window.lighter(135) : QColor("#FFFFFF"));
    p.setColor(QPalette::Midlight, border);
    p.setColor(QPalette::Mid, border);
    p.setColor(QPalette::Dark, dark ? QColor("#0D1013") : QColor("#AEB7C0"));
    p.setColor(QPalette::Shadow, QColor(0, 0, 0, 60));
    for (QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, disabledText);
    return p;
}

ThemeManager &ThemeManager::instance()
{
    static ThemeManager manager;
    return manager;
}

ThemeManager::ThemeManager()
    : m_theme(Theme::makeLight())
{
    initIcons();
}

void ThemeManager::setChoice(ThemeChoice choice)
{
    if (!m_styled) {
        // Fusion everywhere, so that every desktop shows the same program.
        m_systemDark = QGuiApplication::palette().color(QPalette::Window).lightnessF() < 0.5f;
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        m_styled = true;
    }
    m_choice = choice;
    const bool dark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && m_systemDark);
    m_theme = dark ? Theme::makeDark() : Theme::makeLight();
    // Both every time: a style sheet does not follow the palette by itself.
    QApplication::setPalette(m_theme.palette());
    qApp->setStyleSheet(m_theme.styleSheet());
    emit changed();
}

} // namespace qs::ui
