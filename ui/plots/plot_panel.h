// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PlotPanel: what all plots have in common. Header, legend, tools, zoom, hover, keys, export, accessible text.
#pragma once

#include "ui/plots/plot_mark.h"
#include "ui/plots/plot_table.h"
#include "ui/selection/selection.h"

#include <QFrame>
#include <QPointer>
#include <QSet>

#include <functional>
#include <memory>
#include <optional>

class QCustomPlot;
class QLabel;
class QMenu;

namespace qs::ui {

class PlotCanvas;
class PlotHeader;
class PlotNavigation;
class PlotOverlay;

/// Asks for a file to write; an empty text means "cancelled".
using SaveFileChooser =
    std::function<QString(QWidget *parent, const QString &title, const QString &proposal, const QString &filter)>;

/// Of the library that draws the plots: "2.1.0".
QString plotLibraryVersion();

/// A framed plot. An axis that the user has not zoomed always shows everything; a zoomed one keeps its range until
/// resetZoom(). Its keys are in plot_actions.cpp.
class PlotPanel : public QFrame
{
    Q_OBJECT
public:
    ~PlotPanel() override;

    QString title() const { return m_title; }
    QString subtitle() const { return m_subtitle; }
    /// One grey sentence under the title; empty: no line.
    QString note() const { return m_note; }
    /// The sentence in the middle while there is nothing to draw, else empty.
    virtual QString message() const = 0;
    /// What message() says while there is no data.
    void setEmptyMessage(const QString &message);
    /// One computed sentence for people who cannot see the picture.
    virtual QString summary() const = 0;
    virtual PlotTable table() const = 0;

    void setSaveFileChooser(SaveFileChooser chooser);
    /// Draws the content at half strength: the numbers belong to a state that is over.
    void setStale(bool stale);
    /// Everything that is drawn for A is for B: in its colour.
    void setSideB();
    bool isSideB() const { return bool(m_coloursOfB); }
    /// What the legend shows, in the colours that are drawn.
    QList<PlotSeries> shownSeries() const;

    void resetZoom();
    /// Zooms x around the middle; factor > 1 shows less.
    void zoomBy(double factor);
    /// Moves the selected layer into the middle; when it is there already, shows nothing but it.
    void showSelected();
    bool isLogarithmic() const { return m_logarithmic; }
    /// What suits the data; somebody who has chosen keeps his choice.
    void proposeLogarithmic(bool on);
    void setLogarithmic(bool on);
    AxisRange xRange() const;
    AxisRange yRange() const;
    void setXRange(AxisRange range);
    /// What of x is shown, where somebody has zoomed it.
    std::optional<AxisRange> zoomedX() const;
    /// Both plots show the same part from now on, and everything of both when nobody has zoomed.
    void shareAxes(PlotPanel *other);

    /// What the legend lists now. Hidden series are not drawn and grey in the legend.
    virtual QList<PlotSeries> series() const = 0;
    bool isSeriesVisible(const QString &key) const { return !m_hidden.contains(key); }
    void setSeriesVisible(const QString &key, bool visible);

    /// Picture in the light theme with title, axis names and legend, at twice the size.
    void copyImage();
    /// Format by the file name's end: png, svg, pdf, csv. False: figureFailed() has said why.
    bool saveFigure(const QString &path, int pngScale = 2);
    void showTable();
    /// Tools, series and export; also the context menu.
    QMenu *toolsMenu() const;

    /// The widget that has the keyboard focus and gets the mouse.
    QWidget *plotWidget() const;
    /// Where the mark of a layer or channel is drawn, in coordinates of plotWidget(). Channel −1: the layer's band.
    std::optional<QPointF> positionOf(int layer, qint64 channel = -1) const;
    QPointF pixelOf(double x, double y) const;
    /// Text of the box beside what the mouse is over; empty: no box.
    QString readoutBox() const;

signals:
    /// The value under the cursor, for the status bar; empty when there is none.
    void readoutChanged(const QString &text);
    void figureSaved(const QString &path);
    /// One clear sentence.
    void figureFailed(const QString &message);
    void xRangeChanged();
    void yRangeChanged();

protected:
    PlotPanel(const QString &title, Selection *selection, QWidget *parent);

    /// Draws the content into any canvas: the one on screen or the one of an exported figure.
    virtual void draw(PlotCanvas &canvas) const = 0;
    virtual PlotAxes axes() const = 0;
    virtual AxisRange homeX() const = 0;
    virtual AxisRange homeY() const = 0;
    /// Somebody asks to see everything: axes that have grown may shrink.
    virtual void aboutToShowAll();
    /// False where the values have two signs, or are no values at all.
    virtual bool canBeLogarithmic() const { return true; }
    /// The mark under a pixel, if there is one near.
    virtual std::optional<PlotMark> markAt(QPointF pixel) const = 0;
    virtual std::optional<PlotMark> markOf(int layer, qint64 channel) const;
    /// x range of a layer's band, lit up while the layer is hovered in another view.
    virtual std::optional<AxisRange> bandOf(int layer) const;
    virtual void clicked(const PlotMark &mark);
    /// For plots in which only items on kBandsLayer and kSelectionLayer, through PaintedItem::select(), show what is
    /// selected: another selection repaints these two layers alone.
    void paintSelectionApart();

    /// The mouse is over a mark.
    virtual void hovered(const PlotMark &mark);
    /// What is known of the mark under the mouse has changed.
    void hoverAgain();

    const QString &emptyMessage() const { return m_emptyMessage; }
    void setTitle(const QString &title);
    void setSubtitle(const QString &subtitle);
    void setNote(const QString &note);
    /// Adds an own choice to the tools menu, before the export entries.
    void addToolsAction(QAction *action);
    /// Draws everything anew, later in this turn of the event loop and only while the plot is visible. Call it after
    /// the data changed, as often as you like.
    void refresh();
    Selection *selection() const { return m_selection; }
    QPointF coordinatesOf(QPointF pixel) const;
    /// Where data is drawn, in pixels of plotWidget().
    QRect plotArea() const;

    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    friend class PlotNavigation;
    friend class FigureExport;

    void drawInto(PlotCanvas &canvas) const;
    const Theme &colours() const;
    PlotNavigation *companion() const;
    /// Everything, of the companion, too.
    AxisRange wholeX() const;
    AxisRange wholeY() const;
    void updateHeader();
    void updateAccessibleText();
    void updateOverlay();
    void hoverAt(std::optional<QPointF> pixel);
    void clickAt(QPointF pixel);
    enum class Due { Nothing, Selection, Everything };
    void queueReplot(Due due = Due::Everything);
    void paintDue();
    void settle();
    void select();
    void takeSelection(PlotCanvas &canvas) const;
    void saveWithDialog(const QString &suffix, int pngScale);

    QString m_title;
    QString m_subtitle;
    QString m_note;
    QString m_emptyMessage;
    QPointer<Selection> m_selection;
    QCustomPlot *m_plot = nullptr;
    PlotHeader *m_header = nullptr;
    QLabel *m_noteLabel = nullptr;
    PlotNavigation *m_navigation = nullptr;
    std::unique_ptr<PlotOverlay> m_overlay;
    SaveFileChooser m_chooser;
    QSet<QString> m_hidden;
    std::optional<QPointF> m_hoverPixel; ///< where the mouse is, while it is over something
    std::optional<PlotMark> m_hovered;   ///< what it is over
    QPointer<PlotPanel> m_companion;
    std::unique_ptr<Theme> m_coloursOfB; ///< null: those of the theme
    bool m_logarithmic = false;
    bool m_scaleChosen = false; ///< somebody has chosen how the axis counts
    bool m_stale = false;
    bool m_outdated = false; ///< what is drawn is not what the data says
    bool m_selectionApart = false;
    bool m_anySelected = false;  ///< in what is drawn
    Due m_due = Due::Nothing;    ///< what has changed since the last replot
    bool m_replotQueued = false; ///< and the replot is on its way
};

} // namespace qs::ui
