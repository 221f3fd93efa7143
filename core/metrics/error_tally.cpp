// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/error_tally.h"

#include <cmath>

namespace qs {

namespace {

double total(const double (&lanes)[kLanes])
{
    double sum = 0;
    for (double lane : lanes)
        sum += lane;
    return sum;
}

void addLanes(RowSums &sums, const RowSums &piece)
{
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        sums.error[lane] += piece.error[lane];
        sums.signal[lane] += piece.signal[lane];
        sums.cross[lane] += piece.cross[lane];
        sums.steps[lane] += piece.steps[lane];
    }
    sums.maxAbsError = std::fmax(sums.maxAbsError, piece.maxAbsError);
    sums.nonZero += piece.nonZero;
}

} // namespace

ErrorTally::ErrorTally(MatrixShape shape, const BlockLayout &layout, std::uint64_t matrices)
    : m_shape(shape)
    , m_matrices(matrices)
    , m_channels(matrices > 1 ? shape.channels : 0)
    , m_splitsChannels(layout.splitsChannels())
    , m_blocks(layout.count())
    , m_pieces(layout.splitsChannels() ? layout.count() : 0)
    , m_rmsePerScale(shape.channels)
{}

void ErrorTally::addTotals(ErrorSums &sums, const RowSums &row, std::uint64_t channel)
{
    ErrorSums one;
    one.errorEnergy = total(row.error);
    one.signalEnergy = total(row.signal);
    one.angle = AngleSums::fromErrors(one.signalEnergy, one.errorEnergy, total(row.cross));
    one.maxAbsError = row.maxAbsError;
    one.count = m_shape.weights;
    one.nonZero = row.nonZero;
    sums.add(one);
    if (!m_channels.empty())
        m_channels[channel] = {one.errorEnergy, one.signalEnergy};
    m_rmsePerScale[channel] = static_cast<float>(std::sqrt(total(row.steps) / static_cast<double>(m_shape.weights)));
}

void ErrorTally::add(const Block &block)
{
    for (std::uint64_t c = 0; c < block.range.channels; ++c) {
        const std::uint64_t channel = block.range.channel + c;
        const float largest = block.largest[c];
        ScaleRun run;
        if (block.scales)
            run = block.scales->run(channel, block.range.weight);
        MeasurePiece piece;
        piece.x = block.x + c * block.range.weights;
        piece.y = block.y + c * block.range.weights;
        piece.count = block.range.weights;
        piece.scale = block.scales ? &run : nullptr;
        piece.wide = needsWideSums(largest);
        RowSums row;
        kernels().measure(&piece, &row);
        addRow(block.index, channel, row);
    }
    addCodes(block.index, block.clipped, block.zeroCodes);
}

void ErrorTally::addRow(std::uint64_t block, std::uint64_t channel, const RowSums &row)
{
    if (m_splitsChannels)
        m_pieces[block] = row;
    else
        addTotals(m_blocks[block], row, channel);
}

void ErrorTally::addCodes(std::uint64_t block, std::uint64_t clipped, std::uint64_t zeroCodes)
{
    m_blocks[block].clipped += clipped;
    m_blocks[block].zeroCodes += zeroCodes;
}

ErrorSums ErrorTally::sums()
{
    ErrorSums result;
    if (m_splitsChannels) {
        const std::size_t piecesPerChannel = m_pieces.size() / m_shape.channels;
        for (std::uint64_t channel = 0; channel < m_shape.channels; ++channel) {
            RowSums row;
            for (std::size_t piece = 0; piece < piecesPerChannel; ++piece)
                addLanes(row, m_pieces[channel * piecesPerChannel + piece]);
            addTotals(result, row, channel);
        }
    }
    for (const ErrorSums &block : m_blocks)
        result.add(block);
    return result;
}

std::vector<double> ErrorTally::matrixErrors() const
{
    if (m_channels.empty())
        return {};
    std::vector<double> result(m_matrices);
    const std::size_t channels = m_channels.size() / m_matrices;
    for (std::size_t matrix = 0; matrix < m_matrices; ++matrix) {
        Energies sum;
        for (std::size_t c = matrix * channels; c < (matrix + 1) * channels; ++c) {
            sum.error += m_channels[c].error;
            sum.signal += m_channels[c].signal;
        }
        result[matrix] = std::sqrt(sum.error / sum.signal);
    }
    return result;
}

} // namespace qs
