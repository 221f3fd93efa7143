// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parse/json.h"

#include "core/base/text.h"

#include <iterator>
#include <new>
#include <optional>
#include <unordered_set>

#include <nlohmann/json.hpp>

namespace qs::json {
namespace {

constexpr std::size_t kMaxTreeBytes = std::size_t{512} << 20; // half of what all metadata may take

/// Walks over the text and leaves its position where others can read it: the parser tells none to its callbacks.
class CountingIterator
{
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char *;
    using reference = const char &;

    CountingIterator(const char *at, const char **shared)
        : m_at(at)
        , m_shared(shared)
    {}
    reference operator*() const { return *m_at; }
    CountingIterator &operator++()
    {
        *m_shared = ++m_at;
        return *this;
    }
    CountingIterator operator++(int)
    {
        CountingIterator old = *this;
        ++*this;
        return old;
    }
    bool operator==(const CountingIterator &other) const { return m_at == other.m_at; }

private:
    const char *m_at;
    const char **m_shared;
};

/// The parser's own message without its number, its position (ours is shown) and what it read last.
std::string clean(std::string_view message)
{
    if (const auto at = message.find("syntax error"); at != std::string_view::npos)
        message.remove_prefix(at);
    message = message.substr(0, message.find("; last read"));
    std::string shown = inQuotes(message);
    return shown.substr(1, shown.size() - 2);
}

/// nlohmann's interface on one side, Handler on the other.
class Bridge
{
public:
    Bridge(Handler &handler, const char *begin, const char **position, const std::string &where, std::size_t base)
        : m_handler(handler)
        , m_begin(begin)
        , m_position(position)
        , m_where(where)
        , m_base(base)
    {}

    bool null() { return scalar({}); }
    bool boolean(bool value) { return scalar({.kind = Kind::Bool, .boolean = value, .text = {}}); }
    bool number_integer(std::int64_t value) { return scalar({.kind = Kind::Signed, .negative = value, .text = {}}); }
    bool number_unsigned(std::uint64_t value) { return scalar({.kind = Kind::Unsigned, .number = value, .text = {}}); }
    bool number_float(double value, const std::string &)
    {
        return scalar({.kind = Kind::Float, .real = value, .text = {}});
    }
    bool string(std::string &value) { return scalar({.kind = Kind::String, .text = std::move(value)}); }
    bool binary(std::vector<std::uint8_t> &) { return false; } // not part of JSON text
    bool key(std::string &name) { return take(m_handler.key(name, offset())); }
    bool start_object(std::size_t) { return begin(Kind::Object); }
    bool start_array(std::size_t) { return begin(Kind::Array); }
    bool end_object() { return end(); }
    bool end_array() { return end(); }

    bool parse_error(std::size_t, const std::string &, const nlohmann::detail::exception &exception)
    {
        return take(fail(ErrorCode::Input, Text::of("not valid JSON: {}", clean(exception.what())), place()));
    }

    std::optional<Error> error;

private:
    std::size_t offset() const { return m_base + static_cast<std::size_t>(*m_position - m_begin); }
    Text place() const { return Text::of("{}, byte {}", m_where, offset()); }

    bool take(Result<void> result)
    {
        if (result)
            return true;
        if (!error)
            error = std::move(result).error();
        return false;
    }

    bool scalar(Scalar value) { return take(m_handler.scalar(value, offset())); }

    bool begin(Kind kind)
    {
        if (++m_depth > kMaxDepth)
            return take(
                fail(ErrorCode::Input, Text::of("the JSON is nested deeper than {} levels", kMaxDepth), place()));
        return take(m_handler.begin(kind, offset()));
    }

    bool end()
    {
        --m_depth;
        return take(m_handler.end(offset()));
    }

    Handler &m_handler;
    const char *m_begin;
    const char **m_position;
    const std::string &m_where;
    std::size_t m_base;
    std::size_t m_depth = 0;
};

/// Builds the tree. The stack of open containers owns them: a container is moved into its parent when it
/// ends, so that no address changes while it grows.
class TreeBuilder : public Handler
{
public:
    explicit TreeBuilder(const std::string &where)
        : m_where(where)
    {}

    Result<void> scalar(Scalar &value, std::size_t) override
    {
        Value result;
        result.kind = value.kind;
        result.boolean = value.boolean;
        result.number = value.number;
        result.negative = value.negative;
        result.real = value.real;
        result.text = std::move(value.text);
        return place(std::move(result));
    }

    Result<void> key(std::string &name, std::size_t offset) override
    {
        Open &open = m_open.back();
        if (!open.names.insert(name).second)
            return fail(ErrorCode::Input, Text::of("the key {} stands twice in one object", inQuotes(name)),
                        Text::of("{}, byte {}", m_where, offset));
        open.key = std::move(name);
        return {};
    }

    Result<void> begin(Kind kind, std::size_t) override
    {
        m_open.emplace_back().value.kind = kind;
        return {};
    }

    Result<void> end(std::size_t) override
    {
        Value value = std::move(m_open.back().value);
        m_open.pop_back();
        return place(std::move(value));
    }

    Value root;

private:
    struct Open {
        Value value;
        std::string key;
        std::unordered_set<std::string> names;
    };

    Result<void> place(Value value)
    {
        // Vectors double as they grow, so a value may take twice its size.
        m_bytes += 2 * sizeof(Value) + value.text.size();
        if (m_bytes > kMaxTreeBytes)
            return fail(ErrorCode::Input,
                        Text::of("the values take more than {} bytes of memory, which is the limit", kMaxTreeBytes),
                        m_where);
        if (m_open.empty())
            root = std::move(value);
        else if (Open &open = m_open.back(); open.value.kind == Kind::Array)
            open.value.items.push_back(std::move(value));
        else
            open.value.members.emplace_back(std::move(open.key), std::move(value));
        return {};
    }

    const std::string &m_where;
    std::size_t m_bytes = 0;
    std::vector<Open> m_open;
};

} // namespace

Text describe(Kind kind)
{
    switch (kind) {
    case Kind::Null:
        return Text::of("null");
    case Kind::Bool:
        return Text::of("true or false");
    case Kind::Unsigned:
        return Text::of("a whole number");
    case Kind::Signed:
        return Text::of("a negative number");
    case Kind::Float:
        return Text::of("a fractional or too large number");
    case Kind::String:
        return Text::of("a string");
    case Kind::Array:
        return Text::of("an array");
    case Kind::Object:
        break;
    }
    return Text::of("an object");
}

Result<void> parseEvents(std::string_view text, Handler &handler, const std::string &where, std::size_t baseOffset)
{
    // The parser takes a zero byte for the end of the text and would not look at what follows.
    if (const auto zero = text.find('\0'); zero != std::string_view::npos)
        return fail(ErrorCode::Input, Text::of("not valid JSON: zero byte"),
                    Text::of("{}, byte {}", where, baseOffset + zero));
    const char *position = text.data();
    const char *end = text.data() + text.size();
    Bridge bridge(handler, text.data(), &position, where, baseOffset);
    try {
        const bool good = nlohmann::json::sax_parse(CountingIterator(text.data(), &position),
                                                    CountingIterator(end, &position), &bridge);
        if (!good && !bridge.error)
            return fail(ErrorCode::Input, Text::of("not valid JSON"), where);
    } catch (const std::bad_alloc &) {
        return fail(ErrorCode::Input, Text::of("not enough memory for the JSON text"), where);
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Input, Text::of("not valid JSON: {}", clean(exception.what())), where);
    }
    if (bridge.error)
        return std::unexpected(std::move(*bridge.error));
    return {};
}

const Value *Value::find(std::string_view name) const
{
    for (const auto &[key, value] : members)
        if (key == name)
            return &value;
    return nullptr;
}

Result<Value> parse(std::string_view text, const std::string &where)
{
    TreeBuilder builder(where);
    QS_CHECK(parseEvents(text, builder, where));
    return std::move(builder.root);
}

} // namespace qs::json
