// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerActions: everything that can be done to the selected layers, or to all of them.
#pragma once

#include "ui/actions/action_registry.h"
#include "ui/models/layer_model.h"

#include <QObject>

#include <functional>

namespace qs::ui {

class Selection;

class LayerActions : public QObject
{
    Q_OBJECT
public:
    LayerActions(Setup *setup, Selection *selection, LayerModel *model, ActionRegistry *actions, QWidget *parent);

    /// The entries of menus for the selected layers, and for all.
    static std::vector<MenuItem> itemsForSelection();
    static std::vector<MenuItem> itemsForAll();
    /// Which columns "Copy rows as CSV" takes.
    void setVisibleColumns(std::function<std::vector<LayerModel::Column>()> columns) { m_columns = std::move(columns); }

private:
    using Work = std::function<void(const LayerIndices &)>;
    using PatchChange = std::function<void(SchemePatch &)>;

    void addChoices();
    void addOverrides();
    void addCopies();
    void addForAll();
    void add(const QString &name, const QString &text, const QString &tip, const Work &work, const QString &icon = {},
             const QList<QKeySequence> &keys = {});
    void addForAll(const QString &name, const QString &text, const QString &tip, const std::function<void()> &work);
    LayerIndices selectedLayers() const;
    void excludeFirstAndLast();
    void keepQkvTogether();
    void copyRows(const LayerIndices &layers) const;
    void copyNames(const LayerIndices &layers) const;
    void showExcludeAbove();

    Setup *m_setup;
    Selection *m_selection;
    LayerModel *m_model;
    ActionRegistry *m_actions;
    QWidget *m_parent;
    std::function<std::vector<LayerModel::Column>()> m_columns;
};

} // namespace qs::ui
