// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NamedProducer: one that another process can make anew.
#pragma once

#include "core/export/payload.h"
#include "core/recipe/recipe.h"

namespace qs {

/// What the number of an item counts.
enum class ItemOf : std::uint8_t { Nothing, Tensors, Layers };

/// A producer whose bytes follow from its name and from the item's tensor and, of layers, its decision alone: a model
/// that holds nothing else gives the same bytes.
class NamedProducer : public Producer
{
public:
    /// What producerOf() makes the same producer of; empty when it cannot.
    virtual std::string name() const = 0;
    virtual ItemOf itemOf() const { return ItemOf::Layers; }
};

/// The producer of that name, of this model and these decisions, which must outlive it; null for other names.
std::shared_ptr<const NamedProducer> producerOf(std::string_view name, const Model &model,
                                                std::span<const Decision> decisions);

} // namespace qs
