// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Previews say what the written file holds, without a second look at the weights; formats are added by an object.
#include "core/analysis/compare.h"
#include "core/export/containers/safetensors.h"
#include "core/export/preview.h"
#include "core/export/producers.h"
#include "core/kernels/block_decoders.h"
#include "core/reports/report_json.h"
#include "core/scheme/convention.h"
#include "core/tensor/small_floats.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

using namespace qs;
using qs::test::FloatTensor;
using qs::test::formatsOfAnyModel;

namespace {

/// The packer of the format below; a row of the test sets it.
const CodePacker *packerOnTrial = nullptr;

bool fits(const Model &model, std::size_t layer, const Decision &decision)
{
    return packerOnTrial->holds(matrixShape(model.tensorOf(model.layers[layer]), decision.channelAxis).weights);
}

LayerFit fitPacked(const Model &model, std::size_t layer, const Decision &decision)
{
    LayerFit fit{decision};
    if (decision.quantize && !fits(model, layer, decision)) {
        fit.decision.quantize = false;
        fit.decision.reason = Text::asIs("has rows that are no whole blocks");
    }
    return fit;
}

/// Each quantized layer as rows of bytes.
Result<FileContents> packedContents(const ExportInput &input)
{
    const auto codes = layerCodes(input.model, input.decisions, *packerOnTrial);
    FileContents file;
    QS_ASSIGN(file.tensors, modelTensors(input, [&](std::size_t layer) -> std::vector<OutputTensor> {
                  const Decision &decision = input.decisions[layer];
                  if (!decision.quantize)
                      return {};
                  const Layer &what = input.model.layers[layer];
                  const MatrixShape matrix = matrixShape(input.model.tensorOf(what), decision.channelAxis);
                  const std::uint64_t row = packerOnTrial->bytes(matrix.weights);
                  return {{what.name, DType::U8, {matrix.channels, row}, codes, layer, kCodes, 0}};
              }));
    return file;
}

std::vector<Text> packedNotes(const ExportInput & /*input*/)
{
    return {Text::asIs("a note of the format itself")};
}

/// A format that nothing in core knows of.
const ExportFormat kPackedFormat{
    .name = "packed",
    .description = Text::constant("rows of packed codes"),
    .suffixes = "*.packed",
    .suffix = ".packed",
    .runtimes = Text::constant("nothing"),
    .container = [](std::string_view suffix) { return suffix == ".packed" ? &kSafetensorsContainer : nullptr; },
    .fit = fitPacked,
    .contents = packedContents,
    .notes = packedNotes,
};

} // namespace

class TestPreview : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatIsWritten_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("type"); // of the weights
        for (const ExportFormat *format : formatsOfAnyModel())
            for (const char *type : {"F32", "F16", "BF16"})
                QTest::addRow("%s, %s", format->name.data(), type) << QString::fromUtf8(format->name.data()) << type;
    }

    void saysWhatIsWritten()
    {
        QFETCH(const QString, format);
        QFETCH(const QString, type);
        const auto model = mixed(type);
        const ExportFormat &target = *findExportFormat(format.toStdString());
        const std::string path = m_folder.filePath("out").toStdString() + std::string(target.suffix);
        ExportOptions options;
        options.overwrite = true;
        AnalysisCache cache;
        const auto before = preview(target, *model, defaultRecipe(*model), path, options, cache, {}, {});
        QS_VERIFY(before);
        QVERIFY(before->format == &target && before->plan.refusals.empty());
        QCOMPARE(before->report->total.quantized, before->plan.quantized());
        QS_VERIFY(writeExport(target, *model, defaultRecipe(*model), path, options, cache, {}));
        QCOMPARE(static_cast<std::uint64_t>(QFileInfo(QString::fromStdString(path)).size()), before->plan.bytes);
        const auto written = openModel(path, {});
        QS_VERIFY(written);
        const auto comparison = compare(*model, **written, {});
        QS_VERIFY(comparison);
        int compared = 0;
        for (const auto &layer : before->report->layers)
            for (const TensorComparison &tensor : comparison->tensors)
                if (tensor.name == layer->name && layer->decision.quantize && !target.decodes) {
                    ++compared;
                    QCOMPARE(*tensor.metrics.relativeError, *layer->metrics.relativeError);
                }
        QCOMPARE(compared, target.decodes ? 0 : static_cast<int>(before->plan.quantized()));
    }

    void writesAtOnce_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("convention");
        QTest::addColumn<bool>("measures"); // while it writes
        QTest::newRow("safetensors") << "safetensors" << "gpt-fast" << true;
        QTest::newRow("torch") << "torch" << "gpt-fast" << true;
        QTest::newRow("compressed-tensors") << "safetensors" << "compressed-tensors" << true;
        QTest::newRow("4 bits in bytes") << "safetensors" << "lecture" << true;
        QTest::newRow("text") << "c-header" << "gpt-fast" << false;
    }

    /// The file and its report are those of planning first, in one look at the weights.
    void writesAtOnce()
    {
        QFETCH(const QString, format);
        QFETCH(const QString, convention);
        QFETCH(const bool, measures);
        const ExportFormat &target = *findExportFormat(format.toStdString());
        const auto model = mixed("BF16");
        Recipe recipe = defaultRecipe(*model);
        recipe.scheme = findConvention(convention.toStdString())->scheme();
        const auto path = [&](const char *name) {
            return m_folder.filePath(name).toStdString() + std::string(target.suffix);
        };
        ExportOptions options;
        options.overwrite = true;
        AnalysisCache before;
        const auto planned = preview(target, *model, recipe, path("planned"), options, before, {}, {});
        QS_VERIFY(planned);
        QS_VERIFY(writeExport(target, *model, recipe, path("planned"), options, before, {}));

        AnalysisCache cache;
        std::optional<Preview> file;
        const PlanReport report = [&](const ExportPlan &plan, const TaskContext &context) -> Result<void> {
            QS_ASSIGN(file, previewPlan(target, plan, *model, recipe, cache, {}, context));
            return {};
        };
        const auto written = writeAtOnce(target, *model, recipe, path("at-once"), options, report, cache, {});
        QS_VERIFY(written);
        QCOMPARE(written->has_value(), measures);
        QCOMPARE(QFileInfo::exists(QString::fromStdString(path("at-once"))), measures);
        if (!measures)
            return;
        QCOMPARE((*written)->bytes, planned->plan.bytes);
        QVERIFY(bytesOf(path("at-once")) == bytesOf(path("planned")));
        QCOMPARE(cache.quantizations(), static_cast<std::uint64_t>(planned->plan.quantized()));
        QCOMPARE(reportJson(*model, *file->report, {}), reportJson(*model, *planned->report, {}));
    }

    /// What is not finite is found while the file is written: it does not stay.
    void writesNotAtOnce()
    {
        const auto model = spoilt();
        AnalysisCache cache;
        const PlanReport report = [](const ExportPlan &, const TaskContext &) -> Result<void> {
            return fail(ErrorCode::Work, Text::asIs("nobody asks"));
        };
        const std::string path = m_folder.filePath("spoilt-out.safetensors").toStdString();
        const auto written =
            writeAtOnce(*findExportFormat("safetensors"), *model, defaultRecipe(*model), path, {}, report, cache, {});
        QS_VERIFY(written);
        QVERIFY(!written->has_value());
        QVERIFY(!QFileInfo::exists(QString::fromStdString(path)));
        QVERIFY(QDir(m_folder.path()).entryList({"*spoilt-out*"}, QDir::Files | QDir::Hidden).isEmpty());
    }

    void planReadsNothingAfterAnalysis_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<Scheme>("scheme");
        const Scheme channels;
        for (const ExportFormat *format : formatsOfAnyModel())
            QTest::addRow("%s", format->name.data()) << QString::fromUtf8(format->name.data()) << channels;
        Scheme groups;
        groups.mode = Mode::Asymmetric;
        groups.bits = 4;
        groups.granularity = Granularity::group(3);
        QTest::newRow("asymmetric groups") << "safetensors" << groups;
        Scheme whole;
        whole.granularity = Granularity::tensor();
        whole.range = RangeMethod::mse();
        whole.scaleType = ScaleType::BF16;
        QTest::newRow("a searched range, bf16 scales") << "safetensors" << whole;
    }

    /// The weights are spoilt after the analysis: who reads them again finds NaN, or a file that has changed.
    void planReadsNothingAfterAnalysis()
    {
        QFETCH(const QString, format);
        QFETCH(const Scheme, scheme);
        const auto model = mixed("F32");
        Recipe recipe = defaultRecipe(*model);
        recipe.scheme = scheme;
        AnalysisCache cache;
        AnalyzeOptions options;
        options.keepChannels = true; // as the window does
        QS_VERIFY(analyze(*model, recipe, options, cache, {}));
        QFile file(m_folder.filePath("mixed.safetensors"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        const qint64 header = 8 + static_cast<qint64>(*reinterpret_cast<const quint64 *>(file.peek(8).constData()));
        QVERIFY(file.seek(header));
        file.write(QByteArray(file.size() - header, '\xff'));
        file.close();
        const std::uint64_t quantizations = cache.quantizations();
        const ExportFormat &target = *findExportFormat(format.toStdString());
        const std::string out = "out" + std::string(target.suffix);
        const auto previewed = preview(target, *model, recipe, out, {}, cache, options, {});
        QS_VERIFY(previewed);
        QCOMPARE(previewed->plan.refusals, std::vector<Text>{});
        QVERIFY(previewed->plan.quantized() > 0);
        QCOMPARE(previewed->report->total.quantized, previewed->plan.quantized());
        QCOMPARE(cache.quantizations(), quantizations);
        // The spoilt file is seen by who really reads it.
        AnalysisCache empty;
        const auto fresh = planExport(target, *model, recipe, out, {}, empty, {});
        QVERIFY(!fresh || !fresh->refusals.empty());
    }

    void keepsWhatTheFormatCannotHold()
    {
        const auto model = mixed("F32");
        AnalysisCache cache;
        const auto file =
            preview(*findExportFormat("gpt-fast"), *model, defaultRecipe(*model), "out.pth", {}, cache, {}, {});
        QS_VERIFY(file);
        QVERIFY(!file->plan.reopens);
        for (const auto &layer : file->report->layers) {
            if (layer->name != "conv.weight")
                continue;
            QVERIFY(!layer->decision.quantize);
            QCOMPARE(layer->decision.reason.str(), std::string("gpt-fast holds Linear layers of rank 2 only"));
            QCOMPARE(layer->bytesAfter, std::uint64_t(8 * 4 * 3 * 4));
        }
    }

    void refusedRecipeIsReportedAsAsked()
    {
        const auto model = mixed("F32");
        Recipe recipe = defaultRecipe(*model);
        recipe.scheme.bits = 4;
        AnalysisCache cache;
        const auto file = preview(*findExportFormat("gpt-fast"), *model, recipe, "out.pth", {}, cache, {}, {});
        QS_VERIFY(file);
        QVERIFY(!file->plan.refusals.empty());
        QCOMPARE(file->plan.bytes, std::uint64_t(0));
        const auto plain = analyze(*model, recipe, {}, cache, {});
        QS_VERIFY(plain);
        QCOMPARE(reportJson(*model, *file->report, {}), reportJson(*model, **plain, {}));
    }

    void addedFormat_data()
    {
        QTest::addColumn<QString>("packer");
        QTest::addColumn<QString>("convention");
        QTest::addColumn<int>("coding"); // −1: a bit stream
        for (const char *name : {"int8", "uint8"})
            QTest::newRow(name) << name << "gpt-fast" << -1;
        QTest::newRow("int4") << "int4"
                              << "gguf-q4_0" << -1;
        QTest::newRow("uint5") << "uint5"
                               << "gguf-q5_1" << -1;
        QTest::newRow("q8_0") << "q8_0"
                              << "gguf-q8_0" << static_cast<int>(BlockCoding::Q8_0);
        QTest::newRow("q4_0") << "q4_0"
                              << "gguf-q4_0" << static_cast<int>(BlockCoding::Q4_0);
        QTest::newRow("q4_1") << "q4_1"
                              << "gguf-q4_1" << static_cast<int>(BlockCoding::Q4_1);
        QTest::newRow("q5_0") << "q5_0"
                              << "gguf-q5_0" << static_cast<int>(BlockCoding::Q5_0);
        QTest::newRow("q5_1") << "q5_1"
                              << "gguf-q5_1" << static_cast<int>(BlockCoding::Q5_1);
    }

    /// Planned and written through the public functions; the bytes are those of the codes that our own format writes.
    void addedFormat()
    {
        QFETCH(const QString, packer);
        QFETCH(const QString, convention);
        QFETCH(const int, coding);
        packerOnTrial = findCodePacker(packer.toStdString());
        const auto model = mixed("F32");
        Recipe recipe = defaultRecipe(*model);
        recipe.scheme = findConvention(convention.toStdString())->scheme();
        const std::string path = m_folder.filePath("out.packed").toStdString();
        ExportOptions options;
        options.overwrite = true;
        options.verifyAll = true;
        AnalysisCache cache;
        const auto plan = writeExport(kPackedFormat, *model, recipe, path, options, cache, {});
        QS_VERIFY(plan);
        QVERIFY(plan->reopens);
        QCOMPARE(plan->notes, std::vector<Text>{Text::asIs("a note of the format itself")});
        QCOMPARE(plan->quantized(), std::size_t(convention.startsWith("gguf") ? 1 : 2)); // no blocks in the convolution
        const std::string ours = m_folder.filePath("ours.safetensors").toStdString();
        options.unpacked = true;
        QS_VERIFY(test::writeAs("safetensors", *model, recipe, ours, options));
        const test::SafetensorsFile packed(QString::fromStdString(path));
        const test::SafetensorsFile plain(QString::fromStdString(ours));
        const QByteArray bytes = packed.bytes("fc.weight");
        const QByteArray codes = plain.bytes("fc.weight");
        if (coding < 0)
            compareRows(bytes, codes);
        else
            compareBlocks(bytes, codes, plain, static_cast<BlockCoding>(coding));
    }

    void addedFormatRefusesOtherNames()
    {
        packerOnTrial = findCodePacker("int8");
        const auto model = mixed("F32");
        AnalysisCache cache;
        const auto plan = planExport(kPackedFormat, *model, defaultRecipe(*model), "x.pth", {}, cache, {});
        QVERIFY(!plan);
        QCOMPARE(plan.error().text(), std::string("format packed writes .packed files, format torch writes .pth "
                                                  "files ('x.pth')"));
    }

private:
    /// A convolution of 8 x 4 x 3, a Linear layer of 24 x 64 in `type`, a bias.
    std::shared_ptr<const Model> mixed(const QString &type)
    {
        std::vector<std::byte> weights;
        const std::vector<float> values = test::randomValues(24 * 64, 2);
        encodeFloats(*dtypeFromSafetensors(type.toStdString()), values, weights);
        nlohmann::ordered_json header;
        QByteArray data;
        const auto add = [&](const char *name, const char *dtype, std::vector<std::uint64_t> shape,
                             const QByteArray &bytes) {
            header[name] = {
                {"dtype", dtype}, {"shape", shape}, {"data_offsets", {data.size(), data.size() + bytes.size()}}};
            data += bytes;
        };
        add("conv.weight", "F32", {8, 4, 3}, test::floatBytes(test::randomValues(96, 1)));
        add("conv.bias", "F32", {8}, test::floatBytes(test::randomValues(8, 3)));
        add("fc.weight", type.toLatin1().constData(), {24, 64},
            QByteArray(reinterpret_cast<const char *>(weights.data()), static_cast<qsizetype>(weights.size())));
        return test::openBytes(m_folder, "mixed.safetensors", test::safetensorsBytes(header.dump(), data));
    }

    /// A Linear layer with a NaN in its last row.
    std::shared_ptr<const Model> spoilt()
    {
        std::vector<float> values = test::randomValues(24 * 64, 2);
        values.back() = std::numeric_limits<float>::quiet_NaN();
        const QByteArray data = test::floatBytes(values);
        const nlohmann::ordered_json header = {
            {"fc.weight", {{"dtype", "F32"}, {"shape", {24, 64}}, {"data_offsets", {0, data.size()}}}}};
        return test::openBytes(m_folder, "spoilt.safetensors", test::safetensorsBytes(header.dump(), data));
    }

    static QByteArray bytesOf(const std::string &path)
    {
        QFile file(QString::fromStdString(path));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    static void compareRows(const QByteArray &bytes, const QByteArray &codes)
    {
        const std::uint64_t row = packerOnTrial->bytes(64);
        QCOMPARE(static_cast<std::uint64_t>(bytes.size()), 24 * row);
        for (std::size_t channel = 0; channel < 24; ++channel) {
            std::vector<std::int8_t> back(64);
            packerOnTrial->unpack(reinterpret_cast<const std::byte *>(bytes.constData()) + channel * row, {back});
            QVERIFY(std::memcmp(back.data(), codes.constData() + channel * 64, 64) == 0);
        }
    }

    static std::vector<float> halves(const test::SafetensorsFile &file, const char *name)
    {
        const QByteArray bytes = file.bytes(name);
        std::vector<float> values(static_cast<std::size_t>(bytes.size()) / 2);
        for (std::size_t i = 0; i < values.size(); ++i) {
            std::uint16_t bits = 0;
            std::memcpy(&bits, bytes.constData() + 2 * i, 2);
            values[i] = fromF16(bits);
        }
        return values;
    }

    static void compareBlocks(const QByteArray &bytes, const QByteArray &codes, const test::SafetensorsFile &plain,
                              BlockCoding coding)
    {
        std::vector<float> values(24 * 64);
        blockDecoder(coding)(reinterpret_cast<const std::byte *>(bytes.constData()), 48, false, values.data());
        const std::vector<float> scales = halves(plain, "fc.scales");
        const std::vector<float> offsets =
            packerOnTrial->hasOffsets ? halves(plain, "fc.offsets") : std::vector<float>(48);
        const int lowest = packerOnTrial->hasOffsets ? -(1 << (packerOnTrial->bits - 1)) : 0;
        for (std::size_t i = 0; i < values.size(); ++i)
            QCOMPARE(values[i],
                     static_cast<float>(codes[static_cast<qsizetype>(i)] - lowest) * scales[i / 32] + offsets[i / 32]);
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestPreview)
#include "tst_export_preview.moc"
