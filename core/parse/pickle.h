// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A pickle machine that calls nothing: it only notes what a Python program would have built.
#pragma once

#include "core/base/file_image.h"
#include "core/base/task_context.h"
#include "core/base/text.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qs::pickle {

inline constexpr std::uint64_t kMaxBytes = std::uint64_t{256} << 20;
inline constexpr std::uint64_t kMaxOpcodes = 50'000'000;
inline constexpr std::size_t kMaxValues = 16'000'000; // a state dict takes some forty for each layer
inline constexpr std::size_t kMaxMarks = 10'000;
inline constexpr std::size_t kMaxGlobalBytes = std::size_t{64} << 10;

enum class Kind : std::uint8_t {
    None,
    Bool,
    Int,
    Float,
    String,
    Bytes,
    Tuple,
    List,
    Dict,
    Set,
    Global,     ///< a function or class by its name; it is not looked up
    Persistent, ///< what the program around the pickle would have put there; has an id
    Object,     ///< what calling a global would have made
};

/// "a list", "a whole number" …, for messages.
Text describe(Kind kind);

/// Number of a value. Values refer to each other by number, so what is shared, circular or nested a million deep is no
/// problem, as long as nobody walks over it by recursion.
using Index = std::uint32_t;
inline constexpr Index kNone = 0; ///< value 0 is always None

/// What calling a global would have made.
struct Object {
    Index callable = kNone;  ///< a Global or Persistent
    Index arguments = kNone; ///< a Tuple
    Index state = kNone;     ///< what BUILD would have set
    std::uint32_t items = 0;
};

/// What a pickle holds. Texts point into the file that was parsed, which must outlive this.
class Content
{
public:
    Index root() const { return m_root; }
    /// Byte after the pickle.
    std::uint64_t end() const { return m_base + m_end; }
    /// Number of values; every Index below it is valid.
    std::size_t size() const { return m_values.size(); }

    Kind kind(Index value) const { return m_values[value].kind; }
    /// Byte of the opcode that made the value.
    std::uint64_t position(Index value) const { return m_base + m_values[value].position; }
    /// Of an Int or Bool.
    std::int64_t integer(Index value) const { return static_cast<std::int64_t>(m_values[value].data); }
    double real(Index value) const { return std::bit_cast<double>(m_values[value].data); }
    /// Of a String or Bytes. Strings are UTF-8 but for lone surrogates; those that Python 2 wrote are any bytes.
    std::string_view text(Index value) const
    {
        return m_text.substr(m_values[value].part(), static_cast<std::uint32_t>(m_values[value].data >> 32));
    }
    /// Items of a Tuple, List or Set; of a Dict key and value in turn; of an Object what SETITEMS put into it.
    std::span<const Index> items(Index value) const
    {
        return m_items[kind(value) == Kind::Object ? object(value).items : m_values[value].part()];
    }
    /// Value of a String key of a Dict or Object (the last one, as in Python); kNone when it is not there.
    Index find(Index dict, std::string_view key) const;
    const Object &object(Index value) const { return m_objects[m_values[value].part()]; }
    Index persistentId(Index value) const { return m_values[value].part(); }
    /// Of a Global: "torch._utils._rebuild_tensor_v2". Modules of Python 2 are given their new names.
    const std::string &globalName(Index value) const { return m_globals[m_values[value].part()]; }
    /// Name of what an Object would have been made with; empty when that is no Global.
    std::string_view callableName(Index value) const;
    /// Names of all globals, each once, in the order in which they were met.
    const std::vector<std::string> &globals() const { return m_globals; }

private:
    friend class Workspace;
    friend class Machine;

    struct Value {
        Kind kind = Kind::None;
        std::uint32_t position = 0;
        std::uint64_t data = 0; ///< number, or index and, above it, length

        std::uint32_t part() const { return static_cast<std::uint32_t>(data); }
    };

    std::string_view m_text;
    std::uint64_t m_base = 0;
    std::uint64_t m_end = 0;
    Index m_root = kNone;
    std::vector<Value> m_values;
    std::vector<std::vector<Index>> m_items; ///< the first one is empty: of objects without items
    std::vector<Object> m_objects;
    std::vector<std::string> m_globals;
};

struct Options {
    /// True for globals whose results take neither items nor a state (tensors, storages).
    bool (*isFixed)(std::string_view global) = nullptr;
    std::uint64_t memory = std::uint64_t{1} << 30; ///< limit in bytes, as counted
    std::uint64_t base = 0;                        ///< what positions count from: offset of the pickle in its file
};

/// Where in a file a pickle begins, and how many bytes it may have.
struct Extent {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// Runs the pickle that begins at a place; more may follow it there. Accepted are the opcodes that state dicts, modules
/// and TorchScript archives of protocols 2 to 5 need (FORMATS.md §3.6.2). Error{Input} with the opcode, its byte, the
/// value and the limit.
Result<Content> parse(const FileImage &file, const Extent &extent, const Options &options, const std::string &where,
                      const TaskContext &context);

} // namespace qs::pickle
