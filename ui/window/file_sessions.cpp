// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/file_sessions.h"

#include "ui/document/document.h"
#include "ui/selection/selection.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/snapshots.h"

#include <QJsonArray>

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
{}

void FileSessions::save()
{
    const Setup &setup = *m_parts.setup;
    if (!setup.model())
        return;
    QJsonObject session;
    // A recipe that somebody chose not to keep does not come back.
    if (setup.document().undoStack().isClean() && setup.recipe() != defaultRecipe(*setup.model()))
        session.insert(QStringLiteral("recipe"), jsonOf(setup.recipe()));
    QJsonArray snapshots;
    for (const Snapshot &snapshot : m_parts.snapshots->all())
        snapshots.append(QJsonObject{{QStringLiteral("name"), snapshot.name},
                                     {QStringLiteral("recipe"), jsonOf(*snapshot.recipe)}});
    session.insert(QStringLiteral("snapshots"), snapshots);
    session.insert(QStringLiteral("layer"), m_parts.selection->layer());
    session.insert(QStringLiteral("channel"), m_parts.selection->channel());
    session.insert(QStringLiteral("tab"), m_parts.tab());
    m_store.write(setup.document().location(), session);
}

void FileSessions::restore()
{
    Setup &setup = *m_parts.setup;
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

} // namespace qs::ui
