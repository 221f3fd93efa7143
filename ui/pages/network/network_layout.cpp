// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/network/network_layout.h"

#include <igraph/igraph.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace qs::ui {
namespace {

constexpr std::uint64_t kMostTurns = 30'000; // points of lines in the ranks that they pass
constexpr igraph_integer_t kSweeps = 40;

/// Memory of igraph, freed at the end of the scope.
class Integers
{
public:
    Integers() { igraph_vector_int_init(&m_vector, 0); }
    ~Integers() { igraph_vector_int_destroy(&m_vector); }
    Integers(const Integers &) = delete;
    Integers &operator=(const Integers &) = delete;
    void add(std::size_t value) { igraph_vector_int_push_back(&m_vector, static_cast<igraph_integer_t>(value)); }
    igraph_vector_int_t *get() { return &m_vector; }
    std::size_t size() const { return static_cast<std::size_t>(igraph_vector_int_size(&m_vector)); }
    std::size_t operator[](std::size_t i) const { return static_cast<std::size_t>(VECTOR(m_vector)[i]); }

private:
    igraph_vector_int_t m_vector;
};

class Places
{
public:
    Places() { igraph_matrix_init(&m_matrix, 0, 0); }
    ~Places() { igraph_matrix_destroy(&m_matrix); }
    Places(const Places &) = delete;
    Places &operator=(const Places &) = delete;
    igraph_matrix_t *get() { return &m_matrix; }
    std::size_t count() const { return static_cast<std::size_t>(igraph_matrix_nrow(&m_matrix)); }
    /// x the rank, y the row: igraph draws from top to bottom, we from left to right.
    QPointF operator[](std::size_t i) const
    {
        const auto row = static_cast<igraph_integer_t>(i);
        return {MATRIX(m_matrix, row, 1), MATRIX(m_matrix, row, 0)};
    }

private:
    igraph_matrix_t m_matrix;
};

class Graph
{
public:
    ~Graph()
    {
        if (m_made)
            igraph_destroy(&m_graph);
    }
    Graph() = default;
    Graph(const Graph &) = delete;
    Graph &operator=(const Graph &) = delete;
    bool make(Integers &ends, std::size_t nodes)
    {
        m_made = igraph_create(&m_graph, ends.get(), static_cast<igraph_integer_t>(nodes), IGRAPH_DIRECTED) ==
                 IGRAPH_SUCCESS;
        return m_made;
    }
    void adopt() { m_made = true; } ///< get() was filled by a function of igraph
    igraph_t *get() { return &m_graph; }

private:
    igraph_t m_graph{};
    bool m_made = false;
};

/// Rows from 0 on, in both places and paths.
void startAtZero(NetworkPicture &picture)
{
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    const auto look = [&](QPointF point) {
        least = std::min(least, point.y());
        most = std::max(most, point.y());
        picture.columns = std::max(picture.columns, point.x() + 1);
    };
    for (const QPointF &place : picture.places)
        look(place);
    for (const auto &path : picture.paths)
        for (const QPointF &point : path)
            look(point);
    if (picture.places.empty())
        return;
    picture.rows = most - least + 1;
    for (QPointF &place : picture.places)
        place.ry() -= least;
    for (auto &path : picture.paths)
        for (QPointF &point : path)
            point.ry() -= least;
}

} // namespace

Result<std::shared_ptr<const NetworkPicture>> layOut(std::shared_ptr<const Network> network, NetworkMap map,
                                                     const TaskContext &context)
{
    auto picture = std::make_shared<NetworkPicture>();
    picture->network = std::move(network);
    picture->map = std::move(map);
    const auto &boxes = picture->map.boxes;
    const auto &lines = picture->map.lines;
    std::uint64_t turns = 0;
    Integers ends;
    Integers ranks;
    for (const NetworkBox &box : boxes)
        ranks.add(box.rank);
    for (const auto &[from, to] : lines) {
        ends.add(from);
        ends.add(to);
        turns += boxes[to].rank - boxes[from].rank - 1;
    }
    if (turns > kMostTurns)
        return fail(ErrorCode::Work,
                    Text::of("lines of this network pass {} other columns; a picture holds {}", turns, kMostTurns));
    QS_CHECK(context.check());
    igraph_set_error_handler(igraph_error_handler_ignore); // its own ends the program
    Graph graph;
    Graph extended; // with a node for each turn of a line
    Integers lineOf;
    Places places;
    const bool placed = graph.make(ends, boxes.size()) &&
                        igraph_layout_sugiyama(graph.get(), places.get(), extended.get(), lineOf.get(), ranks.get(), 1,
                                               1, kSweeps, nullptr) == IGRAPH_SUCCESS;
    if (!placed)
        return fail(ErrorCode::Work, Text::of("there is no memory for the picture of {} boxes", boxes.size()));
    extended.adopt();
    QS_CHECK(context.check());
    for (std::size_t i = 0; i < boxes.size(); ++i)
        picture->places.push_back(places[i]);
    // Per line the pieces that it was cut into, by the node at which each begins.
    std::vector<std::unordered_map<std::size_t, std::size_t>> pieces(lines.size());
    for (std::size_t i = 0; i < lineOf.size(); ++i) {
        igraph_integer_t from = 0;
        igraph_integer_t to = 0;
        igraph_edge(extended.get(), static_cast<igraph_integer_t>(i), &from, &to);
        pieces[lineOf[i]].emplace(static_cast<std::size_t>(from), static_cast<std::size_t>(to));
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::vector<QPointF> path{places[lines[i].first]};
        for (auto piece = pieces[i].find(lines[i].first); piece != pieces[i].end() && path.size() <= pieces[i].size();
             piece = pieces[i].find(piece->second))
            path.push_back(places[piece->second]);
        picture->paths.push_back(std::move(path));
    }
    startAtZero(*picture);
    return picture;
}

} // namespace qs::ui
