// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix products and convolutions of network runs: panels of both factors are packed so that the innermost loop reads
// them one after the other. Each element is the sum over the depth in rising order, in blocks of kDepth, wherever it
// lies in the matrix.
#include "core/kernels/level.h"

namespace qs::QS_LEVEL {

namespace {

using Packet = Eigen::internal::packet_traits<float>::type;
inline constexpr std::size_t kPacket = sizeof(Packet) / sizeof(float);

// What fits the registers: kRows · 2 sums, two packets of the right factor, one number of the left one.
inline constexpr std::size_t kRows = kPacket >= 16 ? 12 : 6;
inline constexpr std::size_t kColumns = 2 * kPacket;
inline constexpr std::size_t kDepth = 256;
inline constexpr std::size_t kWidth = kProductColumns; // columns of the right factor that are packed at a time
static_assert(kRows <= kProductRows && kWidth % kColumns == 0 && kDepth * kWidth <= kProductPanel);

inline Packet loadPacket(const float *source)
{
    return Eigen::internal::ploadu<Packet>(source);
}

/// Where a tile of the result lies, and how it starts.
struct Tile {
    float *c;
    std::size_t cRow;
    std::size_t columns; ///< at most kColumns
    const float *bias;   ///< per row; null: none
    bool add;            ///< to what is there
};

/// rows × kColumns sums over `depth`; `a` is a packed panel, row k of `b` begins at b[k · bRow].
template <std::size_t rows>
inline void tile(const float *a, const float *b, std::size_t bRow, std::size_t depth, const Tile &to)
{
    using namespace Eigen::internal;
    Packet sums[rows][2];
    for (std::size_t r = 0; r < rows; ++r)
        sums[r][0] = sums[r][1] = pset1<Packet>(to.bias ? to.bias[r] : 0.0F);
    for (std::size_t k = 0; k < depth; ++k) {
        const Packet left = loadPacket(b);
        const Packet right = loadPacket(b + kPacket);
        for (std::size_t r = 0; r < rows; ++r) {
            const Packet factor = pset1<Packet>(a[r]);
            sums[r][0] = pmadd(factor, left, sums[r][0]);
            sums[r][1] = pmadd(factor, right, sums[r][1]);
        }
        a += kRows;
        b += bRow;
    }
    float edge[kColumns];
    for (std::size_t r = 0; r < rows; ++r) {
        float *const target = to.c + r * to.cRow;
        if (to.columns == kColumns) {
            pstoreu(target, to.add ? padd(loadPacket(target), sums[r][0]) : sums[r][0]);
            pstoreu(target + kPacket, to.add ? padd(loadPacket(target + kPacket), sums[r][1]) : sums[r][1]);
        } else {
            pstoreu(edge, sums[r][0]);
            pstoreu(edge + kPacket, sums[r][1]);
            for (std::size_t i = 0; i < to.columns; ++i)
                target[i] = to.add ? target[i] + edge[i] : edge[i];
        }
    }
}

void tileOf(std::size_t rows, const float *a, const float *b, std::size_t bRow, std::size_t depth, const Tile &to)
{
    switch (rows) {
    case 1:
        return tile<1>(a, b, bRow, depth, to);
    case 2:
        return tile<2>(a, b, bRow, depth, to);
    case 3:
        return tile<3>(a, b, bRow, depth, to);
    case 4:
        return tile<4>(a, b, bRow, depth, to);
    case 5:
        return tile<5>(a, b, bRow, depth, to);
    case 6:
        return tile<6>(a, b, bRow, depth, to);
    default:
        break;
    }
    if constexpr (kRows > 6) {
        switch (rows) {
        case 7:
            return tile<7>(a, b, bRow, depth, to);
        case 8:
            return tile<8>(a, b, bRow, depth, to);
        case 9:
            return tile<9>(a, b, bRow, depth, to);
        case 10:
            return tile<10>(a, b, bRow, depth, to);
        case 11:
            return tile<11>(a, b, bRow, depth, to);
        default:
            return tile<12>(a, b, bRow, depth, to);
        }
    }
}

/// Panels of kRows rows for each block of the depth: element (k, row) of a panel at [k · kRows + row].
void packLeft(const float *a, std::size_t aRow, std::size_t aColumn, std::size_t rows, std::size_t depth, float *packed)
{
    for (std::size_t k0 = 0; k0 < depth; k0 += kDepth) {
        const std::size_t length = smaller(kDepth, depth - k0);
        for (std::size_t row = 0; row < rows; row += kRows) {
            const std::size_t count = smaller(kRows, rows - row);
            for (std::size_t r = 0; r < count; ++r) {
                const float *source = a + (row + r) * aRow + k0 * aColumn;
                for (std::size_t k = 0; k < length; ++k)
                    packed[k * kRows + r] = source[k * aColumn];
            }
            packed += length * kRows;
        }
    }
}

std::size_t panels(std::size_t rows)
{
    return (rows + kRows - 1) / kRows;
}

/// All rows of `columns` columns that are packed in panels, for one block of the depth.
struct Band {
    const float *left; ///< panels of this block of the depth
    const float *right;
    std::size_t rows;
    std::size_t columns;
    std::size_t depth;
};

void multiplyBand(const Band &band, Tile to)
{
    float *const c = to.c;
    const float *const bias = to.bias;
    for (std::size_t column = 0; column < band.columns; column += kColumns) {
        const float *const b = band.right + column * band.depth;
        to.columns = smaller(kColumns, band.columns - column);
        for (std::size_t row = 0; row < band.rows; row += kRows) {
            to.c = c + row * to.cRow + column;
            to.bias = bias ? bias + row : nullptr;
            tileOf(smaller(kRows, band.rows - row), band.left + row * band.depth, b, kColumns, band.depth, to);
        }
    }
}

/// Panels of kColumns columns: element (k, column) at [k · kColumns + column]; columns that are not there are 0.
void packRight(const ProductPiece &piece, std::size_t k0, std::size_t depth, std::size_t column0, std::size_t columns,
               float *packed)
{
    for (std::size_t column = 0; column < columns; column += kColumns) {
        const std::size_t count = smaller(kColumns, columns - column);
        const float *const source = piece.b + k0 * piece.bRow + (column0 + column) * piece.bColumn;
        if (piece.bColumn == 1 && count == kColumns) {
            for (std::size_t k = 0; k < depth; ++k) {
                const float *const row = source + k * piece.bRow;
                Eigen::internal::pstoreu(packed + k * kColumns, loadPacket(row));
                Eigen::internal::pstoreu(packed + k * kColumns + kPacket, loadPacket(row + kPacket));
            }
        } else {
            for (std::size_t i = 0; i < kColumns; ++i) {
                for (std::size_t k = 0; k < depth; ++k)
                    packed[k * kColumns + i] = i < count ? source[k * piece.bRow + i * piece.bColumn] : 0.0F;
            }
        }
        packed += depth * kColumns;
    }
}

/// Few rows, a right factor that lies row by row: it is read where it is.
void multiplyFewRows(const ProductPiece &piece, float *scratch)
{
    packLeft(piece.a, piece.aRow, piece.aColumn, piece.rows, piece.depth, scratch);
    float *const edge = scratch + kRows * piece.depth;
    for (std::size_t k0 = 0; k0 < piece.depth; k0 += kDepth) {
        const std::size_t depth = smaller(kDepth, piece.depth - k0);
        for (std::size_t column = 0; column < piece.columns; column += kColumns) {
            const std::size_t count = smaller(kColumns, piece.columns - column);
            const Tile to{piece.c + column, piece.cRow, count, nullptr, piece.add || k0 > 0};
            const float *b = piece.b + k0 * piece.bRow + column;
            std::size_t bRow = piece.bRow;
            if (count < kColumns) {
                packRight(piece, k0, depth, column, count, edge);
                b = edge;
                bRow = kColumns;
            }
            tileOf(piece.rows, scratch + k0 * kRows, b, bRow, depth, to);
        }
    }
}

/// Few rows, both factors along the depth: sums of whole packets, which are added up at the end.
void multiplyAlong(const ProductPiece &piece)
{
    using namespace Eigen::internal;
    constexpr std::size_t kTogether = 4;
    for (std::size_t row = 0; row < piece.rows; ++row) {
        const float *const a = piece.a + row * piece.aRow;
        float *const c = piece.c + row * piece.cRow;
        for (std::size_t column = 0; column < piece.columns; column += kTogether) {
            const std::size_t count = smaller(kTogether, piece.columns - column);
            const float *b[kTogether];
            for (std::size_t i = 0; i < kTogether; ++i)
                b[i] = piece.b + (column + (i < count ? i : 0)) * piece.bColumn;
            Packet sums[kTogether];
            for (Packet &sum : sums)
                sum = pset1<Packet>(0.0F);
            std::size_t k = 0;
            for (; k + kPacket <= piece.depth; k += kPacket) {
                const Packet left = loadPacket(a + k);
                for (std::size_t i = 0; i < kTogether; ++i)
                    sums[i] = pmadd(left, loadPacket(b[i] + k), sums[i]);
            }
            for (std::size_t i = 0; i < count; ++i) {
                float sum = predux(sums[i]);
                for (std::size_t rest = k; rest < piece.depth; ++rest)
                    sum += a[rest] * b[i][rest];
                c[column + i] = piece.add ? c[column + i] + sum : sum;
            }
        }
    }
}

/// Positions next to each other in the image.
struct Run {
    std::size_t offset; ///< of the first, in the first row of the kernel
    std::size_t first;  ///< column in the panel
    std::size_t length;
};

struct Runs {
    Run runs[kColumns];
    std::size_t count = 0;
};

Runs runsOf(const ConvolutionPiece &piece, std::size_t position, std::size_t positions)
{
    Runs result;
    for (std::size_t done = 0; done < positions;) {
        const std::size_t y = (position + done) / piece.outWidth;
        const std::size_t x = (position + done) % piece.outWidth;
        const std::size_t length = smaller(piece.outWidth - x, positions - done);
        result.runs[result.count++] = {y * piece.stepDown * piece.imageRow + x, done, length};
        done += length;
    }
    return result;
}

/// Where a row has the element at `shift`: each phase of the steps has its own part. Without steps nothing is divided,
/// which would take longer than to copy what stands there.
std::size_t columnOf(const ConvolutionPiece &piece, std::size_t shift)
{
    return piece.stepAcross == 1 ? shift : shift % piece.stepAcross * piece.imagePhase + shift / piece.stepAcross;
}

/// Rows k0 … k0 + depth of the matrix of neighbourhoods, for positions of one panel.
void packNeighbourhoods(const ConvolutionPiece &piece, std::size_t k0, std::size_t depth, std::size_t position,
                        std::size_t positions, float *packed)
{
    const Runs runs = runsOf(piece, position, positions);
    for (std::size_t i = positions; i < kColumns; ++i) {
        for (std::size_t k = 0; k < depth; ++k)
            packed[k * kColumns + i] = 0;
    }
    const std::size_t perChannel = piece.kernelHeight * piece.kernelWidth;
    std::size_t channel = k0 / perChannel;
    std::size_t down = k0 % perChannel / piece.kernelWidth;
    std::size_t across = k0 % piece.kernelWidth;
    for (std::size_t k = 0; k < depth; ++k) {
        const std::size_t shift = across * piece.dilationAcross;
        const float *const source = piece.image + channel * piece.imageChannel +
                                    down * piece.dilationDown * piece.imageRow + columnOf(piece, shift);
        float *const target = packed + k * kColumns;
        if (runs.count == 1 && runs.runs[0].length == kColumns) {
            const float *const from = source + runs.runs[0].offset;
            Eigen::internal::pstoreu(target, loadPacket(from));
            Eigen::internal::pstoreu(target + kPacket, loadPacket(from + kPacket));
        } else {
            for (std::size_t i = 0; i < runs.count; ++i) {
                const Run run = runs.runs[i];
                const float *const from = source + run.offset;
                for (std::size_t j = 0; j < run.length; ++j)
                    target[run.first + j] = from[j];
            }
        }
        if (++across == piece.kernelWidth) {
            across = 0;
            if (++down == piece.kernelHeight) {
                down = 0;
                ++channel;
            }
        }
    }
}

} // namespace

void multiply(const ProductPiece *piece, float *scratch)
{
    const bool few = piece->rows <= kRows;
    if (few && piece->bRow == 1 && piece->bColumn != 1 && piece->aColumn == 1) {
        multiplyAlong(*piece);
        return;
    }
    if (few && piece->bColumn == 1) {
        multiplyFewRows(*piece, scratch);
        return;
    }
    packLeft(piece->a, piece->aRow, piece->aColumn, piece->rows, piece->depth, scratch);
    float *const right = scratch + panels(piece->rows) * kRows * piece->depth;
    for (std::size_t column = 0; column < piece->columns; column += kWidth) {
        const std::size_t columns = smaller(kWidth, piece->columns - column);
        for (std::size_t k0 = 0; k0 < piece->depth; k0 += kDepth) {
            const std::size_t depth = smaller(kDepth, piece->depth - k0);
            packRight(*piece, k0, depth, column, columns, right);
            const Band band{scratch + panels(piece->rows) * kRows * k0, right, piece->rows, columns, depth};
            multiplyBand(band, {piece->c + column, piece->cRow, 0, nullptr, piece->add || k0 > 0});
        }
    }
}

void packFilters(const float *weights, std::size_t filters, std::size_t depth, float *packed)
{
    packLeft(weights, depth, 1, filters, depth, packed);
}

void convolve(const ConvolutionPiece *piece, float *scratch)
{
    const std::size_t depth = piece->channels * piece->kernelHeight * piece->kernelWidth;
    for (std::size_t done = 0; done < piece->positions; done += kWidth) {
        const std::size_t columns = smaller(kWidth, piece->positions - done);
        for (std::size_t k0 = 0; k0 < depth; k0 += kDepth) {
            const std::size_t length = smaller(kDepth, depth - k0);
            for (std::size_t i = 0; i < columns; i += kColumns)
                packNeighbourhoods(*piece, k0, length, piece->position + done + i, smaller(kColumns, columns - i),
                                   scratch + i * length);
            const Band band{piece->filters + panels(piece->rows) * kRows * k0, scratch, piece->rows, columns, length};
            multiplyBand(band, {piece->y + piece->position + done, piece->yRow, 0,
                                k0 == 0 && !piece->add ? piece->bias : nullptr, piece->add || k0 > 0});
        }
    }
}

/// One channel: sums over shifted rows.
void convolveDepthwise(const ConvolutionPiece *piece, const float *weights)
{
    using namespace Eigen::internal;
    const float bias = piece->bias ? *piece->bias : 0.0F;
    const std::size_t taps = piece->kernelHeight * piece->kernelWidth;
    const auto offsetOf = [&](std::size_t tap) {
        const std::size_t shift = tap % piece->kernelWidth * piece->dilationAcross;
        return tap / piece->kernelWidth * piece->dilationDown * piece->imageRow + columnOf(*piece, shift);
    };
    constexpr std::size_t kMostTaps = 64;
    const std::size_t width = piece->outWidth;
    const std::size_t height = piece->positions / width;
    for (std::size_t tap0 = 0; tap0 < taps; tap0 += kMostTaps) {
        const std::size_t count = smaller(kMostTaps, taps - tap0);
        std::size_t offsets[kMostTaps]; // divisions would take longer than a short row
        for (std::size_t tap = 0; tap < count; ++tap)
            offsets[tap] = offsetOf(tap0 + tap);
        const float *const factors = weights + tap0;
        for (std::size_t y = 0; y < height; ++y) {
            float *const target = piece->y + y * width;
            const float *const source = piece->image + y * piece->stepDown * piece->imageRow;
            std::size_t x = 0;
            for (; x + 2 * kPacket <= width; x += 2 * kPacket) {
                Packet first = tap0 == 0 ? pset1<Packet>(bias) : loadPacket(target + x);
                Packet second = tap0 == 0 ? first : loadPacket(target + x + kPacket);
                for (std::size_t tap = 0; tap < count; ++tap) {
                    const Packet factor = pset1<Packet>(factors[tap]);
                    first = pmadd(factor, loadPacket(source + offsets[tap] + x), first);
                    second = pmadd(factor, loadPacket(source + offsets[tap] + x + kPacket), second);
                }
                pstoreu(target + x, first);
                pstoreu(target + x + kPacket, second);
            }
            for (; x < width; x += kPacket) {
                float edge[kPacket] = {};
                const std::size_t here = smaller(kPacket, width - x);
                std::memcpy(edge, target + x, here * sizeof(float));
                Packet sum = tap0 == 0 ? pset1<Packet>(bias) : loadPacket(edge);
                for (std::size_t tap = 0; tap < count; ++tap)
                    sum = pmadd(pset1<Packet>(factors[tap]), loadPacket(source + offsets[tap] + x), sum);
                pstoreu(edge, sum);
                std::memcpy(target + x, edge, here * sizeof(float));
            }
        }
    }
}

} // namespace qs::QS_LEVEL
