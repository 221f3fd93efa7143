// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The pickle machine: what opcodes make, what is refused, and what hostile streams cost.
#include "core/base/input_file.h"
#include "core/parse/pickle.h"
#include "tests/support/pickle_bytes.h"

#include <QTest>

using namespace qs;
using namespace qs::test;
using pickle::Content;
using pickle::Index;
using pickle::Kind;

namespace {

bool isFixed(std::string_view name)
{
    return name == "m.tensor";
}

Result<Content> parse(const QByteArray &bytes, std::uint64_t memory = std::uint64_t{1} << 30)
{
    const pickle::Options options{.isFixed = isFixed, .memory = memory, .base = 0};
    const auto size = static_cast<std::size_t>(bytes.size());
    const auto file = InputFile::fromMemory(std::as_bytes(std::span(bytes.constData(), size)), "x");
    return pickle::parse(FileImage(*file), {0, size}, options, "'x'", {}); // its texts are those of `bytes`
}

/// The value as text; not for circular ones.
QString shown(const Content &content, Index value)
{
    const auto all = [&](std::span<const Index> items, const char *open, const char *close) {
        QStringList parts;
        for (Index item : items)
            parts += shown(content, item);
        return open + parts.join(", ") + close;
    };
    switch (content.kind(value)) {
    case Kind::None:
        return "None";
    case Kind::Bool:
        return content.integer(value) != 0 ? "True" : "False";
    case Kind::Int:
        return QString::number(content.integer(value));
    case Kind::Float:
        return QString::number(content.real(value));
    case Kind::String:
        return "'" + QString::fromUtf8(content.text(value).data(), static_cast<qsizetype>(content.text(value).size())) +
               "'";
    case Kind::Bytes:
        return QStringLiteral("%1 bytes").arg(content.text(value).size());
    case Kind::Tuple:
        return all(content.items(value), "(", ")");
    case Kind::List:
        return all(content.items(value), "[", "]");
    case Kind::Set:
        return all(content.items(value), "set(", ")");
    case Kind::Dict:
        return all(content.items(value), "{", "}");
    case Kind::Global:
        return QString::fromStdString(content.globalName(value));
    case Kind::Persistent:
        return "persistent " + shown(content, content.persistentId(value));
    case Kind::Object:
        break;
    }
    return shown(content, content.object(value).callable) + shown(content, content.object(value).arguments) +
           all(content.items(value), "{", "}") + shown(content, content.object(value).state);
}

const QByteArray kOrdered = global("collections", "OrderedDict");
const QByteArray kTensor = global("m", "tensor") + ")R";

} // namespace

class TestPickle : public QObject
{
    Q_OBJECT

private slots:
    void wellFormed_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, const QByteArray &value, const char *text) {
            QTest::newRow(name) << value << text;
        };
        row("none", "N", "None");
        row("true", "\x88", "True");
        row("false", "\x89", "False");
        row("one byte", "K\xff", "255");
        row("two bytes", "M\xff\xff", "65535");
        row("four bytes", "J\xfe\xff\xff\xff", "-2");
        row("long, empty", QByteArray("\x8a\0", 2), "0");
        row("long of one byte", "\x8a\x01\xff", "-1");
        row("long of two bytes", QByteArray("\x8a\x02\xff\0", 4), "255");
        row("long of eight bytes", integer(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
        row("fraction", QByteArray("G\x3f\xf8\0\0\0\0\0\0", 9), "1.5");
        row("text", unicode("ä"), "'ä'");
        row("short text of Python 2",
            "U\x02"
            "ab",
            "'ab'");
        row("text of Python 2", QByteArray("T\2\0\0\0", 5) + "ab", "'ab'");
        row("short text of protocol 4",
            "\x8c\x02"
            "ab",
            "'ab'");
        row("long text of protocol 4", "\x8d" + little(2, 8) + "ab", "'ab'");
        row("bytes",
            "C\x02"
            "ab",
            "2 bytes");
        row("more bytes", QByteArray("B\2\0\0\0", 5) + "ab", "2 bytes");
        row("tuples", "()(K\1t))\x85))\x86)))\x87t", "((), (1), (), (()), ((), ()), ((), (), ()))");
        row("list", "]K\1a(K\2K\3e", "[1, 2, 3]");
        row("dictionary", "}K\1K\2s(K\3K\4K\5K\6u", "{1, 2, 3, 4, 5, 6}");
        row("set", "\x8f(K\1K\2\x90", "set(1, 2)");
        row("global", global("os", "system"), "os.system");
        row("global of Python 2", global("__builtin__", "set"), "builtins.set");
        row("global by its texts",
            "\x8c\x01"
            "a"
            "\x8c\x03"
            "b.c\x93",
            "a.b.c");
        row("memo", "]q\1K\1ah\1h\1\x87", "([1], [1], [1])");
        row("memo of four bytes", "K\7r\xff\xff\xff\xffj\xff\xff\xff\xff\x86", "(7, 7)");
        row("memo of protocol 4", QByteArray("(K\5\x94K\6\x94h\1h\0t", 12), "(5, 6, 6, 5)");
        row("frame", "\x95" + little(3, 8) + "K\1", "1");
        row("persistent", "K\1\x85Q", "persistent (1)");
        row("ordered dictionary", kOrdered + ")R(K\1K\2u}b", "{1, 2}");
        row("ordered dictionary of pairs", kOrdered + "](K\1K\2\x86](K\3K\4ee\x85R", "{1, 2, 3, 4}");
        row("counter", global("collections", "Counter") + "}K\1K\2s\x85R", "{1, 2}");
        row("set from a list", global("__builtin__", "set") + "](K\1K\2e\x85R", "set(1, 2)");
        row("deque", global("collections", "deque") + ")R(K\1e", "[1]");
        row("call", global("os", "system") + unicode("ls") + "\x85R", "os.system('ls'){}None");
        row("object", global("a", "B") + ")\x81}K\1K\2sb", "a.B(){}{1, 2}");
        row("object that is a dictionary", global("a", "B") + ")\x81K\1K\2s", "a.B(){1, 2}None");
        row("object that is a list", global("a", "B") + ")\x81K\1a(K\2e", "a.B(){}None");
        row("call of a persistent", "NQ)R", "persistent None(){}None");
        row("lone surrogate", unicode("a\xED\xA0\x80z"), "'a\uFFFD\uFFFD\uFFFDz'");
        row("zero in a text", unicode(QByteArray("a\0b", 3)).replace("X\3", "X\3"),
            QByteArray("'a\0b'", 5).constData());
    }

    void wellFormed()
    {
        QFETCH(QByteArray, value);
        QFETCH(QString, text);
        const QByteArray bytes = pickled(value) + "rest";
        const auto content = parse(bytes);
        QVERIFY2(content, content ? "" : content.error().text().c_str());
        if (text != "'a") // a zero byte ends the text of the row
            QCOMPARE(shown(*content, content->root()), text);
        QCOMPARE(content->end(), static_cast<std::uint64_t>(value.size() + 3));
    }

    /// What an ordinary loader would call is remembered, not called.
    void globalsAreListed()
    {
        const auto content =
            parse(pickled(global("os", "system") + unicode("touch /tmp/x") + "\x85R" + global("builtins", "eval") +
                          unicode("1") + "\x85R" + global("os", "system") + "\x87"));
        QVERIFY(content);
        QCOMPARE(content->globals(), (std::vector<std::string>{"os.system", "builtins.eval"}));
    }

    void lookups()
    {
        const QByteArray bytes = pickled(dictionary({{"a", "K\1"}, {"b", "K\2"}, {"a", "K\3"}}));
        const auto content = parse(bytes); // which refers to them
        QVERIFY(content);
        QCOMPARE(content->integer(content->find(content->root(), "a")), 3); // as in Python
        QCOMPARE(content->find(content->root(), "c"), pickle::kNone);
        QCOMPARE(content->find(pickle::kNone, "a"), pickle::kNone);
        QCOMPARE(content->position(content->find(content->root(), "b")), std::uint64_t(18));
    }

    void malformed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        opcodeRows();
        underflowRows();
        valueRows();
        containerRows();
    }

    void malformed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        const auto content = parse(bytes);
        QVERIFY(!content);
        QCOMPARE(content.error().code, ErrorCode::Input);
        const QString text = QString::fromStdString(content.error().text());
        QVERIFY2(text.contains(message), qPrintable(text));
        QVERIFY2(text.contains("'x', pickle") && text.contains(", byte "), qPrintable(text));
        QVERIFY2(!text.contains('\n') && text.size() < 600, qPrintable(text));
    }

    void everyPrefixIsAnError()
    {
        const QByteArray whole = "\x80\x04" + QByteArray("\x95") + little(2, 8) + "(N\x88K\1M\2\2J\3\3\3\3" +
                                 integer(5) + QByteArray("G\x3f\xf8\0\0\0\0\0\0", 9) + unicode("abc") +
                                 "\x8c\x01"
                                 "a"
                                 "\x8d" +
                                 little(1, 8) +
                                 "b"
                                 "U\1c"
                                 "T" +
                                 little(1, 4) + "dC\1eB" + little(1, 4) + "f" + global("a", "b") +
                                 "\x8c\1a\x8c\1b\x93q\1r" + little(2, 4) + "\x94h\1j" + little(2, 4) + "Qt.";
        QVERIFY2(parse(whole), parse(whole) ? "" : parse(whole).error().text().c_str());
        for (qsizetype size = 0; size < whole.size(); ++size) {
            const auto content = parse(whole.left(size));
            QVERIFY2(!content, qPrintable(QString::number(size)));
            QVERIFY(QString::fromStdString(content.error().text()).contains(", byte "));
        }
    }

    /// Streams that are small and want much.
    void hostile_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message"); ///< empty: accepted
        QTest::newRow("a million nested tuples") << pickled(")" + QByteArray(1'000'000, '\x85')) << "";
        // Each tuple holds the one before it twice.
        QTest::newRow("tree of 2^40 leaves") << pickled(")" + QByteArray("q\1h\1\x86").repeated(40)) << "";
        QTest::newRow("list that holds itself") << pickled("]q\1h\1a") << "";
        QTest::newRow("a million entries") << pickled("}(" + QByteArray("K\1K\2").repeated(1'000'000) + "u") << "";
        QTest::newRow("100,000 marks") << pickled(QByteArray(100'000, '(')) << "more than 10000 marks are open";
        QTest::newRow("seventeen million values") << pickled(QByteArray(17'000'000, ')')) << ", the limit";
        QTest::newRow("copies of a long list") << pickled("](" + QByteArray("N").repeated(100'000) + "eq\1" +
                                                          (global("builtins", "list") + "h\1\x85R").repeated(20'000))
                                               << "bytes of memory, the limit";
        QTest::newRow("opcodes without end")
            << pickled("N" + QByteArray("q\1").repeated(50'000'000)) << "50000000 opcodes, the limit";
    }

    void hostile()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        const auto content = parse(bytes);
        QCOMPARE(bool(content), message.isEmpty());
        if (!content)
            QVERIFY2(QString::fromStdString(content.error().text()).contains(message), content.error().text().c_str());
    }

    void memoryIsCounted()
    {
        const QByteArray bytes = pickled(QByteArray(100'000, ']'));
        const auto content = parse(bytes, 1'000'000);
        QVERIFY(!content);
        QVERIFY2(content.error().text().find("more than 1000000 bytes of memory") != std::string::npos,
                 content.error().text().c_str());
    }

    void stopsOnRequest()
    {
        std::stop_source source;
        source.request_stop();
        const QByteArray bytes = pickled("N");
        const auto file = InputFile::fromMemory(std::as_bytes(std::span(bytes.constData(), 4)), "x");
        const auto content = pickle::parse(FileImage(*file), {0, 4}, {}, "'x'", TaskContext{source.get_token(), {}});
        QVERIFY(!content);
        QCOMPARE(content.error().code, ErrorCode::Cancelled);
    }

private:
    static void opcodeRows()
    {
        QTest::newRow("empty") << QByteArray() << "the pickle is empty";
        QTest::newRow("protocol 0") << QByteArray("(dp0\n.") << "starts with 0x28 and not with PROTO";
        QTest::newRow("protocol 1") << QByteArray("}q\0.", 4) << "starts with 0x7D and not with PROTO";
        for (const int version : {0, 1, 6, 255})
            QTest::addRow("PROTO %d", version)
                << QByteArray("\x80") + little(static_cast<unsigned>(version), 1) + "N."
                << QStringLiteral("the protocol is %1, supported are 2 to 5").arg(version);
        QTest::newRow("PROTO twice") << pickled("\x80\x02N") << "a second time";
        const QByteArray known = "\x80\x95.(N\x88\x89KMJ\x8aGX\x8c\x8dUTCB}])\x8ft\x85\x86\x87"
                                 "ae\x90suc\x93R\x81"
                                 "bQqr\x94hj";
        for (int code = 0; code < 256; ++code)
            if (!known.contains(static_cast<char>(code)))
                QTest::addRow("opcode %02X", code)
                    << "\x80\x02" + little(static_cast<unsigned>(code), 1) + "." << "the opcode is not accepted";
        QTest::newRow("INST has a name") << QByteArray("\x80\x02(ios\nsystem\n.") << "opcode INST (0x69), byte 3";
        QTest::newRow("STOP missing") << QByteArray("\x80\x02N") << "STOP was expected";
        QTest::newRow("STOP on nothing") << QByteArray("\x80\x02.") << "the stack holds 0 values";
        QTest::newRow("STOP on two values") << pickled("NN") << "the stack holds 2 values";
        QTest::newRow("STOP with an open mark") << pickled("N(") << "1 values and 1 marks";
        QTest::newRow("frame past the end")
            << pickled("\x95" + little(100, 8) + "N") << "a frame of 100 bytes is announced, 2 follow";
    }

    static void underflowRows()
    {
        const QByteArray one = "aQsbR\x81\x93\x86\x87";
        for (const char code : QByteArray("\x85q\x94r") + one)
            QTest::addRow("empty stack, %02X", static_cast<unsigned char>(code))
                << QByteArray("\x80\x02") + code + QByteArray(4, '\0') + "." << "the stack is empty";
        for (const char code : one)
            if (code != 'Q')
                QTest::addRow("one value, %02X", static_cast<unsigned char>(code))
                    << QByteArray("\x80\x02N") + code + "." << "the stack is empty";
        for (const char code : QByteArray("teu\x90"))
            QTest::addRow("no mark, %02X", static_cast<unsigned char>(code))
                << QByteArray("\x80\x02N") + code + "." << "there is no mark";
        for (const char code : QByteArray("eu\x90"))
            QTest::addRow("nothing below the mark, %02X", static_cast<unsigned char>(code))
                << QByteArray("\x80\x02(") + code + "." << "the stack is empty";
        QTest::newRow("below the mark") << pickled("N(a") << "the stack is empty";
    }

    static void valueRows()
    {
        QTest::newRow("memo unset") << pickled("h\1") << "nothing was remembered under 1";
        QTest::newRow("wide memo unset") << pickled("j\xff\xff\xff\xff") << "nothing was remembered under 4294967295";
        QTest::newRow("text of 4 GiB") << pickled("X\xff\xff\xff\xff"
                                                  "abc")
                                       << "4294967295 bytes of text are announced, 4 follow";
        QTest::newRow("text of 2^64 - 1") << pickled("\x8d" + QByteArray(8, '\xff')) << "18446744073709551615 bytes";
        QTest::newRow("text that is not UTF-8") << pickled(unicode("a\xff")) << "the text 'a\\xFF' is not UTF-8";
        QTest::newRow("half a surrogate") << pickled(unicode("a\xED\xA0")) << "is not UTF-8";
        QTest::newRow("surrogate and more") << pickled(unicode("\xED\xA0\x80\xff")) << "is not UTF-8";
        QTest::newRow("long of 9 bytes") << pickled("\x8a\x09" + QByteArray(9, '\1')) << "a whole number of 9 bytes";
        QTest::newRow("long of 255 bytes") << pickled("\x8a\xff" + QByteArray(255, '\1')) << "of 255 bytes";
        QTest::newRow("global without an end") << QByteArray("\x80\x02"
                                                             "cos\nsystem")
                                               << "the pickle is cut off here";
        QTest::newRow("global of 10 MB") << pickled("c" + QByteArray(10'000'000, 'a') + "\nb\n")
                                         << "the name has more than 65536 bytes";
        QTest::newRow("global with a zero byte") << pickled(global(QByteArray("o\0s", 3), "x")) << "is no name";
        QTest::newRow("global without a name") << pickled(global("os", "")) << "is no name of a global";
        QTest::newRow("global without a module") << pickled(global("", "x")) << "is no name of a global";
        QTest::newRow("global that is not UTF-8") << pickled(global("\xff", "x")) << "is no name of a global";
        QTest::newRow("global named by numbers") << pickled("K\1K\2\x93") << "named by two strings";
        QTest::newRow("call of a number") << pickled("K\1)R") << "a global is called, not a whole number";
        QTest::newRow("object of a number") << pickled("K\1)\x81") << "a global is called, not a whole number";
        QTest::newRow("call of what was called") << pickled(global("a", "b") + ")R)R") << "not an object";
        QTest::newRow("call without a tuple") << pickled(global("a", "b") + "]R") << "are a tuple, not a list";
        QTest::newRow("dictionary of what is no pair") << pickled(kOrdered + "](K\1e\x85R") << "pairs of key and value";
    }

    static void containerRows()
    {
        QTest::newRow("append to a dictionary") << pickled("}Na") << "it works on a list, not on a dictionary";
        QTest::newRow("append to a tuple") << pickled(")Na") << "not on a tuple";
        QTest::newRow("append to a tensor") << pickled(kTensor + "Na") << "what 'm.tensor' makes";
        QTest::newRow("appends to a set") << pickled("\x8f(Ne") << "it works on a list, not on a set";
        QTest::newRow("add items to a list") << pickled("](N\x90") << "it works on a set, not on a list";
        QTest::newRow("set item of a list") << pickled("]NNs") << "it does not work on a list";
        QTest::newRow("set item of a tensor") << pickled(kTensor + "NNs") << "what 'm.tensor' makes";
        QTest::newRow("set items of a number") << pickled("K\1(NNu") << "it does not work on a whole number";
        QTest::newRow("odd number of items") << pickled("}(NNNu") << "keys and values are 3";
        QTest::newRow("list as key") << pickled("}]Ns") << "a list cannot be a key";
        QTest::newRow("dictionary as key") << pickled("}}Ns") << "a dictionary cannot be a key";
        QTest::newRow("build on a tensor") << pickled(kTensor + "}b") << "what 'm.tensor' makes";
        QTest::newRow("build on a number") << pickled("K\1}b") << "it does not work on a whole number";
        QTest::newRow("build on a storage") << pickled("NQ}b") << "it does not work on a storage";
        QTest::newRow("build on a list") << pickled("]}b") << "it does not work on a list";
    }
};

QTEST_GUILESS_MAIN(TestPickle)
#include "tst_parse_pickle.moc"
