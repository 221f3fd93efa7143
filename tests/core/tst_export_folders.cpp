// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Folders for other runtimes: what lies in the words, what is refused, and that a folder is there as a whole or not.
#include "core/analysis/compare.h"
#include "core/export/preview.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

#include <QDir>
#include <QFloat16>

using namespace qs;
using namespace qs::test;

namespace {

constexpr std::uint64_t kOutputs = 64;
constexpr std::uint64_t kInputs = 128;

std::vector<FloatTensor> attention(std::uint32_t seed)
{
    const std::vector<std::uint64_t> shape{kOutputs, kInputs};
    std::vector<FloatTensor> tensors;
    for (const char *name : {"q_proj", "k_proj", "v_proj"})
        tensors.push_back({std::string("model.layers.0.self_attn.") + name + ".weight", shape,
                           randomValues(kOutputs * kInputs, seed++)});
    tensors.push_back({"model.norm.weight", {kInputs}, randomValues(kInputs, seed++)});
    tensors.push_back({"model.embed_tokens.weight", {40, kInputs}, randomValues(40 * kInputs, seed)});
    return tensors;
}

/// Codes in words of 32 bits, low bits first.
std::uint32_t fieldAt(const QByteArray &words, std::uint64_t index, unsigned bits)
{
    std::uint32_t value = 0;
    for (unsigned i = 0; i < bits; ++i) {
        const std::uint64_t bit = index * bits + i;
        const auto byte = static_cast<unsigned char>(words[static_cast<qsizetype>(bit / 8)]);
        value |= (static_cast<unsigned>(byte) >> (bit % 8) & 1U) << i;
    }
    return value;
}

float halfAt(const QByteArray &bytes, std::uint64_t index)
{
    qfloat16 value;
    std::memcpy(&value, bytes.constData() + index * sizeof value, sizeof value);
    return value;
}

/// One weight as a layout's own definition gives it.
struct Definition {
    SafetensorsFile file;
    std::string module;
    unsigned bits = 4;
    std::uint64_t groupSize = kInputs;

    std::uint64_t groups() const { return kInputs / groupSize; }
    double compressedTensors(std::uint64_t n, std::uint64_t k, double *scale) const
    {
        const double half = 1U << (bits - 1);
        *scale = static_cast<double>(file.floats(module + ".weight_scale")[n * groups() + k / groupSize]);
        double zero = half;
        if (file.contains(module + ".weight_zero_point")) { // words run down each column
            const std::uint64_t each = 32 / bits;
            const std::uint64_t word = n / each * groups() + k / groupSize;
            zero = fieldAt(file.bytes(module + ".weight_zero_point"), word * each + n % each, bits);
        }
        return (fieldAt(file.bytes(module + ".weight_packed"), n * kInputs + k, bits) - zero) * *scale;
    }
    double mlx(std::uint64_t n, std::uint64_t k, double *scale) const
    {
        const std::uint64_t group = n * groups() + k / groupSize;
        *scale = static_cast<double>(file.floats(module + ".scales")[group]);
        return fieldAt(file.bytes(module + ".weight"), n * kInputs + k, bits) * *scale +
               static_cast<double>(file.floats(module + ".biases")[group]);
    }
    double gptq(std::uint64_t n, std::uint64_t k, double *scale, unsigned less) const
    {
        const std::uint64_t each = 32 / bits;
        const std::uint64_t group = k / groupSize;
        *scale = static_cast<double>(halfAt(file.bytes(module + ".scales"), group * kOutputs + n));
        const double zero = fieldAt(file.bytes(module + ".qzeros"), group * kOutputs + n, bits) + less;
        const std::uint64_t code = (k / each * kOutputs + n) * each + k % each;
        return (fieldAt(file.bytes(module + ".qweight"), code, bits) - zero) * *scale;
    }
    double awq(std::uint64_t n, std::uint64_t k, double *scale) const
    {
        constexpr std::uint64_t kNibble[]{0, 4, 1, 5, 2, 6, 3, 7}; // where the outputs of a word lie
        const auto place = [&](std::uint64_t row) { return row * kOutputs + n / 8 * 8 + kNibble[n % 8]; };
        const std::uint64_t group = k / groupSize;
        *scale = static_cast<double>(halfAt(file.bytes(module + ".scales"), group * kOutputs + n));
        const double zero = fieldAt(file.bytes(module + ".qzeros"), place(group), 4);
        return (fieldAt(file.bytes(module + ".qweight"), place(k), 4) - zero) * *scale;
    }
};

} // namespace

class TestExportFolders : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        writeFile(*m_folder, "config.json", R"({"model_type": "llama", "rope_parameters": {"rope_theta": 5000.0}})");
        writeFile(*m_folder, "tokenizer.json", R"({"version": "1.0"})");
        writeFile(*m_folder, "notes.bin", "weights of something else");
        m_tensors = attention(1);
        m_model = openBytes(*m_folder, "model.safetensors", safetensorsBytes(m_tensors));
    }

    void values_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<Scheme>("scheme");
        const auto add = [](const char *format, int bits, Granularity grain, Mode mode) {
            Scheme scheme;
            scheme.bits = bits;
            scheme.granularity = grain;
            scheme.mode = mode;
            QTest::addRow("%s, %d bits, %s, %s", format, bits, textOf(grain).c_str(), textOf(mode).data())
                << format << scheme;
        };
        for (const Mode mode : {Mode::Symmetric, Mode::Asymmetric}) {
            for (const int bits : {4, 8})
                for (const Granularity grain : {Granularity::channel(), Granularity::group(32), Granularity::group(128)})
                    for (const char *format : {"compressed-tensors", "gptq"})
                        add(format, bits, grain, mode);
            for (const int bits : {2, 3, 4, 5, 6, 8})
                for (const std::uint32_t group : {32U, 64U, 128U})
                    add("mlx", bits, Granularity::group(group), mode);
            for (const std::uint32_t group : {32U, 128U})
                add("awq", 4, Granularity::group(group), mode);
        }
        add("torchao", 8, Granularity::channel(), Mode::Symmetric);
    }

    /// Decoded by the definition of the layout, each weight is within half a step of what it was; what was predicted
    /// is what the written file gives.
    void values()
    {
        QFETCH(const QString, format);
        QFETCH(const Scheme, scheme);
        Recipe recipe = defaultRecipe(*m_model);
        recipe.scheme = scheme;
        const ExportFormat &target = *findExportFormat(format.toStdString());
        const std::string path = m_folder->filePath("out").toStdString() + std::string(target.suffix);
        AnalysisCache cache;
        const auto before = preview(target, *m_model, recipe, path, {}, cache, {}, {});
        QS_VERIFY(before);
        QCOMPARE(before->plan.quantized(), std::size_t(3));
        const auto written = writeAs(target.name, *m_model, recipe, path);
        QS_VERIFY(written);
        QCOMPARE(bytesOf(path), written->bytes);
        const std::string weights = target.folder ? path + "/model.safetensors" : path;
        for (std::size_t i = 0; i < 3; ++i)
            checkValues(format, scheme, weights, m_tensors[i]);

        const auto again = openModel(path, {});
        QS_VERIFY(again);
        QCOMPARE((*again)->warnings, std::vector<Text>{});
        const auto comparison = compare(*m_model, **again, {});
        QS_VERIFY(comparison);
        for (const auto &layer : before->report->layers) {
            const auto measured = std::ranges::find(comparison->tensors, layer->name, &TensorComparison::name);
            QVERIFY(measured != comparison->tensors.end());
            const double predicted = layer->metrics.mse.value_or(0);
            const double found = measured->metrics.mse.value_or(0);
            if (target.roundsParts)
                QVERIFY2(std::abs(predicted - found) <= 1e-6 * predicted, layer->name.c_str());
            else
                QCOMPARE(found, predicted);
        }
    }

    void filesBeside()
    {
        const std::string path = m_folder->filePath("out").toStdString();
        QS_VERIFY(writeAs("mlx", *m_model, grouped(), path));
        const QDir out(m_folder->filePath("out"));
        QCOMPARE(out.entryList(QDir::Files, QDir::Name),
                 (QStringList{"config.json", "model.safetensors", "tokenizer.json"}));
        const nlohmann::json config = jsonAt("out/config.json");
        QCOMPARE(config.at("model_type"), nlohmann::json("llama"));
        QCOMPARE(config.at("rope_theta"), nlohmann::json(5000.0)); // MLX looks for it there only
        QCOMPARE(config.at("quantization"), config.at("quantization_config"));
        QCOMPARE(config.at("quantization").at("group_size"), nlohmann::json(32));
        QCOMPARE(textAt("out/tokenizer.json"), textAt("tokenizer.json"));
    }

    void everyFloatModuleIsIgnored()
    {
        Recipe recipe = grouped();
        recipe.rules.push_back({"*self_attn*", Rule::Action::Exclude});
        m_tensors.push_back(
            {"model.layers.0.mlp.down_proj.weight", {kInputs, kInputs}, randomValues(kInputs * kInputs, 9)});
        m_model = openBytes(*m_folder, "model.safetensors", safetensorsBytes(m_tensors));
        QS_VERIFY(writeAs("compressed-tensors", *m_model, recipe, m_folder->filePath("out").toStdString()));
        const nlohmann::json config = jsonAt("out/config.json").at("quantization_config");
        QCOMPARE(config.at("ignore"),
                 (nlohmann::json{"lm_head", "model.layers.0.self_attn.k_proj", "model.layers.0.self_attn.q_proj",
                                 "model.layers.0.self_attn.v_proj"}));
        QCOMPARE(config.at("config_groups").size(), std::size_t(1));
    }

    /// Who does not hear of them looks for their codes.
    void floatModulesOfGptq()
    {
        Recipe recipe = grouped();
        recipe.rules.push_back({"*.down_proj", Rule::Action::Exclude});
        m_tensors.push_back(
            {"model.layers.0.mlp.down_proj.weight", {kInputs, kInputs}, randomValues(kInputs * kInputs, 9)});
        m_model = openBytes(*m_folder, "model.safetensors", safetensorsBytes(m_tensors));
        QS_VERIFY(writeAs("gptq", *m_model, recipe, m_folder->filePath("out").toStdString()));
        const nlohmann::json config = jsonAt("out/quantize_config.json");
        QVERIFY(config.at("dynamic").contains("-:^model\\.layers\\.0\\.mlp\\.down_proj$"));
        QCOMPARE(config.at("modules_in_block_to_quantize").at(0).size(), std::size_t(3));
        QS_VERIFY(writeAs("awq", *m_model, recipe, m_folder->filePath("awq").toStdString()));
        QCOMPARE(jsonAt("awq/config.json").at("quantization_config").at("modules_to_not_convert"),
                 (nlohmann::json{"lm_head", "model.layers.0.mlp.down_proj"}));
    }

    void shardsAsTheSource()
    {
        const std::vector<FloatTensor> first(m_tensors.begin(), m_tensors.begin() + 3);
        const std::vector<FloatTensor> second(m_tensors.begin() + 3, m_tensors.end());
        writeFile(*m_folder, "a-00001-of-00002.safetensors", safetensorsBytes(first));
        writeFile(*m_folder, "a-00002-of-00002.safetensors", safetensorsBytes(second));
        nlohmann::json index;
        for (const FloatTensor &tensor : m_tensors)
            index["weight_map"][tensor.name] =
                &tensor - m_tensors.data() < 3 ? "a-00001-of-00002.safetensors" : "a-00002-of-00002.safetensors";
        m_model = openBytes(*m_folder, "a.safetensors.index.json", QByteArray::fromStdString(index.dump()));
        QS_VERIFY(writeAs("gptq", *m_model, grouped(), m_folder->filePath("out").toStdString()));
        const nlohmann::json written = jsonAt("out/model.safetensors.index.json");
        for (const auto &[name, file] : written.at("weight_map").items()) {
            const bool inFirst = name.find("self_attn") != std::string::npos;
            QCOMPARE(file,
                     nlohmann::json(inFirst ? "model-00001-of-00002.safetensors" : "model-00002-of-00002.safetensors"));
            QVERIFY(SafetensorsFile(m_folder->filePath("out/" + QString::fromStdString(file))).contains(name));
        }
        QCOMPARE(jsonAt("out/quantize_config.json"), jsonAt("out/config.json").at("quantization_config"));
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<Recipe>("recipe");
        QTest::addColumn<QString>("words");
        Recipe bits = grouped();
        bits.scheme.bits = 3;
        QTest::newRow("bits") << "compressed-tensors" << bits << "use 8 bits";
        Recipe group = grouped();
        group.scheme.granularity = Granularity::group(48);
        QTest::newRow("group") << "mlx" << group << "use groups of 128";
        Recipe odd = grouped();
        odd.scheme.granularity = Granularity::group(96);
        QTest::newRow("odd group") << "awq" << odd << "groups of 96 do not divide the 128 weights";
        Recipe channel = grouped();
        channel.scheme.granularity = Granularity::channel();
        QTest::newRow("channel") << "awq" << channel << "use groups of 128";
        Recipe split = grouped();
        split.rules.push_back({"*.q_proj", Rule::Action::Exclude});
        for (const char *format : {"compressed-tensors", "gptq", "awq"})
            QTest::addRow("split, %s", format) << format << split << "keep q, k, v together";
        Recipe mixed = grouped();
        mixed.rules.push_back({"*self_attn*", Rule::Action::None, {}, {.granularity = Granularity::group(64)}});
        mixed.rules.push_back({"*.v_proj", Rule::Action::None, {}, {.granularity = Granularity::group(32)}});
        QTest::newRow("mixed") << "gptq" << mixed << "one scheme for all layers";
        Recipe zeros = grouped();
        zeros.scheme = Scheme{.mode = Mode::Asymmetric};
        QTest::newRow("zero points") << "torchao" << zeros << "use the symmetric mode";
    }

    void refusals()
    {
        QFETCH(const QString, format);
        QFETCH(const Recipe, recipe);
        QFETCH(const QString, words);
        const ExportFormat &target = *findExportFormat(format.toStdString());
        AnalysisCache cache;
        const std::string path = m_folder->filePath("out").toStdString() + std::string(target.suffix);
        ExportOptions options;
        options.allowUnmatched = true;
        const auto plan = planExport(target, *m_model, recipe, path, options, cache, {});
        QS_VERIFY(plan);
        const bool said = std::ranges::any_of(plan->refusals, [&](const Text &text) {
            return text.str().find(words.toStdString()) != std::string::npos;
        });
        QVERIFY2(said, plan->refusals.empty() ? "nothing is refused" : plan->refusals.front().str().c_str());
        QVERIFY(!writeAs(target.name, *m_model, recipe, path, options));
        QVERIFY(!QFileInfo::exists(QString::fromStdString(path)));
    }

    void needsConfig()
    {
        QVERIFY(QFile::remove(m_folder->filePath("config.json")));
        for (const char *format : {"compressed-tensors", "mlx", "gptq", "awq"}) {
            const auto written = writeAs(format, *m_model, grouped(), m_folder->filePath("out").toStdString());
            QVERIFY(!written);
            QVERIFY(written.error().text().find("config.json") != std::string::npos);
        }
    }

    /// Whatever ends the work, nothing is left, and what was there is as it was.
    void wholeOrNothing()
    {
        const std::string path = m_folder->filePath("out").toStdString();
        const QStringList before = namesIn(m_folder->path());
        std::stop_source stop;
        TaskContext context{stop.get_token(), [&stop](double fraction, const Text &) {
                                if (fraction > 0.5)
                                    stop.request_stop();
                            }};
        AnalysisCache cache;
        const auto stopped = writeExport(*findExportFormat("mlx"), *m_model, grouped(), path, {}, cache, context);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QCOMPARE(namesIn(m_folder->path()), before);

        QVERIFY(QDir().mkdir(m_folder->filePath("out"))); // an empty folder may be filled
        QS_VERIFY(writeAs("mlx", *m_model, grouped(), path));
        QVERIFY(!writeAs("mlx", *m_model, grouped(), path));
        QS_VERIFY(writeAs("compressed-tensors", *m_model, grouped(), path, m_replace));
        QCOMPARE(jsonAt("out/config.json").contains("quantization"), false);
        writeFile(*m_folder, "out/mine.txt", "mine");
        const auto foreign = writeAs("mlx", *m_model, grouped(), path, m_replace);
        QVERIFY(!foreign);
        QVERIFY(foreign.error().text().find("mine.txt") != std::string::npos);
        QCOMPARE(textAt("out/mine.txt"), QByteArray("mine"));
        QVERIFY(!writeAs("mlx", *m_model, grouped(), m_folder->path().toStdString(), m_replace));
        QVERIFY(!writeAs("mlx", *m_model, grouped(), path + ".gguf"));
    }

private:
    static Recipe grouped()
    {
        Recipe recipe;
        recipe.scheme.bits = 4;
        recipe.scheme.granularity = Granularity::group(32);
        recipe.rules = {{"*.embed_tokens", Rule::Action::Exclude, "embedding"}};
        return recipe;
    }

    static void checkValues(const QString &format, const Scheme &scheme, const std::string &path,
                            const FloatTensor &tensor)
    {
        const std::uint64_t group =
            scheme.granularity.kind == Granularity::Kind::Group ? scheme.granularity.groupSize : kInputs;
        const std::string module = tensor.name.substr(0, tensor.name.rfind('.'));
        const Definition stored{SafetensorsFile(QString::fromStdString(path)), module,
                                static_cast<unsigned>(scheme.bits), group};
        const unsigned less = scheme.mode == Mode::Symmetric ? 1 : 0; // GPTQ's first version stores one less
        for (std::uint64_t i = 0; i < kOutputs * kInputs; i += 37) {
            double scale = 0;
            const std::uint64_t n = i / kInputs;
            const std::uint64_t k = i % kInputs;
            double value = 0;
            if (format == "compressed-tensors")
                value = stored.compressedTensors(n, k, &scale);
            else if (format == "mlx")
                value = stored.mlx(n, k, &scale);
            else if (format == "gptq")
                value = stored.gptq(n, k, &scale, less);
            else if (format == "awq")
                value = stored.awq(n, k, &scale);
            else {
                scale = static_cast<double>(stored.file.floats(module + "._weight_scale")[n]);
                value =
                    static_cast<signed char>(stored.file.bytes(module + "._weight_qdata")[static_cast<qsizetype>(i)]) *
                    scale;
            }
            const double off = std::abs(value - static_cast<double>(tensor.values[i]));
            // Scales in half precision may leave the largest weights a little outside of the codes.
            QVERIFY2(scale > 0 && off <= 0.57 * scale,
                     qPrintable(QString("weight %1 is %2 steps off").arg(i).arg(off / scale)));
        }
    }

    static std::uint64_t bytesOf(const std::string &path)
    {
        const QFileInfo info(QString::fromStdString(path));
        if (!info.isDir())
            return static_cast<std::uint64_t>(info.size());
        std::uint64_t bytes = 0;
        for (const QFileInfo &file : QDir(info.filePath()).entryInfoList(QDir::Files))
            bytes += static_cast<std::uint64_t>(file.size());
        return bytes;
    }

    static QStringList namesIn(const QString &folder)
    {
        return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }

    QByteArray textAt(const QString &name) const
    {
        QFile file(m_folder->filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    nlohmann::json jsonAt(const QString &name) const { return nlohmann::json::parse(textAt(name).toStdString()); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::vector<FloatTensor> m_tensors;
    std::shared_ptr<const Model> m_model;
    const ExportOptions m_replace{.overwrite = true};
};

QTEST_GUILESS_MAIN(TestExportFolders)
#include "tst_export_folders.moc"
