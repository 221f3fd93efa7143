// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/text/format.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTextDocument>

#include <algorithm>
#include <utility>

namespace qs::ui::text {

namespace {

struct Format {
    Q_DECLARE_TR_FUNCTIONS(Format)
};

/// Numbers follow the language of the program's text, not that of the system, so that they agree with the words
/// around them.
const NumberSigns &signs()
{
    thread_local int made = -1; // hand-outs are written on a thread of their own
    thread_local NumberSigns value;
    if (std::exchange(made, languageChanges()) != languageChanges()) {
        const QLocale locale = languageLocale();
        value = NumberSigns{.minus = QString(QChar(kMinus)).toStdString(),
                            .decimalPoint = locale.decimalPoint().toStdString(),
                            .thousands = locale.groupSeparator().toStdString(),
                            .unitSpace = QString(QChar(kUnitSpace)).toStdString(),
                            .exact = Format::tr("exact").toStdString(),
                            .notAvailable = Format::tr("n/a").toStdString()};
    }
    return value;
}

QString shown(const std::string &text)
{
    return QString::fromStdString(text);
}

constexpr std::size_t kMostBytesPerCharacter = 4;
constexpr std::size_t kLongestText = std::size_t{1} << 20;
const QString kTab = QStringLiteral("    ");
const QString kSentenceEnds = QStringLiteral(".。");

} // namespace

QString exact()
{
    return shown(signs().exact);
}

QString notAvailable()
{
    return shown(signs().notAvailable);
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
    return shown(numberText(value, digits, signs()));
}

QString shortNumber(double value, int digits)
{
    return shown(shortNumberText(value, digits, signs()));
}

QString integer(std::int64_t value)
{
    return shown(integerText(value, signs()));
}

QString count(std::uint64_t value)
{
    return shown(countText(value, signs()));
}

int plural(std::uint64_t value)
{
    // Forms follow from the last digits, if at all.
    return static_cast<int>(value < 1'000'000'000 ? value : 1'000'000'000 + value % 1'000'000);
}

QString percent(double share)
{
    return percent(std::optional(share));
}

QString percent(const std::optional<double> &share, bool isExact)
{
    return shown(percentText(share, isExact, signs()));
}

QString shortPercent(double share)
{
    return shown(shortPercentText(share, signs()));
}

QString accuracy(double share)
{
    return shown(accuracyText(share, signs()));
}

QString accuracyChange(double before, double after)
{
    return shown(accuracyChangeText(before, after, signs()));
}

QString bytes(std::uint64_t value)
{
    return shown(bytesText(value, signs()));
}

QString exactBytes(std::uint64_t value)
{
    return Format::tr("%1 bytes", nullptr, plural(value)).arg(count(value));
}

QString bytesChange(std::uint64_t before, std::uint64_t after)
{
    return shown(bytesChangeText(before, after, signs()));
}

QString sizeChange(std::uint64_t before, std::uint64_t after)
{
    const SizeChange change = qs::sizeChange(before, after);
    switch (change.kind) {
    case SizeChange::Kind::Same:
        break;
    case SizeChange::Kind::Smaller:
        return Format::tr("%1 smaller").arg(times(change.factor));
    case SizeChange::Kind::Larger:
        return Format::tr("%1 larger").arg(times(change.factor));
    }
    return Format::tr("same size");
}

QString times(double ratio)
{
    return shown(timesText(ratio, signs()));
}

QString scale(double value)
{
    return number(value, kScaleDigits);
}

QString range(double min, double max, int digits)
{
    return shown(rangeText(min, max, digits, signs()));
}

QString integerRange(std::int64_t min, std::int64_t max)
{
    return shown(integerRangeText(min, max, signs()));
}

QString decibel(const std::optional<double> &value, bool isExact)
{
    return shown(decibelText(value, isExact, signs()));
}

QString shape(const std::vector<std::uint64_t> &shape)
{
    return shown(dimensionsText(shape));
}

QString duration(double seconds)
{
    return shown(durationText(seconds, signs()));
}

QString clipped(double share, const Scheme &scheme)
{
    const QString text = Format::tr("%1 clipped").arg(percent(share));
    const bool halfStepShort =
        scheme.mode == Mode::Symmetric && scheme.codeRange == CodeRange::Full && scheme.range == RangeMethod::minMax();
    if (share <= 0 || !halfStepShort)
        return text;
    return Format::
        tr("%1: the range is that of the weights, but the codes end at %2 and +%3, so that a largest weight that is "
           "positive falls half a step outside")
            .arg(text, integer(scheme.codeMin()), integer(scheme.codeMax()));
}

QString fromView(std::string_view name)
{
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString sentence(const Text &reason)
{
    return sentence(words(reason));
}

QString sentence(QString reason)
{
    if (reason.isEmpty())
        return reason;
    // Other scripts have no capital letters: a letter in front is the beginning of a name.
    if (languageLocale().script() == QLocale::LatinScript)
        reason[0] = reason[0].toUpper();
    return kSentenceEnds.contains(reason.back()) ? reason : Format::tr("%1.").arg(reason);
}

QString oneLine(const Text &text, int limit)
{
    return oneLine(std::string_view(words(text).toStdString()), limit);
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

QString listed(const QStringList &parts)
{
    return parts.join(Format::tr(", ", "between the parts of a list"));
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
        lines << Format::tr("… and %1 more").arg(bytes(text.size() - head.size()));
    return lines.join(u'\n');
}

} // namespace qs::ui::text
