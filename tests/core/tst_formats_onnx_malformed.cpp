// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX files that are malformed, cut or made to cost time and memory.
#include "core/formats/open_model.h"
#include "tests/core/onnx_reading.h"
#include "tests/support/test_model.h"

#include <QTemporaryDir>
#include <QTest>

using namespace qs;
using namespace qs::test;
using namespace qs::test::onnx;

namespace {

QByteArray hex(const char *digits)
{
    return QByteArray::fromHex(digits);
}

QByteArray function(const QByteArray &name, const QByteArrayList &nodes, const QByteArrayList &inputs,
                    const QByteArrayList &outputs)
{
    QByteArray bytes = bytesField(1, name) + bytesField(10, "local");
    for (const QByteArray &input : inputs)
        bytes += bytesField(4, input);
    for (const QByteArray &output : outputs)
        bytes += bytesField(5, output);
    for (const QByteArray &entry : nodes)
        bytes += bytesField(7, entry);
    return bytesField(25, bytes);
}

const QByteArray kLocal = bytesField(7, "local"); // the domain of a node

} // namespace

class TestOnnxMalformed : public QObject
{
    Q_OBJECT

private slots:
    void malformed_data();
    void malformed();
    void everyPrefixIsAnError();
    void everyFlippedByteEnds();
    void hugeFile();
    void manyNodesAreRefusedOrReadQuickly_data();
    void manyNodesAreRefusedOrReadQuickly();

private:
    void structureRows();
    void typeRows();
    void dataRows();
    void nameRows();
};

void TestOnnxMalformed::malformed_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("message"); // parts of it, with | between them
    structureRows();
    typeRows();
    dataRows();
    nameRows();
}

void TestOnnxMalformed::structureRows()
{
    const QByteArray good = floats("t", {2});
    QTest::newRow("empty") << QByteArray() << "there is no graph (field 7)|ModelProto";
    QTest::newRow("random bytes") << hex("9f3b77c01182aa5d00ff") << "ModelProto|byte 0";
    QTest::newRow("text") << QByteArray("Hello world, this is\nno model")
                          << "no ONNX file: it begins with plain text 'Hello world, this is'";
    QTest::newRow("no graph") << number(1, 8) + opset(17) << "there is no graph (field 7)|ModelProto, byte 0";
    QTest::newRow("varint of 11 bytes") << tag(1, 0) + QByteArray(10, '\xFF') + "\x01" << "more than 64 bits|field 1";
    QTest::newRow("field number 0") << model(graph({}) + varint(2) + varint(0)) << "the field number is 0|GraphProto";
    for (unsigned wire : {3U, 4U, 6U, 7U})
        QTest::addRow("wire type %u", wire) << model(graph({}), tag(60, wire)) << "the wire type is|ModelProto";
    QTest::newRow("length past the end of the message")
        << model(bytesField(1, "\x22\x7F")) << "but its message ends at|NodeProto, field 4|byte";
    QTest::newRow("length 2^63") << number(1, 8) + tag(7, 2) + varint(1ULL << 63) << "9223372036854775808 bytes";
    QTest::newRow("graph as a number") << number(1, 8) + number(7, 1) << "field 7 (graph)|expected a length and bytes";
    QTest::newRow("version as text") << bytesField(1, "8") << "field 1 (ir_version)|expected a varint";
    QTest::newRow("graphs nested 200 deep") << model(nestedGraphs(200)) << "nested deeper than 64|GraphProto";
    QTest::newRow("graphs nested 22 deep") << model(nestedGraphs(22)) << "nested deeper than 64";
    QTest::newRow("node without op_type") << model(graph({bytesField(1, "x")})) << "no op_type (field 4)|NodeProto";
    QTest::newRow("segment") << one(1, {2}, bytesField(3, number(1, 0))) << "segments are not supported|field 3";
    QTest::newRow("function calls itself")
        << model(graph({}), function("f", {node("f", {"a"}, {"b"}, kLocal)}, {"a"}, {"b"}))
        << "the function 'f' calls itself|FunctionProto, byte";
    QTest::newRow("functions call each other")
        << model(graph({node("f", {"x"}, {"y"}, kLocal)}),
                 function("f", {node("g", {"a"}, {"b"}, kLocal)}, {"a"}, {"b"}) +
                     function("g",
                              {node("If", {"a"}, {"b"},
                                    graphAttribute("then_branch", graph({node("f", {"a"}, {"c"}, kLocal)})))},
                              {"a"}, {"b"}))
        << "calls itself";
    QTest::newRow("function defined twice") << model(graph({}), function("f", {}, {}, {}) + function("f", {}, {}, {}))
                                            << "the function 'f' is defined twice";
}

void TestOnnxMalformed::typeRows()
{
    QTest::newRow("no data_type") << modelOf({dims({1}) + rawData("abcd") + bytesField(8, "t")})
                                  << "the tensor 't' has no data_type (field 2)|byte";
    for (int type : {0, 29, -1, 1000})
        QTest::addRow("data_type %d", type) << one(type, {1}, rawData("abcd"))
                                            << QString("the type of tensor 't' is %1, expected 1 to 28|field 2 "
                                                       "(data_type)|byte")
                                                   .arg(type);
    QTest::newRow("dimension -1") << one(1, {2, -1}, rawData("abcd"))
                                  << "dimension 1 is -1, expected 0 or more|field 1";
    QTest::newRow("2^62 x 4") << one(1, {1LL << 62, 4}, rawData("abcd")) << "more than 2^64 - 1 bits|field 1 (dims)";
    QTest::newRow("2^62 x 4 beside a zero") << one(1, {0, 1LL << 62, 4}, {}) << "more than 2^64 - 1 bits";
    QTest::newRow("bits over 2^64") << one(1, {1LL << 60}, rawData("abcd")) << "more than 2^64 - 1 bits";
    QTest::newRow("33 dimensions") << one(1, std::vector<std::int64_t>(33, 1), rawData("abcd"))
                                   << "more than 32 dimensions, the limit|field 1";
    QTest::newRow("dims as bytes of floats")
        << modelOf({tag(1, 5) + "abcd" + number(2, 1) + bytesField(8, "t")}) << "field 1 (dims)";
    QTest::newRow("strings in raw_data") << one(8, {1}, rawData("x")) << "cannot hold strings, expected string_data";
}

void TestOnnxMalformed::dataRows()
{
    QTest::newRow("no data field") << one(1, {2}, {})
                                   << "the shape [2] asks for 2 values, but there is no field|tensor 't'";
    QTest::newRow("two data fields") << one(1, {1}, rawData("abcd") + bytesField(4, "abcd"))
                                     << "values here and in raw_data|field 4 (float_data)";
    QTest::newRow("raw_data twice") << one(1, {1}, rawData("abcd") + rawData("abcd")) << "stands there twice|raw_data";
    QTest::newRow("raw_data short") << one(1, {2}, rawData("abcdefg"))
                                    << "there are 7 bytes, but the shape [2] of FLOAT needs 8|field 9 (raw_data)|byte";
    QTest::newRow("raw_data as a number") << one(1, {1}, number(9, 1)) << "expected a length and bytes|raw_data";
    QTest::newRow("float_data short") << one(1, {2}, bytesField(4, "abcd"))
                                      << "there are 4 bytes, but the shape [2] of FLOAT needs 8|field 4 (float_data)";
    QTest::newRow("float_data long") << one(1, {1}, bytesField(4, "abcdefgh")) << "there are 8 bytes";
    QTest::newRow("float_data of 6 bytes, in parts")
        << one(1, {2}, bytesField(4, "abcdef") + bytesField(4, "gh")) << "a part has 6 bytes, expected a multiple of 4";
    QTest::newRow("float_data of COMPLEX64 short") << one(14, {1}, bytesField(4, "abcd")) << "needs 8";
    QTest::newRow("float_data for INT8") << one(3, {4}, bytesField(4, "abcd"))
                                         << "cannot hold values of INT8, expected int32_data or raw_data";
    QTest::newRow("int64_data for FLOAT") << one(1, {1}, bytesField(7, "\x01")) << "cannot hold values of FLOAT";
    QTest::newRow("int32_data short") << one(6, {3}, ints({1, 2})) << "there are 2 entries, but the shape asks for 3";
    QTest::newRow("int32_data long") << one(6, {1}, ints({1, 2})) << "more than 1 entries|field 5 (int32_data)|byte";
    QTest::newRow("int32_data with a broken varint") << one(6, {1}, bytesField(5, "\x80")) << "goes beyond the end";
    QTest::newRow("int4 raw_data rounded down")
        << one(22, {3}, rawData("x")) << "there are 1 bytes, but the shape [3] of INT4 needs 2";
    QTest::newRow("int4, one entry per element")
        << one(22, {4}, ints({1, 2, 3, 4})) << "there are 4 entries, but the shape [4] of INT4 needs 2 or 1";
    QTest::newRow("data for no elements") << one(1, {0}, rawData("abcd")) << "has no elements, but there are values";
    QTest::newRow("strings, too few") << one(8, {2}, bytesField(6, "x")) << "there are 1 strings|asks for 2";
    QTest::newRow("cut inside a tensor") << modelOf({tensor("t", 1, {1}, QByteArray("\x4A\x7F"))}) << "TensorProto";
    QTest::newRow("cut inside a Constant")
        << constantNode(tensorAttribute("value", QByteArray("\x08"))) << "TensorProto";
}

void TestOnnxMalformed::nameRows()
{
    const QByteArray good = floats("t", {2});
    QTest::newRow("initializer without a name")
        << modelOf({tensor("", 1, {1}, rawData("abcd"))}) << "an initializer has no name (field 8)";
    QTest::newRow("name of 64 KiB and a byte")
        << modelOf({floats(QByteArray(65537, 'n'), {1})}) << "the name has 65537 bytes, the limit is 65536|field 8";
    QTest::newRow("output name of 64 KiB and a byte")
        << model(graph({node("Relu", {}, {QByteArray(65537, 'n')})})) << "the limit is 65536|field 2 (output)";
    QTest::newRow("two initializers of one name")
        << modelOf({good, good}) << "the name 't' is defined twice, the second time as initializer|byte";
    QTest::newRow("node output with the name of an initializer")
        << model(graph({node("Relu", {"t"}, {"t"})}, {good}))
        << "the name 't' is defined twice, the second time as output of a node|GraphProto";
    QTest::newRow("two outputs of one name")
        << model(graph({node("Relu", {}, {"y"}), node("Relu", {}, {"y"})})) << "the name 'y' is defined twice";
    QTest::newRow("two constants of one name") << model(graph({node("Constant", {}, {"c"}, attribute("value_int", 1)),
                                                               node("Constant", {}, {"c"}, attribute("value_int", 1))}))
                                               << "the name 'c' is defined twice";
    QTest::newRow("initializers of one name in a subgraph")
        << model(graph({node("If", {}, {"o"}, graphAttribute("then_branch", graph({}, {good, good})))}))
        << "the name 't' is defined twice|'o.then_branch'";
}

void TestOnnxMalformed::malformed()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, message);
    const auto read = readOnnx(bytes);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Input);
    const QString text = QString::fromStdString(read.error().text());
    for (const QString &part : message.split('|'))
        QVERIFY2(text.contains(part), qPrintable(text));
    QVERIFY2(text.contains("'x.onnx', ONNX") && text.contains("byte"), qPrintable(text));
    QVERIFY2(!text.contains('\n') && text.size() < 1000, qPrintable(text));
}

void TestOnnxMalformed::everyPrefixIsAnError()
{
    const QByteArray inner = graph({node("Relu", {"x"}, {"y"})}, {floats("u", {1})});
    const QByteArray graphOnly =
        number(1, 8) + bytesField(2, "test") +
        bytesField(7, graph({node("Constant", {}, {"c"}, tensorAttribute("value", floats("", {2}))),
                             node("If", {"c"}, {"o"}, graphAttribute("then_branch", inner))},
                            {floats("w", {2, 2}), tensor("i", 6, {2}, ints({1, 300}))}, {"x"}, {"o"}));
    const QByteArray complete = graphOnly + opset(17) + bytesField(14, bytesField(1, "key"));
    QS_VERIFY(readOnnx(complete));
    const QList<qsizetype> cuts{graphOnly.size(), (graphOnly + opset(17)).size()}; // between fields: whole files
    for (qsizetype size = 0; size < complete.size(); ++size) {
        const auto read = readOnnx(complete.left(size));
        QVERIFY2(read.has_value() == cuts.contains(size), qPrintable(QString::number(size)));
        if (!read) {
            QCOMPARE(read.error().code, ErrorCode::Input);
            QVERIFY(!read.error().where.empty());
        }
    }
}

void TestOnnxMalformed::everyFlippedByteEnds()
{
    const QByteArray whole =
        model(graph({node("Reshape", {"w", "s"}, {"r"}), node("MatMul", {"x", "r"}, {"y"}),
                     node("If", {"b"}, {"o"}, graphAttribute("then_branch", graph({}, {floats("u", {1})})))},
                    {floats("w", {2, 2}), integers("s", {4, 1}), tensor("i", 6, {2}, ints({1, 300}))}, {"x"}, {"y"}));
    int readable = 0;
    for (qsizetype i = 0; i < whole.size(); ++i) {
        for (int value : {0, 1, 2, 8, 0x0A, 0x12, 0x7F, 0x80, 0xFF, (whole[i] ^ 1) & 0xFF, (whole[i] ^ 0x80) & 0xFF}) {
            QByteArray changed = whole;
            changed[i] = static_cast<char>(value);
            const auto read = readOnnx(changed);
            if (!read)
                continue;
            ++readable;
            for (const TensorInfo &tensor : (*read)->model.tensors)
                QVERIFY(tensor.byteOffset + tensor.byteSize <= (*read)->model.files[tensor.file]->size());
        }
    }
    QVERIFY(readable > 0);
}

void TestOnnxMalformed::hugeFile()
{
    // A sparse file: 2^31 bytes cost nothing.
    QTemporaryDir folder;
    const std::string path = writeFile(folder, "m.onnx", modelOf({floats("w", {2, 2})}));
    QVERIFY(QFile::resize(QString::fromStdString(path), qint64(1) << 31));
    const auto opened = openModel(path, {});
    QVERIFY(!opened);
    QVERIFY2(opened.error().text().find("the file has 2147483648 bytes, the limit is 2147483647") != std::string::npos,
             opened.error().text().c_str());
}

void TestOnnxMalformed::manyNodesAreRefusedOrReadQuickly_data()
{
    QTest::addColumn<QByteArray>("bytes");
    constexpr qsizetype kMany = 200'000;
    QTest::newRow("empty nodes") << model(bytesField(1, "").repeated(500'000));
    QTest::newRow("small nodes") << model(bytesField(1, bytesField(4, "x")).repeated(kMany));
    QTest::newRow("one node with many inputs") << model(bytesField(1, bytesField(1, "").repeated(500'000)));
    QTest::newRow("a weight that one node uses often")
        << model(graph({node("Concat", QByteArrayList(300'000, "w"), {"y"})}, {floats("w", {2, 2})}));
    QTest::newRow("many subgraphs") << model(
        graph({node("If", {}, {}, graphAttribute("", "").repeated(100'000))}, {floats("w", {2, 2})}));
    QTest::newRow("a product of many factors")
        << model(graph({node("Einsum", QByteArrayList(200'000, "w"), {"y"},
                             textAttribute("equation", QByteArray("ab,").repeated(1000) + "ab->a"))},
                       {floats("w", {2, 2})}));
    QByteArrayList chain;
    QByteArrayList fan;
    for (int i = 0; i < 30'000; ++i) {
        const QByteArray from = i == 0 ? QByteArray("w") : "v" + QByteArray::number(i - 1);
        chain << node("Transpose", {from}, {"v" + QByteArray::number(i)});
        fan << node("Transpose", {"w"}, {"v" + QByteArray::number(i)});
    }
    QTest::newRow("a long chain") << model(graph(chain, {floats("w", {2, 2})}));
    QTest::newRow("a wide fan") << model(graph(fan, {floats("w", {2, 2})}));
    QByteArray functions;
    for (int i = 0; i < 60; ++i) {
        const QByteArray next = "f" + QByteArray::number(i + 1);
        functions += function("f" + QByteArray::number(i),
                              {node(next, {"a"}, {"b"}, kLocal), node(next, {"a"}, {"c"}, kLocal)}, {"a"}, {"b"});
    }
    QTest::newRow("functions that double their calls")
        << model(graph({node("f0", {"w"}, {"y"}, kLocal)}, {floats("w", {2, 2})}), functions);
    QTest::newRow("external keys") << one(1, {0}, bytesField(13, bytesField(1, "k")).repeated(200'000));
    QByteArrayList same;
    for (int i = 0; i < 8'000; ++i)
        same << node("If", {}, {}, graphAttribute("then_branch", graph({}, {floats("w", {1})})));
    QTest::newRow("one name in many subgraphs") << model(graph(same, {floats("w", {1})}));
}

void TestOnnxMalformed::manyNodesAreRefusedOrReadQuickly()
{
    QFETCH(QByteArray, bytes);
    const auto read = readOnnx(bytes);
    if (!read)
        QCOMPARE(read.error().code, ErrorCode::Input);
    else
        QVERIFY((*read)->model.tensors.size() <= 10'000);
}

QTEST_GUILESS_MAIN(TestOnnxMalformed)
#include "tst_formats_onnx_malformed.moc"
