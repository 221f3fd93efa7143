// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Text: a sentence and its arguments, in English and in another language.
#include "core/base/result.h"
#include "core/base/text.h"

#include <QTest>

#include <limits>
#include <map>

using namespace qs;

class TestText : public QObject
{
    Q_OBJECT

private slots:
    void english_data()
    {
        QTest::addColumn<Text>("text");
        QTest::addColumn<std::string>("words");
        QTest::newRow("nothing") << Text() << std::string();
        QTest::newRow("nothing from outside") << Text::asIs("") << std::string();
        QTest::newRow("literal") << Text::of("the file does not exist") << std::string("the file does not exist");
        QTest::newRow("from outside") << Text::asIs("braces {} stay {0}") << std::string("braces {} stay {0}");
        QTest::newRow("in order") << Text::of("{} of {}", 1, std::string("two")) << std::string("1 of two");
        QTest::newRow("by index") << Text::of("{1} before {0}", "b", "a") << std::string("a before b");
        QTest::newRow("twice") << Text::of("{0} and {0}", "x") << std::string("x and x");
        QTest::newRow("braces") << Text::of("{{}} {}", 1) << std::string("{} 1");
        QTest::newRow("argument with braces") << Text::of("{}", "{}") << std::string("{}");
        QTest::newRow("numbers") << Text::of("{} {} {}", -3, std::numeric_limits<std::uint64_t>::max(), 0.5)
                                 << std::string("-3 18446744073709551615 0.5");
        QTest::newRow("small number") << Text::of("{}", std::uint8_t{65}) << std::string("65");
        QTest::newRow("text in a text") << Text::of("not used: {}", Text::of("{} is missing", "x"))
                                        << std::string("not used: x is missing");
        QTest::newRow("constant") << Text::of(Text::constant("as it is")) << std::string("as it is");
    }

    void english()
    {
        QFETCH(const Text, text);
        QFETCH(const std::string, words);
        QCOMPARE(text.str(), words);
        QCOMPARE(text.empty(), words.empty());
    }

    void translated_data()
    {
        QTest::addColumn<Text>("text");
        QTest::addColumn<std::string>("words");
        QTest::newRow("literal") << Text::of("one") << std::string("eins");
        QTest::newRow("another order") << Text::of("{} of {}", 1, 2) << std::string("von 2: 1");
        QTest::newRow("unknown literal") << Text::of("two of {}", 3) << std::string("two of 3");
        QTest::newRow("text in a text") << Text::of("{} of {}", Text::of("one"), "one") << std::string("von one: eins");
        QTest::newRow("from outside") << Text::asIs("one") << std::string("one");
        QTest::newRow("translation asks for too much") << Text::of("{} is wrong", 1) << std::string("1 is wrong");
        QTest::newRow("translation does not end") << Text::of("{} ends", 1) << std::string("1 ends");
        QTest::newRow("nothing") << Text() << std::string();
    }

    void translated()
    {
        QFETCH(const Text, text);
        QFETCH(const std::string, words);
        const std::map<std::string, std::string> german{
            {"one", "eins"}, {"{} of {}", "von {1}: {0}"}, {"{} is wrong", "{0} ist {1}"}, {"{} ends", "{0"}};
        QCOMPARE(text.in([&](const char *literal) {
            const auto found = german.find(literal);
            return found == german.end() ? std::string(literal) : found->second;
        }),
                 words);
    }

    void equality()
    {
        QCOMPARE(Text::of("{} of {}", 1, 2), Text::of("{} of {}", 1, 2));
        QVERIFY(Text::of("{} of {}", 1, 2) != Text::of("{} of {}", 1, 3));
        QVERIFY(Text::of("{} of {}", 1, 2) != Text::asIs("1 of 2"));
        QCOMPARE(Text(), Text::asIs(""));
        QVERIFY(Text() != Text::of("x"));
    }

    void error()
    {
        const Error bare{ErrorCode::Input, Text::of("no permission to read the file"), {}};
        QCOMPARE(bare.text(), std::string("no permission to read the file"));
        const Error placed{ErrorCode::Input, Text::of("no permission to read the file"), Text::asIs("'x'")};
        QCOMPARE(placed.text(), std::string("no permission to read the file ('x')"));
    }
};

QTEST_GUILESS_MAIN(TestText)
#include "tst_base_text.moc"
