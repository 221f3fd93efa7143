// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Snapshots: recipes that were kept under a name, with their figures and a small picture, to go back to or compare
// with.
#pragma once

#include "core/recipe/recipe.h"

#include <QIcon>
#include <QObject>

#include <functional>
#include <memory>
#include <vector>

class QMenu;

namespace qs::ui {

class ActionRegistry;
class Setup;

struct Snapshot {
    QString name; ///< with its figures: "1  4 bits: error 3.2 %, 41 KiB"
    std::shared_ptr<const Recipe> recipe;
    QIcon picture;
};

class Snapshots : public QObject
{
    Q_OBJECT
public:
    /// Registers snapshot.take and snapshot.list. `picture` draws what is on show.
    Snapshots(Setup *setup, ActionRegistry *actions, std::function<QPixmap()> picture, QObject *parent);

    void take();
    const std::vector<Snapshot> &all() const { return m_snapshots; }
    void add(Snapshot snapshot);
    /// One undo step.
    void restore(std::size_t index);
    void compareWith(std::size_t index);
    void remove(std::size_t index);

signals:
    void taken(const QString &name);
    void compared();

private:
    void fill(QMenu *menu);

    Setup *m_setup;
    std::function<QPixmap()> m_picture;
    std::vector<Snapshot> m_snapshots; ///< the latest last
};

} // namespace qs::ui
