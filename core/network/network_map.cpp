// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/network_map.h"

#include "core/network/queries.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

namespace qs {
namespace {

using Boxes = std::vector<std::uint32_t>; // ascending, none twice

/// Operators whose outputs know the shape of their input and nothing of its values.
constexpr std::array<std::string_view, 3> kShapeOnly{"Shape", "Size", "ConstantOfShape"};

template <class T> void append(std::vector<T> &list, const std::vector<T> &more)
{
    list.insert(list.end(), more.begin(), more.end());
}

template <class T> void eachOnce(std::vector<T> &set)
{
    std::ranges::sort(set);
    const auto twice = std::ranges::unique(set);
    set.erase(twice.begin(), twice.end());
}

/// Walks through the nodes in the order in which they run, and knows of each value which boxes it comes from and, where
/// it comes from stored tensors alone, whose weights it holds.
class MapMaker
{
public:
    MapMaker(const Model &model, const Network &network)
        : m_model(model)
        , m_network(network)
        , m_links(network)
        , m_from(network.values.size())
        , m_weights(network.values.size())
    {
        for (std::uint32_t value = 0; value < network.values.size(); ++value)
            if (const auto tensor = network.values[value].tensor)
                if (const auto layer = model.layerOf(*tensor))
                    m_weights[value] = {*layer};
    }

    Result<NetworkMap> make(const TaskContext &context)
    {
        if (const auto wrong = firstOutOfOrder(m_links))
            return fail(ErrorCode::Work,
                        Text::of("node {} takes a value before it is there", inQuotes(m_links.nodeAt(*wrong).name)));
        const auto counts = reachable(m_links);
        for (const auto &graph : counts)
            m_map.nodes += static_cast<std::size_t>(std::ranges::count(graph, true));
        const NetworkGraph &outer = m_network.graphs[0];
        for (const std::uint32_t value : outer.inputs)
            m_from[value] = {add({.kind = NetworkBox::Kind::Input, .name = nameOf(value), .output = value}, {})};
        for (std::uint32_t n = 0; n < outer.nodes.size(); ++n) {
            if (n % 1024 == 0)
                QS_CHECK(context.check());
            if (counts[0][n])
                take(outer.nodes[n]);
        }
        for (const std::uint32_t value : outer.outputs)
            add({.kind = NetworkBox::Kind::Output, .name = nameOf(value), .input = value}, m_from[value]);
        return std::move(m_map);
    }

private:
    std::string nameOf(std::uint32_t value) const { return m_network.values[value].name; }

    std::uint32_t add(NetworkBox box, const Boxes &sources)
    {
        const auto index = static_cast<std::uint32_t>(m_map.boxes.size());
        m_map.boxes.push_back(std::move(box));
        for (const std::uint32_t source : sources)
            m_map.lines.emplace_back(source, index);
        return index;
    }

    /// All that a node takes: its inputs, and what its bodies use of the graphs around them and of stored tensors.
    void collect(const NetworkNode &node, std::vector<std::uint32_t> &values) const
    {
        for (const std::uint32_t value : node.inputs)
            if (value != kAbsent)
                values.push_back(value);
        for (const NetworkAttribute &attribute : node.attributes) {
            if (const auto *body = std::get_if<GraphRef>(&attribute.value))
                collectInside(m_network.graphs[body->index], values);
            if (const auto *bodies = std::get_if<std::vector<GraphRef>>(&attribute.value))
                for (const GraphRef &body : *bodies)
                    collectInside(m_network.graphs[body.index], values);
        }
    }

    /// Bodies nest as deep as messages of a file do, whose reader has a limit.
    void collectInside(const NetworkGraph &body, std::vector<std::uint32_t> &values) const
    {
        values.insert(values.end(), body.captures.begin(), body.captures.end());
        for (const NetworkNode &node : body.nodes)
            collect(node, values);
    }

    void take(const NetworkNode &node)
    {
        std::vector<std::uint32_t> taken;
        collect(node, taken);
        Boxes sources;
        std::vector<std::size_t> layers;
        std::uint32_t first = kAbsent;
        for (const std::uint32_t value : taken) {
            append(sources, m_from[value]);
            append(layers, m_weights[value]);
            if (first == kAbsent && !m_from[value].empty())
                first = value;
        }
        eachOnce(sources);
        eachOnce(layers);
        const bool onlyShapes = node.domain.empty() && std::ranges::find(kShapeOnly, node.op) != kShapeOnly.end();
        if (onlyShapes)
            return;
        if (sources.empty()) { // weights on their way
            for (const std::uint32_t value : node.outputs)
                if (value != kAbsent)
                    m_weights[value] = layers;
            return;
        }
        Boxes from = sources;
        if (!layers.empty() || sources.size() > 1) {
            NetworkBox box{.kind = layers.empty() ? NetworkBox::Kind::Join : NetworkBox::Kind::Layer,
                           .name = layers.size() == 1 ? m_model.layers[layers[0]].module : node.name,
                           .op = node.op,
                           .layers = std::move(layers),
                           .input = first};
            const auto output =
                std::ranges::find_if(node.outputs, [](std::uint32_t value) { return value != kAbsent; });
            if (output != node.outputs.end())
                box.output = *output;
            from = {add(std::move(box), sources)};
        }
        for (const std::uint32_t value : node.outputs)
            if (value != kAbsent)
                m_from[value] = from;
    }

    const Model &m_model;
    const Network &m_network;
    NetworkLinks m_links;
    std::vector<Boxes> m_from;                       ///< by value
    std::vector<std::vector<std::size_t>> m_weights; ///< by value: layers
    NetworkMap m_map;
};

/// Each box one column behind all that lead to it; what is fed stands right before those that take it first.
void setRanks(NetworkMap &map)
{
    constexpr std::uint32_t kNone = ~0U;
    std::vector<std::uint32_t> nearest(map.boxes.size(), kNone);
    auto lines = map.lines;
    std::ranges::sort(lines, {}, [](const auto &line) { return line.second; });
    for (const auto &[from, to] : lines)
        map.boxes[to].rank = std::max(map.boxes[to].rank, map.boxes[from].rank + 1);
    for (const auto &[from, to] : map.lines)
        nearest[from] = std::min(nearest[from], map.boxes[to].rank);
    for (std::size_t i = 0; i < map.boxes.size(); ++i)
        if (map.boxes[i].kind == NetworkBox::Kind::Input && nearest[i] != kNone)
            map.boxes[i].rank = nearest[i] - 1;
}

/// The first `words` words of a name: "model.layers.0" of "model.layers.0.mlp.up_proj" for three. A slash in front
/// begins no word.
std::string_view firstWords(std::string_view name, std::size_t words)
{
    std::size_t at = name.starts_with('/') ? 1 : 0;
    for (; words > 0; --words) {
        at = name.find_first_of("./", at);
        if (at == std::string_view::npos)
            return name;
        ++at;
    }
    return name.substr(0, at - 1);
}

/// The same map with one box for all whose names have the same first words. Inputs and outputs stay.
NetworkMap groupedBy(const NetworkMap &map, std::size_t words)
{
    NetworkMap result{.nodes = map.nodes, .grouped = true};
    std::unordered_map<std::string_view, std::uint32_t> groups;
    std::vector<std::uint32_t> groupOf(map.boxes.size());
    for (std::size_t i = 0; i < map.boxes.size(); ++i) {
        const NetworkBox &box = map.boxes[i];
        const auto next = static_cast<std::uint32_t>(result.boxes.size());
        const bool stays = box.kind == NetworkBox::Kind::Input || box.kind == NetworkBox::Kind::Output;
        const std::string_view key = firstWords(box.name, words);
        groupOf[i] = stays ? next : groups.try_emplace(key, next).first->second;
        if (groupOf[i] == next) {
            result.boxes.push_back(box);
            result.boxes.back().rank = 0;
            continue;
        }
        NetworkBox &group = result.boxes[groupOf[i]];
        group.kind = NetworkBox::Kind::Group;
        group.name = key;
        group.op.clear();
        group.input = group.output = kAbsent;
        ++group.boxes;
        append(group.layers, box.layers);
    }
    for (NetworkBox &box : result.boxes)
        eachOnce(box.layers);
    for (const auto &[from, to] : map.lines)
        if (groupOf[from] < groupOf[to]) // a path that leaves a group and comes back is not drawn twice
            result.lines.emplace_back(groupOf[from], groupOf[to]);
    std::ranges::sort(result.lines);
    const auto twice = std::ranges::unique(result.lines);
    result.lines.erase(twice.begin(), twice.end());
    return result;
}

} // namespace

Result<NetworkMap> networkMap(const Model &model, const Network &network, std::size_t mostBoxes,
                              const TaskContext &context)
{
    auto map = MapMaker(model, network).make(context);
    if (!map)
        return map;
    std::ranges::sort(map->lines);
    if (map->boxes.size() > mostBoxes) {
        std::size_t words = 1; // of the longest name
        for (const NetworkBox &box : map->boxes)
            words = std::max(words, static_cast<std::size_t>(
                                        std::ranges::count_if(box.name, [](char c) { return c == '.' || c == '/'; })));
        NetworkMap grouped;
        for (words = std::min<std::size_t>(words, 16); words > 0; --words) {
            QS_CHECK(context.check());
            grouped = groupedBy(*map, words);
            if (grouped.boxes.size() <= mostBoxes)
                break;
        }
        if (words == 0)
            return fail(
                ErrorCode::Work,
                Text::of("the network has {} layers and joins, whose names begin in {} ways; a picture holds {}",
                         map->boxes.size(), grouped.boxes.size(), mostBoxes));
        map = std::move(grouped);
    }
    setRanks(*map);
    return map;
}

} // namespace qs
