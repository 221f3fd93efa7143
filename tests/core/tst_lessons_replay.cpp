// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lessons: every step of ours is replayed and its numbers compared; files of strangers are data.
#include "core/lessons/glossary.h"
#include "core/lessons/lesson_values.h"
#include "tests/support/test_model.h"

#include <QDir>
#include <QRegularExpression>

#include <cmath>
#include <set>

using namespace qs;

namespace {

const QString kFolder = QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/lessons");

QStringList lessonFiles()
{
    QStringList files = QDir(kFolder).entryList({"*.json"}, QDir::Files);
    for (const char *other : {"glossary.json", "explanations.json"})
        files.removeOne(other);
    files.sort();
    return files;
}

QByteArray bytesOf(const QString &name)
{
    QFile file(kFolder + '/' + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Lesson lessonOf(const QString &file)
{
    auto lesson = loadLesson((kFolder + '/' + file).toStdString());
    if (!lesson)
        qFatal("%s", lesson.error().text().c_str());
    return std::move(*lesson);
}

/// All words that people read in a step.
std::vector<LessonWords> wordsOf(const LessonStep &step)
{
    std::vector<LessonWords> words{step.say};
    if (step.question) {
        words.push_back(step.question->text);
        for (const LessonWords &choice : step.question->choices)
            words.push_back(choice);
    }
    if (!step.explain.empty())
        words.push_back(step.explain);
    return words;
}

/// JSON is written with single quotes here.
QString json(QString text)
{
    return text.replace(u'\'', u'"');
}

QString minimal(const QString &step)
{
    return json(QStringLiteral("{'quantoscope_lesson':1,'id':'x','title':{'en':'X'},'steps':[%1]}").arg(step));
}

} // namespace

class TestLessons : public QObject
{
    Q_OBJECT

private slots:
    void ours()
    {
        QCOMPARE(lessonFiles(), QStringList({"L1.json", "L2.json", "L3.json", "L4.json", "L5.json", "L6.json",
                                             "L7.json", "exercises.json"}));
        QCOMPARE(lessonOf("exercises.json").steps.size(), std::size_t(14));
        int minutes = 0;
        for (const QString &file : lessonFiles()) {
            const Lesson lesson = lessonOf(file);
            QCOMPARE(QString::fromStdString(lesson.id) + ".json", file);
            minutes += lesson.id == "L7" ? 0 : lesson.minutes;
        }
        QVERIFY(minutes <= 45);
    }

    void replay_data()
    {
        QTest::addColumn<QString>("file");
        for (const QString &file : lessonFiles())
            QTest::newRow(qPrintable(file)) << file;
    }

    /// The numbers are those that the lessons were written with, from an independent computation (tests/cli).
    void replay()
    {
        QFETCH(const QString, file);
        LessonPlayer player(lessonOf(file));
        QStringList wrong;
        const auto check = [&](std::size_t step, const LessonNumber &number, const std::optional<double> &found) {
            if (!found || std::abs(*found - number.expected) > number.tolerance)
                wrong << QStringLiteral("step %1, %2: %3, expected %4 ± %5")
                             .arg(step + 1)
                             .arg(QString::fromStdString(number.at))
                             .arg(found.value_or(NAN), 0, 'g', 7)
                             .arg(number.expected)
                             .arg(number.tolerance);
        };
        for (std::size_t i = 0; i < player.lesson().steps.size(); ++i) {
            const LessonStep &step = player.lesson().steps[i];
            const auto values = player.values(i, {});
            QS_VERIFY(values);
            QCOMPARE(values->numbers.size(), step.numbers.size());
            for (std::size_t k = 0; k < step.numbers.size(); ++k)
                check(i, step.numbers[k], values->numbers[k]);
            if (step.question && step.question->number)
                check(i, *step.question->number, values->answer);
            if (step.question && step.question->kind == LessonQuestion::Kind::Layer)
                QVERIFY(!step.question->layer.empty());
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    void words_data() { replay_data(); }

    /// Short sentences in both languages, and every number has its place in both.
    void words()
    {
        QFETCH(const QString, file);
        static const QRegularExpression kSentence(QStringLiteral("[.?!:;](\\s|$)"));
        static const QRegularExpression kClause(QStringLiteral("[，。；：？！、?:,]"));
        const Lesson lesson = lessonOf(file);
        for (const LessonStep &step : lesson.steps) {
            for (const LessonWords &words : wordsOf(step)) {
                const QString english = QString::fromStdString(words.english);
                const QString chinese = QString::fromStdString(words.chinese);
                QVERIFY2(!english.isEmpty() && !chinese.isEmpty(), qPrintable(english + chinese));
                for (const QString &sentence : english.split(kSentence, Qt::SkipEmptyParts))
                    QVERIFY2(sentence.split(' ', Qt::SkipEmptyParts).size() <= 25, qPrintable(sentence));
                for (const QString &clause : chinese.split(kClause, Qt::SkipEmptyParts))
                    QVERIFY2(clause.size() <= 45, qPrintable(clause));
                // Terms of the glossary: rounding is never the school's rule, accuracy never "precision".
                for (const char *forbidden : {"四舍五入", "精度", "比例尺"})
                    QVERIFY2(!chinese.contains(QString::fromUtf8(forbidden)), qPrintable(chinese));
            }
            for (std::size_t i = 0; i < step.numbers.size(); ++i) {
                const std::string place = QStringLiteral("{%1}").arg(i).toStdString();
                QVERIFY2(step.explain.english.find(place) != std::string::npos &&
                             step.explain.chinese.find(place) != std::string::npos,
                         (step.explain.english + place).c_str());
            }
        }
    }

    void misconceptionsAreHit()
    {
        std::set<std::string> hit;
        for (const QString &file : lessonFiles())
            for (const LessonStep &step : lessonOf(file).steps) {
                // What hits is a number.
                QVERIFY(step.hits.empty() || !step.numbers.empty());
                hit.insert(step.hits.begin(), step.hits.end());
            }
        const std::set<std::string> expected{"per-tensor",
                                             "symmetric-always",
                                             "asymmetric-always",
                                             "zero-point-detail",
                                             "cut-is-round",
                                             "divisor",
                                             "clipping-damage",
                                             "clipping-helps",
                                             "weight-tells-output",
                                             "even-growth",
                                             "output-tells-accuracy",
                                             "times-1000",
                                             "only-add",
                                             "max-error",
                                             "quarter-size"};
        QVERIFY(hit == expected);
    }

    void glossary()
    {
        const QByteArray bytes = bytesOf("glossary.json");
        const auto terms = glossaryFromJson(bytes.toStdString(), "glossary.json");
        QS_VERIFY(terms);
        QCOMPARE(terms->size(), std::size_t(80));
        std::set<std::string> seen;
        for (const GlossaryTerm &term : *terms) {
            QVERIFY2(seen.insert(term.term.english).second, term.term.english.c_str());
            QCOMPARE(term.meaning.english.empty(), term.meaning.chinese.empty());
            QVERIFY(term.lesson.empty() || lessonFiles().contains(QString::fromStdString(term.lesson) + ".json"));
        }
        const auto scale = std::ranges::find(*terms, "scale", [](const auto &term) { return term.term.english; });
        QCOMPARE(QString::fromStdString(scale->term.chinese), QStringLiteral("缩放因子"));
        for (qsizetype length = 0; length < bytes.size() - 1; length += 97)
            QVERIFY(!glossaryFromJson(bytes.left(length).toStdString(), "x"));
    }

    void writtenAndReadAgain_data() { replay_data(); }
    void writtenAndReadAgain()
    {
        QFETCH(const QString, file);
        const std::string once = toJson(lessonOf(file));
        const auto again = lessonFromJson(once, "again");
        QS_VERIFY(again);
        QCOMPARE(toJson(*again), once);
        QCOMPARE(again->steps.size(), lessonOf(file).steps.size());
        for (std::size_t i = 0; i < again->steps.size(); ++i) {
            QVERIFY(again->steps[i].recipe == lessonOf(file).steps[i].recipe);
            QVERIFY(again->steps[i].slips == lessonOf(file).steps[i].slips);
        }
    }

    void refused_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *name, const QString &step, const char *message) {
            QTest::newRow(name) << minimal(step) << message;
        };
        QTest::newRow("no lesson") << "{}" << "'quantoscope_lesson' is missing";
        QTest::newRow("version") << json("{'quantoscope_lesson':2}") << "must be 1";
        QTest::newRow("no steps") << json("{'quantoscope_lesson':1,'id':'x','title':{'en':'X'},'steps':[]}")
                                  << "1 to 200 steps";
        QTest::newRow("steps")
            << minimal(QStringLiteral("%1{'say':{'en':'a'}}").arg(QStringLiteral("{'say':{'en':'a'}},").repeated(200)))
            << "1 to 200 steps";
        QTest::newRow("large") << QString(int(LessonLimits::kBytes) + 1, ' ') << "too large";
        QTest::newRow("deep") << QString(100000, '[') << "nested";
        row("no words", "{}", "lacks the key 'say'");
        row("other key", "{'say':{'en':'a'},'run':'x'}", "unknown key 'run'");
        row("path", "{'say':{'en':'a'},'model':'../secret.safetensors'}", "beside the lesson");
        row("absolute path", "{'say':{'en':'a'},'model':'/etc/passwd'}", "beside the lesson");
        row("long text", QStringLiteral("{'say':{'en':'%1'}}").arg(QString(2001, 'a')), "at most 2000");
        row("target", "{'say':{'en':'a'},'target':'a b'}", "letters, digits");
        row("place", "{'say':{'en':'{0}'}}", "has no number");
        row("open place", "{'say':{'en':'{'}}", "has no number");
        row("pointer", "{'say':{'en':'a'},'numbers':[{'at':'x'}]}", "starts with '/'");
        row("form", "{'say':{'en':'a'},'numbers':[{'at':'/x','as':'y'}]}", "expected one of plain");
        row("choice", "{'say':{'en':'a'},'ask':{'kind':'choice','choices':[{'en':'a'}],'right':1}}", "one of the 1");
        row("kind", "{'say':{'en':'a'},'ask':{'kind':'x'}}", "expected number, choice or layer");
        row("slip", "{'say':{'en':'a'},'slips':['x']}", "unknown slip");
        row("bits", "{'say':{'en':'a'},'walk':{'value':1,'scale':1,'bits':64}}", "'bits' must be");
        row("scale", "{'say':{'en':'a'},'walk':{'value':1,'scale':0}}", "a scale above 0");
        row("negative scale", "{'say':{'en':'a'},'walk':{'value':1,'scale':-1}}", "a scale above 0");
        row("huge", "{'say':{'en':'a'},'walk':{'value':1e300,'scale':1}}", "cannot be");
        row("recipe", "{'say':{'en':'a'},'recipe':{'quantoscope_recipe':1,'scheme':{'bits':9}}}", "bits");
        row("channel", "{'say':{'en':'a'},'channel':-1}", "negative");
        row("list", QStringLiteral("{'say':{'en':'a'},'cover':['a'%1]}").arg(QStringLiteral(",'a'").repeated(40)),
            "at most 32");
    }

    void refused()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, message);
        const auto lesson = lessonFromJson(text.toStdString(), "bad.json");
        QVERIFY(!lesson);
        QCOMPARE(lesson.error().code, ErrorCode::Input);
        const QString said = QString::fromStdString(lesson.error().text());
        QVERIFY2(said.contains(message) && said.contains("bad.json"), qPrintable(said));
    }

    /// No byte of a lesson can be changed so that more than an error comes of it.
    void damaged()
    {
        const QByteArray whole = bytesOf("L4.json");
        for (qsizetype length = 0; length < whole.size() - 2; length += 7)
            QVERIFY(!lessonFromJson(whole.left(length).toStdString(), "x"));
        std::uint32_t state = 1;
        int accepted = 0;
        for (int round = 0; round < 2000; ++round) {
            QByteArray bytes = whole;
            for (int k = 0; k < 3; ++k) {
                state = state * 1664525U + 1013904223U;
                bytes[qsizetype(state >> 8U) % bytes.size()] = char(state & 127U);
            }
            if (const auto lesson = lessonFromJson(bytes.toStdString(), "x")) {
                ++accepted;
                QVERIFY(lessonFromJson(toJson(*lesson), "x"));
            }
        }
        QVERIFY(accepted > 0);
    }

    /// A model that is not there, and numbers that lead nowhere.
    void numbersThatDoNotExist()
    {
        const auto missing =
            lessonFromJson(minimal("{'say':{'en':'a'},'model':'none.safetensors'}").toStdString(), "x");
        QS_VERIFY(missing);
        QVERIFY(!LessonPlayer(*missing).values(0, {}));
        const auto lesson =
            lessonFromJson(minimal("{'say':{'en':'a'},'model':'demo:notebook','layer':'none','channel':5,'numbers': "
                                   "[{'at':'/layers/none/x'},{'at':'/layers/99/metrics'},{'at':'/'},{'at':'/layers/"
                                   "layer1/name'}, {'at':'/before/total/layers'},{'at':'/total/layers'}]}")
                               .toStdString(),
                           "x");
        QS_VERIFY(lesson);
        LessonPlayer player(*lesson);
        const auto values = player.values(0, {});
        QS_VERIFY(values);
        QCOMPARE(values->numbers.size(), std::size_t(6));
        for (std::size_t i = 0; i < 5; ++i)
            QVERIFY(!values->numbers[i]);
        QCOMPARE(values->numbers[5], std::optional(5.0));
    }
};

QTEST_GUILESS_MAIN(TestLessons)
#include "tst_lessons_replay.moc"
