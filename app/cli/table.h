// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Table: aligned columns for a terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qs::cli {

/// Columns that all tables may take from now on; 0: as many as they like.
void setTableWidth(std::size_t width);

/// Where there is no room, the first column is shortened in the middle, then columns are left out; a line below the
/// table names them.
class Table
{
public:
    struct Column {
        std::string title;
        bool right = false;   ///< numbers are aligned to the right
        int leave = 0;        ///< the higher, the earlier it is left out; 0: never
        std::size_t most = 0; ///< where room is short, its texts are shortened to this width; 0: never
    };

    explicit Table(std::vector<Column> columns);

    /// One cell per column.
    void addRow(std::vector<std::string> cells);
    /// The same, but `text` stands across the columns from `first` to `last`.
    void addRow(std::vector<std::string> cells, std::size_t first, std::size_t last, std::string text);
    bool empty() const { return m_rows.empty(); }
    /// Appends title line, rule and rows, each ended by a line feed. The table is empty then: that of a million layers
    /// does not stand in memory twice.
    void appendTo(std::string &text);

private:
    /// A line of the table. Its cells, each ended by kEnd, stand behind those of the row before it; those of a span are
    /// empty but for the first, which holds its text.
    struct Row {
        std::uint8_t spanFirst = 0; ///< 0: no span, since the first column is always its own
        std::uint8_t spanLast = 0;
        bool inSpan(std::size_t column) const { return spanFirst != 0 && column >= spanFirst && column <= spanLast; }
    };
    static constexpr char kEnd = '\x1f';         ///< stands in no text that can be shown
    static constexpr char kSame = '\x1e';        ///< likewise: the cell is that of the row above
    using Cells = std::vector<std::string_view>; ///< one per column

    struct Layout {
        std::vector<std::size_t> widths;
        std::vector<bool> shown;
        std::size_t gap = 2; ///< 1 when the table would be too wide

        std::size_t total() const;
    };
    std::string leftOut(const Layout &layout) const;
    Layout layout() const;
    void addCells(const std::vector<std::string> &cells);
    /// Cuts the cells of a row off. `row` holds those of the row above it in the same piece.
    static void takeRow(std::string_view &cells, Cells &row);
    void appendLine(std::string &text, const Row &row, const Cells &cells, const Layout &layout) const;

    std::vector<Column> m_columns;
    std::vector<Row> m_rows;
    /// The cells of all rows. A table may have a million rows; one text would be copied each time it grows, so the
    /// cells are spread over pieces of about a MiB.
    std::vector<std::string> m_pieces;
    std::vector<std::string> m_above; ///< cells of the last row of the last piece
};

} // namespace qs::cli
