// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// compare(): what is covered and what is not, how weights meet, and errors against plain sums over the values.
#include "core/analysis/compare.h"
#include "tests/support/protobuf_writer.h"
#include "tests/support/test_model.h"

#include <QDir>

#include <cmath>

using namespace qs;
using qs::test::FloatTensor;

namespace {

constexpr const char *kCoded = QUANTOSCOPE_SOURCE_DIR "/tests/data/coded";

using Tensors = std::vector<FloatTensor>;

FloatTensor weight(const std::string &name, std::uint64_t rows, std::uint64_t columns, std::uint32_t seed)
{
    return {name, {rows, columns}, test::randomValues(rows * columns, seed)};
}

/// The rows of each head as GGUF keeps them: the two of a rotation side by side.
FloatTensor withPairedRows(FloatTensor tensor, std::uint64_t heads)
{
    const std::uint64_t columns = tensor.shape[1];
    const std::uint64_t size = tensor.shape[0] / heads;
    const std::vector<float> values = tensor.values;
    for (std::uint64_t head = 0; head < heads; ++head)
        for (std::uint64_t half = 0; half < 2; ++half)
            for (std::uint64_t i = 0; i < size / 2; ++i) {
                const std::uint64_t from = (head * size + half * (size / 2) + i) * columns;
                const std::uint64_t to = (head * size + 2 * i + half) * columns;
                std::copy_n(values.begin() + std::ptrdiff_t(from), columns, tensor.values.begin() + std::ptrdiff_t(to));
            }
    return tensor;
}

FloatTensor transposed(FloatTensor tensor)
{
    const std::vector<float> values = tensor.values;
    const std::uint64_t rows = tensor.shape[0];
    const std::uint64_t columns = tensor.shape[1];
    for (std::uint64_t r = 0; r < rows; ++r)
        for (std::uint64_t c = 0; c < columns; ++c)
            tensor.values[c * rows + r] = values[r * columns + c];
    std::swap(tensor.shape[0], tensor.shape[1]);
    return tensor;
}

FloatTensor renamed(FloatTensor tensor, const std::string &name)
{
    tensor.name = name;
    return tensor;
}

/// Rows of several tensors behind one another.
FloatTensor joined(const std::string &name, const Tensors &parts)
{
    FloatTensor whole{name, {0, parts.front().shape[1]}, {}};
    for (const FloatTensor &part : parts) {
        whole.shape[0] += part.shape[0];
        whole.values.insert(whole.values.end(), part.values.begin(), part.values.end());
    }
    return whole;
}

/// Weights of one layer of a small language model, as Hugging Face names them.
struct Llama {
    FloatTensor q = weight("model.layers.0.self_attn.q_proj.weight", 64, 48, 1);
    FloatTensor k = weight("model.layers.0.self_attn.k_proj.weight", 32, 48, 2);
    FloatTensor v = weight("model.layers.0.self_attn.v_proj.weight", 32, 48, 3);
    FloatTensor o = weight("model.layers.0.self_attn.o_proj.weight", 48, 64, 4);
    FloatTensor norm{"model.layers.0.input_layernorm.weight", {48}, test::randomValues(48, 5)};
    FloatTensor tokens = weight("model.embed_tokens.weight", 80, 48, 6);
    FloatTensor head = weight("lm_head.weight", 80, 48, 7);

    Tensors all() const { return {q, k, v, o, norm, tokens, head}; }
    Tensors gguf() const
    {
        return {renamed(withPairedRows(q, 4), "blk.0.attn_q.weight"),
                renamed(withPairedRows(k, 2), "blk.0.attn_k.weight"),
                renamed(v, "blk.0.attn_v.weight"),
                renamed(o, "blk.0.attn_output.weight"),
                renamed(norm, "blk.0.attn_norm.weight"),
                renamed(tokens, "token_embd.weight"),
                renamed(head, "output.weight")};
    }
    Tensors gptFast() const
    {
        return {joined("layers.0.attention.wqkv.weight", {withPairedRows(q, 4), withPairedRows(k, 2), v}),
                renamed(o, "layers.0.attention.wo.weight"), renamed(norm, "layers.0.attention_norm.weight"),
                renamed(tokens, "tok_embeddings.weight"), renamed(head, "output.weight")};
    }
};

Tensors experts(bool stacked, std::uint64_t count)
{
    Tensors tensors;
    FloatTensor stack{"blk.0.ffn_up_exps.weight", {count, 24, 16}, {}};
    for (std::uint64_t i = 0; i < count; ++i) {
        tensors.push_back(weight("model.layers.0.mlp.experts." + std::to_string(i) + ".up_proj.weight", 24, 16,
                                 std::uint32_t(20 + i)));
        stack.values.insert(stack.values.end(), tensors.back().values.begin(), tensors.back().values.end());
    }
    return stacked ? Tensors{stack} : tensors;
}

class TestCompare : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void toolsOutputs_data();
    void toolsOutputs();
    void coverage_data();
    void coverage();
    void matching_data();
    void whatAGraphDenies();
    void matching();
    void exactness_data();
    void exactness();
    void codesThatOnlyNamesExplain_data();
    void codesThatOnlyNamesExplain();
    void cosineOfSmallValues();
    void mapLines();
    void mapNamesNobody();

private:
    std::shared_ptr<const Model> open(const char *name, const QByteArray &bytes)
    {
        return test::openBytes(m_folder, QLatin1String(name), bytes);
    }
    Comparison compared(const QByteArray &reference, const QByteArray &candidate, const NameMap &map = {})
    {
        const auto x = open("reference.safetensors", reference);
        const auto y = open("candidate.safetensors", candidate);
        auto result = compare(*x, *y, {}, map);
        if (!result)
            qFatal("%s", result.error().text().c_str());
        return std::move(*result);
    }

    QTemporaryDir m_folder;
};

void TestCompare::toolsOutputs_data()
{
    QTest::addColumn<QString>("folder");
    for (const QFileInfo &folder : QDir(QLatin1String(kCoded)).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot))
        QTest::newRow(qPrintable(folder.fileName())) << folder.filePath();
}

/// What a tool wrote, against float weights under decorated names that differ a little from what its codes stand for.
void TestCompare::toolsOutputs()
{
    QFETCH(QString, folder);
    const QStringList files = QDir(folder).entryList({QStringLiteral("model.*")}, QDir::Files);
    const auto candidate = openModel((folder + QLatin1Char('/') + files.front()).toStdString(), {});
    QS_VERIFY(candidate);
    const test::SafetensorsFile values(folder + QStringLiteral("/values.safetensors"));
    Tensors floats;
    std::map<std::string, double> expected;
    for (const auto &[name, entry] : values.header().items()) {
        if (name == "__metadata__")
            continue;
        FloatTensor tensor{"module." + name, values.shape(name), values.floats(name)};
        double error = 0;
        double signal = 0;
        for (std::size_t i = 0; i < tensor.values.size(); ++i) {
            const float y = tensor.values[i];
            tensor.values[i] = y * 1.01F + 0.003F * std::sin(float(i));
            error += std::pow(double(tensor.values[i]) - double(y), 2);
            signal += std::pow(double(tensor.values[i]), 2);
        }
        expected[tensor.name] = std::sqrt(error / signal);
        floats.push_back(std::move(tensor));
    }
    const auto reference = open("floats.safetensors", test::safetensorsBytes(floats));
    const auto comparison = compare(*reference, **candidate, {});
    QS_VERIFY(comparison);
    QVERIFY(!comparison->incomplete());
    QCOMPARE(comparison->coverage(), 1.0);
    QCOMPARE(comparison->tensors.size(), floats.size());
    for (const TensorComparison &tensor : comparison->tensors) {
        QCOMPARE(tensor.matchedBy, MatchedBy::Decoration);
        const double error = tensor.metrics.relativeError.value();
        QVERIFY2(std::abs(error / expected.at(tensor.name) - 1) < 1e-6, tensor.name.c_str());
    }
}

void TestCompare::coverage_data()
{
    QTest::addColumn<QByteArray>("candidate");
    QTest::addColumn<double>("covered");
    QTest::addColumn<QString>("reason"); // of the first tensor that is left out
    const FloatTensor one = weight("fc1.weight", 6, 8, 1);
    const FloatTensor two = weight("fc2.weight", 4, 8, 2);
    const FloatTensor norm{"norm.weight", {8}, test::randomValues(8, 3)};
    FloatTensor nan = two;
    nan.values[3] = NAN;
    QTest::newRow("the same") << test::safetensorsBytes(Tensors{one, two, norm}) << 1.0 << QString();
    QTest::newRow("no partner") << test::safetensorsBytes(Tensors{one, norm}) << 56.0 / 88 << "holds no tensor";
    QTest::newRow("no norm") << test::safetensorsBytes(Tensors{one, two}) << 80.0 / 88 << "holds no tensor";
    QTest::newRow("shape") << test::safetensorsBytes(Tensors{one, weight("fc2.weight", 4, 7, 2), norm}) << 56.0 / 88
                           << "shapes";
    QTest::newRow("not a number") << test::safetensorsBytes(Tensors{one, nan, norm}) << 56.0 / 88 << "NaN";
    const std::string codes = R"({"fc2.weight":{"dtype":"I8","shape":[4,8],"data_offsets":[0,32]}})";
    QTest::newRow("codes alone") << test::safetensorsBytes(codes, QByteArray(32, '\1')) << 0.0 << "";
    QTest::newRow("nothing in common") << test::safetensorsBytes(Tensors{weight("a.weight", 3, 5, 9)}) << 0.0
                                       << "holds no tensor";
}

void TestCompare::coverage()
{
    QFETCH(QByteArray, candidate);
    QFETCH(double, covered);
    QFETCH(QString, reason);
    const Tensors reference{
        weight("fc1.weight", 6, 8, 1), weight("fc2.weight", 4, 8, 2), {"norm.weight", {8}, test::randomValues(8, 3)}};
    const Comparison comparison = compared(test::safetensorsBytes(reference), candidate);
    QCOMPARE(comparison.coverage(), covered);
    QCOMPARE(comparison.incomplete(), covered < 1);
    QCOMPARE(comparison.total.exact, covered == 1);
    if (covered == 1) {
        QVERIFY(comparison.unmatched.empty());
        return;
    }
    QVERIFY(!comparison.total.relativeError); // equal as far as it could be compared: that is no zero
    QVERIFY(!comparison.unmatched.empty());
    const UnmatchedTensor &first = comparison.unmatched.front();
    QVERIFY(first.counts && !first.reason.empty());
    QVERIFY2(first.reason.str().find(reason.toStdString()) != std::string::npos, first.reason.str().c_str());
}

/// One file knows that a matrix is no weight, the other one has only its name: it is not in the total.
void TestCompare::whatAGraphDenies()
{
    const QByteArray data(reinterpret_cast<const char *>(std::array<float, 4>{1, 2, 3, 4}.data()), 16);
    const QByteArray other(reinterpret_cast<const char *>(std::array<float, 4>{1, 2, 5, 6}.data()), 16);
    const std::string tensors = R"("fc.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
                                R"("table":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}})";
    const QByteArray knows = test::safetensorsBytes(
        R"({"__metadata__":{"quantoscope.roles":"{\"table\":{\"layer\":false}}"},)" + tensors, data);
    const QByteArray guesses = test::safetensorsBytes("{" + tensors, other);
    for (const auto &[a, b] : {std::pair(knows, guesses), std::pair(guesses, knows)}) {
        const Comparison comparison = compared(a, b);
        QCOMPARE(comparison.coverage(), 1.0);
        QVERIFY(comparison.total.exact);
        QVERIFY(!comparison.others.exact);
    }
}

void TestCompare::matching_data()
{
    QTest::addColumn<Tensors>("reference");
    QTest::addColumn<Tensors>("candidate");
    QTest::addColumn<int>("pairs");
    QTest::addColumn<MatchedBy>("by"); // of the first pair
    const FloatTensor fc1 = weight("fc1.weight", 6, 8, 1);
    const FloatTensor fc2 = weight("fc2.weight", 6, 8, 2);
    const auto both = [&](const std::string &before, const std::string &after) {
        return Tensors{renamed(fc1, before + "fc1" + after), renamed(fc2, before + "fc2" + after)};
    };
    for (const char *before : {"module.", "_orig_mod.", "model.", "base_model.model.", "module._orig_mod.model."})
        QTest::newRow(before) << Tensors{fc1, fc2} << both(before, ".weight") << 2 << MatchedBy::Decoration;
    for (const char *after : {"._packed_params._packed_params", ".weight_quantized", ".weight_Q4", ".weight_DQ_Q4",
                              ".base_layer.weight", "._orig_mod.weight", ""})
        QTest::newRow(*after != 0 ? after : "no suffix")
            << Tensors{fc1, fc2} << both("", after) << 2 << MatchedBy::Decoration;
    QTest::newRow("prefix") << Tensors{fc1, fc2} << both("student.encoder.", ".weight") << 2 << MatchedBy::Prefix;
    QTest::newRow("prefix of the reference")
        << both("student.encoder.", ".weight") << Tensors{fc1, fc2} << 2 << MatchedBy::Prefix;
    QTest::newRow("transposed") << Tensors{fc1, fc2} << Tensors{transposed(fc1), fc2} << 2 << MatchedBy::Name;
    QTest::newRow("content") << Tensors{fc1, fc2}
                             << Tensors{renamed(transposed(fc2), "onnx::MatMul_12"), renamed(fc1, "onnx::MatMul_7")}
                             << 2 << MatchedBy::Content;
    const FloatTensor bias1{"fc1.bias", {6}, test::randomValues(6, 4)};
    const FloatTensor bias2{"fc2.bias", {6}, test::randomValues(6, 5)};
    QTest::newRow("beside what the values match")
        << Tensors{fc1, bias1, fc2, bias2}
        << Tensors{renamed(fc2, "a/kernel"), renamed(bias2, "a/bias"), renamed(fc1, "b.inner.weight"),
                   renamed(bias1, "b.inner.bias")}
        << 4 << MatchedBy::Content;
    const Llama llama;
    QTest::newRow("GGUF") << llama.all() << llama.gguf() << 7 << MatchedBy::Family;
    QTest::newRow("from GGUF") << llama.gguf() << llama.all() << 7 << MatchedBy::Family;
    QTest::newRow("gpt-fast") << llama.all() << llama.gptFast() << 5 << MatchedBy::Family;
    QTest::newRow("from gpt-fast") << llama.gptFast() << llama.all() << 5 << MatchedBy::Family;
    QTest::newRow("experts") << experts(false, 12) << experts(true, 12) << 1 << MatchedBy::Family;
    QTest::newRow("from a stack") << experts(true, 12) << experts(false, 12) << 1 << MatchedBy::Family;
    Llama tied;
    tied.head.values = tied.tokens.values;
    Tensors withoutHead = tied.gguf();
    withoutHead.pop_back();
    QTest::newRow("tied output") << tied.all() << withoutHead << 7 << MatchedBy::Tie;
}

/// Whatever the names and the layout: all weights meet, and they are equal.
void TestCompare::matching()
{
    QFETCH(Tensors, reference);
    QFETCH(Tensors, candidate);
    QFETCH(int, pairs);
    QFETCH(MatchedBy, by);
    const Comparison comparison = compared(test::safetensorsBytes(reference), test::safetensorsBytes(candidate));
    for (const UnmatchedTensor &tensor : comparison.unmatched)
        qInfo("%s: %s", tensor.name.c_str(), tensor.reason.str().c_str());
    QVERIFY(!comparison.incomplete());
    QCOMPARE(int(comparison.tensors.size()), pairs);
    for (const TensorComparison &tensor : comparison.tensors)
        QVERIFY2(tensor.metrics.exact, (tensor.name + " = " + tensor.candidate).c_str());
    QCOMPARE(comparison.tensors.front().matchedBy, by);
    QVERIFY(comparison.total.exact);
}

QByteArray numbers(const char *type, const QByteArray &values)
{
    const std::string count = std::to_string(values.size() / 8);
    return test::safetensorsBytes(R"({"fc.weight":{"dtype":")" + std::string(type) + R"(","shape":[1,)" + count +
                                      R"(],"data_offsets":[0,)" + std::to_string(values.size()) + "]}}",
                                  values);
}

template <class T> QByteArray bytesOf(const std::vector<T> &values)
{
    return {reinterpret_cast<const char *>(values.data()), qsizetype(values.size() * sizeof(T))};
}

void TestCompare::exactness_data()
{
    QTest::addColumn<QByteArray>("reference");
    QTest::addColumn<QByteArray>("candidate");
    QTest::addColumn<double>("difference"); // the largest
    const auto doubles = [](std::vector<double> values) { return numbers("F64", bytesOf(values)); };
    const auto integers = [](std::vector<std::int64_t> values) { return numbers("I64", bytesOf(values)); };
    QTest::newRow("equal") << doubles({1.0 / 3, 2}) << doubles({1.0 / 3, 2}) << 0.0;
    QTest::newRow("last digit") << doubles({1, 2}) << doubles({std::nextafter(1.0, 2.0), 2}) << 0x1p-52;
    QTest::newRow("below float32") << doubles({1e-50}) << doubles({2e-50}) << 1e-50;
    QTest::newRow("squares below double") << doubles({1e-200}) << doubles({2e-200}) << 1e-200;
    QTest::newRow("whole numbers") << integers({INT64_MAX}) << integers({INT64_MAX - 1}) << 1.0;
    QTest::newRow("equal whole numbers") << integers({INT64_MAX, -5}) << integers({INT64_MAX, -5}) << 0.0;
}

void TestCompare::exactness()
{
    QFETCH(QByteArray, reference);
    QFETCH(QByteArray, candidate);
    QFETCH(double, difference);
    const Comparison comparison = compared(reference, candidate);
    QCOMPARE(comparison.tensors.size(), 1U);
    const Metrics &metrics = comparison.tensors.front().metrics;
    QCOMPARE(metrics.exact, difference == 0);
    QCOMPARE(metrics.maxAbsError.value(), difference);
}

template <class Code>
QByteArray codedOnnx(int type, const std::vector<std::int64_t> &shape, const std::vector<Code> &codes,
                     const std::vector<float> &scales, const std::vector<Code> &zeroPoints)
{
    using namespace test::onnx;
    const auto size = [](const auto &values) { return std::vector{std::int64_t(values.size())}; };
    return modelOf({tensor("fc.weight_quantized", type, shape, rawData(bytesOf(codes))),
                    tensor("fc.weight_scale", 1, size(scales), rawData(bytesOf(scales))),
                    tensor("fc.weight_zero_point", type, size(zeroPoints), rawData(bytesOf(zeroPoints)))});
}

void TestCompare::codesThatOnlyNamesExplain_data()
{
    QTest::addColumn<QByteArray>("onnx");
    QTest::addColumn<FloatTensor>("floats");
    const std::vector<std::int8_t> bytes{-3, 0, 7, 100, -128, 5};
    QTest::newRow("one scale") << codedOnnx(3, {2, 3}, bytes, {0.5F}, std::vector<std::int8_t>{2})
                               << FloatTensor{"fc.weight", {2, 3}, {-2.5F, -1, 2.5F, 49, -65, 1.5F}};
    QTest::newRow("rows") << codedOnnx(3, {2, 3}, bytes, {0.5F, 2}, std::vector<std::int8_t>{0, 1})
                          << FloatTensor{"fc.weight", {2, 3}, {-1.5F, 0, 3.5F, 198, -258, 8}};
    QTest::newRow("columns") << codedOnnx(3, {2, 3}, bytes, {0.5F, 2, 4}, std::vector<std::int8_t>{0, 1, 0})
                             << FloatTensor{"fc.weight", {2, 3}, {-1.5F, -2, 28, 50, -258, 20}};
    QTest::newRow("16 bits") << codedOnnx(5, {2, 2}, std::vector<std::int16_t>{-30000, 1, 2, 30000}, {0.25F},
                                          std::vector<std::int16_t>{0})
                             << FloatTensor{"fc.weight", {2, 2}, {-7500, 0.25F, 0.5F, 7500}};
    QTest::newRow("32 bits, one axis") << codedOnnx(6, {3}, std::vector<std::int32_t>{-70000, 1, 2}, {0.25F, 1, 2},
                                                    std::vector<std::int32_t>{0, 0, 0})
                                       << FloatTensor{"fc.weight", {3}, {-17500, 1, 4}};
}

/// As ONNX Runtime stores weights of MatMulInteger, weights of 16 bits and biases.
void TestCompare::codesThatOnlyNamesExplain()
{
    QFETCH(QByteArray, onnx);
    QFETCH(FloatTensor, floats);
    const auto x = open("floats.safetensors", test::safetensorsBytes(Tensors{floats}));
    const auto y = open("codes.onnx", onnx);
    const auto comparison = compare(*x, *y, {});
    QS_VERIFY(comparison);
    QVERIFY(!comparison->incomplete());
    QCOMPARE(comparison->tensors.size(), 1U);
    QVERIFY(comparison->tensors.front().metrics.exact);
    QVERIFY(comparison->unmatched.empty()); // scales and zero points are parts
}

/// 1 − cosine where y is a small part of x, or almost x times a factor.
void TestCompare::cosineOfSmallValues()
{
    const std::vector<float> x = test::randomValues(4096, 7);
    const std::vector<float> noise = test::randomValues(4096, 8);
    for (const float factor : {1.0F, 0.99F, 0.5F, 1e-3F, 1e-6F}) {
        for (const float relativeNoise : {0.3F, 1e-2F, 1e-3F}) {
            FloatTensor a{"fc.weight", {16, 256}, x};
            FloatTensor b = a;
            long double xx = 0;
            long double yy = 0;
            long double xy = 0;
            for (std::size_t i = 0; i < x.size(); ++i) {
                b.values[i] = factor * (x[i] + relativeNoise * noise[i]);
                const long double y = b.values[i];
                xx += static_cast<long double>(x[i]) * x[i];
                yy += y * y;
                xy += x[i] * y;
            }
            const auto expected = static_cast<double>((1 - xy * xy / (xx * yy)) / (1 + xy / std::sqrt(xx * yy)));
            const Comparison comparison =
                compared(test::safetensorsBytes(Tensors{a}), test::safetensorsBytes(Tensors{b}));
            const double shown = comparison.tensors.front().metrics.oneMinusCosine.value();
            QVERIFY2(
                std::abs(shown / expected - 1) < 1e-6,
                qPrintable(QStringLiteral("%1 %2: %3 for %4").arg(factor).arg(relativeNoise).arg(shown).arg(expected)));
        }
    }
}

void TestCompare::mapLines()
{
    const auto map = parseNameMap("# a comment\n\n  left.weight = right=weight \r\na=b", "map");
    QS_VERIFY(map);
    QCOMPARE(map->size(), 2U);
    QCOMPARE(map->front(), std::pair(std::string("left.weight"), std::string("right=weight")));
    QCOMPARE(map->back(), std::pair(std::string("a"), std::string("b")));
    const auto wrong = parseNameMap("a = b\nnothing\n", "map");
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().code, ErrorCode::Usage);
    QVERIFY(wrong.error().text().find("line 2") != std::string::npos);

    // Two weights that nothing else tells apart.
    FloatTensor a = weight("a.weight", 4, 6, 1);
    FloatTensor b = renamed(a, "b.weight");
    const Tensors others{renamed(a, "y.weight"), renamed(b, "z.weight")};
    const QByteArray reference = test::safetensorsBytes(Tensors{a, b});
    QVERIFY(compared(reference, test::safetensorsBytes(others)).incomplete());
    const Comparison comparison =
        compared(reference, test::safetensorsBytes(others), {{"a.weight", "z.weight"}, {"b.weight", "y.weight"}});
    QVERIFY(!comparison.incomplete());
    QCOMPARE(comparison.tensors.front().candidate, std::string("z.weight"));
    QCOMPARE(comparison.tensors.front().matchedBy, MatchedBy::Map);
}

void TestCompare::mapNamesNobody()
{
    const auto model = open("one.safetensors", test::safetensorsBytes(Tensors{weight("a.weight", 4, 6, 1)}));
    for (const NameMap &map : {NameMap{{"a.weight", "nobody"}}, NameMap{{"nobody", "a.weight"}},
                               NameMap{{"a.weight", "a.weight"}, {"a.weight", "a.weight"}}}) {
        const auto result = compare(*model, *model, {}, map);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Usage);
    }
}

} // namespace

QTEST_GUILESS_MAIN(TestCompare)
#include "tst_analysis_compare.moc"
