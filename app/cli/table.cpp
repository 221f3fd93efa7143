// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/table.h"

#include "app/cli/text.h"

#include <algorithm>
#include <numeric>
#include <string_view>

namespace qs::cli {
namespace {

constexpr std::size_t kMinFirstColumn = 12;

void appendPadded(std::string &line, std::string_view text, std::size_t width, bool right)
{
    const std::string cell = elided(std::string(text), width);
    const std::size_t padding = width - displayWidth(cell);
    line.append(right ? padding : 0, ' ');
    line += cell;
    line.append(right ? 0 : padding, ' ');
}

/// Cuts the first cell off.
std::string_view takeCell(std::string_view &cells, char separator)
{
    const std::size_t size = std::min(cells.find(separator), cells.size());
    const std::string_view cell = cells.substr(0, size);
    cells.remove_prefix(std::min(size + 1, cells.size()));
    return cell;
}

std::string joined(const std::vector<std::string> &cells, char separator)
{
    std::string result;
    for (const std::string &cell : cells)
        (result += cell) += separator;
    result.pop_back();
    result.shrink_to_fit();
    return result;
}

} // namespace

Table::Table(std::vector<Column> columns)
    : m_columns(std::move(columns))
{}

void Table::addRow(std::vector<std::string> cells)
{
    m_rows.push_back({joined(cells, kSeparator), 0, 0});
}

void Table::addRow(std::vector<std::string> cells, std::size_t first, std::size_t last, std::string text)
{
    for (std::size_t column = first; column <= last; ++column)
        cells[column] = column == first ? std::move(text) : std::string();
    m_rows.push_back({joined(cells, kSeparator), static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(last)});
}

Table::Layout Table::layout() const
{
    Layout result;
    std::vector<std::size_t> &widths = result.widths;
    for (const Column &column : m_columns)
        widths.push_back(displayWidth(column.title));
    for (const Row &row : m_rows) {
        std::string_view cells = row.cells;
        for (std::size_t column = 0; column < m_columns.size(); ++column) {
            const std::string_view cell = takeCell(cells, kSeparator);
            if (!row.inSpan(column))
                widths[column] = std::max(widths[column], displayWidth(cell));
        }
    }
    std::size_t others = std::accumulate(widths.begin() + 1, widths.end(), std::size_t{0});
    const std::size_t gaps = widths.size() - 1;
    const std::size_t first = std::min(widths[0], kMinFirstColumn);
    if (first + others + gaps * result.gap > kTableWidth)
        result.gap = 1;
    others += gaps * result.gap;
    widths[0] = std::clamp(kTableWidth > others ? kTableWidth - others : 0, first, widths[0]);
    return result;
}

void Table::appendLine(std::string &text, const Row &row, const Layout &layout) const
{
    const auto &[widths, gap] = layout;
    std::string_view cells = row.cells;
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        if (column > 0)
            text.append(gap, ' ');
        const std::string_view cell = takeCell(cells, kSeparator);
        if (!row.inSpan(column)) {
            appendPadded(text, cell, widths[column], m_columns[column].right);
            continue;
        }
        std::size_t width = widths[column];
        for (; column < row.spanLast; ++column) {
            takeCell(cells, kSeparator);
            width += gap + widths[column + 1];
        }
        appendPadded(text, cell, width, false);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
}

std::string Table::text() const
{
    const Layout columns = layout();
    std::vector<std::string> titles;
    std::size_t total = 0;
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        titles.push_back(m_columns[column].title);
        total += columns.widths[column] + (column > 0 ? columns.gap : 0);
    }
    std::string result;
    result.reserve((m_rows.size() + 1) * (total + 1)); // more than enough but for letters outside ASCII
    appendLine(result, {joined(titles, kSeparator), 0, 0}, columns);
    for (std::size_t i = 0; i < total; ++i)
        result += "─";
    result += "\n";
    for (const Row &row : m_rows)
        appendLine(result, row, columns);
    return result;
}

} // namespace qs::cli
