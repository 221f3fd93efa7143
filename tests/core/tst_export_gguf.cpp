// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// GGUF files written from GGUF files: types by scheme, keys and order kept, sizes and refusals.
#include "core/analysis/compare.h"
#include "core/export/preview.h"
#include "core/layers/recipe_roles.h"
#include "core/scheme/convention.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

using namespace qs;
using namespace qs::test;

namespace {

/// Two matrices of [4, 64] and a norm, between keys of our caller.
QByteArray source(const std::vector<QByteArray> &keys = {textKey("general.name", "small"),
                                                         numberKey("general.file_type", 0)})
{
    GgufFile file{.keys = keys, .tensors = {}, .data = {}};
    file.tensors = {{"blk.0.attn_q.weight", {64, 4}, 0, 0},
                    {"blk.0.attn_norm.weight", {8}, 0, 1024},
                    {"output.weight", {64, 4}, 0, 1056}};
    GgufBytes data;
    for (const float value : randomValues(256, 1))
        data.add(value);
    for (int i = 0; i < 8; ++i)
        data.add(float(i));
    for (const float value : randomValues(256, 2))
        data.add(value);
    file.data = data.bytes();
    return file.bytes();
}

Recipe recipeOf(const Model &model, const char *convention)
{
    Recipe recipe = defaultRecipe(model);
    recipe.rules.clear();
    recipe.scheme = findConvention(convention)->scheme();
    return recipe;
}

} // namespace

class TestExportGguf : public QObject
{
    Q_OBJECT

private slots:
    void types_data()
    {
        QTest::addColumn<QString>("convention");
        QTest::addColumn<QString>("type");
        QTest::addColumn<int>("fileType");
        for (const auto &[type, number] : {std::pair("q8_0", 7), {"q4_0", 2}, {"q4_1", 3}, {"q5_0", 8}, {"q5_1", 9}})
            QTest::newRow(type) << QString("gguf-%1").arg(type) << type << number;
    }

    void types()
    {
        QFETCH(const QString, convention);
        QFETCH(const QString, type);
        QFETCH(const int, fileType);
        const auto model = openBytes(m_folder, "in.gguf", source());
        const Recipe recipe = recipeOf(*model, convention.toUtf8());
        AnalysisCache cache;
        const auto before = preview(*findExportFormat("gguf"), *model, recipe, m_out, m_replace, cache, {}, {});
        QS_VERIFY(before);
        QCOMPARE(before->plan.refusals, std::vector<Text>{});
        QCOMPARE(before->plan.quantized(), std::size_t(2));
        QS_VERIFY(writeAs("gguf", *model, recipe, m_out, m_replace));
        QCOMPARE(static_cast<std::uint64_t>(bytes().size()), before->plan.bytes);
        const auto again = openModel(m_out, {});
        QS_VERIFY(again);
        QCOMPARE((*again)->tensors.size(), model->tensors.size());
        for (std::size_t i = 0; i < model->tensors.size(); ++i) {
            QCOMPARE((*again)->tensors[i].name, model->tensors[i].name);
            QCOMPARE((*again)->tensors[i].shape, model->tensors[i].shape);
            QCOMPARE((*again)->tensors[i].byteOffset % 32, std::uint64_t(0));
        }
        QCOMPARE(std::string((*again)->tensors[0].typeName()), type.toStdString());
        QCOMPARE(std::string((*again)->tensors[1].typeName()), std::string("f32"));
        QCOMPARE((*again)->metadata.at("general.file_type"), std::to_string(fileType));
        QCOMPARE((*again)->metadata.at("general.quantization_version"), std::string("2"));
        QCOMPARE((*again)->metadata.at("general.name"), std::string("small"));
        const auto comparison = compare(*model, **again, {});
        QS_VERIFY(comparison);
        for (const auto &layer : before->report->layers) {
            const auto found = std::ranges::find(comparison->tensors, layer->name, &TensorComparison::name);
            QVERIFY(found != comparison->tensors.end());
            QCOMPARE(found->metrics.mse, layer->metrics.mse);
        }
    }

    /// Rules of the recipe choose the type of each layer.
    void typesByLayer()
    {
        const auto model = openBytes(m_folder, "in.gguf", source());
        Recipe recipe = recipeOf(*model, "gguf-q8_0");
        SchemePatch four;
        four.convention = "gguf-q4_0";
        recipe.rules.push_back({"output.weight", Rule::Action::None, {}, four, {}});
        QS_VERIFY(writeAs("gguf", *model, recipe, m_out, m_replace));
        const auto again = openModel(m_out, {});
        QS_VERIFY(again);
        QCOMPARE(std::string((*again)->tensors[0].typeName()), std::string("q8_0"));
        QCOMPARE(std::string((*again)->tensors[2].typeName()), std::string("q4_0"));
    }

    void keepsKeysInTheirOrder()
    {
        const QByteArray odd = textKey("somebody.else", "said");
        const QByteArray array = GgufBytes().text("list").u32(9).u32(4).u64(2).u32(1).u32(2).bytes();
        const auto model = openBytes(m_folder, "in.gguf", source({odd, numberKey("general.file_type", 0), array}));
        QS_VERIFY(writeAs("gguf", *model, recipeOf(*model, "gguf-q8_0"), m_out, m_replace));
        QVERIFY(bytes().contains(odd + numberKey("general.file_type", 7) + array +
                                 numberKey("general.quantization_version", 2)));
    }

    /// An output matrix that is tied to the embeddings is left out, other names get the codes of their tie.
    void ties()
    {
        const auto values = [](std::uint32_t seed) {
            GgufBytes data;
            for (const float value : randomValues(256, seed))
                data.add(value);
            return data.bytes();
        };
        GgufFile file{.keys = {textKey("general.name", "tied")}, .tensors = {}, .data = {}};
        file.tensors = {{"output.weight", {64, 4}, 0, 0},
                        {"blk.0.attn_q.weight", {64, 4}, 0, 1024},
                        {"blk.0.attn_k.weight", {64, 4}, 0, 2048},
                        {"token_embd.weight", {64, 4}, 0, 3072}};
        file.data = values(1) + values(2) + values(2) + values(1);
        const auto model = openBytes(m_folder, "in.gguf", file.bytes());
        Recipe recipe = recipeOf(*model, "gguf-q8_0");
        recipe.ties = {{"output.weight", "token_embd.weight"}, {"blk.0.attn_q.weight", "blk.0.attn_k.weight"}};
        const auto tied = withRoles(model, recipe);
        QS_VERIFY(tied);
        QS_VERIFY(writeAs("gguf", **tied, recipe, m_out, m_replace));
        const auto again = openModel(m_out, {});
        QS_VERIFY(again);
        QCOMPARE((*again)->tensors.size(), std::size_t(3));
        QVERIFY(!(*again)->findTensor("output.weight"));
        for (const TensorInfo &tensor : (*again)->tensors)
            QCOMPARE(std::string(tensor.typeName()), std::string("q8_0"));
        const auto comparison = compare(*model, **again, {});
        QS_VERIFY(comparison);
        QVERIFY(!comparison->incomplete());
    }

    void partsBecomeOneFile()
    {
        for (std::uint32_t part = 0; part < 2; ++part) {
            GgufFile file{
                .keys = {numberKey("split.no", part), numberKey("split.count", 2)}, .tensors = {}, .data = {}};
            if (part == 0)
                file.keys.push_back(textKey("general.name", "in parts"));
            file.tensors = {{part == 0 ? "blk.0.attn_q.weight" : "output.weight", {64, 4}, 0, 0}};
            GgufBytes data;
            for (const float value : randomValues(256, part))
                data.add(value);
            file.data = data.bytes();
            writeFile(m_folder, QString("in-0000%1-of-00002.gguf").arg(part + 1), file.bytes());
        }
        const auto model = openModel(m_folder.filePath("in-00001-of-00002.gguf").toStdString(), {});
        QS_VERIFY(model);
        QS_VERIFY(writeAs("gguf", **model, recipeOf(**model, "gguf-q8_0"), m_out, m_replace));
        const auto again = openModel(m_out, {});
        QS_VERIFY(again);
        QCOMPARE((*again)->files.size(), std::size_t(1));
        QCOMPARE((*again)->tensors.size(), std::size_t(2));
        QCOMPARE((*again)->metadata.count("split.count"), std::size_t(0));
        QCOMPARE((*again)->metadata.at("general.name"), std::string("in parts"));
        const auto comparison = compare(**model, **again, {});
        QS_VERIFY(comparison);
        QVERIFY(*comparison->total.relativeError > 0 && *comparison->total.relativeError < 0.01);
    }

    void floatsAgain()
    {
        const auto model = openBytes(m_folder, "in.gguf", source());
        QS_VERIFY(writeAs("gguf", *model, recipeOf(*model, "gguf-q4_1"), m_out, m_replace));
        const auto blocks = openModel(m_out, {});
        QS_VERIFY(blocks);
        const std::string floats = m_folder.filePath("floats.gguf").toStdString();
        QS_VERIFY(writeAs("float", **blocks, defaultRecipe(**blocks), floats, m_replace));
        const auto again = openModel(floats, {});
        QS_VERIFY(again);
        QCOMPARE(std::string((*again)->tensors[0].typeName()), std::string("f32"));
        const auto comparison = compare(**blocks, **again, {});
        QS_VERIFY(comparison);
        QCOMPARE(comparison->tensors.size(), std::size_t(3));
        QCOMPARE(comparison->total.maxAbsError, std::optional(0.0));
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("convention");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("nearest");
        QTest::newRow("scales per channel") << "gpt-fast"
                                            << "bits"
                                            << "8"
                                            << "gguf-q8_0";
        QTest::newRow("groups of 64") << "gguf-q8_0"
                                      << "granularity"
                                      << "group:64"
                                      << "gguf-q8_0";
        QTest::newRow("3 bits") << "gguf-q4_0"
                                << "bits"
                                << "3"
                                << "gguf-q4_0";
        QTest::newRow("zero points") << "torch.ao-affine"
                                     << "bits"
                                     << "4"
                                     << "gguf-q4_1";
        QTest::newRow("bf16 scales") << "gguf-q8_0"
                                     << "scale_type"
                                     << "bf16"
                                     << "gguf-q8_0";
    }

    void refusals()
    {
        QFETCH(const QString, convention);
        QFETCH(const QString, field);
        QFETCH(const QString, value);
        QFETCH(const QString, nearest);
        const auto model = openBytes(m_folder, "in.gguf", source());
        Recipe recipe = recipeOf(*model, convention.toUtf8());
        SchemePatch patch;
        QS_VERIFY(patch.set(field.toStdString(), value.toStdString()));
        patch.applyTo(recipe.scheme);
        const auto result = writeAs("gguf", *model, recipe, m_out, m_replace);
        QVERIFY(!result);
        const QString text = QString::fromStdString(result.error().text());
        QVERIFY2(text.contains("no type of GGUF holds layer") &&
                     text.contains("use the nearest convention, " + nearest),
                 qPrintable(text));
    }

    void shortRowsStayFloat()
    {
        GgufFile file{.keys = {}, .tensors = {{"output.weight", {24, 4}, 0, 0}}, .data = {}};
        file.data = QByteArray(24 * 4 * 4, '\1');
        const auto model = openBytes(m_folder, "in.gguf", file.bytes());
        AnalysisCache cache;
        const auto plan =
            planExport(*findExportFormat("gguf"), *model, recipeOf(*model, "gguf-q8_0"), m_out, m_replace, cache, {});
        QS_VERIFY(plan);
        QCOMPARE(plan->refusals, std::vector<Text>{});
        QCOMPARE(plan->decisions[0].reason.str(),
                 std::string("its rows of 24 weights are not made of whole blocks of 32"));
    }

private:
    QByteArray bytes() const
    {
        QFile file(QString::fromStdString(m_out));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QTemporaryDir m_folder;
    const std::string m_out = m_folder.filePath("out.gguf").toStdString();
    const ExportOptions m_replace{.overwrite = true};
};

QTEST_GUILESS_MAIN(TestExportGguf)
#include "tst_export_gguf.moc"
