// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The four plots in one window, and the mouse on them.
#pragma once

#include "tests/ui/synthetic_report.h"
#include "ui/actions/action_registry.h"
#include "ui/plots/error_plot.h"
#include "ui/plots/plot_actions.h"
#include "ui/plots/rounding_histogram.h"
#include "ui/plots/scale_plot.h"
#include "ui/plots/weight_histogram.h"

#include <QApplication>
#include <QTest>
#include <QVBoxLayout>
#include <QWheelEvent>

namespace qs::test {

/// The four plots in a window, on one selection.
struct PlotWindow {
    ui::Selection selection;
    QWidget widget;
    ui::ActionRegistry actions{&widget};
    ui::ScalePlot *scale = new ui::ScalePlot(&selection);
    ui::ErrorPlot *error = new ui::ErrorPlot(&selection);
    ui::WeightHistogram *weights = new ui::WeightHistogram(&selection);
    ui::RoundingHistogram *rounding = new ui::RoundingHistogram(&selection);

    PlotWindow()
    {
        selection.setShape({128, 256, 128, 1, 9});
        auto *layout = new QVBoxLayout(&widget);
        for (ui::PlotPanel *panel : panels())
            layout->addWidget(panel);
        ui::addPlotActions(actions);
        ui::addStepActions(actions, &selection);
        for (const ui::PlotPanel *panel : panels())
            actions.addPlace(ui::ActionPlace::Plot, panel->plotWidget());
        widget.resize(800, 1200);
        widget.show();
        QVERIFY(QTest::qWaitForWindowActive(&widget));
    }

    QList<ui::PlotPanel *> panels() const { return {scale, error, weights, rounding}; }

    void fill()
    {
        const auto report = syntheticReport();
        scale->setReport(report);
        error->setReport(report);
        weights->setDistribution(syntheticDistribution(4), QStringLiteral("fc2"), Scheme{});
        rounding->setDistribution(syntheticDistribution(4), QStringLiteral("fc2"), Scheme{});
        // Replots are queued, and so are the layouts that they ask for.
        for (int round = 0; round < 3; ++round)
            QCoreApplication::processEvents();
    }
};

inline QPoint at(const ui::PlotPanel *panel, int layer, qint64 channel = -1)
{
    return panel->positionOf(layer, channel).value_or(QPointF()).toPoint();
}

inline void click(const ui::PlotPanel *panel, QPoint pixel)
{
    QTest::mouseClick(panel->plotWidget(), Qt::LeftButton, {}, pixel);
}

inline void wheel(const ui::PlotPanel *panel, QPointF pixel, int notches, Qt::KeyboardModifiers modifiers = {})
{
    QWidget *plot = panel->plotWidget();
    QWheelEvent event(pixel, plot->mapToGlobal(pixel), {}, {0, 120 * notches}, Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(plot, &event);
}

} // namespace qs::test
