// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// All texts that a window draws, with the sizes that they are drawn at, plots included.
#pragma once

#include "ui/plots/plot_panel.h"

#include <QBuffer>
#include <QFile>
#include <QRegularExpression>
#include <QSvgGenerator>
#include <QTemporaryDir>
#include <QWidget>

namespace qs::test {

struct DrawnText {
    QString words;
    double pixels = 0; ///< of the font, from the lowest to the highest of its letters
};

/// Of a picture in SVG as Qt writes it: the group around a text has its font.
inline QList<DrawnText> textsOf(const QByteArray &svg)
{
    static const QRegularExpression part(
        QStringLiteral("<text[^>]*font-size=\"([0-9.]+)\"[^>]*>([^<]*)|<text[^>]*>([^<]*)|font-size=\"([0-9.]+)\""));
    QList<DrawnText> texts;
    double size = 0;
    for (const auto &match : part.globalMatch(QString::fromUtf8(svg))) {
        if (match.hasCaptured(4))
            size = match.captured(4).toDouble();
        else if (match.hasCaptured(3))
            texts << DrawnText{match.captured(3).trimmed(), size};
        else
            texts << DrawnText{match.captured(2).trimmed(), match.captured(1).toDouble()};
    }
    return texts;
}

/// Of everything in sight.
inline QList<DrawnText> drawnTexts(QWidget &window)
{
    constexpr int kDotsPerInch = 96; // of the offscreen platform
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(window.size());
    generator.setResolution(kDotsPerInch);
    window.render(&generator);
    QList<DrawnText> texts = textsOf(buffer.data());
    // Plots are drawn into pictures first.
    const QTemporaryDir folder;
    for (ui::PlotPanel *plot : window.findChildren<ui::PlotPanel *>()) {
        const QString path = folder.filePath(QStringLiteral("plot.svg"));
        if (!plot->isVisible() || !plot->saveFigure(path))
            continue;
        QFile file(path);
        if (file.open(QIODevice::ReadOnly))
            texts << textsOf(file.readAll());
    }
    texts.removeIf([](const DrawnText &text) { return text.words.isEmpty(); });
    return texts;
}

} // namespace qs::test
