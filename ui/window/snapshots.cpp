// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/snapshots.h"

#include "core/analysis/shown_error.h"
#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/text/format.h"

#include <QMenu>

#include <utility>

namespace qs::ui {

namespace {

constexpr std::size_t kMostSnapshots = 50;
constexpr QSize kPicture(160, 64);

} // namespace

Snapshots::Snapshots(Setup *setup, ActionRegistry *actions, std::function<QPixmap()> picture, QObject *parent)
    : QObject(parent)
    , m_setup(setup)
    , m_picture(std::move(picture))
{
    // Not before the model goes: what is kept of it is still to be written down.
    connect(&setup->document(), &Document::modelChanged, this, [this] { m_snapshots.clear(); });
    actions->add({.id = QStringLiteral("snapshot.take"),
                  .text = tr("&Take a snapshot"),
                  .tip = tr("Keep the present recipe with its figures, to compare with or to go back to"),
                  .work = [this] { take(); },
                  .enabledWhen = [this] { return bool(m_setup->model()); }});
    actions->add({.id = QStringLiteral("snapshot.list"),
                  .text = tr("S&napshots"),
                  .tip = tr("Recipes that were kept"),
                  .fill = [this](QMenu *menu) { fill(menu); },
                  .enabledWhen = [this] { return !m_snapshots.empty(); }});
}

void Snapshots::take()
{
    const Report &report = *m_setup->report();
    const ShownError total = totalShownError(report);
    const QString error = total.state == ShownError::State::Kept
                              ? tr("nothing is quantized")
                              : tr("error %1").arg(text::percent(total.value, total.value == 0.0));
    Snapshot snapshot;
    snapshot.name =
        tr("%1  %2: %3, %4")
            .arg(m_snapshots.size() + 1)
            .arg(text::words(m_setup->recipe().scheme.summary()), error, text::bytes(report.total.bytesAfter));
    snapshot.recipe = m_setup->sharedRecipe();
    const QPixmap picture = m_picture();
    if (!picture.isNull())
        snapshot.picture = QIcon(picture.scaled(kPicture, Qt::KeepAspectRatio, Qt::SmoothTransformation));
    add(std::move(snapshot));
    emit taken(m_snapshots.back().name);
}

void Snapshots::add(Snapshot snapshot)
{
    m_snapshots.push_back(std::move(snapshot));
    if (m_snapshots.size() > kMostSnapshots)
        m_snapshots.erase(m_snapshots.begin());
}

void Snapshots::restore(std::size_t index)
{
    const Snapshot snapshot = m_snapshots.at(index);
    m_setup->edit([name = text::buttonText(snapshot.name)] { return tr("Restore the snapshot %1").arg(name); },
                  *snapshot.recipe);
}

void Snapshots::compareWith(std::size_t index)
{
    const Snapshot snapshot = m_snapshots.at(index);
    m_setup->document().sideB().compareWith(*snapshot.recipe,
                                            [name = snapshot.name] { return tr("snapshot %1").arg(name); });
    emit compared();
}

void Snapshots::remove(std::size_t index)
{
    m_snapshots.erase(m_snapshots.begin() + static_cast<std::ptrdiff_t>(index));
}

void Snapshots::fill(QMenu *menu)
{
    for (std::size_t i = 0; i < m_snapshots.size(); ++i) {
        QMenu *one = menu->addMenu(m_snapshots[i].picture, text::buttonText(m_snapshots[i].name, 80));
        connect(one->addAction(tr("&Restore")), &QAction::triggered, this, [this, i] { restore(i); });
        connect(one->addAction(tr("Show as &B")), &QAction::triggered, this, [this, i] { compareWith(i); });
        connect(one->addAction(tr("Re&move")), &QAction::triggered, this, [this, i] { remove(i); });
    }
}

} // namespace qs::ui
