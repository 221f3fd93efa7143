// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Makes tensors of the calls by which PyTorch would rebuild them (FORMATS.md §3.6.4).
#pragma once

#include "core/base/text.h"
#include "core/formats/torch/arguments.h"
#include "core/formats/torch/state_dict.h"
#include "core/formats/torch/tensors.h"

#include <unordered_map>

namespace qs::torch {

/// Errors are Error{Input} with the tensor, its byte in the pickle, the value and the limit.
class Rebuilder : private Arguments
{
public:
    Rebuilder(const pickle::Content &content, const Storages &storages,
              const std::map<std::string_view, Record> &records, const Parts &parts, Model &model,
              const std::string &where)
        : Arguments(content, where)
        , m_storages(storages)
        , m_records(records)
        , m_parts(parts)
        , m_model(model)
    {}

    /// Sets all of `tensor` but its name: type, shape, strides and place. What has no plain values becomes an
    /// encoding of the model that says why.
    Result<void> rebuild(const NamedTensor &named, TensorInfo &tensor);
    /// Of the tensor that was rebuilt last, or None.
    pickle::Index quantizer() const { return m_quantizer; }

    /// True when the tensor that was rebuilt last shows few stored elements many times over.
    bool isRepeated() const { return m_isRepeated; }

private:
    Result<void> listOnly(TensorInfo &tensor, const char *name, Index sizes, Text reason);
    Result<void> fillStrided(TensorInfo &tensor, std::span<const Index> arguments, std::optional<ElementType> element);
    Result<void> place(TensorInfo &tensor, const Storage &storage, const ElementType &element, std::uint64_t offset);

    const Storages &m_storages;
    const std::map<std::string_view, Record> &m_records;
    const Parts &m_parts;
    Model &m_model;
    Index m_quantizer = pickle::kNone;
    bool m_isRepeated = false;
    std::unordered_map<std::string, const Encoding *> m_reasons;
};

} // namespace qs::torch
