// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX files: every form of payload, oddities that are only worth a warning, metadata, names.
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

} // namespace

class TestOnnx : public QObject
{
    Q_OBJECT

private slots:
    void payloads_data();
    void payloads();
    void payloadsInPlace_data();
    void payloadsInPlace();
    void oddButReadable_data();
    void oddButReadable();
    void metadata();
    void names();
    void strings();
    void stops();
    void recognisedByContent();
};

void TestOnnx::payloads_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QByteArray>("values"); // as they shall lie in memory
    const QByteArray f32 = raw<float>({1.5F, -2.F, 0.25F});
    const QByteArray f64 = raw<double>({1.5, -2.0});
    QTest::newRow("FLOAT raw_data") << one(1, {3}, rawData(f32)) << "f32" << f32;
    QTest::newRow("FLOAT float_data, packed") << one(1, {3}, bytesField(4, f32)) << "f32" << f32;
    QTest::newRow("FLOAT float_data, unpacked")
        << one(1, {3}, tag(4, 5) + f32.mid(0, 4) + tag(4, 5) + f32.mid(4, 4) + tag(4, 5) + f32.mid(8, 4)) << "f32"
        << f32;
    QTest::newRow("FLOAT float_data, two parts")
        << one(1, {3}, bytesField(4, f32.left(8)) + bytesField(4, f32.mid(8))) << "f32" << f32;
    QTest::newRow("FLOAT scalar") << one(1, {}, rawData(f32.left(4))) << "f32" << f32.left(4);
    QTest::newRow("FLOAT empty") << one(1, {0, 7}, {}) << "f32" << QByteArray();
    QTest::newRow("FLOAT empty raw_data beside float_data")
        << one(1, {3}, rawData({}) + bytesField(4, f32)) << "f32" << f32;
    QTest::newRow("DOUBLE double_data") << one(11, {2}, bytesField(10, f64)) << "f64" << f64;
    QTest::newRow("DOUBLE double_data, unpacked")
        << one(11, {2}, tag(10, 1) + f64.left(8) + tag(10, 1) + f64.mid(8)) << "f64" << f64;
    QTest::newRow("COMPLEX64 float_data") << one(14, {1}, bytesField(4, f32.left(8))) << "c64" << f32.left(8);
    QTest::newRow("COMPLEX128 raw_data") << one(15, {1}, rawData(f64)) << "c128" << f64;
    QTest::newRow("INT64 int64_data") << one(7, {3}, bytesField(7, packedVarints({1, -1, 1LL << 40}))) << "i64"
                                      << raw<std::int64_t>({1, -1, 1LL << 40});
    QTest::newRow("INT64 int64_data, unpacked")
        << one(7, {2}, number(7, 3) + number(7, -3)) << "i64" << raw<std::int64_t>({3, -3});
    QTest::newRow("UINT64 uint64_data") << one(13, {2}, bytesField(11, packedVarints({1, -1}))) << "u64"
                                        << raw<std::uint64_t>({1, ~0ULL});
    QTest::newRow("UINT32 uint64_data") << one(12, {2}, bytesField(11, packedVarints({1, 0xFFFFFFFFLL}))) << "u32"
                                        << raw<std::uint32_t>({1, 0xFFFFFFFF});
    QTest::newRow("INT32") << one(6, {2}, ints({-5, 7})) << "i32" << raw<std::int32_t>({-5, 7});
    QTest::newRow("INT16") << one(5, {2}, ints({-5, 7})) << "i16" << raw<std::int16_t>({-5, 7});
    QTest::newRow("UINT16") << one(4, {2}, ints({65535, 7})) << "u16" << raw<std::uint16_t>({65535, 7});
    QTest::newRow("INT8") << one(3, {3}, ints({-128, 127, -1})) << "i8" << hex("807fff");
    QTest::newRow("UINT8") << one(2, {2}, ints({0, 255})) << "u8" << hex("00ff");
    QTest::newRow("BOOL") << one(9, {2}, ints({0, 1})) << "bool" << hex("0001");
    QTest::newRow("FLOAT16 int32_data") << one(10, {2}, ints({0x3C00, 0xBC00})) << "f16" << hex("003c00bc");
    QTest::newRow("FLOAT16 raw_data") << one(10, {2}, rawData(hex("003c00bc"))) << "f16" << hex("003c00bc");
    QTest::newRow("BFLOAT16 int32_data") << one(16, {2}, ints({0x3F80, 0xBF80})) << "bf16" << hex("803f80bf");
    QTest::newRow("FLOAT8E4M3FN") << one(17, {2}, ints({0x38, 0xB8})) << "f8_e4m3" << hex("38b8");
    QTest::newRow("FLOAT8E4M3FNUZ") << one(18, {1}, rawData(hex("38"))) << "f8_e4m3fnuz" << hex("38");
    QTest::newRow("FLOAT8E5M2") << one(19, {1}, ints({0x3C})) << "f8_e5m2" << hex("3c");
    QTest::newRow("FLOAT8E5M2FNUZ") << one(20, {1}, ints({0x3C})) << "f8_e5m2fnuz" << hex("3c");
    QTest::newRow("UINT4 raw_data") << one(21, {4}, rawData(hex("21f3"))) << "u4" << hex("21f3");
    QTest::newRow("INT4 raw_data, odd count") << one(22, {3}, rawData(hex("2103"))) << "i4" << hex("2103");
    QTest::newRow("INT4, one entry per byte") << one(22, {5}, ints({0x21, 0x43, 0x05})) << "i4" << hex("214305");
    QTest::newRow("INT4, one entry per four bytes")
        << one(22, {9}, ints({0x76543210, 0x08})) << "i4" << hex("1032547608");
    QTest::newRow("INT4, entries with the sign bit")
        << one(22, {16}, ints({-1, 0x76543210})) << "i4" << hex("ffffffff10325476");
    QTest::newRow("FLOAT4E2M1") << one(23, {2}, ints({0x21})) << "f4" << hex("21");
    QTest::newRow("FLOAT8E8M0") << one(24, {1}, ints({127})) << "f8_e8m0" << hex("7f");
    QTest::newRow("UINT2 raw_data") << one(25, {5}, rawData(hex("e401"))) << "u2" << hex("e401");
    QTest::newRow("INT2") << one(26, {4}, ints({0xE4})) << "i2" << hex("e4");
    QTest::newRow("FLOAT6E2M3 raw_data") << one(27, {3}, rawData(hex("a1e203"))) << "f6_e2m3" << hex("a1e203");
    // 000001 000010 111111 001010 100000, each with its low bit first.
    QTest::newRow("FLOAT6E3M2, one entry per element")
        << one(28, {5}, ints({0x01, 0x02, 0x3F, 0x0A, 0x20})) << "f6_e3m2" << hex("81f02b20");
    QTest::newRow("Constant value") << constantNode(tensorAttribute("value", tensor("", 1, {3}, rawData(f32)))) << "f32"
                                    << f32;
    QTest::newRow("Constant value_float")
        << constantNode(bytesField(5, bytesField(1, "value_float") + tag(2, 5) + f32.left(4) + number(20, 1))) << "f32"
        << f32.left(4);
    QTest::newRow("Constant value_floats, unpacked")
        << constantNode(
               bytesField(5, bytesField(1, "value_floats") + tag(7, 5) + f32.left(4) + tag(7, 5) + f32.mid(4, 4)))
        << "f32" << f32.left(8);
    QTest::newRow("Constant value_floats, packed")
        << constantNode(bytesField(5, bytesField(1, "value_floats") + bytesField(7, f32))) << "f32" << f32;
    QTest::newRow("Constant value_int") << constantNode(attribute("value_int", -7)) << "i64" << raw<std::int64_t>({-7});
    QTest::newRow("Constant value_ints") << constantNode(attribute("value_ints", std::vector<std::int64_t>{1, -1}))
                                         << "i64" << raw<std::int64_t>({1, -1});
    QTest::newRow("Constant value_ints of a hundred")
        << constantNode(attribute("value_ints", std::vector<std::int64_t>(100, 9))) << "i64"
        << raw(std::vector<std::int64_t>(100, 9));
}

void TestOnnx::payloads()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, type);
    QFETCH(QByteArray, values);
    const auto read = readOnnx(bytes);
    QS_VERIFY(read);
    QCOMPARE((*read)->model.tensors.size(), std::size_t(1));
    QCOMPARE(QString::fromUtf8((*read)->tensor("t").typeName().data(), (*read)->tensor("t").typeName().size()), type);
    QCOMPARE((*read)->values("t").toHex(), values.toHex());
    QCOMPARE((*read)->warnings(), QString());
}

void TestOnnx::payloadsInPlace_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("inPlace");
    const QByteArray f32 = raw<float>({1.F, 2.F});
    QTest::newRow("raw_data") << one(1, {2}, rawData(f32)) << true;
    QTest::newRow("float_data") << one(1, {2}, bytesField(4, f32)) << true;
    QTest::newRow("float_data in two parts")
        << one(1, {2}, bytesField(4, f32.left(4)) + bytesField(4, f32.mid(4))) << false;
    QTest::newRow("double_data") << one(11, {1}, bytesField(10, f32)) << true;
    QTest::newRow("int32_data") << one(10, {2}, ints({1, 2})) << false;
}

void TestOnnx::payloadsInPlace()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, inPlace);
    const auto read = readOnnx(bytes);
    QS_VERIFY(read);
    QCOMPARE((*read)->tensor("t").file == 0, inPlace);
    QCOMPARE((*read)->model.files.size(), inPlace ? std::size_t(1) : std::size_t(2));
}

void TestOnnx::oddButReadable_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("tensors");
    QTest::addColumn<QString>("warning");
    const QByteArray good = floats("t", {2});
    QTest::newRow("two graphs") << model(graph({}, {good}), bytesField(7, graph({}, {floats("u", {1})}))) << 2
                                << "several graphs, which were merged";
    QTest::newRow("raw_data too long") << one(1, {1}, rawData(QByteArray(5, 'x'))) << 1
                                       << "there are more bytes than the shape needs, the rest is ignored: 't'";
    QTest::newRow("INT8 entries out of range")
        << one(3, {2}, ints({300, 1})) << 1 << "values have more bits than their type, the low ones count: 't'";
    QTest::newRow("FLOAT16 with high bits set") << one(10, {1}, ints({0x13C00})) << 1 << "more bits than their type";
    QTest::newRow("sparse initializer") << model(graph({}, {good}) + bytesField(15, bytesField(1, floats("s", {1}))))
                                        << 2 << "";
    QTest::newRow("sparse initializer without a name")
        << model(graph({}, {good}) + bytesField(15, bytesField(1, floats("", {1})))) << 1
        << "sparse tensors are not listed: ''";
    QTest::newRow("sparse constant")
        << model(graph({node("Constant", {}, {"s"}, bytesField(5, bytesField(1, "sparse_value") + bytesField(22, "")))},
                       {good}))
        << 1 << "sparse tensors are not listed: 's'";
    QTest::newRow("constant string") << model(graph({node("Constant", {}, {"s"}, textAttribute("value_string", "x"))},
                                                    {good}))
                                     << 1 << "constant strings are not listed: 's'";
    QTest::newRow("training graphs") << model(graph({}, {good}), bytesField(20, "")) << 1 << "training";
    QTest::newRow("name in a subgraph hides the one outside")
        << model(graph({node("If", {}, {"o"}, graphAttribute("then_branch", graph({}, {good})))}, {good})) << 2
        << "a name inside a subgraph hides the same name outside: 't'";
    QTest::newRow("opset 0") << number(1, 8) + bytesField(7, graph({}, {good})) + opset(0) << 1
                             << "a version of operators is not above 0: 'ai.onnx'";
    QTest::newRow("no opset") << number(1, 8) + bytesField(7, graph({}, {good})) << 1
                              << "does not say which version of the operators";
    QTest::newRow("an opset twice") << model(graph({}, {good}), opset(16)) << 1
                                    << "operators are imported twice: 'ai.onnx'";
    QTest::newRow("unknown external key") << one(1, {0}, bytesField(13, bytesField(1, "colour") + bytesField(2, "red")))
                                          << 1 << "unknown keys of external data are ignored: 'colour'";
    QTest::newRow("cycle of nodes") << model(graph({node("Add", {"t", "y"}, {"x"}), node("Add", {"x", "t"}, {"y"})},
                                                   {good}))
                                    << 1 << "a node uses what a later node makes: 'y'";
    QTest::newRow("a node that uses its own output")
        << model(graph({node("Identity", {"x"}, {"x"})}, {good})) << 1 << "a node uses what a later node makes: 'x'";
    QTest::newRow("input that nobody makes") << model(graph({node("Relu", {"nothing"}, {"y"})}, {good})) << 1
                                             << "nothing makes what a node takes as input: 'nothing'";
    QTest::newRow("metadata key twice") << model(graph({}, {good}), bytesField(14, bytesField(1, "k")) +
                                                                        bytesField(14, bytesField(1, "k")))
                                        << 1 << "a key of the metadata stands there twice, the last one counts: 'k'";
    QTest::newRow("initializer also graph input") << model(graph({}, {good}, {"t", "x"})) << 1 << "";
    QTest::newRow("NaN and infinity") << one(1, {2}, rawData(hex("0000c07f0000807f"))) << 1 << "";
    QTest::newRow("32 dimensions") << one(1, std::vector<std::int64_t>(32, 1), rawData(QByteArray(4, 'x'))) << 1 << "";
    QTest::newRow("packed dims") << modelOf({bytesField(1, packedVarints({1, 2})) + number(2, 1) +
                                             rawData(QByteArray(8, 'x')) + bytesField(8, "t")})
                                 << 1 << "";
    QTest::newRow("fields in another order") << opset(17) + bytesField(7, graph({}, {good})) + number(1, 8) << 1 << "";
    QTest::newRow("unknown fields") << model(graph({}, {good + number(999, 5)}), number(1000, 3)) << 1 << "";
    QTest::newRow("no tensors") << model(graph({})) << 0 << "";
    QTest::newRow("graphs nested 20 deep") << model(nestedGraphs(20)) << 0 << "nothing makes what a node takes";
}

void TestOnnx::oddButReadable()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, tensors);
    QFETCH(QString, warning);
    const auto read = readOnnx(bytes);
    QS_VERIFY(read);
    QCOMPARE((*read)->model.tensors.size(), static_cast<std::size_t>(tensors));
    const QString warnings = (*read)->warnings();
    QVERIFY2(warning.isEmpty() ? warnings.isEmpty() : warnings.contains(warning), qPrintable(warnings));
    QCOMPARE(warnings.count('\n'), 0);
}

void TestOnnx::metadata()
{
    const auto read =
        readOnnx(number(1, 8) + bytesField(2, "maker") + bytesField(3, "1.2") + bytesField(4, "org.example") +
                 number(5, 3) + bytesField(6, "about it") + bytesField(7, graph({})) + opset(17) +
                 opset(1, "com.microsoft") + bytesField(14, bytesField(1, "author") + bytesField(2, "somebody")));
    QS_VERIFY(read);
    const std::map<std::string, std::string> expected{
        {"onnx.ir_version", "8"},
        {"onnx.producer_name", "maker"},
        {"onnx.producer_version", "1.2"},
        {"onnx.domain", "org.example"},
        {"onnx.model_version", "3"},
        {"onnx.doc_string", "about it"},
        {"onnx.opset_import", "ai.onnx 17, com.microsoft 1"},
        {"onnx.graph", "g"},
        {"author", "somebody"},
    };
    QCOMPARE((*read)->model.metadata, expected);
    QCOMPARE((*read)->model.format, std::string("onnx"));
}

void TestOnnx::names()
{
    const QByteArray weight = floats("w", {1});
    const QByteArray branch = graph({node("Constant", {}, {"k"}, attribute("value_int", 1))}, {weight});
    const auto read = readOnnx(model(graph(
        {node("If", {"b"}, {"o"},
              graphAttribute("then_branch", branch) + graphAttribute("else_branch", branch) + bytesField(3, "choose"))},
        {weight})));
    QS_VERIFY(read);
    QStringList names;
    for (const TensorInfo &tensor : (*read)->model.tensors)
        names << QString::fromStdString(tensor.name);
    QCOMPARE(names, QStringList({"w", "choose.then_branch/w", "k", "choose.else_branch/w", "choose.else_branch/k"}));
}

void TestOnnx::strings()
{
    const auto read = readOnnx(one(8, {2, 1}, bytesField(6, "cat") + bytesField(6, "")));
    QS_VERIFY(read);
    const TensorInfo &info = (*read)->tensor("t");
    QCOMPARE(info.typeName(), std::string_view("string"));
    QVERIFY(info.encoding != nullptr && info.encoding->decode == nullptr);
    QCOMPARE(info.encoding->withoutValues.str(), std::string("strings are no numbers"));
    QVERIFY((*read)->model.layers.empty());
}

void TestOnnx::stops()
{
    QTemporaryDir folder;
    const std::string path = writeFile(folder, "m.onnx", modelOf({floats("w", {2, 2})}));
    std::stop_source source;
    source.request_stop();
    const auto opened = openModel(path, TaskContext{source.get_token(), {}});
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Cancelled);
}

void TestOnnx::recognisedByContent()
{
    QTemporaryDir folder;
    const QByteArray bytes = modelOf({floats("w", {2, 2})});
    const auto opened = openModel(writeFile(folder, "weights.bin", bytes), {});
    QS_VERIFY(opened);
    QCOMPARE((*opened)->format, std::string("onnx"));
    // With the name alone, damaged content gets the message of this reader.
    const auto damaged = openModel(writeFile(folder, "m.onnx", "nothing of the kind"), {});
    QVERIFY(!damaged);
    QVERIFY(damaged.error().text().find("ONNX ModelProto") != std::string::npos);
    // A head that ends inside of a long text says nothing; the name decides.
    const QByteArray late = number(1, 8) + bytesField(6, QByteArray(100'000, ' ')) + bytesField(7, graph({}));
    QVERIFY(!openModel(writeFile(folder, "late.bin", late), {}));
    QS_VERIFY(openModel(writeFile(folder, "late.onnx", late), {}));
}

QTEST_GUILESS_MAIN(TestOnnx)
#include "tst_formats_onnx.moc"
