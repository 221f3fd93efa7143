// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/figure_export.h"

#include "ui/plots/plot_canvas.h"
#include "ui/plots/plot_panel.h"

#include <QApplication>
#include <QFileInfo>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

namespace qs::ui {

namespace {

constexpr QSize kSmallestFigure(640, 300);
constexpr int kScreenDpi = 96; // of PDF and SVG, so that text keeps its proportion to the drawing
constexpr int kMargin = 12;

/// Title, subtitle, note and legend above the axes.
class FigureHead final : public QCPLayoutElement
{
public:
    FigureHead(QCustomPlot &plot, const PlotPanel &panel, const Theme &theme, int width)
        : QCPLayoutElement(&plot)
        , m_title(panel.title())
        , m_subtitle(panel.subtitle())
        , m_note(panel.note())
        , m_theme(theme)
    {
        setLayer(QStringLiteral("legend"));
        for (const PlotSeries &one : panel.shownSeries())
            if (panel.isSeriesVisible(one.key))
                m_series.append(one);
        m_titleFont = QApplication::font();
        m_titleFont.setBold(true);
        const int height = layOut(nullptr, width) + 4;
        setMinimumSize(1, height);
        setMaximumSize(QWIDGETSIZE_MAX, height);
    }

protected:
    void draw(QCPPainter *painter) override
    {
        painter->setAntialiasing(true);
        layOut(painter, parentPlot()->viewport().width());
    }

private:
    /// Draws, or only measures without a painter; both the same way. Returns the height.
    int layOut(QCPPainter *painter, int width) const
    {
        const QFontMetrics bold(m_titleFont);
        const QFont font = QApplication::font();
        const QFontMetrics metrics(font);
        const int right = width - kMargin;
        int y = rect().top();
        const auto write = [&](const QString &text, const QFont &with, const QColor &colour, int x, int lineHeight) {
            if (!painter)
                return;
            painter->setFont(with);
            painter->setPen(colour);
            const QString shown = QFontMetrics(with).elidedText(text, Qt::ElideRight, right - x);
            painter->drawText(QRect(x, y, right - x, lineHeight), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                              shown);
        };
        const int line = std::max(bold.lineSpacing(), metrics.lineSpacing()) + 2;
        write(m_title, m_titleFont, m_theme.text, kMargin, line);
        write(m_subtitle, font, m_theme.secondaryText, kMargin + bold.horizontalAdvance(m_title) + 10, line);
        y += line;
        if (!m_note.isEmpty()) {
            write(m_note, font, m_theme.secondaryText, kMargin, line);
            y += line;
        }
        int x = kMargin;
        for (const PlotSeries &one : m_series) {
            const int needed = 24 + metrics.horizontalAdvance(one.name);
            if (x > kMargin && x + needed > right) {
                x = kMargin;
                y += line;
            }
            if (painter)
                paintGlyph(*painter, QRectF(x, y, 20, line), one.glyph, m_theme.*one.colour, m_theme.panel);
            x += 24;
            write(one.name, font, m_theme.secondaryText, x, line);
            x += needed - 24 + 16;
        }
        return y + (m_series.isEmpty() ? 0 : line) - rect().top();
    }

    QString m_title;
    QString m_subtitle;
    QString m_note;
    QList<PlotSeries> m_series;
    QFont m_titleFont;
    const Theme &m_theme;
};

} // namespace

namespace {

Theme lightColours(bool sideB)
{
    Theme theme = Theme::makeLight();
    if (sideB)
        theme.schemeA = theme.schemeB;
    return theme;
}

} // namespace

FigureExport::FigureExport(const PlotPanel &panel)
    : m_panel(panel)
    , m_theme(lightColours(panel.isSideB()))
    , m_plot(std::make_unique<QCustomPlot>())
{
    QCustomPlot &plot = *m_plot;
    plot.setAutoAddPlottableToLegend(false);
    m_size = panel.plotWidget()->size().expandedTo(kSmallestFigure);
    auto *head = new FigureHead(plot, panel, m_theme, m_size.width());
    m_size.rheight() += head->minimumSize().height() + kMargin;
    plot.plotLayout()->insertRow(0);
    plot.plotLayout()->addElement(0, 0, head);
    plot.plotLayout()->setMargins(QMargins(0, kMargin, 0, 6));
    plot.plotLayout()->setRowSpacing(4);

    PlotCanvas canvas(plot, m_theme);
    canvas.exporting = true;
    panel.drawInto(canvas);
    const AxisRange x = panel.xRange();
    const AxisRange y = panel.yRange();
    plot.xAxis->setRange(x.lower, x.upper);
    plot.yAxis->setRange(y.lower, y.upper);
}

FigureExport::~FigureExport() = default;

QImage FigureExport::image(int scale) const
{
    return m_plot->toPixmap(m_size.width(), m_size.height(), scale).toImage();
}

QString FigureExport::save(const QString &path, int pngScale) const
{
    const QString name = QFileInfo(path).fileName();
    const QString suffix = QFileInfo(path).suffix().toLower();
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return PlotPanel::tr("“%1” cannot be written: %2").arg(name, file.errorString());
    bool written = false;
    if (suffix == u"png")
        written = writePng(file, pngScale);
    else if (suffix == u"svg")
        written = writeSvg(file);
    else if (suffix == u"pdf")
        written = writePdf(file);
    else if (suffix == u"csv")
        written = file.write(m_panel.table().toCsv()) >= 0;
    else
        return PlotPanel::tr("“%1” cannot be written: the name must end in .png, .svg, .pdf or .csv").arg(name);
    if (!written || !file.commit())
        return PlotPanel::tr("“%1” cannot be written: %2").arg(name, file.errorString());
    return {};
}

bool FigureExport::writePng(QIODevice &device, int scale) const
{
    return image(scale).save(&device, "PNG");
}

bool FigureExport::writeSvg(QIODevice &device) const
{
    QSvgGenerator generator;
    generator.setOutputDevice(&device);
    generator.setSize(m_size);
    generator.setViewBox(QRect(QPoint(), m_size));
    generator.setResolution(kScreenDpi);
    generator.setTitle(m_panel.title());
    QCPPainter painter;
    if (!painter.begin(&generator))
        return false;
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    m_plot->toPainter(&painter, m_size.width(), m_size.height());
    return painter.end();
}

bool FigureExport::writePdf(QIODevice &device) const
{
    QPdfWriter writer(&device);
    writer.setTitle(m_panel.title());
    writer.setCreator(QStringLiteral("Quantoscope"));
    const QSizeF points(m_size.width() * 72.0 / kScreenDpi, m_size.height() * 72.0 / kScreenDpi);
    writer.setPageSize(QPageSize(points, QPageSize::Point, {}, QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    writer.setResolution(kScreenDpi);
    QCPPainter painter;
    if (!painter.begin(&writer))
        return false;
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    m_plot->toPainter(&painter, m_size.width(), m_size.height());
    return painter.end();
}

} // namespace qs::ui
