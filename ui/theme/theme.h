// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Colours, palette and style sheet of the two themes, the one object that applies them, and icons that follow them.
#pragma once

#include <QColor>
#include <QIcon>
#include <QObject>
#include <QPalette>
#include <QString>

#include <array>

namespace qs::ui {

/// The colour table. Contrasts of the pairs that carry meaning are checked by a test.
struct Theme {
    bool dark = false;
    QColor window; ///< behind everything
    QColor panel;  ///< background of plots, tables, cards
    QColor alternateRow;
    QColor plotBand;       ///< every second layer in a plot
    QColor border;         ///< of panels, axis lines
    QColor controlOutline; ///< of check boxes and fields
    QColor grid;
    QColor text;
    QColor secondaryText;
    QColor disabledText;
    QColor accent;   ///< focus, links, checked controls
    QColor onAccent; ///< marks and text on accent
    QColor schemeA;
    QColor schemeB;
    QColor selectedRow;
    QColor selectedBand; ///< band of the selected layer in a plot
    QColor selectionRing;
    std::array<QColor, 5> matrix; ///< of the matrix of weights, from the most negative to the most positive
    QColor good;
    QColor warning;
    QColor error;

    QPalette palette() const;
    /// Style sheet of the whole program. Object names it knows: #panel, #panelTitle, #card, #cardValue, #cardKey,
    /// #secondary (grey text), #heading (large, bold), #dockTitle, #messageBar (dynamic property "kind": info, warning,
    /// error, good), #tiny (small tool button), #primary (push button in accent colour).
    QString styleSheet() const;

    static Theme makeLight();
    static Theme makeDark();
};

enum class ThemeChoice { System, Light, Dark };

/// Owns the current theme and puts it on the application. One per program, used from the GUI thread only.
class ThemeManager : public QObject
{
    Q_OBJECT
public:
    static ThemeManager &instance();

    const Theme &current() const { return m_theme; }
    ThemeChoice choice() const { return m_choice; }
    /// Applies Fusion (first time), palette and style sheet to the application, then emits changed(). "System" means
    /// dark when the palette that the application started with was dark.
    void setChoice(ThemeChoice choice);
    void setDark(bool dark) { setChoice(dark ? ThemeChoice::Dark : ThemeChoice::Light); }

signals:
    void changed();

private:
    ThemeManager();

    Theme m_theme;
    ThemeChoice m_choice = ThemeChoice::Light;
    bool m_styled = false;
    bool m_systemDark = false;
};

/// The current theme.
inline const Theme &theme()
{
    return ThemeManager::instance().current();
}

/// Icon ":/icons/NAME.svg" drawn in the given colour of the theme that is current when it is painted, at the size
/// asked for. It needs no renewal on a theme change. Names: see resources/icons.
QIcon themedIcon(const QString &name, QColor Theme::*colour = &Theme::text);

/// What is missing for check marks and arrows, which style sheets take from SVG images: one sentence with the remedy;
/// empty when all is there.
QString missingImagePlugin();

/// The program's own icon, in its fixed colours.
QIcon applicationIcon();

} // namespace qs::ui
