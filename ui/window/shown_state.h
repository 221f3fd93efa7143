// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ShownState: what a person looks at, to be found again when the parts of the window were made anew.
#pragma once

#include "ui/selection/selection.h"
#include "ui/window/layout.h"
#include "ui/window/snapshots.h"

#include <QMap>
#include <QString>
#include <QVariant>

namespace qs::ui {

struct ShownState {
    QString tab; ///< object name of the page in front
    bool isPresenting = false;
    bool isExporting = false;
    WindowLayout::Docks docks;
    QMap<QString, QVariant> pages; ///< PageInfo::state() by PageInfo::id
    int layer = -1;
    qint64 channel = -1;
    QList<int> layers;
    std::vector<Snapshot> snapshots;
    std::optional<FollowedWeight> followed;

    void take(const Selection &selection);
    /// Into the selection of the same model.
    void give(Selection &selection) const;
};

} // namespace qs::ui
