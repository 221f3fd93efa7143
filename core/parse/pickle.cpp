// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parse/pickle.h"

#include "core/base/text.h"
#include "core/parse/pickle_workspace.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include <fmt/format.h>

namespace qs::pickle {
namespace {

constexpr std::uint64_t kPollStep = 0xffff; // opcodes between two looks at the stop token, less one

/// Python's pickles may hold lone surrogates, which are no UTF-8.
bool isPythonText(std::string_view text)
{
    while (!isUtf8(text)) {
        std::size_t at = 0;
        do {
            at = text.find('\xED', at);
            if (at == std::string_view::npos || text.size() - at < 3)
                return false;
        } while (static_cast<unsigned char>(text[at + 1]) < 0xA0 && ++at > 0);
        const auto isContinuation = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; };
        if (!isUtf8(text.substr(0, at)) || !isContinuation(text[at + 1]) || !isContinuation(text[at + 2]))
            return false;
        text.remove_prefix(at + 3);
    }
    return true;
}

/// Built-in classes that are made by a call.
enum class Builtin : std::uint8_t { None, Dict, List, Set };

Builtin builtinOf(std::string_view global)
{
    struct Class {
        std::string_view name;
        Builtin kind;
    };
    static constexpr std::array kClasses{
        Class{"collections.OrderedDict", Builtin::Dict},
        Class{"collections.defaultdict", Builtin::Dict},
        Class{"collections.Counter", Builtin::Dict},
        Class{"builtins.dict", Builtin::Dict},
        Class{"collections.deque", Builtin::List},
        Class{"builtins.list", Builtin::List},
        Class{"builtins.set", Builtin::Set},
        Class{"builtins.frozenset", Builtin::Set},
    };
    const auto found = std::ranges::find(kClasses, global, &Class::name);
    return found == kClasses.end() ? Builtin::None : found->kind;
}

} // namespace

class Machine : private Workspace
{
public:
    Machine(const FileImage &file, const Extent &extent, const Options &options, const std::string &where)
        : Workspace(file, extent, options, where)
    {}

    Result<Content> run(const TaskContext &context)
    {
        QS_CHECK(checkStart());
        for (std::uint64_t count = 0; !m_stopped; ++count) {
            if ((count & kPollStep) == 0)
                QS_CHECK(context.check());
            m_start = m_at;
            if (m_at == m_size)
                return fail(ErrorCode::Input, Text::of("{}: STOP was expected", m_stop), place());
            if (count == kMaxOpcodes)
                return wrong(Text::of("the pickle has more than {} opcodes, the limit", kMaxOpcodes));
            QS_CHECK(need(1));
            m_opcode = static_cast<std::uint8_t>(m_content.m_text[m_at++]);
            const Handler handler = kHandlers[m_opcode];
            if (handler == nullptr)
                return wrong(Text::of("the opcode is not accepted: no state dict needs it"));
            QS_CHECK((this->*handler)());
        }
        m_content.m_end = m_at;
        return std::move(m_content);
    }

private:
    using Handler = Result<void> (Machine::*)();

    Result<void> checkStart() const
    {
        const std::string where = fmt::format("{}, pickle, byte {}", m_where, m_options.base);
        if (m_size == 0)
            return fail(ErrorCode::Input, Text::of("the pickle is empty"), where);
        QS_ASSIGN(const std::span<const std::byte> first, m_file.at(m_begin, 1));
        if (first[0] == std::byte{0x80})
            return {};
        return fail(ErrorCode::Input,
                    Text::of("the pickle starts with 0x{} and not with PROTO (0x80)",
                             fmt::format("{:02X}", std::to_integer<unsigned>(first[0]))),
                    where);
    }

    Result<void> proto()
    {
        QS_ASSIGN(const std::uint64_t version, number(1));
        if (m_start != 0)
            return wrong(Text::of("the protocol is given a second time"));
        if (version < 2 || version > 5)
            return wrong(Text::of("the protocol is {}, supported are 2 to 5", version));
        return {};
    }

    Result<void> frame()
    {
        QS_ASSIGN(const std::uint64_t size, number(8));
        if (size > m_size - m_at)
            return wrong(Text::of("a frame of {} bytes is announced, {} follow", size, m_size - m_at));
        return {};
    }

    Result<void> stop()
    {
        if (m_stack.size() != 1 || !m_marks.empty())
            return wrong(Text::of("the stack holds {} values and {} marks instead of one value", m_stack.size(),
                                  m_marks.size()));
        m_content.m_root = m_stack[0];
        m_stopped = true;
        return {};
    }

    Result<void> mark()
    {
        if (m_marks.size() == kMaxMarks)
            return wrong(Text::of("more than {} marks are open, the limit", kMaxMarks));
        m_marks.push_back(m_stack.size());
        return {};
    }

    Result<void> none() { return push(kNone); }
    Result<void> boolean() { return make(Kind::Bool, m_opcode == 0x88 ? 1 : 0); }

    template <class T> Result<void> integer()
    {
        QS_ASSIGN(const std::uint64_t value, number(sizeof(T)));
        return make(Kind::Int, static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<T>(value))));
    }

    Result<void> longInteger()
    {
        QS_ASSIGN(const std::uint64_t size, number(1));
        if (size > 8)
            return wrong(Text::of("a whole number of {} bytes: the limit is 8", size));
        QS_ASSIGN(std::uint64_t value, number(size));
        if (size > 0 && size < 8 && (value >> (8 * size - 1) & 1U) != 0)
            value |= ~std::uint64_t{0} << (8 * size);
        return make(Kind::Int, value);
    }

    Result<void> real()
    {
        QS_ASSIGN(const std::uint64_t value, number(8));
        return make(Kind::Float, __builtin_bswap64(value));
    }

    template <std::size_t LengthBytes, Kind kKind> Result<void> text()
    {
        QS_ASSIGN(const std::uint64_t size, number(LengthBytes));
        QS_ASSIGN(const std::string_view text, textOf(size));
        const bool isUnicode = m_opcode == 0x58 || m_opcode == 0x8C || m_opcode == 0x8D;
        if (isUnicode && !isPythonText(text))
            return wrong(Text::of("the text {} is not UTF-8", inQuotes(text)));
        return makeText(kKind, text);
    }

    template <Kind kKind> Result<void> empty() { return makeItems(kKind, {}); }

    Result<void> tuple()
    {
        QS_ASSIGN(std::vector<Index> items, popToMark());
        return makeItems(Kind::Tuple, std::move(items));
    }

    template <std::size_t kCount> Result<void> smallTuple()
    {
        std::vector<Index> items(kCount);
        for (std::size_t i = kCount; i-- > 0;) {
            QS_ASSIGN(items[i], pop());
        }
        return makeItems(Kind::Tuple, std::move(items));
    }

    Result<void> append()
    {
        QS_ASSIGN(const Index item, pop());
        return extend({&item, 1}, Kind::List);
    }

    Result<void> appends()
    {
        QS_ASSIGN(const std::vector<Index> items, popToMark());
        return extend(items, m_opcode == 0x90 ? Kind::Set : Kind::List);
    }

    Result<void> extend(std::span<const Index> items, Kind kind)
    {
        QS_ASSIGN(const Index target, top());
        if (kindOf(target) == Kind::Object) {
            QS_CHECK(openObject(target)); // a subclass of list, whose items nobody needs
            return {};
        }
        if (kindOf(target) != kind)
            return wrong(Text::of("it works on {}, not on {}", describe(kind), describe(kindOf(target))));
        return addItems(m_content.m_values[target].part(), items);
    }

    Result<void> setItem()
    {
        std::array<Index, 2> item{};
        QS_ASSIGN(item[1], pop());
        QS_ASSIGN(item[0], pop());
        return setAll(item);
    }

    Result<void> setItems()
    {
        QS_ASSIGN(const std::vector<Index> items, popToMark());
        return setAll(items);
    }

    Result<void> setAll(std::span<const Index> items)
    {
        if (items.size() % 2 != 0)
            return wrong(Text::of("keys and values are {}: one has no partner", items.size()));
        for (std::size_t i = 0; i < items.size(); i += 2)
            if (const Kind kind = kindOf(items[i]); kind == Kind::List || kind == Kind::Dict || kind == Kind::Set)
                return wrong(Text::of("{} cannot be a key", describe(kind)));
        QS_ASSIGN(const Index target, top());
        if (kindOf(target) == Kind::Dict)
            return addItems(m_content.m_values[target].part(), items);
        QS_ASSIGN(Object * object, openObject(target)); // a subclass of dict
        if (object->items == 0) {
            QS_CHECK(spend(2 * sizeof(std::vector<Index>)));
            object->items = static_cast<std::uint32_t>(m_content.m_items.size());
            m_content.m_items.emplace_back();
        }
        return addItems(object->items, items);
    }

    Result<void> global()
    {
        QS_ASSIGN(const std::string_view module, line());
        QS_ASSIGN(const std::string_view name, line());
        return makeGlobal(module, name);
    }

    Result<void> stackGlobal()
    {
        QS_ASSIGN(const Index name, pop());
        QS_ASSIGN(const Index module, pop());
        if (kindOf(name) != Kind::String || kindOf(module) != Kind::String)
            return wrong(Text::of("a global is named by two strings, not by {} and {}", describe(kindOf(module)),
                                  describe(kindOf(name))));
        return makeGlobal(m_content.text(module), m_content.text(name));
    }

    Result<void> makeGlobal(std::string_view module, std::string_view name)
    {
        if (module == "__builtin__")
            module = "builtins";
        else if (module == "copy_reg")
            module = "copyreg";
        std::string full = fmt::format("{}.{}", module, name);
        if (module.empty() || name.empty() || full.size() > kMaxGlobalBytes || !isUtf8(full) ||
            full.find('\0') != std::string::npos)
            return wrong(Text::of("{} is no name of a global", inQuotes(full)));
        QS_CHECK(spend(full.size() * 2 + 128));
        const auto [found, isNew] = m_globalNumbers.emplace(full, m_content.m_globals.size());
        if (isNew)
            m_content.m_globals.push_back(std::move(full));
        return make(Kind::Global, found->second);
    }

    Result<void> call()
    {
        QS_ASSIGN(const Index arguments, pop());
        QS_ASSIGN(const Index callable, pop());
        if (kindOf(callable) != Kind::Global && kindOf(callable) != Kind::Persistent)
            return wrong(Text::of("a global is called, not {}", describe(kindOf(callable))));
        if (kindOf(arguments) != Kind::Tuple)
            return wrong(Text::of("the arguments of a call are a tuple, not {}", describe(kindOf(arguments))));
        const Builtin builtin =
            kindOf(callable) == Kind::Global ? builtinOf(m_content.globalName(callable)) : Builtin::None;
        if (builtin != Builtin::None)
            return makeBuiltin(builtin, m_content.items(arguments));
        QS_CHECK(spend(2 * sizeof(Object)));
        m_content.m_objects.push_back({callable, arguments, kNone, 0});
        return make(Kind::Object, m_content.m_objects.size() - 1);
    }

    /// A container, filled from its one argument as the class would do it.
    Result<void> makeBuiltin(Builtin builtin, std::span<const Index> arguments)
    {
        const Kind kind = builtin == Builtin::Dict ? Kind::Dict : builtin == Builtin::Set ? Kind::Set : Kind::List;
        const Index source = arguments.empty() ? kNone : arguments[0];
        const Kind given = kindOf(source);
        std::vector<Index> items;
        if (given == kind || (builtin != Builtin::Dict && (given == Kind::List || given == Kind::Tuple))) {
            const auto old = m_content.items(source);
            items.assign(old.begin(), old.end());
        } else if (builtin == Builtin::Dict && given == Kind::List) {
            for (const Index entry : m_content.items(source)) { // Python 2 lists pairs
                const bool isPair =
                    (kindOf(entry) == Kind::Tuple || kindOf(entry) == Kind::List) && m_content.items(entry).size() == 2;
                if (!isPair)
                    return wrong(Text::of("a dictionary is made from pairs of key and value"));
                items.insert(items.end(), m_content.items(entry).begin(), m_content.items(entry).end());
            }
        }
        return makeItems(kind, std::move(items));
    }

    Result<void> build()
    {
        QS_ASSIGN(const Index state, pop());
        QS_ASSIGN(const Index target, top());
        if (kindOf(target) == Kind::Dict)
            return {}; // attributes beside the entries: versions of modules
        QS_ASSIGN(Object * object, openObject(target));
        object->state = state;
        return {};
    }

    Result<void> persistent()
    {
        QS_ASSIGN(const Index id, pop());
        return make(Kind::Persistent, id);
    }

    template <std::size_t kBytes> Result<void> put()
    {
        QS_ASSIGN(const std::uint64_t index, number(kBytes));
        return remember(static_cast<std::uint32_t>(index));
    }

    Result<void> memoize() { return remember(static_cast<std::uint32_t>(m_memo.size())); }

    Result<void> remember(std::uint32_t index)
    {
        QS_ASSIGN(const Index value, top());
        if (!m_memo.insert_or_assign(index, value).second)
            return {};
        return spend(48); // a node of the map and its bucket
    }

    template <std::size_t kBytes> Result<void> get()
    {
        QS_ASSIGN(const std::uint64_t index, number(kBytes));
        const auto found = m_memo.find(static_cast<std::uint32_t>(index));
        if (found == m_memo.end())
            return wrong(Text::of("nothing was remembered under {}", index));
        return push(found->second);
    }

    static constexpr std::array<Handler, 256> makeHandlers();
    static const std::array<Handler, 256> kHandlers;

    std::unordered_map<std::uint32_t, Index> m_memo;
    std::unordered_map<std::string, std::size_t> m_globalNumbers;
    bool m_stopped = false;
};

constexpr std::array<Machine::Handler, 256> Machine::makeHandlers()
{
    std::array<Handler, 256> table{};
    table[0x80] = &Machine::proto;
    table[0x95] = &Machine::frame;
    table[0x2E] = &Machine::stop;
    table[0x28] = &Machine::mark;
    table[0x4E] = &Machine::none;
    table[0x88] = table[0x89] = &Machine::boolean;
    table[0x4B] = &Machine::integer<std::uint8_t>;
    table[0x4D] = &Machine::integer<std::uint16_t>;
    table[0x4A] = &Machine::integer<std::int32_t>;
    table[0x8A] = &Machine::longInteger;
    table[0x47] = &Machine::real;
    table[0x58] = &Machine::text<4, Kind::String>;
    table[0x8C] = &Machine::text<1, Kind::String>;
    table[0x8D] = &Machine::text<8, Kind::String>;
    table[0x55] = &Machine::text<1, Kind::String>; // Python 2: text, as names of tensors are
    table[0x54] = &Machine::text<4, Kind::String>;
    table[0x43] = &Machine::text<1, Kind::Bytes>;
    table[0x42] = &Machine::text<4, Kind::Bytes>;
    table[0x7D] = &Machine::empty<Kind::Dict>;
    table[0x5D] = &Machine::empty<Kind::List>;
    table[0x29] = &Machine::empty<Kind::Tuple>;
    table[0x8F] = &Machine::empty<Kind::Set>;
    table[0x74] = &Machine::tuple;
    table[0x85] = &Machine::smallTuple<1>;
    table[0x86] = &Machine::smallTuple<2>;
    table[0x87] = &Machine::smallTuple<3>;
    table[0x61] = &Machine::append;
    table[0x65] = table[0x90] = &Machine::appends;
    table[0x73] = &Machine::setItem;
    table[0x75] = &Machine::setItems;
    table[0x63] = &Machine::global;
    table[0x93] = &Machine::stackGlobal;
    table[0x52] = table[0x81] = &Machine::call; // REDUCE and NEWOBJ
    table[0x62] = &Machine::build;
    table[0x51] = &Machine::persistent;
    table[0x71] = &Machine::put<1>;
    table[0x72] = &Machine::put<4>;
    table[0x94] = &Machine::memoize;
    table[0x68] = &Machine::get<1>;
    table[0x6A] = &Machine::get<4>;
    return table;
}

constexpr std::array<Machine::Handler, 256> Machine::kHandlers = Machine::makeHandlers();

Result<Content> parse(const FileImage &file, const Extent &extent, const Options &options, const std::string &where,
                      const TaskContext &context)
{
    return Machine(file, extent, options, where).run(context);
}

} // namespace qs::pickle
