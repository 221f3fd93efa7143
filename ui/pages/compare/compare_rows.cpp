// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare/compare_rows.h"

#include "core/analysis/compared_report.h"
#include "core/analysis/shown_error.h"
#include "ui/document/document.h"
#include "ui/text/format.h"

#include <QCoreApplication>

#include <algorithm>

namespace qs::ui {

namespace {

struct CompareRows {
    Q_DECLARE_TR_FUNCTIONS(CompareRows)
};

enum Column { Name, ErrorA, ErrorB, Ratio, Sqnr, Shape, How };

std::optional<double> ratioOf(const ComparedRow &row)
{
    return row.a && row.b && *row.a > 0 && *row.b > 0 ? std::optional(*row.b / *row.a) : std::nullopt;
}

QString cellText(const ComparedRow &row, int column)
{
    switch (column) {
    case Name:
        return row.name;
    case ErrorA:
        return row.a ? text::percent(row.a, *row.a == 0) : text::none();
    case ErrorB:
        return row.b || row.exact ? text::percent(row.b, row.exact) : text::none();
    case Ratio:
        return ratioOf(row) ? text::times(*ratioOf(row)) : text::none();
    case Sqnr:
        return row.sqnrDb || row.exact ? text::decibel(row.sqnrDb, row.exact) : text::none();
    case Shape:
        return row.shape;
    default:
        return row.how;
    }
}

QVariant sortKey(const ComparedRow &row, int column)
{
    const auto number = [](const std::optional<double> &value) { return QVariant(value.value_or(-1)); };
    switch (column) {
    case ErrorA:
        return number(row.a);
    case ErrorB:
        return number(row.exact ? std::optional(0.0) : row.b);
    case Ratio:
        return number(ratioOf(row));
    case Sqnr:
        return number(row.sqnrDb);
    default:
        return {};
    }
}

std::optional<double> weightError(const Report &report, std::size_t layer)
{
    return shownError(report, layer, ShownErrorKind::Weights).value;
}

/// "symmetric · 8 bits · per channel" of a layer of B that holds codes; else empty.
QString schemeOf(const Report &other, std::optional<std::size_t> layer)
{
    const LayerReport *report = layer ? other.layers[*layer].get() : nullptr;
    return report && report->decision.quantize ? text::words(report->decision.scheme.summary()) : QString();
}

std::vector<ComparedRow> rowsOfFile(const Setup &setup, const SideB &sideB, const Report &other)
{
    const Comparison &comparison = *sideB.comparison();
    const Model &model = *setup.model();
    std::vector<ComparedRow> rows;
    for (const std::size_t index : mostAffected(comparison)) {
        const TensorComparison &pair = comparison.tensors[index];
        ComparedRow row;
        row.name = text::oneLine(pair.name);
        row.shape = text::shape(pair.shape);
        const auto tensor = model.findTensor(pair.name);
        const auto layer = tensor ? model.layerOf(*tensor) : std::nullopt;
        if (layer) {
            row.layer = static_cast<int>(*layer);
            row.a = weightError(*setup.report(), *layer);
        }
        row.b = pair.metrics.relativeError;
        row.exact = pair.metrics.exact;
        row.sqnrDb = pair.metrics.sqnrDb;
        const QString match = !pair.matchReason.empty()           ? text::words(pair.matchReason)
                              : pair.matchedBy == MatchedBy::Name ? CompareRows::tr("matched by name")
                                                                  : text::fromView(textOf(pair.matchedBy));
        const QString found =
            pair.candidate == pair.name ? match : CompareRows::tr("%1 (%2)").arg(text::oneLine(pair.candidate), match);
        const QString scheme = schemeOf(other, layer);
        row.how = scheme.isEmpty() ? found : CompareRows::tr("%1; %2").arg(scheme, found);
        rows.push_back(std::move(row));
    }
    for (const UnmatchedTensor &tensor : comparison.unmatched) {
        ComparedRow row;
        row.name = text::oneLine(tensor.name);
        const bool isOurs = tensor.side == ModelSide::Reference;
        row.how = (isOurs ? CompareRows::tr("only in A: %1") : CompareRows::tr("only in B: %1"))
                      .arg(text::words(tensor.reason));
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<ComparedRow> rowsOfRecipe(const Setup &setup, const Report &other)
{
    const Report &own = *setup.report();
    const bool alike = shownErrorKind(own) == shownErrorKind(other);
    std::vector<ComparedRow> rows;
    for (std::size_t i = 0; i < std::min(own.layers.size(), other.layers.size()); ++i) {
        const Layer &layer = setup.model()->layers[i];
        ComparedRow row;
        row.name = text::oneLine(layer.module);
        row.shape = text::shape(setup.model()->tensorOf(layer).shape);
        row.layer = static_cast<int>(i);
        row.a = alike ? shownError(own, i).value : weightError(own, i);
        row.b = alike ? shownError(other, i).value : weightError(other, i);
        row.exact = row.b == 0.0;
        if (const LayerReport *report = other.layers[i].get()) {
            row.sqnrDb = report->metrics.sqnrDb;
            row.how = report->decision.quantize ? text::words(report->decision.scheme.summary())
                                                : CompareRows::tr("kept: %1").arg(text::words(report->decision.reason));
        }
        rows.push_back(std::move(row));
    }
    std::ranges::stable_sort(rows, std::ranges::greater(), [](const ComparedRow &row) { return row.b.value_or(-1); });
    return rows;
}

} // namespace

std::vector<ComparedRow> comparedRows(const Setup &setup)
{
    const SideB &sideB = setup.document().sideB();
    const std::shared_ptr<const Report> other = sideB.report();
    if (!setup.report() || !other)
        return {};
    return sideB.kind() == SideB::Kind::File ? rowsOfFile(setup, sideB, *other) : rowsOfRecipe(setup, *other);
}

QList<int> columnsThatGiveWay()
{
    return {Shape, Sqnr, How};
}

bool comparesWeights(const Setup &setup)
{
    const SideB &sideB = setup.document().sideB();
    const std::shared_ptr<const Report> other = sideB.report();
    return sideB.kind() == SideB::Kind::File || !other || !setup.report() ||
           shownErrorKind(*setup.report()) != ShownErrorKind::Alone || shownErrorKind(*other) != ShownErrorKind::Alone;
}

TextRows textRows(const std::shared_ptr<const std::vector<ComparedRow>> &rows, bool weights)
{
    TextRows result;
    result.headers = {CompareRows::tr("Tensor"),     CompareRows::tr("Error of A"), CompareRows::tr("Error of B"),
                      CompareRows::tr("B / A"),      CompareRows::tr("SQNR of B"),  CompareRows::tr("Shape"),
                      CompareRows::tr("B has it as")};
    result.count = static_cast<int>(rows->size());
    const auto at = [rows](int row) -> const ComparedRow & { return (*rows)[static_cast<std::size_t>(row)]; };
    result.cell = [at](int row, int column) { return cellText(at(row), column); };
    result.sortKey = [at](int row, int column) { return sortKey(at(row), column); };
    result.whole = [at, weights](int row) {
        const ComparedRow &one = at(row);
        QStringList parts{one.name, weights ? CompareRows::tr("errors of weights") : CompareRows::tr("errors alone")};
        if (one.a)
            parts << CompareRows::tr("error of A %1").arg(text::percent(one.a, *one.a == 0));
        if (one.b || one.exact)
            parts << CompareRows::tr("error of B %1").arg(text::percent(one.b, one.exact));
        if (ratioOf(one))
            parts << CompareRows::tr("B / A %1").arg(text::times(*ratioOf(one)));
        if (one.sqnrDb)
            parts << CompareRows::tr("SQNR of B %1").arg(text::decibel(one.sqnrDb, one.exact));
        if (!one.shape.isEmpty())
            parts << one.shape;
        if (!one.how.isEmpty())
            parts << one.how;
        return parts.join(QStringLiteral("   "));
    };
    return result;
}

} // namespace qs::ui
