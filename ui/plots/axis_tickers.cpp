// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/axis_tickers.h"

#include "ui/text/format.h"

#include <cmath>

namespace qs::ui {

namespace {

constexpr double kLabelGap = 8; // pixels between two labels of a horizontal axis
constexpr int kMaxDecades = 6;  // labels, not decades: beyond that only every second, third … decade

QString label(PlainTicker::Kind kind, double tick)
{
    switch (kind) {
    case PlainTicker::Kind::Percent:
        return text::shortPercent(tick / 100);
    case PlainTicker::Kind::Count:
        if (tick >= 0 && tick == std::floor(tick) && tick < 1e15)
            return text::count(static_cast<std::uint64_t>(tick));
        break;
    case PlainTicker::Kind::Value:
        break;
    }
    return text::shortNumber(tick, 6);
}

/// 1, 2, 5 or 1…9 times all powers of ten inside a range.
QVector<double> decadeSteps(const QCPRange &range, const QVector<int> &mantissas, int every = 1)
{
    QVector<double> ticks;
    const int first = static_cast<int>(std::floor(std::log10(range.lower)));
    const int last = static_cast<int>(std::floor(std::log10(range.upper)));
    for (int decade = first; decade <= last; ++decade) {
        if (decade % every != 0)
            continue;
        for (int mantissa : mantissas) {
            const double tick = mantissa * std::pow(10.0, decade);
            if (tick >= range.lower && tick <= range.upper)
                ticks.append(tick);
        }
    }
    return ticks;
}

bool isLogRange(const QCPRange &range)
{
    return range.lower > 0 && std::isfinite(range.upper) && range.upper > range.lower;
}

} // namespace

PlainTicker::PlainTicker(Kind kind, int tickCount, const QCPAxis *axis)
    : m_kind(kind)
    , m_axis(axis)
{
    setTickCount(tickCount);
}

double PlainTicker::getTickStep(const QCPRange &range)
{
    m_step = QCPAxisTicker::getTickStep(range);
    if (m_kind == Kind::Count)
        m_step = std::max(m_step, 1.0);
    if (m_axis)
        widenStep(range);
    return m_step;
}

/// Multiplies the step until the labels have room beside each other.
void PlainTicker::widenStep(const QCPRange &range)
{
    const QFontMetricsF metrics(m_axis->tickLabelFont());
    const double pixels = m_axis->axisRect()->width();
    const double smallest = m_step;
    for (; m_step < range.size(); m_step += smallest) {
        double widest = 0;
        for (double tick = std::ceil(range.lower / m_step) * m_step; tick <= range.upper; tick += m_step)
            widest = std::max(widest, metrics.horizontalAdvance(getTickLabel(tick, {}, {}, 0)));
        if (m_step / range.size() * pixels >= widest + kLabelGap)
            return;
    }
}

QString PlainTicker::getTickLabel(double tick, const QLocale &, QChar, int)
{
    // Adding steps up leaves rests like 1e-17 where zero is meant.
    return label(m_kind, std::abs(tick) < m_step * 1e-6 ? 0.0 : tick);
}

LogTicker::LogTicker(PlainTicker::Kind kind)
    : m_kind(kind)
{}

QVector<double> LogTicker::createTickVector(double, const QCPRange &range)
{
    m_range = range;
    if (!isLogRange(range))
        return {};
    QVector<double> ticks = decadeSteps(range, {1});
    if (ticks.size() > kMaxDecades)
        return decadeSteps(range, {1}, static_cast<int>(ticks.size() + kMaxDecades - 1) / kMaxDecades);
    if (ticks.size() < 2)
        ticks = decadeSteps(range, {1, 2, 5});
    if (ticks.size() < 2)
        ticks = QCPAxisTicker::createTickVector(QCPAxisTicker::getTickStep(range), range);
    return ticks;
}

QVector<double> LogTicker::createSubTickVector(int, const QVector<double> &)
{
    if (!isLogRange(m_range) || std::log10(m_range.upper / m_range.lower) > kMaxDecades)
        return {};
    return decadeSteps(m_range, {2, 3, 4, 5, 6, 7, 8, 9});
}

QString LogTicker::getTickLabel(double tick, const QLocale &, QChar, int)
{
    return label(m_kind, tick);
}

} // namespace qs::ui
