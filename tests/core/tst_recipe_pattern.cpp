// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Patterns: globs, regular expressions, near names.
#include "core/recipe/pattern.h"

#include "core/recipe/near_names.h"
#include "core/recipe/recipe.h"
#include "tests/core/model_builder.h"

#include <QTest>

using namespace qs;

class TestPattern : public QObject
{
    Q_OBJECT

private slots:
    void matches_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("expected");
        QTest::newRow("same") << "fc1"
                              << "fc1" << true;
        QTest::newRow("whole names only") << "fc1"
                                          << "fc10" << false;
        QTest::newRow("case") << "FC1"
                              << "fc1" << false;
        QTest::newRow("dot is a dot") << "a.b*"
                                      << "axb" << false;
        QTest::newRow("star") << "*.wte"
                              << "transformer.wte" << true;
        QTest::newRow("star at both ends") << "*attn*"
                                           << "h.0.attn.c_proj" << true;
        QTest::newRow("star is empty, too") << "fc*"
                                            << "fc" << true;
        QTest::newRow("star over dots and lines") << "a*c"
                                                  << "a.b\n.c" << true;
        QTest::newRow("question mark") << "layer?"
                                       << "layer5" << true;
        QTest::newRow("question mark is one") << "layer?"
                                              << "layer12" << false;
        QTest::newRow("question mark, umlaut") << "?"
                                               << "ä" << true;
        QTest::newRow("brackets are letters") << "a[0-9]*"
                                              << "a[0-9]b" << true;
        QTest::newRow("brackets are no set") << "a[0-9]*"
                                             << "a5b" << false;
        QTest::newRow("backslash") << "a\\*"
                                   << "a\\b" << true;
        QTest::newRow("regex") << "re:.*\\.mlp\\..*"
                               << "h.3.mlp.c_fc" << true;
        QTest::newRow("regex is whole") << "re:mlp"
                                        << "h.mlp" << false;
        QTest::newRow("regex alternatives") << "re:layer(1|5)"
                                            << "layer5" << true;
        QTest::newRow("regex of everything") << "re:.*"
                                             << "x" << true;
    }

    void matches()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, name);
        QFETCH(bool, expected);
        const auto compiled = Pattern::compile(pattern.toStdString());
        QVERIFY(compiled);
        QCOMPARE(compiled->matches(name.toStdString()), expected);
        QCOMPARE(compiled->text(), pattern.toStdString());
    }

    /// What a pattern costs is known before it is compiled, and what is said about it stays short.
    void limits_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("message");
        const QString tooMany = "repeats what stands before braces more than 1000 times in all, the limit";
        QTest::newRow("4,096 bytes") << "*" + QString(4095, 'a') << "";
        QTest::newRow("4,097 bytes") << "*" + QString(4096, 'a') << "has 4097 bytes, the limit is 4096";
        QTest::newRow("a long plain name") << QString(60'000, 'a') << "";
        QTest::newRow("a long name with a star")
            << QString::fromStdString(exactPattern(std::string(60'000, 'a').append("*"))) << "";
        QTest::newRow("1,000 repetitions") << "re:x{0,300}y{300,}z{400}"
                                           << "";
        QTest::newRow("1,001 repetitions") << "re:x{0,300}y{301,}z{400}" << tooMany;
        QTest::newRow("bombs") << "re:" + QString("x{0,999}").repeated(100) << tooMany;
        QTest::newRow("a number beyond all") << "re:x{99999999999999999999999}" << tooMany;
        QTest::newRow("braces that repeat nothing") << "re:x\\{,y\\}{2}"
                                                    << "";
        QTest::newRow("a long mistake") << "re:(" + QString(4000, 'a')
                                        << "is not a pattern that can be used: missing )";
        QTest::newRow("harmful letters") << "re:(" + QString(1000, QChar(1)) << "is not a pattern that can be used";
    }

    void limits()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, message);
        for (const Anchoring anchoring : {Anchoring::Whole, Anchoring::Part}) {
            if (anchoring == Anchoring::Part && pattern.size() > 5000)
                continue; // a filter has no plain names
            const auto compiled = Pattern::compile(pattern.toStdString(), anchoring);
            QCOMPARE(compiled.has_value(), message.isEmpty());
            if (compiled)
                continue;
            QCOMPARE(compiled.error().code, ErrorCode::Usage);
            const QString said = QString::fromStdString(compiled.error().text());
            QVERIFY2(said.contains(message), qPrintable(said));
            QVERIFY2(said.toUtf8().size() <= 500, qPrintable(said));
        }
    }

    /// Neither one pattern nor all of a recipe together take longer than a second, whatever they are.
    void sizeIsLimited()
    {
        QVERIFY(!Pattern::compile("re:\\pL{1000}")); // hundreds of instructions each
        Recipe recipe;
        for (int i = 0; i < 900; ++i) {
            recipe.rules.emplace_back();
            recipe.rules.back().match = "re:" + std::to_string(i) + ".{500}";
        }
        const auto decisions = resolve(recipe, Model(), true);
        QVERIFY(!decisions);
        QVERIFY2(decisions.error().message.str().starts_with("the patterns of the recipe are too large together"),
                 decisions.error().text().c_str());
        recipe.rules.resize(10);
        QVERIFY(resolve(recipe, Model(), true).has_value());
    }

    void exactPatternsMatchTheirName_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("plain") << QByteArray("a.b-1");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("star") << QByteArray("a*b");
        QTest::newRow("prefix") << QByteArray("re:a");
        QTest::newRow("zero") << QByteArray("a*\0b", 4);
        QTest::newRow("umlaut") << QByteArray("ä?");
        QTest::newRow("not UTF-8") << QByteArray("?\xff");
        QTest::newRow("all letters of regular expressions") << QByteArray("*.+?()[]{}|^$\\-_ ~\n");
    }

    void exactPatternsMatchTheirName()
    {
        QFETCH(QByteArray, name);
        const auto pattern = Pattern::compile(exactPattern(name.toStdString()));
        QVERIFY2(pattern, pattern ? "" : pattern.error().text().c_str());
        QVERIFY(pattern->matches(name.toStdString()));
        QVERIFY(!pattern->matches(name.toStdString() + "x"));
    }

    /// A filter takes any part of a name, capital or not. The same layers are those of a rule "re:(?i).*PATTERN.*".
    void matchesParts_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("rule");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char *pattern, const char *name, const char *rule, bool expected) {
            QTest::addRow("%s in %s", pattern, name) << pattern << name << rule << expected;
        };
        row("fc", "encoder.fc1.weight", "re:(?i).*fc.*", true);
        row("FC", "encoder.fc1.weight", "re:(?i).*FC.*", true);
        row("ä", "SCHÄRFE", "re:(?i).*ä.*", true);
        row("fc2", "encoder.fc1.weight", "re:(?i).*fc2.*", false);
        row("c?d", "abcxde", "re:(?i).*c.d.*", true);
        row("c?d", "abcde", "re:(?i).*c.d.*", false);
        row("a*E", "xabcdex", "re:(?i).*a.*E.*", true);
        row("a.c", "abc", "re:(?i).*a\\.c.*", false);
        row("re:^a", "abc", "re:(?i)a.*", true);
        row("re:^b", "abc", "re:(?i)b.*", false);
        row("re:[CD]e$", "abcde", "re:(?i).*[CD]e", true);
    }

    void matchesParts()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, name);
        QFETCH(QString, rule);
        QFETCH(bool, expected);
        const auto filter = Pattern::compile(pattern.toStdString(), Anchoring::Part);
        QVERIFY(filter);
        QVERIFY(!filter->isPlainName());
        QCOMPARE(filter->matches(name.toStdString()), expected);
        const auto whole = Pattern::compile(rule.toStdString());
        QVERIFY(whole);
        QCOMPARE(whole->matches(name.toStdString()), expected);
    }

    void matchesTensorOrModule()
    {
        Layer layer;
        layer.name = "encoder.fc.weight";
        layer.module = "encoder.fc";
        for (const char *text : {"encoder.fc", "encoder.fc.weight", "*.fc", "*.weight"})
            QVERIFY(Pattern::compile(text)->matches(layer));
        QVERIFY(!Pattern::compile("encoder")->matches(layer));
    }

    void matchesZeroBytes()
    {
        const std::string name("a\0b", 3);
        QVERIFY(Pattern::compile(std::string("a\0*", 3))->matches(name));
        QVERIFY(Pattern::compile("a*")->matches(name));
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::newRow("empty") << "";
        QTest::newRow("open group") << "re:(";
        QTest::newRow("open set") << "re:[a";
        QTest::newRow("too large") << "re:((a{100}){100}){100}";
        QTest::newRow("backreference") << "re:(a)\\1";
        QTest::newRow("unknown escape") << "re:\\8";
    }

    void refuses()
    {
        QFETCH(QString, pattern);
        const auto compiled = Pattern::compile(pattern.toStdString());
        QVERIFY(!compiled);
        QCOMPARE(compiled.error().code, ErrorCode::Usage);
        QVERIFY(!compiled.error().message.empty());
    }

    void hostilePatternsEnd_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::newRow("nested repetition") << "re:(a+)+b";
        QTest::newRow("alternatives") << "re:(a|a|aa)*b";
        QTest::newRow("many stars") << QString("*a").repeated(30) + "b";
    }

    void hostilePatternsEnd()
    {
        QFETCH(QString, pattern);
        const auto compiled = Pattern::compile(pattern.toStdString());
        QVERIFY(compiled);
        QVERIFY(!compiled->matches(std::string(60'000, 'a')));
    }

    void exactPatterns_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("other");
        QTest::newRow("plain") << "fc1.weight"
                               << "fc1xweight";
        QTest::newRow("star") << "a*b"
                              << "axb";
        QTest::newRow("question mark") << "a?b"
                                       << "axb";
        QTest::newRow("looks like a regex") << "re:a.b"
                                            << "axb";
        QTest::newRow("brackets") << "a[0]*"
                                  << "a0";
    }

    void exactPatterns()
    {
        QFETCH(QString, name);
        QFETCH(QString, other);
        const auto pattern = Pattern::compile(exactPattern(name.toStdString()));
        QVERIFY(pattern);
        QVERIFY(pattern->matches(name.toStdString()));
        QVERIFY(!pattern->matches(other.toStdString()));
    }

    void distances_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("distance");
        QTest::newRow("same") << "layer1"
                              << "layer1" << 0;
        QTest::newRow("one missing") << "layr1"
                                     << "layer1" << 1;
        QTest::newRow("one more") << "layeer1"
                                  << "layer1" << 1;
        QTest::newRow("one other") << "layar1"
                                   << "layer1" << 1;
        QTest::newRow("empty") << ""
                               << "abc" << 3;
        QTest::newRow("star matches all") << "*"
                                          << "abc" << 0;
        QTest::newRow("star and a slip") << "*.wtx"
                                         << "transformer.wte" << 1;
        QTest::newRow("question mark") << "layer?"
                                       << "layer7" << 0;
    }

    void distances()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, name);
        QFETCH(int, distance);
        QCOMPARE(editDistance(pattern.toStdString(), name.toStdString()), static_cast<std::size_t>(distance));
    }

    void nearNamesComeNearestFirst()
    {
        const Model model = test::makeModel({{"layer2.weight"}, {"layer1.weight"}, {"head.weight"}});
        QCOMPARE(nearNames("layr1", model.layers), (std::vector<std::string>{"layer1", "layer2"}));
        QCOMPARE(nearNames("heda.weight", model.layers), std::vector<std::string>{"head"});
        QCOMPARE(nearNames("something", model.layers), std::vector<std::string>());
    }
};

QTEST_GUILESS_MAIN(TestPattern)
#include "tst_recipe_pattern.moc"
