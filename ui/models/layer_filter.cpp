// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_filter.h"

#include "ui/models/layer_groups.h"

#include <QHash>

#include <algorithm>
#include <numeric>
#include <utility>

namespace qs::ui {

namespace {

constexpr int kFewRows = 32; // each told on its own

/// Cells without a number come last in both directions.
bool isBefore(const QVariant &a, const QVariant &b, Qt::SortOrder order)
{
    if (!a.isValid() || !b.isValid())
        return a.isValid() && !b.isValid();
    const bool ascending = order == Qt::AscendingOrder;
    if (a.userType() == QMetaType::QString) {
        const int compared = a.toString().localeAwareCompare(b.toString());
        return ascending ? compared < 0 : compared > 0;
    }
    return ascending ? a.toDouble() < b.toDouble() : a.toDouble() > b.toDouble();
}

} // namespace

LayerFilter::LayerFilter(QObject *parent)
    : QAbstractProxyModel(parent)
{}

void LayerFilter::setSourceModel(QAbstractItemModel *model)
{
    beginResetModel();
    if (sourceModel())
        sourceModel()->disconnect(this);
    QAbstractProxyModel::setSourceModel(model);
    m_layers = qobject_cast<LayerModel *>(model);
    if (model) {
        connect(model, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
        connect(model, &QAbstractItemModel::modelReset, this, [this] {
            rebuild();
            endResetModel();
        });
        connect(model, &QAbstractItemModel::dataChanged, this, &LayerFilter::sourceChanged);
        connect(model, &QAbstractItemModel::headerDataChanged, this, &QAbstractItemModel::headerDataChanged);
    }
    rebuild();
    endResetModel();
}

QModelIndex LayerFilter::cellOf(int layer, int column) const
{
    return sourceModel()->index(layer, column);
}

QString LayerFilter::setText(const QString &text)
{
    if (text == m_text)
        return {};
    auto test = parseLayerQuery(text);
    if (!test)
        return test.error();
    m_text = text;
    m_test = std::move(*test);
    refresh();
    return {};
}

void LayerFilter::refresh()
{
    relayout();
}

void LayerFilter::sort(int column, Qt::SortOrder order)
{
    m_column = column;
    m_order = order;
    relayout();
}

void LayerFilter::setGrouped(bool grouped)
{
    if (std::exchange(m_grouped, grouped) != grouped)
        relayout();
}

bool LayerFilter::areGroupsUseful() const
{
    QStringList names;
    for (int layer = 0; sourceModel() && layer < sourceModel()->rowCount(); ++layer)
        names << cellOf(layer, LayerModel::NameColumn).data().toString();
    return ui::areGroupsUseful(names);
}

/// Rows find their new places; what a view has selected or opened stays so.
void LayerFilter::relayout()
{
    if (!sourceModel())
        return;
    emit layoutAboutToBeChanged();
    const QModelIndexList before = persistentIndexList();
    std::vector<std::pair<QString, int>> meaning; // name of a group, or a layer
    for (const QModelIndex &index : before) {
        const Group *group = groupAt(index);
        meaning.emplace_back(group ? group->name : QString(), group ? -1 : mapToSource(index).row());
    }
    rebuild();
    QHash<QString, int> groupRows;
    for (std::size_t row = 0; row < m_top.size(); ++row)
        if (m_top[row].group >= 0)
            groupRows.insert(m_groups[static_cast<std::size_t>(m_top[row].group)].name, static_cast<int>(row));
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i) {
        const auto &[name, layer] = meaning[static_cast<std::size_t>(i)];
        after << (layer >= 0 ? mapFromSource(cellOf(layer, before[i].column()))
                             : index(groupRows.value(name, -1), before[i].column()));
    }
    changePersistentIndexList(before, after);
    emit layoutChanged();
}

void LayerFilter::rebuild()
{
    const int count = sourceModel() ? sourceModel()->rowCount() : 0;
    m_top.clear();
    m_groups.clear();
    std::vector<int> shown;
    for (int layer = 0; layer < count; ++layer)
        if (!m_test || (m_layers && m_test(*m_layers, static_cast<std::size_t>(layer))))
            shown.push_back(layer);
    m_shown = static_cast<int>(shown.size());
    std::vector<QVariant> keys(m_column >= 0 ? static_cast<std::size_t>(count) : 0);
    for (const int layer : shown)
        if (m_column >= 0)
            keys[static_cast<std::size_t>(layer)] = cellOf(layer, m_column).data(LayerModel::SortRole);
    if (m_column >= 0)
        std::ranges::stable_sort(shown, [&](int a, int b) {
            return isBefore(keys[static_cast<std::size_t>(a)], keys[static_cast<std::size_t>(b)], m_order);
        });
    QHash<QString, int> known;
    for (const int layer : shown) {
        const QString name =
            m_grouped ? groupOfName(cellOf(layer, LayerModel::NameColumn).data().toString()) : QString();
        int group = name.isEmpty() ? -1 : known.value(name, -1);
        if (group < 0) {
            if (!name.isEmpty()) {
                group = static_cast<int>(m_groups.size());
                known.insert(name, group);
                m_groups.push_back({.name = name, .layers = {}, .speaker = {}});
                m_groups.back().speaker.fill(Group::kToBeFound);
            }
            m_top.push_back({group, name.isEmpty() ? layer : -1});
        }
        if (group >= 0)
            m_groups[static_cast<std::size_t>(group)].layers.push_back(layer);
    }
    place();
}

/// Groups of one layer are no groups; the others stand where their own number says.
void LayerFilter::place()
{
    for (Top &top : m_top)
        if (top.group >= 0 && m_groups[static_cast<std::size_t>(top.group)].layers.size() == 1)
            top = {-1, m_groups[static_cast<std::size_t>(top.group)].layers.front()};
    if (m_column >= 0 && !m_groups.empty()) {
        std::vector<std::pair<QVariant, Top>> keyed;
        for (const Top &top : m_top)
            keyed.emplace_back(top.group >= 0 ? keyOf(m_groups[static_cast<std::size_t>(top.group)])
                                              : cellOf(top.layer, m_column).data(LayerModel::SortRole),
                               top);
        std::ranges::stable_sort(keyed,
                                 [&](const auto &a, const auto &b) { return isBefore(a.first, b.first, m_order); });
        for (std::size_t i = 0; i < keyed.size(); ++i)
            m_top[i] = keyed[i].second;
    }
    m_places.assign(static_cast<std::size_t>(sourceModel() ? sourceModel()->rowCount() : 0), {});
    for (std::size_t row = 0; row < m_top.size(); ++row) {
        if (m_top[row].group < 0) {
            m_places[static_cast<std::size_t>(m_top[row].layer)] = {-1, static_cast<int>(row)};
            continue;
        }
        Group &group = m_groups[static_cast<std::size_t>(m_top[row].group)];
        group.row = static_cast<int>(row);
        for (std::size_t i = 0; i < group.layers.size(); ++i)
            m_places[static_cast<std::size_t>(group.layers[i])] = {m_top[row].group, static_cast<int>(i)};
    }
}

const LayerFilter::Group *LayerFilter::groupAt(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() != 0)
        return nullptr;
    const int group = m_top[static_cast<std::size_t>(index.row())].group;
    return group < 0 ? nullptr : &m_groups[static_cast<std::size_t>(group)];
}

bool LayerFilter::isGroup(const QModelIndex &index) const
{
    return groupAt(index) != nullptr;
}

QString LayerFilter::groupName(const QModelIndex &index) const
{
    const Group *group = groupAt(index);
    return group ? group->name : QString();
}

std::vector<int> LayerFilter::layersOf(const QModelIndex &index) const
{
    if (const Group *group = groupAt(index))
        return group->layers;
    const QModelIndex source = mapToSource(index);
    return source.isValid() ? std::vector<int>{source.row()} : std::vector<int>();
}

// The internal id of a row of the top level is 0, that of a layer in a group the number of the group and one.

QModelIndex LayerFilter::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || column < 0 || row >= rowCount(parent) || column >= columnCount(parent))
        return {};
    if (!parent.isValid())
        return createIndex(row, column, quintptr(0));
    return createIndex(row, column, quintptr(m_top[static_cast<std::size_t>(parent.row())].group + 1));
}

QModelIndex LayerFilter::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == 0)
        return {};
    const int group = static_cast<int>(child.internalId()) - 1;
    return createIndex(m_groups[static_cast<std::size_t>(group)].row, 0, quintptr(0));
}

int LayerFilter::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_top.size());
    const Group *group = parent.column() == 0 ? groupAt(parent) : nullptr;
    return group ? static_cast<int>(group->layers.size()) : 0;
}

int LayerFilter::columnCount(const QModelIndex &) const
{
    return sourceModel() ? sourceModel()->columnCount() : 0;
}

bool LayerFilter::hasChildren(const QModelIndex &parent) const
{
    return rowCount(parent) > 0;
}

QModelIndex LayerFilter::mapToSource(const QModelIndex &index) const
{
    if (!index.isValid() || !sourceModel())
        return {};
    if (index.internalId() != 0) {
        const Group &group = m_groups[index.internalId() - 1];
        return cellOf(group.layers[static_cast<std::size_t>(index.row())], index.column());
    }
    const Top &top = m_top[static_cast<std::size_t>(index.row())];
    return top.group >= 0 ? QModelIndex() : cellOf(top.layer, index.column());
}

QModelIndex LayerFilter::mapFromSource(const QModelIndex &source) const
{
    const auto layer = static_cast<std::size_t>(source.row());
    if (!source.isValid() || layer >= m_places.size() || m_places[layer].row < 0)
        return {};
    const Place &place = m_places[layer];
    return createIndex(place.row, source.column(), quintptr(place.group + 1));
}

/// A view is told of the rows that have changed, and of no others.
void LayerFilter::sourceChanged(const QModelIndex &first, const QModelIndex &last)
{
    const auto forget = [&](Group &group) {
        for (int column = first.column(); column <= last.column(); ++column)
            group.speaker[static_cast<std::size_t>(column)] = Group::kToBeFound;
    };
    if (last.row() - first.row() >= kFewRows) {
        std::ranges::for_each(m_groups, forget);
        tellAll(first.column(), last.column());
        return;
    }
    for (int layer = first.row(); layer <= last.row(); ++layer) {
        const QModelIndex from = mapFromSource(cellOf(layer, first.column()));
        if (!from.isValid())
            continue;
        if (const int group = m_places[static_cast<std::size_t>(layer)].group; group >= 0)
            forget(m_groups[static_cast<std::size_t>(group)]);
        emit dataChanged(from, mapFromSource(cellOf(layer, last.column())));
        if (const QModelIndex top = from.parent(); top.isValid())
            emit dataChanged(index(top.row(), first.column()), index(top.row(), last.column()));
    }
}

void LayerFilter::tellAll(int firstColumn, int lastColumn)
{
    const auto tell = [&](const QModelIndex &parent) {
        if (const int rows = rowCount(parent); rows > 0)
            emit dataChanged(index(0, firstColumn, parent), index(rows - 1, lastColumn, parent));
    };
    tell({});
    for (int row = 0; row < rowCount(); ++row)
        if (m_top[static_cast<std::size_t>(row)].group >= 0)
            tell(index(row, 0));
}

QVariant LayerFilter::data(const QModelIndex &index, int role) const
{
    const Group *group = groupAt(index);
    if (group)
        return groupData(*group, index.column(), role);
    const QVariant value = mapToSource(index).data(role);
    const bool inGroup = index.internalId() != 0 && index.column() == LayerModel::NameColumn;
    if (!inGroup || (role != Qt::DisplayRole && role != LayerModel::CutRole && role != LayerModel::ShortNameRole))
        return value;
    // What the group's row says already need not be said again.
    const qsizetype cut = m_groups[index.internalId() - 1].name.size() + 1;
    if (role == LayerModel::CutRole)
        return static_cast<int>(cut);
    return value.isValid() ? value.toString().mid(cut) : value;
}

bool LayerFilter::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const Group *group = groupAt(index);
    if (!group)
        return sourceModel() && sourceModel()->setData(mapToSource(index), value, role);
    if (role != Qt::CheckStateRole || index.column() != LayerModel::NameColumn || !m_layers)
        return false;
    LayerIndices chosen;
    for (const int layer : group->layers)
        if (cellOf(layer, 0).flags() & Qt::ItemIsUserCheckable)
            chosen.push_back(static_cast<std::size_t>(layer));
    return m_layers->setQuantized(chosen, value.toInt() != Qt::Unchecked);
}

Qt::ItemFlags LayerFilter::flags(const QModelIndex &index) const
{
    const Group *group = groupAt(index);
    if (!group)
        return index.isValid() ? mapToSource(index).flags() : Qt::NoItemFlags;
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    const bool any = std::ranges::any_of(
        group->layers, [this](int layer) { return bool(cellOf(layer, 0).flags() & Qt::ItemIsUserCheckable); });
    return index.column() == LayerModel::NameColumn && any ? flags | Qt::ItemIsUserCheckable : flags;
}

QVariant LayerFilter::headerData(int section, Qt::Orientation orientation, int role) const
{
    return sourceModel() ? sourceModel()->headerData(section, orientation, role) : QVariant();
}

} // namespace qs::ui
