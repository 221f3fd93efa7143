// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/state_dict.h"

#include "core/base/text.h"
#include "core/formats/torch/globals.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace qs::torch {
namespace {

using pickle::Content;
using pickle::Index;
using pickle::Kind;

constexpr std::size_t kMaxDepth = 1000;
constexpr std::size_t kMaxNameBytes = std::size_t{64} << 10;

/// Where checkpoints keep the weights, the more telling names first.
constexpr std::array<std::string_view, 10> kRoots{
    "state_dict", "model_state_dict", "model", "module", "net", "weights", "ema", "params", "params_ema", "generator"};

bool isTensor(const Content &content, Index value)
{
    return content.kind(value) == Kind::Object && rebuildOf(content.callableName(value)) != Rebuild::None;
}

/// The attributes of a tensor of another class, when its values stand in tensors among these; else kNone.
Index partsOf(const Content &content, Index value)
{
    constexpr int kMaxWraps = 4;
    for (int wraps = 0; wraps < kMaxWraps && content.kind(value) == Kind::Object; ++wraps) {
        const auto arguments = content.items(content.object(value).arguments);
        const Rebuild rebuild = rebuildOf(content.callableName(value));
        if (rebuild == Rebuild::Wrapped && !arguments.empty()) {
            value = arguments[0];
            continue;
        }
        // (function, class, its arguments, state), where the state may be (attributes, slots)
        if (rebuild != Rebuild::FromType || arguments.size() < 4 || content.kind(arguments[0]) != Kind::Global ||
            rebuildOf(content.globalName(arguments[0])) != Rebuild::Subclass)
            return pickle::kNone;
        Index state = arguments[3];
        if (content.kind(state) == Kind::Tuple && !content.items(state).empty())
            state = content.items(state)[0];
        if (content.kind(state) != Kind::Dict)
            return pickle::kNone;
        const auto items = content.items(state);
        for (std::size_t i = 1; i < items.size(); i += 2)
            if (isTensor(content, items[i]))
                return state;
        return pickle::kNone;
    }
    return pickle::kNone;
}

/// An object of a class that is written in C++: TorchScript names the class itself.
bool isScriptObject(const Content &content, Index value)
{
    return content.kind(value) == Kind::Object && (content.callableName(value) == "torch.ScriptObject" ||
                                                   content.callableName(value).starts_with("__torch__.torch.classes."));
}

/// One step of a path: a key, or the place in a list.
struct Step {
    Index key = pickle::kNone;
    std::size_t place = 0; ///< counts when there is no key
};

/// Calls visit(step, child) for what may hold tensors inside a value.
template <class Visit> void forEachChild(const Content &content, Index value, Visit visit)
{
    const auto pairs = [&](Index dict) {
        const auto items = content.items(dict);
        for (std::size_t i = 0; i + 1 < items.size(); i += 2)
            visit(Step{items[i], 0}, items[i + 1]);
    };
    const auto list = [&](std::span<const Index> items) {
        for (std::size_t i = 0; i < items.size(); ++i)
            visit(Step{pickle::kNone, i}, items[i]);
    };
    switch (content.kind(value)) {
    case Kind::Tuple:
    case Kind::List:
    case Kind::Set:
        return list(content.items(value));
    case Kind::Dict:
        return pairs(value);
    case Kind::Object:
        break;
    default:
        return;
    }
    pairs(value);
    if (content.callableName(value) == "torch.jit._pickle.restore_type_tag") // (container, its type)
        return list(content.items(content.object(value).arguments)
                        .first(std::min<std::size_t>(1, content.items(content.object(value).arguments).size())));
    const Index state = content.object(value).state;
    if (content.kind(state) == Kind::Tuple && isScriptObject(content, value))
        return list(content.items(state)); // weight and bias of a quantized layer
    if (content.kind(state) != Kind::Dict)
        return;
    // A module keeps its tensors in three dictionaries; other objects and TorchScript among their attributes.
    bool isModule = false;
    for (const std::string_view part : {"_parameters", "_buffers", "_modules"}) {
        if (const Index dict = content.find(state, part); content.kind(dict) == Kind::Dict) {
            isModule = true;
            pairs(dict);
        }
    }
    if (!isModule)
        return pairs(state);
    const auto attributes = content.items(state); // a quantized layer keeps its weights in one of these
    for (std::size_t i = 0; i + 1 < attributes.size(); i += 2)
        if (isScriptObject(content, attributes[i + 1]))
            visit(Step{attributes[i], 0}, attributes[i + 1]);
}

/// `seen` are values that were looked at before; what they hold does not count again.
bool holdsTensor(const Content &content, Index root, std::vector<bool> &seen)
{
    std::vector<Index> open{root};
    while (!open.empty()) {
        const Index value = open.back();
        open.pop_back();
        if (isTensor(content, value))
            return true;
        if (seen[value])
            continue;
        seen[value] = true;
        forEachChild(content, value, [&](const Step &, Index child) { open.push_back(child); });
    }
    return false;
}

/// Quantized layers of PyTorch keep weight and bias in a tuple, which float layers do not have.
void nameAsInFloat(std::string &name)
{
    // Of state dictionaries, and of whole modules, where the tuple is the state of an object.
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kEnds{{
        {"_packed_params._packed_params.0", "weight"},
        {"_packed_params._packed_params.1", "bias"},
        {"_packed_params._packed_params.0.0", "weight"},
        {"_packed_params._packed_params.0.1", "bias"},
    }};
    for (const auto &[end, plain] : kEnds)
        if (name.ends_with(end))
            name.replace(name.size() - end.size(), end.size(), plain);
}

class Walker
{
public:
    Walker(const Content &content, std::uint64_t nameBytes, const std::string &where, const TaskContext &context)
        : m_content(content)
        , m_nameBytes(nameBytes)
        , m_where(where)
        , m_context(context)
        , m_seen(content.size())
    {}

    /// Each container is entered once, so shared and circular ones cost no more than they take in the file.
    Result<std::vector<NamedTensor>> walk(Index root)
    {
        m_open.push_back({root, 0});
        while (!m_open.empty()) {
            QS_CHECK(m_context.check());
            const Open open = m_open.back();
            m_open.pop_back();
            m_path.resize(open.depth);
            if (open.depth > 0)
                m_path.back() = open.step;
            if (const Index parts = partsOf(m_content, open.value); parts != pickle::kNone) {
                if (!m_seen[parts])
                    QS_CHECK(enter({parts, open.depth, open.step}));
            } else if (isTensor(m_content, open.value)) {
                QS_CHECK(add(open.value));
            } else if (!m_seen[open.value]) {
                QS_CHECK(enter(open));
            }
        }
        return std::move(m_tensors);
    }

private:
    struct Open {
        Index value;
        std::size_t depth;
        Step step = {};
    };

    std::unexpected<Error> wrong(Index value, Text message) const
    {
        return fail(ErrorCode::Input, std::move(message),
                    Text::of("{}, pickle, byte {}", m_where, m_content.position(value)));
    }

    Result<void> enter(const Open &open)
    {
        m_seen[open.value] = true;
        if (open.depth == kMaxDepth)
            return wrong(open.value, Text::of("values are nested deeper than {} levels, the limit", kMaxDepth));
        const auto first = static_cast<std::ptrdiff_t>(m_open.size());
        forEachChild(m_content, open.value, [&](const Step &step, Index child) {
            const Kind kind = m_content.kind(child);
            if (kind >= Kind::Tuple && kind != Kind::Global && kind != Kind::Persistent)
                m_open.push_back({child, open.depth + 1, step});
        });
        std::reverse(m_open.begin() + first, m_open.end());
        return {};
    }

    Result<void> add(Index value)
    {
        std::string name;
        for (const Step &step : m_path) {
            if (!name.empty())
                name += '.';
            name += textOf(step);
            if (name.size() > kMaxNameBytes)
                return wrong(value, Text::of("the name {} of a tensor has more than {} bytes, the limit",
                                             inQuotes(name), kMaxNameBytes));
        }
        nameAsInFloat(name);
        m_used += name.size();
        if (m_used > m_nameBytes)
            return wrong(value, Text::of("names of tensors take more than {} bytes, the limit", m_nameBytes));
        m_tensors.push_back({isUtf8(name) ? std::move(name) : printable(name), value});
        return {};
    }

    std::string textOf(const Step &step) const
    {
        switch (m_content.kind(step.key)) {
        case Kind::None:
            return std::to_string(step.place);
        case Kind::String:
            return std::string(m_content.text(step.key));
        case Kind::Int:
            return std::to_string(m_content.integer(step.key));
        default:
            return fmt::format("<{} at byte {}>", pickle::describe(m_content.kind(step.key)).str(),
                               m_content.position(step.key));
        }
    }

    const Content &m_content;
    const std::uint64_t m_nameBytes;
    const std::string &m_where;
    const TaskContext &m_context;
    std::vector<bool> m_seen;
    std::vector<Open> m_open;
    std::vector<Step> m_path;
    std::vector<NamedTensor> m_tensors;
    std::uint64_t m_used = 0;
};

constexpr std::size_t kMostParts = 100; // that are named

/// Values of text keys that hold tensors, `first` before all others; one that stands under several keys counts once.
std::vector<std::pair<std::string_view, Index>> partsOfCheckpoint(const Content &content, Index top, Index first)
{
    std::vector<std::pair<std::string_view, Index>> parts;
    std::vector<bool> seen(content.size());
    if (first != pickle::kNone)
        holdsTensor(content, first, seen);
    const auto items = content.items(top);
    for (std::size_t i = 1; i < items.size() && parts.size() < kMostParts; i += 2)
        if (content.kind(items[i - 1]) == Kind::String && (items[i] == first || holdsTensor(content, items[i], seen)))
            parts.emplace_back(content.text(items[i - 1]), items[i]);
    return parts;
}

/// The part with that name, or that most likely holds the weights; none when they are all of one model.
Index chosenPart(const Content &content, Index top, std::string_view wanted, std::string_view &key)
{
    const auto tryKey = [&](std::string_view name) {
        const Index value = content.find(top, name);
        std::vector<bool> seen(content.size());
        if (value == pickle::kNone || !holdsTensor(content, value, seen))
            return pickle::kNone;
        key = name;
        return value;
    };
    if (const Index value = wanted.empty() ? pickle::kNone : tryKey(wanted); value != pickle::kNone)
        return value;
    for (const std::string_view name : kRoots)
        if (const Index value = tryKey(name); value != pickle::kNone)
            return value;
    return pickle::kNone;
}

/// Picks the part of a checkpoint that holds the weights.
Index rootOf(const Content &content, std::string_view wanted, StateDict &result)
{
    const Index top = content.root();
    if (content.kind(top) != Kind::Dict)
        return top;
    const auto items = content.items(top);
    for (std::size_t i = 1; i < items.size(); i += 2)
        if (isTensor(content, items[i]))
            return top;
    std::string_view key;
    const Index chosen = chosenPart(content, top, wanted, key);
    result.key = key;
    for (const auto &[name, value] : partsOfCheckpoint(content, top, chosen)) {
        if (std::ranges::find(result.parts, name) == result.parts.end())
            result.parts.emplace_back(name);
    }
    return chosen == pickle::kNone ? top : chosen;
}

} // namespace

Result<StateDict> findTensors(const pickle::Content &content, std::uint64_t nameBytes, std::string_view key,
                              const std::string &where, const TaskContext &context)
{
    StateDict result;
    const Index root = rootOf(content, key, result);
    QS_ASSIGN(result.tensors, Walker(content, nameBytes, where, context).walk(root));
    return result;
}

} // namespace qs::torch
