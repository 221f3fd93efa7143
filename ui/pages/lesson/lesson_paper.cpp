// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lesson/lesson_paper.h"

#include "core/base/atomic_file.h"
#include "core/scheme/formula_lines.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/text/format.h"

#include <QBuffer>
#include <QGuiApplication>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QScreen>
#include <QTextDocument>

#include <algorithm>

namespace qs::ui {

namespace {

constexpr int kDotsPerInch = 300;
constexpr double kMargin = 15;          // millimetres
constexpr double kTextSize = 12;        // points
constexpr double kGoodTextSize = 8;     // below it a page that is full counts more than one that begins with a head
constexpr double kSmallestTextSize = 6; // that is still read
constexpr double kTextStep = 0.25;
constexpr int kPages = 2; // one sheet of paper
constexpr QSize kLineSize(1360, 150);

/// Before the second page, if that fits.
constexpr auto kNewPage = "<p class=\"newpage\"></p>";

// Words of the paper, which are wanted in a language that need not be that of the window.
const LessonWords kFormulas{"Formulas", "公式"};
const LessonWords kNumberLine{"Number line: mark the codes, a weight, and what comes back",
                              "数轴：标出量化码、一个权重和反量化的值"};
const LessonWords kPredict{"Predict, then measure", "先预测，再测量"};
const LessonWords kQuestion{"Question", "问题"};
const LessonWords kPredicted{"Predicted", "预测"};
const LessonWords kMeasured{"Measured", "测量"};
const LessonWords kExercises{"Exercises", "练习"};
const LessonWords kTerms{"Terms", "术语"};

const LessonWords &nameOf(FormulaLine::Kind kind)
{
    static const LessonWords kNames[] = {
        {"codes", "量化码范围"},
        {"symmetric scale", "对称缩放因子"},
        {"asymmetric scale", "非对称缩放因子"},
        {"zero point", "零点"},
        {"offset", "偏移"},
        {"code", "量化码"},
        {"back", "反量化"},
    };
    return kNames[static_cast<std::size_t>(kind)];
}
const LessonWords kOutputError{"output error", "输出误差"};
const auto kOutputFormula = QStringLiteral("‖ŷ − y‖ / ‖y‖");

/// Presets of all steps, each once, in the order in which they come.
std::vector<const Convention *> conventionsOf(const Lesson &lesson, const std::string &wanted)
{
    std::vector<const Convention *> found;
    const auto add = [&found](const std::string &name) {
        const Convention *convention = findConvention(name);
        if (convention && std::ranges::find(found, convention) == found.end())
            found.push_back(convention);
    };
    if (!wanted.empty())
        add(wanted);
    else
        for (const LessonStep &step : lesson.steps)
            add(step.recipe.scheme.convention);
    if (found.empty())
        add(std::string(kDefaultConvention));
    return found;
}

class Paper
{
public:
    Paper(const HandOut &wanted, const TaskContext &context)
        : m_wanted(wanted)
        , m_context(context)
    {}

    Result<QString> write(const Lesson &lesson);

private:
    QString said(const LessonWords &words, const QString &between = QStringLiteral("<br>")) const;
    void head(const LessonWords &words);
    void formulas(const Lesson &lesson);
    void numberLine();
    Result<void> questions(const Lesson &lesson);
    QString exercise(const LessonStep &step, const LessonWords &found) const;
    Result<void> exercises();
    void terms(const std::string &lesson);
    Result<LessonWords> answer(LessonPlayer &player, std::size_t step) const;

    const HandOut &m_wanted;
    const TaskContext &m_context;
    QString m_html;
};

QString Paper::said(const LessonWords &words, const QString &between) const
{
    QStringList all;
    for (const LessonLanguage language : m_wanted.languages)
        all << wordsOf(words, language).toHtmlEscaped();
    return all.join(between);
}

/// With what there is to choose from, and a mark at what is right where `answers` are wanted.
LessonWords asked(const LessonQuestion &question, bool answers)
{
    const auto in = [&question, answers](LessonLanguage language) {
        QStringList choices;
        for (std::size_t i = 0; i < question.choices.size(); ++i) {
            const bool isMarked = answers && i == question.right;
            choices << (isMarked ? QStringLiteral("✓ ") : QString()) + wordsOf(question.choices[i], language);
        }
        const QString text = wordsOf(question.text, language);
        return (choices.isEmpty() ? text : QStringLiteral("%1 (%2)").arg(text, choices.join(QStringLiteral(" / "))))
            .toStdString();
    };
    return {in(LessonLanguage::English), in(LessonLanguage::Chinese)};
}

void Paper::head(const LessonWords &words)
{
    m_html += QStringLiteral("<h3>%1</h3>").arg(said(words, QStringLiteral(" · ")));
}

void Paper::formulas(const Lesson &lesson)
{
    const auto row = [this](const LessonWords &name, const QString &formula) {
        m_html += QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>")
                      .arg(said(name, QStringLiteral(" · ")), formula.toHtmlEscaped());
    };
    for (const Convention *convention : conventionsOf(lesson, m_wanted.convention)) {
        const std::string name(convention->name);
        head({kFormulas.english + ": " + name, kFormulas.chinese + "：" + name});
        m_html += QStringLiteral("<table cellspacing=\"0\" cellpadding=\"2\">");
        for (const FormulaLine &line : formulaLines(*convention))
            row(nameOf(line.kind), QString::fromStdString(line.formula));
        row(kOutputError, kOutputFormula);
        m_html += QStringLiteral("</table>");
    }
}

/// A line with a mark for each code of four bits, and room above it.
QString emptyNumberLine()
{
    constexpr int kLowest = -8;
    constexpr int kHighest = 7;
    constexpr int kEdge = 40;
    constexpr int kMark = 16;
    QImage image(kLineSize, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    QFont font = painter.font();
    font.setPixelSize(26);
    painter.setFont(font);
    painter.setPen(QPen(Qt::black, 3));
    const int y = image.height() - 56;
    painter.drawLine(0, y, image.width(), y);
    for (int code = kLowest; code <= kHighest; ++code) {
        const int x = kEdge + (code - kLowest) * (image.width() - 2 * kEdge) / (kHighest - kLowest);
        painter.drawLine(x, y - kMark, x, y + kMark);
        painter.drawText(QRect(x - kEdge, y + kMark, 2 * kEdge, 40), Qt::AlignCenter, text::integer(code));
    }
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return QString::fromLatin1(bytes.toBase64());
}

void Paper::numberLine()
{
    head(kNumberLine);
    m_html += QStringLiteral("<p><img width=\"%1\" height=\"%2\" src=\"data:image/png;base64,%3\"></p>")
                  .arg(kLineSize.width() / 2)
                  .arg(kLineSize.height() / 2)
                  .arg(emptyNumberLine());
}

Result<LessonWords> Paper::answer(LessonPlayer &player, std::size_t index) const
{
    QS_ASSIGN(const LessonValues values, player.values(index, m_context));
    const LessonStep &step = player.lesson().steps[index];
    const auto in = [&](LessonLanguage language) {
        return withNumbers(QString::fromStdString(step.explain.in(language)), step.numbers, values.numbers, language)
            .toStdString();
    };
    return LessonWords{in(LessonLanguage::English), in(LessonLanguage::Chinese)};
}

Result<void> Paper::questions(const Lesson &lesson)
{
    head(kPredict);
    m_html += QStringLiteral("<table width=\"100%\" cellspacing=\"0\" cellpadding=\"4\" border=\"1\" "
                             "style=\"border-collapse: collapse\"><tr><th width=\"50%\">%1</th><th>%2</th><th>%3</th>"
                             "</tr>")
                  .arg(said(kQuestion), said(kPredicted), said(kMeasured));
    LessonPlayer player(lesson);
    for (std::size_t i = 0; i < lesson.steps.size(); ++i) {
        const LessonStep &step = lesson.steps[i];
        if (!step.question)
            continue;
        QString measured = QStringLiteral("&nbsp;");
        if (m_wanted.answers) {
            QS_ASSIGN(const LessonWords found, answer(player, i));
            measured = said(found);
        }
        m_html += QStringLiteral("<tr><td>%1<br><i>%2</i></td><td>&nbsp;</td><td>%3</td></tr>")
                      .arg(said(step.say), said(asked(*step.question, m_wanted.answers)), measured);
    }
    m_html += QStringLiteral("</table>");
    return {};
}

/// A line for each language: its sentence, its question, and its answer, unless that is to be found out.
QString Paper::exercise(const LessonStep &step, const LessonWords &found) const
{
    const LessonWords question = asked(*step.question, m_wanted.answers);
    QStringList lines;
    for (const LessonLanguage language : m_wanted.languages) {
        lines << QStringLiteral("%1 <i>%2</i>")
                     .arg(wordsOf(step.say, language).toHtmlEscaped(), wordsOf(question, language).toHtmlEscaped());
        if (m_wanted.answers)
            lines.back() += QStringLiteral(" → ") + wordsOf(found, language).toHtmlEscaped();
    }
    return lines.join(QStringLiteral("<br>"));
}

Result<void> Paper::exercises()
{
    for (const LessonFile &file : lessonFiles()) {
        if (!file.isExercises)
            continue;
        m_html += QLatin1String(kNewPage);
        head(kExercises);
        LessonPlayer player(file.lesson);
        for (std::size_t i = 0; i < file.lesson.steps.size(); ++i) {
            const LessonStep &step = file.lesson.steps[i];
            LessonWords found;
            if (m_wanted.answers) {
                QS_ASSIGN(found, answer(player, i));
            }
            m_html += QStringLiteral("<p>%1</p>").arg(exercise(step, found));
        }
    }
    return {};
}

void Paper::terms(const std::string &lesson)
{
    if (std::ranges::any_of(glossary(), [&](const GlossaryTerm &term) { return term.lesson == lesson; }))
        head(kTerms);
    for (const GlossaryTerm &term : glossary()) {
        if (term.lesson != lesson)
            continue;
        QStringList meanings;
        for (const LessonLanguage language : m_wanted.languages)
            meanings << wordsOf(term.meaning, language).toHtmlEscaped();
        m_html +=
            QStringLiteral("<p class=\"term\"><b>%1 = %2</b> %3</p>")
                .arg(wordsOf(term.term, LessonLanguage::English).toHtmlEscaped(),
                     wordsOf(term.term, LessonLanguage::Chinese).toHtmlEscaped(), meanings.join(QLatin1Char(' ')));
    }
}

Result<QString> Paper::write(const Lesson &lesson)
{
    const LessonFile *known = findLesson(QString::fromStdString(lesson.id));
    const bool isExercises = known && known->isExercises;
    m_html = QStringLiteral("<html><head><meta charset=\"utf-8\"></head><body><h2>%1  %2</h2>")
                 .arg(isExercises ? QString() : QString::fromStdString(lesson.id).toHtmlEscaped(),
                      said(lesson.title, QStringLiteral(" · ")));
    formulas(lesson);
    numberLine();
    QS_CHECK(questions(lesson));
    if (!isExercises)
        QS_CHECK(exercises());
    terms(lesson.id);
    m_html += QStringLiteral("</body></html>");
    return m_html;
}

} // namespace

namespace {

/// The document at the largest text that two pages have room for, page by page.
void print(const QString &source, double dotsPerInch, QPdfWriter &writer)
{
    // Laid out in units of the screen, which pictures are measured in.
    const double scale = double(writer.logicalDpiX()) / dotsPerInch;
    const QSizeF page = QSizeF(writer.width(), writer.height()) / scale;
    QTextDocument document;
    document.setUseDesignMetrics(true);
    document.setDocumentMargin(0);
    document.setDefaultStyleSheet(QStringLiteral("h2, h3 { margin-top: 6px; margin-bottom: 2px } "
                                                 "p { margin-top: 0px; margin-bottom: 3px }"));
    for (double size = kTextSize; size >= kSmallestTextSize; size -= kTextStep) {
        // Where text has to be small, the second page begins where the first one is full.
        QString html = source;
        html.replace(QLatin1String(kNewPage),
                     size >= kGoodTextSize ? QStringLiteral("<p style=\"page-break-before: always\"></p>") : QString());
        QFont font = document.defaultFont();
        font.setPointSizeF(size);
        document.setDefaultFont(font);
        document.setHtml(html);
        document.setPageSize(page);
        if (document.pageCount() <= kPages)
            break;
    }
    QPainter painter(&writer);
    for (int i = 0; i < document.pageCount(); ++i) {
        if (i > 0)
            writer.newPage();
        painter.save();
        painter.scale(scale, scale);
        painter.translate(0, -i * page.height());
        document.drawContents(&painter, QRectF(QPointF(0, i * page.height()), page));
        painter.restore();
    }
}

} // namespace

double HandOut::screenDots()
{
    return QGuiApplication::primaryScreen()->logicalDotsPerInchX();
}

Result<QString> handOutHtml(const Lesson &lesson, const HandOut &wanted, const TaskContext &context)
{
    return Paper(wanted, context).write(lesson);
}

Result<void> writeHandOut(const QString &path, const Lesson &lesson, const HandOut &wanted, const TaskContext &context)
{
    QS_ASSIGN(const QString html, handOutHtml(lesson, wanted, context));
    QByteArray bytes = html.toUtf8();
    if (!path.endsWith(QLatin1String(".html"), Qt::CaseInsensitive)) {
        QBuffer buffer(&bytes);
        bytes.clear();
        buffer.open(QIODevice::WriteOnly);
        QPdfWriter writer(&buffer);
        writer.setPageSize(QPageSize(QPageSize::A4));
        writer.setPageMargins(QMarginsF(kMargin, kMargin, kMargin, kMargin), QPageLayout::Millimeter);
        writer.setResolution(kDotsPerInch);
        writer.setTitle(QString::fromStdString(lesson.id));
        print(html, wanted.dotsPerInch, writer);
    }
    if (const auto written = writeWholeFile(path.toStdString(), bytes.toStdString(), true); !written)
        return fail(ErrorCode::Work, Text::of("the hand-out cannot be written: {}", written.error().text()),
                    path.toStdString());
    return {};
}

} // namespace qs::ui
