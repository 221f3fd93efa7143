// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernels/kernels.h"
#include "core/quant/quantize.h"
#include "tests/bench/cases.h"
#include "tests/bench/loops.h"

#include <fmt/format.h>

namespace qs::bench {

namespace {

constexpr const char *kReadWrite4 = "read 4, write 1";
constexpr const char *kReadWrite2 = "read 2, write 1";

std::size_t bytesOf(FloatType type)
{
    return type == FloatType::F32 ? 4 : 2;
}

/// One way to quantize a matrix.
struct Variant {
    const char *name;
    FloatType type = FloatType::F32;
    Mode mode = Mode::Symmetric;
    int bits = 8;
    std::uint32_t groupSize = 0; ///< 0: the whole row
    CodeLayout layout = CodeLayout::Int8;
    bool metrics = false;
    bool streaming = true; ///< no output of these sizes stays in a cache
};

constexpr Variant kVariants[] = {
    {.name = "int8 per channel"},
    {.name = "int8 per channel, stores through the caches", .streaming = false},
    {.name = "int8 per channel + metrics", .metrics = true},
    {.name = "int8 per channel asymmetric", .mode = Mode::Asymmetric},
    {.name = "int8 groups of 32", .groupSize = 32},
    {.name = "int8 groups of 128", .groupSize = 128},
    {.name = "int8 groups of 32 + metrics", .groupSize = 32, .metrics = true},
    {.name = "int8 groups of 128 + metrics", .groupSize = 128, .metrics = true},
    {.name = "packed int4 groups of 32", .bits = 4, .groupSize = 32, .layout = CodeLayout::Packed4},
    {.name = "packed int4 groups of 128", .bits = 4, .groupSize = 128, .layout = CodeLayout::Packed4},
    {.name = "f16 to int8 per channel", .type = FloatType::F16},
    {.name = "bf16 to int8 per channel", .type = FloatType::BF16},
    {.name = "f16 to int8 per channel + metrics", .type = FloatType::F16, .metrics = true},
    {.name = "bf16 to int8 per channel + metrics", .type = FloatType::BF16, .metrics = true},
};

/// Two passes over each row, as the program makes them: ranges and scales, then codes from a row that is in the cache.
class RowQuantizer
{
public:
    RowQuantizer(const Kernels &kernels, const Weights &weights, const Variant &variant)
        : m_kernels(kernels)
        , m_weights(weights)
        , m_variant(variant)
        , m_quantizer(schemeOf(variant), variant.type == FloatType::F32 ? DType::F32 : DType::F16)
        , m_coding(m_quantizer.coding())
    {}

    void operator()(std::size_t first, std::size_t rows) const
    {
        thread_local Scratch scratch;
        const std::size_t columns = m_weights.size.columns;
        const std::size_t groupSize = m_variant.groupSize > 0 ? m_variant.groupSize : columns;
        scratch.ranges.resize(columns / groupSize);
        scratch.scales.resize(columns / groupSize);
        scratch.stored.resize(columns / groupSize);
        scratch.zeroPoints.resize(columns / groupSize);
        for (std::size_t row = first; row < first + rows; ++row)
            quantizeRow(row, groupSize, scratch);
        if (m_variant.streaming)
            m_kernels.finishStreaming();
    }

private:
    struct Scratch {
        std::vector<RangeSums> ranges;
        std::vector<float> scales;
        std::vector<float> stored;
        std::vector<std::int8_t> zeroPoints;
        RowSums sums;
    };

    static Scheme schemeOf(const Variant &variant)
    {
        Scheme scheme;
        scheme.mode = variant.mode;
        scheme.bits = variant.bits;
        if (variant.groupSize > 0)
            scheme.granularity = Granularity::group(variant.groupSize);
        return scheme;
    }

    const void *source(std::size_t row) const
    {
        const std::size_t at = row * m_weights.size.columns;
        switch (m_variant.type) {
        case FloatType::F16:
            return m_weights.f16.data() + at;
        case FloatType::BF16:
            return m_weights.bf16.data() + at;
        case FloatType::F32:
            break;
        }
        return m_weights.f32.data() + at;
    }

    void quantizeRow(std::size_t row, std::size_t groupSize, Scratch &scratch) const
    {
        const std::size_t columns = m_weights.size.columns;
        scratch.sums = {};
        RowSums *sums = m_variant.metrics ? &scratch.sums : nullptr;
        const RangePiece ranges{source(row), m_variant.type, columns, groupSize, 0, scratch.ranges.data(), sums};
        m_kernels.ranges(&ranges);
        UnitScales units;
        units.scales = scratch.scales.data();
        units.stored = scratch.stored.data();
        units.zeroPoints = m_variant.mode == Mode::Asymmetric ? scratch.zeroPoints.data() : nullptr;
        m_quantizer.scalesFor(scratch.ranges, units);
        QuantizePiece piece;
        piece.x = ranges.x;
        piece.type = ranges.type;
        piece.count = columns;
        piece.scale = {.scales = scratch.scales.data(),
                       .stored = scratch.stored.data(),
                       .zeroPoints = units.zeroPoints,
                       .groupSize = groupSize};
        piece.coding = m_coding;
        piece.layout = m_variant.layout;
        piece.codes = m_weights.codes.data() + row * columns * static_cast<std::size_t>(m_variant.bits) / 8;
        piece.streaming = m_variant.streaming;
        piece.sums = sums;
        piece.ranges = scratch.ranges.data();
        piece.next = row + 1 < m_weights.size.rows ? source(row + 1) : nullptr;
        if (sums) {
            piece.signalKnown = true;
            piece.zeros = columns - sums->nonZero;
        }
        m_kernels.quantize(&piece);
    }

    const Kernels &m_kernels;
    const Weights &m_weights;
    const Variant &m_variant;
    Quantizer m_quantizer;
    Coding m_coding;
};

void addRoof(std::vector<Case> &cases, const Weights &weights, std::string name, const void *source, std::size_t width,
             void (*loop)(const void *, std::size_t, void *))
{
    if (!loop)
        return;
    const std::size_t columns = weights.size.columns;
    const auto rows = [=, &weights](std::size_t first, std::size_t count) {
        loop(static_cast<const std::byte *>(source) + first * columns * width, count * columns,
             weights.codes.data() + first * columns);
    };
    cases.push_back({std::move(name), "", "", [=, &weights] { overRows(weights.size.rows, columns * width, rows); },
                     static_cast<double>(weights.size.count() * (width + 1))});
}

void addRoofs(std::vector<Case> &cases, const Weights &weights)
{
    const Loops &loops = loopsFor(levels().front());
    const void *f32 = weights.f32.data();
    const void *f16 = weights.f16.data();
    addRoof(cases, weights, kReadWrite4, f32, 4, loops.read4Write1);
    addRoof(cases, weights, fmt::format("{}, past the caches", kReadWrite4), f32, 4, loops.read4Write1Streamed);
    addRoof(cases, weights, kReadWrite2, f16, 2, loops.read2Write1);
    addRoof(cases, weights, fmt::format("{}, past the caches", kReadWrite2), f16, 2, loops.read2Write1Streamed);
}

void addEigen(std::vector<Case> &cases, const Weights &weights, const char *level)
{
    const auto rows = [&weights, loop = loopsFor(level).eigenQuantize](std::size_t first, std::size_t count) {
        const std::size_t columns = weights.size.columns;
        float scale = 0;
        for (std::size_t row = first; row < first + count; ++row)
            loop(weights.f32.data() + row * columns, columns, &scale, weights.codes.data() + row * columns);
    };
    cases.push_back({"int8 per channel by an Eigen expression", level, kReadWrite4,
                     [=, &weights] { overRows(weights.size.rows, weights.size.columns * sizeof(float), rows); }});
}

} // namespace

std::vector<Case> weightCases(const Weights &weights)
{
    std::vector<Case> result;
    addRoofs(result, weights);
    for (const char *level : levels()) {
        for (const Variant &variant : kVariants) {
            const RowQuantizer quantizer(*kernelsForLevel(level), weights, variant);
            const std::size_t rowBytes = weights.size.columns * bytesOf(variant.type);
            result.push_back({variant.name, level, variant.type == FloatType::F32 ? kReadWrite4 : kReadWrite2,
                              [=, &weights] { overRows(weights.size.rows, rowBytes, quantizer); }});
        }
        addEigen(result, weights, level);
    }
    return result;
}

} // namespace qs::bench
