// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// GGUF files: what is listed and how blocks are decoded.
#include "core/base/input_file.h"
#include "core/kernels/kernels.h"
#include "core/recipe/recipe.h"
#include "core/tensor/float_blocks.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/tensor_content.h"
#include "tests/support/test_model.h"

#include <cmath>

using namespace qs;
using namespace qs::test;

namespace {

constexpr const char *kGolden = QUANTOSCOPE_SOURCE_DIR "/tests/data/golden/gguf_blocks.gguf";

std::vector<float> floatsOf(const Model &model, const std::string &name)
{
    const FloatBlocks blocks(model.view(model.findTensor(name).value()), kNoAxis);
    std::vector<float> values;
    if (!blocks.read({0, 1, 0, blocks.shape().weights}, values))
        qFatal("cannot read");
    return values;
}

QString allWarnings(const std::vector<Text> &warnings)
{
    QString text;
    for (const Text &warning : warnings)
        text += QString::fromStdString(warning.str()) + '\n';
    return text;
}

} // namespace

class TestGguf : public QObject
{
    Q_OBJECT

private slots:
    void listsAndReads_data()
    {
        QTest::addColumn<bool>("bigEndian");
        QTest::newRow("little-endian") << false;
        QTest::newRow("big-endian") << true;
    }

    void listsAndReads()
    {
        QFETCH(bool, bigEndian);
        const auto model = openBytes(m_folder, "small.gguf", smallFile(bigEndian).bytes());
        QVERIFY2(model->warnings.empty(), qPrintable(allWarnings(model->warnings)));
        QCOMPARE(model->format, std::string(bigEndian ? "GGUF v3, big-endian" : "GGUF v3"));
        QCOMPARE(model->title, std::string("small"));
        QCOMPARE(model->tensors.size(), std::size_t(2));
        QCOMPARE(model->tensors[0].shape, (std::vector<std::uint64_t>{4, 6})); // the other way round than in the file
        QCOMPARE(model->tensors[1].typeName(), std::string_view("q8_0"));
        std::vector<float> expected;
        for (int i = 0; i < 24; ++i)
            expected.push_back(0.5F * float(i - 10));
        QCOMPARE(floatsOf(*model, "fc.weight"), expected);
        expected.clear();
        for (float scale : {0.5F, -2.0F})
            for (int i = 0; i < 32; ++i)
                expected.push_back(scale * float(i - 16));
        QCOMPARE(floatsOf(*model, "q.weight"), expected);

        QCOMPARE(model->layers.size(), std::size_t(2));
        const auto decisions = resolve(defaultRecipe(*model), *model, false);
        QS_VERIFY(decisions);
        QVERIFY((*decisions)[0].quantize && (*decisions)[0].channelAxis == 0);
        QVERIFY(!(*decisions)[1].quantize);
        QCOMPARE((*decisions)[1].reason.str(), std::string("already quantized: q8_0"));
    }

    void decodesLikeThePackage_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"q4_0",  "q4_1",  "q5_0",    "q5_1",   "q8_0",  "q2_k",    "q3_k",  "q4_k",
                                 "q5_k",  "q6_k",  "iq4_nl",  "iq4_xs", "tq1_0", "tq2_0",   "mxfp4", "nvfp4",
                                 "iq1_s", "iq1_m", "iq2_xxs", "iq2_xs", "iq2_s", "iq3_xxs", "iq3_s"})
            QTest::newRow(name) << name;
    }

    /// Bit for bit on every instruction set, and the same from the middle of a block.
    void decodesLikeThePackage()
    {
        QFETCH(QString, name);
        const auto model = openModel(kGolden, {});
        QS_VERIFY(model);
        const std::vector<float> expected = floatsOf(**model, name.toStdString() + ".values");
        const std::size_t tensor = (*model)->findTensor(name.toStdString()).value();
        QCOMPARE(QString::fromStdString(std::string((*model)->tensors[tensor].typeName())), name);
        QVERIFY(std::ranges::any_of(expected, [](float value) { return value != 0; }));
        for (const char *level : {"v2", "v3", "v4", "generic"}) {
            const Kernels *table = kernelsForLevel(level);
            if (table == nullptr)
                continue;
            useKernels(table);
            const std::vector<float> values = floatsOf(**model, name.toStdString());
            QCOMPARE(values.size(), expected.size());
            QVERIFY2(std::memcmp(values.data(), expected.data(), values.size() * sizeof(float)) == 0, level);
        }
        useKernels(nullptr);
        std::vector<float> part(50);
        QVERIFY(TensorElements((*model)->view(tensor)).floats(13, part.size(), part.data()));
        QVERIFY(std::memcmp(part.data(), expected.data() + 13, part.size() * sizeof(float)) == 0);

        // On another axis the rows of one block are far apart.
        const FloatBlocks columns(model.value()->view(tensor), 1);
        std::vector<float> turned;
        QS_VERIFY(columns.read({0, columns.shape().channels, 0, columns.shape().weights}, turned));
        for (std::uint64_t c = 0; c < columns.shape().channels; ++c)
            for (std::uint64_t k = 0; k < columns.shape().weights; ++k)
                QCOMPARE(std::bit_cast<std::uint32_t>(turned[c * columns.shape().weights + k]),
                         std::bit_cast<std::uint32_t>(expected[k * columns.shape().channels + c]));
    }

    /// What stands in more than one byte is the other way round; the values are the same.
    void decodesBigEndianBlocks_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QList<int>>("fields"); // position and size, in turn
        QTest::newRow("q4_0") << "q4_0" << QList{0, 2};
        QTest::newRow("q4_1") << "q4_1" << QList{0, 2, 2, 2};
        QTest::newRow("q5_0") << "q5_0" << QList{0, 2, 2, 4};
        QTest::newRow("q5_1") << "q5_1" << QList{0, 2, 2, 2, 4, 4};
        QTest::newRow("q8_0") << "q8_0" << QList{0, 2};
        QTest::newRow("q2_k") << "q2_k" << QList{80, 2, 82, 2};
        QTest::newRow("q3_k") << "q3_k" << QList{108, 2};
        QTest::newRow("q4_k") << "q4_k" << QList{0, 2, 2, 2};
        QTest::newRow("q5_k") << "q5_k" << QList{0, 2, 2, 2};
        QTest::newRow("q6_k") << "q6_k" << QList{208, 2};
        QTest::newRow("iq4_nl") << "iq4_nl" << QList{0, 2};
        QTest::newRow("iq4_xs") << "iq4_xs" << QList{0, 2, 2, 2};
        QTest::newRow("tq1_0") << "tq1_0" << QList{52, 2};
        QTest::newRow("tq2_0") << "tq2_0" << QList{64, 2};
        QTest::newRow("mxfp4") << "mxfp4" << QList<int>{};
        QTest::newRow("nvfp4") << "nvfp4" << QList<int>{};
        QTest::newRow("iq1_s") << "iq1_s" << QList{0, 2, 34, 2, 36, 2, 38, 2, 40, 2, 42, 2, 44, 2, 46, 2, 48, 2};
        QTest::newRow("iq1_m") << "iq1_m" << QList{48, 2, 50, 2, 52, 2, 54, 2};
        QTest::newRow("iq2_s") << "iq2_s" << QList{0, 2};
        QTest::newRow("iq3_s") << "iq3_s" << QList{0, 2};
    }

    void decodesBigEndianBlocks()
    {
        QFETCH(QString, name);
        QFETCH(QList<int>, fields);
        const auto model = openModel(kGolden, {});
        QS_VERIFY(model);
        const TensorView view = (*model)->view((*model)->findTensor(name.toStdString()).value());
        const Encoding &encoding = *view.info->encoding;
        std::vector<std::byte> bytes = test::elementsOf<std::byte>(view);
        const std::size_t blocks = bytes.size() / encoding.blockBytes;
        for (std::size_t block = 0; block < blocks; ++block)
            for (qsizetype i = 0; i < fields.size(); i += 2) {
                std::byte *field = bytes.data() + block * encoding.blockBytes + fields[i];
                std::reverse(field, field + fields[i + 1]);
            }
        std::vector<float> values(blocks * encoding.blockElements);
        encoding.decode(bytes.data(), blocks, true, values.data());
        const std::vector<float> expected = floatsOf(**model, name.toStdString() + ".values");
        QCOMPARE(values.size(), expected.size());
        QVERIFY(std::memcmp(values.data(), expected.data(), values.size() * sizeof(float)) == 0);
    }

    /// Types that the package does not decode: a float scale or half, then whole bytes.
    void decodesWholeBytes()
    {
        GgufFile file{.keys = {}, .tensors = {{"q8_1", {32}, 9, 0}, {"q8_k", {256}, 15, 64}}, .data = {}};
        GgufBytes data;
        data.add(std::uint16_t(0x3C00)).add(std::uint16_t(0x7C00)); // 1; the sum, infinite, has no say
        for (int i = 0; i < 32; ++i)
            data.add(std::int8_t(3 * i - 50));
        data.pad(64).add(0.25F);
        for (int i = 0; i < 256; ++i)
            data.add(std::int8_t(i - 128));
        data.raw(QByteArray(32, '\x7f'));
        file.data = data.bytes();
        const auto model = openBytes(m_folder, "bytes.gguf", file.bytes());
        const std::vector<float> first = floatsOf(*model, "q8_1");
        for (int i = 0; i < 32; ++i)
            QCOMPARE(first[std::size_t(i)], float(3 * i - 50));
        const std::vector<float> second = floatsOf(*model, "q8_k");
        for (int i = 0; i < 256; ++i)
            QCOMPARE(second[std::size_t(i)], 0.25F * float(i - 128));
    }

    void readsPlainTypesAndKeys()
    {
        const auto model = openModel(kGolden, {});
        QS_VERIFY(model);
        QVERIFY2((*model)->warnings.empty(), qPrintable(allWarnings((*model)->warnings)));
        for (const char *name : {"float16", "float32", "float64", "bfloat16"}) {
            const std::vector<float> values = floatsOf(**model, name);
            for (int i = 0; i < 12; ++i)
                QCOMPARE(values[std::size_t(i)], float(i - 6));
        }
        for (const char *name : {"int8", "int16", "int32", "int64"}) {
            std::vector<double> values(12);
            QVERIFY(
                TensorElements((*model)->view((*model)->findTensor(name).value())).wholeNumbers(0, 12, values.data()));
            for (int i = 0; i < 12; ++i)
                QCOMPARE(values[std::size_t(i)], double(i - 6));
        }
        const auto &metadata = (*model)->metadata;
        QCOMPARE(metadata.at("general.architecture"), std::string("llama"));
        QCOMPARE(metadata.at("test.number"), std::string("7"));
        QCOMPARE(metadata.at("test.numbers"), std::string("[1, 2, 3]"));
        QVERIFY(metadata.at("test.words").starts_with("[word 0, word 1, "));
        QVERIFY(metadata.at("test.words").ends_with(", … 40 × text]"));
    }

    void rolesOfTensors()
    {
        GgufFile file{.keys = {}, .tensors = {}, .data = QByteArray(1 << 12, '\0')};
        file.tensors = {{"token_embd.weight", {32, 4}, 8, 0},
                        {"blk.0.ffn_up_exps.weight", {32, 3, 2}, 8, 160},
                        {"blk.0.attn_norm.weight", {8}, 0, 384},
                        {"blk.0.iq.weight", {256, 1}, 41, 416},
                        {"blk.0.ffn_gate.weight", {8, 4}, 1, 480}};
        const auto model = openBytes(m_folder, "roles.gguf", file.bytes());
        QCOMPARE(model->layers.size(), std::size_t(4));
        QCOMPARE(model->layers[3].name, std::string("token_embd.weight"));
        QVERIFY(model->layers[3].op == Op::Embedding);
        QCOMPARE(model->layers[1].name, std::string("blk.0.ffn_up_exps.weight"));
        QCOMPARE(model->layers[1].channelAxis, 1);
        QVERIFY(model->layers[0].keptReason.empty() && !model->layers[0].stored);
        QVERIFY(model->layers[2].stored);
        QVERIFY(QString::fromStdString(withoutValues(*model, model->layers[2]).str()).contains("not decoded"));
        std::vector<float> none;
        const auto read = FloatBlocks(model->view(model->layers[2].tensor), 0).read({0, 1, 0, 1}, none);
        QVERIFY(!read);
        QVERIFY(QString::fromStdString(read.error().text()).contains("not decoded"));
    }

    void readsSplitModels()
    {
        const auto part = [](std::uint16_t number, std::uint16_t count) {
            GgufFile file = smallFile();
            file.keys.push_back(keyOf("split.no", 2, number));
            file.keys.push_back(keyOf("split.count", 2, count));
            for (auto &tensor : file.tensors)
                tensor.name = std::to_string(number) + "." + tensor.name;
            return file.bytes();
        };
        const std::string second = writeFile(m_folder, "m-00002-of-00002.gguf", part(1, 2));
        auto model = openModel(second, {});
        QS_VERIFY(model);
        QCOMPARE((*model)->missingFiles, std::vector<std::string>{"m-00001-of-00002.gguf"});
        QVERIFY(allWarnings((*model)->warnings).contains("1 of 2 parts are missing"));
        const std::string first = writeFile(m_folder, "m-00001-of-00002.gguf", part(0, 2));
        for (const std::string &path : {first, second}) {
            model = openModel(path, {});
            QS_VERIFY(model);
            QCOMPARE((*model)->tensors.size(), std::size_t(4));
            QCOMPARE((*model)->tensors[0].name, std::string("0.fc.weight"));
            QCOMPARE(floatsOf(**model, "1.q.weight")[0], -8.0F);
        }
        writeFile(m_folder, "m-00001-of-00002.gguf", part(0, 3));
        model = openModel(second, {});
        QVERIFY(!model && QString::fromStdString(model.error().text()).contains("part 0 of 3, expected part 0 of 2"));
        writeFile(m_folder, "m-00001-of-00002.gguf", part(1, 2));
        QVERIFY(!openModel(second, {}));
        model = openModel(writeFile(m_folder, "other.gguf", part(1, 2)), {});
        QVERIFY(!model && QString::fromStdString(model.error().text()).contains("its name must end in"));
        model = openModel(writeFile(m_folder, "x-00004-of-00002.gguf", part(3, 2)), {});
        QVERIFY(!model);
    }

    void acceptsOddFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("warning");
        QTest::newRow("version 2") << changed([](GgufFile &file) { file.version = 2; }) << "";
        QTest::newRow("no tensors") << GgufFile{.keys = {}, .tensors = {}, .data = {}}.bytes() << "";
        QTest::newRow("file ends in the last padding") << smallFile().bytes() + QByteArray(17, '\0') << "";
        QTest::newRow("scalar") << withTensor(0, {"s", {}, 0, 0}) << "unused bytes in front of 1 tensors";
        QTest::newRow("upper-case key") << withKey(numberKey("General.X", 1)) << "1 keys hold more than a-z";
        QTest::newRow("key is not UTF-8") << withKey(numberKey("a\xff", 1)) << "the first is 'a\\xFF'";
        QTest::newRow("array of arrays, 4 deep") << withKey(nestedKey(4)) << "";
        QTest::newRow("empty array") << withKey(GgufBytes().text("e").u32(9).u32(8).u64(0).bytes()) << "";
        QTest::newRow("name of 64 bytes")
            << withTensor(0, {std::string(64, 'x'), {6, 4}, 0, 0}) << "longer than the 63 bytes";
        QTest::newRow("out of order") << changed([](GgufFile &file) { std::swap(file.tensors[0], file.tensors[1]); })
                                      << "not in the order";
        QTest::newRow("unknown type 43") << withTensor(1, {"u", {7}, 43, 96})
                                         << "1 tensors have types that are not known";
        QTest::newRow("unknown type 2^31") << withTensor(0, {"u", {7}, 1U << 31, 0}) << "not known, the first is 'u'";
        QTest::newRow("alignment 8") << changed([](GgufFile &file) {
            file.keys.push_back(numberKey("general.alignment", 8));
            file.alignment = 8;
        }) << "";
        QTest::newRow("infinite block scale") << changed([](GgufFile &file) { file.data[97] = '\x7c'; }) << "";
    }

    void acceptsOddFiles()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, warning);
        const auto model = openModel(writeFile(m_folder, "odd.gguf", bytes), {});
        QS_VERIFY(model);
        QCOMPARE((*model)->warnings.empty(), warning.isEmpty());
        QVERIFY2(allWarnings((*model)->warnings).contains(warning), qPrintable(allWarnings((*model)->warnings)));
        for (const Layer &layer : (*model)->layers) // whatever is listed can be asked for its values
            if (withoutValues(**model, layer).empty())
                QVERIFY(!floatsOf(**model, layer.name).empty());
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestGguf)
#include "tst_formats_gguf.moc"
