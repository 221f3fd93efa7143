// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/table.h"

#include "app/cli/text.h"

#include <algorithm>

namespace qs::cli {
namespace {

constexpr std::size_t kMinFirstColumn = 12;

void appendPadded(std::string &line, const std::string &text, std::size_t width, bool right)
{
    const std::string cell = elided(text, width);
    const std::string padding(width - displayWidth(cell), ' ');
    line += right ? padding + cell : cell + padding;
}

} // namespace

Table::Table(std::vector<Column> columns)
    : m_columns(std::move(columns))
{}

void Table::addRow(std::vector<std::string> cells)
{
    m_rows.push_back({std::move(cells), 0, 0, {}});
}

void Table::addRow(std::vector<std::string> cells, std::size_t first, std::size_t last, std::string text)
{
    m_rows.push_back({std::move(cells), first, last, std::move(text)});
}

Table::Layout Table::layout() const
{
    Layout result;
    std::vector<std::size_t> &widths = result.widths;
    std::size_t others = 0;
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        std::size_t width = displayWidth(m_columns[column].title);
        for (const Row &row : m_rows) {
            if (!row.inSpan(column))
                width = std::max(width, displayWidth(row.cells[column]));
        }
        widths.push_back(width);
        if (column > 0)
            others += width;
    }
    const std::size_t gaps = widths.size() - 1;
    const std::size_t first = std::min(widths[0], kMinFirstColumn);
    if (first + others + gaps * result.gap > kTableWidth)
        result.gap = 1;
    others += gaps * result.gap;
    widths[0] = std::clamp(kTableWidth > others ? kTableWidth - others : 0, first, widths[0]);
    return result;
}

std::string Table::line(const Row &row, const Layout &layout) const
{
    const auto &[widths, gap] = layout;
    std::string result;
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        if (column > 0)
            result.append(gap, ' ');
        if (!row.inSpan(column)) {
            appendPadded(result, row.cells[column], widths[column], m_columns[column].right);
            continue;
        }
        std::size_t width = widths[column];
        for (; column < row.spanLast; ++column)
            width += gap + widths[column + 1];
        appendPadded(result, row.spanText, width, false);
    }
    result.erase(result.find_last_not_of(' ') + 1);
    return result + "\n";
}

std::string Table::text() const
{
    const Layout columns = layout();
    Row titles;
    std::size_t total = 0;
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        titles.cells.push_back(m_columns[column].title);
        total += columns.widths[column] + (column > 0 ? columns.gap : 0);
    }
    std::string result = line(titles, columns);
    for (std::size_t i = 0; i < total; ++i)
        result += "─";
    result += "\n";
    for (const Row &row : m_rows)
        result += line(row, columns);
    return result;
}

} // namespace qs::cli
