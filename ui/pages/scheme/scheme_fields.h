// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of a scheme as choices: names and values for combo boxes, and how to read and set them.
#pragma once

#include "core/model/model.h"

#include <QList>
#include <QString>
#include <QVariant>

#include <optional>
#include <vector>

namespace qs::ui {

/// The fields that can be chosen in the window.
enum class SchemeField { Mode, Bits, Scales, Range, CodeRange, ScaleType, Codes };

struct SchemeChoice {
    QString name;
    QVariant value; ///< as core writes it: "group:32"
};

QString fieldName(SchemeField field);
/// What the field means, for tool tips.
QString fieldHelp(SchemeField field);
/// Id of its explanation.
QString fieldExplanation(SchemeField field);
QList<SchemeChoice> fieldChoices(SchemeField field);
/// Name of any value, also of one that is not among the choices ("groups of 16").
QString fieldValueName(SchemeField field, const QVariant &value);

QVariant fieldValue(const Scheme &scheme, SchemeField field);
/// Invalid: the patch does not set that field.
QVariant fieldValue(const SchemePatch &patch, SchemeField field);
/// An invalid value clears the field.
void setFieldValue(SchemePatch &patch, SchemeField field, const QVariant &value);

/// The scheme with one field changed by a choice. Narrow code range and asymmetric mode exclude each other: the one
/// that was not chosen gives way.
Scheme withField(Scheme scheme, SchemeField field, const QVariant &value);
/// Why that choice cannot be combined with the other fields of all these schemes; empty when it can.
QString fieldProblem(const std::vector<Scheme> &schemes, SchemeField field, const QVariant &value);

/// Says that the percentile of a scheme leaves nothing out, because so few weights share a scale in a layer of that
/// shape; empty when it leaves some out, or the scheme has no percentile.
QString percentileHint(const Scheme &scheme, const MatrixShape &shape);

} // namespace qs::ui
