// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Chinese texts: all there, with the places and letters of the English ones, in the terms of the field.
#include "tests/checks/catalogue.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

namespace {

const Catalogue &chinese()
{
    static const Catalogue catalogue =
        readCatalogue(QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/translations/quantoscope_zh_CN.ts"));
    return catalogue;
}

bool hasChinese(const QString &text)
{
    static const QRegularExpression kHan(QStringLiteral("\\p{Han}"));
    return text.contains(kHan);
}

QStringList sorted(QStringList list)
{
    list.sort();
    return list;
}

/// All parts of a text that match, sorted.
QStringList matches(const QString &text, const QRegularExpression &expression)
{
    QStringList found;
    for (auto at = expression.globalMatch(text); at.hasNext();)
        found << at.next().captured();
    return sorted(found);
}

/// What is put into a text, and what a translation may not lose: places, lines, patterns of files.
QStringList placesIn(const Message &message, const QString &text)
{
    static const QRegularExpression kOfWindow(QStringLiteral(R"(%n|%L?\d|\n|\[\*\]|;;|\(\*[^)]*\))"));
    static const QRegularExpression kOfCore(QStringLiteral(R"(\{\d?\}|\{\{|\}\}|\n)"));
    const bool core = message.context == QLatin1String("Core");
    QStringList places = matches(text, core ? kOfCore : kOfWindow);
    if (core) // "{1} … {0}" is another order of "{} … {}"
        places.replaceInStrings(QRegularExpression(QStringLiteral(R"(\{\d\})")), QStringLiteral("{}"));
    // A letter that is a place, too: "&%1 bits" is "%1 比特(&%1)".
    if (text.contains(QLatin1String("&%1")))
        places.removeDuplicates();
    return sorted(places);
}

/// The letter that chooses in a menu, or nothing.
QString letterOf(const QString &text)
{
    static const QRegularExpression kLetter(QStringLiteral("&([^&\\s])"));
    return kLetter.match(text).captured(1).toUpper();
}

struct Term {
    const char *english; ///< a regular expression of words
    const char *chinese; ///< one of these, with | between them
};

/// Where several are right, the second is for another meaning of the word.
constexpr Term kTerms[] = {
    {"dequantized", "反量化"},
    {"quantiz\\w+", "量化"},
    {"weights?", "权重"},
    {"bias(es)?", "偏置"},
    {"layers?", "层|逐张量"},
    {"tensors?", "张量"},
    {"channels?", "通道"},
    {"parameters", "参数"},
    {"shards?", "分片"},
    {"embeddings?", "嵌入"},
    {"convolutions?", "卷积"},
    {"scales?", "缩放因子|缩放比例|量化粒度|步长"},
    {"zero points?", "零点"},
    {"step size", "步长"},
    {"clip(s|ped|ping)?", "截断"},
    {"clamp(ed)?", "限幅"},
    {"round(s|ed|ing)", "舍入"},
    {"symmetric(ally)?", "对称"},
    {"asymmetric(ally)?", "非对称"},
    {"per channel", "逐通道"},
    {"accuracy", "准确率"},
    {"recipes?", "配方"},
    {"metadata", "元数据"},
    {"overrides?", "单独设置"},
    {"scheme", "方案"},
    {"convention", "约定"},
    {"samples?", "样本"},
    {"exclude[ds]?", "排除"},
    {"exported|export", "导出"},
    {"undo", "撤销"},
    {"number line", "数轴"},
    {"relative error", "相对误差"},
    {"output error", "输出误差"},
    {"distribution", "分布"},
};

/// Names of other programs and of what belongs to them: no terms, they stay as they are.
constexpr const char *kNamesOfTools[] = {"AI Edge Quantizer", "QuantizeConfig"};

/// Words that mean something else in this field, and full stops of another script.
constexpr const char *kWrongWords[] = {
    "比例尺",           "尺度因子", "四舍五入", "裁剪(?!）)", "(?<![半单双位])精度", "\\p{Han}[,:;?!.](?!\\w)",
    "\\p{Han}\\.\\.\\."};

/// As words of their own, not as parts of names.
QRegularExpression wordsOf(const char *english)
{
    return QRegularExpression(QStringLiteral("(?<![\\w'.*-])(%1)(?![\\w'])").arg(QLatin1String(english)),
                              QRegularExpression::CaseInsensitiveOption);
}

} // namespace

class TestChinese : public QObject
{
    Q_OBJECT

private slots:
    void everyTextIsThere();
    void everyTextIsTranslated();
    void placesAreTheSame();
    void lettersAreTheSame();
    void termsOfTheField();
    void wrongWords();
    void faultsAreFound();

private:
    static QString termFault(const QString &source, const QString &translation);
};

/// Those of the sources, each in its context, and no others.
void TestChinese::everyTextIsThere()
{
    const auto keys = [](const Catalogue &catalogue) {
        QStringList names;
        for (const Message &message : catalogue.messages)
            names << message.name() + QStringLiteral(" /") + message.comment + (message.plural ? u'n' : u' ');
        return QSet<QString>(names.begin(), names.end());
    };
    const QSet<QString> wanted = keys(collectTexts(QStringLiteral(QUANTOSCOPE_SOURCE_DIR)));
    const QSet<QString> found = keys(chinese());
    QVERIFY(wanted.size() > 2000);
    // Else: build the target update_translations, and translate.
    QCOMPARE(QStringList((wanted - found).values()), QStringList());
    QCOMPARE(QStringList((found - wanted).values()), QStringList());
}

void TestChinese::everyTextIsTranslated()
{
    QCOMPARE(chinese().unfinished(), QStringList());
    // Names, formulas, keys and places need no translation; a text with a lower-case word of English does.
    static const QRegularExpression kWord(QStringLiteral(R"((?<![\w./*%-])[a-z]{3,}(?![\w(/*]))"));
    static const QStringList kNames{QStringLiteral("safetensors"), QStringLiteral("tanh"),  QStringLiteral("nats"),
                                    QStringLiteral("llama"),       QStringLiteral("null"),  QStringLiteral("pickle"),
                                    QStringLiteral("the"),         QStringLiteral("opset"), QStringLiteral("torchao")};
    for (const Message &message : chinese().messages) {
        QCOMPARE(message.translations.size(), 1);
        const QString &translation = message.translations.front();
        QVERIFY2(!translation.isEmpty(), qPrintable(message.name()));
        QStringList words = matches(message.source, kWord);
        words.removeIf([](const QString &word) { return kNames.contains(word); });
        QVERIFY2(words.isEmpty() || hasChinese(translation), qPrintable(message.name() + " → " + translation));
    }
}

void TestChinese::placesAreTheSame()
{
    for (const Message &message : chinese().messages)
        for (const QString &translation : message.translations)
            // One form for all numbers: it shows the number wherever English does.
            QVERIFY2(placesIn(message, translation) == placesIn(message, message.source),
                     qPrintable(message.name() + " → " + translation));
}

/// Letters that are free in English are free in Chinese; keys are the same on all keyboards.
void TestChinese::lettersAreTheSame()
{
    static const QRegularExpression kKeys(QStringLiteral(R"(^(Ctrl|Shift|Alt)\+|^\W$)"));
    for (const Message &message : chinese().messages) {
        const QString &translation = message.translations.front();
        QVERIFY2(letterOf(translation) == letterOf(message.source), qPrintable(message.name() + " → " + translation));
        QVERIFY2(!message.source.contains(kKeys) || translation == message.source, qPrintable(message.name()));
        QVERIFY2(message.source.endsWith(u'…') == translation.endsWith(u'…'),
                 qPrintable(message.name() + " → " + translation));
    }
}

QString TestChinese::termFault(const QString &source, const QString &translation)
{
    if (!hasChinese(translation))
        return {};
    QString words = source;
    for (const char *name : kNamesOfTools)
        words.remove(QLatin1String(name));
    for (const Term &term : kTerms) {
        // Names of fields in files and of their values stay as they are.
        const bool isName = source.contains(u'\'') || source.contains(QLatin1String("group:N"));
        if (!isName && words.contains(wordsOf(term.english)) &&
            !translation.contains(QRegularExpression(QString::fromUtf8(term.chinese))))
            return QString::fromLatin1(term.english);
    }
    return {};
}

void TestChinese::termsOfTheField()
{
    QStringList faults;
    for (const Message &message : chinese().messages)
        if (const QString fault = termFault(message.source, message.translations.front()); !fault.isEmpty())
            faults << fault + ": " + message.source + " → " + message.translations.front();
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
}

void TestChinese::wrongWords()
{
    QStringList faults;
    // Shapes and tuples are written as in a program.
    static const QRegularExpression kBrackets(QStringLiteral(R"(\[[^\]]*\]|\([^)]*\))"));
    for (const Message &message : chinese().messages) {
        const QString text = QString(message.translations.front()).remove(kBrackets);
        for (const char *wrong : kWrongWords)
            if (text.contains(QRegularExpression(QString::fromUtf8(wrong))))
                faults << message.translations.front();
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
}

void TestChinese::faultsAreFound()
{
    const Message window{"Menus", "%1 of %2 (*.json)", {}, {}, false, {}};
    QVERIFY(placesIn(window, window.source) == placesIn(window, "%2 中的 %1 (*.json)"));
    QVERIFY(placesIn(window, window.source) != placesIn(window, "%1 (*.json)"));
    QVERIFY(placesIn(window, window.source) != placesIn(window, "%2 中的 %1 (*.txt)"));
    const Message core{"Core", "{} of {}", {}, {}, false, {}};
    QVERIFY(placesIn(core, core.source) == placesIn(core, "{1} 中的 {0}"));
    QVERIFY(placesIn(core, core.source) != placesIn(core, "{} 中"));
    QCOMPARE(letterOf("打开(&O)…"), letterOf("&Open…"));
    QVERIFY(letterOf("打开(&K)…") != letterOf("&Open…"));
    QVERIFY(!termFault("Accuracy", "精确").isEmpty());
    QVERIFY(termFault("Accuracy", "准确率").isEmpty());
    QVERIFY(!termFault("Scale per channel", "每通道比例").isEmpty());
    QVERIFY(termFault("AI Edge Quantizer has no blocks", "AI Edge Quantizer 没有块").isEmpty());
    QVERIFY(!termFault("AI Edge Quantizer quantizes blocks", "AI Edge Quantizer 处理块").isEmpty());
}

QTEST_GUILESS_MAIN(TestChinese)
#include "tst_chinese.moc"
