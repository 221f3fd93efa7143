// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What llama.cpp calls the tensors of Hugging Face models, how it wants them, and the keys that it needs.
#pragma once

#include "core/export/formats/gguf/keys.h"
#include "core/model/model.h"
#include "core/parse/json.h"

#include <optional>

namespace qs {

/// How the values of one tensor become those of llama.cpp.
enum class GgufChange : std::uint8_t {
    None,
    HeadRows,   ///< rows of each head [2, d/2] become [d/2, 2]: rotary pairs lie side by side
    Transposed, ///< [in, out] becomes [out, in]
    PlusOne,    ///< norms that count from one
};

/// One tensor of the file.
struct GgufName {
    std::string name;
    GgufChange change = GgufChange::None;
    std::uint64_t heads = 1;   ///< for HeadRows
    bool staysFloat32 = false; ///< whatever type it has
    bool leftOut = false;      ///< it is no part of the file
};

/// One family of models as config.json describes it.
class GgufFamily
{
public:
    /// Error{Work} for families that are not known, and for what config.json says that llama.cpp would not compute.
    static Result<GgufFamily> of(const Model &model);

    /// "llama", as llama.cpp calls it.
    std::string_view architecture() const { return m_architecture; }
    std::uint64_t vocabulary() const { return m_vocabulary; }
    /// Error{Work} for names that it has no place for.
    Result<GgufName> nameOf(std::string_view tensor) const;
    /// The keys that say how to compute; no tokenizer.
    void addKeys(gguf::KeyWriter &keys) const { keys.addAll(m_keys.bytes(), m_keys.count()); }
    const json::Value &config() const { return m_config; }

private:
    Result<void> addNumbers();
    Result<void> addRotary();
    Result<std::uint64_t> number(std::initializer_list<std::string_view> names) const;
    std::optional<double> real(const json::Value &object, std::string_view name) const;
    void add(std::string_view key, std::uint64_t value);
    std::string key(std::string_view end) const;

    json::Value m_config;
    std::string_view m_type; ///< a literal of the table
    std::string_view m_architecture;
    bool m_tied = false;
    std::uint64_t m_heads = 1;
    std::uint64_t m_keyHeads = 1;
    std::uint64_t m_headSize = 1;
    std::uint64_t m_vocabulary = 0;
    gguf::KeyWriter m_keys;
};

} // namespace qs
