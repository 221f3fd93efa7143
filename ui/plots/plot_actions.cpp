// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_actions.h"

#include "ui/actions/action_registry.h"
#include "ui/plots/plot_panel.h"
#include "ui/selection/selection.h"

#include <QApplication>
#include <QCoreApplication>

namespace qs::ui {

namespace {

constexpr double kKeyZoom = 1.4;

struct PlotActions {
    Q_DECLARE_TR_FUNCTIONS(PlotActions)
};

} // namespace

PlotPanel *focusedPlot()
{
    for (QWidget *widget = QApplication::focusWidget(); widget; widget = widget->parentWidget())
        if (auto *plot = qobject_cast<PlotPanel *>(widget))
            return plot;
    return nullptr;
}

void addPlotActions(ActionRegistry &actions)
{
    const auto add = [&actions](const QString &id, const QString &text, const QString &tip, const QString &icon,
                                const QList<QKeySequence> &keys, const std::function<void(PlotPanel &)> &work) {
        actions.add({.id = id,
                     .text = text,
                     .tip = tip,
                     .icon = icon,
                     .keys = keys,
                     .places = ActionPlace::Plot,
                     .work = [work] {
                         if (PlotPanel *plot = focusedPlot())
                             work(*plot);
                     }});
    };
    add(QStringLiteral("plot.reset"), PlotActions::tr("Show everything"), PlotActions::tr("Reset the zoom of a plot"),
        QStringLiteral("reset"), {kShowEverythingKey}, [](PlotPanel &plot) { plot.resetZoom(); });
    // The plus key without Shift on many keyboards is "=".
    add(QStringLiteral("plot.zoomIn"), PlotActions::tr("Zoom in"), PlotActions::tr("Show less of the x axis"), {},
        {Qt::Key_Plus, Qt::Key_Equal}, [](PlotPanel &plot) { plot.zoomBy(kKeyZoom); });
    add(QStringLiteral("plot.zoomOut"), PlotActions::tr("Zoom out"), PlotActions::tr("Show more of the x axis"), {},
        {Qt::Key_Minus}, [](PlotPanel &plot) { plot.zoomBy(1 / kKeyZoom); });
    add(QStringLiteral("plot.showSelected"), PlotActions::tr("Go to the selected layer"),
        PlotActions::tr("Selected layer into the middle, then nothing but it"), {}, {Qt::Key_F},
        [](PlotPanel &plot) { plot.showSelected(); });
    add(QStringLiteral("plot.logarithmic"), PlotActions::tr("Logarithmic axis"),
        PlotActions::tr("Logarithmic or linear axis"), QStringLiteral("log"), {kLogarithmicKey},
        [](PlotPanel &plot) { plot.setLogarithmic(!plot.isLogarithmic()); });
    add(QStringLiteral("plot.table"), PlotActions::tr("Show as table"),
        PlotActions::tr("Show the numbers of a plot as a table"), QStringLiteral("table"), {kTableKey},
        [](PlotPanel &plot) { plot.showTable(); });
}

void addStepActions(ActionRegistry &actions, Selection *selection)
{
    const auto add = [&](const QString &id, const QString &text, const QString &tip, Qt::Key key,
                         const std::function<void()> &work) {
        actions.add({.id = id,
                     .text = text,
                     .tip = tip,
                     .keys = {key},
                     .places = ActionPlace::Plot | ActionPlace::Table,
                     .work = work,
                     .enabledWhen = [selection] { return selection->layerCount() > 0; }});
    };
    add(QStringLiteral("layer.previous"), PlotActions::tr("Previous layer"), PlotActions::tr("Select the layer before"),
        Qt::Key_Comma, [selection] { selection->stepLayer(-1); });
    add(QStringLiteral("layer.next"), PlotActions::tr("Next layer"), PlotActions::tr("Select the layer after"),
        Qt::Key_Period, [selection] { selection->stepLayer(+1); });
    add(QStringLiteral("channel.previous"), PlotActions::tr("Previous channel"),
        PlotActions::tr("Select the channel before"), Qt::Key_BracketLeft, [selection] { selection->stepChannel(-1); });
    add(QStringLiteral("channel.next"), PlotActions::tr("Next channel"), PlotActions::tr("Select the channel after"),
        Qt::Key_BracketRight, [selection] { selection->stepChannel(+1); });
}

} // namespace qs::ui
