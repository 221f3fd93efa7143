// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/gguf/types.h"

#include "core/formats/gguf/codebook_blocks.h"
#include "core/kernels/block_decoders.h"

#include <algorithm>
#include <array>

namespace qs {
namespace {

constexpr std::array<std::uint32_t, 8> kWithdrawn{4, 5, 31, 32, 33, 36, 37, 38};

GgufType plain(std::uint32_t id, DType dtype)
{
    return {.id = id, .dtype = dtype, .encoding = {}};
}

template <BlockCoding Coding> void decode(const std::byte *source, std::size_t blocks, bool bigEndian, float *values)
{
    blockDecoder(Coding)(source, blocks, bigEndian, values);
}

struct Size {
    std::uint32_t elements;
    std::uint32_t bytes;
};

struct Content {
    int bits;
    Mode mode;
    std::uint32_t groupSize;
};

template <BlockCoding Coding> GgufType blocks(std::uint32_t id, const char *name, Size size, Content content)
{
    return {.id = id,
            .encoding = {name, size.elements, size.bytes, decode<Coding>, {}},
            .bits = content.bits,
            .mode = content.mode,
            .groupSize = content.groupSize};
}

using DecodeBlocks = void (*)(const std::byte *source, std::size_t blocks, bool bigEndian, float *values);

GgufType codebook(std::uint32_t id, const char *name, Size size, Content content, DecodeBlocks decodeBlocks)
{
    return {.id = id,
            .encoding = {name, size.elements, size.bytes, decodeBlocks, {}},
            .bits = content.bits,
            .mode = content.mode,
            .groupSize = content.groupSize};
}

GgufType withoutValues(std::uint32_t id, const char *name, Size size, Content content, const Text &why)
{
    return {.id = id,
            .encoding = {name, size.elements, size.bytes, nullptr, why},
            .bits = content.bits,
            .mode = content.mode,
            .groupSize = content.groupSize};
}

std::vector<GgufType> makeTypes()
{
    using enum BlockCoding;
    constexpr Mode kSym = Mode::Symmetric;
    constexpr Mode kAsym = Mode::Asymmetric;
    const Text kNew = Text::of("blocks of this type are not decoded");
    std::vector<GgufType> types{
        plain(0, DType::F32),
        plain(1, DType::F16),
        blocks<Q4_0>(2, "q4_0", {32, 18}, {4, kSym, 32}),
        blocks<Q4_1>(3, "q4_1", {32, 20}, {4, kAsym, 32}),
        blocks<Q5_0>(6, "q5_0", {32, 22}, {5, kSym, 32}),
        blocks<Q5_1>(7, "q5_1", {32, 24}, {5, kAsym, 32}),
        blocks<Q8_0>(8, "q8_0", {32, 34}, {8, kSym, 32}),
        blocks<Q8_1>(9, "q8_1", {32, 36}, {8, kSym, 32}),
        blocks<Q2K>(10, "q2_k", {256, 84}, {2, kAsym, 16}),
        blocks<Q3K>(11, "q3_k", {256, 110}, {3, kSym, 16}),
        blocks<Q4K>(12, "q4_k", {256, 144}, {4, kAsym, 32}),
        blocks<Q5K>(13, "q5_k", {256, 176}, {5, kAsym, 32}),
        blocks<Q6K>(14, "q6_k", {256, 210}, {6, kSym, 16}),
        blocks<Q8K>(15, "q8_k", {256, 292}, {8, kSym, 256}),
        blocks<Iq4Nl>(20, "iq4_nl", {32, 18}, {4, kSym, 32}),
        blocks<Iq4Xs>(23, "iq4_xs", {256, 136}, {4, kSym, 32}),
        plain(24, DType::I8),
        plain(25, DType::I16),
        plain(26, DType::I32),
        plain(27, DType::I64),
        plain(28, DType::F64),
        plain(30, DType::BF16),
        blocks<Tq1>(34, "tq1_0", {256, 54}, {2, kSym, 256}),
        blocks<Tq2>(35, "tq2_0", {256, 66}, {2, kSym, 256}),
        blocks<Mxfp4>(39, "mxfp4", {32, 17}, {4, kSym, 32}),
        blocks<Nvfp4>(40, "nvfp4", {64, 36}, {4, kSym, 16}),
        codebook(16, "iq2_xxs", {256, 66}, {2, kSym, 32}, gguf::decodeIq2Xxs),
        codebook(17, "iq2_xs", {256, 74}, {2, kSym, 16}, gguf::decodeIq2Xs),
        codebook(18, "iq3_xxs", {256, 98}, {3, kSym, 32}, gguf::decodeIq3Xxs),
        codebook(19, "iq1_s", {256, 50}, {1, kSym, 32}, gguf::decodeIq1S),
        codebook(21, "iq3_s", {256, 110}, {3, kSym, 32}, gguf::decodeIq3S),
        codebook(22, "iq2_s", {256, 82}, {2, kSym, 16}, gguf::decodeIq2S),
        codebook(29, "iq1_m", {256, 56}, {1, kSym, 16}, gguf::decodeIq1M),
        withoutValues(41, "q1_0", {128, 18}, {1, kSym, 128}, kNew),
        withoutValues(42, "q2_0", {64, 18}, {2, kSym, 64}, kNew),
    };
    return types;
}

const std::vector<GgufType> &types()
{
    static const std::vector<GgufType> kTypes = makeTypes();
    return kTypes;
}

} // namespace

const GgufType *ggufType(std::uint32_t id)
{
    const auto found = std::ranges::find(types(), id, &GgufType::id);
    return found == types().end() ? nullptr : &*found;
}

const GgufType *ggufTypeNamed(std::string_view name)
{
    const auto found = std::ranges::find_if(types(), [name](const GgufType &type) {
        return name == (type.dtype == DType::Encoded ? std::string_view(type.encoding.name) : nameOf(type.dtype));
    });
    return found == types().end() ? nullptr : &*found;
}

bool isWithdrawnGgufType(std::uint32_t id)
{
    return std::ranges::find(kWithdrawn, id) != kWithdrawn.end();
}

} // namespace qs
