// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/roles.h"

#include "core/layers/role_table.h"
#include "core/layers/segment_index.h"

#include <algorithm>
#include <functional>
#include <string>

namespace qs {
namespace {

constexpr TextLiteral<0> kStackLastAxis =
    Text::constant("this stack is stored [matrices, in, out], as the shapes of its neighbours show");

constexpr TextLiteral<0> kWholeNumbers = Text::constant("whole numbers in the place of a weight");

constexpr TextLiteral<0> kColumnsAxis = Text::constant("it is stored [in, out]: there is one bias per column");

constexpr TextLiteral<0> kLastAxis =
    Text::constant("it is stored [kernel, in, out]: there is one bias per entry of the last axis");

constexpr TextLiteral<0> kTransposedAxis =
    Text::constant("transposed convolution weights are stored [in, out, kernel]: there is one bias per "
                   "entry of axis 1");

bool isOneLongAxis(const std::vector<std::uint64_t> &shape)
{
    return std::ranges::count_if(shape, [](std::uint64_t size) { return size != 1; }) <= 1;
}

bool typeFits(Types types, const TensorInfo &tensor)
{
    switch (types) {
    case Types::Any:
        return true;
    case Types::Integer:
        return isInteger(tensor.dtype) && tensor.dtype != DType::Bool;
    case Types::Bool:
        return tensor.dtype == DType::Bool;
    case Types::NoWeight:
        return !isWeightFloat(tensor.dtype);
    }
    return false;
}

std::optional<Op> opOf(Product product, std::size_t rank)
{
    switch (product) {
    case Product::None:
        return std::nullopt;
    case Product::Matrix:
        return Op::Linear;
    case Product::Kernel:
        return Op::Conv;
    case Product::ByRank:
        return rank > 2 ? Op::Conv : Op::Linear;
    case Product::Recurrent:
        return Op::Recurrent;
    case Product::Lookup:
        return Op::Embedding;
    }
    return std::nullopt;
}

/// Finds tensors by name that stand near a place in the order of names, in time that grows with the logarithm of the
/// distance: what belongs together stands together.
class Neighbourhood
{
public:
    Neighbourhood(std::span<const TensorInfo> tensors, std::span<const std::size_t> byName)
        : m_tensors(tensors)
        , m_byName(byName)
    {}

    std::optional<std::size_t> find(std::size_t near, std::string_view name) const
    {
        const auto before = [&](std::size_t tensor) -> std::string_view { return m_tensors[tensor].name; };
        std::size_t low = near;
        std::size_t high = near;
        for (std::size_t step = 1; before(m_byName[low]) > name && low > 0; step *= 2)
            low -= std::min(low, step);
        for (std::size_t step = 1; high < m_byName.size() && before(m_byName[high]) < name; step *= 2)
            high += std::min(m_byName.size() - high, step);
        const auto range = m_byName.subspan(low, std::min(high + 1, m_byName.size()) - low);
        const auto found = std::ranges::lower_bound(range, name, {}, before);
        if (found == range.end() || before(*found) != name)
            return std::nullopt;
        return *found;
    }

private:
    std::span<const TensorInfo> m_tensors;
    std::span<const std::size_t> m_byName;
};

class RoleFinder
{
public:
    RoleFinder(std::span<const TensorInfo> tensors, std::span<const std::size_t> byName)
        : m_tensors(tensors)
        , m_byName(byName)
        , m_neighbours(tensors, byName)
        , m_rows(roleRows())
    {}

    std::vector<NamedRole> find()
    {
        std::vector<NamedRole> result(m_tensors.size());
        for (std::size_t place = 0; place < m_byName.size(); ++place)
            result[m_byName[place]] = roleAt(place);
        return result;
    }

private:
    /// The tensor that is asked about.
    struct Question {
        std::size_t place = 0; ///< in the order of names
        const TensorInfo &tensor;
        const SegmentIndex::Segments &segments;
    };

    NamedRole roleAt(std::size_t place)
    {
        const TensorInfo &tensor = m_tensors[m_byName[place]];
        const SegmentIndex::Segments segments = m_index.segmentsOf(tensor.name);
        const Question question{place, tensor, segments};
        std::optional<std::size_t> row;
        segments.forEachRow([&](std::size_t i) {
            if (fits(m_rows[i], i, question))
                row = i;
            return !row;
        });
        return row ? answer(m_rows[*row], *row, question) : NamedRole();
    }

    bool fits(const RoleRow &row, std::size_t index, const Question &question)
    {
        const TensorInfo &tensor = question.tensor;
        const std::size_t rank = tensor.shape.size();
        if (rank < row.minRank || rank > row.maxRank || !typeFits(row.types, tensor))
            return false;
        switch (row.condition) {
        case Condition::None:
            break;
        case Condition::LeadingOne:
            if (rank == 0 || tensor.shape[0] != 1)
                return false;
            break;
        case Condition::OneLongAxis:
            if (!isOneLongAxis(tensor.shape))
                return false;
            break;
        case Condition::BesideOthers:
            if (!hasOthers(index))
                return false;
            break;
        }
        return (row.beside.empty() || neighbour(row, index, row.beside, question)) &&
               (row.besideCodes.empty() || neighbour(row, index, row.besideCodes, question, true));
    }

    NamedRole answer(const RoleRow &row, std::size_t index, const Question &question) const
    {
        const std::size_t rank = question.tensor.shape.size();
        NamedRole role{.role = row.role, .keptByDefault = row.keptByDefault, .reason = row.reason};
        for (std::string_view endings : {row.of, row.beside, row.besideCodes})
            if (const auto owner = neighbour(row, index, endings, question); owner && role.of == NamedRole::kNone)
                role.of = static_cast<std::uint32_t>(*owner);
        role.op = opOf(row.product, rank);
        if (role.op && isInteger(question.tensor.dtype)) { // whatever its name says: nothing multiplies by these
            role.op.reset();
            role.role = Role::Codes;
            role.reason = kWholeNumbers;
            return role;
        }
        if (row.layout == Layout::OutFirst && (row.product == Product::Matrix || row.product == Product::Kernel))
            followBias(role, biasAxis(row, index, question), rank);
        if (!role.op || row.layout == Layout::OutFirst)
            return role;
        role.axisReason = row.axisReason;
        if (role.op == Op::Linear)
            role.op = Op::MatMul; // the second factor of a product: [in, out]
        role.channelAxis = static_cast<std::uint8_t>(std::min<std::size_t>(rank - 1, UINT8_MAX));
        if (row.layout == Layout::OutBeforeLast)
            --role.channelAxis;
        if (row.layout == Layout::OutLast || row.layout == Layout::OutBeforeLast)
            return role;
        role.stackAxes = 1;
        if (row.layout == Layout::FusedStack && isTransposed(question)) {
            role.axisReason = kStackLastAxis;
        } else if (row.layout != Layout::StackLast) {
            role.channelAxis = 1;
            role.op = Op::Linear;
        }
        return role;
    }

    /// The first tensor that the stem and one of `endings` name.
    std::optional<std::size_t> neighbour(const RoleRow &row, std::size_t index, std::string_view endings,
                                         const Question &question, bool codes = false) const
    {
        if (endings.empty())
            return std::nullopt;
        const std::string_view stem = row.stem == Stem::Path ? m_index.stemBeforePath(index, question.tensor.name)
                                                             : m_index.stemBeforeLeaf(index, question.tensor.name);
        std::optional<std::size_t> result;
        forEachPattern(endings, [&](std::string_view ending) {
            if (result)
                return;
            m_name = stem;
            if (ending.starts_with('.')) { // another segment, with the separator that this name has
                if (!stem.empty())
                    m_name += question.tensor.name[stem.size()] == '/' ? '/' : '.';
                ending.remove_prefix(1);
            }
            if (ending != "=")
                m_name += ending;
            m_name += variableEnding(question.tensor.name);
            const auto found = m_neighbours.find(question.place, m_name);
            if (found && *found != m_byName[question.place] && !(codes && isWeightFloat(m_tensors[*found].dtype)))
                result = found;
        });
        return result;
    }

    /// A bias has one entry per output: where its length is that of another axis, the outputs are there.
    static void followBias(NamedRole &role, std::size_t axis, std::size_t rank)
    {
        if (axis == 0)
            return;
        role.channelAxis = static_cast<std::uint8_t>(axis);
        if (rank == 2 && role.op == Op::Linear) {
            role.op = Op::MatMul;
            role.axisReason = kColumnsAxis;
        } else if (axis == 1) {
            role.op = Op::ConvTranspose;
            role.axisReason = kTransposedAxis;
        } else {
            role.axisReason = kLastAxis;
        }
    }

    /// The first axis that is as long as the bias; 0 without a bias.
    std::size_t biasAxis(const RoleRow &row, std::size_t index, const Question &question) const
    {
        const auto &shape = question.tensor.shape;
        const auto bias = neighbour(row, index, ".bias .b", question);
        if (!bias || shape.size() < 2 || m_tensors[*bias].shape.size() != 1)
            return 0;
        for (const std::size_t axis : {std::size_t{0}, std::size_t{1}, shape.size() - 1})
            if (shape[axis] == m_tensors[*bias].shape[0])
                return axis;
        return 0;
    }

    /// True when a fused stack of experts is stored [experts, in, out]. In `gate_up_proj` the inner size counts twice
    /// among the outputs, in `down_proj` once among the inputs.
    bool isTransposed(const Question &question) const
    {
        constexpr std::string_view kUp = "gate_up_proj";
        constexpr std::string_view kDown = "down_proj";
        const std::string &name = question.tensor.name;
        const auto &shape = question.tensor.shape;
        const std::size_t up = name.rfind(kUp);
        const std::size_t down = name.rfind(kDown);
        const bool isUp = up != std::string::npos;
        if (isUp || down != std::string::npos) {
            std::string partner = name;
            partner.replace(isUp ? up : down, isUp ? kUp.size() : kDown.size(), isUp ? kDown : kUp);
            const auto other = m_neighbours.find(question.place, partner);
            if (other && m_tensors[*other].shape.size() == 3) {
                const auto &upShape = isUp ? shape : m_tensors[*other].shape;
                const auto &downShape = isUp ? m_tensors[*other].shape : shape;
                return upShape[1] == downShape[2] && upShape[2] / 2 == downShape[1];
            }
        }
        const auto bias = m_neighbours.find(question.place, name + "_bias");
        return bias && m_tensors[*bias].shape.size() == 2 && m_tensors[*bias].shape[1] == shape[2] &&
               shape[1] != shape[2];
    }

    /// True when there are weights outside of what the row means.
    bool hasOthers(std::size_t row)
    {
        if (!m_hasOthers)
            m_hasOthers = std::ranges::any_of(m_tensors, [&](const TensorInfo &tensor) {
                if (tensor.shape.size() < 2 || !isDecodedFloat(tensor.dtype))
                    return false;
                const SegmentIndex::Segments segments = m_index.segmentsOf(tensor.name);
                for (std::size_t i = 0; i <= row; ++i)
                    if (segments.rows[i] && m_rows[i].role == Role::OptimizerState)
                        return false;
                return true;
            });
        return *m_hasOthers;
    }

    std::span<const TensorInfo> m_tensors;
    std::span<const std::size_t> m_byName;
    Neighbourhood m_neighbours;
    std::span<const RoleRow> m_rows;
    SegmentIndex m_index;
    std::optional<bool> m_hasOthers;
    mutable std::string m_name; ///< of the neighbour that is looked for: room that is used again
};

} // namespace

std::vector<NamedRole> namedRoles(std::span<const TensorInfo> tensors, std::span<const std::size_t> byName)
{
    return RoleFinder(tensors, byName).find();
}

} // namespace qs
