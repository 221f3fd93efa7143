// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A node as it is reached while the uses of a tensor are followed: attributes and constant inputs.
#pragma once

#include "core/formats/onnx/attributes.h"
#include "core/formats/onnx/constants.h"
#include "core/formats/onnx/scopes.h"
#include "core/model/model.h"

namespace qs::onnx {

/// A call of a function: what the names inside stand for.
struct CallFrame {
    const Node *call = nullptr;
    const CallFrame *outer = nullptr; ///< of the function that holds the call; null in graphs
};

/// What following needs to know. `budget` bounds all of it, however functions call each other: more than graphs without
/// functions ever cost.
struct FollowContext {
    const Source &source;
    const ModelFile &graphs;
    const Scopes &scopes;
    const Model &model;
    const ConstantValues &constants;
    std::uint64_t budget = budgetFor(graphs);

    bool exhausted() const { return budget == 0; }
    static std::uint64_t budgetFor(const ModelFile &graphs);
    void spend(std::uint64_t steps) { budget -= steps < budget ? steps : budget; }
};

class NodeView
{
public:
    NodeView(FollowContext &context, const Node &node, const CallFrame *frame)
        : m_context(context)
        , m_node(node)
        , m_frame(frame)
    {}

    const Node &node() const { return m_node; }
    const CallFrame *frame() const { return m_frame; }

    /// Attributes; inside functions they may stand for those of the call.
    std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
    std::optional<std::vector<std::int64_t>> integers(std::string_view name) const;
    std::string_view text(std::string_view name) const;
    std::optional<float> number(std::string_view name) const;

    /// The tensor that input `input` is, directly; kNone when it is computed or left out.
    std::uint32_t tensorInput(std::size_t input) const;
    bool hasInput(std::size_t input) const { return input < m_node.inputs.size() && !m_node.inputs[input].empty(); }
    /// The values of a constant input of whole numbers with at most Attribute::kMaxIntegers entries.
    std::optional<std::vector<std::int64_t>> integersInput(std::size_t input) const;

private:
    std::optional<Attribute> find(std::string_view name) const;

    FollowContext &m_context;
    const Node &m_node;
    const CallFrame *m_frame;
};

} // namespace qs::onnx
