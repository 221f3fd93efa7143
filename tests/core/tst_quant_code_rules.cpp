// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes and errors of every kernel level, for every rule, source type, layout and length, against plain loops.
#include "core/tensor/small_floats.h"
#include "tests/support/kernel_levels.h"
#include "tests/support/test_model.h"

#include <array>
#include <cfloat>
#include <cmath>

using namespace qs;
using qs::test::levels;

namespace {

float rounded(Arithmetic arithmetic, float value)
{
    return arithmetic == Arithmetic::F32 ? value
                                         : roundTo(arithmetic == Arithmetic::F16 ? DType::F16 : DType::BF16, value);
}

/// Scales and what belongs to them, one per group.
struct Scales {
    std::vector<float> scales;
    std::vector<float> stored;
    std::vector<std::int8_t> zeroPoints;
    std::vector<float> offsets;
    std::size_t group = 1;

    ScaleRun run() const
    {
        return {scales.data(),
                stored.data(),
                zeroPoints.empty() ? nullptr : zeroPoints.data(),
                offsets.empty() ? nullptr : offsets.data(),
                group,
                0};
    }
};

/// The code before the clamp, straight from kernels.h.
float plainCode(float w, float s, int z, float offset, const Coding &coding)
{
    const float inverse = s == 0 ? 0 : 1.0F / s;
    const float quotient = s == 0 ? 0 : w / s;
    const auto zero = static_cast<float>(z);
    const auto low = static_cast<float>(coding.codeMin);
    const auto number = [](float x) { return std::isnan(x) ? 0.0F : x; };
    switch (coding.rule) {
    case CodeRule::Divide:
        return std::nearbyint(quotient) + zero;
    case CodeRule::Reciprocal:
        return std::nearbyint(number(w * inverse)) + zero;
    case CodeRule::DivideClampRound:
        return std::nearbyint(rounded(coding.arithmetic, rounded(coding.arithmetic, quotient) + zero));
    case CodeRule::ReciprocalAway:
        return std::round(number(w * inverse)) + zero;
    case CodeRule::ExtentAway: {
        const double step = std::max(static_cast<double>(s), 5e-7) / ((coding.codeMax - coding.codeMin) / 2.0);
        return static_cast<float>(std::round(static_cast<double>(w) / step));
    }
    case CodeRule::Truncate:
        return std::trunc(number(w * inverse) + (0.5F - low)) + low;
    case CodeRule::OffsetTruncate:
        return std::trunc(number((w - offset) * inverse) + 0.5F) + low;
    case CodeRule::OffsetDivide:
        return std::nearbyint(s == 0 ? 0 : (w - offset) / s) + low;
    case CodeRule::OffsetRint:
        return std::nearbyint(number(w * inverse + -offset * inverse)) + low;
    }
    return 0;
}

struct Plain {
    std::vector<int> codes;
    std::vector<float> values;
    std::uint64_t clipped = 0;
    std::uint64_t zeroCodes = 0;
};

Plain plainly(const std::vector<float> &x, const Scales &scales, const Coding &coding)
{
    Plain result;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::size_t g = i / scales.group;
        const int z = scales.zeroPoints.empty() ? 0 : scales.zeroPoints[g];
        const float offset = scales.offsets.empty() ? 0 : scales.offsets[g];
        const float code = plainCode(x[i], scales.scales[g], z, offset, coding);
        const float clamped =
            std::fmin(std::fmax(code, static_cast<float>(coding.codeMin)), static_cast<float>(coding.codeMax));
        const float value = coding.hasOffsets()
                                ? (clamped - static_cast<float>(coding.codeMin)) * scales.stored[g] + offset
                                : (clamped - static_cast<float>(z)) * scales.stored[g];
        result.codes.push_back(static_cast<int>(clamped));
        result.values.push_back(value);
        result.clipped += code != clamped;
        result.zeroCodes += x[i] != 0 && (coding.hasOffsets() ? value == 0 : clamped == static_cast<float>(z));
    }
    return result;
}

int unpacked(std::int8_t byte, bool high)
{
    const int nibble = (high ? byte >> 4 : byte) & 15;
    return nibble < 8 ? nibble : nibble - 16;
}

/// Weights as bytes of a type, at an odd address.
struct Source {
    FloatType type;
    std::vector<std::byte> bytes; ///< one byte before the first weight
    std::vector<float> values;    ///< what they stand for

    Source(FloatType t, const std::vector<float> &x)
        : type(t)
    {
        const DType dtype = t == FloatType::F32 ? DType::F32 : t == FloatType::F16 ? DType::F16 : DType::BF16;
        std::vector<std::byte> plain;
        encodeFloats(dtype, x, plain);
        bytes.resize(1);
        bytes.insert(bytes.end(), plain.begin(), plain.end());
        for (float value : x)
            values.push_back(roundTo(dtype, value));
    }
    const void *data() const { return bytes.data() + 1; }
};

std::vector<float> weights(std::size_t count, float size)
{
    std::vector<float> x = test::randomValues(count, 17, size);
    const std::array special = {0.0F,        -0.0F,        1e-40F,        -1e-45F,      FLT_MIN,      0.5F * size,
                                2.5F * size, -1.5F * size, 300.0F * size, 1e30F * size, -1e30F * size};
    for (std::size_t i = 0; i < special.size() && i * 7 < count; ++i)
        x[i * 7] = special[i];
    return x;
}

Scales scalesFor(std::size_t count, std::size_t group, float size, bool zeroPoints, bool offsets, bool roundedScales)
{
    Scales result;
    result.group = group;
    for (std::size_t g = 0; g < count / group + 1; ++g) {
        const float scale = size / 64 * static_cast<float>(1 + g % 5);
        result.scales.push_back(scale);
        result.stored.push_back(roundedScales ? roundTo(DType::BF16, scale) : scale);
        if (zeroPoints)
            result.zeroPoints.push_back(static_cast<std::int8_t>(static_cast<int>(g % 7) - 3));
        if (offsets)
            result.offsets.push_back(-static_cast<float>(g % 3) * size / 3);
    }
    return result;
}

constexpr std::array kRules = {CodeRule::Divide,         CodeRule::Reciprocal, CodeRule::DivideClampRound,
                               CodeRule::ReciprocalAway, CodeRule::ExtentAway, CodeRule::Truncate,
                               CodeRule::OffsetTruncate, CodeRule::OffsetRint, CodeRule::OffsetDivide};

} // namespace

class TestCodeRules : public QObject
{
    Q_OBJECT

private slots:
    void lengths_data()
    {
        QTest::addColumn<int>("length");
        for (int length : {0, 1, 2, 15, 16, 17, 31, 33, 63, 64, 65, 100, 1023, 1024, 1025, 2100, 5000})
            QTest::addRow("%d weights", length) << length;
    }

    /// Every rule × source type × grouping × zero points × stored type, at every level.
    void lengths()
    {
        QFETCH(int, length);
        const auto n = static_cast<std::size_t>(length);
        for (const FloatType type : {FloatType::F32, FloatType::F16, FloatType::BF16}) {
            const Source source(type, weights(n, type == FloatType::F16 ? 1e-2F : 3e-3F));
            for (const std::size_t group :
                 {std::max<std::size_t>(n, 1), std::size_t{16}, std::size_t{32}, std::size_t{96}, std::size_t{5}})
                for (const CodeRule rule : kRules)
                    checkRule(source, rule, group);
        }
    }

    void scales_data()
    {
        QTest::addColumn<float>("scale");
        QTest::newRow("zero") << 0.0F;
        QTest::newRow("smallest subnormal") << 1e-45F;
        QTest::newRow("subnormal") << 1e-39F;
        QTest::newRow("just slow") << 0x1.fffffep-101F;
        QTest::newRow("just fast") << 0x1p-100F;
        QTest::newRow("epsilon") << FLT_EPSILON;
        QTest::newRow("largest fast") << 0x1p100F;
        QTest::newRow("too large") << 0x1.000002p100F;
        QTest::newRow("huge") << 3e38F;
        QTest::newRow("negative") << -0.01F;
    }

    /// Scales outside the range that the division-free way is proven for.
    void scales()
    {
        QFETCH(float, scale);
        std::vector<float> x;
        for (int k = -600; k <= 600; ++k) {
            x.push_back(static_cast<float>(k) * 0.25F * scale);
            x.push_back(std::nextafter(x.back(), 0.0F));
        }
        for (float huge : {FLT_MAX, -FLT_MAX, 1.0F, -1.0F, FLT_MIN})
            x.push_back(huge);
        std::erase_if(x, [](float value) { return !std::isfinite(value); });
        const Source source(FloatType::F32, x);
        for (const CodeRule rule : kRules) {
            Scales with;
            with.scales = with.stored = {scale};
            with.group = x.size();
            const Coding coding{rule, Arithmetic::F32, -128, 127};
            if (coding.hasOffsets())
                with.offsets = {scale};
            check(source, with, coding);
        }
    }

    /// Codes and errors with what the pipeline knows beforehand are those without.
    void knownRanges()
    {
        for (const float size : {1.0F, 1000.0F}) { // ever larger, so that bounds left behind would clip
            std::vector<float> x = test::randomValues(5000, 23);
            for (float &weight : x)
                weight *= size;
            for (const Kernels *table : levels()) {
                for (const std::size_t group : {x.size(), std::size_t{32}, std::size_t{128}, std::size_t{7}}) {
                    for (const int low : {-128, -127, -8})
                        compareKnown(*table, x, group, {CodeRule::Divide, Arithmetic::F32, low, -1 - low});
                }
            }
        }
    }

    void roundsToType_data()
    {
        QTest::addColumn<bool>("half");
        QTest::newRow("f16") << true;
        QTest::newRow("bf16") << false;
    }

    /// DivideClampRound in f16 and bf16: quotients and sums near ties of the type.
    void roundsToType()
    {
        QFETCH(bool, half);
        const FloatType type = half ? FloatType::F16 : FloatType::BF16;
        std::vector<float> x;
        for (int k = -3000; k < 3000; ++k)
            x.push_back(static_cast<float>(k) * 0.0173F);
        const Source source(type, x);
        Scales with;
        with.group = 50;
        for (std::size_t g = 0; g <= x.size() / with.group; ++g) {
            with.scales.push_back(roundTo(half ? DType::F16 : DType::BF16, 0.11F + 0.003F * static_cast<float>(g)));
            with.zeroPoints.push_back(static_cast<std::int8_t>(static_cast<int>(g) - 60));
        }
        with.stored = with.scales;
        check(source, with, {CodeRule::DivideClampRound, half ? Arithmetic::F16 : Arithmetic::BF16, -128, 127});
    }

private:
    static void checkRule(const Source &source, CodeRule rule, std::size_t group)
    {
        const float size = source.type == FloatType::F16 ? 1e-2F : 3e-3F;
        for (const bool four : {false, true}) {
            Coding coding{rule, Arithmetic::F32, four ? -8 : -127, four ? 7 : 127};
            const bool zeroPoints = !coding.hasOffsets() && rule != CodeRule::Truncate && !four;
            for (const bool roundedScales : {false, true})
                check(source,
                      scalesFor(source.values.size(), group, size, zeroPoints, coding.hasOffsets(), roundedScales),
                      coding);
        }
    }

    static void check(const Source &source, const Scales &with, const Coding &coding)
    {
        const Plain plain = plainly(source.values, with, coding);
        const std::size_t n = source.values.size();
        std::optional<RowSums> first;
        for (const Kernels *table : levels()) {
            QuantizePiece piece;
            piece.x = source.data();
            piece.type = source.type;
            piece.count = n;
            piece.scale = with.run();
            piece.coding = coding;
            std::vector<std::int8_t> codes(n + 64, 77);
            piece.codes = codes.data();
            table->quantize(&piece); // codes alone
            compareCodes(codes, plain, *table);

            codes.assign(n + 64, 77);
            RowSums sums;
            piece.sums = &sums;
            table->quantize(&piece); // codes and errors
            compareCodes(codes, plain, *table);
            QCOMPARE(piece.clipped, plain.clipped);
            QCOMPARE(piece.zeroCodes, plain.zeroCodes);

            RowSums measured;
            const ScaleRun run = with.run();
            const MeasurePiece measure{source.values.data(), plain.values.data(), n, &run, false};
            table->measure(&measure, &measured);
            QVERIFY(std::memcmp(&sums, &measured, sizeof sums) == 0);
            if (!first)
                first = sums;
            QVERIFY(std::memcmp(&sums, &*first, sizeof sums) == 0); // all levels alike

            RowSums alone;
            piece.sums = &alone;
            piece.codes = nullptr;
            piece.clipped = piece.zeroCodes = 0;
            table->quantize(&piece); // errors alone
            QCOMPARE(piece.clipped, plain.clipped);
            QCOMPARE(piece.zeroCodes, plain.zeroCodes);
            QVERIFY(std::memcmp(&sums, &alone, sizeof sums) == 0);

            std::vector<float> values(n);
            piece.sums = nullptr;
            piece.codes = nullptr;
            piece.values = values.data();
            table->quantize(&piece);
            QVERIFY(values == plain.values);
            if (coding.codeMin == -8)
                checkPacked(piece, plain, *table);
        }
    }

    static void compareCodes(const std::vector<std::int8_t> &codes, const Plain &plain, const Kernels &table)
    {
        for (std::size_t i = 0; i < plain.codes.size(); ++i) {
            if (codes[i] != plain.codes[i])
                QFAIL(qPrintable(
                    QString("%1: code %2 is %3, not %4").arg(table.level).arg(i).arg(codes[i]).arg(plain.codes[i])));
        }
        for (std::size_t i = plain.codes.size(); i < codes.size(); ++i)
            QCOMPARE(codes[i], std::int8_t(77)); // nothing beyond the end is touched
    }

    static void checkPacked(QuantizePiece piece, const Plain &plain, const Kernels &table)
    {
        RowSums sums;
        for (const bool measured : {false, true}) {
            std::vector<std::int8_t> bytes(piece.count / 2 + 64, 77);
            piece.values = nullptr;
            piece.codes = bytes.data();
            piece.layout = CodeLayout::Packed4;
            piece.sums = measured ? &sums : nullptr;
            table.quantize(&piece);
            for (std::size_t i = 0; i < piece.count; ++i)
                QCOMPARE(unpacked(bytes[i / 2], i % 2 == 1), plain.codes[i]);
            if (piece.count % 2 == 1)
                QCOMPARE(unpacked(bytes[piece.count / 2], true), 0);
            QCOMPARE(bytes[(piece.count + 1) / 2], std::int8_t(77));
        }
    }

    static void compareKnown(const Kernels &table, const std::vector<float> &x, std::size_t group, const Coding &coding)
    {
        std::vector<RangeSums> ranges((x.size() - 1) / group + 1);
        RowSums known;
        const RangePiece look{x.data(), FloatType::F32, x.size(), group, 0, ranges.data(), &known};
        table.ranges(&look);
        Scales with;
        with.group = group;
        for (const RangeSums &range : ranges)
            with.scales.push_back(std::max(-range.min, range.max) / (coding.codeMin == -8 ? 7.5F : 127.5F));
        with.stored = with.scales;
        for (float &scale : with.stored)
            scale *= 1.002F; // as when it is rounded to the type that it is stored in
        compareKnown(table, x, with, ranges, known, coding);
        with.stored = with.scales;
        compareKnown(table, x, with, ranges, known, coding);
    }

    static void compareKnown(const Kernels &table, const std::vector<float> &x, const Scales &with,
                             const std::vector<RangeSums> &ranges, const RowSums &known, const Coding &coding)
    {
        std::vector<std::int8_t> codes(x.size());
        std::vector<std::int8_t> again(x.size());
        std::vector<std::int8_t> alone(x.size());
        RowSums sums;
        QuantizePiece piece;
        piece.x = x.data();
        piece.count = x.size();
        piece.scale = with.run();
        piece.coding = coding;
        piece.codes = codes.data();
        piece.sums = &sums;

        RowSums other = known;
        QuantizePiece told = piece;
        told.codes = again.data();
        told.sums = &other;
        told.signalKnown = true;
        told.zeros = x.size() - known.nonZero;
        told.ranges = ranges.data();
        told.streaming = true;
        told.next = x.data();
        table.quantize(&told); // first, with nothing left behind by the other
        table.quantize(&piece);
        QVERIFY(codes == again);
        QVERIFY(std::memcmp(&sums, &other, sizeof sums) == 0);
        QCOMPARE(told.clipped, piece.clipped);
        QCOMPARE(told.zeroCodes, piece.zeroCodes);
        told.sums = nullptr;
        told.codes = alone.data();
        table.quantize(&told);
        QVERIFY(codes == alone);
    }
};

QTEST_GUILESS_MAIN(TestCodeRules)
#include "tst_quant_code_rules.moc"
