// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_query.h"

#include "core/recipe/pattern.h"
#include "ui/models/layer_model.h"
#include "ui/text/format.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace qs::ui {

namespace {

using Parsed = std::expected<LayerTest, QString>;

struct LayerQuery {
    Q_DECLARE_TR_FUNCTIONS(LayerQuery)
};

struct State {
    const char *name;
    LayerModel::State state;
};
constexpr State kStates[] = {
    {"quantized", LayerModel::State::Quantized},   {"excluded", LayerModel::State::Excluded},
    {"overridden", LayerModel::State::Overridden}, {"pending", LayerModel::State::Pending},
    {"stored", LayerModel::State::Stored},         {"warning", LayerModel::State::Warning},
};

constexpr Op kOps[] = {Op::Linear, Op::Conv, Op::Recurrent, Op::Embedding, Op::ConvTranspose, Op::MatMul};

struct Field {
    const char *name;
    int column;   ///< of the model, whose number to sort by it is; or one of the two below
    bool isShare; ///< may be given in percent
};
constexpr int kInputs = -1;
constexpr int kOutputs = -2;
constexpr Field kFields[] = {
    {"err", LayerModel::ErrorColumn, true},
    {"in", kInputs, false},
    {"out", kOutputs, false},
    {"params", LayerModel::ParametersColumn, false},
    {"bits", LayerModel::BitsColumn, false},
    {"scale", LayerModel::ScaleMaxColumn, false},
    {"spread", LayerModel::SpreadColumn, false},
    {"clip", LayerModel::ClippedColumn, true},
    {"sqnr", LayerModel::SqnrColumn, false},
};

template <class Range> QString namesOf(const Range &range)
{
    QStringList names;
    for (const auto &item : range)
        names << QLatin1String(item.name);
    return names.join(QStringLiteral(", "));
}

QString opNames()
{
    QStringList names;
    for (const Op op : kOps)
        names << text::fromView(textOf(op));
    return names.join(QStringLiteral(", "));
}

const Layer &layerOf(const LayerModel &model, std::size_t layer)
{
    return model.setup()->model()->layers[layer];
}

Parsed nameTest(const QString &pattern)
{
    const auto compiled = Pattern::compile(pattern.toStdString(), Anchoring::Part);
    if (!compiled)
        return std::unexpected(text::sentence(compiled.error().message));
    return [pattern = *compiled](const LayerModel &model, std::size_t layer) {
        const Layer &asked = layerOf(model, layer);
        return pattern.matches(asked.module) ||
               std::ranges::any_of(asked.otherNames, [&](const std::string &name) { return pattern.matches(name); });
    };
}

Parsed stateTest(const QString &name)
{
    const auto found =
        std::ranges::find_if(kStates, [&](const State &state) { return name == QLatin1String(state.name); });
    if (found == std::end(kStates))
        return std::unexpected(LayerQuery::tr("“is:%1” is not known; expected one of %2").arg(name, namesOf(kStates)));
    return [state = found->state](const LayerModel &model, std::size_t layer) { return model.is(state, layer); };
}

Parsed modeTest(const QString &begin)
{
    if (begin.isEmpty())
        return std::unexpected(LayerQuery::tr("“mode:” needs the beginning of a mode, as in mode:asym"));
    return [begin](const LayerModel &model, std::size_t layer) {
        const QModelIndex cell = model.index(static_cast<int>(layer), LayerModel::ModeColumn);
        return cell.data().toString().startsWith(begin, Qt::CaseInsensitive);
    };
}

Parsed opTest(const QString &name)
{
    const auto found = std::ranges::find_if(kOps, [&](Op op) { return name == text::fromView(textOf(op)); });
    if (found == std::end(kOps))
        return std::unexpected(LayerQuery::tr("“op:%1” is not known; expected one of %2").arg(name, opNames()));
    return [op = *found](const LayerModel &model, std::size_t layer) { return layerOf(model, layer).op == op; };
}

std::optional<double> valueOf(const LayerModel &model, std::size_t layer, int column)
{
    if (column == kInputs || column == kOutputs) {
        const TensorInfo &tensor = model.setup()->model()->tensorOf(layerOf(model, layer));
        const MatrixShape shape = matrixShape(tensor, model.setup()->decision(layer).channelAxis);
        return static_cast<double>(column == kInputs ? shape.weights : shape.channels);
    }
    const QVariant value = model.index(static_cast<int>(layer), column).data(LayerModel::SortRole);
    return value.isValid() ? std::optional(value.toDouble()) : std::nullopt;
}

bool compares(double a, const QString &sign, double b)
{
    if (sign == QLatin1String("<"))
        return a < b;
    if (sign == QLatin1String("<="))
        return a <= b;
    if (sign == QLatin1String(">"))
        return a > b;
    return sign == QLatin1String(">=") ? a >= b : a == b;
}

Parsed numberTest(const QString &name, const QString &sign, QString number)
{
    const auto field =
        std::ranges::find_if(kFields, [&](const Field &known) { return name == QLatin1String(known.name); });
    if (field == std::end(kFields))
        return std::unexpected(LayerQuery::tr("Unknown field “%1”; expected one of %2").arg(name, namesOf(kFields)));
    const bool inPercent = number.endsWith(u'%');
    if (inPercent)
        number.chop(1);
    bool ok = false;
    const double value = QLocale::c().toDouble(number, &ok) / (inPercent ? 100 : 1);
    if (!ok)
        return std::unexpected(LayerQuery::tr("“%1%2” needs a number, as in %1%2%3")
                                   .arg(name, sign, field->isShare ? QStringLiteral("1%") : QStringLiteral("8")));
    if (inPercent && !field->isShare)
        return std::unexpected(LayerQuery::tr("“%1” is no share: its number has no percent sign").arg(name));
    return [column = field->column, sign, value](const LayerModel &model, std::size_t layer) {
        const auto own = valueOf(model, layer, column);
        return own && compares(*own, sign, value);
    };
}

Parsed wordTest(const QString &word)
{
    using Make = Parsed (*)(const QString &);
    static constexpr std::array<std::pair<const char *, Make>, 3> kKinds{
        {{"is:", stateTest}, {"mode:", modeTest}, {"op:", opTest}}};
    for (const auto &[prefix, make] : kKinds)
        if (const QLatin1String begin(prefix); word.startsWith(begin))
            return make(word.mid(begin.size()));
    if (word.startsWith(QLatin1String("re:"))) // which may hold signs of a comparison
        return nameTest(word);
    static const QRegularExpression comparison(QStringLiteral("^([A-Za-z_]+)(<=|>=|<|>|=)(.*)$"));
    if (const auto match = comparison.match(word); match.hasMatch())
        return numberTest(match.captured(1), match.captured(2), match.captured(3));
    return nameTest(word);
}

Parsed termTest(const QString &word)
{
    if (word.size() < 2 || !word.startsWith(u'-'))
        return wordTest(word);
    Parsed test = wordTest(word.mid(1));
    if (!test)
        return test;
    return
        [positive = std::move(*test)](const LayerModel &model, std::size_t layer) { return !positive(model, layer); };
}

} // namespace

Parsed parseLayerQuery(const QString &text)
{
    std::vector<std::vector<LayerTest>> alternatives(1);
    for (const QString &word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        if (word == QLatin1String("|")) {
            alternatives.emplace_back();
            continue;
        }
        Parsed test = termTest(word);
        if (!test)
            return test;
        alternatives.back().push_back(std::move(*test));
    }
    if (alternatives.size() > 1 && std::ranges::any_of(alternatives, &std::vector<LayerTest>::empty))
        return std::unexpected(LayerQuery::tr("“|” stands between two words, as in conv | fc"));
    return [alternatives = std::move(alternatives)](const LayerModel &model, std::size_t layer) {
        return std::ranges::any_of(alternatives, [&](const std::vector<LayerTest> &terms) {
            return std::ranges::all_of(terms, [&](const LayerTest &test) { return test(model, layer); });
        });
    };
}

QString layerQueryHelp()
{
    return QStringList{
        LayerQuery::tr("fc conv*weight — parts of the name, * and ? as wildcards; re: before a regular expression"),
        LayerQuery::tr("is: — %1").arg(namesOf(kStates)),
        LayerQuery::tr("err>1% out>=128 — compared numbers: %1").arg(namesOf(kFields)),
        LayerQuery::tr("mode:asym op:conv — mode; kind of layer: %1").arg(opNames()),
        LayerQuery::tr("All words must fit; - turns a word round, | stands between alternatives.")}
        .join(u'\n');
}

} // namespace qs::ui
