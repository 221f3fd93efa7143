// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PlotHeader: title, subtitle, legend chips and small tools above a plot.
#pragma once

#include "ui/plots/plot_mark.h"

#include <QAbstractButton>
#include <QLabel>
#include <QList>
#include <QWidget>

class QActionGroup;
class QHBoxLayout;
class QMenu;
class QToolButton;

namespace qs::ui {

/// A label that may be as narrow as it must and ends in "…" then.
class ElidingLabel : public QLabel
{
    Q_OBJECT
public:
    using QLabel::QLabel;
    QSize minimumSizeHint() const override { return {0, QLabel::minimumSizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *event) override;
};

/// One series of the legend; checked while the series is shown.
class LegendChip : public QAbstractButton
{
    Q_OBJECT
public:
    LegendChip(const PlotSeries &series, QWidget *parent);
    QSize sizeHint() const override;
    const PlotSeries &series() const { return m_series; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    PlotSeries m_series;
};

/// The chips beside each other; in as many rows as they need once it is wrapped.
class Legend : public QWidget
{
    Q_OBJECT
public:
    explicit Legend(QWidget *parent);
    /// After chips have come or gone.
    void arrange();
    void setWrapped(bool wrapped);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    int heightForWidth(int width) const override;

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    int place(int width, bool moves) const;
    QList<LegendChip *> chips() const;

    bool m_isWrapped = false;
};

/// When there is little room the subtitle is cut first, then the logarithmic tool is in the menu only; the title stays.
class PlotHeader : public QWidget
{
    Q_OBJECT
public:
    explicit PlotHeader(QWidget *parent);

    void setTexts(const QString &title, const QString &subtitle);
    /// Chips and the same choices in the menu. `visible` parallels `series`.
    void setSeries(const QList<PlotSeries> &series, const QList<bool> &visible);
    void setLogarithmic(bool on);
    /// False: the axis cannot be logarithmic, so nothing offers it.
    void offerLogarithmic(bool on);
    /// Chips only where there is room; the menu has the series always.
    void setLegendVisible(bool visible);

    QMenu *menu() const { return m_menu; }
    /// Actions before this one belong to the plot itself.
    QAction *exportSection() const { return m_exportSection; }

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

signals:
    void resetRequested();
    void logarithmicToggled(bool on);
    void seriesToggled(const QString &key, bool visible);
    void tableRequested();
    void copyRequested();
    void saveRequested(const QString &suffix, int pngScale);

private:
    QToolButton *addTool(const QString &icon, const QString &tip);
    void fillMenu();
    void placeLegend();
    void fitTools();

    QLabel *m_title;
    ElidingLabel *m_subtitle;
    Legend *m_legend;
    bool m_isLegendBelow = false;
    QHBoxLayout *m_tools;
    QToolButton *m_reset;
    QToolButton *m_log;
    QToolButton *m_image;
    QAction *m_logAction = nullptr;
    bool m_offersLog = true;
    bool m_wantsLegend = true;
    QMenu *m_menu;
    QAction *m_exportSection = nullptr;
    QAction *m_seriesEnd = nullptr; ///< separator after the series
    QList<QAction *> m_seriesActions;
};

} // namespace qs::ui
