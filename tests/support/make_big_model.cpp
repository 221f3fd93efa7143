// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// make_big_model OUT MIB [SIDE]: writes a safetensors model of MIB mebibytes of float32 linear layers, SIDE × SIDE
// each (default 4096), with pseudo-random weights that are the same each time. The last layer may have fewer rows.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace {

constexpr std::uint64_t kMebibyte = 1024 * 1024;

struct Layer {
    std::uint64_t rows;
    std::uint64_t begin; ///< byte offset of its data
};

std::vector<Layer> layersFor(std::uint64_t bytes, std::uint64_t side)
{
    std::vector<Layer> layers;
    const std::uint64_t rowBytes = side * sizeof(float);
    for (std::uint64_t at = 0; at + rowBytes <= bytes;) {
        const std::uint64_t rows = std::min(side, (bytes - at) / rowBytes);
        layers.push_back({rows, at});
        at += rows * rowBytes;
    }
    return layers;
}

std::string header(const std::vector<Layer> &layers, std::uint64_t side)
{
    std::string json = R"({"__metadata__":{"format":"pt"})";
    for (std::size_t i = 0; i < layers.size(); ++i)
        json +=
            fmt::format(R"(,"blocks.{}.fc.weight":{{"dtype":"F32","shape":[{},{}],"data_offsets":[{},{}]}})", i,
                        layers[i].rows, side, layers[i].begin, layers[i].begin + layers[i].rows * side * sizeof(float));
    json += '}';
    json.append((8 - json.size() % 8) % 8, ' ');
    return json;
}

/// A row of about normal weights whose spread differs from row to row: sums of four uniform 16-bit numbers.
void fillRow(std::vector<float> &row, std::uint64_t seed)
{
    std::uint64_t state = seed * 0x9E3779B97F4A7C15ULL + 1;
    const float spread = 0.01F * (1.0F + static_cast<float>(seed % 17)) / 65536.0F;
    for (float &value : row) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        const auto sum = static_cast<std::int32_t>((state & 0xFFFF) + (state >> 16 & 0xFFFF) + (state >> 32 & 0xFFFF) +
                                                   (state >> 48)) -
                         2 * 65535;
        value = static_cast<float>(sum) * spread;
    }
}

bool writeModel(std::FILE *file, std::uint64_t bytes, std::uint64_t side)
{
    const std::vector<Layer> layers = layersFor(bytes, side);
    const std::string json = header(layers, side);
    const std::uint64_t size = json.size(); // little-endian, as all machines this is for
    if (std::fwrite(&size, sizeof(size), 1, file) != 1 || std::fwrite(json.data(), json.size(), 1, file) != 1)
        return false;
    std::vector<float> row(side);
    std::uint64_t seed = 0;
    for (const Layer &layer : layers) {
        for (std::uint64_t i = 0; i < layer.rows; ++i) {
            fillRow(row, ++seed);
            if (std::fwrite(row.data(), sizeof(float), row.size(), file) != row.size())
                return false;
        }
    }
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    const std::uint64_t mebibytes = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
    const std::uint64_t side = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 4096;
    if (mebibytes == 0 || side == 0) {
        fmt::print(stderr, "usage: make_big_model OUT MIB [SIDE]\n");
        return 2;
    }
    std::FILE *file = std::fopen(argv[1], "wb");
    // In large pieces, as files are copied: the page cache holds them in large pieces then, and reads them faster.
    std::vector<char> pieces(std::size_t{16} << 20U);
    const bool written = file && std::setvbuf(file, pieces.data(), _IOFBF, pieces.size()) == 0 &&
                         writeModel(file, mebibytes * kMebibyte, side);
    if (!file || std::fclose(file) != 0 || !written) {
        fmt::print(stderr, "error: cannot write {}: {}\n", argv[1], std::strerror(errno));
        return 1;
    }
    return 0;
}
