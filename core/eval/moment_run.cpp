// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/moment_run.h"

#include "core/base/checked_math.h"
#include "core/base/fingerprint.h"
#include "core/base/parallel.h"
#include "core/eval/input_rows.h"
#include "core/eval/stored_value.h"
#include "core/eval/trace.h"
#include "core/network/queries.h"
#include "core/quant/symmetric_matrix.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <unordered_map>

namespace qs {
namespace {

constexpr std::size_t kRowsAtOnce = 128;
constexpr std::size_t kRowsPerStep = 8;                   // divides them
constexpr std::size_t kSmallWork = std::size_t{1} << 21U; // products that are not worth another thread
constexpr std::size_t kTriangleRows = 32;                 // of H, that a thread works on at a time
constexpr std::size_t kMostStored = std::size_t{16} << 20U;

/// Moments on their way. Rows come in blocks.
class MomentSums
{
public:
    MomentSums(std::uint64_t weights, std::uint64_t matrices, bool full, const MomentRun &run)
    {
        m_sums.weights = weights;
        m_sums.matrices = matrices;
        m_sums.full = full;
        m_sums.about = run.about;
        m_sums.half = run.half;
        m_sums.values.assign(matrices * m_sums.size(), 0);
    }

    std::uint64_t weights() const { return m_sums.weights; }
    std::uint64_t matrices() const { return m_sums.matrices; }

    Result<void> add(const InputRows &rows, const TaskContext &context)
    {
        const std::uint64_t step = ceilDiv(rows.count, kMostMomentRows);
        const std::uint64_t count = ceilDiv(rows.count, std::max<std::uint64_t>(step, 1));
        std::vector<float> row(weights());
        std::vector<double> block(weights() * kRowsAtOnce);
        for (std::uint64_t m = 0; m < rows.matrices; ++m) {
            for (std::uint64_t done = 0; done < count; done += kRowsAtOnce) {
                QS_CHECK(context.check());
                const std::uint64_t here = std::min<std::uint64_t>(kRowsAtOnce, count - done);
                for (std::uint64_t r = 0; r < here; ++r) {
                    rows.read(m, (done + r) * step, row.data());
                    for (std::uint64_t k = 0; k < weights(); ++k)
                        block[r * weights() + k] = static_cast<double>(row[k]);
                }
                std::fill(block.begin() + static_cast<std::ptrdiff_t>(here * weights()), block.end(), 0);
                QS_CHECK(addBlock(m, block, here, context));
            }
        }
        m_sums.rows += rows.count > 0 ? count * rows.matrices : 0;
        m_perMatrix += rows.count > 0 ? count : 0;
        return {};
    }

    /// Null when something was not finite, or nothing was there.
    std::shared_ptr<const InputMoments> finish()
    {
        if (m_perMatrix == 0)
            return nullptr;
        Fingerprint id;
        for (double &value : m_sums.values) {
            value /= static_cast<double>(m_perMatrix);
            if (!std::isfinite(value))
                return nullptr;
            id.add(std::bit_cast<std::uint64_t>(value));
        }
        m_sums.id = id.hash();
        return std::make_shared<const InputMoments>(std::move(m_sums));
    }

private:
    Result<void> addBlock(std::uint64_t matrix, const std::vector<double> &block, std::size_t count,
                          const TaskContext &context)
    {
        double *const sums = m_sums.values.data() + matrix * m_sums.size();
        const std::size_t size = weights();
        // Rows of H, each with eight rows of the block at a time: so that what is added stays near the processor.
        const auto addRows = [&](std::size_t from, std::size_t to) {
            for (std::size_t i = from; i < to; ++i)
                for (std::size_t r = 0; r < count; r += kRowsPerStep)
                    addProducts(block.data() + r * size, size, i, sums + (m_sums.full ? triangleRow(i) : i));
        };
        if (!m_sums.full || size * size / 2 * count < kSmallWork) {
            addRows(0, size);
            return {};
        }
        return parallelFor(ceilDiv(size, kTriangleRows), context, [&](std::size_t part) -> Result<void> {
            addRows(part * kTriangleRows, std::min(size, (part + 1) * kTriangleRows));
            return {};
        });
    }

    /// to[j] += Σ x[r][i]·x[r][j] over some rows, for j ≤ i; of diagonals for j = i only.
    void addProducts(const double *x, std::size_t size, std::size_t i, double *to) const
    {
        std::array<double, kRowsPerStep> own;
        for (std::size_t r = 0; r < kRowsPerStep; ++r)
            own[r] = x[r * size + i];
        const std::size_t first = m_sums.full ? 0 : i;
        const double *const from = x + first;
        for (std::size_t j = 0; j <= i - first; ++j) {
            double sum = 0;
            for (std::size_t r = 0; r < kRowsPerStep; ++r)
                sum += own[r] * from[r * size + j];
            to[j] += sum;
        }
    }

    InputMoments m_sums;
    std::uint64_t m_perMatrix = 0;
};

class MomentRunner
{
public:
    MomentRunner(const MomentRun &run, const TaskContext &context)
        : m_run(run)
        , m_context(context)
        , m_links(run.plan.network())
        , m_sumsOf(run.model.layers.size(), kAbsent)
    {
        for (const LayerSlot &slot : run.plan.layerSlots())
            addLayer(slot);
    }

    Result<LayerMoments> collect()
    {
        const NetworkFeed &feed = m_run.feed;
        for (std::size_t s = 0; s < feed.samples; ++s) {
            m_context.report(static_cast<double>(s) / static_cast<double>(feed.samples),
                             Text::of("what layers are fed"));
            QS_ASSIGN(const FedSample sample, feed.sample(s, m_context));
            QS_CHECK(runSample(sample));
        }
        std::vector<std::shared_ptr<const InputMoments>> finished;
        for (MomentSums &sums : m_sums)
            finished.push_back(sums.finish());
        LayerMoments result(m_run.model.layers.size());
        for (std::size_t layer = 0; layer < result.size(); ++layer)
            if (m_sumsOf[layer] != kAbsent)
                result[layer] = finished[m_sumsOf[layer]];
        return result;
    }

private:
    /// One set of sums, what is added to it from one node.
    struct Use {
        std::uint32_t sums = 0;
        std::size_t input = 0; ///< of the node, that holds the weights
    };

    /// The input of a node through which the weights come.
    std::size_t weightInput(const LayerSlot &slot, const NetworkNode &node) const
    {
        for (std::size_t i = 0; i < node.inputs.size(); ++i)
            if (std::ranges::find(slot.values, node.inputs[i]) != slot.values.end())
                return i;
        return 1; // behind a Transpose or its like
    }

    void addLayer(const LayerSlot &slot)
    {
        const Layer &layer = m_run.model.layers[slot.layer];
        const TensorInfo &tensor = m_run.model.tensorOf(layer);
        const MatrixShape shape = matrixShape(tensor, layer.channelAxis);
        const std::vector<NodeRef> nodes = nodesReading(m_links, layer.tensor);
        std::vector<std::pair<const NetworkNode *, std::size_t>> uses;
        std::uint64_t matrices = 0;
        for (const NodeRef &ref : nodes) {
            const NetworkNode &node = m_links.nodeAt(ref);
            const std::size_t input = weightInput(slot, node);
            const std::uint64_t own = matricesFor(node, input, matricesOf(tensor, layer.channelAxis));
            if (own == 0 || (matrices != 0 && own != matrices))
                return;
            matrices = own;
            uses.emplace_back(&node, input);
        }
        if (matrices == 0 || shape.weights == 0 || shape.channels % matrices != 0)
            return;
        // Layers that one product feeds with the same value share their sums.
        const NetworkNode &first = *uses.front().first;
        const bool shared = uses.size() == 1 && first.op == "MatMul" && uses.front().second == 1;
        const std::tuple key{first.inputs.front(), shape.weights, matrices};
        if (const auto known = m_shared.find(key); shared && known != m_shared.end()) {
            m_sumsOf[slot.layer] = known->second;
            return;
        }
        const auto index = static_cast<std::uint32_t>(m_sums.size());
        m_sums.emplace_back(shape.weights, matrices, takeFull(shape.weights, matrices), m_run);
        m_sumsOf[slot.layer] = index;
        if (shared)
            m_shared.emplace(key, index);
        for (const auto &[node, input] : uses)
            m_uses[node].push_back({index, input});
    }

    bool takeFull(std::uint64_t weights, std::uint64_t matrices)
    {
        if (weights > kMostFullWeights)
            return false;
        const std::uint64_t each = sizeof(double) * weights * (weights + 1) / 2;
        if (matrices > (m_run.momentBytes - m_bytes) / each)
            return false;
        m_bytes += matrices * each;
        return true;
    }

    Result<void> runSample(const FedSample &sample)
    {
        Trace trace;
        trace.values.resize(m_run.plan.network().values.size());
        std::vector<bool> keep(trace.values.size());
        for (const auto &[value, fed] : sample) {
            trace.values[value] = fed;
            keep[value] = true;
        }
        for (const std::uint32_t value : m_run.plan.network().graphs[0].outputs)
            keep[value] = true;
        TraceRun request{
            .plan = m_run.plan,
            .stored = [this](std::uint32_t value, const TaskContext &context) { return stored(value, context); },
            .keep = keep,
            .budget = m_run.budget};
        request.onInputs = [&](const NetworkNode &node, std::span<const ValuePtr> inputs) {
            return addInputs(node, inputs, m_run.feed.rows);
        };
        return qs::run(request, {}, trace, m_context);
    }

    Result<void> addInputs(const NetworkNode &node, std::span<const ValuePtr> inputs,
                           const std::optional<std::uint64_t> &counted)
    {
        const auto found = m_uses.find(&node);
        if (found == m_uses.end())
            return {};
        for (const Use &use : found->second) {
            MomentSums &sums = m_sums[use.sums];
            InputRows rows = inputRows(node, use.input, inputs, sums.weights());
            if (rows.count == 0 || rows.matrices != sums.matrices())
                continue;
            if (counted) // of a chain: what fills up whole products does not count
                rows.count = std::min(rows.count, *counted);
            QS_CHECK(sums.add(rows, m_context));
        }
        return {};
    }

    Result<ValuePtr> stored(std::uint32_t value, const TaskContext &context)
    {
        if (const auto slot = m_run.plan.slotOf(value))
            return m_run.weights(m_run.plan.layerSlots()[*slot].layer, context);
        if (const auto found = m_stored.find(value); found != m_stored.end())
            return found->second;
        const Network &network = m_run.plan.network();
        const NetworkValue &about = network.values[value];
        QS_ASSIGN(ValuePtr result, about.tensor ? tensorValue(m_run.model, *about.tensor, m_run.budget, context)
                                                : constantValue(network.constants[about.constant], m_run.budget));
        if (result->bytes() <= kMostStored)
            m_stored.emplace(value, result);
        return result;
    }

    const MomentRun &m_run;
    const TaskContext &m_context;
    NetworkLinks m_links;
    std::uint64_t m_bytes = 0;
    std::vector<MomentSums> m_sums;
    std::vector<std::uint32_t> m_sumsOf; ///< by layer; kAbsent where nothing is summed
    std::map<std::tuple<std::uint32_t, std::uint64_t, std::uint64_t>, std::uint32_t> m_shared;
    std::unordered_map<const NetworkNode *, std::vector<Use>> m_uses;
    std::unordered_map<std::uint32_t, ValuePtr> m_stored;
};

} // namespace

Result<LayerMoments> inputMoments(const MomentRun &run, const TaskContext &context)
{
    return MomentRunner(run, context).collect();
}

} // namespace qs
