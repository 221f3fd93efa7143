// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_model.h"

#include "ui/document/many_layers.h"
#include "ui/models/layer_delegate.h"
#include "ui/theme/theme.h"

#include <QFont>

#include <algorithm>
#include <limits>

namespace qs::ui {

LayerModel::LayerModel(Document *document, QObject *parent)
    : QAbstractTableModel(parent)
    , m_document(document)
{
    connect(document, &Document::modelChanged, this, &LayerModel::modelChanged);
    connect(document, &Document::recipeChanged, this, [this] {
        m_overrides = overridesOfAll(m_document->recipe(), *m_document->model());
        refresh();
    });
    connect(document, &Document::resultsChanged, this, &LayerModel::refresh);
    connect(document, &Document::analysisChanged, this, &LayerModel::refresh);
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, &LayerModel::refresh);
    if (document->model())
        modelChanged();
    m_kind = errorKind();
}

void LayerModel::modelChanged()
{
    beginResetModel();
    m_kind = ShownErrorKind::Pending;
    m_overrides = overridesOfAll(m_document->recipe(), *m_document->model());
    findErrorRange();
    findCommonEnd();
    endResetModel();
}

/// What all names end with, from a dot or a slash on: where there is no room for names, it tells nothing.
void LayerModel::findCommonEnd()
{
    const std::vector<Layer> &layers = m_document->model()->layers;
    m_commonEnd = 0;
    if (layers.size() < 2)
        return;
    const std::string &first = layers.front().module;
    std::size_t length = first.size();
    for (const Layer &layer : layers) {
        const auto [own, other] =
            std::mismatch(first.rbegin(), first.rend(), layer.module.rbegin(), layer.module.rend());
        length = std::min(length, static_cast<std::size_t>(own - first.rbegin()));
    }
    const std::size_t begin = first.find_first_of("./", first.size() - length);
    if (begin != std::string::npos)
        m_commonEnd = static_cast<int>(QString::fromStdString(first.substr(begin)).size());
}

void LayerModel::refresh()
{
    if (m_overrides.empty())
        return;
    findErrorRange();
    emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    if (const ShownErrorKind kind = errorKind(); kind != m_kind) {
        m_kind = kind;
        emit headerDataChanged(Qt::Horizontal, ErrorColumn, ErrorColumn);
    }
}

/// Bars are as long as their error among those on show.
void LayerModel::findErrorRange()
{
    m_smallestError = std::numeric_limits<double>::infinity();
    m_largestError = 0;
    for (std::size_t layer = 0; layer < m_overrides.size(); ++layer)
        if (const auto error = errorOf(layer); error && *error > 0) {
            m_smallestError = std::min(m_smallestError, *error);
            m_largestError = std::max(m_largestError, *error);
        }
}

int LayerModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_overrides.size());
}

int LayerModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

const LayerReport *LayerModel::reportOf(std::size_t layer) const
{
    return m_document->report()->layers[layer].get();
}

ShownErrorKind LayerModel::errorKind() const
{
    const auto &report = m_document->report();
    return report ? shownErrorKind(*report) : ShownErrorKind::Pending;
}

std::optional<double> LayerModel::errorOf(std::size_t layer) const
{
    if (!m_document->report() || !m_document->isQuantized(layer))
        return std::nullopt;
    return shownError(*m_document->report(), layer).value;
}

bool LayerModel::hasWarning(std::size_t layer) const
{
    const LayerReport *report = reportOf(layer);
    return (!m_document->canQuantize(layer) && !m_document->isStored(layer)) ||
           (report && (!report->notes.empty() || (report->statistics && !report->statistics->finite())));
}

bool LayerModel::is(State state, std::size_t layer) const
{
    switch (state) {
    case State::Quantized:
        return m_document->isQuantized(layer);
    case State::Excluded:
        return !m_document->isQuantized(layer) && !m_document->isStored(layer);
    case State::Overridden:
        return !m_overrides[layer].empty();
    case State::Pending:
        return !m_document->isFresh(layer);
    case State::Stored:
        return m_document->isStored(layer);
    case State::Warning:
        return hasWarning(layer);
    }
    return false;
}

bool LayerModel::isOverridden(std::size_t layer, int column) const
{
    const SchemePatch &patch = m_overrides[layer];
    switch (column) {
    case ModeColumn:
        return patch.mode || patch.bits;
    case BitsColumn:
        return patch.bits.has_value();
    case ScalesColumn:
        return patch.granularity.has_value();
    default:
        return false;
    }
}

QVariant LayerModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto layer = static_cast<std::size_t>(index.row());
    const int column = index.column();
    const bool on = m_document->isQuantized(layer);
    switch (role) {
    case Qt::DisplayRole:
        return cell(layer, column).text;
    case SortRole:
        return cell(layer, column).sort;
    case ShareRole:
        if (const auto error = errorOf(layer); column == ErrorColumn && error)
            return *error;
        return {};
    case BarRole:
        if (const auto error = errorOf(layer); column == ErrorColumn && error && *error > 0)
            return LayerDelegate::barLength(*error, m_smallestError, m_largestError);
        return {};
    case ShortNameRole:
        return column == NameColumn && m_commonEnd > 0 ? cell(layer, column).text.chopped(m_commonEnd) + u'…'
                                                       : QVariant();
    case StaleRole:
        return column >= ErrorColumn && !m_document->isFresh(layer);
    case Qt::CheckStateRole:
        return column == NameColumn ? QVariant(on || m_document->isStored(layer) ? Qt::Checked : Qt::Unchecked)
                                    : QVariant();
    case Qt::DecorationRole:
        return column == NameColumn && hasWarning(layer)
                   ? QVariant(themedIcon(QStringLiteral("warning"), &Theme::warning))
                   : QVariant();
    case Qt::ForegroundRole:
        if (!on || column == ShapeColumn || (column == ModeColumn && !isOverridden(layer, column)))
            return theme().secondaryText;
        return {};
    case Qt::FontRole: {
        QFont font;
        font.setBold(true);
        return on && isOverridden(layer, column) ? QVariant(font) : QVariant();
    }
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((column >= ErrorColumn && column < ScalesColumn ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return toolTip(layer, column);
    case Qt::AccessibleTextRole:
        if (column == NameColumn) {
            const QString text = on                            ? tr("Layer %1, quantized")
                                 : m_document->isStored(layer) ? tr("Layer %1, quantized in the file")
                                                               : tr("Layer %1, excluded");
            return text.arg(cell(layer, NameColumn).text);
        }
        return QVariant(title(column) + QLatin1Char(' ') + cell(layer, column).text);
    default:
        return {};
    }
}

bool LayerModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || !(flags(index) & Qt::ItemIsUserCheckable) || !(flags(index) & Qt::ItemIsEnabled))
        return false;
    const auto layer = static_cast<std::size_t>(index.row());
    if (!m_document->canQuantize(layer))
        return false;
    quantizeLayers(*m_document, {layer}, value.toInt() == Qt::Checked);
    return true;
}

Qt::ItemFlags LayerModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    const bool checkable =
        index.column() == NameColumn && m_document->canQuantize(static_cast<std::size_t>(index.row()));
    return checkable ? flags | Qt::ItemIsUserCheckable : flags;
}

QVariant LayerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::DisplayRole)
        return title(section);
    if (role == Qt::ToolTipRole)
        return titleToolTip(section);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    return {};
}

QString LayerModel::toCsv(const LayerIndices &layers, const std::vector<Column> &columns) const
{
    const auto quoted = [](QString text) {
        return QLatin1Char('"') + text.replace(QLatin1Char('"'), QLatin1String("\"\"")) + QLatin1Char('"');
    };
    // Numbers in full and without units, for spreadsheets.
    const auto plain = [this](std::size_t layer, Column column) {
        if (column == NameColumn)
            return QString::fromStdString(m_document->model()->layers[layer].module);
        const Cell shown = cell(layer, column);
        const bool isNumber = column >= ErrorColumn && column != ZeroPointsColumn && column != ScalesColumn;
        if (!isNumber)
            return shown.text;
        return shown.sort.isValid() ? QString::number(shown.sort.toDouble(), 'g', 9) : QString();
    };
    QStringList lines;
    QStringList fields;
    for (const Column column : columns)
        fields << quoted(title(column));
    lines << fields.join(QLatin1Char(','));
    for (const std::size_t layer : layers) {
        fields.clear();
        for (const Column column : columns)
            fields << quoted(plain(layer, column));
        lines << fields.join(QLatin1Char(','));
    }
    return lines.join(QLatin1String("\r\n")) + QLatin1String("\r\n");
}

} // namespace qs::ui
