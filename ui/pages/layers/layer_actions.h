// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerActions: everything that can be done to the selected layers, for the menu and the table's context menu.
#pragma once

#include "ui/models/layer_model.h"

#include <QList>
#include <QObject>

#include <functional>

class QAction;
class QMenu;

namespace qs::ui {

class Selection;

class LayerActions : public QObject
{
    Q_OBJECT
public:
    LayerActions(Setup *setup, Selection *selection, LayerModel *model, QWidget *parent);

    void fillContextMenu(QMenu *menu) const;
    void fillQuantizeMenu(QMenu *menu) const;
    /// Which columns "Copy rows as CSV" takes.
    void setVisibleColumns(std::function<std::vector<LayerModel::Column>()> columns) { m_columns = std::move(columns); }

    LayerIndices selectedLayers() const;
    void toggleSelected();

private:
    QAction *add(const QString &text, const QString &icon, std::function<void(const LayerIndices &)> work);
    QAction *addForAll(const QString &text, std::function<void()> work);
    QMenu *addOverrideMenu(const QString &text, const QList<std::pair<QString, std::function<void(SchemePatch &)>>> &);
    void updateEnabled();
    void excludeFirstAndLast();
    void copyRows(const LayerIndices &layers) const;
    void copyNames(const LayerIndices &layers) const;
    void showExcludeAbove();

    Setup *m_setup;
    Selection *m_selection;
    LayerModel *m_model;
    QWidget *m_parent;
    std::function<std::vector<LayerModel::Column>()> m_columns;
    QList<QAction *> m_forSelection;
    QList<QAction *> m_forAll;
    QAction *m_copyNames = nullptr;
    QAction *m_copyRows = nullptr;
};

} // namespace qs::ui
