// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/scheme/scheme_fields.h"

#include "core/quant/unit_search.h"
#include "ui/models/layer_model.h"
#include "ui/text/format.h"

#include <QCoreApplication>

#include <algorithm>

namespace qs::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("SchemeFields", text);
}

// Granularity as one number: 0 the whole layer, 1 per channel, else minus the group size.
constexpr int kWholeLayer = 0;
constexpr int kPerChannel = 1;

int toNumber(const Granularity &granularity)
{
    switch (granularity.kind) {
    case Granularity::Kind::Tensor:
        return kWholeLayer;
    case Granularity::Kind::Channel:
        return kPerChannel;
    case Granularity::Kind::Group:
        break;
    }
    return -static_cast<int>(granularity.groupSize);
}

Granularity toGranularity(int number)
{
    if (number == kWholeLayer)
        return Granularity::tensor();
    return number == kPerChannel ? Granularity::channel() : Granularity::group(static_cast<std::uint32_t>(-number));
}

QVariant toVariant(const RangeMethod &range)
{
    return QString::fromStdString(textOf(range));
}

std::optional<RangeMethod> toRange(const QVariant &value)
{
    SchemePatch patch;
    if (value.isValid() && !patch.set("range", value.toString().toStdString()))
        return std::nullopt;
    return patch.range;
}

QString rangeName(const RangeMethod &range)
{
    switch (range.kind) {
    case RangeMethod::Kind::MinMax:
        return tr("Min–max");
    case RangeMethod::Kind::Percentile:
        return tr("%1\u202f% of weights").arg(text::number(range.percent(), 8));
    case RangeMethod::Kind::Mse:
        return tr("Least squared error");
    case RangeMethod::Kind::MseLlmCompressor:
        return tr("As llm-compressor searches");
    case RangeMethod::Kind::Hqq:
        return tr("HQQ");
    }
    return {};
}

template <class T> QVariant toVariant(const std::optional<T> &value)
{
    return value ? QVariant(static_cast<int>(*value)) : QVariant();
}

template <class T> void assign(std::optional<T> &target, const QVariant &value)
{
    target = value.isValid() ? std::optional<T>(static_cast<T>(value.toInt())) : std::nullopt;
}

template <class T> int number(T value)
{
    return static_cast<int>(value);
}

} // namespace

QString fieldName(SchemeField field)
{
    switch (field) {
    case SchemeField::Mode:
        return tr("Mode");
    case SchemeField::Bits:
        return tr("Bits");
    case SchemeField::Scales:
        return tr("Scales");
    case SchemeField::Range:
        return tr("Range");
    case SchemeField::CodeRange:
        return tr("Code range");
    case SchemeField::ScaleType:
        return tr("Scale type");
    case SchemeField::Codes:
        return tr("Codes");
    }
    return {};
}

QString fieldHelp(SchemeField field)
{
    switch (field) {
    case SchemeField::Mode:
        return tr("Symmetric: zero is code 0. Asymmetric: a zero point moves the codes to where the weights are.");
    case SchemeField::Bits:
        return tr("Bits per code: 8 bits have 256 codes, 2 bits have 4");
    case SchemeField::Scales:
        return tr("How many weights share one scale (step size)");
    case SchemeField::Range:
        return tr(
            "Which weights the codes reach: all from smallest to largest, or fewer, so that the steps get finer and "
            "the outermost weights are clipped");
    case SchemeField::CodeRange:
        return tr("Full uses all codes; narrow leaves out the lowest one, so that the codes are symmetric around 0");
    case SchemeField::ScaleType:
        return tr("Number type in which scales are stored");
    case SchemeField::Codes:
        return tr(
            "Faithful forms codes exactly as the convention does; best takes the nearest code for the scale as it "
            "is stored");
    }
    return {};
}

QList<SchemeChoice> fieldChoices(SchemeField field)
{
    switch (field) {
    case SchemeField::Mode:
        return {{tr("Symmetric"), number(Mode::Symmetric)}, {tr("Asymmetric"), number(Mode::Asymmetric)}};
    case SchemeField::Bits: {
        QList<SchemeChoice> choices;
        for (int bits = kMaxBits; bits >= kMinBits; --bits)
            choices.append({tr("%1 bits").arg(bits), bits});
        return choices;
    }
    case SchemeField::Scales: {
        QList<SchemeChoice> choices;
        for (const int value : {kPerChannel, kWholeLayer, -32, -64, -128})
            choices.append({fieldValueName(field, value), value});
        return choices;
    }
    case SchemeField::Range: {
        QList<SchemeChoice> choices;
        for (const RangeMethod &range :
             {RangeMethod::minMax(), RangeMethod::percentile(99'900'000), RangeMethod::percentile(99'990'000),
              RangeMethod::mse(), RangeMethod::mseLlmCompressor(), RangeMethod::hqq()})
            choices.append({rangeName(range), toVariant(range)});
        return choices;
    }
    case SchemeField::CodeRange:
        return {{tr("Full"), number(CodeRange::Full)}, {tr("Narrow"), number(CodeRange::Narrow)}};
    case SchemeField::ScaleType:
        return {{tr("float32"), number(ScaleType::F32)},
                {tr("float16"), number(ScaleType::F16)},
                {tr("bfloat16"), number(ScaleType::BF16)}};
    case SchemeField::Codes:
        return {{tr("Faithful"), number(Codes::Faithful)}, {tr("Best"), number(Codes::Best)}};
    }
    return {};
}

QString fieldValueName(SchemeField field, const QVariant &value)
{
    if (field == SchemeField::Scales) {
        QString name = granularityName(toGranularity(value.toInt()));
        name[0] = name[0].toUpper();
        return name;
    }
    if (field == SchemeField::Range)
        return rangeName(toRange(value).value_or(RangeMethod::minMax()));
    for (const SchemeChoice &choice : fieldChoices(field))
        if (choice.value == value)
            return choice.name;
    return {};
}

QVariant fieldValue(const Scheme &scheme, SchemeField field)
{
    switch (field) {
    case SchemeField::Mode:
        return number(scheme.mode);
    case SchemeField::Bits:
        return scheme.bits;
    case SchemeField::Scales:
        return toNumber(scheme.granularity);
    case SchemeField::Range:
        return toVariant(scheme.range);
    case SchemeField::CodeRange:
        return number(scheme.codeRange);
    case SchemeField::ScaleType:
        return number(scheme.scaleType);
    case SchemeField::Codes:
        return number(scheme.codes);
    }
    return {};
}

QVariant fieldValue(const SchemePatch &patch, SchemeField field)
{
    switch (field) {
    case SchemeField::Mode:
        return toVariant(patch.mode);
    case SchemeField::Bits:
        return toVariant(patch.bits);
    case SchemeField::Scales:
        return patch.granularity ? QVariant(toNumber(*patch.granularity)) : QVariant();
    case SchemeField::Range:
        return patch.range ? toVariant(*patch.range) : QVariant();
    case SchemeField::CodeRange:
        return toVariant(patch.codeRange);
    case SchemeField::ScaleType:
        return toVariant(patch.scaleType);
    case SchemeField::Codes:
        return toVariant(patch.codes);
    }
    return {};
}

void setFieldValue(SchemePatch &patch, SchemeField field, const QVariant &value)
{
    switch (field) {
    case SchemeField::Mode:
        return assign(patch.mode, value);
    case SchemeField::Bits:
        return assign(patch.bits, value);
    case SchemeField::Scales:
        patch.granularity = value.isValid() ? std::optional(toGranularity(value.toInt())) : std::nullopt;
        return;
    case SchemeField::Range:
        patch.range = toRange(value);
        return;
    case SchemeField::CodeRange:
        return assign(patch.codeRange, value);
    case SchemeField::ScaleType:
        return assign(patch.scaleType, value);
    case SchemeField::Codes:
        return assign(patch.codes, value);
    }
}

Scheme withField(Scheme scheme, SchemeField field, const QVariant &value)
{
    SchemePatch patch;
    setFieldValue(patch, field, value);
    patch.applyTo(scheme);
    if (scheme.mode == Mode::Asymmetric && scheme.codeRange == CodeRange::Narrow) {
        if (field == SchemeField::CodeRange)
            scheme.mode = Mode::Symmetric;
        else
            scheme.codeRange = CodeRange::Full;
    }
    return scheme;
}

QString percentileHint(const Scheme &scheme, const MatrixShape &shape)
{
    if (scheme.range.kind != RangeMethod::Kind::Percentile || scheme.range.millionths == RangeMethod::kAllWeights)
        return {};
    QString unit = tr("channel");
    std::uint64_t weights = shape.weights;
    if (scheme.granularity.kind == Granularity::Kind::Tensor) {
        unit = tr("layer");
        weights = shape.channels * shape.weights;
    } else if (scheme.granularity.kind == Granularity::Kind::Group) {
        unit = tr("group");
        weights = std::min<std::uint64_t>(weights, scheme.granularity.groupSize);
    }
    if (percentileRanks(weights, scheme).high < weights)
        return {};
    return tr("%1\u202f% of the %2 weights of a %3 are all of them: this range clips nothing.")
        .arg(text::number(scheme.range.percent(), 8), text::count(weights), unit);
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
