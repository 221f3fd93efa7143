// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// CodedParts: the tensors that one weight of another tool consists of, and what is made of them.
#pragma once

#include "core/model/model.h"
#include "core/quant/code_meanings.h"
#include "core/quant/coded_weight.h"

#include <initializer_list>

namespace qs {

/// What the codes of a tool stand for.
struct CodedPlan {
    std::vector<std::uint64_t> shape;
    std::string typeName; ///< "gptq_int4"
    int bits = 8;
    Mode mode = Mode::Symmetric;
    Granularity granularity = Granularity::channel();
    DType sourceDType = DType::F32; ///< type of the values that the tool forms
    std::shared_ptr<const CodedValues> values = {};
    int channelAxis = 0; ///< output channels
};

/// A companion of the codes by the suffix of its name.
class CodedParts
{
public:
    /// `prefix` is the name of the codes without the suffix of their spelling.
    CodedParts(const Model &model, std::size_t codes, std::string prefix)
        : m_model(model)
        , m_codes(codes)
        , m_prefix(std::move(prefix))
    {}

    const std::string &prefix() const { return m_prefix; }
    const Model &model() const { return m_model; }
    const TensorInfo &codes() const { return m_model.tensors[m_codes]; }
    /// Index of the codes' tensor.
    std::size_t codesIndex() const { return m_codes; }
    std::optional<std::size_t> find(std::string_view suffix) const;
    /// Null when there is none.
    const TensorInfo *info(std::string_view suffix) const;
    /// The first of these that is there; empty when none is.
    std::string_view firstOf(std::initializer_list<std::string_view> suffixes) const;
    TensorPart part(std::size_t tensor) const;

    /// Error{Input} names the companion that is missing or does not fit.
    Result<NumberGrid> grid(std::string_view suffix, Packing packing, std::uint64_t matrices, std::uint64_t rows,
                            std::uint64_t columns) const;
    Result<NumberGrid> codesGrid(Packing packing, std::uint64_t matrices, std::uint64_t rows,
                                 std::uint64_t columns) const;
    /// Text of a metadata key; empty when there is none.
    std::string_view metadata(const std::string &key) const;
    /// A whole number of a metadata key, from 1 on.
    std::optional<std::uint64_t> number(const std::string &key) const;
    /// `count` whole numbers of a small companion, from 0 on.
    Result<std::vector<std::uint64_t>> wholeNumbers(std::string_view suffix, std::uint64_t count) const;
    /// Float values of a small companion.
    Result<std::vector<float>> floats(std::string_view suffix, std::uint64_t count) const;

private:
    const Model &m_model;
    std::size_t m_codes;
    std::string m_prefix;
};

/// Gives the tensor of the codes the type, shape and values of the plan and keeps what the file says; returns the role
/// of the weight, without the op, the tool and the companions.
TensorRole applyPlan(Model &model, std::size_t tensor, CodedPlan plan);
std::unexpected<Error> notUnderstood(Text message);
/// A step with numbers of a companion.
ValueStep stepWith(ValueStep::Op op, CodedNumbers operand, DType rounded = DType::F32);
ValueStep stepWith(ValueStep::Op op, float constant, DType rounded = DType::F32);
/// Plain floats of a companion's type; scales of one byte without a type of their own are powers of two.
Packing scalePacking(const TensorInfo &scales);
/// Weights of each of `count` equal blocks of `length`, the last one perhaps shorter. Blocks of 128 where they fit.
Result<std::uint64_t> blockLength(std::uint64_t length, std::uint64_t count);
/// [N, K] with one scale per `length` weights along K.
Granularity groupsOf(std::uint64_t length, std::uint64_t weights);
/// Type of what is computed with scales of this type.
DType valueType(const TensorInfo &scales);

} // namespace qs
