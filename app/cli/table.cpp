// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/table.h"

#include "app/cli/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace qs::cli {
namespace {

constexpr std::size_t kMinFirstColumn = 12;
std::size_t g_width = 0;
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

void appendPadded(std::string &line, std::string_view text, std::size_t width, bool right)
{
    const std::size_t length = displayWidth(text);
    const std::size_t padding = width - std::min(width, length);
    line.append(right ? padding : 0, ' ');
    if (length <= width)
        line += text;
    else
        line += elided(text, width);
    line.append(right ? 0 : padding, ' ');
}

/// Cuts the first cell off.
std::string_view takeCell(std::string_view &cells, char end)
{
    const std::size_t size = cells.find(end);
    const std::string_view cell = cells.substr(0, size);
    cells.remove_prefix(size + 1);
    return cell;
}

} // namespace

void setTableWidth(std::size_t width)
{
    g_width = width;
}

std::size_t Table::Layout::total() const
{
    std::size_t sum = 0;
    for (std::size_t column = 0; column < widths.size(); ++column)
        if (shown[column])
            sum += widths[column] + (column > 0 ? gap : 0);
    return sum;
}

Table::Table(std::vector<Column> columns)
    : m_columns(std::move(columns))
{}

void Table::addCells(const std::vector<std::string> &cells)
{
    if (m_pieces.empty() || m_pieces.back().size() >= kPieceBytes)
        m_pieces.emplace_back();
    for (const std::string &cell : cells)
        (m_pieces.back() += cell) += kEnd;
}

template <class Use> void Table::forEachRow(Use use) const
{
    auto piece = m_pieces.begin();
    std::string_view cells;
    for (const Row &row : m_rows) {
        if (cells.empty())
            cells = *piece++;
        use(row, cells);
    }
}

void Table::addRow(std::vector<std::string> cells)
{
    addCells(cells);
    m_rows.emplace_back();
}

void Table::addRow(std::vector<std::string> cells, std::size_t first, std::size_t last, std::string text)
{
    for (std::size_t column = first; column <= last; ++column)
        cells[column] = column == first ? std::move(text) : std::string();
    addCells(cells);
    m_rows.push_back({static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(last)});
}

Table::Layout Table::layout() const
{
    Layout result;
    std::vector<std::size_t> &widths = result.widths;
    for (const Column &column : m_columns)
        widths.push_back(displayWidth(column.title));
    forEachRow([&](const Row &row, std::string_view &cells) {
        for (std::size_t column = 0; column < m_columns.size(); ++column) {
            const std::string_view cell = takeCell(cells, kEnd);
            if (!row.inSpan(column))
                widths[column] = std::max(widths[column], displayWidth(cell));
        }
    });
    result.shown.assign(m_columns.size(), true);
    if (g_width == 0 || result.total() <= g_width)
        return result;
    for (std::size_t column = 0; column < m_columns.size(); ++column)
        if (m_columns[column].most > 0)
            widths[column] = std::min(widths[column], m_columns[column].most);
    if (result.total() > g_width)
        result.gap = 1;
    const std::size_t first = std::min(widths[0], kMinFirstColumn);
    const auto others = [&] { return result.total() - widths[0]; };
    while (first + others() > g_width) {
        std::size_t next = 0;
        for (std::size_t column = 1; column < m_columns.size(); ++column)
            if (result.shown[column] && m_columns[column].leave > m_columns[next].leave)
                next = column;
        if (next == 0)
            break; // what is left is needed
        result.shown[next] = false;
    }
    widths[0] = std::clamp(g_width > others() ? g_width - others() : 0, first, widths[0]);
    return result;
}

std::string Table::leftOut(const Layout &layout) const
{
    std::string names;
    for (std::size_t column = 0; column < m_columns.size(); ++column)
        if (!layout.shown[column])
            (names += names.empty() ? "" : ", ") += m_columns[column].title;
    return names.empty() ? names : fmt::format("Left out for want of room: {}. All of it: --width 0\n", names);
}

void Table::appendLine(std::string &text, const Row &row, std::string_view &cells, const Layout &layout) const
{
    const auto &[widths, shown, gap] = layout;
    const auto append = [&](std::size_t column, std::string_view cell, std::size_t width, bool right) {
        if (column > 0)
            text.append(gap, ' ');
        appendPadded(text, cell, width, right);
    };
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        const std::string_view cell = takeCell(cells, kEnd);
        if (!row.inSpan(column)) {
            if (shown[column])
                append(column, cell, widths[column], m_columns[column].right);
            continue;
        }
        std::size_t width = 0; // of the columns that are shown, and of the gaps between them
        const std::size_t first = column;
        for (; column <= row.spanLast; ++column) {
            if (column > first)
                takeCell(cells, kEnd);
            if (shown[column])
                width += widths[column] + (width > 0 ? gap : 0);
        }
        --column;
        if (width > 0)
            append(first, cell, width, false);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
}

void Table::appendTo(std::string &text)
{
    const Layout columns = layout();
    std::string titles;
    const std::size_t total = columns.total();
    for (const Column &column : m_columns)
        (titles += column.title) += kEnd;
    text.reserve(text.size() + (m_rows.size() + 4) * (total + 1)); // more than enough but for letters outside ASCII
    std::string_view cells = titles;
    appendLine(text, {}, cells, columns);
    for (std::size_t i = 0; i < total; ++i)
        text += "─";
    text += "\n";
    auto piece = m_pieces.begin();
    for (const Row &row : m_rows) {
        if (cells.empty()) {
            if (piece != m_pieces.begin())
                std::string().swap(*std::prev(piece));
            cells = *piece++;
        }
        appendLine(text, row, cells, columns);
    }
    m_rows.clear();
    m_pieces.clear();
    text += leftOut(columns);
}

} // namespace qs::cli
