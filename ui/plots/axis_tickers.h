// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Axis tickers whose labels go through ui/text, and a logarithmic one that has ticks at every zoom.
#pragma once

#include <qcustomplot.h>

namespace qs::ui {

/// Even steps. Counts have no fractions and thousands separators.
class PlainTicker final : public QCPAxisTicker
{
public:
    enum class Kind { Value, Count, Percent };
    /// `axis`: a horizontal axis, whose labels must not touch; null for a vertical one.
    explicit PlainTicker(Kind kind, int tickCount = 5, const QCPAxis *axis = nullptr);

protected:
    double getTickStep(const QCPRange &range) override;
    QString getTickLabel(double tick, const QLocale &locale, QChar formatChar, int precision) override;

private:
    void widenStep(const QCPRange &range);

    Kind m_kind;
    const QCPAxis *m_axis;
    double m_step = 1;
};

/// Decades; 1-2-5 when less than two decades are visible; even steps when that is too few as well.
class LogTicker final : public QCPAxisTicker
{
public:
    explicit LogTicker(PlainTicker::Kind kind);

protected:
    QVector<double> createTickVector(double tickStep, const QCPRange &range) override;
    QVector<double> createSubTickVector(int subTickCount, const QVector<double> &ticks) override;
    QString getTickLabel(double tick, const QLocale &locale, QChar formatChar, int precision) override;

private:
    PlainTicker::Kind m_kind;
    QCPRange m_range;
};

} // namespace qs::ui
