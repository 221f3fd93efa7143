// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/text/format.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>
#include <QTextDocument>

#include <algorithm>
#include <array>
#include <cmath>

namespace qs::ui::text {

namespace {

QString tr(const char *source)
{
    return QCoreApplication::translate("text", source);
}

/// Numbers follow the language of the program's text, not that of the system, so that they agree with the words
/// around them and with the command line.
const QLocale &locale()
{
    static const QLocale value(QLocale::English, QLocale::UnitedStates);
    return value;
}

QString withUnit(const QString &number, const QString &unit)
{
    return number + QChar(kUnitSpace) + unit;
}

QString trueMinus(QString text)
{
    return text.replace(u'-', QChar(kMinus));
}

constexpr std::size_t kMostBytesPerCharacter = 4;
constexpr std::size_t kLongestText = std::size_t{1} << 20;
const QString kTab = QStringLiteral("    ");

struct Unit {
    double size;
    const char *name;
};
constexpr std::array<Unit, 5> kByteUnits{
    {{1.0, "bytes"}, {1024.0, "KiB"}, {1048576.0, "MiB"}, {1073741824.0, "GiB"}, {1099511627776.0, "TiB"}}};

std::size_t byteUnit(std::uint64_t value)
{
    std::size_t unit = 0;
    // From 999.5 on three digits would not do.
    while (unit + 1 < kByteUnits.size() && static_cast<double>(value) / kByteUnits[unit].size >= 999.5)
        ++unit;
    return unit;
}

QString bytesIn(std::uint64_t value, std::size_t unit)
{
    const double scaled = static_cast<double>(value) / kByteUnits[unit].size;
    return locale().toString(scaled, 'f', unit == 0 || scaled >= 9.95 ? 0 : 1);
}

} // namespace

QString exact()
{
    return tr("exact");
}

QString notAvailable()
{
    return tr("n/a");
}

QString none()
{
    return QStringLiteral("–");
}

QString pending()
{
    return QStringLiteral("…");
}

QString number(double value, int digits)
{
    if (std::isnan(value))
        return notAvailable();
    if (std::isinf(value))
        return value < 0 ? QString(QChar(kMinus)) + u'∞' : QStringLiteral("∞");
    if (value == 0)
        return QStringLiteral("0"); // no "−0"
    QString text = QString::number(value, 'g', digits);
    const qsizetype e = text.indexOf(u'e');
    if (e >= 0) {
        const int exponent = text.mid(e + 1).toInt();
        // 'g' changes to powers of ten too early for whole numbers: 12345 with four digits is still "12350".
        if (exponent >= 0 && exponent < 9)
            text = QString::number(std::round(value / std::pow(10.0, exponent - digits + 1)) *
                                       std::pow(10.0, exponent - digits + 1),
                                   'f', 0);
        else
            text = text.left(e + 1) + QString::number(exponent);
    }
    return trueMinus(text);
}

QString count(std::uint64_t value)
{
    return locale().toString(static_cast<qulonglong>(value));
}

QString percent(double share)
{
    return withUnit(number(share * 100, 3), QStringLiteral("%"));
}

QString percent(const std::optional<double> &share, bool isExact)
{
    if (isExact)
        return exact();
    return share ? percent(*share) : notAvailable();
}

QString bytes(std::uint64_t value)
{
    if (value == 1)
        return tr("1 byte");
    const std::size_t unit = byteUnit(value);
    return withUnit(bytesIn(value, unit), unit == 0 ? tr("bytes") : QLatin1String(kByteUnits[unit].name));
}

QString exactBytes(std::uint64_t value)
{
    return value == 1 ? tr("1 byte") : tr("%1 bytes").arg(count(value));
}

QString bytesChange(std::uint64_t before, std::uint64_t after)
{
    const std::size_t unit = byteUnit(before);
    if (unit != byteUnit(after))
        return tr("%1 → %2").arg(bytes(before), bytes(after));
    return tr("%1 → %2").arg(bytesIn(before, unit), bytes(after));
}

QString times(double ratio)
{
    if (!std::isfinite(ratio))
        return notAvailable();
    return trueMinus(locale().toString(ratio, 'f', ratio < 9.95 ? 1 : 0)) + u'×';
}

QString scale(double value)
{
    return number(value, 4);
}

QString range(double min, double max, int digits)
{
    return tr("%1 … %2").arg(number(min, digits), number(max, digits));
}

QString decibel(const std::optional<double> &value, bool isExact)
{
    if (isExact)
        return exact();
    if (!value || std::isnan(*value))
        return notAvailable();
    return withUnit(trueMinus(QString::number(*value, 'f', 1)), QStringLiteral("dB"));
}

QString shape(const std::vector<std::uint64_t> &shape)
{
    QStringList parts;
    for (std::uint64_t dim : shape)
        parts << QString::number(dim);
    return parts.join(QStringLiteral(" × "));
}

QString duration(double seconds)
{
    if (seconds < 0.9995)
        return withUnit(QString::number(std::round(seconds * 1000), 'f', 0), QStringLiteral("ms"));
    if (seconds < 59.95)
        return withUnit(QString::number(seconds, 'f', seconds < 9.95 ? 1 : 0), QStringLiteral("s"));
    return withUnit(QString::number(std::round(seconds / 60), 'f', 0), QStringLiteral("min"));
}

QString clipped(double share, const Scheme &scheme)
{
    const QString text = tr("%1 clipped").arg(percent(share));
    const bool halfStepShort =
        scheme.mode == Mode::Symmetric && scheme.codeRange == CodeRange::Full && scheme.range == RangeMethod::minMax();
    if (share <= 0 || !halfStepShort)
        return text;
    return tr("%1: the range is that of the weights, but the codes end at %2 and +%3, so that a largest weight that is "
              "positive falls half a step outside")
        .arg(text, trueMinus(QString::number(scheme.codeMin())), QString::number(scheme.codeMax()));
}

QString sentence(const std::string &reason)
{
    QString text = QString::fromStdString(reason);
    if (text.isEmpty())
        return text;
    text[0] = text[0].toUpper();
    return text.endsWith(QLatin1Char('.')) ? text : text + QLatin1Char('.');
}

QString oneLine(std::string_view text, int limit)
{
    // Cut before anything else looks at it: a value may be as long as the file.
    const auto most = static_cast<std::size_t>(limit) * kMostBytesPerCharacter;
    QString line = QString::fromUtf8(text.data(), static_cast<qsizetype>(std::min(text.size(), most))).simplified();
    const bool cut = text.size() > most || line.size() > limit;
    line = QString::fromStdString(printable(line.left(limit).toStdString()));
    return cut ? line + u'…' : line;
}

QString shortName(const QString &name, int limit)
{
    return name.size() > limit ? u'…' + name.right(limit - 1) : name;
}

QString buttonText(const QString &name, int limit)
{
    return shortName(oneLine(name.toStdString()), limit).replace(u'&', QLatin1String("&&"));
}

QString plainToolTip(const QString &text)
{
    return Qt::mightBeRichText(text) ? Qt::convertFromPlainText(text) : text;
}

QString manyLines(std::string_view text)
{
    const std::string_view head = text.substr(0, kLongestText);
    QStringList lines;
    for (const QString &line : QString::fromUtf8(head.data(), static_cast<qsizetype>(head.size())).split(u'\n'))
        lines << QString::fromStdString(printable(QString(line).replace(u'\t', kTab).remove(u'\r').toStdString()));
    if (head.size() < text.size())
        lines << tr("… and %1 more").arg(bytes(text.size() - head.size()));
    return lines.join(u'\n');
}

} // namespace qs::ui::text
