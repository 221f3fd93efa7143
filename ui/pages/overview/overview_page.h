// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// OverviewPage: cards, scales of all channels, errors of all layers, and the line that says what was fed.
#pragma once

#include "ui/pages/page.h"

#include <QWidget>

namespace qs::ui {

class Cards;
class Setup;
class ErrorPlot;
class InputsLine;
class FileChooser;
class ScalePlot;
class Selection;
class Settings;

class OverviewPage : public QWidget
{
    Q_OBJECT
public:
    static PageInfo page();
    OverviewPage(Setup *setup, Selection *selection, FileChooser *chooser, Settings *settings,
                 QWidget *parent = nullptr);

    Cards *cards() const { return m_cards; }
    InputsLine *feedLine() const { return m_feed; }
    ScalePlot *scalePlot() const { return m_scales; }
    ErrorPlot *errorPlot() const { return m_errors; }

private:
    void keepGhosts();

    Cards *m_cards;
    InputsLine *m_feed;
    ScalePlot *m_scales;
    ErrorPlot *m_errors;
};

} // namespace qs::ui
