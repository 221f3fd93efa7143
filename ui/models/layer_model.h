// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerModel: the table of layers, one row per layer of the open model.
#pragma once

#include "core/analysis/layer_difficulty.h"
#include "core/analysis/shown_error.h"
#include "ui/document/setup.h"
#include "ui/models/layer_groups.h"

#include <QAbstractTableModel>
#include <QPointer>

namespace qs::ui {

class LayerModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        NameColumn,
        ShapeColumn,
        ModeColumn,
        ErrorColumn,
        ParametersColumn,
        BytesBeforeColumn,
        BytesAfterColumn,
        ScaleMinColumn,
        ScaleMedianColumn,
        ScaleMaxColumn,
        SpreadColumn,
        ZeroPointsColumn,
        ClippedColumn,
        SqnrColumn,
        BitsColumn,
        ScalesColumn,
        OtherErrorColumn, ///< of B
        RatioColumn,      ///< B / A
        ColumnCount,
    };
    enum Role {
        SortRole = Qt::UserRole, ///< a number (or the text) to sort by; layers without one come last
        ShareRole,               ///< the error that the data bar shows, a share; invalid when there is none
        BarRole,                 ///< length of the error's bar among those on show, 0..1; invalid when there is none
        ShortNameRole,           ///< without the end that all names have; invalid when they have none
        SpanRole,                ///< NameSpan of the name: what its neighbours do not have
        CutRole,                 ///< letters at the name's begin that a group's row says already
        ExplainRole,             ///< id of the column's explanation
        StaleRole,               ///< true while the cell shows a result of an earlier recipe
    };
    /// What a layer is, for filters.
    enum class State { Quantized, Excluded, Overridden, Pending, Stored, Warning };
    explicit LayerModel(Setup *setup, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    const Setup *setup() const { return m_setup; }
    bool is(State state, std::size_t layer) const;
    /// Which error the column shows.
    ShownErrorKind errorKind() const;
    /// The error of one layer as the column shows it; empty when excluded, pending or not available.
    std::optional<double> errorOf(std::size_t layer) const;
    /// Which error A and B are compared by: the same for both.
    ShownErrorKind comparedKind() const;
    /// B's error of that kind; empty without B, and where it has none.
    std::optional<double> otherErrorOf(std::size_t layer) const;
    /// B / A; empty where one of them has no error above zero.
    std::optional<double> ratioOf(std::size_t layer) const;
    /// One undo step; false when none of them can be.
    bool setQuantized(const LayerIndices &layers, bool quantized);
    /// Of the columns of errors, spread and sizes, the number that is sorted by, without its text; empty where there is
    /// none.
    std::optional<double> numberOf(std::size_t layer, Column column) const;
    /// Where weights and outputs tell two stories about the layer.
    const std::optional<RankContrast> &contrastOf(std::size_t layer) const;
    /// The rows as RFC 4180 text, a header row first.
    QString toCsv(const LayerIndices &layers, const std::vector<Column> &columns) const;

    /// As long as a class guesses, columns of results show a question mark, and nothing can be sorted by them.
    void setCovered(bool covered);

    /// Id of the explanation of an error of that kind.
    static QString errorExplanation(ShownErrorKind kind);

private:
    struct Cell {
        QString text;
        QVariant sort;
    };

    /// What a row was drawn from.
    struct Row {
        std::shared_ptr<const LayerReport> report;
        Decision decision;
        SchemePatch overrides;
        bool canQuantize = true;
        bool outdated = false;
        bool waiting = false;

        bool operator==(const Row &other) const;
    };

    void refresh(Changes changes);
    Row rowOf(std::size_t layer) const;
    bool isOutdated(std::size_t layer) const;
    bool isWaiting(std::size_t layer) const;
    void findErrorRange();
    void modelChanged();
    void findCommonEnd();
    void findSpans();
    void findContrasts();
    const LayerReport *reportOf(std::size_t layer) const;
    Cell cell(std::size_t layer, int column) const;
    bool isCovered(int column) const;
    Cell resultCell(const LayerReport &report, int column) const;
    Cell errorCell(std::size_t layer) const;
    Cell comparedCell(std::size_t layer, int column) const;
    Cell modeCell(std::size_t layer) const;
    QString toolTip(std::size_t layer, int column) const;
    QString contrastText(std::size_t layer) const;
    bool hasWarning(std::size_t layer) const;
    QString expertsText(std::size_t layer) const;
    bool isOverridden(std::size_t layer, int column) const;
    QString title(int column) const;
    QString titleToolTip(int column) const;
    QString explanation(int column) const;

    Setup *m_setup;
    ShownErrorKind m_kind = ShownErrorKind::Pending;
    int m_commonEnd = 0;        ///< letters, of all names
    double m_smallestError = 0; ///< of those above zero
    double m_largestError = 0;
    bool m_isCovered = false;
    std::vector<SchemePatch> m_overrides;                 ///< of each layer, looked up once per change of the recipe
    std::vector<Row> m_shown;                             ///< what views were told of last
    std::vector<NameSpan> m_spans;                        ///< of each layer's name
    std::vector<std::optional<RankContrast>> m_contrasts; ///< of each layer, or of none
};

/// "float32" for f32, and so on.
QString floatTypeName(const TensorInfo &tensor);
/// "per channel", "whole layer", "groups of 32".
QString granularityName(const Granularity &granularity);

} // namespace qs::ui

Q_DECLARE_METATYPE(qs::ui::NameSpan)
