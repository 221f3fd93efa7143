// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scheme: fields from text, messages, presets.
#include "core/base/fingerprint.h"
#include "core/scheme/scheme_fields.h"
#include "core/tensor/tensor.h"
#include "tests/core/scheme_patch.h"

#include <QTest>

#include <unordered_set>
#include <vector>

using namespace qs;

namespace {

std::string str(const QString &text)
{
    return text.toStdString();
}

} // namespace

class TestScheme : public QObject
{
    Q_OBJECT

private slots:
    void defaults()
    {
        const Scheme scheme;
        QVERIFY(scheme.validate());
        QCOMPARE(scheme.codeMin(), -128);
        QCOMPARE(scheme.codeMax(), 127);
        QCOMPARE(scheme.label().str(), std::string("gpt-fast"));
        QCOMPARE(scheme.summary().str(), std::string("symmetric · 8 bits · per channel"));
    }

    void setsFields_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("summary");
        QTest::newRow("mode") << "mode"
                              << "asymmetric"
                              << "asymmetric · 8 bits · per channel";
        QTest::newRow("bits") << "bits"
                              << "2"
                              << "symmetric · 2 bits · per channel";
        QTest::newRow("layer") << "granularity"
                               << "tensor"
                               << "symmetric · 8 bits · per layer";
        QTest::newRow("group") << "granularity"
                               << "group:32"
                               << "symmetric · 8 bits · groups of 32";
        QTest::newRow("percentile") << "range"
                                    << "percentile:99.90"
                                    << "symmetric · 8 bits · per channel · range percentile:99.9";
        QTest::newRow("narrow") << "code_range"
                                << "narrow"
                                << "symmetric · 8 bits · per channel · narrow code range";
        QTest::newRow("f16") << "scale_type"
                             << "f16"
                             << "symmetric · 8 bits · per channel · f16 scales";
        QTest::newRow("best") << "codes"
                              << "best"
                              << "symmetric · 8 bits · per channel · best codes";
    }

    void setsFields()
    {
        QFETCH(QString, name);
        QFETCH(QString, value);
        QFETCH(QString, summary);
        SchemePatch patch;
        QVERIFY(patch.empty());
        QVERIFY(patch.set(str(name), str(value)));
        QVERIFY(!patch.empty());
        Scheme scheme;
        patch.applyTo(scheme);
        QVERIFY(scheme.validate());
        QCOMPARE(QString::fromStdString(scheme.summary().str()), summary);
        QCOMPARE(scheme.label().str(), std::string("custom (from gpt-fast)"));
        QVERIFY(!(scheme == Scheme{}));
        // The preset brings all fields back.
        SchemePatch preset;
        QVERIFY(preset.set("convention", "gpt-fast"));
        preset.applyTo(scheme);
        QVERIFY(scheme == Scheme{});
    }

    void textsComeBack_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::newRow("symmetric") << "mode"
                                   << "symmetric";
        QTest::newRow("asymmetric") << "mode"
                                    << "asymmetric";
        QTest::newRow("tensor") << "granularity"
                                << "tensor";
        QTest::newRow("channel") << "granularity"
                                 << "channel";
        QTest::newRow("group:1") << "granularity"
                                 << "group:1";
        QTest::newRow("largest group") << "granularity"
                                       << "group:4294967295";
        for (const char *value : {"minmax", "percentile:99.9", "percentile:100", "percentile:0.000001", "percentile:50",
                                  "mse", "mse-llmcompressor", "hqq", "output"})
            QTest::newRow(value) << "range" << value;
        QTest::newRow("full") << "code_range"
                              << "full";
        QTest::newRow("narrow") << "code_range"
                                << "narrow";
        QTest::newRow("f32") << "scale_type"
                             << "f32";
        QTest::newRow("f16") << "scale_type"
                             << "f16";
        QTest::newRow("bf16") << "scale_type"
                              << "bf16";
        QTest::newRow("faithful") << "codes"
                                  << "faithful";
        QTest::newRow("best") << "codes"
                              << "best";
    }

    void textsComeBack()
    {
        QFETCH(QString, name);
        QFETCH(QString, value);
        Scheme scheme;
        SchemePatch patch;
        QVERIFY(patch.set(str(name), str(value)));
        patch.applyTo(scheme);
        QCOMPARE(QString::fromStdString(fieldText(scheme, str(name)).value_or("")), value);
        // A patch has the text, too, until the field is cleared.
        QCOMPARE(QString::fromStdString(fieldText(patch, str(name)).value_or("")), value);
        clearField(patch, str(name));
        QVERIFY(patch.empty() && !fieldText(patch, str(name)));
    }

    /// A member of Scheme or SchemePatch without a row of the table does not compile here, or has no place in the
    /// lists.
    void tableHasAllFields()
    {
        const Scheme scheme;
        const auto &[convention, mode, bits, granularity, range, codeRange, scaleType, codes] = scheme;
        const std::vector<const void *> members{&convention, &mode,      &bits,      &granularity,
                                                &range,      &codeRange, &scaleType, &codes};
        const SchemePatch patch;
        const auto &[pConvention, pMode, pBits, pGranularity, pRange, pCodeRange, pScaleType, pCodes] = patch;
        const std::vector<const void *> optionals{&pConvention, &pMode,      &pBits,      &pGranularity,
                                                  &pRange,      &pCodeRange, &pScaleType, &pCodes};
        std::vector<const void *> rows;
        forEachField(scheme, [&](const auto &, const auto &value) { rows.push_back(&value); });
        QVERIFY(rows == members);
        rows.clear();
        forEachField(patch, [&](const auto &, const auto &value) { rows.push_back(&value); });
        QVERIFY(rows == optionals);
        QCOMPARE(rows.size(), kSchemeFieldCount);
    }

    void differences()
    {
        const Scheme from;
        QVERIFY(difference(from, from).empty());
        Scheme to;
        to.bits = 4;
        to.range = RangeMethod::mse();
        const SchemePatch patch = difference(from, to);
        QVERIFY(patch == test::patchOf([](SchemePatch &p) {
                    p.bits = 4;
                    p.range = RangeMethod::mse();
                }));
        Scheme changed = from;
        patch.applyTo(changed);
        QVERIFY(changed == to);
        QVERIFY(difference(to, from) == test::patchOf([](SchemePatch &p) {
                    p.bits = 8;
                    p.range = RangeMethod::minMax();
                }));
    }

    void narrowGivesWay()
    {
        Scheme scheme;
        scheme.codeRange = CodeRange::Narrow;
        QVERIFY(!widenIfAsymmetric(scheme));
        QCOMPARE(scheme.codeRange, CodeRange::Narrow);
        scheme.mode = Mode::Asymmetric;
        QVERIFY(widenIfAsymmetric(scheme));
        QCOMPARE(scheme.codeRange, CodeRange::Full);
        QVERIFY(scheme.validate());
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("message");
        const QString bits = "bits must be a whole number from 2 to 8, not '%1'";
        for (const char *value : {"9", "1", "0", "-4", "4.0", "", "four", "08x", "99999999999999999999", " 4", "+4"})
            QTest::addRow("bits '%s'", value) << "bits" << value << bits.arg(value);
        const QString granularity = "granularity must be tensor, channel or group:N with a whole number N from 1, "
                                    "not '%1'";
        for (const char *value : {"group", "group:", "group:0", "group:-1", "group:4294967296", "row", "Channel"})
            QTest::addRow("granularity '%s'", value) << "granularity" << value << granularity.arg(value);
        QTest::newRow("mode") << "mode"
                              << "both"
                              << "mode must be symmetric or asymmetric, not 'both'";
        QTest::newRow("range")
            << "range"
            << "median"
            << "range must be minmax, percentile:P, mse, mse-llmcompressor, hqq or output, not 'median'";
        for (const char *value : {"percentile:", "percentile:0", "percentile:100.1", "percentile:-1", "percentile:1e1",
                                  "percentile:99.1234567", "percentile:99.", "percentile:.5", "percentile: 99",
                                  "percentile:99999999999999999999"})
            QTest::addRow("range '%s'", value)
                << "range" << value
                << QString("range must be percentile:P with P above 0 and up to 100, six decimal places at most, not "
                           "'%1'")
                       .arg(value);
        QTest::newRow("code range") << "code_range"
                                    << "wide"
                                    << "code_range must be full or narrow, not 'wide'";
        QTest::newRow("scale type") << "scale_type"
                                    << "f64"
                                    << "scale_type must be f32, f16 or bf16, not 'f64'";
        QTest::newRow("codes") << "codes"
                               << "exact"
                               << "codes must be faithful, best, compensated or compensated-by-activity, not 'exact'";
        QTest::newRow("convention")
            << "convention"
            << "gguf"
            << "convention must be gpt-fast, torch.ao-symmetric, torch.ao-affine, onnxruntime, tflite, "
               "compressed-tensors, torchao, gguf-q8_0, gguf-q4_0, gguf-q4_1, gguf-q5_0, "
               "gguf-q5_1, gguf-q4_k, gguf-q5_k, gguf-q6_k, lecture, not 'gguf'";
        QTest::newRow("field") << "colour"
                               << "red"
                               << "unknown scheme field 'colour'; known: convention, mode, bits, granularity, range, "
                                  "code_range, scale_type, codes";
    }

    void refuses()
    {
        QFETCH(QString, name);
        QFETCH(QString, value);
        QFETCH(QString, message);
        SchemePatch patch;
        const auto set = patch.set(str(name), str(value));
        QVERIFY(!set);
        QCOMPARE(set.error().code, ErrorCode::Usage);
        QCOMPARE(QString::fromStdString(set.error().message.str()), message);
        QVERIFY(patch.empty());
    }

    void contradictions()
    {
        Scheme scheme;
        scheme.mode = Mode::Asymmetric;
        scheme.codeRange = CodeRange::Narrow;
        const auto valid = scheme.validate();
        QVERIFY(!valid);
        QCOMPARE(valid.error().code, ErrorCode::Usage);
        Scheme other;
        other.convention = "other";
        QVERIFY(!other.validate());
        Scheme wide;
        wide.bits = 9;
        QVERIFY(!wide.validate());
        Scheme empty;
        empty.granularity = Granularity::group(0);
        QVERIFY(!empty.validate());
    }

    /// What a convention's formula or a range method cannot do is said in one sentence.
    void formulas_data()
    {
        QTest::addColumn<QString>("fields");
        QTest::addColumn<QString>("message"); // empty: valid
        const QString isSigned =
            "the convention %1 has signed scales and no zero points: it needs the symmetric mode and "
            "the full code range";
        const QString offset =
            "the convention %1 keeps the smallest weight of each group: it needs the asymmetric mode";
        const auto row = [](const char *fields, const QString &message) { QTest::newRow(fields) << fields << message; };
        row("convention=gguf-q4_0,bits=6,granularity=channel,range=mse", "");
        row("convention=gguf-q4_0,mode=asymmetric", isSigned.arg("gguf-q4_0"));
        row("convention=gguf-q5_0,code_range=narrow", isSigned.arg("gguf-q5_0"));
        row("convention=gguf-q4_1,bits=8,scale_type=f32,range=percentile:99", "");
        row("convention=gguf-q5_1,mode=symmetric", offset.arg("gguf-q5_1"));
        row("convention=tflite,mode=asymmetric,code_range=full",
            "the convention tflite has no zero points: it needs the symmetric mode");
        row("convention=tflite,bits=4,granularity=group:64,codes=best,range=mse", "");
        row("convention=gguf-q8_0,mode=asymmetric,code_range=full", "");
        row("convention=onnxruntime,bits=4,code_range=full", "");
        row("mode=asymmetric,granularity=group:64,range=hqq", "");
        row("mode=asymmetric,granularity=group:65536,range=hqq,bits=2", "");
        row("granularity=group:64,range=hqq", "the range hqq optimises an offset: it needs the asymmetric mode");
        row("mode=asymmetric,range=hqq", "the range hqq needs groups: granularity group:N with N up to 65536");
        row("mode=asymmetric,granularity=group:65537,range=hqq",
            "the range hqq needs groups: granularity group:N with N up to 65536");
        row("convention=gguf-q4_1,range=hqq",
            "the range hqq has a formula of its own, and so has the convention gguf-q4_1");
    }

    void formulas()
    {
        QFETCH(QString, fields);
        QFETCH(QString, message);
        Scheme scheme;
        SchemePatch patch;
        for (const QString &field : fields.split(','))
            QVERIFY(patch.set(str(field.section('=', 0, 0)), str(field.section('=', 1))));
        patch.applyTo(scheme);
        const auto valid = scheme.validate();
        QCOMPARE(QString::fromStdString(valid ? "" : valid.error().message.str()), message);
        QVERIFY(valid || valid.error().code == ErrorCode::Usage);
    }

    void codeLimits()
    {
        Scheme scheme;
        scheme.bits = 2;
        QCOMPARE(scheme.codeMin(), -2);
        QCOMPARE(scheme.codeMax(), 1);
        scheme.codeRange = CodeRange::Narrow;
        QCOMPARE(scheme.codeMin(), -1);
        QCOMPARE(scheme.codeMax(), 1);
    }

    void fingerprintsDiffer()
    {
        std::unordered_set<Fingerprint> seen;
        for (int bits = kMinBits; bits <= kMaxBits; ++bits)
            for (Mode mode : {Mode::Symmetric, Mode::Asymmetric})
                for (Granularity granularity :
                     {Granularity::tensor(), Granularity::channel(), Granularity::group(32)}) {
                    Fingerprint fingerprint;
                    addTo(fingerprint, Scheme{.mode = mode, .bits = bits, .granularity = granularity});
                    seen.insert(fingerprint);
                }
        QCOMPARE(seen.size(), std::size_t(7 * 2 * 3));
    }

    void elementTypes()
    {
        for (int i = 0; i < kDTypeCount; ++i) {
            const auto type = static_cast<DType>(i);
            QVERIFY(dtypeFromName(nameOf(type)) == type);
            if (type <= DType::U64)
                QVERIFY(dtypeFromSafetensors(safetensorsNameOf(type)) == type);
            else
                QVERIFY(safetensorsNameOf(type).empty());
            QVERIFY(type == DType::Encoded ? bitsOf(type) == 0 : bitsOf(type) >= 2 && bitsOf(type) <= 64);
        }
        QVERIFY(!dtypeFromName("F32"));
        QVERIFY(!dtypeFromSafetensors("f32"));
        QVERIFY(!dtypeFromSafetensors(""));
        QCOMPARE(bitsOf(DType::F6E2M3), 6U);
        QCOMPARE(bitsOf(DType::C64), 64U);
        QVERIFY(isWeightFloat(DType::BF16) && !isWeightFloat(DType::F8E4M3) && !isWeightFloat(DType::C64));
        QVERIFY(isInteger(DType::Bool) && isInteger(DType::U64) && !isInteger(DType::F4));
        QCOMPARE(shapeText({128, 64}), std::string("[128, 64]"));
        QCOMPARE(shapeText({}), std::string("[]"));
    }
};

QTEST_GUILESS_MAIN(TestScheme)
#include "tst_scheme_values.moc"
