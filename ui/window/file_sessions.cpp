// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/file_sessions.h"

#include "ui/document/document.h"
#include "ui/plots/plot_panel.h"
#include "ui/selection/selection.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/snapshots.h"

#include <QJsonArray>

#include <algorithm>

namespace qs::ui {

namespace {

QString jsonOf(const Recipe &recipe)
{
    return QString::fromStdString(toJson(recipe, true));
}

} // namespace

FileSessions::FileSessions(const QString &folder, const Parts &parts, QObject *parent)
    : QObject(parent)
    , m_store(folder)
    , m_parts(parts)
{
    connect(parts.setup, &Setup::changed, this, [this](Changes changes) {
        if ((changes & Change::Analysis) && m_parts.setup->analysis() == Setup::Analysis::Done)
            restoreZoom();
    });
}

void FileSessions::save()
{
    const Setup &setup = *m_parts.setup;
    if (!setup.model())
        return;
    QJsonObject session;
    // A recipe that somebody chose not to keep does not come back.
    if (!setup.document().hasUnsavedEdits() && setup.recipe() != defaultRecipe(*setup.model()))
        session.insert(QStringLiteral("recipe"), jsonOf(setup.recipe()));
    QJsonArray snapshots;
    for (const Snapshot &snapshot : m_parts.snapshots->all())
        snapshots.append(
            QJsonObject{{QStringLiteral("name"), snapshot.name}, {QStringLiteral("recipe"), jsonOf(*snapshot.recipe)}});
    session.insert(QStringLiteral("snapshots"), snapshots);
    session.insert(QStringLiteral("layer"), m_parts.selection->layer());
    session.insert(QStringLiteral("channel"), m_parts.selection->channel());
    session.insert(QStringLiteral("tab"), m_parts.tab());
    session.insert(QStringLiteral("filter"), m_parts.filter());
    const InputsSource &fed = setup.document().inputs().source();
    if (!fed.isOwn())
        session.insert(QStringLiteral("inputs"),
                       QJsonObject{{QStringLiteral("array"), fed.inputs},
                                   {QStringLiteral("labels"), fed.labels},
                                   {QStringLiteral("pictures"), QJsonArray::fromStringList(fed.pictures)},
                                   {QStringLiteral("scale"), static_cast<int>(fed.scale)}});
    QJsonObject zoom;
    const QMap<QString, PlotPanel *> plots = m_parts.plots();
    for (auto plot = plots.begin(); plot != plots.end(); ++plot)
        if (const auto range = plot.value()->zoomedX())
            zoom.insert(plot.key(), QJsonArray{range->lower, range->upper});
    session.insert(QStringLiteral("zoom"), zoom);
    m_store.write(setup.document().location(), session);
}

void FileSessions::restore()
{
    Setup &setup = *m_parts.setup;
    m_zoom = {};
    const QJsonObject session = m_store.read(setup.document().location());
    if (session.isEmpty())
        return;
    for (const QJsonValue &value : session[QStringLiteral("snapshots")].toArray()) {
        auto recipe = recipeFromJson(value[QStringLiteral("recipe")].toString().toStdString(), "session");
        if (recipe)
            m_parts.snapshots->add(
                {value[QStringLiteral("name")].toString(), std::make_shared<const Recipe>(std::move(*recipe)), {}});
    }
    const bool hasRecipe = restoreRecipe(session);
    const int layer = session[QStringLiteral("layer")].toInt(-1);
    const auto channel = static_cast<qint64>(session[QStringLiteral("channel")].toDouble(-1));
    if (layer >= 0 && layer < m_parts.selection->layerCount())
        m_parts.selection->setCurrent(layer, channel < m_parts.selection->channelCount(layer) ? channel : -1);
    m_parts.showTab(session[QStringLiteral("tab")].toString());
    m_parts.showFilter(session[QStringLiteral("filter")].toString());
    restoreInputs(session);
    m_zoom = session[QStringLiteral("zoom")].toObject();
    if (hasRecipe)
        m_parts.messages->show(MessageBar::Kind::Info, tr("The recipe of the last time is in force again."),
                               {{tr("Start afresh"), [&setup] { setup.document().undoStack().undo(); }}});
}

bool FileSessions::restoreRecipe(const QJsonObject &session)
{
    Setup &setup = *m_parts.setup;
    const QString text = session[QStringLiteral("recipe")].toString();
    if (text.isEmpty())
        return false;
    const auto recipe = recipeFromJson(text.toStdString(), "session");
    if (!recipe || *recipe == setup.recipe() || !setup.edit([] { return tr("Restore the last session"); }, *recipe))
        return false;
    setup.document().undoStack().setClean();
    return true;
}

void FileSessions::restoreInputs(const QJsonObject &session)
{
    const QJsonObject inputs = session[QStringLiteral("inputs")].toObject();
    InputsSource source;
    source.inputs = inputs[QStringLiteral("array")].toString();
    source.labels = inputs[QStringLiteral("labels")].toString();
    for (const QJsonValue &picture : inputs[QStringLiteral("pictures")].toArray())
        source.pictures << picture.toString();
    const int scale = inputs[QStringLiteral("scale")].toInt();
    source.scale = static_cast<PixelScale>(std::clamp(scale, 0, static_cast<int>(PixelScale::Bytes)));
    Setup &setup = *m_parts.setup;
    setup.document().inputs().restore(source, setup.model(), setup.recipe().activation);
}

/// Ranges mean something only where there is something to be seen.
void FileSessions::restoreZoom()
{
    if (m_zoom.isEmpty())
        return;
    const QMap<QString, PlotPanel *> plots = m_parts.plots();
    for (auto plot = plots.begin(); plot != plots.end(); ++plot) {
        const QJsonArray range = m_zoom[plot.key()].toArray();
        if (range.size() == 2 && range[0].toDouble() < range[1].toDouble())
            plot.value()->setXRange({range[0].toDouble(), range[1].toDouble()});
    }
    m_zoom = {};
}

} // namespace qs::ui
