// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Conventions against what the tools that they are named after make of the same weights (tests/interop).
#include "core/formats/open_model.h"
#include "core/kernels/kernels.h"
#include "core/quant/code_packer.h"
#include "core/quant/quantize.h"
#include "core/scheme/convention.h"
#include "core/tensor/small_floats.h"
#include "tests/core/quantized_tensor.h"

#include <cmath>

using namespace qs;
using qs::test::elementsOf;
using qs::test::quantizeTensor;

namespace {

constexpr std::uint64_t kBlock = 32; // of ggml

/// Place of the first element in which two vectors differ by their bits, for messages; empty when they are the same.
template <class T> QString difference(const std::vector<T> &got, const std::vector<T> &wanted, std::size_t perRow)
{
    if (got.size() != wanted.size())
        return QString("%1 elements, not %2").arg(got.size()).arg(wanted.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        if (std::memcmp(&got[i], &wanted[i], sizeof(T)) != 0)
            return QString("row %1, element %2: %3, not %4")
                .arg(i / perRow)
                .arg(i % perRow)
                .arg(double(got[i]), 0, 'g', 9)
                .arg(double(wanted[i]), 0, 'g', 9);
    }
    return {};
}

/// The bytes of ggml's blocks from our codes, scales and offsets: d, m, fifth bits, nibbles.
std::vector<std::uint8_t> ggmlBlocks(const test::QuantizedTensor &quantized, const Scheme &scheme)
{
    std::vector<std::uint8_t> bytes;
    const auto putHalf = [&](float value) {
        const std::uint16_t half = toF16(value);
        bytes.push_back(static_cast<std::uint8_t>(half & 255U));
        bytes.push_back(static_cast<std::uint8_t>(half >> 8U));
    };
    for (std::size_t block = 0; block < quantized.layer.scales.size(); ++block) {
        const std::int8_t *codes = quantized.codes.data() + block * kBlock;
        putHalf(quantized.layer.scales[block]);
        if (scheme.hasOffsets())
            putHalf(quantized.layer.offsets[block]);
        if (scheme.bits == 8) {
            for (std::size_t i = 0; i < kBlock; ++i)
                bytes.push_back(static_cast<std::uint8_t>(codes[i]));
            continue;
        }
        const auto unsignedCode = [&](std::size_t i) { return static_cast<unsigned>(codes[i] - scheme.codeMin()); };
        for (std::size_t byte = 0; scheme.bits == 5 && byte < 4; ++byte) {
            unsigned bits = 0;
            for (std::size_t i = 0; i < 8; ++i)
                bits |= (unsignedCode(byte * 8 + i) >> 4U) << i;
            bytes.push_back(static_cast<std::uint8_t>(bits));
        }
        for (std::size_t i = 0; i < kBlock / 2; ++i)
            bytes.push_back(
                static_cast<std::uint8_t>((unsignedCode(i) & 15U) | ((unsignedCode(i + kBlock / 2) & 15U) << 4U)));
    }
    return bytes;
}

Scheme presetOf(const std::string &convention, int bits, bool symmetric, std::uint32_t group = 0)
{
    Scheme scheme = findConvention(convention)->scheme();
    scheme.bits = bits;
    scheme.mode = symmetric ? Mode::Symmetric : Mode::Asymmetric;
    if (!symmetric)
        scheme.codeRange = CodeRange::Full;
    if (group > 0)
        scheme.granularity = Granularity::group(group);
    return scheme;
}

} // namespace

Q_DECLARE_METATYPE(qs::Scheme)

class TestConvention : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        auto model = openModel(QUANTOSCOPE_SOURCE_DIR "/tests/data/golden/conventions.safetensors", {});
        QS_VERIFY(model);
        m_model = *model;
        auto torch = openModel(QUANTOSCOPE_SOURCE_DIR "/tests/data/golden/golden.safetensors", {});
        QS_VERIFY(torch);
        m_torch = *torch;
    }
    void cleanup() { useKernels(nullptr); }

    void table()
    {
        QCOMPARE(conventions().front().name, kDefaultConvention);
        QVERIFY(conventions().front().scheme() == Scheme{});
        for (const Convention &convention : conventions()) {
            const Scheme scheme = convention.scheme();
            QS_VERIFY(scheme.validate());
            QCOMPARE(scheme.label().str(), std::string(convention.name));
            const std::string_view description = convention.description.text;
            QVERIFY(!description.empty() && description.size() <= 90);
            QVERIFY(findConvention(convention.name) == &convention);
            Scheme changed = scheme;
            changed.bits = 3;
            QCOMPARE(changed.label().str(), "custom (from " + std::string(convention.name) + ")");
        }
        QVERIFY(!findConvention("gpt-fas") && !findConvention(""));
    }

    void tools_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("golden");
        QTest::addColumn<Scheme>("scheme");
        for (const char *type : {"f32", "f16", "bf16"}) {
            for (const char *mode : {"sym", "asym"}) {
                for (int bits = 2; bits <= 8; ++bits)
                    for (const char *tool : {"torchao", "compressed-tensors", "onnxruntime", "tflite", "tflite-close"})
                        for (int group : {0, 32})
                            add(tool, type, bits, mode, group);
            }
        }
    }

    void tools()
    {
        QFETCH(QString, source);
        QFETCH(QString, golden);
        QFETCH(Scheme, scheme);
        QS_VERIFY(scheme.validate());
        const std::string prefix = golden.toStdString();
        for (const char *level : {"v2", "v3", "v4", "generic"}) {
            if (!kernelsForLevel(level))
                continue;
            useKernels(kernelsForLevel(level));
            const auto result = quantizeTensor(*m_model, source.toStdString(), scheme);
            QS_VERIFY(result);
            const LayerQuantization &layer = result->layer;
            const std::size_t columns = layer.shape.weights;
            QCOMPARE(difference(layer.scales, elementsOf<float>(*m_model, prefix + ".scales"), layer.groupsPerChannel),
                     QString());
            auto zeroPoints = elementsOf<std::int8_t>(*m_model, prefix + ".zero_points");
            if (scheme.mode == Mode::Symmetric) {
                QVERIFY(layer.zeroPoints.empty());
                QCOMPARE(std::ranges::count(zeroPoints, 0), std::ptrdiff_t(zeroPoints.size()));
            } else {
                QCOMPARE(difference(layer.zeroPoints, zeroPoints, layer.groupsPerChannel), QString());
            }
            // ONNX Runtime makes scales for codes of ±127 and clamps at -128: that shows only where a subnormal f16
            // scale was rounded down.
            auto codes = elementsOf<std::int8_t>(*m_model, prefix + ".codes");
            for (std::int8_t &code : codes)
                code = std::max(code, static_cast<std::int8_t>(scheme.codeMin()));
            QCOMPARE(difference(result->codes, codes, columns), QString());
        }
    }

    /// Debian's PyTorch: observers and quantize kernels.
    void torchAo_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("golden");
        QTest::addColumn<Scheme>("scheme");
        for (int bits = 2; bits <= 8; ++bits) {
            Scheme scheme = presetOf("torch.ao-symmetric", bits, true);
            addTorch("x.f32", QString("torch_ao_symmetric.f32.b%1").arg(bits), scheme);
            scheme = presetOf("torch.ao-affine", bits, false);
            addTorch("x.f32", QString("torch_ao_affine.f32.b%1").arg(bits), scheme);
            scheme.granularity = Granularity::tensor();
            addTorch("x_tensor.f32", QString("torch_ao_affine_tensor.f32.b%1").arg(bits), scheme);
        }
    }

    void torchAo()
    {
        QFETCH(QString, source);
        QFETCH(QString, golden);
        QFETCH(Scheme, scheme);
        const std::string prefix = golden.toStdString();
        for (const char *level : {"v2", "v3", "v4", "generic"}) {
            if (!kernelsForLevel(level))
                continue;
            useKernels(kernelsForLevel(level));
            const auto result = quantizeTensor(*m_torch, source.toStdString(), scheme);
            QS_VERIFY(result);
            QCOMPARE(difference(result->layer.scales, elementsOf<float>(*m_torch, prefix + ".scales"), 1), QString());
            const auto zeroPoints = elementsOf<std::int32_t>(*m_torch, prefix + ".zero_points");
            QVERIFY(std::ranges::equal(zeroPoints, result->layer.zeroPoints));
            QCOMPARE(difference(result->codes, elementsOf<std::int8_t>(*m_torch, prefix + ".kernel_codes"),
                                result->layer.shape.weights),
                     QString());
        }
    }

    void ggml_data()
    {
        QTest::addColumn<QString>("convention");
        QTest::addColumn<QString>("type");
        for (const char *convention : {"gguf-q8_0", "gguf-q4_0", "gguf-q4_1", "gguf-q5_0", "gguf-q5_1"})
            for (const char *type : {"f32", "f16", "bf16"})
                QTest::newRow(qPrintable(QString("%1, %2").arg(convention, type))) << convention << type;
    }

    void ggml()
    {
        QFETCH(QString, convention);
        QFETCH(QString, type);
        const Scheme scheme = findConvention(convention.toStdString())->scheme();
        const auto wanted =
            elementsOf<std::uint8_t>(*m_model, QString("%1.%2.blocks").arg(convention, type).toStdString());
        QVERIFY(wanted.size() > 1000);
        for (const char *level : {"v2", "v3", "v4", "generic"}) {
            if (!kernelsForLevel(level))
                continue;
            useKernels(kernelsForLevel(level));
            const auto result = quantizeTensor(*m_model, "x_groups." + type.toStdString(), scheme);
            QS_VERIFY(result);
            const auto got = ggmlBlocks(*result, scheme);
            QCOMPARE(difference(got, wanted, got.size() / result->layer.scales.size()), QString());
        }
    }

    /// Searched scales: the bytes of llama.cpp's encoder (make_k_quants.py), and the way back.
    void superBlocks_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<double>("bitsPerWeight");
        QTest::newRow("q4_k") << "q4_k" << 4.5;
        QTest::newRow("q5_k") << "q5_k" << 5.5;
        QTest::newRow("q6_k") << "q6_k" << 6.5625;
    }

    void superBlocks()
    {
        QFETCH(const QString, type);
        QFETCH(const double, bitsPerWeight);
        const auto model = openModel(QUANTOSCOPE_SOURCE_DIR "/tests/data/golden/k_quants.safetensors", {});
        QS_VERIFY(model);
        const auto wanted = elementsOf<std::uint8_t>(**model, (type + ".blocks").toStdString());
        const Scheme scheme = findConvention(("gguf-" + type).toStdString())->scheme();
        const CodePacker &packer = *findCodePacker(type.toStdString());
        for (const char *level : {"v2", "v3", "v4", "generic"}) {
            if (!kernelsForLevel(level))
                continue;
            useKernels(kernelsForLevel(level));
            const auto found = quantizeTensor(**model, "x", scheme);
            QS_VERIFY(found);
            const LayerQuantization &layer = found->layer;
            QCOMPARE(double(quantizedBytes(layer.shape, scheme)), double(found->codes.size()) * bitsPerWeight / 8);
            std::vector<std::uint8_t> bytes(packer.bytes(found->codes.size()));
            packer.pack({found->codes, layer.scales, layer.offsets}, reinterpret_cast<std::byte *>(bytes.data()));
            QCOMPARE(difference(bytes, wanted, packer.bytes(packer.unit())), QString());
            std::vector<std::int8_t> codes(found->codes.size());
            std::vector<float> scales(layer.scales.size());
            std::vector<float> offsets(layer.offsets.size());
            packer.unpack(reinterpret_cast<const std::byte *>(bytes.data()), {codes, scales, offsets});
            QCOMPARE(difference(codes, found->codes, 256), QString());
            QVERIFY(std::ranges::equal(scales, layer.scales) && std::ranges::equal(offsets, layer.offsets)); // 0 is −0
        }
    }

    /// Rows longer than what is held in memory at a time give the same blocks.
    void superBlocksOfLongRows()
    {
        const QTemporaryDir folder;
        const std::size_t columns = 300 * 1024;
        const auto x = test::randomValues(2 * columns, 3);
        const auto model = test::openBytes(folder, "x.safetensors",
                                           test::safetensorsBytes(std::vector<test::FloatTensor>{
                                               {"long", {2, columns}, x}, {"short", {2400, 256}, x}}));
        for (const char *name : {"gguf-q4_k", "gguf-q6_k"}) {
            const Scheme scheme = findConvention(name)->scheme();
            const auto one = quantizeTensor(*model, "long", scheme);
            const auto many = quantizeTensor(*model, "short", scheme);
            QS_VERIFY(one);
            QS_VERIFY(many);
            QCOMPARE(one->codes, many->codes);
            QCOMPARE(one->layer.scales, many->layer.scales);
            QCOMPARE(one->layer.offsets, many->layer.offsets);
        }
    }

    /// The search is one: other fields are refused, and so are rows of no whole blocks.
    void superBlocksAlone()
    {
        for (const char *change :
             {"bits=5", "mode=symmetric", "granularity=group:64", "range=mse", "codes=best", "scale_type=f16"}) {
            Scheme scheme = findConvention("gguf-q4_k")->scheme();
            SchemePatch patch;
            const std::string text = change;
            QS_VERIFY(patch.set(text.substr(0, text.find('=')), text.substr(text.find('=') + 1)));
            patch.applyTo(scheme);
            QVERIFY2(!scheme.validate(), change);
        }
        const TensorInfo tensor{.name = "x", .dtype = DType::F32, .shape = {4, 288}, .strides = {}};
        QVERIFY(!schemeProblem(tensor, 0, findConvention("gguf-q4_k")->scheme()).empty());
        QVERIFY(schemeProblem(tensor, 0, findConvention("gguf-q4_1")->scheme()).empty());
    }

    /// The same blocks as ggml's C reference.
    void ggmlReference_data()
    {
        QTest::addColumn<QString>("convention");
        QTest::addColumn<QByteArray>("block");
        const auto row = [](const char *convention, const char *block) {
            QTest::newRow(convention) << convention << QByteArray::fromHex(block);
        };
        row("gguf-q8_0", "8928a8abb2bdc0c8d2d6dde7ebf2fc000712151c272a313c404751555c666a717b7f");
        row("gguf-q4_0", "80b87e6d6d5c5c4c4b4b3a3a292918180807");
        row("gguf-q4_1", "113840c280809191a2a2b3b3c4c4d5d5e6e6f7f7");
        row("gguf-q5_0", "80b4ff3f0000dbcbbab8a88786756453433230200f0e");
        row("gguf-q5_1", "df3340c20000ffff00112233445566778899aabbccddeeff");
    }

    void ggmlReference()
    {
        QFETCH(QString, convention);
        QFETCH(QByteArray, block);
        const std::vector<float> x{-3.125F, -3,     -2.75F, -2.375F, -2.25F, -2,     -1.625F, -1.5F,
                                   -1.25F,  -.875F, -.75F,  -.5F,    -.125F, 0,      .25F,    .625F,
                                   .75F,    1,      1.375F, 1.5F,    1.75F,  2.125F, 2.25F,   2.5F,
                                   2.875F,  3,      3.25F,  3.625F,  3.75F,  4,      4.375F,  4.5F};
        const QTemporaryDir folder;
        const auto model = test::openBytes(folder, "x.safetensors",
                                           test::safetensorsBytes(std::vector<test::FloatTensor>{{"x", {1, 32}, x}}));
        const Scheme scheme = findConvention(convention.toStdString())->scheme();
        const auto result = quantizeTensor(*model, "x", scheme);
        QS_VERIFY(result);
        const auto got = ggmlBlocks(*result, scheme);
        QCOMPARE(QByteArray(reinterpret_cast<const char *>(got.data()), qsizetype(got.size())).toHex(), block.toHex());
    }

private:
    void add(const char *tool, const char *type, int bits, const char *mode, int group)
    {
        QString name = QString("%1.%2.b%3.%4").arg(tool, type).arg(bits).arg(mode);
        if (group > 0)
            name += QString(".g%1").arg(group);
        if (!m_model->findTensor((name + ".codes").toStdString()))
            return; // the tool cannot, or it is left out to keep the file small
        const QString convention = QString(tool).section("-close", 0, 0);
        Scheme scheme =
            presetOf(convention.toStdString(), bits, QString(mode) == "sym", static_cast<std::uint32_t>(group));
        if (QString(tool) == "onnxruntime" && bits == 4)
            scheme.codeRange = CodeRange::Full; // its int4 is −8…7
        QTest::newRow(qPrintable(name)) << QString(group > 0            ? "x_groups.%1"
                                                   : convention != tool ? "x_close.%1"
                                                                        : "x.%1")
                                               .arg(type)
                                        << name << scheme;
    }

    static void addTorch(const char *source, const QString &golden, const Scheme &scheme)
    {
        QTest::newRow(qPrintable(golden)) << QString(source) << golden << scheme;
    }

    std::shared_ptr<const Model> m_model;
    std::shared_ptr<const Model> m_torch;
};

QTEST_GUILESS_MAIN(TestConvention)
#include "tst_scheme_conventions.moc"
