// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reports/svg_figure.h"

#include "core/analysis/shown_error.h"
#include "core/reports/number_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include <fmt/format.h>

namespace qs::reports {

namespace {

constexpr double kWidth = 1000;
constexpr double kHeight = 330;
constexpr double kLeft = 78;
constexpr double kRight = 10;
constexpr double kTop = 34;
constexpr double kBottom = 62;
constexpr std::size_t kMostNames = 40;   // below the axis
constexpr std::size_t kMostNumbers = 16; // on bars
constexpr std::size_t kLongestName = 16;
constexpr double kMostDecades = 12;

/// A logarithmic axis of whole decades.
class Axis
{
public:
    void include(double value)
    {
        if (!std::isfinite(value) || value <= 0)
            return;
        m_low = std::min(m_low, value);
        m_high = std::max(m_high, value);
    }
    bool empty() const { return m_high <= 0; }
    double first() const { return std::max(std::floor(std::log10(m_low * 0.8)), last() - kMostDecades); }
    double last() const { return std::ceil(std::log10(m_high * 1.25)); }
    double y(double value) const
    {
        const double low = first();
        const double high = std::max(last(), low + 1);
        const double share = std::clamp((std::log10(value) - low) / (high - low), 0.0, 1.0);
        return kHeight - kBottom - share * (kHeight - kTop - kBottom);
    }

private:
    double m_low = std::numeric_limits<double>::infinity();
    double m_high = 0;
};

/// The end of a name, where names differ.
std::string shortName(const std::string &name)
{
    if (name.size() <= kLongestName)
        return name;
    std::size_t begin = name.size() - kLongestName;
    while (begin < name.size() && (static_cast<unsigned char>(name[begin]) & 0xC0U) == 0x80U)
        ++begin; // not inside of a letter
    return "…" + name.substr(begin);
}

std::string begin(std::string_view title, std::string_view legend, std::string_view about)
{
    return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" "
                       "aria-label=\"{}\">\n<title>{}</title>\n<text class=\"t\" x=\"{}\" y=\"20\">{}</text>\n{}",
                       kWidth, kHeight, escaped(about), escaped(title), kLeft, escaped(title), legend);
}

std::string grid(const Axis &axis, std::string_view unit, bool percent)
{
    std::string svg;
    const double last = std::max(axis.last(), axis.first() + 1);
    for (double decade = axis.first(); decade <= last + 0.5; ++decade) {
        const double value = std::pow(10.0, decade);
        const std::string words = percent ? shortPercentText(value) : shortNumberText(value, 3);
        svg += fmt::format("<line class=\"g\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/>"
                           "<text class=\"l\" x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>\n",
                           kLeft, kWidth - kRight, axis.y(value), kLeft - 6, axis.y(value) + 4, escaped(words));
    }
    return svg + fmt::format("<text class=\"l\" transform=\"translate(14 {}) rotate(-90)\" "
                             "text-anchor=\"middle\">{}</text>\n",
                             (kTop + kHeight - kBottom) / 2, escaped(unit));
}

double columnWidth(std::size_t columns)
{
    return (kWidth - kLeft - kRight) / static_cast<double>(std::max<std::size_t>(columns, 1));
}

double centre(std::size_t column, std::size_t columns)
{
    return kLeft + (static_cast<double>(column) + 0.5) * columnWidth(columns);
}

std::string names(const Report &report)
{
    const std::size_t columns = report.layers.size();
    std::string svg;
    const std::size_t step = (columns + kMostNames - 1) / kMostNames;
    for (std::size_t i = 0; i < columns; i += std::max<std::size_t>(step, 1)) {
        if (!report.layers[i])
            continue;
        svg +=
            fmt::format("<text class=\"n\" transform=\"translate({:.1f} {}) rotate(-30)\" "
                        "text-anchor=\"end\">{}</text>\n",
                        centre(i, columns) + 4, kHeight - kBottom + 14, escaped(shortName(report.layers[i]->module)));
    }
    return svg;
}

std::string legendOf(bool other)
{
    if (!other)
        return {};
    const double x = kWidth - 130;
    return fmt::format("<rect class=\"a\" x=\"{0}\" y=\"10\" width=\"11\" height=\"11\"/>"
                       "<text class=\"l\" x=\"{1}\" y=\"20\">A</text>"
                       "<rect class=\"b\" x=\"{2}\" y=\"10\" width=\"11\" height=\"11\"/>"
                       "<text class=\"l\" x=\"{3}\" y=\"20\">B</text>\n",
                       x, x + 16, x + 50, x + 66);
}

std::optional<double> above(std::optional<double> value)
{
    return value && *value > 0 && std::isfinite(*value) ? value : std::nullopt;
}

/// Smallest, median and largest scale.
std::optional<std::array<double, 3>> scalesOf(const Report &report, std::size_t layer)
{
    const LayerReport *known = layer < report.layers.size() ? report.layers[layer].get() : nullptr;
    if (!known || !known->hasScales())
        return std::nullopt;
    const LayerQuantization &q = *known->quantization;
    return std::array{static_cast<double>(q.scaleMin), static_cast<double>(q.scaleMedian),
                      static_cast<double>(q.scaleMax)};
}

} // namespace

std::string escaped(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (const char letter : text) {
        switch (letter) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        case '\'':
            result += "&#39;";
            break;
        default:
            result += static_cast<unsigned char>(letter) < 0x20 && letter != '\n' ? '?' : letter;
        }
    }
    return result;
}

std::string errorFigure(const Report &report, const Report *other)
{
    const std::size_t columns = report.layers.size();
    ShownErrorKind kind = shownErrorKind(report);
    // A network that takes long is run as a whole, and no layer alone.
    bool any = false;
    for (std::size_t i = 0; i < columns; ++i)
        any = any || shownError(report, i, kind).value;
    if (!any)
        kind = ShownErrorKind::Weights;
    // Weights can be compared whatever else was measured on either side.
    if (other && shownErrorKind(*other) != kind)
        kind = ShownErrorKind::Weights;
    const bool both = other && other->layers.size() == columns;
    Axis axis;
    std::vector<std::optional<double>> own(columns), beside(columns);
    for (std::size_t i = 0; i < columns; ++i) {
        own[i] = above(shownError(report, i, kind).value);
        beside[i] = both ? above(shownError(*other, i, kind).value) : std::nullopt;
        axis.include(own[i].value_or(0));
        axis.include(beside[i].value_or(0));
    }
    if (axis.empty())
        return {};
    const std::string_view title = kind == ShownErrorKind::Alone     ? "Output error when only this layer is quantized"
                                   : kind == ShownErrorKind::Weights ? "Weight error"
                                                                     : "Output error of the layer";
    std::string svg = begin(title, legendOf(both), fmt::format("{} of {} layers", title, columns));
    svg += grid(axis, "relative error", true);
    const double width = columnWidth(columns) * (both ? 0.36 : 0.6);
    const double foot = kHeight - kBottom;
    const auto bar = [&](char side, double x, double value, const std::string &name) {
        const double top = axis.y(value);
        svg += fmt::format("<rect class=\"{}\" x=\"{:.2f}\" y=\"{:.1f}\" width=\"{:.2f}\" height=\"{:.1f}\">"
                           "<title>{}: {}</title></rect>\n",
                           side, x, top, width, foot - top, escaped(name), escaped(percentText(value)));
    };
    for (std::size_t i = 0; i < columns; ++i) {
        const std::string name = report.layers[i] ? report.layers[i]->module : std::string();
        const double x = centre(i, columns);
        if (own[i])
            bar('a', both ? x - width - 1 : x - width / 2, *own[i], name);
        if (beside[i])
            bar('b', x + 1, *beside[i], name);
        if (own[i] && columns <= kMostNumbers)
            svg += fmt::format("<text class=\"v\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                               both ? x - width / 2 - 1 : x, axis.y(*own[i]) - 4, escaped(percentText(*own[i])));
    }
    return svg + names(report) + "</svg>\n";
}

std::string scaleFigure(const Report &report, const Report *other)
{
    const std::size_t columns = report.layers.size();
    const bool both = other && other->layers.size() == columns;
    Axis axis;
    for (std::size_t i = 0; i < columns; ++i)
        for (const Report *side : {&report, both ? other : nullptr})
            if (const auto scales = side ? scalesOf(*side, i) : std::nullopt) {
                axis.include((*scales)[1]);
                axis.include((*scales)[2]);
                // Scales of dead channels mean nothing, and would take most of the axis.
                axis.include(std::max((*scales)[0], (*scales)[1] / 1000));
            }
    if (axis.empty())
        return {};
    std::string svg = begin("Scales: smallest, median, largest", legendOf(both),
                            fmt::format("Smallest, median and largest scale of {} layers", columns));
    svg += grid(axis, "scale (step size)", false);
    const double width = std::clamp(columnWidth(columns) * 0.3, 0.6, 14.0);
    const auto range = [&](char side, double x, const std::array<double, 3> &scales) {
        const double top = axis.y(scales[2]);
        svg += fmt::format("<rect class=\"{0}\" opacity=\"0.55\" x=\"{1:.2f}\" y=\"{2:.1f}\" width=\"{3:.2f}\" "
                           "height=\"{4:.1f}\"/><rect class=\"m\" x=\"{1:.2f}\" y=\"{5:.1f}\" width=\"{3:.2f}\" "
                           "height=\"2\"/>\n",
                           side, x, top, width, std::max(axis.y(scales[0]) - top, 1.0), axis.y(scales[1]) - 1);
    };
    for (std::size_t i = 0; i < columns; ++i) {
        const double x = centre(i, columns);
        if (const auto scales = scalesOf(report, i); scales && (*scales)[2] > 0)
            range('a', both ? x - width - 1 : x - width / 2, *scales);
        if (const auto scales = both ? scalesOf(*other, i) : std::nullopt; scales && (*scales)[2] > 0)
            range('b', x + 1, *scales);
    }
    return svg + names(report) + "</svg>\n";
}

} // namespace qs::reports
