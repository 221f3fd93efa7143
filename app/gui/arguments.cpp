// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/arguments.h"

#include "core/scheme/convention.h"
#include "ui/pages/page.h"
#include "ui/text/translation.h"

#include <QHash>

#include <functional>

namespace qs::app {

namespace {

constexpr int kSmallestSide = 320;
constexpr int kLargestSide = 8192;

std::optional<QSize> parseSize(const QString &text)
{
    const QStringList parts = text.split(QLatin1Char('x'));
    if (parts.size() != 2)
        return std::nullopt;
    bool widthOk = false;
    bool heightOk = false;
    const QSize size(parts[0].toInt(&widthOk), parts[1].toInt(&heightOk));
    const auto fits = [](int side) { return side >= kSmallestSide && side <= kLargestSide; };
    return widthOk && heightOk && fits(size.width()) && fits(size.height()) ? std::optional(size) : std::nullopt;
}

QStringList languageNames()
{
    QStringList names;
    for (const ui::text::Language &language : ui::text::languages())
        names << language.name;
    return names;
}

QString conventionNames()
{
    QStringList names;
    for (const Convention &convention : conventions())
        names << QString::fromUtf8(convention.name.data(), static_cast<qsizetype>(convention.name.size()));
    return QStringLiteral("one of ") + names.join(QStringLiteral(", "));
}

/// Sets one option; returns what was expected when the value is wrong.
QString setOption(Arguments &arguments, const QString &name, const QString &value)
{
    if (name == QLatin1String("--screenshot")) {
        arguments.screenshot = value;
        return value.isEmpty() ? QStringLiteral("a file name") : QString();
    }
    if (name == QLatin1String("--tab")) {
        arguments.tab = value;
        return {};
    }
    if (name == QLatin1String("--lesson")) {
        arguments.lesson = value;
        return {};
    }
    if (name == QLatin1String("--export-steps") || name == QLatin1String("--hand-out")) {
        (name == QLatin1String("--hand-out") ? arguments.handOut : arguments.steps) = value;
        return value.isEmpty() ? QStringLiteral("a name") : QString();
    }
    if (name == QLatin1String("--paper-language")) {
        arguments.paperLanguage = value;
        const QStringList known{QStringLiteral("en"), QStringLiteral("zh_CN"), QStringLiteral("both")};
        return known.contains(value) ? QString() : QStringLiteral("en, zh_CN or both");
    }
    if (name == QLatin1String("--formulas")) {
        arguments.convention = value;
        return findConvention(value.toStdString()) ? QString() : conventionNames();
    }
    if (name == QLatin1String("--step")) {
        bool isNumber = false;
        const int step = value.toInt(&isNumber);
        if (!isNumber || step < 1)
            return QStringLiteral("a number from 1 on");
        arguments.step = static_cast<std::size_t>(step) - 1;
        return {};
    }
    if (name == QLatin1String("--compare")) {
        arguments.compared = value;
        return value.isEmpty() ? QStringLiteral("a model") : QString();
    }
    if (name == QLatin1String("--size")) {
        const auto size = parseSize(value);
        if (!size)
            return QStringLiteral("WIDTHxHEIGHT, each from %1 to %2").arg(kSmallestSide).arg(kLargestSide);
        arguments.size = size;
        return {};
    }
    if (name == QLatin1String("--language")) {
        arguments.language = value;
        const QStringList names = languageNames();
        return names.contains(value) ? QString() : names.join(QStringLiteral(" or "));
    }
    if (value != QLatin1String("light") && value != QLatin1String("dark"))
        return QStringLiteral("light or dark");
    arguments.theme = value == QLatin1String("dark") ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light;
    return {};
}

} // namespace

Arguments parseArguments(const QStringList &words)
{
    static const QStringList withValue{
        QStringLiteral("--compare"),  QStringLiteral("--screenshot"),     QStringLiteral("--size"),
        QStringLiteral("--tab"),      QStringLiteral("--theme"),          QStringLiteral("--lesson"),
        QStringLiteral("--step"),     QStringLiteral("--language"),       QStringLiteral("--export-steps"),
        QStringLiteral("--hand-out"), QStringLiteral("--paper-language"), QStringLiteral("--formulas")};
    Arguments arguments;
    bool onlyNames = false;
    for (qsizetype i = 0; i < words.size() && arguments.problem.isEmpty(); ++i) {
        const QString &word = words[i];
        const QString name = word.section(QLatin1Char('='), 0, 0);
        if (onlyNames || !word.startsWith(QLatin1Char('-')) || word.size() == 1) {
            if (!arguments.model.isEmpty())
                arguments.problem = QStringLiteral("only one model can be opened, but '%1' is a second one").arg(word);
            arguments.model = word;
        } else if (word == QLatin1String("--")) {
            onlyNames = true;
        } else if (word == QLatin1String("--help") || word == QLatin1String("-h")) {
            arguments.help = true;
        } else if (word == QLatin1String("--presentation")) {
            arguments.presentation = true;
        } else if (word == QLatin1String("--answers")) {
            arguments.answers = true;
        } else if (word == QLatin1String("--version")) {
            arguments.version = true;
        } else if (!withValue.contains(name)) {
            arguments.problem = QStringLiteral("unknown option '%1'; --help lists the options").arg(word);
        } else if (name == word && i + 1 == words.size()) {
            arguments.problem = QStringLiteral("option '%1' needs a value").arg(word);
        } else {
            const QString value = name == word ? words[++i] : word.mid(name.size() + 1);
            if (const QString expected = setOption(arguments, name, value); !expected.isEmpty())
                arguments.problem = QStringLiteral("'%1' is no value for %2, expected %3").arg(value, name, expected);
        }
    }
    if (arguments.problem.isEmpty() && !arguments.compared.isEmpty() && arguments.model.isEmpty())
        arguments.problem = QStringLiteral("--compare needs a model to compare with");
    const bool needsPicture = arguments.size && arguments.steps.isEmpty();
    if (arguments.problem.isEmpty() && (needsPicture || !arguments.tab.isEmpty()) && arguments.screenshot.isEmpty())
        arguments.problem = QStringLiteral("--size and --tab go with --screenshot FILE.png");
    const bool needsLesson =
        words.contains(QLatin1String("--step")) || !arguments.steps.isEmpty() || !arguments.handOut.isEmpty();
    if (arguments.problem.isEmpty() && arguments.lesson.isEmpty() && needsLesson)
        arguments.problem = QStringLiteral("--step, --export-steps and --hand-out go with --lesson ID");
    if (arguments.problem.isEmpty() && !arguments.lesson.isEmpty() && !arguments.model.isEmpty())
        arguments.problem = QStringLiteral("a lesson has its own model, so '%1' cannot be opened").arg(arguments.model);
    return arguments;
}

QString tabNames()
{
    QStringList names;
    for (const ui::PageInfo &page : ui::pages())
        if (page.place == ui::PagePlace::Tab)
            names << page.id;
    const QString last = names.takeLast();
    return QStringLiteral("%1 or %2").arg(names.join(QStringLiteral(", ")), last);
}

QString helpText()
{
    return QStringLiteral("usage: quantoscope [--language NAME] [--theme light|dark] [--compare OTHER] [MODEL]\n"
                          "       quantoscope --lesson ID [--step N] [--presentation]\n"
                          "       quantoscope --lesson ID --export-steps FOLDER | --hand-out FILE.pdf [--answers]\n"
                          "       quantoscope --screenshot FILE.png [--size WxH] [--tab NAME] [--theme light|dark] "
                          "[--language NAME]\n"
                          "                   [--compare OTHER] [MODEL]\n"
                          "\n"
                          "Shows what quantization does to the weights of a neural network.\n"
                          "\n"
                          "MODEL is a model file, a shard index, a folder that holds one of them, demo:digits,\n"
                          "demo:lesson or demo:notebook. Without it the start page is shown.\n"
                          "\n"
                          "  --compare OTHER        a second model, shown as B beside the first one\n"
                          "  --screenshot FILE.png  draw the window into a file when all results are there, and end\n"
                          "  --size WxH             size of that picture (1440x900), or of steps (1920x1080)\n"
                          "  --tab NAME             tab of the centre: %1 (overview)\n"
                          "  --theme light|dark     colours\n"
                          "  --language NAME        %2\n"
                          "  --lesson ID            begin with a lesson: L1 to L7, exercises, or a file of your own\n"
                          "  --step N               step of the lesson (1)\n"
                          "  --presentation         as for a projector\n"
                          "  --export-steps FOLDER  write each step as PNG and SVG and a PDF of all, and end\n"
                          "  --hand-out FILE        write the hand-out as .pdf or .html, and end; with --answers for "
                          "the lecturer\n"
                          "  --paper-language L     en, zh_CN or both, for these two\n"
                          "  --formulas PRESET      formulas on the hand-out (those that the lesson uses)\n"
                          "  --version              version, instruction set in use, library versions\n"
                          "  --help                 this text\n")
        .arg(tabNames(), languageNames().join(QStringLiteral(" or ")));
}

} // namespace qs::app
