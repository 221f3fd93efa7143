// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/run_plan.h"

#include "core/eval/operator.h"
#include "core/network/queries.h"

#include <algorithm>
#include <numeric>

namespace qs {
namespace {

/// Beyond so many pairs of slots and steps every value counts as one to start from.
constexpr std::size_t kMostRestartSteps = 200'000'000;

void sortOnce(std::vector<std::uint32_t> &values)
{
    std::ranges::sort(values);
    const auto repeats = std::ranges::unique(values);
    values.erase(repeats.begin(), repeats.end());
}

/// The node of the outermost graph that is `node` or holds it.
std::uint32_t outermost(const Network &network, NodeRef node)
{
    while (node.graph != 0) {
        const NetworkGraph &graph = network.graphs[node.graph];
        node = {graph.parent, graph.parentNode};
    }
    return node.node;
}

std::uint32_t firstOutput(const NetworkNode &node)
{
    const auto output = std::ranges::find_if(node.outputs, [](std::uint32_t value) { return value != kAbsent; });
    return output == node.outputs.end() ? kAbsent : *output;
}

/// The weights of a layer stand for themselves where the network asks for floats; codes of a file stay codes.
bool isSlot(const Model &model, const NetworkValue &value, const Layer &layer)
{
    if (layer.stored && value.dtype != DType::F32)
        return false;
    return model.tensors[*value.tensor].shape == model.tensorOf(layer).shape;
}

std::optional<std::size_t> layerOf(const Model &model, std::size_t tensor)
{
    const auto alias = model.aliases.find(tensor);
    return model.layerOf(alias == model.aliases.end() ? tensor : alias->second);
}

} // namespace

Result<std::shared_ptr<const RunPlan>> RunPlan::make(const Model &model, std::shared_ptr<const Network> network)
{
    QS_CHECK(checkOperators(*network));
    const NetworkLinks links(*network);
    if (const auto wrong = firstOutOfOrder(links))
        return fail(ErrorCode::Work,
                    Text::of("node {} takes a value that is made behind it", inQuotes(links.nodeAt(*wrong).name)));
    std::shared_ptr<RunPlan> plan(new RunPlan(std::move(network)));
    const std::vector<std::vector<bool>> counts = reachable(links);
    plan->addSteps(counts[0]);
    plan->addSlots(model, counts);
    return plan;
}

void RunPlan::addSteps(const std::vector<bool> &counts)
{
    const Network &network = *m_network;
    std::vector<std::vector<std::uint32_t>> tensors(network.graphs[0].nodes.size()); // in bodies, by node
    std::vector<std::vector<std::uint32_t>> inside(network.graphs[0].nodes.size());
    std::vector<std::uint32_t> holder(network.graphs.size());
    for (std::uint32_t g = 1; g < network.graphs.size(); ++g) { // bodies stand behind the graphs that hold them
        const NetworkGraph &graph = network.graphs[g];
        holder[g] = graph.parent == 0 ? graph.parentNode : holder[graph.parent];
        if (graph.parent == 0)
            std::ranges::copy(graph.captures, std::back_inserter(tensors[holder[g]]));
    }
    for (std::uint32_t v = 0; v < network.values.size(); ++v)
        if (const std::uint32_t graph = network.values[v].graph; graph != 0)
            (isStored(v) ? tensors : inside)[holder[graph]].push_back(v);
    for (std::uint32_t n = 0; n < network.graphs[0].nodes.size(); ++n) {
        if (!counts[n])
            continue;
        RunStep &step = m_steps.emplace_back();
        const NetworkNode &node = network.graphs[0].nodes[n];
        const auto isThere = [](std::uint32_t value) { return value != kAbsent; };
        step.node = n;
        step.reads = std::move(tensors[n]);
        step.makes = std::move(inside[n]);
        std::ranges::copy_if(node.inputs, std::back_inserter(step.reads), isThere);
        std::ranges::copy_if(node.outputs, std::back_inserter(step.makes), isThere);
        sortOnce(step.reads);
        sortOnce(step.makes);
    }
}

void RunPlan::addSlots(const Model &model, const std::vector<std::vector<bool>> &counts)
{
    const Network &network = *m_network;
    const NetworkLinks links(network);
    std::vector<std::uint32_t> slotOfLayer(model.layers.size(), kAbsent);
    m_slotOf.assign(network.values.size(), kAbsent);
    for (std::uint32_t v = 0; v < network.values.size(); ++v) {
        const NetworkValue &value = network.values[v];
        const auto layer = value.tensor ? layerOf(model, *value.tensor) : std::nullopt;
        if (!layer || !isSlot(model, value, model.layers[*layer]))
            continue;
        std::uint32_t &slot = slotOfLayer[*layer];
        if (slot == kAbsent) {
            slot = static_cast<std::uint32_t>(m_slots.size());
            m_slots.push_back({.layer = *layer, .values = {}});
        }
        m_slots[slot].values.push_back(v);
    }
    for (LayerSlot &slot : m_slots) {
        for (const std::uint32_t value : slot.values) {
            for (const NodeRef &node : nodesReading(links, *network.values[value].tensor)) {
                const std::uint32_t holder = outermost(network, node);
                if (!counts[node.graph][node.node] || (slot.output != kAbsent && slot.node <= holder))
                    continue;
                slot.output = firstOutput(links.nodeAt(node));
                slot.node = holder;
            }
        }
    }
    std::erase_if(m_slots, [](const LayerSlot &slot) { return slot.output == kAbsent; });
    std::ranges::stable_sort(m_slots, {}, &LayerSlot::node);
    for (std::uint32_t s = 0; s < m_slots.size(); ++s)
        for (const std::uint32_t value : m_slots[s].values)
            m_slotOf[value] = s;
}

std::optional<std::size_t> RunPlan::slotOf(std::uint32_t value) const
{
    return m_slotOf[value] == kAbsent ? std::nullopt : std::optional<std::size_t>(m_slotOf[value]);
}

bool RunPlan::isStored(std::uint32_t value) const
{
    return m_network->values[value].tensor.has_value() || m_network->values[value].constant != kAbsent;
}

std::vector<std::uint32_t> RunPlan::stepsBehind(std::span<const std::uint32_t> values) const
{
    std::vector<bool> changed(m_network->values.size());
    for (const std::uint32_t value : values)
        changed[value] = true;
    std::vector<std::uint32_t> result;
    for (std::uint32_t s = 0; s < m_steps.size(); ++s) {
        if (std::ranges::none_of(m_steps[s].reads, [&](std::uint32_t value) { return changed[value]; }))
            continue;
        result.push_back(s);
        for (const std::uint32_t value : m_steps[s].makes)
            changed[value] = true;
    }
    return result;
}

std::vector<bool> RunPlan::restartValues() const
{
    std::vector<bool> result(m_network->values.size());
    if (m_slots.size() * m_steps.size() > kMostRestartSteps) {
        for (std::uint32_t v = 0; v < result.size(); ++v)
            result[v] = !isStored(v);
        return result;
    }
    std::vector<std::uint32_t> madeFor(result.size()); // slot + 1 behind which the value changes
    for (std::uint32_t slot = 0; slot < m_slots.size(); ++slot) {
        const std::vector<std::uint32_t> steps = stepsBehind(m_slots[slot].values);
        for (const std::uint32_t s : steps)
            for (const std::uint32_t value : m_steps[s].makes)
                madeFor[value] = slot + 1;
        for (const std::uint32_t s : steps)
            for (const std::uint32_t value : m_steps[s].reads)
                if (madeFor[value] != slot + 1 && !isStored(value))
                    result[value] = true;
    }
    return result;
}

} // namespace qs
