// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The formulas that stand on hand-outs, worked out, give the scales, zero points, codes and values of the program.
#include "core/quant/walk.h"
#include "core/scheme/formula_lines.h"
#include "tests/support/formula_reader.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <map>

using namespace qs;
using Kind = FormulaLine::Kind;

namespace {

using Values = std::map<QString, double>;

/// A part of a weight's range is one name.
QString withNames(QString text)
{
    for (const auto &[words, name] :
         {std::pair("max(w, 0)", "HIGH"), std::pair("min(w, 0)", "LOW"), std::pair("max|w|", "EXTENT"),
          std::pair("max w", "MAX"), std::pair("min w", "MIN"), std::pair("2⁻²³", "EPSILON"),
          std::pair("5·10⁻⁷", "LEAST"), std::pair("10⁻⁸", "SMALL")})
        text.replace(QString::fromUtf8(words), QLatin1String(name));
    return text;
}

/// Works a formula out: + − · / ( ), max, min, clamp, round, ⌊ ⌋, and names.
class Sum final : public test::FormulaReader
{
public:
    Sum(const QString &text, Values values, bool away)
        : FormulaReader(withNames(text))
        , m_values(std::move(values))
        , m_away(away)
    {}

private:
    QList<double> arguments()
    {
        QList<double> all{sum()};
        while (take(","))
            all << sum();
        return take(")") ? all : QList<double>{std::nan("")};
    }

    double operand() override
    {
        if (take("max(")) {
            const auto all = arguments();
            return std::max(all[0], all.value(1));
        }
        if (take("clamp(")) {
            const auto all = arguments();
            return all.size() == 3 ? std::clamp(all[0], all[1], all[2]) : std::nan("");
        }
        if (take("round(")) {
            const double value = arguments()[0];
            return m_away ? std::round(value) : std::nearbyint(value);
        }
        if (take("⌊")) {
            const double value = std::floor(sum());
            return take("⌋") ? value : std::nan("");
        }
        if (take("(")) {
            const double value = sum();
            return take(")") ? value : std::nan("");
        }
        static const QRegularExpression token("^([A-Za-z]+|[0-9.]+)");
        const auto match = token.match(m_rest);
        m_rest.remove(0, match.capturedLength());
        bool isNumber = false;
        const double number = match.captured().toDouble(&isNumber);
        if (isNumber)
            return number;
        const auto known = m_values.find(match.captured());
        return known == m_values.end() ? std::nan("") : known->second;
    }

    Values m_values;
    bool m_away;
};

/// What stands behind "s = ", without the words after it.
double worked(const std::string &line, const Values &values)
{
    QString text = QString::fromStdString(line);
    const bool away = text.contains(", halves away from 0");
    text = text.section(", halves", 0, 0).section(",  ", 0, 0);
    return Sum(text.section(" = ", 1), values, away).result();
}

const std::string *lineOf(const std::vector<FormulaLine> &lines, Kind kind)
{
    for (const FormulaLine &line : lines)
        if (line.kind == kind)
            return &line.formula;
    return nullptr;
}

} // namespace

class TestFormulaLines : public QObject
{
    Q_OBJECT
private slots:
    void sameAsTheProgram_data();
    void sameAsTheProgram();
    void everyConvention();
};

void TestFormulaLines::everyConvention()
{
    for (const Convention &convention : conventions()) {
        const auto lines = formulaLines(convention);
        const QByteArray name(convention.name.data(), static_cast<qsizetype>(convention.name.size()));
        QVERIFY2(lineOf(lines, Kind::CodeRange) && lineOf(lines, Kind::Code) && lineOf(lines, Kind::Back), name);
        QVERIFY2(lineOf(lines, convention.mode == Mode::Symmetric ? Kind::SymmetricScale : Kind::AsymmetricScale),
                 name);
    }
}

void TestFormulaLines::sameAsTheProgram_data()
{
    QTest::addColumn<QString>("convention");
    QTest::addColumn<Mode>("mode");
    for (const Convention &convention : conventions()) {
        if (convention.formula->superBlock) // searched
            continue;
        for (const Mode mode : {Mode::Symmetric, Mode::Asymmetric}) {
            const Kind kind = mode == Mode::Symmetric ? Kind::SymmetricScale : Kind::AsymmetricScale;
            const QString name = QString::fromUtf8(convention.name.data(), qsizetype(convention.name.size()));
            if (lineOf(formulaLines(convention), kind))
                QTest::addRow("%s %s", qPrintable(name), mode == Mode::Symmetric ? "symmetric" : "asymmetric")
                    << name << mode;
        }
    }
}

void TestFormulaLines::sameAsTheProgram()
{
    QFETCH(QString, convention);
    QFETCH(Mode, mode);
    const Convention &preset = *findConvention(convention.toStdString());
    const auto lines = formulaLines(preset);
    Scheme scheme = preset.scheme();
    scheme.mode = mode;
    scheme.scaleType = ScaleType::F32;
    widenIfAsymmetric(scheme);
    const Quantizer quantizer(scheme, DType::F32);
    for (const auto &[low, high] : {std::pair(-0.83F, 0.51F), std::pair(-0.2F, 1.7F), std::pair(0.31F, 0.94F)}) {
        const ScaleAndZeroPoint scale = quantizer.scaleFor({low, high});
        const double extreme = -low > high ? double(low) : double(high);
        Values values{{"qmin", scheme.codeMin()},
                      {"qmax", scheme.codeMax()},
                      {"MIN", double(low)},
                      {"MAX", double(high)},
                      {"LOW", std::min(double(low), 0.0)},
                      {"HIGH", std::max(double(high), 0.0)},
                      {"EXTENT", std::abs(extreme)},
                      {"e", extreme},
                      {"EPSILON", std::ldexp(1.0, -23)},
                      {"LEAST", 5e-7},
                      {"SMALL", 1e-8}};
        values["s"] =
            worked(*lineOf(lines, mode == Mode::Symmetric ? Kind::SymmetricScale : Kind::AsymmetricScale), values);
        QVERIFY2(std::abs(values["s"] - double(scale.stored)) <= 1e-6 * std::abs(values["s"]),
                 qPrintable(QString("%1, not %2").arg(values["s"]).arg(double(scale.stored))));
        const std::string *zero = lineOf(lines, Kind::ZeroPoint);
        values["z"] = mode == Mode::Asymmetric && zero ? worked(*zero, values) : 0;
        QCOMPARE(values["z"], double(scale.zeroPoint));
        if (const std::string *offset = lineOf(lines, Kind::Offset)) {
            values["o"] = worked(*offset, values);
            QCOMPARE(float(values["o"]), scale.storedOffset);
        }
        for (int i = 0; i <= 40; ++i) {
            const float weight = low + (high - low) * (float(i) + 0.37F) / 41;
            const ValueWalk walk = walkValue(weight, scale, quantizer.coding());
            values["w"] = double(weight);
            values["q"] = worked(*lineOf(lines, Kind::Code), values);
            QCOMPARE(values["q"], double(walk.code));
            const double back = worked(*lineOf(lines, Kind::Back), values);
            QVERIFY2(std::abs(back - walk.back) <= 1e-5, qPrintable(QString("%1, not %2").arg(back).arg(walk.back)));
        }
    }
}

QTEST_GUILESS_MAIN(TestFormulaLines)
#include "tst_formula_lines.moc"
