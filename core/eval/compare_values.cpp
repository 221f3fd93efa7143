// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/compare_values.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace qs {
namespace {

bool canCompare(const Value &reference, const Value &candidate)
{
    return reference.isFloat() && candidate.isFloat() && reference.shape() == candidate.shape();
}

std::size_t argmax(std::span<const float> values)
{
    return static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
}

/// ln Σ exp(values).
double logSum(std::span<const float> values)
{
    const auto largest = static_cast<double>(*std::ranges::max_element(values));
    double sum = 0;
    for (const float value : values)
        sum += std::exp(static_cast<double>(value) - largest);
    return largest + std::log(sum);
}

double divergence(std::span<const float> x, std::span<const float> y, double logSumX, double logSumY)
{
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double p = static_cast<double>(x[i]) - logSumX;
        sum += std::exp(p) * (p - (static_cast<double>(y[i]) - logSumY));
    }
    return sum;
}

/// Sums side by side, so that none waits for the last addition to the same one.
constexpr std::size_t kSums = 8;

/// Element i goes into sum i mod `count`; those are added in order.
template <std::size_t count> ValueSums sumsOf(std::span<const float> reference, std::span<const float> candidate)
{
    std::array<double, count> error{};
    std::array<double, count> signal{};
    std::array<double, count> absolute{};
    std::array<double, count> largest{};
    const auto add = [&](std::size_t i, std::size_t lane) {
        const auto x = static_cast<double>(reference[i]);
        const double e = static_cast<double>(candidate[i]) - x;
        error[lane] += e * e;
        signal[lane] += x * x;
        largest[lane] = std::max(largest[lane], std::abs(e));
        absolute[lane] += std::abs(e);
    };
    const std::size_t size = std::min(reference.size(), candidate.size());
    std::size_t i = 0;
    for (; i + count <= size; i += count)
        for (std::size_t lane = 0; lane < count; ++lane)
            add(i + lane, lane);
    for (std::size_t lane = 0; i < size; ++i, ++lane)
        add(i, lane);
    ValueSums sums;
    for (std::size_t lane = 0; lane < count; ++lane)
        sums.add({.error = error[lane], .signal = signal[lane], .largest = largest[lane], .absolute = absolute[lane]});
    sums.count = size;
    return sums;
}

} // namespace

void ValueSums::add(const ValueSums &other)
{
    error += other.error;
    signal += other.signal;
    largest = std::max(largest, other.largest);
    absolute += other.absolute;
    count += other.count;
    comparable = comparable && other.comparable;
}

std::optional<double> ValueSums::relativeError() const
{
    const double ratio = std::sqrt(error / signal);
    return comparable && signal > 0 && std::isfinite(ratio) ? std::optional(ratio) : std::nullopt;
}

ValueSums compareElements(std::span<const float> reference, std::span<const float> candidate)
{
    return sumsOf<kSums>(reference, candidate);
}

ValueSums compareValues(const Value &reference, const Value &candidate, std::optional<std::uint64_t> rows)
{
    if (!canCompare(reference, candidate))
        return {.comparable = false};
    const std::span<const float> before = reference.floats();
    if (!rows)
        return compareElements(before, candidate.floats());
    const bool cut = reference.rank() > 0 && reference.shape()[0] > 0;
    const std::size_t count =
        cut ? *rows * (before.size() / static_cast<std::size_t>(reference.shape()[0])) : before.size();
    return sumsOf<1>(before.first(count), candidate.floats()); // chains, whose numbers are older
}

void ClassSums::add(const ClassSums &other)
{
    rows += other.rows;
    agree += other.agree;
    labels += other.labels;
    rightBefore += other.rightBefore;
    rightAfter += other.rightAfter;
    divergence += other.divergence;
    worst = std::max(worst, other.worst);
    known += other.known;
    surpriseBefore += other.surpriseBefore;
    surpriseAfter += other.surpriseAfter;
}

std::optional<double> ClassSums::changedShare() const
{
    return rows > 0 ? std::optional(static_cast<double>(rows - agree) / static_cast<double>(rows)) : std::nullopt;
}

ClassSums compareClasses(const Value &reference, const Value &candidate, const ClassRequest &request)
{
    ClassSums sums;
    if (!canCompare(reference, candidate) || reference.rank() == 0 || reference.size() == 0)
        return sums;
    const auto width = static_cast<std::size_t>(reference.shape().back());
    const auto isClass = [width](std::int64_t index) { return index >= 0 && static_cast<std::size_t>(index) < width; };
    sums.rows = std::min<std::uint64_t>(request.rows, reference.size() / width);
    for (std::size_t row = 0; row < sums.rows; ++row) {
        const std::span<const float> x = reference.floats().subspan(row * width, width);
        const std::span<const float> y = candidate.floats().subspan(row * width, width);
        const std::size_t before = argmax(x);
        const std::size_t after = argmax(y);
        sums.agree += before == after;
        if (row < request.labels.size()) {
            ++sums.labels;
            sums.rightBefore += static_cast<std::int64_t>(before) == request.labels[row];
            sums.rightAfter += static_cast<std::int64_t>(after) == request.labels[row];
        }
        if (!request.divergence)
            continue;
        const double sumX = logSum(x);
        const double sumY = logSum(y);
        const double nats = divergence(x, y, sumX, sumY);
        sums.divergence += nats;
        sums.worst = std::max(sums.worst, nats);
        if (row < request.classes.size() && isClass(request.classes[row])) {
            const auto right = static_cast<std::size_t>(request.classes[row]);
            ++sums.known;
            sums.surpriseBefore += sumX - static_cast<double>(x[right]);
            sums.surpriseAfter += sumY - static_cast<double>(y[right]);
        }
    }
    return sums;
}

} // namespace qs
