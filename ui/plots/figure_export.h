// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// FigureExport: a plot as a figure that stands alone: title row, axis names, legend, in the light theme.
#pragma once

#include "ui/theme/theme.h"

#include <QImage>
#include <QSize>
#include <QString>

#include <memory>

class QCustomPlot;
class QIODevice;

namespace qs::ui {

class PlotPanel;

/// Draws the panel's content into a plot of its own that is never shown, with the ranges that the panel shows now.
class FigureExport
{
public:
    explicit FigureExport(const PlotPanel &panel);
    ~FigureExport();

    QImage image(int scale) const;
    /// By the end of the file name: png, svg, pdf, csv. Returns why it failed, or an empty text.
    QString save(const QString &path, int pngScale) const;

private:
    bool writePng(QIODevice &device, int scale) const;
    bool writeSvg(QIODevice &device) const;
    bool writePdf(QIODevice &device) const;

    const PlotPanel &m_panel;
    const Theme m_theme;
    std::unique_ptr<QCustomPlot> m_plot;
    QSize m_size;
};

} // namespace qs::ui
