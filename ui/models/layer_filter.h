// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerFilter: sorts, filters and groups the layer table; nothing moves unless the user asks for it.
#pragma once

#include "ui/models/layer_model.h"
#include "ui/models/layer_query.h"

#include <QAbstractProxyModel>

#include <array>
#include <vector>

namespace qs::ui {

/// A flat list of layers, or a tree of groups with their layers (layer_groups.h); a layer without companions stands
/// beside the groups. A group's row shows what its layers come to: sums of sizes, the worst of errors.
class LayerFilter : public QAbstractProxyModel
{
    Q_OBJECT
public:
    explicit LayerFilter(QObject *parent = nullptr);

    /// Of the language of layer_query.h. Returns what is wrong with it; the last filter that was right stays then.
    QString setText(const QString &text);
    QString text() const { return m_text; }
    /// Looks at all layers anew: some words are about results.
    void refresh();
    void setGrouped(bool grouped);
    bool isGrouped() const { return m_grouped; }
    /// Whether groups help with the layers of this model.
    bool areGroupsUseful() const;

    /// Layers that the filter lets through.
    int shownLayers() const { return m_shown; }
    bool isGroup(const QModelIndex &index) const;
    /// "model.layers.0"; empty for rows of layers.
    QString groupName(const QModelIndex &index) const;
    /// The layer of a row; the layers of a group that are shown, in the order of the table.
    std::vector<int> layersOf(const QModelIndex &index) const;

    void setSourceModel(QAbstractItemModel *model) override;
    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    bool hasChildren(const QModelIndex &parent = {}) const override;
    /// That of groups has no counterpart in the source.
    QModelIndex buddy(const QModelIndex &index) const override { return index; }
    QModelIndex mapToSource(const QModelIndex &index) const override;
    QModelIndex mapFromSource(const QModelIndex &index) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    struct Group {
        QString name;
        std::vector<int> layers; ///< in the order of the table
        /// Per column the layer whose cell the group shows; or one of the numbers below.
        mutable std::array<int, LayerModel::ColumnCount> speaker;
        int row = 0; ///< in the top level

        static constexpr int kToBeFound = -1;
        static constexpr int kNobody = -2;
    };
    /// A row of the top level: a group, or a layer of its own.
    struct Top {
        int group = -1;
        int layer = -1;
    };
    struct Place {
        int group = -1; ///< −1: top level
        int row = -1;   ///< −1: hidden
    };

    void rebuild();
    void relayout();
    void place();
    void sourceChanged(const QModelIndex &first, const QModelIndex &last);
    void tellAll(int firstColumn, int lastColumn);
    const Group *groupAt(const QModelIndex &index) const;
    QModelIndex cellOf(int layer, int column) const;
    int speakerOf(const Group &group, int column) const;
    QString sumText(const Group &group, int column) const;
    QVariant groupText(const Group &group, int column) const;
    QVariant groupData(const Group &group, int column, int role) const;
    QVariant groupCheck(const Group &group) const;
    QVariant keyOf(const Group &group) const;

    LayerModel *m_layers = nullptr; ///< the source
    QString m_text;
    LayerTest m_test; ///< empty: every layer stays
    int m_column = -1;
    Qt::SortOrder m_order = Qt::AscendingOrder;
    bool m_grouped = false;
    int m_shown = 0;
    std::vector<Top> m_top;
    std::vector<Group> m_groups;
    std::vector<Place> m_places; ///< of each layer
};

} // namespace qs::ui
