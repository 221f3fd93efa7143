// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NetworkMap: what a picture of a network shows — its layers, the nodes where paths meet, and the lines between them.
#pragma once

#include "core/base/task_context.h"
#include "core/model/model.h"
#include "core/network/network.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace qs {

struct NetworkBox {
    enum class Kind : std::uint8_t {
        Input,  ///< what is fed
        Layer,  ///< a node that works with the weights of a layer, or whose bodies do
        Join,   ///< a node without such weights in which two paths meet: Add, Concat
        Output, ///< of the network
        Group,  ///< boxes whose names begin alike, where the network has more than a picture can hold
    };
    Kind kind = Kind::Join;
    std::string name = {}; ///< the layer's module, else that of the node or value, or what a group shares
    std::string op = {};   ///< "Conv"; of inputs and outputs empty
    std::vector<std::size_t> layers = {}; ///< indices into Model::layers, ascending; of groups all of them
    std::uint32_t input = kAbsent;        ///< first value that it takes from another box; kAbsent for inputs and groups
    std::uint32_t output = kAbsent;       ///< first value that it makes, or the one that is fed; kAbsent for groups
    std::size_t boxes = 1;                ///< of a group: how many it stands for
    std::uint32_t rank = 0;               ///< column in the picture: each line leads to a box of a higher rank
    bool operator==(const NetworkBox &) const = default;
};

struct NetworkMap {
    std::vector<NetworkBox> boxes = {}; ///< in the order in which the network runs
    std::vector<std::pair<std::uint32_t, std::uint32_t>> lines =
        {};                ///< from, to: indices of boxes; ascending, none twice
    std::size_t nodes = 0; ///< that some output depends on, those in bodies too
    bool grouped = false;
    bool operator==(const NetworkMap &) const = default;
};

/// Nodes that only hand one path on (activations, shapes, normalization) are parts of lines, and so are paths that
/// carry nothing but shapes. Above `mostBoxes` boxes those with the same first words of their names, which dots and
/// slashes end, become one; as few as that takes. Error{Work} when even the first words are too many, or when a node
/// takes a value before it is there; Error{Cancelled}.
Result<NetworkMap> networkMap(const Model &model, const Network &network, std::size_t mostBoxes,
                              const TaskContext &context);

} // namespace qs
