// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/scheme/scheme_fields.h"

#include "core/quant/unit_search.h"
#include "core/scheme/scale_table.h"
#include "core/scheme/scheme_fields.h"
#include "ui/models/layer_model.h"
#include "ui/text/format.h"

#include <QCoreApplication>

#include <array>

namespace qs::ui {

namespace {

struct SchemeFields {
    Q_DECLARE_TR_FUNCTIONS(SchemeFields)
};

/// What the window adds to a field of core's table.
struct FieldWords {
    const char *key; ///< in core's table
    QString (*name)();
    QString (*help)();
    std::vector<const char *> choices;        ///< as core writes the values
    QString (*valueName)(const Scheme &with); ///< of the value that a scheme has
};

QString granularityChoice(const Scheme &scheme)
{
    QString name = granularityName(scheme.granularity);
    name[0] = name[0].toUpper();
    return name;
}

QString rangeName(const Scheme &scheme)
{
    switch (scheme.range.kind) {
    case RangeMethod::Kind::MinMax:
        return SchemeFields::tr("Min–max");
    case RangeMethod::Kind::Percentile:
        return SchemeFields::tr("%1\u202f% of weights").arg(text::shortNumber(scheme.range.percent(), 8));
    case RangeMethod::Kind::Mse:
        return SchemeFields::tr("Least squared error");
    case RangeMethod::Kind::MseLlmCompressor:
        return SchemeFields::tr("As llm-compressor searches");
    case RangeMethod::Kind::Hqq:
        return SchemeFields::tr("HQQ");
    case RangeMethod::Kind::Output:
        return SchemeFields::tr("Least output error");
    }
    return {};
}

QString scaleTypeName(const Scheme &scheme)
{
    switch (scheme.scaleType) {
    case ScaleType::F32:
        return SchemeFields::tr("float32");
    case ScaleType::F16:
        return SchemeFields::tr("float16");
    case ScaleType::BF16:
        return SchemeFields::tr("bfloat16");
    }
    return {};
}

QString codesName(const Scheme &scheme)
{
    switch (scheme.codes) {
    case Codes::Faithful:
        return SchemeFields::tr("Faithful");
    case Codes::Best:
        return SchemeFields::tr("Best");
    case Codes::Compensated:
        return SchemeFields::tr("Compensated");
    case Codes::CompensatedByActivity:
        return SchemeFields::tr("Compensated, strong inputs first");
    }
    return {};
}

/// In the order of SchemeField.
const std::array<FieldWords, 7> &fieldWords()
{
    static const std::array<FieldWords, 7> words{{
        {"mode",
         [] { return SchemeFields::tr("Mode"); },
         [] {
             return SchemeFields::tr(
                 "Symmetric: zero is code 0. Asymmetric: a zero point moves the codes to where the weights are.");
         },
         {"symmetric", "asymmetric"},
         [](const Scheme &with) {
             return with.mode == Mode::Symmetric ? SchemeFields::tr("Symmetric") : SchemeFields::tr("Asymmetric");
         }},
        {"bits",
         [] { return SchemeFields::tr("Bits"); },
         [] { return SchemeFields::tr("Bits per code: 8 bits have 256 codes, 2 bits have 4"); },
         {"8", "7", "6", "5", "4", "3", "2"},
         [](const Scheme &with) { return SchemeFields::tr("%1 bits").arg(with.bits); }},
        {"granularity",
         [] { return SchemeFields::tr("Scales"); },
         [] { return SchemeFields::tr("How many weights share one scale (step size)"); },
         {"channel", "tensor", "group:32", "group:64", "group:128"},
         granularityChoice},
        {"range",
         [] { return SchemeFields::tr("Range"); },
         [] {
             return SchemeFields::tr(
                 "Which weights the codes reach: all from smallest to largest, or fewer, so that the steps get "
                 "finer and the outermost weights are clipped. Least output error needs samples to choose by");
         },
         {"minmax", "percentile:99.9", "percentile:99.99", "mse", "mse-llmcompressor", "hqq", "output"},
         rangeName},
        {"code_range",
         [] { return SchemeFields::tr("Code range"); },
         [] {
             return SchemeFields::tr(
                 "Full uses all codes; narrow leaves out the lowest one, so that the codes are symmetric around "
                 "0");
         },
         {"full", "narrow"},
         [](const Scheme &with) {
             return with.codeRange == CodeRange::Full ? SchemeFields::tr("Full") : SchemeFields::tr("Narrow");
         }},
        {"scale_type",
         [] { return SchemeFields::tr("Scale type"); },
         [] { return SchemeFields::tr("Number type in which scales are stored"); },
         {"f32", "f16", "bf16"},
         scaleTypeName},
        {"codes",
         [] { return SchemeFields::tr("Codes"); },
         [] {
             return SchemeFields::tr(
                 "Faithful forms codes exactly as the convention does; best takes the nearest code for the scale "
                 "as it is stored; compensated lets later weights make up for the rounding of earlier ones (GPTQ), "
                 "and needs samples");
         },
         {"faithful", "best", "compensated", "compensated-by-activity"},
         codesName},
    }};
    return words;
}

const FieldWords &wordsOf(SchemeField field)
{
    return fieldWords()[static_cast<std::size_t>(field)];
}

QVariant valueOf(const std::optional<std::string> &text)
{
    return text ? QVariant(QString::fromStdString(*text)) : QVariant();
}

} // namespace

QString fieldName(SchemeField field)
{
    return wordsOf(field).name();
}

QString fieldExplanation(SchemeField field)
{
    switch (field) {
    case SchemeField::Mode:
        return QStringLiteral("scheme.mode");
    case SchemeField::Bits:
        return QStringLiteral("scheme.bits");
    case SchemeField::Scales:
        return QStringLiteral("scheme.scales");
    case SchemeField::Range:
        return QStringLiteral("scheme.range");
    case SchemeField::CodeRange:
        return QStringLiteral("scheme.codeRange");
    case SchemeField::ScaleType:
        return QStringLiteral("scheme.scaleType");
    case SchemeField::Codes:
        break;
    }
    return QStringLiteral("scheme.codes");
}

QString fieldHelp(SchemeField field)
{
    return wordsOf(field).help();
}

QList<SchemeChoice> fieldChoices(SchemeField field)
{
    QList<SchemeChoice> choices;
    for (const char *value : wordsOf(field).choices)
        choices.append({fieldValueName(field, QString::fromLatin1(value)), QString::fromLatin1(value)});
    return choices;
}

QString fieldValueName(SchemeField field, const QVariant &value)
{
    SchemePatch patch;
    setFieldValue(patch, field, value);
    Scheme with;
    patch.applyTo(with);
    return wordsOf(field).valueName(with);
}

QVariant fieldValue(const Scheme &scheme, SchemeField field)
{
    return valueOf(fieldText(scheme, wordsOf(field).key));
}

QVariant fieldValue(const SchemePatch &patch, SchemeField field)
{
    return valueOf(fieldText(patch, wordsOf(field).key));
}

void setFieldValue(SchemePatch &patch, SchemeField field, const QVariant &value)
{
    const char *key = wordsOf(field).key;
    if (!value.isValid() || !patch.set(key, value.toString().toStdString()))
        clearField(patch, key);
}

Scheme withField(Scheme scheme, SchemeField field, const QVariant &value)
{
    SchemePatch patch;
    setFieldValue(patch, field, value);
    patch.applyTo(scheme);
    if (patch.codeRange == CodeRange::Narrow)
        scheme.mode = Mode::Symmetric;
    widenIfAsymmetric(scheme);
    return scheme;
}

QString percentileHint(const Scheme &scheme, const MatrixShape &shape)
{
    const std::uint64_t weights = ScaleGeometry{scheme.granularity, shape}.unitSize();
    if (!clipsNothing(weights, scheme))
        return {};
    QString unit = SchemeFields::tr("channel");
    if (scheme.granularity.kind == Granularity::Kind::Tensor)
        unit = SchemeFields::tr("layer");
    else if (scheme.granularity.kind == Granularity::Kind::Group)
        unit = SchemeFields::tr("group");
    return SchemeFields::tr("%1\u202f% of the %2 weights of a %3 are all of them: this range clips nothing.")
        .arg(text::shortNumber(scheme.range.percent(), 8), text::count(weights), unit);
}

QString fieldProblem(const std::vector<Scheme> &schemes, SchemeField field, const QVariant &value)
{
    QString problem;
    for (const Scheme &scheme : schemes) {
        const auto valid = withField(scheme, field, value).validate();
        if (valid)
            return {};
        problem = text::sentence(valid.error().message);
    }
    return problem;
}

} // namespace qs::ui
