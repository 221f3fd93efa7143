// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_model.h"

#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/models/layer_delegate.h"
#include "ui/models/layer_summary.h"
#include "ui/text/csv_cell.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"

#include <QFont>

#include <algorithm>
#include <limits>
#include <utility>

namespace qs::ui {

namespace {

/// Whether the setup still has so many layers: a table that is laid out before it hears of another model asks for rows
/// of the one that is gone.
bool hasLayers(const Setup &setup, std::size_t rows)
{
    const auto &report = setup.shownReport();
    return setup.model() && setup.model()->layers.size() == rows && setup.decisions().size() == rows && report &&
           report->layers.size() == rows;
}

} // namespace

LayerModel::LayerModel(Setup *setup, QObject *parent)
    : QAbstractTableModel(parent)
    , m_setup(setup)
{
    // Not with the other views: what the rows show must never be of another recipe than what the setup says.
    connect(setup, &Setup::changed, this, [this](Changes changes) {
        if ((changes & Change::Recipe) && !(changes & Change::Model))
            m_overrides = overridesOfAll(m_setup->recipe(), *m_setup->model());
    });
    auto *view = new ResultView(static_cast<QObject *>(this), [this](Changes changes) {
        if (changes & Change::Model)
            modelChanged();
        else
            refresh(changes);
    });
    view->follow(setup, Change::Model | Change::Recipe | Change::Results | Change::Analysis | Change::Stale |
                            Change::Preview | Change::SideB);
    view->followTheme();
    if (setup->model())
        modelChanged();
    m_kind = errorKind();
}

void LayerModel::modelChanged()
{
    beginResetModel();
    m_kind = ShownErrorKind::Pending;
    m_overrides = overridesOfAll(m_setup->recipe(), *m_setup->model());
    findErrorRange();
    findCommonEnd();
    findSpans();
    m_contrasts.clear();
    m_shown.clear();
    for (std::size_t layer = 0; layer < m_overrides.size(); ++layer)
        m_shown.push_back(rowOf(layer));
    endResetModel();
}

LayerModel::Row LayerModel::rowOf(std::size_t layer) const
{
    return {m_setup->shownReport()->layers[layer], m_setup->decision(layer), m_overrides[layer],
            m_setup->canQuantize(layer),           isOutdated(layer),        isWaiting(layer)};
}

/// Whether the table looks the same. Reports of two analyses are two objects, even where nothing has changed.
bool LayerModel::Row::operator==(const Row &other) const
{
    if (decision != other.decision || overrides != other.overrides || canQuantize != other.canQuantize ||
        outdated != other.outdated || waiting != other.waiting)
        return false;
    if (report == other.report)
        return true;
    return report && other.report && report->quantization == other.report->quantization &&
           report->statistics == other.report->statistics && report->decision == other.report->decision &&
           report->outputError.alone == other.report->outputError.alone &&
           report->outputError.layerOutput == other.report->outputError.layerOutput &&
           report->bytesAfter == other.report->bytesAfter && report->notes == other.report->notes;
}

/// A layer that was excluded until now has a report, but its error is still to come.
bool LayerModel::isWaiting(std::size_t layer) const
{
    return m_setup->isQuantized(layer) && m_setup->analysis() == Setup::Analysis::Running && !errorOf(layer);
}

bool LayerModel::isOutdated(std::size_t layer) const
{
    return m_setup->isShownStale() && !m_setup->isFresh(layer);
}

/// What all names end with, from a dot or a slash on: where there is no room for names, it tells nothing.
void LayerModel::findCommonEnd()
{
    const std::vector<Layer> &layers = m_setup->model()->layers;
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

void LayerModel::findSpans()
{
    QStringList names;
    for (const Layer &layer : m_setup->model()->layers)
        names << text::oneLine(layer.module);
    m_spans = differingSpans(names);
}

/// Ranks mean something only when all numbers are there; until then those before stay.
void LayerModel::findContrasts()
{
    const auto &report = m_setup->shownReport();
    if (m_setup->analysis() != Setup::Analysis::Done || !report)
        return;
    auto found = rankContrasts(*report);
    const auto same = [](const auto &a, const auto &b) {
        return a.has_value() == b.has_value() && (!a || (a->byWeights == b->byWeights && a->byOutput == b->byOutput));
    };
    if (std::ranges::equal(found, m_contrasts, same))
        return;
    m_contrasts = std::move(found);
    emit dataChanged(index(0, SqnrColumn), index(rowCount() - 1, SqnrColumn));
}

const std::optional<RankContrast> &LayerModel::contrastOf(std::size_t layer) const
{
    static const std::optional<RankContrast> none;
    return layer < m_contrasts.size() ? m_contrasts[layer] : none;
}

void LayerModel::refresh(Changes changes)
{
    if (m_overrides.empty())
        return;
    const std::pair range(m_smallestError, m_largestError);
    findErrorRange();
    if (changes & Change::Theme)
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    else if (range != std::pair(m_smallestError, m_largestError) || errorKind() != m_kind)
        emit dataChanged(index(0, ErrorColumn), index(rowCount() - 1, ErrorColumn));
    // B's cells follow from both reports.
    if ((changes & Change::SideB) || m_setup->document().sideB().isOpen()) {
        emit dataChanged(index(0, OtherErrorColumn), index(rowCount() - 1, RatioColumn));
        emit headerDataChanged(Qt::Horizontal, OtherErrorColumn, RatioColumn);
    }
    int first = -1; // of the rows in a row that have changed
    for (int row = 0; row <= rowCount(); ++row) {
        const bool last = row == rowCount();
        const auto layer = static_cast<std::size_t>(row);
        bool changed = false;
        if (!last) {
            Row now = rowOf(layer);
            changed = now != m_shown[layer];
            m_shown[layer] = std::move(now);
        }
        if (changed && first < 0)
            first = row;
        if (!changed && first >= 0)
            emit dataChanged(index(std::exchange(first, -1), 0), index(row - 1, ColumnCount - 1));
    }
    findContrasts();
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
    return m_setup->shownReport()->layers[layer].get();
}

ShownErrorKind LayerModel::errorKind() const
{
    const auto &report = m_setup->shownReport();
    return report ? shownErrorKind(*report) : ShownErrorKind::Pending;
}

std::optional<double> LayerModel::errorOf(std::size_t layer) const
{
    if (!m_setup->shownReport() || !m_setup->isQuantized(layer))
        return std::nullopt;
    return shownError(*m_setup->shownReport(), layer).value;
}

ShownErrorKind LayerModel::comparedKind() const
{
    const std::shared_ptr<const Report> other = m_setup->document().sideB().report();
    const auto &own = m_setup->report();
    if (!own || !other)
        return ShownErrorKind::Pending;
    const ShownErrorKind kind = shownErrorKind(*own);
    return kind == shownErrorKind(*other) ? kind : ShownErrorKind::Weights;
}

std::optional<double> LayerModel::otherErrorOf(std::size_t layer) const
{
    const std::shared_ptr<const Report> other = m_setup->document().sideB().report();
    if (!other || layer >= other->layers.size())
        return std::nullopt;
    return shownError(*other, layer, comparedKind()).value;
}

std::optional<double> LayerModel::ratioOf(std::size_t layer) const
{
    const auto other = otherErrorOf(layer);
    if (!other || !m_setup->isQuantized(layer))
        return std::nullopt;
    const auto own = shownError(*m_setup->report(), layer, comparedKind()).value;
    return own && *own > 0 && *other > 0 ? std::optional(*other / *own) : std::nullopt;
}

bool LayerModel::hasWarning(std::size_t layer) const
{
    const LayerReport *report = reportOf(layer);
    return (!m_setup->canQuantize(layer) && !m_setup->isStored(layer)) || isDamaged(*m_setup, layer) ||
           (report && (!report->notes.empty() || (report->statistics && !report->statistics->finite())));
}

bool LayerModel::is(State state, std::size_t layer) const
{
    switch (state) {
    case State::Quantized:
        return m_setup->isQuantized(layer);
    case State::Excluded:
        return !m_setup->isQuantized(layer) && !m_setup->isStored(layer);
    case State::Overridden:
        return !m_overrides[layer].empty();
    case State::Pending:
        return !m_setup->isFresh(layer);
    case State::Stored:
        return m_setup->isStored(layer);
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
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid) ||
        !hasLayers(*m_setup, m_overrides.size()))
        return {};
    const auto layer = static_cast<std::size_t>(index.row());
    const int column = index.column();
    const bool on = m_setup->isQuantized(layer);
    switch (role) {
    case Qt::DisplayRole:
        return cell(layer, column).text;
    case SortRole:
        return cell(layer, column).sort;
    case ShareRole:
        if (const auto error = errorOf(layer); column == ErrorColumn && error && !m_isCovered)
            return *error;
        return {};
    case BarRole:
        if (const auto error = errorOf(layer); column == ErrorColumn && error && *error > 0 && !m_isCovered)
            return LayerDelegate::barLength(*error, m_smallestError, m_largestError);
        return {};
    case ShortNameRole:
        return column == NameColumn && m_commonEnd > 0 ? cell(layer, column).text.chopped(m_commonEnd) + u'…'
                                                       : QVariant();
    case SpanRole:
        return column == NameColumn ? QVariant::fromValue(m_spans[layer]) : QVariant();
    case ExplainRole:
        return explanation(column);
    case StaleRole:
        return column >= ErrorColumn && isOutdated(layer);
    case Qt::CheckStateRole:
        return column == NameColumn ? QVariant(on || m_setup->isStored(layer) ? Qt::Checked : Qt::Unchecked)
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
        return QVariant::fromValue((column >= ErrorColumn && column != ScalesColumn ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return toolTip(layer, column);
    case Qt::AccessibleTextRole:
        if (column == NameColumn) {
            const QString text = on                         ? tr("Layer %1, quantized")
                                 : m_setup->isStored(layer) ? tr("Layer %1, quantized in the file")
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
    return setQuantized({layer}, value.toInt() == Qt::Checked);
}

bool LayerModel::setQuantized(const LayerIndices &layers, bool quantized)
{
    if (std::ranges::none_of(layers, [this](std::size_t layer) { return m_setup->canQuantize(layer); }))
        return false;
    quantizeLayers(*m_setup, layers, quantized);
    return true;
}

std::optional<double> LayerModel::numberOf(std::size_t layer, Column column) const
{
    const LayerReport *report = reportOf(layer);
    if (!report || isCovered(column))
        return std::nullopt;
    switch (column) {
    case ErrorColumn:
        return errorOf(layer);
    case SqnrColumn:
        return report->decision.quantize ? report->metrics.sqnrDb : std::nullopt;
    case ClippedColumn:
        return report->decision.quantize ? report->metrics.clippedShare : std::nullopt;
    case SpreadColumn:
        if (!report->hasScales() || !(report->quantization->scaleMin > 0))
            return std::nullopt;
        return double(report->quantization->scaleMax) / double(report->quantization->scaleMin);
    case BytesAfterColumn:
        return static_cast<double>(report->bytesAfter);
    default:
        return std::nullopt;
    }
}

Qt::ItemFlags LayerModel::flags(const QModelIndex &index) const
{
    if (!index.isValid() || !hasLayers(*m_setup, m_overrides.size()))
        return Qt::NoItemFlags;
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    const bool checkable = index.column() == NameColumn && m_setup->canQuantize(static_cast<std::size_t>(index.row()));
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
    // Numbers in full and without units, for spreadsheets.
    const auto plain = [this](std::size_t layer, Column column) -> QVariant {
        if (column == NameColumn)
            return QString::fromStdString(m_setup->model()->layers[layer].module);
        const Cell shown = cell(layer, column);
        const bool isNumber = column >= ErrorColumn && column != ZeroPointsColumn && column != ScalesColumn;
        return isNumber ? shown.sort : shown.text;
    };
    CsvText csv(text::kCsvRowEnd);
    for (const Column column : columns)
        csv.add(title(column).toStdString());
    csv.endRow();
    for (const std::size_t layer : layers) {
        for (const Column column : columns)
            text::addCell(csv, plain(layer, column));
        csv.endRow();
    }
    return QString::fromStdString(csv.text());
}

} // namespace qs::ui
