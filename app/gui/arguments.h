// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the program was asked for on its command line.
#pragma once

#include "ui/theme/theme.h"

#include <QSize>
#include <QString>
#include <QStringList>

#include <optional>

namespace qs::app {

struct Arguments {
    QString model;             ///< as ModelLocation::parse() reads it; empty: none was given
    QString screenshot;        ///< file to draw the window into; empty: show the window
    std::optional<QSize> size; ///< of pictures; none: what suits them
    QString tab;
    QString lesson;            ///< id of a lesson to begin with; empty: none
    std::size_t step = 0;      ///< of it, from 0
    bool presentation = false; ///< as for a projector
    QString steps;             ///< folder for pictures of all steps and a PDF; empty: none
    QString handOut;           ///< file for the hand-out; empty: none
    bool answers = false;      ///< in the hand-out
    QString convention;        ///< preset whose formulas stand on it; empty: those of the lesson
    QString paperLanguage;     ///< "en", "zh_CN", "both"; empty: that of the window
    QString compared;          ///< a second model, to compare the first one with; empty: none
    std::optional<ui::ThemeChoice> theme;
    std::optional<QString> language; ///< a name of ui::text::languages()
    bool help = false;
    bool version = false;
    QString problem; ///< wrong usage, one sentence; empty otherwise
};

/// Without the program's name.
Arguments parseArguments(const QStringList &words);

QString helpText();
/// Ids of the tabs of the centre, for people: "overview, clipping or file".
QString tabNames();

} // namespace qs::app
