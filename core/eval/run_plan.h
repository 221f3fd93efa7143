// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// RunPlan: a network made ready to be run — which nodes count, what each takes, where the weights of layers stand.
#pragma once

#include "core/base/result.h"
#include "core/model/model.h"
#include "core/network/network.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace qs {

/// A node of the outermost graph. What its bodies take and make counts as its own.
struct RunStep {
    std::uint32_t node = 0;           ///< in the outermost graph
    std::vector<std::uint32_t> reads; ///< values, each once: of the outermost graph, and tensors inside of bodies
    std::vector<std::uint32_t> makes; ///< its outputs, and all that nodes in its bodies make
};

/// Where the weights of a layer stand in a network.
struct LayerSlot {
    std::size_t layer = 0;             ///< index into Model::layers
    std::vector<std::uint32_t> values; ///< that are these weights
    std::uint32_t output = kAbsent;    ///< first output of the first node that works with them
    std::uint32_t node = 0;            ///< of the outermost graph: that node, or the one that holds it
};

class RunPlan
{
public:
    /// Error{Work} when operators are missing or a node takes a value before it is there.
    static Result<std::shared_ptr<const RunPlan>> make(const Model &model, std::shared_ptr<const Network> network);

    const Network &network() const { return *m_network; }
    const NetworkNode &nodeOf(const RunStep &step) const { return m_network->graphs[0].nodes[step.node]; }
    /// The nodes that some output of the network depends on, in the order in which they run.
    std::span<const RunStep> steps() const { return m_steps; }
    /// Layers whose weights reach an output, in the order of their first use.
    std::span<const LayerSlot> layerSlots() const { return m_slots; }
    /// Index of the slot whose weights the value is.
    std::optional<std::size_t> slotOf(std::uint32_t value) const;
    /// A tensor or a constant: no node makes it and nobody feeds it.
    bool isStored(std::uint32_t value) const;
    /// Steps that can see a change of any of these values, ascending.
    std::vector<std::uint32_t> stepsBehind(std::span<const std::uint32_t> values) const;
    /// By value: those that a run must find in order to start at any slot, without those that are stored.
    std::vector<bool> restartValues() const;

private:
    explicit RunPlan(std::shared_ptr<const Network> network)
        : m_network(std::move(network))
    {}
    void addSteps(const std::vector<bool> &counts);
    void addSlots(const Model &model, const std::vector<std::vector<bool>> &counts);

    std::shared_ptr<const Network> m_network;
    std::vector<RunStep> m_steps;
    std::vector<LayerSlot> m_slots;
    std::vector<std::uint32_t> m_slotOf; ///< by value; kAbsent for most
};

} // namespace qs
