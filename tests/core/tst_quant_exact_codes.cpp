// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes without a division are those of the correctly rounded quotient.
//
// Why these cases are enough. For scales in [2^-100, 2^100] every step of the quotient and of the residual check scales
// exactly with the exponent of s, so one binade of scales stands for all: every mantissa is tried. A code can only be
// wrong where w/s lies next to the border between two codes, k + 1/2: elsewhere the error of the reciprocal product,
// below 2^-14 steps, cannot reach a border. So the weights tried are (k + 1/2)·s and its neighbours, for borders k all
// over the range: the errors grow with |k|, so the ends matter most, and small k where halves are rounded either way.
// tst_code_rules tries scales at and beyond the ends of the range, where other ways are taken.
#include "core/kernels/kernels.h"
#include "tests/support/test_model.h"

#include <cmath>

using namespace qs;

class TestExactCodes : public QObject
{
    Q_OBJECT

private slots:
    void everyMantissa_data()
    {
        QTest::addColumn<QString>("level");
        for (const char *level : {"v2", "v3", "v4", "generic"})
            if (kernelsForLevel(level))
                QTest::newRow(level) << level;
    }

    void everyMantissa()
    {
        QFETCH(QString, level);
        const Kernels &table = *kernelsForLevel(qPrintable(level));
        constexpr std::uint32_t kMantissas = 1U << 23U;
        constexpr std::uint32_t kScales = 64; // per call: groups of 16 weights
        std::vector<float> scales(kScales);
        std::vector<float> x(kScales * kLanes);
        std::vector<std::int8_t> zeroPoints(kScales);
        std::vector<std::int8_t> codes(x.size());
        std::vector<std::int8_t> measuredCodes(x.size());
        std::uint64_t wrong = 0;
        for (std::uint32_t mantissa = 0; mantissa < kMantissas; mantissa += kScales) {
            for (std::uint32_t g = 0; g < kScales; ++g) {
                const std::uint32_t bits = 0x3f800000U + mantissa + g;
                std::memcpy(&scales[g], &bits, sizeof bits);
                zeroPoints[g] = static_cast<std::int8_t>((mantissa + g) % 251 - 125);
                fillGroup(scales[g], mantissa + g, zeroPoints[g], x.data() + g * kLanes);
            }
            QuantizePiece piece;
            piece.x = x.data();
            piece.count = x.size();
            piece.scale = {scales.data(), scales.data(), zeroPoints.data(), nullptr, kLanes, 0};
            piece.codes = codes.data();
            table.quantize(&piece);
            RowSums sums;
            piece.sums = &sums;
            piece.codes = measuredCodes.data();
            table.quantize(&piece);
            for (std::size_t i = 0; i < x.size(); ++i) {
                const float zero = zeroPoints[i / kLanes];
                const float code = std::nearbyint(x[i] / scales[i / kLanes]) + zero;
                const auto expected = static_cast<std::int8_t>(std::fmin(std::fmax(code, -128.0F), 127.0F));
                wrong += codes[i] != expected;
                wrong += measuredCodes[i] != expected;
            }
        }
        QCOMPARE(wrong, std::uint64_t(0));
    }

private:
    /// Borders between codes inside the range of a zero point, and both neighbours of each: at the ends, two anywhere,
    /// and one beyond an end or at 1/2 by turns.
    static void fillGroup(float scale, std::uint32_t seed, int zeroPoint, float *x)
    {
        const int lowest = -128 - zeroPoint;
        const int highest = 127 - zeroPoint;
        const int turns[] = {lowest - 1, highest, 0};
        const int border[] = {lowest, highest - 1, lowest + static_cast<int>(seed * 2654435761U >> 24U),
                              lowest + static_cast<int>(seed * 2246822519U >> 24U), turns[seed % 3]};
        float *next = x;
        for (const int k : border) {
            const float at = (static_cast<float>(k) + 0.5F) * scale;
            *next++ = at;
            *next++ = std::nextafter(at, INFINITY);
            *next++ = std::nextafter(at, -INFINITY);
        }
        *next = (static_cast<float>(lowest + static_cast<int>(seed * 3266489917U >> 24U)) + 0.5F) * scale;
    }
};

QTEST_GUILESS_MAIN(TestExactCodes)
#include "tst_quant_exact_codes.moc"
