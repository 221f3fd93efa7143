// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Follows a tensor through layout nodes, subgraphs and functions to the nodes that use it as a weight.
#pragma once

#include "core/base/text.h"
#include "core/formats/onnx/constant_folder.h"
#include "core/formats/onnx/consumers.h"

#include <deque>
#include <unordered_map>
#include <unordered_set>

namespace qs::onnx {

/// A DequantizeLinear on the way, or a Mul by constants behind a Cast of the codes, with or without a Sub before it.
struct Dequantizing {
    std::uint32_t scale = kNone; ///< index into Model::tensors; kNone when it is computed
    std::uint32_t zeroPoint = kNone;
    bool hasZeroPoint = false;
    std::optional<int> storedAxis;  ///< that the scales run along, in the layout of the file
    std::uint64_t blockSize = 0;    ///< 0: one scale per entry of that axis, or one in all
    std::string_view value = {};    ///< name of what comes of the codes
    std::optional<DType> type = {}; ///< that it is cast to
};

/// A node that uses the tensor as a weight.
struct Finding {
    NodeView view;
    Consumption consumption;
    std::optional<int> storedAxis; ///< the outputs, in the layout of the file
    std::uint8_t stackAxes = 0;    ///< leading axes in the layout of the file that count matrices
    Text reason;                   ///< why that axis, or why there is none
    std::optional<Dequantizing> dequantizing;
    std::uint32_t computed = kNone; ///< the value that is the weight, where nodes compute it; axes are those of that
                                    ///< value then
    Text changed = {};              ///< which node computes it
};

struct Followed {
    std::vector<Finding> weights;
    std::optional<Dequantizing> dequantizing; ///< met anywhere, also where no weight follows
    std::vector<std::string_view> others;     ///< op types of the first nodes that use it in another way
    std::vector<std::string_view> opaque;     ///< the same, nodes behind which outputs cannot be known
};

/// Adds the name, once and only if there are few.
void keepName(std::vector<std::string_view> &names, std::string_view name);

/// What a node that picks entries of an axis makes of a tensor.
enum class Picked : std::uint8_t {
    Weight, ///< a weight of its own
    Part    ///< a part of the one that the tensor is
};

class Follower
{
public:
    Follower(FollowContext &context, ConstantFolder &folder)
        : m_context(context)
        , m_folder(folder)
    {}

    /// Uses of a value that has this shape (no dimension is 0). Findings are valid until the next call.
    Followed follow(std::uint32_t value, const std::vector<std::uint64_t> &shape, DType dtype,
                    Picked picked = Picked::Weight);

private:
    /// A constant with one value for all, or one for each entry of an axis.
    struct Constants {
        std::uint32_t tensor = kNone;
        std::optional<int> storedAxis; ///< empty: one for all
    };

    struct Step {
        std::uint32_t value = 0;
        std::optional<AxisTrace> trace; ///< empty behind a node that could not be followed
        const CallFrame *frame = nullptr;
        std::vector<std::string_view> via;   ///< op types on the way, the first few
        Text lost;                           ///< why there is no trace
        std::uint32_t computed = kNone;      ///< as of Finding; `lost` says which node makes it
        bool isCodes = false;                ///< integers that no node has turned into weights yet
        bool isCast = false;                 ///< to floats, still codes
        std::optional<Constants> subtracted; ///< of cast codes
        std::optional<Dequantizing> dequantizing;
    };

    void visit(const Step &step, const Use &use);
    void leaveGraph(const Step &step, const Use &use);
    bool passesLayout(Step next, const Use &use, const NodeView &view);
    std::uint64_t largestPart(std::uint32_t value, const CallFrame *frame, int depth = 0);
    const Node *makerInFunction(std::uint32_t value);
    bool isConstant(const Step &step, const Use &use, const Node &node);
    bool picks(const Use &use, const Node &node) const;
    bool passesParts(const Step &step, const Use &use, const NodeView &view);
    bool takesPart(AxisTrace &trace, const NodeView &view, const Shape &shape) const;
    void computes(Step &step);
    bool passesComputing(Step next, const Use &use, const NodeView &view);
    std::optional<Dequantizing> scaling(const Step &step, const Use &use, const NodeView &view) const;
    bool applyLayout(Step &step, const NodeView &view) const;
    bool applyDequantizing(Step &step, const NodeView &view);
    std::optional<Constants> constantsBeside(const Step &step, const Use &use, const NodeView &view) const;
    bool passesDequantizing(Step next, const Use &use, const NodeView &view);
    void dequantized(Step &step, Dequantizing how, const Node &node);
    void addFinding(Step step, const Use &use, const NodeView &view, Consumption consumption);

    FollowContext &m_context;
    ConstantFolder &m_folder;
    std::deque<CallFrame> m_frames;
    std::vector<Step> m_steps;                ///< still to be done
    std::unordered_set<std::uint32_t> m_made; ///< values of arithmetic that the tensor is a part of
    Picked m_picked = Picked::Weight;
    std::uint64_t m_elements = 0; ///< of the tensor that is followed
    Followed m_result;
    std::unordered_map<std::uint32_t, const Node *> m_makers; ///< of values in functions; filled when somebody asks
    std::vector<Finding> m_lookups; ///< by constant indices: weights only where nothing behind them is one
};

} // namespace qs::onnx
