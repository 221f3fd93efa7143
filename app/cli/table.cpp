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
    if (m_pieces.empty() || m_pieces.back().size() >= kPieceBytes) {
        m_pieces.emplace_back();
        m_above.clear();
    }
    for (std::size_t column = 0; column < cells.size(); ++column) {
        if (!m_above.empty() && m_above[column] == cells[column])
            m_pieces.back() += kSame;
        else
            m_pieces.back() += cells[column];
        m_pieces.back() += kEnd;
    }
    m_above = cells;
}

void Table::takeRow(std::string_view &cells, Cells &row)
{
    for (std::string_view &cell : row) {
        const std::size_t size = cells.find(kEnd);
        if (const std::string_view found = cells.substr(0, size); found != std::string_view(&kSame, 1))
            cell = found;
        cells.remove_prefix(size + 1);
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
    auto piece = m_pieces.begin();
    std::string_view rest;
    Cells cells(m_columns.size());
    for (const Row &row : m_rows) {
        if (rest.empty())
            rest = *piece++;
        takeRow(rest, cells);
        for (std::size_t column = 0; column < cells.size(); ++column)
            if (!row.inSpan(column))
                widths[column] = std::max(widths[column], displayWidth(cells[column]));
    }
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

void Table::appendLine(std::string &text, const Row &row, const Cells &cells, const Layout &layout) const
{
    const auto &[widths, shown, gap] = layout;
    const auto append = [&](std::size_t column, std::string_view cell, std::size_t width, bool right) {
        if (column > 0)
            text.append(gap, ' ');
        appendPadded(text, cell, width, right);
    };
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        if (!row.inSpan(column)) {
            if (shown[column])
                append(column, cells[column], widths[column], m_columns[column].right);
            continue;
        }
        std::size_t width = 0; // of the columns that are shown, and of the gaps between them
        const std::size_t first = column;
        for (; column <= row.spanLast; ++column) {
            if (shown[column])
                width += widths[column] + (width > 0 ? gap : 0);
        }
        --column;
        if (width > 0)
            append(first, cells[first], width, false);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
}

void Table::appendTo(std::string &text)
{
    const Layout columns = layout();
    const std::size_t total = columns.total();
    Cells cells;
    for (const Column &column : m_columns)
        cells.push_back(column.title);
    text.reserve(text.size() + (m_rows.size() + 4) * (total + 1)); // more than enough but for letters outside ASCII
    appendLine(text, {}, cells, columns);
    for (std::size_t i = 0; i < total; ++i)
        text += "─";
    text += "\n";
    auto piece = m_pieces.begin();
    std::string_view rest;
    for (const Row &row : m_rows) {
        if (rest.empty()) {
            if (piece != m_pieces.begin())
                std::string().swap(*std::prev(piece));
            rest = *piece++;
        }
        takeRow(rest, cells);
        appendLine(text, row, cells, columns);
    }
    m_rows.clear();
    m_pieces.clear();
    m_above.clear();
    text += leftOut(columns);
}

} // namespace qs::cli
